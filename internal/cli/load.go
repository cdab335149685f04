package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"objectharness/internal/target"
	"objectharness/load"
	"objectharness/report"
)

// loadOptions are the options of harness load.
type loadOptions struct {
	target      targetOptions
	keys        []string
	rate        string
	duration    time.Duration
	rounds      int
	warm        int
	clients     int
	workers     int
	mix         string
	size        string
	objects     uint64
	popularity  string
	verify      float64
	seed        uint64
	partitions  string
	objectives  []string
	shard       string
	startAt     string
	yes         bool
	out         string
	dryRun      bool
	keep        bool
	raw         bool
	knee        bool
	parsed      []load.Objective
	begin       time.Time // zero: at once
	rank, share uint64
}

func (a *app) loadCommand() *cobra.Command {
	var o loadOptions
	cmd := &cobra.Command{
		Use: "load", Short: "Compare ways of naming keys under load", Args: noArgs,
		Long: `load sends the same workload with several ways of naming keys, in short rounds
that alternate, and tells what differs and how sure that is. Without an endpoint
it serves its own emulator in a process of its own, whose index is parted into
key ranges of bounded rate, as the COS document describes it.

Times are told twice: service time from the actual start of a request, response
time from the start that the plan gave it. A generator that does not keep its
plan says so, and every number of the run carries that mark.`,
		Example: "  harness load --out out\n" +
			"  harness load --keys sequential,hashed --rate 300 --duration 20s --partitions none\n" +
			"  harness load --keys dated --mix put:70,get:30 --rate ramp:100-400 --duration 10s --objective 'p99<50ms'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.ctx = cmd.Context()
			return a.load(&o, command(cmd))
		},
	}
	o.target.add(cmd)
	f := cmd.Flags()
	f.StringSliceVar(&o.keys, "keys", []string{"sequential", "hashed"}, "ways of naming keys; the first is what the others are compared with")
	f.StringVar(&o.rate, "rate", "500", "`plan` of each round: 500, ramp:100-1000, steps:100,200,400, sine:500:200:10s or @FILE of start times")
	f.IntVar(&o.clients, "clients", 0, "closed loop: `N` clients that send as fast as they get replies, instead of --rate")
	f.DurationVar(&o.duration, "duration", 20*time.Second, "time that is measured, all rounds together")
	f.IntVar(&o.rounds, "rounds", 10, "rounds of each way of naming keys")
	f.IntVar(&o.warm, "warm-up", 2, "rounds of each before, which do not count")
	f.IntVar(&o.workers, "workers", 64, "requests at once, at most")
	f.StringVar(&o.mix, "mix", "put", "operations and their weights: put, get, head, delete, list, copy, append, multipart, presigned-get")
	f.StringVar(&o.size, "size", "4KiB", "bytes of bodies: 4KiB, uniform:1KiB-64KiB, lognormal:16KiB:1.2 or @FILE of SIZE WEIGHT")
	f.Uint64Var(&o.objects, "objects", 1000, "objects that are there before, for operations that need some")
	f.StringVar(&o.popularity, "popularity", "uniform", "which objects are read: uniform, zipf:0.99, latest:0.99 or hotspot:0.1:0.9")
	f.Float64Var(&o.verify, "verify", 1, "share of the reads whose length and CRC-64 are checked, 0 to 1")
	f.Uint64Var(&o.seed, "seed", 0, "seed of everything that varies (0: a new one, which is printed)")
	f.StringVar(&o.partitions, "partitions", "64,200", "of the embedded emulator: up to `N,RATE` key ranges of RATE requests a second; or none")
	f.StringArrayVar(&o.objectives, "objective", nil, "what each way must keep, such as 'error_rate<0.1%' or 'p99<50ms'; a broken one ends with exit code 1")
	f.BoolVar(&o.knee, "knee", false, "search for the highest rate that keeps the objectives, for each way of naming keys; --rate is where it begins")
	f.StringVar(&o.shard, "shard", "", "`I/N`: be the I-th of N generators that share the keys and the rate (or HARNESS_RANK and HARNESS_SIZE)")
	f.StringVar(&o.startAt, "start-at", "", "begin at this `time` (RFC 3339), so that several generators begin together (or HARNESS_START)")
	f.BoolVar(&o.yes, "yes", false, "load an endpoint that is not on this machine")
	f.StringVar(&o.out, "out", "", "`folder` for run.json, report.html, summary.md, load.json and rounds.csv")
	f.BoolVar(&o.raw, "raw", false, "also write results.bin, in vegeta's own format, into --out")
	f.BoolVar(&o.dryRun, "dry-run", false, "print what would be sent, and send nothing")
	f.BoolVar(&o.keep, "keep", false, "leave what the run made; harness sweep removes it later")
	cmd.AddCommand(a.loadMergeCommand())
	return cmd
}

