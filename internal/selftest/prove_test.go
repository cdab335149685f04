package selftest

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"objectharness/internal/clause"
	"objectharness/internal/emulator"
	"objectharness/suites"
)

var (
	sample = flag.Int("prove", 40, "deviations to prove per dialect, drawn by -prove.seed; 0 proves all")
	seed   = flag.Uint64("prove.seed", 1, "seed of the sample")
	only   = flag.String("prove.only", "", "prove only deviations that begin with this")
	inOne  = flag.String("prove.dialect", "", "prove only this dialect")
)

// A deviation is one way to break one rule.
type deviation struct {
	rule clause.Rule
	way  string
}

func (d deviation) String() string { return d.rule.Name + ":" + d.way }

// A ground is what the undeviated run of one dialect showed.
type ground struct {
	dialect string
	cases   []suites.Case
	reached []map[string]bool // by case: deviations it comes by; true where its judged part does
	rules   []clause.Rule     // those with clauses in this dialect
	killed  map[string]bool   // "case clause": some deviation made the case fail with the clause named
}

func (g *ground) kill(id, clause string) { g.killed[id+" "+clause] = true }

// newGround runs every case against a sound emulator and remembers which
// deviations it reaches.
func newGround(t *testing.T, name string) *ground {
	t.Helper()
	g := &ground{dialect: name, cases: suites.Cases(name), killed: map[string]bool{}}
	all, err := clause.Rules()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if len(r.By[name]) > 0 {
			g.rules = append(g.rules, r)
		}
	}
	b := newBench(t, mustDialect(t, name), emulator.Options{Reached: func(string) {}})
	for _, c := range g.cases {
		b.take()
		if v := verdict(b.run(c)); v != "passed" {
			t.Errorf("%s on the sound emulator: %s", c.ID, v)
		}
		g.reached = append(g.reached, b.take())
	}
	return g
}

// deviations lists every way to break a rule of the dialect, or the sample.
func (g *ground) deviations() []deviation {
	var list []deviation
	for _, r := range g.rules {
		for _, way := range g.ways(r) {
			if d := (deviation{r, way}); strings.HasPrefix(d.String(), *only) {
				list = append(list, d)
			}
		}
	}
	if *sample > 0 && *only == "" && len(list) > *sample {
		rnd := rand.New(rand.NewPCG(*seed, 1))
		rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		list = list[:*sample]
	}
	return list
}

// ways leaves out the ways that cannot show: the code of a refusal that only
// ever answers without a body.
func (g *ground) ways(r clause.Rule) []string {
	return slices.DeleteFunc(clause.Deviations(r.Kind), func(way string) bool {
		return way == "code" && !g.anyReaches(r.Name+":code") && g.anyReaches(r.Name+":status")
	})
}

func (g *ground) anyReaches(deviation string) bool {
	return slices.ContainsFunc(g.reached, func(m map[string]bool) bool { _, ok := m[deviation]; return ok })
}

// TestProve breaks the emulator in one way at a time. Every case that covers a
// clause of the broken rule, and whose judged part comes by it, must fail with
// that clause named; one that is blocked, because its given steps rest on the
// same rule, must do so when the rule is broken after them. Any other case may
// be blocked, and may fail only where it says that it rests on the clause. With
// all deviations (-prove 0), every case must have failed for every clause that
// it covers.
func TestProve(t *testing.T) {
	for _, name := range suites.Dialects() {
		if *inOne != "" && name != *inOne {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGround(t, name)
			if t.Failed() {
				t.Fatal("nothing can be proved before the sound emulator passes")
			}
			list := g.deviations()
			killed := 0
			for _, d := range list {
				if problems := g.prove(t, d); len(problems) > 0 {
					t.Errorf("%s:\n  %s", d, strings.Join(problems, "\n  "))
				} else {
					killed++
				}
			}
			t.Logf("%s: %d of %d deviations proved", name, killed, len(list))
			if *sample == 0 && *only == "" {
				g.unproved(t)
			}
		})
	}
}

func (g *ground) prove(t *testing.T, d deviation) (problems []string) {
	b := newBench(t, mustDialect(t, g.dialect), emulator.Options{Deviate: []string{d.String()}})
	defer b.stop()
	clauses, covered := d.rule.By[g.dialect], 0
	for i, c := range g.cases {
		judged, comes := g.reached[i][d.String()]
		if !comes {
			continue
		}
		out := b.run(c)
		own := shared(c.Clauses, clauses)
		if len(own) == 0 {
			if len(out.Broken) > 0 && len(shared(c.Rests, clauses)) == 0 {
				problems = append(problems, fmt.Sprintf("%s fails but does not say that it rests on %s: %s", c.ID, strings.Join(clauses, " "), verdict(out)))
			}
			continue
		}
		if out.Blocked != "" && judged {
			b.late = true // what it is given rests on the rule: break it only afterwards
			out = b.run(c)
			b.late = false
		}
		for _, id := range own {
			switch {
			case names(out, id):
				covered++
				g.kill(c.ID, id)
			case judged:
				problems = append(problems, fmt.Sprintf("%s covers %s and does not name it: %s", c.ID, id, verdict(out)))
			}
		}
	}
	if covered == 0 {
		problems = append(problems, "no case that covers "+strings.Join(clauses, " ")+" notices")
	}
	return problems
}

func shared(a, b []string) (both []string) {
	for _, x := range a {
		if slices.Contains(b, x) {
			both = append(both, x)
		}
	}
	return both
}

func names(o clause.Outcome, id string) bool {
	return slices.ContainsFunc(o.Broken, func(b clause.Broken) bool { return b.Clause == id })
}

// unproved reports the cases that no deviation made fail for a clause that they
// claim to cover: nothing says that they can.
func (g *ground) unproved(t *testing.T) {
	for _, c := range g.cases {
		if c.Offline { // TestVectorCasesNotice proves these
			continue
		}
		for _, id := range c.Clauses {
			if !g.killed[c.ID+" "+id] {
				t.Errorf("%s covers %s, and no deviation makes it say so", c.ID, id)
			}
		}
	}
}

// TestEveryCaseComesByARuleOfItsClauses holds each case to each clause that it
// claims to cover: some deviation of a rule of that clause must lie on its way,
// or nothing proves that it could fail.
func TestEveryCaseComesByARuleOfItsClauses(t *testing.T) {
	for _, name := range suites.Dialects() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGround(t, name)
			by := map[string][]string{} // clause → deviations
			for _, r := range g.rules {
				for _, id := range r.By[name] {
					for _, way := range clause.Deviations(r.Kind) {
						by[id] = append(by[id], r.Name+":"+way)
					}
				}
			}
			for i, c := range g.cases {
				if c.Offline {
					continue
				}
				for _, id := range c.Clauses {
					if !slices.ContainsFunc(by[id], func(d string) bool { _, ok := g.reached[i][d]; return ok }) {
						t.Errorf("%s covers %s but comes by none of %v", c.ID, id, by[id])
					}
				}
			}
		})
	}
}
