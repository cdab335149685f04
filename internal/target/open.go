package target

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/exchange"
	"objectharness/internal/ledger"
	"objectharness/internal/wire"
)

// An Opened target is ready for cases. Close must be called.
type Opened struct {
	Name, Dialect, Region, Style string
	URL                          string // scheme, host and port
	Owner                        *client.Client
	Other                        *client.Client // nil when there is no second account
	OwnerID, OtherID             string         // canonical ids of the accounts; "" where they are not known
	Bucket                       string         // exists
	Location                     string         // body of the request that makes a bucket here, "" for none
	Run                          string         // keys and bucket names of the run begin with it

	// Made is told of everything before it is made, Gone after it was removed:
	// kind is one of the ledger's; a bucket has no key, and only uploads and
	// versions have IDs, by which they are known once they are made.
	Made, Gone func(kind, bucket, key, id string)
	// Private opens a fresh emulator of the same dialect; nil where there is none.
	Private func(ctx context.Context, s Setup) (*Opened, func(), error)
	// Alive asks for any reply at all.
	Alive func(ctx context.Context) error
	// Now is the clock that signs, and Advance moves it together with the
	// target's; nil but for a private emulator with a Setup.Time.
	Now     func() time.Time
	Advance func(time.Duration)
	// Windows are how long reads may lag behind writes, by kind of read; Wait lets
	// time pass.
	Windows map[string]time.Duration
	Wait    func(ctx context.Context, d time.Duration) error
	// ReadOnly says that nothing that writes is sent.
	ReadOnly bool
	// Again writes what was sent here as a script that sends it once more; nil for a
	// private emulator.
	Again func(all []exchange.Exchange) string
	// Redactor hides the target's secrets in evidence.
	Redactor *exchange.Redactor

	config Config
	ledger *ledger.Ledger // nil: nothing outlives the target
	dir    string         // of the ledger
	stop   []func()
}

// A Setup is what a private emulator is made with.
type Setup struct {
	Time   time.Time        // the clock stands here until Advance; zero: it runs with the system's
	Keys   []client.Keys    // the owner's, and perhaps the other's; none: made
	Limits map[string]int64 // by the name of a field of dialect.Limits
}

// Open opens the target: the embedded emulator is started, and the bucket made
// unless the settings name one. Errors about settings wrap ErrUsage.
func Open(ctx context.Context, c Config) (*Opened, error) {
	o, err := c.connect()
	if err != nil {
		return nil, err
	}
	if err := o.prepare(ctx); err != nil {
		return nil, errors.Join(err, o.Close(ctx))
	}
	if c.ReadOnly {
		o.admit(onlyRead)
	}
	return o, nil
}

// An About says of a target what reports say of it.
type About struct{ URL, Style, Region string }

// Describe tells where a target is and how it is addressed; the settings must be
// checked.
func Describe(c Config) About {
	d, err := c.dialect()
	if err != nil {
		return About{}
	}
	about := About{URL: "in this process", Style: styleName(c.styleInUse(d)), Region: c.region(d)}
	if at, err := parseEndpoint(c.Endpoint); err == nil {
		about.URL = at.URL()
	}
	return about
}

