package typical

import "time"

// Rounds of Fastest: the shortest counts, as a busy machine only ever adds time.
const (
	rounds = 8000
	times  = 32
)

// Fastest is the time in nanoseconds that each of several functions takes at
// best. They are called in turns, so that all meet the same machine.
func Fastest(functions ...func()) []float64 {
	best := make([]float64, len(functions))
	for range rounds {
		for i, f := range functions {
			began := time.Now()
			for range times {
				f()
			}
			if took := float64(time.Since(began).Nanoseconds()) / times; best[i] == 0 || took < best[i] {
				best[i] = took
			}
		}
	}
	return best
}
