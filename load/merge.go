package load

import (
	"errors"
	"fmt"
	"slices"
)

// Merge joins the results of generators that shared one schedule. A generator
// that is missing is told in missing; results that do not belong together are
// refused.
func Merge(list []*Result) (whole *Result, missing []uint64, err error) {
	if len(list) == 0 {
		return nil, nil, errors.New("load: nothing to merge")
	}
	seen := map[uint64]bool{}
	for _, r := range list {
		switch {
		case r.Seed != list[0].Seed || r.Size != list[0].Size || r.Rate != list[0].Rate || r.Round != list[0].Round || !slices.Equal(names(r), names(list[0])):
			return nil, nil, fmt.Errorf("load: the results are of different runs: seed %d, %d generators, rate %q, rounds of %v, keys %v; and seed %d, %d, %q, %v, %v",
				list[0].Seed, list[0].Size, list[0].Rate, list[0].Round, names(list[0]), r.Seed, r.Size, r.Rate, r.Round, names(r))
		case r.Rank >= r.Size:
			return nil, nil, fmt.Errorf("load: rank %d of %d generators", r.Rank, r.Size)
		case seen[r.Rank]:
			return nil, nil, fmt.Errorf("load: the result of rank %d of %d is there twice", r.Rank+1, r.Size)
		}
		seen[r.Rank] = true
	}
	for rank := range list[0].Size {
		if !seen[rank] {
			missing = append(missing, rank)
		}
	}
	whole = empty(list[0])
	for _, r := range list {
		whole.merge(r)
	}
	whole.judge()
	return whole, missing, nil
}

func names(r *Result) (list []string) {
	for _, a := range r.Arms {
		list = append(list, a.Name)
	}
	return list
}

// empty is a result of the same run that holds nothing yet.
func empty(r *Result) *Result {
	whole := *r
	whole.Rank, whole.Arms, whole.Saturated, whole.CPU, whole.Ended = 0, nil, []string{}, 0, ""
	for _, a := range r.Arms {
		whole.Arms = append(whole.Arms, &ArmResult{Name: a.Name, First: a.First, Bounds: a.Bounds, Tally: newTally(a.Tally.Step)})
	}
	return &whole
}

func (r *Result) merge(o *Result) {
	if o.Began.Before(r.Began) {
		r.Began = o.Began
	}
	r.CPU = max(r.CPU, o.CPU)
	if o.Ended != "" {
		r.Ended = o.Ended
	}
	for i, a := range o.Arms {
		into := r.Arms[i]
		into.Planned += a.Planned
		into.Elapsed = max(into.Elapsed, a.Elapsed)
		into.Most = max(into.Most, a.Most)
		into.Tally.Merge(a.Tally)
		for _, x := range a.Rounds {
			into.round(x)
		}
	}
}

// round adds a generator's part of a round.
func (a *ArmResult) round(x RoundResult) {
	i := slices.IndexFunc(a.Rounds, func(have RoundResult) bool { return have.Pair == x.Pair })
	if i < 0 {
		a.Rounds = append(a.Rounds, RoundResult{Pair: x.Pair, Response: newHistogram()})
		i = len(a.Rounds) - 1
	}
	into := &a.Rounds[i]
	into.Requests, into.OK, into.Throttled, into.Good = into.Requests+x.Requests, into.OK+x.OK, into.Throttled+x.Throttled, into.Good+x.Good
	into.Elapsed, into.Late = max(into.Elapsed, x.Elapsed), max(into.Late, x.Late)
	if x.Response != nil {
		into.Response.Merge(x.Response)
	}
	into.P50, into.P99 = into.Response.Quantile(0.5), into.Response.Quantile(0.99)
}

// Check refuses a result that was read from a file and cannot be one.
func (r *Result) Check() error {
	for _, a := range r.Arms {
		if a == nil || a.Tally == nil || a.Tally.Step <= 0 || len(a.Tally.Moments) > momentsMax {
			return errors.New("load: this is no result of harness load")
		}
		for _, m := range a.Tally.Moments {
			if m != nil && len(m.Ranges) != rangesMax {
				return fmt.Errorf("load: a moment with %d key ranges, want %d", len(m.Ranges), rangesMax)
			}
		}
	}
	if len(r.Arms) == 0 || r.Size == 0 {
		return errors.New("load: this is no result of harness load")
	}
	return nil
}
