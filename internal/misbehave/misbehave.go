// Package misbehave stands in front of a server and breaks one thing about it,
// as a faulty store, gateway or network would. What a mode does not change
// passes byte for byte, the Host field included: requests that a client signed
// for the proxy's address keep their signatures. A request that cannot be
// understood, and all that follows on its connection, is passed on unseen.
package misbehave

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"objectharness/internal/wire"
)

// A mode is one way to misbehave. Unset functions change nothing.
type mode struct {
	name    string
	request func(p *Proxy, q *request) error // before a request goes on; an error ends the connection
	reply   func(q *request, r *reply) error // before a reply goes back; an error ends the connection
	after   func(q *request, r *reply) []byte
	serve   func(p *Proxy, conn *net.TCPConn) // instead of relaying
}

var modes = []mode{
	{name: "none"},
	{name: "leaves-bodies", reply: keepOpen, after: bodyAsRequest},
	{name: "drop-next-position", reply: dropNextPosition},
	{name: "change-next-position", reply: changeNextPosition},
	{name: "wrong-position-accepted", reply: acceptPosition},
	{name: "unquote-etag", reply: unquoteTag},
	{name: "change-etag", reply: changeTag},
	{name: "ignore-condition", request: ignoreCondition},
	{name: "ignore-range", request: ignoreRange},
	{name: "accept-bad-signature", reply: acceptSignature},
	{name: "lose-delete", request: loseDelete},
	{name: "corrupt-byte", reply: corruptByte},
	{name: "change-code", reply: changeCode},
	{name: "change-status", reply: changeStatus},
	{name: "drop-request-id", reply: dropRequestID},
	{name: "down", serve: hang}, // its listener is closed before anybody knows the address
	{name: "hang", serve: hang},
	{name: "reset", serve: reset},
	{name: "garbage", serve: garbage},
	{name: "html", serve: html},
	{name: "dies", request: die},
	{name: "out-of-step", after: unasked},
}

// Modes lists the names of all modes: "none", which changes nothing,
// "leaves-bodies", which changes no answer, the faulty servers, and from "down" on
// the broken ones.
func Modes() []string {
	names := make([]string, len(modes))
	for i, m := range modes {
		names[i] = m.name
	}
	return names
}

// A Proxy is one misbehaving server. Mode and Upstream must be set; nothing may
// change once it is started.
type Proxy struct {
	Mode     string
	Upstream string // HOST:PORT, or a URL with those
	// Resign signs a request anew from which a signed field was taken. Without it
	// ignore-condition and ignore-range leave requests alone whose signature
	// covers the field (S3 and COS cover every field).
	Resign func(*wire.Request) error
	// Requests is how many are served before the mode dies makes an end; 0: 20.
	Requests int64

	mode     mode
	listener *net.TCPListener
	served   atomic.Int64
	wg       sync.WaitGroup

	mu     sync.Mutex
	closed bool
	conns  map[net.Conn]struct{}
	seen   []line // identity fields of the last reply
}

// Start starts a proxy on a free loopback port and returns its HOST:PORT. stop
// ends it with all its connections and waits for them.
func Start(mode, upstream string) (addr string, stop func(), err error) {
	return (&Proxy{Mode: mode, Upstream: upstream}).Start()
}

// Start is the function Start for a proxy with further settings.
func (p *Proxy) Start() (addr string, stop func(), err error) {
	i := slices.IndexFunc(modes, func(m mode) bool { return m.name == p.Mode })
	if i < 0 {
		return "", nil, fmt.Errorf("misbehave: no mode is called %q; there are %s", p.Mode, strings.Join(Modes(), ", "))
	}
	p.mode = modes[i]
	p.Upstream = strings.TrimSuffix(strings.TrimPrefix(p.Upstream, "http://"), "/")
	if p.Requests == 0 {
		p.Requests = 20
	}
	p.conns = map[net.Conn]struct{}{}
	p.listener, err = net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return "", nil, fmt.Errorf("misbehave: %w", err)
	}
	if p.Mode == "down" {
		p.listener.Close()
	}
	p.wg.Add(1)
	go p.accept()
	return p.listener.Addr().String(), p.stop, nil
}

func (p *Proxy) accept() {
	defer p.wg.Done()
	for {
		conn, err := p.listener.AcceptTCP()
		if err != nil {
			if !errors.Is(err, net.ErrClosed) {
				continue
			}
			return
		}
		if !p.own(conn) {
			return
		}
		p.wg.Add(1)
		go func() {
			defer p.wg.Done()
			defer p.drop(conn)
			p.handle(conn)
		}()
	}
}

func (p *Proxy) handle(conn *net.TCPConn) {
	if p.mode.serve != nil {
		p.mode.serve(p, conn)
		return
	}
	up, err := net.Dial("tcp", p.Upstream)
	if err != nil {
		return
	}
	defer p.drop(up)
	if p.own(up) {
		newRelay(p, conn, up.(*net.TCPConn)).run()
	}
}

// own notes a connection, so that stop can end it; false when it came too late.
func (p *Proxy) own(conn net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		conn.Close()
		return false
	}
	p.conns[conn] = struct{}{}
	return true
}

func (p *Proxy) drop(conn net.Conn) {
	conn.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, conn)
}

func (p *Proxy) stop() {
	p.end()
	p.wg.Wait()
}

// end closes the listener and every connection.
func (p *Proxy) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.listener.Close()
	for conn := range p.conns {
		conn.Close()
	}
}
