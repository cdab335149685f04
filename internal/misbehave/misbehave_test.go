package misbehave

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"objectharness/internal/dialect/s3"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

const errorBody = "<?xml version=\"1.0\"?>\n<Error><Code>%</Code><Message>no</Message></Error>"

// upstream is a tiny store: it knows one object, refuses what is marked so, and
// counts deletes.
type upstream struct {
	deletes atomic.Int64
	verify  func(*wire.Request) error
}

func (u *upstream) handle(_ context.Context, in *wire.Inbound) *wire.Response {
	r := &wire.Response{Status: 200, Fields: wire.Fields{{Name: "Server", Value: "Tiny"}, {Name: "x-OSS-request-ID", Value: "A1"}}}
	if in.Bad != nil {
		return refuse(r, 400, "BadHead")
	}
	if u.verify != nil && u.verify(in.Request) != nil {
		return refuse(r, 403, "SignatureDoesNotMatch")
	}
	io.Copy(io.Discard, in.Body)
	path, query := wire.SplitTarget(in.Target)
	switch {
	case path == "/forged":
		return refuse(r, 403, "SignatureDoesNotMatch")
	case path == "/missing":
		return refuse(r, 404, "NoSuchKey")
	case in.Method == "DELETE":
		u.deletes.Add(1)
		r.Status = 204
		return r
	case strings.Contains(query, "position=9"):
		r.Fields.Add("x-oss-next-append-position", "5")
		return refuse(r, 409, "PositionNotEqualToLength")
	case in.Method == "POST":
		r.Fields.Add("x-oss-next-append-position", "5")
		return r
	}
	return object(r, in)
}

func refuse(r *wire.Response, status int, code string) *wire.Response {
	body := strings.Replace(errorBody, "%", code, 1)
	r.Status, r.Body, r.Length = status, strings.NewReader(body), int64(len(body))
	return r
}

// object answers for the object, with or without a length.
func object(r *wire.Response, in *wire.Inbound) *wire.Response {
	r.Fields.Add("ETag", `"5D41402ABC4B2A76B9719D911017C592"`)
	body := "hello"
	switch {
	case in.Method == "PUT":
		body = ""
	case in.Fields.Has("If-None-Match"):
		r.Status = 304
		return r
	case in.Fields.Has("Range"):
		r.Status, body = 206, "ell"
	}
	r.Body, r.Length = strings.NewReader(body), int64(len(body))
	if in.Target == "/chunked" {
		r.Length = -1
	}
	return r
}

// serve starts an upstream and a proxy before it, and returns a client of the proxy.
func serve(t *testing.T, u *upstream, p *Proxy) (*wire.Transport, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &wire.Server{Handler: u.handle}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	p.Upstream = "http://" + l.Addr().String()
	addr, stop, err := p.Start()
	if err != nil {
		t.Fatal(err)
	}
	client := &wire.Transport{Limits: wire.Limits{Timeout: 10 * time.Second}}
	t.Cleanup(func() { client.CloseIdle(); stop() })
	return client, addr
}

func ask(method, target, body string, fields ...string) *wire.Request {
	r := &wire.Request{Method: method, Target: target, Body: strings.NewReader(body), Length: int64(len(body))}
	r.Fields = wire.Fields{{Name: "hOST", Value: "proxy.test"}}
	if body != "" {
		r.Fields.Add("Content-Length", "5")
	}
	for i := 0; i < len(fields); i += 2 {
		r.Fields.Add(fields[i], fields[i+1])
	}
	return r
}

// text is what a test looks at in a reply.
func text(r *wire.Reply) string {
	s := r.Reason
	for _, f := range r.Fields {
		s += "|" + f.Name + "=" + f.Value
	}
	return s + "|" + string(r.Body)
}

