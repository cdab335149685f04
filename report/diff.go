package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Change says how a case differs between the first and the last of some runs.
type Change string

// Changes, those that need attention first. Cases that conclude the same are
// not changed.
const (
	Worse  Change = "worse"   // concluded, and now with a worse verdict
	Lost   Change = "lost"    // concluded, and now says nothing
	Gone   Change = "gone"    // is not in the last run
	Better Change = "better"  // concluded, and now with a better verdict
	Found  Change = "found"   // said nothing, and now concludes something
	Added  Change = "added"   // was not in the first run
	Varied Change = "between" // the same at both ends, another verdict between
)

// Changes lists the changes, those that need attention first.
func Changes() []Change { return []Change{Worse, Lost, Gone, Better, Found, Added, Varied} }

// A Diff sets runs side by side: the first is the baseline.
type Diff struct {
	Names []string // of the runs
	Runs  []*Run
	Cases []DiffCase // those that changed, what needs attention first
	Same  int        // cases that did not change
}

// A DiffCase is one case with its verdict in each run, "" where it is missing.
type DiffCase struct {
	ID, Dialect, Chapter, Text, Severity string
	Verdicts                             []Verdict
	Change                               Change
	Why                                  string // of the last run that has the case
}

// Compare sets runs side by side, the baseline first. Each run needs a name.
func Compare(names []string, runs []*Run) (*Diff, error) {
	if len(runs) < 2 || len(names) != len(runs) {
		return nil, fmt.Errorf("report: a comparison needs two runs or more, each with a name; got %d runs and %d names", len(runs), len(names))
	}
	d := &Diff{Names: names, Runs: runs}
	index := map[string]int{}
	var all []DiffCase
	for at, run := range runs {
		for i := range run.Cases {
			c := &run.Cases[i]
			n, ok := index[c.ID]
			if !ok {
				n = len(all)
				index[c.ID] = n
				all = append(all, DiffCase{ID: c.ID, Verdicts: make([]Verdict, len(runs))})
			}
			all[n].take(c, at)
		}
	}
	for i := range all {
		if all[i].Change = changeOf(all[i].Verdicts); all[i].Change == "" {
			d.Same++
			continue
		}
		d.Cases = append(d.Cases, all[i])
	}
	slices.SortStableFunc(d.Cases, func(a, b DiffCase) int {
		return slices.Index(Changes(), a.Change) - slices.Index(Changes(), b.Change)
	})
	return d, nil
}

func (d *DiffCase) take(c *Case, at int) {
	d.Dialect, d.Chapter, d.Text, d.Severity = c.Dialect, c.Chapter, c.Text, c.Severity
	d.Verdicts[at], d.Why = c.Verdict, c.Summary()
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

// WriteText writes the changed cases, one a line, and the sum of them.
func (d *Diff) WriteText(w io.Writer) error {
	var b strings.Builder
	for i := range d.Cases {
		c := &d.Cases[i]
		words := make([]string, len(c.Verdicts))
		for j, v := range c.Verdicts {
			words[j] = v.word()
		}
		fmt.Fprintf(&b, "%-7s  %s  %s\n", c.Change, c.ID, strings.Join(words, " → "))
		if c.Why != "" {
			fmt.Fprintf(&b, "         %s\n", c.Why)
		}
	}
	fmt.Fprintf(&b, "%s: %s\n", strings.Join(d.Names, " → "), d.Headline())
	_, err := io.WriteString(w, b.String())
	return err
}

// word is the verdict, or what stands for a case that is not there.
func (v Verdict) word() string {
	if v == "" {
		return "absent"
	}
	return string(v)
}

// WriteHTML writes the comparison as one page, as WriteHTML of a run does.
func (d *Diff) WriteHTML(w io.Writer) error {
	return writePage(w, "diff.html.tmpl", d)
}

// Totals are the counters of the run at a position.
func (d *Diff) Totals(at int) Summary { return d.Runs[at].Total() }
