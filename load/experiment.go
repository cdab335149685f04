package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"objectharness/internal/client"
	"objectharness/internal/wire"
	"objectharness/keygen"
	"objectharness/load/stat"
)

// An Experiment sends the same workload with every arm's keys, in rounds that
// alternate, so that what changes in the store or the machine meanwhile hits all
// arms alike.
type Experiment struct {
	Client   *client.Client
	Arms     []Arm
	Workload Workload
	Rate     string        // see ParseSchedule; "" is a closed loop. It holds within each round
	Round    time.Duration // length of a round
	Pairs    int           // rounds of each arm that count
	Warm     int           // rounds of each arm before, which do not
	Workers  int           // requests at once, at most
	Verify   float64       // share of the reads whose bodies are checked
	Rank     uint64        // this generator's place among Size, from 0
	Size     uint64        // generators that share the schedule; 0 is 1
	Raw      func(*vegeta.Result) error
	Progress func(Progress) // told of every round before it begins
	Now      func() time.Time
}

// Progress says how far an experiment is.
type Progress struct {
	Arm         string
	Round, Of   int // from 1; warm-up rounds count
	Warm        bool
	Left        time.Duration
	Measurement *ArmResult // of this arm so far
}

// A Result is what an experiment measured.
type Result struct {
	Seed      uint64        `json:"seed"`
	Rank      uint64        `json:"rank"`
	Size      uint64        `json:"size"`
	Began     time.Time     `json:"began"`
	Rate      string        `json:"rate"`
	Round     time.Duration `json:"round_ns"`
	Arms      []*ArmResult  `json:"arms"`
	Saturated []string      `json:"saturated"` // why the generator did not keep its plan; empty: it did
	Workers   int           `json:"workers"`   // requests at once, at most
	CPU       float64       `json:"cpu"`       // share of the machine's processors that the generator used
	Ended     string        `json:"ended"`     // why it ended before its time; "" when it did not
}

// An ArmResult is what was measured of one arm.
type ArmResult struct {
	Name    string        `json:"name"`
	Planned uint64        `json:"planned"` // requests; 0 in a closed loop
	Elapsed time.Duration `json:"elapsed_ns"`
	Tally   *Tally        `json:"tally"`
	Rounds  []RoundResult `json:"rounds"`
	First   []string      `json:"first_keys"` // the first keys that it wrote
	Bounds  []string      `json:"bounds"`     // first keys of the key ranges of Tally.Moments, from the second on
	Most    int64         `json:"most"`       // requests at once
}

// A RoundResult is one round in a few figures.
type RoundResult struct {
	Pair      int           `json:"pair"`
	Requests  uint64        `json:"requests"`
	OK        uint64        `json:"ok"`
	Throttled uint64        `json:"throttled"`
	Good      int64         `json:"good"`
	Elapsed   time.Duration `json:"elapsed_ns"`
	P50       time.Duration `json:"p50_ns"` // response times of successes
	P99       time.Duration `json:"p99_ns"`
	Late      time.Duration `json:"late_ns"` // p99 of the lateness
	// Response is there where generators share a schedule: quantiles do not add up.
	Response *stat.Histogram `json:"response,omitempty"`
}

// check refuses an experiment that cannot be run.
func (x *Experiment) check() error {
	switch {
	case len(x.Arms) == 0:
		return errors.New("load: no way of naming keys")
	case x.Round <= 0 || x.Pairs < 1 || x.Workers < 1:
		return fmt.Errorf("load: expected rounds longer than 0, one at least, and a worker; got %v, %d and %d", x.Round, x.Pairs, x.Workers)
	case x.Rate == "" && x.Workload.has(Delete):
		return errors.New("load: a closed loop has no plan that says which objects will be deleted; give a rate")
	case x.Size > 0 && x.Rank >= x.Size:
		return fmt.Errorf("load: rank %d of %d generators; ranks go from 0 to %d", x.Rank, x.Size, x.Size-1)
	}
	for _, s := range x.Workload.Mix {
		if !Supports(x.Client.Dialect.Name, s.Op) {
			return fmt.Errorf("load: %s has no %s", x.Client.Dialect.Title, s.Op)
		}
	}
	return nil
}

