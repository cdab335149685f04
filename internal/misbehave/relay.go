package misbehave

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http/httputil"
	"strconv"
	"strings"
	"time"
)

const (
	linger    = time.Second // how long a client may still send once it has its last reply
	bodyLimit = 1 << 20     // bytes of a reply's body that a mode may look at
)

// A request is one request of a client.
type request struct {
	head
	framing
	method, target string
	unseen         bool   // what follows is passed on as it is
	answer         []byte // the reply, when the request does not go on
}

// query is the raw query of the request.
func (q *request) query() string {
	_, query, _ := strings.Cut(q.target, "?")
	return query
}

// A reply is the reply to a request. Its body is in the stream, unless whole
// has read it.
type reply struct {
	head
	framing
	status int
	body   *bufio.Reader
	read   []byte // the body, when whole or replace set it
	ready  bool   // read is the body
	flip   bool   // the first byte of the body goes out wrong
}

// A relay joins one client with a connection of its own to the server. Requests
// and replies flow independently, so that a reply may come before the request
// has been sent.
type relay struct {
	p          *Proxy
	client, up *net.TCPConn
	fromClient *bufio.Reader
	fromUp     *bufio.Reader
	queue      chan *request // requests that wait for their replies
	over       chan struct{} // closed when no further reply will be sent
}

func newRelay(p *Proxy, client, up *net.TCPConn) *relay {
	return &relay{p: p, client: client, up: up, fromClient: bufio.NewReader(client), fromUp: bufio.NewReader(up),
		queue: make(chan *request, 4), over: make(chan struct{})}
}

// run relays until both directions have ended. The client is given time to take
// the last reply before its connection is cut.
func (x *relay) run() {
	go func() {
		defer close(x.over)
		x.replies()
		x.client.CloseWrite()
		x.client.SetReadDeadline(time.Now().Add(linger))
		x.up.Close()
	}()
	x.requests()
	close(x.queue)
	x.up.CloseWrite()
	<-x.over
	io.Copy(io.Discard, x.client)
}

func (x *relay) requests() {
	for {
		h, err := readHead(x.fromClient)
		if h.start == "" {
			return
		}
		q := understand(h, err)
		if !q.unseen && x.p.mode.request != nil && x.p.mode.request(x.p, q) != nil {
			return
		}
		select {
		case x.queue <- q:
		case <-x.over:
			return
		}
		if x.pass(q) != nil {
			return
		}
	}
}

// understand reads a request's head; one that is broken, hostile or of another
// version is not looked at.
func understand(h head, err error) *request {
	q := &request{head: h, unseen: true}
	words := strings.Split(strings.TrimRight(h.start, "\r\n"), " ")
	if err != nil || len(words) != 3 || words[2] != "HTTP/1.1" {
		return q
	}
	q.method, q.target = words[0], words[1]
	q.framing, err = h.framing(0)
	q.unseen = err != nil
	return q
}

// pass sends a request on, or reads it away when it is answered here.
func (x *relay) pass(q *request) error {
	if q.answer != nil {
		return copyBody(io.Discard, x.fromClient, q.framing)
	}
	if _, err := x.up.Write(q.bytes()); err != nil {
		return err
	}
	if q.unseen {
		_, err := io.Copy(x.up, x.fromClient)
		if err == nil {
			err = io.EOF
		}
		return err
	}
	return copyBody(x.up, x.fromClient, q.framing)
}

func (x *relay) replies() {
	for q := range x.queue {
		var err error
		switch {
		case q.unseen:
			io.Copy(x.client, x.fromUp)
			return
		case q.answer != nil:
			_, err = x.client.Write(q.answer)
		default:
			err = x.answer(q)
		}
		if err != nil {
			return
		}
	}
}

// answer sends back the reply to q, and interim ones before it. The error is
// io.EOF when the connection ends with the reply.
func (x *relay) answer(q *request) error {
	for {
		h, err := readHead(x.fromUp)
		if err != nil {
			return err
		}
		r, err := understandReply(h, q.method, x.fromUp)
		if err != nil {
			return err
		}
		if r.status >= 200 {
			return x.finish(q, r)
		}
		if _, err := x.client.Write(h.bytes()); err != nil {
			return err
		}
	}
}

func (x *relay) finish(q *request, r *reply) error {
	x.p.look(r)
	if x.p.mode.reply != nil {
		if err := x.p.mode.reply(q, r); err != nil {
			return err
		}
	}
	if err := r.send(x.client); err != nil {
		return err
	}
	if r.length < 0 || strings.EqualFold(r.get("Connection"), "close") {
		return io.EOF
	}
	if x.p.mode.after == nil {
		return nil
	}
	_, err := x.client.Write(x.p.mode.after(q, r))
	return err
}

func understandReply(h head, method string, body *bufio.Reader) (*reply, error) {
	words := strings.SplitN(strings.TrimRight(h.start, "\r\n"), " ", 3)
	if len(words) < 2 {
		return nil, errHead
	}
	status, err := strconv.Atoi(words[1])
	if err != nil {
		return nil, errHead
	}
	r := &reply{head: h, status: status, body: body}
	r.framing, err = h.framing(-1)
	if method == "HEAD" || status == 204 || status == 304 || status < 200 {
		r.framing = framing{}
	}
	return r, err
}

// whole reads the body into memory. A body over the limit is an error.
func (r *reply) whole() ([]byte, error) {
	if r.ready {
		return r.read, nil
	}
	var src io.Reader = r.body
	if r.chunked {
		var raw bytes.Buffer
		if err := copyChunks(&limited{&raw}, r.body); err != nil {
			return nil, err
		}
		src = httputil.NewChunkedReader(&raw)
	} else if r.length >= 0 {
		src = io.LimitReader(r.body, r.length)
	}
	body, err := io.ReadAll(io.LimitReader(src, bodyLimit+1))
	if err == nil && len(body) > bodyLimit {
		err = errHead
	}
	r.read, r.ready = body, true
	return body, err
}

// A limited buffer refuses what goes over the limit.
type limited struct{ *bytes.Buffer }

func (l *limited) Write(b []byte) (int, error) {
	if l.Len()+len(b) > 2*bodyLimit {
		return 0, errHead
	}
	return l.Buffer.Write(b)
}

// replace gives the reply another body.
func (r *reply) replace(body []byte) {
	r.read, r.ready = body, true
	r.chunked, r.length = false, int64(len(body))
	r.del(named("Transfer-Encoding"))
	r.set("Content-Length", strconv.Itoa(len(body)))
}

// turn gives the reply another status.
func (r *reply) turn(status int, reason string) {
	r.status = status
	r.start = "HTTP/1.1 " + strconv.Itoa(status) + " " + reason + "\r\n"
}

func (r *reply) send(dst io.Writer) error {
	if r.ready {
		if r.chunked {
			r.replace(r.read)
		}
		_, err := dst.Write(append(r.bytes(), r.read...))
		return err
	}
	if _, err := dst.Write(r.bytes()); err != nil {
		return err
	}
	if r.flip {
		dst = &flipper{dst: dst, chunked: r.chunked}
	}
	return copyBody(dst, r.body, r.framing)
}

// A flipper turns the lowest bit of the first byte of a body.
type flipper struct {
	dst     io.Writer
	chunked bool // the first write is the size of a chunk
	done    bool
}

func (f *flipper) Write(b []byte) (int, error) {
	if f.chunked {
		f.chunked = false
	} else if !f.done && len(b) > 0 {
		f.done = true
		b = bytes.Clone(b)
		b[0] ^= 1
	}
	return f.dst.Write(b)
}
