package verdict

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"objectharness/internal/clause"
	"objectharness/report"
)

// rules of the gate, as run.json calls them.
const (
	ruleExpired  = "waiver-expired"
	ruleIdle     = "waiver-idle"
	ruleFailure  = "new-failure"
	ruleCoverage = "lost-coverage"
	ruleVanished = "vanished-case"
	ruleFloor    = "floor"
	ruleFeature  = "feature"
)

// examples is how many cases a sentence of the gate names.
const examples = 5

// GateWaivers are the rules of the gate that the waivers of this target break: one
// is out of date, or matches nothing that the harness has. known are the ids of
// all its cases and of the clauses that they are about.
func (j *Judge) GateWaivers(known []string) (broken []report.GateRule) {
	for i := range j.Waivers {
		w := &j.Waivers[i]
		switch {
		case !w.names(j.Target):
		case w.expired(j.Today):
			broken = append(broken, report.GateRule{Rule: ruleExpired,
				What: fmt.Sprintf("the waiver of %q expired: its last day was %s", w.Pattern, w.Expires.Format(time.DateOnly)),
				Do:   "Remove it when " + ticket(w) + " is done; else give it a new last day, with whoever owns the reason."})
		case !slices.ContainsFunc(known, w.matches):
			broken = append(broken, report.GateRule{Rule: ruleIdle,
				What: fmt.Sprintf("the waiver of %q matches no case, and no clause that a case is about", w.Pattern),
				Do:   "Correct the pattern (harness list shows cases and clauses), or remove the waiver."})
		}
	}
	return broken
}

func ticket(w *Waiver) string {
	if w.Ticket == "" {
		return "what it waits for"
	}
	return w.Ticket
}

// Baseline compares a run with an earlier one, and gives the rules of the gate
// that it breaks: a failure that is new, a case that says nothing any more, one
// that is gone. known is how many failures both have.
func Baseline(before, now []report.Case) (broken []report.GateRule, known int) {
	was := map[string]report.Verdict{}
	for i := range before {
		was[before[i].ID] = before[i].Verdict
	}
	var fresh, silent, gone []string
	for i := range now {
		c := &now[i]
		old := was[c.ID]
		switch {
		case fails(c.Verdict) && fails(old):
			known++
		case fails(c.Verdict):
			fresh = append(fresh, c.ID)
		case old.Concluded() && !c.Verdict.Concluded():
			silent = append(silent, fmt.Sprintf("%s (%s)", c.ID, c.Verdict))
		}
		delete(was, c.ID)
	}
	for i := range before {
		if _, left := was[before[i].ID]; left {
			gone = append(gone, before[i].ID)
		}
	}
	add := func(rule string, ids []string, what, do string) {
		if len(ids) > 0 {
			broken = append(broken, report.GateRule{Rule: rule, What: what + ": " + some(ids), Do: do})
		}
	}
	add(ruleFailure, fresh, number(len(fresh))+" that did not fail in the baseline", "Mend the target, or waive the failure with a reason and a last day.")
	add(ruleCoverage, silent, number(len(silent))+" that said something in the baseline and says nothing now", "Find out what blocked it: its message in the report says so.")
	add(ruleVanished, gone, number(len(gone))+" of the baseline that this run does not have", "Run the same selection as the baseline; after a change of the harness make a new baseline.")
	return broken, known
}

func fails(v report.Verdict) bool { return v == report.Failed || v == report.StaleWaiver }

// some names the first of many.
func some(ids []string) string {
	if len(ids) <= examples {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:examples], ", "), len(ids)-examples)
}

// Floor holds the share of clauses about which cases concluded something, of
// those that the planned cases are about and that such a target can show,
// against a floor in percent; dialect by dialect.
func Floor(r *clause.Registry, cases []report.Case, foreign bool, floor float64) (broken []report.GateRule) {
	about, covered := map[string]map[string]bool{}, map[string]int{}
	var dialects []string
	for i := range cases {
		c := &cases[i]
		if about[c.Dialect] == nil {
			about[c.Dialect], dialects = map[string]bool{}, append(dialects, c.Dialect)
		}
		for _, id := range c.Clauses {
			if known := r.Get(id); known != nil && known.Observable(foreign) {
				if c.Verdict.Concluded() && !about[c.Dialect][id] {
					covered[c.Dialect]++
				}
				about[c.Dialect][id] = about[c.Dialect][id] || c.Verdict.Concluded()
			}
		}
	}
	for _, d := range dialects {
		n := len(about[d])
		if n == 0 || 100*float64(covered[d]) >= floor*float64(n) {
			continue
		}
		broken = append(broken, report.GateRule{Rule: ruleFloor,
			What: fmt.Sprintf("%s: cases concluded something about %d of the %d clauses that they are about (%.1f %%), and the floor is %g %%", d, covered[d], n, 100*float64(covered[d])/float64(n), floor),
			Do:   "Look at the cases that were blocked or did not run: a second account or a larger budget may be missing. --floor sets another floor."})
	}
	return broken
}

// Features are the rules of the gate that declared features break: the probe of
// one shows the opposite, or cannot show that it is absent.
func Features(target string, all []report.Feature) (broken []report.GateRule) {
	for _, f := range all {
		if f.Probe == f.Declared || f.Declared == "present" && f.Probe == "unclear" {
			continue
		}
		broken = append(broken, report.GateRule{Rule: ruleFeature,
			What: fmt.Sprintf("the target file of %s declares %s %s, and the probe says %s: %s", target, f.Name, f.Declared, f.Probe, f.Detail),
			Do:   "Correct the target file, or the target."})
	}
	return broken
}

// Rules says in one sentence which rules are broken.
func Rules(broken []report.GateRule) string {
	var all []string
	for _, g := range broken {
		all = append(all, g.What)
	}
	return strings.Join(all, "; ")
}
