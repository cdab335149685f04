package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"objectharness/report"
)

func runOf(verdicts ...report.Verdict) *report.Run {
	run := &report.Run{Started: started}
	for i, v := range verdicts {
		if v != "" {
			run.Cases = append(run.Cases, report.Case{ID: "oss/object/" + string(rune('a'+i)), Dialect: "oss", Chapter: "object",
				Text: "<b>holds</b>", Verdict: v, Message: "why " + string(v)})
		}
	}
	return run
}

func compare(t *testing.T, runs ...*report.Run) *report.Diff {
	t.Helper()
	d, err := report.Compare([]string{"before", "between", "after"}[:len(runs)], runs)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestChanges(t *testing.T) {
	for _, tc := range []struct {
		before, after report.Verdict
		want          report.Change // "" for none
		gate          bool
	}{
		{report.Passed, report.Passed, "", false},
		{report.Passed, report.Failed, report.Worse, true},
		{report.Passed, report.Warned, report.Worse, true},
		{report.Warned, report.Failed, report.Worse, true},
		{report.Waived, report.Failed, report.Worse, true},
		{report.Failed, report.Passed, report.Better, false},
		{report.Waived, report.StaleWaiver, report.Better, false},
		{report.Passed, report.StaleWaiver, report.Varied, false},
		{report.Passed, report.Error, report.Lost, true},
		{report.Failed, report.NotRun, report.Lost, true},
		{report.Blocked, report.Passed, report.Found, false},
		{report.Blocked, report.Error, report.Varied, false},
		{"", report.Failed, report.Added, false},
		{report.Failed, "", report.Gone, true},
		{report.Blocked, "", report.Gone, true},
	} {
		d := compare(t, runOf(tc.before), runOf(tc.after))
		var got report.Change
		if len(d.Cases) == 1 {
			got = d.Cases[0].Change
		}
		if got != tc.want || (d.Gate() != "") != tc.gate {
			t.Errorf("%q → %q: %q, gate %q; want %q", tc.before, tc.after, got, d.Gate(), tc.want)
		}
	}
}

func TestCompareThreeRuns(t *testing.T) {
	const p, f = report.Passed, report.Failed
	d := compare(t, runOf(p, p, f, ""), runOf(p, f, p, ""), runOf(p, p, p, p))
	want := []report.Change{report.Better, report.Added, report.Varied}
	var got []report.Change
	for _, c := range d.Cases {
		got = append(got, c.Change)
	}
	if !reflect.DeepEqual(got, want) || d.Same != 1 {
		t.Errorf("got %v and %d the same, want %v and 1", got, d.Same, want)
	}
	if v := d.Cases[2].Verdicts; !reflect.DeepEqual(v, []report.Verdict{p, f, p}) {
		t.Errorf("verdicts %v", v)
	}
}

func TestCompareNeedsTwoRuns(t *testing.T) {
	if _, err := report.Compare([]string{"a"}, []*report.Run{runOf()}); err == nil {
		t.Error("one run is compared")
	}
	if _, err := report.Compare([]string{"a"}, []*report.Run{runOf(), runOf()}); err == nil {
		t.Error("a run without a name is compared")
	}
}

func TestShared(t *testing.T) {
	const p, f = report.Passed, report.Failed
	for _, tc := range []struct {
		runs []*report.Run
		want int
	}{
		{[]*report.Run{runOf(p, p, ""), runOf(f, p, p)}, 2},
		{[]*report.Run{runOf(p), runOf("", p)}, 0},
		{[]*report.Run{runOf(p), runOf(p, p), runOf("", p)}, 0},
		{[]*report.Run{runOf(), runOf()}, 0},
		{[]*report.Run{runOf(p), runOf(f), runOf(p)}, 1},
	} {
		if got := compare(t, tc.runs...).Shared(); got != tc.want {
			t.Errorf("%d shared, want %d", got, tc.want)
		}
	}
}

func TestGateNamesRunsAndCounts(t *testing.T) {
	d := compare(t, runOf(report.Passed, report.Passed, report.Passed), runOf(report.Failed, "", ""))
	if want := "between is no replacement for before: 1 worse, 2 gone"; d.Gate() != want {
		t.Errorf("%q, want %q", d.Gate(), want)
	}
}

func TestDiffPages(t *testing.T) {
	d := compare(t, runOf(report.Passed, report.Passed, ""), runOf(report.Failed, report.Passed, report.Passed))
	var text, page bytes.Buffer
	if err := d.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	want := "worse     oss/object/a  passed → failed\n          why failed\nadded     oss/object/c  absent → passed\n          why passed\n" +
		"before → between: 1 worse, 1 added, 1 the same\n"
	if text.String() != want {
		t.Errorf("text:\n%s", text.String())
	}
	if err := d.WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	for _, good := range []string{"Worse than the baseline", "1 worse, 1 added, 1 the same", "&lt;b&gt;holds&lt;/b&gt;", "absent"} {
		if !strings.Contains(page.String(), good) {
			t.Errorf("the page lacks %q", good)
		}
	}
	if strings.Contains(page.String(), "ZgotmplZ") || strings.Contains(page.String(), "<no value>") {
		t.Error("the template gets a value wrong")
	}
}

func answered(run *report.Run, answers ...report.Behaviour) *report.Run {
	for i := range run.Cases {
		run.Cases[i].Behaviour = &answers[i]
	}
	return run
}

// Cases with one verdict differ when they are answered differently.
func TestAnswersAreCompared(t *testing.T) {
	const p = report.Passed
	base := report.Behaviour{Status: 200, Fields: []string{"etag", "x-id"}, Body: "5 bytes"}
	other := []report.Behaviour{base, {Status: 204, Fields: []string{"etag", "x-id"}}, {Status: 200, Code: "", Fields: []string{"etag", "vary: *"}, Body: "5 bytes"},
		{Status: 404, Code: "NoSuchKey", Body: "XML: Error"}}
	d := compare(t, answered(runOf(p, p, p, p), base, base, base, base), answered(runOf(p, p, p, p), other...))
	want := [][]string{{"status 204 instead of 200", "body none instead of 5 bytes"}, {"field vary: * added", "field x-id missing"},
		{"status 404 instead of 200", "code NoSuchKey instead of none"}}
	if len(d.Cases) != len(want) || d.Same != 1 || d.Gate() != "" {
		t.Fatalf("%d cases differ, %d are the same, gate %q", len(d.Cases), d.Same, d.Gate())
	}
	for i, c := range d.Cases {
		if c.Change != report.Differs || !reflect.DeepEqual(c.Differences[1], want[i]) {
			t.Errorf("%s: %s, %q, want %q", c.ID, c.Change, c.Differences[1], want[i])
		}
	}
}

// Times differ from run to run, and whether there is one does not.
func TestTimesAreNotCompared(t *testing.T) {
	at := func(values ...string) report.Behaviour { return report.Behaviour{Status: 200, Fields: values} }
	one, other := "expires: Wed, 25 Nov 2026 06:06:06 GMT", "expires: Thu, 26 Nov 2026 06:06:06 GMT"
	p := report.Passed
	d := compare(t, answered(runOf(p, p, p), at(one), at(one), at(one)), answered(runOf(p, p, p), at(other), at(), at("expires: 0")))
	if d.Same != 1 || len(d.Cases) != 2 || !reflect.DeepEqual(d.Cases[0].Differences[1], []string{"field expires: a time missing"}) {
		t.Errorf("%d the same, %+v", d.Same, d.Cases)
	}
}

// A header field that is missing everywhere is told once.
func TestCommonDifferencesAreToldOnce(t *testing.T) {
	verdicts := slices.Repeat([]report.Verdict{report.Passed}, 25)
	with := slices.Repeat([]report.Behaviour{{Status: 200, Fields: []string{"x-id"}}}, 25)
	without := slices.Repeat([]report.Behaviour{{Status: 200}}, 25)
	without[3].Status = 204
	d := compare(t, answered(runOf(verdicts...), with...), answered(runOf(verdicts...), without...))
	if len(d.Cases) != 1 || d.Same != 24 || !reflect.DeepEqual(d.Common, []report.Common{{Run: 1, Text: "field x-id missing", Cases: 25}}) {
		t.Errorf("%d cases differ, common %v", len(d.Cases), d.Common)
	}
}

func TestClauses(t *testing.T) {
	of := func(verdicts ...report.Verdict) *report.Run {
		run := runOf(report.Passed)
		for i, v := range verdicts {
			run.Clauses = append(run.Clauses, report.Clause{ID: string(rune('A' + i)), Verdict: v})
		}
		return run
	}
	d := compare(t, of(report.Passed, report.Failed, report.Passed, report.NotRun, report.Passed, report.NotRun),
		of(report.Failed, report.Passed, report.Blocked, report.Passed, report.Passed, report.Error))
	for change, want := range map[report.Change]string{report.Worse: "A", report.Better: "B", report.Lost: "C", report.Found: "D"} {
		if got := strings.Join(d.ClausesThat(change), " "); got != want {
			t.Errorf("%s: %q, want %q", change, got, want)
		}
	}
	if len(d.Clauses) != 4 {
		t.Errorf("%d clauses changed, want 4", len(d.Clauses))
	}
}

func TestClusters(t *testing.T) {
	run := runOf(report.Failed, report.Failed, report.Blocked, report.Blocked, report.Error, report.Passed, report.Failed)
	status := func(i int, clause string) {
		run.Cases[i].Broken = []report.Broken{{Clause: clause, What: "status", Expected: "200", Got: "501", Verdict: report.Failed}}
		run.Cases[i].Behaviour = &report.Behaviour{Status: 501, Code: "NotImplemented"}
	}
	status(0, "A")
	status(1, "B")
	run.Cases[2].BlockedBy = `given 1: PUT /run-5f3a9c2b1/x answered 500`
	run.Cases[3].BlockedBy = `given 1: PUT /run-0123456789/x answered 500`
	run.Cases[6].Divergence = &report.Divergence{Step: "string to sign"}
	d := compare(t, run, runOf(report.Passed))
	var got []string
	for _, g := range d.Clusters {
		got = append(got, fmt.Sprint(g.Cause, " ", g.Counts, " ", g.Clauses))
	}
	want := []string{"answers 501 NotImplemented [2 0] [A B]", "blocked by: given 1: PUT /…/x answered 500 [2 0] []",
		"error: why error [1 0] []", "the signature differs from the server's, first in the string to sign [1 0] []"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestLoadsSideBySide(t *testing.T) {
	before, after := loadRun(2), loadRun(2)
	before.Loads[0].DoneRPS, after.Loads[0].DoneRPS = 100, 150
	d := compare(t, before, after)
	if d.SharedLoads() != 2 || d.Loads[0].Change(1) != "+50.0 %" || d.Loads[0].Change(0) != "" {
		t.Errorf("%d loads in common, changes %q %q", d.SharedLoads(), d.Loads[0].Change(0), d.Loads[0].Change(1))
	}
	for _, write := range []func(io.Writer) error{d.WriteText, d.WriteMarkdown, d.WriteJSON, d.WriteHTML} {
		var b bytes.Buffer
		if err := write(&b); err != nil || !strings.Contains(b.String(), "arm-0") {
			t.Errorf("%v: %.200s", err, b.String())
		}
	}
}

// large are three runs of 2,000 cases, each of which differs from the others.
func large(t testing.TB) *report.Diff {
	runs := []*report.Run{sample(t, 2000), sample(t, 2000), sample(t, 2000)}
	for at, run := range runs {
		for i := range run.Cases {
			c := &run.Cases[i]
			c.Behaviour = &report.Behaviour{Status: 200 + at*(i%3), Fields: []string{"etag", fmt.Sprintf("x-field-%d", i%400*at)}, Body: "XML: A B C"}
		}
	}
	d, err := report.Compare([]string{"first", "second", "third"}, runs)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDiffPageIsBounded(t *testing.T) {
	var page, text, summary bytes.Buffer
	d := large(t)
	if err := errors.Join(d.WriteHTML(&page), d.WriteJSON(&text), d.WriteMarkdown(&summary)); err != nil {
		t.Fatal(err)
	}
	if summary.Len() > 1<<19 {
		t.Errorf("the Markdown has %d bytes, more than half of what a job page takes", summary.Len())
	}
	if page.Len() > 2_000_000 {
		t.Errorf("the page has %d bytes, more than 2 MB", page.Len())
	}
	if !json.Valid(text.Bytes()) || len(d.Cases) < 1500 {
		t.Errorf("%d cases differ; valid JSON: %v", len(d.Cases), json.Valid(text.Bytes()))
	}
}

// Three runs of 2,000 cases, nearly all of which differ, as one page.
func BenchmarkCompareHTML(b *testing.B) {
	d := large(b)
	for b.Loop() {
		if err := d.WriteHTML(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
