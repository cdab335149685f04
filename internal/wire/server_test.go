package wire

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What a response looks like on the wire.
func TestResponse(t *testing.T) {
	text := func(s string) io.Reader { return strings.NewReader(s) }
	tests := []struct {
		name, request string
		res           Response
		want          string
		cut           bool // less than announced: the connection ends without notice
	}{
		{"length", "GET / HTTP/1.1\r\n", Response{Status: 200, Fields: Fields{{"b", "1"}, {"A", ""}, {"b", "2"}}, Body: text("hello"), Length: 5},
			"HTTP/1.1 200 OK\r\nb: 1\r\nA: \r\nb: 2\r\nContent-Length: 5\r\n\r\nhello", false},
		{"own reason", "GET / HTTP/1.1\r\n", Response{Status: 299, Reason: "So so"}, "HTTP/1.1 299 So so\r\nContent-Length: 0\r\n\r\n", false},
		{"unknown reason", "GET / HTTP/1.1\r\n", Response{Status: 299}, "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n", false},
		{"chunked", "GET / HTTP/1.1\r\n", Response{Status: 200, Body: io.MultiReader(text("hello"), text("0123456789abcdef")), Length: -1},
			ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n", false},
		{"chunked and empty", "GET / HTTP/1.1\r\n", Response{Status: 200, Length: -1}, ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", false},
		{"HTTP/1.0", "GET / HTTP/1.0\r\n", Response{Status: 200, Body: text("hi"), Length: 2}, ok + "Content-Length: 2\r\nConnection: close\r\n\r\nhi", false},
		{"HTTP/1.0 without length", "GET / HTTP/1.0\r\n", Response{Status: 200, Body: text("hi"), Length: -1}, ok + "Connection: close\r\n\r\nhi", false},
		{"head", "HEAD / HTTP/1.1\r\n", Response{Status: 200, Body: text("never"), Length: 5}, ok + "Content-Length: 5\r\n\r\n", false},
		{"head without a body", "HEAD / HTTP/1.1\r\n", Response{Status: 404, Length: 77}, "HTTP/1.1 404 Not Found\r\nContent-Length: 77\r\n\r\n", false},
		{"head chunked", "HEAD / HTTP/1.1\r\n", Response{Status: 200, Length: -1}, ok + "Transfer-Encoding: chunked\r\n\r\n", false},
		{"204", "DELETE / HTTP/1.1\r\n", Response{Status: 204, Body: text("never"), Length: 5}, "HTTP/1.1 204 No Content\r\n\r\n", false},
		{"304", "GET / HTTP/1.1\r\n", Response{Status: 304, Fields: Fields{{"ETag", "x"}}, Length: 9}, "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", false},
		{"longer than it says", "GET / HTTP/1.1\r\n", Response{Status: 200, Body: text("hello"), Length: 2}, ok + "Content-Length: 2\r\n\r\nhe", false},
		{"shorter than it says", "GET / HTTP/1.1\r\n", Response{Status: 200, Body: text("hello"), Length: 7}, ok + "Content-Length: 7\r\n\r\nhello", true},
		{"length without a body", "GET / HTTP/1.1\r\n", Response{Status: 200, Length: 7}, ok + "Content-Length: 7\r\n\r\n", true},
		{"body that breaks", "GET / HTTP/1.1\r\n", Response{Status: 200, Body: io.MultiReader(text("he"), errReader{io.ErrNoProgress}), Length: 5}, ok + "Content-Length: 5\r\n\r\nhe", true},
		{"own framing", "GET / HTTP/1.1\r\n", Response{Status: 200, Fields: Fields{{"content-length", "4"}}, Body: text("hi"), Length: 2},
			ok + "content-length: 4\r\nConnection: close\r\n\r\nhi", false},
		{"close", "GET / HTTP/1.1\r\n", Response{Status: 200, Close: true}, ok + "Content-Length: 0\r\nConnection: close\r\n\r\n", false},
		{"own close", "GET / HTTP/1.1\r\n", Response{Status: 200, Fields: Fields{{"Connection", "Close"}}}, ok + "Connection: Close\r\nContent-Length: 0\r\n\r\n", false},
		{"client closes", "GET / HTTP/1.1\r\nConnection: close\r\n", Response{Status: 200}, ok + "Content-Length: 0\r\nConnection: close\r\n\r\n", false},
		{"line ends in values", "GET / HTTP/1.1\r\n", Response{Status: 200, Reason: "a\nb", Fields: Fields{{"X\r\n", "a\r\nSet-Cookie: b\x00"}}},
			"HTTP/1.1 200 a b\r\nX  : a  Set-Cookie: b \r\nContent-Length: 0\r\n\r\n", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			next := make(chan bool, 1)
			addr := serve(t, &Server{Handler: func(_ context.Context, in *Inbound) *Response {
				if in.Target == "/next" {
					next <- true
					return nil
				}
				return &tt.res
			}})
			got := talk(t, addr, tt.request+host+"\r\nGET /next HTTP/1.1\r\n"+host+"\r\n")
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			kept := !strings.Contains(strings.ToLower(tt.want), "connection: close") && !tt.cut
			if more := len(next) > 0; more != kept {
				t.Errorf("next request read %v, want %v", more, kept)
			}
		})
	}
}

func TestResponseBodyClosed(t *testing.T) {
	closed := make(chan struct{}, 9)
	body := closer{strings.NewReader("hello"), func() { closed <- struct{}{} }}
	addr := serve(t, &Server{Handler: func(context.Context, *Inbound) *Response {
		return &Response{Status: 200, Body: body, Length: 5, Close: true}
	}})
	for _, method := range []string{"GET", "HEAD"} {
		talk(t, addr, method+" / HTTP/1.1\r\n"+host+"\r\n")
		if n := len(closed); n != 1 {
			t.Errorf("%s: closed %d times, want once", method, n)
		}
		<-closed
	}
}

// sized answers with what it got of a body after reading n bytes of it.
func sized(n int64) func(context.Context, *Inbound) *Response {
	return func(_ context.Context, in *Inbound) *Response {
		got, err := io.CopyN(io.Discard, in.Body, n)
		s := fmt.Sprintf("%s %d %d %v", in.Target, in.Length, got, err)
		return &Response{Status: 200, Body: strings.NewReader(s), Length: int64(len(s))}
	}
}

// A body that the handler leaves is read away where that is cheap, and ends
// the connection, with notice, where it is not.
func TestUnreadBody(t *testing.T) {
	chunks := func(n int) string {
		return fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", n, strings.Repeat("x", n))
	}
	plain := func(n int) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", n, strings.Repeat("x", n)) }
	tests := []struct {
		name, framing string
		read          int64
		kept          bool
	}{
		{"read", plain(100), 100, true},
		{"unread", plain(1000), 0, true},
		{"partly read", plain(1000), 999, true},
		{"at the bound", plain(1024), 0, true},
		{"over the bound", plain(1025), 0, false},
		{"over the bound, partly read", plain(1025), 1, true},
		{"chunks read but for the end", chunks(100), 100, true},
		{"chunks unread", chunks(100), 0, true},
		{"chunks over the bound", chunks(100_000), 0, false},
		{"chunks malformed", "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 0, false},
		{"expecting", "Expect: 100-continue\r\n" + plain(10), 0, false},
		{"expecting, nothing", "Expect: 100-continue\r\n" + plain(0), 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr := serve(t, &Server{Drain: 1024, Handler: sized(tt.read)})
			got := talk(t, addr, "PUT /first HTTP/1.1\r\n"+host+tt.framing+"GET /next HTTP/1.1\r\n"+host+"Connection: close\r\n\r\n")
			first, _, _ := strings.Cut(got, "\r\n\r\n")
			if kept := strings.Contains(got, "/next"); kept != tt.kept || kept == strings.Contains(first, "Connection: close") {
				t.Errorf("kept %v, want %v: %q", kept, tt.kept, got)
			}
		})
	}
}

func TestContinue(t *testing.T) {
	addr := serve(t, &Server{Handler: sized(5)})
	tr := new(Transport)
	defer tr.CloseIdle()
	r := put("hello")
	r.Fields.Add("Expect", "100-continue")
	reply, err := tr.Do(t.Context(), addr, r, false)
	if err != nil || !slices.Equal(reply.Interim, []int{100}) || string(reply.Body) != "/k 5 5 <nil>" {
		t.Errorf("got %+v, %v", reply, err)
	}
}

// No 100 after, or instead of, an answer that did not need the body.
func TestNoContinue(t *testing.T) {
	for name, fields := range map[string]string{
		"unread":   "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
		"no body":  "Expect: 100-continue\r\nContent-Length: 0\r\n\r\n",
		"hostile":  "Expect: 100-continue\r\nContent-Length: five\r\n\r\n",
		"streamed": "Expect: 100-continue\r\nContent-Length: 5\r\nX-Stream: 1\r\n\r\n",
	} {
		addr := serve(t, &Server{Handler: func(_ context.Context, in *Inbound) *Response {
			res := &Response{Status: 403, Close: true}
			if in.Fields.Has("X-Stream") {
				res.Body, res.Length = in.Body, 5 // against the contract
			}
			return res
		}})
		if got := talk(t, addr, "PUT / HTTP/1.1\r\n"+host+fields); strings.Contains(got, "100 Continue") || !strings.HasPrefix(got, "HTTP/1.1 403 ") {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestRequestTrailers(t *testing.T) {
	addr := serve(t, &Server{Handler: func(_ context.Context, in *Inbound) *Response {
		before := len(in.Trailers())
		io.Copy(io.Discard, in.Body)
		return &Response{Status: 200 + before, Fields: in.Trailers(), Close: true}
	}})
	got := talk(t, addr, "PUT / HTTP/1.1\r\n"+host+"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n")
	if !strings.HasPrefix(got, ok+"X-Sum: 7\r\n") {
		t.Errorf("got %q", got)
	}
}

func TestPipelining(t *testing.T) {
	addr := serve(t, &Server{Handler: sized(100)})
	got := talk(t, addr, "\r\nPUT /1 HTTP/1.1\r\n"+host+"Content-Length: 3\r\n\r\nabc\r\nGET /2 HTTP/1.1\r\n"+host+"\r\nGET /3 HTTP/1.0\r\n\r\n")
	if !strings.Contains(got, "/1 3 3") || !strings.Contains(got, "/2 0 0") || !strings.HasSuffix(got, "/3 0 0 EOF") {
		t.Errorf("got %q", got)
	}
}

func TestPanic(t *testing.T) {
	caught := make(chan any, 2)
	addr := serve(t, &Server{
		Panic: func(v any) { caught <- v },
		Handler: func(_ context.Context, in *Inbound) *Response {
			if in.Target == "/body" {
				return &Response{Status: 200, Body: panicReader{}, Length: 1}
			}
			panic("handler")
		},
	})
	for target, want := range map[string]string{"/": "handler", "/body": "body"} {
		if got := talk(t, addr, "GET "+target+" HTTP/1.1\r\n"+host+"\r\n"); got != "" {
			t.Errorf("%s: got %q, want the end of the connection", target, got)
		}
		if v := <-caught; v != want {
			t.Errorf("%s: reported %v, want %s", target, v, want)
		}
	}
}

type panicReader struct{}

func (panicReader) Read([]byte) (int, error) { panic("body") }

// bubble starts a server on pipes in fake time.
func bubble(t *testing.T, s *Server) *pipes {
	p := newPipes()
	serveOn(t, s, p)
	return p
}

// Whoever is slow is cut off at the bound of what he is slow in.
func TestSlowClients(t *testing.T) {
	full := "GET / HTTP/1.1\r\n" + host + "\r\n"
	put := "PUT / HTTP/1.1\r\n" + host + "Content-Length: 100\r\n\r\n"
	tests := []struct {
		name, send string
		drip       time.Duration // then one byte at a time
		cut        time.Duration
	}{
		{"says nothing", "", 0, 7 * time.Second},
		{"stops in the head", "GET / HT", 0, 7 * time.Second},
		{"drips the head", "GET / HTTP/1.1\r\nA: ", time.Second, 7 * time.Second},
		{"stays after a reply", full, 0, 20 * time.Second},
		{"drips the next head", full + "GET / HTTP/1.1\r\nA: ", time.Second, 7 * time.Second},
		{"stops in the body", put + "half", 0, 3 * time.Second},
		{"stops in a chunk", "PUT / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n9\r\nhalf", 0, 3 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &Server{HeadTimeout: 7 * time.Second, BodyTimeout: 3 * time.Second, IdleTimeout: 20 * time.Second, Handler: echo}
				c, err := bubble(t, s).dial(t.Context(), "", "")
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				cut := make(chan time.Duration, 1)
				go func() {
					io.Copy(io.Discard, c)
					cut <- time.Since(start)
				}()
				io.WriteString(c, tt.send)
				for tt.drip > 0 {
					wait(tt.drip)
					if _, err := io.WriteString(c, "x"); err != nil {
						break
					}
				}
				if took := <-cut; took != tt.cut {
					t.Errorf("cut off after %v, want %v", took, tt.cut)
				}
				c.Close()
			})
		})
	}
}

func TestSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := make(chan time.Time, 1)
		s := &Server{SendTimeout: 4 * time.Second, Handler: func(context.Context, *Inbound) *Response {
			return &Response{Status: 200, Body: closer{new(endless), func() { done <- time.Now() }}, Length: 1 << 40}
		}}
		c, err := bubble(t, s).dial(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		start := time.Now()
		io.WriteString(c, "GET / HTTP/1.1\r\n"+host+"\r\n")
		if took := (<-done).Sub(start); took != 4*time.Second {
			t.Errorf("given up after %v, want 4s", took)
		}
	})
}

