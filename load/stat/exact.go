package stat

import (
	"cmp"
	"math"
	"slices"
)

// Fisher is the two-sided mid-p value of the exact test that two shares are the
// same: a of n against b of m. Tables as likely as the observed one count half:
// the plain test is wrong less often than its level says, and misses more.
func Fisher(a, n, b, m uint64) float64 {
	if n == 0 || m == 0 || a+b == 0 || a+b == n+m {
		return 1
	}
	k := a + b
	first := uint64(0)
	if k > m {
		first = k - m
	}
	last := min(k, n)
	if last-first > exactMost {
		return chiSquare(a, n, b, m)
	}
	observed := hypergeometric(a, k, n, m)
	sum := 0.0
	for x := first; x <= last; x++ {
		switch p := hypergeometric(x, k, n, m); {
		case p < observed-1e-7:
			sum += math.Exp(p)
		case p <= observed+1e-7:
			sum += math.Exp(p) / 2
		}
	}
	return min(1, sum)
}

// exactMost is the number of tables beyond which their normal form is as good.
const exactMost = 200_000

// hypergeometric is the logarithm of the chance that x of k marked ones are
// among n of n+m.
func hypergeometric(x, k, n, m uint64) float64 {
	return choose(n, x) + choose(m, k-x) - choose(n+m, k)
}

func choose(n, k uint64) float64 {
	return lgamma(n+1) - lgamma(k+1) - lgamma(n-k+1)
}

func lgamma(n uint64) float64 {
	v, _ := math.Lgamma(float64(n))
	return v
}

// chiSquare is the same test for counts of which all are large, with Yates'
// correction.
func chiSquare(a, n, b, m uint64) float64 {
	p := float64(a+b) / float64(n+m)
	expected := float64(n) * p
	off := max(0, math.Abs(float64(a)-expected)-0.5)
	variance := float64(n) * float64(m) / float64(n+m) * p * (1 - p)
	return math.Erfc(off / math.Sqrt(2*variance))
}

// WilsonInterval is the interval of a share, a of n, at 95 %.
func WilsonInterval(a, n uint64) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959963984540054
	p, count := float64(a)/float64(n), float64(n)
	middle := (p + z*z/(2*count)) / (1 + z*z/count)
	half := z / (1 + z*z/count) * math.Sqrt(p*(1-p)/count+z*z/(4*count*count))
	return max(0, middle-half), min(1, middle+half)
}

// Holm corrects p values of several tests so that one false alarm among all of
// them is as rare as their level says; the order stays.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	out := make([]float64, len(p))
	worst := 0.0
	for rank, i := range order {
		worst = max(worst, min(1, p[i]*float64(len(p)-rank)))
		out[i] = worst
	}
	return out
}