// connect makes the clients; nothing is sent.
func (c Config) connect() (*Opened, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	d, err := all.ByName(c.Dialect)
	if err != nil {
		return nil, err
	}
	if c.Embedded() {
		o, err := c.embed(d, Setup{})
		if err == nil {
			o.bound()
		}
		return o, err
	}
	trust, err := c.trust()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	at, err := parseEndpoint(c.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	at.Style = c.styleInUse(d)
	o := c.opened(d, at, c.Connect, trust, c.Owner, c.Other, c.now)
	o.bound()
	if c.Control != "" {
		o.Private = c.remotePrivate
	}
	return o, nil
}

// opened puts an opened target together from its parts.
func (c Config) opened(d *dialect.Dialect, at client.Endpoint, connect string, trust *tls.Config, owner, other client.Keys, now func() time.Time) *Opened {
	transport := &wire.Transport{Connect: connect, TLS: trust, Limits: wire.Limits{Timeout: c.timeout()}, DialTimeout: min(c.timeout(), 10*time.Second)}
	scheme, err := c.scheme()
	if err != nil {
		scheme = d.Schemes[0] // the settings were checked
	}
	o := &Opened{
		Name: c.name(at), Dialect: d.Name, Region: c.region(d), URL: at.URL(), Style: styleName(at.Style), Bucket: c.bucketName(d), Run: c.run(), Location: location(d.Name, c.region(d)),
		Owner: &client.Client{Dialect: d, Scheme: scheme, Endpoint: at, Region: c.region(d), Keys: owner, Now: now, Transport: transport},
		Now:   now, config: c, Windows: c.Convergence.ByKind(), Wait: c.Wait, ReadOnly: c.ReadOnly, OtherID: c.OtherID,
		Redactor: exchange.NewRedactor(c.policy(at, connect), c.now, owner.SecretKey, owner.Token, other.SecretKey, other.Token, c.ControlToken),
		stop:     []func(){transport.CloseIdle},
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	if other.AccessKey != "" {
		second := *o.Owner
		second.Keys = other
		o.Other = &second
	}
	o.Made, o.Gone = func(_, _, _, _ string) {}, func(_, _, _, _ string) {}
	o.Alive, o.Again = o.alive, o.again
	return o
}

// bound holds all that is sent to the settings' limits, and tells Meter of it.
func (o *Opened) bound() {
	if a := o.config.admission(); a != nil {
		o.admit(a.admit)
		made, gone := o.Made, o.Gone
		o.Made = func(kind, bucket, key, id string) { a.made(kind, bucket, key); made(kind, bucket, key, id) }
		o.Gone = func(kind, bucket, key, id string) { a.gone(bucket, key); gone(kind, bucket, key, id) }
	}
	o.Owner.Slots = o.config.slots
	if o.Other != nil {
		o.Other.Slots = o.config.slots
	}
	if o.config.Meter != nil {
		o.admit(func(_ context.Context, s client.Sending) error { o.config.Meter(s); return nil })
	}
}

// admit asks of every request from now on, after those that are asked already.
func (o *Opened) admit(admit func(context.Context, client.Sending) error) {
	before := o.Owner.Admit
	both := func(ctx context.Context, s client.Sending) error {
		if before != nil {
			if err := before(ctx, s); err != nil {
				return err
			}
		}
		return admit(ctx, s)
	}
	o.Owner.Admit = both
	if o.Other != nil {
		o.Other.Admit = both
	}
}

// Embedded tells whether the target is an emulator in this process.
func (o *Opened) Embedded() bool { return o.config.Embedded() }

func (c *Config) timeout() time.Duration {
	if c.Timeout <= 0 {
		return 30 * time.Second
	}
	return c.Timeout
}

func (c *Config) name(at client.Endpoint) string {
	switch {
	case c.Name != "":
		return c.Name
	case c.Embedded():
		return "embedded"
	}
	return at.Host
}

func styleName(s dialect.Style) string {
	if s == dialect.HostStyle {
		return "virtual"
	}
	return "path"
}

// policy shows signatures where nobody else could use them.
func (c *Config) policy(at client.Endpoint, connect string) exchange.Policy {
	host, _, err := net.SplitHostPort(connect)
	if err != nil {
		host = at.Host
		if h, _, err := net.SplitHostPort(at.Host); err == nil {
			host = h
		}
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() || host == "localhost" {
		return exchange.Keep
	}
	return exchange.KeepExpired
}

// trust is the TLS configuration; nil takes the system's authorities.
func (c *Config) trust() (*tls.Config, error) {
	if c.CA == "" && !c.Insecure {
		return nil, nil
	}
	trust := &tls.Config{InsecureSkipVerify: c.Insecure}
	if c.CA == "" {
		return trust, nil
	}
	text, err := os.ReadFile(c.CA)
	if err != nil {
		return nil, fmt.Errorf("ca: %w", err)
	}
	if trust.RootCAs, err = x509.SystemCertPool(); err != nil {
		trust.RootCAs = x509.NewCertPool()
	}
	if !trust.RootCAs.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("ca: %s holds no PEM certificate", c.CA)
	}
	return trust, nil
}

func (o *Opened) alive(ctx context.Context) error {
	_, err := o.Owner.Do(ctx, client.Call{Method: "GET", Bucket: o.Bucket, Key: "alive", Anonymous: true, Fresh: true, Note: "is the target still there?"})
	return err
}
