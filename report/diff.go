package report

import (
	"fmt"
	"slices"
	"strings"
)

// Change says how a case differs between the first and the last of some runs.
type Change string

// Changes, those that need attention first. Cases that conclude the same and
// are answered alike are not changed.
const (
	Worse    Change = "worse"    // concluded, and now with a worse verdict
	Lost     Change = "lost"     // concluded, and now says nothing
	Gone     Change = "gone"     // is not in the last run
	Better   Change = "better"   // concluded, and now with a better verdict
	Found    Change = "found"    // said nothing, and now concludes something
	Added    Change = "added"    // was not in the first run
	Varied   Change = "between"  // the same at both ends, another verdict between
	Differs  Change = "differs"  // the same verdict, and another answer
	Unmended Change = "unmended" // needs attention in all runs
)

// Changes lists the changes, those that need attention first.
func Changes() []Change {
	return []Change{Worse, Lost, Gone, Better, Found, Added, Varied, Differs, Unmended}
}

// A Diff sets runs side by side: the first is the baseline.
type Diff struct {
	Names    []string // of the runs
	Runs     []*Run
	Cases    []DiffCase   // those that changed, what needs attention first
	Alike    []string     // ids of the cases that did not change
	Same     int          // how many those are
	Clauses  []DiffClause // those about which the first and the last run disagree
	Clusters []Cluster    // cases that need attention, by what they have in common
	Common   []Common     // differences of header fields that many cases have
	Loads    []DiffLoad   // loads side by side
}

// A DiffCase is one case as it is in each run, with "" and nil where it is
// missing.
type DiffCase struct {
	ID, Dialect, Chapter, Text, Severity string
	Clauses                              []string
	Verdicts                             []Verdict
	Behaviours                           []*Behaviour
	Differences                          [][]string // of the answer, from that of the first run that has the case
	Change                               Change
	Why                                  string // of the last run that has the case
}

// A DiffClause is a clause about which the first and the last run disagree.
type DiffClause struct {
	ID, Text, Source string
	Verdicts         []Verdict // in the runs, "" where the clause is missing
	Change           Change    // Worse, Lost, Better or Found
}

// Compare sets runs side by side, the baseline first. Each run needs a name.
func Compare(names []string, runs []*Run) (*Diff, error) {
	if len(runs) < 2 || len(names) != len(runs) {
		return nil, fmt.Errorf("report: a comparison needs two runs or more, each with a name; got %d runs and %d names", len(runs), len(names))
	}
	d := &Diff{Names: names, Runs: runs}
	all := d.collect()
	d.differences(all)
	for i := range all {
		if all[i].Change = all[i].change(); all[i].Change == "" {
			d.Alike = append(d.Alike, all[i].ID)
			continue
		}
		d.Cases = append(d.Cases, all[i])
	}
	d.Same = len(d.Alike)
	slices.SortStableFunc(d.Cases, func(a, b DiffCase) int {
		return slices.Index(Changes(), a.Change) - slices.Index(Changes(), b.Change)
	})
	d.Clauses = diffClauses(runs)
	d.Clusters = clusters(runs)
	d.Loads = diffLoads(runs)
	return d, nil
}

// collect lists the cases of all runs, in the order in which they first come.
func (d *Diff) collect() (all []DiffCase) {
	index := map[string]int{}
	for at, run := range d.Runs {
		for i := range run.Cases {
			c := &run.Cases[i]
			n, ok := index[c.ID]
			if !ok {
				n = len(all)
				index[c.ID] = n
				all = append(all, DiffCase{ID: c.ID, Verdicts: make([]Verdict, len(d.Runs)), Behaviours: make([]*Behaviour, len(d.Runs))})
			}
			all[n].take(c, at)
		}
	}
	return all
}

func (d *DiffCase) take(c *Case, at int) {
	d.Dialect, d.Chapter, d.Text, d.Severity, d.Clauses = c.Dialect, c.Chapter, c.Text, c.Severity, c.Clauses
	d.Verdicts[at], d.Behaviours[at], d.Why = c.Verdict, c.Behaviour, c.Summary()
}

