// Package siglab takes a signature apart for a person: it signs one request
// with every intermediate value, reads what a server's error body says of the
// same request, finds the first byte at which the two part, and guesses why. A
// guess is not a matter of taste: each known mistake is made on purpose, and
// counts when it gives the server's text, or the signature that was sent.
package siglab

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/bos"
	"objectharness/internal/dialect/cos"
	"objectharness/internal/dialect/oss"
	"objectharness/internal/dialect/s3"
	"objectharness/internal/exchange"
	"objectharness/internal/sign"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/wire"
)

// An Ask is a request that somebody wants signed, or whose refused signature is
// to be explained.
type Ask struct {
	Scheme      string // bce-auth-v1, cos-sha1, oss-v1, oss-v4, aws-sigv4
	Method, URL string // the URL as it goes on the wire; it may be signed already
	Fields      wire.Fields
	Body        []byte

	AccessKey, SecretKey, Token string

	Time    time.Time     // zero: the time of a signature that is there already, else the server's text's, else Now
	Now     time.Time     // the clock
	Expires time.Duration // 0: as signed already, else the scheme's own
	Presign bool
	Region  string // "": what the host names, else what was signed, else the dialect's own
	Bucket  string // of a host that is a custom domain; "" where host or path name it

	ServerError []byte // the body of the refusal, nil for none
}

// A Signed request with all that went into its signature.
type Signed struct {
	Scheme    string
	Base      string // scheme and authority: https://bucket.example.com
	Request   *wire.Request
	Input     sign.Input
	Steps     *sign.Steps
	Claim     Claim     // the signature that the request carried already
	Complaint Complaint // what the server said

	ask     *Ask
	dialect *dialect.Dialect
	at      dialect.Location
	bare    string   // the target before signing
	token   string   // that the URL carried already
	given   []string // tokens that came with the request
}

// dialectOf is the dialect that a scheme belongs to.
func dialectOf(scheme string) *dialect.Dialect {
	switch scheme {
	case "bce-auth-v1":
		return bos.New()
	case "cos-sha1":
		return cos.New()
	case "aws-sigv4":
		return s3.New()
	}
	return oss.New()
}

// Sign signs what is asked. Its errors say which part of the ask is wrong, or
// are those of dialect.ErrBody for an error body that cannot be read.
func Sign(q *Ask) (*Signed, error) {
	scheme := schemes.ByName(q.Scheme)
	if scheme == nil {
		return nil, fmt.Errorf("siglab: no scheme is called %q", q.Scheme)
	}
	s := &Signed{Scheme: q.Scheme, ask: q, dialect: dialectOf(q.Scheme), Steps: &sign.Steps{}}
	r, err := s.open()
	if err != nil {
		return nil, err
	}
	s.Request = r
	s.Claim = takeClaim(q.Scheme, r)
	s.takeToken()
	if q.ServerError != nil {
		if s.Complaint, err = ReadComplaint(s.dialect, q.ServerError); err != nil {
			return nil, err
		}
	}
	s.frame()
	s.input()
	s.bare = r.Target
	if err := sign.Apply(scheme, r, &s.Input, s.Steps); err != nil {
		return nil, fmt.Errorf("siglab: %w", err)
	}
	return s, nil
}

// Of signs a request that is at hand and takes what somebody else has of the same
// signature for the server's complaint. r is not changed; body is what it sends.
func Of(scheme sign.Scheme, r *wire.Request, in sign.Input, body []byte, said Complaint) (*Signed, error) {
	own := *r
	own.Fields = r.Fields.Clone()
	s := &Signed{Scheme: scheme.Name(), Base: "http://" + r.Fields.Get("Host"), Request: &own, Input: in, Steps: &sign.Steps{}, Complaint: said,
		ask: &Ask{Body: body, ServerError: []byte{}}, dialect: dialectOf(scheme.Name()), bare: r.Target}
	s.at = s.dialect.Locate(r.Fields.Get("Host"), r.Target, "")
	if bucket, _, ok := strings.Cut(strings.TrimPrefix(in.Resource, "/"), "/"); ok {
		s.at.Bucket = bucket
	}
	if err := sign.Apply(scheme, s.Request, &s.Input, s.Steps); err != nil {
		return nil, fmt.Errorf("siglab: %w", err)
	}
	return s, nil
}

