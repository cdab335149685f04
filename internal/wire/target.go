package wire

import "strings"

// A Param is one query parameter, decoded. Bare parameters stand on the wire
// without an equals sign.
type Param struct {
	Name, Value string
	Bare        bool
}

const upperHex = "0123456789ABCDEF"

func unreserved(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

// AppendEscape appends s with every byte but A-Z a-z 0-9 - . _ ~ written as %XX
// in upper case: the one escape that all four dialects sign with.
func AppendEscape(dst []byte, s string) []byte { return appendEscape(dst, s, false) }

// AppendEscapePath is AppendEscape, but keeps the slash.
func AppendEscapePath(dst []byte, s string) []byte { return appendEscape(dst, s, true) }

func appendEscape(dst []byte, s string, slash bool) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if unreserved(c) || slash && c == '/' {
			dst = append(dst, c)
			continue
		}
		dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
	}
	return dst
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
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			out = append(out, s[i])
			continue
		}
		if i+2 >= len(s) {
			return s, false
		}
		hi, ok1 := unhex(s[i+1])
		lo, ok2 := unhex(s[i+2])
		if !ok1 || !ok2 {
			return s, false
		}
		out = append(out, hi<<4|lo)
		i += 2
	}
	return string(out), true
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
	if i := strings.Index(target, "://"); i > 0 && !strings.Contains(target[:i], "/") {
		rest := target[i+3:]
		if j := strings.IndexAny(rest, "/?"); j >= 0 {
			target = rest[j:]
		} else {
			target = ""
		}
	}
	path, query, _ = strings.Cut(target, "?")
	if path == "" {
		path = "/"
	}
	return path, query
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
