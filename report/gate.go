package report

import (
	"fmt"
	"strings"
)

// A GateRule is a rule of the gate that a run breaks.
type GateRule struct {
	Rule string `json:"rule"` // waiver-expired, waiver-idle, new-failure, lost-coverage, vanished-case, floor or feature
	What string `json:"what"` // what was expected and what came
	Do   string `json:"do"`   // what to do about it
}

// Stress is what many runs of one case came to.
type Stress struct {
	Runs   int     `json:"runs"`   // how often the case ran
	Passed int     `json:"passed"` // runs in which every requirement held
	Failed int     `json:"failed"` // runs in which one did not
	Silent int     `json:"silent"` // runs that say nothing: blocked, error, not run
	Rate   float64 `json:"rate"`   // passed of those that say something, 0 to 1
	Low    float64 `json:"low"`    // the interval of the rate at the level of Level
	High   float64 `json:"high"`
	Level  float64 `json:"level"` // 0.95
	Method string  `json:"method"`
}

// String is the rate with its interval, in words.
func (s *Stress) String() string {
	text := fmt.Sprintf("passed %d of %d runs", s.Passed, s.Passed+s.Failed)
	if s.Passed+s.Failed > 0 {
		text += fmt.Sprintf(": %.1f %%, %.0f %% interval %.1f to %.1f %% (%s)", 100*s.Rate, 100*s.Level, 100*s.Low, 100*s.High, s.Method)
	}
	if s.Silent > 0 {
		text += fmt.Sprintf("; %d runs say nothing", s.Silent)
	}
	return text
}

// A Delay is a read that did not show at once what had been written before it,
// on a target that is granted a window for that.
type Delay struct {
	Step     string  `json:"step"`
	Kind     string  `json:"kind"` // object, list or config
	Looks    int     `json:"looks"`
	MS       float64 `json:"ms"`        // from the answer to the last write to the last look
	WindowMS float64 `json:"window_ms"` // what the target file grants
	Seen     bool    `json:"seen"`      // at the last look
}

// A Convergence sums up the reads after writes of a dialect for which its target
// is granted a window.
type Convergence struct {
	Dialect   string  `json:"dialect"`
	Kind      string  `json:"kind"` // object, list or config
	WindowMS  float64 `json:"window_ms"`
	Reads     int     `json:"reads"`
	Late      int     `json:"late"`       // not seen at the first look, but within the window
	Missed    int     `json:"missed"`     // not seen within the window: failed
	LongestMS float64 `json:"longest_ms"` // until it was seen, among the late ones
}

// String is one line about it.
func (c *Convergence) String() string {
	text := fmt.Sprintf("%s: of %d reads after writes (%s), %d showed it late", c.Dialect, c.Reads, c.Kind, c.Late)
	if c.Late > 0 {
		text += " (the slowest after " + milliseconds(c.LongestMS) + ")"
	}
	return text + fmt.Sprintf(" and %d not within the window of %s", c.Missed, milliseconds(c.WindowMS))
}

// A Feature is what a target file declares of a feature, and what the target
// showed.
type Feature struct {
	Name     string `json:"name"`
	Declared string `json:"declared"` // present or absent
	Probe    string `json:"probe"`    // present, absent or unclear
	Detail   string `json:"detail"`   // the request of the probe and its answer
}

// Contradicts tells whether the probe found the opposite of what is declared.
func (f Feature) Contradicts() bool {
	return f.Probe != f.Declared && (f.Probe == "present" || f.Probe == "absent")
}

// gateText is what the gate, stress and convergence add to a summary in text.
func (r *Run) gateText() string {
	var b strings.Builder
	for _, c := range r.Stressed() {
		fmt.Fprintf(&b, "\nSTRESS  %s  %s\n", c.ID, c.Stress)
	}
	if len(r.Convergence) > 0 {
		b.WriteByte('\n')
	}
	for i := range r.Convergence {
		fmt.Fprintf(&b, "convergence  %s\n", &r.Convergence[i])
	}
	for _, g := range r.Gate {
		fmt.Fprintf(&b, "\nGATE  %s: %s\n  %s\n", g.Rule, g.What, g.Do)
	}
	return b.String()
}

// gateMarkdown is gateText for a job page.
func (r *Run) gateMarkdown() string {
	var b strings.Builder
	for _, c := range r.Stressed() {
		fmt.Fprintf(&b, "\n- `%s`: %s", c.ID, markdown(c.Stress.String()))
	}
	for i := range r.Convergence {
		fmt.Fprintf(&b, "\n- %s", markdown(r.Convergence[i].String()))
	}
	for _, g := range r.Gate {
		fmt.Fprintf(&b, "\n- **gate, %s**: %s. %s", g.Rule, markdown(g.What), markdown(g.Do))
	}
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	return b.String()
}

// Stressed are the cases that ran many times.
func (r *Run) Stressed() (all []*Case) {
	for i := range r.Cases {
		if r.Cases[i].Stress != nil {
			all = append(all, &r.Cases[i])
		}
	}
	return all
}
