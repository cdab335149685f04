package report

import (
	"cmp"
	"io"
	"slices"
	"time"
)

// Bounds of a trend.
const (
	trendMax  = 200       // runs that it shows: the latest
	flipsMax  = 300       // changed cases that it lists of a line
	flipBytes = 1_200_000 // bytes that the changed cases of all lines aim at
	markBytes = 45        // of a verdict of a changed case, in a word and with a sign
	unreadMax = 20        // files of which it says that they could not be read
)

// A Trend is runs of the same targets at different times. It keeps of each run
// what it shows, and none of the run itself, and of many runs the latest.
type Trend struct {
	points  []trendPoint
	dropped int               // runs before those
	keys    map[string]string // of verdicts, each once for all runs
	unread  []Unread
}

// Unread is a file of which a trend could make nothing.
type Unread struct{ Name, Reason string }

// A trendPoint is what a trend keeps of one run.
type trendPoint struct {
	Name     string
	Started  time.Time
	Tool     string
	Parts    map[trendKey]trendPart
	Verdicts map[string]Verdict
	Loads    []trendLoad
}

// A trendKey is a dialect on a target: what a line of a trend is about.
type trendKey struct{ Target, Dialect string }

type trendPart struct {
	Summary
	Score Score
}

type trendLoad struct {
	Target, Title        string
	DoneRPS, Failed, P99 float64
	Dagger               string
}

// Add takes a run into the trend.
func (t *Trend) Add(name string, run *Run) {
	p := trendPoint{Name: name, Started: run.Started, Tool: run.Tool.Version, Parts: map[trendKey]trendPart{}, Verdicts: map[string]Verdict{}}
	for _, dialect := range run.dialects() {
		if s := run.Summary[dialect]; s.Cases() > 0 {
			p.Parts[trendKey{run.target(dialect).Name, dialect}] = trendPart{s, run.ScoreOf(dialect)}
		}
	}
	for i := range run.Cases {
		c := &run.Cases[i]
		p.Verdicts[t.key(run.target(c.Dialect).Name+"\x00"+c.ID)] = c.Verdict
	}
	for i := range run.Loads {
		l := &run.Loads[i]
		d := DiffLoad{Dialect: l.Dialect, Operation: l.Operation, Keys: l.Keys, Rate: l.RateRPS}
		p.Loads = append(p.Loads, trendLoad{l.Target, d.Title(), l.DoneRPS, 1 - l.Success, l.Response.P99, l.Dagger()})
	}
	at, _ := slices.BinarySearchFunc(t.points, p, byTime)
	t.points = slices.Insert(t.points, at, p)
	if n := len(t.points) - trendMax; n > 0 {
		t.points = slices.Delete(t.points, 0, n)
		t.dropped += n
	}
}

// byTime sorts runs, the oldest first.
func byTime(a, b trendPoint) int {
	return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.Name, b.Name))
}

// key is the key's only copy.
func (t *Trend) key(s string) string {
	if known, ok := t.keys[s]; ok {
		return known
	}
	if t.keys == nil {
		t.keys = map[string]string{}
	}
	t.keys[s] = s
	return s
}

// Skip tells of a file that is no run, so that the page can say so.
func (t *Trend) Skip(name string, reason error) {
	t.unread = append(t.unread, Unread{name, reason.Error()})
}

// Runs returns how many runs the trend was given.
func (t *Trend) Runs() int { return len(t.points) + t.dropped }

// A trendLine is a dialect on a target over all runs.
type trendLine struct {
	trendKey
	Steps    []trendStep // those runs that have it
	Score    figure
	Verdicts figure
	Flips    []trendFlip
	Hidden   int // flips that did not fit
}

type trendStep struct {
	*trendPoint
	trendPart
}

// A trendFlip is a case that came to different verdicts.
type trendFlip struct {
	ID    string
	Marks []Verdict // in the runs of the line, "" where the case is missing
	Since string    // when it came to its last verdict
	Last  Verdict
	Times int // how often the verdict changed
}

// A trendSeries is a load over all runs that have it.
type trendSeries struct {
	Target, Title string
	Steps         []trendLoadStep
	Done          figure
	P99           figure
}

