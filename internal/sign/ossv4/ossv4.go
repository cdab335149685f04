// Package ossv4 is the second signature of Alibaba OSS, OSS4-HMAC-SHA256: a key
// derived from day, region and product signs the hash of a canonical request
// that always leaves the body out.
package ossv4

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
	algorithm   = "OSS4-HMAC-SHA256"
	terminator  = "aliyun_v4_request"
	product     = "oss"
	payload     = "UNSIGNED-PAYLOAD"
	timeLayout  = "20060102T150405Z"
	dayLength   = len("20060102")
	dateName    = "x-oss-date"
	payloadName = "x-oss-content-sha256"
	tokenName   = "x-oss-security-token"
	versionName = "x-oss-signature-version"
	expiresName = "x-oss-expires"
	credName    = "x-oss-credential"
	moreName    = "x-oss-additional-headers"
	sigName     = "x-oss-signature"
	validity    = 3600 * time.Second
	maxValidity = 604800 * time.Second
)

// StepNames is the step that lists the signed fields beyond the default set.
const StepNames = "AdditionalHeaders"

// Scheme is OSS4-HMAC-SHA256.
type Scheme struct{}

// Name is oss-v4.
func (Scheme) Name() string { return "oss-v4" }

// Claims tells whether r carries a signature of this scheme, good or bad.
func (Scheme) Claims(r *wire.Request) bool {
	_, n := sign.Param(r.Target, versionName)
	_, m := sign.Param(r.Target, sigName)
	return n+m > 0 || strings.HasPrefix(r.Fields.Get("Authorization"), algorithm)
}

// Prepare adds x-oss-date, x-oss-content-sha256 and the token, or the
// parameters of a presigned URL but for the signature. Input.Signed names the
// fields to sign beyond the default set.
func (Scheme) Prepare(r *wire.Request, in *sign.Input) error {
	date := in.Time.UTC().Format(timeLayout)
	if !in.Presign {
		sign.SetAbsent(r, dateName, date)
		sign.SetAbsent(r, payloadName, payload)
		if in.Token != "" {
			sign.SetAbsent(r, tokenName, in.Token)
		}
		return nil
	}
	if in.Token != "" {
		sign.AddParam(r, tokenName, in.Token)
	}
	sign.AddParam(r, versionName, algorithm)
	sign.AddParam(r, dateName, date)
	sign.AddParam(r, expiresName, strconv.FormatInt(int64(in.Validity(validity)/time.Second), 10))
	sign.AddParam(r, credName, string(credential(in).append(nil)))
	if names := additional(r, in.Signed); len(names) > 0 {
		sign.AddParam(r, moreName, strings.Join(names, ";"))
	}
	return nil
}

// Append appends the authorization text, or the signature parameter.
func (Scheme) Append(dst []byte, r *wire.Request, in *sign.Input, steps *sign.Steps) ([]byte, error) {
	sc := sign.Borrow()
	defer sc.Return()
	c := credential(in)
	date := in.Time.UTC().Format(timeLayout)
	names := additional(r, in.Signed)
	sig := compute(sc, r, call{c, date, resource(r, in.Resource), strings.Join(names, ";"), names}, in.SecretKey, steps)
	if in.Presign {
		return append(append(dst, sigName+"="...), sig[:]...), nil
	}
	dst = c.append(append(dst, algorithm+" Credential="...))
	if len(names) > 0 {
		dst = append(dst, ",AdditionalHeaders="...)
		dst = append(dst, strings.Join(names, ";")...)
	}
	return append(append(dst, ",Signature="...), sig[:]...), nil
}

// scope is a credential: an access key and where and when it signs.
type scope struct{ accessKey, day, region, product, end string }

func credential(in *sign.Input) scope {
	s := scope{in.AccessKey, in.Time.UTC().Format(timeLayout)[:dayLength], in.Region, in.Service, terminator}
	if s.product == "" {
		s.product = product
	}
	return s
}

func (s scope) append(dst []byte) []byte {
	return s.appendScope(append(append(dst, s.accessKey...), '/'))
}

func (s scope) appendScope(dst []byte) []byte {
	dst = append(append(dst, s.day...), '/')
	dst = append(append(dst, s.region...), '/')
	dst = append(append(dst, s.product...), '/')
	return append(dst, s.end...)
}

