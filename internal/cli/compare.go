package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"objectharness/internal/verdict"
	"objectharness/report"
)

// A compareWanted is what compare is asked to write; a file name of - is
// standard output.
type compareWanted struct {
	html, markdown, json, trend string
	gate                        bool
}

func (a *app) compareCommand() *cobra.Command {
	var w compareWanted
	cmd := &cobra.Command{
		Use: "compare A/run.json B/run.json… | DIR", Short: "Set runs side by side, case by case", Args: cobra.MinimumNArgs(1),
		Long: `compare sets runs side by side: of different targets, or of one target at
different times. It shows each case whose verdict or answer differs (status, code,
header fields, what the body is made of), the clauses that are newly broken or
mended, cases that need attention grouped by what looks like one cause, and loads
with the same operation, keys and planned rate.

The first run is the baseline. With --gate the exit code is 1 when the last run is
worse than it: a case came to a worse verdict, says nothing any more, or is gone.
Runs with neither a case nor a load in common cannot be compared: exit code 2.

A folder stands for all run.json in it, the oldest first. --trend makes one page of
them: verdicts and score over time, which cases changed when, and loads over time;
files that are no run are said and left out.`,
		Example: "  harness compare before/run.json after/run.json --gate\n  harness compare nightly --trend trend.html",
		RunE:    func(_ *cobra.Command, args []string) error { return a.compare(args, w) },
	}
	f := cmd.Flags()
	f.StringVar(&w.html, "html", "", "write `file`: the comparison as one page")
	f.StringVar(&w.markdown, "markdown", "", "write `file`: the comparison in Markdown")
	f.StringVar(&w.json, "json", "", "write `file`: the comparison for other programs")
	f.StringVar(&w.trend, "trend", "", "write `file`: all runs over time as one page")
	f.BoolVar(&w.gate, "gate", false, "exit 1 when the last run is worse than the first, or lacks a case of it")
	return cmd
}

func (a *app) compare(args []string, w compareWanted) error {
	files, err := runFiles(args)
	if err != nil {
		return err
	}
	if w.trend != "" {
		if err := a.trend(files, w.trend); err != nil {
			return err
		}
		if w.html+w.markdown+w.json == "" && !w.gate {
			return nil
		}
	}
	diff, err := readDiff(files, len(args) == 1)
	if err != nil {
		return err
	}
	return a.writeDiff(diff, w)
}

// runFiles are the files that are named, and all run.json of the folders that
// are.
func runFiles(args []string) (files []string, err error) {
	for _, arg := range args {
		found, err := runsBelow(arg)
		if err != nil {
			return nil, usage("%v", err)
		}
		if len(found) == 0 {
			return nil, usage("%s holds no run.json", arg)
		}
		files = append(files, found...)
	}
	return files, nil
}

// runsMax bounds how many runs a folder may hold.
const runsMax = 2000

// runsBelow lists a file, or all run.json below a folder.
func runsBelow(root string) (files []string, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path == root && !entry.IsDir() || entry.Name() == "run.json" && entry.Type().IsRegular() {
			files = append(files, path)
		}
		if len(files) > runsMax {
			return fmt.Errorf("%s holds more than %d run.json: name folders below it, or move the oldest away", root, runsMax)
		}
		return nil
	})
	return files, err
}

// trend reads one run after the other, so that only what is shown of each stays.
// A file that is no run is said and left out: one bad night ends no history.
func (a *app) trend(files []string, path string) error {
	names := namesOf(files)
	t := new(report.Trend)
	var bad error
	for i, file := range files {
		run, err := report.ReadFile(file)
		if err != nil {
			fmt.Fprintf(a.stderr, "left out: %v\n", err)
			t.Skip(names[i], err)
			bad = err
			continue
		}
		t.Add(names[i], run)
	}
	if t.Runs() == 0 {
		return usage("no file could be read: %v", bad)
	}
	return a.writeFile(path, t.WriteHTML)
}

// readDiff reads the runs, the oldest first where that is asked for.
func readDiff(files []string, inTime bool) (*report.Diff, error) {
	if len(files) < 2 {
		return nil, usage("a comparison needs two runs or more, got %s only", strings.Join(files, ""))
	}
	at := make(map[string]*report.Run, len(files))
	for _, file := range files {
		run, err := report.ReadFile(file)
		if err != nil {
			return nil, usage("%v", err)
		}
		at[file] = run
	}
	if inTime {
		slices.SortStableFunc(files, func(a, b string) int { return at[a].Started.Compare(at[b].Started) })
	}
	runs := make([]*report.Run, len(files))
	for i, file := range files {
		runs[i] = at[file]
	}
	diff, err := report.Compare(namesOf(files), runs)
	if err != nil {
		return nil, usage("%v", err)
	}
	if diff.Shared() == 0 && diff.SharedLoads() == 0 {
		return nil, usage("%s and %s have no case in common: compare runs of the same dialect and selection", files[0], files[len(files)-1])
	}
	return diff, nil
}

// namesOf names each run by its file's folder, with as many folders above it as
// it takes to tell them apart.
func namesOf(files []string) []string {
	for depth := 1; ; depth++ {
		names := make([]string, len(files))
		for i, file := range files {
			names[i] = nameOf(file, depth)
		}
		distinct := len(slices.Compact(slices.Sorted(slices.Values(names)))) == len(names)
		if distinct || depth == nameDepth {
			return names
		}
	}
}

// nameDepth is how many folders a run's name has at most.
const nameDepth = 4

func nameOf(file string, depth int) string {
	parts := strings.Split(filepath.ToSlash(filepath.Dir(filepath.Clean(file))), "/")
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" || s == "." })
	if len(parts) == 0 {
		return filepath.Base(file)
	}
	return strings.Join(parts[max(0, len(parts)-depth):], "/")
}

func (a *app) writeDiff(diff *report.Diff, w compareWanted) error {
	if w.html != "-" && w.markdown != "-" && w.json != "-" {
		if err := diff.WriteText(a.stdout); err != nil {
			return broke(err)
		}
	}
	for _, f := range []struct {
		path  string
		write func(io.Writer) error
	}{{w.html, diff.WriteHTML}, {w.markdown, diff.WriteMarkdown}, {w.json, diff.WriteJSON}} {
		if f.path == "" {
			continue
		}
		if err := a.writeFile(f.path, f.write); err != nil {
			return err
		}
	}
	if reason := diff.Gate(); w.gate && reason != "" {
		return &ending{verdict.NotConformant, errors.New(reason)}
	}
	return nil
}

// writeFile writes a file and says so; - is standard output.
func (a *app) writeFile(path string, write func(io.Writer) error) error {
	if path == "-" {
		if err := write(a.stdout); err != nil {
			return broke(err)
		}
		return nil
	}
	if err := report.WriteFile(path, write); err != nil {
		return broke(err)
	}
	fmt.Fprintf(a.stdout, "written: %s\n", path)
	return nil
}
