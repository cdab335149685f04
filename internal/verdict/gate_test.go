package verdict

import (
	"math"
	"strings"
	"testing"

	"objectharness/internal/clause"
	"objectharness/report"
)

// Published values of the score interval, and its ends.
func TestWilson(t *testing.T) {
	for _, tc := range []struct {
		k, n      int
		low, high float64
	}{
		{0, 0, 0, 1}, {0, 10, 0, 0.2775}, {10, 10, 0.7225, 1}, {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {1, 29, 0.0061, 0.1718},
	} {
		low, high := Wilson(tc.k, tc.n)
		if math.Abs(low-tc.low) > 5e-5 || math.Abs(high-tc.high) > 5e-5 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", tc.k, tc.n, low, high, tc.low, tc.high)
		}
	}
	for n := 1; n <= 60; n++ {
		for k := range n + 1 {
			low, high := Wilson(k, n)
			if p := float64(k) / float64(n); low < 0 || low > p || high < p || high > 1 {
				t.Fatalf("%d of %d: %v to %v", k, n, low, high)
			}
		}
	}
}

func TestStressCountsEveryRun(t *testing.T) {
	bad := clause.Outcome{Broken: []clause.Broken{{Clause: "MUST", What: clause.BrokenStatus}}}
	runs := []clause.Repeated{{Times: 7}, {Times: 2, Outcome: bad}, {Times: 1, Outcome: clause.Outcome{Error: "no reply"}}}
	got := judge(Options{}, Waiver{Pattern: "MUST"}).Case(one("MUST"), clause.Outcome{Broken: bad.Broken, Runs: runs})
	s := got.Stress
	if s == nil || s.Runs != 10 || s.Passed != 7 || s.Failed != 2 || s.Silent != 1 || math.Abs(s.Rate-7.0/9) > 1e-9 {
		t.Errorf("stress %+v", s)
	}
	if got.Verdict != report.Waived {
		t.Errorf("the case is %s, want waived", got.Verdict)
	}
}

func TestBaseline(t *testing.T) {
	c := func(id string, v report.Verdict) report.Case { return report.Case{ID: id, Verdict: v} }
	before := []report.Case{c("a", report.Passed), c("b", report.Failed), c("c", report.Passed), c("d", report.NotRun), c("e", report.Passed), c("f", report.Warned)}
	now := []report.Case{c("a", report.Failed), c("b", report.Failed), c("c", report.Blocked), c("d", report.NotRun), c("f", report.Passed), c("g", report.Failed)}
	broken, known := Baseline(before, now)
	var got []string
	for _, g := range broken {
		got = append(got, g.Rule+" "+g.What[strings.LastIndex(g.What, ": ")+2:])
		if g.Do == "" {
			t.Errorf("%s says nothing of what to do", g.Rule)
		}
	}
	if text := strings.Join(got, "; "); text != "new-failure a, g; lost-coverage c (blocked); vanished-case e" || known != 1 {
		t.Errorf("%s; %d known", text, known)
	}
	if broken, known := Baseline(before, before); len(broken) > 0 || known != 1 {
		t.Errorf("the same run: %v, %d known", broken, known)
	}
}

func TestExitWithBaseline(t *testing.T) {
	all := []report.Case{{Verdict: report.Failed}, {Verdict: report.Passed}}
	for want, end := range map[int]Ending{0: {Known: 1}, 1: {Known: 1, Gate: "x"}} {
		if code, reason := Exit(all, end); code != want {
			t.Errorf("%+v: exit code %d, %s", end, code, reason)
		}
	}
	if code, _ := Exit(all, Ending{}); code != NotConformant {
		t.Errorf("without a baseline: %d", code)
	}
}

func TestFeatureRules(t *testing.T) {
	for _, tc := range []struct {
		declared, probe string
		broken          bool
	}{
		{"absent", "absent", false}, {"present", "present", false}, {"present", "unclear", false},
		{"absent", "present", true}, {"present", "absent", true}, {"absent", "unclear", true},
	} {
		got := Features("staging", []report.Feature{{Name: "append", Declared: tc.declared, Probe: tc.probe}})
		if (len(got) == 1) != tc.broken {
			t.Errorf("declared %s, probe %s: %v", tc.declared, tc.probe, got)
		}
	}
}
