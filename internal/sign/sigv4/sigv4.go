// Package sigv4 is AWS Signature Version 4 as S3 uses it, with what other
// services do differently as options.
package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

const (
	algorithm   = "AWS4-HMAC-SHA256"
	terminator  = "aws4_request"
	service     = "s3"
	dayLength   = len("20060102")
	dateName    = "X-Amz-Date"
	payloadName = "X-Amz-Content-Sha256"
	tokenName   = "X-Amz-Security-Token"
	algName     = "X-Amz-Algorithm"
	credName    = "X-Amz-Credential"
	expiresName = "X-Amz-Expires"
	namesName   = "X-Amz-SignedHeaders"
	sigName     = "X-Amz-Signature"
	validity    = 3600 * time.Second
	maxValidity = 604800 * time.Second
)

// v4 is what is left of the signature when the canonical request is made.
var v4 = sign.NewV4(algorithm, "AWS4", service, terminator, ", SignedHeaders=")

// Payload words that stand in the place of a hash.
const (
	Unsigned        = "UNSIGNED-PAYLOAD"
	Signed          = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	SignedTrailer   = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	UnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
)

// Presence says whether something is sent.
type Presence uint8

const (
	ByService Presence = iota // as the service asks
	Always                    // sent and signed
	Never                     // not sent
)

// Scheme is AWS Signature Version 4. Its zero value signs as S3 asks.
type Scheme struct {
	Normalize    bool     // not S3: remove dot segments and repeated slashes from the path
	EncodeTwice  bool     // not S3: percent-encode the path twice
	PayloadField Presence // X-Amz-Content-Sha256; S3 demands it, other services do not
	TokenAfter   bool     // the token is added after signing and is not signed
}

// Name is aws-sigv4.
func (Scheme) Name() string { return "aws-sigv4" }

// Claims tells whether r carries a signature of this scheme, good or bad.
func (Scheme) Claims(r *wire.Request) bool {
	return inQuery(r.Target) || strings.HasPrefix(r.Fields.Get("Authorization"), "AWS4-")
}

// Prepare adds X-Amz-Date, X-Amz-Content-Sha256 and the token, or the parameters
// of a presigned URL but for the signature. Hashing the body needs a body that
// can be read twice (io.Seeker).
func (s Scheme) Prepare(r *wire.Request, in *sign.Input) error {
	date := sign.Stamp(in.Time, sign.V4Layout)
	if in.Presign {
		return s.prepareURL(r, in, date)
	}
	sign.SetAbsent(r, dateName, date)
	if s.sendsPayload(in.Service) && !r.Fields.Has(payloadName) {
		hash, err := s.payload(r, in)
		if err != nil {
			return err
		}
		r.Fields.Add(payloadName, hash)
	}
	if in.Token != "" {
		sign.SetAbsent(r, tokenName, in.Token)
	}
	return nil
}

func (s Scheme) prepareURL(r *wire.Request, in *sign.Input, date string) error {
	sc := sign.Borrow()
	defer sc.Return()
	s.collectFields(sc, r, in.Signed, in.UnsignedToken)
	names := string(sc.Fields.AppendNames(nil, true))
	sign.AddParam(r, algName, algorithm)
	c, _ := v4.Credential(in)
	sign.AddParam(r, credName, string(c.Append(nil)))
	sign.AddParam(r, dateName, date)
	sign.AddParam(r, expiresName, strconv.FormatInt(int64(in.Validity(validity)/time.Second), 10))
	sign.AddParam(r, namesName, names)
	if in.Token != "" && !s.tokenAfter(in) {
		sign.AddParam(r, tokenName, in.Token)
	}
	return nil
}

func (s Scheme) tokenAfter(in *sign.Input) bool { return s.TokenAfter || in.UnsignedToken }

func (s Scheme) sendsPayload(name string) bool {
	return s.PayloadField == Always || s.PayloadField == ByService && (name == "" || name == service)
}

// Append appends the authorization text, or the signature parameter (and after
// it a token that stays unsigned).
func (s Scheme) Append(dst []byte, r *wire.Request, in *sign.Input, steps *sign.Steps) ([]byte, error) {
	hash, err := s.payload(r, in)
	if err != nil {
		return dst, err
	}
	sc := in.Borrow()
	defer sc.Return()
	seal := v4.Seal(sc, in)
	s.collectFields(sc, r, in.Signed, in.UnsignedToken)
	sc.Names = sc.Fields.AppendNames(sc.Names[:0], true)
	if !in.Presign {
		dst = append(append(dst, seal.Head...), sc.Names...)
		return s.appendSignature(append(dst, ", Signature="...), sc, r, seal, hash, steps), nil
	}
	dst = s.appendSignature(append(dst, sigName+"="...), sc, r, seal, hash, steps)
	if in.Token != "" && s.tokenAfter(in) {
		dst = wire.AppendEscape(append(dst, "&"+tokenName+"="...), in.Token)
	}
	return dst, nil
}

