package selftest

import (
	"os"
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
