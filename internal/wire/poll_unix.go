//go:build unix

package wire

import (
	"io"
	"net"
	"os"
	"syscall"
)

// A rawSocket reads a socket without waiting, and writes and reads it in one step.
type rawSocket struct {
	conn       syscall.RawConn
	look, turn func(fd uintptr) bool
	out        []byte // still to be written
	written    bool   // all of it, or as much as went
	b          []byte
	n          int
	err        error
}

// of tells whether c is a socket.
func (r *rawSocket) of(c net.Conn) bool {
	if r.conn != nil {
		return true
	}
	sc, is := c.(syscall.Conn)
	if !is {
		return false
	}
	conn, err := sc.SyscallConn()
	if err != nil {
		return false
	}
	r.conn, r.look, r.turn = conn, r.lookAt, r.turnOn
	return true
}

// read reports ok false when c is not a socket.
func (r *rawSocket) read(c net.Conn, b []byte) (n int, err error, ok bool) {
	if !r.of(c) {
		return 0, nil, false
	}
	r.b = b
	err = r.conn.Read(r.look)
	r.b = nil
	if err == nil && (r.err == syscall.EAGAIN || r.err == syscall.EINTR) {
		err = os.ErrDeadlineExceeded
	}
	if err != nil {
		return 0, err, true
	}
	n, err = r.came()
	return n, err, true
}

func (r *rawSocket) lookAt(fd uintptr) bool {
	r.n, r.err = syscall.Read(int(fd), r.b)
	return true
}

// exchange writes out and reads what comes then. rest is what the socket did not
// take: nothing has been read then.
//
// Go's Read tries before it waits, which for the reply to a request that has just
// been written is a system call in vain. Here the wait is made ready first, then
// comes the write, then the wait: what the peer answers ends it.
func (r *rawSocket) exchange(out, b []byte) (n int, rest []byte, err error) {
	r.out, r.b, r.written = out, b, false
	err = r.conn.Read(r.turn)
	rest, r.out, r.b = r.out, nil, nil
	if err != nil || len(rest) > 0 {
		return 0, rest, err
	}
	n, err = r.came()
	return n, nil, err
}

func (r *rawSocket) turnOn(fd uintptr) bool {
	if !r.written {
		n, _ := syscall.Write(int(fd), r.out) // an error comes again where the rest is written
		r.out, r.written = r.out[max(n, 0):], true
		return len(r.out) > 0
	}
	r.n, r.err = syscall.Read(int(fd), r.b)
	return r.err != syscall.EAGAIN && r.err != syscall.EINTR
}

// came is what the last read gave.
func (r *rawSocket) came() (int, error) {
	switch {
	case r.err != nil:
		return 0, os.NewSyscallError("read", r.err)
	case r.n == 0:
		return 0, io.EOF
	}
	return r.n, nil
}
