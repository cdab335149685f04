package cli

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"objectharness/internal/clause"
	"objectharness/internal/runner"
	"objectharness/internal/target"
	"objectharness/suites"
)

// A selection says which cases are meant.
type selection struct {
	filter string
	only   []string
	set    *pflag.FlagSet
}

func (s *selection) add(cmd *cobra.Command) {
	s.addFilter(cmd)
	s.set = cmd.Flags()
	cmd.Flags().StringSliceVar(&s.only, "only", nil, "`ids` of cases, beginnings of them (oss/append), or of clauses, separated by commas")
	completeWith(cmd, "only", everyID)
}

func (s *selection) addFilter(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.filter, "filter", "", "label `filter`, such as 'dialect:oss && chapter:append'")
}

// labels are the labels of the cases that --only means; nil when it is not
// given.
func (s *selection) labels() ([]string, error) {
	if len(s.only) == 0 && s.set.Changed("only") {
		return nil, usage("--only: expected ids, got nothing; leave the option out to run every case")
	}
	var labels []string
	for _, word := range s.only {
		found, known, err := selected(strings.TrimSpace(word))
		if err != nil {
			return nil, err
		}
		labels = append(labels, found...)
		if len(found) == 0 {
			return nil, usage("--only: no case and no clause is called %q%s; harness list shows them", word, suggest(word, known))
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

// everyCase makes the cases once: a list of a thousand ids, as a resumed run
// has, asks for each of them.
var everyCase = sync.OnceValue(func() (all []suites.Case) {
	for _, d := range suites.Dialects() {
		all = append(all, suites.Cases(d)...)
	}
	return all
})

// selected finds the cases that a word means; where there is none, all the words
// that would have meant something.
func selected(word string) (labels, known []string, err error) {
	registry, err := clause.Load()
	if err != nil {
		return nil, nil, err
	}
	below := strings.TrimSuffix(word, "/") + "/"
	for _, c := range everyCase() {
		if c.ID == word || strings.HasPrefix(c.ID, below) || slices.Contains(c.Clauses, word) {
			labels = append(labels, suites.IDLabel(c.ID))
		}
	}
	if len(labels) > 0 {
		return labels, nil, nil
	}
	if c := registry.Get(word); c != nil {
		return nil, nil, usage("--only: clause %s has no case%s", word, whyGap(word))
	}
	for _, c := range everyCase() {
		known = append(known, c.ID, c.Dialect+"/"+c.Chapter)
	}
	for _, c := range registry.All() {
		known = append(known, c.ID)
	}
	return nil, known, nil
}

// suggest names the id that was meant, also one in other letters: clauses are
// called in capitals.
func suggest(word string, ids []string) string {
	at := slices.IndexFunc(ids, func(id string) bool { return strings.EqualFold(id, word) })
	if at < 0 {
		return target.Suggest(word, ids)
	}
	return fmt.Sprintf("; did you mean %s?", ids[at])
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
		return nil, nothingSelected()
	}
	return cases, err
}

func nothingSelected() error {
	return usage("no case is selected; harness list shows the cases, and --filter and --only choose among them")
}

// count is a number of things, such as 1 case or 2 cases.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// noArgs refuses arguments of a command that takes options only.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no arguments, got %s", cmd.CommandPath(), strings.Join(args, " "))
	}
	return nil
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

// printPlan prints the cases, and for each dialect what they would send to a
// target without a fault: that is counted, on the embedded emulator.
func (a *app) printPlan(o *runOptions, configs []target.Config, plan []clause.Case) error {
	for _, c := range plan {
		fmt.Fprintf(a.stdout, "%s: %s (%s)\n", c.ID, c.Text, strings.Join(c.Clauses, ", "))
	}
	for _, c := range configs {
		n := len(slices.DeleteFunc(slices.Clone(plan), func(p clause.Case) bool { return p.Dialect != c.Dialect }))
		if n == 0 {
			continue
		}
		sum, err := a.rehearse(c, plan, o.stress)
		if err != nil {
			return broke(err)
		}
		fmt.Fprintf(a.stdout, "%s: %s, %s, %d bytes sent in bodies (counted on the embedded emulator, preflight and clean-up included)\n",
			c.Dialect, count(n, "case"), count(int(sum.Requests), "request"), sum.Bytes)
	}
	_, err := fmt.Fprintln(a.stdout, count(len(plan), "case"))
	return err
}
