package emulator

import (
	"crypto/sha1"
	"encoding/hex"
	"slices"
	"strings"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// cosSHA1 is how COS signs and what its verifiers could get wrong. The text is
// the HttpString: method, path, parameters and fields, a line each.
var cosSHA1 = spelling{
	alone: true,
	text:  func(r *sign.Refusal) string { return r.CanonicalRequest },
	sign:  signCOS,
	slips: []slip{
		{"method-case", onLine(0, strings.ToUpper)},
		{"decoded-path", onLine(1, wire.EscapePath)},
		{"empty-line", func(_ *call, text string) []string { return []string{strings.Replace(text, "\n\n", "\n", 1)} }},
		{"last-line", func(_ *call, text string) []string { return []string{strings.TrimSuffix(text, "\n")} }},
		{"bare-parameter", onLine(2, bareNames)},
		{"parameter-order", onLine(2, backwards)},
		{"parameter-values", onLine(2, plainValues)},
		{"reserved-marks", onLine(2, plainMarks)},
		{"field-order", onLine(3, backwards)},
		{"field-values", onLine(3, plainValues)},
	},
}

// signCOS signs an HttpString with the key that the refused request names. The
// string to sign tells the key's time in its second line.
func signCOS(c *call, r *sign.Refusal, text string) string {
	secret, _, _ := c.keys(r.AccessKey)
	lines := strings.Split(r.StringToSign, "\n")
	if len(lines) < 2 {
		return ""
	}
	key := sign.HMAC1([]byte(secret), []byte(lines[1]))
	digest := sha1.Sum([]byte(text))
	sum := sign.HMAC1([]byte(hex.EncodeToString(key[:])), []byte("sha1\n"+lines[1]+"\n"+hex.EncodeToString(digest[:])+"\n"))
	return hex.EncodeToString(sum[:])
}

// onLine is a slip in one line of the text, counted from 0.
func onLine(n int, change func(string) string) func(*call, string) []string {
	return func(_ *call, text string) []string { return []string{line(text, n, change)} }
}

// pairs changes every pair of a line.
func pairs(line string, change func(pair string) string) string {
	list := strings.Split(line, "&")
	for i, p := range list {
		list[i] = change(p)
	}
	return strings.Join(list, "&")
}

// bareNames writes a parameter without a value without its equals sign.
func bareNames(line string) string {
	return pairs(line, func(p string) string { return strings.TrimSuffix(p, "=") })
}

// plainValues leaves values as they were sent.
func plainValues(line string) string {
	return pairs(line, func(p string) string {
		name, value, _ := strings.Cut(p, "=")
		plain, _ := wire.Unescape(value)
		return name + "=" + plain
	})
}

// marks are what encodeURIComponent does not escape, and COS does.
var marks = strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*")

func plainMarks(line string) string { return marks.Replace(line) }

// backwards turns the order of the pairs round.
func backwards(line string) string {
	list := strings.Split(line, "&")
	slices.Reverse(list)
	return strings.Join(list, "&")
}
