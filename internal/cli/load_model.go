package cli

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"objectharness/keygen"
	"objectharness/load"
	"objectharness/load/stat"
	"objectharness/report"
)

// report is the run's model.
func (l *loadRun) report(r *load.Result) *report.Run {
	about, name := l.targetOf()
	run := &report.Run{Schema: report.Schema, Tool: tool(), Started: l.began.UTC(), DurationMS: ms(l.now().Sub(l.began)), Seed: r.Seed, Command: l.line,
		Notes: l.notes, Summary: map[string]report.Summary{},
		Targets: []report.Target{about}}
	for _, arm := range r.Arms {
		run.Loads = append(run.Loads, l.loadOf(r, arm, name))
	}
	if l.options.knee {
		return run // each way was measured at a rate of its own
	}
	for _, f := range r.Compare() {
		run.Comparisons = append(run.Comparisons, comparisonOf(f))
	}
	return run
}

// loadOf is what a report has of one way of naming keys.
func (l *loadRun) loadOf(r *load.Result, a *load.ArmResult, name string) report.Load {
	t := a.Tally
	out := report.Load{Name: a.Name, Dialect: l.config.Dialect, Target: name, Operation: l.options.mix, Keys: a.Name, Rounds: len(a.Rounds),
		DoneRPS: a.Throughput(), DurationMS: ms(a.Elapsed), Requests: int64(t.Requests), Bytes: t.Sent + t.Read, Statuses: map[string]int{},
		Service: latency(&t.Service), Response: latency(&t.Response), Lateness: latency(&t.Lateness), Saturated: len(r.Saturated) > 0, Saturation: r.Saturated,
		Failures: failuresOf(t), Operations: operationsOf(t), FirstKeys: a.First, Spread: l.spreadOf(r, a), Hot: hotOf(t), Heat: heatOf(a), Knee: l.knees[a.Name]}
	if a.Planned > 0 && a.Elapsed > 0 {
		out.RateRPS = float64(a.Planned) / (r.Round.Seconds() * float64(len(a.Rounds)))
	}
	if a.Elapsed > 0 {
		out.SentRPS, out.GoodBPS = float64(t.Requests)/a.Elapsed.Seconds(), float64(t.Good)/a.Elapsed.Seconds()
	}
	out.Success = ratio(t.Classes[load.OK], t.Requests)
	for status, n := range t.Statuses {
		out.Statuses[strconv.Itoa(status)] = int(n)
	}
	for _, q := range []float64{0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999, 1} {
		out.Curve = append(out.Curve, report.Point{Quantile: q, MS: ms(t.Response.Quantile(q))})
	}
	for i, m := range t.Moments {
		if m != nil && m.Requests > 0 {
			out.Timeline = append(out.Timeline, momentOf(t.Step, i, m))
		}
	}
	for _, aim := range l.options.parsed {
		kept, got := aim.Check(a)
		out.Objectives = append(out.Objectives, report.ObjectiveOf{Text: aim.Text, Measured: got, Kept: kept})
	}
	return out
}

func ratio(n, of uint64) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// momentOf is a step of the timeline. A generator begins a request a little
// before or after its turn, and a step may hold nothing else.
func momentOf(step time.Duration, i int, m *load.Moment) report.Moment {
	out := report.Moment{AtMS: ms(step * time.Duration(i)), Errors: ratio(m.Requests-m.OK, m.Requests), Throttled: ratio(m.Throttled, m.Requests), CoveredMS: ms(m.Covered),
		P50: ms(m.Response.Quantile(0.5)), P99: ms(m.Response.Quantile(0.99))}
	if m.Covered > 0 {
		out.DoneRPS = float64(m.OK) / m.Covered.Seconds()
	}
	return out
}

// failuresOf lists how requests failed, the most frequent way first.
func failuresOf(t *load.Tally) []report.Failure {
	var list []report.Failure
	for f, n := range t.Failures {
		list = append(list, report.Failure{Class: string(f.Class), Status: f.Status, Code: f.Code, Requests: int64(n), Ratio: ratio(n, t.Requests)})
	}
	slices.SortFunc(list, func(a, b report.Failure) int {
		return cmp.Or(cmp.Compare(b.Requests, a.Requests), cmp.Compare(a.Class, b.Class), cmp.Compare(a.Status, b.Status), cmp.Compare(a.Code, b.Code))
	})
	return list
}

