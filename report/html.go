package report

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed page
var pageFiles embed.FS

// Bounds of a page. run.json has all that does not fit.
const (
	pageMax     = 1_900_000 // bytes that a page of many cases aims at
	troubleMin  = 225_000   // characters of cases that need attention, however long the page is
	bodyMax     = 2_000     // characters of one body
	articleSize = 1_500     // bytes of a case that needs attention, without its own text
)

// WriteHTML writes the run as one page that needs no network and no script.
// Equal runs give equal bytes.
func WriteHTML(w io.Writer, run *Run) error { return writePage(w, "page.html.tmpl", pageOf(run)) }

// writePage executes one of the templates of this package.
func writePage(w io.Writer, name string, data any) error {
	t, err := templates()
	if err != nil {
		return err
	}
	if err := t.ExecuteTemplate(w, name, data); err != nil {
		return fmt.Errorf("report: writing HTML: %w", err)
	}
	return nil
}

// templates are those of all pages: a file for each page, and one for each
// section. A page may use the parts of all others.
var templates = sync.OnceValues(func() (*template.Template, error) {
	css, err := pageFiles.ReadFile("page/style.css")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	script, err := pageFiles.ReadFile("page/filter.js")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	sum := sha256.Sum256(script)
	t, err := template.New("").Funcs(functions).Funcs(template.FuncMap{
		"css":    func() template.CSS { return template.CSS(css) },
		"script": func() template.JS { return template.JS(script) },
		"policy": func() string { return contentPolicy(sum) },
	}).ParseFS(pageFiles, "page/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return t, nil
})

// contentPolicy allows a page its own style and its own script and nothing else:
// what a target sent could do nothing even if it were not escaped.
func contentPolicy(script [sha256.Size]byte) string {
	return "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + base64.StdEncoding.EncodeToString(script[:]) + "'"
}

// functions are what the templates can call.
var functions = template.FuncMap{
	"percent":     percent,
	"ms":          milliseconds,
	"short":       shortID,
	"stamp":       func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") },
	"to":          func(id string) template.URL { return template.URL("#" + id) }, // a place on this page, whatever id holds
	"mark":        mark,
	"body":        bodyText,
	"upper":       strings.ToUpper,
	"add":         func(a, b int) int { return a + b },
	"rem":         func(a, b int) int { return a % b },
	"rate":        perSecond,
	"bps":         bytesPerSecond,
	"share":       shareText,
	"took":        duration,
	"sentence":    sentence,
	"probability": probability,
	"seconds":     func(ms float64) float64 { return ms / 1000 },
	"plural":      plural,
}

// shortID is a case's id without its dialect and chapter.
func shortID(id string) string {
	parts := strings.SplitN(id, "/", 3)
	return parts[len(parts)-1]
}

// plural counts things in words.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// mark is the sign that goes with a verdict, so that it can be told without
// colour.
func mark(v Verdict) string {
	switch v {
	case Passed:
		return "✓"
	case Failed, StaleWaiver:
		return "✗"
	case Warned:
		return "!"
	case Error, Blocked:
		return "■"
	case Waived:
		return "~"
	}
	return "–"
}

func milliseconds(ms float64) string {
	switch {
	case ms <= 0:
		return "0 ms"
	case ms < 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	case ms < 60_000:
		return fmt.Sprintf("%.1f s", ms/1000)
	}
	s := int64(math.Round(min(ms, 1e15) / 1000))
	return fmt.Sprintf("%d min %d s", s/60, s%60)
}

// bodyText is what the page shows of a body.
func bodyText(b *Body) string {
	text, word := b.Text, ""
	if b.Base64 != "" {
		text, word = b.Base64, "base64: "
	}
	if len(text) > bodyMax {
		text = strings.ToValidUTF8(text[:bodyMax], "") + "…"
	}
	return word + text
}

// page is what the template shows.
type page struct {
	*Run
	Totals    Summary
	Score     Score
	Took      string
	Columns   []string // dialects
	Rows      []matrixRow
	Bars      []bar
	Troubles  []trouble
	Untold    int // of the troubled cases, those that did not fit
	Bare      int // of those that fit, the ones whose exchanges did not
	Shelves   []shelf
	Uncovered []uncovered
	Slowest   []*Case
	LoadBooks []loadBook
	Requests  int64 // of all loads

	told map[string]bool // ids of the cases in Troubles
}

// A matrixRow is a chapter with a cell for each dialect.
type matrixRow struct {
	Chapter string
	Cells   []cell
}

// A cell is the cases of a chapter in a dialect; without any it is empty.
type cell struct {
	Dialect, Chapter string
	Summary
	Verdict Verdict // the one that needs attention most
}

// A bar is the cases of a dialect as parts of a whole.
type bar struct {
	Dialect string
	Target  Target
	Summary
	Score Score
	Parts []part
}

type part struct {
	Verdict Verdict
	N       int
	Share   float64 // percent
}

// A trouble is a case that needs attention, with all that explains it.
type trouble struct {
	*Case
	Repeat   string
	Clauses  []Clause
	Evidence bool
}

func pageOf(run *Run) *page {
	groups := run.groups()
	p := &page{Run: run, Totals: run.Total(), Score: run.Score(), Took: milliseconds(run.DurationMS), Columns: run.dialects()}
	p.Rows = matrix(p.Columns, run.chapters(), groups)
	for _, dialect := range p.Columns {
		p.Bars = append(p.Bars, run.bar(dialect))
	}
	p.Shelves = run.shelves(groups)
	p.Uncovered = uncoveredOf(p.Shelves)
	p.Slowest = run.slowest()
	p.troubles()
	p.LoadBooks = loadBooks(run.Loads)
	for i := range run.Loads {
		p.Requests += run.Loads[i].Requests
	}
	return p
}

// Kicker says what kind of run it was.
func (p *page) Kicker() string {
	if p.LoadsOnly() {
		return "load test"
	}
	return "conformance"
}

func matrix(dialects, chapters []string, groups []group) []matrixRow {
	rows := make([]matrixRow, len(chapters))
	for i, chapter := range chapters {
		rows[i] = matrixRow{Chapter: chapter, Cells: make([]cell, len(dialects))}
	}
	for _, g := range groups {
		s := g.Summary()
		rows[slices.Index(chapters, g.Chapter)].Cells[slices.Index(dialects, g.Dialect)] = cell{
			Dialect: g.Dialect, Chapter: g.Chapter, Summary: s, Verdict: s.Worst(),
		}
	}
	return rows
}

// Worst is the verdict of a summary that needs attention most; passed comes
// before waived, which is known and settled.
func (s Summary) Worst() Verdict {
	for _, v := range []Verdict{Failed, StaleWaiver, Error, Blocked, Warned, Passed, Waived, Unsupported, NotRun} {
		if s.Of(v) > 0 {
			return v
		}
	}
	return ""
}

func (r *Run) bar(dialect string) bar {
	b := bar{Dialect: dialect, Target: r.target(dialect), Summary: r.Summary[dialect], Score: r.ScoreOf(dialect)}
	total := b.Cases()
	for _, v := range Verdicts() {
		if n := b.Of(v); n > 0 {
			b.Parts = append(b.Parts, part{Verdict: v, N: n, Share: 100 * float64(n) / float64(total)})
		}
	}
	return b
}

// troubles collects the cases that need attention, with exchanges as long as
// they take no more than half of the room, and while there is any.
func (p *page) troubles() {
	index := make(map[string]*Clause, len(p.Run.Clauses))
	for i := range p.Run.Clauses {
		index[p.Run.Clauses[i].ID] = &p.Run.Clauses[i]
	}
	left := max(pageMax-p.fit(), troubleMin)
	evidence := left / 2
	for _, c := range p.troubled() {
		t := trouble{Case: c, Repeat: p.Again(c)}
		for _, id := range c.Clauses {
			if clause := index[id]; clause != nil {
				t.Clauses = append(t.Clauses, *clause)
			}
		}
		size := t.size()
		if size > left {
			p.Untold++
			continue
		}
		if shown := c.size(); shown <= evidence {
			t.Evidence = true
			evidence -= shown
			size += shown
		} else if len(c.Exchanges) > 0 {
			p.Bare++
		}
		left -= size
		p.Troubles = append(p.Troubles, t)
		if p.told == nil {
			p.told = map[string]bool{}
		}
		p.told[c.ID] = true
	}
}

// Known are the verdicts that the page can be searched for: those of its cases,
// and what clauses without a case are.
func (p *page) Known() (all []string) {
	for _, v := range Verdicts() {
		if p.Totals.Of(v) > 0 {
			all = append(all, string(v))
		}
	}
	return append(all, "open")
}

// size estimates the characters of a case without its exchanges.
func (t *trouble) size() int {
	n := articleSize + 3*len(t.ID) + len(t.Text) + len(t.Repeat) + len(t.Message) + len(t.BlockedBy)
	for _, c := range t.Clauses {
		n += len(c.Text) + len(c.Source) + 200
	}
	for _, b := range t.Broken {
		n += len(b.Expected) + len(b.Got) + 60
	}
	if d := t.Divergence; d != nil {
		n += len(d.Ours) + len(d.Theirs) + 200
	}
	return n
}

// size estimates the characters that a case's exchanges take on the page.
func (c *Case) size() int {
	n := len(c.Curl)
	message := func(fields [][2]string, body *Body) {
		for _, f := range fields {
			n += len(f[0]) + len(f[1]) + 4
		}
		if body != nil {
			n += min(bodyMax, len(body.Text)+len(body.Base64)) + 120
		}
	}
	for i := range c.Exchanges {
		e := &c.Exchanges[i]
		n += len(e.Step) + len(e.Request.Target) + 400
		message(e.Request.Fields, e.Request.Body)
		if e.Reply != nil {
			message(e.Reply.Fields, e.Reply.Body)
		}
	}
	return n
}

// Assertions are the broken ones about a clause.
func (t trouble) Assertions(clause string) []Broken {
	var all []Broken
	for _, b := range t.Broken {
		if b.Clause == clause {
			all = append(all, b)
		}
	}
	return all
}

// Loose are the broken assertions that name no clause of the case.
func (t trouble) Loose() []Broken {
	var all []Broken
	for _, b := range t.Broken {
		if !slices.ContainsFunc(t.Clauses, func(c Clause) bool { return c.ID == b.Clause }) {
			all = append(all, b)
		}
	}
	return all
}

// Halves cuts both sides of a divergence at the first byte that differs.
func (d *Divergence) Halves() [][3]string {
	cut := func(name, s string) [3]string {
		at := min(max(d.At, 0), len(s))
		return [3]string{name, strings.ToValidUTF8(s[:at], "\uFFFD"), strings.ToValidUTF8(s[at:], "\uFFFD")}
	}
	return [][3]string{cut("ours", d.Ours), cut("theirs", d.Theirs)}
}
