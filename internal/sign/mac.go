package sign

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"
)

// HMAC256 is HMAC-SHA256 (RFC 2104) of message under key.
func HMAC256(key, message []byte) [sha256.Size]byte {
	return [sha256.Size]byte(mac(sha256.New, key, message))
}

// HMAC1 is HMAC-SHA1 (RFC 2104) of message under key.
func HMAC1(key, message []byte) [sha1.Size]byte {
	return [sha1.Size]byte(mac(sha1.New, key, message))
}

func mac(algorithm func() hash.Hash, key, message []byte) []byte {
	h := hmac.New(algorithm, key)
	h.Write(message)
	return h.Sum(nil)
}

// A Key is how a scheme makes the key that signs: the same secret and label (day
// and scope, window of time, prefix, or nothing) always give the same key.
type Key struct {
	Hash func() hash.Hash
	Make func(secret string, label []byte) []byte
}

// keyed is the state of a MAC under one key, ready to be used again.
type keyed struct {
	key    *Key
	secret string
	label  []byte
	mac    hash.Hash
}

// maxKeyed is how many keys a Scratch keeps: more than one, as a client may
// sign for two accounts or cross midnight.
const maxKeyed = 4

// Sum is the MAC of text under the key that k makes of secret and label, good
// until the next. The key is made when it is not one of the last few.
func (s *Scratch) Sum(k *Key, secret string, label, text []byte) []byte {
	h := s.keyed(k, secret, label)
	h.Reset()
	h.Write(text)
	s.sum = h.Sum(s.sum[:0])
	return s.sum
}

func (s *Scratch) keyed(k *Key, secret string, label []byte) hash.Hash {
	for i := range s.keys {
		if e := &s.keys[i]; e.key == k && e.secret == secret && bytes.Equal(e.label, label) {
			return e.mac
		}
	}
	e := &s.keys[s.next]
	s.next = (s.next + 1) % maxKeyed
	*e = keyed{k, secret, append(e.label[:0], label...), hmac.New(k.Hash, k.Make(secret, label))}
	return e.mac
}

// HexMAC appends Sum in lower-case hexadecimal.
func (s *Scratch) HexMAC(dst []byte, k *Key, secret string, label, text []byte) []byte {
	return AppendHex(dst, s.Sum(k, secret, label, text))
}

// IsHex tells whether s is n lower-case hexadecimal digits.
func IsHex(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// hexPairs has the two digits of every byte.
var hexPairs = func() (pairs [256]uint16) {
	const digits = "0123456789abcdef"
	for i := range pairs {
		pairs[i] = uint16(digits[i>>4]) | uint16(digits[i&15])<<8
	}
	return pairs
}()

// AppendHex appends b in lower-case hexadecimal.
func AppendHex(dst, b []byte) []byte {
	at := len(dst)
	dst = slices.Grow(dst, 2*len(b))[:at+2*len(b)]
	for out := dst[at:]; len(b) > 0 && len(out) >= 2; b, out = b[1:], out[2:] {
		binary.LittleEndian.PutUint16(out, hexPairs[b[0]])
	}
	return dst
}

// HexSHA256 appends the lower-case hexadecimal SHA-256 of text.
func HexSHA256(dst, text []byte) []byte {
	sum := sha256.Sum256(text)
	return AppendHex(dst, sum[:])
}

// HexSHA1 appends the lower-case hexadecimal SHA-1 of text.
func HexSHA1(dst, text []byte) []byte {
	sum := sha1.Sum(text)
	return AppendHex(dst, sum[:])
}
