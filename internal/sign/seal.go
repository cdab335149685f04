package sign

import (
	"bytes"
	"crypto/hmac"
	"hash"
	"time"
)

// A Recipe is how a scheme makes what a signature has besides the request. All
// but Hash and Key may be nil.
type Recipe struct {
	Hash func() hash.Hash
	// Key is the key that signs. What it is made of besides the secret is the
	// label: day and scope, the window of time, the prefix, or nothing.
	Key   func(secret string, label []byte) []byte
	Label func(dst []byte, in *Input) []byte
	Head  func(dst []byte, in *Input) []byte // the result up to what depends on the request
	Text  func(dst []byte, in *Input) []byte // the string to sign up to there
}

// A Seal is what signing and verifying one request after the other have in
// common: texts, and the state of the MAC under its key.
type Seal struct {
	Label, Head, Text []byte

	recipe  *Recipe
	secret  string
	mac     hash.Hash
	in      Input // what the texts were made of
	seconds int64
}

// Bounds of what a Scratch keeps: more than one, as a client may sign for two
// accounts, in two forms, or cross midnight.
const (
	maxKeyed = 4
	maxSeals = 4
)

// keyed is the state of a MAC under one key, ready to be used again.
type keyed struct {
	recipe *Recipe
	secret string
	label  []byte
	mac    hash.Hash
}

// Seal is the seal for in: one of the last few, where nothing but the request
// differs.
func (s *Scratch) Seal(r *Recipe, in *Input) *Seal {
	for i := range s.seals {
		if e := &s.seals[i]; e.fits(r, in) {
			return e
		}
	}
	s.Query.forget() // as the dates in them are others, too
	s.Fields.forget()
	e := &s.seals[s.nextSeal]
	s.nextSeal = (s.nextSeal + 1) % maxSeals
	e.recipe, e.secret, e.seconds, e.in = r, in.SecretKey, in.Time.Unix(), *in
	e.in.Signed, e.in.SignedParams, e.in.Scratch = nil, nil, nil
	e.Label, e.Head, e.Text = made(r.Label, e.Label, in), made(r.Head, e.Head, in), made(r.Text, e.Text, in)
	e.mac = s.keyed(r, in.SecretKey, e.Label)
	return e
}

func made(f func([]byte, *Input) []byte, room []byte, in *Input) []byte {
	if f == nil {
		return room[:0]
	}
	return f(room[:0], in)
}

// fits tells whether the texts of e are those for in. A validity of broken
// seconds depends on more than the second.
func (e *Seal) fits(r *Recipe, in *Input) bool {
	own := &e.in
	return e.recipe == r && e.seconds == in.Time.Unix() && own.AccessKey == in.AccessKey && own.SecretKey == in.SecretKey &&
		own.Region == in.Region && own.Service == in.Service && own.KeyTime == in.KeyTime &&
		own.Expires == in.Expires && own.Exact == in.Exact && own.Presign == in.Presign && own.MergedSign == in.MergedSign &&
		own.Expires%time.Second == 0
}

// SealOf is the seal of a verifier, who knows the label; its texts are empty.
// It is good until the next.
func (s *Scratch) SealOf(r *Recipe, secret string, label []byte) *Seal {
	e := &s.own
	e.recipe, e.secret, e.mac = r, secret, s.keyed(r, secret, label)
	e.Label, e.Head, e.Text = append(e.Label[:0], label...), e.Head[:0], e.Text[:0]
	return e
}

func (s *Scratch) keyed(r *Recipe, secret string, label []byte) hash.Hash {
	for i := range s.keys {
		if e := &s.keys[i]; e.recipe == r && e.secret == secret && bytes.Equal(e.label, label) {
			return e.mac
		}
	}
	e := &s.keys[s.nextKey]
	s.nextKey = (s.nextKey + 1) % maxKeyed
	*e = keyed{r, secret, append(e.label[:0], label...), hmac.New(r.Hash, r.Key(secret, label))}
	return e.mac
}

// Key is the key that signs, for a trace.
func (e *Seal) Key() []byte { return e.recipe.Key(e.secret, e.Label) }

// Sum is the MAC of text, good until the next.
func (s *Scratch) Sum(e *Seal, text []byte) []byte {
	e.mac.Reset()
	e.mac.Write(text)
	s.sum = e.mac.Sum(s.sum[:0])
	return s.sum
}
