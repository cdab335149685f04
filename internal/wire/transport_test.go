package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

const empty200 = ok + "Content-Length: 0\r\n\r\n"

// peers answers the n-th connection with the n-th function.
func peers(t *testing.T, peer ...func(c net.Conn, br *bufio.Reader)) (tr *Transport, dials *int) {
	n := 0
	tr = &Transport{DialFunc: func(context.Context, string, string) (net.Conn, error) {
		if n++; n > len(peer) {
			return nil, errors.New("no further connection was expected")
		}
		client, server := net.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			defer server.Close()
			peer[n-1](server, bufio.NewReader(server))
		}()
		t.Cleanup(func() { client.Close(); <-done })
		return client, nil
	}}
	return tr, &n
}

// answering replies to every request, reading a body of the given size.
func answering(size int64) func(net.Conn, *bufio.Reader) {
	return func(c net.Conn, br *bufio.Reader) {
		for readRawHead(br) != "" {
			io.CopyN(io.Discard, br, size)
			io.WriteString(c, empty200)
		}
	}
}

func TestKeepAlive(t *testing.T) {
	tr, dials := peers(t, answering(0), answering(0), answering(0))
	for i, step := range []struct {
		addr  string
		fresh bool
		dials int
	}{{"a:1", false, 1}, {"a:1", false, 1}, {"a:1", true, 2}, {"a:1", false, 2}, {"b:1", false, 3}, {"a:1", false, 3}} {
		if _, err := tr.Do(t.Context(), step.addr, get("/"), step.fresh); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if *dials != step.dials {
			t.Errorf("step %d: %d connections, want %d", i, *dials, step.dials)
		}
	}
}

func TestIdleBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, dials := peers(t, answering(0), answering(0), answering(0))
		tr.IdleTimeout = time.Minute
		do := func(want int) {
			t.Helper()
			if _, err := tr.Do(t.Context(), "a:1", get("/"), false); err != nil || *dials != want {
				t.Errorf("%d connections and %v, want %d", *dials, err, want)
			}
		}
		do(1)
		wait(59 * time.Second)
		do(1)
		wait(time.Minute)
		do(2)
		tr.IdleMax = -1
		do(2)
		do(3)
	})
}

// A bound connection serves its context again and again, another one after it, and
// is lost with it, unless it was released before.
func TestBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, dials := peers(t, answering(0), answering(0))
		do := func(ctx context.Context, l Limits, want int) {
			t.Helper()
			if _, err := tr.Exchange(ctx, "a:1", get("/"), l); err != nil || *dials != want {
				t.Errorf("%d connections and %v, want %d", *dials, err, want)
			}
		}
		bound := Limits{Bound: true, Timeout: time.Minute}
		run := func(end func(), want int) {
			t.Helper()
			ctx, cancel := context.WithCancel(t.Context())
			for range 3 {
				do(ctx, bound, want)
				wait(20 * time.Second)
			}
			end()
			cancel()
			synctest.Wait()
		}
		run(tr.Release, 1)
		do(t.Context(), Limits{}, 1)
		run(func() {}, 1)
		run(tr.Release, 2)
		run(func() {}, 2)
	})
}

// A bound connection does not wait longer than an eighth over its time, however
// many exchanges have gone before.
func TestBoundTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := scripted(t, func(peer net.Conn, br *bufio.Reader) {
			for range 10 {
				readRawHead(br)
				io.WriteString(peer, empty200)
			}
			io.Copy(io.Discard, br)
		})
		l := Limits{Bound: true, Timeout: 8 * time.Second}
		for range 10 {
			if _, err := c.Do(t.Context(), get("/"), l); err != nil {
				t.Fatal(err)
			}
			wait(700 * time.Millisecond)
		}
		start := time.Now()
		_, err := c.Do(t.Context(), get("/"), l)
		var te *TransportError
		if took := time.Since(start); !errors.As(err, &te) || !te.Timeout() || took < 8*time.Second || took > 9*time.Second {
			t.Errorf("%v after %v, want a timeout after 8 to 9 s", err, took)
		}
	})
}

// wait lets fake time pass.
func wait(d time.Duration) { <-time.After(d) }

// What a server says unasked must not become the answer to the next request.
func TestDesync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, dials := peers(t, func(c net.Conn, br *bufio.Reader) {
			readRawHead(br)
			io.WriteString(c, empty200)
			io.WriteString(c, "HTTP/1.1 500 Surprise\r\nContent-Length: 0\r\n\r\n")
			io.Copy(io.Discard, br)
		}, answering(0))
		for want := 1; want <= 2; want++ {
			reply, err := tr.Do(t.Context(), "a:1", get("/"), false)
			if err != nil || reply.Status != 200 || *dials != want {
				t.Fatalf("request %d: got %+v, %v on %d connections", want, reply, err, *dials)
			}
		}
	})
}

