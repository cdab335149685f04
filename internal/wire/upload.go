package wire

import (
	"cmp"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// atOnce is the size up to which a request is written by the caller before it
// reads: the socket takes that much without the peer's help.
const atOnce = 16 << 10

// An upload is the sending of one request, while its reply is read.
type upload struct {
	c       *Conn
	r       *Request
	wait    time.Duration // for a 100 before the body; 0: none
	head    []byte        // what is still to be sent before the body
	started bool          // a goroutine sends
	late    bool          // what is sent is written when the reply is waited for
	gate    chan struct{} // a 100 has come
	quit    chan struct{} // closed: send no more
	done    chan struct{}
	stopped atomic.Bool

	wrote bool  // any byte
	sent  int64 // bytes of body, without chunk framing
	whole bool  // everything is sent
	err   error
}

// send begins to send r. What is small and in memory is sent when it returns,
// the rest by a goroutine that ends in finish.
func (c *Conn) send(r *Request, l Limits) *upload {
	c.up = upload{c: c, r: r}
	up := &c.up
	head := appendHead(c.head[:0], r)
	c.head = head[:0]
	body := r.Body != nil && r.Framing != HeadOnly
	if body && strings.EqualFold(r.Fields.Get("Expect"), "100-continue") {
		up.wait = l.Continue
	}
	if body && up.wait == 0 {
		head, body = up.inline(head)
	}
	if !body && len(head) <= 2*atOnce {
		if up.late = l.Bound && up.err == nil && c.turns(r) && c.poll.later(head); up.late {
			return up
		}
		up.write(head)
		up.whole = up.err == nil && r.Framing != HeadOnly
		up.cut()
		return up
	}
	up.head, up.started = append([]byte(nil), head...), true
	up.gate, up.quit, up.done = make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	c.deadline, c.until = true, time.Time{} // finish may set another
	go up.run(body)
	return up
}

// turns tells whether a request may be written by the first read of its reply. That
// does not see that the peer has ended its side before, so that it is for connections
// that were used a moment ago.
func (c *Conn) turns(r *Request) bool {
	return c.warm && r.Framing == Plain && c.net == net.Conn(c.poll) && c.br.Buffered() == 0
}

// inline appends a body that is small and in memory to the head; more tells
// that there is a body left to send.
func (u *upload) inline(head []byte) (out []byte, more bool) {
	mem, ok := u.r.Body.(interface {
		io.Reader
		Len() int
	})
	if !ok || u.r.Framing == Chunked || mem.Len() > atOnce {
		return head, true
	}
	n := mem.Len()
	at := len(head)
	head = slices.Grow(head, n)[:at+n]
	if _, err := io.ReadFull(mem, head[at:]); err != nil {
		u.c.deadline, u.c.until = true, time.Time{}
		u.fail(err)
		return head[:at], false
	}
	u.sent = int64(n)
	u.c.head = head[:0]
	return head, false
}

func (u *upload) write(b []byte) bool {
	if u.err != nil || u.stopped.Load() {
		return false
	}
	n, err := u.c.net.Write(b)
	u.wrote = u.wrote || n > 0
	if err != nil && !u.stopped.Load() {
		u.err = err
	}
	return err == nil
}

func (u *upload) run(body bool) {
	defer close(u.done)
	if !u.write(u.head) || u.r.Framing == HeadOnly {
		return
	}
	if body && (u.wait > 0 && !u.permitted() || !u.body()) {
		return
	}
	u.whole = true
	u.cut()
}

// cut ends the sending side where the request asks for it.
func (u *upload) cut() {
	if u.r.Framing != Cut || !u.whole {
		return
	}
	conn := u.c.net
	if p, ok := conn.(*pollConn); ok {
		conn = p.Conn
	}
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
}

// permitted waits for a 100 or the end of the wait; false means that a final
// reply or an error came first.
func (u *upload) permitted() bool {
	t := time.NewTimer(u.wait)
	defer t.Stop()
	select {
	case <-u.gate:
	case <-t.C:
	case <-u.quit:
		return false
	}
	return true
}

type partBuffer [chunkRoom + 32<<10 + 2]byte

var partBuffers = sync.Pool{New: func() any { return new(partBuffer) }}

// body sends the body to its end and tells whether all of it went out.
func (u *upload) body() bool {
	buf := partBuffers.Get().(*partBuffer)
	defer partBuffers.Put(buf)
	for {
		n, err := u.r.Body.Read(buf[chunkRoom : len(buf)-2])
		if n > 0 {
			part := buf[chunkRoom : chunkRoom+n]
			if u.r.Framing == Chunked {
				part = frameChunk(buf[:], n)
			}
			if !u.write(part) {
				return false
			}
			u.sent += int64(n)
		}
		if err == io.EOF {
			return u.r.Framing != Chunked || u.write([]byte(lastChunk))
		}
		if err != nil {
			u.fail(err)
			return false
		}
	}
}

// fail ends the exchange because the caller's body cannot be read.
func (u *upload) fail(err error) {
	if u.stopped.Load() {
		return
	}
	u.err = fmt.Errorf("the request's body: %w", err)
	u.c.net.SetReadDeadline(longAgo)
}

// proceed lets the body go out.
func (u *upload) proceed() {
	if u.started {
		select {
		case u.gate <- struct{}{}:
		default:
		}
	}
}

// finish stops the sending, waits for its end and tells how far it got. A
// sender that has nothing left to write is not disturbed.
func (u *upload) finish() (sent int64, whole bool, err error) {
	if u.late {
		return u.sent, u.c.poll.asked == nil && u.err == nil, cmp.Or(u.err, u.c.poll.asked)
	}
	if !u.started {
		return u.sent, u.whole, u.err
	}
	select {
	case <-u.done:
	default:
		u.breakOff()
		<-u.done
	}
	return u.sent, u.whole, u.err
}

func (u *upload) breakOff() {
	u.stopped.Store(true)
	close(u.quit)
	u.c.net.SetWriteDeadline(longAgo)
	if closer, ok := u.r.Body.(io.Closer); ok {
		if _, seekable := u.r.Body.(io.Seeker); !seekable {
			closer.Close()
		}
	}
}
