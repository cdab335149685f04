// Package bcev1 is bce-auth-v1, the signature of Baidu BOS: HMAC-SHA256 over the
// canonical request itself, under a key that time and validity went into.
package bcev1

import (
	"bytes"
	"crypto/sha256"
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
	sc := in.Borrow()
	defer sc.Return()
	seal := sc.Seal(&recipe, in)
	collect(sc, r, in.Signed)
	dst = append(dst, seal.Head...)
	named := len(in.Signed) > 0 || in.ListDefaults
	switch {
	case !in.Presign && named:
		dst = append(appendNames(dst, sc), '/')
	case !in.Presign:
		dst = append(dst, '/')
	case named:
		sc.More = append(appendNames(sc.More[:0], sc), '/')
		dst = wire.AppendEscape(dst, sc.More)
	default:
		dst = append(dst, "%2F"...)
	}
	return compute(dst, sc, r, seal, steps), nil
}

// recipe makes the key of the prefix; the hexadecimal text that it is signs.
var recipe = sign.Recipe{Hash: sha256.New, Label: appendPrefix, Head: appendHead,
	Key: func(secret string, prefix []byte) []byte {
		sum := sign.HMAC256([]byte(secret), prefix)
		return sign.AppendHex(nil, sum[:])
	},
}

// appendHead appends the authorization string up to the names.
func appendHead(dst []byte, in *sign.Input) []byte {
	if !in.Presign {
		return append(appendPrefix(dst, in), '/')
	}
	return wire.AppendEscape(append(dst, param+"="...), append(appendPrefix(nil, in), '/'))
}

func appendPrefix(dst []byte, in *sign.Input) []byte {
	dst = append(append(dst, scheme+"/"...), in.AccessKey...)
	dst = append(append(dst, '/'), sign.Stamp(in.Time, timeLayout)...)
	return strconv.AppendInt(append(dst, '/'), int64(in.Validity(validity)/time.Second), 10)
}

// collect fills the tables with the parameters and the fields that are signed:
// those of list, or the default set when it is empty.
func collect(sc *sign.Scratch, r *wire.Request, list []string) {
	sc.Query.Params(&paramSet, r.Target, nil)
	var wanted func([]byte, string) bool
	if len(list) > 0 {
		wanted = func(name []byte, sent string) bool { return listed(list, sign.Trim(sent)) }
	}
	sc.Fields.Collect(&fieldSet, r.Fields, wanted)
}

var fieldSet = sign.Set{Sep: ':', Name: trimmedName, Value: sign.TrimEscaped, Signs: byDefault, SkipEmpty: true, Sort: (*sign.Table).SortLines}

var paramSet = sign.Set{Sep: '=', Name: wire.AppendReescape, Value: wire.AppendReescape, Signs: notItself, Sort: (*sign.Table).SortLines}

func trimmedName(dst []byte, name string) []byte { return sign.EscapedLower(dst, sign.Trim(name)) }

// notItself tells whether an escaped name is not that of the authorization parameter.
func notItself(name []byte) bool {
	return len(name) != len(param) || !strings.EqualFold(string(name), param)
}

// byDefault tells whether a field with this name in lower case is in the default set.
func byDefault(name []byte) bool {
	switch string(name) {
	case "host", "content-length", "content-type", "content-md5":
		return true
	}
	return len(name) >= 6 && string(name[:6]) == "x-bce-"
}

// listed tells whether a list, which is not empty, has a field signed.
func listed(list []string, name string) bool {
	return !strings.EqualFold(name, "authorization") && sign.ContainsFold(list, name)
}

// appendNames appends the names of the collected fields: plain, not encoded, and
// sorted by themselves, which lines are not.
func appendNames(dst []byte, sc *sign.Scratch) []byte {
	sc.Fields.SortNames()
	defer sc.Fields.SortLines()
	at := len(dst)
	dst = sc.Fields.AppendNames(dst, true)
	if bytes.IndexByte(dst[at:], '%') >= 0 {
		dst, _ = wire.AppendUnescape(dst[:at], string(dst[at:]))
	}
	return dst
}

// compute appends the signature of the collected request, and leaves the canonical request in sc.Text.
func compute(dst []byte, sc *sign.Scratch, r *wire.Request, seal *sign.Seal, steps *sign.Steps) []byte {
	b := append(sign.Upper(sc.Text[:0], r.Method), '\n')
	at := len(b)
	b = sign.AppendPath(b, r.Target, wire.AppendReescapePath)
	steps.Add(sign.StepURI, b[at:])
	b = append(b, '\n')
	at = len(b)
	b = sc.Query.AppendLines(b, '&')
	steps.Add(sign.StepQuery, b[at:])
	b = append(b, '\n')
	if steps != nil {
		steps.Add(sign.StepNames, appendNames(nil, sc))
	}
	at = len(b)
	sc.Text = sc.Fields.AppendLines(b, '\n')
	steps.Add(sign.StepFields, sc.Text[at:])
	steps.Add(sign.StepRequest, sc.Text)
	steps.Add(StepPrefix, seal.Label)
	if steps != nil {
		steps.AddSecret(sign.StepKey, seal.Key())
	}
	at = len(dst)
	dst = sign.AppendHex(dst, sc.Sum(seal, sc.Text))
	steps.Add(sign.StepSignature, dst[at:])
	return dst
}

// Key returns the signing key of in as the hexadecimal text that signs.
func Key(in *sign.Input) string { return string(recipe.Key(in.SecretKey, appendPrefix(nil, in))) }

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
	t.Must(sign.UnsignedField, !r.Fields.Has("Host") || len(list) == 0 || listed(list, "host"), "host", a.list, "host among the signed headers")
	sc := sign.Borrow()
	defer sc.Return()
	collect(sc, r, list)
	sc.More = compute(sc.More[:0], sc, r, sc.SealOf(&recipe, secret, []byte(a.prefix)), steps)
	t.Signature(a.accessKey, a.sig, sc.More, nil, sc.Text)
}
