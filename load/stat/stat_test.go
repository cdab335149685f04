package stat

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// durations are seeded draws of one shape.
var durations = map[string]func(*rand.Rand) time.Duration{
	"uniform":   func(r *rand.Rand) time.Duration { return time.Duration(r.Int64N(int64(time.Second))) },
	"lognormal": func(r *rand.Rand) time.Duration { return time.Duration(1e6 * math.Exp(r.NormFloat64())) },
	"stalls": func(r *rand.Rand) time.Duration {
		if r.IntN(100) == 0 {
			return time.Second
		}
		return time.Duration(1e6 + r.IntN(2e5))
	},
	"tiny": func(r *rand.Rand) time.Duration { return time.Duration(r.IntN(400)) },
}

func drawn(shape string, n int, seed uint64) []time.Duration {
	r := rand.New(rand.NewPCG(seed, 1))
	list := make([]time.Duration, n)
	for i := range list {
		list[i] = durations[shape](r)
	}
	return list
}

func counted(list []time.Duration) *Histogram {
	h := &Histogram{}
	for _, d := range list {
		h.Add(d)
	}
	return h
}

// Every quantile of every shape is within the bound of the exact one.
func TestQuantilesAreWithinTheBound(t *testing.T) {
	for shape := range durations {
		list := drawn(shape, 100_000, 3)
		h := counted(list)
		slices.Sort(list)
		for _, q := range []float64{0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 0.99, 0.991, 0.999, 0.9999, 1} {
			exact := list[max(0, int(math.Ceil(q*float64(len(list))))-1)]
			if off := math.Abs(float64(h.Quantile(q) - exact)); off > ErrorBound*float64(exact)+0.5 {
				t.Errorf("%s: quantile %v is %v, exactly %v", shape, q, h.Quantile(q), exact)
			}
		}
	}
}

// Each value falls into a bucket whose middle is within the bound of it, and
// buckets are in the order of their values.
func TestBucketsHoldTheirValues(t *testing.T) {
	last := -1
	for v := uint64(0); v < 1<<topBits; v += v/1000 + 1 {
		i := bucketOf(v)
		if i < last || i >= buckets {
			t.Fatalf("%d is in bucket %d, after %d", v, i, last)
		}
		if off := math.Abs(float64(middle(i)) - float64(v)); off > ErrorBound*float64(v)+0.5 {
			t.Fatalf("%d is in bucket %d around %d", v, i, middle(i))
		}
		last = i
	}
	if got := bucketOf(math.MaxInt64); got != buckets-1 {
		t.Errorf("the longest duration is in bucket %d, want %d", got, buckets-1)
	}
}

// The merged histogram of any parts is that of the union, also after JSON.
func TestMergeIsTheUnion(t *testing.T) {
	for shape := range durations {
		list := drawn(shape, 20_000, 4)
		whole := counted(list)
		for _, parts := range []int{1, 2, 3, 7} {
			merged := &Histogram{}
			for i := range parts {
				part := &Histogram{}
				for j := i; j < len(list); j += parts {
					part.Add(list[j])
				}
				text, err := json.Marshal(part)
				if err != nil {
					t.Fatal(err)
				}
				read := &Histogram{}
				if err := json.Unmarshal(text, read); err != nil {
					t.Fatal(err)
				}
				merged.Merge(read)
			}
			if *merged != *whole {
				t.Errorf("%s: %d parts make another histogram", shape, parts)
			}
		}
	}
}

func TestHistogramRefuses(t *testing.T) {
	for _, text := range []string{
		`{"count":1,"buckets":[]}`, `{"count":1,"buckets":[[4096,1]]}`, `{"count":2,"min_ns":5,"max_ns":4,"buckets":[[5,2]]}`, `[]`, `{`,
	} {
		h := counted([]time.Duration{1})
		if err := json.Unmarshal([]byte(text), h); err == nil {
			t.Errorf("%s is read", text)
		}
		if h.Count != 1 {
			t.Errorf("%s changes the histogram", text)
		}
	}
}