type closer struct {
	io.Reader
	f func()
}

func (c closer) Close() error { c.f(); return nil }

func TestConnsBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := bubble(t, &Server{Conns: 1, IdleTimeout: time.Minute, Handler: echo})
		tr := &Transport{DialFunc: p.dial}
		defer tr.CloseIdle()
		start := time.Now()
		for i, want := range []time.Duration{0, time.Minute} {
			// The second connection waits until the server drops the idle first.
			if _, err := tr.Do(t.Context(), itoa(i), get("/"), false); err != nil || time.Since(start) != want {
				t.Errorf("request %d: %v after %v, want %v", i, err, time.Since(start), want)
			}
		}
	})
}

func TestCloseEndsAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		s := &Server{Handler: func(ctx context.Context, in *Inbound) *Response {
			<-ctx.Done()
			ended <- ctx.Err()
			return &Response{Status: 200}
		}}
		c, err := bubble(t, s).dial(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, "GET / HTTP/1.1\r\n"+host+"\r\n")
		synctest.Wait()
		s.Close()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the handler's context ended with %v", err)
		}
		if b, err := io.ReadAll(c); len(b) > 0 {
			t.Errorf("got %q, %v after Close", b, err)
		}
		if err := s.Serve(newPipes()); err != ErrClosed {
			t.Errorf("Serve after Close returned %v", err)
		}
	})
}

