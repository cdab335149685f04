package report_test

import (
	"bytes"
	"reflect"
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
