package load

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// A Size gives the bytes of a body for a number from 0 to 1.
type Size func(u float64) int64

// SizeMax is the longest body that a workload may send, in bytes.
const SizeMax = 64 << 20

// ParseSize reads a distribution of sizes:
//
//	4KiB                    always the same
//	uniform:1KiB-64KiB      every size between the two alike
//	lognormal:16KiB:1.2     median, and standard deviation of the logarithm
//	@FILE                   lines of "SIZE WEIGHT": a histogram
func ParseSize(text string) (Size, error) {
	s, err := parseSize(text)
	if err != nil {
		return nil, fmt.Errorf("load: size %q: %w", text, err)
	}
	return s, nil
}

func parseSize(text string) (Size, error) {
	if file, ok := strings.CutPrefix(text, "@"); ok {
		return sizeFile(file)
	}
	form, rest, ok := strings.Cut(text, ":")
	switch {
	case !ok:
		n, err := Bytes(text)
		return func(float64) int64 { return n }, err
	case form == "uniform":
		return uniformSize(rest)
	case form == "lognormal":
		return lognormalSize(rest)
	}
	return nil, fmt.Errorf("expected a size such as 4KiB, uniform:LOW-HIGH, lognormal:MEDIAN:SIGMA or @FILE")
}

func uniformSize(text string) (Size, error) {
	from, to, ok := strings.Cut(text, "-")
	low, err1 := Bytes(from)
	high, err2 := Bytes(to)
	if !ok || err1 != nil || err2 != nil || high < low {
		return nil, fmt.Errorf("expected uniform:LOW-HIGH, such as uniform:1KiB-64KiB: %w", errors.Join(err1, err2))
	}
	return func(u float64) int64 { return low + int64(u*float64(high-low+1)) }, nil
}

func lognormalSize(text string) (Size, error) {
	middle, width, ok := strings.Cut(text, ":")
	median, err1 := Bytes(middle)
	sigma, err2 := strconv.ParseFloat(width, 64)
	if !ok || err1 != nil || err2 != nil || median == 0 || !(sigma > 0 && sigma <= 5) {
		return nil, fmt.Errorf("expected lognormal:MEDIAN:SIGMA with sigma above 0 and at most 5, such as lognormal:16KiB:1.2: %w", errors.Join(err1, err2))
	}
	return func(u float64) int64 {
		z := math.Sqrt2 * math.Erfinv(2*min(max(u, 1e-12), 1-1e-12)-1)
		return min(int64(float64(median)*math.Exp(sigma*z)), SizeMax)
	}, nil
}

// sizeFile reads a histogram of sizes.
func sizeFile(name string) (Size, error) {
	const longest = 1 << 20
	f, err := os.Stat(name)
	if err == nil && f.Size() > longest {
		err = fmt.Errorf("%s: expected at most %d bytes, got %d", name, longest, f.Size())
	}
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return readSizes(name, string(text))
}

func readSizes(name, text string) (Size, error) {
	var sizes []int64
	var until []float64 // weights summed up
	total := 0.0
	for n, line := range strings.Split(text, "\n") {
		col := strings.Fields(line)
		if len(col) == 0 || strings.HasPrefix(col[0], "#") {
			continue
		}
		size, err := Bytes(col[0])
		weight := 0.0
		if err == nil && len(col) == 2 {
			weight, err = strconv.ParseFloat(col[1], 64)
		}
		if err != nil || len(col) != 2 || !(weight > 0) || math.IsInf(weight, 0) {
			return nil, fmt.Errorf("%s:%d: expected SIZE WEIGHT, such as 4KiB 30, got %.40q", name, n+1, line)
		}
		total += weight
		sizes, until = append(sizes, size), append(until, total)
	}
	if len(sizes) == 0 {
		return nil, fmt.Errorf("%s: no line of SIZE WEIGHT", name)
	}
	return func(u float64) int64 {
		i, _ := slices.BinarySearch(until, u*total)
		return sizes[min(i, len(sizes)-1)]
	}, nil
}

var units = []struct {
	name  string
	bytes int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"kB", 1000}, {"KB", 1000}, {"MB", 1_000_000}, {"B", 1}, {"", 1}}

// Bytes reads an amount of bytes such as 4096, 4KiB or 1MB, up to SizeMax.
func Bytes(text string) (int64, error) {
	for _, u := range units {
		digits, ok := strings.CutSuffix(text, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n < 0 || n > SizeMax/u.bytes {
			break
		}
		return n * u.bytes, nil
	}
	return 0, fmt.Errorf("expected an amount of bytes from 0 to 64MiB, such as 4096, 4KiB or 1MB, got %q", text)
}
