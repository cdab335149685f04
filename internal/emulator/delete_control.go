package emulator

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// Keys may hold control characters, which XML has no way to write; lists of keys
// write them as references all the same. disguise is where they stand while a
// document is read.
const disguise = 0xE000

var controls = regexp.MustCompile(`&#(x[0-9A-Fa-f]{1,4}|[0-9]{1,4});`)

// disguised writes references to characters that XML does not know as others
// that it knows, and tells whether there were any. A text that holds the others
// already is left as it is.
func disguised(text []byte) (made []byte, hidden bool) {
	if bytes.ContainsFunc(text, func(r rune) bool { return r > disguise && r < disguise+' ' }) {
		return text, false
	}
	made = controls.ReplaceAllFunc(text, func(ref []byte) []byte {
		digits, base := string(ref[2:len(ref)-1]), 10
		if digits[0] == 'x' {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || n == 0 || n >= ' ' || n == '\t' || n == '\n' || n == '\r' {
			return ref
		}
		hidden = true
		return []byte(string(rune(disguise + n)))
	})
	return made, hidden
}

// revealed takes back what disguised has done.
func revealed(key string) string {
	return strings.Map(func(r rune) rune {
		if r > disguise && r < disguise+' ' {
			return r - disguise
		}
		return r
	}, key)
}
