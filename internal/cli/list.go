package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"objectharness/internal/clause"
	"objectharness/internal/runner"
	"objectharness/suites"
)

// A listing is what harness list --json prints.
type listing struct {
	Cases     []clause.Case `json:"cases"`
	Uncovered []uncovered   `json:"uncovered"`
}

// uncovered is a testable clause without a case, of a chapter that has cases.
type uncovered struct {
	ID      string `json:"id"`
	Dialect string `json:"dialect"`
	Chapter string `json:"chapter"`
	Level   string `json:"level"`
	Text    string `json:"text"`
	Reason  string `json:"reason,omitempty"` // the gap's, where one is listed
}

func (a *app) listCommand() *cobra.Command {
	var dialects []string
	var s selection
	var asJSON, rules bool
	cmd := &cobra.Command{
		Use: "list", Short: "List cases with their clauses, and clauses without a case", Args: noArgs,
		Example: "  harness list --dialect oss --filter 'chapter:append'",
		RunE: func(*cobra.Command, []string) error {
			names, err := dialectNames(dialects)
			if err != nil {
				return err
			}
			if rules {
				return a.printRules(names)
			}
			l, err := list(names, s.filter)
			if err != nil {
				return err
			}
			if len(l.Cases) == 0 {
				return nothingSelected()
			}
			if asJSON {
				return a.printJSON(l)
			}
			return a.printList(l, s.filter == "")
		},
	}
	addDialects(cmd, &dialects)
	s.addFilter(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&rules, "rules", false, "list the emulator's rules instead, and the ways to break each with --deviate")
	return cmd
}

func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// list finds the cases that a filter selects and, where there is none, the
// clauses without a case.
func list(dialects []string, filter string) (listing, error) {
	options := runner.Options{Labels: filter, Register: func() {
		for _, d := range dialects {
			suites.Register(suites.Provider{Dialect: d})
		}
	}}
	cases, err := planned(options)
	if err != nil {
		return listing{}, err
	}
	l := listing{Cases: cases, Uncovered: []uncovered{}}
	if l.Cases == nil {
		l.Cases = []clause.Case{}
	}
	if filter == "" {
		l.Uncovered, err = withoutCase(dialects, cases)
	}
	return l, err
}

func withoutCase(dialects []string, cases []clause.Case) ([]uncovered, error) {
	registry, err := clause.Load()
	if err != nil {
		return nil, err
	}
	covered, begun := map[string]bool{}, map[[2]string]bool{}
	for _, c := range cases {
		begun[[2]string{c.Dialect, c.Chapter}] = true
		for _, id := range c.Clauses {
			covered[id] = true
		}
	}
	out := []uncovered{}
	for _, c := range registry.All() {
		if covered[c.ID] || !slices.Contains(dialects, c.Dialect) || !begun[[2]string{c.Dialect, c.Chapter}] || !c.Observable(false) {
			continue
		}
		out = append(out, uncovered{ID: c.ID, Dialect: c.Dialect, Chapter: c.Chapter, Level: string(c.Level), Text: c.Text,
			Reason: strings.TrimPrefix(whyGap(c.ID), ": ")})
	}
	return out, nil
}

// printList prints cases and, of a whole list, the clauses without one.
func (a *app) printList(l listing, whole bool) error {
	for _, c := range l.Cases {
		fmt.Fprintf(a.stdout, "%s: %s (%s)\n", c.ID, c.Text, strings.Join(c.Clauses, ", "))
	}
	if !whole {
		_, err := fmt.Fprintf(a.stdout, "\n%s\n", count(len(l.Cases), "case"))
		return err
	}
	if len(l.Uncovered) > 0 {
		fmt.Fprintf(a.stdout, "\nClauses without a case, in chapters that have cases:\n")
	}
	for _, u := range l.Uncovered {
		reason := ""
		if u.Reason != "" {
			reason = " [" + u.Reason + "]"
		}
		fmt.Fprintf(a.stdout, "%s (%s, %s): %s%s\n", u.ID, u.Chapter, u.Level, u.Text, reason)
	}
	_, err := fmt.Fprintf(a.stdout, "\n%s, %s without a case\n", count(len(l.Cases), "case"), count(len(l.Uncovered), "clause"))
	return err
}

// printRules lists the rules that hold in any of the dialects.
func (a *app) printRules(dialects []string) error {
	rules, err := clause.Rules()
	if err != nil {
		return err
	}
	for _, r := range rules {
		var clauses []string
		for _, d := range dialects {
			clauses = append(clauses, r.By[d]...)
		}
		if len(clauses) > 0 {
			fmt.Fprintf(a.stdout, "%s (%s): %s (%s)\n", r.Name, strings.Join(clause.Deviations(r.Kind), ", "), r.Text, strings.Join(clauses, ", "))
		}
	}
	return nil
}
