package emulator

import (
	"slices"
	"sync"
	"time"

	"objectharness/internal/dialect"
)

// Partitions model the index of a store as the COS document on request rates
// tells it: the keys of a bucket in byte order, parted into ranges of which each
// serves a bounded number of requests a second; past it a request is answered
// 503. A range that stays hot splits in the middle of the keys that it was asked
// for lately. The zero value is an index without bounds.
type Partitions struct {
	Most  int           // ranges of a bucket at most; it begins with one
	Rate  float64       // requests a second of a range; it saves up those of a tenth of a second
	After time.Duration // a range splits when it has refused requests for so long; 0: 200 ms
}

// on tells whether anything is bounded.
func (p Partitions) on() bool { return p.Most > 0 && p.Rate > 0 }

// An index is the ranges of every bucket.
type index struct {
	Partitions
	mu      sync.Mutex
	buckets map[string][]*keyRange
}

// A keyRange holds the keys from From up to the next range.
type keyRange struct {
	from    string
	tokens  float64
	filled  time.Time // when tokens was right
	hot     time.Time // since when it refuses; zero: it does not
	recent  [32]string
	asked   uint64
	refused uint64
}

// A PartitionState is what became of one range of keys.
type PartitionState struct {
	From    string `json:"from"` // first key; "" is before all
	Asked   uint64 `json:"asked"`
	Refused uint64 `json:"refused"`
}

func newIndex(p Partitions) *index {
	if p.After == 0 {
		p.After = 200 * time.Millisecond
	}
	return &index{Partitions: p, buckets: map[string][]*keyRange{}}
}

// admit tells whether the range of a key has a request to spare.
func (x *index) admit(bucket, key string, now time.Time) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	ranges := x.buckets[bucket]
	if ranges == nil {
		ranges = []*keyRange{{tokens: x.burst(), filled: now}}
		x.buckets[bucket] = ranges
	}
	i := place(ranges, key)
	r := ranges[i]
	r.recent[r.asked%uint64(len(r.recent))] = key
	r.asked++
	r.tokens = min(x.burst(), r.tokens+max(0, now.Sub(r.filled).Seconds())*x.Rate)
	r.filled = now
	if r.tokens >= 1 {
		r.tokens--
		if r.tokens >= x.burst()/2 {
			r.hot = time.Time{}
		}
		return true
	}
	r.refused++
	if r.hot.IsZero() {
		r.hot = now
	}
	if now.Sub(r.hot) >= x.After && len(ranges) < x.Most {
		x.split(bucket, i, now)
	}
	return false
}

// burst is how many requests a range may save up.
func (x *index) burst() float64 { return max(1, x.Rate/10) }

// place is the range of a key.
func place(ranges []*keyRange, key string) int {
	i, exact := slices.BinarySearchFunc(ranges, key, func(r *keyRange, key string) int {
		switch {
		case r.from < key:
			return -1
		case r.from > key:
			return 1
		}
		return 0
	})
	if exact {
		return i
	}
	return i - 1
}

// split parts a range in the middle of the keys that it was asked for lately. It
// stays whole when they are all the same. A new range has saved nothing up.
func (x *index) split(bucket string, i int, now time.Time) {
	ranges := x.buckets[bucket]
	r := ranges[i]
	r.hot = now
	keys := slices.Clone(r.recent[:min(r.asked, uint64(len(r.recent)))])
	slices.Sort(keys)
	middle := keys[len(keys)/2]
	if middle == keys[0] {
		return
	}
	x.buckets[bucket] = slices.Insert(ranges, i+1, &keyRange{from: middle, filled: now})
}

// states are the ranges of a bucket in the order of their keys.
func (x *index) states(bucket string) (out []PartitionState) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, r := range x.buckets[bucket] {
		out = append(out, PartitionState{r.from, r.asked, r.refused})
	}
	return out
}

// PartitionsOf tells what became of the key ranges of a bucket; none where
// nothing is bounded.
func (e *Emulator) PartitionsOf(bucket string) []PartitionState {
	if e.index == nil {
		return nil
	}
	return e.index.states(bucket)
}

// spared answers 503 where the key's range has been asked too often.
func (c *call) spared() error {
	if c.e.index == nil || c.bucket == nil || c.at.Level() == dialect.ServiceLevel {
		return nil
	}
	key := c.at.Key
	if key == "" {
		key, _ = c.param("prefix")
	}
	if c.e.index.admit(c.at.Bucket, key, c.now) {
		return nil
	}
	return c.require("load.rate", false, c.e.t.throttle)
}
