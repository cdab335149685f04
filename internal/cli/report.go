package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"objectharness/internal/verdict"
	"objectharness/report"
)

func (a *app) reportCommand() *cobra.Command {
	paths := map[string]*string{}
	var har harOptions
	cmd := &cobra.Command{
		Use: "report run.json…", Short: "Make reports from run.json files", Args: cobra.MinimumNArgs(1),
		Long: `report makes HTML, JUnit, Markdown and a badge from run.json alone. Several
run.json of different dialects are joined. A file name of - is standard output.
--har writes the exchanges of one case as an HTTP archive, for the network tab of
a browser.`,
		Example: "  harness report out/run.json --html report.html --junit junit.xml\n" +
			"  harness report out/run.json --har exchanges.har --case oss/append/position-below",
		RunE: func(_ *cobra.Command, files []string) error { return a.report(files, paths, har) },
	}
	har.add(cmd)
	for name, help := range map[string]string{"html": "one page with everything", "junit": "JUnit XML", "markdown": "a summary in Markdown", "badge": "an SVG badge"} {
		paths[name] = cmd.Flags().String(name, "", "write `file`: "+help)
	}
	return cmd
}

var writers = []format{
	{"html", report.WriteHTML}, {"junit", report.WriteJUnit}, {"markdown", report.WriteMarkdown}, {"badge", report.WriteBadge},
}

func (a *app) report(files []string, paths map[string]*string, har harOptions) error {
	run, err := readRuns(files)
	if err != nil {
		return err
	}
	written, err := a.writeHAR(run, har)
	if err != nil {
		return err
	}
	for _, f := range writers {
		path := *paths[f.name]
		if path == "" {
			continue
		}
		written++
		if err := a.writeReport(path, run, f); err != nil {
			return broke(err)
		}
	}
	if written == 0 {
		return report.WriteText(a.stdout, run)
	}
	return nil
}

func (a *app) writeReport(path string, run *report.Run, f format) error {
	if path == "-" {
		return f.write(a.stdout, run)
	}
	if err := report.WriteFile(path, func(w io.Writer) error { return f.write(w, run) }); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.stdout, "written: %s\n", path)
	return err
}

// readRuns reads the files and joins them.
func readRuns(files []string) (*report.Run, error) {
	var whole *report.Run
	for _, name := range files {
		run, err := report.ReadFile(name)
		if err != nil {
			return nil, usage("%v", err)
		}
		if whole == nil {
			whole = run
			continue
		}
		if err := join(whole, run); err != nil {
			return nil, usage("%s: %v", name, err)
		}
	}
	return whole, nil
}

// join adds what run found about other dialects.
func join(whole, run *report.Run) error {
	for dialect, sum := range run.Summary {
		if _, twice := whole.Summary[dialect]; twice {
			return fmt.Errorf("dialect %s is in a file before it; a report has each dialect once", dialect)
		}
		whole.Summary[dialect] = sum
	}
	whole.Exit, whole.Reason = worst(whole, run)
	if whole.Profile != run.Profile {
		whole.Profile = "" // together they are none
	}
	whole.PlanTotal += run.PlanTotal
	whole.DurationMS += run.DurationMS
	whole.Interrupted = whole.Interrupted || run.Interrupted
	whole.Notes = append(whole.Notes, run.Notes...)
	whole.Targets = append(whole.Targets, run.Targets...)
	whole.Clauses = append(whole.Clauses, run.Clauses...)
	whole.Cases = append(whole.Cases, run.Cases...)
	whole.Loads = append(whole.Loads, run.Loads...)
	whole.Comparisons = append(whole.Comparisons, run.Comparisons...)
	return nil
}

// worst is how two runs ended together: the exit code that wins, with the reason
// of the other where that is none of a sound run.
func worst(a, b *report.Run) (code int, reason string) {
	ranks := []int{verdict.Conformant, verdict.WrongUsage, verdict.NotConformant, verdict.NotDone, verdict.Interrupted}
	if slices.Index(ranks, b.Exit) > slices.Index(ranks, a.Exit) {
		a, b = b, a
	}
	if b.Exit == verdict.Conformant || b.Reason == a.Reason {
		return a.Exit, a.Reason
	}
	return a.Exit, a.Reason + "; " + b.Reason
}
