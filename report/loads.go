package report

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
)

// LoadsOnly tells whether the run is a load test and no conformance run.
func (r *Run) LoadsOnly() bool {
	return len(r.Loads) > 0 && len(r.Cases) == 0 && r.PlanTotal == 0
}

// Finding is what a load test found, in one sentence: the knee, the first
// comparison that shows a difference, or that none does.
func (r *Run) Finding() string {
	if text := r.knees(); text != "" {
		return text
	}
	if len(r.Comparisons) > 0 {
		at := max(0, slices.IndexFunc(r.Comparisons, func(c Comparison) bool { return c.Differs }))
		return sentence(r.Comparisons[at].Text)
	}
	l := r.Loads[0]
	return sentence(fmt.Sprintf("%s keys: %s requests completed, %s failed, p99 %s", l.Keys, perSecond(l.DoneRPS), shareText(1-l.Success), duration(l.Response.P99)))
}

// knees are the highest rates that were found, "" where none was searched for.
func (r *Run) knees() string {
	var list []string
	for _, l := range r.Loads {
		switch k := l.Knee; {
		case k == nil:
		case k.KeptRPS == 0:
			list = append(list, l.Keys+" none")
		case k.BrokenRPS == 0:
			list = append(list, fmt.Sprintf("%s %s or more", l.Keys, perSecond(k.KeptRPS)))
		default:
			list = append(list, fmt.Sprintf("%s %s to %s", l.Keys, perSecond(k.KeptRPS), perSecond(k.BrokenRPS)))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return "Highest rate that keeps the objectives: " + strings.Join(list, ", ")
}

// loadHeadline is the verdict of a load test in a few words.
func (r *Run) loadHeadline() string {
	switch r.Exit {
	case 0, 1:
		return r.Finding()
	case 130:
		return "Interrupted"
	}
	return "The load is not whole"
}

// Tone is the class of the page's head: a verdict's, or that of a mere finding.
func (r *Run) Tone() string {
	if !r.LoadsOnly() {
		return fmt.Sprintf("x%d", r.Exit)
	}
	if r.Exit != 0 {
		return fmt.Sprintf("load x%d", r.Exit)
	}
	if slices.ContainsFunc(r.Loads, func(l Load) bool { return len(l.Objectives) > 0 }) {
		return "load x0"
	}
	return "found"
}

// Saturation lists why the generator did not keep its plan; empty when it did.
func (r *Run) Saturation() (list []string) {
	for _, l := range r.Loads {
		for _, reason := range l.Saturation {
			list = appendNew(list, reason)
		}
		if l.Saturated && len(l.Saturation) == 0 {
			list = appendNew(list, "the reason was not recorded")
		}
	}
	return list
}

// Dagger marks every number of a load whose generator did not keep its plan.
func (l Load) Dagger() string {
	if l.Saturated {
		return "†"
	}
	return ""
}

// Throttled is the share of the requests that the store asked to come later.
func (l Load) Throttled() float64 {
	share := 0.0
	for _, f := range l.Failures {
		if f.Class == Throttled {
			share += f.Ratio
		}
	}
	return bounded(share, 1)
}

// Otherwise is the share of the requests that failed in any other way.
func (l Load) Otherwise() float64 {
	if rest := 1 - l.Success - l.Throttled(); rest > 1e-9 {
		return min(rest, 1)
	}
	return 0
}

// Answer is the status and code of a failure, or why there was no reply.
func (f Failure) Answer() string {
	if f.Status == 0 {
		return f.Code
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", f.Status, f.Code))
}

// Mixed tells whether the load has more than one operation.
func (l Load) Mixed() bool { return len(l.Operations) > 1 }

// Times are the three distributions of a load and their names.
func (l Load) Times() []named {
	return []named{{"response", l.Response}, {"service", l.Service}, {"lateness", l.Lateness}}
}

type named struct {
	Name string
	Latency
}

// Listing says what it costs to list a directory.
func (s KeySpread) Listing() string {
	switch s.Listings {
	case 0:
		return "keys have no directory"
	case 1:
		return "1 listing"
	}
	return fmt.Sprintf("%d listings", s.Listings)
}

// A loadBook is all loads of one dialect, which are set side by side.
type loadBook struct {
	Dialect string
	Loads   []Load
	Charts  []figure
	Heats   []figure
	Legend  []legend
}

// A figure is a drawing, made of numbers and escaped names only.
type figure struct {
	Title string
	SVG   template.HTML
}

// A legend says how a way of naming keys is drawn.
type legend struct {
	Name string
	Line template.HTML
}

// stepsShown is how many rows the tables of a book over time have, at most.
const stepsShown = 240

// Steps are those of a load's timeline that the page has room for: all, or every
// second, third … one.
func (b loadBook) Steps(l Load) (list []Moment) {
	each := 1 + (len(l.Timeline)*len(b.Loads)-1)/stepsShown
	for i := 0; i < len(l.Timeline); i += each {
		list = append(list, l.Timeline[i])
	}
	return list
}

// Failing tells whether any request of the book failed.
func (b loadBook) Failing() bool {
	return slices.ContainsFunc(b.Loads, func(l Load) bool { return len(l.Failures) > 0 })
}

// Mixes tells whether any load of the book has more than one operation.
func (b loadBook) Mixes() bool { return slices.ContainsFunc(b.Loads, Load.Mixed) }

// Aims tells whether the loads had objectives.
func (b loadBook) Aims() bool {
	return slices.ContainsFunc(b.Loads, func(l Load) bool { return len(l.Objectives) > 0 })
}

func loadBooks(loads []Load) (books []loadBook) {
	for _, l := range loads {
		i := slices.IndexFunc(books, func(b loadBook) bool { return b.Dialect == l.Dialect })
		if i < 0 {
			i = len(books)
			books = append(books, loadBook{Dialect: l.Dialect})
		}
		books[i].Loads = append(books[i].Loads, l)
	}
	for i := range books {
		books[i].draw()
	}
	return books
}

// sentence begins with a capital letter.
func sentence(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// bounded keeps a recorded number within 0 and a bound, whatever it is.
func bounded(v, most float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return min(max(v, 0), most)
}

// perSecond writes a rate.
func perSecond(v float64) string {
	if v < 100 {
		return fmt.Sprintf("%.1f/s", v)
	}
	return fmt.Sprintf("%.0f/s", v)
}

// shareText writes a share of 0 to 1; what is not nothing does not look like it,
// and what is not all neither.
func shareText(v float64) string {
	switch {
	case v <= 0:
		return "0 %"
	case v == 1:
		return "100 %"
	case v < 0.001:
		return fmt.Sprintf("%.2g %%", max(100*v, 0.0001))
	case v >= 0.9995 && v < 1:
		return "99.9 %"
	}
	return fmt.Sprintf("%.1f %%", 100*v)
}

// probability writes that of a test for no difference.
func probability(p float64) string {
	if p < 0.0001 {
		return "p < 0.0001"
	}
	return fmt.Sprintf("p = %.2g", p)
}

// duration writes milliseconds with three digits.
func duration(ms float64) string {
	switch {
	case ms <= 0:
		return "0"
	case ms < 1:
		return fmt.Sprintf("%.0f µs", 1000*ms)
	case ms < 10:
		return fmt.Sprintf("%.2f ms", ms)
	case ms < 100:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 10_000:
		return fmt.Sprintf("%.0f ms", ms)
	}
	return fmt.Sprintf("%.1f s", ms/1000)
}

// bytesPerSecond writes a rate of bytes.
func bytesPerSecond(v float64) string {
	switch {
	case v >= 1e9:
		return fmt.Sprintf("%.2f GB/s", v/1e9)
	case v >= 1e6:
		return fmt.Sprintf("%.2f MB/s", v/1e6)
	}
	return fmt.Sprintf("%.1f kB/s", v/1e3)
}

// FirstText tells after which time the range was first seen to be hot.
func (h HotRange) FirstText() string { return fmt.Sprintf("%.1f s", h.FirstMS/1000) }
