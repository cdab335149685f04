package report

import (
	"io"
	"slices"
	"strings"
)

// diffPage is what the template of a comparison shows.
type diffPage struct {
	*Diff
	Rows    []diffRow  // chapters in which runs differ, or a case did not pass
	Quiet   []diffRow  // the others
	Shown   []DiffCase // of Cases, those that fit
	Hidden  int        // how many did not
	Columns []diffColumn
	Same    []sameGroup
}

// A diffColumn is a run of the comparison.
type diffColumn struct {
	Name   string
	Run    *Run
	Totals Summary
	Score  Score
}

// A diffRow is a chapter of a dialect with a cell for each run.
type diffRow struct {
	Dialect, Chapter string
	Cells            []cell
}

// quiet tells whether every run has as many cases of the chapter, all passed.
func (r diffRow) quiet() bool {
	return !slices.ContainsFunc(r.Cells, func(c cell) bool { return c.Passed != c.Cases() || c.Passed != r.Cells[0].Passed })
}

// A rowTable is some of the chapters, and what the table says of them.
type rowTable struct {
	Caption string
	Names   []string
	Rows    []diffRow
}

// RowsOf makes a table of chapters.
func (p *diffPage) RowsOf(rows []diffRow, caption string) rowTable {
	return rowTable{caption, p.Names, rows}
}

// A sameGroup is the cases of a chapter that did not change.
type sameGroup struct {
	Dialect, Chapter string
	IDs              []string
}

// WriteHTML writes the comparison as one page, as WriteHTML of a run does.
func (d *Diff) WriteHTML(w io.Writer) error { return writePage(w, "diff.html.tmpl", d.page()) }

func (d *Diff) page() *diffPage {
	p := &diffPage{Diff: d, Same: d.sameGroups()}
	for i, run := range d.Runs {
		p.Columns = append(p.Columns, diffColumn{d.Names[i], run, run.Total(), run.Score()})
	}
	for _, r := range d.rows() {
		if r.quiet() {
			p.Quiet = append(p.Quiet, r)
		} else {
			p.Rows = append(p.Rows, r)
		}
	}
	left, names := pageMax-50_000, 0
	for _, name := range d.Names {
		names += len(name) + len(` data-l=""`)
	}
	for _, id := range d.Alike {
		left -= len(id) + 12
	}
	for _, c := range d.Clusters {
		left -= 300 + len(c.Cause) + 60*min(len(c.Cases), clusterCases)
	}
	for i := range d.Cases {
		if left -= d.Cases[i].size() + names; left < 0 {
			p.Hidden = len(d.Cases) - i
			break
		}
		p.Shown = append(p.Shown, d.Cases[i])
	}
	return p
}

// size estimates the characters of a row of the page.
func (c *DiffCase) size() int {
	n := 200 + 2*len(c.ID) + len(c.Text) + len(c.Why)
	for i, list := range c.Differences {
		n += 120
		if b := c.Behaviours[i]; b != nil {
			n += len(b.Code) + 20
		}
		for _, text := range list {
			n += len(text) + 6
		}
	}
	return n
}

// rows are the chapters of all runs, with the cases that passed in each.
func (d *Diff) rows() (rows []diffRow) {
	for at, run := range d.Runs {
		for _, g := range run.groups() {
			n := slices.IndexFunc(rows, func(r diffRow) bool { return r.Dialect == g.Dialect && r.Chapter == g.Chapter })
			if n < 0 {
				n = len(rows)
				rows = append(rows, diffRow{Dialect: g.Dialect, Chapter: g.Chapter, Cells: make([]cell, len(d.Runs))})
			}
			s := g.Summary()
			rows[n].Cells[at] = cell{Dialect: g.Dialect, Chapter: g.Chapter, Summary: s, Verdict: s.Worst()}
		}
	}
	return rows
}

// sameGroups are the cases that did not change, by dialect and chapter.
func (d *Diff) sameGroups() (groups []sameGroup) {
	index := map[string]int{}
	for _, id := range d.Alike {
		parts := strings.SplitN(id, "/", 3)
		if len(parts) < 3 {
			parts = []string{"", "", id}
		}
		key := parts[0] + "/" + parts[1]
		n, ok := index[key]
		if !ok {
			n = len(groups)
			index[key] = n
			groups = append(groups, sameGroup{Dialect: parts[0], Chapter: parts[1]})
		}
		groups[n].IDs = append(groups[n].IDs, parts[2])
	}
	return groups
}

// clusterCases is how many cases a cluster names on a page.
const clusterCases = 50

// Named are the first cases of a cluster, and Unnamed how many there are beyond.
func (g Cluster) Named() []string { return g.Cases[:min(len(g.Cases), clusterCases)] }

// Unnamed is how many cases of a cluster a page does not name.
func (g Cluster) Unnamed() int { return max(len(g.Cases)-clusterCases, 0) }

// Known are the ways of changing that the page can be searched for.
func (p *diffPage) Known() (all []string) {
	for _, c := range Changes() {
		if p.Count(c) > 0 {
			all = append(all, string(c))
		}
	}
	return all
}

// Tone is the class of the page's head.
func (p *diffPage) Tone() string {
	switch {
	case p.LoadsOnly():
		return "found"
	case p.Gate() != "":
		return "x1"
	}
	return "x0"
}

// Target names the targets of a run.
func (c diffColumn) Target() string { return c.Run.about() }

// told tells whether a difference is of status or code, which every cell shows.
func told(difference string) bool {
	return strings.HasPrefix(difference, "status ") || strings.HasPrefix(difference, "code ")
}

// Otherwise tells whether the answer of a run has another status or code than
// the first one.
func (c DiffCase) Otherwise(at int) bool { return slices.ContainsFunc(c.Differences[at], told) }

// Beyond are the differences of a run that status and code do not show.
func (c DiffCase) Beyond(at int) (list []string) {
	for _, text := range c.Differences[at] {
		if !told(text) {
			list = append(list, text)
		}
	}
	return list
}