func TestShutdown(t *testing.T) {
	for name, patience := range map[string]time.Duration{"finishes": time.Minute, "gives up": time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &Server{Handler: func(ctx context.Context, in *Inbound) *Response {
					if in.Target == "/slow" {
						select {
						case <-ctx.Done():
						case <-time.After(30 * time.Second):
						}
					}
					return &Response{Status: 204}
				}}
				p := bubble(t, s)
				tr := &Transport{DialFunc: p.dial}
				defer tr.CloseIdle()
				if _, err := tr.Do(t.Context(), "idle", get("/"), false); err != nil {
					t.Fatal(err)
				}
				slow := make(chan error, 1)
				go func() {
					_, err := tr.Do(t.Context(), "busy", get("/slow"), false)
					slow <- err
				}()
				synctest.Wait()
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				start := time.Now()
				err := s.Shutdown(ctx)
				want := min(patience, 30*time.Second)
				if finished := patience > want; (err == nil) != finished || ((<-slow) == nil) != finished || time.Since(start) != want {
					t.Errorf("got %v after %v", err, time.Since(start))
				}
			})
		})
	}
}

func TestServeError(t *testing.T) {
	cause := errors.New("listener broke")
	if err := new(Server).Serve(brokenListener{cause}); !errors.Is(err, cause) {
		t.Errorf("got %v, want %v", err, cause)
	}
}

type brokenListener struct{ err error }

func (b brokenListener) Accept() (net.Conn, error) { return nil, b.err }
func (b brokenListener) Close() error              { return nil }
func (b brokenListener) Addr() net.Addr            { return pipeAddr{} }

// What a client sees of a server that refuses an upload and stops reading: the
// refusal, whole, however much is still on its way.
func TestRefusalArrives(t *testing.T) {
	addr := serve(t, &Server{Linger: 5 * time.Second, Handler: func(context.Context, *Inbound) *Response {
		return &Response{Status: 413, Body: strings.NewReader("too much"), Length: 8}
	}})
	tr := new(Transport)
	defer tr.CloseIdle()
	for range 20 {
		r := &Request{Method: "PUT", Target: "/", Fields: Fields{{"Host", "h"}, {"Content-Length", "1099511627776"}}, Body: bufio.NewReader(new(endless))}
		reply, err := tr.Do(t.Context(), addr, r, false)
		if err != nil || reply.Status != 413 || string(reply.Body) != "too much" {
			t.Fatalf("got %+v, %v", reply, err)
		}
	}
}
