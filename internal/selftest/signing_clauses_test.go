package selftest

import (
	"os"
	"strings"
	"testing"

	"objectharness/internal/clause"
	"objectharness/suites"
	"objectharness/vectors"
)

// properties are the tests that show a clause of a signer which neither a case
// nor a vector can: by clause, file and function.
var properties = map[string][2]string{
	"BOS-SIGN-28": {"internal/siglab/siglab_test.go", "TestSignsNowUnlessTold"},
}

// elsewhere are the clauses that no signer shows, with the reason. Those that a
// server can show may get a case at any time.
var elsewhere = map[string]string{
	"OSS-SIGN-HDR-03": "needs an issuer of temporary keys; what ends with them is shown by OSS-XV4-16",
	"COS-PRESIGN-18":  "two functions of an SDK give the same URL: nothing of a store or a signature",
	"OSS-POST-31":     "a duty of the store: a live case of the chapter post",
	"COS-POST-15":     "a duty of the store: a live case of the chapter post",
}

// TestEverySigningClauseIsShown holds every clause of the chapters signing and
// presign, whatever it takes to test it, and every clause on signatures of sts,
// callback and post to a live case, a vector or a named property.
func TestEverySigningClauseIsShown(t *testing.T) {
	reg, err := clause.Load()
	if err != nil {
		t.Fatal(err)
	}
	by := shown(t)
	count := map[string]int{}
	for _, d := range suites.Dialects() {
		for _, chapter := range []string{"signing", "presign", "sts", "callback", "post"} {
			for _, c := range reg.Chapter(d, chapter) {
				if chapter != "signing" && chapter != "presign" && c.Kind != "signing" {
					continue
				}
				switch {
				case by[c.ID] != "" && elsewhere[c.ID] != "" && !c.Observable(false):
					t.Errorf("%s is shown by a %s and stands among those that are not", c.ID, by[c.ID])
				case by[c.ID] == "" && elsewhere[c.ID] == "":
					t.Errorf("%s (%s, %s) has no case, no vector and no property: %s", c.ID, chapter, c.Testable, c.Text)
				}
				count[by[c.ID]]++
			}
		}
	}
	t.Log(count)
}

// shown tells by what a clause is shown, the nearest to a server first.
func shown(t *testing.T) map[string]string {
	t.Helper()
	by := map[string]string{}
	for id, where := range properties {
		text, err := os.ReadFile("../../" + where[0])
		if err != nil || !strings.Contains(string(text), "func "+where[1]+"(") {
			t.Errorf("%s: %s has no %s: %v", id, where[0], where[1], err)
		}
		by[id] = "property"
	}
	for _, load := range []func() ([]vectors.Vector, error){vectors.All, vectors.Documented, vectors.Own} {
		all, err := load()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range all {
			for _, id := range v.Clauses {
				if by[id] == "property" {
					t.Errorf("%s is shown by vector %s and needs no property", id, v.ID)
				}
				by[id] = "vector"
			}
		}
	}
	for _, d := range suites.Dialects() {
		for _, c := range suites.Cases(d) {
			for _, id := range c.Clauses {
				if !c.Offline {
					by[id] = "live case"
				}
			}
		}
	}
	return by
}
