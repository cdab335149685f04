package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"objectharness/internal/clause"
	"objectharness/internal/runner"
	"objectharness/internal/target"
	"objectharness/suites"
)

// A selection says which cases are meant.
type selection struct {
	filter string
	only   []string
}

func (s *selection) add(cmd *cobra.Command) {
	s.addFilter(cmd)
	cmd.Flags().StringSliceVar(&s.only, "only", nil, "`ids` of cases, beginnings of them (oss/append), or of clauses, separated by commas")
	completeWith(cmd, "only", everyID)
}

func (s *selection) addFilter(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.filter, "filter", "", "label `filter`, such as 'dialect:oss && chapter:append'")
}

// labels are the labels of the cases that --only means; nil when it is not
// given.
func (s *selection) labels() ([]string, error) {
	var labels, words []string
	for _, word := range s.only {
		found, known, err := selected(strings.TrimSpace(word))
		if err != nil {
			return nil, err
		}
		labels, words = append(labels, found...), append(words, known...)
		if len(found) == 0 {
			return nil, usage("--only: no case and no clause is called %q%s; harness list shows them", word, target.Suggest(word, words))
		}
	}
	slices.Sort(labels)
	return slices.Compact(labels), nil
}

// narrow leaves out the dialects of which --only means no case: registering
// cases takes time.
func narrow(configs []target.Config, only []string) []target.Config {
	if len(only) == 0 {
		return configs
	}
	return slices.DeleteFunc(slices.Clone(configs), func(c target.Config) bool {
		return !slices.ContainsFunc(only, func(label string) bool { return strings.HasPrefix(label, suites.IDLabel(c.Dialect+"/")) })
	})
}

// selected finds the cases that a word means, or all the words that would have
// meant something.
func selected(word string) (labels, known []string, err error) {
	registry, err := clause.Load()
	if err != nil {
		return nil, nil, err
	}
	for _, d := range suites.Dialects() {
		for _, c := range suites.Cases(d) {
			if c.ID == word || strings.HasPrefix(c.ID, strings.TrimSuffix(word, "/")+"/") || slices.Contains(c.Clauses, word) {
				labels = append(labels, suites.IDLabel(c.ID))
			}
			known = append(known, c.ID, c.Dialect+"/"+c.Chapter)
		}
	}
	if c := registry.Get(word); c != nil && len(labels) == 0 {
		return nil, nil, usage("--only: clause %s has no case%s", word, whyGap(word))
	}
	for _, c := range registry.All() {
		known = append(known, c.ID)
	}
	return labels, known, nil
}

// whyGap is the reason for which a clause has no case, where one is given.
func whyGap(id string) string {
	gaps, err := clause.Gaps()
	if err != nil {
		return ""
	}
	for _, g := range gaps {
		if g.ID == id {
			return ": " + g.Reason
		}
	}
	return ""
}

// plan lists the cases that the options select, in the order of the chapters.
func (o *runOptions) plan(options runner.Options) ([]clause.Case, error) {
	cases, err := planned(options)
	if err == nil && len(cases) == 0 {
		return nil, usage("no case is selected; harness list shows the cases, and --filter and --only choose among them")
	}
	return cases, err
}

func planned(options runner.Options) ([]clause.Case, error) {
	if err := options.Check(); err != nil {
		text, _, _ := strings.Cut(err.Error(), "Learn more")
		return nil, usage("--filter: %s", strings.TrimPrefix(text, "runner: "))
	}
	report := runner.Plan(options)
	chosen := map[string]bool{}
	for _, spec := range report.SpecReports {
		chosen[suites.CaseID(spec.LeafNodeText)] = true
	}
	var out []clause.Case
	for _, d := range suites.Dialects() {
		for _, c := range suites.Cases(d) {
			if chosen[c.ID] {
				out = append(out, clause.Case{ID: c.ID, Dialect: c.Dialect, Chapter: c.Chapter, Text: c.Text, Clauses: c.Clauses})
			}
		}
	}
	return out, nil
}

func (a *app) printPlan(plan []clause.Case) error {
	for _, c := range plan {
		fmt.Fprintf(a.stdout, "%s: %s (%s)\n", c.ID, c.Text, strings.Join(c.Clauses, ", "))
	}
	_, err := fmt.Fprintf(a.stdout, "%d cases\n", len(plan))
	return err
}
