// Package cossha1 is the XML API signature of Tencent COS
// (q-sign-algorithm=sha1): HMAC-SHA1 over the hash of a request whose signed
// fields and parameters travel along by name.
package cossha1

import (
	"crypto/sha1"
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
	sc := in.Borrow()
	defer sc.Return()
	s := selection{fields: in.Signed, params: in.SignedParams, byCaller: true}
	if in.UnsignedToken {
		s.not = tokenName
	}
	seal := sc.Seal(&recipe, in)
	collect(sc, r, &s)
	sc.Names = sc.Fields.AppendNames(sc.Names[:0], false)
	n := len(sc.Names)
	sc.Names = sc.Query.AppendNames(sc.Names, false)
	fields, params := sc.Names[:n], sc.Names[n:]
	merged := in.Presign && in.MergedSign
	if merged {
		sc.Part = appendLists(append(sc.Part[:0], seal.Head...), fields, params, raw)
		sc.Part = compute(sc.Part, sc, r, seal, fields, params, steps)
		dst = wire.AppendEscape(append(dst, "sign="...), sc.Part)
	} else {
		value := raw
		if in.Presign {
			value = wire.AppendEscape
		}
		dst = appendLists(append(dst, seal.Head...), fields, params, value)
		dst = compute(dst, sc, r, seal, fields, params, steps)
	}
	if in.Presign && in.Token != "" && in.UnsignedToken {
		dst = wire.AppendEscape(append(dst, "&"+tokenName+"="...), in.Token)
	}
	return dst, nil
}

func raw(dst, s []byte) []byte { return append(dst, s...) }

// appendLists appends what stands between head and signature.
func appendLists(dst, fields, params []byte, value func(dst, s []byte) []byte) []byte {
	dst = value(dst, fields)
	dst = value(append(dst, "&q-url-param-list="...), params)
	return append(dst, "&q-signature="...)
}

// recipe makes the key of the key time; the hexadecimal text that it is signs.
var recipe = sign.Recipe{Hash: sha1.New, Label: appendKeyTime, Head: appendHead, Text: appendText,
	Key: func(secret string, keyTime []byte) []byte {
		sum := sign.HMAC1([]byte(secret), keyTime)
		return sign.AppendHex(nil, sum[:])
	},
}

// appendHead appends the parts up to the lists, in the document's order.
func appendHead(dst []byte, in *sign.Input) []byte {
	value := raw
	if in.Presign && !in.MergedSign {
		value = wire.AppendEscape
	}
	dst = value(append(dst, "q-sign-algorithm=sha1&q-ak="...), []byte(in.AccessKey))
	dst = value(append(dst, "&q-sign-time="...), appendWindow(nil, in))
	dst = value(append(dst, "&q-key-time="...), appendKeyTime(nil, in))
	return append(dst, "&q-header-list="...)
}

// appendText appends the string to sign up to the hash.
func appendText(dst []byte, in *sign.Input) []byte {
	return append(appendKeyTime(append(dst, "sha1\n"...), in), '\n')
}

func appendKeyTime(dst []byte, in *sign.Input) []byte {
	if in.KeyTime != "" {
		return append(dst, in.KeyTime...)
	}
	return appendWindow(dst, in)
}

func appendWindow(dst []byte, in *sign.Input) []byte {
	start := in.Time.Unix()
	dst = append(strconv.AppendInt(dst, start, 10), ';')
	return strconv.AppendInt(dst, start+int64(in.Validity(validity)/time.Second), 10)
}

// selection says which fields and parameters are signed: for a caller nil means
// the default set, for a verifier the lists are complete and in signed form.
type selection struct {
	fields, params []string
	byCaller       bool
	not            string // a name that stays out of the default sets
}

// field decides about a field by its escaped name in lower case, and the name as
// it was sent.
func (s *selection) field(name []byte, sent string) bool {
	switch {
	case string(name) == "authorization":
		return false
	case !s.byCaller:
		return listed(s.fields, name)
	case s.fields != nil:
		return sign.ContainsFold(s.fields, sent)
	}
	return byDefault(name) && string(name) != s.not
}

// param does so for a parameter, which was sent percent-encoded.
func (s *selection) param(name []byte, sent string) bool {
	switch {
	case !s.byCaller:
		return listed(s.params, name)
	}
	sent, _ = wire.Unescape(sent)
	if s.params != nil {
		return sign.ContainsFold(s.params, sent)
	}
	return sent != "" && sent != s.not
}

// listed searches in the form that the lists have: encoded, in lower case and sorted.
func listed(list []string, name []byte) bool {
	_, found := slices.BinarySearch(list, string(name))
	return found
}

// byDefault tells whether a field with this name in lower case is in the default set.
func byDefault(name []byte) bool {
	switch string(name) {
	case "host", "content-type", "content-md5", "content-length", "cache-control", "content-disposition", "content-encoding",
		"expires", "expect", "range", "origin", "transfer-encoding", "pic-operations":
		return true
	}
	return hasPrefix(name, "x-cos-") || hasPrefix(name, "x-ci-") || hasPrefix(name, "if-")
}

func hasPrefix(name []byte, prefix string) bool {
	return len(name) >= len(prefix) && string(name[:len(prefix)]) == prefix
}

func collect(sc *sign.Scratch, r *wire.Request, s *selection) {
	var params, fields func([]byte, string) bool
	if !s.byCaller || s.params != nil || s.not != "" {
		params = s.param
	}
	if !s.byCaller || s.fields != nil || s.not != "" {
		fields = s.field
	}
	// The vendor's Go and Python SDKs send a blank in a value as a plus sign and
	// sign it as a blank.
	sc.Query.Params(&paramSet, wire.Blanks(r.Target), params)
	sc.Fields.Collect(&fieldSet, r.Fields, fields)
}

// paramSet leaves out a parameter without a name, which no list can name.
var paramSet = sign.Set{Sep: '=', Name: sign.LowerReescaped, Value: wire.AppendReescape, Sort: (*sign.Table).SortPairs,
	Signs: func(name []byte) bool { return len(name) > 0 }}

var fieldSet = sign.Set{Sep: '=', Name: sign.LowerEscaped, Value: sign.TrimEscaped, Signs: byDefault, Sort: (*sign.Table).SortPairs}

// compute appends the signature of the collected request. It leaves the string
// to sign in sc.Text and the HttpString in sc.More.
func compute(dst []byte, sc *sign.Scratch, r *wire.Request, seal *sign.Seal, fields, params []byte, steps *sign.Steps) []byte {
	sc.More = appendHTTP(sc.More[:0], sc, r, steps)
	steps.Add(StepHdrList, fields)
	steps.Add(StepParList, params)
	steps.Add(StepHTTP, sc.More)
	sc.Text = append(sign.HexSHA1(append(sc.Text[:0], seal.Text...), sc.More), '\n')
	steps.Add(StepKeyTime, seal.Label)
	steps.Add(StepText, sc.Text)
	if steps != nil {
		steps.AddSecret(StepKey, seal.Key())
	}
	at := len(dst)
	dst = sign.AppendHex(dst, sc.Sum(seal, sc.Text))
	steps.Add(sign.StepSignature, dst[at:])
	return dst
}

func appendHTTP(b []byte, sc *sign.Scratch, r *wire.Request, steps *sign.Steps) []byte {
	b = append(sign.Lower(b, r.Method), '\n')
	at := len(b)
	b = sign.AppendPath(b, r.Target, sign.Unescaped)
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

// Key returns the SignKey of in as the hexadecimal text that signs.
func Key(in *sign.Input) string { return string(recipe.Key(in.SecretKey, appendKeyTime(nil, in))) }
