package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ErrSyntax is wrapped by every error about bytes that are not HTTP/1.1, in
// heads as well as in chunked bodies.
var ErrSyntax = errors.New("not HTTP/1.1")

var errHeadTooLarge = fmt.Errorf("%w: head too large", ErrSyntax)

// headLimit is the default bound of a head in bytes: start line, fields and
// the empty line.
const headLimit = 64 << 10

func syntax(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrSyntax, fmt.Sprintf(format, args...))
}

// readHead appends the bytes up to and with the next empty line to dst. first,
// if any, judges the start line as soon as it is there, so that garbage is not
// waited upon. At an end of the stream the error is io.EOF where no byte came,
// else io.ErrUnexpectedEOF.
func readHead(br *bufio.Reader, dst []byte, limit int, first func(line []byte) error) ([]byte, error) {
	start := len(dst)
	for {
		part, err := br.ReadSlice('\n')
		dst = append(dst, part...)
		switch {
		case len(dst)-start > limit:
			return dst, errHeadTooLarge
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(dst) > 0:
			return dst, io.ErrUnexpectedEOF
		case err != nil:
			return dst, err
		}
		line := trimEOL(dst[start:])
		if first != nil {
			if err := first(line); err != nil {
				return dst, err
			}
			first = nil
		} else if len(line) == 0 {
			return dst, nil
		}
		start, limit = len(dst), limit-(len(dst)-start)
	}
}

func trimEOL(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
}

// A style is what a field parser puts up with.
type style uint8

const (
	strict  style = iota // requests: no folding, no bare line feed
	lenient              // replies: both accepted, as RFC 9112 allows a recipient
)

// parseFields reads the field lines of a head, without its start line, up to
// the empty line that ends s; room is memory for them.
func parseFields(room Fields, s string, st style) (Fields, *HeadError) {
	fields := slices.Grow(room, strings.Count(s, "\n"))
	for s != "" {
		line, rest, _ := strings.Cut(s, "\n")
		s = rest
		line, crlf := strings.CutSuffix(line, "\r")
		switch {
		case !crlf && st == strict:
			return fields, bad(BareLineFeed, "line %q ends without a carriage return", printable(line))
		case line == "":
			return fields, nil
		case line[0] == ' ' || line[0] == '\t':
			if st == strict || len(fields) == 0 {
				return fields, bad(FoldedField, "folded line %q", printable(line))
			}
			last := &fields[len(fields)-1]
			last.Value = strings.Trim(last.Value+" "+strings.Trim(line, " \t"), " ")
			continue
		}
		f, err := parseField(line)
		if err != nil {
			return fields, err
		}
		fields = append(fields, f)
	}
	return fields, nil
}

func parseField(line string) (Field, *HeadError) {
	i := strings.IndexByte(line, ':')
	if i <= 0 {
		return Field{}, bad(BadField, "line %q has no field name and colon", printable(line))
	}
	name, value := line[:i], strings.Trim(line[i+1:], " \t")
	if !isToken(name) {
		return Field{}, bad(BadField, "field name %q is not a token", printable(name))
	}
	if hasControl(value) {
		return Field{}, bad(ControlCharacter, "value of field %s holds a control character: %q", name, printable(value))
	}
	return Field{name, value}, nil
}

// tokenByte marks the bytes of an RFC 9110 token.
var tokenByte = func() (t [256]bool) {
	for c := range t {
		t[c] = '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	for _, c := range []byte("!#$%&'*+-.^_`|~") {
		t[c] = true
	}
	return t
}()

func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if !tokenByte[s[i]] {
			return false
		}
	}
	return s != ""
}

func hasControl(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}

// hasElement tells whether the comma-separated lists of the fields called name
// hold the element, without regard to letter case.
func (f Fields) hasElement(name, element string) bool {
	for i := range f {
		if !sameName(f[i].Name, name) {
			continue
		}
		if hasWord(f[i].Value, element) {
			return true
		}
	}
	return false
}

// hasWord tells whether a comma-separated list holds the word.
func hasWord(list, word string) bool {
	for part := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.Trim(part, " \t"), word) {
			return true
		}
	}
	return false
}

// parseLength reads a Content-Length value: digits only, at most 18 of them.
func parseLength(s string) (int64, bool) {
	if s == "" || len(s) > 18 {
		return 0, false
	}
	var n int64
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n, true
}

// printable cuts s to 80 bytes and shows what does not print as a dot.
func printable(s string) string {
	out := []byte(s[:min(len(s), 80)])
	for i, c := range out {
		if c < ' ' || c > '~' {
			out[i] = '.'
		}
	}
	return string(out)
}
