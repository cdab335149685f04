package load

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"objectharness/load/stat"
)

// A Finding compares two arms by one metric. The first one of a comparison is the
// metric that was chosen beforehand; the levels of the others are corrected for
// their number (Holm).
type Finding struct {
	Metric              string
	Baseline, Candidate string
	Before, After       float64
	Ratio, Low, High    float64 // After to Before, and its 95 % interval; of shares the difference
	P                   float64
	Rounds              int
	Differs             bool
	Text                string
	Warnings            []string
}

// Metrics of a comparison.
const (
	Goodput   = "completed" // successes in each pair of rounds; the metric chosen beforehand
	Throttles = "throttled" // share of requests that the store asked to come later
	Failures  = "failed"    // share of requests that failed in any other way
	Median    = "p50"       // response time, of each round
)

// level is how rarely a comparison of the same with the same may find a
// difference.
const level = 0.01

// Compare sets every other arm of a result against the first.
func (r *Result) Compare() []Finding {
	var out []Finding
	for _, other := range r.Arms[min(1, len(r.Arms)):] {
		out = append(out, r.compare(r.Arms[0], other)...)
	}
	return out
}

func (r *Result) compare(a, b *ArmResult) []Finding {
	// A round that keeps its plan takes as long as planned: by how many microseconds
	// its last reply came sooner says nothing.
	done := pairs(a, b, func(x RoundResult) float64 { return float64(x.OK) / max(x.Elapsed, r.Round+r.Round/1000).Seconds() })
	p50 := pairs(a, b, func(x RoundResult) float64 { return x.P50.Seconds() })
	list := []Finding{
		r.ratio(Goodput, a, b, done),
		share2(Throttles, a, b, func(t *Tally) uint64 { return t.Classes[Throttled] }),
		share2(Failures, a, b, func(t *Tally) uint64 { return t.Requests - t.Classes[OK] - t.Classes[Throttled] }),
		r.ratio(Median, a, b, p50),
	}
	p := []float64{list[1].P, list[2].P, list[3].P}
	for i, corrected := range stat.Holm(p) {
		list[i+1].P = corrected
	}
	for i := range list {
		f := &list[i]
		f.Baseline, f.Candidate = a.Name, b.Name
		f.Differs = f.P <= level
		if len(r.Saturated) > 0 {
			f.Warnings = append(f.Warnings, "the generator did not keep its plan: "+strings.Join(r.Saturated, "; "))
		}
	}
	list[0].Text = list[0].words("completed %s as many requests", "completed requests")
	list[1].Text = list[1].shares("throttled")
	list[2].Text = list[2].shares("failed otherwise")
	list[3].Text = list[3].words("answered in %s the time at the median", "p50")
	return list
}

// A pair is a metric of two rounds that were sent next to each other.
type pair struct{ a, b float64 }

func pairs(a, b *ArmResult, of func(RoundResult) float64) (out []pair) {
	for i := range min(len(a.Rounds), len(b.Rounds)) {
		out = append(out, pair{of(a.Rounds[i]), of(b.Rounds[i])})
	}
	return out
}

// ratio is the finding on a metric that is compared by its ratio, pair by pair.
func (r *Result) ratio(metric string, a, b *ArmResult, list []pair) Finding {
	f := Finding{Metric: metric, Rounds: len(list), P: 1}
	var logs, before, after []float64
	for _, p := range list {
		before, after = append(before, p.a), append(after, p.b)
		if p.a > 0 && p.b > 0 {
			logs = append(logs, math.Log(p.b/p.a))
		}
	}
	f.Before, f.After = stat.Median(before), stat.Median(after)
	if len(logs) < len(list) {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d of %d pairs had a round without a success and say nothing here", len(list)-len(logs), len(list)))
	}
	if len(logs) == 0 {
		f.Ratio, f.Low, f.High = math.NaN(), math.NaN(), math.NaN()
		return f
	}
	low, high := stat.MedianInterval(logs, 0.95, r.Seed)
	f.Ratio, f.Low, f.High = math.Exp(stat.Median(slices.Clone(logs))), math.Exp(low), math.Exp(high)
	f.P = stat.Wilcoxon(logs)
	if f.P > level {
		f.Warnings = append(f.Warnings, detectable(logs, r.Seed))
	}
	return f
}

