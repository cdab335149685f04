//go:build unix

package wire

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
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

// A request that the first read of its reply writes comes whole, is answered early,
// is sent again where the kept connection was closed, and is not waited for for ever.
func TestWrittenByTheRead(t *testing.T) {
	whole := func(c net.Conn, br *bufio.Reader) {
		readRawHead(br)
		n, _ := io.CopyN(io.Discard, br, atOnce)
		io.WriteString(c, ok+"Content-Length: 5\r\n\r\n"+itoa(int(n)))
	}
	tests := []struct {
		name  string
		serve []func(c net.Conn, br *bufio.Reader) // of each exchange
		want  string                               // of the second one
		conns int
	}{
		{"whole", []func(net.Conn, *bufio.Reader){whole, whole}, itoa(atOnce), 1},
		{"early", []func(net.Conn, *bufio.Reader){whole, func(c net.Conn, br *bufio.Reader) {
			readRawHead(br)
			io.WriteString(c, "HTTP/1.1 408 Slow\r\nContent-Length: 5\r\nConnection: close\r\n\r\nearly")
			io.Copy(io.Discard, br)
		}}, "early", 1},
		{"closed", []func(net.Conn, *bufio.Reader){whole, nil, whole}, itoa(atOnce), 2},
		{"silent", []func(net.Conn, *bufio.Reader){whole, func(c net.Conn, br *bufio.Reader) { io.Copy(io.Discard, br) }}, "timeout", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr, conns := narrow(t, tt.serve)
			tr := &Transport{Eager: true, DialFunc: dialNarrow}
			defer tr.CloseIdle()
			l := Limits{Bound: true, Timeout: time.Minute}
			for last := range 2 {
				switch {
				case last == 1 && tt.want == "timeout":
					l.Timeout = time.Millisecond
				case last == 1 && tt.conns == 2: // nothing can be written to a socket that is closed
					awaitInput(t, tr.idle[addr][0].poll.Conn.(syscall.Conn))
				}
				got, r := "", put(strings.Repeat("x", atOnce))
				reply, err := tr.Exchange(t.Context(), addr, r, l)
				var te *TransportError
				switch {
				case err == nil:
					got = string(reply.Body)
				case errors.As(err, &te) && te.Timeout():
					got = "timeout"
				}
				if last == 1 && got != tt.want || last == 0 && got != itoa(atOnce) {
					t.Errorf("exchange %d: %q and %v, want %q", last+1, got, err, tt.want)
				}
			}
			if n := int(conns.Load()); n != tt.conns {
				t.Errorf("%d connections, want %d", n, tt.conns)
			}
		})
	}
}

// A load looks at a connection that has been idle for a while: a server that has
// closed it meanwhile has done nothing wrong. One that was used a moment ago it does not
// look at, and what a server does to that is counted.
func TestEagerLooksAtColdConnections(t *testing.T) {
	for _, tt := range []struct {
		idle time.Duration
		well bool
	}{{0, false}, {moment, true}} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr := l.Addr().String()
		var wg sync.WaitGroup
		wg.Go(func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				readRawHead(bufio.NewReader(c))
				io.WriteString(c, empty200)
				c.Close()
			}
		})
		tr := &Transport{Eager: true}
		for again := range 2 {
			_, err := tr.Exchange(t.Context(), addr, get("/"), Limits{Bound: true})
			if want := again == 0 || tt.well; (err == nil) != want {
				t.Errorf("exchange %d after %v: %v, want success: %v", again+1, tt.idle, err, want)
			}
			if again == 0 {
				c := tr.idle[addr][0]
				awaitInput(t, c.poll.Conn.(syscall.Conn))
				c.idle = c.idle.Add(-tt.idle)
				if tt.idle == 0 {
					c.idle = c.idle.Add(time.Hour) // however slow this machine is
				}
			}
		}
		tr.CloseIdle()
		l.Close()
		wg.Wait()
	}
}

// narrow serves exchange after exchange on sockets that take little at once, as those
// of Unix do; nil closes the connection instead.
func narrow(t *testing.T, list []func(net.Conn, *bufio.Reader)) (addr string, conns *atomic.Int32) {
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "socket"))
	if err != nil {
		t.Fatal(err)
	}
	conns = new(atomic.Int32)
	var wg sync.WaitGroup
	wg.Go(func() {
		for len(list) > 0 {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns.Add(1)
			br := bufio.NewReader(c)
			for len(list) > 0 && list[0] != nil {
				list[0](c, br)
				list = list[1:]
			}
			list = list[min(1, len(list)):]
			c.Close()
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	return l.Addr().String(), conns
}

func dialNarrow(ctx context.Context, _, addr string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, "unix", addr)
	if err == nil {
		c.(*net.UnixConn).SetWriteBuffer(1 << 10)
	}
	return c, err
}
