package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A failure is a test that is known to fail.
type failure struct {
	test  string
	modes string // one mode, or * for all
	group string // service: it needs another service and does not count; else what is missing
	why   string
}

// A record is what is known of a suite: kept in expected/SUITE.txt, first the
// number of tests, then a failure a line in columns with tabs between them.
type record struct {
	tests    int // in each mode
	failures []failure
}

// elsewhere is the group of tests that need another service than object
// storage: key management, tokens, replication, CloudBox.
const elsewhere = "service"

// sometimes is the group of tests that pass now and then, whatever the server
// does.
const sometimes = "race"

// wanting stands where nobody has said yet why a test fails.
const wanting = "reason wanted"

func recordPath(name string) string { return filepath.Join("vendors", "expected", name+".txt") }

func readRecord(name string) (rec record, err error) {
	text, err := os.ReadFile(recordPath(name))
	if os.IsNotExist(err) {
		return rec, nil
	}
	if err != nil {
		return rec, err
	}
	for n, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		f := strings.Split(line, "\t")
		switch {
		case n == 0:
			_, err = fmt.Sscanf(line, "# %d tests", &rec.tests)
		case len(f) == 4:
			rec.failures = append(rec.failures, failure{f[0], f[1], f[2], f[3]})
		default:
			err = fmt.Errorf("expected test, modes, group and reason with tabs between them, got %q", line)
		}
		if err != nil {
			return rec, fmt.Errorf("%s:%d: %w", recordPath(name), n+1, err)
		}
	}
	return rec, nil
}

func (rec record) write(name string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %d tests; test, modes, group, reason\n", rec.tests)
	for _, f := range rec.failures {
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", f.test, f.modes, f.group, f.why)
	}
	return os.WriteFile(recordPath(name), []byte(b.String()), 0o644)
}

// known is the failure that is expected of a test in a mode.
func (rec record) known(test, mode string) (failure, bool) {
	i := slices.IndexFunc(rec.failures, func(f failure) bool { return f.test == test && (f.modes == "*" || f.modes == mode) })
	if i < 0 {
		return failure{}, false
	}
	return rec.failures[i], true
}

// compare prints what failed and holds it to what is known; with update it makes
// the record anew, keeping reasons.
func (r *run) compare(results []result, tests []string, update bool) (same bool, err error) {
	rec, err := readRecord(r.suite.name)
	if err != nil {
		return false, err
	}
	passed, same := 0, true
	for _, got := range results {
		f, known := rec.known(got.test, got.mode)
		if got.passed {
			passed++
		} else {
			fmt.Printf("FAIL %s %s: %.200s\n", got.mode, got.test, got.why)
		}
		switch {
		case got.passed && known && f.group != sometimes:
			fmt.Printf("gone  %s %s\n", got.mode, got.test)
			same = false
		case !got.passed && !known:
			fmt.Printf("new   %s %s\n", got.mode, got.test)
			same = false
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, len(results)-passed)
	if len(tests) > 0 {
		return same, nil
	}
	now := rec.after(results, len(r.suite.modes))
	if update {
		if err := now.write(r.suite.name); err != nil {
			return false, err
		}
	}
	told, err := tellFidelity(update)
	return same && told && now.tests == rec.tests || update, err
}

// after is the record of a whole run, with the reasons that are known.
func (rec record) after(results []result, modes int) record {
	now := record{tests: len(results) / modes}
	for _, got := range results {
		f, known := rec.known(got.test, got.mode)
		if got.passed && (!known || f.group != sometimes) {
			continue
		}
		if !known {
			f = failure{group: "wanting", why: wanting}
		}
		f.test, f.modes = got.test, got.mode
		now.failures = append(now.failures, f)
	}
	return now.joined(modes)
}

// joined writes a test that fails in every mode for one reason as one line.
func (rec record) joined(modes int) record {
	count := map[failure]int{}
	for _, f := range rec.failures {
		f.modes = "*"
		count[f]++
	}
	now := record{tests: rec.tests}
	for _, f := range rec.failures {
		whole := f
		whole.modes = "*"
		if count[whole] == modes {
			f = whole
		}
		if !slices.Contains(now.failures, f) {
			now.failures = append(now.failures, f)
		}
	}
	return now
}
