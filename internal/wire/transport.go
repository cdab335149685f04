package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// A Transport keeps idle connections and does exchanges on them. The zero
// value works. Proxy variables of the environment are ignored: what is tested
// is the endpoint, not what stands before it. Its fields must not change once
// it is in use.
type Transport struct {
	// Connect is the HOST:PORT to which connections go instead of the
	// address of the call; Host field and TLS server name stay.
	Connect string
	// TLS is used for https addresses; nil means the system's roots.
	TLS *tls.Config
	// Limits bound each exchange.
	Limits Limits
	// DialTimeout bounds connecting and the TLS handshake; 0: 10 s.
	DialTimeout time.Duration
	// IdleMax is the number of idle connections kept per address; 0: 64,
	// below 0: none.
	IdleMax int
	// IdleTimeout is how long an idle connection is kept; 0: 30 s.
	IdleTimeout time.Duration
	// Eager takes a kept connection that was used a moment ago without a look at
	// whether it is still open; one that is not is noticed when no reply comes.
	Eager bool
	// DialFunc replaces the dialling of TCP.
	DialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

	mu   sync.Mutex
	idle map[string][]*Conn
}

// Do sends r to addr and returns the reply. addr is HOST:PORT, or a URL's
// scheme, host and optional port: https://HOST speaks TLS. fresh asks for a
// connection of its own, closed afterwards. The request is written once, but
// for one case: where the peer closes a kept connection without a byte of a
// reply, it is written once more, on a new one. That needs a body that is nil or
// an io.Seeker, and a method that may be repeated (RFC 9110 section 9.2.2: any
// here but POST) or no byte written. Errors are *TransportError.
func (t *Transport) Do(ctx context.Context, addr string, r *Request, fresh bool) (*Reply, error) {
	if fresh {
		return t.once(ctx, addr, r)
	}
	return t.Exchange(ctx, addr, r, t.Limits)
}

// Exchange is Do on a kept connection, within limits of its own. Where they are
// Bound a request is only written again when no byte of it was written: what a
// load does is counted, not mended.
func (t *Transport) Exchange(ctx context.Context, addr string, r *Request, l Limits) (*Reply, error) {
	if c := t.take(addr); c != nil {
		start, rewindable := bodyStart(r.Body)
		reply, err := c.Do(ctx, r, l)
		if err == nil {
			t.put(addr, c)
			return reply, nil
		}
		c.Close()
		if !rewindable || ctx.Err() != nil || !c.repeatable(r, l, err) {
			return reply, err
		}
		if err := rewind(r.Body, start); err != nil {
			return nil, &TransportError{Phase: Write, Addr: c.addr, Err: err}
		}
	}
	c, err := t.dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	reply, err := c.Do(ctx, r, l)
	t.put(addr, c)
	return reply, err
}

// repeatable tells whether a request that ended in err may be written again.
func (c *Conn) repeatable(r *Request, l Limits, err error) bool {
	return c.silent && closedByPeer(err) && (!c.wrote || !l.Bound && r.Method != "POST")
}

func (t *Transport) once(ctx context.Context, addr string, r *Request) (*Reply, error) {
	c, err := t.dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.Do(ctx, r, t.Limits)
}

// bodyStart tells where a body stands, and whether it can be brought back there.
func bodyStart(body io.Reader) (int64, bool) {
	if body == nil {
		return 0, true
	}
	s, ok := body.(io.Seeker)
	if !ok {
		return 0, false
	}
	at, err := s.Seek(0, io.SeekCurrent)
	return at, err == nil
}

func rewind(body io.Reader, start int64) error {
	if body == nil {
		return nil
	}
	_, err := body.(io.Seeker).Seek(start, io.SeekStart)
	return err
}

// CloseIdle closes the connections that are idle now.
func (t *Transport) CloseIdle() {
	t.mu.Lock()
	idle := t.idle
	t.idle = nil
	t.mu.Unlock()
	for _, conns := range idle {
		for _, c := range conns {
			c.Close()
		}
	}
}

// Release has the idle connections outlive the context that they are bound to.
func (t *Transport) Release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, conns := range t.idle {
		for _, c := range conns {
			c.release()
		}
	}
}

// moment is how long a connection that was used is not looked at again.
const moment = 100 * time.Millisecond

// take returns the idle connection to addr that was used last, or nil.
// Connections that are out of step are dropped on the way.
func (t *Transport) take(addr string) *Conn {
	for {
		c := t.pop(addr)
		if c == nil {
			return nil
		}
		idle := time.Since(c.idle)
		c.warm = idle < moment
		if !c.lost() && idle < orElse(t.IdleTimeout, 30*time.Second) && (t.Eager && c.warm && c.br.Buffered() == 0 || c.Reusable()) {
			return c
		}
		c.Close()
	}
}

func (t *Transport) pop(addr string) *Conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	conns := t.idle[addr]
	if len(conns) == 0 {
		return nil
	}
	c := conns[len(conns)-1]
	conns[len(conns)-1] = nil
	t.idle[addr] = conns[:len(conns)-1]
	return c
}

// put keeps c for another exchange, or closes it.
func (t *Transport) put(addr string, c *Conn) {
	if c.broken || c.br.Buffered() > 0 || !t.keep(addr, c) {
		c.Close()
	}
}

func (t *Transport) keep(addr string, c *Conn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	limit := orElse(t.IdleMax, 64)
	if len(t.idle[addr]) >= limit {
		return false
	}
	if t.idle == nil {
		t.idle = make(map[string][]*Conn)
	}
	c.idle = time.Now()
	t.idle[addr] = append(t.idle[addr], c)
	return true
}

func (t *Transport) dial(ctx context.Context, addr string) (*Conn, error) {
	hostport, secure := splitOrigin(addr)
	to := hostport
	if t.Connect != "" {
		to = t.Connect
	}
	ctx, cancel := context.WithTimeout(ctx, orElse(t.DialTimeout, 10*time.Second))
	defer cancel()
	dial := t.DialFunc
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	raw, err := dial(ctx, "tcp", to)
	if err != nil {
		return nil, &TransportError{Phase: Dial, Addr: to, Err: err}
	}
	if !secure {
		return NewConn(raw, to), nil
	}
	p := &pollConn{Conn: raw}
	conn := tls.Client(p, t.tlsConfig(hostport))
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, &TransportError{Phase: Dial, Addr: to, Err: err}
	}
	return newConn(conn, p, to), nil
}

func (t *Transport) tlsConfig(hostport string) *tls.Config {
	cfg := new(tls.Config)
	if t.TLS != nil {
		cfg = t.TLS.Clone()
	}
	if cfg.ServerName == "" {
		cfg.ServerName, _, _ = net.SplitHostPort(hostport)
	}
	cfg.NextProtos = []string{"http/1.1"}
	return cfg
}

// splitOrigin takes scheme and path off an address and adds the scheme's port.
func splitOrigin(addr string) (hostport string, secure bool) {
	port := ""
	if scheme, rest, ok := strings.Cut(addr, "://"); ok {
		secure = strings.EqualFold(scheme, "https")
		addr, _, _ = strings.Cut(rest, "/")
		port = "80"
		if secure {
			port = "443"
		}
	}
	if _, _, err := net.SplitHostPort(addr); err != nil && port != "" {
		var missing *net.AddrError
		if errors.As(err, &missing) {
			return net.JoinHostPort(strings.Trim(addr, "[]"), port), secure
		}
	}
	return addr, secure
}

// orElse returns the default for a setting that is not set.
func orElse[N int | int64 | time.Duration](n, otherwise N) N {
	if n == 0 {
		return otherwise
	}
	return n
}
