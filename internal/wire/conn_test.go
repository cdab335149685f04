package wire

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRequestBytes(t *testing.T) {
	odd := Fields{{"hOsT", "h"}, {"X-B", ""}, {"x-a", "1"}, {"X-A", "2"}, {"Content-Length", "-3"}, {" bad name", "\x01"}}
	tests := []struct {
		name string
		r    Request
		want string
	}{
		{"fields as given", Request{Method: "get", Target: "//a/../%zz?q#f", Fields: odd},
			"get //a/../%zz?q#f HTTP/1.1\r\nhOsT: h\r\nX-B: \r\nx-a: 1\r\nX-A: 2\r\nContent-Length: -3\r\n bad name: \x01\r\n\r\n"},
		{"no field", Request{Method: "GET", Target: "http://h/p"}, "GET http://h/p HTTP/1.1\r\n\r\n"},
		{"plain body", Request{Method: "PUT", Target: "/", Body: strings.NewReader("abc")}, "PUT / HTTP/1.1\r\n\r\nabc"},
		{"plain body from a stream", Request{Method: "PUT", Target: "/", Body: io.MultiReader(strings.NewReader("abc"))}, "PUT / HTTP/1.1\r\n\r\nabc"},
		{"chunked body", Request{Method: "PUT", Target: "/", Framing: Chunked, Body: io.MultiReader(strings.NewReader("abc"), strings.NewReader("0123456789abcdef"))},
			"PUT / HTTP/1.1\r\n\r\n3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n"},
		{"empty chunked body", Request{Method: "PUT", Target: "/", Framing: Chunked, Body: strings.NewReader("")}, "PUT / HTTP/1.1\r\n\r\n0\r\n\r\n"},
		{"head only", Request{Method: "PUT", Target: "/", Framing: HeadOnly, Body: strings.NewReader("abc"), Fields: Fields{{"Content-Length", "9"}}},
			"PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\n"},
		{"long head", Request{Method: "GET", Target: "/" + strings.Repeat("x", 100_000)}, "GET /" + strings.Repeat("x", 100_000) + " HTTP/1.1\r\n\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sent := make(chan string, 1)
			c := scripted(t, func(peer net.Conn, br *bufio.Reader) {
				var got bytes.Buffer
				io.CopyN(&got, br, int64(len(tt.want)))
				io.WriteString(peer, ok+"Content-Length: 0\r\n\r\n")
				io.Copy(&got, br)
				sent <- got.String()
			})
			if _, err := c.Do(t.Context(), &tt.r, Limits{}); err != nil {
				t.Fatal(err)
			}
			c.Close()
			if got := <-sent; got != tt.want {
				t.Errorf("sent %.200q, want %.200q", got, tt.want)
			}
		})
	}
}

// Only a request that says what it sends leaves the connection in step.
func TestInStep(t *testing.T) {
	length := func(v ...string) (f Fields) {
		for _, v := range v {
			f.Add("Content-Length", v)
		}
		return f
	}
	tests := []struct {
		name    string
		fields  Fields
		framing Framing
		body    string
		want    bool
	}{
		{"nothing", nil, Plain, "", true},
		{"right length", length("3"), Plain, "abc", true},
		{"too long", length("2"), Plain, "abc", false},
		{"too short", length("4"), Plain, "abc", false},
		{"no length", nil, Plain, "abc", false},
		{"two lengths", length("3", "3"), Plain, "abc", false},
		{"no number", length("+3"), Plain, "abc", false},
		{"chunked", Fields{{"transfer-encoding", "chunked"}}, Chunked, "abc", true},
		{"chunked without saying so", nil, Chunked, "abc", false},
		{"chunked and a length", length("3"), Chunked, "abc", false},
		{"chunks by hand", Fields{{"Transfer-Encoding", "chunked"}}, Plain, "0\r\n\r\n", false},
		{"head only", length("3"), HeadOnly, "abc", false},
		{"close", Fields{{"Connection", "close"}}, Plain, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := scripted(t, func(peer net.Conn, br *bufio.Reader) {
				readRawHead(br)
				if tt.framing != HeadOnly {
					io.CopyN(io.Discard, br, int64(len(tt.body)))
				}
				if tt.framing == Chunked {
					io.CopyN(io.Discard, br, int64(len("3\r\n\r\n")+len(lastChunk)))
				}
				io.WriteString(peer, ok+"Content-Length: 0\r\n\r\n")
				br.ReadByte()
			})
			r := &Request{Method: "PUT", Target: "/", Fields: tt.fields, Framing: tt.framing, Body: strings.NewReader(tt.body)}
			if _, err := c.Do(t.Context(), r, Limits{}); err != nil {
				t.Fatal(err)
			}
			if got := c.Reusable(); got != tt.want {
				t.Errorf("reusable %v, want %v", got, tt.want)
			}
		})
	}
}

