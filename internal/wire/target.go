package wire

import "strings"

// A Param is one query parameter, decoded. Bare parameters stand on the wire
// without an equals sign.
type Param struct {
	Name, Value string
	Bare        bool
}

const upperHex = "0123456789ABCDEF"

// The two sets of bytes that an escape keeps: those of E, and the slash besides.
const (
	plain = 1 << iota
	path
)

// escaped tells of every byte which sets it is not in.
var escaped = func() (table [256]byte) {
	for i := range table {
		table[i] = plain | path
	}
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") {
		table[c] = 0
	}
	table['/'] = plain
	return table
}()

// kept is how many bytes at the start of s are in the set: eight at a time, the
// last eight over again, and one by one to the first that is not.
func kept[T string | []byte](s T, set byte) (n int) {
	for n+8 <= len(s) && whole(s[n:n+8], set) {
		n += 8
	}
	if n+8 > len(s) && len(s) >= 8 && whole(s[len(s)-8:], set) {
		return len(s)
	}
	for n < len(s) && escaped[s[n]]&set == 0 {
		n++
	}
	return n
}

// whole tells whether the eight bytes of s are in the set.
func whole[T string | []byte](s T, set byte) bool {
	_ = s[7]
	return (escaped[s[0]]|escaped[s[1]]|escaped[s[2]]|escaped[s[3]]|escaped[s[4]]|escaped[s[5]]|escaped[s[6]]|escaped[s[7]])&set == 0
}

// AppendEscape appends s with every byte but A-Z a-z 0-9 - . _ ~ written as %XX
// in upper case: the one escape that all four dialects sign with.
func AppendEscape[T string | []byte](dst []byte, s T) []byte { return appendEscape(dst, s, plain) }

// AppendEscapePath is AppendEscape, but keeps the slash.
func AppendEscapePath[T string | []byte](dst []byte, s T) []byte { return appendEscape(dst, s, path) }

func appendEscape[T string | []byte](dst []byte, s T, set byte) []byte {
	for {
		n := kept(s, set)
		dst = append(dst, s[:n]...)
		if n == len(s) {
			return dst
		}
		dst = append(dst, '%', upperHex[s[n]>>4], upperHex[s[n]&15])
		s = s[n+1:]
	}
}

// AppendReescape appends what AppendEscape makes of the decoded raw, without
// making the decoded text.
func AppendReescape(dst []byte, raw string) []byte { return appendReescape(dst, raw, plain) }

// AppendReescapePath is AppendReescape, but keeps the slash.
func AppendReescapePath(dst []byte, raw string) []byte { return appendReescape(dst, raw, path) }

func appendReescape(dst []byte, raw string, set byte) []byte {
	start := len(dst)
	for rest := raw; ; {
		n := kept(rest, set)
		dst = append(dst, rest[:n]...)
		if n == len(rest) {
			return dst
		}
		c := rest[n]
		rest = rest[n+1:]
		if c == '%' {
			var ok bool
			if c, ok = unhexPair(rest); !ok {
				return appendEscape(dst[:start], raw, set)
			}
			rest = rest[2:]
		}
		if escaped[c]&set == 0 {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
}

// Escape is AppendEscape as a string.
func Escape(s string) string { return string(AppendEscape(nil, s)) }

// EscapePath is AppendEscapePath as a string.
func EscapePath(s string) string { return string(AppendEscapePath(nil, s)) }

// Unescape decodes %XX once. A plus sign stays a plus sign. It reports false,
// and leaves the text as it is, where a percent sign is not followed by two
// hexadecimal digits.
func Unescape(s string) (string, bool) {
	if strings.IndexByte(s, '%') < 0 {
		return s, true
	}
	out, ok := AppendUnescape(make([]byte, 0, len(s)), s)
	return string(out), ok
}

// AppendUnescape appends what Unescape makes of s.
func AppendUnescape(dst []byte, s string) ([]byte, bool) {
	start := len(dst)
	for rest := s; ; {
		i := strings.IndexByte(rest, '%')
		if i < 0 {
			return append(dst, rest...), true
		}
		c, ok := unhexPair(rest[i+1:])
		if !ok {
			return append(dst[:start], s...), false
		}
		dst = append(append(dst, rest[:i]...), c)
		rest = rest[i+3:]
	}
}

// unhexPair reads two hexadecimal digits at the start of s.
func unhexPair(s string) (c byte, ok bool) {
	if len(s) < 2 {
		return 0, false
	}
	hi, ok1 := unhex(s[0])
	lo, ok2 := unhex(s[1])
	return hi<<4 | lo, ok1 && ok2
}

func unhex(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// SplitTarget cuts a request target into its path and query as they stand on
// the wire, without scheme and authority when the target is in absolute-form.
func SplitTarget(target string) (path, query string) {
	if target != "" && target[0] != '/' {
		target = originForm(target)
	}
	if i := strings.IndexByte(target, '?'); i >= 0 {
		path, query = target[:i], target[i+1:]
	} else {
		path = target
	}
	if path == "" {
		path = "/"
	}
	return path, query
}

// originForm leaves scheme and authority out of an absolute-form target.
func originForm(target string) string {
	i := strings.Index(target, "://")
	if i <= 0 || strings.Contains(target[:i], "/") {
		return target
	}
	rest := target[i+3:]
	if j := strings.IndexAny(rest, "/?"); j >= 0 {
		return rest[j:]
	}
	return ""
}

// ParseQuery decodes a raw query into its parameters, in wire order, repeated
// ones kept. A part whose escapes are broken is taken literally.
func ParseQuery(raw string) []Param {
	if raw == "" {
		return nil
	}
	params := make([]Param, 0, strings.Count(raw, "&")+1)
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, eq := strings.Cut(part, "=")
		name, _ = Unescape(name)
		value, _ = Unescape(value)
		params = append(params, Param{Name: name, Value: value, Bare: !eq})
	}
	return params
}

// Blanks writes the plus signs of a target's query as escaped blanks, for the
// dialects whose clients mean that: there a plus sign itself comes as %2B.
func Blanks(target string) string {
	path, query, ok := strings.Cut(target, "?")
	if !ok || strings.IndexByte(query, '+') < 0 {
		return target
	}
	return path + "?" + strings.ReplaceAll(query, "+", "%20")
}

// AppendQuery appends params as a raw query: escaped, in the order given,
// without a leading question mark.
func AppendQuery(dst []byte, params []Param) []byte {
	for i, p := range params {
		if i > 0 {
			dst = append(dst, '&')
		}
		dst = AppendEscape(dst, p.Name)
		if !p.Bare {
			dst = append(dst, '=')
			dst = AppendEscape(dst, p.Value)
		}
	}
	return dst
}
