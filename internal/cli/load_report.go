package cli

import (
	"fmt"
	"io"
	"time"

	"objectharness/load"
	"objectharness/report"
)

// writerOf is a report's writer with its run.
func writerOf(write func(io.Writer, *report.Run) error, run *report.Run) func(io.Writer) error {
	return func(w io.Writer) error { return write(w, run) }
}

// live tells whether there is a terminal whose line can be written anew.
func (l *loadRun) live() bool {
	return l.env("CI") == "" && l.env("TERM") != "dumb" && terminal(l.stderr)
}

// quiet is the least time between two plain lines about a run under way.
const quiet = 5 * time.Second

// progress tells, before every round, how far the run is and what was measured
// of the way whose turn it is.
func (l *loadRun) progress(p load.Progress) {
	switch {
	case l.live():
		fmt.Fprint(l.stderr, "\r\x1b[K"+progressLine(p))
	case p.Round == 1 || l.now().Sub(l.told) >= quiet:
		l.told = l.now()
		fmt.Fprintln(l.stderr, progressLine(p))
	}
}

func progressLine(p load.Progress) string {
	word := "round"
	if p.Warm {
		word = "warm-up"
	}
	line := fmt.Sprintf("%s %d/%d, %v left, %s", word, p.Round, p.Of, p.Left.Round(time.Second), p.Arm)
	t := p.Measurement.Tally
	if t.Requests == 0 {
		return line
	}
	return line + fmt.Sprintf(" %.0f/s, %.1f %% failed, p50 %v, p99 %v, late p99 %v", p.Measurement.Throughput(), 100*(1-float64(t.Classes[load.OK])/float64(t.Requests)),
		round(t.Response.Quantile(0.5)), round(t.Response.Quantile(0.99)), round(t.Lateness.Quantile(0.99)))
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// print tells the results in plain lines.
func (l *loadRun) print(run *report.Run) error {
	if l.live() {
		fmt.Fprint(l.stderr, "\r\x1b[K")
	}
	return report.WriteText(l.stdout, run)
}
