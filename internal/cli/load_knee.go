package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"objectharness/load"
	"objectharness/report"
)

// usualAims are the objectives of a search that names none.
var usualAims = []string{"error_rate<1%", "p99<100ms"}

// kneeProbes is how many probes share the measured time of a search.
const kneeProbes = 12

// searchKnees finds the highest rate that keeps the objectives, for each arm. The
// result is what was measured at the highest rate that was kept.
func (l *loadRun) searchKnees(ctx context.Context) (*load.Result, error) {
	if len(l.options.parsed) == 0 {
		l.options.objectives = usualAims
		if err := l.options.aims(); err != nil {
			return nil, err
		}
	}
	start, err := strconv.ParseFloat(l.options.rate, 64)
	if err != nil {
		return nil, err // it was looked at before
	}
	var whole *load.Result
	l.knees = map[string]*report.Knee{}
	for i, arm := range l.experiment.Arms {
		found, err := l.searchKnee(ctx, i, start)
		if found != nil && whole == nil {
			whole = found
		} else if found != nil {
			whole.Arms = append(whole.Arms, found.Arms...)
			whole.Saturated = append(whole.Saturated, found.Saturated...)
		}
		if err != nil {
			return whole, fmt.Errorf("%s keys: %w", arm.Name, err)
		}
	}
	return whole, nil
}

// searchKnee searches with the keys of one arm. Every probe writes keys that no
// probe before has written.
func (l *loadRun) searchKnee(ctx context.Context, arm int, start float64) (best *load.Result, err error) {
	x := *l.experiment
	x.Arms, x.Pairs, x.Warm, x.Progress = x.Arms[arm:arm+1], 1, 0, nil
	x.Round = max(l.options.duration/time.Duration(kneeProbes*len(l.experiment.Arms)), 100*time.Millisecond)
	knee, err := load.FindKnee(ctx, start, func(ctx context.Context, rate float64) (bool, string, error) {
		x.Rate = strconv.FormatFloat(rate, 'f', 1, 64)
		r, err := x.Run(ctx)
		if err != nil {
			return false, "", err
		}
		x.Workload.Objects += uint64(rate*x.Round.Seconds()) + 1
		kept, measured := l.keeps(r)
		if kept || best == nil {
			best = r
		}
		fmt.Fprintf(l.stderr, "%s keys at %.0f/s: %s\n", x.Arms[0].Name, rate, measured)
		return kept, measured, nil
	})
	if err != nil && !errors.Is(err, load.ErrNoKnee) {
		return best, err
	}
	l.knees[x.Arms[0].Name] = kneeOf(knee, kneeText(x.Arms[0].Name, knee, l.options.objectives))
	return best, nil
}

// keeps tells whether a probe keeps every objective. Response times count from
// the planned start: a generator that does not keep up breaks them as well, and
// that is said.
func (l *loadRun) keeps(r *load.Result) (bool, string) {
	for _, aim := range l.options.parsed {
		if kept, got := aim.Check(r.Arms[0]); !kept {
			why := ""
			if len(r.Saturated) > 0 {
				why = "; the generator did not keep its plan: " + r.Saturated[0]
			}
			return false, aim.Text + " is broken: " + got + why
		}
	}
	_, got := l.options.parsed[0].Check(r.Arms[0])
	return true, "every objective is kept, " + l.options.parsed[0].Text + ": " + got
}

func kneeOf(k *load.Knee, text string) *report.Knee {
	out := &report.Knee{KeptRPS: k.Kept, BrokenRPS: k.Broken, Text: text}
	for _, p := range k.Probes {
		out.Probes = append(out.Probes, report.Probe{RPS: p.Rate, Kept: p.Kept, Measured: p.Measured})
	}
	return out
}

// kneeText is the finding in one line.
func kneeText(name string, k *load.Knee, texts []string) string {
	aims := strings.Join(texts, " and ")
	switch {
	case k.Kept == 0:
		return fmt.Sprintf("%s keys: not even %.0f requests a second keep %s", name, k.Broken, aims)
	case k.Broken == 0:
		return fmt.Sprintf("%s keys: %.0f requests a second keep %s, and no higher rate was tried that does not", name, k.Kept, aims)
	}
	return fmt.Sprintf("%s keys: %s is kept up to %.0f requests a second, and not at %.0f (%s); %d rates were tried", name, aims, k.Kept, k.Broken, lastBroken(k), len(k.Probes))
}

// lastBroken is why the lowest rate that was not kept was not.
func lastBroken(k *load.Knee) string {
	for _, p := range k.Probes {
		if p.Rate == k.Broken {
			return p.Measured
		}
	}
	return ""
}
