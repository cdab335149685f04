package report

import (
	"cmp"
	"slices"
	"strings"
)

// A shelf is the clauses of one chapter of a dialect, by document, each with its
// cases.
type shelf struct {
	Dialect, Chapter string
	Cases            Summary
	Clauses          int
	Covered          int // clauses about which a case concluded something
	Open             int // clauses that could have a case, and about which none did
	Documents        []document
	Strays           []*Case // cases of the chapter whose clauses all belong to others
	First            bool    // of its dialect
	Terse            bool    // the texts of the cases that passed do not fit
	Mute             bool    // neither do those of the others
}

// A document is the clauses of a shelf that one document asks for.
type document struct {
	Title   string
	Clauses []entry
	Covered int
	Open    int
}

// An entry is a clause and its cases, each of which stands below one clause only.
type entry struct {
	*Clause
	Where string // in the document
	Own   []*Case
	Also  []string // ids of the cases that stand below another of their clauses
}

// uncovered is the clauses of a dialect that could have a case and about which
// none concluded anything.
type uncovered struct {
	Dialect  string
	Clauses  int
	Chapters []uncoveredChapter
}

type uncoveredChapter struct {
	Name string
	IDs  []string
}

// shelves are all chapters that have a case or a clause, by dialect.
func (r *Run) shelves(groups []group) []shelf {
	b := binder{run: r, at: map[[2]string]int{}, place: map[string][3]int{}}
	for _, g := range groups {
		b.all[b.shelf(g.Dialect, g.Chapter)].Cases = g.Summary()
	}
	for i := range r.Clauses {
		b.clause(&r.Clauses[i])
	}
	b.cases()
	b.sort()
	return b.all
}

// A binder puts shelves together.
type binder struct {
	run   *Run
	all   []shelf
	at    map[[2]string]int
	place map[string][3]int // of a clause: shelf, document, entry
}

func (b *binder) shelf(dialect, chapter string) int {
	key := [2]string{dialect, chapter}
	at, ok := b.at[key]
	if !ok {
		at = len(b.all)
		b.at[key] = at
		b.all = append(b.all, shelf{Dialect: dialect, Chapter: chapter})
	}
	return at
}

func (b *binder) clause(c *Clause) {
	at := b.shelf(c.Dialect, c.Chapter)
	s := &b.all[at]
	title, where := split(c.Source)
	n := slices.IndexFunc(s.Documents, func(d document) bool { return d.Title == title })
	if n < 0 {
		n = len(s.Documents)
		s.Documents = append(s.Documents, document{Title: title})
	}
	d := &s.Documents[n]
	s.Clauses++
	switch {
	case c.Verdict.Concluded():
		s.Covered++
		d.Covered++
	case c.wanted():
		s.Open++
		d.Open++
	}
	b.place[c.ID] = [3]int{at, n, len(d.Clauses)}
	d.Clauses = append(d.Clauses, entry{Clause: c, Where: where})
}

// wanted tells whether the clause is one that some target can show.
func (c *Clause) wanted() bool { return c.Testable == "yes" || c.Testable == "emulator-only" }

// split parts a clause's source at the end of the document's name: the first
// comma, colon or semicolon that stands in no brackets.
func split(source string) (title, where string) {
	depth := 0
	for i := range len(source) {
		switch source[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ',', ';', ':':
			if depth <= 0 && strings.HasPrefix(source[i+1:], " ") {
				return source[:i], source[i+2:]
			}
		}
	}
	return source, ""
}

// cases puts each case below the first of its clauses that is of the case's own
// chapter, and mentions it at the others.
func (b *binder) cases() {
	for i := range b.run.Cases {
		c := &b.run.Cases[i]
		at := b.shelf(c.Dialect, c.Chapter)
		home := slices.IndexFunc(c.Clauses, func(id string) bool {
			place, ok := b.place[id]
			return ok && place[0] == at
		})
		if home < 0 {
			b.all[at].Strays = append(b.all[at].Strays, c)
		}
		for n, id := range c.Clauses {
			place, ok := b.place[id]
			if !ok {
				continue
			}
			e := &b.all[place[0]].Documents[place[1]].Clauses[place[2]]
			if n == home {
				e.Own = append(e.Own, c)
			} else {
				e.Also = append(e.Also, c.ID)
			}
		}
	}
}

