package siglab

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"objectharness/internal/sign"
	"objectharness/internal/sign/bcev1"
	"objectharness/internal/sign/cossha1"
)

// A part is a piece of what a scheme signs.
type part int

const (
	method part = iota
	digest      // oss-v1: Content-MD5
	kind        // oss-v1: Content-Type
	when        // the time: oss-v1's date line, KeyTime of COS, second line of a string to sign
	uri         // the path, or the resource of OSS
	query       // oss-v1: with its question mark
	fields
	names
	payload
	ending // of the canonical text
	scope  // of the fourth versions; the authorization's prefix of bce-auth-v1
	tail   // of the string to sign
	secret
	parts
)

// partNames are for people.
var partNames = [parts]string{
	"method", "Content-MD5 line", "Content-Type line", "date", "path", "query", "header fields", "list of signed headers", "payload hash",
	"end of the canonical text", "credential scope", "end of the string to sign", "secret key",
}

// A form is what a scheme signs, in parts that can be changed one by one and put
// together again.
type form struct {
	scheme string
	part   [parts]string
}

// with is the form with one part changed.
func (f form) with(p part, value string) form {
	f.part[p] = value
	return f
}

func v4(scheme string) bool { return scheme == "oss-v4" || scheme == "aws-sigv4" }

// canonical is the canonical request: HttpString of COS, and for oss-v1 the
// string to sign itself.
func (f form) canonical() string {
	p := f.part
	head := p[method] + "\n"
	switch f.scheme {
	case "oss-v1":
		return head + p[digest] + "\n" + p[kind] + "\n" + p[when] + "\n" + p[fields] + p[uri] + p[query] + p[ending]
	case "bce-auth-v1", "cos-sha1":
		return head + p[uri] + "\n" + p[query] + "\n" + p[fields] + p[ending]
	}
	return head + p[uri] + "\n" + p[query] + "\n" + p[fields] + "\n" + p[names] + "\n" + p[payload] + p[ending]
}

// text is what the key is used on.
func (f form) text() string {
	switch f.scheme {
	case "oss-v1", "bce-auth-v1":
		return f.canonical() + f.part[tail]
	case "cos-sha1":
		sum := sha1.Sum([]byte(f.canonical()))
		return "sha1\n" + f.part[when] + "\n" + hex.EncodeToString(sum[:]) + f.part[tail]
	}
	hash := sign.HexSHA256(nil, []byte(f.canonical()))
	return algorithmOf(f.scheme) + "\n" + f.part[when] + "\n" + f.part[scope] + "\n" + string(hash) + f.part[tail]
}

func algorithmOf(scheme string) string {
	if scheme == "oss-v4" {
		return "OSS4-HMAC-SHA256"
	}
	return "AWS4-HMAC-SHA256"
}

// signature signs the form.
func (f form) signature() string {
	key, text := []byte(f.part[secret]), []byte(f.text())
	switch f.scheme {
	case "oss-v1":
		sum := sign.HMAC1(key, text)
		return base64.StdEncoding.EncodeToString(sum[:])
	case "cos-sha1":
		sum := sign.HMAC1(key, []byte(f.part[when]))
		sum = sign.HMAC1([]byte(hex.EncodeToString(sum[:])), text)
		return hex.EncodeToString(sum[:])
	case "bce-auth-v1":
		sum := sign.HMAC256(key, []byte(f.part[scope]))
		sum = sign.HMAC256([]byte(hex.EncodeToString(sum[:])), text)
		return hex.EncodeToString(sum[:])
	}
	prefix := "AWS4"
	if f.scheme == "oss-v4" {
		prefix = "aliyun_v4"
	}
	s := append(strings.Split(f.part[scope], "/"), "", "", "")
	derived := sign.DerivedKey(prefix, f.part[secret], s[0], s[1], s[2], s[3])
	sum := sign.HMAC256(derived[:], text)
	return hex.EncodeToString(sum[:])
}

// split is the inverse of canonical and text. It reports false for texts that
// are not of the scheme's shape. canonical may be "" where only text is known.
func split(scheme, canonical, text string) (f form, ok bool) {
	f.scheme = scheme
	if scheme == "oss-v1" || scheme == "bce-auth-v1" {
		canonical = text
	}
	f.splitText(text)
	if scheme == "oss-v1" {
		f.splitOSS1(canonical)
	} else {
		f.splitCanonical(canonical)
	}
	return f, f.canonical() == canonical
}

