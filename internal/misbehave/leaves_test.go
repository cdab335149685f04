package misbehave

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"

	"objectharness/internal/wire"
)

// Only an upload that is refused for want of a length has its body answered, on a
// connection that stays open.
func TestLeavesBodies(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	lengths := &wire.Server{Handler: func(_ context.Context, in *wire.Inbound) *wire.Response {
		r := &wire.Response{Status: 200}
		if in.Method == "PUT" && !in.Fields.Has("Content-Length") {
			r.Status, r.Fields = 411, wire.Fields{{Name: "Connection", Value: "close"}}
		}
		return r
	}}
	go lengths.Serve(l)
	defer lengths.Close()
	addr, stop, err := Start("leaves-bodies", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	for request, want := range map[string][]string{
		"PUT /k HTTP/1.1\r\nHost: h\r\n\r\n":                      {"HTTP/1.1 411", "HTTP/1.1 400"},
		"PUT /k HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n": {"HTTP/1.1 200"},
		"GET /k HTTP/1.1\r\nHost: h\r\n\r\n":                      {"HTTP/1.1 200"},
	} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, request)
		conn.(*net.TCPConn).CloseWrite()
		got, err := io.ReadAll(conn)
		conn.Close()
		if text := string(got); err != nil || strings.Count(text, "HTTP/1.1") != len(want) || strings.Contains(text, "Connection: close") {
			t.Errorf("%q: got %q, %v; want %q", request, text, err, want)
		}
		for _, start := range want {
			if !strings.Contains(string(got), start) {
				t.Errorf("%q: got %q, want %q", request, got, start)
			}
		}
	}
}
