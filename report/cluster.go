package report

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Cluster is cases that need attention for what looks like one cause.
type Cluster struct {
	Dialect string
	Cause   string
	Counts  []int    // of cases, by run
	Cases   []string // ids, of all runs
	Clauses []string // that they cover
}

// clusters groups the cases of runs that need attention, the largest group
// first.
func clusters(runs []*Run) (all []Cluster) {
	index := map[[2]string]int{}
	for at, run := range runs {
		for i := range run.Cases {
			c := &run.Cases[i]
			if !c.Troubled() {
				continue
			}
			key := [2]string{c.Dialect, c.cause()}
			n, ok := index[key]
			if !ok {
				n = len(all)
				index[key] = n
				all = append(all, Cluster{Dialect: c.Dialect, Cause: key[1], Counts: make([]int, len(runs))})
			}
			all[n].add(c, at)
		}
	}
	slices.SortStableFunc(all, func(a, b Cluster) int { return cmp.Compare(len(b.Cases), len(a.Cases)) })
	return all
}

func (g *Cluster) add(c *Case, at int) {
	g.Counts[at]++
	g.Cases = appendNew(g.Cases, c.ID)
	for _, id := range c.blamed() {
		g.Clauses = appendNew(g.Clauses, id)
	}
}

// blamed are the clauses that a case shows to be broken, or those that it covers
// where it shows none.
func (c *Case) blamed() (ids []string) {
	for _, b := range c.Broken {
		if b.Clause != "" {
			ids = appendNew(ids, b.Clause)
		}
	}
	if len(ids) == 0 {
		return c.Clauses
	}
	return ids
}

// cause says what lies behind a case that needs attention in words that it
// shares with others: what blocked it, the signing step that differs, the answer
// that came instead of another, and last of all its message.
func (c *Case) cause() string {
	switch {
	case c.Verdict == Blocked:
		return "blocked by: " + alike(c.BlockedBy)
	case c.Divergence != nil:
		return "the signature differs from the server's, first in the " + c.Divergence.Step
	case len(c.Broken) == 0:
		return string(c.Verdict) + ": " + alike(c.Message)
	}
	b := c.Broken[c.worst()]
	if a := c.Behaviour; a != nil && a.Status >= 400 && (b.What == "status" || b.What == "code") {
		if b.What == "code" {
			return fmt.Sprintf("%s where %s is expected", a.Answer(), alike(b.Expected))
		}
		return "answers " + a.Answer()
	}
	return fmt.Sprintf("%s: expected %s, got %s", b.What, alike(b.Expected), alike(b.Got))
}

var (
	quoted = regexp.MustCompile(`"[^"]{9,}"`)
	lonely = regexp.MustCompile(`\b[0-9A-Za-z_.-]*[0-9][0-9A-Za-z_.-]{7,}\b`)
	blanks = regexp.MustCompile(`\s+`)
)

// causeMax bounds a cause, in characters.
const causeMax = 200

// alike takes out of a text what differs between cases with one cause: names,
// ids and times.
func alike(s string) string {
	s = quoted.ReplaceAllString(s, "“…”")
	s = lonely.ReplaceAllString(s, "…")
	return cut(strings.TrimSpace(blanks.ReplaceAllString(s, " ")), causeMax)
}
