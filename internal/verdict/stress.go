package verdict

import (
	"math"

	"objectharness/internal/clause"
	"objectharness/report"
)

// Level is that of the interval of a pass rate.
const Level = 0.95

// z is the quantile of the normal distribution that belongs to Level, two-sided.
const z = 1.959963984540054

// stress judges every run of a case that ran many times; nil for one that ran
// once.
func (j *Judge) stress(c clause.Case, o clause.Outcome) *report.Stress {
	if len(o.Runs) == 0 {
		return nil
	}
	s := &report.Stress{Level: Level, Method: "Wilson"}
	for _, r := range o.Runs {
		s.Runs += r.Times
		once := Judge{Registry: j.Registry, Options: j.Options, Target: j.Target, Today: j.Today} // a waiver changes no rate
		switch v := once.Case(c, r.Outcome).Verdict; {
		case v == report.Passed:
			s.Passed += r.Times
		case v.Concluded():
			s.Failed += r.Times
		default:
			s.Silent += r.Times
		}
	}
	if n := s.Passed + s.Failed; n > 0 {
		s.Rate = float64(s.Passed) / float64(n)
	}
	s.Low, s.High = Wilson(s.Passed, s.Passed+s.Failed)
	return s
}

// Wilson is the score interval of a rate of k in n at Level (Wilson 1927): it
// never leaves 0 to 1 and says something of 0 in n and n in n, too. Of nothing
// it is 0 to 1.
func Wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	p, m := float64(k)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	low, high = max(0, middle-half), min(1, middle+half)
	if k == 0 {
		low = 0 // exactly; rounding may differ
	}
	if k == n {
		high = 1
	}
	return low, high
}

// delays are the reads of a case that were not seen at once.
func delays(all []clause.Delay) (late []report.Delay) {
	for _, d := range all {
		if d.Looks > 1 || !d.Seen {
			late = append(late, report.Delay{Step: d.Step, Kind: d.Kind, Looks: d.Looks, MS: milliseconds(d.Took), WindowMS: milliseconds(d.Window), Seen: d.Seen})
		}
	}
	return late
}
