package emulator

import (
	"crypto/sha1"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// cosSHA1 is how COS signs and what its verifiers could get wrong. The text is
// the HttpString: method, path, parameters and fields, a line each.
var cosSHA1 = spelling{
	alone: true,
	date:  dating{sign.Skewed, (*call).datedNow}, // COS-XSIG-08
	text:  func(r *sign.Refusal) string { return r.CanonicalRequest },
	sign:  signCOS,
	slips: []slip{
		{"method-case", inLine(0, strings.ToUpper)},
		{"decoded-path", inLine(1, wire.EscapePath)},
		{"empty-line", func(_ *call, text string) []string { return []string{strings.Replace(text, "\n\n", "\n", 1)} }},
		{"last-line", func(_ *call, text string) []string { return []string{strings.TrimSuffix(text, "\n")} }},
		{"bare-parameter", inLine(2, bareNames)},
		{"parameter-order", inLine(2, backwards)},
		{"parameter-values", inLine(2, plainValues)},
		{"reserved-marks", inLine(2, plainMarks)},
		{"parameter-case", parameterCase},
		{"bucket-path", func(c *call, text string) []string {
			return []string{strings.Replace(text, "\n/\n", "\n/"+c.at.Bucket+"/\n", 1)}
		}},
		{"field-order", inLine(3, backwards)},
		{"field-values", inLine(3, plainValues)},
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

// inLine is a slip in one line of the text, counted from 0.
func inLine(n int, change func(string) string) func(*call, string) []string {
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

// parameterCase leaves the names of parameters in the case they were sent in.
func parameterCase(c *call, text string) []string {
	for _, p := range c.query {
		text = line(text, 2, func(l string) string { return strings.Replace(l, strings.ToLower(p.Name)+"=", p.Name+"=", 1) })
	}
	return []string{text}
}

// cosPart is one of the seven parts of a COS signature, in the field or the URL.
func (c *call) cosPart(name string) (value string, ok bool) {
	for _, p := range strings.Split(c.field("Authorization"), "&") {
		if value, ok := strings.CutPrefix(p, name+"="); ok {
			return value, true
		}
	}
	return c.param(name)
}

// cosLists tells whether a list of a COS signature holds a name.
func (c *call) cosLists(list, name string) (listed, ok bool) {
	text, ok := c.cosPart(list)
	return slices.Contains(strings.Split(text, ";"), strings.ToLower(name)), ok
}

func (c *call) hostUnlisted() bool {
	listed, ok := c.cosLists("q-header-list", "host")
	return ok && !listed
}
func (c *call) dateListed() bool { listed, _ := c.cosLists("q-header-list", "date"); return listed }

// fieldUnlisted tells that a field of metadata is not signed.
func (c *call) fieldUnlisted() bool {
	return slices.ContainsFunc(c.in.Fields, func(f wire.Field) bool {
		listed, ok := c.cosLists("q-header-list", f.Name)
		return ok && !listed && strings.HasPrefix(strings.ToLower(f.Name), c.e.d.Meta)
	})
}

// parameterUnlisted tells that a parameter of the operation is not signed.
func (c *call) parameterUnlisted() bool {
	return slices.ContainsFunc(c.query, func(p wire.Param) bool {
		listed, ok := c.cosLists("q-url-param-list", p.Name)
		return ok && !listed && strings.HasPrefix(p.Name, "response-")
	})
}

// otherKeyTime tells that the key is good for another time than the signature.
func (c *call) otherKeyTime() bool {
	signTime, ok := c.cosPart("q-sign-time")
	keyTime, _ := c.cosPart("q-key-time")
	return ok && signTime != keyTime
}

// datedNow tells that a signature in the header came with a Date not too far from
// now, or with none.
func (c *call) datedNow() bool {
	at, ok := c.datedAt()
	return !ok || c.signForm() == "query" || c.now.Sub(at).Abs() <= time.Duration(c.e.d.Limits.Skew)*time.Second
}
