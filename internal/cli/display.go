package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"objectharness/report"
)

// refresh is how often a terminal's progress line is written anew.
const refresh = 100 * time.Millisecond

// A display shows a run on its way: a progress line on a terminal, else a line
// per case that needs attention.
type display interface {
	begin()
	show(c *report.Case)
	end()
}

func (a *app) newDisplay(total int) display {
	if a.env("CI") == "" && a.env("TERM") != "dumb" && terminal(a.stderr) && terminal(a.stdout) {
		return &progress{out: a.stderr, now: a.now, total: total, color: a.env("NO_COLOR") == ""}
	}
	return &lines{out: a.stdout, total: total}
}

// terminal tells whether w is one.
func terminal(w io.Writer) bool {
	if r, ok := w.(*redacted); ok {
		w = r.Writer
	}
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// attention tells whether a verdict is worth a line of its own.
func attention(v report.Verdict) bool {
	switch v {
	case report.Failed, report.StaleWaiver, report.Blocked, report.Error, report.Warned:
		return true
	}
	return false
}

// lines are for pipes and logs. A cause that many cases share in a row, such as
// a target that cannot be opened, is told once.
type lines struct {
	out    io.Writer
	total  int
	last   string
	repeat int
}

func (l *lines) begin() { fmt.Fprintln(l.out, count(l.total, "case")) }

func (l *lines) show(c *report.Case) {
	if !attention(c.Verdict) {
		return
	}
	text := c.Summary()
	if c.Verdict == report.Error && text == l.last {
		l.repeat++
		return
	}
	l.end()
	l.last = text
	fmt.Fprintf(l.out, "%s %s: %s\n", strings.ToUpper(string(c.Verdict)), c.ID, text)
}

func (l *lines) end() {
	if l.repeat > 0 {
		fmt.Fprintf(l.out, "… and the same for %d more\n", l.repeat)
	}
	l.repeat = 0
}

type progress struct {
	out                  io.Writer
	now                  func() time.Time
	total, done, trouble int
	color                bool
	began, last          time.Time
}

func (p *progress) begin() { p.began = p.now(); p.draw() }

func (p *progress) show(c *report.Case) {
	p.done++
	if attention(c.Verdict) {
		p.trouble++
	}
	if p.now().Sub(p.last) >= refresh {
		p.draw()
	}
}

func (p *progress) draw() {
	p.last = p.now()
	elapsed := p.last.Sub(p.began)
	line := fmt.Sprintf("%d of %s, %s, %v elapsed", p.done, count(p.total, "case"), p.failures(), elapsed.Round(time.Second))
	if p.done > 0 && p.done < p.total {
		rest := time.Duration(float64(elapsed) / float64(p.done) * float64(p.total-p.done))
		line += fmt.Sprintf(", about %v remaining", rest.Round(time.Second))
	}
	fmt.Fprint(p.out, "\r\x1b[K"+line)
}

func (p *progress) failures() string {
	text := fmt.Sprintf("%d broken", p.trouble)
	if p.color && p.trouble > 0 {
		return "\x1b[31m" + text + "\x1b[0m"
	}
	return text
}

func (p *progress) end() { fmt.Fprint(p.out, "\r\x1b[K") }
