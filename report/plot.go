package report

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
)

// Size of a drawing of loads and its margins, in its own units. It is as wide as
// half a page, so that its text is legible on a telephone.
const (
	plotWidth, plotHeight = 520, 230
	plotLeft, plotRight   = 62, 12
	plotTop, plotBottom   = 12, 34
	barsWidth             = 300 // of the longest bar
	barRow                = 46
)

// valueMax bounds what is drawn.
const valueMax = 1e12

// draw makes the drawings of a book.
func (b *loadBook) draw() {
	var bars []strip
	var fails, spreads []strip
	for i, l := range b.Loads {
		b.Legend = append(b.Legend, legend{l.Keys, template.HTML(fmt.Sprintf(`<svg viewBox="0 0 34 10" aria-hidden="true"><line class="line l%d" stroke-dasharray="%s" x1="0" x2="34" y1="5" y2="5"/></svg>`, i%5, dash(i)))})
		bars = append(bars, strip{l.Keys, i, l.DoneRPS, 0, perSecond(l.DoneRPS) + l.Dagger()})
		fails = append(fails, strip{l.Keys, i, l.Throttled(), l.Otherwise(), shareText(l.Throttled()) + " throttled, " + shareText(l.Otherwise()) + " otherwise" + l.Dagger()})
		if s := l.Spread; s != nil {
			spreads = append(spreads, strip{l.Keys, i, s.Busiest, 0, fmt.Sprintf("%s; %d of %d ranges are used", shareText(s.Busiest), s.Used, s.Ranges)})
		}
	}
	add := func(title, svg string) {
		if svg != "" {
			b.Charts = append(b.Charts, figure{title, template.HTML(svg)})
		}
	}
	most := 0.0
	for _, x := range bars {
		most = max(most, bounded(x.value, valueMax))
	}
	add("Requests completed a second", b.bars("completed", "Requests completed a second", bars, most))
	add("Share of the requests that failed: throttled, then otherwise", b.bars("failed", "Share of the requests that failed", fails, 1))
	for _, c := range charts(b.Loads) {
		add("Response time by percentile, both axes logarithmic", string(c.SVG))
	}
	add("Key spread: share of the next keys that go to the busiest range of the index", b.bars("spread", "Share of keys in the busiest range", spreads, 1))
	add("Requests completed a second, over time", b.lines("done-time", "Requests completed a second, over time", func(m Moment) (float64, bool) { return m.DoneRPS, true }, plain))
	add("Share of the requests that were throttled, over time", b.lines("throttled-time", "Share throttled, over time", func(m Moment) (float64, bool) { return 100 * m.Throttled, true }, cent))
	add("Response time p50, over time", b.lines("p50-time", "Median response time, over time", func(m Moment) (float64, bool) { return m.P50, m.P50 > 0 }, duration))
	add("Response time p99, over time", b.lines("p99-time", "Response time p99, over time", func(m Moment) (float64, bool) { return m.P99, m.P99 > 0 }, duration))
	b.heats()
}

func plain(v float64) string { return fmt.Sprintf("%.4g", v) }
func cent(v float64) string  { return fmt.Sprintf("%.3g %%", v) }

// dash is the line style of the i-th load; with the colour it is unique among
// twenty-five.
func dash(i int) string { return dashes[(i+i/5)%len(dashes)] }

// begin begins a drawing with what a screen reader says of it.
func (b *loadBook) begin(name, title, about string, width, height int) *strings.Builder {
	var w strings.Builder
	id := escape(b.Dialect + "-" + name)
	fmt.Fprintf(&w, `<svg viewBox="0 0 %d %d" role="img" aria-labelledby="%s-t %s-d"><title id="%s-t">%s</title><desc id="%s-d">%s</desc>`,
		width, height, id, id, id, escape(title), id, escape(about))
	return &w
}

// A strip is one bar of a drawing, in two parts, with its number in words.
type strip struct {
	name        string
	style       int
	value, more float64
	text        string
}

// bars draws a bar for each load, its name above and its number beside it.
func (b *loadBook) bars(name, title string, list []strip, most float64) string {
	if len(list) == 0 {
		return ""
	}
	var told []string
	for _, x := range list {
		told = append(told, x.name+": "+x.text)
	}
	w := b.begin(name, title, strings.Join(told, "; "), plotWidth, len(list)*barRow)
	for i, x := range list {
		y := i * barRow
		first := barsWidth * bounded(x.value, most) / max(most, 1e-9)
		second := barsWidth * bounded(x.more, max(most-x.value, 0)) / max(most, 1e-9)
		fmt.Fprintf(w, `<text class="name l%d" x="0" y="%d">%s</text><rect class="rest" x="0" y="%d" width="%d" height="16"/><rect class="fill l%d" x="0" y="%d" width="%.1f" height="16"/>`,
			x.style%5, y+15, escape(cut(x.name, 60)), y+21, barsWidth, x.style%5, y+21, first)
		if second > 0 {
			fmt.Fprintf(w, `<rect class="fill bad" x="%.1f" y="%d" width="%.1f" height="16"/>`, first, y+21, second)
		}
		fmt.Fprintf(w, `<text x="%d" y="%d">%s</text>`, barsWidth+10, y+34, escape(x.text))
	}
	return w.String() + "</svg>"
}