// schedule is the plan of every round.
func (x *Experiment) schedule() (*Schedule, error) {
	if x.Rate == "" {
		return Closed(x.Round), nil
	}
	return ParseSchedule(x.Rate, x.Round)
}

// Planned is how many requests an arm's rounds hold, all together; a closed loop
// has no plan, and ok is false.
func (x *Experiment) Planned() (n uint64, ok bool, err error) {
	s, err := x.schedule()
	if err != nil || !s.Open() {
		return 0, false, err
	}
	return s.Total * uint64(x.Pairs+x.Warm), true, nil
}

// Run sends everything and tells what it measured, also when it ends early: then
// the error says why.
func (x *Experiment) Run(ctx context.Context) (*Result, error) {
	if err := x.check(); err != nil {
		return nil, err
	}
	s, err := x.schedule()
	if err != nil {
		return nil, err
	}
	r := &running{Experiment: x, schedule: s, began: x.Now()}
	return r.all(ctx)
}

// running is an experiment under way.
type running struct {
	*Experiment
	schedule *Schedule
	began    time.Time
	end      context.CancelCauseFunc
	senders  []*sender
	ranges   []func(string) int
	result   *Result
}

func (r *running) all(ctx context.Context) (*Result, error) {
	r.result = &Result{Seed: r.Workload.Seed, Rank: r.Rank, Size: max(r.Size, 1), Began: r.began, Rate: r.schedule.Text, Round: r.schedule.Ends, Workers: r.Workers, Arms: []*ArmResult{}, Saturated: []string{}}
	step := max(r.Round/4, r.total()/momentsMax+1)
	for i, arm := range r.Arms {
		s := r.sender(arm)
		r.senders = append(r.senders, s)
		bounds := r.boundsOf(arm)
		r.ranges = append(r.ranges, rangeAmong(bounds, len(arm.Prefix)))
		r.result.Arms = append(r.result.Arms, &ArmResult{Name: arm.Name, Tally: newTally(step), Rounds: []RoundResult{}, Bounds: bounds, First: firstKeys(r.senders[i], r.Workload.Objects)})
	}
	used, began := busy(), r.Now()
	ctx, r.end = context.WithCancelCause(ctx)
	defer r.end(nil)
	defer r.Client.Transport.Release()
	defer debug.SetGCPercent(debug.SetGCPercent(collectAt))
	err := r.rounds(ctx)
	r.result.CPU = share(busy()-used, r.Now().Sub(began))
	r.result.judge()
	if err != nil {
		r.result.Ended = err.Error()
	}
	return r.result, err
}

// collectAt is by how many percent the memory may grow before it is collected: of
// a generator little lives, and what collecting costs is part of every request.
const collectAt = 400

// total is how long all rounds take.
func (x *Experiment) total() time.Duration {
	return x.Round * time.Duration((x.Pairs+x.Warm)*len(x.Arms))
}

func (r *running) sender(arm Arm) *sender {
	return &sender{
		client: r.Client, addr: r.Client.Endpoint.URL(), arm: arm, words: wordsOf[r.Client.Dialect.Name], seed: r.Workload.Seed, verify: r.Verify, now: r.Now,
		size:   r.Workload.sizeOf,
		limits: wire.Limits{Keep: 4 << 10, Light: true, Bound: true, Timeout: r.Client.Transport.Limits.Timeout},
	}
}

// sizeOf is the size of the n-th object of those that are there beforehand.
func (w *Workload) sizeOf(n uint64) int64 {
	d := draws{w.Seed ^ mix64(n+0x73697a65)}
	return w.Size(d.next())
}

