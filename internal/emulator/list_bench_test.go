package emulator

import (
	"fmt"
	"testing"
	"time"

	"objectharness/internal/emulator/store"
)

const (
	benchKeys = 1_000_000
	benchPage = 1000
)

// millionKeys are keys of one folder, f/0000000 and on.
func millionKeys(b *testing.B) *store.Bucket {
	b.Helper()
	keys := make([]string, benchKeys)
	for i := range keys {
		keys[i] = fmt.Sprintf("f/%07d", i)
	}
	return filled(b, keys)
}

// BenchmarkListPage reads pages of 1,000 of 1,000,000 keys at the start, in the
// middle and at the end of the bucket, and a page of one common prefix that
// holds them all; end/start is the ratio of the times of the last page and the
// first.
func BenchmarkListPage(b *testing.B) {
	bucket := millionKeys(b)
	start := lookup{max: benchPage}
	end := lookup{max: benchPage, after: fmt.Sprintf("f/%07d", benchKeys-benchPage-1)}
	for _, at := range []struct {
		name   string
		l      lookup
		length int
	}{
		{"start", start, benchPage},
		{"middle", lookup{max: benchPage, after: fmt.Sprintf("f/%07d", benchKeys/2)}, benchPage},
		{"end", end, benchPage},
		{"folded", lookup{max: benchPage, delimiter: "/"}, 1},
		{"folded-behind", lookup{max: benchPage, delimiter: "/", after: "f/"}, 0},
	} {
		b.Run(at.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if n := len(at.l.page(bucket, "").entries); n != at.length {
					b.Fatalf("a page of %d entries, want %d", n, at.length)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/page")
		})
	}
	b.Run("ratio", func(b *testing.B) {
		var first, last time.Duration
		for b.Loop() {
			first += timed(bucket, start)
			last += timed(bucket, end)
		}
		b.ReportMetric(float64(last)/float64(first), "end/start")
	})
}

func timed(b *store.Bucket, l lookup) time.Duration {
	began := time.Now()
	l.page(b, "")
	return time.Since(began)
}
