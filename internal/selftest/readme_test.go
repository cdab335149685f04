package selftest

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"objectharness/internal/clause"
	"objectharness/suites"
)

// The marks in README between which the coverage table stands.
const (
	tableBegins = "<!-- coverage: written by go test ./internal/selftest -run TestCoverageInReadme -update -->\n"
	tableEnds   = "<!-- end of coverage -->\n"
)

// TestCoverageInReadme keeps README's table: for each finished chapter and each
// vendor's documents, how many clauses some case covers, of how many; and why the
// others have none.
func TestCoverageInReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(text), tableBegins)
	_, after, ok2 := strings.Cut(rest, tableEnds)
	if !ok1 || !ok2 {
		t.Fatalf("README.md has no marks %q and %q", tableBegins, tableEnds)
	}
	golden(t, "../../README.md", []byte(before+tableBegins+readmeTable(t)+tableEnds+after))
}

func readmeTable(t *testing.T) string {
	reg, err := clause.Load()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	b.WriteString("| chapter | Alibaba OSS | Tencent COS | Baidu BOS | S3 |\n|---|--:|--:|--:|--:|\n")
	cells := map[string][]string{}
	later := map[string]int{}
	for _, d := range suites.Dialects() {
		covered := coverage(t, reg, d)
		for _, chapter := range reg.Chapters() {
			total, have := share(reg, d, chapter, covered)
			if !isDone(d, chapter) {
				later[d] += total - have
			}
			if slices.Contains(done, chapter) || doneIn[chapter] != nil {
				cells[chapter] = append(cells[chapter], cell(have, total))
			}
		}
	}
	for _, chapter := range reg.Chapters() {
		if row := cells[chapter]; row != nil {
			fmt.Fprintf(&b, "| %s | %s |\n", chapter, strings.Join(row, " | "))
		}
	}
	fmt.Fprintf(&b, "| not written yet | %d | %d | %d | %d |\n\n", later["oss"], later["cos"], later["bos"], later["s3"])
	b.WriteString("Clauses of finished chapters without a case: " + gapText(t) + ".\n")
	return b.String()
}

// share counts the clauses of a chapter that a server can show, and those that
// some case covers.
func share(reg *clause.Registry, dialect, chapter string, covered map[string]bool) (total, have int) {
	for _, c := range reg.Chapter(dialect, chapter) {
		if !c.Observable(false) {
			continue
		}
		total++
		if covered[c.ID] {
			have++
		}
	}
	return total, have
}

func cell(have, total int) string {
	if total == 0 {
		return "–"
	}
	return fmt.Sprintf("%d of %d", have, total)
}

// gapText names the gaps by their reason.
func gapText(t *testing.T) string {
	gaps, err := clause.Gaps()
	if err != nil {
		t.Fatal(err)
	}
	by := map[string][]string{}
	for _, g := range gaps {
		by[g.Reason] = append(by[g.Reason], g.ID)
	}
	var parts []string
	for _, reason := range clause.GapReasons() {
		if ids := by[reason]; ids != nil {
			slices.Sort(ids)
			parts = append(parts, strings.ReplaceAll(reason, "-", " ")+" ("+strings.Join(ids, ", ")+")")
		}
	}
	return strings.Join(parts, "; ")
}
