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
	timeLayout  = "20060102T150405Z"
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
	date := in.Time.UTC().Format(timeLayout)
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
	sign.AddParam(r, credName, string(credential(in).append(nil)))
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
	sc := sign.Borrow()
	defer sc.Return()
	s.collectFields(sc, r, in.Signed, in.UnsignedToken)
	c := credential(in)
	names := string(sc.Fields.AppendNames(nil, true))
	sig := s.compute(sc, r, call{c, in.Time.UTC().Format(timeLayout), names, hash}, in.SecretKey, steps)
	if in.Presign {
		dst = append(append(dst, sigName+"="...), sig[:]...)
		if in.Token != "" && s.tokenAfter(in) {
			dst = wire.AppendEscape(append(dst, "&"+tokenName+"="...), in.Token)
		}
		return dst, nil
	}
	dst = c.append(append(dst, algorithm+" Credential="...))
	dst = append(append(dst, ", SignedHeaders="...), names...)
	return append(append(dst, ", Signature="...), sig[:]...), nil
}

// payload is the last line of the canonical request.
func (s Scheme) payload(r *wire.Request, in *sign.Input) (string, error) {
	switch sent := sign.Trim(r.Fields.Get(payloadName)); {
	case in.Payload != "":
		return in.Payload, nil
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

// scope is a credential: an access key and where and when it signs.
type scope struct{ accessKey, day, region, service, end string }

func credential(in *sign.Input) scope {
	s := scope{in.AccessKey, in.Time.UTC().Format(timeLayout)[:dayLength], in.Region, in.Service, terminator}
	if s.service == "" {
		s.service = service
	}
	return s
}

func (s scope) append(dst []byte) []byte {
	return s.appendScope(append(append(dst, s.accessKey...), '/'))
}

func (s scope) appendScope(dst []byte) []byte {
	dst = append(append(dst, s.day...), '/')
	dst = append(append(dst, s.region...), '/')
	dst = append(append(dst, s.service...), '/')
	return append(dst, s.end...)
}

func (s scope) key(secret string) [32]byte {
	return sign.DerivedKey("AWS4", secret, s.day, s.region, s.service, s.end)
}

// Key returns the signing key of in as bytes.
func Key(in *sign.Input) []byte {
	key := credential(in).key(in.SecretKey)
	return key[:]
}

var unsignedByDefault = []string{"authorization", "user-agent", "expect", "transfer-encoding", "x-amzn-trace-id"}

// collectFields fills the table with the listed fields, or without a list with
// all that a signer covers by default, sorted.
func (s Scheme) collectFields(sc *sign.Scratch, r *wire.Request, list []string, withoutToken bool) {
	withoutToken = withoutToken || s.TokenAfter
	sc.Fields.Reset(':')
	for _, f := range r.Fields {
		wanted := sign.ContainsFold(list, f.Name)
		if list == nil {
			wanted = !sign.ContainsFold(unsignedByDefault, f.Name) && !(withoutToken && strings.EqualFold(f.Name, tokenName))
		}
		if wanted {
			sc.Fields.Add(f.Name, f.Value, sign.Lower, sign.Collapsed)
		}
	}
	sc.Fields.SortNames()
}

// call is what a canonical request needs besides the request.
type call struct {
	scope
	date, names, payload string
}

// compute signs r, whose fields are collected. It leaves the string to sign in
// sc.Text and the canonical request in sc.More.
func (s Scheme) compute(sc *sign.Scratch, r *wire.Request, c call, secret string, steps *sign.Steps) (sig [64]byte) {
	request := s.appendRequest(sc.More[:0], sc, r, c, steps)
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

func (s Scheme) appendRequest(b []byte, sc *sign.Scratch, r *wire.Request, c call, steps *sign.Steps) []byte {
	b = append(append(b, strings.ToUpper(r.Method)...), '\n')
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
	b = append(append(b, '\n'), c.names...)
	steps.AddText(sign.StepNames, c.names)
	b = append(append(b, '\n'), c.payload...)
	steps.AddText(sign.StepPayload, c.payload)
	steps.Add(sign.StepRequest, b)
	return b
}

func (s Scheme) appendURI(dst []byte, target string) []byte {
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

func (s Scheme) appendQuery(dst []byte, sc *sign.Scratch, r *wire.Request) []byte {
	sc.Query.Reset('=')
	for p := range sign.Params(r.Target) {
		if p.Name != sigName && !(s.TokenAfter && p.Name == tokenName) {
			sc.Query.Add(p.Name, p.Value, wire.AppendEscape, wire.AppendEscape)
		}
	}
	sc.Query.SortPairs()
	return sc.Query.AppendLines(dst, '&')
}

// listed splits a list of names; an empty list lists nothing.
func listed(names string) []string {
	if names == "" {
		return []string{}
	}
	return slices.Clip(strings.Split(names, ";"))
}
