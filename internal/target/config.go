// Package target turns settings (options, environment, a target file) into an
// opened target: clients for its accounts, a bucket to work in, and the few
// functions that cases need. Without an endpoint the target is an emulator in
// this process.
package target

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
	"objectharness/internal/sign"
)

// Variables that hold credentials; nothing else does.
const (
	EnvAccessKey      = "HARNESS_ACCESS_KEY"
	EnvSecretKey      = "HARNESS_SECRET_KEY"
	EnvToken          = "HARNESS_SECURITY_TOKEN"
	EnvOtherAccessKey = "HARNESS_OTHER_ACCESS_KEY"
	EnvOtherSecretKey = "HARNESS_OTHER_SECRET_KEY"
	EnvControlToken   = "HARNESS_CONTROL_TOKEN"
)

// EmbeddedAppID is the APPID where none is given: any will do for an emulator.
const EmbeddedAppID = "1250000000"

// ErrUsage marks errors in settings: wrong usage, not a failure of the target.
var ErrUsage = errors.New("wrong settings")

// A Config says which target to open and how. What has a yaml tag can stand in
// a target file.
type Config struct {
	Name     string  `yaml:"name"`     // "" is the endpoint's host, or "embedded"
	Dialect  string  `yaml:"dialect"`  // oss, cos, bos or s3
	Endpoint string  `yaml:"endpoint"` // http(s)://HOST[:PORT]; "" is an embedded emulator
	Region   string  `yaml:"region"`   // "" is the dialect's usual one
	Style    string  `yaml:"style"`    // path, virtual or ""
	Scheme   string  `yaml:"scheme"`   // how requests are signed: oss-v1, oss-v4; "" is the dialect's first
	Connect  string  `yaml:"connect"`  // HOST:PORT dialled instead of the endpoint's
	AppID    string  `yaml:"appid"`    // COS: the number that bucket names end in; "" is EmbeddedAppID
	Bucket   string  `yaml:"bucket"`   // an existing bucket, which is never removed; "" makes one
	CA       string  `yaml:"ca"`       // PEM file of further certificate authorities
	Insecure bool    `yaml:"insecure"` // take any certificate
	Control  string  `yaml:"control"`  // URL that harness serve --control printed
	MaxRPS   float64 `yaml:"max_rps"`  // requests a second at most; 0 is no bound
	Budget   Bytes   `yaml:"budget"`   // bytes sent in bodies at most; 0 is no bound

	MaxRequests int64 `yaml:"max_requests"` // requests at most, clean-up included; 0 is no bound
	Concurrency int   `yaml:"concurrency"`  // requests under way at once; 0 is no bound

	Accounts    AccountNames      `yaml:"accounts"`    // which variables hold the credentials
	Features    map[string]string `yaml:"features"`    // name: present or absent, see FeatureNames
	Convergence Windows           `yaml:"convergence"` // how long reads may lag behind writes

	OtherID string // the canonical id of the second account, from Accounts

	Owner, Other client.Keys      // of a foreign target; Other may be empty
	ControlToken string           //
	Seed         uint64           // of names, keys and request ids
	Run          string           // name of the run, see RunName
	Process      string           // tells the run's processes apart in names; may be ""
	Share        int              // processes that share MaxRPS and Budget; 0 is 1
	Workers      int              // of these, the ones that send at the same time and share Concurrency; 0 is 1
	Deviate      []string         // rules that the embedded emulator breaks
	Keep         bool             // leave what the run made
	CleanFor     time.Duration    // how long Close may remove things; 0 is 5 s
	Timeout      time.Duration    // of one exchange; 0 is 30 s
	State        string           // folder of the ledgers; needed for foreign targets
	Now          func() time.Time // nil: the system's clock
	Ends         time.Time        // nothing is cleaned up later, as the run's time is up; zero: no bound
	// Wait lets time pass between two looks of a read that may lag; nil: a timer.
	Wait     func(ctx context.Context, d time.Duration) error
	ReadOnly bool                 // nothing but GET, HEAD and OPTIONS is sent once the target is open
	Meter    func(client.Sending) // told of each request of the run before it is sent; may be nil

	rehearsed bool          // what is declared of features is taken as it stands
	bound     *admission    // of Bound
	slots     chan struct{} // of Bound
}

