// Package keygen names objects: the ways of the COS document on request rates
// (sequential, hash in front, enumerated, reversed) and random names as a
// control, and how the keys of each spread over an index in byte order.
//
// A way of naming is a pure function of a number: the same number always gives
// the same key, different numbers give different keys for every n of 64 bits,
// any key can be had without those before it, and any number of goroutines may
// ask at once. Functions compose: Reversed(ID), Hashed(Dated(step), SHA1, 4).
package keygen

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"fmt"
	"slices"
	"unicode/utf8"
)

// A Func names the n-th object.
type Func func(n uint64) string

// An Append writes the n-th key behind dst and returns the longer slice. It does
// not allocate where dst has room; keys of this package are shorter than 100
// bytes.
type Append func(dst []byte, n uint64) []byte

// Func is the same naming with strings.
func (a Append) Func() Func {
	return func(n uint64) string { return string(a(make([]byte, 0, 64), n)) }
}

// A Hash is one of the two that the document names.
type Hash int

// The documented example keys are made with SHA-1.
const (
	SHA1 Hash = iota
	MD5
)

// String is the hash's name in the text of a strategy.
func (h Hash) String() string {
	if h == MD5 {
		return "md5"
	}
	return "sha1"
}

// head is the first two bytes of a hash, four hexadecimal digits.
func (h Hash) head(text []byte) uint {
	if h == MD5 {
		sum := md5.Sum(text)
		return uint(sum[0])<<8 | uint(sum[1])
	}
	sum := sha1.Sum(text)
	return uint(sum[0])<<8 | uint(sum[1])
}

// The document recommends a hash of two to four hexadecimal digits.
const (
	MinDigits = 2
	MaxDigits = 4
)

const hexDigits = "0123456789abcdef"

// Hashed puts the first hexadecimal digits of the hash of each key and a hyphen
// before the key. It panics unless digits is MinDigits to MaxDigits.
func Hashed(base Append, h Hash, digits int) Append {
	if digits < MinDigits || digits > MaxDigits {
		panic(fmt.Sprintf("keygen: Hashed: expected %d to %d digits, got %d", MinDigits, MaxDigits, digits))
	}
	return func(dst []byte, n uint64) []byte {
		at := len(dst)
		dst = append(dst, "----"[:digits]...)
		dst = base(append(dst, '-'), n)
		head := h.head(dst[at+digits+1:])
		for i := range digits {
			dst[at+i] = hexDigits[head>>(12-4*i)&15]
		}
		return dst
	}
}

// A Group is a kind of objects that share a first word.
type Group struct {
	Name string // without the slash behind it
	Key  Append
}

// Enumerated puts a group's name and a slash before each key. The groups take
// turns: the first of two has the even numbers. It panics without a group. Names
// have to differ.
func Enumerated(groups ...Group) Append {
	if len(groups) == 0 {
		panic("keygen: Enumerated: expected a group, got none")
	}
	groups = slices.Clone(groups)
	count := uint64(len(groups))
	return func(dst []byte, n uint64) []byte {
		g := &groups[n%count]
		dst = append(append(dst, g.Name...), '/')
		return g.Key(dst, n/count)
	}
}

// Reversed turns round the characters, not the bytes, of the first path segment
// of each key, and of a key without a slash all of them. The rest stays.
func Reversed(base Append) Append {
	return func(dst []byte, n uint64) []byte {
		at := len(dst)
		dst = base(dst, n)
		segment := dst[at:]
		if slash := bytes.IndexByte(segment, '/'); slash >= 0 {
			segment = segment[:slash]
		}
		reverse(segment)
		return dst
	}
}

// reverse turns characters round in place: the bytes of each, then all of them.
func reverse(text []byte) {
	for i := 0; i < len(text); {
		_, size := utf8.DecodeRune(text[i:])
		slices.Reverse(text[i : i+size])
		i += size
	}
	slices.Reverse(text)
}

// Random gives names of 16 hexadecimal digits without any order, a different
// set of them for each seed: the control of a comparison.
func Random(seed uint64) Append {
	start := mix(seed)
	return func(dst []byte, n uint64) []byte {
		x := mix(start + n*0x9e3779b97f4a7c15)
		for shift := 60; shift >= 0; shift -= 4 {
			dst = append(dst, hexDigits[x>>shift&15])
		}
		return dst
	}
}

// mix is the last step of SplitMix64. It can be undone, so that different
// numbers stay different.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