// Key returns the signing key of in as bytes.
func Key(in *sign.Input) []byte {
	c := credential(in)
	key := c.key(in.SecretKey)
	return key[:]
}

func (s scope) key(secret string) [32]byte {
	return sign.DerivedKey("aliyun_v4", secret, s.day, s.region, s.product, s.end)
}

func byDefault(name string) bool {
	return strings.EqualFold(name, "content-type") || strings.EqualFold(name, "content-md5") || sign.HasPrefixFold(name, "x-oss-")
}

// additional is the sorted list of the wanted names that are sent, with a value,
// and are not signed anyway.
func additional(r *wire.Request, wanted []string) (names []string) {
	for _, w := range wanted {
		w = strings.ToLower(sign.Trim(w))
		if !byDefault(w) && sign.Trim(r.Fields.Get(w)) != "" {
			names = append(names, w)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func resource(r *wire.Request, found string) string {
	if found != "" {
		return found
	}
	return sign.Path(r.Target)
}

// call is what a canonical request needs besides the request.
type call struct {
	scope
	date, resource string
	list           string   // additional names as they stand in the signed text
	names          []string // the same, one by one
}

// compute signs r. It leaves the string to sign in sc.Text and the canonical
// request in sc.More.
func compute(sc *sign.Scratch, r *wire.Request, c call, secret string, steps *sign.Steps) (sig [64]byte) {
	request := appendRequest(sc.More[:0], sc, r, c, steps)
	text := append(sc.Text[:0], algorithm+"\n"...)
	text = append(append(text, c.date...), '\n')
	text = append(c.appendScope(text), '\n')
	text = sign.HexSHA256(text, request)
	steps.Add(sign.StepText, text)
	sc.Text, sc.More = text, request
	key := c.key(secret)
	addKey(steps, key)
	sum := sign.HMAC256(key[:], text)
	hex.Encode(sig[:], sum[:])
	steps.Add(sign.StepSignature, sig[:])
	return sig
}

func addKey(steps *sign.Steps, key [32]byte) {
	if steps != nil {
		steps.AddSecret(sign.StepKey, hex.AppendEncode(nil, key[:]))
	}
}

func appendRequest(b []byte, sc *sign.Scratch, r *wire.Request, c call, steps *sign.Steps) []byte {
	b = append(append(b, strings.ToUpper(r.Method)...), '\n')
	at := len(b)
	b = wire.AppendEscapePath(b, c.resource)
	steps.Add(sign.StepURI, b[at:])
	b = append(b, '\n')
	at = len(b)
	b = appendQuery(b, sc, r)
	steps.Add(sign.StepQuery, b[at:])
	b = append(b, '\n')
	at = len(b)
	b = appendFields(b, sc, r, c.names)
	steps.Add(sign.StepFields, b[at:])
	b = append(append(b, '\n'), c.list...)
	steps.AddText(StepNames, c.list)
	b = append(append(b, '\n'), payloadLine(r)...)
	steps.Add(sign.StepRequest, b)
	return b
}

// payloadLine is the last line: documents know UNSIGNED-PAYLOAD alone, so any
// other value that is sent is signed as it stands and refused elsewhere.
func payloadLine(r *wire.Request) string {
	if v := sign.Trim(r.Fields.Get(payloadName)); v != "" {
		return v
	}
	return payload
}

func appendQuery(dst []byte, sc *sign.Scratch, r *wire.Request) []byte {
	sc.Query.Reset('=')
	for p := range sign.Params(r.Target) {
		switch {
		case p.Name == sigName:
		case p.Value == "":
			sc.Query.AddBare(p.Name, wire.AppendEscape)
		default:
			sc.Query.Add(p.Name, p.Value, wire.AppendEscape, wire.AppendEscape)
		}
	}
	sc.Query.SortPairs()
	return sc.Query.AppendLines(dst, '&')
}

func appendFields(dst []byte, sc *sign.Scratch, r *wire.Request, names []string) []byte {
	sc.Fields.Reset(':')
	for _, f := range r.Fields {
		if byDefault(f.Name) || sign.ContainsFold(names, f.Name) {
			sc.Fields.Add(f.Name, f.Value, sign.Lower, sign.Trimmed)
		}
	}
	sc.Fields.SortNames()
	return sc.Fields.AppendMerged(dst)
}
