package siglab

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A Difference is the first byte at which two texts part.
type Difference struct {
	Step         string // what the texts are, in the document's words
	Ours, Theirs string
	Offset       int // in bytes, from 0
	Line, Column int // of that byte, from 1
}

// Compare finds the first byte at which ours and theirs part; nil when they are
// the same.
func Compare(step, ours, theirs string) *Difference {
	if ours == theirs {
		return nil
	}
	i := 0
	for i < min(len(ours), len(theirs)) && ours[i] == theirs[i] {
		i++
	}
	same := ours[:i]
	return &Difference{Step: step, Ours: ours, Theirs: theirs, Offset: i,
		Line: strings.Count(same, "\n") + 1, Column: i - strings.LastIndexByte(same, '\n')}
}

// Write prints the difference: both texts around it, and its byte.
func (d *Difference) Write(w io.Writer, ours, theirs string) {
	fmt.Fprintf(w, "first difference: %s, byte %d (line %d, column %d)\n", d.Step, d.Offset, d.Line, d.Column)
	width := max(len(ours), len(theirs))
	a, mark := around(d.Ours, d.Offset)
	b, _ := around(d.Theirs, d.Offset)
	fmt.Fprintf(w, "  %-*s  %s  %s\n", width, ours, hexByte(d.Ours, d.Offset), a)
	fmt.Fprintf(w, "  %-*s  %s  %s\n", width, theirs, hexByte(d.Theirs, d.Offset), b)
	fmt.Fprintf(w, "  %*s%s^\n", width+6, "", strings.Repeat(" ", mark))
}

// hexByte is the byte at i in hexadecimal, or a dash behind the end.
func hexByte(s string, i int) string {
	if i >= len(s) {
		return "--"
	}
	return fmt.Sprintf("%02x", s[i])
}

// around shows what stands near byte i of s on one line, control characters
// escaped; mark is how many columns stand before byte i.
func around(s string, i int) (shown string, mark int) {
	const before, after = 28, 36
	from, to := max(0, i-before), min(len(s), i+after)
	for from > 0 && s[from]&0xc0 == 0x80 {
		from--
	}
	head := escape(s[from:i])
	if from > 0 {
		head = "…" + head
	}
	shown = head + escape(s[i:to])
	switch {
	case to < len(s):
		shown += "…"
	case i == len(s):
		shown += "(end)"
	}
	return shown, len([]rune(head))
}

// escape writes control characters, and bytes that are no UTF-8, as Go does.
func escape(s string) string {
	q := strconv.Quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}
