package emulator

import (
	"sync/atomic"
	"testing"
	"time"
)

var changedAt = time.Date(2026, 2, 3, 4, 5, 6, 5e8, time.UTC)

func TestJudge(t *testing.T) {
	const date, before = "Tue, 03 Feb 2026 04:05:06 GMT", "Tue, 03 Feb 2026 04:05:05 GMT"
	for _, c := range []struct {
		name string
		ask  terms
		want verdict
	}{
		{"nothing asked", terms{}, fulfilled},
		{"own tag", terms{match: `"ab"`}, fulfilled},
		{"own tag in other letters", terms{match: `"AB"`}, verdict{412, ifMatch}},
		{"one quote", terms{match: `"ab`}, verdict{412, ifMatch}},
		{"blanks around a list", terms{none: ` "x" ,  "ab" `}, verdict{304, ifNone}},
		{"weak in another case", terms{none: `w/"ab"`}, fulfilled},
		{"tag before date", terms{match: `"ab"`, unmodified: before}, fulfilled},
		{"refusal first", terms{modified: date, unmodified: before}, verdict{412, ifUnmodified}},
		{"a write refuses", terms{none: "*", write: true}, verdict{412, ifNone}},
		{"whole seconds", terms{modified: date, unmodified: date}, verdict{304, ifModified}},
		{"asctime", terms{unmodified: "Tue Feb  3 04:05:05 2026"}, verdict{412, ifUnmodified}},
		{"no date", terms{unmodified: "2026-02-03", modified: "now"}, fulfilled},
	} {
		c.ask.exists, c.ask.tag, c.ask.at, c.ask.now = true, "ab", changedAt, changedAt.Add(time.Hour)
		if got := c.ask.judge(""); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Whatever fields hold, conditions come to one of three ends, with any mistake,
// and a write never ends in 304.
func FuzzJudge(f *testing.F) {
	f.Add(`"ab"`, `W/"ab", *`, "Tue, 03 Feb 2026 04:05:06 GMT", "Tue Feb  3 04:05:05 2026")
	f.Add(`,,"`, `W/`, "Tuesday, 03-Feb-26 04:05:06 GMT", "")
	f.Fuzz(func(t *testing.T, match, none, modified, unmodified string) {
		for _, mistake := range append([]string{""}, mistakes...) {
			for _, write := range []bool{false, true} {
				a := terms{match: match, none: none, modified: modified, unmodified: unmodified,
					exists: true, tag: "ab", at: changedAt, now: changedAt, write: write}
				switch v := a.judge(mistake); {
				case v.status != 200 && v.status != 304 && v.status != 412, (v.status == 200) != (v.field == ""), write && v.status == 304:
					t.Errorf("with %q: %v", mistake, v)
				}
			}
		}
	})
}

func TestPendingForgets(t *testing.T) {
	var p pending
	var first, second atomic.Bool
	stopFirst, stopSecond := p.watch("b/k", &first), p.watch("b/k", &second)
	stopFirst()
	p.emptied("b/k")
	p.emptied("b/other")
	if first.Load() || !second.Load() {
		t.Errorf("told %t and %t, want only the one that still watches", first.Load(), second.Load())
	}
	stopSecond()
	if len(p.at) != 0 {
		t.Errorf("%d paths are still watched", len(p.at))
	}
}
