//go:build unix

package wire

import (
	"io"
	"net"
	"syscall"
	"testing"
)

// On a socket the check does not wait, and takes both data and an end for a
// reason to drop the connection.
func TestQuietSocket(t *testing.T) {
	for name, act := range map[string]func(c net.Conn){
		"unasked reply": func(c net.Conn) { io.WriteString(c, empty200) },
		"end":           func(c net.Conn) { c.Close() },
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		client, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		server, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		c := NewConn(client, "a")
		for range 2 {
			if !c.Reusable() {
				t.Errorf("%s: a quiet connection is not reusable", name)
			}
		}
		act(server)
		awaitInput(t, client.(syscall.Conn))
		if c.Reusable() {
			t.Errorf("%s: the connection passes for quiet", name)
		}
		c.Close()
		server.Close()
		l.Close()
	}
}

// awaitInput blocks until the socket is readable, without reading.
func awaitInput(t *testing.T, c syscall.Conn) {
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	err = raw.Read(func(fd uintptr) bool {
		looked++
		_, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK)
		return err != syscall.EAGAIN
	})
	if err != nil || looked == 0 {
		t.Fatal(err)
	}
}
