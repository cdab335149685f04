package wire

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// Limits bound one exchange. The zero value gives the defaults.
type Limits struct {
	Head     int           // bytes of a reply's head, and of its trailers; 0: 64 KiB
	Keep     int64         // bytes of a reply's body that are kept; 0: 1 MiB, below 0: none
	Continue time.Duration // wait for a 100 before the body when the request has Expect: 100-continue; 0: 1 s
	Light    bool          // no SHA-256 of a reply's body, for clients that read many
	Timeout  time.Duration // the whole exchange; 0: as long as the context lives
	// Bound is for clients that do many exchanges with one context: the connection
	// watches it from one to the next, and is lost when it ends, also where it is
	// idle. Timeout may then come late by an eighth of it.
	Bound bool
}

func (l Limits) withDefaults() Limits {
	l.Head = orElse(l.Head, headLimit)
	l.Keep = orElse(l.Keep, 1<<20)
	l.Continue = orElse(l.Continue, time.Second)
	return l
}

// longAgo is a deadline that ends every read and write at once.
var longAgo = time.Unix(1, 0)

// A Conn is one client connection. One exchange at a time.
type Conn struct {
	net  net.Conn
	poll *pollConn
	addr string
	br   *bufio.Reader
	head []byte // scratch
	up   upload // of the request under way

	wrote    bool      // a byte of the last request was written
	silent   bool      // no byte of a reply to the last request has come
	broken   bool      // not fit for another exchange
	deadline bool      // deadlines may be set on net
	until    time.Time // the deadline that Do has set; zero: none, or another
	idle     time.Time
	warm     bool            // used, or made, a moment ago
	bound    <-chan struct{} // end of the context that is watched between exchanges
	unbind   func() bool
}

// NewConn makes a Conn of an open connection, which it then owns. addr appears
// in errors only.
func NewConn(c net.Conn, addr string) *Conn {
	p := &pollConn{Conn: c}
	return newConn(p, p, addr)
}

func newConn(c net.Conn, p *pollConn, addr string) *Conn {
	return &Conn{net: c, poll: p, addr: addr, br: bufio.NewReader(c), warm: true}
}

// Close ends the connection.
func (c *Conn) Close() error {
	c.release()
	return c.net.Close()
}

// Reusable tells whether another exchange may follow: both sides agree where
// the last one ended, and nothing unasked has come since.
func (c *Conn) Reusable() bool { return !c.broken && c.br.Buffered() == 0 && c.quiet() }

// Do writes r byte for byte as it is given and reads the reply meanwhile: a
// reply that comes before the request is sent ends the sending and counts. A
// Body whose Read can block for long must be an io.Closer without Seek; it is
// closed to break it off. Errors are *TransportError; where the reply's head
// had come it is returned beside the error, with the body as far as it came.
func (c *Conn) Do(ctx context.Context, r *Request, l Limits) (*Reply, error) {
	if ctx.Err() != nil {
		return nil, &TransportError{Phase: Write, Addr: c.addr, Err: context.Cause(ctx)}
	}
	l = l.withDefaults()
	c.expire(l.Timeout, l.Bound)
	stop := c.watch(ctx, l.Bound)
	reply, err := c.exchange(r, l)
	if stop != nil && !stop() || ctx.Err() != nil {
		c.broken = true
	}
	if err == nil {
		return reply, nil
	}
	c.broken = true
	var te *TransportError
	if cause := context.Cause(ctx); cause != nil && errors.As(err, &te) && te.Phase != Parse {
		te.Err = fmt.Errorf("%w (%w)", cause, te.Err)
	}
	return reply, err
}

// expire sets the deadline of an exchange. Setting one costs as much as a small
// system call, so that a bound connection sets it for several exchanges.
func (c *Conn) expire(timeout time.Duration, bound bool) {
	if timeout <= 0 {
		if c.deadline {
			c.net.SetDeadline(time.Time{})
		}
		c.deadline, c.until = false, time.Time{}
		return
	}
	now, late := time.Now(), time.Duration(0)
	if bound {
		late = timeout / 8
	}
	if rest := c.until.Sub(now); c.deadline && timeout <= rest && rest <= timeout+late {
		return
	}
	c.deadline, c.until = true, now.Add(timeout+late)
	c.net.SetDeadline(c.until)
}

// watch ends what the connection does when ctx ends. The function that it returns,
// nil where the connection stays bound to ctx, is called after the exchange and
// reports false where that happened.
func (c *Conn) watch(ctx context.Context, bound bool) (stop func() bool) {
	if bound && c.bound == ctx.Done() {
		return nil
	}
	if !c.release() {
		return func() bool { return false }
	}
	stop = context.AfterFunc(ctx, func() { c.net.SetDeadline(longAgo) })
	if !bound {
		return stop
	}
	c.unbind, c.bound = stop, ctx.Done()
	return nil
}

// release ends the watch of an idle connection, and reports false where its end
// has come already: then the connection is lost.
func (c *Conn) release() bool {
	if c.unbind == nil {
		return true
	}
	if !c.unbind() {
		return false
	}
	c.unbind, c.bound = nil, nil
	return true
}

// lost tells whether the context to which the connection is bound has ended.
func (c *Conn) lost() bool {
	select {
	case <-c.bound: // nil: never
		return true
	default:
		return false
	}
}

func (c *Conn) exchange(r *Request, l Limits) (*Reply, error) {
	c.silent, c.wrote = true, false
	up := c.send(r, l)
	reply, kind, length, reuse, err := c.receive(r, l, up)
	sent, whole, sendErr := up.finish()
	c.wrote = up.wrote || up.late && c.poll.wrote
	if err != nil {
		te := err.(*TransportError)
		if c.silent && !whole && r.Framing != HeadOnly {
			te.Phase = Write
			if sendErr != nil {
				te.Err = sendErr
			}
		}
		return nil, te
	}
	err = reply.readBody(c.br, kind, length, l)
	c.broken = c.broken || err != nil || !reuse || !whole || !inStep(r, sent)
	switch {
	case err == nil:
		return reply, nil
	case sendErr != nil:
		return reply, &TransportError{Phase: Write, Addr: c.addr, Err: sendErr, Interim: reply.Interim}
	}
	return reply, &TransportError{Phase: phaseOf(err), Addr: c.addr, Err: err, Interim: reply.Interim}
}

// receive reads interim heads and the final one, and tells how its body ends.
func (c *Conn) receive(r *Request, l Limits, up *upload) (reply *Reply, kind bodyKind, length int64, reuse bool, err error) {
	var interim []int
	fail := func(err error) (*Reply, bodyKind, int64, bool, error) {
		return nil, 0, 0, false, &TransportError{Phase: phaseOf(err), Addr: c.addr, Err: err, Interim: interim}
	}
	for {
		if _, err := c.br.Peek(1); err != nil {
			return fail(fmt.Errorf("no reply: %w", err))
		}
		c.silent = false
		reply, minor, err := readReplyHead(c.br, c.head, l.Head)
		switch {
		case err != nil:
			return fail(err)
		case reply.Status == 101:
			return fail(syntax("101 Switching Protocols, which was not asked for"))
		case reply.Status >= 200:
			reply.Interim = interim
			kind, length, err := replyFraming(r.Method, reply, minor)
			if err != nil {
				return fail(err)
			}
			return reply, kind, length, reply.reusable(kind, minor), nil
		case len(interim) == interimLimit:
			return fail(syntax("more than %d interim replies", interimLimit))
		}
		interim = append(interim, reply.Status)
		if reply.Status == 100 {
			up.proceed()
		}
	}
}
