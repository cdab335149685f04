package load

import (
	"context"
	"math/rand/v2"
	"testing"
)

// The knee of a server of known capacity is found within 5 % in twelve probes,
// whatever the capacity and the start, also when probes near it are a matter of
// chance.
func TestKneeIsFound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		capacity := 20 * float64(1+r.IntN(400))
		start := capacity / float64(1+r.IntN(20))
		k, err := FindKnee(context.Background(), start, func(_ context.Context, rate float64) (bool, string, error) {
			return rate <= capacity*(1+0.01*(r.Float64()-0.5)), "", nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if k.Kept < 0.95*capacity || k.Broken > 1.055*capacity || len(k.Probes) > 12 {
			t.Errorf("capacity %.0f from %.0f: between %.0f and %.0f after %d probes", capacity, start, k.Kept, k.Broken, len(k.Probes))
		}
	}
}

func TestNoKnee(t *testing.T) {
	never := func(context.Context, float64) (bool, string, error) { return false, "", nil }
	if _, err := FindKnee(context.Background(), 100, never); err == nil {
		t.Error("a rate is found that nothing keeps")
	}
	always := func(context.Context, float64) (bool, string, error) { return true, "", nil }
	if k, err := FindKnee(context.Background(), 100_000, always); err != nil || k.Broken != 0 || k.Kept != RateMax {
		t.Errorf("every rate is kept: %+v, %v", k, err)
	}
}

// Results of generators that shared a schedule are those of one that sent all.
func TestMergeResults(t *testing.T) {
	make := func(rank uint64) *Result {
		a := rounds("a", 400, 410)
		for i := range a.Rounds {
			a.Rounds[i].Response = newHistogram()
			a.Rounds[i].Response.Add(1000)
		}
		a.Planned = 1000
		return &Result{Seed: 1, Rank: rank, Size: 3, Rate: "500", Arms: []*ArmResult{a}}
	}
	whole, missing, err := Merge([]*Result{make(0), make(2)})
	if err != nil {
		t.Fatal(err)
	}
	a := whole.Arms[0]
	if len(missing) != 1 || missing[0] != 1 || a.Tally.Requests != 2000 || a.Planned != 2000 || len(a.Rounds) != 2 || a.Rounds[1].OK != 820 || a.Rounds[0].Response.Count != 2 {
		t.Errorf("missing %v, merged %+v", missing, a)
	}
	for name, list := range map[string][]*Result{
		"nothing": {}, "the same twice": {make(1), make(1)}, "of another run": {make(0), {Seed: 2, Rank: 1, Size: 3, Rate: "500"}}, "a rank too high": {make(3)},
	} {
		if _, _, err := Merge(list); err == nil {
			t.Errorf("%s is merged", name)
		}
	}
}
