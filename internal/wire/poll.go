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
	now bool
	raw rawReader
}

// Read waits for data unless now is set.
func (p *pollConn) Read(b []byte) (int, error) {
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
