package target

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Bytes is an amount of bytes that is written as 500000, 64KiB, 10MB or 1GiB.
type Bytes int64

var units = []struct {
	name string
	size float64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1},
}

// Set reads the amount; with Type and String it makes Bytes the value of an
// option.
func (b *Bytes) Set(text string) error {
	number, size := strings.TrimSpace(text), 1.0
	for _, u := range units {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, size = strings.TrimSpace(rest), u.size
			break
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n < 0 || n*size >= math.MaxInt64 || math.IsNaN(n) {
		return fmt.Errorf("expected an amount of bytes such as 500000, 64KiB or 10MB, got %q", text)
	}
	*b = Bytes(n * size)
	return nil
}

// UnmarshalText is Set for files.
func (b *Bytes) UnmarshalText(text []byte) error { return b.Set(string(text)) }

// String is the amount as a plain number.
func (b *Bytes) String() string { return strconv.FormatInt(int64(*b), 10) }

// Type says in help texts what is expected.
func (b *Bytes) Type() string { return "bytes" }
