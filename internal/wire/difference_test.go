package wire

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A message is what both a client and a server of either make can tell.
type message struct {
	method, target, body string
	chunked, expect      bool
}

var messages = []message{
	{"GET", "/a/b?c=d&e", "", false, false},
	{"GET", "/missing", "", false, false},
	{"HEAD", "/a", "", false, false},
	{"DELETE", "/gone", "", false, false},
	{"GET", "/stream", "", false, false},
	{"HEAD", "/stream", "", false, false},
	{"PUT", "/a", "hello", false, false},
	{"PUT", "/a", "hello", false, true},
	{"PUT", "/a", "hello", true, false},
	{"POST", "/a", strings.Repeat("0123456789", 50_000), false, false},
	{"POST", "/a", strings.Repeat("0123456789", 50_000), true, true},
}

// answerTo is what both servers answer.
func answerTo(method, target string, sent int) (status int, body string, stream bool) {
	switch target {
	case "/missing":
		return 404, "<Error/>", false
	case "/gone":
		return 204, "", false
	}
	return 200, fmt.Sprintf("%s %s %d", method, target, sent), target == "/stream"
}

func ours(_ context.Context, in *Inbound) *Response {
	b, err := io.ReadAll(in.Body)
	if err != nil || in.Bad != nil {
		return &Response{Status: 500}
	}
	status, body, stream := answerTo(in.Method, in.Target, len(b))
	res := &Response{Status: status, Fields: Fields{{"X-Mark", "m"}}, Body: strings.NewReader(body), Length: int64(len(body))}
	if stream {
		res.Length = -1
	}
	return res
}

func theirs(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(500)
		return
	}
	status, body, stream := answerTo(r.Method, r.RequestURI, len(b))
	w.Header().Set("X-Mark", "m")
	if !stream && status != 204 {
		w.Header().Set("Content-Length", itoa(len(body)))
	}
	w.WriteHeader(status)
	if stream {
		w.(http.Flusher).Flush()
	}
	io.WriteString(w, body)
}

// viaOurs and viaTheirs tell what a client saw of the answer to m.
func viaOurs(t *testing.T, tr *Transport, addr string, m message) string {
	r := &Request{Method: m.method, Target: m.target, Fields: Fields{{"Host", addr}}}
	if m.body != "" {
		r.Body = strings.NewReader(m.body)
		if !tr.Eager {
			r.Body = io.MultiReader(r.Body) // of unknown size
		}
	}
	switch {
	case m.chunked:
		r.Framing = Chunked
		r.Fields.Add("Transfer-Encoding", "chunked")
	case m.body != "":
		r.Fields.Add("Content-Length", itoa(len(m.body)))
	}
	if m.expect {
		r.Fields.Add("Expect", "100-continue")
	}
	reply, err := tr.Do(t.Context(), addr, r, false)
	if err != nil {
		t.Fatalf("%s %s: %v", m.method, m.target, err)
	}
	return fmt.Sprintf("%d %s %q length %q", reply.Status, reply.Fields.Get("X-Mark"), reply.Body, reply.Fields.Get("Content-Length"))
}

func viaTheirs(t *testing.T, client *http.Client, addr string, m message) string {
	var body io.Reader
	if m.body != "" {
		body = strings.NewReader(m.body)
	}
	if m.chunked {
		body = io.MultiReader(body)
	}
	r, err := http.NewRequestWithContext(t.Context(), m.method, "http://"+addr+m.target, body)
	if err != nil {
		t.Fatal(err)
	}
	if m.expect {
		r.Header.Set("Expect", "100-continue")
	}
	res, err := client.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", m.method, m.target, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d %s %q length %q", res.StatusCode, res.Header.Get("X-Mark"), b, res.Header.Get("Content-Length"))
}

// Either client at either server comes to the same.
func TestAgainstNetHTTP(t *testing.T) {
	httpd := httptest.NewServer(http.HandlerFunc(theirs))
	defer httpd.Close()
	servers := map[string]string{"ours": serve(t, &Server{Handler: ours}), "net/http": strings.TrimPrefix(httpd.URL, "http://")}
	tr, client := new(Transport), &http.Client{Transport: new(http.Transport)}
	eager := &Transport{Eager: true, Limits: Limits{Bound: true, Timeout: time.Minute}}
	defer tr.CloseIdle()
	defer eager.CloseIdle()
	defer client.CloseIdleConnections()
	for i, m := range messages {
		t.Run(fmt.Sprintf("%d %s %s", i, m.method, m.target), func(t *testing.T) {
			want := viaTheirs(t, client, servers["net/http"], m)
			for name, addr := range servers {
				for _, tr := range []*Transport{tr, eager} {
					if got := viaOurs(t, tr, addr, m); got != want {
						t.Errorf("our client (eager: %v) at %s: %s, want %s", tr.Eager, name, got, want)
					}
				}
				if got := viaTheirs(t, client, addr, m); got != want {
					t.Errorf("net/http's client at %s: %s, want %s", name, got, want)
				}
			}
		})
	}
	for name, addr := range servers {
		if n, m := len(tr.idle[addr]), len(eager.idle[addr]); n != 1 || m != 1 {
			t.Errorf("%d and %d connections to %s at the end, want 1 that served all", n, m, name)
		}
	}
}

// What we pass as sound net/http must not frame in another way: two readings
// of one message are how requests are smuggled.
func FuzzRequestHead(f *testing.F) {
	for _, h := range hostile {
		if len(h.head) < 1000 {
			f.Add(h.head)
		}
	}
	f.Add("PUT /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
	f.Add("PUT http://h/ HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		head, err := readHead(reader(text), nil, headLimit, firstLine)
		in := parseRequestHead(string(head))
		if err != nil || in.Bad != nil {
			return
		}
		if again := parseRequestHead(string(appendHead(nil, in.Request))); in.Proto == "HTTP/1.1" && (again.Bad != nil || fmt.Sprint(again.Fields) != fmt.Sprint(in.Fields) || again.Length != in.Length) {
			t.Errorf("written again it reads %+v %+v, before %+v", again, again.Request, in.Request)
		}
		r, err := http.ReadRequest(reader(string(head)))
		if err != nil {
			return
		}
		if r.Method != in.Method || r.RequestURI != in.Target || r.ContentLength != in.Length {
			t.Errorf("net/http reads %s %s %d, we %s %s %d", r.Method, r.RequestURI, r.ContentLength, in.Method, in.Target, in.Length)
		}
	})
}

func FuzzReplyHead(f *testing.F) {
	for _, s := range []string{empty200, refused, "HTTP/1.0 200\r\n\r\n", ok + "A: b\r\n c\r\n\r\n", ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "SSH-2.0"} {
		f.Add(s, "GET")
	}
	f.Fuzz(func(t *testing.T, text, method string) {
		br := reader(text)
		reply, minor, err := readReplyHead(br, nil, headLimit)
		if err != nil {
			return
		}
		kind, length, err := replyFraming(method, reply, minor)
		if err != nil {
			return
		}
		if err := reply.readBody(br, kind, length, Limits{Keep: 10, Head: headLimit}); err != nil {
			return
		}
		if reply.Size < int64(len(reply.Body)) || len(reply.Body) > 10 || kind == lengthBody && reply.Size != length || kind == noBody && reply.Size > 0 {
			t.Errorf("kind %d, length %d, got %+v", kind, length, reply)
		}
	})
}
