package cli

import (
	"slices"

	"objectharness/internal/clause"
	"objectharness/internal/verdict"
	"objectharness/report"
	"objectharness/suites"
)

// gate holds the run against the rules of the gate. What an interrupted run, or
// one whose target was gone, lacks is no finding about the target.
func (s *session) gate(run *report.Run) {
	var broken []report.GateRule
	for _, c := range s.configs {
		for _, g := range s.judges[c.Dialect].GateWaivers(s.known) {
			if !slices.Contains(broken, g) { // a waiver of all dialects is one mistake
				broken = append(broken, g)
			}
		}
	}
	for i := range run.Targets {
		broken = append(broken, verdict.Features(run.Targets[i].Name, run.Targets[i].Features)...)
	}
	if s.end.Interrupted || s.end.TargetGone != "" {
		run.Gate = broken
		return
	}
	if s.baseline != nil {
		worse, known := verdict.Baseline(s.baseline.Cases, run.Cases)
		if broken = append(broken, worse...); s.options.ratchet {
			s.end.Known = known
		}
	}
	if s.options.floor > 0 {
		broken = append(broken, verdict.Floor(s.registry, run.Cases, s.configs[0].Foreign(), s.options.floor)...)
	}
	run.Gate, s.end.Gate = broken, verdict.Rules(broken)
}

// waivable are the ids of all cases, and of the clauses that they are about; none
// where nothing is waived, as they take time to make.
func waivable(waivers []verdict.Waiver) (ids []string) {
	if len(waivers) == 0 {
		return nil
	}
	clauses := map[string]bool{}
	for _, d := range suites.Dialects() {
		for _, c := range suites.Cases(d) {
			ids = append(ids, c.ID)
			for _, id := range c.Clauses {
				if !clauses[id] {
					clauses[id] = true
					ids = append(ids, id)
				}
			}
		}
	}
	return ids
}

// readBaseline reads the run of --baseline; no name gives none. It must have a
// case in common with the plan.
func readBaseline(name string, plan []clause.Case) (*report.Run, error) {
	if name == "" {
		return nil, nil
	}
	run, err := report.ReadFile(name)
	if err != nil {
		return nil, usage("--baseline: %v", err)
	}
	shared := slices.ContainsFunc(run.Cases, func(c report.Case) bool {
		return slices.ContainsFunc(plan, func(p clause.Case) bool { return p.ID == c.ID })
	})
	if !shared {
		return nil, usage("--baseline: %s has no case in common with this run: give the run.json of the same dialect and selection", name)
	}
	return run, nil
}

// measure adds up how long reads took to show what was written.
func (s *session) measure(dialect string, delays []clause.Delay) {
	for _, d := range delays {
		if s.delays[dialect] == nil {
			s.delays[dialect] = map[string]*report.Convergence{}
		}
		c := s.delays[dialect][d.Kind]
		if c == nil {
			c = &report.Convergence{Dialect: dialect, Kind: d.Kind, WindowMS: float64(d.Window.Microseconds()) / 1000}
			s.delays[dialect][d.Kind] = c
		}
		c.Reads++
		switch {
		case !d.Seen:
			c.Missed++
		case d.Looks > 1:
			c.Late++
			c.LongestMS = max(c.LongestMS, float64(d.Took.Microseconds())/1000)
		}
	}
}

// convergence is what was measured so far, dialect by dialect.
func (s *session) convergence() (all []report.Convergence) {
	for _, c := range s.configs {
		for _, kind := range []string{"object", "list", "config"} {
			if m := s.delays[c.Dialect][kind]; m != nil {
				all = append(all, *m)
			}
		}
	}
	return all
}