func operationsOf(t *load.Tally) []report.OpLoad {
	var list []report.OpLoad
	for _, op := range slices.Sorted(maps.Keys(t.Ops)) {
		x := t.Ops[op]
		list = append(list, report.OpLoad{Operation: string(op), Requests: int64(x.Requests), Success: ratio(x.OK, x.Requests), Response: latency(&x.Response)})
	}
	return list
}

// spreadLeast and spreadKeys bound how many keys are looked at, and spreadRanges
// is into how many ranges the index is split.
const (
	spreadLeast  = 1000
	spreadKeys   = 10_000
	spreadRanges = keygen.DefaultRanges
)

// spreadOf tells how the keys of an arm fall over an index that was split by as
// many keys before them. A name that is no strategy has none.
func (l *loadRun) spreadOf(r *load.Result, a *load.ArmResult) *report.KeySpread {
	if l.about != nil {
		for _, of := range l.about.Loads {
			if of.Keys == a.Name {
				return of.Spread
			}
		}
	}
	s, err := keygen.Parse(a.Name, r.Seed)
	if err != nil || a.Tally.Requests == 0 {
		return nil
	}
	first, count := l.options.objects, min(max(a.Tally.Requests, spreadLeast), spreadKeys)
	all := keygen.Measure(s.Append, first, count, nil)
	next := keygen.Measure(s.Append, first+count, count, keygen.Split(s.Append, first, count, spreadRanges))
	return &report.KeySpread{Keys: int64(count), Ranges: len(next.Ranges), Used: next.Used, Busiest: next.Busiest,
		Entropy: all.Leading[len(all.Leading)-1].Entropy, Listings: s.Listings}
}

func hotOf(t *load.Tally) *report.HotRange {
	hot := t.Hot()
	if hot == nil {
		return nil
	}
	return &report.HotRange{Prefix: hot.Prefix, Share: hot.Share, FirstMS: ms(hot.First)}
}

// heatOf is the requests of an arm by time and key range.
func heatOf(a *load.ArmResult) *report.HeatMap {
	h := &report.HeatMap{StepMS: ms(a.Tally.Step), Ranges: append([]string{""}, a.Bounds...)}
	for i, m := range a.Tally.Moments {
		if m == nil || m.Requests == 0 {
			continue
		}
		n := min(len(m.Ranges), len(h.Ranges))
		sent, thrown := make([]int, n), make([]int, n)
		for j, c := range m.Ranges[:n] {
			sent[j], thrown[j] = int(c.Requests), int(c.Throttled)
		}
		h.AtMS = append(h.AtMS, ms(a.Tally.Step*time.Duration(i)))
		h.Requests, h.Throttled = append(h.Requests, sent), append(h.Throttled, thrown)
	}
	if len(h.AtMS) == 0 {
		return nil
	}
	return h
}

func latency(h *stat.Histogram) report.Latency {
	return report.Latency{Mean: ms(h.Mean()), P50: ms(h.Quantile(0.5)), P90: ms(h.Quantile(0.9)), P95: ms(h.Quantile(0.95)), P99: ms(h.Quantile(0.99)),
		P999: ms(h.Quantile(0.999)), P9999: ms(h.Quantile(0.9999)), Max: ms(h.Max)}
}

func ms(d time.Duration) float64 { return float64(d) / 1e6 }

// comparisonOf is a finding as reports have it: changes, of shares differences.
func comparisonOf(f load.Finding) report.Comparison {
	c := report.Comparison{Metric: f.Metric, Baseline: f.Baseline, Candidate: f.Candidate, Before: number(f.Before), After: number(f.After),
		Change: number(f.Ratio - 1), ChangeLow: number(f.Low - 1), ChangeHigh: number(f.High - 1), Confidence: 0.95, P: number(f.P), Rounds: f.Rounds,
		Differs: f.Differs, Text: f.Text, Warnings: f.Warnings}
	if f.Metric == load.Throttles || f.Metric == load.Failures {
		c.Change, c.ChangeLow, c.ChangeHigh = f.Ratio, f.Low, f.High
	}
	return c
}

// number keeps what JSON cannot say out of a report.
func number(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}
