package report

// A Score is the part of the clauses that a run selected which are shown to
// hold. Selected is fixed before the first case runs: a case that is skipped,
// blocked, waived or lost takes its clauses out of what holds and never out of
// what was selected, so that a score cannot rise by running less.
type Score struct {
	Hold     int // clauses of which every selected case passed
	Selected int // clauses of which a case was selected
}

// Text writes the score, 100 % only for all.
func (s Score) Text() string { return percent(s.Hold, s.Selected) }

// Score counts the clauses of all dialects.
func (r *Run) Score() Score { return r.score(func(string) bool { return true }) }

// ScoreOf counts the clauses of one dialect.
func (r *Run) ScoreOf(dialect string) Score {
	return r.score(func(d string) bool { return d == dialect })
}

func (r *Run) score(of func(dialect string) bool) (s Score) {
	holds := map[string]bool{}
	for i := range r.Cases {
		c := &r.Cases[i]
		if !of(c.Dialect) {
			continue
		}
		for _, id := range c.Clauses {
			known, seen := holds[id]
			holds[id] = (known || !seen) && c.shows(id)
		}
	}
	for _, hold := range holds {
		s.Selected++
		if hold {
			s.Hold++
		}
	}
	return s
}

// shows tells whether the case shows that a clause holds: it came to an end, and
// what it found broken, if anything, is about other clauses.
func (c *Case) shows(clause string) bool {
	if !c.Verdict.Concluded() {
		return false
	}
	for _, b := range c.Broken {
		if b.Clause == clause {
			return false
		}
	}
	return true
}
