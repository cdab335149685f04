package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
)

// A Wire is the transport of every client: it dials one loopback address,
// whatever the name, and can show what goes over it.
type Wire struct {
	transport *http.Transport
	mu        sync.Mutex
	trace     io.Writer // nil: silent
}

// NewWire makes a transport to address.
func NewWire(address string, trace io.Writer) *Wire {
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}
	return &Wire{transport: &http.Transport{DialContext: dial}, trace: trace}
}

// RoundTrip sends one request.
func (w *Wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.trace == nil {
		return w.transport.RoundTrip(r)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	head, err := httputil.DumpRequestOut(r, false)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(w.trace, "%s", head)
	reply, err := w.transport.RoundTrip(r)
	if err != nil {
		fmt.Fprintln(w.trace, err)
		return nil, err
	}
	whole, err := httputil.DumpResponse(reply, reply.ContentLength < 4096)
	fmt.Fprintf(w.trace, "%s\n\n", whole)
	return reply, err
}

// Client is an HTTP client over the wire. It follows no redirect.
func (w *Wire) Client() *http.Client {
	return &http.Client{Transport: w, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Close ends the idle connections.
func (w *Wire) Close() { w.transport.CloseIdleConnections() }
