package selftest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"objectharness/internal/clause"
	"objectharness/internal/emulator"
	"objectharness/suites"
)

// done are the chapters whose clauses must all be covered.
var done = []string{"object", "append", "delete-many", "conditional", "signing", "cors", "list", "presign", "acl", "copy", "post", "bucket", "multipart", "throttling"}

// doneIn are the chapters that are complete in these dialects only.
var doneIn = map[string][]string{"checksum": {"s3"}, "encryption": {"s3"}, "tagging": {"s3"}, "lifecycle": {"s3"}, "versioning": {"oss", "s3"}, "lock": {"s3"},
	"storage-class": {"s3"}, "restore": {"s3"}, "policy": {"s3"}, "website": {"s3"}, "addressing": {"s3"}}

// isDone tells whether all clauses of a dialect's chapter must be covered.
func isDone(dialect, chapter string) bool {
	return slices.Contains(done, chapter) || slices.Contains(doneIn[chapter], dialect)
}

// TestEveryClauseIsCovered compares the clauses of the done chapters with the
// cases. What no case covers stands in gaps.yaml with a reason; what stands
// there and is covered does so no longer.
func TestEveryClauseIsCovered(t *testing.T) {
	reg, err := clause.Load()
	if err != nil {
		t.Fatal(err)
	}
	gaps, err := clause.Gaps()
	if err != nil {
		t.Fatal(err)
	}
	reason := map[string]string{}
	for _, g := range gaps {
		reason[g.ID] = g.Reason
	}
	for _, d := range suites.Dialects() {
		covered := coverage(t, reg, d)
		for _, chapter := range reg.Chapters() {
			if !isDone(d, chapter) {
				continue
			}
			n, missing := 0, 0
			for _, c := range reg.Chapter(d, chapter) {
				if !c.Observable(false) {
					continue
				}
				n++
				switch {
				case covered[c.ID] && reason[c.ID] != "":
					t.Errorf("%s is covered and stands in gaps.yaml", c.ID)
				case !covered[c.ID] && reason[c.ID] == "":
					t.Errorf("%s (%s %s, %s) has no case: %s", c.ID, d, chapter, c.Level, c.Text)
					missing++
				}
			}
			t.Logf("%s %s: %d clauses, %d without a case or a reason", d, chapter, n, missing)
		}
	}
}

func coverage(t *testing.T, reg *clause.Registry, dialect string) map[string]bool {
	t.Helper()
	covered := map[string]bool{}
	for _, c := range suites.Cases(dialect) {
		for _, id := range c.Clauses {
			if known := reg.Get(id); known == nil || known.Dialect != dialect {
				t.Errorf("%s covers %s, which is no clause of %s", c.ID, id, dialect)
			}
			covered[id] = covered[id] || !c.Offline
		}
		for _, id := range c.Rests {
			if reg.Get(id) == nil {
				t.Errorf("%s rests on %s, which is no clause", c.ID, id)
			}
		}
	}
	return covered
}

var (
	statusForm = regexp.MustCompile(`\b([2345]\d\d)\b`)
	codeForm   = regexp.MustCompile(`\b(?:Code |code )?([A-Z][a-z]+(?:[A-Z0-9][A-Za-z0-9]*)+)\b`)
)

// TestLiteralsAgreeWithClauses reads status and code out of each covered
// clause's then and compares them with what the cases expect. A difference is
// either a mistake or stands in literals.txt with its reason.
func TestLiteralsAgreeWithClauses(t *testing.T) {
	reg, err := clause.Load()
	if err != nil {
		t.Fatal(err)
	}
	excused := exceptions(t)
	used := map[string]bool{}
	for _, d := range suites.Dialects() {
		codes := mustDialect(t, d).Codes
		for _, c := range suites.Cases(d) {
			for _, w := range c.Then {
				id := strings.Fields(w.Clause + " " + c.Clauses[0])[0]
				cl := reg.Get(id)
				if cl == nil {
					continue
				}
				if problem := disagree(cl, w, codes); problem != "" {
					key := c.ID + " " + id
					if excused[key] == "" {
						t.Errorf("%s: %s\n  then: %s", key, problem, cl.Then)
					}
					used[key] = true
				}
			}
		}
	}
	for key := range excused {
		if !used[key] {
			t.Errorf("literals.txt excuses %s, which agrees or is gone", key)
		}
	}
}

func disagree[A any](c *clause.Clause, w suites.Want, codes map[string]A) string {
	said := statusForm.FindAllString(c.Then, -1)
	if w.Status >= 100 && len(said) > 0 && !slices.Contains(said, strconv.Itoa(w.Status)) {
		return fmt.Sprintf("the case expects %d, the clause says %s", w.Status, strings.Join(said, ", "))
	}
	var named []string
	for _, m := range codeForm.FindAllStringSubmatch(c.Then, -1) {
		if _, ok := codes[m[1]]; ok {
			named = append(named, m[1])
		}
	}
	if w.Code != "" && len(named) > 0 && !slices.Contains(named, w.Code) {
		return fmt.Sprintf("the case expects %s, the clause says %s", w.Code, strings.Join(named, ", "))
	}
	return ""
}

// TestNoRuleIsUnknown finds rules that the emulator names and the registry does
// not have, and rules of the registry that no case comes by.
func TestNoRuleIsUnknown(t *testing.T) {
	rules, err := clause.Rules()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range suites.Dialects() {
		b := newBench(t, mustDialect(t, d), emulator.Options{Reached: func(string) {}})
		for _, c := range suites.Cases(d) {
			b.run(c)
		}
		reached := b.take()
		for name := range reached {
			if strings.HasPrefix(name, emulator.Unknown) {
				t.Errorf("%s: the emulator asks for the %s, which is not in the registry", d, name)
			}
		}
		for _, r := range rules {
			if len(r.By[d]) > 0 && !slices.ContainsFunc(clause.Deviations(r.Kind), func(way string) bool { _, ok := reached[r.Name+":"+way]; return ok }) {
				t.Errorf("%s: no case comes by rule %s (%s)", d, r.Name, strings.Join(r.By[d], " "))
			}
		}
	}
}
