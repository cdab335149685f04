package emulator

import (
	"testing"
	"time"

	"objectharness/keygen"
)

// offered asks an index for keys at a steady rate, and returns the share that it
// served in the last half of the time.
func offered(x *index, keys keygen.Append, perSecond, seconds int) float64 {
	at := time.Unix(0, 0)
	served, n := 0, perSecond*seconds
	for i := range n {
		at = at.Add(time.Second / time.Duration(perSecond))
		if x.admit("b", string(keys(nil, uint64(i))), at) && i >= n/2 {
			served++
		}
	}
	return float64(served) / float64(n-n/2)
}

// Sequential keys always ask the last range, which splits do not help; hashed
// keys spread over all ranges once they have split; an index of one range helps
// neither.
func TestPartitionsTellSequentialFromHashed(t *testing.T) {
	hashed, err := keygen.Parse("hashed", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		keys      keygen.Append
		most      int
		low, high float64
	}{
		{"dated", keygen.Dated(keygen.Step), 64, 0.3, 0.5},
		{"numbered", keygen.Numbered, 64, 0.3, 0.5},
		{"hashed", hashed.Append, 64, 1, 1},
		{"hashed in one range", hashed.Append, 1, 0.39, 0.41},
	} {
		got := offered(newIndex(Partitions{Most: c.most, Rate: 200}), c.keys, 500, 20)
		if got < c.low || got > c.high {
			t.Errorf("%s: %.3f are served, want %v to %v", c.name, got, c.low, c.high)
		}
	}
}

// No range ever serves more than its rate and what it has saved up.
func TestPartitionsKeepTheirRate(t *testing.T) {
	x := newIndex(Partitions{Most: 1, Rate: 100})
	at, served := time.Unix(0, 0), 0
	for range 10_000 {
		at = at.Add(time.Millisecond)
		if x.admit("b", "k", at) {
			served++
		}
	}
	if served < 1000 || served > 1011 {
		t.Errorf("%d served in 10 s, want 1000 and the 10 saved up", served)
	}
	if got := x.states("b"); len(got) != 1 || got[0].Asked != 10_000 || got[0].Refused != uint64(10_000-served) {
		t.Errorf("states %+v", got)
	}
}

// Keys fall into the range that begins at or before them.
func TestPartitionsAreInByteOrder(t *testing.T) {
	ranges := []*keyRange{{from: ""}, {from: "b"}, {from: "c"}}
	for key, want := range map[string]int{"": 0, "a": 0, "b": 1, "ba": 1, "c": 2, "d": 2, "\xff": 2} {
		if got := place(ranges, key); got != want {
			t.Errorf("%q is in range %d, want %d", key, got, want)
		}
	}
}