func TestModesChangeOneThing(t *testing.T) {
	requests := map[string]func() *wire.Request{
		"get":         func() *wire.Request { return ask("GET", "/k", "") },
		"chunked":     func() *wire.Request { return ask("GET", "/chunked", "") },
		"head":        func() *wire.Request { return ask("HEAD", "/k", "") },
		"put":         func() *wire.Request { return ask("PUT", "/k", "hello") },
		"append":      func() *wire.Request { return ask("POST", "/k?append&position=0", "hello") },
		"wrong":       func() *wire.Request { return ask("POST", "/k?append&position=9", "hello") },
		"condition":   func() *wire.Request { return ask("GET", "/k", "", "If-None-Match", `"x"`) },
		"range":       func() *wire.Request { return ask("GET", "/k", "", "Range", "bytes=1-3") },
		"forged":      func() *wire.Request { return ask("GET", "/forged", "") },
		"missing":     func() *wire.Request { return ask("GET", "/missing", "") },
		"delete":      func() *wire.Request { return ask("DELETE", "/k", "") },
		"subresource": func() *wire.Request { return ask("DELETE", "/k?uploadId=1", "") },
		"hostile":     func() *wire.Request { return ask("GET", "/k", "", "Content-Length", "0", "Content-Length", "1") },
	}
	// what each mode does to which requests: old text and new text of the reply
	changes := map[string]map[string][2]string{
		"drop-next-position":      {"append": {"|x-oss-next-append-position=5", ""}, "wrong": {"|x-oss-next-append-position=5", ""}},
		"change-next-position":    {"append": {"position=5", "position=6"}, "wrong": {"position=5", "position=6"}},
		"wrong-position-accepted": {"wrong": {"Conflict", "OK"}},
		"unquote-etag": {"get": {`"5D41402ABC4B2A76B9719D911017C592"`, "5D41402ABC4B2A76B9719D911017C592"}, "chunked": {`ETag="`, "ETag="},
			"head": {`ETag="`, "ETag="}, "put": {`ETag="`, "ETag="}, "range": {`ETag="`, "ETag="}, "condition": {`ETag="`, "ETag="}},
		"change-etag":          {"put": {`ETag="5D`, `ETag="0D`}},
		"ignore-condition":     {"condition": {"Not Modified", "OK"}},
		"ignore-range":         {"range": {"|ell", "|hello"}},
		"accept-bad-signature": {"forged": {"Forbidden", "OK"}},
		"lose-delete":          {"delete": {"No Content", "No Content"}},
		"corrupt-byte":         {"get": {"|hello", "|iello"}, "chunked": {"|hello", "|iello"}, "range": {"|ell", "|dll"}},
		"change-code":          {"missing": {"NoSuchKey", "AccessDenied"}, "forged": {"SignatureDoesNotMatch", "AccessDenied"}, "wrong": {"PositionNotEqualToLength", "AccessDenied"}},
		"change-status":        {"missing": {"Not Found", "Bad Request"}, "forged": {"Forbidden", "Bad Request"}, "wrong": {"Conflict", "Bad Request"}},
		"drop-request-id":      {}, // every reply, see below
	}
	for mode, changed := range changes {
		t.Run(mode, func(t *testing.T) {
			u, v := &upstream{}, &upstream{}
			plain, plainAddr := serve(t, u, &Proxy{Mode: "none"})
			broken, brokenAddr := serve(t, v, &Proxy{Mode: mode})
			for name, make := range requests {
				want := text(send(t, plain, plainAddr, make()))
				got := text(send(t, broken, brokenAddr, make()))
				if mode == "drop-request-id" && name != "hostile" {
					want = strings.Replace(want, "|x-OSS-request-ID=A1", "", 1)
				}
				pair, differs := changed[name]
				switch {
				case !differs && got != want:
					t.Errorf("%s: got %s, want %s", name, got, want)
				case differs && pair[0] != "" && (!strings.Contains(want, pair[0]) || !strings.Contains(got, pair[1]) || pair[0] != pair[1] && strings.Contains(got, pair[0])):
					t.Errorf("%s: got %s, want %s with %q for %q", name, got, want, pair[1], pair[0])
				}
			}
			if mode == "lose-delete" && (u.deletes.Load() != 2 || v.deletes.Load() != 1) {
				t.Errorf("deletes: %d and %d arrived, want 2 and 1", u.deletes.Load(), v.deletes.Load())
			}
		})
	}
}

