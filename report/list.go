package report

import (
	"cmp"
	"slices"
	"strings"
)

// A line is a case in the list of clauses and cases.
type line struct {
	*Case
	Told   bool   // it has an article of its own
	Shared int    // bytes of its text that the line above begins with too
	Rest   string // its text from there on
	Mute   bool   // text and reason are left out
}

// sharedMin is the length from which on the beginning of a text is not repeated:
// the cases of a matrix differ in their last words.
const sharedMin = 24

// Lines are the cases of a clause as the list shows them.
func (p *page) Lines(s shelf, cases []*Case) []line {
	lines := make([]line, len(cases))
	above := ""
	for i, c := range cases {
		lines[i] = line{Case: c, Told: p.told[c.ID]}
		if s.Terse && c.Verdict == Passed || s.Mute && c.Verdict != Passed {
			lines[i].Mute = true
			continue
		}
		lines[i].Shared = shared(above, c.Text)
		lines[i].Rest = c.Text[lines[i].Shared:]
		above = c.Text
	}
	return lines
}

// shared is how long the beginning is that two texts have in common, up to the end
// of a word and before the last one; 0 where it is not worth a sign. It is of ASCII,
// so that a script counts it as we do.
func shared(above, text string) int {
	n := 0
	for n < min(len(above), len(text)) && above[n] == text[n] && text[n] < 0x80 {
		n++
	}
	if n = strings.LastIndexByte(text[:n], ' ') + 1; n < sharedMin {
		return 0
	}
	return n
}

// Bytes of the page beside its texts, as they were counted in real pages.
const (
	frameSize  = 40_000 // of what surrounds the list: style, script, matrix, facts
	caseSize   = 18     // of a case that passed
	otherSize  = 45     // of one that did not, besides
	reasonSize = 25     // of its text and its reason
	clauseSize = 58     // of a clause
	openSize   = 60     // of a clause that no case covers, which is named twice
	shelfSize  = 260    // of a chapter, with its documents
)

// fit estimates the bytes of the page without the cases that need attention. Where
// they leave no room for as many of those as have to be told, it leaves out of the
// list, chapter by chapter and the longest first, the texts of cases that passed,
// and when that is not enough, all but names and verdicts.
func (p *page) fit() int {
	room := pageMax - min(troubleMin, p.troubleSize())
	bytes := frameSize
	sizes := make([]shelfSizes, len(p.Shelves))
	for i := range p.Shelves {
		sizes[i] = p.Shelves[i].size()
		bytes += sizes[i].names + sizes[i].passed + sizes[i].others
	}
	order := make([]int, len(p.Shelves))
	for i := range order {
		order[i] = i
	}
	leave := func(of func(shelfSizes) int, out func(*shelf)) {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(of(sizes[b]), of(sizes[a])) })
		for _, i := range order {
			if bytes > room && of(sizes[i]) > 0 {
				out(&p.Shelves[i])
				bytes -= of(sizes[i])
			}
		}
	}
	leave(func(s shelfSizes) int { return s.passed }, func(s *shelf) { s.Terse = true })
	leave(func(s shelfSizes) int { return s.others }, func(s *shelf) { s.Mute = true })
	return bytes
}

// troubleSize estimates what the cases that need attention take at most.
func (p *page) troubleSize() (n int) {
	for _, c := range p.troubled() {
		n += 2*articleSize + c.size()
	}
	return n
}

// shelfSizes are bytes of a chapter on the page.
type shelfSizes struct {
	passed int // texts of cases that passed
	others int // texts of the others, and why they have their verdicts
	names  int // the rest
}

// size estimates the bytes of a chapter.
func (s *shelf) size() shelfSizes {
	size := shelfSizes{names: shelfSize}
	size.cases(s, s.Strays)
	for _, d := range s.Documents {
		size.names += len(d.Title)
		for _, e := range d.Clauses {
			size.names += 2*len(e.ID) + len(e.Text) + len(e.Remark()) + clauseSize
			for _, id := range e.Mentioned() {
				size.names += 2 * len(id)
			}
			if e.Class() == "open" {
				size.names += 2*len(e.ID) + openSize
			}
			size.cases(s, e.Own)
		}
	}
	return size
}

// cases adds those that stand below one clause.
func (size *shelfSizes) cases(s *shelf, cases []*Case) {
	above := ""
	for _, c := range cases {
		size.names += 2*len(c.ID) - len(s.Dialect) - len(s.Chapter) + caseSize
		if c.Verdict == Passed {
			size.passed += len(c.Text) - shared(above, c.Text)
		} else {
			size.names += otherSize
			size.others += len(c.Text) + len(c.Summary()) + reasonSize
		}
		above = c.Text
	}
}
