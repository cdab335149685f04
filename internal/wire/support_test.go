package wire

import (
	"bufio"
	"context"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
)

func itoa(n int) string { return strconv.Itoa(n) }

// serve starts a server on a loopback port for the length of a test.
func serve(t testing.TB, s *Server) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveOn(t, s, l)
	return l.Addr().String()
}

func serveOn(t testing.TB, s *Server, l net.Listener) {
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	t.Cleanup(func() {
		s.Close()
		if err := <-ended; err != ErrClosed {
			t.Errorf("Serve returned %v, want ErrClosed", err)
		}
	})
}

// A pipes is a network of net.Pipe connections, for bubbles of fake time.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipes() *pipes {
	return &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

// echo answers a request with its own body.
func echo(_ context.Context, in *Inbound) *Response {
	b, err := io.ReadAll(in.Body)
	if err != nil || in.Bad != nil {
		return &Response{Status: 400}
	}
	return &Response{Status: 200, Fields: Fields{{"X-Method", in.Method}, {"X-Target", in.Target}}, Body: strings.NewReader(string(b)), Length: int64(len(b))}
}

// readRawHead reads a request's head as a scripted server.
func readRawHead(br *bufio.Reader) string {
	var head strings.Builder
	for {
		line, err := br.ReadString('\n')
		head.WriteString(line)
		if err != nil || line == "\r\n" {
			return head.String()
		}
	}
}

// scripted is a client connection whose other side runs peer.
func scripted(t *testing.T, peer func(c net.Conn, br *bufio.Reader)) *Conn {
	t.Helper()
	client, server := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer server.Close()
		peer(server, bufio.NewReader(server))
	}()
	c := NewConn(client, "scripted")
	t.Cleanup(func() {
		c.Close()
		<-done
	})
	return c
}

func get(target string) *Request {
	return &Request{Method: "GET", Target: target, Fields: Fields{{"Host", "h"}}}
}

func put(body string) *Request {
	return &Request{Method: "PUT", Target: "/k", Fields: Fields{{"Host", "h"}, {"Content-Length", itoa(len(body))}},
		Body: strings.NewReader(body), Length: int64(len(body))}
}

// An endless body never ends; counted tells how often it was read.
type endless struct{ reads int }

func (e *endless) Read(p []byte) (int, error) {
	e.reads++
	return len(p), nil
}
