package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// left prints the ids of the cases that were not run because the target was
// gone, parted by commas.
func left(name string, w io.Writer) error {
	r, err := readRun(name)
	if err != nil {
		return err
	}
	var ids []string
	for _, c := range r.Cases {
		if c.Verdict == "not-run" && strings.HasPrefix(c.Message, goneText) {
			ids = append(ids, c.ID)
		}
	}
	_, err = fmt.Fprint(w, strings.Join(ids, ","))
	return err
}

const goneText = "the target was gone at case "

// gone prints where a target was found gone, and how many cases were not run.
func gone(name string, w io.Writer) error {
	r, err := readRun(name)
	if err != nil {
		return err
	}
	n := r.verdicts()
	where := "the target lived"
	if at := strings.Index(r.ExitReason, goneText); at >= 0 {
		where, _, _ = strings.Cut(r.ExitReason[at:], ";")
	}
	_, err = fmt.Fprintf(w, "%s; %d passed, %d failed, %d warned, %d blocked, %d errors, %d not run\n",
		where, n["passed"], n["failed"], n["warned"], n["blocked"], n["error"], n["not-run"])
	return err
}

func (r Run) verdicts() map[string]int {
	n := map[string]int{}
	for _, c := range r.Cases {
		n[c.Verdict]++
	}
	return n
}

// A serverRun is that of one server.
type serverRun struct {
	server string
	run    Run
}

func readNamed(runs []string) (all []serverRun, err error) {
	for _, run := range runs {
		server, name, ok := strings.Cut(run, "=")
		if !ok {
			return nil, fmt.Errorf("got %q, want NAME=RUN", run)
		}
		r, err := readRun(name)
		if err != nil {
			return nil, err
		}
		all = append(all, serverRun{server, r})
	}
	return all, nil
}

// sum writes what came of all runs: per server, per chapter, and per clause that
// somebody breaks.
func sum(runs []string, w io.Writer) error {
	all, err := readNamed(runs)
	if err != nil {
		return err
	}
	var names []string
	fmt.Fprint(w, "# The S3 suites on other people's servers\n\n", sumHead)
	for _, one := range all {
		names = append(names, one.server)
		fmt.Fprintln(w, summary(one.server, one.run))
	}
	head := strings.Join(names, " | ") + " |\n|---|" + strings.Repeat("---|", len(all)) + "\n"
	fmt.Fprint(w, "\n## By chapter\n\nFailed of those that came to a verdict.\n\n| chapter | ", head)
	writeRows(w, all, chapters, func(failed, concluded int) string { return fmt.Sprintf("%d of %d", failed, concluded) })
	fmt.Fprint(w, "\n## By clause\n\nHow many cases find the clause broken.\n\n| clause | ", head)
	writeRows(w, all, brokenClauses, func(failed, _ int) string { return fmt.Sprint(failed) })
	return nil
}

// A tally counts failed cases and those that came to a verdict.
type tally struct{ failed, concluded int }

func writeRows(w io.Writer, all []serverRun, count func(Run) map[string]tally, cell func(failed, concluded int) string) {
	rows := map[string]bool{}
	var counts []map[string]tally
	for _, one := range all {
		n := count(one.run)
		counts = append(counts, n)
		for name := range n {
			rows[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		fmt.Fprintf(w, "| %s |", name)
		for _, n := range counts {
			text := ""
			if t, ok := n[name]; ok {
				text = cell(t.failed, t.concluded)
			}
			fmt.Fprintf(w, " %s |", text)
		}
		fmt.Fprintln(w)
	}
}

func chapters(r Run) map[string]tally {
	n := map[string]tally{}
	for _, c := range r.Cases {
		part := strings.SplitN(c.ID, "/", 3)
		if t := n[part[1]]; c.Verdict == "failed" {
			n[part[1]] = tally{t.failed + 1, t.concluded + 1}
		} else if c.Verdict == "passed" || c.Verdict == "warned" {
			n[part[1]] = tally{t.failed, t.concluded + 1}
		}
	}
	return n
}

func brokenClauses(r Run) map[string]tally {
	n := map[string]tally{}
	for _, c := range r.failed() {
		seen := map[string]bool{}
		for _, b := range c.Broken {
			if !seen[b.Clause] {
				n[b.Clause] = tally{failed: n[b.Clause].failed + 1}
			}
			seen[b.Clause] = true
		}
	}
	return n
}