// load is harness load.
func (a *app) load(o *loadOptions, line string) error {
	x, err := a.experiment(o)
	if err != nil {
		return err
	}
	c, err := a.loadTarget(o)
	if err != nil {
		return err
	}
	for _, s := range x.Workload.Mix {
		if !load.Supports(c.Dialect, s.Op) {
			return usage("--mix: the dialect %s has no %s", c.Dialect, s.Op)
		}
	}
	if err := a.announce(o, x, c); err != nil || o.dryRun {
		return err
	}
	run := &loadRun{app: a, options: o, experiment: x, config: c, line: line, began: a.now()}
	return run.conduct()
}

// experiment reads the options that say what is sent.
func (a *app) experiment(o *loadOptions) (*load.Experiment, error) {
	chosen := o.seed != 0
	if !chosen {
		o.seed = uint64(rand.Uint32()) + 1
	}
	w := load.Workload{Objects: o.objects, Seed: o.seed}
	var err error
	for _, parse := range []func() error{
		func() error { w.Mix, err = load.ParseMix(o.mix); return err },
		func() error { w.Size, err = load.ParseSize(o.size); return err },
		func() error { w.Popularity, err = load.ParsePopularity(o.popularity); return err },
		func() error { return o.bounds() },
		func() error { return o.shards(a) },
		func() error { return o.aims() },
		func() error { return o.agreed(a) },
	} {
		if err := parse(); err != nil {
			return nil, usage("%v", err)
		}
	}
	if o.share > 1 && !chosen {
		return nil, usage("--shard: generators that share a schedule need the same --seed")
	}
	x := &load.Experiment{Workload: w, Rate: o.rate, Round: o.duration / time.Duration(o.rounds*len(o.keys)), Pairs: o.rounds, Warm: o.warm,
		Workers: o.workers, Verify: o.verify, Rank: o.rank, Size: o.share, Now: a.now}
	if o.clients > 0 {
		x.Rate, x.Workers = "", o.clients
	}
	strategies, err := parseStrategies("--keys", o.keys, o.seed)
	if err != nil {
		return nil, err
	}
	for i, s := range strategies {
		x.Arms = append(x.Arms, load.Arm{Name: o.keys[i], Keys: s.Append})
	}
	if _, _, err := x.Planned(); err != nil {
		return nil, usage("%v", err)
	}
	return x, nil
}

// Bounds of one run.
const (
	loadLongest = 24 * time.Hour
	loadRounds  = 1000
	loadWorkers = 4096
)

// bounds refuses what is out of bounds.
func (o *loadOptions) bounds() error {
	switch {
	case len(o.keys) == 0 || len(o.keys) > 8:
		return fmt.Errorf("--keys: expected one to eight ways of naming keys, got %d", len(o.keys))
	case o.duration <= 0 || o.duration > loadLongest:
		return fmt.Errorf("--duration: expected more than 0 and at most %v, got %v", loadLongest, o.duration)
	case o.rounds < 1 || o.rounds > loadRounds || o.warm < 0 || o.warm > loadRounds:
		return fmt.Errorf("--rounds: expected 1 to %d, and as many --warm-up rounds at most; got %d and %d", loadRounds, o.rounds, o.warm)
	case o.workers < 1 || o.workers > loadWorkers || o.clients < 0 || o.clients > loadWorkers:
		return fmt.Errorf("--workers and --clients: expected 1 to %d, got %d and %d", loadWorkers, o.workers, o.clients)
	case o.verify < 0 || o.verify > 1:
		return fmt.Errorf("--verify: expected a share from 0 to 1, got %v", o.verify)
	case o.knee && (o.clients > 0 || o.shard != ""):
		return errors.New("--knee: searches with an open loop and by itself, without --clients and --shard")
	case o.knee && !isRate(o.rate):
		return fmt.Errorf("--knee: --rate is where the search begins, expected a number, got %q", o.rate)
	case (o.knee || o.clients > 0) && strings.Contains(o.mix, string(load.Delete)):
		return errors.New("--mix: delete needs a plan that says which objects will be deleted: --rate, without --clients and --knee")
	case o.raw && o.out == "":
		return errors.New("--raw: needs --out for the file")
	case o.partitions == "none":
		return nil
	}
	_, err := parsePartitions(o.partitions)
	return err
}

// isRate tells whether a plan is a constant rate.
func isRate(text string) bool {
	v, err := strconv.ParseFloat(text, 64)
	return err == nil && v > 0
}

