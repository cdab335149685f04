package verdict

import (
	"fmt"
	"path"
	"slices"
	"time"

	"objectharness/report"
)

// A Waiver is a known failure of a target, with its reason.
type Waiver struct {
	Target  string    // the target's name; "" or "*" for any
	Pattern string    // a case id or a clause id, * and ? as in path.Match
	Reason  string    // why it is waived
	Ticket  string    // where it is followed up
	Expires time.Time // the last day on which it counts; zero for ever
}

// applies tells whether a waiver counts for a target on a day.
func (w *Waiver) applies(target string, today time.Time) bool {
	return w.names(target) && !w.expired(today)
}

func (w *Waiver) names(target string) bool {
	return w.Target == "" || w.Target == "*" || w.Target == target
}

func (w *Waiver) expired(today time.Time) bool {
	return !w.Expires.IsZero() && !today.Before(w.Expires.AddDate(0, 0, 1))
}

func (w *Waiver) matches(id string) bool {
	ok, err := path.Match(w.Pattern, id)
	return err == nil && ok
}

func (w *Waiver) model() *report.Waiver {
	m := &report.Waiver{Pattern: w.Pattern, Reason: w.Reason, Ticket: w.Ticket}
	if !w.Expires.IsZero() {
		m.Expires = w.Expires.Format(time.DateOnly)
	}
	return m
}

// waiverOf finds the waiver of a case's broken clause; with clause "" that of
// the case or of any of its clauses.
func (j *Judge) waiverOf(c *report.Case, broken string) *Waiver {
	ids := []string{c.ID, broken}
	if broken == "" {
		ids = append([]string{c.ID}, c.Clauses...)
	}
	for i := range j.Waivers {
		w := &j.Waivers[i]
		if !w.applies(j.Target, j.Today) {
			continue
		}
		for _, id := range ids {
			if w.matches(id) {
				return w
			}
		}
	}
	return nil
}

// Idle says of the waivers that do not count in a run why: they are another
// target's, or their cases were not selected. Equal sentences come once. What is
// out of date or matches nothing at all breaks a rule of the gate (GateWaivers).
func (j *Judge) Idle(cases []report.Case, known []string) (why []string) {
	for i := range j.Waivers {
		if text := j.idle(&j.Waivers[i], cases, known); text != "" && !slices.Contains(why, text) {
			why = append(why, text)
		}
	}
	return why
}

func (j *Judge) idle(w *Waiver, cases []report.Case, known []string) string {
	switch {
	case !w.names(j.Target):
		return fmt.Sprintf("waivers of the target %q do not count: this run's target is called %q", w.Target, j.Target)
	case w.expired(j.Today), !slices.ContainsFunc(known, w.matches):
		return ""
	case !w.concerns(cases):
		return fmt.Sprintf("the waiver of %q matches no case and no clause of this run", w.Pattern)
	}
	return ""
}

func (w *Waiver) concerns(cases []report.Case) bool {
	for i := range cases {
		if w.matches(cases[i].ID) {
			return true
		}
		for _, id := range cases[i].Clauses {
			if w.matches(id) {
				return true
			}
		}
	}
	return false
}
