// Package stat holds the statistics of the load module: histograms that merge
// without loss, paired comparisons with their intervals and tests, and what a
// test could have seen. It is pure: no clock, no network, seeds are arguments.
package stat

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"time"
)

// A histogram has buckets of equal width within each power of two: below 128 ns
// each nanosecond has its own, above it 128 share a power of two.
const (
	subBits = 7
	sub     = 1 << subBits
	topBits = 38 // values of 2^38 ns (275 s) and more share the last bucket
	buckets = (topBits - subBits + 1) * sub
)

// ErrorBound is how far a quantile may be from the truth, as a share of it, for
// durations below 275 s: half a bucket.
const ErrorBound = 1.0 / (2 * sub)

// A Histogram counts durations. Its size is fixed (32 KiB); adding is exact, and
// the histogram of a union is the merged histogram of its parts, bit for bit.
// The zero value is empty and ready.
type Histogram struct {
	Count    uint64
	Min, Max time.Duration // exact; zero when empty
	Sum      time.Duration // exact
	counts   [buckets]uint64
}

// Add counts a duration; a negative one counts as zero.
func (h *Histogram) Add(d time.Duration) {
	d = max(d, 0)
	if h.Count == 0 || d < h.Min {
		h.Min = d
	}
	h.Max = max(h.Max, d)
	h.Count++
	h.Sum += d
	h.counts[bucketOf(uint64(d))]++
}

func bucketOf(v uint64) int {
	if v < sub {
		return int(v)
	}
	shift := bits.Len64(v) - subBits - 1
	return min((shift+1)<<subBits+int(v>>shift)-sub, buckets-1)
}

// middle is the value that stands for a bucket.
func middle(i int) time.Duration {
	if i < sub {
		return time.Duration(i)
	}
	shift := i>>subBits - 1
	low := uint64(i&(sub-1)+sub) << shift
	return time.Duration(low + (uint64(1)<<shift)/2)
}

// Merge adds what other has counted.
func (h *Histogram) Merge(other *Histogram) {
	if other.Count == 0 {
		return
	}
	if h.Count == 0 || other.Min < h.Min {
		h.Min = other.Min
	}
	h.Max = max(h.Max, other.Max)
	h.Count += other.Count
	h.Sum += other.Sum
	for i, n := range &other.counts {
		h.counts[i] += n
	}
}

// Quantile is the smallest counted duration that at least the share q of all
// does not exceed (nearest rank), within ErrorBound. Of nothing it is zero.
func (h *Histogram) Quantile(q float64) time.Duration {
	if h.Count == 0 {
		return 0
	}
	rank := uint64(math.Ceil(q * float64(h.Count)))
	switch {
	case rank <= 1:
		return h.Min
	case rank >= h.Count:
		return h.Max
	}
	seen := uint64(0)
	for i, n := range &h.counts {
		if seen += n; seen >= rank {
			return min(max(middle(i), h.Min), h.Max)
		}
	}
	return h.Max
}

// Mean is the exact mean; of nothing it is zero.
func (h *Histogram) Mean() time.Duration {
	if h.Count == 0 {
		return 0
	}
	return h.Sum / time.Duration(h.Count)
}

// AtMost is how many durations do not exceed d, within a bucket.
func (h *Histogram) AtMost(d time.Duration) (n uint64) {
	if d >= h.Max {
		return h.Count
	}
	for i := range bucketOf(uint64(max(d, 0))) + 1 {
		n += h.counts[i]
	}
	return n
}

// histogramForm is a histogram in JSON: times in nanoseconds, buckets as pairs
// of index and count in the order of the index.
type histogramForm struct {
	Count   uint64      `json:"count"`
	Min     int64       `json:"min_ns"`
	Max     int64       `json:"max_ns"`
	Sum     int64       `json:"sum_ns"`
	Buckets [][2]uint64 `json:"buckets"`
}

// MarshalJSON writes all that the histogram has counted.
func (h *Histogram) MarshalJSON() ([]byte, error) {
	f := histogramForm{h.Count, int64(h.Min), int64(h.Max), int64(h.Sum), [][2]uint64{}}
	for i, n := range &h.counts {
		if n > 0 {
			f.Buckets = append(f.Buckets, [2]uint64{uint64(i), n})
		}
	}
	return json.Marshal(f)
}

var errHistogram = errors.New("stat: no histogram")

// UnmarshalJSON reads what MarshalJSON wrote, and nothing whose counts disagree.
func (h *Histogram) UnmarshalJSON(text []byte) error {
	var f histogramForm
	if err := json.Unmarshal(text, &f); err != nil {
		return fmt.Errorf("%w: %w", errHistogram, err)
	}
	made := Histogram{Count: f.Count, Min: time.Duration(f.Min), Max: time.Duration(f.Max), Sum: time.Duration(f.Sum)}
	total := uint64(0)
	for _, b := range f.Buckets {
		if b[0] >= buckets {
			return fmt.Errorf("%w: bucket %d, the last is %d", errHistogram, b[0], buckets-1)
		}
		made.counts[b[0]] += b[1]
		total += b[1]
	}
	if total != f.Count || f.Min < 0 || f.Max < f.Min {
		return fmt.Errorf("%w: buckets hold %d of %d, between %d and %d ns", errHistogram, total, f.Count, f.Min, f.Max)
	}
	*h = made
	return nil
}
