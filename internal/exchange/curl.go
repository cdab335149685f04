package exchange

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"objectharness/internal/wire"
)

// Curl writes the request as a command for a POSIX shell, after lines that begin
// with # for what such a command cannot say. base is the scheme and authority of
// the endpoint (https://oss.example.com); connect is the HOST:PORT to dial
// instead, or "". Where something is hidden, HiddenSignature or Hidden stands
// for it and is to be filled in.
func (e *Exchange) Curl(base, connect string) string {
	c := command{request: &e.Request}
	c.add("curl", "-sS", "-i", "--path-as-is", "--globoff")
	if connect != "" {
		c.add("--connect-to", "::"+connect)
	}
	c.method()
	c.fields(authority(base))
	c.body()
	c.target(strings.TrimSuffix(base, "/"))
	c.hidden()
	return strings.Join(append(c.notes, strings.Join(c.words, " ")), "\n")
}

// A command grows from left to right.
type command struct {
	request *Message
	words   []string
	notes   []string
}

func (c *command) add(words ...string) {
	for _, w := range words {
		q, ok := Quote(w)
		if !ok {
			c.note("a NUL byte cannot be given on a command line; it is left out")
		}
		c.words = append(c.words, q)
	}
}

func (c *command) note(format string, args ...any) {
	c.notes = append(c.notes, "# "+fmt.Sprintf(format, args...))
}

func (c *command) hasBody() bool { return c.request.Length != 0 && !c.request.Headless }

func (c *command) method() {
	switch m := c.request.Method; {
	case m == "HEAD" && !c.hasBody():
		c.add("-I")
	case m != "GET" || c.hasBody():
		c.add("-X", m)
	}
}

// fields gives the fields in their order and takes away those that curl would
// add by itself.
func (c *command) fields(host string) {
	for _, f := range c.request.Fields {
		switch {
		case strings.EqualFold(f.Name, "Host") && f.Value == host:
		case strings.EqualFold(f.Name, "Content-Length") && c.ownLength(f.Value):
		case f.Value == "":
			c.add("-H", f.Name+";")
		default:
			c.add("-H", f.Name+": "+f.Value)
		}
	}
	own := []string{"Host", "User-Agent", "Accept"}
	if c.hasBody() {
		own = append(own, "Content-Type", "Expect", "Content-Length")
		if c.request.Fields.Has("Content-Length") || c.request.Fields.Has("Transfer-Encoding") {
			own = own[:len(own)-1]
		}
	}
	for _, name := range own {
		if !c.request.Fields.Has(name) {
			c.add("-H", name+":")
		}
	}
	if c.request.FieldsLeft > 0 {
		c.note("%d more header fields are not in the evidence", c.request.FieldsLeft)
	}
}

// ownLength tells whether curl announces the length of the body as the request did.
func (c *command) ownLength(value string) bool {
	return c.hasBody() && value == strconv.FormatInt(c.request.Length, 10)
}

func (c *command) body() {
	m := c.request
	switch {
	case m.Headless:
		c.note("the request sends its head only, and waits for the reply before the body that it declares")
	case m.Length == 0:
	case m.Complete() && utf8.Valid(m.Body) && !strings.Contains(string(m.Body), "\x00"):
		c.add("--data-raw", string(m.Body)) // unlike --data-binary it reads no file for a leading @
	default:
		c.note("body.bin: %s", describe(m))
		c.add("--data-binary", "@body.bin")
	}
}

func describe(m *Message) string {
	size, sum := "of a length that is not known", ""
	if m.Length >= 0 {
		size = fmt.Sprintf("%d bytes", m.Length)
	}
	if m.SHA256 != "" {
		sum = ", SHA-256 " + m.SHA256
	}
	return size + sum
}

// target gives the URL; a request target that curl would change stands in an
// option of its own.
func (c *command) target(base string) {
	t := c.request.Target
	if plain(t) {
		c.add(base + t)
		return
	}
	c.add("--request-target", t, base+"/")
}

// plain tells whether t is an origin-form target that curl sends as it is.
func plain(t string) bool {
	for i := 0; i < len(t); i++ {
		if t[i] <= ' ' || t[i] >= 0x7f || t[i] == '#' {
			return false
		}
	}
	return strings.HasPrefix(t, "/")
}

func (c *command) hidden() {
	line := strings.Join(c.words, " ")
	if strings.Contains(line, HiddenSignature) {
		c.note("put a fresh signature in place of %s", HiddenSignature)
	}
	if strings.Contains(line, Hidden) {
		c.note("put the secret in place of %s", Hidden)
	}
}

func authority(base string) string {
	_, rest, ok := strings.Cut(base, "://")
	if !ok {
		rest = base
	}
	rest, _, _ = strings.Cut(rest, "/")
	return rest
}

// Quote writes s as one word of a POSIX shell. No such word can hold a NUL byte:
// NUL bytes are left out, and ok is false.
func Quote(s string) (word string, ok bool) {
	ok = !strings.Contains(s, "\x00")
	if !ok {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	if s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:@%+,") == "" {
		return s, ok
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'", ok
}

// query is the decoded query of a target, for the forms that list it.
func query(target string) []wire.Param {
	_, text := wire.SplitTarget(target)
	return wire.ParseQuery(text)
}