// open makes the request, unsigned.
func (s *Signed) open() (*wire.Request, error) {
	protocol, rest, ok := strings.Cut(s.ask.URL, "://")
	if !ok || protocol != "http" && protocol != "https" {
		return nil, fmt.Errorf("siglab: the URL must begin with http:// or https://, got %q", protocol)
	}
	host, target := rest, "/"
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		host, target = rest[:i], rest[i:]
	}
	if host == "" || strings.ContainsAny(host, " @#") {
		return nil, fmt.Errorf("siglab: the URL needs a host without credentials, got %q", host)
	}
	if strings.Contains(target, "#") {
		return nil, fmt.Errorf("siglab: a # in the URL must be written as %%23")
	}
	if target[0] == '?' {
		target = "/" + target
	}
	s.Base = protocol + "://" + host
	r := &wire.Request{Method: s.ask.Method, Target: visible(target), Body: bytes.NewReader(s.ask.Body), Length: int64(len(s.ask.Body))}
	if !s.ask.Fields.Has("Host") {
		r.Fields.Add("Host", host)
	}
	r.Fields = append(r.Fields, s.ask.Fields...)
	s.at = s.dialect.Locate(r.Fields.Get("Host"), r.Target, "")
	if s.ask.Bucket != "" && s.at.Bucket != s.ask.Bucket {
		s.at.Bucket, s.at.Key, s.at.Style = s.ask.Bucket, sign.Path(r.Target)[1:], dialect.HostStyle
	}
	return r, nil
}