const refused = "HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\ndeny"

func TestEarlyReply(t *testing.T) {
	early := func(peer net.Conn, br *bufio.Reader) {
		readRawHead(br)
		br.ReadByte()
		io.WriteString(peer, refused)
		<-t.Context().Done() // holds the connection open, reads no more
	}
	pipe, feed := io.Pipe()
	go feed.Write([]byte("x"))
	tests := []struct {
		name    string
		framing Framing
		body    io.Reader
	}{
		{"plain", Plain, new(endless)},
		{"chunked", Chunked, new(endless)},
		{"body that blocks", Plain, pipe},
	}
	for _, tt := range tests {
		c := scripted(t, early)
		reply, err := c.Do(t.Context(), &Request{Method: "PUT", Target: "/", Framing: tt.framing, Body: tt.body}, Limits{})
		if err != nil || reply.Status != 403 || string(reply.Body) != "deny" {
			t.Errorf("%s: got %+v, %v", tt.name, reply, err)
		}
		if c.Reusable() {
			t.Errorf("%s: reusable after a broken-off request", tt.name)
		}
	}
	if _, err := feed.Write([]byte("y")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the blocked body was not closed: %v", err)
	}
}

// A server that answers and resets while the body comes has answered.
func TestEarlyReplyThenClose(t *testing.T) {
	c := scripted(t, func(peer net.Conn, br *bufio.Reader) {
		readRawHead(br)
		io.WriteString(peer, refused)
	})
	reply, err := c.Do(t.Context(), &Request{Method: "PUT", Target: "/", Body: new(endless)}, Limits{})
	if err != nil || reply.Status != 403 || string(reply.Body) != "deny" {
		t.Errorf("got %+v, %v", reply, err)
	}
}

func TestExpect(t *testing.T) {
	tests := []struct {
		name, first string // what the server says after the head
		status      int
		interim     []int
		body        string        // what it gets
		waited      time.Duration // until the body came
		reusable    bool
	}{
		{"continue", "HTTP/1.1 100 Continue\r\n\r\n", 200, []int{100}, "hello", 0, true},
		{"other interim first", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100\r\n\r\n", 200, []int{103, 100}, "hello", 0, true},
		{"silence", "", 200, nil, "hello", 700 * time.Millisecond, true},
		{"refusal", refused, 403, nil, "", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var body string
				var waited time.Duration
				c := scripted(t, func(peer net.Conn, br *bufio.Reader) {
					readRawHead(br)
					start := time.Now()
					io.WriteString(peer, tt.first)
					if tt.status == 200 {
						b := make([]byte, 5)
						io.ReadFull(br, b)
						body, waited = string(b), time.Since(start)
						io.WriteString(peer, ok+"Content-Length: 0\r\n\r\n")
					}
					rest, _ := io.ReadAll(br)
					body += string(rest)
				})
				r := put("hello")
				r.Fields.Add("Expect", "100-Continue")
				reply, err := c.Do(t.Context(), r, Limits{Continue: 700 * time.Millisecond})
				if err != nil || reply.Status != tt.status || !slices.Equal(reply.Interim, tt.interim) {
					t.Fatalf("got %+v, %v, want %d after %v", reply, err, tt.status, tt.interim)
				}
				if got := c.Reusable(); got != tt.reusable {
					t.Errorf("reusable %v, want %v", got, tt.reusable)
				}
				c.Close()
				synctest.Wait()
				if body != tt.body || waited != tt.waited {
					t.Errorf("server got %q after %v, want %q after %v", body, waited, tt.body, tt.waited)
				}
			})
		})
	}
}

