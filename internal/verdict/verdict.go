// Package verdict turns what cases came to into verdicts, a summary, what is
// known of every clause, and the exit code. It is pure: no clock, no files, no
// network.
package verdict

import (
	"fmt"
	"slices"
	"time"

	"objectharness/internal/clause"
	"objectharness/report"
)

// Options say how strictly a run is judged.
type Options struct {
	Foreign bool // the target is not the embedded emulator
	Strict  bool // on a foreign target, a broken should fails as a must does
}

// A Judge knows everything that a verdict rests on besides the outcome.
type Judge struct {
	Registry *clause.Registry
	Options  Options
	Waivers  []Waiver
	Target   string // the target's name, as waivers give it
	Today    time.Time
}

// Policy says what becomes of a requirement that does not hold: report.Failed
// or report.Warned. A clause that the registry does not know fails.
func (o Options) Policy(c *clause.Clause) report.Verdict {
	switch {
	case !o.Foreign || c == nil:
		return report.Failed
	case !c.Proven(), c.SupersededBy != "", c.Level == clause.May:
		return report.Warned
	case c.Level == clause.Should && !o.Strict:
		return report.Warned
	}
	return report.Failed
}

// Case judges one case by its outcome. Failures come first: what is proved
// broken stays so even when the case then ran into an error.
func (j *Judge) Case(c clause.Case, o clause.Outcome) report.Case {
	out := report.Case{
		ID: c.ID, Dialect: c.Dialect, Chapter: c.Chapter, Text: c.Text, Clauses: c.Clauses,
		BlockedBy: o.Blocked, Message: o.Message, Divergence: divergence(o.Divergence), Behaviour: behaviour(o.Behaviour),
		DurationMS: milliseconds(o.Duration), Exchanges: exchanges(o.Exchanges), Curl: o.Curl,
		Stress: j.stress(c, o), Delays: delays(o.Delays),
	}
	out.Level, out.Severity = j.weight(c.Clauses)
	if o.Unsupported != "" || o.NotRun != "" {
		out.Verdict, out.Message = never(o), firstOf(o.Unsupported, o.NotRun)
		return out
	}
	j.broken(&out, o.Broken)
	out.Verdict = j.verdict(&out, o)
	return out
}

func never(o clause.Outcome) report.Verdict {
	if o.Unsupported != "" {
		return report.Unsupported
	}
	return report.NotRun
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// verdict weighs the judged assertions of a case against what else happened.
func (j *Judge) verdict(out *report.Case, o clause.Outcome) report.Verdict {
	worst := worstOf(out.Broken)
	switch {
	case worst == report.Failed:
		return report.Failed
	case o.Error != "":
		out.Message = o.Error
		return report.Error
	case o.Blocked != "":
		return report.Blocked
	case worst != "":
		return worst
	}
	if w := j.waiverOf(out, ""); w != nil {
		out.Waiver = w.model()
		out.Message = fmt.Sprintf("passes although %q is waived: remove the waiver", w.Pattern)
		return report.StaleWaiver
	}
	return report.Passed
}

// worstOf is the worst verdict among assertions, "" when all hold.
func worstOf(broken []report.Broken) report.Verdict {
	for _, v := range []report.Verdict{report.Failed, report.Waived, report.Warned} {
		if slices.ContainsFunc(broken, func(b report.Broken) bool { return b.Verdict == v }) {
			return v
		}
	}
	return ""
}

// broken judges every assertion that did not hold: another accepted reading is
// recorded and forgotten, the rest fails, warns, or is waived.
func (j *Judge) broken(out *report.Case, all []clause.Broken) {
	accepted := map[string]bool{}
	if j.Options.Foreign {
		accepted = j.accept(out, all)
	}
	for _, b := range all {
		if accepted[b.Clause] {
			continue
		}
		v := j.Options.Policy(j.Registry.Get(b.Clause))
		if v == report.Failed {
			if w := j.waiverOf(out, b.Clause); w != nil {
				v, out.Waiver = report.Waived, w.model()
			}
		}
		out.Broken = append(out.Broken, report.Broken{
			Clause: b.Clause, What: string(b.What), Expected: b.Expected, Got: b.Got, Verdict: v,
		})
	}
}

// accept finds the clauses of which every broken assertion got an answer that
// the clause accepts, and records which.
func (j *Judge) accept(out *report.Case, all []clause.Broken) map[string]bool {
	found := map[string][]report.Accepted{}
	refused := map[string]bool{}
	did := j.did(all)
	for _, b := range all {
		if b.What == clause.BrokenEffect && did[b.Clause] {
			continue // it follows from an answer that counts as right
		}
		a := alternative(j.Registry.Get(b.Clause), b)
		if a == nil {
			refused[b.Clause] = true
			continue
		}
		entry := report.Accepted{Clause: b.Clause, Status: a.Status.String(), Code: a.Code, Value: a.Value, Source: a.Source}
		if !slices.Contains(found[b.Clause], entry) {
			found[b.Clause] = append(found[b.Clause], entry)
		}
	}
	accepted := map[string]bool{}
	for _, b := range all {
		if !refused[b.Clause] && !accepted[b.Clause] {
			accepted[b.Clause] = true
			out.Accepted = append(out.Accepted, found[b.Clause]...)
		}
	}
	return accepted
}

// did tells of each clause whether the reply was a success that its list of
// alternatives allows where the first of them is a refusal: then what was asked
// for has been done, too.
func (j *Judge) did(all []clause.Broken) map[string]bool {
	out := map[string]bool{}
	for _, b := range all {
		c := j.Registry.Get(b.Clause)
		if b.What == clause.BrokenStatus && b.GotStatus/100 == 2 && alternative(c, b) != nil {
			out[b.Clause] = !c.Accept[0].Status.Matches(200) && !c.Accept[0].Status.Matches(204)
		}
	}
	return out
}

// alternative is the listed answer that a broken assertion got, nil when there
// is none. A reply without a code (HEAD has none) can only be compared by its
// status, unless the code is what is missing.
func alternative(c *clause.Clause, b clause.Broken) *clause.Answer {
	if c == nil || b.GotStatus == 0 {
		return nil
	}
	for i := range c.Accept {
		a := c.Accept[i]
		if b.GotCode == "" && b.What != clause.BrokenCode {
			a.Code = ""
		}
		if a.Matches(b.GotStatus, b.GotCode, b.Step) {
			return &c.Accept[i]
		}
	}
	return nil
}

// weight is the strongest level and the worst severity among clauses.
func (j *Judge) weight(ids []string) (level, severity string) {
	levels, severities := len(clause.Levels()), len(clause.Severities())
	for _, id := range ids {
		if c := j.Registry.Get(id); c != nil {
			levels = min(levels, slices.Index(clause.Levels(), c.Level))
			severities = min(severities, slices.Index(clause.Severities(), c.Severity))
		}
	}
	if levels < len(clause.Levels()) {
		level = string(clause.Levels()[levels])
	}
	if severities < len(clause.Severities()) {
		severity = string(clause.Severities()[severities])
	}
	return level, severity
}
