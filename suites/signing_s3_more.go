package suites

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// s3Dates is how the time of a request is told, and how far off it may be.
func s3Dates(b *Book) {
	b.refusals(v4Header, asks,
		wrong{late("behind-16m", -16*time.Minute), answered("S3-SIG-16", 403, "RequestTimeTooSkewed")},
		wrong{late("ahead-16m", 16*time.Minute), answered("S3-SIG-17", 403, "RequestTimeTooSkewed")},
		wrong{withoutField(amzDate), answered("S3-SIG-21", 403, "AccessDenied")},
		wrong{dateForm("digits", func(time.Time) string { return "03032006" }), answered("S3-SIG-22", 403, "AccessDenied")},
	)
	b.acceptances(v4Header, asks,
		wrong{late("behind-14m", -14*time.Minute), Row{Clauses: "S3-SIG-18", Rests: "S3-OBJ-21"}},
		wrong{late("ahead-14m", 14*time.Minute), Row{Clauses: "S3-SIG-18", Rests: "S3-OBJ-21"}},
	)
	for name, layout := range byName(map[string]string{"dashes": "2006-01-02T15:04:05Z", "no-zone": "20060102T150405", "lower-case": "20060102t150405z",
		"day": "20060102", "http": time.RFC1123, "zone": "20060102T150405+0000", "seconds": "20060102T1504Z"}) {
		b.refusals(v4Header, gets, wrong{dateForm(name, func(at time.Time) string { return at.Format(layout) }), answered("S3-SIG-22", 403, "AccessDenied")})
	}
	s3Tolerance(b)
	b.Case("header/get/behind-20m", "tells both times and the tolerance when it refuses the time of a request", By{
		"s3": {Clauses: "S3-SIG-19", Want: Refused(403, "RequestTimeTooSkewed").Content(shownElements{"RequestTime": gomega.MatchRegexp(`^\d{8}T\d{6}Z$`),
			"ServerTime": gomega.MatchRegexp(isoTime), "MaxAllowedSkewMilliseconds": "900000"}.all())},
	}, Case{
		Given: []Given{put("a", "content")},
		When:  func(s *Scene) client.Call { return v4Header.signed(s, s.Get(s.Key("a")), late("", -20*time.Minute)) },
	})
}

// dateForm is sent with the date in another form than signed.
func dateForm(name string, form func(time.Time) string) mutation {
	return mutation{name: "date-form." + name, text: "and its date in another form", tamper: func(r *wire.Request) {
		at, _ := time.Parse("20060102T150405Z", r.Fields.Get(amzDate))
		r.Fields.Set(amzDate, form(at))
	}}
}

// s3Tolerance is the last second on both sides of what is accepted, on a clock
// that stands.
func s3Tolerance(b *Book) {
	for _, side := range []struct {
		name, clause string
		d            time.Duration
	}{{"behind", "S3-SIG-16", -15 * time.Minute}, {"ahead", "S3-SIG-17", 15 * time.Minute}} {
		more := side.d + time.Duration(side.d.Seconds()/side.d.Abs().Seconds())*time.Second
		b.Case("header/get/"+side.name+"-15m", "accepts a time that is exactly 15 minutes "+side.name, By{
			"s3": {Clauses: "S3-SIG-18", Want: Accepted(200)},
		}, Case{
			Needs: NeedsPrivate,
			Given: []Given{standing, put("a", "content")},
			When:  func(s *Scene) client.Call { return v4Header.signed(s, s.Get(s.Key("a")), late("", side.d)) },
		})
		b.Case("header/get/"+side.name+"-15m1s", "refuses a time that is a second more than 15 minutes "+side.name, By{
			"s3": answered(side.clause, 403, "RequestTimeTooSkewed"),
		}, Case{
			Needs: NeedsPrivate,
			Given: []Given{standing, put("a", "content")},
			When:  func(s *Scene) client.Call { return v4Header.signed(s, s.Get(s.Key("a")), late("", more)) },
		})
	}
}

