package target

import (
	"context"
	"crypto/tls"
	"net"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// checkKept sends one request twice on one connection and compares the replies:
// a target that sends bytes nobody asked for gives the second request the reply
// to none. A target that ends the connection is left alone.
func (o *Opened) checkKept(ctx context.Context, p *Preflight) bool {
	conn, err := o.dial(ctx)
	if err != nil {
		return p.fails("connection", "%s", o.noReply(err))
	}
	defer conn.Close()
	first, err := o.onto(ctx, conn)
	if err != nil {
		return p.fails("connection", "%s", o.noReply(err))
	}
	second, err := o.onto(ctx, conn)
	switch {
	case err != nil:
		return p.holds("connection", "the target ends connections after a reply")
	case second.Status != first.Status || second.Fields.Has("Date") != first.Fields.Has("Date"):
		return p.fails("connection", "expected the same reply to the same request, got status %d and then, on the kept connection, %d: "+
			"the target sends bytes that belong to no reply; look into whatever writes its replies", first.Status, second.Status)
	}
	return p.holds("connection", "connections can be kept")
}

// dial opens a connection that nothing mends.
func (o *Opened) dial(ctx context.Context) (*wire.Conn, error) {
	at := o.Owner.Endpoint
	addr := o.Owner.Transport.Connect
	if addr == "" {
		addr = withPort(at)
	}
	ctx, cancel := context.WithTimeout(ctx, min(o.config.timeout(), 10*time.Second))
	defer cancel()
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, &wire.TransportError{Phase: wire.Dial, Addr: addr, Err: err}
	}
	if !at.Secure {
		return wire.NewConn(raw, addr), nil
	}
	trust := &tls.Config{}
	if o.Owner.Transport.TLS != nil {
		trust = o.Owner.Transport.TLS.Clone()
	}
	trust.ServerName, _, _ = net.SplitHostPort(withPort(at))
	secure := tls.Client(raw, trust)
	if err := secure.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, &wire.TransportError{Phase: wire.Dial, Addr: addr, Err: err}
	}
	return wire.NewConn(secure, addr), nil
}

// withPort is the endpoint's host with its port.
func withPort(at client.Endpoint) string {
	if _, _, err := net.SplitHostPort(at.Host); err == nil {
		return at.Host
	}
	if at.Secure {
		return net.JoinHostPort(at.Host, "443")
	}
	return net.JoinHostPort(at.Host, "80")
}

func (o *Opened) onto(ctx context.Context, conn *wire.Conn) (*wire.Reply, error) {
	r, _, err := o.Owner.Build(client.Call{Method: "GET", Bucket: o.Bucket, Key: o.Run + "/preflight", Anonymous: true})
	if err != nil {
		return nil, err
	}
	if o.Owner.Admit != nil {
		if err := o.Owner.Admit(ctx, client.Sending{Request: r, Note: "preflight"}); err != nil {
			return nil, err
		}
	}
	return conn.Do(ctx, r, wire.Limits{Timeout: o.config.timeout()})
}
