package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A group is the cases of one chapter of one dialect, in the order of the run.
type group struct {
	Dialect, Chapter string
	Cases            []*Case
}

func (g group) duration() float64 {
	ms := 0.0
	for _, c := range g.Cases {
		ms += c.DurationMS
	}
	return ms
}

// Summary counts the cases of the group.
func (g group) Summary() Summary {
	var s Summary
	for _, c := range g.Cases {
		s.Add(c.Verdict)
	}
	return s
}

// groups are the cases by dialect and chapter, in the order of the report.
func (r *Run) groups() []group {
	index := map[[2]string]int{}
	var all []group
	for i := range r.Cases {
		c := &r.Cases[i]
		key := [2]string{c.Dialect, c.Chapter}
		at, ok := index[key]
		if !ok {
			at = len(all)
			index[key] = at
			all = append(all, group{Dialect: c.Dialect, Chapter: c.Chapter})
		}
		all[at].Cases = append(all[at].Cases, c)
	}
	dialects, chapters := r.dialects(), r.chapters()
	slices.SortStableFunc(all, func(a, b group) int {
		return cmp.Or(cmp.Compare(slices.Index(dialects, a.Dialect), slices.Index(dialects, b.Dialect)),
			cmp.Compare(slices.Index(chapters, a.Chapter), slices.Index(chapters, b.Chapter)))
	})
	return all
}

// dialects are the dialects of the run: those of its targets first, then what
// else cases, summary and clauses speak of.
func (r *Run) dialects() []string {
	var all []string
	for i := range r.Targets {
		all = appendNew(all, r.Targets[i].Dialect)
	}
	for i := range r.Cases {
		all = appendNew(all, r.Cases[i].Dialect)
	}
	var rest []string
	for dialect := range r.Summary {
		rest = append(rest, dialect)
	}
	slices.Sort(rest)
	for _, dialect := range rest {
		all = appendNew(all, dialect)
	}
	return all
}

// chapters are those of the run that have a case, in the order given.
func (r *Run) chapters() []string {
	var used []string
	for i := range r.Cases {
		used = appendNew(used, r.Cases[i].Chapter)
	}
	var all []string
	for _, chapter := range r.Chapters {
		if slices.Contains(used, chapter) {
			all = appendNew(all, chapter)
		}
	}
	for _, chapter := range used {
		all = appendNew(all, chapter)
	}
	return all
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// target is the target of a dialect; a run has one for each.
func (r *Run) target(dialect string) Target {
	for _, t := range r.Targets {
		if t.Dialect == dialect {
			return t
		}
	}
	return Target{Dialect: dialect}
}

// Total counts the cases of all dialects.
func (r *Run) Total() Summary {
	var total Summary
	for _, s := range r.Summary {
		for _, v := range Verdicts() {
			*total.count(v) += s.Of(v)
		}
		total.ClausesTestable += s.ClausesTestable
		total.ClausesCovered += s.ClausesCovered
	}
	return total
}

// Headline is the verdict of the whole run in a few words.
func (r *Run) Headline() string {
	if r.LoadsOnly() {
		return r.loadHeadline()
	}
	switch r.Exit {
	case 0:
		if total := r.Total(); total.Failed+total.StaleWaiver > 0 {
			return "No worse than the baseline"
		}
		return "Conformant"
	case 1:
		return "Not conformant"
	case 2:
		return "Nothing was checked"
	case 130:
		return "Interrupted"
	}
	return "The run could not do its work"
}

// Again is the command line that runs one case of the run again.
func (r *Run) Again(c *Case) string {
	command := r.Command
	if command == "" {
		command = "harness run --dialect " + c.Dialect
	}
	return fmt.Sprintf("%s --seed %d --only %s", command, r.Seed, c.ID)
}

// Summary says in one line why a case has its verdict, "" when it passed.
func (c *Case) Summary() string {
	switch {
	case c.Verdict == Blocked:
		return "blocked by: " + c.BlockedBy
	case len(c.Broken) > 0:
		b := c.Broken[c.worst()]
		more := ""
		if n := len(c.Broken) - 1; n > 0 {
			more = fmt.Sprintf(" (and %d more)", n)
		}
		return fmt.Sprintf("%s: expected %s, got %s%s", b.Clause, b.Expected, b.Got, more)
	}
	return c.Message
}

// worst is the first assertion that has the verdict of the case.
func (c *Case) worst() int {
	return max(0, slices.IndexFunc(c.Broken, func(b Broken) bool { return b.Verdict == c.Verdict }))
}

// Troubled tells whether a case needs attention.
func (c *Case) Troubled() bool {
	switch c.Verdict {
	case Failed, StaleWaiver, Error, Blocked, Warned:
		return true
	}
	return false
}

// troubled are the cases that need attention, the worst verdict and severity
// first.
func (r *Run) troubled() []*Case {
	var all []*Case
	for i := range r.Cases {
		if c := &r.Cases[i]; c.Troubled() {
			all = append(all, c)
		}
	}
	severities := []string{"data-loss", "security", "interop", "cosmetic", ""}
	slices.SortStableFunc(all, func(a, b *Case) int {
		return cmp.Or(cmp.Compare(slices.Index(Verdicts(), a.Verdict), slices.Index(Verdicts(), b.Verdict)),
			cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity)))
	})
	return all
}

// percent writes n of total; an incomplete whole is never shown as 100 %, and
// something never as 0 %.
func percent(n, total int) string {
	switch {
	case total == 0:
		return "–"
	case n == total:
		return "100 %"
	case n == 0:
		return "0 %"
	}
	return fmt.Sprintf("%.1f %%", min(99.9, max(0.1, 100*float64(n)/float64(total))))
}

// counts writes the counters of a summary that are not zero.
func (s Summary) counts() string {
	var parts []string
	for _, v := range Verdicts() {
		if n := s.Of(v); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		}
	}
	if len(parts) == 0 {
		return "no case"
	}
	return strings.Join(parts, ", ")
}
