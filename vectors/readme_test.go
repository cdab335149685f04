package vectors

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of README.md")

const open, closed = "<!-- counts -->\n", "<!-- /counts -->"

// TestREADMECounts keeps the table of scheme, mode and result.
func TestREADMECounts(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(text), open)
	kept, after, ok2 := strings.Cut(rest, closed)
	if !ok1 || !ok2 {
		t.Fatalf("README.md has no table between %q and %q", open, closed)
	}
	table := counted(t)
	if *update {
		if err := os.WriteFile("README.md", []byte(before+open+table+closed+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if kept != table {
		t.Errorf("the table of README.md is not what the vectors are: go test ./vectors -run %s -update\n%s", t.Name(), table)
	}
}

// counted is the table: a row for each scheme and mode that has vectors.
func counted(t *testing.T) string {
	count := map[string]*[3]int{} // scheme mode result → public, documented, own
	for set, load := range []func() ([]Vector, error){All, Documented, Own} {
		all, err := load()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range all {
			key := v.Algorithm + " " + v.Mode + " " + v.Result
			if count[key] == nil {
				count[key] = &[3]int{}
			}
			count[key][set]++
		}
	}
	var b strings.Builder
	b.WriteString("| scheme | mode | " + strings.Join(results, " | ") + " |\n|---|---|---|---|---|---|\n")
	for _, scheme := range []string{"bce-auth-v1", "cos-sha1", "oss-v1", "oss-v4", "aws-sigv4", "oss-callback"} {
		for _, mode := range modes {
			if row := rowOf(count, scheme+" "+mode); row != "" {
				fmt.Fprintf(&b, "| %s | %s |%s\n", scheme, mode, row)
			}
		}
	}
	return b.String()
}

func rowOf(count map[string]*[3]int, key string) (row string) {
	some := false
	for _, result := range results {
		cell := ""
		if n := count[key+" "+result]; n != nil {
			cell, some = fmt.Sprintf("%d + %d + %d", n[0], n[1], n[2]), true
		}
		row += " " + cell + " |"
	}
	if !some {
		return ""
	}
	return row
}
