package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"objectharness/load"
)

// pacing tells how well plans of 1000 requests a second are kept, one after
// another: what else the machine does in one of them is not the generator's.
func (b *bench) pacing() error {
	addr, stop, err := b.server("server")
	if err != nil {
		return err
	}
	defer stop()
	var late []time.Duration
	for range b.rounds {
		x, err := experiment("s3", addr)
		if err != nil {
			return err
		}
		x.Rate, x.Round, x.Pairs = "1000", 10*time.Second, 1
		r, err := x.Run(context.Background())
		if err != nil {
			return err
		}
		t := r.Arms[0].Tally
		late = append(late, t.Lateness.Quantile(0.99))
		fmt.Printf("%d of %d requests; lateness p50 %v, p90 %v, p99 %v, worst %v; marked: %q\n", t.Requests, r.Arms[0].Planned,
			t.Lateness.Quantile(0.5), t.Lateness.Quantile(0.9), t.Lateness.Quantile(0.99), t.Lateness.Max, r.Saturated)
	}
	slices.Sort(late)
	fmt.Printf("p99 of lateness, median of %d plans: %v\n", len(late), late[len(late)/2])
	return nil
}

// sleeping tells what is reported of a server that sleeps for a second in every
// five, with 16 workers: the truth for the p99 is 950 ms.
func (b *bench) sleeping() error {
	addr, stop, err := b.server("sleeper")
	if err != nil {
		return err
	}
	defer stop()
	x, err := experiment("s3", addr)
	if err != nil {
		return err
	}
	x.Rate, x.Round, x.Workers = "1000", 20*time.Second, 16
	r, err := x.Run(context.Background())
	if err != nil {
		return err
	}
	t := r.Arms[0].Tally
	fmt.Printf("response p50 %v, p90 %v, p99 %v; service p99 %v; marked: %q\n", t.Response.Quantile(0.5), t.Response.Quantile(0.9), t.Response.Quantile(0.99),
		t.Service.Quantile(0.99), r.Saturated)
	return nil
}

// same compares the same keys with themselves, many times.
func (b *bench) same() error {
	addr, stop, err := b.server("server")
	if err != nil {
		return err
	}
	defer stop()
	const runs = 50
	alarms := map[string]int{}
	for i := range runs {
		x, err := experiment("s3", addr)
		if err != nil {
			return err
		}
		other := x.Arms[0]
		other.Name = "hashed again"
		x.Arms = append(x.Arms, other)
		x.Rate, x.Round, x.Pairs, x.Warm, x.Workload.Seed = "1000", 100*time.Millisecond, 20, 1, uint64(i+1)
		r, err := x.Run(context.Background())
		if err != nil {
			return err
		}
		for _, f := range r.Compare() {
			if f.Differs {
				alarms[f.Metric]++
			}
		}
	}
	fmt.Printf("false alarms in %d comparisons of the same with the same: %v\n", runs, alarms)
	return nil
}

// memory tells what a closed loop holds after few requests, and after some ten
// million at the rate of the few.
func (b *bench) memory() error {
	addr, stop, err := b.server("server")
	if err != nil {
		return err
	}
	defer stop()
	for stretch, n := b.duration, 0; n < 2; n++ {
		c, err := b.contenders()[0].run(addr, stretch, false)
		if err != nil {
			return err
		}
		fmt.Printf("%d requests: at most %.1f MB\n", c.requests, float64(c.memory)/1e6)
		stretch = time.Duration(many / c.rate * float64(time.Second))
	}
	return nil
}

// many is a long run, with some to spare.
const many = 10_500_000

// knee searches the capacity of a server that is known.
func (b *bench) knee() error {
	const capacity = 2000
	addr, stop, err := b.server("bounded")
	if err != nil {
		return err
	}
	defer stop()
	x, err := experiment("s3", addr)
	if err != nil {
		return err
	}
	aim, err := load.ParseObjective("error_rate<1%")
	if err != nil {
		return err
	}
	k, err := load.FindKnee(context.Background(), 100, func(ctx context.Context, rate float64) (bool, string, error) {
		x.Rate, x.Round = fmt.Sprint(rate), 2*time.Second
		r, err := x.Run(ctx)
		if err != nil {
			return false, "", err
		}
		kept, got := aim.Check(r.Arms[0])
		return kept, got, nil
	})
	if err != nil {
		return err
	}
	fmt.Printf("capacity %d: found between %.0f and %.0f in %d probes\n", capacity, k.Kept, k.Broken, len(k.Probes))
	return nil
}