// A server that promises a reply and never gives the final one: what came is
// told with the error.
func TestInterimOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := scripted(t, func(peer net.Conn, br *bufio.Reader) {
			readRawHead(br)
			io.WriteString(peer, "HTTP/1.1 100 Continue\r\n\r\n")
			io.Copy(io.Discard, br)
		})
		r := put("hello")
		r.Framing = HeadOnly
		_, err := c.Do(t.Context(), r, Limits{Timeout: 3 * time.Second})
		var te *TransportError
		if !errors.As(err, &te) || te.Phase != Read || !te.Timeout() || !slices.Equal(te.Interim, []int{100}) {
			t.Errorf("got %v, want a read timeout after a 100", err)
		}
	})
}

func TestCancel(t *testing.T) {
	reason := errors.New("enough")
	slow := func(wire string) func(net.Conn, *bufio.Reader) {
		return func(peer net.Conn, br *bufio.Reader) {
			readRawHead(br)
			io.WriteString(peer, wire)
			io.Copy(io.Discard, br)
		}
	}
	tests := []struct {
		name  string
		peer  func(net.Conn, *bufio.Reader)
		body  io.Reader
		phase Phase
	}{
		{"no reply", slow(""), nil, Read},
		{"half a head", slow(ok), nil, Read},
		{"half a body", slow(ok + "Content-Length: 9\r\n\r\nhalf"), nil, Read},
		{"half a chunk", slow(ok + "Transfer-Encoding: chunked\r\n\r\n9\r\nhalf"), nil, Read},
		{"body until close", slow(ok + "\r\nhalf"), nil, Read},
		{"while sending", nil, new(endless), Write},
	}
	for _, tt := range tests {
		for _, how := range []string{"cancel", "deadline", "cancel bound", "deadline bound"} {
			t.Run(tt.name+" "+how, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					peer := tt.peer
					if peer == nil { // takes nothing off the connection but the head
						peer = func(_ net.Conn, br *bufio.Reader) { readRawHead(br); <-t.Context().Done() }
					}
					c := scripted(t, peer)
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					defer cancel()
					want := context.DeadlineExceeded
					if strings.HasPrefix(how, "cancel") {
						ctx2, stop := context.WithCancelCause(ctx)
						time.AfterFunc(time.Minute-1, func() { stop(reason) })
						ctx, want = ctx2, reason
					}
					start := time.Now()
					_, err := c.Do(ctx, &Request{Method: "PUT", Target: "/", Body: tt.body}, Limits{Bound: strings.HasSuffix(how, "bound")})
					var te *TransportError
					if !errors.Is(err, want) || !errors.As(err, &te) || te.Phase != tt.phase {
						t.Errorf("got %v, want %v in phase %s", err, want, tt.phase)
					}
					if took := time.Since(start).Round(time.Second); took != time.Minute {
						t.Errorf("took %v, want a minute", took)
					}
					if c.Reusable() {
						t.Error("reusable after a cancellation")
					}
				})
			})
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := scripted(t, func(_ net.Conn, br *bufio.Reader) {
		if b, _ := io.ReadAll(br); len(b) > 0 {
			t.Errorf("sent %q for a cancelled context", b)
		}
	})
	if _, err := c.Do(ctx, get("/"), Limits{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want a cancellation", err)
	}
}

func TestBrokenBody(t *testing.T) {
	cause := errors.New("disk gone")
	for _, size := range []int{0, 100_000} {
		c := scripted(t, func(_ net.Conn, br *bufio.Reader) { io.Copy(io.Discard, br) })
		body := io.MultiReader(bytes.NewReader(make([]byte, size)), errReader{cause})
		_, err := c.Do(t.Context(), &Request{Method: "PUT", Target: "/", Body: body}, Limits{})
		var te *TransportError
		if !errors.Is(err, cause) || !errors.As(err, &te) || te.Phase != Write {
			t.Errorf("%d bytes: got %v, want phase write and %v", size, err, cause)
		}
	}
}

type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }
