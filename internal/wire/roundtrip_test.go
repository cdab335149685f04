package wire

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	addr := serve(t, &Server{Handler: echo})
	tr := new(Transport)
	defer tr.CloseIdle()
	for _, body := range []string{"", "hello", strings.Repeat("0123456789abcdef", 1<<16)} {
		for _, framing := range []Framing{Plain, Chunked} {
			r := &Request{Method: "PUT", Target: "/b/k?x", Fields: Fields{{"Host", addr}}, Body: strings.NewReader(body), Framing: framing}
			if framing == Chunked {
				r.Fields.Add("Transfer-Encoding", "chunked")
			} else {
				r.Fields.Add("Content-Length", itoa(len(body)))
			}
			reply, err := tr.Do(t.Context(), addr, r, false)
			if err != nil {
				t.Fatalf("%d bytes, framing %d: %v", len(body), framing, err)
			}
			if reply.Status != 200 || string(reply.Body) != body || reply.Fields.Get("X-Target") != "/b/k?x" {
				t.Errorf("%d bytes, framing %d: got status %d, %d bytes, fields %v", len(body), framing, reply.Status, len(reply.Body), reply.Fields)
			}
			if len(tr.idle[addr]) != 1 {
				t.Errorf("%d bytes, framing %d: %d idle connections, want 1", len(body), framing, len(tr.idle[addr]))
			}
		}
	}
}

// Many at a time: every caller gets the answer to its own request, and no more
// connections stay than allowed.
func TestRoundTripsAtOnce(t *testing.T) {
	addr := serve(t, &Server{Handler: echo})
	tr := &Transport{IdleMax: 3}
	defer tr.CloseIdle()
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for n := range 20 {
				want := strings.Repeat(fmt.Sprintf("%d.%d ", i, n), 1+n*n*20)
				reply, err := tr.Do(t.Context(), addr, put(want), n%7 == 6)
				if err != nil || string(reply.Body) != want {
					t.Errorf("caller %d, request %d: %v", i, n, err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(tr.idle[addr]); n < 1 || n > 3 {
		t.Errorf("%d idle connections, want 1 to 3", n)
	}
}
