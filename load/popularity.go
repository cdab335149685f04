package load

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// A Popularity picks one of n objects for a number from 0 to 1; of none it
// picks 0.
type Popularity func(u float64, n uint64) uint64

// ParsePopularity reads how often objects are read:
//
//	uniform            all alike
//	zipf:0.99          the k-th as often as 1/k^0.99, spread over the keys
//	latest:0.99        the same, the newest first
//	hotspot:0.1:0.9    a tenth of the objects take nine tenths of the reads
func ParsePopularity(text string) (Popularity, error) {
	form, rest, _ := strings.Cut(text, ":")
	var p Popularity
	var err error
	switch form {
	case "uniform":
		p = func(u float64, n uint64) uint64 { return at(u, n) }
		if rest != "" {
			err = fmt.Errorf("expected nothing behind uniform")
		}
	case "zipf":
		var theta float64
		theta, err = exponent(rest)
		p = func(u float64, n uint64) uint64 { return scatter(zipf(u, n, theta), n) }
	case "latest":
		var theta float64
		theta, err = exponent(rest)
		p = func(u float64, n uint64) uint64 { return max(n, 1) - 1 - zipf(u, n, theta) }
	case "hotspot":
		p, err = hotspot(rest)
	default:
		err = fmt.Errorf("expected uniform, zipf:THETA, latest:THETA or hotspot:SHARE:READS")
	}
	if err != nil {
		return nil, fmt.Errorf("load: popularity %q: %w", text, err)
	}
	return p, nil
}

func at(u float64, n uint64) uint64 {
	if n == 0 {
		return 0
	}
	return min(uint64(u*float64(n)), n-1)
}

func exponent(text string) (float64, error) {
	if text == "" {
		return 0.99, nil
	}
	theta, err := strconv.ParseFloat(text, 64)
	if err != nil || !(theta > 0 && theta < 5) || theta == 1 {
		return 0, fmt.Errorf("expected an exponent above 0 and below 5 other than 1, such as 0.99, got %q", text)
	}
	return theta, nil
}

// zipf is the rank, from 0, of Zipf's law by the inverse of its continuous form.
func zipf(u float64, n uint64, theta float64) uint64 {
	if n < 2 {
		return 0
	}
	top := math.Pow(float64(n)+1, 1-theta)
	x := math.Pow(1+u*(top-1), 1/(1-theta))
	return min(uint64(x)-1, n-1)
}

// scatter spreads ranks over the keys, so that the popular ones are no
// neighbours: a multiplication by a number that shares no factor with n.
func scatter(rank, n uint64) uint64 {
	if n < 2 {
		return 0
	}
	step := uint64(float64(n)*0.6180339887) | 1
	for gcd(step, n) != 1 {
		step += 2
	}
	return mulMod(rank, step, n)
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func hotspot(text string) (Popularity, error) {
	a, b, ok := strings.Cut(text, ":")
	share, err1 := strconv.ParseFloat(a, 64)
	reads, err2 := strconv.ParseFloat(b, 64)
	if !ok || err1 != nil || err2 != nil || !(share > 0 && share < 1) || !(reads > 0 && reads < 1) {
		return nil, fmt.Errorf("expected hotspot:SHARE:READS, both above 0 and below 1, such as hotspot:0.1:0.9")
	}
	return func(u float64, n uint64) uint64 {
		hot := max(uint64(float64(n)*share), 1)
		if u < reads || hot >= n {
			return at(u/reads, min(hot, n))
		}
		return hot + at((u-reads)/(1-reads), n-hot)
	}, nil
}

// mulMod is a*b mod n without overflow.
func mulMod(a, b, n uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return bits.Rem64(hi, lo, n)
}
