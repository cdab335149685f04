package stat

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Wilcoxon is the two-sided p value of the signed-rank test that paired
// differences lie around zero. Zeros are left out; ties share their rank. The
// distribution is exact up to 200 differences, and normal beyond.
func Wilcoxon(differences []float64) float64 {
	ranks := signedRanks(differences)
	if len(ranks) == 0 {
		return 1
	}
	plus, total := 0, 0
	for _, r := range ranks {
		total += abs(r)
		if r > 0 {
			plus += r
		}
	}
	low := min(plus, total-plus)
	if len(ranks) > 200 {
		return normalRanks(ranks, low, total)
	}
	return min(1, 2*tail(ranks, low, total))
}

// signedRanks are twice the ranks of the sizes of the differences, each with its
// difference's sign: doubled, ties stay whole numbers.
func signedRanks(differences []float64) []int {
	list := slices.DeleteFunc(slices.Clone(differences), func(d float64) bool { return d == 0 || math.IsNaN(d) })
	slices.SortFunc(list, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
	ranks := make([]int, len(list))
	for i := 0; i < len(list); {
		j := i
		for j < len(list) && math.Abs(list[j]) == math.Abs(list[i]) {
			j++
		}
		for k := i; k < j; k++ {
			ranks[k] = i + 1 + j
			if list[k] < 0 {
				ranks[k] = -ranks[k]
			}
		}
		i = j
	}
	return ranks
}

// tail is the share of all choices of signs whose positive ranks sum up to low
// at most.
func tail(ranks []int, low, total int) float64 {
	ways := make([]float64, total+1)
	ways[0] = 1
	top := 0
	for _, r := range ranks {
		r = abs(r)
		top += r
		for s := top; s >= 0; s-- {
			ways[s] /= 2
			if s >= r {
				ways[s] += ways[s-r] / 2
			}
		}
	}
	sum := 0.0
	for _, w := range ways[:low+1] {
		sum += w
	}
	return sum
}

func normalRanks(ranks []int, low, total int) float64 {
	squares := 0.0
	for _, r := range ranks {
		squares += float64(r) * float64(r)
	}
	z := (float64(low) + 1 - float64(total)/2) / math.Sqrt(squares/4)
	return min(1, math.Erfc(-z/math.Sqrt2))
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// Median is the middle of values, or the mean of the two in the middle; NaN of
// nothing. It sorts values.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// resamples is the number of bootstrap samples behind an interval.
const resamples = 4000

// MedianInterval is the percentile bootstrap interval of the median of values,
// at a level such as 0.95. The same seed gives the same interval.
func MedianInterval(values []float64, level float64, seed uint64) (low, high float64) {
	if len(values) == 0 {
		return math.NaN(), math.NaN()
	}
	rnd := rand.New(rand.NewPCG(seed, 0x626f6f74))
	medians, sample := make([]float64, resamples), make([]float64, len(values))
	for i := range medians {
		for j := range sample {
			sample[j] = values[rnd.IntN(len(values))]
		}
		medians[i] = Median(sample)
	}
	slices.Sort(medians)
	at := func(q float64) float64 { return medians[int(q*float64(resamples-1)+0.5)] }
	return at((1 - level) / 2), at((1 + level) / 2)
}

// shifts are the differences that Detectable looks for, as shares.
var shifts = []float64{0.01, 0.02, 0.03, 0.05, 0.08, 0.10, 0.15, 0.20, 0.30, 0.50, 1.00}

// Detectable is the smallest relative difference, of a few round ones, that the
// signed-rank test at level alpha would have found in at least nine of ten such
// sets of paired log ratios, judged by resampling their own scatter. ok is false
// when it would not have found even a doubling.
func Detectable(logRatios []float64, alpha float64, seed uint64) (share float64, ok bool) {
	if len(logRatios) == 0 {
		return 0, false
	}
	middle := Median(slices.Clone(logRatios))
	for _, share := range shifts {
		if Power(logRatios, middle, share, alpha, seed) >= 0.9 {
			return share, true
		}
	}
	return 0, false
}

// Power is the share of resampled sets, moved from middle to a difference of
// share, that the signed-rank test finds different at level alpha.
func Power(logRatios []float64, middle, share, alpha float64, seed uint64) float64 {
	const trials = 400
	rnd := rand.New(rand.NewPCG(seed, 0x706f776572))
	sample := make([]float64, len(logRatios))
	found := 0
	for range trials {
		for i := range sample {
			sample[i] = logRatios[rnd.IntN(len(logRatios))] - middle + math.Log1p(share)
		}
		if Wilcoxon(sample) <= alpha {
			found++
		}
	}
	return float64(found) / trials
}
