package selftest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"objectharness/internal/clause"
	"objectharness/internal/emulator"
	"objectharness/suites"
)

// TestDeviationsAreSmall plays one case that comes by a deviation twice, on a
// sound and on a broken emulator with the same seed and clock, and compares the
// first answers that differ: nothing but what the deviation names may change,
// and it never ends a connection or answers 500.
func TestDeviationsAreSmall(t *testing.T) {
	for _, name := range suites.Dialects() {
		if *inOne != "" && name != *inOne {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGround(t, name)
			for _, d := range g.deviations() {
				if problem := g.small(t, d); problem != "" {
					t.Errorf("%s %s", d, problem)
				}
			}
		})
	}
}

// small looks at the first cases that judge the deviation: one that comes by it
// once is enough. Nobody may judge it here; then TestProve says so.
func (g *ground) small(t *testing.T, d deviation) (problem string) {
	tries := 0
	for i, m := range g.reached {
		if !m[d.String()] || tries == 3 {
			continue
		}
		tries++
		found := compare(t, g.dialect, g.cases[i], d)
		if found == "" {
			return ""
		}
		problem = "by " + g.cases[i].ID + ": " + found
	}
	return problem
}

func compare(t *testing.T, dialect string, c suites.Case, d deviation) string {
	sound := exchanges(t, dialect, c)
	broken := exchanges(t, dialect, c, d.String())
	for i := range min(len(sound), len(broken)) {
		a, b := sound[i].Reply, broken[i].Reply
		switch {
		case b == nil && a != nil:
			return "the connection ended without an answer: " + broken[i].Note
		case a == nil || same(*a, *b):
			continue
		}
		return larger(d.way, *a, *b)
	}
	return ""
}

// exchanges plays a case on a fresh emulator and returns all that was said.
func exchanges(t *testing.T, dialect string, c suites.Case, deviate ...string) []clause.Exchange {
	b := newBench(t, mustDialect(t, dialect), emulator.Options{Deviate: deviate})
	defer b.stop()
	b.subject.Evidence = true
	return b.run(c).Exchanges
}

func same(a, b clause.Message) bool {
	return a.Status == b.Status && slices.Equal(a.Fields, b.Fields) && a.SHA256 == b.SHA256 && bytes.Equal(a.Body, b.Body)
}

// larger says what changed beyond what a deviation of this way may change.
func larger(way string, a, b clause.Message) string {
	fields := changed(a.Fields, b.Fields)
	body := a.SHA256 != b.SHA256 || !bytes.Equal(a.Body, b.Body)
	switch {
	case b.Status >= 500 && b.Status != 501 && b.Status != a.Status: // 501 is a documented answer
		return fmt.Sprintf("answers %d", b.Status)
	case way == "status" && (a.Status == b.Status || len(fields) > 0 && !empties(b.Status) || body && !empties(b.Status)):
		return fmt.Sprintf("changes more than the status %d: %d, fields %v, body %v", a.Status, b.Status, fields, body)
	case way == "code" && (a.Status != b.Status || len(fields) > 0 || !body):
		return fmt.Sprintf("changes more than the code: status %d to %d, fields %v", a.Status, b.Status, fields)
	case (way == "absent" || way == "value") && (a.Status != b.Status || len(fields) > 1 || len(fields) == 1 && body):
		return fmt.Sprintf("changes more than one field: status %d to %d, fields %v, body %v", a.Status, b.Status, fields, body)
	}
	return ""
}

// empties tells whether a status takes the body away.
func empties(status int) bool { return status == 204 || status == 304 }

// changed names the fields that differ, but for Content-Length, which follows
// the body.
func changed(a, b [][2]string) (names []string) {
	for _, name := range fieldNames(a, b) {
		if name != "content-length" && !slices.Equal(values(a, name), values(b, name)) {
			names = append(names, name)
		}
	}
	return names
}

func fieldNames(lists ...[][2]string) (names []string) {
	for _, l := range lists {
		for _, f := range l {
			if n := strings.ToLower(f[0]); !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	return names
}

func values(fields [][2]string, name string) (out []string) {
	for _, f := range fields {
		if strings.EqualFold(f[0], name) {
			out = append(out, f[1])
		}
	}
	return out
}
