package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"objectharness/internal/siglab"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/target"
	"objectharness/internal/wire"
)

// Bounds of the files that sign reads, in bytes.
const (
	maxErrorBody = 1 << 20
	maxSignBody  = 1 << 30
)

// signOptions are the options of harness sign.
type signOptions struct {
	ask                       siglab.Ask
	headers                   []string
	bodyFile, errorFile, time string
	policyFile                string
	curl                      bool
	way                       siglab.Way
}

func (a *app) signCommand() *cobra.Command {
	var o signOptions
	cmd := &cobra.Command{
		Use: "sign", Short: "Sign one request and show every step, or explain why a server refused it",
		Long: `Signs one request with the keys of HARNESS_ACCESS_KEY, HARNESS_SECRET_KEY and
HARNESS_SECURITY_TOKEN and prints every step under the name that its document
gives it. Given the error body of a refusal it finds the first byte at which the
server's text differs, and says what is likely wrong. A request that is signed
already (an Authorization header, or a signed URL) has its signature judged, too.
A body is signed as a whole or not at all: chunk signatures (aws-chunked,
STREAMING-…) are neither made nor judged.
With --policy it signs a browser upload's policy and prints the form's fields.
Keys are never printed.`,
		Example: `  harness sign --scheme oss-v4 --method GET --url https://bucket.oss-cn-hangzhou.aliyuncs.com/key
  harness sign --scheme aws-sigv4 --method PUT --url http://127.0.0.1:9000/bucket/key --body-file photo.jpg --curl
  harness sign --scheme oss-v1 --method GET --url http://127.0.0.1:9000/bucket/key --server-error refusal.xml
  harness sign --scheme cos-sha1 --policy policy.json`,
		Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return a.sign(&o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.ask.Scheme, "scheme", "", "`name` of the signature: "+strings.Join(schemeNames(), ", "))
	f.StringVar(&o.ask.Method, "method", "GET", "HTTP `method`")
	f.StringVar(&o.ask.URL, "url", "", "`URL` as it goes on the wire")
	f.StringArrayVarP(&o.headers, "header", "H", nil, "header `field` as 'Name: value', any number of times")
	f.StringVar(&o.bodyFile, "body-file", "", "`file` that holds the body")
	f.StringVar(&o.time, "time", "", "`time` of signing (RFC 3339, or such as +5m or -20m from now); none: that of a signature which is there already, else now")
	f.DurationVar(&o.ask.Expires, "expires", 0, "how long the signature is good for; 0: the scheme's own")
	f.BoolVar(&o.ask.Presign, "presign", false, "put the signature in the URL")
	f.StringVar(&o.ask.Region, "region", "", "`region` to sign for; none: the one that the host names")
	f.StringVar(&o.ask.Bucket, "bucket", "", "`bucket` of a host that is a custom domain")
	f.BoolVar(&o.curl, "curl", false, "print a curl command that sends the request, and nothing else")
	f.StringVar(&o.way.Connect, "connect", "", "`HOST:PORT` that the curl command dials instead of the URL's")
	f.StringVar(&o.way.CA, "ca", "", "PEM `file` of certificate authorities, for the curl command")
	f.BoolVar(&o.way.Insecure, "insecure", false, "the curl command takes any certificate")
	f.StringVar(&o.errorFile, "server-error", "", "`file` that holds the body of the server's refusal")
	f.StringVar(&o.policyFile, "policy", "", "`file` that holds a POST policy to sign, instead of a request; of --url only the region is taken")
	complete(cmd, "scheme", schemeNames()...)
	complete(cmd, "method", "GET", "HEAD", "PUT", "POST", "DELETE")
	return cmd
}

func schemeNames() (names []string) {
	for _, s := range schemes.All() {
		names = append(names, s.Name())
	}
	return names
}

func (a *app) sign(o *signOptions) error {
	if err := o.read(a); err != nil {
		return err
	}
	if o.policyFile != "" {
		return a.signPolicy(o)
	}
	signed, err := siglab.Sign(&o.ask)
	if err != nil {
		return usage("sign: %v", strings.TrimPrefix(err.Error(), "siglab: "))
	}
	a.redactOutput(signed.Secrets())
	if o.curl {
		_, err := fmt.Fprintln(a.stdout, signed.Curl(o.bodyFile, o.way))
		return err
	}
	signed.Write(a.stdout)
	if signed.Refused() {
		fmt.Fprintln(a.stdout)
		signed.Explain().Write(a.stdout)
	}
	return nil
}

// signPolicy signs a browser upload.
func (a *app) signPolicy(o *signOptions) error {
	if o.curl || o.ask.Presign || o.bodyFile != "" || o.errorFile != "" || len(o.headers) > 0 {
		return usage("--policy: expected no option of a request beside it (--curl, --presign, --body-file, --server-error, -H)")
	}
	policy, err := readBounded("--policy", o.policyFile, maxErrorBody)
	if err != nil {
		return err
	}
	form, err := siglab.SignPolicy(&o.ask, string(policy))
	if err != nil {
		return usage("sign: %v", strings.TrimPrefix(err.Error(), "siglab: "))
	}
	a.redactOutput([]string{o.ask.SecretKey, o.ask.Token})
	form.Write(a.stdout)
	return nil
}

// read checks the options and completes the ask.
func (o *signOptions) read(a *app) error {
	q := &o.ask
	if schemes.ByName(q.Scheme) == nil {
		return usage("--scheme: expected one of %s, got %q%s", strings.Join(schemeNames(), ", "), q.Scheme, target.Suggest(q.Scheme, schemeNames()))
	}
	if q.URL == "" && o.policyFile == "" {
		return usage("--url: expected the URL to sign, got nothing")
	}
	if q.Method == "" || strings.ContainsAny(q.Method, " \r\n\t") {
		return usage("--method: expected an HTTP method, got %q", q.Method)
	}
	q.AccessKey, q.SecretKey, q.Token = a.env(target.EnvAccessKey), a.env(target.EnvSecretKey), a.env(target.EnvToken)
	if q.AccessKey == "" || q.SecretKey == "" {
		return usage("sign: set %s and %s in the environment", target.EnvAccessKey, target.EnvSecretKey)
	}
	if q.Expires < 0 || q.Expires%time.Second != 0 {
		return usage("--expires: expected whole seconds such as 1h or 90s, got %s", q.Expires)
	}
	q.Now = a.now()
	if o.time != "" {
		at, err := moment(o.time, q.Now)
		if err != nil {
			return err
		}
		q.Time = at
	}
	return o.readParts()
}

// moment is a time as --time gives it: by itself, or from now.
func moment(text string, now time.Time) (time.Time, error) {
	if text[0] == '+' || text[0] == '-' {
		if d, err := time.ParseDuration(text); err == nil {
			return now.Add(d), nil
		}
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, usage("--time: expected a time such as 2026-01-02T15:04:05Z, or +5m or -20m, got %q", text)
	}
	return at, nil
}

// readParts reads header fields and files.
func (o *signOptions) readParts() (err error) {
	for i, h := range o.headers {
		name, value, colon := strings.Cut(h, ":")
		if name = strings.TrimSpace(name); !colon || name == "" || strings.ContainsAny(h, "\r\n\x00") {
			return usage("-H: expected 'Name: value', got something else in number %d", i+1) // which may be a secret
		}
		o.ask.Fields = append(o.ask.Fields, wire.Field{Name: name, Value: strings.Trim(value, " \t")})
	}
	if o.bodyFile != "" {
		if o.ask.Body, err = readBounded("--body-file", o.bodyFile, maxSignBody); err != nil {
			return err
		}
	}
	if o.errorFile != "" {
		o.ask.ServerError, err = readBounded("--server-error", o.errorFile, maxErrorBody)
	}
	return err
}

// readBounded reads a file of at most so many bytes.
func readBounded(option, name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, usage("%s: %v", option, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, usage("%s: %v", option, err)
	}
	if int64(len(text)) > most {
		return nil, usage("%s: expected at most %d bytes, got more", option, most)
	}
	return text, nil
}
