package ossv4

import (
	"slices"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// authorization is a signature taken apart, from the field or the query.
type authorization struct {
	sign.Scope
	list    string // additional names as given
	hasList bool
	sig     string
}

func (a authorization) names() []string {
	if a.list == "" {
		return nil
	}
	return strings.Split(a.list, ";")
}

// parse takes "OSS4-HMAC-SHA256 Credential=…,AdditionalHeaders=…,Signature=…" apart.
func parse(t *sign.Trial, text string) (a authorization) {
	word, rest, _ := strings.Cut(text, " ")
	t.Must(sign.UnknownScheme, word == algorithm, "Authorization", word, algorithm)
	var credential string
	into := map[string]*string{"Credential": &credential, "AdditionalHeaders": &a.list, "Signature": &a.sig}
	seen := map[string]int{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, eq := strings.Cut(strings.TrimLeft(part, " "), "=")
		field, known := into[name]
		t.Must(sign.Malformed, eq && known, "Authorization", part, "Credential=, AdditionalHeaders= or Signature=")
		if seen[name]++; known && seen[name] == 1 {
			*field = value
		}
		t.Must(sign.Repeated, seen[name] < 2, name, "", "one")
	}
	a.hasList = seen["AdditionalHeaders"] > 0
	a.Scope = readScope(t, "Credential", credential, seen["Credential"] > 0)
	t.Must(sign.MissingField, a.sig != "", "Signature", "", "a signature")
	return a
}

func fromQuery(t *sign.Trial, target string) (a authorization) {
	get := func(name string) (string, bool) {
		value, n := sign.Param(target, name)
		t.Must(sign.Repeated, n < 2, name, "", "one")
		return value, n > 0
	}
	version, ok := get(versionName)
	t.Must(sign.MissingField, ok, versionName, "", algorithm)
	t.Must(sign.UnknownScheme, version == algorithm, versionName, version, algorithm)
	credential, ok := get(credName)
	a.Scope = readScope(t, credName, credential, ok)
	a.list, a.hasList = get(moreName)
	a.sig, _ = get(sigName)
	t.Must(sign.MissingField, a.sig != "", sigName, "", "a signature")
	return a
}

func readScope(t *sign.Trial, name, text string, there bool) sign.Scope {
	t.Must(sign.MissingField, there && text != "", name, "", "access key id/day/region/product/"+terminator)
	s, ok := sign.ReadScope(text)
	t.Must(sign.Malformed, ok, name, text, "five parts between slashes")
	t.Must(sign.Malformed, s.Readable(), name, s.Day, "a day as YYYYMMDD")
	return s
}

// Verify checks the Authorization field or the parameters of a presigned URL.
func (s Scheme) Verify(r *wire.Request, ck *sign.Check, steps *sign.Steps) (*sign.Verified, error) {
	t := &sign.Trial{Check: ck}
	headers := r.Fields.Values("Authorization")
	query := inQuery(r.Target)
	if !t.Must(sign.Anonymous, len(headers) > 0 || query, "", "", "") || len(headers) == 0 && !query {
		return t.Result(sign.Accept(r, "", false))
	}
	t.Must(sign.Both, len(headers) == 0 || !query, "Authorization", "", "")
	t.Must(sign.Repeated, len(headers) < 2, "Authorization", "", "one")
	if len(headers) > 0 {
		return verifyField(t, r, headers[0], steps)
	}
	return verifyURL(t, r, steps)
}

func inQuery(target string) bool {
	for _, name := range []string{versionName, sigName, credName} {
		if _, n := sign.Param(target, name); n > 0 {
			return true
		}
	}
	return false
}

func verifyField(t *sign.Trial, r *wire.Request, text string, steps *sign.Steps) (*sign.Verified, error) {
	a := parse(t, text)
	t.Once(r, dateName, payloadName, tokenName)
	date, at := fieldDate(t, r)
	checkScope(t, a, at.UTC().Format(sign.V4Layout))
	checkNames(t, r, a)
	t.Must(sign.NoPayload, r.Fields.Has(payloadName), payloadName, "", payload)
	value := sign.Trim(r.Fields.Get(payloadName))
	t.Must(sign.BadHash, value == payload, payloadName, value, payload)
	secret := t.Key(a.AccessKey, r.Fields.Get(tokenName))
	t.Near(dateName, at)
	check(t, r, a, date, secret, steps)
	return t.Result(sign.Accept(r, a.AccessKey, false))
}

// fieldDate reads x-oss-date, or Date where only that was sent; the signed text
// has either as it was sent (aliyun-oss-go-sdk v3.0.2 signs Date, auth.go).
func fieldDate(t *sign.Trial, r *wire.Request) (string, time.Time) {
	name, text := dateName, sign.Trim(r.Fields.Get(dateName))
	at, ok := sign.Parse(sign.V4Layout, text)
	if text == "" {
		name, text = "Date", sign.Trim(r.Fields.Get("Date"))
		at, ok = sign.Parse("Mon, 02 Jan 2006 15:04:05 GMT", text)
	}
	return text, t.Date(name, text, at, ok)
}

func verifyURL(t *sign.Trial, r *wire.Request, steps *sign.Steps) (*sign.Verified, error) {
	a := fromQuery(t, r.Target)
	date, n := sign.Param(r.Target, dateName)
	t.Must(sign.Repeated, n < 2, dateName, "", "one")
	at, ok := sign.Parse(sign.V4Layout, date)
	at = t.Date(dateName, date, at, ok)
	checkScope(t, a, date)
	checkNames(t, r, a)
	text, n := sign.Param(r.Target, expiresName)
	t.Must(sign.MissingField, n > 0, expiresName, "", "seconds")
	t.Must(sign.Repeated, n < 2, expiresName, "", "one")
	valid, ok := sign.Seconds(text)
	t.Must(sign.Malformed, ok, expiresName, text, "a number of seconds")
	token, _ := sign.Param(r.Target, tokenName)
	secret := t.Key(a.AccessKey, token)
	t.Window(expiresName, at, valid, time.Second, maxValidity)
	check(t, r, a, date, secret, steps)
	return t.Result(sign.Accept(r, a.AccessKey, true))
}

func checkScope(t *sign.Trial, a authorization, date string) {
	t.Must(sign.WrongScope, a.End == terminator, "Credential", a.End, terminator)
	t.Must(sign.WrongScope, strings.HasPrefix(date, a.Day), "Credential", a.Day, date[:min(len(date), dayLength)])
	t.Must(sign.WrongRegion, t.Region == "" || a.Region == t.Region, "Credential", a.Region, t.Region)
	want := t.Service
	if want == "" {
		want = product
	}
	t.Must(sign.WrongService, a.Service == want, "Credential", a.Service, want)
	t.Must(sign.Malformed, sign.IsHex(a.sig, 64), "Signature", a.sig, "64 lower-case hexadecimal digits")
}

// checkNames checks the additional names: there is none without letters, and a
// field of each was sent. One with an underscore counts as not sent, as web
// servers drop such fields (error page 0002-00000211).
func checkNames(t *sign.Trial, r *wire.Request, a authorization) {
	names := a.names()
	t.Must(sign.Malformed, !a.hasList || len(names) > 0 && !slices.Contains(names, ""), StepNames, a.list, "names between semicolons, or no such component")
	for _, name := range names {
		sent := name == "" || r.Fields.Has(name) && !strings.Contains(name, "_")
		t.Must(sign.UnsentField, sent, StepNames, name, "a field that the request has, without an underscore in its name")
	}
}

func check(t *sign.Trial, r *wire.Request, a authorization, date, secret string, steps *sign.Steps) {
	if t.No != nil {
		return
	}
	sc := sign.Borrow()
	defer sc.Return()
	c := call{t.Resource, a.list, a.names()}
	sig := c.appendSignature(nil, sc, r, v4.SealOf(sc, &a.Scope, date, secret), steps)
	t.Signature(a.AccessKey, a.sig, sig, sc.Text, sc.More)
}
