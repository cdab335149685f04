package sigv4

import (
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// authorization is a signature taken apart, from the field or the query.
type authorization struct {
	sign.Scope
	names, sig string
}

// parse takes "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…" apart.
func parse(t *sign.Trial, text string) (a authorization) {
	word, rest, _ := strings.Cut(text, " ")
	t.Must(sign.Outdated, word != "AWS", "Authorization", word, algorithm)
	t.Must(sign.UnknownScheme, word == algorithm, "Authorization", word, algorithm)
	var credential string
	into := map[string]*string{"Credential": &credential, "SignedHeaders": &a.names, "Signature": &a.sig}
	seen := map[string]int{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, eq := strings.Cut(sign.Trim(part), "=")
		if !t.Must(sign.Malformed, eq, "Authorization", part, "name=value") {
			break
		}
		if !eq {
			name, value = lenient(name, into)
		}
		field, known := into[name]
		if seen[name]++; known && seen[name] == 1 {
			*field = value
		}
		t.Must(sign.Repeated, seen[name] < 2, name, "", "one")
	}
	a.Scope = readScope(t, "Credential", credential)
	t.Must(sign.MissingField, a.names != "", "SignedHeaders", "", "names between semicolons")
	t.Must(sign.MissingField, a.sig != "", "Signature", "", "a signature")
	return a
}

// lenient takes a component whose equals sign is another character, where the
// check for it was overruled.
func lenient(part string, known map[string]*string) (name, value string) {
	for name := range known {
		if len(part) > len(name) && strings.HasPrefix(part, name) {
			return name, part[len(name)+1:]
		}
	}
	return part, ""
}

func fromQuery(t *sign.Trial, target string) (a authorization) {
	get := func(name, want string) string {
		value, _ := sign.Param(target, name)
		t.Must(sign.MissingField, value != "", name, "", want)
		return value
	}
	version := get(algName, algorithm)
	t.Must(sign.UnknownScheme, version == algorithm, algName, version, algorithm)
	a.Scope = readScope(t, credName, get(credName, "a credential"))
	a.names = get(namesName, "names between semicolons")
	a.sig = get(sigName, "a signature")
	once(t, target, sigName)
	return a
}

// once checks that none of the named parameters is there more than once.
func once(t *sign.Trial, target string, names ...string) {
	for _, name := range names {
		_, n := sign.Param(target, name)
		t.Must(sign.Repeated, n < 2, name, "", "one")
	}
}

func readScope(t *sign.Trial, name, text string) sign.Scope {
	t.Must(sign.MissingField, text != "", name, "", "access key id/day/region/service/"+terminator)
	s, ok := sign.ReadScope(text)
	t.Must(sign.Malformed, text == "" || ok, name, text, "five parts between slashes")
	t.Must(sign.Malformed, text == "" || s.Readable(), name, s.Day, "a day as YYYYMMDD")
	return s
}

// Verify checks the Authorization field or the parameters of a presigned URL.
// The Body of the result checks the payload hash, or decodes and checks signed
// chunks, while it is read; its error is a *sign.Refusal too.
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
		return s.verifyField(t, r, headers[0], steps)
	}
	return s.verifyURL(t, r, steps)
}

func inQuery(target string) bool {
	for p := range sign.Params(target) {
		switch p.Name {
		case algName, sigName, credName:
			return true
		}
	}
	return false
}

func (s Scheme) verifyField(t *sign.Trial, r *wire.Request, text string, steps *sign.Steps) (*sign.Verified, error) {
	a := parse(t, text)
	at := fieldDate(t, r)
	date := at.UTC().Format(sign.V4Layout)
	s.checkScope(t, a, date)
	hash := s.checkHash(t, r)
	secret := t.Key(a.AccessKey, r.Fields.Get(tokenName))
	t.Near(dateName, at)
	return s.check(t, r, a, date, hash, secret, steps)
}

// fieldDate reads X-Amz-Date, or Date where only that was sent.
func fieldDate(t *sign.Trial, r *wire.Request) time.Time {
	name, text := dateName, sign.Trim(r.Fields.Get(dateName))
	at, ok := sign.Parse(sign.V4Layout, text)
	if text == "" {
		name, text = "Date", sign.Trim(r.Fields.Get("Date"))
		at, ok = sign.Parse("Mon, 02 Jan 2006 15:04:05 GMT", text)
	}
	return t.Date(name, text, at, ok)
}

