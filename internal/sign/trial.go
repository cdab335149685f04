package sign

import (
	"crypto/subtle"
	"strings"
	"time"

	"objectharness/internal/wire"
)

// DefaultSkew is the distance between a request's date and the server's clock
// that OSS and S3 document as the largest one accepted.
const DefaultSkew = 15 * time.Minute

// A Trial runs the single checks of one verification, each through Check.Holds.
// After the first that does not hold the others are not asked any more.
type Trial struct {
	*Check
	No *Refusal // nil while everything holds
}

// Must asks one check. It reports whether verification may go on.
func (t *Trial) Must(r Reason, ok bool, field, got, want string) bool {
	if t.No != nil {
		return false
	}
	if t.Holds != nil {
		ok = t.Holds(r, ok)
	}
	if !ok {
		t.No = &Refusal{Reason: r, Field: field, Got: got, Want: want}
	}
	return ok
}

// Key looks the access key up and checks the token that came with it.
func (t *Trial) Key(accessKey, token string) (secret string) {
	if t.No != nil {
		return ""
	}
	secret, want, known := t.Keys(accessKey)
	t.Must(UnknownKey, known, "", accessKey, "")
	t.Must(BadToken, same(token, want), "security token", "", "")
	t.accuse(accessKey)
	return secret
}

// Signature compares the signature that came with the one computed.
func (t *Trial) Signature(accessKey, given string, computed []byte, stringToSign, canonical []byte) {
	ok := subtle.ConstantTimeCompare([]byte(given), computed) == 1
	if !t.Must(Mismatch, ok, "", given, "") && t.No.Reason == Mismatch {
		t.No.Signature = given
		t.No.StringToSign, t.No.CanonicalRequest = string(stringToSign), string(canonical)
	}
	t.accuse(accessKey)
}

func (t *Trial) accuse(accessKey string) {
	if t.No != nil {
		t.No.AccessKey = accessKey
	}
}

// Once checks that none of the named fields is there more than once.
func (t *Trial) Once(r *wire.Request, names ...string) {
	for _, name := range names {
		n := 0
		for _, f := range r.Fields {
			if strings.EqualFold(f.Name, name) {
				n++
			}
		}
		t.Must(Repeated, n < 2, name, "", "one")
	}
}

// Date checks a date that came as text and could or could not be read. Where
// that is overruled the answer is Now, so that later checks have a date.
func (t *Trial) Date(field, text string, at time.Time, readable bool) time.Time {
	t.Must(MissingDate, text != "", field, "", "a date")
	t.Must(BadDate, readable || text == "", field, text, "the documented form of a date")
	if !readable {
		return t.Now
	}
	return at
}

// Near checks that a header-signed request's date is not too far from Now.
func (t *Trial) Near(field string, at time.Time) {
	skew := t.tolerance()
	ok := at.Sub(t.Now) <= skew && t.Now.Sub(at) <= skew
	t.Must(Skewed, ok, field, stamp(at), stamp(t.Now))
}

// Window checks a presigned URL: made at from, good for valid, at least min and
// at most the Check's or the scheme's largest validity.
func (t *Trial) Window(field string, from time.Time, valid, min, max time.Duration) {
	if t.MaxValid > 0 {
		max = t.MaxValid
	}
	t.Must(ExpiresRange, valid >= min && valid <= max, field, valid.String(), min.String()+" to "+max.String())
	t.Must(NotYetValid, from.Sub(t.Now) <= t.tolerance(), field, stamp(from), stamp(t.Now))
	t.Must(Expired, !t.Now.After(from.Add(valid)), field, stamp(from.Add(valid)), stamp(t.Now))
}

func (t *Trial) tolerance() time.Duration {
	if t.Skew > 0 {
		return t.Skew
	}
	return DefaultSkew
}

// Result is what Verify returns when all checks were asked.
func (t *Trial) Result(v *Verified) (*Verified, error) {
	if t.No != nil {
		return nil, t.No
	}
	return v, nil
}

// Accept is the Verified of a request whose body the signature does not cover.
func Accept(r *wire.Request, accessKey string, presigned bool) *Verified {
	return &Verified{AccessKey: accessKey, Presigned: presigned, Body: r.Body, Length: r.Length}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