// Environment takes credentials from the variables that lookup finds.
func (c *Config) Environment(lookup func(string) string) {
	c.Owner, c.Other = c.Accounts.owner().keys(lookup), c.Accounts.other().keys(lookup)
	c.ControlToken = lookup(EnvControlToken)
}

// Embedded tells whether the target is an emulator in this process.
func (c *Config) Embedded() bool { return c.Endpoint == "" }

// Foreign tells whether the target is judged as somebody else's: it is neither
// embedded nor the harness's own server under control.
func (c *Config) Foreign() bool { return !c.Embedded() && c.Control == "" }

// Secrets lists what must never be shown.
func (c *Config) Secrets() []string {
	var out []string
	for _, s := range []string{c.Owner.SecretKey, c.Owner.Token, c.Other.SecretKey, c.Other.Token, c.ControlToken} {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Check tells what is wrong with the settings; Open and Preflight begin with it.
// Its errors wrap ErrUsage.
func (c *Config) Check() error {
	for _, check := range []func() error{c.checkWords, c.checkEndpoint, c.checkKeys, c.checkBucket, c.checkControl} {
		if err := check(); err != nil {
			return fmt.Errorf("%w: %w", ErrUsage, err)
		}
	}
	return nil
}

// scheme is the way in which requests are signed.
func (c *Config) scheme() (sign.Scheme, error) {
	d, err := all.ByName(c.Dialect)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range d.Schemes {
		if c.Scheme == "" || c.Scheme == s.Name() {
			return s, nil
		}
		names = append(names, s.Name())
	}
	return nil, fmt.Errorf("scheme: %s signs with %s, got %q%s", d.Title, strings.Join(names, " or "), c.Scheme, Suggest(c.Scheme, names))
}

func (c *Config) checkWords() error {
	names := []string{"oss", "cos", "bos", "s3"}
	if _, err := all.ByName(c.Dialect); err != nil {
		return fmt.Errorf("dialect: expected one of %s, got %q%s", strings.Join(names, ", "), c.Dialect, Suggest(c.Dialect, names))
	}
	if _, err := c.scheme(); err != nil {
		return err
	}
	if styles := []string{"path", "virtual"}; c.Style != "" && c.Style != styles[0] && c.Style != styles[1] {
		return fmt.Errorf("style: expected path or virtual, got %q%s", c.Style, Suggest(c.Style, styles))
	}
	if c.MaxRPS < 0 || c.Budget < 0 || c.MaxRequests < 0 || c.Concurrency < 0 {
		return errors.New("max_rps, budget, max_requests and concurrency must not be negative")
	}
	if strings.Trim(c.AppID, "0123456789") != "" {
		return fmt.Errorf("appid: expected a number such as 1250000000, got %q", c.AppID)
	}
	return nil
}

func (c *Config) checkEndpoint() error {
	if c.Embedded() {
		return c.checkEmbedded()
	}
	if _, err := parseEndpoint(c.Endpoint); err != nil {
		return err
	}
	if c.Style == "virtual" && c.addressed() {
		return fmt.Errorf("style: %s is an IP address, which cannot carry a bucket in its name: give the target's host name as endpoint and the address as connect, or use path style", c.Endpoint)
	}
	if c.Connect != "" {
		if _, _, err := net.SplitHostPort(c.Connect); err != nil {
			return fmt.Errorf("connect: expected HOST:PORT, got %q", c.Connect)
		}
	}
	if len(c.Deviate) > 0 && c.Control == "" {
		return errors.New("deviate: only the embedded emulator can break a rule; leave the endpoint out")
	}
	return nil
}

// checkEmbedded refuses what only means something with an endpoint.
func (c *Config) checkEmbedded() error {
	for name, value := range map[string]string{"connect": c.Connect, "bucket": c.Bucket, "ca": c.CA, "control": c.Control} {
		if value != "" {
			return fmt.Errorf("%s: needs an endpoint; without one the target is the embedded emulator", name)
		}
	}
	d, err := c.dialect()
	if err != nil {
		return err
	}
	if _, err := emulator.New(d, emulator.Options{Deviate: c.Deviate}); err != nil {
		return fmt.Errorf("deviate: %w", err)
	}
	return nil
}

// parseEndpoint reads a URL of scheme, host and port, and nothing else.
func parseEndpoint(text string) (client.Endpoint, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return client.Endpoint{}, errors.New("endpoint: expected http://HOST[:PORT] or https://HOST[:PORT]" + withoutScheme(text))
	case u.User != nil:
		return client.Endpoint{}, fmt.Errorf("endpoint: credentials do not belong in a URL: set %s and %s", EnvAccessKey, EnvSecretKey)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return client.Endpoint{}, fmt.Errorf("endpoint: expected scheme, host and port only, got %q; a bucket goes into --bucket", text)
	}
	return client.Endpoint{Secure: u.Scheme == "https", Host: u.Host}, nil
}

// withoutScheme quotes the text unless it may hold credentials.
func withoutScheme(text string) string {
	if strings.Contains(text, "@") {
		return ""
	}
	return fmt.Sprintf(", got %q", text)
}

func (c *Config) checkKeys() error {
	switch {
	case c.Embedded():
		return nil
	case c.Owner.AccessKey == "" || c.Owner.SecretKey == "":
		return fmt.Errorf("credentials: %s and %s must be set for %s", c.Accounts.owner().AccessKey, c.Accounts.owner().SecretKey, c.Endpoint)
	case (c.Other.AccessKey == "") != (c.Other.SecretKey == ""):
		return fmt.Errorf("credentials: %s and %s belong together: set both or none", c.Accounts.other().AccessKey, c.Accounts.other().SecretKey)
	}
	return nil
}

func (c *Config) checkBucket() error {
	d, err := all.ByName(c.Dialect)
	if err != nil {
		return err
	}
	if c.Bucket == "" && d.BucketNames.Owner && c.AppID == "" && c.public(d) {
		return fmt.Errorf("appid: bucket names of %s end in the account's APPID: give appid, or an existing bucket", d.Title)
	}
	if code, ok := d.ValidBucket(c.bucketName(d)); !ok {
		return fmt.Errorf("bucket: %s does not allow the name %q (%s)", d.Title, c.bucketName(d), code)
	}
	return nil
}

// public tells whether the endpoint is the vendor's own; elsewhere any APPID is
// as good as another.
func (c *Config) public(d *dialect.Dialect) bool {
	at, err := parseEndpoint(c.Endpoint)
	_, suffix, _ := strings.Cut(d.Host("*"), "*")
	return err == nil && c.Connect == "" && strings.HasSuffix(strings.ToLower(at.Host), suffix)
}

func (c *Config) checkControl() error {
	if c.Control == "" {
		return nil
	}
	u, err := url.Parse(c.Control)
	if err != nil || u.Host == "" {
		return fmt.Errorf("control: expected the URL that harness serve --control printed, got %q", c.Control)
	}
	if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("control: expected a loopback address, got %q", u.Hostname())
	}
	if c.ControlToken == "" {
		return fmt.Errorf("control: %s must hold the token that harness serve --control printed", EnvControlToken)
	}
	return nil
}

func (c *Config) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

func (c *Config) region(d *dialect.Dialect) string {
	if c.Region == "" {
		return d.Region
	}
	return c.Region
}

// addressed tells whether the endpoint is an IP address, not a name.
func (c *Config) addressed() bool {
	u, err := url.Parse(c.Endpoint)
	return err == nil && net.ParseIP(u.Hostname()) != nil
}

// styleInUse is style, but for an IP address, which cannot carry a bucket.
func (c *Config) styleInUse(d *dialect.Dialect) dialect.Style {
	if c.addressed() {
		return dialect.PathStyle
	}
	return c.style(d)
}

func (c *Config) style(d *dialect.Dialect) dialect.Style {
	switch {
	case c.Style == "path":
		return dialect.PathStyle
	case c.Style == "virtual":
		return dialect.HostStyle
	case c.Embedded() && d.Name != "cos":
		return dialect.PathStyle
	}
	return d.Style
}
