package sign

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"objectharness/internal/wire"
)

// An Enc appends s in one canonical form.
type Enc func(dst []byte, s string) []byte

// lowered has every byte with A-Z in lower case.
var lowered = func() (table [256]byte) {
	for i := range table {
		table[i] = byte(i)
	}
	for c := byte('A'); c <= 'Z'; c++ {
		table[c] = c + 'a' - 'A'
	}
	return table
}()

// Lower appends s with A-Z in lower case.
func Lower(dst []byte, s string) []byte {
	at := len(dst)
	dst = append(dst, s...)
	lower(dst[at:])
	return dst
}

func lower(b []byte) {
	for i, c := range b {
		b[i] = lowered[c]
	}
}

// Upper appends s with a-z in upper case.
func Upper(dst []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

// Raw appends s as it is.
func Raw(dst []byte, s string) []byte { return append(dst, s...) }

// Unescaped appends s percent-decoded.
func Unescaped(dst []byte, s string) []byte {
	dst, _ = wire.AppendUnescape(dst, s)
	return dst
}

// Trimmed appends s without the white space around it.
func Trimmed(dst []byte, s string) []byte { return append(dst, Trim(s)...) }

// Collapsed appends s trimmed and with every run of blanks made one blank.
func Collapsed(dst []byte, s string) []byte {
	s = Trim(s)
	for {
		i := strings.IndexByte(s, ' ')
		if i < 0 {
			return append(dst, s...)
		}
		dst = append(dst, s[:i+1]...)
		s = strings.TrimLeft(s[i:], " ")
	}
}

// TrimEscaped appends s trimmed and percent-encoded.
func TrimEscaped(dst []byte, s string) []byte { return wire.AppendEscape(dst, Trim(s)) }

// LowerEscaped appends s percent-encoded and then in lower case, hexadecimal digits included.
func LowerEscaped(dst []byte, s string) []byte {
	at := len(dst)
	dst = wire.AppendEscape(dst, s)
	lower(dst[at:])
	return dst
}

// LowerReescaped is LowerEscaped of the percent-decoded s.
func LowerReescaped(dst []byte, s string) []byte {
	at := len(dst)
	dst = wire.AppendReescape(dst, s)
	lower(dst[at:])
	return dst
}

// EscapedLower appends s in lower case and then percent-encoded.
func EscapedLower(dst []byte, s string) []byte {
	at := len(dst)
	dst = wire.AppendEscape(dst, s)
	for i := at; i < len(dst); i++ {
		if dst[i] == '%' {
			i += 2 // its digits stay in upper case
		} else {
			dst[i] = lowered[dst[i]]
		}
	}
	return dst
}

// Trim is s without the ASCII white space at both ends, the only white space
// that a header field can lose on its way.
func Trim(s string) string {
	if s == "" || s[0] > ' ' && s[len(s)-1] > ' ' {
		return s
	}
	return strings.Trim(s, " \t\r\n\v\f")
}

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
// name, separator and value, sorted, already encoded, in one buffer.
type Table struct {
	set   *Set
	buf   []byte
	end   int // of the last row; what is behind it is a name without a row
	rows  []row
	list  []byte      // the names, sorted and joined
	made  wire.Fields // what the rows were made of, where set says that they can be used again
	live  wire.Fields // the request that uses them again; nil where it is the same one
	raw   string      // the query that the rows were made of
	query wire.Fields // memory of Params
}

// A row is a name buf[start:mid], the separator buf[mid] and a value up to end.
// Most names differ in their first bytes, which head has as a number.
type row struct {
	start, mid, end int
	head            uint64
	field           int // that it was made of
}

// A Set says which header fields or parameters a scheme signs when nobody lists
// them, and how they look.
type Set struct {
	Sep         byte
	Name, Value Enc
	Signs       func(name []byte) bool // by the name in its canonical form; nil is all
	SkipEmpty   bool                   // what has no value is not signed
	Bare        bool                   // what has no value is written without separator
	Sort        func(*Table)
}

// Params is Collect for the parameters of a target.
func (t *Table) Params(set *Set, target string, wanted func(name []byte, sent string) bool) {
	_, raw := wire.SplitTarget(target)
	if wanted == nil && t.set == set && t.raw == raw {
		t.live = nil
		return
	}
	t.query = t.query[:0]
	for q := (Query{rest: raw}); q.Next(); {
		t.query = append(t.query, wire.Field{Name: q.Name, Value: q.Value})
	}
	if t.Collect(set, t.query, wanted); t.live == nil {
		t.raw = raw
	}
}

// Collect fills the table with the fields that wanted picks by their canonical
// name and the name as it was sent, or without wanted with those of the set. When
// no name is signed twice the order of rows depends on the names alone; the next
// request mostly has the same ones, and many of the values.
func (t *Table) Collect(set *Set, fields wire.Fields, wanted func(name []byte, sent string) bool) {
	if wanted == nil && t.fits(set, fields) {
		t.live = fields
		return
	}
	t.set, t.live = set, nil
	t.buf, t.end, t.rows = t.buf[:0], 0, t.rows[:0]
	whole := t.add(fields, wanted)
	t.SortNames()
	t.list = t.AppendNames(t.list[:0], true)
	set.Sort(t)
	if wanted != nil || !whole || len(fields) > maxNames || t.repeats() {
		t.set = nil
		return
	}
	t.made = append(t.made[:0], fields...)
}

// maxNames is how many fields a request has at most whose rows are used again.
const maxNames = 32

// add makes the rows. It reports whether none was left out for its empty value.
func (t *Table) add(fields wire.Fields, wanted func(name []byte, sent string) bool) (whole bool) {
	whole = true
	for i := range fields {
		f := &fields[i]
		t.buf = t.set.Name(t.buf[:t.end], f.Name)
		name := t.buf[t.end:]
		if wanted == nil && t.set.Signs != nil && !t.set.Signs(name) || wanted != nil && !wanted(name, f.Name) {
			continue
		}
		if t.set.SkipEmpty && Trim(f.Value) == "" {
			whole = false
			continue
		}
		r := row{start: t.end, mid: len(t.buf), head: head(name), field: i}
		if !t.set.Bare || f.Value != "" {
			t.buf = t.set.Value(append(t.buf, t.set.Sep), f.Value)
		}
		r.end = len(t.buf)
		t.rows, t.end = append(t.rows, r), r.end
	}
	return whole
}

// forget has the next request make its own rows.
func (t *Table) forget() { t.set, t.raw = nil, "" }

// fits tells whether the rows can be used again.
func (t *Table) fits(set *Set, fields wire.Fields) bool {
	if t.set != set || len(t.made) != len(fields) {
		return false
	}
	for i := range fields {
		f := &fields[i]
		if t.made[i].Name != f.Name || set.SkipEmpty && (f.Value == "" || f.Value[0] <= ' ' && Trim(f.Value) == "") {
			return false
		}
	}
	return true
}

// repeats tells whether a name is there twice, once the table is sorted.
func (t *Table) repeats() bool {
	for i := 1; i < len(t.rows); i++ {
		if t.same(&t.rows[i-1], &t.rows[i]) {
			return true
		}
	}
	return false
}

// head is the first eight bytes as a number that sorts as they do.
func head(name []byte) (n uint64) {
	if len(name) >= 8 {
		return binary.BigEndian.Uint64(name)
	}
	for i, c := range name {
		n |= uint64(c) << (56 - 8*i)
	}
	return n
}

func (t *Table) name(r *row) []byte { return t.buf[r.start:r.mid] }
func (t *Table) line(r *row) []byte { return t.buf[r.start:r.end] }
func (t *Table) value(r *row) []byte {
	return t.buf[min(r.mid+1, r.end):r.end]
}

func (t *Table) byName(a, b *row) int {
	if a.head != b.head {
		return cmp.Compare(a.head, b.head)
	}
	return bytes.Compare(t.name(a), t.name(b))
}

func (t *Table) same(a, b *row) bool { return a.head == b.head && bytes.Equal(t.name(a), t.name(b)) }

// SortNames sorts by name and keeps the order of rows with the same name.
func (t *Table) SortNames() {
	slices.SortStableFunc(t.rows, func(a, b row) int { return t.byName(&a, &b) })
}

// SortPairs sorts by name, then by value.
func (t *Table) SortPairs() {
	slices.SortFunc(t.rows, func(a, b row) int {
		if c := t.byName(&a, &b); c != 0 {
			return c
		}
		return bytes.Compare(t.value(&a), t.value(&b))
	})
}

// SortLines sorts by the whole text of a row, separator included.
func (t *Table) SortLines() {
	slices.SortFunc(t.rows, func(a, b row) int { return bytes.Compare(t.line(&a), t.line(&b)) })
}

// AppendLines appends the rows with join between them.
func (t *Table) AppendLines(dst []byte, join byte) []byte {
	for i := range t.rows {
		if i > 0 {
			dst = append(dst, join)
		}
		dst = t.appendRow(dst, &t.rows[i])
	}
	return dst
}

func (t *Table) appendRow(dst []byte, r *row) []byte {
	if t.live == nil {
		return append(dst, t.buf[r.start:r.end]...)
	}
	value := t.live[r.field].Value
	if value == t.made[r.field].Value {
		return append(dst, t.buf[r.start:r.end]...)
	}
	dst = append(dst, t.buf[r.start:r.mid]...)
	if value == "" && t.set.Bare {
		return dst
	}
	return t.set.Value(append(dst, t.set.Sep), value)
}

// AppendMerged appends a line, closed with a line feed, for every name; the
// values of neighbouring rows with the same name are joined with commas.
func (t *Table) AppendMerged(dst []byte) []byte {
	for i := range t.rows {
		if r := &t.rows[i]; t.live == nil && i > 0 && t.same(&t.rows[i-1], r) {
			dst[len(dst)-1] = ','
			dst = append(dst, t.value(r)...)
		} else {
			dst = t.appendRow(dst, r)
		}
		dst = append(dst, '\n')
	}
	return dst
}

// AppendNames appends the names joined with semicolons, each as often as it has
// rows, or once when unique is set.
func (t *Table) AppendNames(dst []byte, unique bool) []byte {
	if t.live != nil {
		return append(dst, t.list...)
	}
	for i := range t.rows {
		r := &t.rows[i]
		if unique && i > 0 && t.same(&t.rows[i-1], r) {
			continue
		}
		if i > 0 {
			dst = append(dst, ';')
		}
		dst = append(dst, t.name(r)...)
	}
	return dst
}

// Empty tells whether there is no row.
func (t *Table) Empty() bool { return len(t.rows) == 0 }

// FirstOfEach keeps of neighbouring rows with the same name only the first.
func (t *Table) FirstOfEach() {
	t.rows = slices.CompactFunc(t.rows, func(a, b row) bool { return t.same(&a, &b) })
}