func TestRetry(t *testing.T) {
	// served answers one request and treats the second as then says.
	served := func(then func(c net.Conn)) func(net.Conn, *bufio.Reader) {
		return func(c net.Conn, br *bufio.Reader) {
			for _, act := range []func(net.Conn){func(c net.Conn) { io.WriteString(c, empty200) }, then} {
				readRawHead(br)
				io.CopyN(io.Discard, br, 5)
				act(c)
			}
		}
	}
	gone := func(net.Conn) {}
	half := func(c net.Conn) { io.WriteString(c, "HTT") }
	again := func() io.Reader { return strings.NewReader("hello") }
	tests := []struct {
		name   string
		method string
		bound  bool
		then   func(net.Conn)
		body   func() io.Reader
		dials  int
		phase  Phase
	}{
		{"body that can be sent again", "PUT", false, gone, again, 2, ""},
		{"body that cannot", "PUT", false, gone, func() io.Reader { return io.MultiReader(strings.NewReader("hello")) }, 1, Read},
		{"part of a reply", "PUT", false, half, again, 1, Parse},
		{"method that may not be repeated", "POST", false, gone, again, 1, Read},
		{"load", "PUT", true, gone, again, 1, Read},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr, dials := peers(t, served(tt.then), answering(5))
			var err error
			for range 2 {
				r := put("hello")
				r.Method, r.Body = tt.method, tt.body()
				if err != nil {
					t.Fatal(err)
				}
				_, err = tr.Exchange(t.Context(), "a:1", r, Limits{Bound: tt.bound})
			}
			var te *TransportError
			errors.As(err, &te)
			if *dials != tt.dials || tt.phase == "" && err != nil || tt.phase != "" && (te == nil || te.Phase != tt.phase) {
				t.Errorf("%d connections and %v, want %d and phase %q", *dials, err, tt.dials, tt.phase)
			}
		})
	}
}

// A request is written twice at most, however many kept connections are closed.
func TestTwiceAtMost(t *testing.T) {
	sent := make(chan string, 10)
	tell := func(c net.Conn, br *bufio.Reader) {
		readRawHead(br)
		io.WriteString(c, empty200)
		sent <- readRawHead(br)
	}
	tr, dials := peers(t, tell, tell, tell, func(_ net.Conn, br *bufio.Reader) { sent <- readRawHead(br) })
	var held []*Conn
	for range 3 {
		c, err := tr.dial(t.Context(), "a:1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Do(t.Context(), get("/first"), Limits{}); err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
	}
	for _, c := range held {
		tr.put("a:1", c)
	}
	_, err := tr.Do(t.Context(), "a:1", get("/second"), false)
	if err == nil || *dials != 4 || len(sent) != 2 {
		t.Errorf("written %d times, %d connections, %v; want twice, the second time on a new one, and an error", len(sent), *dials, err)
	}
	tr.CloseIdle()
}

// The first exchange of a connection is never repeated.
func TestNoRetry(t *testing.T) {
	for _, fresh := range []bool{false, true} {
		tr, dials := peers(t, func(_ net.Conn, br *bufio.Reader) { readRawHead(br) }, answering(0))
		_, err := tr.Do(t.Context(), "a:1", get("/"), fresh)
		var te *TransportError
		if !errors.As(err, &te) || te.Phase != Read || *dials != 1 {
			t.Errorf("fresh %v: got %v on %d connections, want a read error on one", fresh, err, *dials)
		}
	}
}

func TestDialError(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	_, err = (&Transport{Connect: addr}).Do(t.Context(), "https://elsewhere.invalid", get("/"), false)
	var te *TransportError
	if !errors.As(err, &te) || te.Phase != Dial || te.Addr != addr || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("got %v, want phase dial, refused, at %s", err, addr)
	}
}

func TestTLS(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Host+" "+r.TLS.ServerName)
	}))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	addr := strings.TrimPrefix(srv.URL, "https://")
	tr := &Transport{Connect: addr, TLS: srv.Client().Transport.(*http.Transport).TLSClientConfig}
	defer tr.CloseIdle()
	for range 3 {
		r := &Request{Method: "GET", Target: "/", Fields: Fields{{"Host", "bucket.example.com"}}}
		reply, err := tr.Do(t.Context(), "https://example.com", r, false)
		if err != nil || string(reply.Body) != "bucket.example.com example.com" {
			t.Fatalf("got %+v, %v", reply, err)
		}
		if len(tr.idle["https://example.com"]) != 1 {
			t.Error("the TLS connection was not kept")
		}
	}
	if n := tr.idle["https://example.com"][0]; !n.Reusable() {
		t.Error("a quiet TLS connection is not reusable")
	}
	_, err := (&Transport{Connect: addr}).Do(t.Context(), "https://example.com", get("/"), true)
	var te *TransportError
	var unknown *tls.CertificateVerificationError
	if !errors.As(err, &te) || te.Phase != Dial || !errors.As(err, &unknown) {
		t.Errorf("unknown authority: got %v", err)
	}
}

// Our own server behind TLS, too.
func TestServerTLS(t *testing.T) {
	srv := httptest.NewUnstartedServer(nil)
	srv.StartTLS()
	srv.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Handler: func(_ context.Context, in *Inbound) *Response {
		if !in.TLS {
			return &Response{Status: 500, Close: true}
		}
		return &Response{Status: 204}
	}}
	serveOn(t, s, tls.NewListener(l, srv.TLS))
	tr := &Transport{TLS: srv.Client().Transport.(*http.Transport).TLSClientConfig}
	defer tr.CloseIdle()
	for range 2 {
		reply, err := tr.Do(t.Context(), "https://"+l.Addr().String(), get("/"), false)
		if err != nil || reply.Status != 204 {
			t.Errorf("got %+v, %v", reply, err)
		}
	}
}

func TestSplitOrigin(t *testing.T) {
	tests := []struct {
		addr, want string
		secure     bool
	}{
		{"h:1", "h:1", false},
		{"http://h", "h:80", false},
		{"https://h", "h:443", true},
		{"HTTPS://h:9/x", "h:9", true},
		{"https://[::1]", "[::1]:443", true},
		{"http://[::1]:8", "[::1]:8", false},
	}
	for _, tt := range tests {
		if got, secure := splitOrigin(tt.addr); got != tt.want || secure != tt.secure {
			t.Errorf("%s: got %s, %v, want %s, %v", tt.addr, got, secure, tt.want, tt.secure)
		}
	}
}