// sort brings shelves into the order of the matrix, and within a clause what
// needs attention to the front.
func (b *binder) sort() {
	dialects, chapters := b.run.dialects(), b.run.Chapters
	for _, c := range b.run.chapters() {
		chapters = appendNew(chapters, c)
	}
	slices.SortStableFunc(b.all, func(x, y shelf) int {
		return cmp.Or(cmp.Compare(slices.Index(dialects, x.Dialect), slices.Index(dialects, y.Dialect)),
			cmp.Compare(slices.Index(chapters, x.Chapter), slices.Index(chapters, y.Chapter)))
	})
	for i := range b.all {
		b.all[i].First = i == 0 || b.all[i].Dialect != b.all[i-1].Dialect
		byAttention(b.all[i].Strays)
		for _, d := range b.all[i].Documents {
			for _, e := range d.Clauses {
				byAttention(e.Own)
			}
		}
	}
}

func byAttention(cases []*Case) {
	slices.SortStableFunc(cases, func(x, y *Case) int {
		return cmp.Compare(slices.Index(Verdicts(), x.Verdict), slices.Index(Verdicts(), y.Verdict))
	})
}

// mentions is how many cases a clause names that stand below another.
const mentions = 3

// Mentioned are the first of them.
func (e entry) Mentioned() []string { return e.Also[:min(len(e.Also), mentions)] }

// Unmentioned is how many there are beyond those.
func (e entry) Unmentioned() int { return max(len(e.Also)-mentions, 0) }

// Class is the clause's class on the page: its verdict, or why there is none.
func (e entry) Class() string {
	switch {
	case e.Verdict.Concluded() || len(e.Cases) > 0:
		return string(e.Verdict)
	case e.wanted():
		return "open"
	}
	return "unseen"
}

// Word says why a clause has no verdict.
func (e entry) Word() string {
	switch e.Testable {
	case "offline":
		return "shown by vectors"
	case "no":
		return "not observable"
	}
	return "no case"
}

// Remark is what there is to say of a clause besides its text.
func (e entry) Remark() string {
	var parts []string
	if e.Where != "" {
		parts = append(parts, e.Where)
	}
	if e.Level != "" && e.Level != "must" {
		parts = append(parts, e.Level)
	}
	if e.Confidence != "" && e.Confidence != "documented" {
		parts = append(parts, e.Confidence)
	}
	return strings.Join(parts, " · ")
}

// uncoveredOf lists the open clauses of shelves, which are sorted by dialect.
func uncoveredOf(shelves []shelf) (all []uncovered) {
	for i := range shelves {
		s := &shelves[i]
		c := uncoveredChapter{Name: s.Chapter, IDs: s.open()}
		if len(c.IDs) == 0 {
			continue
		}
		if len(all) == 0 || all[len(all)-1].Dialect != s.Dialect {
			all = append(all, uncovered{Dialect: s.Dialect})
		}
		u := &all[len(all)-1]
		u.Clauses += len(c.IDs)
		u.Chapters = append(u.Chapters, c)
	}
	return all
}

// open are the clauses that could have a case, and about which none concluded
// anything.
func (s *shelf) open() (ids []string) {
	for _, d := range s.Documents {
		for _, e := range d.Clauses {
			if e.wanted() && !e.Verdict.Concluded() {
				ids = append(ids, e.ID)
			}
		}
	}
	return ids
}

// slowest are the cases that took longest, at most ten.
func (r *Run) slowest() []*Case {
	var all []*Case
	for i := range r.Cases {
		if r.Cases[i].DurationMS > 0 {
			all = append(all, &r.Cases[i])
		}
	}
	slices.SortStableFunc(all, func(a, b *Case) int { return cmp.Compare(b.DurationMS, a.DurationMS) })
	return all[:min(len(all), 10)]
}
