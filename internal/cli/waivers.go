package cli

import (
	"fmt"
	"path"
	"time"

	"objectharness/internal/target"
	"objectharness/internal/verdict"
)

// A waiver as its file has it.
type waiver struct {
	Line    int    `yaml:"-"`
	Column  int    `yaml:"-"`
	Target  string `yaml:"target"`
	Pattern string `yaml:"pattern"`
	Reason  string `yaml:"reason"`
	Ticket  string `yaml:"ticket"`
	Expires string `yaml:"expires"` // day
}

// readWaivers reads a waivers file; no name gives none.
func readWaivers(name string) ([]verdict.Waiver, error) {
	if name == "" {
		return nil, nil
	}
	var list []waiver
	if err := target.ReadYAML(name, &list); err != nil {
		return nil, usage("--waivers: %v", err)
	}
	out := make([]verdict.Waiver, len(list))
	for i, w := range list {
		expires, err := w.check()
		if err != nil {
			return nil, usage("--waivers: %s:%d:%d: %v", name, w.Line, w.Column, err)
		}
		out[i] = verdict.Waiver{Target: w.Target, Pattern: w.Pattern, Reason: w.Reason, Ticket: w.Ticket, Expires: expires}
	}
	return out, nil
}

// check tells what is wrong with a waiver, and its last day.
func (w *waiver) check() (expires time.Time, err error) {
	if _, err := path.Match(w.Pattern, ""); err != nil || w.Pattern == "" {
		return expires, fmt.Errorf("pattern: expected the id of a case or a clause, with * and ?, got %q", w.Pattern)
	}
	if w.Reason == "" {
		return expires, fmt.Errorf("reason: a waiver needs one")
	}
	if w.Expires == "" {
		return expires, nil
	}
	if expires, err = time.Parse(time.DateOnly, w.Expires); err != nil {
		return expires, fmt.Errorf("expires: expected a day such as 2027-12-31, got %q", w.Expires)
	}
	return expires, nil
}
