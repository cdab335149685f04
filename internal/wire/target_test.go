package wire

import "testing"

// FuzzReescape holds AppendReescape to the two steps that it saves.
func FuzzReescape(f *testing.F) {
	for _, text := range []string{"", "a", "/a b", "%2f%2F%7e~", "%", "%4", "%zz", "abcdefgh%41jklmnop", "12345678/2345678", "标%E6%A0%87", "a%2Fb%%41"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		plain, ok := Unescape(raw)
		if !ok && plain != raw {
			t.Fatalf("Unescape(%q) = %q, want it as it is", raw, plain)
		}
		for name, got := range map[string][2]string{
			"query": {string(AppendReescape([]byte("x"), raw)), "x" + Escape(plain)},
			"path":  {string(AppendReescapePath([]byte("x"), raw)), "x" + EscapePath(plain)},
			"bytes": {string(AppendEscape(nil, []byte(raw))), slowEscape(raw)},
		} {
			if got[0] != got[1] {
				t.Fatalf("%s of %q: got %q, want %q", name, raw, got[0], got[1])
			}
		}
	})
}

// slowEscape is AppendEscape byte by byte.
func slowEscape(s string) string {
	var out []byte
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~' {
			out = append(out, c)
		} else {
			out = append(out, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return string(out)
}
