// Package bcev1 is bce-auth-v1, the signature of Baidu BOS: HMAC-SHA256 over the
// canonical request itself, under a key that time and validity went into.
package bcev1

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

const (
	scheme     = "bce-auth-v1"
	param      = "authorization"
	tokenName  = "x-bce-security-token"
	timeLayout = "2006-01-02T15:04:05Z"
	validity   = 1800 * time.Second
)

// StepPrefix is the authorization string up to the validity, which the signing
// key is made from.
const StepPrefix = "auth string prefix"

// Scheme is bce-auth-v1.
type Scheme struct{}

// Name is bce-auth-v1.
func (Scheme) Name() string { return scheme }

// Claims tells whether r carries a signature of this scheme, good or bad.
func (Scheme) Claims(r *wire.Request) bool {
	_, n := queryAuth(r)
	return n > 0 || strings.HasPrefix(r.Fields.Get("Authorization"), "bce-auth-")
}

// Prepare adds the token, as a field or for a presigned URL as a parameter.
// x-bce-date is optional and the caller's to send.
func (Scheme) Prepare(r *wire.Request, in *sign.Input) error {
	switch {
	case in.Token == "":
	case in.Presign:
		sign.AddParam(r, tokenName, in.Token)
	default:
		sign.SetAbsent(r, tokenName, in.Token)
	}
	return nil
}

// Append appends the authorization string, or authorization= with it escaped.
func (Scheme) Append(dst []byte, r *wire.Request, in *sign.Input, steps *sign.Steps) ([]byte, error) {
	sc := sign.Borrow()
	defer sc.Return()
	var room [160]byte
	auth := appendPrefix(room[:0], in)
	prefix := len(auth)
	list := in.Signed
	auth = append(auth, '/')
	collect(sc, r, list)
	if len(list) > 0 || in.ListDefaults {
		auth = appendNames(auth, sc)
	}
	auth = append(auth, '/')
	auth = compute(auth, sc, r, auth[:prefix], in.SecretKey, steps)
	if !in.Presign {
		return append(dst, auth...), nil
	}
	dst = append(dst, param+"="...)
	return wire.AppendEscape(dst, string(auth)), nil
}

func appendPrefix(dst []byte, in *sign.Input) []byte {
	dst = append(dst, scheme+"/"...)
	dst = append(dst, in.AccessKey...)
	dst = append(dst, '/')
	dst = in.Time.UTC().AppendFormat(dst, timeLayout)
	dst = append(dst, '/')
	return strconv.AppendInt(dst, int64(in.Validity(validity)/time.Second), 10)
}

// collect fills the tables with the parameters and the fields that are signed:
// those of list, or the default set when it is empty.
func collect(sc *sign.Scratch, r *wire.Request, list []string) {
	sc.Query.Reset('=')
	for p := range sign.Params(r.Target) {
		if !strings.EqualFold(p.Name, param) {
			sc.Query.Add(p.Name, p.Value, wire.AppendEscape, wire.AppendEscape)
		}
	}
	sc.Query.SortLines()
	sc.Fields.Reset(':')
	for _, f := range r.Fields {
		name := sign.Trim(f.Name)
		if signs(name, list) && sign.Trim(f.Value) != "" {
			sc.Fields.Add(name, f.Value, sign.EscapedLower, sign.TrimEscaped)
		}
	}
}

var defaults = []string{"host", "content-length", "content-type", "content-md5"}

func signs(name string, list []string) bool {
	if strings.EqualFold(name, "authorization") {
		return false
	}
	if len(list) > 0 {
		return sign.ContainsFold(list, name)
	}
	return sign.HasPrefixFold(name, "x-bce-") || sign.ContainsFold(defaults, name)
}

// appendNames appends the names of the collected fields: plain, not encoded.
func appendNames(dst []byte, sc *sign.Scratch) []byte {
	sc.Fields.SortNames()
	sc.More = sc.Fields.AppendNames(sc.More[:0], true)
	if plain, ok := wire.Unescape(string(sc.More)); ok {
		return append(dst, plain...)
	}
	return append(dst, sc.More...)
}

// compute appends the signature of the collected request and leaves the
// canonical request in sc.Text.
func compute(dst []byte, sc *sign.Scratch, r *wire.Request, prefix []byte, secret string, steps *sign.Steps) []byte {
	b := append(sc.Text[:0], strings.ToUpper(r.Method)...)
	b = append(b, '\n')
	uri := len(b)
	b = wire.AppendEscapePath(b, sign.Path(r.Target))
	steps.Add(sign.StepURI, b[uri:])
	b = append(b, '\n')
	query := len(b)
	b = sc.Query.AppendLines(b, '&')
	steps.Add(sign.StepQuery, b[query:])
	b = append(b, '\n')
	if steps != nil {
		steps.Add(sign.StepNames, appendNames(nil, sc))
	}
	sc.Fields.SortLines()
	fields := len(b)
	b = sc.Fields.AppendLines(b, '\n')
	steps.Add(sign.StepFields, b[fields:])
	steps.Add(sign.StepRequest, b)
	steps.Add(StepPrefix, prefix)
	key := signingKey(secret, prefix)
	steps.AddSecret(sign.StepKey, key[:])
	sum := sign.HMAC256(key[:], b)
	sc.Text = b
	at := len(dst)
	dst = hex.AppendEncode(dst, sum[:])
	steps.Add(sign.StepSignature, dst[at:])
	return dst
}

