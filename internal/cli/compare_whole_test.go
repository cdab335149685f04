package cli_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"objectharness/internal/clause"
	"objectharness/report"
	"objectharness/suites"
)

// deviated are the ways in which the emulator is wrong in one run, each of a rule
// that at least three dialects have.
var deviated = []string{"append.position:code", "bucket.not-empty:code", "copy.if-match:status", "delete-many.content-md5:accept", "range.suffix:wrong"}

// wholeRun runs every case of every dialect.
func wholeRun(t *testing.T, code int, args ...string) *report.Run {
	t.Helper()
	dir := t.TempDir()
	cmd := command(t, nil, append([]string{"run", "--dialect", "all", "--out", filepath.Join(dir, "out")}, args...)...)
	if p := run(t, cmd); p.code != code {
		t.Fatalf("exit code %d, want %d\n%s\n%s", p.code, code, p.stdout, p.stderr)
	}
	r, err := report.ReadFile(filepath.Join(dir, "out", "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func compareTwo(t *testing.T, a, b *report.Run) *report.Diff {
	t.Helper()
	d, err := report.Compare([]string{"before", "after"}, []*report.Run{a, b})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Two runs of a sound store show no difference, whatever their seeds. One of a
// store that breaks rules shows the clauses of those rules and no other, but those
// of cases that say that they rest on them.
func TestCompareShowsExactlyWhatIsBroken(t *testing.T) {
	sound := wholeRun(t, 0, "--seed", "5")
	same := compareTwo(t, sound, wholeRun(t, 0, "--seed", "6"))
	if len(same.Cases)+len(same.Clauses)+len(same.Common)+len(same.Clusters) > 0 || same.Same != len(sound.Cases) {
		t.Errorf("two sound runs differ: %s, %+v, common %+v", same.Headline(), same.Cases, same.Common)
	}
	d := compareTwo(t, sound, wholeRun(t, 1, "--seed", "7", "--deviate", strings.Join(deviated, ",")))
	for _, dialect := range suites.Dialects() {
		broken := clausesOf(t, dialect, deviated)
		if len(broken) < 4 {
			t.Errorf("%s: the deviations break %v only", dialect, broken)
		}
		worse := slices.DeleteFunc(d.ClausesThat(report.Worse), func(id string) bool { return !strings.HasPrefix(id, strings.ToUpper(dialect)+"-") })
		for _, id := range broken {
			if !slices.Contains(worse, id) {
				t.Errorf("%s is broken, and the comparison does not name it", id)
			}
		}
		resting := restingOn(dialect, broken)
		for _, id := range worse {
			if !slices.Contains(broken, id) && !slices.Contains(resting, id) {
				t.Errorf("the comparison names %s, which is not broken", id)
			}
		}
		t.Logf("%s: %d clauses broken, %d named", dialect, len(broken), len(worse))
	}
	followsCompareSchema(t, d)
	for _, change := range []report.Change{report.Better, report.Found, report.Lost} {
		if ids := d.ClausesThat(change); len(ids) > 0 {
			t.Errorf("%s: %v", change, ids)
		}
	}
}

// clausesOf are the clauses of a dialect that deviations break.
func clausesOf(t *testing.T, dialect string, deviations []string) (ids []string) {
	t.Helper()
	rules, err := clause.Rules()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range deviations {
		name, _, _ := strings.Cut(d, ":")
		at := slices.IndexFunc(rules, func(r clause.Rule) bool { return r.Name == name })
		if at < 0 {
			t.Fatalf("there is no rule %s", name)
		}
		ids = append(ids, rules[at].By[dialect]...)
	}
	return ids
}

// restingOn are the clauses of cases that say that they rest on some others.
func restingOn(dialect string, others []string) (ids []string) {
	for _, c := range suites.Cases(dialect) {
		if slices.ContainsFunc(c.Rests, func(id string) bool { return slices.Contains(others, id) }) {
			ids = append(ids, c.Clauses...)
		}
	}
	return ids
}

// followsCompareSchema holds the JSON of a comparison to the schema that is
// published.
func followsCompareSchema(t *testing.T, d *report.Diff) {
	t.Helper()
	var b bytes.Buffer
	if err := d.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile("../../report/compare.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(doc); err != nil {
		t.Error(err)
	}
}