// visible escapes what cannot stand in a request line: blanks, control
// characters and anything beyond ASCII.
func visible(target string) string {
	var b strings.Builder
	for i := 0; i < len(target); i++ {
		if c := target[i]; c <= ' ' || c >= 0x7f {
			b.WriteString(wire.Escape(target[i : i+1]))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// frame announces the body as clients do, before it is signed: some schemes sign
// the length. A server's text that knows nothing of it has the last word.
func (s *Signed) frame() {
	r := s.Request
	said := s.Complaint.text() == "" || strings.Contains(s.Complaint.text(), "content-length")
	sends := r.Length > 0 || r.Method == "PUT" || r.Method == "POST"
	if said && sends && !r.Fields.Has("Content-Length") && !r.Fields.Has("Transfer-Encoding") {
		r.Fields.Add("Content-Length", strconv.FormatInt(r.Length, 10))
	}
}

// input gathers what signs, from the ask first, then from a signature that is
// there, then from the server's text.
func (s *Signed) input() {
	q, claim := s.ask, s.Claim
	in := sign.Input{
		AccessKey: q.AccessKey, SecretKey: q.SecretKey, Token: cmp.Or(s.token, q.Token), Time: q.Now, Expires: q.Expires,
		Region: s.region(), Service: claim.Service, Resource: s.at.Resource(), Presign: q.Presign || claim.InQuery,
		Signed: claim.Names, SignedParams: claim.Params, KeyTime: claim.KeyTime,
	}
	for _, at := range []time.Time{q.Time, claim.Time, s.Complaint.date()} {
		if !at.IsZero() {
			in.Time = at
			break
		}
	}
	if q.Expires == 0 && claim.HasExpires {
		in.Expires, in.Exact = claim.Expires, true
	}
	if end, ok := s.Complaint.end(); ok && in.Presign && in.Time.Equal(q.Now) {
		in.Time, in.Expires, in.Exact = end, 0, true
	}
	if name := s.dialect.DateField; name != "" && !in.Presign {
		sign.SetAbsent(s.Request, name, in.Time.UTC().Format("2006-01-02T15:04:05Z"))
	}
	s.Input = in
}

func (s *Signed) region() string {
	for _, r := range []string{s.ask.Region, s.dialect.RegionOf(s.Request.Fields.Get("Host")), s.Claim.Region, s.Complaint.region()} {
		if r != "" {
			return r
		}
	}
	return s.dialect.Region
}

// tokenNames are the fields and parameters that hold a security token, by scheme.
var tokenNames = map[string][]string{
	"bce-auth-v1": {"x-bce-security-token"}, "cos-sha1": {"x-cos-security-token"}, "aws-sigv4": {"X-Amz-Security-Token"},
	"oss-v1": {"x-oss-security-token", "security-token"}, "oss-v4": {"x-oss-security-token"},
}

// takeToken makes a token that came with the request the one to sign with, and
// takes it out of a URL that signing puts it into.
func (s *Signed) takeToken() {
	for _, name := range tokenNames[s.Scheme] {
		inQuery, n := sign.Param(s.Request.Target, name)
		s.given = append(s.given, inQuery, s.Request.Fields.Get(name))
		if n == 0 || !s.Claim.InQuery && !s.ask.Presign {
			continue
		}
		if s.token = inQuery; s.ask.Token != "" {
			s.token = s.ask.Token
		}
		path, query := wire.SplitTarget(s.Request.Target)
		kept := slices.DeleteFunc(strings.Split(query, "&"), func(p string) bool { return strings.HasPrefix(p, name+"=") })
		s.Request.Target = path
		if len(kept) > 0 {
			s.Request.Target += "?" + strings.Join(kept, "&")
		}
	}
}

// Secrets are the texts that must not be printed: the secret key and every
// security token.
func (s *Signed) Secrets() []string {
	secrets := []string{s.Input.SecretKey, s.Input.Token}
	for _, text := range s.given {
		if text != "" {
			secrets = append(secrets, text)
		}
	}
	return secrets
}

// Signature is the signature itself.
func (s *Signed) Signature() string {
	text, _ := s.Steps.Get(sign.StepSignature)
	return text
}

// tokenMark stands for the token in a command line until the shell's variable does.
const tokenMark = "@HARNESS_SECURITY_TOKEN@"

// secretMin is the length in bytes from which a text is taken for a secret.
const secretMin = 4

// A Way is how curl gets to the server, where the URL does not say it.
type Way struct {
	Connect  string // HOST:PORT dialled instead of the URL's, or ""
	CA       string // file of certificate authorities, or ""
	Insecure bool   // take any certificate
}

// Options are those of curl, after a blank, but for Connect.
func (w Way) Options() string {
	var out string
	if w.CA != "" {
		file, _ := exchange.Quote(w.CA)
		out += " --cacert " + file
	}
	if w.Insecure {
		out += " --insecure"
	}
	return out
}

// Curl is a command for a POSIX shell that sends the request. Neither a token nor
// the secret key is in it, also where an access key or a bucket is the same text:
// the shell takes them from the environment. bodyFile names the file that holds
// the body.
func (s *Signed) Curl(bodyFile string, way Way) string {
	m := exchange.Message{Method: s.Request.Method, Target: s.Request.Target, Fields: s.Request.Fields.Clone(), Length: s.Request.Length}
	sum := sha256.Sum256(s.ask.Body)
	m.SHA256 = hex.EncodeToString(sum[:])
	var more string
	if token := s.Input.Token; token != "" {
		for i := range m.Fields {
			m.Fields[i].Value = strings.ReplaceAll(m.Fields[i].Value, token, tokenMark)
		}
		m.Target, more = withoutToken(m.Target, token)
	}
	x := exchange.Exchange{Request: m}
	line := x.Curl(s.Base, way.Connect)
	line = line[strings.LastIndexByte(line, '\n')+1:]
	if m.Length == 0 && m.Fields.Get("Content-Length") == "0" {
		line = strings.Replace(line, "curl ", "curl --data-raw '' ", 1)
		line = strings.Replace(line, " -H 'Content-Length: 0'", "", 1) + " -H Content-Type:"
		if m.Fields.Has("Content-Type") {
			line = strings.TrimSuffix(line, " -H Content-Type:")
		}
	}
	file, _ := exchange.Quote("@" + bodyFile)
	line = strings.Replace(line, "@body.bin", file, 1)
	if secret := s.Input.SecretKey; len(secret) >= secretMin {
		line = exchange.Substitute(line, secret, "HARNESS_SECRET_KEY")
	}
	return exchange.Substitute(line, tokenMark, "HARNESS_SECURITY_TOKEN") + more + way.Options()
}

// withoutToken takes the token's parameter out of a target; more is the option
// of curl that puts it back.
func withoutToken(target, token string) (rest, more string) {
	path, query := wire.SplitTarget(target)
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		if name, value, _ := strings.Cut(part, "="); value != "" && value == wire.Escape(token) {
			more = ` --url-query "` + name + `=$HARNESS_SECURITY_TOKEN"`
			continue
		}
		kept = append(kept, part)
	}
	if more == "" {
		return target, ""
	}
	return path + "?" + strings.Join(kept, "&"), more
}
