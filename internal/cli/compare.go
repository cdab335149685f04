package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"objectharness/internal/verdict"
	"objectharness/report"
)

func (a *app) compareCommand() *cobra.Command {
	var html string
	var gate bool
	cmd := &cobra.Command{
		Use: "compare A/run.json B/run.json…", Short: "Set runs side by side, case by case", Args: cobra.MinimumNArgs(2),
		Long: `compare sets the verdicts of runs side by side: of different targets, or of one
target at different times. The first run is the baseline. With --gate the exit
code is 1 when the last run is worse than it: a case came to a worse verdict,
says nothing any more, or is gone. Runs without a case in common cannot be
compared: exit code 2.`,
		Example: "  harness compare before/run.json after/run.json --gate",
		RunE: func(_ *cobra.Command, files []string) error {
			diff, err := readDiff(files)
			if err != nil {
				return err
			}
			return a.compare(diff, html, gate)
		},
	}
	cmd.Flags().StringVar(&html, "html", "", "write `file`: the comparison as one page")
	cmd.Flags().BoolVar(&gate, "gate", false, "exit 1 when the last run is worse than the first, or lacks a case of it")
	return cmd
}

// readDiff reads the runs; each is named by its file's folder.
func readDiff(files []string) (*report.Diff, error) {
	var names []string
	var runs []*report.Run
	for _, file := range files {
		run, err := report.ReadFile(file)
		if err != nil {
			return nil, usage("%v", err)
		}
		names, runs = append(names, nameOf(file)), append(runs, run)
	}
	diff, err := report.Compare(names, runs)
	if err != nil {
		return nil, usage("%v", err)
	}
	if diff.Shared() == 0 {
		return nil, usage("%s and %s have no case in common: compare runs of the same dialect and selection", files[0], files[len(files)-1])
	}
	return diff, nil
}

func nameOf(file string) string {
	if dir := filepath.Base(filepath.Dir(file)); dir != "." && dir != string(filepath.Separator) {
		return dir
	}
	return filepath.Base(file)
}

func (a *app) compare(diff *report.Diff, html string, gate bool) error {
	if err := diff.WriteText(a.stdout); err != nil {
		return broke(err)
	}
	if html != "" {
		if err := report.WriteFile(html, diff.WriteHTML); err != nil {
			return broke(err)
		}
		fmt.Fprintf(a.stdout, "written: %s\n", html)
	}
	if reason := diff.Gate(); gate && reason != "" {
		return &ending{verdict.NotConformant, errors.New(reason)}
	}
	return nil
}
