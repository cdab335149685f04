package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"objectharness/internal/target"
	"objectharness/load"
	"objectharness/report"
)

func (a *app) loadMergeCommand() *cobra.Command {
	var o loadOptions
	cmd := &cobra.Command{
		Use: "merge DIR...", Short: "Join the results of generators that shared a schedule", Args: cobra.MinimumNArgs(1),
		Long: `merge joins what the generators of one run (harness load --shard I/N --out DIR)
have measured, without loss: histograms are added up, not percentiles averaged.
A generator that is missing is said, and its share is missing from every number.`,
		Example: "  harness load merge out/1 out/2 out/3 --out out",
		RunE: func(cmd *cobra.Command, dirs []string) error {
			a.ctx = cmd.Context()
			return a.mergeLoads(&o, dirs, command(cmd))
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.out, "out", "", "`folder` for run.json, report.html, summary.md, load.json and rounds.csv")
	f.StringArrayVar(&o.objectives, "objective", nil, "what each way must keep; a broken one ends with exit code 1")
	return cmd
}

func (a *app) mergeLoads(o *loadOptions, dirs []string, line string) error {
	if err := o.aims(); err != nil {
		return usage("%v", err)
	}
	var list []*load.Result
	var about *report.Run
	for _, dir := range dirs {
		r, run, err := readLoad(dir)
		if err != nil {
			return usage("%v", err)
		}
		list, about = append(list, r), run
	}
	whole, missing, err := load.Merge(list)
	if err != nil {
		return usage("%v", err)
	}
	l := &loadRun{app: a, options: o, line: line, began: whole.Began, about: about}
	o.mix = about.Loads[0].Operation
	l.config.Dialect = about.Targets[0].Dialect
	l.notes = append(l.notes, presence(whole, missing)...)
	var ended error
	if len(missing) > 0 {
		ended = errors.New(l.notes[0])
	} else if whole.Ended != "" {
		ended = errors.New(whole.Ended)
	}
	return l.tell(whole, ended)
}

// presence says which generators are missing, and what that leaves of the rate.
func presence(r *load.Result, missing []uint64) []string {
	if len(missing) == 0 {
		return nil
	}
	var ranks []string
	for _, rank := range missing {
		ranks = append(ranks, fmt.Sprint(rank+1))
	}
	there := r.Size - uint64(len(missing))
	return []string{fmt.Sprintf("%d of %d ranks: %s missing; what is told is the share of %d/%d of the rate %s, not the whole", there, r.Size,
		strings.Join(ranks, " and "), there, r.Size, r.Rate)}
}

// readLoad reads the results of one generator.
func readLoad(dir string) (*load.Result, *report.Run, error) {
	const longest = 256 << 20
	name := filepath.Join(dir, "load.json")
	info, err := os.Stat(name)
	if err == nil && info.Size() > longest {
		err = fmt.Errorf("%s: expected at most %d bytes, got %d", name, longest, info.Size())
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("expected the folder of harness load --out: %w", err)
	}
	r := new(load.Result)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := r.Check(); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	run, err := report.ReadFile(filepath.Join(dir, "run.json"))
	if err == nil && (len(run.Loads) == 0 || len(run.Targets) == 0) {
		err = fmt.Errorf("%s: run.json has no load", dir)
	}
	return r, run, err
}

// targetOf is the target that a report names.
func (l *loadRun) targetOf() (report.Target, string) {
	if l.about != nil {
		t := l.about.Targets[0]
		return t, t.Name
	}
	name := targetName(l.config)
	if l.embedded {
		name = "embedded"
	}
	about := target.Describe(l.config)
	return report.Target{Name: name, Dialect: l.config.Dialect, Endpoint: about.URL, Embedded: l.embedded, Style: about.Style, Region: about.Region}, name
}