// signingKey is used on as the hexadecimal text that it is.
func signingKey(secret string, prefix []byte) (text [64]byte) {
	var room [64]byte
	sum := sign.HMAC256(append(room[:0], secret...), prefix)
	hex.Encode(text[:], sum[:])
	return text
}

// Key returns the signing key of in as the hexadecimal text that signs.
func Key(in *sign.Input) string {
	key := signingKey(in.SecretKey, appendPrefix(nil, in))
	return string(key[:])
}

func queryAuth(r *wire.Request) (value string, count int) {
	for p := range sign.Params(r.Target) {
		if strings.EqualFold(p.Name, param) {
			if count == 0 {
				value = p.Value
			}
			count++
		}
	}
	return value, count
}

// authorization is the string taken apart.
type authorization struct {
	prefix            string
	accessKey, sig    string
	date, valid, list string
}

func parse(t *sign.Trial, text string) (a authorization) {
	parts := strings.Split(text, "/")
	t.Must(sign.UnknownScheme, parts[0] == scheme, "Authorization", parts[0], scheme)
	t.Must(sign.Malformed, len(parts) == 6, "Authorization", text, "six parts between slashes")
	parts = slices.Grow(parts, 6)[:6]
	a = authorization{accessKey: parts[1], date: parts[2], valid: parts[3], list: parts[4], sig: parts[5]}
	a.prefix = strings.Join(parts[:4], "/")
	t.Must(sign.MissingField, a.accessKey != "", "access key", "", "an access key id")
	t.Must(sign.Malformed, sign.IsHex(a.sig, 64), "signature", a.sig, "64 lower-case hexadecimal digits")
	return a
}

// Verify checks the Authorization field or the authorization parameter (beside
// a field, a parameter that is no authorization string is nobody's matter). No
// document bounds the validity (-1 is for ever) or the skew: MaxValid and Skew
// are looked at only where they are set.
func (Scheme) Verify(r *wire.Request, ck *sign.Check, steps *sign.Steps) (*sign.Verified, error) {
	t := &sign.Trial{Check: ck}
	headers := r.Fields.Values("Authorization")
	text, params := queryAuth(r)
	if !t.Must(sign.Anonymous, len(headers)+params > 0, "", "", "") || len(headers)+params == 0 {
		return t.Result(sign.Accept(r, "", false))
	}
	t.Must(sign.Both, len(headers) == 0 || !strings.HasPrefix(text, "bce-auth-"), "Authorization", "", "")
	t.Must(sign.Repeated, len(headers) < 2 && (params < 2 || len(headers) > 0), "authorization", "", "one")
	token := r.Fields.Get(tokenName)
	if len(headers) > 0 {
		text = headers[0]
	} else if inQuery, n := sign.Param(r.Target, tokenName); n > 0 {
		token = inQuery
	}
	t.Once(r, tokenName, "x-bce-date")
	a := parse(t, text)
	times(t, a)
	secret := t.Key(a.accessKey, token)
	if t.No != nil {
		return nil, t.No
	}
	check(t, r, a, secret, steps)
	return t.Result(sign.Accept(r, a.accessKey, len(headers) == 0))
}

func times(t *sign.Trial, a authorization) {
	made, ok := sign.Parse(timeLayout, a.date)
	if t.Must(sign.BadDate, ok, "timestamp", a.date, "the form "+timeLayout); !ok {
		made = t.Now
	}
	valid, ok := sign.Seconds(a.valid)
	t.Must(sign.Malformed, ok, "validity", a.valid, "a number of seconds")
	t.Must(sign.ExpiresRange, valid >= -time.Second, "validity", a.valid, "-1 or more")
	t.Must(sign.ExpiresRange, t.MaxValid == 0 || valid <= t.MaxValid, "validity", a.valid, "")
	t.Must(sign.Skewed, t.Skew == 0 || made.Sub(t.Now) <= t.Skew, "timestamp", a.date, t.Now.UTC().Format(timeLayout))
	t.Must(sign.Expired, valid == -time.Second || !t.Now.After(made.Add(valid)), "validity",
		a.date+" and "+a.valid+" s", t.Now.UTC().Format(timeLayout))
}

func check(t *sign.Trial, r *wire.Request, a authorization, secret string, steps *sign.Steps) {
	var list []string
	if a.list != "" {
		list = strings.Split(a.list, ";")
	}
	t.Must(sign.UnsignedField, !r.Fields.Has("Host") || signs("host", list), "host", a.list, "host among the signed headers")
	sc := sign.Borrow()
	defer sc.Return()
	collect(sc, r, list)
	var room [64]byte
	sig := compute(room[:0], sc, r, []byte(a.prefix), secret, steps)
	t.Signature(a.accessKey, a.sig, sig, nil, sc.Text)
}
