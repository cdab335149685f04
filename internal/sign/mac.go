package sign

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
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

// AppendHex appends b in lower-case hexadecimal, eight digits at a time.
func AppendHex(dst, b []byte) []byte {
	for ; len(b) >= 4; b = b[4:] {
		dst = binary.BigEndian.AppendUint64(dst, hexDigits(binary.BigEndian.Uint32(b)))
	}
	if len(b) > 0 {
		dst = hex.AppendEncode(dst, b)
	}
	return dst
}

// hexDigits is n in eight digits: every half byte in a byte of its own, then the
// distance to '0', and for those from ten on to 'a'.
func hexDigits(n uint32) uint64 {
	x := uint64(n)
	x = (x<<16 | x) & 0x0000ffff0000ffff
	x = (x<<8 | x) & 0x00ff00ff00ff00ff
	x = (x<<4 | x) & 0x0f0f0f0f0f0f0f0f
	letters := (x + 0x0606060606060606) >> 4 & 0x0101010101010101
	return x + 0x3030303030303030 + letters*('a'-'0'-10)
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
