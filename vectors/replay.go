package vectors

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc64"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/sign/ossv1"
	"objectharness/internal/sign/sigv4"
	"objectharness/internal/wire"
)

func replay(c *comparison, v *Vector) {
	switch v.Mode {
	case "component":
		component(c, v)
	case "form":
		form(c, v)
	case "callback":
		if consistent(c, v); c.OK {
			callback(c, v)
		}
	case "rtmp":
		if consistent(c, v); c.OK {
			rtmp(c, v)
		}
	default:
		if consistent(c, v); c.OK {
			signed(c, v)
		}
	}
}

// consistent checks that the vector says the same thing twice where it says it
// twice: decoded and on the wire.
func consistent(c *comparison, v *Vector) {
	path, ok := wire.Unescape(v.Request.WirePath)
	if !ok {
		c.same("request.wire_path", v.Request.WirePath, "a percent-encoded path")
	}
	if !v.Options.NormalizePath {
		c.same("request.path", path, "/"+strings.TrimPrefix(v.Request.Path, "/"))
	}
	c.same("request.query", pairs(wire.ParseQuery(v.Request.WireQuery)), pairs(paramsOf(v.Request.Query)))
	for _, h := range v.Request.Headers {
		if strings.EqualFold(h[0], "Host") {
			scheme := v.Request.Scheme
			c.same("request.host", strings.ToLower(withoutDefaultPort(scheme, v.Request.Host)),
				strings.ToLower(withoutDefaultPort(scheme, sign.Trim(h[1]))))
		}
	}
}

func paramsOf(given [][2]*string) (out []wire.Param) {
	for _, p := range given {
		q := wire.Param{Bare: p[1] == nil}
		if p[0] != nil {
			q.Name = *p[0]
		}
		if p[1] != nil {
			q.Value = *p[1]
		}
		out = append(out, q)
	}
	return out
}

// pairs is a list of parameters as comparable text, in the given order.
func pairs(list []wire.Param) string { return string(wire.AppendQuery(nil, list)) }

// sorted is a list of parameters as comparable text, in any order.
func sorted(list []wire.Param) string {
	lines := make([]string, len(list))
	for i := range list {
		lines[i] = pairs(list[i : i+1])
	}
	slices.Sort(lines)
	return strings.Join(lines, "&")
}

// signed replays the modes in which a request is signed as a whole.
func signed(c *comparison, v *Vector) {
	r, in, done := v.request(), v.input(), &sign.Steps{}
	s := algorithms[v.Algorithm].scheme(v)
	before := *r
	before.Fields = r.Fields.Clone()
	if err := sign.Apply(s, r, in, done); err != nil {
		c.fail("sign", err)
		return
	}
	c.recorded(v, done)
	added(c, v, &before, r)
	c.given("authorization", blanks(v, authorization(v, r)), blanksOf(v, v.Expected.Authorization))
	if v.Expected.URL != nil {
		sameURL(c, v, r.Target)
	}
	if strings.HasPrefix(v.Mode, "chunked") {
		chunked(c, v, r, in)
	}
	if c.OK {
		right, _ := done.Get(sign.StepSignature)
		verify(c, v, r, s, right)
	}
}

// added compares what the signer put into the request, authorization apart.
func added(c *comparison, v *Vector, before, after *wire.Request) {
	if want := v.Expected.AddedHeaders; want != nil {
		c.same("added_headers", headerLines(after.Fields, len(before.Fields)), headerLines(fieldsOf(want), 0))
	}
	if want := v.Expected.AddedQuery; want != nil {
		_, query := wire.SplitTarget(after.Target)
		all := wire.ParseQuery(query)
		c.same("added_query", sorted(all[len(v.Request.Query):]), sorted(paramsOf(want)))
	}
}

func fieldsOf(given [][2]string) (out wire.Fields) {
	for _, f := range given {
		out.Add(f[0], f[1])
	}
	return out
}

