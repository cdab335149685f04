package load

import (
	"encoding/json"
	"hash/crc64"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestSchedulesKeepTheirRates(t *testing.T) {
	for text, want := range map[string]struct {
		total  uint64
		starts map[uint64]time.Duration
	}{
		"500":                {5000, map[uint64]time.Duration{0: 0, 1: 2 * time.Millisecond, 4999: 9998 * time.Millisecond}},
		"0.5":                {5, map[uint64]time.Duration{1: 2 * time.Second}},
		"ramp:0.000001-1000": {5000, map[uint64]time.Duration{5000: 10 * time.Second, 1250: 5 * time.Second}},
		"ramp:1000-500":      {7500, map[uint64]time.Duration{7500: 10 * time.Second}},
		"steps:100,200":      {1500, map[uint64]time.Duration{499: 4990 * time.Millisecond, 500: 5 * time.Second, 501: 5005 * time.Millisecond}},
		"sine:500:200:10s":   {5000, map[uint64]time.Duration{0: 0, 5000: 10 * time.Second}},
	} {
		s, err := ParseSchedule(text, 10*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if s.Total != want.total {
			t.Errorf("%s: %d requests, want %d", text, s.Total, want.total)
		}
		for seq, at := range want.starts {
			if off := s.At(seq) - at; off.Abs() > 50*time.Microsecond {
				t.Errorf("%s: request %d starts at %v, want %v", text, seq, s.At(seq), at)
			}
		}
		for seq := uint64(1); seq < s.Total; seq++ {
			if s.At(seq) < s.At(seq-1) {
				t.Fatalf("%s: request %d starts before the one before", text, seq)
			}
		}
	}
}

func TestTraceFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "trace")
	if err := os.WriteFile(file, []byte("# seconds\n0\n0.5\n\n0.5\n2.25\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := ParseSchedule("@"+file, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if s.Total != 4 || s.At(3) != 2250*time.Millisecond || s.Ends < 2250*time.Millisecond || s.Ends > 3*time.Second {
		t.Errorf("got %d requests, the last at %v, end %v", s.Total, s.At(3), s.Ends)
	}
	if err := os.WriteFile(file, []byte("1\n0.5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ParseSchedule("@"+file, time.Hour); err == nil || !strings.Contains(err.Error(), ":2:") {
		t.Errorf("a start before the one before: %v, want an error with its line", err)
	}
}

func TestWrongTexts(t *testing.T) {
	for _, text := range []string{"", "0", "-1", "x", "2000000", "ramp:1", "ramp:a-b", "steps:", "sine:1", "sine:5:9:1s", "sine:5:1:0s", "@", "NaN", "Inf"} {
		if _, err := ParseSchedule(text, time.Second); err == nil {
			t.Errorf("rate %q is read", text)
		}
	}
	for _, text := range []string{"", "x", "-1", "65MiB", "uniform:2-1", "uniform:1", "lognormal:1KiB", "lognormal:1KiB:0", "lognormal:0:1", "other:1", "@/none"} {
		if _, err := ParseSize(text); err == nil {
			t.Errorf("size %q is read", text)
		}
	}
	for _, text := range []string{"", "x", "zipf:0", "zipf:1", "zipf:x", "latest:9", "hotspot", "hotspot:0:1", "hotspot:2:0.5", "uniform:1"} {
		if _, err := ParsePopularity(text); err == nil {
			t.Errorf("popularity %q is read", text)
		}
	}
	for _, text := range []string{"", "post", "put:0", "put:-1", "put:x", "put,,get", "put:Inf"} {
		if _, err := ParseMix(text); err == nil {
			t.Errorf("mix %q is read", text)
		}
	}
	for _, text := range []string{"", "p99", "p98<1ms", "p99<1", "p99<-1ms", "error_rate<2", "error_rate=0", "throughput>x", "foo_p99<1ms"} {
		if _, err := ParseObjective(text); err == nil {
			t.Errorf("objective %q is read", text)
		}
	}
}

// The parts of a schedule are the whole, for any number of generators.
func TestShardsAreTheWhole(t *testing.T) {
	s, err := ParseSchedule("777", time.Second)
	if err != nil {
		t.Fatal(err)
	}
	for size := uint64(1); size <= 5; size++ {
		starts := map[uint64]time.Duration{}
		for rank := range size {
			part, whole := s.Shard(rank, size)
			for seq := range part.Total {
				starts[whole(seq)] = part.At(seq)
			}
		}
		if uint64(len(starts)) != s.Total {
			t.Errorf("%d generators send %d requests, want %d", size, len(starts), s.Total)
		}
		for seq, at := range starts {
			if at != s.At(seq) {
				t.Errorf("%d generators: request %d starts at %v, want %v", size, seq, at, s.At(seq))
			}
		}
	}
}

func TestContentIsSeekable(t *testing.T) {
	body := func(seed, n uint64) *content { c := contentOf(seed, n, 1003); return &c }
	c := body(1, 2)
	if err := iotest.TestReader(c, mustRead(t, body(1, 2))); err != nil {
		t.Error(err)
	}
	whole := mustRead(t, body(1, 2))
	if got := body(1, 2).crc64(); got != crc64.Checksum(whole, crcTable) {
		t.Errorf("CRC-64 %x, of the bytes %x", got, crc64.Checksum(whole, crcTable))
	}
	for _, other := range []*content{body(1, 3), body(2, 2)} {
		if slices.Equal(whole, mustRead(t, other)) {
			t.Error("two bodies are alike")
		}
	}
	if n := slices.Index(whole[8:], whole[0]); n < 0 {
		t.Error("no byte comes twice in a thousand") // a body of one byte repeated would be as wrong
	}
}

func mustRead(t *testing.T, r io.Reader) []byte {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSizes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sizes")
	if err := os.WriteFile(file, []byte("# size weight\n1KiB 1\n4KiB 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for text, want := range map[string]struct{ low, median, high int64 }{
		"4KiB": {4096, 4096, 4096}, "uniform:1-1000": {1, 500, 1000}, "lognormal:16KiB:1": {1, 16384, SizeMax}, "@" + file: {1024, 4096, 4096},
	} {
		s, err := ParseSize(text)
		if err != nil {
			t.Fatal(err)
		}
		var list []int64
		for range 20_000 {
			list = append(list, s(r.Float64()))
		}
		slices.Sort(list)
		middle := list[len(list)/2]
		if list[0] < want.low || list[len(list)-1] > want.high || math.Abs(float64(middle-want.median)) > 0.05*float64(want.median) {
			t.Errorf("%s: %d to %d around %d, want %d to %d around %d", text, list[0], list[len(list)-1], middle, want.low, want.high, want.median)
		}
	}
}

// Each way of being popular gives every object a number below the population,
// and the share of the reads that it says.
func TestPopularities(t *testing.T) {
	const n, draws = 1000, 100_000
	r := rand.New(rand.NewPCG(3, 4))
	top := func(text string) (share float64, first uint64) {
		p, err := ParsePopularity(text)
		if err != nil {
			t.Fatal(err)
		}
		counts := make([]int, n)
		for range draws {
			counts[p(r.Float64(), n)]++
		}
		most := slices.Max(counts)
		first = uint64(slices.Index(counts, most))
		slices.Sort(counts)
		hot := 0
		for _, c := range counts[n-n/10:] {
			hot += c
		}
		return float64(hot) / draws, first
	}
	for text, want := range map[string]float64{"uniform": 0.12, "zipf:0.99": 0.66, "latest:0.99": 0.66, "hotspot:0.1:0.9": 0.9} {
		if share, _ := top(text); math.Abs(share-want) > 0.05 {
			t.Errorf("%s: the tenth that is read most takes %.2f of the reads, want about %.2f", text, share, want)
		}
	}
	if _, first := top("latest:0.99"); first != n-1 {
		t.Errorf("latest: %d is read most, want the newest", first)
	}
	for _, text := range []string{"uniform", "zipf", "latest", "hotspot:0.5:0.5"} {
		p, err := ParsePopularity(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, few := range []uint64{0, 1, 2, 3} {
			for _, u := range []float64{0, 0.5, 1 - 1e-16} {
				if got := p(u, few); got >= max(few, 1) {
					t.Errorf("%s: object %d of %d", text, got, few)
				}
			}
		}
	}
}

// What is sent follows from the seed and the number alone, and a mix is kept.
func TestHitsArePure(t *testing.T) {
	mix, err := ParseMix("put:70,get:25,delete:5")
	if err != nil {
		t.Fatal(err)
	}
	size, _ := ParseSize("uniform:1-100")
	popular, _ := ParsePopularity("uniform")
	w := &Workload{Mix: mix, Size: size, Popularity: popular, Objects: 100, Seed: 5}
	counts := map[Op]int{}
	for seq := range uint64(10_000) {
		h := w.Hit(seq)
		counts[h.Op]++
		if again := w.Hit(seq); again != h {
			t.Fatalf("request %d is %+v and then %+v", seq, h, again)
		}
		if h.Op == Put && h.N != 100+seq || h.Op == Get && h.N >= 100 || h.Op == Delete && h.N != 100+seq {
			t.Errorf("request %d: %+v", seq, h)
		}
	}
	if math.Abs(float64(counts[Put])-7000) > 200 || math.Abs(float64(counts[Get])-2500) > 200 {
		t.Errorf("mix %v", counts)
	}
}

// The tally of a union is the merged tally of its parts, bit for bit, whichever
// way it is parted.
func TestTalliesMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	var all []measured
	for seq := range uint64(5000) {
		class, status := OK, 200
		if r.IntN(10) == 0 {
			class, status = Throttled, 503
		}
		all = append(all, measured{hit: Hit{Seq: seq, Op: Ops()[r.IntN(3)], N: seq}, key: "k" + string(rune('a'+seq%26)), bucket: r.IntN(rangesMax),
			at: time.Duration(seq) * time.Millisecond, lateness: time.Duration(r.IntN(1000)), out: outcome{class: class, status: status, code: "x", sent: 3, read: 4, service: time.Duration(r.IntN(1e7))}})
	}
	whole := tallied(all)
	for _, parts := range []int{2, 3} {
		merged := newTally(time.Second)
		for i := range parts {
			var some []measured
			for j := i; j < len(all); j += parts {
				some = append(some, all[j])
			}
			var read Tally
			text, err := json.Marshal(tallied(some))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(text, &read); err != nil {
				t.Fatal(err)
			}
			merged.Merge(&read)
		}
		if a, b := canonical(t, whole), canonical(t, merged); a != b {
			t.Errorf("%d parts make another tally", parts)
		}
	}
}

func tallied(list []measured) *Tally {
	r := recorder{tally: newTally(time.Second)}
	for i := range list {
		r.record(&list[i])
	}
	return r.tally
}

// canonical is a tally as text, its samples in order.
func canonical(t *testing.T, tally *Tally) string {
	t.Helper()
	for _, s := range tally.Hotkeys {
		slices.SortFunc(s.Keys, func(a, b SampledKey) int {
			return strings.Compare(a.Key, b.Key)*2 + int(math.Copysign(1, float64(a.Rank)-float64(b.Rank)))
		})
	}
	text, err := json.Marshal(tally)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The hot range is named where the store throttles some keys and not others, and
// where all keys share a beginning; nothing is named where throttling is blind.
func TestHotRange(t *testing.T) {
	sample := func(n int, key func(int) string) *Sample {
		s := &Sample{}
		for i := range n {
			s.add(key(i), uint64(i), time.Duration(i+1)*time.Second)
		}
		return s
	}
	spread := func(i int) string { return string(rune('a'+i%26)) + "/key" }
	one := func(int) string { return "b/2026/11/x" }
	if h := hot(sample(1000, spread), sample(100, one)); h == nil || h.Prefix != "b/2026/11/x" || h.First != time.Second {
		t.Errorf("one hot key of many: %+v", h)
	}
	if h := hot(sample(1000, spread), sample(100, spread)); h != nil {
		t.Errorf("throttling that prefers no key: %+v", h)
	}
	if h := hot(sample(1000, spread), nil); h != nil {
		t.Errorf("no throttling: %+v", h)
	}
	if h := hot(sample(1000, one), sample(100, one)); h == nil {
		t.Error("all keys are one: none is named")
	}
}

// arms of rounds with given successes.
func rounds(name string, ok ...uint64) *ArmResult {
	a := &ArmResult{Name: name, Tally: newTally(time.Second)}
	for i, n := range ok {
		a.Rounds = append(a.Rounds, RoundResult{Pair: i, Requests: 500, OK: n, Throttled: 500 - n, Elapsed: time.Second, P50: time.Millisecond})
		a.Tally.Requests += 500
		a.Tally.Classes[OK] += n
		a.Tally.Classes[Throttled] += 500 - n
	}
	return a
}

func TestComparisonInWords(t *testing.T) {
	twice := &Result{Arms: []*ArmResult{rounds("sequential", 200, 210, 205, 198, 202, 207, 201, 199, 203, 204), rounds("hashed", 500, 500, 500, 500, 500, 500, 500, 500, 500, 500)}}
	list := twice.Compare()
	if !list[0].Differs || list[0].Text != "hashed keys completed 2.5 times as many requests, 95 % interval 2.4 to 2.5" {
		t.Errorf("got %q", list[0].Text)
	}
	if !list[1].Differs || list[1].Text != "throttled: 59.4 % of the requests with sequential keys, none with hashed" {
		t.Errorf("got %q", list[1].Text)
	}
	same := &Result{Arms: []*ArmResult{rounds("a", 500, 499, 500, 500, 498, 500, 500, 499, 500, 500), rounds("b", 500, 500, 499, 500, 500, 500, 498, 500, 499, 500)}}
	list = same.Compare()
	if list[0].Differs || list[0].Text != "no difference found in completed requests, and this test would have seen one of 1 %" {
		t.Errorf("got %q", list[0].Text)
	}
	few := &Result{Arms: []*ArmResult{rounds("a", 200, 200), rounds("b", 500, 500)}}
	if f := few.Compare()[0]; f.Differs || !strings.Contains(f.Text, "too few") {
		t.Errorf("two pairs: %q", f.Text)
	}
	dead := &Result{Arms: []*ArmResult{rounds("a", 0, 0), rounds("b", 0, 0)}}
	if f := dead.Compare()[0]; f.Differs || math.IsInf(f.Before, 0) {
		t.Errorf("no success at all: %+v", f)
	}
}

func TestObjectives(t *testing.T) {
	a := rounds("a", 490, 500)
	a.Elapsed = 2 * time.Second
	for range 990 {
		a.Tally.Response.Add(5 * time.Millisecond)
	}
	for text, want := range map[string]bool{
		"error_rate<1.1%": true, "error_rate<1%": false, "error_rate<0.009": false, "throttle_rate<5%": true, "throughput>400": true, "throughput>500/s": false,
		"p99<6ms": true, "p99 < 5ms": false, "p9999<1s": true, "service_p50<1ms": true, "lateness_p99<1ms": true, "p50>4ms": true,
	} {
		o, err := ParseObjective(text)
		if err != nil {
			t.Fatal(err)
		}
		if kept, got := o.Check(a); kept != want {
			t.Errorf("%s: kept %v (%s), want %v", text, kept, got, want)
		}
	}
}

// A plan that was not kept is said, with what stood in the way.
func TestSaturation(t *testing.T) {
	late := func(d time.Duration, cpu float64, workers int, failures map[Failure]uint64) *Result {
		a := &ArmResult{Planned: 100, Most: 16, Tally: newTally(time.Second)}
		a.Tally.Requests = 100
		for range 100 {
			a.Tally.Lateness.Add(d)
			a.Tally.Response.Add(d + time.Millisecond)
		}
		a.Tally.Failures = failures
		r := &Result{Arms: []*ArmResult{a}, CPU: cpu, Workers: workers}
		r.judge()
		return r
	}
	for want, r := range map[string]*Result{
		"":         late(50*time.Microsecond, 0.2, 16, nil),
		"workers":  late(time.Second, 0.2, 16, nil),
		"CPU":      late(time.Second, 0.95, 16, nil),
		"wake-ups": late(time.Second, 0.2, 64, nil),
		"sockets":  late(0, 0.2, 16, map[Failure]uint64{{NoReply, 0, "out of sockets"}: 1}),
	} {
		if got := strings.Join(r.Saturated, "; "); (want == "") != (got == "") || !strings.HasPrefix(got, want) {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

func FuzzTexts(f *testing.F) {
	for _, text := range []string{"ramp:1-2", "sine:5:1:1s", "lognormal:4KiB:1", "hotspot:0.1:0.9", "put:1,get:2", "p99<5ms"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.HasPrefix(text, "@") {
			return
		}
		if s, err := ParseSchedule(text, time.Second); err == nil && s.Total > 0 && s.At(s.Total-1) < 0 {
			t.Errorf("rate %q: the last request starts at %v", text, s.At(s.Total-1))
		}
		if s, err := ParseSize(text); err == nil && (s(0.5) < 0 || s(0.5) > SizeMax) {
			t.Errorf("size %q: %d bytes", text, s(0.5))
		}
		if p, err := ParsePopularity(text); err == nil && p(0.5, 10) >= 10 {
			t.Errorf("popularity %q: object %d of 10", text, p(0.5, 10))
		}
		_, _ = ParseMix(text)
		_, _ = ParseObjective(text)
	})
}
