package siglab

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"objectharness/internal/wire"
)

// slow is how far the time of a signature may be from that of its request before
// it counts as chosen: times of signatures are whole seconds.
const slow = 2 * time.Second

// ErrAccount is that of Renew for a signature with another access key.
var ErrAccount = errors.New("it is signed with an access key that is no account's")

// An Afresh is how to ask for a request that was sent once more, signed at
// another time.
type Afresh struct {
	Ask
	Shift time.Duration // from the clock to the time of the signature, in whole seconds
}

// Renew finds out what to ask so that Sign gives the request that was sent, byte
// by byte; q holds the URL's scheme and host in URL, the scheme, the account and
// the body. began is when the request was sent. Its error says what cannot be
// asked for.
func Renew(q Ask, sent *wire.Request, began time.Time) (*Afresh, error) {
	bare := &wire.Request{Method: sent.Method, Target: sent.Target, Fields: sent.Fields.Clone()}
	claim := takeClaim(q.Scheme, bare)
	if claim.AccessKey != q.AccessKey {
		return nil, ErrAccount
	}
	q.Method, q.URL, q.Presign, q.Region, q.Time = sent.Method, q.URL+bare.Target, claim.InQuery, claim.Region, claim.Time
	if q.Scheme == "oss-v1" && q.Presign { // its URL names the end only
		claim.Expires = claim.Time.Sub(began).Round(time.Second)
		q.Time = claim.Time.Add(-claim.Expires)
	}
	kept, set := owned(bare.Fields)
	for _, expires := range []time.Duration{0, claim.Expires} {
		for _, more := range [][]string{nil, {"X-Amz-Content-Sha256", "x-oss-content-sha256"}, {"Date"}, {"Content-Length"}} {
			q.Fields, q.Expires = slices.Clone(kept), expires
			for _, f := range set {
				if slices.ContainsFunc(more, func(name string) bool { return strings.EqualFold(name, f.Name) }) {
					q.Fields = append(q.Fields, f)
				}
			}
			if made, err := Sign(&q); err == nil && alike(made.Request, sent) {
				return q.later(began), nil
			}
		}
	}
	return nil, fmt.Errorf("its signature is not as %s makes it", q.Scheme)
}

// later is the ask without its time, which is told from when the request began.
func (q Ask) later(began time.Time) *Afresh {
	a := &Afresh{Ask: q}
	if d := q.Time.Sub(began); d > slow || d < -slow {
		a.Shift = d.Round(time.Second)
	}
	a.Time = time.Time{}
	return a
}

// owned parts the fields that signing or framing sets from all others.
func owned(all wire.Fields) (kept, set wire.Fields) {
	own := []string{"Host", "Date", "Content-Length", "X-Amz-Content-Sha256", "x-oss-content-sha256", "X-Amz-Date", "x-oss-date", "x-bce-date"}
	for _, names := range tokenNames {
		own = append(own, names...)
	}
	for _, f := range all {
		if slices.ContainsFunc(own, func(name string) bool { return strings.EqualFold(name, f.Name) }) {
			set = append(set, f)
		} else {
			kept = append(kept, f)
		}
	}
	return kept, set
}

// alike tells whether two requests are the same but for the order of fields.
func alike(a, b *wire.Request) bool {
	return a.Target == b.Target && slices.Equal(sorted(a.Fields), sorted(b.Fields))
}

func sorted(fields wire.Fields) (out []string) {
	for _, f := range fields {
		out = append(out, strings.ToLower(f.Name)+": "+f.Value)
	}
	slices.Sort(out)
	return out
}

// Spoken is the scheme in which a request is signed, "" for none.
func Spoken(r *wire.Request) string {
	field := r.Fields.Get("Authorization")
	_, query := wire.SplitTarget(r.Target)
	for _, form := range []struct{ scheme, field, query string }{
		{"oss-v4", "OSS4-HMAC-SHA256", "x-oss-signature="}, {"oss-v1", "OSS ", "OSSAccessKeyId="}, {"aws-sigv4", "AWS4-HMAC-SHA256", "X-Amz-Signature="},
		{"bce-auth-v1", "bce-auth-v1/", "authorization="}, {"cos-sha1", "q-sign-algorithm", "q-signature="}, {"cos-sha1", "q-sign-algorithm", "sign=q-"},
	} {
		if strings.HasPrefix(field, form.field) || field == "" && strings.Contains(query, form.query) {
			return form.scheme
		}
	}
	return ""
}