func TestHistogramOfNothing(t *testing.T) {
	h := &Histogram{}
	if h.Quantile(0.5) != 0 || h.Mean() != 0 || h.AtMost(time.Second) != 0 {
		t.Errorf("of nothing: quantile %v, mean %v, %d within a second", h.Quantile(0.5), h.Mean(), h.AtMost(time.Second))
	}
	h.Add(-time.Second)
	h.Add(3 * time.Second)
	if h.Min != 0 || h.Mean() != 1500*time.Millisecond || h.AtMost(time.Second) != 1 || h.AtMost(time.Minute) != 2 {
		t.Errorf("got %v, %v, %d, %d", h.Min, h.Mean(), h.AtMost(time.Second), h.AtMost(time.Minute))
	}
}

func TestAddDoesNotAllocate(t *testing.T) {
	h := &Histogram{}
	if n := testing.AllocsPerRun(1000, func() { h.Add(12345) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// The exact test agrees with the count over all choices of signs.
func TestWilcoxonByCounting(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	for range 60 {
		list := make([]float64, 1+r.IntN(11))
		for i := range list {
			list[i] = float64(r.IntN(9) - 4) // ties and zeros
		}
		if got, want := Wilcoxon(list), bySigns(list); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v: p %v, by counting %v", list, got, want)
		}
	}
}

// bySigns tries every choice of signs.
func bySigns(list []float64) float64 {
	ranks := signedRanks(list)
	if len(ranks) == 0 {
		return 1
	}
	sum := func(signs int) (plus int) {
		for i, r := range ranks {
			if signs>>i&1 == 1 {
				plus += abs(r)
			}
		}
		return plus
	}
	own, total := 0, 0
	for _, r := range ranks {
		own, total = own+max(r, 0), total+abs(r)
	}
	low, n := min(own, total-own), 0
	for signs := range 1 << len(ranks) {
		if sum(signs) <= low {
			n++
		}
	}
	return min(1, 2*float64(n)/float64(int(1)<<len(ranks)))
}

// Known values: ten positive differences, and the tables' 5 % point of 20.
func TestWilcoxonKnown(t *testing.T) {
	ten := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	if got := Wilcoxon(ten); math.Abs(got-2.0/1024) > 1e-12 {
		t.Errorf("ten positive differences: p %v, want 2/1024", got)
	}
	long := make([]float64, 300)
	for i := range long {
		long[i] = float64(i%2*2-1) * float64(i+1)
	}
	if got := Wilcoxon(long); got < 0.5 {
		t.Errorf("differences around zero: p %v", got)
	}
}

func TestFisherByCounting(t *testing.T) {
	for _, c := range []struct {
		a, n, b, m uint64
		want       float64
	}{
		{3, 4, 1, 4, 0.2571428571}, // the tea tasting: 2/70 and half of 32/70
		{0, 10, 5, 10, 0.0162538700},
		{9, 14000, 0, 14000, 0.00195},
		{0, 0, 3, 10, 1},
		{0, 10, 0, 10, 1},
	} {
		if got := Fisher(c.a, c.n, c.b, c.m); math.Abs(got-c.want) > 1e-4 {
			t.Errorf("%d of %d and %d of %d: p %v, want %v", c.a, c.n, c.b, c.m, got, c.want)
		}
	}
	exact, normal := Fisher(90_000, 1e6, 91_000, 1e6), chiSquare(90_000, 1e6, 91_000, 1e6)
	if math.Abs(exact-normal) > 0.001 {
		t.Errorf("large counts: exact p %v, normal p %v", exact, normal)
	}
}

func TestHolm(t *testing.T) {
	got := Holm([]float64{0.01, 0.04, 0.03, 0.005})
	for i, want := range []float64{0.03, 0.06, 0.06, 0.02} {
		if math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("%d: %v, want %v", i, got[i], want)
		}
	}
}

// rounds are paired log ratios as rounds of a second scatter on a shared machine
// (standard deviation 0.135), around a true difference.
func rounds(n int, share float64, r *rand.Rand) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = math.Log1p(share) + 0.135*r.NormFloat64()
	}
	return list
}

