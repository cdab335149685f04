// Package cossha1 is the XML API signature of Tencent COS
// (q-sign-algorithm=sha1): HMAC-SHA1 over the hash of a request whose signed
// fields and parameters travel along by name.
package cossha1

import (
	"crypto/sha1"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

const (
	tokenName = "x-cos-security-token"
	validity  = 300 * time.Second
)

// Steps under the names of the COS documents.
const (
	StepParams  = "HttpParameters"
	StepHeaders = "HttpHeaders"
	StepParList = "UrlParamList"
	StepHdrList = "HeaderList"
	StepHTTP    = "HttpString"
	StepText    = "StringToSign"
	StepKeyTime = "KeyTime"
	StepKey     = "SignKey"
)

// Scheme is the sha1 signature of COS.
type Scheme struct{}

// Name is cos-sha1.
func (Scheme) Name() string { return "cos-sha1" }

// Claims tells whether r carries a signature of this scheme, good or bad.
func (Scheme) Claims(r *wire.Request) bool {
	_, n := queryAuth(r)
	return n > 0 || strings.HasPrefix(r.Fields.Get("Authorization"), "q-")
}

// Prepare adds the token: as a field, or as a parameter of a presigned URL
// unless it is to stay unsigned, when Append adds it.
func (Scheme) Prepare(r *wire.Request, in *sign.Input) error {
	switch {
	case in.Token == "":
	case !in.Presign:
		sign.SetAbsent(r, tokenName, in.Token)
	case !in.UnsignedToken:
		sign.AddParam(r, tokenName, in.Token)
	}
	return nil
}

// Append appends the authorization text, its seven parts as parameters, or all
// of it as one sign parameter.
func (Scheme) Append(dst []byte, r *wire.Request, in *sign.Input, steps *sign.Steps) ([]byte, error) {
	sc := sign.Borrow()
	defer sc.Return()
	s := selection{fields: in.Signed, params: in.SignedParams, byCaller: true}
	if in.UnsignedToken {
		s.not = tokenName
	}
	collect(sc, r, s)
	var a authorization
	a.accessKey = in.AccessKey
	a.signTime = window(in)
	a.keyTime = a.signTime
	if in.KeyTime != "" {
		a.keyTime = in.KeyTime
	}
	a.fields = string(sc.Fields.AppendNames(nil, false))
	a.params = string(sc.Query.AppendNames(nil, false))
	sig := compute(sc, r, a, in.SecretKey, steps)
	a.sig = string(sig[:])
	switch {
	case !in.Presign:
		return a.append(dst, sign.Raw), nil
	case in.MergedSign:
		dst = wire.AppendEscape(append(dst, "sign="...), string(a.append(nil, sign.Raw)))
	default:
		dst = a.append(dst, wire.AppendEscape)
	}
	if in.Token != "" && in.UnsignedToken {
		dst = wire.AppendEscape(append(dst, "&"+tokenName+"="...), in.Token)
	}
	return dst, nil
}

func window(in *sign.Input) string {
	start := in.Time.Unix()
	var room [48]byte
	b := strconv.AppendInt(room[:0], start, 10)
	b = append(b, ';')
	return string(strconv.AppendInt(b, start+int64(in.Validity(validity)/time.Second), 10))
}

// authorization is the text taken apart.
type authorization struct {
	algorithm, accessKey, signTime, keyTime, fields, params, sig string
}

func (a authorization) append(dst []byte, value sign.Enc) []byte {
	dst = append(dst, "q-sign-algorithm=sha1&q-ak="...)
	dst = value(dst, a.accessKey)
	dst = value(append(dst, "&q-sign-time="...), a.signTime)
	dst = value(append(dst, "&q-key-time="...), a.keyTime)
	dst = value(append(dst, "&q-header-list="...), a.fields)
	dst = value(append(dst, "&q-url-param-list="...), a.params)
	return append(append(dst, "&q-signature="...), a.sig...)
}

// selection says which fields and parameters are signed: for a caller nil means
// the default set, for a verifier the lists are complete and in signed form.
type selection struct {
	fields, params []string
	byCaller       bool
	not            string // a name that stays out of the default sets
}

func (s selection) field(name string) bool {
	switch {
	case !s.byCaller:
		return listed(s.fields, name)
	case s.fields != nil:
		return sign.ContainsFold(s.fields, name)
	}
	return byDefault(name) && !strings.EqualFold(name, s.not)
}

func (s selection) param(name string) bool {
	switch {
	case !s.byCaller:
		return listed(s.params, name)
	case s.params != nil:
		return sign.ContainsFold(s.params, name)
	}
	return name != s.not
}

// listed searches in the form that the lists have: encoded, in lower case and sorted.
func listed(list []string, name string) bool {
	var room [64]byte
	_, found := slices.BinarySearch(list, string(sign.LowerEscaped(room[:0], name)))
	return found
}

var defaults = []string{
	"host", "content-type", "content-md5", "content-length", "cache-control", "content-disposition", "content-encoding",
	"expires", "expect", "range", "origin", "transfer-encoding", "pic-operations",
}

func byDefault(name string) bool {
	return sign.HasPrefixFold(name, "x-cos-") || sign.HasPrefixFold(name, "x-ci-") || sign.HasPrefixFold(name, "if-") ||
		sign.ContainsFold(defaults, name)
}

func collect(sc *sign.Scratch, r *wire.Request, s selection) {
	sc.Query.Reset('=')
	// The vendor's Go and Python SDKs send a blank in a value as a plus sign and
	// sign it as a blank.
	for p := range sign.Params(wire.Blanks(r.Target)) {
		if s.param(p.Name) {
			sc.Query.Add(p.Name, p.Value, sign.LowerEscaped, wire.AppendEscape)
		}
	}
	sc.Query.SortPairs()
	sc.Fields.Reset('=')
	for _, f := range r.Fields {
		if s.field(f.Name) && !strings.EqualFold(f.Name, "authorization") {
			sc.Fields.Add(f.Name, f.Value, sign.LowerEscaped, sign.TrimEscaped)
		}
	}
	sc.Fields.SortPairs()
}

// compute signs the collected request. It leaves the string to sign in sc.Text
// and the HttpString in sc.More.
func compute(sc *sign.Scratch, r *wire.Request, a authorization, secret string, steps *sign.Steps) (sig [40]byte) {
	http := appendHTTP(sc.More[:0], sc, r, steps)
	steps.AddText(StepHdrList, a.fields)
	steps.AddText(StepParList, a.params)
	steps.Add(StepHTTP, http)
	text := append(sc.Text[:0], "sha1\n"...)
	text = append(append(text, a.keyTime...), '\n')
	digest := sha1.Sum(http)
	text = append(hex.AppendEncode(text, digest[:]), '\n')
	steps.AddText(StepKeyTime, a.keyTime)
	steps.Add(StepText, text)
	sc.Text, sc.More = text, http
	key := signKey(secret, a.keyTime)
	steps.AddSecret(StepKey, key[:])
	sum := sign.HMAC1(key[:], text)
	hex.Encode(sig[:], sum[:])
	steps.Add(sign.StepSignature, sig[:])
	return sig
}

func appendHTTP(b []byte, sc *sign.Scratch, r *wire.Request, steps *sign.Steps) []byte {
	b = append(sign.Lower(b, r.Method), '\n')
	at := len(b)
	b = append(b, sign.Path(r.Target)...)
	steps.Add(sign.StepURI, b[at:])
	b = append(b, '\n')
	at = len(b)
	b = sc.Query.AppendLines(b, '&')
	steps.Add(StepParams, b[at:])
	b = append(b, '\n')
	at = len(b)
	b = sc.Fields.AppendLines(b, '&')
	steps.Add(StepHeaders, b[at:])
	return append(b, '\n')
}

// signKey is used on as the hexadecimal text that it is.
func signKey(secret, keyTime string) (text [40]byte) {
	var room, when [64]byte
	sum := sign.HMAC1(append(room[:0], secret...), append(when[:0], keyTime...))
	hex.Encode(text[:], sum[:])
	return text
}

// Key returns the SignKey of in as the hexadecimal text that signs.
func Key(in *sign.Input) string {
	when := in.KeyTime
	if when == "" {
		when = window(in)
	}
	key := signKey(in.SecretKey, when)
	return string(key[:])
}