// boundsOf parts the keys of an arm's rounds into ranges of equally many.
func (r *running) boundsOf(arm Arm) []string {
	count := uint64(10_000)
	if n, ok, _ := r.Planned(); ok {
		count = max(n, rangesMax)
	}
	return keygen.Split(arm.Keys, r.Workload.Objects, count, rangesMax)
}

// rangeAmong tells in which range a key falls, whose prefix does not count.
func rangeAmong(bounds []string, prefix int) func(string) int {
	return func(key string) int {
		i, exact := slices.BinarySearch(bounds, key[prefix:])
		if exact {
			i++
		}
		return min(i, rangesMax-1)
	}
}

func firstKeys(s *sender, from uint64) (keys []string) {
	for n := range uint64(4) {
		keys = append(keys, s.key(from+n))
	}
	return keys
}

// rounds sends all rounds: in each pair every arm once, in an order of chance.
func (r *running) rounds(ctx context.Context) error {
	rnd := rand.New(rand.NewPCG(r.Workload.Seed, 0x726f756e6473))
	order := make([]int, len(r.Arms))
	for i := range order {
		order[i] = i
	}
	done := 0
	for pair := range r.Warm + r.Pairs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, arm := range order {
			done++
			if r.Progress != nil {
				r.Progress(Progress{Arm: r.Arms[arm].Name, Round: done, Of: (r.Warm + r.Pairs) * len(order), Warm: pair < r.Warm,
					Left: r.Round * time.Duration((r.Warm+r.Pairs)*len(order)-done+1), Measurement: r.result.Arms[arm]})
			}
			if err := r.round(ctx, pair, arm); err != nil {
				return err
			}
		}
	}
	return nil
}

// round sends one round of an arm.
func (r *running) round(ctx context.Context, pair, arm int) error {
	part, whole := r.schedule.Shard(r.Rank, max(r.Size, 1))
	before := uint64(pair) * r.perRound()
	it := &round{sender: r.senders[arm], workload: &r.Workload, schedule: part, ranges: r.ranges[arm], opened: r.began, workers: r.Workers, end: r.end,
		number: func(seq uint64) uint64 { return before + whole(seq) }, target: r.Client.Endpoint.URL() + "/" + r.Arms[arm].Bucket}
	into := r.result.Arms[arm]
	if pair >= r.Warm {
		it.recorder = &recorder{tally: newTally(into.Tally.Step)}
		it.raw = r.Raw
	}
	began := r.Now()
	err := it.run(ctx)
	if pair >= r.Warm {
		elapsed := r.Now().Sub(began)
		if r.schedule.Open() && err == nil {
			elapsed = max(elapsed, r.Round) // the plan goes on after its last request
		}
		into.add(pair-r.Warm, it, part.Total, elapsed, r.Size > 1)
		at := began.Sub(r.began)
		into.Tally.cover(at, at+min(elapsed, r.Round))
	}
	return err
}

// perRound is how far the numbers of two rounds lie apart.
func (r *running) perRound() uint64 {
	if r.schedule.Open() {
		return r.schedule.Total
	}
	return uint64(RateMax * r.Round.Seconds())
}

// add takes a round's figures over.
func (a *ArmResult) add(pair int, it *round, planned uint64, elapsed time.Duration, shared bool) {
	t := it.recorder.tally
	a.Planned += planned
	a.Elapsed += elapsed
	a.Most = max(a.Most, it.most.Load())
	x := RoundResult{Pair: pair, Requests: t.Requests, OK: t.Classes[OK], Throttled: t.Classes[Throttled], Good: t.Good,
		Elapsed: elapsed, P50: t.Response.Quantile(0.5), P99: t.Response.Quantile(0.99), Late: t.Lateness.Quantile(0.99)}
	if shared {
		x.Response = newHistogram()
		x.Response.Merge(&t.Response)
	}
	a.Rounds = append(a.Rounds, x)
	a.Tally.Merge(t)
}

func newHistogram() *stat.Histogram { return new(stat.Histogram) }
