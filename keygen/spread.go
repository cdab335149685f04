package keygen

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"sort"
)

// DefaultRanges is into how many ranges an index is divided, unless one asks for
// another number.
const DefaultRanges = 64

// A Partition divides an index in byte order: each element is the first key that
// could stand in a range, from the second range on. They are in ascending order,
// so that n of them make n+1 ranges.
type Partition []string

// Equal divides the space of all byte strings into equal ranges, by the first
// eight bytes. It panics unless ranges is 1 or more.
func Equal(ranges int) Partition {
	if ranges < 1 {
		panic("keygen: Equal: expected 1 or more ranges")
	}
	p := make(Partition, ranges-1)
	for i := range p {
		var bound [8]byte
		at, rest := bits.Div64(uint64(i+1), 0, uint64(ranges))
		if rest > 0 {
			at++
		}
		binary.BigEndian.PutUint64(bound[:], at)
		p[i] = string(bytes.TrimRight(bound[:], "\x00"))
	}
	return p
}

// splitSample is how many keys Split looks at.
const splitSample = 1 << 14

// Split divides the index as a store would that has got count keys from the
// first on, and has split ranges until each holds about as many keys as any
// other. Where there are fewer keys than ranges, each key has a range.
func Split(a Append, first, count uint64, ranges int) Partition {
	size := min(count, splitSample)
	keys := make([]string, size)
	for i := range size {
		n := i
		if count > splitSample {
			n, _ = bits.Mul64(mix(i), count) // without the rhythm of even steps
		}
		keys[i] = a.Func()(first + n)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	var p Partition
	for i := 1; i < min(ranges, len(keys)); i++ {
		p = append(p, keys[i*len(keys)/min(ranges, len(keys))])
	}
	return p
}

// Range tells in which range, from 0 on, a key falls.
func (p Partition) Range(key []byte) int {
	return sort.Search(len(p), func(i int) bool { return p[i] > string(key) })
}

// A Spread tells how keys fall over the front of an index in byte order. Shares
// are fractions of all keys, 0 to 1.
type Spread struct {
	Keys    uint64    `json:"keys"`
	First   []First   `json:"first"`   // by the first byte, in byte order
	Leading []Leading `json:"leading"` // for one leading byte, for two, up to four
	Ranges  []uint64  `json:"ranges"`  // keys of each range
	Used    int       `json:"used"`    // ranges with a key
	Busiest float64   `json:"busiest"` // share of the range with most keys
	Common  string    `json:"common"`  // what all keys of that range begin with
}

// A First is a first byte and how many keys have it.
type First struct {
	Byte byte   `json:"byte"`
	Keys uint64 `json:"keys"`
}

// Leading tells how many beginnings keys have.
type Leading struct {
	Bytes    int     `json:"bytes"`    // the length of a beginning; a shorter key is its own
	Distinct int     `json:"distinct"` // beginnings
	Largest  float64 `json:"largest"`  // share of the most frequent one
	Entropy  float64 `json:"entropy"`  // in bits: n bits spread as 2^n beginnings of equal share do
}

// leadingBytes is how much of the front of a key is looked at.
const leadingBytes = 4

// A Meter counts keys into a Spread. It keeps none of them: what it needs grows
// with the ranges and with the different beginnings of keys. It is not safe for
// concurrent use.
type Meter struct {
	partition Partition
	ranges    []bin
	fronts    map[front]uint64
	keys      uint64
}

// A front is the beginning of a key.
type front struct {
	text [leadingBytes]byte
	size int
}

// A bin is what a meter knows of a range.
type bin struct {
	keys   uint64
	common []byte // what its keys begin with
}

// NewMeter makes a meter of the ranges of an index.
func NewMeter(p Partition) *Meter {
	return &Meter{partition: p, ranges: make([]bin, len(p)+1), fronts: map[front]uint64{}}
}

// Measure is the spread of count keys from the first on.
func Measure(a Append, first, count uint64, p Partition) Spread {
	m := NewMeter(p)
	var key []byte
	for i := range count {
		key = a(key[:0], first+i)
		m.Add(key)
	}
	return m.Spread()
}

// Add counts a key.
func (m *Meter) Add(key []byte) {
	var f front
	f.size = copy(f.text[:], key)
	m.fronts[f]++
	b := &m.ranges[m.partition.Range(key)]
	if b.keys == 0 {
		b.common = bytes.Clone(key)
	}
	b.common = shared(b.common, key)
	b.keys++
	m.keys++
}

// shared is what both begin with, a part of the first.
func shared(a, b []byte) []byte {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}

// Spread tells what has been counted.
func (m *Meter) Spread() Spread {
	s := Spread{Keys: m.keys, First: m.first(), Ranges: make([]uint64, len(m.ranges))}
	for n := range leadingBytes {
		s.Leading = append(s.Leading, m.leading(n+1))
	}
	var most uint64
	for i, b := range m.ranges {
		s.Ranges[i] = b.keys
		if b.keys > 0 {
			s.Used++
		}
		if b.keys > most {
			most, s.Common = b.keys, string(b.common)
		}
	}
	s.Busiest = share(most, m.keys)
	return s
}

func share(part, whole uint64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// cut counts the keys by their first bytes.
func (m *Meter) cut(size int) map[front]uint64 {
	counts := map[front]uint64{}
	for f, keys := range m.fronts {
		short := front{size: min(f.size, size)}
		copy(short.text[:short.size], f.text[:])
		counts[short] += keys
	}
	return counts
}

func (m *Meter) first() []First {
	out := []First{}
	for f, keys := range m.cut(1) {
		if f.size > 0 { // an empty key has no first byte
			out = append(out, First{f.text[0], keys})
		}
	}
	slices.SortFunc(out, func(a, b First) int { return cmp.Compare(a.Byte, b.Byte) })
	return out
}

func (m *Meter) leading(size int) Leading {
	var counts []uint64
	for _, keys := range m.cut(size) {
		counts = append(counts, keys)
	}
	slices.Sort(counts) // so that sums do not hang on the order of a map
	l := Leading{Bytes: size, Distinct: len(counts)}
	for _, keys := range counts {
		p := share(keys, m.keys)
		l.Largest = max(l.Largest, p)
		l.Entropy -= p * math.Log2(p)
	}
	l.Entropy = math.Abs(l.Entropy) // one beginning has 0 bits, not -0
	return l
}
