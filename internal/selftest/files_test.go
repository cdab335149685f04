package selftest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// exceptions reads literals.txt: "case clause reason…" on each line.
func exceptions(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("literals.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0][0] == '#' {
			continue
		}
		if len(f) < 3 {
			t.Errorf("literals.txt: %q, want case, clause and reason", strings.TrimSpace(line))
			continue
		}
		out[f[0]+" "+f[1]] = strings.Join(f[2:], " ")
	}
	return out
}

// What differs between dialects is data. branch finds code of the suites and of the
// emulator that asks for a dialect by its name instead.
var branch = regexp.MustCompile(`Dialect(\.Name)? *(==|!=) *"|switch [a-zA-Z.]*Dialect(\.Name)? *\{`)

func TestNobodyAsksForADialect(t *testing.T) {
	for _, folder := range []string{"suites", "internal/emulator", "internal/emulator/store", "internal/client"} {
		files, err := filepath.Glob(filepath.Join("..", "..", folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", folder, len(files), err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for n, line := range strings.Split(string(text), "\n") {
				if found := branch.FindString(line); found != "" && !strings.HasSuffix(file, "_test.go") {
					t.Errorf("%s:%d: %s: make it a row of a table", file, n+1, found)
				}
			}
		}
	}
}