// cut shortens a name to n characters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// lines draws a value of the timelines of all loads. A line ends where a load
// had a rest, since the rounds of the loads alternate.
func (b *loadBook) lines(name, title string, of func(Moment) (float64, bool), unit func(float64) string) string {
	until, most := 0.0, 0.0
	for _, l := range b.Loads {
		for _, m := range l.Timeline {
			if v, ok := of(m); ok && b.whole(l, m) {
				until, most = max(until, bounded(m.AtMS, valueMax)), max(most, bounded(v, valueMax))
			}
		}
	}
	if most == 0 {
		return ""
	}
	a := axes{until: max(until, 1), most: roundUp(max(most, 1e-3))}
	w := b.begin(name, title, fmt.Sprintf("A line for each way of naming keys, up to %s within %.0f seconds; a table below has the numbers.", unit(most), until/1000), plotWidth, plotHeight)
	a.draw(w, unit)
	for i, l := range b.Loads {
		for _, part := range b.parts(l, of) {
			fmt.Fprintf(w, `<polyline class="line l%d" stroke-dasharray="%s" points="`, i%5, dash(i))
			for _, m := range part {
				v, _ := of(m)
				fmt.Fprintf(w, "%.1f,%.1f ", a.x(m.AtMS), a.y(v))
			}
			if len(part) == 1 { // a point
				v, _ := of(part[0])
				fmt.Fprintf(w, "%.1f,%.1f ", a.x(part[0].AtMS)+2, a.y(v))
			}
			w.WriteString(`"/>`)
		}
	}
	return w.String() + "</svg>"
}

// whole tells whether a step holds enough of a load's rounds to speak of a rate.
func (b *loadBook) whole(l Load, m Moment) bool {
	return m.CoveredMS == 0 || 4*m.CoveredMS >= stepOf(l)
}

// stepOf is how far the steps of a timeline are apart.
func stepOf(l Load) float64 {
	if l.Heat != nil && l.Heat.StepMS > 0 {
		return l.Heat.StepMS
	}
	step := math.Inf(1)
	for i := 1; i < len(l.Timeline); i++ {
		step = min(step, l.Timeline[i].AtMS-l.Timeline[i-1].AtMS)
	}
	return step
}

// parts are the stretches of a load's timeline without a gap.
func (b *loadBook) parts(l Load, of func(Moment) (float64, bool)) (all [][]Moment) {
	step, last := stepOf(l), math.Inf(-1)
	for _, m := range l.Timeline {
		if _, ok := of(m); !ok || !b.whole(l, m) {
			continue
		}
		if m.AtMS-last > 1.5*step || len(all) == 0 {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], m)
		last = m.AtMS
	}
	return all
}

// Axes of a drawing over time: both begin at 0.
type axes struct{ until, most float64 }

func (a axes) x(ms float64) float64 {
	return plotLeft + bounded(ms, a.until)/a.until*(plotWidth-plotLeft-plotRight)
}

func (a axes) y(v float64) float64 {
	return plotHeight - plotBottom - bounded(v, a.most)/a.most*(plotHeight-plotTop-plotBottom)
}

func (a axes) draw(w *strings.Builder, unit func(float64) string) {
	for i := range 5 {
		v := a.most * float64(i) / 4
		fmt.Fprintf(w, `<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`,
			plotLeft, plotWidth-plotRight, a.y(v), a.y(v), plotLeft-6, a.y(v)+4, unit(v))
	}
	a.seconds(w, plotHeight-plotBottom+18)
}

// seconds writes the axis of time.
func (a axes) seconds(w *strings.Builder, y int) { ticks(w, a.until, y, plotLeft) }

// ticks writes round numbers of seconds below a drawing.
func ticks(w *strings.Builder, until float64, y, left int) {
	step := roundUp(until / 5)
	for i := range 6 {
		at := step * float64(i)
		if at > until {
			return
		}
		x := float64(left) + at/until*float64(plotWidth-left-plotRight)
		fmt.Fprintf(w, `<text x="%.1f" y="%d" text-anchor="middle">%.3g s</text>`, min(x, plotWidth-16), y, at/1000)
	}
}

// roundUp is the next number of 1, 2, 4, 6 or 8 with zeros.
func roundUp(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, n := range []float64{1, 2, 4, 6, 8} {
		if v <= n*unit*1.0001 {
			return n * unit
		}
	}
	return 10 * unit
}

// Size of a heat map.
const (
	heatLeft  = 104
	heatRow   = 8
	heatCells = 200 // columns of all maps of a book, at most
)

func (b *loadBook) heats() {
	until := 0.0
	for _, l := range b.Loads {
		if h := l.Heat; h != nil && len(h.AtMS) > 0 {
			until = max(until, bounded(h.AtMS[len(h.AtMS)-1], valueMax)+bounded(h.StepMS, valueMax))
		}
	}
	for i, l := range b.Loads {
		if l.Heat != nil && len(l.Heat.Ranges) > 0 && until > 0 {
			b.Heats = append(b.Heats, figure{l.Keys + l.Dagger(), template.HTML(b.heat(fmt.Sprintf("heat-%d", i), l, until))})
		}
	}
}

