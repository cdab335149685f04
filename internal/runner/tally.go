package runner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"
)

// A tally compares what is told with what was planned and feeds the observer.
// It is not safe for concurrent use.
type tally struct {
	plan     types.Report
	observer Observer
	open     map[string]int                // planned specs without an outcome
	told     map[string][]types.SpecReport // outcomes
	setups   []types.SpecReport            // failed set-up nodes
	lost     []string                      // processes that died
}

func newTally(plan types.Report, observer Observer) *tally {
	t := &tally{plan: plan, observer: observer, open: map[string]int{}, told: map[string][]types.SpecReport{}}
	for _, s := range plan.SpecReports {
		t.open[identity(s)]++
	}
	if observer != nil {
		observer.Begin(plan)
	}
	return t
}

// identity tells specs apart in all processes: reports carry no number.
func identity(s types.SpecReport) string {
	return s.FullText() + "\x00" + strings.Join(s.Labels(), "\x00")
}

// take keeps the outcome of a planned spec, or a set-up node that failed. Specs
// left out by a filter are told by Ginkgo too, and dropped here.
func (t *tally) take(s types.SpecReport) {
	if s.LeafNodeType != types.NodeTypeIt {
		t.takeSetup(s)
		return
	}
	id := identity(s)
	if t.open[id] == 0 {
		return
	}
	t.open[id]--
	clean(&s)
	t.told[id] = append(t.told[id], s)
	if t.observer != nil {
		t.observer.Spec(s)
	}
}

func (t *tally) takeSetup(s types.SpecReport) {
	if s.LeafNodeType != types.NodeTypeIt && s.Failed() {
		clean(&s)
		t.setups = append(t.setups, s)
	}
}

// finish gives r the specs in the plan's order and fills in those never told.
func (t *tally) finish(r types.Report, interrupted bool) types.Report {
	state, why := t.absence(interrupted)
	r.SpecReports = nil
	r.SuitePath, r.PreRunStats = "", t.plan.PreRunStats
	r.SuiteConfig.DryRun, r.SuiteConfig.ParallelProcess, r.SuiteConfig.ParallelHost = false, 1, ""
	for _, s := range t.plan.SpecReports {
		id := identity(s)
		if len(t.told[id]) == 0 {
			s.State, s.Failure.Message = state, why
			s.Failure.Location = s.LeafNodeLocation
			t.take(s)
			r.SuiteSucceeded = false
		}
		r.SpecReports = append(r.SpecReports, t.told[id][0])
		t.told[id] = t.told[id][1:]
	}
	r.SpecReports = append(r.SpecReports, t.setups...)
	reasons := append(slices.Clip(r.SpecialSuiteFailureReasons), t.lost...)
	if interrupted && !Interrupted(r) {
		reasons = append(reasons, byUser)
	}
	r.SpecialSuiteFailureReasons = reasons
	r.SuiteSucceeded = r.SuiteSucceeded && len(reasons) == 0
	return r
}

// absence says what to report of a spec that was planned and never told.
func (t *tally) absence(interrupted bool) (types.SpecState, string) {
	switch {
	case len(t.lost) > 0 && !interrupted:
		return Missing, "no outcome: " + strings.Join(t.lost, "; ")
	case interrupted:
		return types.SpecStateSkipped, "not run: the run was interrupted"
	case len(t.setups) > 0:
		s := t.setups[0]
		return Missing, fmt.Sprintf("not run: %s failed: %s", s.LeafNodeType, firstLine(s.Failure))
	}
	return Missing, "no outcome: Ginkgo did not report this spec"
}

func firstLine(f types.Failure) string {
	message := f.Message
	if f.ForwardedPanic != "" {
		message += ": " + f.ForwardedPanic
	}
	line, _, _ := strings.Cut(message, "\n")
	return line
}