// checkHash returns the payload line of a header-signed request.
func (s Scheme) checkHash(t *sign.Trial, r *wire.Request) string {
	sent := r.Fields.Has(payloadName)
	t.Must(sign.NoPayload, sent || !s.sendsPayload(t.Service), payloadName, "", "a SHA-256 in hexadecimal, or "+Unsigned)
	hash := sign.Trim(r.Fields.Get(payloadName))
	t.Must(sign.BadHash, !sent || knownHash(hash), payloadName, hash, "64 lower-case hexadecimal digits, or a documented word")
	return hash
}

func knownHash(hash string) bool {
	switch hash {
	case Unsigned, Signed, SignedTrailer, UnsignedTrailer:
		return true
	}
	return sign.IsHex(hash, 64)
}

func (s Scheme) verifyURL(t *sign.Trial, r *wire.Request, steps *sign.Steps) (*sign.Verified, error) {
	a := fromQuery(t, r.Target)
	date, _ := sign.Param(r.Target, dateName)
	at, ok := sign.Parse(sign.V4Layout, date)
	at = t.Date(dateName, date, at, ok)
	s.checkScope(t, a, date)
	text, n := sign.Param(r.Target, expiresName)
	t.Must(sign.MissingField, n > 0, expiresName, "", "seconds")
	valid, ok := sign.Seconds(text)
	t.Must(sign.Malformed, ok || n == 0, expiresName, text, "a number of seconds")
	token, n := sign.Param(r.Target, tokenName)
	if n == 0 {
		token = r.Fields.Get(tokenName)
	}
	secret := t.Key(a.AccessKey, token)
	if ok {
		t.Window(expiresName, at, valid, time.Second, maxValidity)
	}
	hash := sign.Trim(r.Fields.Get(payloadName))
	t.Must(sign.BadHash, hash == "" || knownHash(hash), payloadName, hash, Unsigned)
	if hash == "" && (t.Service == "" || t.Service == service) {
		hash = Unsigned
	}
	v, err := s.check(t, r, a, date, hash, secret, steps)
	if v != nil {
		v.Presigned = true
	}
	return v, err
}

// checkScope asks each part of the credential about the one thing that it is:
// where an earlier check was overruled, what it was about is not asked again.
func (s Scheme) checkScope(t *sign.Trial, a authorization, date string) {
	t.Must(sign.Malformed, a.sig == "" || sign.IsHex(a.sig, 64), "Signature", a.sig, "64 lower-case hexadecimal digits")
	if a.Service == "" {
		return
	}
	t.Must(sign.WrongScope, a.End == terminator, "Credential", a.End, terminator)
	sameDay := !a.Readable() || date == "" || strings.HasPrefix(date, a.Day)
	t.Must(sign.WrongScope, sameDay, "Credential", a.Day, date[:min(len(date), dayLength)])
	t.Must(sign.WrongRegion, t.Region == "" || a.Region == t.Region, "Credential", a.Region, t.Region)
	want := t.Service
	if want == "" {
		want = service
	}
	t.Must(sign.WrongService, a.Service == want, "Credential", a.Service, want)
}

// checkNames demands that host and every x-amz- field are signed.
func (s Scheme) checkNames(t *sign.Trial, r *wire.Request, names []string) {
	for _, f := range r.Fields {
		must := strings.EqualFold(f.Name, "host") || sign.HasPrefixFold(f.Name, "x-amz-")
		if must && !(s.TokenAfter && strings.EqualFold(f.Name, tokenName)) {
			t.Must(sign.UnsignedField, sign.ContainsFold(names, f.Name), f.Name, strings.Join(names, ";"), f.Name+" among the signed headers")
		}
	}
}

func (s Scheme) check(t *sign.Trial, r *wire.Request, a authorization, date, hash, secret string, steps *sign.Steps) (*sign.Verified, error) {
	names := listed(a.names)
	s.checkNames(t, r, names)
	if hash == "" && t.No == nil {
		var err error
		hash, err = hashBody(r.Body)
		t.Must(sign.NoPayload, err == nil, payloadName, "", "a body that can be read twice, or the field")
	}
	if t.No != nil {
		return nil, t.No
	}
	sc := sign.Borrow()
	defer sc.Return()
	s.collectFields(sc, r, names, false)
	sc.Names = append(sc.Names[:0], a.names...)
	c := call{a.Scope, date, hash}
	sig := s.appendSignature(nil, sc, r, v4.SealOf(sc, &a.Scope, date, secret), hash, steps)
	t.Signature(a.AccessKey, a.sig, sig, sc.Text, sc.More)
	// What was repeated after signing is a mismatch; a signer may not repeat it.
	t.Once(r, dateName, payloadName, tokenName)
	once(t, r.Target, algName, credName, dateName, expiresName, namesName, tokenName)
	if t.No != nil {
		return nil, t.No
	}
	return s.accept(t, r, &c, secret, a.sig)
}
