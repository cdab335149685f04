package verdict

import (
	"slices"

	"objectharness/internal/clause"
	"objectharness/report"
)

// All judges a whole plan: cases without an outcome have not run, for the
// reason given.
func (j *Judge) All(plan []clause.Case, outcomes map[string]clause.Outcome, missing string) []report.Case {
	cases := make([]report.Case, 0, len(plan))
	for _, c := range plan {
		o, ok := outcomes[c.ID]
		if !ok {
			o = clause.Outcome{CaseID: c.ID, NotRun: missing}
		}
		cases = append(cases, j.Case(c, o))
	}
	return cases
}

// Summary counts the cases of each dialect, and its clauses: those that this
// kind of target can show, and those of them about which a case concluded
// something. Dialects that should show up without a case are named.
func Summary(cases []report.Case, clauses []report.Clause, foreign bool, dialects ...string) map[string]report.Summary {
	sums := map[string]*report.Summary{}
	of := func(dialect string) *report.Summary {
		if sums[dialect] == nil {
			sums[dialect] = new(report.Summary)
		}
		return sums[dialect]
	}
	for _, dialect := range dialects {
		of(dialect)
	}
	for i := range cases {
		of(cases[i].Dialect).Add(cases[i].Verdict)
	}
	for i := range clauses {
		c := &clauses[i]
		shown := clause.Clause{Testable: clause.Testable(c.Testable)}
		if !shown.Observable(foreign) {
			continue
		}
		of(c.Dialect).ClausesTestable++
		if c.Verdict.Concluded() {
			of(c.Dialect).ClausesCovered++
		}
	}
	out := make(map[string]report.Summary, len(sums))
	for dialect, s := range sums {
		out[dialect] = *s
	}
	return out
}

// Clauses gives every clause of the dialects its verdict: the worst that a
// case concluded about it, else why none did. A clause without a case is
// not-run.
func Clauses(r *clause.Registry, cases []report.Case, dialects ...string) []report.Clause {
	verdicts, names := map[string]report.Verdict{}, map[string][]string{}
	for i := range cases {
		c := &cases[i]
		for _, id := range c.Clauses {
			verdicts[id] = worse(verdicts[id], about(c, id))
			names[id] = append(names[id], c.ID)
		}
	}
	var out []report.Clause
	for _, c := range r.All() {
		if !slices.Contains(dialects, c.Dialect) {
			continue
		}
		v := verdicts[c.ID]
		if v == "" {
			v = report.NotRun
		}
		out = append(out, report.Clause{
			ID: c.ID, Dialect: c.Dialect, Chapter: c.Chapter, Text: c.Text, Source: c.Source, Level: string(c.Level),
			Confidence: string(c.Confidence), Severity: string(c.Severity), Testable: string(c.Testable),
			Verdict: v, Cases: names[c.ID],
		})
	}
	return out
}

// about is what a case says of one of its clauses: a broken assertion names
// the clause, the others of the case hold.
func about(c *report.Case, id string) report.Verdict {
	var own []report.Broken
	for _, b := range c.Broken {
		if b.Clause == id {
			own = append(own, b)
		}
	}
	switch {
	case len(own) > 0:
		return worstOf(own)
	case c.Verdict == report.StaleWaiver, !c.Verdict.Concluded():
		return c.Verdict
	}
	return report.Passed
}

// ranks orders verdicts about a clause, worst first; conclusions outrank the
// rest.
var ranks = []report.Verdict{report.Failed, report.StaleWaiver, report.Waived, report.Warned, report.Passed,
	report.Error, report.Blocked, report.Unsupported, report.NotRun}

func worse(a, b report.Verdict) report.Verdict {
	if a == "" || slices.Index(ranks, b) < slices.Index(ranks, a) {
		return b
	}
	return a
}