// s3Payload is the hash of the body.
func s3Payload(b *Book) {
	given := func(name, value string) mutation {
		return mutation{name: "hash." + name, text: "and " + value + " as " + amzHash, before: func(r *wire.Request) { r.Fields.Set(amzHash, value) }}
	}
	invalid := telling("S3-SIG-35", 400, "InvalidArgument", "ArgumentName", "x-amz-content-sha256")
	b.refusals(v4Header, []ask{askGet, askPut}, wrong{given("text", "invalid_sha256"), invalid}, wrong{given("short", contentSHA256[1:]), invalid},
		wrong{given("word", "UNSIGNED"), invalid})
	const other = "65f23e22a9bfedda96929b3cfcb8b6d2fdd34a2e877ddb81f45d79ab05710e12" // of "CONTENT"
	mismatch := func(signed, sent string) Row {
		return Row{Clauses: "S3-SIG-36", Want: Refused(400, "XAmzContentSHA256Mismatch").Content(
			shownElements{"ClientComputedContentSHA256": signed, "S3ComputedContentSHA256": sent}.all())}
	}
	b.refusals(v4Header, []ask{askPut}, wrong{otherBody, mismatch(contentSHA256, other)}, wrong{given("of-nothing", emptySHA256), mismatch(emptySHA256, contentSHA256)})
	b.refusals(v4Header, gets, wrong{unhashed(emptySHA256), answered("S3-SIG-34", 400, "InvalidRequest")},
		wrong{withoutField(amzHash), answered("S3-SIG-34", 400, "InvalidRequest")})
	b.refusals(v4Header, []ask{askPut}, wrong{unhashed(contentSHA256), answered("S3-SIG-34", 400, "InvalidRequest")})
	b.acceptances(v4Header, []ask{askGet, askPut}, wrong{unsignedPayload, Row{Clauses: "S3-SIG-37"}})
	b.Case("header/put/unsigned-payload-changed", "leaves a body that is said to be unsigned out of the signature", By{
		"s3": {Clauses: "S3-SIG-37", Want: Want{Status: 2}},
	}, Case{
		When:  func(s *Scene) client.Call { return v4Header.signed(s, s.Put(s.Key("a"), "content"), changedBody) },
		After: []After{reads("a", "CONTENT")},
	})
}

// unsignedPayload leaves the body out of the signature.
var unsignedPayload = mutation{name: "unsigned-payload", text: "and UNSIGNED-PAYLOAD", sign: func(in *sign.Input) { in.Payload = "UNSIGNED-PAYLOAD" }}

// otherBody is sent with a body of the same length that is not the one signed.
var otherBody = mutation{name: "other-body", text: "over another body", tamper: func(r *wire.Request) { r.Body = strings.NewReader("CONTENT") }}

// changedBody is otherBody with a body that was not signed.
var changedBody = mutation{sign: unsignedPayload.sign, tamper: otherBody.tamper}

// unhashed is signed rightly and sends no payload hash.
func unhashed(hash string) mutation {
	m := preparing("no-hash", "and no "+amzHash, func(r *wire.Request) { r.Fields.Del(amzHash) })
	m.sign = func(in *sign.Input) { in.Payload = hash }
	return m
}

// s3Accounts is who signs: access keys, tokens, nobody.
func s3Accounts(b *Book) {
	b.refusals(v4Header, asks,
		wrong{unknownKey, answered("S3-SIG-14", 403, "InvalidAccessKeyId")},
		wrong{mutation{name: "access-key-and-signature", text: "by an access key that nobody has and with a wrong signature",
			sign: unknownKey.sign, tamper: oneByte("Signature=").tamper}, answered("S3-SIG-14", 403, "InvalidAccessKeyId")},
		wrong{withToken("garbled-token"), answered("S3-SIG-39", 400, "InvalidToken")},
	)
	for _, a := range asks {
		b.Case("anonymous/"+a.name, "refuses "+a.text+" that nobody signed", By{
			"s3": answered("S3-SIG-41", 403, "AccessDenied"),
		}, Case{
			Given: []Given{a.brings("a", "control"), a.control(v4Header)},
			When: func(s *Scene) client.Call {
				call := a.call(s, "a")
				call.Anonymous = true
				return call
			},
			After: a.none,
		})
	}
	s3Tokens(b)
	s3TokenEnds(b)
}

// s3Tokens is what temporary credentials need.
func s3Tokens(b *Book) {
	token := func(value string) mutation {
		return mutation{sign: func(in *sign.Input) { in.Token = value }}
	}
	invalid := answered("S3-SIG-39", 400, "InvalidToken")
	unsigned := telling("S3-SIG-10 S3-SIG-39", 403, "AccessDenied", "HeadersNotSigned", "x-amz-security-token")
	for _, w := range []struct {
		name, text string
		m          mutation
		row        Row
	}{
		{"garbled", "refuses temporary credentials with a garbled token", token("temporary-tokem"), invalid},
		{"missing", "refuses temporary credentials without their token", token(""), invalid},
		{"unsigned", "refuses temporary credentials whose token is not signed", mutation{sign: onlySigning("host", amzDate, amzHash)}, unsigned},
	} {
		b.Case("header/get/token-"+w.name, w.text, By{"s3": w.row}, Case{
			Needs: NeedsPrivate,
			Given: []Given{s3Temporary, put("a", "content")},
			When:  func(s *Scene) client.Call { return v4Header.signed(s, s.Get(s.Key("a")), w.m) },
		})
	}
	b.Case("header/get/token-right", "accepts temporary credentials with their token", By{
		"s3": {Clauses: "S3-SIG-39", Want: Want{Status: 2}},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{temporary},
		When:  func(s *Scene) client.Call { return v4Header.signed(s, s.Put(s.Key("a"), "content"), untouched) },
	})
}

