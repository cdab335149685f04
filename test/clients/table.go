package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// A Result is the outcome of one step of one subject.
type Result struct {
	Subject, Step string
	Skipped       bool // the dialect or the SDK has no such thing
	Err           error
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
	fmt.Fprintln(tab)
	tab.Flush()
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
