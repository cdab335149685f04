package report

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
)

// A chart is the response times of the loads of one dialect by quantile, both
// axes logarithmic.
type chart struct {
	Dialect string
	SVG     template.HTML // made of numbers and escaped names only
}

// Size of the drawing and its margins, in its own units.
const (
	chartWidth, chartHeight = plotWidth, plotHeight
	chartLeft, chartRight   = plotLeft, 92
	chartTop, chartBottom   = 14, 36
)

// Line styles that can be told apart without colour.
var dashes = []string{"", "7 4", "2 4", "10 3 2 3", "4 2"}

func charts(loads []Load) []chart {
	var dialects []string
	for i := range loads {
		if len(loads[i].Curve) > 1 {
			dialects = appendNew(dialects, loads[i].Dialect)
		}
	}
	var all []chart
	for _, dialect := range dialects {
		var of []Load
		for _, l := range loads {
			if l.Dialect == dialect && len(l.Curve) > 1 {
				of = append(of, l)
			}
		}
		all = append(all, chart{Dialect: dialect, SVG: template.HTML(drawCurves(of))})
	}
	return all
}

// Response times outside of these bounds are drawn at them, in milliseconds.
const (
	drawnMin = 1e-3
	drawnMax = 1e7
)

// A scale maps milliseconds and quantiles to the drawing. Quantiles are placed
// by how rare the rest is: 0.9, 0.99 and 0.999 are equally far apart.
type scale struct{ low, high, nines float64 }

func scaleOf(loads []Load) scale {
	s := scale{low: math.Inf(1), high: 0.1, nines: 1}
	for _, l := range loads {
		for _, p := range l.Curve {
			if p.MS > 0 {
				ms := min(max(p.MS, drawnMin), drawnMax)
				s.low, s.high = min(s.low, ms), max(s.high, ms)
			}
			if p.Quantile < 1 {
				s.nines = max(s.nines, nines(p.Quantile))
			}
		}
	}
	s.low = math.Pow(10, math.Floor(math.Log10(min(s.low, s.high))))
	s.high = math.Pow(10, math.Ceil(math.Log10(s.high*1.001)))
	s.nines = min(s.nines, 5)
	return s
}

func nines(q float64) float64 { return -math.Log10(1 - min(q, 0.99999)) }

func (s scale) x(q float64) float64 {
	return chartLeft + min(nines(q)/s.nines, 1)*(chartWidth-chartLeft-chartRight)
}

func (s scale) y(ms float64) float64 {
	part := math.Log10(min(max(ms, s.low), s.high)/s.low) / math.Log10(s.high/s.low)
	return chartHeight - chartBottom - part*(chartHeight-chartTop-chartBottom)
}

func drawCurves(loads []Load) string {
	s := scaleOf(loads)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" role="img" aria-label="response time by percentile; the table above has the numbers">`,
		chartWidth, chartHeight)
	s.axes(&b)
	ends := make([]float64, len(loads))
	for i, l := range loads {
		ends[i] = s.y(l.Curve[len(l.Curve)-1].MS) + 4
	}
	spread(ends)
	for i, l := range loads {
		fmt.Fprintf(&b, `<polyline class="line l%d" stroke-dasharray="%s" points="`, i%5, dash(i))
		for _, p := range l.Curve {
			fmt.Fprintf(&b, "%.1f,%.1f ", s.x(p.Quantile), s.y(p.MS))
		}
		fmt.Fprintf(&b, `"/><text class="name l%d" x="%d" y="%.1f">%s</text>`, i%5, chartWidth-chartRight+8, ends[i], escape(cut(l.Keys, 13)))
	}
	return b.String() + "</svg>"
}

func (s scale) axes(b *strings.Builder) {
	for ms := s.low; ms <= s.high*1.01; ms *= 10 {
		y := s.y(ms)
		fmt.Fprintf(b, `<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text x="%d" y="%.1f" text-anchor="end">%g ms</text>`,
			chartLeft, chartWidth-chartRight, y, y, chartLeft-8, y+4, ms)
	}
	for _, tick := range []struct {
		q    float64
		name string
	}{{0, "p0"}, {0.5, "p50"}, {0.9, "p90"}, {0.99, "p99"}, {0.999, "p99.9"}, {0.9999, "p99.99"}} {
		if nines(tick.q) > s.nines*1.001 {
			break
		}
		fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`, s.x(tick.q), chartHeight-chartBottom+18, tick.name)
	}
}

// spread moves label positions apart so that none covers another.
func spread(ys []float64) {
	order := make([]int, len(ys))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(math.Copysign(1, ys[a]-ys[b])) })
	for i := 1; i < len(order); i++ {
		ys[order[i]] = max(ys[order[i]], ys[order[i-1]]+14)
	}
}
