package vectors

import (
	"strings"
	"testing"
)

func TestCarriedVectorsPass(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	passed, failed := Run(&out, all)
	if passed != 249 || failed != 0 {
		t.Errorf("%d passed, %d failed:\n%s", passed, failed, out.String())
	}
}
