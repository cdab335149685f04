package report_test

import (
	"testing"

	"objectharness/report"
)

func scored() *report.Run {
	one := func(id string, v report.Verdict, broken string, clauses ...string) report.Case {
		c := report.Case{ID: id, Dialect: "oss", Chapter: "object", Clauses: clauses, Verdict: v}
		if broken != "" {
			c.Broken = []report.Broken{{Clause: broken, Verdict: v}}
		}
		return c
	}
	return &report.Run{Cases: []report.Case{
		one("oss/object/a", report.Passed, "", "A"),
		one("oss/object/b", report.Failed, "B", "A", "B"), // A holds in it
		one("oss/object/c", report.Passed, "", "B", "C"),
		one("oss/object/d", report.Warned, "D", "D"),
		one("oss/object/e", report.Waived, "E", "E"),
		one("oss/object/f", report.StaleWaiver, "", "F"),
	}}
}

func TestScore(t *testing.T) {
	if got, want := scored().Score(), (report.Score{Hold: 3, Selected: 6}); got != want { // A, C, F
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := scored().ScoreOf("cos"); got != (report.Score{}) || got.Text() != "–" {
		t.Errorf("a dialect without a case has the score %+v, %s", got, got.Text())
	}
}

// Whatever is skipped, by whatever means, the score does not rise, and what it
// is of stays.
func TestScoreNeverRisesBySkipping(t *testing.T) {
	silent := []report.Verdict{report.NotRun, report.Unsupported, report.Blocked, report.Error}
	total := len(scored().Cases)
	for skip := range 1 << total {
		for _, v := range silent {
			run := scored()
			for i := range run.Cases {
				if skip>>i&1 == 1 {
					run.Cases[i].Verdict, run.Cases[i].Broken = v, nil
				}
			}
			before, after := scored().Score(), run.Score()
			if after.Hold > before.Hold || after.Selected != before.Selected {
				t.Fatalf("with the cases %b %s the score is %+v, and was %+v", skip, v, after, before)
			}
		}
	}
}

// A waiver keeps a gate open and does not make what it waives hold.
func TestScoreIsNotWaived(t *testing.T) {
	run := scored()
	run.Cases[1].Verdict, run.Cases[1].Broken[0].Verdict = report.Waived, report.Waived
	if got, want := run.Score(), scored().Score(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
