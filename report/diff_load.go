package report

import "fmt"

// A DiffLoad is one way of loading a store as it is in each run, nil where it is
// missing.
type DiffLoad struct {
	Dialect, Operation, Keys string
	Rate                     float64 // planned, a second; 0 in a closed loop
	Loads                    []*Load
}

// diffLoads sets the loads of runs side by side that have dialect, operation,
// keys and planned rate in common.
func diffLoads(runs []*Run) (all []DiffLoad) {
	type key struct {
		dialect, operation, keys string
		rate                     float64
	}
	index := map[key]int{}
	for at, run := range runs {
		for i := range run.Loads {
			l := &run.Loads[i]
			k := key{l.Dialect, l.Operation, l.Keys, l.RateRPS}
			n, ok := index[k]
			if !ok {
				n = len(all)
				index[k] = n
				all = append(all, DiffLoad{Dialect: l.Dialect, Operation: l.Operation, Keys: l.Keys, Rate: l.RateRPS, Loads: make([]*Load, len(runs))})
			}
			all[n].Loads[at] = l
		}
	}
	return all
}

// Title names what was loaded how.
func (l *DiffLoad) Title() string {
	rate := "closed loop"
	if l.Rate > 0 {
		rate = perSecond(l.Rate) + " planned"
	}
	return fmt.Sprintf("%s, %s, %s keys, %s", l.Dialect, l.Operation, l.Keys, rate)
}

// Change is how the completed requests of a run differ from those of the first
// run that has the load, "" for that one.
func (l *DiffLoad) Change(at int) string {
	for i, base := range l.Loads {
		switch {
		case base == nil:
			continue
		case i == at || base.DoneRPS <= 0 || l.Loads[at] == nil:
			return ""
		}
		return fmt.Sprintf("%+.1f %%", 100*(l.Loads[at].DoneRPS/base.DoneRPS-1))
	}
	return ""
}

// both tells whether the first and the last run have the load.
func (l *DiffLoad) both() bool { return l.Loads[0] != nil && l.Loads[len(l.Loads)-1] != nil }

// SharedLoads returns how many loads both the first and the last run have.
func (d *Diff) SharedLoads() int {
	n := 0
	for i := range d.Loads {
		if d.Loads[i].both() {
			n++
		}
	}
	return n
}
