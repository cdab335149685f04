package selftest

import (
	"math/rand/v2"
	"slices"
	"testing"

	"objectharness/internal/emulator"
	"objectharness/suites"
)

// TestOrderDoesNotMatter runs every case on one sound emulator in the order of
// registration, reversed, and shuffled by two seeds: each passes each time, and
// nothing is left behind in the bucket.
func TestOrderDoesNotMatter(t *testing.T) {
	orders := map[string]func([]suites.Case){
		"registration": func([]suites.Case) {},
		"reversed":     slices.Reverse[[]suites.Case],
		"seed 1":       shuffled(1),
		"seed 2":       shuffled(2),
	}
	for _, name := range suites.Dialects() {
		for order, arrange := range orders {
			t.Run(name+" "+order, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, mustDialect(t, name), emulator.Options{})
				cases := suites.Cases(name)
				arrange(cases)
				for _, c := range cases {
					if v := verdict(b.run(c)); v != "passed" {
						t.Errorf("%s: %s", c.ID, v)
					}
				}
				if n := b.emulator.Objects(b.subject.Bucket); n != 0 {
					t.Errorf("%d objects were left behind", n)
				}
				if n := b.emulator.Uploads(b.subject.Bucket); n != 0 {
					t.Errorf("%d uploads were left behind", n)
				}
			})
		}
	}
}

func shuffled(seed uint64) func([]suites.Case) {
	return func(cases []suites.Case) {
		rand.New(rand.NewPCG(seed, 2)).Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
	}
}