// s3TokenEnds is that temporary credentials are over at their end.
func s3TokenEnds(b *Book) {
	end := time.Date(2026, 2, 3, 4, 5, 16, 0, time.UTC)
	for _, a := range asks {
		b.Case("header/"+a.name+"/token-expired", "refuses "+a.text+" with temporary credentials that have expired", By{
			"s3": answered("S3-SIG-40", 400, "ExpiredToken"),
		}, Case{
			Needs: NeedsPrivate,
			Given: []Given{func(s *Scene) {
				keys := s.Owner.Keys
				keys.Token, keys.Ends = "temporary-token", end
				s.NewPrivate(Setup{Time: end.Add(-10 * time.Second), Keys: []client.Keys{keys}})
			}, a.brings("a", "control"), a.control(v4Header), func(s *Scene) { s.Pass(11 * time.Second) }},
			When: func(s *Scene) client.Call { return v4Header.signed(s, a.call(s, "a"), untouched) },
		})
	}
}

// s3Temporary opens an emulator of the case's own whose owner has temporary
// credentials.
func s3Temporary(s *Scene) {
	keys := s.Owner.Keys
	s.NewPrivate(Setup{Keys: []client.Keys{{AccessKey: keys.AccessKey, SecretKey: keys.SecretKey, Token: "temporary-token"}}})
}

// shownMismatch is what the refusal of a wrong signature tells.
var shownMismatch = Refused(403, "SignatureDoesNotMatch").With(func(s *Scene, r *client.Reply) (flaws []Flaw) {
	text, _ := r.Steps.Get(sign.StepText)
	request, _ := r.Steps.Get(sign.StepRequest)
	for name, want := range byName(map[string]string{
		"AWSAccessKeyId":    s.Owner.Keys.AccessKey,
		"SignatureProvided": afterLast(r.Request.Fields.Get("Authorization"), "Signature="),
		"StringToSign":      text, "StringToSignBytes": fmt.Sprintf("% x", text),
		"CanonicalRequest": request, "CanonicalRequestBytes": fmt.Sprintf("% x", request),
	}) {
		if got, _ := extra(r, name); got != want {
			flaws = append(flaws, Flaw{name + " " + excerpt(want), excerpt(got)})
		}
	}
	return flaws
})

func afterLast(text, mark string) string { return text[strings.LastIndex(text, mark)+len(mark):] }

// getOf is a GET of a key that ends in something.
func getOf(suffix string) ask {
	return ask{name: "get", text: "a GET", right: Accepted(200).Content("content"),
		given: func(key string) Given { return put(key+suffix, "content") },
		call:  func(s *Scene, key string) client.Call { return s.Get(s.Key(key + suffix)) },
	}
}

// byName yields the entries of a map in the order of their names.
func byName[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if !yield(name, m[name]) {
				return
			}
		}
	}
}

