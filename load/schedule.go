package load

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"
)

// A Schedule says when each request starts, counted from the start of the
// measurement. At is defined for every number below Total and never goes back.
type Schedule struct {
	Text  string // as it was asked for
	Total uint64 // requests; 0 for a closed loop, which has no plan
	Ends  time.Duration
	At    func(seq uint64) time.Duration
}

// Open tells whether requests have a planned start.
func (s *Schedule) Open() bool { return s.At != nil }

// Closed is a closed loop: each client sends its next request when it has the
// reply to the last.
func Closed(d time.Duration) *Schedule { return &Schedule{Text: "closed loop", Ends: d} }

// RateMax bounds the rates of schedules, per second, and TotalMax their requests.
const (
	RateMax  = 1_000_000
	TotalMax = 1_000_000_000
)

// ParseSchedule reads a plan for a duration:
//
//	500                 500 requests a second
//	ramp:100-1000       from 100 to 1000 a second, rising evenly
//	steps:100,200,400   each for an equal part of the duration
//	sine:500:200:10s    500 a second, give or take 200, with a period of 10 s
//	@FILE               a line a request: its start in seconds; the duration is the file's
func ParseSchedule(text string, d time.Duration) (*Schedule, error) {
	s, err := parseSchedule(text, d)
	if err != nil {
		return nil, fmt.Errorf("load: rate %q: %w", text, err)
	}
	s.Text = text
	if s.Total > TotalMax {
		return nil, fmt.Errorf("load: rate %q: %d requests; at most %d in one run", text, s.Total, TotalMax)
	}
	return s, nil
}

func parseSchedule(text string, d time.Duration) (*Schedule, error) {
	if file, ok := strings.CutPrefix(text, "@"); ok {
		return traceFile(file)
	}
	form, rest, ok := strings.Cut(text, ":")
	switch {
	case !ok:
		rate, err := rateOf(text)
		return steady([]float64{rate}, d), err
	case form == "ramp":
		from, to, _ := strings.Cut(rest, "-")
		low, err := rateOf(from)
		if err != nil {
			return nil, err
		}
		high, err := rateOf(to)
		return ramp(low, high, d), err
	case form == "steps":
		var rates []float64
		for part := range strings.SplitSeq(rest, ",") {
			rate, err := rateOf(part)
			if err != nil {
				return nil, err
			}
			rates = append(rates, rate)
		}
		return steady(rates, d), nil
	case form == "sine":
		return sine(rest, d)
	}
	return nil, fmt.Errorf("expected a rate such as 500, ramp:LOW-HIGH, steps:A,B,C, sine:MEAN:SWING:PERIOD or @FILE")
}

func rateOf(text string) (float64, error) {
	rate, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || !(rate > 0 && rate <= RateMax) {
		return 0, fmt.Errorf("expected requests a second, above 0 and at most %d, got %q", RateMax, text)
	}
	return rate, nil
}

// steady keeps each rate for an equal part of the duration.
func steady(rates []float64, d time.Duration) *Schedule {
	part := d.Seconds() / float64(len(rates))
	until := make([]float64, len(rates)+1) // requests before each part
	for i, rate := range rates {
		until[i+1] = until[i] + rate*part
	}
	return &Schedule{Total: uint64(until[len(rates)] + 0.5), Ends: d, At: func(seq uint64) time.Duration {
		n, i := float64(seq), 0
		for i < len(rates)-1 && n >= until[i+1] {
			i++
		}
		return seconds(float64(i)*part + (n-until[i])/rates[i])
	}}
}

// ramp changes the rate evenly; the n-th start solves low*t + slope*t²/2 = n.
func ramp(low, high float64, d time.Duration) *Schedule {
	if low == high {
		return steady([]float64{low}, d)
	}
	slope := (high - low) / d.Seconds()
	return &Schedule{Total: uint64((low+high)/2*d.Seconds() + 0.5), Ends: d, At: func(seq uint64) time.Duration {
		return seconds((math.Sqrt(max(0, low*low+2*slope*float64(seq))) - low) / slope)
	}}
}

// sine swings around a mean; the n-th start is found by bisection, since the
// number of requests until a time only grows.
func sine(text string, d time.Duration) (*Schedule, error) {
	part := strings.Split(text, ":")
	if len(part) != 3 {
		return nil, fmt.Errorf("expected sine:MEAN:SWING:PERIOD, such as sine:500:200:10s")
	}
	mean, err := rateOf(part[0])
	if err != nil {
		return nil, err
	}
	swing, err := rateOf(part[1])
	if err != nil {
		return nil, err
	}
	period, err := time.ParseDuration(part[2])
	if err != nil || period <= 0 || swing >= mean {
		return nil, fmt.Errorf("expected a swing below the mean and a period such as 10s, got %q and %q", part[1], part[2])
	}
	turn := 2 * math.Pi / period.Seconds()
	count := func(t float64) float64 { return mean*t + swing/turn*(1-math.Cos(turn*t)) }
	return &Schedule{Total: uint64(count(d.Seconds()) + 0.5), Ends: d, At: func(seq uint64) time.Duration {
		low, high := 0.0, d.Seconds()
		for range 60 {
			if middle := (low + high) / 2; count(middle) < float64(seq) {
				low = middle
			} else {
				high = middle
			}
		}
		return seconds(high)
	}}, nil
}

// traceMax bounds the lines of a trace file.
const traceMax = 10_000_000

// traceFile reads a plan from a file.
func traceFile(name string) (*Schedule, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var starts []time.Duration
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		at, err := strconv.ParseFloat(text, 64)
		if err != nil || !(at >= 0 && at < 1e6) || len(starts) > 0 && seconds(at) < starts[len(starts)-1] {
			return nil, fmt.Errorf("%s:%d: expected seconds, none less than the line before, got %.40q", name, n, text)
		}
		if len(starts) == traceMax {
			return nil, fmt.Errorf("%s: more than %d requests", name, traceMax)
		}
		starts = append(starts, seconds(at))
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(starts) == 0 {
		return nil, fmt.Errorf("%s: no line with a start in seconds", name)
	}
	return &Schedule{Total: uint64(len(starts)), Ends: starts[len(starts)-1] + time.Nanosecond,
		At: func(seq uint64) time.Duration { return starts[seq] }}, nil
}

func seconds(s float64) time.Duration { return time.Duration(s * 1e9) }

// Shard is the part of a schedule of one of several generators: every size-th
// request, from the rank-th on (from 0). Joined, the parts are the whole. The
// second result gives the number in the whole of a number in the part.
func (s *Schedule) Shard(rank, size uint64) (*Schedule, func(uint64) uint64) {
	whole := func(seq uint64) uint64 { return seq*size + rank }
	if !s.Open() || size <= 1 {
		return s, whole
	}
	part := *s
	part.Total = (s.Total + size - 1 - rank) / size
	part.At = func(seq uint64) time.Duration { return s.At(whole(seq)) }
	return &part, whole
}
