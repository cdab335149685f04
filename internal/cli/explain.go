package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"objectharness/internal/clause"
	"objectharness/suites"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use: "explain CASE|CLAUSE", Short: "Say what a case or a clause asks, where it is written, and how to run it alone",
		Args: cobra.ExactArgs(1), Example: "  harness explain oss/append/position-below\n  harness explain OSS-APPEND-06",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return everyID(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error { return a.explain(args[0]) },
	}
}

func (a *app) explain(id string) error {
	registry, err := clause.Load()
	if err != nil {
		return err
	}
	if c := findCase(id); c != nil {
		explainCase(a.stdout, registry, c)
		return nil
	}
	if c := registry.Get(id); c != nil {
		explainClause(a.stdout, c)
		explainCover(a.stdout, c)
		return nil
	}
	ids := everyID()
	for _, c := range registry.All() {
		ids = append(ids, c.ID)
	}
	return usage("no case and no clause is called %q%s", id, suggest(id, ids))
}

func everyID() (ids []string) {
	for _, d := range suites.Dialects() {
		for _, c := range suites.Cases(d) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func findCase(id string) *suites.Case {
	for _, d := range suites.Dialects() {
		for _, c := range suites.Cases(d) {
			if c.ID == id {
				return &c
			}
		}
	}
	return nil
}

func explainCase(w io.Writer, registry *clause.Registry, c *suites.Case) {
	fmt.Fprintf(w, "%s\n  it %s\n", c.ID, c.Text)
	if c.Offline {
		fmt.Fprintln(w, "  judges the harness itself, and no target: harness vectors explain "+c.ID[strings.LastIndexByte(c.ID, '/')+1:]+" shows every step")
	}
	if c.Needs&suites.NeedsOther != 0 {
		fmt.Fprintln(w, "  needs a second account")
	}
	if c.Needs&suites.NeedsPrivate != 0 {
		fmt.Fprintln(w, "  needs an emulator of its own (the embedded one, or harness serve --control)")
	}
	for _, id := range c.Clauses {
		fmt.Fprintln(w)
		if found := registry.Get(id); found != nil {
			explainClause(w, found)
		}
	}
	if len(c.Rests) > 0 {
		fmt.Fprintf(w, "\nRests on: %s\n", strings.Join(c.Rests, ", "))
	}
	fmt.Fprintf(w, "\nRun it alone: harness run --dialect %s --only %s\n", c.Dialect, c.ID)
}

func explainClause(w io.Writer, c *clause.Clause) {
	fmt.Fprintf(w, "%s (%s, %s, %s)\n  %s\n", c.ID, c.Operation, c.Level, c.Confidence, c.Text)
	for _, line := range []struct{ name, text string }{
		{"given", c.Given}, {"when", c.When}, {"then", c.Then}, {"note", c.Note}, {"superseded by", c.SupersededBy}, {"written in", c.Source},
	} {
		if line.text != "" {
			fmt.Fprintf(w, "  %s: %s\n", line.name, line.text)
		}
	}
	for _, a := range c.Accept {
		fmt.Fprintf(w, "  also right on a foreign target: %s\n", strings.Join(strings.Fields(a.Status.String()+" "+a.Code+" "+a.Value+" ("+a.Source+")"), " "))
	}
}

// explainCover says which cases check a clause.
func explainCover(w io.Writer, c *clause.Clause) {
	var ids []string
	for _, k := range suites.Cases(c.Dialect) {
		for _, id := range k.Clauses {
			if id == c.ID {
				ids = append(ids, k.ID)
			}
		}
	}
	if len(ids) == 0 {
		fmt.Fprintf(w, "\nNo case checks it%s\n", whyGap(c.ID))
		return
	}
	fmt.Fprintf(w, "\nChecked by: %s\nRun it alone: harness run --dialect %s --only %s\n", strings.Join(ids, ", "), c.Dialect, c.ID)
}