// heat draws requests by key range and time: the more requests the darker, and
// red from below as high as the share of them that was throttled.
func (b *loadBook) heat(name string, l Load, until float64) string {
	g := gridOf(l.Heat, until, max(heatCells/len(b.Loads), 1))
	height := plotTop + len(l.Heat.Ranges)*heatRow
	w := b.begin(name, "Key ranges over time, "+l.Keys, heatText(l), plotWidth, height+26)
	for _, level := range []string{"h1", "h2", "h3", "hot"} {
		if path := g.path(level, height); path != "" {
			fmt.Fprintf(w, `<path class="%s" d="%s"/>`, level, path)
		}
	}
	common := commonest(l.Heat.Ranges)
	for i := 0; i < len(l.Heat.Ranges); i += 4 {
		label := "first key"
		if i > 0 {
			label = strings.TrimPrefix(l.Heat.Ranges[i], common)
			if common != "" {
				label = "…" + label
			}
		}
		fmt.Fprintf(w, `<text class="key" x="%d" y="%d" text-anchor="end">%s</text>`, heatLeft-6, height-i*heatRow, escape(cut(label, 14)))
	}
	ticks(w, until, height+18, heatLeft)
	return w.String() + "</svg>"
}

// heatText says in words what a heat map shows.
func heatText(l Load) string {
	used := make([]bool, len(l.Heat.Ranges))
	most := 0
	for _, row := range l.Heat.Requests {
		n := 0
		for i, v := range row {
			if v > 0 && i < len(used) {
				used[i] = true
				n++
			}
		}
		most = max(most, n)
	}
	all := 0
	for _, u := range used {
		if u {
			all++
		}
	}
	return fmt.Sprintf("%d of %d key ranges got requests in all, at most %d of them within a step of %s; %s of all requests were throttled.",
		all, len(used), most, duration(l.Heat.StepMS), shareText(l.Throttled()))
}

// commonest is what all names but the first begin with.
func commonest(names []string) string {
	if len(names) < 3 {
		return ""
	}
	first, last := slices.Min(names[1:]), slices.Max(names[1:])
	n := 0
	for n < len(first) && n < len(last) && first[n] == last[n] {
		n++
	}
	return strings.ToValidUTF8(first[:n], "")
}

// A grid is a heat map in columns of equal time.
type grid struct {
	columns, rows   int
	sent, throttled [][]int // by row
	most            int
}

func gridOf(h *HeatMap, until float64, columns int) *grid {
	if h.StepMS > 0 {
		columns = min(columns, max(int(math.Ceil(bounded(until/h.StepMS, 1e6)-1e-6)), 1))
	}
	g := &grid{columns: columns, rows: len(h.Ranges)}
	for range g.rows {
		g.sent, g.throttled = append(g.sent, make([]int, columns)), append(g.throttled, make([]int, columns))
	}
	for i, at := range h.AtMS {
		x := min(int(bounded(at+h.StepMS/2, until)/until*float64(columns)), columns-1)
		for y := range g.rows {
			g.sent[y][x] += cellOf(h.Requests, i, y)
			g.throttled[y][x] += cellOf(h.Throttled, i, y)
			g.most = max(g.most, g.sent[y][x])
		}
	}
	return g
}

func cellOf(of [][]int, i, j int) int {
	if i < len(of) && j < len(of[i]) {
		return min(max(of[i][j], 0), 1<<30)
	}
	return 0
}

// path draws all cells of a level; those that are next to each other and alike
// as one.
func (g *grid) path(level string, height int) string {
	var d strings.Builder
	width := float64(plotWidth-heatLeft-plotRight) / float64(g.columns)
	for y := range g.rows {
		for x := 0; x < g.columns; {
			tall, end := g.tall(level, y, x), x+1
			for end < g.columns && g.tall(level, y, end) == tall {
				end++
			}
			if tall > 0 {
				fmt.Fprintf(&d, "M%.4g %dh%.4gv-%dH%.4gz", heatLeft+float64(x)*width, height-y*heatRow, float64(end-x)*width, tall, heatLeft+float64(x)*width)
			}
			x = end
		}
	}
	return d.String()
}

// tall is how high a cell is drawn in a level: 0 where it is not.
func (g *grid) tall(level string, y, x int) int {
	sent, thrown := g.sent[y][x], g.throttled[y][x]
	if sent == 0 {
		return 0
	}
	if level == "hot" {
		if thrown == 0 {
			return 0
		}
		return min(max(int(math.Round(4*float64(thrown)/float64(sent))), 1), 4) * (heatRow - 1) / 4
	}
	of := "h3"
	switch {
	case 4*sent <= g.most:
		of = "h1"
	case 5*sent <= 3*g.most:
		of = "h2"
	}
	if level != of {
		return 0
	}
	return heatRow - 1
}
