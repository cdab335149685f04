package sign

import (
	"crypto/sha256"
	"strings"
	"sync/atomic"
	"time"
)

// V4 is what OSS V4 and AWS Signature Version 4 have in common: a key derived
// from day, region and service signs time, scope and hash of the canonical request.
type V4 struct {
	algorithm, service, terminator string
	recipe                         Recipe
}

// NewV4 is the V4 with the given first line of the string to sign, text before
// the secret in the first key, service where Input and Check name none, and last
// part of the scope. What signs a header field puts more after the credential.
func NewV4(algorithm, prefix, service, terminator, more string) *V4 {
	v := &V4{algorithm: algorithm, service: service, terminator: terminator}
	v.recipe = Recipe{
		Hash: sha256.New,
		Key: func(secret string, scope []byte) []byte {
			day, rest, _ := strings.Cut(string(scope), "/")
			rest, end := cutLast(rest)
			region, service := cutLast(rest)
			key := DerivedKey(prefix, secret, day, region, service, end)
			return key[:]
		},
		Label: func(dst []byte, in *Input) []byte {
			s, _ := v.Credential(in)
			return s.AppendScope(dst)
		},
		Head: func(dst []byte, in *Input) []byte {
			s, _ := v.Credential(in)
			return append(s.Append(append(dst, algorithm+" Credential="...)), more...)
		},
		Text: func(dst []byte, in *Input) []byte {
			s, date := v.Credential(in)
			return v.appendText(dst, &s, date)
		},
	}
	return v
}

// appendText appends the string to sign but for its last line.
func (v *V4) appendText(dst []byte, s *Scope, date string) []byte {
	dst = append(append(dst, v.algorithm...), '\n')
	dst = append(append(dst, date...), '\n')
	return append(s.AppendScope(dst), '\n')
}

// Seal is the seal for in.
func (v *V4) Seal(sc *Scratch, in *Input) *Seal { return sc.Seal(&v.recipe, in) }

// SealOf is the seal of a verifier.
func (v *V4) SealOf(sc *Scratch, s *Scope, date, secret string) *Seal {
	seal := sc.SealOf(&v.recipe, secret, s.AppendScope(nil))
	seal.Text = v.appendText(seal.Text, s, date)
	return seal
}

func cutLast(text string) (before, after string) {
	i := strings.LastIndexByte(text, '/')
	return text[:max(i, 0)], text[i+1:]
}

// V4Layout is the time of both fourth versions.
const V4Layout = "20060102T150405Z"

// A Scope is a credential: an access key and where and when it signs.
type Scope struct{ AccessKey, Day, Region, Service, End string }

// Credential is the scope in which in signs, and its time.
func (v *V4) Credential(in *Input) (s Scope, date string) {
	date = Stamp(in.Time, V4Layout)
	s = Scope{in.AccessKey, date[:len("20060102")], in.Region, in.Service, v.terminator}
	if s.Service == "" {
		s.Service = v.service
	}
	return s, date
}

// Append appends the credential: the access key and the scope.
func (s *Scope) Append(dst []byte) []byte {
	return s.AppendScope(append(append(dst, s.AccessKey...), '/'))
}

// AppendScope appends day, region, service and terminator between slashes.
func (s *Scope) AppendScope(dst []byte) []byte {
	dst = append(append(dst, s.Day...), '/')
	dst = append(append(dst, s.Region...), '/')
	dst = append(append(dst, s.Service...), '/')
	return append(dst, s.End...)
}

// ReadScope takes a credential apart; parts that are not there are "", and ok
// tells whether there are five.
func ReadScope(text string) (s Scope, ok bool) {
	parts := strings.Split(text, "/")
	ok = len(parts) == 5
	parts = append(parts, "", "", "", "")
	return Scope{parts[0], parts[1], parts[2], parts[3], parts[4]}, ok
}

// Readable tells whether the day of a scope is one.
func (s *Scope) Readable() bool {
	_, ok := Parse("20060102", s.Day)
	return ok
}

// Key is the signing key of a scope.
func (v *V4) Key(secret string, s *Scope) []byte { return v.recipe.Key(secret, s.AppendScope(nil)) }

// DerivedKey is the four-step key of OSS V4 and AWS Signature Version 4: HMAC-SHA256
// over day, region, service and terminator, begun with prefix before the secret.
func DerivedKey(prefix, secret, day, region, service, terminator string) [sha256.Size]byte {
	sum := HMAC256([]byte(prefix+secret), []byte(day))
	sum = HMAC256(sum[:], []byte(region))
	sum = HMAC256(sum[:], []byte(service))
	return HMAC256(sum[:], []byte(terminator))
}

// Sign appends the signature of the canonical request, which the caller leaves
// in sc.More. It leaves the string to sign in sc.Text.
func (v *V4) Sign(dst []byte, sc *Scratch, seal *Seal, steps *Steps) []byte {
	sc.Text = HexSHA256(append(sc.Text[:0], seal.Text...), sc.More)
	return v.mac(dst, sc, seal, steps)
}

// mac appends the signature of sc.Text.
func (v *V4) mac(dst []byte, sc *Scratch, seal *Seal, steps *Steps) []byte {
	if steps != nil {
		steps.Add(StepText, sc.Text)
		steps.AddSecret(StepKey, AppendHex(nil, seal.Key()))
	}
	at := len(dst)
	dst = AppendHex(dst, sc.Sum(seal, sc.Text))
	steps.Add(StepSignature, dst[at:])
	return dst
}

// SignText is the signature of a text that needs no canonicalization: the policy
// of a form, in base64.
func (v *V4) SignText(s *Scope, secret, text string, steps *Steps) string {
	sc := Borrow()
	defer sc.Return()
	sc.Text = append(sc.Text[:0], text...)
	return string(v.mac(nil, sc, v.SealOf(sc, s, "", secret), steps))
}

// stamped is a time as text.
type stamped struct {
	second       int64
	layout, text string
}

var lastStamp atomic.Pointer[stamped]

// Stamp is t in UTC in the given layout. The last text is kept: a busy signer
// asks for the same second again and again.
func Stamp(t time.Time, layout string) string {
	second := t.Unix()
	if s := lastStamp.Load(); s != nil && s.second == second && s.layout == layout {
		return s.text
	}
	s := &stamped{second, layout, t.UTC().Format(layout)}
	lastStamp.Store(s)
	return s.text
}