// detectable says what the comparison would have seen.
func detectable(logs []float64, seed uint64) string {
	share, ok := stat.Detectable(logs, level, seed)
	if !ok {
		return fmt.Sprintf("%d pairs of rounds are too few to see even a doubling", len(logs))
	}
	return fmt.Sprintf("this test would have seen one of %s %%", number(100*share))
}

// share2 is the finding on shares of all requests.
func share2(metric string, a, b *ArmResult, count func(*Tally) uint64) Finding {
	f := Finding{Metric: metric, Rounds: min(len(a.Rounds), len(b.Rounds))}
	x, n, y, m := count(a.Tally), a.Tally.Requests, count(b.Tally), b.Tally.Requests
	f.Before, f.After = part(x, n), part(y, m)
	f.P = stat.Fisher(x, n, y, m)
	f.Ratio = f.After - f.Before
	f.Low, f.High = newcombe(x, n, y, m)
	return f
}

func part(x, n uint64) float64 {
	if n == 0 {
		return 0
	}
	return float64(x) / float64(n)
}

// newcombe is the 95 % interval of the difference of two shares.
func newcombe(x, n, y, m uint64) (low, high float64) {
	a, b := part(x, n), part(y, m)
	la, ha := stat.WilsonInterval(x, n)
	lb, hb := stat.WilsonInterval(y, m)
	return b - a - math.Hypot(b-lb, ha-a), b - a + math.Hypot(hb-b, a-la)
}

// words tells a ratio.
func (f *Finding) words(form, what string) string {
	if !f.Differs {
		text := "no difference found in " + what
		for _, w := range f.Warnings {
			if strings.HasPrefix(w, "this test") || strings.Contains(w, "too few") {
				text += ", and " + w
			}
		}
		return text
	}
	return fmt.Sprintf("%s keys %s, 95 %% interval %s to %s", f.Candidate, fmt.Sprintf(form, times(f.Ratio)), number(f.Low), number(f.High))
}

// shares tells two shares.
func (f *Finding) shares(what string) string {
	if !f.Differs {
		return "no difference found in the share " + what
	}
	return fmt.Sprintf("%s: %s of the requests with %s keys, %s with %s", what, percent(f.Before), f.Baseline, percent(f.After), f.Candidate)
}

func times(r float64) string { return number(r) + " times" }

func number(r float64) string {
	if r >= 10 || r == 0 {
		return fmt.Sprintf("%.0f", r)
	}
	return fmt.Sprintf("%.2g", r)
}

func percent(share float64) string {
	switch {
	case share == 0:
		return "none"
	case share < 0.001:
		return fmt.Sprintf("%.3f %%", 100*share)
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}

// A HotRange is a group of keys that the store throttles.
type HotRange struct {
	Prefix string
	Share  float64       // of the throttled requests that have the prefix
	First  time.Duration // start of the first throttled request, since that of the run
}

// Hot names the longest beginning that nine of ten throttled keys share, where
// throttling prefers those keys or there are no others; nil where nothing is
// throttled, or no range stands out.
func (t *Tally) Hot() *HotRange { return hot(t.Hotkeys["all"], t.Hotkeys[string(Throttled)]) }

func hot(all, throttled *Sample) *HotRange {
	if all == nil || throttled == nil || len(throttled.Keys) < 10 {
		return nil
	}
	prefix := commonest(throttled.Keys)
	with, of := counting(throttled.Keys, prefix), uint64(len(throttled.Keys))
	others, rest := counting(all.Keys, prefix), uint64(len(all.Keys))
	if prefix == "" || others < rest && stat.Fisher(with, of, others, rest) > level {
		return nil
	}
	return &HotRange{Prefix: prefix, Share: part(with, of), First: throttled.First}
}

// commonest is the longest beginning of at least nine of ten keys.
func commonest(keys []SampledKey) string {
	list := make([]string, len(keys))
	for i, k := range keys {
		list[i] = k.Key
	}
	slices.Sort(list)
	need, best := (9*len(list)+9)/10, ""
	for i := 0; i+need <= len(list); i++ {
		if p := common(list[i], list[i+need-1]); len(p) > len(best) {
			best = p
		}
	}
	return best
}

func common(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}

func counting(keys []SampledKey, prefix string) (n uint64) {
	for _, k := range keys {
		if strings.HasPrefix(k.Key, prefix) {
			n++
		}
	}
	return n
}
