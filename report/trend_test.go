package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"objectharness/report"
)

func trendOf(runs ...*report.Run) string {
	t := new(report.Trend)
	for i, run := range runs {
		run.Started = started.Add(time.Duration(i) * 24 * time.Hour)
		t.Add(fmt.Sprintf("run-%d", i), run)
	}
	var b bytes.Buffer
	if err := t.WriteHTML(&b); err != nil {
		return err.Error()
	}
	return b.String()
}

func dated(verdicts ...report.Verdict) *report.Run {
	run := runOf(verdicts...)
	var s report.Summary
	for _, c := range run.Cases {
		s.Add(c.Verdict)
	}
	run.Summary = map[string]report.Summary{"oss": s}
	run.Targets = []report.Target{{Name: "staging", Dialect: "oss"}}
	return run
}

func TestTrendTellsWhenCasesFlipped(t *testing.T) {
	const p, f = report.Passed, report.Failed
	page := trendOf(dated(p, p, p), dated(p, f, p), dated(p, f, ""), dated(p, p, f))
	for _, want := range []string{
		"4 runs", "staging", `scope="row">oss/object/b</th><td data-l="now"><b class="v passed"><i aria-hidden="true">✓</i> passed</b></td><td data-l="since">run-3</td>`,
		"passed, failed, failed, passed", `scope="row">oss/object/c</th><td data-l="now"><b class="v failed">`, "passed, passed, absent, failed",
		"run-1: 1 failed", "2026-11-21", "2026-11-24",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, `scope="row">oss/object/a<`) {
		t.Error("a case that never changed is told to have flipped")
	}
}

func TestTrendOfLoads(t *testing.T) {
	page := trendOf(loadRun(2), loadRun(2))
	for _, want := range []string{"Requests completed a second", "Response time p99", "run-1"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// However many runs there are, the page shows the latest, and stays small.
func TestTrendIsBounded(t *testing.T) {
	var runs []*report.Run
	for i := range 250 {
		v := report.Passed
		if i%2 == 1 {
			v = report.Failed
		}
		runs = append(runs, dated(v, report.Passed))
	}
	page := trendOf(runs...)
	if !strings.Contains(page, "200 runs") || !strings.Contains(page, "50 earlier ones are not shown") || strings.Contains(page, "run-49<") {
		t.Error("the page does not show the latest 200 runs")
	}
	if len(page) > 400_000 {
		t.Errorf("the page has %d bytes", len(page))
	}
}

// A page of runs in which everything changes all the time is bounded, too.
func TestTrendOfRestlessRunsIsBounded(t *testing.T) {
	const p, f = report.Passed, report.Failed
	calm, restless := make([]report.Verdict, 26*20), make([]report.Verdict, 26*20)
	for i := range calm {
		calm[i], restless[i] = p, f
	}
	of := func(verdicts []report.Verdict) *report.Run {
		run := dated(verdicts...)
		for i := range run.Cases {
			run.Cases[i].ID = fmt.Sprintf("oss/object/case-%d", i)
		}
		return run
	}
	var runs []*report.Run
	for i := range 300 {
		if i%2 == 0 {
			runs = append(runs, of(calm))
		} else {
			runs = append(runs, of(restless))
		}
	}
	page := trendOf(runs...)
	if len(page) > 1_900_000 || len(page) < 500_000 || !strings.Contains(page, "of 520, the latest first") {
		t.Errorf("the page has %d bytes", len(page))
	}
}

// Files that are no run are said.
func TestTrendTellsOfFilesThatAreNoRun(t *testing.T) {
	tr := new(report.Trend)
	tr.Add("good", dated(report.Passed))
	for i := range 25 {
		tr.Skip(fmt.Sprintf("bad-%d", i), errors.New("unexpected <end>"))
	}
	var b bytes.Buffer
	if err := tr.WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"bad-19", "unexpected &lt;end&gt;", "And 5 more files.", "1 run"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if tr.Runs() != 1 {
		t.Errorf("%d runs", tr.Runs())
	}
}

func TestTrendOfNothing(t *testing.T) {
	if page := trendOf(); !strings.Contains(page, "0 runs") {
		t.Error(page)
	}
}
