package emulator

import (
	"fmt"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

// A span is the part of an object that a Range asks for.
type span struct{ first, length int64 }

func (s span) text(size int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", s.first, s.first+s.length-1, size)
}

// span reads the Range field. What is no single byte range is ignored, as if
// there were no Range; one that begins behind the end is refused.
func (c *call) span(o *store.Object) (s span, partial bool, err error) {
	all := span{0, o.Size}
	text := c.field("Range")
	spec, ok := strings.CutPrefix(text, "bytes=")
	if !ok || strings.Contains(spec, ",") {
		return all, false, nil
	}
	from, to, ok := strings.Cut(spec, "-")
	if !ok {
		return all, false, nil
	}
	return c.single(from, to, o.Size, all)
}

func (c *call) single(from, to string, size int64, all span) (span, bool, error) {
	last, lastErr := strconv.ParseInt(to, 10, 64)
	if from == "" {
		if lastErr != nil || last < 0 {
			return all, false, nil
		}
		if last == 0 {
			return all, false, c.refuse("range.unsatisfiable", "InvalidRange")
		}
		n := min(last, size)
		return span{size - n, n}, true, nil
	}
	first, err := strconv.ParseInt(from, 10, 64)
	switch {
	case err != nil || first < 0 || to != "" && (lastErr != nil || last < first):
		return all, false, nil
	case first >= size:
		return all, false, c.refuse("range.unsatisfiable", "InvalidRange")
	case to == "" || last >= size:
		last = size - 1
	}
	return span{first, last - first + 1}, true, nil
}