type trendLoadStep struct {
	*trendPoint
	trendLoad
}

// trendPage is what the template of a trend shows.
type trendPage struct {
	Lines   []trendLine
	Series  []trendSeries
	Runs    int
	Dropped int // runs before those that are shown
	Unread  []Unread
	More    int // files that could not be read beyond those
	From    time.Time
	Until   time.Time
}

// WriteHTML writes the trend as one page that needs no network and no server.
func (t *Trend) WriteHTML(w io.Writer) error { return writePage(w, "trend.html.tmpl", t.page()) }

func (t *Trend) page() *trendPage {
	points := t.points
	p := &trendPage{Dropped: t.dropped, Runs: len(points), Unread: t.unread[:min(len(t.unread), unreadMax)]}
	p.More = len(t.unread) - len(p.Unread)
	if p.Runs > 0 {
		p.From, p.Until = points[0].Started, points[p.Runs-1].Started
	}
	p.lines(points)
	p.series(points)
	return p
}

func (p *trendPage) lines(points []trendPoint) {
	for i := range points {
		for key, part := range points[i].Parts {
			n := slices.IndexFunc(p.Lines, func(l trendLine) bool { return l.trendKey == key })
			if n < 0 {
				n = len(p.Lines)
				p.Lines = append(p.Lines, trendLine{trendKey: key})
			}
			p.Lines[n].Steps = append(p.Lines[n].Steps, trendStep{&points[i], part})
		}
	}
	slices.SortFunc(p.Lines, func(a, b trendLine) int {
		return cmp.Or(cmp.Compare(a.Target, b.Target), cmp.Compare(a.Dialect, b.Dialect))
	})
	for i := range p.Lines {
		p.Lines[i].flips(flipBytes / len(p.Lines))
		p.Lines[i].draw()
	}
}

// flips finds the cases of the line that did not come to the same verdict in all
// runs, the last change first, and keeps as many of them as there is room for.
func (l *trendLine) flips(room int) {
	marks := map[string][]Verdict{}
	for at, s := range l.Steps {
		for key, v := range s.Verdicts {
			id, ok := l.own(key)
			if !ok {
				continue
			}
			if marks[id] == nil {
				marks[id] = make([]Verdict, len(l.Steps))
			}
			marks[id][at] = v
		}
	}
	last := map[string]int{}
	for id, list := range marks {
		f := trendFlip{ID: id, Marks: list}
		before := Verdict("")
		for at, v := range list {
			if v == "" || v == before {
				continue
			}
			if before != "" {
				f.Times++
				last[id] = at
			}
			before, f.Last, f.Since = v, v, l.Steps[at].Name
		}
		if f.Times > 0 {
			l.Flips = append(l.Flips, f)
		}
	}
	slices.SortFunc(l.Flips, func(a, b trendFlip) int { return cmp.Or(last[b.ID]-last[a.ID], cmp.Compare(a.ID, b.ID)) })
	l.Hidden = max(0, len(l.Flips)-min(flipsMax, room/(markBytes*len(l.Steps)+300)))
	l.Flips = l.Flips[:len(l.Flips)-l.Hidden]
}

// own is the case that a key of a point's verdicts names, where it is the line's.
func (l *trendLine) own(key string) (id string, ok bool) {
	n := len(l.Target) + 1
	if len(key) <= n || key[:n] != l.Target+"\x00" {
		return "", false
	}
	id = key[n:]
	return id, len(id) > len(l.Dialect) && id[:len(l.Dialect)+1] == l.Dialect+"/"
}

func (p *trendPage) series(points []trendPoint) {
	for i := range points {
		for _, load := range points[i].Loads {
			n := slices.IndexFunc(p.Series, func(s trendSeries) bool { return s.Target == load.Target && s.Title == load.Title })
			if n < 0 {
				n = len(p.Series)
				p.Series = append(p.Series, trendSeries{Target: load.Target, Title: load.Title})
			}
			p.Series[n].Steps = append(p.Series[n].Steps, trendLoadStep{&points[i], load})
		}
	}
	for i := range p.Series {
		p.Series[i].draw()
	}
}