func send(t *testing.T, c *wire.Transport, addr string, r *wire.Request) *wire.Reply {
	t.Helper()
	reply, err := c.Do(t.Context(), addr, r, false)
	if err != nil {
		t.Fatal(r.Target, err)
	}
	return reply
}

func TestAcceptedAppendTellsTheNextPosition(t *testing.T) {
	c, addr := serve(t, &upstream{}, &Proxy{Mode: "wrong-position-accepted"})
	reply := send(t, c, addr, ask("POST", "/k?append&position=9", "hello"))
	if reply.Status != 200 || reply.Fields.Get("x-oss-next-append-position") != "14" || reply.Size != 0 {
		t.Errorf("got %d %v", reply.Status, reply.Fields)
	}
}

// TestRequestsPassByteForByte has an upstream that writes down what comes.
func TestRequestsPassByteForByte(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, sent := range []string{
		"PUT /b/%7e?x  HTTP/1.1\r\nhOst:  a.b \r\nX:1\r\nx: 2\r\nContent-Length: 3\r\n\r\nabc",
		"PUT /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;e=f\r\nabc\r\n0\r\nT: u\r\n\r\n",
		"GET / HTTP/1.1\nHost: a\n\n",
		"PUT / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET",
		"no head at all",
	} {
		addr, stop, err := Start("drop-request-id", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		client, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(client, sent)
		client.(*net.TCPConn).CloseWrite()
		up, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(up)
		if string(got) != sent {
			t.Errorf("got %q, want %q", got, sent)
		}
		up.Close()
		client.Close()
		stop()
	}
}

func TestReplyBeforeTheBodyComesThrough(t *testing.T) {
	c, addr := serve(t, &upstream{}, &Proxy{Mode: "none"})
	r := ask("PUT", "/missing", "", "Content-Length", "5000000", "Expect", "100-continue")
	r.Framing, r.Length = wire.Plain, 5000000
	r.Body = bytes.NewReader(make([]byte, 5000000))
	if reply := send(t, c, addr, r); reply.Status != 404 {
		t.Errorf("got %d, want 404", reply.Status)
	}
}

func TestResign(t *testing.T) {
	d := s3.New()
	now := func() time.Time { return time.Unix(1700000000, 0) }
	in := sign.Input{AccessKey: "ak", SecretKey: "sk", Region: d.Region}
	u := &upstream{verify: func(r *wire.Request) error {
		_, err := d.Schemes[0].Verify(r, &sign.Check{Now: now(), Skew: time.Minute, Region: d.Region,
			Keys: func(string) (string, string, bool) { return "sk", "", true }}, nil)
		return err
	}}
	for _, mode := range []string{"ignore-range", "ignore-condition"} {
		for resign, want := range map[bool][2]int{true: {200, 200}, false: {206, 304}} {
			p := &Proxy{Mode: mode}
			if resign {
				p.Resign = Resigner(d, in, now)
			}
			c, addr := serve(t, u, p)
			r := ask("GET", "/k", "", "Range", "bytes=1-3")
			status := want[0]
			if mode == "ignore-condition" {
				r, status = ask("GET", "/k", "", "If-None-Match", `"x"`), want[1]
			}
			signed := in
			signed.Time = now()
			if err := sign.Apply(d.Schemes[0], r, &signed, nil); err != nil {
				t.Fatal(err)
			}
			if reply := send(t, c, addr, r); reply.Status != status {
				t.Errorf("%s, resigned %v: got %d %s, want %d", mode, resign, reply.Status, reply.Body, status)
			}
		}
	}
}

// A signed URL that covers Range is not the proxy's to sign: it arrives as it was
// sent.
func TestSignedURLStays(t *testing.T) {
	p := &Proxy{Mode: "ignore-range", Resign: func(*wire.Request) error { return errors.New("asked to sign") }}
	c, addr := serve(t, &upstream{}, p)
	r := ask("GET", "/k?X-Amz-SignedHeaders=host%3Brange&X-Amz-Signature=00", "", "Range", "bytes=1-3")
	if reply := send(t, c, addr, r); reply.Status != 206 {
		t.Errorf("got %d %s, want 206", reply.Status, reply.Body)
	}
}

func TestBrokenTargets(t *testing.T) {
	phases := map[string]wire.Phase{"down": wire.Dial, "reset": wire.Read, "garbage": wire.Parse}
	for mode, phase := range phases {
		c, addr := serve(t, &upstream{}, &Proxy{Mode: mode})
		_, err := c.Do(t.Context(), addr, ask("GET", "/k", ""), false)
		var te *wire.TransportError
		if !errors.As(err, &te) || te.Phase != phase {
			t.Errorf("%s: got %v, want an error of phase %s", mode, err, phase)
		}
	}
}

func TestHangNeverAnswers(t *testing.T) {
	_, addr := serve(t, &upstream{}, &Proxy{Mode: "hang"})
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "GET /k HTTP/1.1\r\nHost: a\r\n\r\n")
	conn.(*net.TCPConn).CloseWrite() // it hangs as long as the client does
	if got, err := io.ReadAll(conn); len(got) > 0 || err != nil {
		t.Errorf("got %q, %v, want nothing", got, err)
	}
}

