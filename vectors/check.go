package vectors

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/sign/bcev1"
	"objectharness/internal/sign/cossha1"
	"objectharness/internal/sign/osscallback"
	"objectharness/internal/sign/ossv1"
	"objectharness/internal/sign/ossv4"
	"objectharness/internal/sign/sigv4"
	"objectharness/internal/wire"
)

// reasons are those that a vector may present a request for.
var reasons = []string{
	string(sign.Mismatch), string(sign.Expired), string(sign.NotYetValid), string(sign.Skewed), string(sign.ExpiresRange),
	string(sign.BadChunk),
}

// A Result is the outcome of one vector. A failed one names the first step that
// differs and the first byte in it.
type Result struct {
	ID, Algorithm, Mode string
	OK                  bool
	Step                string // "canonical_query", "verify", …
	Index               int    // first differing byte of Want
	Got, Want           string
	Refused             bool   // what came is a refusal of the signer or the verifier, not another value
	Note                string // what became of an acceptable vector that was not reproduced: it passes
}

// String is one line about the result.
func (r Result) String() string {
	if r.OK {
		return "ok   " + r.ID
	}
	return fmt.Sprintf("FAIL %s (%s, %s): %s differs at byte %d: got %q, want %q", r.ID, r.Algorithm, r.Mode, r.Step, r.Index,
		around(r.Got, r.Index), around(r.Want, r.Index))
}

// around cuts a long value to what stands near its byte i.
func around(s string, i int) string {
	const before, length = 24, 120
	from := min(max(0, i-before), len(s))
	out := s[from:min(len(s), from+length)]
	if from > 0 {
		out = "…" + out
	}
	if from+length < len(s) {
		out += "…"
	}
	return out
}

// algorithm binds a scheme to the words of the schema.
type algorithm struct {
	scheme func(v *Vector) sign.FormScheme
	key    func(in *sign.Input) string // in hexadecimal; nil where there is no derived key
	steps  []binding                   // in the order of computation
}

// binding says which recorded step a field of Expected is about.
type binding struct {
	field string
	value func(e *Expected) *string
	step  string
}

func bind(field string, value func(e *Expected) *string, step string) binding {
	return binding{field, value, step}
}

func uri(e *Expected) *string       { return e.CanonicalURI }
func query(e *Expected) *string     { return e.CanonicalQuery }
func fields(e *Expected) *string    { return e.CanonicalHeaders }
func resource(e *Expected) *string  { return e.CanonicalResource }
func names(e *Expected) *string     { return e.SignedHeaders }
func params(e *Expected) *string    { return e.SignedParams }
func payload(e *Expected) *string   { return e.PayloadHash }
func request(e *Expected) *string   { return e.CanonicalRequest }
func text(e *Expected) *string      { return e.StringToSign }
func key(e *Expected) *string       { return e.SigningKey }
func signature(e *Expected) *string { return e.Signature }

// steps builds the bindings of a scheme out of its names for each.
func steps(of map[string]string) []binding {
	all := []binding{
		bind("canonical_uri", uri, sign.StepURI), bind("canonical_query", query, sign.StepQuery),
		bind("canonical_headers", fields, sign.StepFields), bind("canonical_resource", resource, ""),
		bind("signed_headers", names, sign.StepNames), bind("signed_params", params, ""),
		bind("payload_hash", payload, sign.StepPayload), bind("canonical_request", request, sign.StepRequest),
		bind("string_to_sign", text, sign.StepText), bind("signing_key", key, sign.StepKey),
		bind("signature", signature, sign.StepSignature),
	}
	for i := range all {
		if step, ok := of[all[i].field]; ok {
			all[i].step = step
		}
	}
	return all
}

var algorithms = map[string]*algorithm{
	"bce-auth-v1": {
		scheme: func(*Vector) sign.FormScheme { return bcev1.Scheme{} }, key: bcev1.Key, steps: steps(nil)},
	"cos-sha1": {
		scheme: func(*Vector) sign.FormScheme { return cossha1.Scheme{} }, key: cossha1.Key,
		steps: steps(map[string]string{
			"canonical_query": cossha1.StepParams, "canonical_headers": cossha1.StepHeaders, "signed_headers": cossha1.StepHdrList,
			"signed_params": cossha1.StepParList, "canonical_request": cossha1.StepHTTP, "string_to_sign": cossha1.StepText,
			"signing_key": cossha1.StepKey})},
	"oss-v1": {
		scheme: func(*Vector) sign.FormScheme { return ossv1.Scheme{} },
		steps:  steps(map[string]string{"canonical_headers": ossv1.StepFields, "canonical_resource": ossv1.StepResource})},
	"oss-v4": {
		scheme: func(*Vector) sign.FormScheme { return ossv4.Scheme{} },
		key:    func(in *sign.Input) string { return hex.EncodeToString(ossv4.Key(in)) },
		steps:  steps(map[string]string{"signed_headers": ossv4.StepNames})},
	"oss-callback": {steps: steps(map[string]string{"payload_hash": osscallback.StepHash})},
	"aws-sigv4": {
		scheme: func(v *Vector) sign.FormScheme { return v.sigv4() },
		key:    func(in *sign.Input) string { return hex.EncodeToString(sigv4.Key(in)) }, steps: steps(nil)},
}

