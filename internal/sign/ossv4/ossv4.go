// Package ossv4 is the second signature of Alibaba OSS, OSS4-HMAC-SHA256: a key
// derived from day, region and product signs the hash of a canonical request
// that always leaves the body out.
package ossv4

import (
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

// v4 is what is left of the signature when the canonical request is made.
var v4 = sign.NewV4(algorithm, "aliyun_v4", product, terminator, "")

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
	date := sign.Stamp(in.Time, sign.V4Layout)
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
	c, _ := v4.Credential(in)
	sign.AddParam(r, credName, string(c.Append(nil)))
	if names := additional(r, in.Signed); len(names) > 0 {
		sign.AddParam(r, moreName, strings.Join(names, ";"))
	}
	return nil
}

// Append appends the authorization text, or the signature parameter.
func (Scheme) Append(dst []byte, r *wire.Request, in *sign.Input, steps *sign.Steps) ([]byte, error) {
	sc := in.Borrow()
	defer sc.Return()
	names := additional(r, in.Signed)
	c := call{in.Resource, strings.Join(names, ";"), names}
	seal := v4.Seal(sc, in)
	if in.Presign {
		return c.appendSignature(append(dst, sigName+"="...), sc, r, seal, steps), nil
	}
	dst = append(dst, seal.Head...)
	if len(names) > 0 {
		dst = append(append(dst, ",AdditionalHeaders="...), c.list...)
	}
	return c.appendSignature(append(dst, ",Signature="...), sc, r, seal, steps), nil
}

// Key returns the signing key of in as bytes.
func Key(in *sign.Input) []byte {
	c, _ := v4.Credential(in)
	return v4.Key(in.SecretKey, &c)
}

// byDefault tells whether a field with this name in lower case is always signed.
func byDefault(name []byte) bool {
	switch string(name) {
	case "content-type", "content-md5":
		return true
	}
	return len(name) >= 6 && string(name[:6]) == "x-oss-"
}

var fieldSet = sign.Set{Sep: ':', Name: sign.Lower, Value: sign.Trimmed, Signs: byDefault, Sort: (*sign.Table).SortNames}

// additional is the sorted list of the wanted names that are sent, with a value,
// and are not signed anyway.
func additional(r *wire.Request, wanted []string) (names []string) {
	for _, w := range wanted {
		w = strings.ToLower(sign.Trim(w))
		if !byDefault([]byte(w)) && sign.Trim(r.Fields.Get(w)) != "" {
			names = append(names, w)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// call is what a canonical request needs besides the request.
type call struct {
	resource string   // "" takes the path
	list     string   // additional names as they stand in the signed text
	names    []string // the same, one by one
}

// appendSignature appends the signature of r. It leaves the string to sign in
// sc.Text and the canonical request in sc.More.
func (c *call) appendSignature(dst []byte, sc *sign.Scratch, r *wire.Request, seal *sign.Seal, steps *sign.Steps) []byte {
	sc.More = c.appendRequest(sc.More[:0], sc, r, steps)
	return v4.Sign(dst, sc, seal, steps)
}

func (c *call) appendRequest(b []byte, sc *sign.Scratch, r *wire.Request, steps *sign.Steps) []byte {
	b = append(sign.Upper(b, r.Method), '\n')
	at := len(b)
	if c.resource != "" {
		b = wire.AppendEscapePath(b, c.resource)
	} else {
		b = sign.AppendPath(b, r.Target, wire.AppendReescapePath)
	}
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

var paramSet = sign.Set{Sep: '=', Name: wire.AppendReescape, Value: wire.AppendReescape, Bare: true, Sort: (*sign.Table).SortPairs,
	Signs: func(name []byte) bool { return string(name) != sigName }}

func appendQuery(dst []byte, sc *sign.Scratch, r *wire.Request) []byte {
	sc.Query.Params(&paramSet, r.Target, nil)
	return sc.Query.AppendLines(dst, '&')
}

func appendFields(dst []byte, sc *sign.Scratch, r *wire.Request, names []string) []byte {
	var wanted func([]byte, string) bool
	if len(names) > 0 {
		wanted = func(name []byte, sent string) bool { return byDefault(name) || sign.ContainsFold(names, sent) }
	}
	sc.Fields.Collect(&fieldSet, r.Fields, wanted)
	return sc.Fields.AppendMerged(dst)
}
