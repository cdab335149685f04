package wire

import (
	"strings"
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