// s3Canonical is how the canonical request is written: each case holds the right
// reading against a wrong one.
func s3Canonical(b *Book) {
	every := func(old, other string) func(string) string {
		return func(line string) string { return strings.ReplaceAll(line, old, other) }
	}
	for _, c := range []struct {
		name, text, clause string
		ask                ask
		change             respelling
	}{
		{"doubled-slashes", "signs doubled slashes as they are sent", "S3-SIG-05", getOf("a//b"), requestLine(1, every("//", "/"))},
		{"dot-segments", "signs dot segments as they are sent", "S3-SIG-05", getOf("a/./b"), requestLine(1, every("/./", "/"))},
		{"path-once", "encodes the path once", "S3-SIG-05", getOf("c d"), requestLine(1, every("%", "%25"))},
		{"path-blank", "encodes a blank of the path as %20", "S3-SIG-06", getOf("a b+c=d"), requestLine(1, every("%20", "+"))},
		{"path-hex", "encodes with upper-case digits", "S3-SIG-06", getOf("a b+c=d"), requestLine(1, every("%2B", "%2b"))},
		{"path-encoded", "encodes what is not unreserved", "S3-SIG-06", getOf("a b+c=d"), requestLine(1, every("%3D", "="))},
		{"slashes", "leaves slashes of the path as they are", "S3-SIG-05", askGet, requestLine(1, every("/", "%2F"))},
		{"query-blank", "encodes a blank of the query as %20", "S3-SIG-06", askTyped, requestLine(2, every("%20", "+"))},
		{"query-slash", "encodes a slash of the query", "S3-SIG-06", askTyped, requestLine(2, every("%2F", "/"))},
		{"query-order", "sorts the parameters by name", "S3-SIG-07", askBare, requestLine(2, backwards("&"))},
		{"query-bare", "signs a parameter without a value with an equals sign", "S3-SIG-07", askBare, requestLine(2, strings.NewReplacer("prefix=", "prefix").Replace)},
		{"field-blanks", "folds runs of blanks in a field", "S3-SIG-08", askBlanks, replaced("x-amz-meta-a:two blanks", "x-amz-meta-a:two   blanks")},
		{"field-ends", "trims the value of a field", "S3-SIG-08", askBlanks, replaced("x-amz-meta-a:two", "x-amz-meta-a:  two")},
		{"field-case", "writes the names of fields in lower case", "S3-SIG-08", askBlanks, replaced("x-amz-meta-a:", "X-Amz-Meta-A:")},
		{"field-order", "sorts the fields by name", "S3-SIG-08", askBlanks, fieldsBackwards},
		{"empty-hash", "signs a request without a body with the hash of nothing", "S3-SIG-38", askGet, func(text string) string { return strings.TrimSuffix(text, emptySHA256) }},
	} {
		row := answered(c.clause, 403, "SignatureDoesNotMatch")
		row.Rests = "S3-OBJ-07 S3-OBJ-10"
		b.contrast(v4Header, c.ask, c.name, c.text, row, untouched, over("otherwise", "otherwise", c.change))
	}
	for _, a := range asks {
		b.refusal(v4Header, a.inPath(), wrong{mutation{name: "bucket-in-path", text: "over a path without its bucket", on: func(s *Scene) mutation {
			return over("", "", requestLine(1, func(path string) string { return strings.TrimPrefix(path, "/"+s.Bucket) }))
		}}, answered("S3-EP-03", 403, "SignatureDoesNotMatch")})
	}
}

var (
	askTyped  = askGet.asking(wire.Param{Name: "response-content-type", Value: "text/plain; charset=utf-8"})
	askBlanks = ask{name: "put", text: "a PUT", right: Want{Status: 2}, call: func(s *Scene, key string) client.Call {
		return s.Put(s.Key(key), "content", Field("X-Amz-Meta-A", "  two   blanks "))
	}}
	askBare = ask{name: "list", text: "a listing", right: Accepted(200), call: func(s *Scene, _ string) client.Call {
		return client.Call{Method: "GET", Bucket: s.Bucket, Query: []wire.Param{{Name: "prefix", Bare: true}, {Name: "max-keys", Value: "1"}}}
	}}
)

// fieldsBackwards has the fields of a canonical request in the wrong order.
func fieldsBackwards(text string) string {
	lines := strings.Split(text, "\n")
	slices.Reverse(lines[3 : len(lines)-3])
	return strings.Join(lines, "\n")
}

// s3Proof is what is made of the canonical request: the string to sign, the
// scope and the key.
func s3Proof(b *Book) {
	lines := func(change func([]string) []string) func(*proof) { return func(p *proof) { p.lines = change } }
	without := func(at int) func(*proof) {
		return lines(func(l []string) []string { return slices.Delete(slices.Clone(l), at, at+1) })
	}
	chain := func(at ...int) func(*proof) { return func(p *proof) { p.chain = at } }
	for _, c := range []struct {
		name, text, clause string
		change             func(*proof)
	}{
		{"text-scope", "signs the scope", "S3-SIG-04", without(2)},
		{"text-date", "signs the time", "S3-SIG-04", without(1)},
		{"text-algorithm", "signs the name of the algorithm", "S3-SIG-04", without(0)},
		{"text-hash", "signs the hash in lower case", "S3-SIG-04", lines(func(l []string) []string { return append(l[:3:3], strings.ToUpper(l[3])) })},
		{"scope-order", "signs the scope in its order", "S3-SIG-02", lines(func(l []string) []string {
			l[2] = backwards("/")(l[2])
			return l
		})},
		{"key-prefix", "begins the key with AWS4 before the secret", "S3-SIG-03", func(p *proof) { p.prefix = "" }},
		{"key-order", "derives the key from day, region, service in this order", "S3-SIG-03", chain(1, 3, 2, 4)},
		{"key-end", "ends the key with aws4_request", "S3-SIG-03", chain(1, 2, 3)},
	} {
		b.contrast(v4Header, askGet, c.name, c.text, answered(c.clause, 403, "SignatureDoesNotMatch"), untouched, proving("", "otherwise", c.change))
	}
}
