package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// A Result is the outcome of one step of one subject.
type Result struct {
	Dialect       string
	Subject, Step string
	Skipped       bool // the dialect or the SDK has no such thing
	Err           error
	Clauses       []string // that the answers rested on, where the server tells
	Of            int      // clauses that any answer can rest on
}

// A Table is what came of all steps.
type Table struct {
	Results []Result
	Absent  []string // subjects that cannot be had here, with the reason
}

// Count tells how many steps passed and failed.
func (t *Table) Count() (passed, failed int) {
	for _, r := range t.Results {
		switch {
		case r.Skipped:
		case r.Err == nil:
			passed++
		default:
			failed++
		}
	}
	return passed, failed
}

// Print writes a row per step and a column per subject, then the failures in
// words, then the line "N passed, M failed".
func (t *Table) Print(w io.Writer) {
	names, cells := t.columns()
	for i, name := range names {
		fmt.Fprintf(w, "%2d  %s\n", i+1, name)
	}
	tab := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	fmt.Fprint(tab, "\nstep")
	for i := range names {
		fmt.Fprintf(tab, "\t%d", i+1)
	}
	for _, s := range steps {
		fmt.Fprintf(tab, "\n%s", s.name)
		for _, name := range names {
			fmt.Fprintf(tab, "\t%s", cells[name+" "+s.name])
		}
	}
	fmt.Fprint(tab, "\nclauses")
	for _, name := range names {
		fmt.Fprintf(tab, "\t%d", len(t.clauses(func(r Result) bool { return r.Subject == name })))
	}
	fmt.Fprintln(tab)
	tab.Flush()
	t.printShares(w)
	for _, r := range t.Results {
		if r.Err != nil && r.Err != errNoBucket {
			fmt.Fprintf(w, "FAIL %s %s: %s\n", r.Subject, r.Step, strings.ReplaceAll(r.Err.Error(), "\n", " "))
		}
	}
	for _, subject := range t.Absent {
		fmt.Fprintf(w, "not to be had: %s\n", subject)
	}
	passed, failed := t.Count()
	fmt.Fprintf(w, "%d passed, %d failed\n", passed, failed)
}

func (t *Table) columns() (names []string, cells map[string]string) {
	cells = map[string]string{}
	for _, r := range t.Results {
		if len(names) == 0 || names[len(names)-1] != r.Subject {
			names = append(names, r.Subject)
		}
		word := "ok"
		if r.Skipped {
			word = "-"
		} else if r.Err != nil {
			word = "FAIL"
		}
		cells[r.Subject+" "+r.Step] = word
	}
	return names, cells
}

// clauses are those that the results among the table's rested on.
func (t *Table) clauses(among func(Result) bool) map[string]bool {
	found := map[string]bool{}
	for _, r := range t.Results {
		if among(r) {
			for _, id := range r.Clauses {
				found[id] = true
			}
		}
	}
	return found
}

// printShares tells of each dialect how much of its clauses all clients together
// have passed through.
func (t *Table) printShares(w io.Writer) {
	for _, dialect := range dialectNames {
		mine := func(r Result) bool { return r.Dialect == dialect }
		if i := slices.IndexFunc(t.Results, mine); i >= 0 && t.Results[i].Of > 0 {
			fmt.Fprintf(w, "%s: clauses exercised: %d of %d\n", dialect, len(t.clauses(mine)), t.Results[i].Of)
		}
	}
}

// PrintClauses names them, a line per subject and step.
func (t *Table) PrintClauses(w io.Writer) {
	for _, r := range t.Results {
		if len(r.Clauses) > 0 {
			fmt.Fprintf(w, "%s %s: %s\n", r.Subject, r.Step, strings.Join(r.Clauses, " "))
		}
	}
}
