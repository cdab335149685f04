package selftest

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"objectharness/internal/clause"
	"objectharness/suites"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares text with a file of the repository, or writes it.
func golden(t *testing.T, file string, text []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, text) {
		t.Errorf("%s is not what the suites say any more: go test ./internal/selftest -run %s -update", file, t.Name())
	}
}

// TestCoveragePage keeps the table of docs/coverage.md: clauses of each chapter
// that a server can show, how many have a case, and why the others have none.
func TestCoveragePage(t *testing.T) {
	reg, err := clause.Load()
	if err != nil {
		t.Fatal(err)
	}
	gaps, err := clause.Gaps()
	if err != nil {
		t.Fatal(err)
	}
	reason := map[string]string{}
	for _, g := range gaps {
		reason[g.ID] = g.Reason
	}
	var b bytes.Buffer
	b.WriteString("# Coverage\n\nClauses that a server can show, by dialect and chapter; how many of them some case covers; and why the others of a\n" +
		"finished chapter have none. `harness list` names every clause. This page is written by `go test ./internal/selftest -run TestCoveragePage -update`.\n")
	for _, d := range suites.Dialects() {
		coverageTable(t, &b, reg, d, reason)
	}
	golden(t, "../../docs/coverage.md", b.Bytes())
}

func coverageTable(t *testing.T, b *bytes.Buffer, reg *clause.Registry, dialect string, reason map[string]string) {
	covered := coverage(t, reg, dialect)
	count := map[string]int{}
	for _, c := range suites.Cases(dialect) {
		count[c.Chapter]++
	}
	fmt.Fprintf(b, "\n## %s\n\n| chapter | cases | clauses | covered | gaps |\n|---|--:|--:|--:|---|\n", dialect)
	for _, chapter := range reg.Chapters() {
		total, have := 0, 0
		why := map[string]int{}
		for _, c := range reg.Chapter(dialect, chapter) {
			if !c.Observable(false) {
				continue
			}
			total++
			switch {
			case covered[c.ID]:
				have++
			case reason[c.ID] != "":
				why[reason[c.ID]]++
			case isDone(dialect, chapter):
				why["no reason"]++
			default:
				why["chapter not written yet"]++
			}
		}
		if total > 0 {
			fmt.Fprintf(b, "| %s | %d | %d | %d | %s |\n", chapter, count[chapter], total, have, list(why))
		}
	}
}

func list(why map[string]int) string {
	var parts []string
	for reason, n := range why {
		parts = append(parts, fmt.Sprintf("%s %d", reason, n))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// TestCaseIDsAreForEver keeps the list of ids: a case that is gone or renamed is
// a visible change, and a retired id stays in retired.txt.
func TestCaseIDsAreForEver(t *testing.T) {
	var ids []string
	for _, d := range suites.Dialects() {
		for _, c := range suites.Cases(d) {
			ids = append(ids, c.ID)
		}
	}
	slices.Sort(ids)
	retired, err := os.ReadFile("retired.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(retired)) {
		if id := strings.TrimSpace(line); id != "" && id[0] != '#' && slices.Contains(ids, strings.Fields(id)[0]) {
			t.Errorf("%s is retired and used again", id)
		}
	}
	golden(t, "cases.txt", []byte(strings.Join(ids, "\n")+"\n"))
}
