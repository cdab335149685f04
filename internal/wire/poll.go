package wire

import (
	"net"
	"os"
	"time"
)

// A pollConn can be read without waiting: then what has not arrived yet is a
// timeout. It stands below TLS, so that session tickets, which may come at any
// time, are not taken for an unsolicited reply.
type pollConn struct {
	net.Conn
	now   bool
	raw   rawSocket
	ask   []byte // is written when the next Read begins
	asked error  // why that failed
	wrote bool   // any byte of it
}

// Read waits for data unless now is set.
func (p *pollConn) Read(b []byte) (int, error) {
	if p.ask != nil {
		return p.exchange(b)
	}
	if !p.now {
		return p.Conn.Read(b)
	}
	if n, err, ok := p.raw.read(p.Conn, b); ok {
		return n, err
	}
	// Not a socket: the shortest wait that still looks.
	p.Conn.SetReadDeadline(time.Now().Add(time.Millisecond))
	defer p.Conn.SetReadDeadline(time.Time{})
	return p.Conn.Read(b)
}

// later has out written when the next Read begins, and reports false where it has to
// be written at once.
func (p *pollConn) later(out []byte) bool {
	if !p.raw.of(p.Conn) {
		return false
	}
	p.ask, p.asked, p.wrote = out, nil, false
	return true
}

// exchange writes what was left for this Read. Where that fails there may be a reply
// all the same.
func (p *pollConn) exchange(b []byte) (int, error) {
	n, rest, err := p.raw.exchange(p.ask, b)
	p.wrote = len(rest) < len(p.ask)
	p.ask = nil
	if len(rest) == 0 {
		return n, err
	}
	more, failed := p.Conn.Write(rest)
	p.wrote, p.asked = p.wrote || more > 0, failed
	if err != nil {
		return 0, err
	}
	return p.Conn.Read(b)
}

// quiet tells whether the connection is open and holds no unread byte.
func (c *Conn) quiet() bool {
	if c.deadline {
		c.net.SetDeadline(time.Time{})
		c.deadline = false
	}
	c.poll.now = true
	defer func() { c.poll.now = false }()
	_, err := c.br.Peek(1)
	return os.IsTimeout(err)
}
