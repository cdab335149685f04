package emulator

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A span is the part of an object that a Range asks for.
type span struct{ first, length int64 }

func (s span) text(size int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", s.first, s.first+s.length-1, size)
}

// An outcome is what comes of a Range.
type outcome struct {
	span
	as string // part, whole or refused
}

func whole(size int64) outcome       { return outcome{span{0, size}, "whole"} }
func part(first, last int64) outcome { return outcome{span{first, last - first + 1}, "part"} }

var refused = outcome{as: "refused"}

// An asked range is what a Range field says, without an object to it.
type asked struct {
	form        string // closed, open, suffix, several, unit or malformed
	first, last int64  // of a suffix, last is its length
}

func parseRange(text string) asked {
	unit, spec, ok := strings.Cut(text, "=")
	from, to, dash := strings.Cut(spec, "-")
	first, firstOK := offset(from)
	last, lastOK := offset(to)
	switch {
	case !ok:
		return asked{form: "malformed"}
	case unit != "bytes":
		return asked{form: "unit"}
	case strings.Contains(spec, ","):
		return asked{form: "several"}
	case dash && from == "" && lastOK:
		return asked{"suffix", 0, last}
	case dash && firstOK && to == "":
		return asked{"open", first, math.MaxInt64}
	case dash && firstOK && lastOK:
		return asked{"closed", first, last}
	}
	return asked{form: "malformed"}
}

// offset reads a position; one beyond 63 bits is as far out as can be.
func offset(s string) (int64, bool) {
	n, err := strconv.ParseUint(s, 10, 63)
	if errors.Is(err, strconv.ErrRange) {
		return math.MaxInt64, true
	}
	return int64(n), err == nil
}

// span answers the Range of a read of an object of size bytes; part tells
// whether it leaves anything out of the reply's status.
func (c *call) span(size int64) (outcome, error) {
	text := c.field("Range")
	if text == "" {
		return whole(size), nil
	}
	rule, right, wrong := c.ranged(text, size)
	if right == refused {
		return whole(size), c.require(rule, false, "InvalidRange", c.aboutRange(text, size)...)
	}
	got := pick(c, rule, right, wrong)
	if got == refused {
		return got, c.fault("InvalidRange")
	}
	return got, nil
}

// ranged is what a Range gets, by which rule, and what somebody who gets that
// rule wrong would answer.
func (c *call) ranged(text string, size int64) (rule string, right, wrong outcome) {
	a, all := parseRange(text), whole(size)
	switch {
	case a.form == "unit":
		_, spec, _ := strings.Cut(text, "=")
		return "range.unit", all, byHTTP(parseRange("bytes="+spec), size)
	case a.form == "several":
		one, _, _ := strings.Cut(text, ",")
		first := byHTTP(parseRange(one), size)
		if c.e.t.reading.firstRange {
			return "range.several", first, all
		}
		return "range.several", all, first
	case a.form == "malformed":
		return "range.malformed", all, refused
	case a.form == "closed" && a.first > a.last:
		return "range.reversed", all, refused
	case a.form == "suffix" && a.last == 0:
		return "range.suffix-zero", refused, all
	case size == 0 || a.form == "suffix" && a.last > size || a.form != "suffix" && a.first >= size || a.form == "closed" && a.last >= size:
		return c.outside(a, size)
	}
	return inside(a, size)
}

// byHTTP is what HTTP makes of a range that is one.
func byHTTP(a asked, size int64) outcome {
	switch {
	case a.form == "suffix" && a.last > 0 && size > 0:
		return part(max(0, size-a.last), size-1)
	case (a.form == "closed" || a.form == "open") && a.first < size && a.first <= a.last:
		return part(a.first, min(a.last, size-1))
	case a.form == "malformed":
		return whole(size)
	}
	return refused
}

// outside is what comes of a range that lies outside of the object, in part or
// as a whole.
func (c *call) outside(a asked, size int64) (rule string, right, wrong outcome) {
	strict := c.e.t.reading.strictRange
	ignored := strict != "" && !strings.EqualFold(c.field(strict), "standard")
	meant := byHTTP(a, size)
	switch {
	case size == 0 && !ignored:
		return "range.empty-object", refused, whole(size)
	case meant == refused && !ignored:
		return "range.behind-end", refused, whole(size)
	case meant == refused:
		return "range.behind-end-ignored", whole(size), refused
	case a.form == "suffix":
		rule = "range.long-suffix"
	default:
		rule = "range.past-end"
	}
	if ignored {
		return rule, whole(size), meant
	}
	return rule, meant, whole(size)
}

// inside is what comes of a range that lies within the object.
func inside(a asked, size int64) (rule string, right, wrong outcome) {
	right = byHTTP(a, size)
	switch {
	case a.form == "suffix":
		return "range.suffix", right, part(0, a.last-1)
	case a.form == "open" && a.first == 0:
		return "range.from-start", right, whole(size)
	case a.form == "open":
		return "range.open", right, part(a.first-1, size-1)
	case a.first == a.last:
		return "range.one-byte", right, whole(size)
	}
	return "range.closed", right, part(a.first, a.last-1)
}

// aboutRange is what a refusal says of the range.
func (c *call) aboutRange(text string, size int64) []detail {
	r := &c.e.t.reading
	message := c.e.d.Codes["InvalidRange"].Message
	more := []detail{withMessage(pick(c, "range.message", message, "Bad Request"))}
	if size == 0 && r.emptyRange != 0 {
		more = append(more, withStatus(pick(c, "range.empty-object-status", r.emptyRange, c.e.d.Codes["InvalidRange"].Status)))
	}
	if r.rangeMembers && c.does("range.members") {
		more = append(more, withExtra("RangeRequested", text), withExtra("ActualObjectSize", strconv.FormatInt(size, 10)))
	}
	return more
}
