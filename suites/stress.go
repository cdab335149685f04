package suites

import (
	"context"
	"fmt"
	"slices"

	"objectharness/internal/clause"
)

// Stress runs a case so many times, one after the other, and gives the outcome
// of the worst run together with what all of them came to.
func Stress(ctx context.Context, sub *Subject, c Case, times int) clause.Outcome {
	var worst clause.Outcome
	var runs []clause.Repeated
	var delays []clause.Delay
	for n := range times {
		o := RunCase(ctx, sub, c)
		if n == 0 || rank(o) < rank(worst) {
			worst = o
		}
		runs, delays = add(runs, o), append(delays, o.Delays...)
	}
	worst.Runs, worst.Delays = runs, delays
	return worst
}

// rank orders outcomes, the one that says most first.
func rank(o clause.Outcome) int {
	switch {
	case len(o.Broken) > 0:
		return 0
	case o.Error != "":
		return 1
	case o.Blocked != "":
		return 2
	case o.NotRun != "" || o.Unsupported != "":
		return 3
	}
	return 4
}

// add counts a run among those that came to the same.
func add(runs []clause.Repeated, o clause.Outcome) []clause.Repeated {
	o.Exchanges, o.Curl, o.Duration, o.Divergence, o.Delays = nil, "", 0, nil, nil
	text := fmt.Sprint(o)
	at := slices.IndexFunc(runs, func(r clause.Repeated) bool { return fmt.Sprint(r.Outcome) == text })
	if at < 0 {
		return append(runs, clause.Repeated{Times: 1, Outcome: o})
	}
	runs[at].Times++
	return runs
}
