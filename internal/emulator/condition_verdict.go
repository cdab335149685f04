package emulator

import (
	"net/http"
	"strings"
	"time"
)

// terms are the conditions of a request, "" where one is not there, and what
// they are held against.
type terms struct {
	match, none, modified, unmodified string

	exists        bool
	tag           string    // of the object, without quotes
	at            time.Time // of its last modification
	now           time.Time
	futureIgnored bool
	head, ranged  bool
	write         bool // all that does not hold refuses
	each          bool // no condition decides over another

	mistake string // the rule that is understood wrongly
}

// verdict is what conditions come to: 200 when all hold, else 304 or 412 and
// the field that decided.
type verdict struct {
	status int
	field  string
}

var fulfilled = verdict{status: 200}

// mistakes are the rules of which judge knows how servers get them wrong.
var mistakes = []string{
	"condition.on-head", "condition.before-range", "condition.refused-first", "condition.match-before-date",
	"condition.none-match-before-date", "condition.none-match-decides", "condition.match-then-none-match",
	"condition.etag-quoted", "condition.etag-unquoted", "condition.etag-list", "condition.etag-any", "condition.etag-weak",
	"condition.etag-empty", "condition.etag-whole", "condition.free-key",
	"condition.date-malformed", "condition.date-rfc850", "condition.date-asctime", "condition.whole-seconds",
	"condition.modified-equal", "condition.modified-later", "condition.modified-second", "condition.modified-zone",
	"condition.modified-future", "condition.unmodified-equal", "condition.unmodified-later",
}

// any tells whether there is a condition at all.
func (a terms) any() bool { return a.match+a.none+a.modified+a.unmodified != "" }

// judge weighs the conditions in the order of RFC 9110 section 13.2.2, with one
// mistake, or "" for none.
func (a terms) judge(mistake string) verdict {
	a.mistake = mistake
	if a.head && a.wrong("on-head") || a.ranged && a.wrong("before-range") {
		return fulfilled
	}
	first, second := a.refused, a.same
	if a.wrong("refused-first") {
		first, second = second, first
	}
	if v := first(); v != fulfilled {
		return v
	}
	if a.match != "" && a.wrong("match-then-none-match") {
		return fulfilled
	}
	return second()
}

func (a terms) wrong(rule string) bool { return a.mistake == "condition."+rule }

// refused weighs the conditions of which one that does not hold refuses.
func (a terms) refused() verdict {
	if a.match != "" {
		if !a.matches(a.match, false) {
			return verdict{412, ifMatch}
		}
		if !a.each && !a.wrong("match-before-date") {
			return fulfilled
		}
	}
	if a.fails(a.unmodified, a.changedAfter) {
		return verdict{412, ifUnmodified}
	}
	return fulfilled
}

// same weighs the conditions by which a client asks for what it does not have;
// those of a write refuse.
func (a terms) same() verdict {
	status := 304
	if a.write {
		status = 412
	}
	if a.none != "" {
		if a.matches(a.none, true) {
			if a.wrong("none-match-decides") && a.modified != "" && !a.fails(a.modified, a.unchangedSince) {
				return fulfilled
			}
			return verdict{status, ifNone}
		}
		if !a.each && !a.wrong("none-match-before-date") {
			return fulfilled
		}
	}
	if a.fails(a.modified, a.unchangedSince) {
		return verdict{status, ifModified}
	}
	return fulfilled
}

// matches compares a list of entity tags, or *, with that of the object. Weak
// tags count only where weak comparison is allowed.
func (a terms) matches(list string, weak bool) bool {
	if !a.exists {
		return a.wrong("free-key")
	}
	for i, one := range strings.Split(list, ",") {
		if i > 0 && a.wrong("etag-list") {
			return false
		}
		if a.matchesOne(strings.TrimSpace(one), weak) {
			return true
		}
	}
	return false
}

func (a terms) matchesOne(one string, weak bool) bool {
	if one == "*" {
		return !a.wrong("etag-any")
	}
	one, isWeak := strings.CutPrefix(one, "W/")
	if isWeak && weak == a.wrong("etag-weak") {
		return false
	}
	quoted := len(one) > 1 && one[0] == '"' && one[len(one)-1] == '"'
	if quoted {
		one = one[1 : len(one)-1]
	}
	switch {
	case quoted && a.wrong("etag-quoted"), !quoted && a.wrong("etag-unquoted"):
		return false
	case one == "":
		return a.wrong("etag-empty")
	case a.wrong("etag-whole"):
		return len(one) == len(a.tag) && one[:len(one)-1] == a.tag[:len(one)-1]
	}
	return one == a.tag
}

// fails tells whether a condition with a date does not hold. One that is no
// date is ignored.
func (a terms) fails(text string, broken func(time.Time) bool) bool {
	if text == "" {
		return false
	}
	if !a.exists {
		return a.wrong("free-key")
	}
	since, ok := a.date(text)
	if !ok {
		return a.wrong("date-malformed")
	}
	return broken(since)
}

// changed is the time of the last modification as replies tell it.
func (a terms) changed() time.Time {
	if a.wrong("whole-seconds") {
		return a.at
	}
	return a.at.Truncate(time.Second)
}

func (a terms) changedAfter(since time.Time) bool {
	switch at := a.changed(); {
	case a.wrong("unmodified-equal"):
		return !at.Before(since)
	case a.wrong("unmodified-later"):
		return !at.Equal(since)
	default:
		return at.After(since)
	}
}

func (a terms) unchangedSince(since time.Time) bool {
	if since.After(a.now) && a.futureIgnored != a.wrong("modified-future") {
		return false
	}
	switch at := a.changed(); {
	case a.wrong("modified-equal"):
		return at.Before(since)
	case a.wrong("modified-later"):
		return at.Equal(since)
	case a.wrong("modified-second"):
		return !at.After(since.Add(time.Second))
	case a.wrong("modified-zone"):
		return !at.After(since.Add(time.Hour))
	default:
		return !at.After(since)
	}
}

// date reads the three forms of an HTTP date (RFC 9110 section 5.6.7).
func (a terms) date(text string) (time.Time, bool) {
	for _, form := range []struct{ layout, rule string }{
		{http.TimeFormat, ""}, {"Monday, 02-Jan-06 15:04:05 GMT", "date-rfc850"}, {time.ANSIC, "date-asctime"},
	} {
		if t, err := time.Parse(form.layout, text); err == nil && !a.wrong(form.rule) {
			return t, true
		}
	}
	return time.Time{}, false
}
