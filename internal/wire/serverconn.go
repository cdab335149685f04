package wire

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// States of a server's connection.
const (
	idle   int32 = iota // waits for the first byte of a request
	active              // reads or answers one
	ended               // Shutdown has closed it
)

// A serverConn is one connection that a Server reads requests from.
type serverConn struct {
	s     *Server
	raw   net.Conn
	tls   bool
	addr  string
	br    *bufio.Reader
	bw    *bufio.Writer
	head  []byte // scratch
	state atomic.Int32
	wait  time.Duration // deadline for each single read; 0: the one that is set
}

func newServerConn(s *Server, raw net.Conn) *serverConn {
	_, secure := raw.(interface{ HandshakeContext(context.Context) error })
	return &serverConn{s: s, raw: raw, tls: secure, addr: raw.RemoteAddr().String()}
}

// Read is the bufio.Reader's source.
func (c *serverConn) Read(p []byte) (int, error) {
	if c.wait > 0 {
		c.raw.SetReadDeadline(time.Now().Add(c.wait))
	}
	return c.raw.Read(p)
}

// Write is the bufio.Writer's sink.
func (c *serverConn) Write(p []byte) (int, error) {
	c.raw.SetWriteDeadline(time.Now().Add(orElse(c.s.SendTimeout, 30*time.Second)))
	return c.raw.Write(p)
}

func (c *serverConn) serve() {
	c.br, c.bw = readers.Get().(*bufio.Reader), writers.Get().(*bufio.Writer)
	c.br.Reset(c)
	c.bw.Reset(c)
	defer func() {
		c.raw.Close()
		c.br.Reset(nil)
		c.bw.Reset(nil)
		readers.Put(c.br)
		writers.Put(c.bw)
	}()
	ctx, cancel := context.WithCancel(c.s.ctx)
	defer cancel()
	patience := orElse(c.s.HeadTimeout, 10*time.Second)
	for c.await(patience) && c.one(ctx) {
		patience = orElse(c.s.IdleTimeout, 2*time.Minute)
		c.state.Store(idle)
		if c.s.isClosing() {
			return
		}
	}
}

// await waits for the first byte of a request.
func (c *serverConn) await(patience time.Duration) bool {
	c.wait = 0
	if c.br.Buffered() == 0 {
		c.raw.SetReadDeadline(time.Now().Add(patience))
	}
	if _, err := c.br.Peek(1); err != nil {
		return false
	}
	return c.state.CompareAndSwap(idle, active)
}

// one reads and answers one request and tells whether another may follow.
func (c *serverConn) one(ctx context.Context) (more bool) {
	in, err := c.readRequest()
	if err != nil {
		return false
	}
	defer func() {
		if v := recover(); v != nil {
			more = false
			if c.s.Panic != nil {
				c.s.Panic(v)
			}
		}
	}()
	body := c.attach(in)
	res := c.s.Handler(ctx, in)
	if res == nil {
		return false
	}
	return c.answer(*res, in, body)
}

// answer sends res and tells whether the connection lives on.
func (c *serverConn) answer(res Response, in *Inbound, body *inBody) bool {
	if body != nil {
		body.closed = true
	}
	c.settle(body, in, &res)
	whole := c.send(&res, in)
	if whole && res.Close {
		c.linger()
	}
	return whole && !res.Close && (body.ended() || c.discard(body, orElse(c.s.BodyTimeout, 30*time.Second)))
}

// send writes res and is done with its body, even when that panics.
func (c *serverConn) send(res *Response, in *Inbound) (whole bool) {
	if closer, ok := res.Body.(io.Closer); ok {
		defer closer.Close()
	}
	return res.writeTo(c, in)
}

