package ossv1

import (
	"encoding/base64"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// urlSignature is what a signed URL carries; of a repeated parameter the first counts.
type urlSignature struct {
	accessKey, until, sig       string
	keyCount, untilCount, count int
}

func (u urlSignature) any() bool { return u.keyCount+u.untilCount+u.count > 0 }

func inQuery(target string) (u urlSignature) {
	u.accessKey, u.keyCount = sign.Param(target, keyParam)
	u.until, u.untilCount = sign.Param(target, untilParam)
	u.sig, u.count = sign.Param(target, sigParam)
	return u
}

// Verify checks the Authorization field or the three parameters of a signed URL.
// A URL whose end is more than 64800 seconds (or MaxValid) away is out of range.
func (Scheme) Verify(r *wire.Request, ck *sign.Check, steps *sign.Steps) (*sign.Verified, error) {
	t := &sign.Trial{Check: ck}
	headers := r.Fields.Values("Authorization")
	url := inQuery(r.Target)
	if !t.Must(sign.Anonymous, len(headers) > 0 || url.any(), "", "", "") || len(headers) == 0 && !url.any() {
		return t.Result(sign.Accept(r, "", false))
	}
	t.Must(sign.Both, len(headers) == 0 || !url.any(), "Authorization", "", "")
	t.Must(sign.Repeated, len(headers) < 2, "Authorization", "", "one")
	if len(headers) > 0 {
		return verifyField(t, r, headers[0], steps)
	}
	return verifyURL(t, r, url, steps)
}

func verifyField(t *sign.Trial, r *wire.Request, text string, steps *sign.Steps) (*sign.Verified, error) {
	rest, ok := strings.CutPrefix(text, prefix)
	word, _, _ := strings.Cut(text, " ")
	t.Must(sign.UnknownScheme, ok || word == "OSS", "Authorization", word, "OSS")
	accessKey, sig, colon := strings.Cut(rest, ":")
	t.Must(sign.Malformed, ok && colon && accessKey != "" && !strings.Contains(accessKey, " ") && isBase64(sig), "Authorization", text,
		"OSS, one blank, access key id, colon, signature in base64")
	t.Once(r, "Date", "x-oss-date", tokenField)
	date := dateLine(r)
	at, ok := sign.Parse(httpDate, date)
	at = t.Date("Date", date, at, ok)
	secret := t.Key(accessKey, r.Fields.Get(tokenField))
	t.Near("Date", at)
	check(t, r, accessKey, date, sig, secret, steps)
	return t.Result(sign.Accept(r, accessKey, false))
}

func verifyURL(t *sign.Trial, r *wire.Request, url urlSignature, steps *sign.Steps) (*sign.Verified, error) {
	end := readURL(t, url)
	token, _ := sign.Param(r.Target, tokenParam)
	secret := t.Key(url.accessKey, token)
	stillGood(t, url.until, end)
	check(t, r, url.accessKey, url.until, url.sig, secret, steps)
	return t.Result(sign.Accept(r, url.accessKey, true))
}

func readURL(t *sign.Trial, url urlSignature) (end time.Time) {
	t.Must(sign.MissingField, url.accessKey != "", keyParam, "", "an access key id")
	t.Must(sign.MissingField, url.untilCount > 0, untilParam, "", "seconds since 1970")
	t.Must(sign.MissingField, url.sig != "", sigParam, "", "a signature")
	end, ok := sign.Epoch(url.until)
	return t.Date(untilParam, url.until, end, ok)
}

func stillGood(t *sign.Trial, text string, end time.Time) {
	longest := maxValidity
	if t.MaxValid > 0 {
		longest = t.MaxValid
	}
	t.Must(sign.Expired, !t.Now.After(end), untilParam, text, t.Now.UTC().Format(httpDate)+" or later")
	t.Must(sign.ExpiresRange, end.Sub(t.Now) <= longest, untilParam, text, "at most "+longest.String()+" ahead")
}

func check(t *sign.Trial, r *wire.Request, accessKey, date, given, secret string, steps *sign.Steps) {
	if t.No != nil {
		return
	}
	sc := sign.Borrow()
	defer sc.Return()
	sig := compute(nil, sc, r, []byte(date), t.Resource, sc.SealOf(&recipe, secret, nil), steps)
	t.Signature(accessKey, given, sig, sc.Text, nil)
}

func isBase64(s string) bool {
	_, err := base64.StdEncoding.DecodeString(s)
	return err == nil && s != ""
}
