package sign

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
)

// blockSize is the block of SHA-1 and SHA-256 alike, in bytes.
const blockSize = 64

// HMAC256 is HMAC-SHA256 (RFC 2104) of message under key. Unlike crypto/hmac it
// keeps its state on the stack: a presigned load test makes one per request.
func HMAC256(key, message []byte) (sum [sha256.Size]byte) {
	if len(key) > blockSize {
		short := sha256.Sum256(key)
		key = short[:]
	}
	inner, outer := pads(key)
	h := sha256.New()
	h.Write(inner[:])
	h.Write(message)
	h.Sum(sum[:0])
	h.Reset()
	h.Write(outer[:])
	h.Write(sum[:])
	h.Sum(sum[:0])
	return sum
}

// HMAC1 is HMAC-SHA1 (RFC 2104) of message under key.
func HMAC1(key, message []byte) (sum [sha1.Size]byte) {
	if len(key) > blockSize {
		short := sha1.Sum(key)
		key = short[:]
	}
	inner, outer := pads(key)
	h := sha1.New()
	h.Write(inner[:])
	h.Write(message)
	h.Sum(sum[:0])
	h.Reset()
	h.Write(outer[:])
	h.Write(sum[:])
	h.Sum(sum[:0])
	return sum
}

func pads(key []byte) (inner, outer [blockSize]byte) {
	copy(inner[:], key)
	copy(outer[:], key)
	for i := range inner {
		inner[i] ^= 0x36
		outer[i] ^= 0x5c
	}
	return inner, outer
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

// DerivedKey is the four-step key of OSS V4 and AWS Signature Version 4: HMAC-SHA256
// over day, region, service and terminator, begun with prefix before the secret.
func DerivedKey(prefix, secret, day, region, service, terminator string) [sha256.Size]byte {
	var room [128]byte
	key := append(append(room[:0], prefix...), secret...)
	var text [64]byte
	sum := HMAC256(key, append(text[:0], day...))
	sum = HMAC256(sum[:], append(text[:0], region...))
	sum = HMAC256(sum[:], append(text[:0], service...))
	return HMAC256(sum[:], append(text[:0], terminator...))
}

// HexSHA256 appends the lower-case hexadecimal SHA-256 of text.
func HexSHA256(dst, text []byte) []byte {
	sum := sha256.Sum256(text)
	return hex.AppendEncode(dst, sum[:])
}