func TestHTMLPage(t *testing.T) {
	c, addr := serve(t, &upstream{}, &Proxy{Mode: "html"})
	for _, method := range []string{"GET", "PUT", "HEAD"} {
		reply := send(t, c, addr, ask(method, "/k", ""))
		if reply.Status != 200 || reply.Fields.Get("Content-Type") != "text/html" || (reply.Size > 0) != (method != "HEAD") {
			t.Errorf("%s: got %d %v %q", method, reply.Status, reply.Fields, reply.Body)
		}
	}
}

func TestDiesAfterRequests(t *testing.T) {
	c, addr := serve(t, &upstream{}, &Proxy{Mode: "dies", Requests: 3})
	for i := range 5 {
		_, err := c.Do(t.Context(), addr, ask("GET", "/k", ""), false)
		if (err != nil) != (i >= 3) {
			t.Errorf("request %d: %v", i, err)
		}
	}
}

func TestOutOfStep(t *testing.T) {
	_, addr := serve(t, &upstream{}, &Proxy{Mode: "out-of-step"})
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "GET /k HTTP/1.1\r\nHost: a\r\n\r\n")
	conn.(*net.TCPConn).CloseWrite()
	got, _ := io.ReadAll(conn)
	if !bytes.HasPrefix(got, []byte("HTTP/1.1 200 OK\r\n")) || !bytes.HasSuffix(got, unasked(nil, nil)) {
		t.Errorf("got %q", got)
	}
}

func TestUnknownMode(t *testing.T) {
	if _, _, err := Start("no-such", "127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "change-status") {
		t.Errorf("got %v, want an error that lists the modes", err)
	}
	if len(Modes()) != len(modes) || Modes()[0] != "none" {
		t.Errorf("got %v", Modes())
	}
}

func FuzzUnderstand(f *testing.F) {
	f.Add("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	f.Add("PUT / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello")
	f.Add("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		br := newReader(s)
		h, err := readHead(br)
		q := understand(h, err)
		var body bytes.Buffer
		if !q.unseen {
			copyBody(&body, br, q.framing)
		}
		rest, _ := io.ReadAll(br)
		if got := string(h.bytes()) + body.String() + string(rest); !q.unseen && q.chunked {
			return // a chunk that cannot be read ends the connection
		} else if got != s {
			t.Errorf("got %q, want %q", got, s)
		}
	})
}

func newReader(s string) *bufio.Reader { return bufio.NewReader(strings.NewReader(s)) }