func (v *Vector) sigv4() sigv4.Scheme {
	s := sigv4.Scheme{Normalize: v.Options.NormalizePath, EncodeTwice: v.Options.DoubleEncode, TokenAfter: v.Options.OmitSessionToken}
	if sent := v.Options.ContentSHA256Header; sent != nil {
		s.PayloadField = sigv4.Never
		if *sent {
			s.PayloadField = sigv4.Always
		}
	}
	return s
}

// input is what the vector gives its signer.
func (v *Vector) input() *sign.Input {
	at, _ := v.when()
	in := &sign.Input{
		AccessKey: v.Credentials.AccessKey, SecretKey: v.Credentials.SecretKey, Token: v.Credentials.SessionToken, Time: at,
		Region: v.Scope.Region, Service: v.Scope.Service, Presign: v.Mode == "query", Signed: v.Options.SignedHeaders,
		SignedParams: v.Options.SignedParams, Payload: v.payload(), KeyTime: v.Options.KeyTime,
		UnsignedToken: v.Options.OmitSessionToken || v.Options.SignToken != nil && !*v.Options.SignToken,
		MergedSign:    v.Options.MergedSign, ListDefaults: v.Options.EmitSignedHeaders, Resource: v.resource(),
	}
	if v.Algorithm == "oss-v4" {
		in.Signed = v.Options.AdditionalHeaders
	}
	if v.Expires != nil {
		in.Expires, in.Exact = time.Duration(*v.Expires)*time.Second, true
	}
	return in
}

func (v *Vector) payload() string {
	words := map[string]string{
		"chunked": sigv4.Signed, "chunked-trailer": sigv4.SignedTrailer, "chunked-unsigned-trailer": sigv4.UnsignedTrailer,
	}
	if v.Request.PayloadHash != "" {
		return v.Request.PayloadHash
	}
	return words[v.Mode]
}

func (v *Vector) resource() string {
	switch b := v.Request.Bucket; {
	case b == nil:
		return ""
	case *b == "":
		return "/" + v.Request.Object
	default:
		return "/" + *b + "/" + v.Request.Object
	}
}

// request is the vector's request as it goes on the wire, before signing.
func (v *Vector) request() *wire.Request {
	r := &wire.Request{Method: v.Request.Method, Target: v.Request.WirePath}
	if v.Request.WireQuery != "" {
		r.Target += "?" + v.Request.WireQuery
	}
	for _, h := range v.Request.Headers {
		if v.Algorithm == "aws-sigv4" && strings.EqualFold(h[0], "Host") {
			h[1] = withoutDefaultPort(v.Request.Scheme, h[1])
		}
		r.Fields.Add(h[0], h[1])
	}
	if body, _ := v.Request.Body.bytes(); body != nil {
		r.Body, r.Length = strings.NewReader(string(body)), int64(len(body))
	}
	return r
}

func withoutDefaultPort(scheme, host string) string {
	switch scheme {
	case "https":
		return strings.TrimSuffix(host, ":443")
	case "http":
		return strings.TrimSuffix(host, ":80")
	}
	return host
}

// Check replays one vector: every value that it gives is compared, in the order
// of computation, and a verifier is asked about the signed request.
func Check(v *Vector) Result {
	c := &comparison{Result: Result{ID: v.ID, Algorithm: v.Algorithm, Mode: v.Mode, OK: true}}
	if v.Printed != nil && *v.Right() == v.Printed.Value {
		c.same("printed."+v.Printed.Field, v.Printed.Value, "another value than the right one")
	}
	if c.OK {
		replay(c, v)
	}
	if !c.OK && v.Result == "acceptable" {
		c.OK, c.Note = true, "another value: "+c.Step
		if c.Refused {
			c.Note = "refused at " + c.Step + ": " + c.Got
		}
	}
	return c.Result
}

// comparison keeps the first difference.
type comparison struct{ Result }

// same compares one value.
func (c *comparison) same(step, got, want string) {
	if !c.OK || got == want {
		return
	}
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	c.OK, c.Step, c.Index, c.Got, c.Want = false, step, i, got, want
}

// given compares a value that the vector may leave out.
func (c *comparison) given(step, got string, want *string) {
	if want != nil {
		c.same(step, got, *want)
	}
}

func (c *comparison) fail(step string, err error) {
	if err != nil && c.OK {
		c.same(step, err.Error(), "")
		c.Refused = true
	}
}

// recorded compares the steps that the signer recorded.
func (c *comparison) recorded(v *Vector, done *sign.Steps) {
	for _, b := range algorithms[v.Algorithm].steps {
		want := b.value(&v.Expected)
		if want == nil {
			continue
		}
		got, ok := done.Get(b.step)
		if !ok {
			got = "(no such step in this scheme)"
		}
		c.same(b.field, got, *want)
	}
}
