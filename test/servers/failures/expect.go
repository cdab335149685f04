package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

var errDiffers = errors.New("the run is not as expected")

// unexplained stands where a reason has to be written by hand.
const unexplained = "reason wanted"

// unsteady begins the reason of a case that does not fail in every run.
const unsteady = "now and then "

// readExpected reads the reasons by case id. Lines must be sorted, and each
// must have a reason.
func readExpected(name string) (map[string]string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	reasons, last := map[string]string{}, ""
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		id, reason, _ := strings.Cut(line, "#")
		id, reason = strings.TrimSpace(id), strings.TrimSpace(reason)
		switch {
		case reason == "" || reason == unexplained:
			return nil, fmt.Errorf("%s:%d: %s has no reason", name, i+1, id)
		case id <= last:
			return nil, fmt.Errorf("%s:%d: %s is not in order after %s", name, i+1, id, last)
		}
		reasons[id], last = reason, id
	}
	return reasons, nil
}

func compareFiles(expected, name string, w io.Writer) error {
	r, err := readRun(name)
	if err != nil {
		return err
	}
	known, err := readExpected(expected)
	if err != nil {
		return err
	}
	return compare(known, r, w)
}

// compare prints the failures that nobody expects, and those that are gone. A
// case that ended in an error, such as a reply that is no HTTP, counts as one.
func compare(reasons map[string]string, r Run, w io.Writer) error {
	if r.verdicts()["passed"] == 0 {
		return fmt.Errorf("no case passed: %s", r.ExitReason)
	}
	gone := maps.Clone(reasons)
	new := 0
	for _, c := range r.failed() {
		if _, ok := gone[c.ID]; !ok {
			new++
			fmt.Fprintf(w, "new   %s: %s\n", c.ID, c.got())
		}
		delete(gone, c.ID)
	}
	maps.DeleteFunc(gone, func(id, reason string) bool { return strings.HasPrefix(reason, unsteady) && r.verdict(id) == "passed" })
	for _, id := range slices.Sorted(maps.Keys(gone)) {
		fmt.Fprintf(w, "gone  %s is %s: %s\n", id, r.verdict(id), reasons[id])
	}
	fmt.Fprintf(w, "%d cases, %d failed, %d new, %d gone\n", len(r.Cases), len(r.failed()), new, len(gone))
	if new+len(gone) > 0 {
		return errDiffers
	}
	return nil
}

func (r Run) verdict(id string) string {
	for _, c := range r.Cases {
		if c.ID == id {
			return c.Verdict
		}
	}
	return "not in the run"
}

// updateFile writes the file that this run asks for. The server is named by the
// file. A reason that is there stays, unless the file of reasons has one.
func updateFile(expected, name, reasons string, w io.Writer) error {
	r, err := readRun(name)
	if err != nil {
		return err
	}
	why, err := readReasons(reasons)
	if err != nil {
		return err
	}
	known, err := readExpected(expected)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		known = nil // a file that cannot be trusted is made anew
	}
	server := strings.TrimSuffix(filepath.Base(expected), ".txt")
	var lines []string
	for _, c := range r.failed() {
		lines = append(lines, c.ID+"  # "+cmp.Or(why.of(server, c), known[c.ID], unexplained))
	}
	for _, c := range r.Cases {
		if reason := why.of(server, c); c.Verdict == "passed" && strings.HasPrefix(reason, unsteady) {
			lines = append(lines, c.ID+"  # "+reason)
		}
	}
	slices.Sort(lines)
	for _, line := range lines {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

// got says in a few words what came.
func (c Case) got() string {
	var parts []string
	for _, b := range c.Broken {
		parts = append(parts, fmt.Sprintf("%s %s: want %s, got %s", b.Clause, b.What, b.Expected, b.Got))
	}
	if len(parts) == 0 {
		return c.Message
	}
	return strings.Join(parts, "; ")
}
