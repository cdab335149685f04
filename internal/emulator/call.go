package emulator

import (
	"context"
	"errors"
	"io"
	"path"
	"strings"
	"sync/atomic"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/emulator/store"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// A call is one request on its way through the emulator.
type call struct {
	e      *Emulator
	ctx    context.Context
	in     *wire.Inbound
	now    time.Time
	id     string // request id
	second string // the other id of the reply, where the dialect has one
	at     dialect.Location
	query  []wire.Param
	region string // of the endpoint that the request has come to
	kind   string // the operation, by its name across dialects; "" for none

	who        Account // zero for an anonymous request
	scheme     string  // the scheme whose signature was looked at last
	overruled  bool    // a broken rule has let a wrong signature pass
	anonymous  bool
	body       io.Reader   // decoded: without aws-chunked framing
	length     int64       // of body; -1 when not known
	trailer    wire.Fields // that came behind body
	bucket     *store.Bucket
	versioning string       // whether bucket keeps versions, as versioningSetting has it
	acl        string       // Object.ACL of what the request makes, by its header fields
	owner      string       // Object.Owner of what the request makes
	emptied    *atomic.Bool // told that the key of this write was emptied meanwhile; nil where that is nothing

	html bool // refusals are pages for people

	posted *posted // the form that an upload came in; nil for any other request

	reply   *wire.Response
	failed  bool   // the reply reports an error
	refused *fault // why the request was refused; nil: it was not
}

func (e *Emulator) newCall(ctx context.Context, in *wire.Inbound) *call {
	c := &call{e: e, ctx: ctx, in: in, now: e.Now().UTC(), body: in.Body, length: in.Length}
	c.name()
	c.reply = &wire.Response{Status: 200}
	at := c.addressed(e.d.Locate(in.Fields.Get("Host"), in.Target, e.o.Zone))
	c.at, c.region = at, c.regionOf()
	if in.Method == "GET" && !at.Website {
		c.at = pick(c, "path.verbatim", at, cleaned(at))
	}
	target := in.Target
	if e.t.plusBlank {
		target = wire.Blanks(target)
	}
	_, raw := wire.SplitTarget(target)
	c.query = wire.ParseQuery(raw)
	if route, ok := e.route.Find(in.Method, c.at, c.query, in.Fields); ok {
		c.kind = route.Kind
	}
	return c
}

// cleaned is the location with the path as file systems read it: slashes joined,
// dots resolved.
func cleaned(at dialect.Location) dialect.Location {
	if at.HasKey {
		at.Key = strings.TrimPrefix(path.Clean("/"+at.Key), "/")
		at.HasKey = at.Key != ""
	}
	return at
}

// serve walks the request through the checks that every operation shares, in
// the order in which the vendors' servers make them: the head, the signature
// (what it signs is judged before what it asks for), the route, the bucket, the
// operation itself.
func (c *call) serve() error {
	if err := c.checkHead(); err != nil {
		return err
	}
	if c.kind == "Preflight" {
		return c.preflight()
	}
	if c.at.Website && c.e.t.website.served {
		return c.serveSite()
	}
	if err := c.early(); err != nil {
		return err
	}
	handler, unknown := c.route()
	if err := c.authenticate(); err != nil {
		return err
	}
	if unknown != nil {
		return unknown
	}
	if err := c.openBucket(); err != nil && !c.crossGrants() {
		return err
	}
	for _, check := range []func() error{c.elsewhere, c.expected, c.crossServed, c.pays} {
		if err := check(); err != nil {
			return err
		}
	}
	for _, check := range []func() error{c.spared, c.unwell, c.immutable, c.unhurried, c.paced} {
		if err := check(); err != nil {
			return err
		}
	}
	back, err := c.callback()
	if err != nil {
		return err
	}
	if err := handler(c); err != nil || back == nil {
		return err
	}
	return c.callBack(back)
}

// param returns the value of the first query parameter called name.
func (c *call) param(name string) (value string, ok bool) {
	for _, p := range c.query {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}

// field returns the first value of a request header field.
func (c *call) field(name string) string { return c.in.Fields.Get(name) }

// own is a header field of the dialect: own("meta-a") is x-oss-meta-a.
func (c *call) own(name string) string { return c.e.d.Prefix + name }

// A fault is a refusal on its way to the client.
type fault struct {
	said   dialect.Error
	status int
	fields wire.Fields // header fields that go with it
	listed bool        // the status is that of the dialect's table of codes
	rule   string      // that refuses; "" for none
	reason string      // finer code of what is documented, whatever a deviation makes of it
	bare   bool        // no body, as for 304
	close  bool
}

func (f *fault) Error() string { return f.said.Code + ": " + f.said.Message }

// A detail adds to a fault.
type detail func(*fault)

// withExtra adds an element to the error body.
func withExtra(name, value string) detail {
	return func(f *fault) { f.said.Extra = append(f.said.Extra, wire.Field{Name: name, Value: value}) }
}

// withStatus replaces the documented status.
func withStatus(status int) detail { return func(f *fault) { f.status, f.listed = status, false } }

// withMessage replaces the documented message.
func withMessage(text string) detail { return func(f *fault) { f.said.Message = text } }

// closing ends the connection after the refusal.
func closing(f *fault) { f.close = true }

// fault makes the refusal that the dialect documents for code.
func (c *call) fault(code string) *fault {
	a, ok := c.e.d.Codes[code]
	if !ok {
		a = dialect.Answer{Status: 400, Message: code}
	}
	f := &fault{status: a.Status, listed: true}
	f.said.Code, f.said.Message = code, a.Message
	return f
}

// fail turns an error into the reply.
func (c *call) fail(err error) {
	var f *fault
	var refused *sign.Refusal
	switch {
	case errors.As(err, &f):
	case errors.As(err, &refused) && errors.As(c.refusal(refused), &f):
	default:
		f = c.fault("InternalError")
		f.status = 500
	}
	if code := c.e.t.reading.renamed[c.kind+" "+f.said.Code]; code != "" {
		f.said.Code, f.listed = code, false
	}
	if f.listed {
		c.e.rules.used("code " + f.said.Code)
	}
	c.stays(f)
	c.refused = f
	c.reply.Fields = f.fields
	c.reply.Status = f.status
	c.reply.Close = f.close
	c.reply.Body, c.reply.Length = nil, 0
	if !f.bare {
		c.failed = true
		c.sendError(f)
	}
}
