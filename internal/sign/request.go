package sign

import (
	"errors"
	"iter"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/wire"
)

// Path returns the decoded path of a request target, "/" when there is none. A
// path whose escapes are broken is taken literally; a plus sign is a plus sign.
func Path(target string) string {
	raw, _ := wire.SplitTarget(target)
	path, _ := wire.Unescape(raw)
	if path[0] != '/' {
		path = "/" + path
	}
	return path
}

// Params yields the decoded parameters of a request target in wire order, as
// wire.ParseQuery does, without keeping them.
func Params(target string) iter.Seq[wire.Param] {
	_, raw := wire.SplitTarget(target)
	return func(yield func(wire.Param) bool) {
		for len(raw) > 0 {
			var part string
			part, raw, _ = strings.Cut(raw, "&")
			if part == "" {
				continue
			}
			name, value, eq := strings.Cut(part, "=")
			name, _ = wire.Unescape(name)
			value, _ = wire.Unescape(value)
			if !yield(wire.Param{Name: name, Value: value, Bare: !eq}) {
				return
			}
		}
	}
}

// Param returns the first value of the parameter called name, and how often it
// is there.
func Param(target, name string) (value string, count int) {
	for p := range Params(target) {
		if p.Name == name {
			if count == 0 {
				value = p.Value
			}
			count++
		}
	}
	return value, count
}

// AddParam appends a parameter to the target of r.
func AddParam(r *wire.Request, name, value string) {
	var room [256]byte
	text := append(room[:0], '&')
	if !strings.Contains(r.Target, "?") {
		text[0] = '?'
	} else if strings.HasSuffix(r.Target, "?") {
		text = text[:0]
	}
	text = wire.AppendEscape(text, name)
	text = append(text, '=')
	text = wire.AppendEscape(text, value)
	r.Target += string(text)
}

// SetAbsent adds a field that is not there yet.
func SetAbsent(r *wire.Request, name, value string) {
	if !r.Fields.Has(name) {
		r.Fields.Add(name, value)
	}
}

// maxSeconds bounds what Seconds reads: some 136 years, which a time.Duration holds.
const maxSeconds = 1 << 32

// Seconds reads a count of seconds written in decimal digits, with a minus sign
// for a negative one. Counts beyond 2^32 are read as 2^32.
func Seconds(text string) (time.Duration, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) || strings.HasPrefix(text, "+") {
		return 0, false
	}
	return time.Duration(max(min(n, maxSeconds), -maxSeconds)) * time.Second, true
}

// Epoch reads a point in time written as seconds since 1970 in decimal digits.
func Epoch(text string) (time.Time, bool) {
	d, ok := Seconds(text)
	return time.Unix(int64(d/time.Second), 0).UTC(), ok && d >= 0
}

// Parse reads a time in exactly the given layout and length: no fraction of a
// second, no one-digit day.
func Parse(layout, text string) (time.Time, bool) {
	if len(text) != len(layout) {
		return time.Time{}, false
	}
	t, err := time.Parse(layout, text)
	return t, err == nil
}

// Claimed returns the first of the schemes whose signature, good or bad, r
// carries (their Claims method says so). ok is false for an anonymous request
// and for one with a signature of none of them.
func Claimed(r *wire.Request, from []Scheme) (s Scheme, ok bool) {
	for _, s := range from {
		if c, can := s.(interface{ Claims(*wire.Request) bool }); can && c.Claims(r) {
			return s, true
		}
	}
	return nil, false
}
