package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// A trendPlot is the frame of a drawing over runs, which stand side by side in
// the order of time.
type trendPlot struct {
	low, high float64
	n         int
}

func (p trendPlot) x(i int) float64 {
	wide := float64(plotWidth - plotLeft - plotRight)
	return plotLeft + wide*(float64(i)+0.5)/float64(max(p.n, 1))
}

func (p trendPlot) y(v float64) float64 {
	part := (min(max(v, p.low), p.high) - p.low) / max(p.high-p.low, 1e-9)
	return plotHeight - plotBottom - part*(plotHeight-plotTop-plotBottom)
}

// begin begins a drawing, with its axes; days are written below the first and
// the last run.
func (p trendPlot) begin(about string, days [2]string, unit func(float64) string) *strings.Builder {
	var w strings.Builder
	fmt.Fprintf(&w, `<svg viewBox="0 0 %d %d" role="img" aria-label="%s">`, plotWidth, plotHeight, escape(about))
	for i := range 5 {
		v := p.low + (p.high-p.low)*float64(i)/4
		fmt.Fprintf(&w, `<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`,
			plotLeft, plotWidth-plotRight, p.y(v), p.y(v), plotLeft-6, p.y(v)+4, escape(unit(v)))
	}
	fmt.Fprintf(&w, `<text x="%d" y="%d">%s</text>`, plotLeft, plotHeight-plotBottom+18, escape(days[0]))
	if p.n > 1 {
		fmt.Fprintf(&w, `<text x="%d" y="%d" text-anchor="end">%s</text>`, plotWidth-plotRight, plotHeight-plotBottom+18, escape(days[1]))
	}
	return &w
}

// line draws values, each with a dot whose title tells it.
func (p trendPlot) line(w *strings.Builder, values []float64, titles []string) {
	w.WriteString(`<polyline class="line l0" points="`)
	for i, v := range values {
		fmt.Fprintf(w, "%.1f,%.1f ", p.x(i), p.y(v))
	}
	w.WriteString(`"/>`)
	for i, v := range values {
		fmt.Fprintf(w, `<circle class="fill l0" cx="%.1f" cy="%.1f" r="3"><title>%s</title></circle>`, p.x(i), p.y(v), escape(titles[i]))
	}
}

const day = "2006-01-02"

func (l *trendLine) days() [2]string {
	return [2]string{l.Steps[0].Started.UTC().Format(day), l.Steps[len(l.Steps)-1].Started.UTC().Format(day)}
}

// draw makes the drawings of the line.
func (l *trendLine) draw() {
	l.Score = figure{"Score: clauses shown to hold, of those selected", template.HTML(l.scores())}
	l.Verdicts = figure{"Cases that did not pass", template.HTML(l.troubles())}
}

func (l *trendLine) scores() string {
	p := trendPlot{low: 100, high: 100, n: len(l.Steps)}
	var values []float64
	var titles []string
	for _, s := range l.Steps {
		v := 100 * float64(s.Score.Hold) / float64(max(s.Score.Selected, 1))
		values, titles = append(values, v), append(titles, s.Name+": "+s.Score.Text())
		p.low = min(p.low, v)
	}
	p.low = max(0, p.low-max(1, (100-p.low)/4))
	w := p.begin("Score of each run; the table below has the numbers", l.days(), func(v float64) string { return fmt.Sprintf("%.1f %%", v) })
	p.line(w, values, titles)
	return w.String() + "</svg>"
}

// troubles draws a bar for each run of the cases that did not pass, by verdict.
func (l *trendLine) troubles() string {
	most := 1.0
	for _, s := range l.Steps {
		most = max(most, float64(s.Cases()-s.Passed))
	}
	p := trendPlot{high: roundUp(max(most, 4)), n: len(l.Steps)}
	w := p.begin("Cases of each run that did not pass, by verdict; the table below has the numbers", l.days(), plain)
	wide := min(36, 0.7*float64(plotWidth-plotLeft-plotRight)/float64(len(l.Steps)))
	for i, s := range l.Steps {
		base := 0
		for _, v := range Verdicts() {
			n := s.Of(v)
			if v == Passed || n == 0 {
				continue
			}
			top := p.y(float64(base + n))
			fmt.Fprintf(w, `<rect class="fill %s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"><title>%s: %d %s</title></rect>`,
				v, p.x(i)-wide/2, top, wide, max(p.y(float64(base))-top, 1), escape(s.Name), n, v)
			base += n
		}
	}
	return w.String() + "</svg>"
}

// draw makes the drawings of a load.
func (s *trendSeries) draw() {
	done := func(l trendLoad) float64 { return bounded(l.DoneRPS, valueMax) }
	p99 := func(l trendLoad) float64 { return bounded(l.P99, valueMax) }
	s.Done = figure{"Requests completed a second", template.HTML(s.plot("Requests completed a second", done, perSecond))}
	s.P99 = figure{"Response time p99", template.HTML(s.plot("Response time p99", p99, duration))}
}

func (s *trendSeries) plot(about string, of func(trendLoad) float64, unit func(float64) string) string {
	most := 1e-3
	var values []float64
	var titles []string
	for _, step := range s.Steps {
		v := of(step.trendLoad)
		most = math.Max(most, v)
		values, titles = append(values, v), append(titles, step.Name+": "+unit(v)+step.Dagger)
	}
	p := trendPlot{high: roundUp(most), n: len(s.Steps)}
	days := [2]string{s.Steps[0].Started.UTC().Format(day), s.Steps[len(s.Steps)-1].Started.UTC().Format(day)}
	w := p.begin(about+" of each run; the table below has the numbers", days, unit)
	p.line(w, values, titles)
	return w.String() + "</svg>"
}
