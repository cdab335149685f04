package suites

import "testing"

func TestCasesAreWellFormed(t *testing.T) {
	for _, d := range Dialects() {
		if err := Check(Cases(d)); err != nil {
			t.Error(err)
		}
	}
}