// shards reads which generator this is, from --shard or the environment.
func (o *loadOptions) shards(a *app) error {
	text := o.shard
	if rank, size := a.env("HARNESS_RANK"), a.env("HARNESS_SIZE"); text == "" && size != "" {
		n, err := strconv.ParseUint(rank, 10, 32)
		if err != nil {
			return fmt.Errorf("HARNESS_RANK: expected a number from 0, got %q", rank)
		}
		text = strconv.FormatUint(n+1, 10) + "/" + size
	}
	if text == "" {
		o.share = 1
		return nil
	}
	i, n, ok := strings.Cut(text, "/")
	rank, err1 := strconv.ParseUint(i, 10, 32)
	size, err2 := strconv.ParseUint(n, 10, 32)
	if !ok || err1 != nil || err2 != nil || rank < 1 || rank > size || size > 10_000 {
		return fmt.Errorf("--shard: expected I/N, such as 1/3, with I from 1 to N; got %q", text)
	}
	o.rank, o.share = rank-1, size
	return nil
}

// agreed reads the start that all generators have agreed on, from --start-at or
// the environment.
func (o *loadOptions) agreed(a *app) error {
	text := o.startAt
	if text == "" {
		text = a.env("HARNESS_START")
	}
	if text == "" {
		return nil
	}
	var err error
	if o.begin, err = time.Parse(time.RFC3339Nano, text); err != nil {
		return fmt.Errorf("--start-at: expected a time such as 2026-01-02T15:04:05Z, got %q", text)
	}
	return nil
}

// aims reads the objectives.
func (o *loadOptions) aims() error {
	for _, text := range o.objectives {
		aim, err := load.ParseObjective(text)
		if err != nil {
			return err
		}
		o.parsed = append(o.parsed, aim)
	}
	return nil
}

// loadTarget is the target of the load: one dialect, and on an endpoint that is
// not on this machine only with --yes or a target file that bounds what is sent.
func (a *app) loadTarget(o *loadOptions) (target.Config, error) {
	if len(o.target.dialects) == 0 && o.target.file == "" && o.target.given.Endpoint == "" {
		o.target.dialects = []string{"cos"} // whose document is about the naming of keys
	}
	configs, err := o.target.configs(a)
	if err != nil {
		return target.Config{}, err
	}
	if len(configs) != 1 {
		return target.Config{}, usage("--dialect: a load goes to one dialect at a time, got %d", len(configs))
	}
	c := configs[0]
	if o.share > 1 && (c.Embedded() || c.Bucket == "") {
		return target.Config{}, usage("--shard: generators that share a schedule need one --endpoint and one --bucket that is there")
	}
	bounded := c.MaxRPS > 0 && c.Budget > 0
	if !c.Embedded() && !onThisMachine(c) && !o.yes && !(o.target.file != "" && bounded) {
		return target.Config{}, usage("%s is not on this machine: a load costs its owner money. Say --yes, or give a --target file with max_rps and budget", c.Endpoint)
	}
	c.Seed, c.Keep, c.CleanFor = o.seed, o.keep, 10*time.Minute
	c.Timeout = 30 * time.Second
	c.Run = target.RunName(o.seed, uint64(a.now().UnixNano()), uint64(os.Getpid()))
	if o.share > 1 { // nobody knows when the others have ended
		c.Run, c.Keep = target.RunName(o.seed), true
	}
	return c, nil
}

// onThisMachine tells whether requests stay on the loopback interface.
func onThisMachine(c target.Config) bool {
	host := c.Connect
	if u, err := url.Parse(c.Endpoint); host == "" && err == nil {
		host = u.Host
	}
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// announce says beforehand what is going to be sent.
func (a *app) announce(o *loadOptions, x *load.Experiment, c target.Config) error {
	planned, open, err := x.Planned()
	if err != nil {
		return usage("%v", err)
	}
	if c.MaxRPS > 0 && open && float64(planned)/(x.Round.Seconds()*float64(x.Pairs+x.Warm)) > c.MaxRPS {
		return usage("--rate: %s is more than the %v requests a second that the target allows", o.rate, c.MaxRPS)
	}
	est := x.Estimate()
	if c.Budget > 0 && est.Bytes > int64(c.Budget) {
		return usage("the run would send about %s, more than the budget of %s", bytesText(est.Bytes), bytesText(int64(c.Budget)))
	}
	fmt.Fprintf(a.stdout, "%s: %s; seed %d\n", strings.Join(o.keys, " against "), est, o.seed)
	return nil
}

func bytesText(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f kB", float64(n)/1e3)
}

// writeLoad writes the files of a load into a folder.
func writeLoad(dir string, run *report.Run, result *load.Result) error {
	text, err := json.MarshalIndent(result, "", " ")
	if err != nil {
		return fmt.Errorf("write load.json: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, "load.json"), append(text, '\n'), 0o644)
}
