package report

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed page.html.tmpl load.html.tmpl diff.html.tmpl style.css
var pageFiles embed.FS

// Bounds of what the page shows of the evidence; run.json has all of it.
const (
	evidenceMax = 600_000 // characters of exchanges on the whole page
	bodyMax     = 2_000   // characters of one body
)

// WriteHTML writes the run as one page that needs no network and no script.
// Equal runs give equal bytes.
func WriteHTML(w io.Writer, run *Run) error {
	t, err := pageTemplate()
	if err != nil {
		return err
	}
	if err := t.Execute(w, pageOf(run)); err != nil {
		return fmt.Errorf("report: writing HTML: %w", err)
	}
	return nil
}

var pageTemplate = sync.OnceValues(func() (*template.Template, error) { return parsePage("page.html.tmpl", "load.html.tmpl") })

// parsePage reads a template of this package, with the functions that the pages
// share.
func parsePage(name string, parts ...string) (*template.Template, error) {
	css, err := pageFiles.ReadFile("style.css")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	t, err := template.New(name).Funcs(template.FuncMap{
		"css":         func() template.CSS { return template.CSS(css) },
		"percent":     percent,
		"ms":          milliseconds,
		"short":       func(id string) string { return id[strings.LastIndexByte(id, '/')+1:] },
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
	}).ParseFS(pageFiles, append(parts, name)...)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return t, nil
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
	case ms < 10_000:
		return fmt.Sprintf("%.0f ms", ms)
	}
	return (time.Duration(ms) * time.Millisecond).Round(time.Second).String()
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
	Totals     Summary
	Took       string
	Columns    []string // dialects
	Rows       []matrixRow
	Bars       []bar
	Troubles   []trouble
	NoEvidence int // of the troubled cases, those whose exchanges did not fit
	Groups     []group
	Books      []book
	LoadBooks  []loadBook
	Requests   int64 // of all loads
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

// A book is all topics of a dialect's documents.
type book struct {
	Dialect string
	Summary
	Documents []document
}

// A document is the clauses of one topic of a dialect's catalogue.
type document struct {
	Topic   string
	Clauses []*Clause
	Covered int
	Open    int // testable, and no case concluded anything
}

func pageOf(run *Run) *page {
	p := &page{Run: run, Totals: run.Total(), Took: milliseconds(run.DurationMS), Columns: run.dialects(), Groups: run.groups()}
	p.Rows = matrix(p.Columns, run.chapters(), p.Groups)
	for _, dialect := range p.Columns {
		p.Bars = append(p.Bars, run.bar(dialect))
	}
	p.troubles()
	p.Books = run.books()
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
	b := bar{Dialect: dialect, Target: r.target(dialect), Summary: r.Summary[dialect]}
	total := b.Cases()
	for _, v := range Verdicts() {
		if n := b.Of(v); n > 0 {
			b.Parts = append(b.Parts, part{Verdict: v, N: n, Share: 100 * float64(n) / float64(total)})
		}
	}
	return b
}

// troubles collects the cases that need attention, with exchanges as long as
// they fit.
func (p *page) troubles() {
	index := make(map[string]*Clause, len(p.Run.Clauses))
	for i := range p.Run.Clauses {
		index[p.Run.Clauses[i].ID] = &p.Run.Clauses[i]
	}
	left := evidenceMax
	for _, c := range p.troubled() {
		t := trouble{Case: c, Repeat: p.Again(c)}
		for _, id := range c.Clauses {
			if clause := index[id]; clause != nil {
				t.Clauses = append(t.Clauses, *clause)
			}
		}
		size := c.size()
		t.Evidence = size <= left
		if t.Evidence {
			left -= size
		} else {
			p.NoEvidence++
		}
		p.Troubles = append(p.Troubles, t)
	}
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

// books are the clauses by dialect and topic, in the order of the catalogue.
func (r *Run) books() []book {
	var all []book
	for i := range r.Clauses {
		c := &r.Clauses[i]
		if n := len(all); n == 0 || all[n-1].Dialect != c.Dialect {
			all = append(all, book{Dialect: c.Dialect, Summary: r.Summary[c.Dialect]})
		}
		all[len(all)-1].add(c)
	}
	return all
}

func (b *book) add(c *Clause) {
	topic := c.ID[:max(0, strings.LastIndexByte(c.ID, '-'))]
	if n := len(b.Documents); n == 0 || b.Documents[n-1].Topic != topic {
		b.Documents = append(b.Documents, document{Topic: topic})
	}
	d := &b.Documents[len(b.Documents)-1]
	d.Clauses = append(d.Clauses, c)
	switch {
	case c.Verdict.Concluded():
		d.Covered++
	case c.Testable == "yes" || c.Testable == "emulator-only":
		d.Open++
	}
}

// Word says what is known of a clause: its verdict, or why there is none.
func (c *Clause) Word() string {
	switch {
	case len(c.Cases) > 0:
		return string(c.Verdict)
	case c.Testable == "offline":
		return "by vectors"
	case c.Testable == "no":
		return "not observable"
	}
	return "no case"
}

// Halves cuts both sides of a divergence at the first byte that differs.
func (d *Divergence) Halves() [][3]string {
	cut := func(name, s string) [3]string {
		at := min(max(d.At, 0), len(s))
		return [3]string{name, strings.ToValidUTF8(s[:at], "\uFFFD"), strings.ToValidUTF8(s[at:], "\uFFFD")}
	}
	return [][3]string{cut("ours", d.Ours), cut("theirs", d.Theirs)}
}
