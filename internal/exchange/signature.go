package exchange

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// signatureMin is the length in characters from which a value is taken for a
// signature; anything shorter is a hostile request's and protects nothing.
const signatureMin = 16

// Where the schemes put their signatures, once escapes are undone. The first
// fits Signature=, X-Amz-Signature=, x-oss-signature=, q-signature= and
// chunk-signature=; then bce-auth-v1, the "OSS key:signature" form, and the
// field of a form upload.
var places = []*regexp.Regexp{
	regexp.MustCompile(`(?i)signature[=:]\s*([^&,;\s"<]+)`),
	regexp.MustCompile(`bce-auth-v1(?:/[^/]*){4}/([0-9A-Za-z]+)`),
	regexp.MustCompile(`^\s*(?:OSS|AWS) [^:\s]+:(\S+)`),
	regexp.MustCompile(`(?i)name="?[^"\r\n]*signature"?\s+(\S+)`),
}

// signatures finds the signatures of an exchange: the steps' own, and whatever
// stands in its request where a signature stands.
func signatures(x *raw) []string {
	var found []string
	if s, ok := x.steps.Get(sign.StepSignature); ok && len(s) >= signatureMin {
		found = append(found, s)
	}
	texts := unescaped(x.Request.Target)
	for _, f := range x.Request.Fields {
		texts = append(texts, f.Value, f.Name+": "+f.Value)
	}
	for _, text := range append(texts, string(x.Request.Body)) {
		for _, place := range places {
			for _, m := range place.FindAllStringSubmatch(text, -1) {
				if len(m[1]) >= signatureMin {
					found = append(found, m[1])
				}
			}
		}
	}
	return found
}

// unescaped is s and s with its escapes undone once and twice: the COS sign
// parameter holds a whole authorization.
func unescaped(s string) []string {
	once, _ := wire.Unescape(s)
	twice, _ := wire.Unescape(once)
	return []string{s, once, twice}
}

// headValidity is how long after its date a header signature is accepted: the
// 15 minutes of clock skew that the S3 and OSS documents name.
const headValidity = 15 * time.Minute

const basicTime = "20060102T150405Z"

var (
	bceValidity = regexp.MustCompile(`bce-auth-v1/[^/]*/([^/]*)/(\d+)/`)
	cosValidity = regexp.MustCompile(`q-sign-time=\d+;(\d+)`)
)

// expiry tells until when the request's signature is accepted; ok is false where
// that cannot be told.
func expiry(m *Message) (time.Time, bool) {
	texts := append(unescaped(m.Target), m.Fields.Get("Authorization"))
	for _, text := range texts {
		if v := bceValidity.FindStringSubmatch(text); v != nil {
			return after(time.RFC3339, v[1], v[2])
		}
		if v := cosValidity.FindStringSubmatch(text); v != nil {
			return unix(v[1])
		}
	}
	if end, ok := presignedExpiry(m.Target); ok {
		return end, true
	}
	if m.Fields.Get("Authorization") == "" {
		return time.Time{}, false
	}
	return fieldExpiry(m.Fields)
}

func presignedExpiry(target string) (time.Time, bool) {
	query := map[string]string{}
	_, text := wire.SplitTarget(target)
	for _, p := range wire.ParseQuery(text) {
		query[strings.ToLower(p.Name)] = p.Value
	}
	for _, vendor := range []string{"x-amz-", "x-oss-"} {
		if date := query[vendor+"date"]; date != "" {
			return after(basicTime, date, query[vendor+"expires"])
		}
	}
	if query["signature"] == "" {
		return time.Time{}, false
	}
	return unix(query["expires"])
}

// fieldExpiry goes by the date that the header signature covers.
func fieldExpiry(f wire.Fields) (time.Time, bool) {
	for _, name := range []string{"x-amz-date", "x-oss-date", "Date"} {
		for _, layout := range []string{basicTime, time.RFC1123, time.RFC3339} {
			if at, err := time.Parse(layout, f.Get(name)); err == nil {
				return at.Add(headValidity), true
			}
		}
	}
	return time.Time{}, false
}

func after(layout, date, seconds string) (time.Time, bool) {
	at, err := time.Parse(layout, date)
	n, bad := strconv.ParseInt(seconds, 10, 32)
	return at.Add(time.Duration(n) * time.Second), err == nil && bad == nil
}

func unix(seconds string) (time.Time, bool) {
	n, err := strconv.ParseInt(seconds, 10, 64)
	return time.Unix(n, 0), err == nil
}
