package exchange

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/url"
	"strings"

	"objectharness/internal/wire"
)

const (
	secretMin   = 4 // bytes: anything shorter is found in every text
	fragmentMin = 8 // characters of base64 that tell a secret from chance
)

// forms are the ways in which a value may stand in a text.
func forms(v string) []string {
	if len(v) < secretMin {
		return nil
	}
	out := []string{v, hex.EncodeToString([]byte(v)), strings.ToUpper(hex.EncodeToString([]byte(v)))}
	for _, s := range []string{wire.Escape(v), wire.EscapePath(v), url.QueryEscape(v), url.PathEscape(v)} {
		out = append(out, s, lowerEscapes(s), wire.Escape(s))
	}
	out = append(out, markup(v)...)
	return append(out, base64Forms(v)...)
}

// markup gives v as encoders of JSON, XML and HTML write it.
func markup(v string) []string {
	var x strings.Builder
	_ = xml.EscapeText(&x, []byte(v)) // a Builder takes everything
	out := []string{x.String(), html.EscapeString(v), strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(v)}
	for _, escape := range []bool{true, false} {
		var j strings.Builder
		enc := json.NewEncoder(&j)
		enc.SetEscapeHTML(escape)
		if enc.Encode(v) == nil {
			s := strings.Trim(j.String(), "\n")
			s = s[1 : len(s)-1]
			out = append(out, s, strings.ReplaceAll(s, "/", `\/`))
		}
	}
	return out
}

// lowerEscapes writes the hexadecimal digits of %XX in lower case.
func lowerEscapes(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], strings.ToLower(s[i+1:i+3]))
		}
	}
	return string(b)
}

// base64Forms gives the base64 of v, and for each of the three ways in which v
// can lie in a longer text the characters that depend on v alone.
func base64Forms(v string) (out []string) {
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		for shift := range 3 {
			text := e.EncodeToString(append(make([]byte, shift), v...))
			begin, end := (shift*8+5)/6, (shift+len(v))*8/6
			if end-begin >= fragmentMin {
				fragment := text[begin:end]
				out = append(out, fragment, wire.Escape(fragment), lowerEscapes(wire.Escape(fragment)))
			}
		}
		whole := e.EncodeToString([]byte(v))
		out = append(out, whole, wire.Escape(whole))
	}
	return out
}
