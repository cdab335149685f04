package cli

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"objectharness/load"
	"objectharness/load/stat"
	"objectharness/report"
)

// writerOf is a report's writer with its run.
func writerOf(write func(io.Writer, *report.Run) error, run *report.Run) func(io.Writer) error {
	return func(w io.Writer) error { return write(w, run) }
}

// report is the run's model.
func (l *loadRun) report(r *load.Result) *report.Run {
	about, name := l.targetOf()
	run := &report.Run{Schema: report.Schema, Tool: tool(), Started: l.began.UTC(), DurationMS: ms(l.now().Sub(l.began)), Seed: r.Seed, Command: l.line,
		Notes: l.notes, Summary: map[string]report.Summary{},
		Targets: []report.Target{about}}
	for _, arm := range r.Arms {
		run.Loads = append(run.Loads, l.loadOf(r, arm, name))
	}
	for _, f := range r.Compare() {
		run.Comparisons = append(run.Comparisons, comparisonOf(f))
	}
	return run
}

func (l *loadRun) loadOf(r *load.Result, a *load.ArmResult, name string) report.Load {
	t := a.Tally
	out := report.Load{Name: a.Name, Dialect: l.config.Dialect, Target: name, Operation: l.options.mix, Keys: a.Name, Rounds: len(a.Rounds),
		DoneRPS: a.Throughput(), DurationMS: ms(a.Elapsed), Requests: int64(t.Requests), Bytes: t.Sent + t.Read, Statuses: map[string]int{},
		Service: latency(&t.Service), Response: latency(&t.Response), Lateness: latency(&t.Lateness), Saturated: len(r.Saturated) > 0}
	if a.Planned > 0 && a.Elapsed > 0 {
		out.RateRPS = float64(a.Planned) / (r.Round.Seconds() * float64(len(a.Rounds)))
	}
	if t.Requests > 0 {
		out.Success = float64(t.Classes[load.OK]) / float64(t.Requests)
	}
	for status, n := range t.Statuses {
		out.Statuses[strconv.Itoa(status)] = int(n)
	}
	for _, reason := range r.Saturated {
		out.Warnings = append(out.Warnings, "the generator did not keep its plan: "+reason)
	}
	if hot := t.Hot(); hot != nil {
		out.Warnings = append(out.Warnings, fmt.Sprintf("throttled keys begin with %q: %.0f %% of them, first %.1f s after the start", hot.Prefix, 100*hot.Share, hot.First.Seconds()))
	}
	for _, q := range []float64{0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999, 1} {
		out.Curve = append(out.Curve, report.Point{Quantile: q, MS: ms(t.Response.Quantile(q))})
	}
	for i, m := range t.Moments {
		if m != nil && m.Requests > 0 {
			out.Timeline = append(out.Timeline, momentOf(t.Step, i, m))
		}
	}
	return out
}

func momentOf(step time.Duration, i int, m *load.Moment) report.Moment {
	return report.Moment{AtMS: ms(step * time.Duration(i)), DoneRPS: float64(m.OK) / step.Seconds(), Errors: 1 - float64(m.OK)/float64(m.Requests),
		P50: ms(m.Response.Quantile(0.5)), P99: ms(m.Response.Quantile(0.99))}
}

func latency(h *stat.Histogram) report.Latency {
	return report.Latency{Mean: ms(h.Mean()), P50: ms(h.Quantile(0.5)), P90: ms(h.Quantile(0.9)), P95: ms(h.Quantile(0.95)), P99: ms(h.Quantile(0.99)),
		P999: ms(h.Quantile(0.999)), Max: ms(h.Max)}
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

// progress tells of every round before it begins.
func (l *loadRun) progress(p load.Progress) {
	word := "round"
	if p.Warm {
		word = "warm-up"
	}
	line := fmt.Sprintf("%s %d/%d %s, %v left", word, p.Round, p.Of, p.Arm, p.Left.Round(time.Second))
	if t := p.Measurement.Tally; t.Requests > 0 {
		line += fmt.Sprintf("; so far %.1f %% ok, p50 %v, p99 %v, late p99 %v", 100*float64(t.Classes[load.OK])/float64(t.Requests),
			t.Response.Quantile(0.5).Round(time.Microsecond), t.Response.Quantile(0.99).Round(time.Microsecond), t.Lateness.Quantile(0.99).Round(time.Microsecond))
	}
	if terminal(l.stderr) && l.env("CI") == "" {
		fmt.Fprintf(l.stderr, "\r\x1b[K%s", line)
		return
	}
	fmt.Fprintln(l.stderr, line)
}

// print tells the results in plain lines.
func (l *loadRun) print(run *report.Run, r *load.Result) {
	if terminal(l.stderr) && l.env("CI") == "" {
		fmt.Fprint(l.stderr, "\r\x1b[K")
	}
	for _, a := range r.Arms {
		fmt.Fprintln(l.stdout, armLine(a))
	}
	for _, c := range run.Comparisons {
		fmt.Fprintln(l.stdout, "  "+c.Text)
	}
	for _, w := range r.Saturated {
		fmt.Fprintln(l.stdout, "SATURATED: the generator did not keep its plan: "+w)
	}
	for _, note := range run.Notes {
		fmt.Fprintln(l.stdout, note)
	}
	fmt.Fprintln(l.stdout, run.Reason)
}

// armLine is what was measured of an arm, in one line.
func armLine(a *load.ArmResult) string {
	t := a.Tally
	var parts []string
	for _, class := range load.Classes() {
		if n := t.Classes[class]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %.1f %%", class, 100*float64(n)/float64(t.Requests)))
		}
	}
	line := fmt.Sprintf("%-12s %d requests, %.1f/s completed: %s; response p50 %v p99 %v, service p50 %v, late p99 %v", a.Name, t.Requests, a.Throughput(),
		strings.Join(parts, ", "), round(t.Response.Quantile(0.5)), round(t.Response.Quantile(0.99)), round(t.Service.Quantile(0.5)), round(t.Lateness.Quantile(0.99)))
	if hot := t.Hot(); hot != nil {
		line += fmt.Sprintf("; throttled keys begin with %q, from %.1f s on", hot.Prefix, hot.First.Seconds())
	}
	return line
}

func round(d time.Duration) time.Duration { return d.Round(time.Microsecond) }
