package target

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/dialect/all"
	"objectharness/internal/wire"
)

// PreflightMax bounds each request of the preflight.
const PreflightMax = 10 * time.Second

// A Check is one question of the preflight and its answer in words.
type Check struct {
	Name, Detail string
	OK           bool
}

// A Preflight is what was found before the first case.
type Preflight struct{ Checks []Check }

// OK tells whether every check holds.
func (p *Preflight) OK() bool { return p.Problem() == "" }

// Problem is what is wrong and what to do about it, "" when nothing is.
func (p *Preflight) Problem() string {
	for _, c := range p.Checks {
		if !c.OK {
			return c.Name + ": " + c.Detail
		}
	}
	return ""
}

// RunPreflight asks whether the target speaks the dialect, whether the clocks
// agree and whether the credentials are taken, with one unsigned and one signed
// request; and whether the control interface obeys, where there is one. On the
// target it makes nothing. It ends at the first check that does not hold. The
// error is about settings and wraps ErrUsage.
func RunPreflight(ctx context.Context, c Config) (Preflight, error) {
	c.Timeout = min(c.timeout(), PreflightMax)
	c.Deviate = nil
	o, err := c.connect()
	if err != nil {
		return Preflight{}, err
	}
	defer o.shut()
	p := Preflight{}
	for _, check := range []func(context.Context, *Preflight) bool{o.checkUnsigned, o.checkKept, o.checkSigned, o.checkControl} {
		if !check(ctx, &p) {
			break
		}
	}
	return p, nil
}

// Open opens the target, with its bucket, as one more check. It returns nil when
// that does not hold.
func (p *Preflight) Open(ctx context.Context, c Config) *Opened {
	o, err := Open(ctx, c)
	if err != nil {
		p.fails("bucket", "%v", err)
		return nil
	}
	p.holds("bucket", "bucket %s can be used", o.Bucket)
	return o
}

func (p *Preflight) holds(name, format string, args ...any) bool {
	p.Checks = append(p.Checks, Check{name, fmt.Sprintf(format, args...), true})
	return true
}

func (p *Preflight) fails(name, format string, args ...any) bool {
	p.Checks = append(p.Checks, Check{name, fmt.Sprintf(format, args...), false})
	return false
}

// checkUnsigned asks for an object without a signature: the answer is a
// documented refusal, whatever there is, and its Date is the target's clock.
func (o *Opened) checkUnsigned(ctx context.Context, p *Preflight) bool {
	call := client.Call{Method: "GET", Bucket: o.Bucket, Key: o.Run + "/preflight", Anonymous: true, Fresh: true}
	r, err := o.Owner.Do(ctx, call)
	if err != nil {
		return p.fails("reply", "%s", o.noReply(err))
	}
	p.holds("reply", "%s answers", o.URL)
	if problem := o.foreignForm(r); problem != "" {
		if r.Status < 400 || !o.speaks(ctx) {
			return p.fails("dialect", "%s", problem)
		}
		p.holds("dialect", "a signed request is answered as %s does it, an unsigned one is not: %s", o.Owner.Dialect.Title, described(r))
		return o.checkClock(p, r.Fields.Get("Date"))
	}
	if r.Status < 400 || r.Err.Code == "" {
		return p.fails("dialect", "an unsigned GET of an object that is not there was answered %s; expected a refusal with an error body of %s: %s",
			described(r), o.Owner.Dialect.Title, adviceDialect)
	}
	p.holds("dialect", "an unsigned request is refused as %s does it: %s", o.Owner.Dialect.Title, described(r))
	return o.checkClock(p, r.Fields.Get("Date"))
}

// speaks asks whether a signed listing of the buckets has the dialect's form. A
// gateway of several interfaces, such as OpenStack Swift, takes a request for
// one of a dialect by its signature.
func (o *Opened) speaks(ctx context.Context) bool {
	r, err := o.Owner.Do(ctx, client.Call{Method: "GET", Fresh: true})
	return err == nil && r.Status == 200 && o.listing(r)
}

func (o *Opened) checkClock(p *Preflight, date string) bool {
	there, err := http.ParseTime(date)
	if err != nil {
		return p.fails("clock", "expected an HTTP date in Date, got %q: ask whoever runs the target", date)
	}
	skew := time.Duration(o.Owner.Dialect.Limits.Skew) * time.Second
	if skew == 0 {
		skew = 15 * time.Minute
	}
	off := o.Now().Sub(there)
	if off.Abs() > skew {
		return p.fails("clock", "the target says %s, this machine %s; %s refuses signatures that are more than %v away: set the clock that is wrong",
			there.UTC().Format(time.RFC3339), o.Now().UTC().Format(time.RFC3339), o.Owner.Dialect.Title, skew)
	}
	return p.holds("clock", "the clocks are %v apart, up to %v is accepted", off.Abs().Truncate(time.Second), skew)
}

