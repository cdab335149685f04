package cli

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"objectharness/internal/clause"
	"objectharness/internal/verdict"
	"objectharness/report"
)

// A format is a file that --out receives, and what writes it.
type format struct {
	name  string
	write func(io.Writer, *report.Run) error
}

var formats = []format{
	{"run.json", report.WriteJSON}, {"report.html", report.WriteHTML}, {"junit.xml", report.WriteJUnit},
	{"summary.md", report.WriteMarkdown}, {"badge.svg", report.WriteBadge},
}

func (s *session) path(name string) string { return filepath.Join(s.options.out, name) }

// conclude completes the report, writes it, prints the summary and ends with the
// run's exit code.
func (s *session) conclude(err error) error {
	if err != nil {
		return err
	}
	run := s.model()
	s.gate(run)
	s.notes(run)
	run.Exit, run.Reason = verdict.Exit(run.Cases, s.end)
	run.Interrupted = s.end.Interrupted
	run.Reason = s.redact.Text(run.Reason)
	for i := range run.Gate {
		run.Gate[i].What = s.redact.Text(run.Gate[i].What)
	}
	if err := report.WriteText(s.stdout, run); err != nil {
		return broke(err)
	}
	if err := errors.Join(s.broken, s.write(run)); err != nil {
		return broke(err)
	}
	return exit(run.Exit)
}

// model is the report of what is known by now.
func (s *session) model() *report.Run {
	run := s.run
	run.DurationMS = float64(s.now().Sub(s.began).Milliseconds())
	run.Cases = make([]report.Case, 0, len(s.plan))
	for _, c := range s.plan {
		done, ok := s.judged[c.ID]
		if !ok {
			done = s.judges[c.Dialect].Case(c, clause.Outcome{CaseID: c.ID, NotRun: s.why()})
		}
		run.Cases = append(run.Cases, done)
	}
	var dialects []string
	for _, c := range s.configs {
		dialects = append(dialects, c.Dialect)
	}
	run.Clauses = verdict.Clauses(s.registry, run.Cases, dialects...)
	run.Convergence = s.convergence()
	run.Summary = verdict.Summary(run.Cases, run.Clauses, s.configs[0].Foreign(), dialects...)
	return &run
}

// unfinished is the report of a run that is still going: what a kill leaves.
func (s *session) unfinished() *report.Run {
	run := s.model()
	run.Interrupted, run.Exit, run.Reason = true, verdict.Interrupted, verdict.AndFailed("the run was cut off", run.Cases)
	return run
}

// notes adds what a reader should know besides the cases, and prints it.
func (s *session) notes(run *report.Run) {
	idle := map[string]bool{}
	for _, c := range s.configs {
		for _, why := range s.judges[c.Dialect].Idle(run.Cases, s.known) {
			idle[why] = true
		}
	}
	run.Notes = append(run.Notes, slices.Sorted(maps.Keys(idle))...)
	if c := s.configs[0]; !c.Embedded() {
		run.Notes = append(run.Notes, proxyNotes(s.env)...)
		if c.Insecure {
			run.Notes = append(run.Notes, "certificates were not checked (--insecure)")
		}
	}
	for i := range run.Notes {
		run.Notes[i] = s.redact.Text(run.Notes[i])
		fmt.Fprintln(s.stdout, "note: "+run.Notes[i])
	}
}

func proxyNotes(env func(string) string) []string {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"} {
		if env(name) != "" {
			return []string{name + " is set and ignored: what is tested is the endpoint"}
		}
	}
	return nil
}

// write writes every format into --out and says what was written.
func (s *session) write(run *report.Run) error {
	if s.options.out == "" {
		return nil
	}
	var names []string
	for _, f := range formats {
		path := s.path(f.name)
		if err := report.WriteFile(path, func(w io.Writer) error { return f.write(w, run) }); err != nil {
			return err
		}
		names = append(names, path)
	}
	_, err := fmt.Fprintf(s.stdout, "written: %s\n", strings.Join(names, ", "))
	return err
}