func (f *form) splitText(text string) {
	lines := append(strings.Split(text, "\n"), "", "", "", "")
	switch {
	case f.scheme == "cos-sha1":
		f.part[when] = lines[1]
		if strings.HasSuffix(text, "\n") {
			f.part[tail] = "\n"
		}
	case v4(f.scheme):
		f.part[when], f.part[scope] = lines[1], lines[2]
		last := append(strings.SplitN(text, "\n", 4), "", "", "", "")[3]
		hash, _, _ := strings.Cut(last, "\n")
		f.part[tail] = last[len(hash):]
	}
}

func (f *form) splitOSS1(text string) {
	lines := append(strings.SplitN(text, "\n", 5), "", "", "", "")
	f.part[method], f.part[digest], f.part[kind], f.part[when] = lines[0], lines[1], lines[2], lines[3]
	rest := strings.TrimRight(lines[4], "\n")
	f.part[ending] = lines[4][len(rest):]
	at := strings.LastIndexByte(rest, '\n') + 1
	f.part[fields], f.part[uri] = rest[:at], rest[at:]
	if i := strings.LastIndexByte(f.part[uri], '?'); i >= 0 {
		f.part[uri], f.part[query] = f.part[uri][:i], f.part[uri][i:]
	}
}

func (f *form) splitCanonical(text string) {
	lines := append(strings.SplitN(text, "\n", 4), "", "", "")
	f.part[method], f.part[uri], f.part[query] = lines[0], lines[1], lines[2]
	rest := strings.TrimRight(lines[3], "\n")
	f.part[ending] = lines[3][len(rest):]
	if v4(f.scheme) {
		rest, f.part[payload] = cutLast(rest)
		rest, f.part[names] = cutLast(rest)
	}
	f.part[fields] = rest
}

func cutLast(text string) (before, after string) {
	i := strings.LastIndexByte(text, '\n')
	if i < 0 {
		return "", text
	}
	return text[:i], text[i+1:]
}

// form is what s signs.
func (s *Signed) form() form {
	canonical, text := s.texts()
	f, _ := split(s.Scheme, canonical, text)
	f.part[secret] = s.Input.SecretKey
	if s.Scheme == "bce-auth-v1" {
		f.part[scope], _ = s.Steps.Get(bcev1.StepPrefix)
	}
	return f
}

// texts are the canonical request and the string to sign of s, "" for what the
// scheme does not have.
func (s *Signed) texts() (canonical, text string) {
	switch s.Scheme {
	case "bce-auth-v1":
		text, _ = s.Steps.Get(sign.StepRequest)
		return text, text
	case "cos-sha1":
		canonical, _ = s.Steps.Get(cossha1.StepHTTP)
		text, _ = s.Steps.Get(cossha1.StepText)
		return canonical, text
	}
	canonical, _ = s.Steps.Get(sign.StepRequest)
	text, _ = s.Steps.Get(sign.StepText)
	return canonical, text
}

// separators between and inside the lines of header fields.
func (f form) separators() (between, inside string) {
	if f.scheme == "cos-sha1" {
		return "&", "="
	}
	return "\n", ":"
}

// lines are the header fields one by one.
func (f form) lines() []string {
	between, _ := f.separators()
	text := strings.TrimSuffix(f.part[fields], "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, between)
}

// withLines puts other header fields in; the list of names, where there is one
// that names all, follows.
func (f form) withLines(lines []string) form {
	between, inside := f.separators()
	text := strings.Join(lines, between)
	if text != "" && (v4(f.scheme) || f.scheme == "oss-v1") {
		text += "\n"
	}
	f.part[fields] = text
	if f.scheme == "aws-sigv4" {
		var list []string
		for _, l := range lines {
			name, _, _ := strings.Cut(l, inside)
			list = append(list, name)
		}
		f.part[names] = strings.Join(list, ";")
	}
	return f
}

// set gives the header field called name another value, or adds it.
func (f form) set(name, value string) form {
	_, inside := f.separators()
	lines := slices.Clone(f.lines())
	for i, l := range lines {
		if strings.HasPrefix(l, name+inside) {
			lines[i] = name + inside + value
			return f.withLines(lines)
		}
	}
	lines = append(lines, name+inside+value)
	slices.Sort(lines)
	return f.withLines(lines)
}

// get is the value of a header field as it is signed.
func (f form) get(name string) (value string, ok bool) {
	_, inside := f.separators()
	for _, l := range f.lines() {
		if rest, found := strings.CutPrefix(l, name+inside); found {
			return rest, true
		}
	}
	return "", false
}
