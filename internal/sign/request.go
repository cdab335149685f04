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

// AppendPath appends what e, which gets the path as it is on the wire, makes of
// Path(target).
func AppendPath(dst []byte, target string, e Enc) []byte {
	raw, _ := wire.SplitTarget(target)
	if raw[0] != '/' {
		raw = wire.EscapePath(Path(target))
	}
	return e(dst, raw)
}

// A Query walks over the parameters of a request target, in wire order and as
// they stand on the wire.
type Query struct {
	Name, Value string
	Bare        bool // without an equals sign
	rest        string
}

// QueryOf begins before the first parameter.
func QueryOf(target string) Query {
	_, raw := wire.SplitTarget(target)
	return Query{rest: raw}
}

// Next goes to the next parameter; there is none where it reports false.
func (q *Query) Next() bool {
	for q.rest != "" {
		part := q.rest
		if i := strings.IndexByte(part, '&'); i >= 0 {
			part, q.rest = part[:i], part[i+1:]
		} else {
			q.rest = ""
		}
		if part == "" {
			continue
		}
		i := strings.IndexByte(part, '=')
		if q.Bare = i < 0; q.Bare {
			q.Name, q.Value = part, ""
		} else {
			q.Name, q.Value = part[:i], part[i+1:]
		}
		return true
	}
	return false
}

// Params yields the decoded parameters of a request target in wire order, as
// wire.ParseQuery does, without keeping them.
func Params(target string) iter.Seq[wire.Param] {
	return func(yield func(wire.Param) bool) {
		for q := QueryOf(target); q.Next(); {
			name, _ := wire.Unescape(q.Name)
			value, _ := wire.Unescape(q.Value)
			if !yield(wire.Param{Name: name, Value: value, Bare: q.Bare}) {
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
