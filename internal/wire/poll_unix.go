//go:build unix

package wire

import (
	"io"
	"net"
	"os"
	"syscall"
)

// A rawReader reads a socket without waiting.
type rawReader struct {
	conn syscall.RawConn
	f    func(fd uintptr) bool
	b    []byte
	n    int
	err  error
}

// read reports ok false when c is not a socket.
func (r *rawReader) read(c net.Conn, b []byte) (n int, err error, ok bool) {
	if r.conn == nil {
		sc, is := c.(syscall.Conn)
		if !is {
			return 0, nil, false
		}
		if r.conn, err = sc.SyscallConn(); err != nil {
			return 0, err, true
		}
		r.f = func(fd uintptr) bool {
			r.n, r.err = syscall.Read(int(fd), r.b)
			return true
		}
	}
	r.b = b
	err = r.conn.Read(r.f)
	r.b = nil
	switch {
	case err != nil:
		return 0, err, true
	case r.err == syscall.EAGAIN || r.err == syscall.EINTR:
		return 0, os.ErrDeadlineExceeded, true
	case r.err != nil:
		return 0, r.err, true
	case r.n == 0:
		return 0, io.EOF, true
	}
	return r.n, nil, true
}