// headerLines are the fields from the given one on, but Authorization.
func headerLines(f wire.Fields, from int) string {
	var lines []string
	for _, x := range f[from:] {
		if !strings.EqualFold(x.Name, "Authorization") {
			lines = append(lines, strings.ToLower(x.Name)+": "+x.Value)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// authorization is the authorization text of a signed request, wherever it stands.
func authorization(v *Vector, r *wire.Request) string {
	if v.Mode != "query" {
		return r.Fields.Get("Authorization")
	}
	for p := range sign.Params(r.Target) {
		if v.Algorithm == "bce-auth-v1" && p.Name == "authorization" || v.Algorithm == "cos-sha1" && p.Name == "sign" {
			return p.Value
		}
	}
	var parts []string
	for p := range sign.Params(r.Target) {
		if strings.HasPrefix(p.Name, "q-") {
			parts = append(parts, p.Name+"="+p.Value)
		}
	}
	return strings.Join(parts, "&")
}

// blanks takes the blanks after commas out, where the schema lets a consumer ignore them.
func blanks(v *Vector, text string) string {
	if v.Algorithm == "aws-sigv4" {
		return strings.ReplaceAll(text, ", ", ",")
	}
	return text
}

func blanksOf(v *Vector, text *string) *string {
	if text == nil {
		return nil
	}
	out := blanks(v, *text)
	return &out
}

// sameURL compares addresses by scheme, host, decoded path and set of parameters.
func sameURL(c *comparison, v *Vector, target string) {
	want := *v.Expected.URL
	scheme, rest, _ := strings.Cut(want, "://")
	host := rest
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		host = rest[:i]
	}
	c.same("url scheme", v.Request.Scheme, scheme)
	c.same("url host", withoutDefaultPort(v.Request.Scheme, v.Request.Host), withoutDefaultPort(scheme, host))
	wantPath, wantQuery := wire.SplitTarget(want)
	path, query := wire.SplitTarget(target)
	if !v.Options.NormalizePath {
		c.same("url path", decoded(path), decoded(wantPath))
	}
	c.same("url parameters", sorted(wire.ParseQuery(query)), sorted(wire.ParseQuery(wantQuery)))
}

func decoded(s string) string {
	s, _ = wire.Unescape(s)
	return s
}

// chunked encodes the body of a signed request and leaves it in r.
func chunked(c *comparison, v *Vector, r *wire.Request, in *sign.Input) {
	done := &sign.Steps{}
	length := r.Length
	ch := sigv4.Chunks{Word: v.payload(), Size: v.Options.ChunkSize, Trailers: func() wire.Fields { return fieldsOf(v.Request.Trailers) }}
	if err := v.sigv4().Wrap(r, in, ch, done); err != nil {
		c.fail("chunks", err)
		return
	}
	encoded, err := io.ReadAll(r.Body)
	c.fail("chunks", err)
	if want := v.Expected.Chunks; want != nil {
		chunks(c, v, int(length), want, done)
	}
	if want := v.Expected.Trailer; want != nil {
		trailer(c, want, done)
	}
	if want := v.Expected.EncodedLength; want != nil {
		c.same("encoded_length", strconv.Itoa(len(encoded)), strconv.FormatInt(*want, 10))
	}
	c.same("encoded length, computed", strconv.FormatInt(sigv4.EncodedLength(length, ch.Word, ch.Size, fieldsOf(v.Request.Trailers)), 10),
		strconv.Itoa(len(encoded)))
	sum := sha256.Sum256(encoded)
	c.given("encoded_sha256", hex.EncodeToString(sum[:]), v.Expected.EncodedSHA256)
	if v.inBody() {
		encoded = bytes.Replace(encoded, []byte(bodySignature(v, done)), []byte(v.Presented.Signature), 1)
	}
	r.Body, r.Length = bytes.NewReader(encoded), int64(len(encoded))
}

// bodySignature is the signature of the first chunk or, with signed trailers, theirs.
func bodySignature(v *Vector, done *sign.Steps) (sig string) {
	name := "chunk 1 signature"
	if v.Mode == "chunked-trailer" {
		name = "trailer signature"
	}
	sig, _ = done.Get(name)
	return sig
}

func chunks(c *comparison, v *Vector, length int, want []Chunk, done *sign.Steps) {
	size := v.Options.ChunkSize
	if size <= 0 {
		size = 65536
	}
	count := (length+size-1)/size + 1
	c.same("chunks", strconv.Itoa(count)+" chunks", strconv.Itoa(len(want))+" chunks")
	for i, w := range want {
		name := "chunk " + strconv.Itoa(i+1)
		if w.Size != nil {
			c.same(fmt.Sprintf("chunks[%d].size", i), strconv.Itoa(min(size, max(0, length-i*size))), strconv.Itoa(*w.Size))
		}
		text, _ := done.Get(name + " string to sign")
		c.given(fmt.Sprintf("chunks[%d].string_to_sign", i), text, w.StringToSign)
		sig, _ := done.Get(name + " signature")
		c.given(fmt.Sprintf("chunks[%d].signature", i), sig, w.Signature)
	}
}

func trailer(c *comparison, want *Trailer, done *sign.Steps) {
	canonical, _ := done.Get("trailer")
	c.given("trailer.canonical", canonical, want.Canonical)
	text, _ := done.Get("trailer string to sign")
	c.given("trailer.string_to_sign", text, want.StringToSign)
	sig, _ := done.Get("trailer signature")
	c.given("trailer.signature", sig, want.Signature)
}

// form replays a browser form upload.
func form(c *comparison, v *Vector) {
	done := &sign.Steps{}
	s := algorithms[v.Algorithm].scheme(v)
	made, err := s.Form(v.Request.Policy, v.input(), done)
	if err != nil {
		c.fail("sign", err)
		return
	}
	c.recorded(v, done)
	if v.Expected.Form != nil {
		c.same("form", formLines(made), formLines(fieldsOf(v.Expected.Form)))
	}
	if !c.OK {
		return
	}
	if v.Presented != nil {
		sig, _ := done.Get(sign.StepSignature)
		for i := range made {
			if made[i].Value == sig {
				made[i].Value = v.Presented.Signature
			}
		}
	}
	_, err = s.VerifyForm(made, v.check(), nil)
	outcome(c, v, err)
}

func formLines(f wire.Fields) string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = x.Name + "=" + x.Value
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// rtmp replays a push URL.
func rtmp(c *comparison, v *Vector) {
	var s ossv1.Scheme
	r, done := v.request(), &sign.Steps{}
	added1 := string(s.AppendRTMP(nil, r.Target, v.input(), done))
	c.recorded(v, done)
	if want := v.Expected.AddedQuery; want != nil {
		c.same("added_query", sorted(wire.ParseQuery(added1)), sorted(paramsOf(want)))
	}
	sep := "?"
	if strings.Contains(r.Target, "?") {
		sep = "&"
	}
	target := r.Target + sep + added1
	if v.Expected.URL != nil {
		sameURL(c, v, target)
	}
	if !c.OK {
		return
	}
	if v.Presented != nil {
		sig, _ := done.Get(sign.StepSignature)
		target = strings.Replace(target, wire.Escape(sig), wire.Escape(v.Presented.Signature), 1)
	}
	_, err := s.VerifyRTMP(target, v.check(), nil)
	outcome(c, v, err)
}

// component replays a single sub-step. One that this file does not know is
// looked for among the steps of the whole signature.
func component(c *comparison, v *Vector) {
	e := &v.Expected
	switch v.Options.Component {
	case "uri-encode", "content-md5", "crc64", "base64":
		c.given("encoded", v.encoded(), e.Encoded)
	case "signing-key":
		make := algorithms[v.Algorithm].key
		if make == nil {
			c.same("signing_key", "(no derived key in this scheme)", "")
			return
		}
		c.given("signing_key", make(v.input()), e.SigningKey)
	default:
		if v.Request.Method == "" {
			c.same("options.component", v.Options.Component, "uri-encode, content-md5, crc64, base64, signing-key, or a request")
		}
		r, done := v.request(), &sign.Steps{}
		c.fail("sign", sign.Apply(algorithms[v.Algorithm].scheme(v), r, v.input(), done))
		c.recorded(v, done)
	}
}

// encoded is the value of a sub-step that takes a text and no key.
func (v *Vector) encoded() string {
	text := v.Request.Text
	switch v.Options.Component {
	case "content-md5":
		sum := md5.Sum([]byte(text))
		return base64.StdEncoding.EncodeToString(sum[:])
	case "crc64":
		return strconv.FormatUint(crc64.Checksum([]byte(text), crc64.MakeTable(crc64.ECMA)), 10)
	case "base64":
		return base64.StdEncoding.EncodeToString([]byte(text))
	}
	if slash := v.Options.EncodeSlash; slash != nil && !*slash {
		return wire.EscapePath(text)
	}
	return wire.Escape(text)
}

// check is the verifier's side. A vector is about signature and time: what else
// a strict server asks (host signed, chunks large enough, whose token it is) is
// let pass where the vector does not speak of it.
func (v *Vector) check() *sign.Check {
	at, _ := v.when()
	if v.Presented != nil && v.Presented.VerifyAt != "" {
		at, _ = time.Parse(time.RFC3339, v.Presented.VerifyAt)
	}
	ck := &sign.Check{
		Keys: func(accessKey string) (string, string, bool) {
			return v.Credentials.SecretKey, v.Credentials.SessionToken, accessKey == v.Credentials.AccessKey
		},
		Now: at, Region: v.Scope.Region, Service: v.Scope.Service, Resource: v.resource(),
	}
	if v.Algorithm == "bce-auth-v1" {
		ck.Skew = sign.DefaultSkew
	}
	ck.Holds = func(r sign.Reason, ok bool) bool {
		switch r {
		case sign.UnsignedField, sign.ChunkTooSmall:
			return true
		case sign.BadToken:
			return ok || v.Presented != nil || v.Credentials.SessionToken == ""
		case sign.ExpiresRange:
			return ok || v.Presented == nil || v.Presented.Reason != string(sign.ExpiresRange)
		}
		return ok
	}
	return ck
}

// verify asks a verifier about the signed request, with the presented signature
// in the place of the right one where there is one.
func verify(c *comparison, v *Vector, r *wire.Request, s sign.Scheme, right string) {
	if v.Presented != nil && !v.inBody() {
		present(r, right, v.Presented.Signature)
	}
	done := &sign.Steps{}
	verified, err := s.Verify(r, v.check(), done)
	if err == nil && (v.Presented == nil || v.inBody()) {
		err = sameBody(c, v, verified)
	}
	outcome(c, v, err)
	if v.Presented == nil {
		c.recorded(v, done)
	}
}

// present puts another signature in the place of the right one.
func present(r *wire.Request, right, presented string) {
	for i := range r.Fields {
		if strings.EqualFold(r.Fields[i].Name, "Authorization") {
			r.Fields[i].Value = strings.Replace(r.Fields[i].Value, right, presented, 1)
		}
	}
	r.Target = strings.Replace(r.Target, wire.Escape(right), wire.Escape(presented), 1)
}

func sameBody(c *comparison, v *Vector, verified *sign.Verified) error {
	if verified.Body == nil {
		return nil
	}
	got, err := io.ReadAll(verified.Body)
	if err != nil {
		return err
	}
	want, _ := v.Request.Body.bytes()
	if !bytes.Equal(got, want) {
		c.same("verified body", string(got), string(want))
	}
	return nil
}

// outcome compares what the verifier said with what it must say.
func outcome(c *comparison, v *Vector, err error) {
	var no *sign.Refusal
	switch {
	case v.Presented == nil:
		c.fail("verify", err)
	case !errors.As(err, &no):
		c.same("verify", "accepted", "refused: "+v.Presented.Reason)
	default:
		c.same("verify", "refused: "+string(refusal(v, no.Reason)), "refused: "+v.Presented.Reason)
		if no.Reason == sign.Mismatch && no.StringToSign != "" {
			c.given("refusal.string_to_sign", no.StringToSign, v.Expected.StringToSign)
		}
		if no.Reason == sign.Mismatch && no.CanonicalRequest != "" {
			c.given("refusal.canonical_request", no.CanonicalRequest, v.Expected.CanonicalRequest)
		}
	}
}

// refusal takes a bce-auth-v1 time that is still to come under the name that the
// vector gives it: no document names it.
func refusal(v *Vector, r sign.Reason) sign.Reason {
	if v.Algorithm == "bce-auth-v1" && r == sign.Skewed && v.Presented.Reason == string(sign.NotYetValid) {
		return sign.NotYetValid
	}
	return r
}