// change is what became of the case, "" for nothing.
func (d *DiffCase) change() Change {
	if c := changeOf(d.Verdicts); c != "" {
		return c
	}
	switch {
	case slices.ContainsFunc(d.Differences, func(list []string) bool { return len(list) > 0 }):
		return Differs
	case (&Case{Verdict: d.Verdicts[0]}).Troubled():
		return Unmended
	}
	return ""
}

// diffClauses are the clauses of which one run says that they hold and another
// that they do not, and those of which only one says anything.
func diffClauses(runs []*Run) (all []DiffClause) {
	index := map[string]int{}
	for at, run := range runs {
		for i := range run.Clauses {
			c := &run.Clauses[i]
			n, ok := index[c.ID]
			if !ok {
				n = len(all)
				index[c.ID] = n
				all = append(all, DiffClause{ID: c.ID, Text: c.Text, Source: c.Source, Verdicts: make([]Verdict, len(runs))})
			}
			all[n].Verdicts[at] = c.Verdict
		}
	}
	for i := range all {
		all[i].Change = changeOf(all[i].Verdicts)
	}
	all = slices.DeleteFunc(all, func(c DiffClause) bool {
		return !slices.Contains([]Change{Worse, Lost, Better, Found}, c.Change)
	})
	slices.SortStableFunc(all, func(a, b DiffClause) int {
		return slices.Index(Changes(), a.Change) - slices.Index(Changes(), b.Change)
	})
	return all
}

// ClausesThat lists the clauses that changed in one way.
func (d *Diff) ClausesThat(c Change) (ids []string) {
	for i := range d.Clauses {
		if d.Clauses[i].Change == c {
			ids = append(ids, d.Clauses[i].ID)
		}
	}
	return ids
}

func changeOf(verdicts []Verdict) Change {
	first, last := verdicts[0], verdicts[len(verdicts)-1]
	switch {
	case first == last:
		if slices.ContainsFunc(verdicts, func(v Verdict) bool { return v != first }) {
			return Varied
		}
		return ""
	case first == "":
		return Added
	case last == "":
		return Gone
	case first.Concluded() && !last.Concluded():
		return Lost
	case !first.Concluded() && last.Concluded():
		return Found
	case rank(last) > rank(first):
		return Worse
	case rank(last) < rank(first):
		return Better
	}
	return Varied
}

// rank is how bad a conclusion is: a stale waiver says that the case passed.
func rank(v Verdict) int {
	switch v {
	case Passed, StaleWaiver:
		return 0
	case Warned:
		return 1
	case Waived:
		return 2
	case Failed:
		return 3
	}
	return 4
}

// Count returns how many cases changed in one way.
func (d *Diff) Count(c Change) int {
	n := 0
	for i := range d.Cases {
		if d.Cases[i].Change == c {
			n++
		}
	}
	return n
}

// Shared returns how many cases both the first and the last run have.
func (d *Diff) Shared() int {
	n := d.Same
	for i := range d.Cases {
		if v := d.Cases[i].Verdicts; v[0] != "" && v[len(v)-1] != "" {
			n++
		}
	}
	return n
}

// Gate names the reason why the last run is no replacement for the first: a
// case that is worse, lost or gone. It is "" when there is none.
func (d *Diff) Gate() string {
	parts := d.counts(Worse, Lost, Gone)
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("%s is no replacement for %s: %s", d.Names[len(d.Names)-1], d.Names[0], strings.Join(parts, ", "))
}

// Headline sums the changes up in one line.
func (d *Diff) Headline() string {
	if d.LoadsOnly() {
		return plural(len(d.Loads), "load", "loads")
	}
	return strings.Join(append(d.counts(Changes()...), fmt.Sprintf("%d the same", d.Same)), ", ")
}

// counts says how many cases changed in each of some ways, those without any
// left out.
func (d *Diff) counts(ways ...Change) (parts []string) {
	for _, c := range ways {
		if n := d.Count(c); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, c))
		}
	}
	return parts
}

// word is the verdict, or what stands for a case that is not there.
func (v Verdict) word() string {
	if v == "" {
		return "absent"
	}
	return string(v)
}
