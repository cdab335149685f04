package siglab_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
	"objectharness/internal/siglab"
	"objectharness/internal/sign"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/wire"
)

const (
	accessKey = "AKIDEXAMPLE0001"
	secretKey = "a-secret-of-tests-only/+0001"
)

var now = time.Date(2026, 3, 4, 10, 20, 30, 0, time.UTC)

var dialectOf = map[string]string{"bce-auth-v1": "bos", "cos-sha1": "cos", "oss-v1": "oss", "oss-v4": "oss", "aws-sigv4": "s3"}

// A store is an emulator at a fixed time.
type store struct {
	d   *dialect.Dialect
	url string
}

func open(t *testing.T, name string) *store {
	t.Helper()
	d, err := all.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	e, err := emulator.New(d, emulator.Options{Zone: d.Host(d.Region), Now: func() time.Time { return now },
		Accounts: []emulator.Account{{ID: "1000000000000001", AccessKey: accessKey, SecretKey: secretKey}}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := e.Server()
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	st := &store{d, "http://" + l.Addr().String()}
	st.create(t)
	return st
}

// create makes the bucket, so that requests come as far as their bodies.
func (s *store) create(t *testing.T) {
	t.Helper()
	host, path := s.d.Address(s.d.Style, s.d.Host(s.d.Region), bucket, "")
	r := &wire.Request{Method: "PUT", Target: path, Fields: wire.Fields{{Name: "Host", Value: host}, {Name: "Content-Length", Value: "0"}}}
	if s.d.DateField != "" {
		r.Fields.Add(s.d.DateField, now.Format(time.RFC3339))
	}
	in := sign.Input{AccessKey: accessKey, SecretKey: secretKey, Time: now, Region: s.d.Region, Resource: "/" + bucket + "/"}
	if err := sign.Apply(s.d.Schemes[0], r, &in, nil); err != nil {
		t.Fatal(err)
	}
	got, err := new(wire.Transport).Do(context.Background(), s.url, r, true)
	if err != nil || got.Status != 200 {
		t.Fatalf("the bucket was not made: %v %+v", err, got)
	}
}

// send returns the error body of a refused request.
func (s *store) send(t *testing.T, r *wire.Request, body []byte) (refusal []byte) {
	t.Helper()
	r.Body, r.Length = bytes.NewReader(body), int64(len(body))
	got, err := new(wire.Transport).Do(context.Background(), s.url, r, true)
	if err != nil {
		t.Fatal(err)
	}
	if got.Status < 400 || got.Status == 404 {
		t.Fatalf("status %d: the request was not refused for its signature\n%s", got.Status, got.Body)
	}
	return got.Body
}

// A sample is a request that is right before it is broken.
type sample struct {
	scheme  string
	presign bool
	secret  string
	d       *dialect.Dialect
	r       *wire.Request
	in      sign.Input
	steps   *sign.Steps
	body    []byte
}

const (
	bucket = "album-1250000000"
	key    = "summer day/é 1.jpg"
)

func newSample(t *testing.T, d *dialect.Dialect, scheme string, presign bool) *sample {
	t.Helper()
	host, path := d.Address(d.Style, d.Host(d.Region), bucket, key)
	s := &sample{scheme: scheme, presign: presign, d: d, secret: secretKey, steps: &sign.Steps{}}
	s.r = &wire.Request{Method: "GET", Target: path + "?z=a%2Fb%20c&response-content-type=text%2Fcss&acl&response-expires=1"}
	s.r.Fields = wire.Fields{{Name: "Host", Value: host}, {Name: d.Meta + "color", Value: "blue"}, {Name: "Content-Type", Value: "text/plain"}}
	if d.DateField != "" && !presign {
		s.r.Fields.Add(d.DateField, now.Format("2006-01-02T15:04:05Z"))
	}
	s.in = sign.Input{AccessKey: accessKey, Time: now, Region: d.Region, Presign: presign, Resource: "/" + bucket + "/" + key}
	return s
}

// ask describes the request to the laboratory.
func (s *sample) ask(r *wire.Request) *siglab.Ask {
	host := r.Fields.Get("Host")
	q := &siglab.Ask{Scheme: s.scheme, Method: r.Method, URL: "http://" + host + r.Target, Presign: s.presign, Body: s.body,
		AccessKey: accessKey, SecretKey: secretKey, Now: now, Region: s.d.Region}
	q.Fields = r.Fields.Clone()
	return q
}

func (s *sample) sign(t *testing.T) {
	t.Helper()
	s.in.SecretKey = s.secret
	if err := sign.Apply(schemes.ByName(s.scheme), s.r, &s.in, s.steps); err != nil {
		t.Fatal(err)
	}
}

func mac(h func() hash.Hash, key, text string) string {
	m := hmac.New(h, []byte(key))
	m.Write([]byte(text))
	return string(m.Sum(nil))
}

func step(s *sign.Steps, names ...string) string {
	for _, name := range names {
		if v, ok := s.Get(name); ok {
			return v
		}
	}
	return ""
}

// resign replaces the signature by one over a canonical text that the client got
// wrong. It computes by itself: crypto/hmac and the documents' formulas.
func (s *sample) resign(canonical func(string) string, text func(string) string) {
	right := step(s.steps, sign.StepSignature)
	var wrong string
	toSign := step(s.steps, sign.StepText, "StringToSign", sign.StepRequest)
	whole := canonical(step(s.steps, "HttpString", sign.StepRequest, sign.StepText))
	secretSum := func() string { k, _ := hex.DecodeString(step(s.steps, sign.StepKey)); return string(k) }
	switch s.scheme {
	case "oss-v1":
		wrong = base64.StdEncoding.EncodeToString([]byte(mac(sha1.New, s.secret, text(whole))))
	case "bce-auth-v1":
		wrong = hex.EncodeToString([]byte(mac(sha256.New, step(s.steps, sign.StepKey), text(whole))))
	case "cos-sha1":
		sum := sha1.Sum([]byte(whole))
		lines := strings.Split(toSign, "\n")
		lines[2] = hex.EncodeToString(sum[:])
		wrong = hex.EncodeToString([]byte(mac(sha1.New, step(s.steps, "SignKey"), text(strings.Join(lines, "\n")))))
	default:
		sum := sha256.Sum256([]byte(whole))
		lines := strings.Split(toSign, "\n")
		lines[3] = hex.EncodeToString(sum[:])
		wrong = hex.EncodeToString([]byte(mac(sha256.New, secretSum(), text(strings.Join(lines, "\n")))))
	}
	for i := range s.r.Fields {
		s.r.Fields[i].Value = strings.Replace(s.r.Fields[i].Value, right, wrong, 1)
	}
	s.r.Target = strings.Replace(s.r.Target, url.QueryEscape(right), url.QueryEscape(wrong), 1)
}

func same(s string) string { return s }

// onLine changes one line of a text, counted from 0.
func onLine(n int, change func(string) string) func(string) string {
	return func(text string) string {
		lines := strings.Split(text, "\n")
		lines[n] = change(lines[n])
		return strings.Join(lines, "\n")
	}
}

func swap(old, new string) func(string) string {
	return func(s string) string { return strings.ReplaceAll(s, old, new) }
}

// A breakage is one way to get a signature wrong.
type breakage struct {
	name, cause string
	not         []string                         // schemes in which it is no mistake, or cannot be made
	before      func(*sample)                    // before signing: what the client believes
	wrong       func(*sample)                    // a wrong signature for the right request
	after       func(s *sample, r *wire.Request) // the wire, after signing
	onlyMeant   bool                             // what was sent does not tell
	headers     bool                             // about header signatures only
}

// lastLine is the index of the line that holds the path.
func (s *sample) pathLine() int {
	if s.scheme == "oss-v1" {
		return strings.Count(step(s.steps, sign.StepText), "\n")
	}
	return 1
}

func (s *sample) onPath(change func(string) string) {
	s.resign(onLine(s.pathLine(), func(l string) string {
		path, query, marked := strings.Cut(l, "?")
		if marked {
			query = "?" + query
		}
		return change(path) + query
	}), same)
}

func (s *sample) onQuery(change func(string) string) {
	if s.scheme == "oss-v1" {
		s.resign(onLine(s.pathLine(), func(l string) string { p, q, _ := strings.Cut(l, "?"); return p + "?" + change(q) }), same)
		return
	}
	s.resign(onLine(2, change), same)
}

func reversed(query string) string {
	list := strings.Split(query, "&")
	slices.Reverse(list)
	return strings.Join(list, "&")
}

var escapes = regexp.MustCompile(`%[0-9A-F]{2}`)

func lower(s string) string { return escapes.ReplaceAllStringFunc(s, strings.ToLower) }

func pathOf(r *wire.Request, change func(string) string) {
	path, query, _ := strings.Cut(r.Target, "?")
	r.Target = change(path) + "?" + query
}

var breakages = []breakage{
	{name: "path encoded twice on the wire", cause: "path-encoded-twice", after: func(_ *sample, r *wire.Request) { pathOf(r, swap("%", "%25")) }},
	{name: "path encoded twice in the text", cause: "path-encoded-twice", wrong: func(s *sample) {
		if s.scheme == "oss-v1" || s.scheme == "cos-sha1" {
			s.onPath(wire.EscapePath)
			return
		}
		s.onPath(swap("%", "%25"))
	}},
	{name: "plus for a blank on the wire", cause: "plus-for-blank", after: func(_ *sample, r *wire.Request) { pathOf(r, swap("%20", "+")) }},
	{name: "plus for a blank in the query on the wire", cause: "plus-for-blank", not: []string{"oss-v1", "cos-sha1"}, // COS reads it as a blank
		after: func(_ *sample, r *wire.Request) { r.Target = strings.Replace(r.Target, "b%20c", "b+c", 1) }},
	{name: "plus for a blank in the text", cause: "plus-for-blank", wrong: func(s *sample) {
		s.onPath(func(p string) string { return strings.NewReplacer(" ", "+", "%20", "+").Replace(p) })
	}},
	{name: "lower-case escapes of the path", cause: "lower-case-escape", not: []string{"oss-v1", "cos-sha1"}, wrong: func(s *sample) { s.onPath(lower) }},
	{name: "lower-case escapes of the query", cause: "lower-case-escape", not: []string{"oss-v1"}, wrong: func(s *sample) { s.onQuery(lower) }},
	{name: "query not sorted", cause: "query-order", wrong: func(s *sample) { s.onQuery(reversed) }},
	{name: "equals sign of an empty parameter", cause: "empty-parameter", wrong: func(s *sample) {
		s.onQuery(func(q string) string {
			if strings.Contains(q, "acl=") {
				return strings.Replace(q, "acl=", "acl", 1)
			}
			return strings.Replace(q, "acl", "acl=", 1)
		})
	}},
	{name: "a sub-resource not signed", cause: "sub-resources", not: []string{"oss-v4", "aws-sigv4", "cos-sha1", "bce-auth-v1"},
		wrong: func(s *sample) { s.onQuery(swap("acl&", "")) }},
	{name: "a parameter taken for a sub-resource", cause: "sub-resources", not: []string{"oss-v4", "aws-sigv4", "cos-sha1", "bce-auth-v1"},
		wrong: func(s *sample) { s.onQuery(func(q string) string { return q + "&z=a/b c" }) }},
	{name: "bucket missing", cause: "bucket-missing", not: []string{"cos-sha1", "bce-auth-v1"}, wrong: func(s *sample) { s.onPath(swap("/"+bucket, "")) }},
	{name: "bucket doubled", cause: "bucket-doubled", wrong: func(s *sample) { s.onPath(func(p string) string { return "/" + bucket + p }) }},
	{name: "a header not signed", cause: "header-not-signed", wrong: func(s *sample) {
		s.resign(func(c string) string {
			return regexp.MustCompile(`&?`+s.d.Meta+`color[:=]blue\n?`).ReplaceAllString(c, "")
		}, same)
	}, not: []string{"bce-auth-v1"}},
	{name: "the last header not signed", cause: "header-not-signed", headers: true, wrong: func(s *sample) {
		s.resign(func(c string) string { return strings.Replace(c, "\nx-bce-meta-color:blue", "", 1) }, same)
	}, not: []string{"oss-v1", "oss-v4", "aws-sigv4", "cos-sha1"}},
	{name: "a header that comes later", cause: "header-not-signed", not: []string{"cos-sha1"},
		after: func(s *sample, r *wire.Request) { r.Fields.Add(s.d.Meta+"late", "1") }},
	{name: "a header that gets lost", cause: "header-not-signed", onlyMeant: true, not: []string{"bce-auth-v1"},
		after: func(s *sample, r *wire.Request) { r.Fields.Del(s.d.Meta + "color") }},
	{name: "a type from the library", cause: "content-type-added",
		after: func(_ *sample, r *wire.Request) { r.Fields.Set("Content-Type", "text/plain; charset=utf-8") }},
	{name: "a type that nobody set", cause: "content-type-added", not: []string{"aws-sigv4", "cos-sha1"},
		before: func(s *sample) { s.r.Fields.Del("Content-Type") },
		after:  func(_ *sample, r *wire.Request) { r.Fields.Add("Content-Type", "application/x-www-form-urlencoded") }},
	{name: "Host with its port", cause: "host-port", not: []string{"oss-v1", "oss-v4"},
		after: func(_ *sample, r *wire.Request) { r.Fields.Set("Host", r.Fields.Get("Host")+":80") }},
	{name: "method changed", cause: "method-differs", after: func(_ *sample, r *wire.Request) { r.Method = "DELETE" }},
	{name: "line feed after the text", cause: "trailing-newline", wrong: func(s *sample) { s.resign(same, func(x string) string { return x + "\n" }) }},
	{name: "line feed after the secret", cause: "trailing-newline", before: func(s *sample) { s.secret += "\n" }},
	{name: "another secret", cause: "wrong-secret", before: func(s *sample) { s.secret = "quite-another-secret" }},
	{name: "another date in the header", cause: "date-header", not: []string{"cos-sha1"}, headers: true, after: func(s *sample, r *wire.Request) {
		later := now.Add(3 * time.Second)
		switch s.scheme {
		case "oss-v1":
			r.Fields.Set("Date", later.Format("Mon, 02 Jan 2006 15:04:05 GMT"))
		case "bce-auth-v1":
			r.Fields.Set("x-bce-date", later.Format(time.RFC3339))
		default:
			r.Fields.Set(s.d.Prefix+"date", later.Format("20060102T150405Z"))
		}
	}},
	{name: "local time in the text", cause: "clock", not: []string{"cos-sha1", "bce-auth-v1"}, headers: true, wrong: func(s *sample) {
		local := now.Add(8 * time.Hour)
		change := swap(now.Format("20060102T150405Z"), local.Format("20060102T150405Z"))
		if s.scheme == "oss-v1" {
			change = swap(now.Format("Mon, 02 Jan 2006 15:04:05 GMT"), local.Format("Mon, 02 Jan 2006 15:04:05 GMT"))
		}
		s.resign(same, change)
	}},
	{name: "a clock that is late", cause: "clock", onlyMeant: true, before: func(s *sample) {
		s.in.Time = now.Add(-9 * 24 * time.Hour)
		if s.r.Fields.Has("x-bce-date") {
			s.r.Fields.Set("x-bce-date", s.in.Time.Format(time.RFC3339))
		}
	}},
	{name: "another region", cause: "wrong-region", not: []string{"oss-v1", "cos-sha1", "bce-auth-v1"}, headers: true, onlyMeant: true,
		before: func(s *sample) { s.in.Region = "mars-north-1" }},
	{name: "another payload hash", cause: "payload-hash", not: []string{"oss-v1", "oss-v4", "cos-sha1", "bce-auth-v1"}, headers: true,
		after: func(_ *sample, r *wire.Request) { r.Fields.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD") }},
	{name: "another body", cause: "payload-hash", not: []string{"oss-v1", "oss-v4", "cos-sha1", "bce-auth-v1"}, headers: true, onlyMeant: true,
		before: func(s *sample) { s.r.Method, s.r.Target = "PUT", "/"+bucket+"/k" },
		after:  func(s *sample, r *wire.Request) { s.body = []byte("two"); r.Fields.Add("Content-Length", "3") }},
	{name: "the payload line of another body", cause: "payload-hash", not: []string{"oss-v1", "cos-sha1", "bce-auth-v1"}, wrong: func(s *sample) {
		empty := sha256.Sum256(nil)
		s.resign(func(c string) string {
			at := strings.LastIndexByte(c, '\n') + 1
			if c[at:] == "UNSIGNED-PAYLOAD" {
				return c[:at] + hex.EncodeToString(empty[:])
			}
			return c[:at] + "UNSIGNED-PAYLOAD"
		}, same)
	}},
}

// TestFirstGuessNamesTheCause breaks a request in every known way, in every
// scheme and form, has the emulator refuse it, and wants the first guess to name
// the breakage: once with the request as it was meant beside the server's error
// body, once with the request as it was sent, signature included.
func TestFirstGuessNamesTheCause(t *testing.T) {
	for scheme, name := range dialectOf {
		s := open(t, name)
		for _, presign := range []bool{false, true} {
			for _, b := range breakages {
				if slices.Contains(b.not, scheme) || presign && b.headers {
					continue
				}
				form := "header"
				if presign {
					form = "query"
				}
				t.Run(scheme+"/"+form+"/"+b.name, func(t *testing.T) { tryBreakage(t, s, newSample(t, s.d, scheme, presign), b) })
			}
		}
	}
}

func tryBreakage(t *testing.T, st *store, s *sample, b breakage) {
	if b.before != nil {
		b.before(s)
	}
	meant := *s.r
	meant.Fields = meant.Fields.Clone()
	s.sign(t)
	if b.wrong != nil {
		b.wrong(s)
	}
	if b.after != nil {
		b.after(s, s.r)
	}
	refusal := st.send(t, s.r, s.body)
	shows := s.scheme != "bce-auth-v1" && (s.scheme != "cos-sha1" || b.wrong == nil && b.before == nil)
	if shows || b.onlyMeant {
		q := s.ask(&meant)
		q.ServerError = refusal
		firstGuess(t, "meant", q, b.cause)
	}
	if !b.onlyMeant {
		q := s.ask(s.r)
		q.ServerError = refusal
		firstGuess(t, "sent", q, b.cause)
	}
}

func firstGuess(t *testing.T, as string, q *siglab.Ask, want string) {
	t.Helper()
	signed, err := siglab.Sign(q)
	if err != nil {
		t.Fatal(err)
	}
	found := signed.Explain()
	if got := found.Guesses[0]; string(got.Cause) != want {
		var out strings.Builder
		signed.Write(&out)
		found.Write(&out)
		t.Errorf("as %s: the first guess is %s (%s), want %s\n%s\n%s", as, got.Cause, got.Why, want, q.ServerError, out.String())
	}
}