// 500 comparisons of the same with the same: at the level 0.01 the test is wrong
// in one of a hundred, and here in no more than chance allows.
func TestFalseAlarmsAreRare(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	alarms := 0
	for range 500 {
		if Wilcoxon(rounds(40, 0, r)) <= 0.01 {
			alarms++
		}
	}
	if alarms > 5 {
		t.Errorf("%d of 500 comparisons of the same with the same are different", alarms)
	}
}

// A difference of 10 % is found in nine of ten sets of 40 pairs, and an interval
// of 95 % holds the truth about as often.
func TestATenthIsFound(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	found, held := 0, 0
	for i := range 200 {
		list := rounds(40, 0.10, r)
		if Wilcoxon(list) <= 0.01 {
			found++
		}
		if low, high := MedianInterval(list, 0.95, uint64(i)); low <= math.Log1p(0.10) && math.Log1p(0.10) <= high {
			held++
		}
	}
	if found < 180 {
		t.Errorf("a difference of 10 %% is found in %d of 200", found)
	}
	if held < 180 || held == 200 {
		t.Errorf("the interval holds the truth in %d of 200, want about 190", held)
	}
}

// What a comparison says that it would have seen, it sees.
func TestDetectableIsTrue(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	share, ok := Detectable(rounds(40, 0, r), 0.01, 9)
	if !ok || share < 0.05 || share > 0.15 {
		t.Fatalf("40 pairs would have seen %v (%v), want about 10 %%", share, ok)
	}
	if share, ok := Detectable(rounds(3, 0, r), 0.01, 9); ok {
		t.Errorf("three pairs would have seen %v, which no test at this level can", share)
	}
	if _, ok := Detectable(nil, 0.01, 9); ok {
		t.Error("no pairs would have seen something")
	}
}

// Of 500 comparisons of a store that throttles a thousandth of all with itself,
// about one of a hundred is found different.
func TestThrottlingAlarmsAreRare(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	alarms := 0
	for range 500 {
		var n [2]uint64
		for i := range n {
			for range 13_000 {
				if r.IntN(1000) == 0 {
					n[i]++
				}
			}
		}
		if Fisher(n[0], 13_000, n[1], 13_000) <= 0.01 {
			alarms++
		}
	}
	if alarms > 5 {
		t.Errorf("%d of 500", alarms)
	}
}

// 13 expected refusals of 13,000 against none are found in 95 of 100.
func TestAThousandthOfThrottlingIsFound(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 1))
	found := 0
	for range 500 {
		n := uint64(0)
		for range 13_000 {
			if r.IntN(1000) == 0 {
				n++
			}
		}
		if Fisher(n, 13_000, 0, 13_000) <= 0.01 {
			found++
		}
	}
	if found < 475 {
		t.Errorf("found in %d of 500", found)
	}
}

func TestWilson(t *testing.T) {
	if low, high := WilsonInterval(0, 10); low != 0 || math.Abs(high-0.2775) > 0.001 {
		t.Errorf("none of ten: %v to %v", low, high)
	}
	if low, high := WilsonInterval(50, 100); math.Abs(low-0.4038) > 0.001 || math.Abs(high-0.5962) > 0.001 {
		t.Errorf("half of 100: %v to %v", low, high)
	}
}

func FuzzHistogramJSON(f *testing.F) {
	f.Add([]byte(`{"count":1,"min_ns":5,"max_ns":5,"sum_ns":5,"buckets":[[5,1]]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		h := &Histogram{}
		if json.Unmarshal(text, h) != nil {
			return
		}
		again, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(again, &Histogram{}); err != nil {
			t.Errorf("%s is written as %s: %v", text, again, err)
		}
	})
}

func BenchmarkHistogramAdd(b *testing.B) {
	h, d := &Histogram{}, time.Duration(0)
	for b.Loop() {
		h.Add(d)
		d = d*7&0xfffffff + 1000
	}
}
