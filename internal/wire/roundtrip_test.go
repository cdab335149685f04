package wire

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
)

// serve starts a server on a loopback port for the length of a test.
func serve(t testing.TB, s *Server) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	t.Cleanup(func() {
		s.Close()
		if err := <-ended; err != ErrClosed {
			t.Errorf("Serve returned %v, want ErrClosed", err)
		}
	})
	return l.Addr().String()
}

// echo answers a request with its own body.
func echo(_ context.Context, in *Inbound) *Response {
	b, err := io.ReadAll(in.Body)
	if err != nil {
		return &Response{Status: 400}
	}
	return &Response{Status: 200, Fields: Fields{{"X-Method", in.Method}, {"X-Target", in.Target}}, Body: strings.NewReader(string(b)), Length: int64(len(b))}
}

func TestRoundTrip(t *testing.T) {
	addr := serve(t, &Server{Handler: echo})
	tr := new(Transport)
	defer tr.CloseIdle()
	big := strings.Repeat("0123456789abcdef", 1<<16)
	for _, body := range []string{"", "hello", big} {
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