// payload is the last line of the canonical request.
func (s Scheme) payload(r *wire.Request, in *sign.Input) (string, error) {
	if in.Payload != "" {
		return in.Payload, nil
	}
	switch sent := sign.Trim(r.Fields.Get(payloadName)); {
	case sent != "":
		return sent, nil
	case in.Presign && (in.Service == "" || in.Service == service):
		return Unsigned, nil
	}
	return hashBody(r.Body)
}

// emptyHash is the SHA-256 of nothing.
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func hashBody(body io.Reader) (string, error) {
	if body == nil {
		return emptyHash, nil
	}
	seeker, ok := body.(io.Seeker)
	if !ok {
		return "", errors.New("sigv4: the body can be read only once: give Input.Payload, or a body that is an io.Seeker")
	}
	start, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return "", fmt.Errorf("sigv4: hash the body: %w", err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, body); err != nil {
		return "", fmt.Errorf("sigv4: hash the body: %w", err)
	}
	if _, err := seeker.Seek(start, io.SeekStart); err != nil {
		return "", fmt.Errorf("sigv4: rewind the body after hashing it: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Key returns the signing key of in as bytes.
func Key(in *sign.Input) []byte {
	c, _ := v4.Credential(in)
	return v4.Key(in.SecretKey, &c)
}

// byDefault tells whether a signer covers the field with this name in lower case.
func byDefault(name []byte) bool {
	switch string(name) {
	case "authorization", "user-agent", "expect", "transfer-encoding", "x-amzn-trace-id":
		return false
	}
	return true
}

// collectFields fills the table with the listed fields, or without a list with
// all that a signer covers by default, sorted.
func (s Scheme) collectFields(sc *sign.Scratch, r *wire.Request, list []string, withoutToken bool) {
	var wanted func([]byte, string) bool
	switch {
	case list != nil:
		wanted = func(_ []byte, sent string) bool { return sign.ContainsFold(list, sent) }
	case withoutToken || s.TokenAfter:
		wanted = func(name []byte, sent string) bool { return byDefault(name) && !strings.EqualFold(sent, tokenName) }
	}
	sc.Fields.Collect(&fieldSet, r.Fields, wanted)
}

var fieldSet = sign.Set{Sep: ':', Name: sign.Lower, Value: sign.Collapsed, Signs: byDefault, Sort: (*sign.Table).SortNames}

// appendSignature appends the signature of r, whose fields are collected and
// whose names of signed fields are in sc.Names. It leaves the string to sign in
// sc.Text and the canonical request in sc.More.
func (s Scheme) appendSignature(dst []byte, sc *sign.Scratch, r *wire.Request, seal *sign.Seal, payload string, steps *sign.Steps) []byte {
	sc.More = s.appendRequest(sc.More[:0], sc, r, payload, steps)
	return v4.Sign(dst, sc, seal, steps)
}

func (s Scheme) appendRequest(b []byte, sc *sign.Scratch, r *wire.Request, payload string, steps *sign.Steps) []byte {
	b = append(sign.Upper(b, r.Method), '\n')
	at := len(b)
	b = s.appendURI(b, r.Target)
	steps.Add(sign.StepURI, b[at:])
	b = append(b, '\n')
	at = len(b)
	b = s.appendQuery(b, sc, r)
	steps.Add(sign.StepQuery, b[at:])
	b = append(b, '\n')
	at = len(b)
	b = sc.Fields.AppendMerged(b)
	steps.Add(sign.StepFields, b[at:])
	b = append(append(b, '\n'), sc.Names...)
	steps.Add(sign.StepNames, sc.Names)
	b = append(append(b, '\n'), payload...)
	steps.AddText(sign.StepPayload, payload)
	steps.Add(sign.StepRequest, b)
	return b
}

func (s Scheme) appendURI(dst []byte, target string) []byte {
	if !s.Normalize && !s.EncodeTwice {
		return sign.AppendPath(dst, target, wire.AppendReescapePath)
	}
	p := sign.Path(target)
	if s.Normalize {
		p = normal(p)
	}
	if s.EncodeTwice {
		p = wire.EscapePath(p)
	}
	return wire.AppendEscapePath(dst, p)
}

// normal removes dot segments and repeated slashes and keeps a closing slash.
func normal(p string) string {
	clean := path.Clean(p)
	closed := strings.HasSuffix(p, "/") || strings.HasSuffix(p, "/.") || strings.HasSuffix(p, "/..")
	if closed && clean != "/" {
		clean += "/"
	}
	return clean
}

var paramSet = sign.Set{Sep: '=', Name: wire.AppendReescape, Value: wire.AppendReescape, Sort: (*sign.Table).SortPairs,
	Signs: func(name []byte) bool { return string(name) != sigName }}

func (s Scheme) appendQuery(dst []byte, sc *sign.Scratch, r *wire.Request) []byte {
	var wanted func([]byte, string) bool
	if s.TokenAfter {
		wanted = func(name []byte, _ string) bool { return string(name) != sigName && string(name) != tokenName }
	}
	sc.Query.Params(&paramSet, r.Target, wanted)
	return sc.Query.AppendLines(dst, '&')
}

// listed splits a list of names; an empty list lists nothing.
func listed(names string) []string {
	if names == "" {
		return []string{}
	}
	return slices.Clip(strings.Split(names, ";"))
}