// checkSigned lists the given bucket, else the account's buckets.
func (o *Opened) checkSigned(ctx context.Context, p *Preflight) bool {
	call, what := client.Call{Method: "GET", Fresh: true}, "listing the account's buckets"
	if o.config.Bucket != "" {
		call.Bucket, what = o.Bucket, "listing bucket "+o.Bucket
	}
	r, err := o.Owner.Do(ctx, call)
	if err != nil {
		return p.fails("signature", "%s", o.noReply(err))
	}
	if problem := o.foreignForm(r); problem != "" {
		return p.fails("dialect", "%s", problem)
	}
	if r.Status != 200 {
		return p.fails("signature", "%s was answered %s; expected 200: %s", what, o.Redactor.Text(described(r)), advice(r))
	}
	if !o.listing(r) {
		return p.fails("signature", "%s was answered 200 with %s; expected a listing of %s: %s", what, excerpt(r.Body), o.Owner.Dialect.Title, adviceDialect)
	}
	p.holds("signature", "%s works with access key %s in region %s, %s style", what, o.Owner.Keys.AccessKey, o.Region, o.Style)
	if n := bytes.Count(r.Body, []byte("<Bucket>")); o.config.Bucket == "" && o.Owner.Dialect.Limits.Buckets > 0 && n >= o.Owner.Dialect.Limits.Buckets {
		return p.fails("quota", "the account has %d buckets of at most %d: remove one, or give an existing one (--bucket)", n, o.Owner.Dialect.Limits.Buckets)
	}
	return true
}

// checkControl has harness serve --control open an emulator and end it again.
func (o *Opened) checkControl(ctx context.Context, p *Preflight) bool {
	if o.config.Control == "" {
		return true
	}
	_, done, err := o.Private(ctx, Setup{})
	if err != nil {
		return p.fails("control", "%v: check --control, and %s, against what harness serve --control printed", err, EnvControlToken)
	}
	done()
	return p.holds("control", "%s opens emulators", o.config.Control)
}

// listing tells whether a body has the form of the dialect's listings.
func (o *Opened) listing(r *client.Reply) bool {
	body := bytes.TrimSpace(r.Body)
	if bytes.HasPrefix(body, []byte("{")) {
		return strings.Contains(o.Owner.Dialect.Type, "json")
	}
	var root struct{ XMLName xml.Name }
	return xml.Unmarshal(body, &root) == nil && strings.HasPrefix(root.XMLName.Local, "List")
}

// foreignForm says what a reply looks like when it is none of the dialect.
func (o *Opened) foreignForm(r *client.Reply) string {
	body := bytes.ToLower(bytes.TrimSpace(r.Body[:min(len(r.Body), 512)]))
	if bytes.HasPrefix(body, []byte("<!doctype html")) || bytes.HasPrefix(body, []byte("<html")) {
		return fmt.Sprintf("expected a reply of %s, got an HTML page with status %d: %s", o.Owner.Dialect.Title, r.Status, adviceHTML)
	}
	if r.Fields.Has(o.Owner.Dialect.RequestID) {
		return ""
	}
	for _, d := range all.All() {
		if d.Name != o.Dialect && r.Fields.Has(d.RequestID) {
			return fmt.Sprintf("expected a reply of %s with %s, got one with %s, as %s sends it: try --dialect %s",
				o.Owner.Dialect.Title, o.Owner.Dialect.RequestID, d.RequestID, d.Title, d.Name)
		}
	}
	if r.Status >= 400 && r.Err.Code == "" {
		return fmt.Sprintf("expected an error body of %s, got status %d with %s: %s", o.Owner.Dialect.Title, r.Status, excerpt(r.Body), adviceDialect)
	}
	return ""
}

func described(r *client.Reply) string {
	text := "status " + strconv.Itoa(r.Status)
	if r.Err.Code != "" {
		text += " " + r.Err.Code
	}
	if r.Err.Message != "" {
		text += fmt.Sprintf(" (%.200q)", r.Err.Message)
	}
	return text
}

func excerpt(body []byte) string {
	if len(body) == 0 {
		return "no body"
	}
	if len(body) > 80 {
		return fmt.Sprintf("%q… (%d bytes)", body[:80], len(body))
	}
	return strconv.Quote(string(body))
}

// noReply explains an error of transport.
func (o *Opened) noReply(err error) string {
	var transport *wire.TransportError
	var dns *net.DNSError
	var timeout net.Error
	text := "expected a reply from " + o.URL
	switch {
	case errors.Is(err, context.Canceled):
		return text + ", but the run was interrupted"
	case errors.As(err, &dns):
		return fmt.Sprintf("%s, but its name cannot be resolved (%v): check --endpoint, or dial an address with --connect", text, dns)
	case errors.Is(err, syscall.ECONNREFUSED):
		return text + ", but the connection is refused: is the target running, on that port?"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return text + ", but none came in time: is the target hanging, is a firewall in between, or is it http against https? See also --timeout"
	case errors.As(err, &transport) && transport.Phase == wire.Parse:
		return fmt.Sprintf("%s, but what came is no HTTP/1.1 (%v): is it the right port, and http or https?", text, transport.Err)
	case errors.As(err, &transport) && transport.Phase == wire.Dial:
		return fmt.Sprintf("%s, but no connection can be made (%v): check --endpoint, --connect and, for https, --ca", text, transport.Err)
	}
	return fmt.Sprintf("%s, but the connection broke before one came (%v): look into the target's log; is it http or https?", text, err)
}