// readRequest reads the next head. An error means that there is nobody to
// answer; a hostile head is an Inbound.
func (c *serverConn) readRequest() (*Inbound, error) {
	if b, _ := c.br.Peek(c.br.Buffered()); !bytes.Contains(b, []byte("\r\n\r\n")) {
		c.raw.SetReadDeadline(time.Now().Add(orElse(c.s.HeadTimeout, 10*time.Second)))
	}
	limit := orElse(c.s.Head, headLimit)
	if err := c.skipEmptyLine(); err != nil {
		return nil, err
	}
	head, err := readHead(c.br, c.head[:0], limit, firstLine)
	c.head = head[:0]
	if err != nil && !errors.Is(err, ErrSyntax) {
		return nil, err
	}
	in := parseRequestHead(string(head))
	in.RemoteAddr, in.TLS = c.addr, c.tls
	if err == errHeadTooLarge {
		in.Bad = tooLarge(head, limit)
	}
	return in, nil
}

// skipEmptyLine passes over one empty line before a request, which RFC 9112
// section 2.2 asks a server to do.
func (c *serverConn) skipEmptyLine() error {
	b, err := c.br.Peek(1)
	if err == nil && b[0] == '\r' {
		if b, err = c.br.Peek(2); err == nil && b[1] == '\n' {
			c.br.Discard(2)
		}
	}
	return err
}

// firstLine refuses what is no request line as soon as it is there.
func firstLine(line []byte) error {
	if bytes.Count(line, []byte(" ")) != 2 {
		return syntax("request line")
	}
	return nil
}

func tooLarge(head []byte, limit int) *HeadError {
	if bytes.IndexByte(head, '\n') < 0 || bytes.IndexByte(head, '\n') >= limit {
		return bad(TargetTooLarge, "the request line has more than %d bytes", limit)
	}
	return bad(HeadTooLarge, "the head has more than %d bytes", limit)
}

// attach gives in its body; nil when there is none.
func (c *serverConn) attach(in *Inbound) *inBody {
	in.Body = empty{}
	if in.Bad != nil {
		in.keep, in.Length = false, 0
		return nil
	}
	if in.Length == 0 {
		return nil
	}
	c.wait = orElse(c.s.BodyTimeout, 30*time.Second)
	b := &inBody{c: c, from: c.br, left: in.Length, pending: in.expect}
	if in.Framing == Chunked {
		in.trailers = &chunkReader{br: c.br, limit: headLimit}
		b.from = in.trailers
	}
	in.Body = b
	return b
}

type empty struct{}

func (empty) Read([]byte) (int, error) { return 0, io.EOF }

// settle decides, before the head goes out, whether the connection can live
// on after a body that the handler has not read to its end.
func (c *serverConn) settle(body *inBody, in *Inbound, res *Response) {
	if !in.keep || res.Close || body.ended() {
		return
	}
	switch {
	case body.pending || body.err != nil || body.left > c.drain():
		res.Close = true
	case body.left < 0:
		// Where chunks end cannot be foreseen, so they are read before the answer.
		res.Close = !c.discard(body, orElse(c.s.Linger, 500*time.Millisecond))
	}
}

func (c *serverConn) drain() int64 {
	return orElse(c.s.Drain, 256<<10)
}

// discard reads the rest of a body away, within a time, and tells whether it
// reached the end.
func (c *serverConn) discard(body *inBody, within time.Duration) bool {
	c.wait = 0
	c.raw.SetReadDeadline(time.Now().Add(within))
	buf := partBuffers.Get().(*partBuffer)
	defer partBuffers.Put(buf)
	for n := int64(0); body.err == nil && n <= c.drain(); {
		m, _ := body.read(buf[:])
		n += int64(m)
	}
	return body.err == io.EOF
}

// sendContinue tells the client to go on.
func (c *serverConn) sendContinue() error {
	c.bw.WriteString("HTTP/1.1 100 Continue\r\n\r\n")
	return c.bw.Flush()
}

// linger ends the sending side and reads on for a bounded while: closing a
// socket with unread bytes resets it, and takes the last answer away from the
// client.
func (c *serverConn) linger() {
	half, ok := c.raw.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	c.wait = 0
	c.raw.SetReadDeadline(time.Now().Add(orElse(c.s.Linger, 500*time.Millisecond)))
	io.CopyN(io.Discard, c.raw, c.drain())
}
