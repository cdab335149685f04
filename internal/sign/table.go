package sign

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"objectharness/internal/wire"
)

// An Enc appends s in one canonical form.
type Enc func(dst []byte, s string) []byte

// Lower appends s with A-Z in lower case.
func Lower(dst []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

// Raw appends s as it is.
func Raw(dst []byte, s string) []byte { return append(dst, s...) }

// Trimmed appends s without the white space around it.
func Trimmed(dst []byte, s string) []byte { return append(dst, Trim(s)...) }

// Collapsed appends s trimmed and with every run of blanks made one blank.
func Collapsed(dst []byte, s string) []byte {
	s = Trim(s)
	for i := range len(s) {
		if s[i] != ' ' || s[i-1] != ' ' {
			dst = append(dst, s[i])
		}
	}
	return dst
}

// TrimEscaped appends s trimmed and percent-encoded.
func TrimEscaped(dst []byte, s string) []byte { return wire.AppendEscape(dst, Trim(s)) }

// LowerEscaped appends s percent-encoded and then in lower case, hexadecimal digits included.
func LowerEscaped(dst []byte, s string) []byte {
	at := len(dst)
	dst = wire.AppendEscape(dst, s)
	for i := at; i < len(dst); i++ {
		if c := dst[i]; 'A' <= c && c <= 'Z' {
			dst[i] = c + 'a' - 'A'
		}
	}
	return dst
}

// EscapedLower appends s in lower case and then percent-encoded.
func EscapedLower(dst []byte, s string) []byte {
	for i := range len(s) {
		var one [1]byte
		c := Lower(one[:0], s[i:i+1])
		dst = wire.AppendEscape(dst, string(c))
	}
	return dst
}

// Trim is s without the ASCII white space at both ends, the only white space
// that a header field can lose on its way.
func Trim(s string) string { return strings.Trim(s, " \t\r\n\v\f") }

// HasPrefixFold tells whether s starts with prefix, letter case aside.
func HasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// ContainsFold tells whether name is among names, letter case and white space aside.
func ContainsFold(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(Trim(n), name) {
			return true
		}
	}
	return false
}

// A Table collects the header fields or parameters of a canonical form: rows of
// name, separator and value, already encoded, in one buffer.
type Table struct {
	sep  byte
	buf  []byte
	rows []row
}

type row struct{ start, mid, end int } // buf[start:mid] is the name, buf[mid] the separator

// Reset empties the table and sets its separator.
func (t *Table) Reset(sep byte) { t.sep, t.buf, t.rows = sep, t.buf[:0], t.rows[:0] }

// Add adds a row.
func (t *Table) Add(name, value string, n, v Enc) {
	start := len(t.buf)
	t.buf = n(t.buf, name)
	mid := len(t.buf)
	t.buf = append(t.buf, t.sep)
	t.buf = v(t.buf, value)
	t.rows = append(t.rows, row{start, mid, len(t.buf)})
}

// AddBare adds a row that is a name alone, without separator.
func (t *Table) AddBare(name string, n Enc) {
	start := len(t.buf)
	t.buf = n(t.buf, name)
	t.rows = append(t.rows, row{start, len(t.buf), len(t.buf)})
}

func (t *Table) name(r row) []byte { return t.buf[r.start:r.mid] }
func (t *Table) line(r row) []byte { return t.buf[r.start:r.end] }
func (t *Table) value(r row) []byte {
	return t.buf[min(r.mid+1, r.end):r.end]
}

// SortNames sorts by name and keeps the order of rows with the same name.
func (t *Table) SortNames() {
	slices.SortStableFunc(t.rows, func(a, b row) int { return bytes.Compare(t.name(a), t.name(b)) })
}

// SortPairs sorts by name, then by value.
func (t *Table) SortPairs() {
	slices.SortStableFunc(t.rows, func(a, b row) int {
		if c := bytes.Compare(t.name(a), t.name(b)); c != 0 {
			return c
		}
		return bytes.Compare(t.value(a), t.value(b))
	})
}

// SortLines sorts by the whole text of a row, separator included.
func (t *Table) SortLines() {
	slices.SortFunc(t.rows, func(a, b row) int { return bytes.Compare(t.line(a), t.line(b)) })
}

// AppendLines appends the rows with join between them.
func (t *Table) AppendLines(dst []byte, join byte) []byte {
	for i, r := range t.rows {
		if i > 0 {
			dst = append(dst, join)
		}
		dst = append(dst, t.line(r)...)
	}
	return dst
}

// AppendMerged appends a line, closed with a line feed, for every name; the
// values of neighbouring rows with the same name are joined with commas.
func (t *Table) AppendMerged(dst []byte) []byte {
	for i, r := range t.rows {
		if i > 0 && bytes.Equal(t.name(t.rows[i-1]), t.name(r)) {
			dst[len(dst)-1] = ','
			dst = append(dst, t.value(r)...)
		} else {
			dst = append(dst, t.line(r)...)
		}
		dst = append(dst, '\n')
	}
	return dst
}

// AppendNames appends the names joined with semicolons, each as often as it has
// rows, or once when unique is set.
func (t *Table) AppendNames(dst []byte, unique bool) []byte {
	first := true
	for i, r := range t.rows {
		if unique && i > 0 && bytes.Equal(t.name(t.rows[i-1]), t.name(r)) {
			continue
		}
		if !first {
			dst = append(dst, ';')
		}
		dst, first = append(dst, t.name(r)...), false
	}
	return dst
}

// Scratch is the memory of one signature, used again by the next.
type Scratch struct {
	Query, Fields Table
	Text, More    []byte
}

var scratches = sync.Pool{New: func() any { return new(Scratch) }}

// Borrow returns a Scratch; Return gives it back.
func Borrow() *Scratch { return scratches.Get().(*Scratch) }

// Return gives s back; nothing taken from it may be used afterwards.
func (s *Scratch) Return() {
	s.Text, s.More = s.Text[:0], s.More[:0]
	scratches.Put(s)
}

// Len is the number of rows.
func (t *Table) Len() int { return len(t.rows) }

// FirstOfEach keeps of neighbouring rows with the same name only the first.
func (t *Table) FirstOfEach() {
	t.rows = slices.CompactFunc(t.rows, func(a, b row) bool { return bytes.Equal(t.name(a), t.name(b)) })
}
