package keygen_test

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"objectharness/keygen"
)

// counted is the spread of keys that are given one by one.
func counted(p keygen.Partition, keys ...string) keygen.Spread {
	m := keygen.NewMeter(p)
	for _, k := range keys {
		m.Add([]byte(k))
	}
	return m.Spread()
}

func TestSpreadCounts(t *testing.T) {
	s := counted(keygen.Partition{"b", "c"}, "abc", "abd", "b", "ab", "cab", "ab\x00", "zz", "")
	if !slices.Equal(s.Ranges, []uint64{5, 1, 2}) || s.Used != 3 || s.Busiest != 5./8 || s.Common != "" || s.Keys != 8 {
		t.Errorf("%+v", s)
	}
	if want := []keygen.First{{'a', 4}, {'b', 1}, {'c', 1}, {'z', 1}}; !slices.Equal(s.First, want) {
		t.Errorf("first bytes %v, want %v", s.First, want)
	}
	distinct := []int{5, 5, 8, 8} // the empty key is a beginning; ab and ab with a zero byte differ
	for i, l := range s.Leading {
		if l.Bytes != i+1 || l.Distinct != distinct[i] {
			t.Errorf("leading %+v, want %d different", l, distinct[i])
		}
	}
	if l := s.Leading[0]; l.Largest != 0.5 || math.Abs(l.Entropy-2) > 1e-12 {
		t.Errorf("one leading byte: %+v, want half of the keys and 2 bits", l)
	}
}

func TestSpreadNamesTheBusiest(t *testing.T) {
	s := counted(keygen.Partition{"m"}, "log/1a", "x", "log/1b", "log/1", "y")
	if s.Common != "log/1" || s.Busiest != 0.6 {
		t.Errorf("%+v", s)
	}
	if s := counted(nil, "one"); s.Common != "one" || s.Busiest != 1 || s.Leading[3].Entropy != 0 {
		t.Errorf("%+v", s)
	}
	if s := counted(nil); s.Keys != 0 || s.Busiest != 0 || s.Used != 0 || len(s.First) != 0 {
		t.Errorf("%+v", s)
	}
}

func TestEqualRanges(t *testing.T) {
	for _, ranges := range []int{1, 2, 3, 7, 64, 100, 256, 4096} {
		p := keygen.Equal(ranges)
		if len(p) != ranges-1 || !slices.IsSorted(p) {
			t.Fatalf("%d ranges: %q", ranges, p)
		}
		// Two leading bytes are a number, and so is the range they must have.
		for head := range 1 << 16 {
			want := head * ranges >> 16
			if got := p.Range([]byte{byte(head >> 8), byte(head)}); got != want {
				t.Fatalf("%d ranges: %04x falls in range %d, want %d", ranges, head, got, want)
			}
		}
		// At a bound itself, and right before it, all eight bytes count.
		for i := range uint64(ranges - 1) {
			bound, _ := bits.Div64(i+1, 0, uint64(ranges))
			for _, x := range []uint64{bound - 1, bound, bound + 1} {
				want, _ := bits.Mul64(x, uint64(ranges))
				if got := p.Range(binary.BigEndian.AppendUint64(nil, x)); got != int(want) {
					t.Fatalf("%d ranges: %x falls in range %d, want %d", ranges, x, got, want)
				}
			}
		}
		if got := p.Range([]byte(strings.Repeat("\xff", 20))); got != ranges-1 {
			t.Errorf("%d ranges: the last key falls in range %d", ranges, got)
		}
		if got := p.Range(nil); got != 0 {
			t.Errorf("%d ranges: the empty key falls in range %d", ranges, got)
		}
	}
}

// What a split leaves holds as many keys everywhere, whatever the naming.
func TestSplitIsEven(t *testing.T) {
	for _, text := range everyForm {
		for _, count := range []uint64{1, 10, 64, 6400, 40_000} {
			a := parse(t, text).Append
			p := keygen.Split(a, 5, count, 64)
			if want := min(64, int(count)); len(p) != want-1 || !slices.IsSorted(p) {
				t.Fatalf("%s: %d keys are split into %d ranges, want %d", text, count, len(p)+1, want)
			}
			most := 1.25 / float64(len(p)+1) // a sample of 256 keys of each range strays
			if count <= 6400 {
				most = 1 / float64(len(p)+1)
			}
			if s := keygen.Measure(a, 5, count, p); s.Busiest > most {
				t.Errorf("%s: %d keys: the busiest of %d ranges has %v", text, count, len(p)+1, s.Busiest)
			}
		}
	}
}

// This is what the document says of each way: names in sequence stay on one
// range, and a change in front spreads them.
func TestNextKeys(t *testing.T) {
	const count = 10_000
	for text, want := range map[string]struct{ least, most float64 }{
		"dated": {1, 1}, "lettered": {1, 1}, "id": {0.999, 1},
		"enumerated": {0.5, 0.5}, // each group by itself is still in sequence
		"hashed":     {0, 0.03}, "hashed:md5:2:id": {0, 0.03}, "enumerated:hashed": {0, 0.03},
		"reversed:id": {0, 0.03}, "random": {0, 0.03},
		"reversed:dated:1s": {1, 1}, // all of one day share the segment that was turned
	} {
		a := parse(t, text).Append
		s := keygen.Measure(a, count, count, keygen.Split(a, 0, count, keygen.DefaultRanges))
		if s.Busiest < want.least || s.Busiest > want.most {
			t.Errorf("%s: the busiest range takes %v of the next keys, want %v to %v", text, s.Busiest, want.least, want.most)
		}
	}
}

func TestHashSpreadsOverSixteen(t *testing.T) {
	s := keygen.Measure(parse(t, "hashed").Append, 0, 20_000, keygen.Equal(256))
	if s.Leading[0].Distinct != 16 || s.Leading[1].Distinct != 256 || s.Leading[0].Entropy < 3.99 || s.Used != 16 {
		t.Errorf("%+v, %d of 256 ranges", s.Leading, s.Used)
	}
}

func TestMeterDoesNotAllocateForKnownFronts(t *testing.T) {
	m, key := keygen.NewMeter(keygen.Equal(64)), []byte("20170701/log120000.tar.gz")
	m.Add(key)
	if got := testing.AllocsPerRun(100, func() { m.Add(key) }); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func BenchmarkMeter(b *testing.B) {
	a, m, key, n := parse(b, "hashed").Append, keygen.NewMeter(keygen.Equal(64)), []byte(nil), uint64(0)
	for b.Loop() {
		key = a(key[:0], n&0xffff)
		m.Add(key)
		n++
	}
}
