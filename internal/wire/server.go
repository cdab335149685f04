package wire

import (
	"bufio"
	"context"
	"errors"
	"net"
	"sync"
	"syscall"
	"time"
)

// ErrClosed is returned by Serve after Close or Shutdown.
var ErrClosed = errors.New("wire: server closed")

// A Server reads requests as they are, hostile ones included, and writes what
// its handler answers. Fields must not change once it serves.
type Server struct {
	// Handler answers one request. nil ends the connection without an answer.
	// The context ends with the connection or the server, not when the client
	// goes away. r and its Body must not be used after the return.
	Handler func(ctx context.Context, r *Inbound) *Response
	// Panic, if set, is told what a handler panicked with; the connection
	// is closed in any case.
	Panic func(v any)

	Head        int           // bytes of a request's head; 0: 64 KiB
	Conns       int           // connections at a time, further ones wait; 0: 4096
	Drain       int64         // bytes of an unread body read away to keep the connection; 0: 256 KiB
	HeadTimeout time.Duration // from the first byte of a head to its end, and for the TLS handshake; 0: 10 s
	IdleTimeout time.Duration // wait for a next request; 0: 2 min
	BodyTimeout time.Duration // wait for further bytes of a body; 0: 30 s
	SendTimeout time.Duration // one write; 0: 30 s
	Linger      time.Duration // wait for the client to take the last answer before the connection is cut; 0: 500 ms

	mu        sync.Mutex
	started   bool
	closing   bool
	ctx       context.Context
	cancel    context.CancelFunc
	slots     chan struct{}
	listeners map[net.Listener]struct{}
	conns     map[*serverConn]struct{}
	wg        sync.WaitGroup
}

// Serve accepts connections from l until Close or Shutdown, and then returns
// ErrClosed; l is closed in any case. Connections of a TLS listener are served
// over TLS. It may be called for several listeners.
func (s *Server) Serve(l net.Listener) error {
	defer l.Close()
	if !s.begin(l) {
		return ErrClosed
	}
	defer s.wg.Done()
	for {
		select {
		case s.slots <- struct{}{}:
		case <-s.ctx.Done():
			return ErrClosed
		}
		conn, err := l.Accept()
		if err == nil && s.open(conn) {
			continue
		}
		<-s.slots
		if err == nil {
			conn.Close()
		}
		if s.isClosing() {
			return ErrClosed
		}
		if !errors.Is(err, syscall.EMFILE) && !errors.Is(err, syscall.ENFILE) && !errors.Is(err, syscall.ECONNABORTED) {
			return err
		}
		s.pause()
	}
}

// begin registers a listener.
func (s *Server) begin(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	if !s.started {
		s.started = true
		s.ctx, s.cancel = context.WithCancel(context.Background())
		s.slots = make(chan struct{}, orElse(s.Conns, 4096))
		s.listeners = make(map[net.Listener]struct{})
		s.conns = make(map[*serverConn]struct{})
	}
	s.listeners[l] = struct{}{}
	s.wg.Add(1)
	return true
}

// pause lets a shortage of file descriptors pass.
func (s *Server) pause() {
	t := time.NewTimer(5 * time.Millisecond)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.ctx.Done():
	}
}

func (s *Server) isClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// open starts serving one connection.
func (s *Server) open(conn net.Conn) bool {
	c := newServerConn(s, conn)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.conns[c] = struct{}{}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		defer func() { <-s.slots }()
		defer s.forget(c)
		c.serve()
	}()
	return true
}

func (s *Server) forget(c *serverConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// Close ends all listeners and connections at once and waits for their
// handlers. It must not be called by a handler.
func (s *Server) Close() error {
	s.stop(func(c *serverConn) { c.raw.Close() }, true)
	s.wg.Wait()
	return nil
}

// Shutdown ends the listeners and the idle connections, lets running requests
// finish, and returns when all is done; when ctx ends before, it closes what
// is left and returns the context's error. It must not be called by a handler.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stop(func(c *serverConn) {
		if c.state.CompareAndSwap(idle, ended) {
			c.raw.Close()
		}
	}, false)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.wg.Wait()
	}()
	select {
	case <-done:
		return s.Close()
	case <-ctx.Done():
		s.Close()
		<-done
		return context.Cause(ctx)
	}
}

func (s *Server) stop(end func(*serverConn), cancel bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = true
	for l := range s.listeners {
		l.Close()
	}
	for c := range s.conns {
		end(c)
	}
	if cancel && s.cancel != nil {
		s.cancel()
	}
}

var (
	readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 8<<10) }}
	writers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 8<<10) }}
)
