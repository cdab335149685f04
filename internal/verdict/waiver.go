package verdict

import (
	"path"
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
	if w.Target != "" && w.Target != "*" && w.Target != target {
		return false
	}
	return w.Expires.IsZero() || today.Before(w.Expires.AddDate(0, 0, 1))
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

// Idle returns the waivers that speak of this target and match no case and no
// clause of the plan, or have expired: mistakes, or leftovers.
func (j *Judge) Idle(cases []report.Case) []Waiver {
	var idle []Waiver
	for _, w := range j.Waivers {
		if w.Target != "" && w.Target != "*" && w.Target != j.Target {
			continue
		}
		if !w.applies(j.Target, j.Today) || !w.concerns(cases) {
			idle = append(idle, w)
		}
	}
	return idle
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
