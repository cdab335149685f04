// Package client signs and sends what a case asks for, once: no retries, no
// redirects, no mended headers. An error is one of transport; any HTTP status
// is a Reply.
package client

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/exchange"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// An Endpoint is where requests go. What is dialled instead (--connect) is the
// transport's business.
type Endpoint struct {
	Secure bool          // https
	Host   string        // authority: name or address, with the port where it is not the default
	Style  dialect.Style // where the bucket stands
}

// URL is the endpoint as a URL without a path.
func (e Endpoint) URL() string {
	if e.Secure {
		return "https://" + e.Host
	}
	return "http://" + e.Host
}

// Keys are an account's credentials.
type Keys struct {
	AccessKey, SecretKey, Token string
	Ends                        time.Time // of the token; zero: never. A private emulator refuses it afterwards
}

// A Client is one account at one endpoint. It is safe for concurrent use; copy
// it to change a field.
type Client struct {
	Dialect   *dialect.Dialect
	Scheme    sign.Scheme
	Endpoint  Endpoint
	Region    string
	Keys      Keys
	Now       func() time.Time
	Transport *wire.Transport
	// Untraced keeps no steps of the signatures, for clients that send many.
	Untraced bool
	// Admit, when set, is asked before each request and may wait (rate) or
	// refuse (budget, or a feature that the target does not have).
	Admit func(ctx context.Context, s Sending) error
	// Slots, when set, bounds how many requests are under way at once: its room.
	Slots chan struct{}
}

// A Sending is a request that is about to be sent.
type Sending struct {
	*wire.Request
	Bucket, Key, Note string // the call's
	Bytes             int64  // of the body that will be sent
}

// CleanUp is the note of a request that removes what the run made.
const CleanUp = "clean up"

// sending tells of a request; of a head alone no body is sent, whatever it
// declares.
func sending(r *wire.Request, call Call) Sending {
	s := Sending{Request: r, Bucket: call.Bucket, Key: call.Key, Note: call.Note, Bytes: max(r.Length, 0)}
	if r.Framing == wire.HeadOnly {
		s.Bytes = 0
	}
	return s
}

// A Call is one request as a case thinks of it.
type Call struct {
	Method, Bucket, Key string
	Query               []wire.Param
	Fields              wire.Fields
	Body                []byte
	Source              io.Reader // instead of Body
	Length              int64     // bytes in Source, or the length to declare with HeadOnly
	wire.Framing

	Anonymous bool              // no signature
	Scheme    sign.Scheme       // nil: the client's
	Sign      func(*sign.Input) // changes what the signature is made with
	Scratch   *sign.Scratch     // memory of a goroutine that signs one request after the other; nil borrows some
	Before    func(*wire.Request)
	Tamper    func(*wire.Request) // changes the request after signing
	Fresh     bool                // a connection of its own
	Note      string              // said in the evidence
}

// A Reply is the answer to a Call.
type Reply struct {
	*wire.Reply
	Err     dialect.Error // what an error body says; zero where there is none
	Request *wire.Request // as it was sent, its body consumed
	Steps   *sign.Steps   // of our signature; nil for an anonymous request
}

// Do sends the call once. A canceled or expired ctx is an error of transport.
func (c *Client) Do(ctx context.Context, call Call) (*Reply, error) {
	r, steps, err := c.Build(call)
	if err != nil {
		return nil, err
	}
	if c.Admit != nil {
		if err := c.Admit(ctx, sending(r, call)); err != nil {
			return nil, err
		}
	}
	if c.Slots != nil {
		select {
		case c.Slots <- struct{}{}:
			defer func() { <-c.Slots }()
		case <-ctx.Done():
			return nil, fmt.Errorf("%s %s: no request could be begun: %w", r.Method, r.Target, context.Cause(ctx))
		}
	}
	began := c.Now()
	got, err := c.Transport.Do(ctx, c.Endpoint.URL(), r, call.Fresh)
	exchange.FromContext(ctx).Record(r, call.Body, got, err, began, c.Now().Sub(began), call.Note, steps)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.Method, r.Target, err)
	}
	reply := &Reply{Reply: got, Request: r, Steps: steps}
	if got.Status >= 300 && len(got.Body) > 0 {
		reply.Err, _ = c.Dialect.DecodeError(got.Body)
	}
	return reply, nil
}

// Build makes the request of a call: addressed, framed, signed and tampered
// with, ready to be written.
func (c *Client) Build(call Call) (*wire.Request, *sign.Steps, error) {
	r := new(wire.Request)
	steps, err := c.BuildInto(r, call)
	if err != nil {
		return nil, nil, err
	}
	return r, steps, nil
}

// BuildInto is Build in the memory of a request that is no longer needed; of what
// it held only the room for its fields is used again.
func (c *Client) BuildInto(r *wire.Request, call Call) (*sign.Steps, error) {
	c.address(r, call)
	if call.Before != nil {
		call.Before(r)
	}
	var steps *sign.Steps
	if !call.Anonymous {
		if !c.Untraced {
			steps = &sign.Steps{}
		}
		if err := c.sign(r, call, steps); err != nil {
			return nil, fmt.Errorf("client: cannot sign %s %s: %w", r.Method, r.Target, err)
		}
	}
	if call.Tamper != nil {
		call.Tamper(r)
	}
	return steps, nil
}

func (c *Client) address(r *wire.Request, call Call) {
	host, target := c.Dialect.Address(c.Endpoint.Style, c.Endpoint.Host, call.Bucket, call.Key)
	if len(call.Query) > 0 {
		target = string(wire.AppendQuery(append([]byte(target), '?'), call.Query))
	}
	fields := slices.Grow(r.Fields[:0], len(call.Fields)+8)
	*r = wire.Request{Method: call.Method, Target: target, Framing: call.Framing, Fields: append(fields, wire.Field{Name: "Host", Value: host})}
	r.Fields = append(r.Fields, call.Fields...)
	c.frame(r, call)
}

// frame attaches the body and announces it, unless the call's own fields do.
func (c *Client) frame(r *wire.Request, call Call) {
	r.Body, r.Length = call.Source, call.Length
	if call.Source == nil && call.Framing != wire.HeadOnly {
		r.Body, r.Length = bytes.NewReader(call.Body), int64(len(call.Body))
	}
	if r.Fields.Has("Content-Length") || r.Fields.Has("Transfer-Encoding") {
		return
	}
	switch {
	case call.Framing == wire.Chunked:
		r.Fields.Add("Transfer-Encoding", "chunked")
	case r.Length > 0 || call.Method == "PUT" || call.Method == "POST":
		r.Fields.Add("Content-Length", strconv.FormatInt(r.Length, 10))
	}
}

func (c *Client) sign(r *wire.Request, call Call, steps *sign.Steps) error {
	scheme := c.Scheme
	if call.Scheme != nil {
		scheme = call.Scheme
	}
	at := dialect.Location{Bucket: call.Bucket, Key: call.Key}
	var in *sign.Input
	if call.Scratch != nil {
		in = &call.Scratch.Input
	} else {
		in = new(sign.Input)
	}
	*in = sign.Input{
		AccessKey: c.Keys.AccessKey, SecretKey: c.Keys.SecretKey, Token: c.Keys.Token,
		Time: c.Now(), Region: c.Region, Resource: at.Resource(), Scratch: call.Scratch,
	}
	if call.Sign != nil {
		call.Sign(in)
	}
	if name := c.Dialect.DateField; name != "" && !in.Presign {
		sign.SetAbsent(r, name, sign.Stamp(in.Time, "2006-01-02T15:04:05Z"))
	}
	return sign.Apply(scheme, r, in, steps)
}
