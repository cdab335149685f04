package cli

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/spf13/cobra"

	"objectharness/internal/runner"
	"objectharness/internal/target"
	"objectharness/internal/verdict"
	"objectharness/suites"
)

// envRun hands the run's name to its worker processes.
const envRun = "HARNESS_RUN"

// runOptions are the options of harness run.
type runOptions struct {
	target      targetOptions
	selection   selection
	procs       int
	seed        uint64
	timeout     time.Duration
	caseTimeout time.Duration
	failFast    bool
	waivers     string
	strict      bool
	dryRun      bool
	out         string
	keep        bool
	deviate     []string
	evidence    bool
	profile     string
	floor       float64 // percent; 0 is none
	baseline    string
	ratchet     bool
	stress      int
	chosen      string // file of the labels that the parent of a worker has chosen
}

func (a *app) runCommand() *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use: "run", Short: "Run the conformance cases", Args: noArgs,
		Long: `run tests which documented requirements a target breaks. Without --target and
--endpoint each dialect's own embedded emulator is the target.`,
		Example: "  harness run --dialect oss --out out\n" +
			"  harness run --dialect s3 --only s3/conditional,S3-SIG-36 --endpoint http://127.0.0.1:9000",
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.ctx = cmd.Context()
			return a.run(&o, command(cmd))
		},
	}
	o.target.add(cmd)
	o.selection.add(cmd)
	f := cmd.Flags()
	f.IntVar(&o.procs, "procs", 1, "processes that share the work, no more than --concurrency; more than 1 pays only for a target that answers slowly")
	f.Uint64Var(&o.seed, "seed", 0, "seed of order, names and keys (0: a new one, which is printed)")
	f.DurationVar(&o.timeout, "timeout", 30*time.Minute, "end the run after this time")
	f.DurationVar(&o.caseTimeout, "case-timeout", time.Minute, "end each case after this time")
	f.BoolVar(&o.failFast, "fail-fast", false, "stop after the first case that fails")
	f.StringVar(&o.waivers, "waivers", "", "YAML `file` of known failures: target, pattern, reason, ticket, expires")
	f.BoolVar(&o.strict, "strict", false, "on a foreign target, a broken should fails as a must does")
	f.BoolVar(&o.dryRun, "dry-run", false, "print the cases that would run, and how many requests and bytes they would send; run none against the target")
	addProfile(cmd, &o.profile)
	f.Float64Var(&o.floor, "floor", 0, "`percent` of the clauses of the chosen cases about which cases must conclude something; a profile has one of its own")
	f.StringVar(&o.baseline, "baseline", "", "an earlier run.json: fail on a new failure, on a case that says nothing any more, and on one that is gone, too")
	f.BoolVar(&o.ratchet, "ratchet", false, "with --baseline: fail on what is worse than there, and only on that")
	f.IntVar(&o.stress, "stress", 0, "run each case of --only so many times, and give its pass rate with an interval")
	f.StringVar(&o.chosen, "chosen", "", "")
	_ = f.MarkHidden("chosen") // it is there
	f.StringVar(&o.out, "out", "", "`folder` for run.json, report.html, junit.xml, summary.md and badge.svg")
	f.BoolVar(&o.keep, "keep", false, "leave the bucket that the run made, and what cases could not remove; harness sweep removes it later")
	f.BoolVar(&o.evidence, "evidence", false, "keep the exchanges of cases that pass, too")
	f.StringSliceVar(&o.deviate, "deviate", nil, "break `rules` of the embedded emulator, to see cases fail")
	return cmd
}

// run is harness run, in the process that was started and in its workers.
func (a *app) run(o *runOptions, line string) error {
	configs, err := a.prepare(o)
	if err != nil {
		return err
	}
	a.redactOutput(secrets(configs))
	target.Bound(configs)
	open := openings{ends: a.now().Add(o.timeout), ahead: map[string]*target.Opened{}}
	options, err := o.runner(a, configs, &open)
	if err != nil {
		return err
	}
	if runner.Worker() {
		return a.work(options, &open)
	}
	plan, err := o.plan(options)
	if err != nil {
		return err
	}
	if o.dryRun {
		return a.printPlan(o, configs, plan)
	}
	s, err := a.newSession(o, line, configs, plan)
	if err != nil {
		return err
	}
	done, err := o.choose(&options)
	if err != nil {
		return broke(err)
	}
	defer done()
	return s.conclude(s.conduct(options, &open))
}

// prepare completes the options and makes the settings of every dialect.
func (a *app) prepare(o *runOptions) ([]target.Config, error) {
	switch {
	case o.procs < 0:
		return nil, usage("--procs: expected 0 or more, got %d", o.procs)
	case o.timeout <= 0 || o.caseTimeout <= 0:
		return nil, usage("--timeout and --case-timeout must be longer than 0")
	case o.stress < 0 || o.stress > stressMax:
		return nil, usage("--stress: expected 1 to %d runs, got %d", stressMax, o.stress)
	case o.stress > 0 && !o.selection.set.Changed("only"):
		return nil, usage("--stress: --only must say which cases are to run %d times", o.stress)
	case o.ratchet && o.baseline == "":
		return nil, usage("--ratchet: --baseline must say which run this one is not to be worse than")
	case o.floor < 0 || o.floor > 100:
		return nil, usage("--floor: expected a percentage from 0 to 100, got %v", o.floor)
	}
	if o.seed == 0 {
		o.seed = uint64(rand.Uint32()) + 1
	}
	o.target.given.Deviate = o.deviate
	configs, err := o.target.configs(a)
	if err != nil {
		return nil, err
	}
	o.procs = o.processes(configs)
	for i := range configs {
		o.complete(a, &configs[i])
		if err := o.patient(&configs[i]); err != nil {
			return nil, err
		}
	}
	p, err := profileOf(o.profile)
	if err == nil && p != nil {
		err = p.apply(o, configs)
	}
	return configs, err
}

// processes is how many share the work: each needs room for a request, so there
// are no more of them than requests may be under way.
func (o *runOptions) processes(configs []target.Config) int {
	n := max(o.procs, 1)
	for i := range configs {
		if room := configs[i].Concurrency; room > 0 {
			n = min(n, room)
		}
	}
	return n
}

// stressMax bounds --stress.
const stressMax = 100_000

// patient refuses windows for which no case has the time.
func (o *runOptions) patient(c *target.Config) error {
	for kind, window := range c.Convergence.ByKind() {
		if window >= o.caseTimeout {
			return usage("convergence: the window of %v for %s is not shorter than --case-timeout (%v): give cases more time", window, kind, o.caseTimeout)
		}
	}
	return nil
}

// complete sets what is the same for all targets of a run.
func (o *runOptions) complete(a *app, c *target.Config) {
	c.Seed, c.Keep = o.seed, o.keep
	c.Timeout = min(o.caseTimeout, 30*time.Second)
	c.Run, c.Share = target.RunName(o.seed), o.procs
	c.Workers = o.procs
	if o.procs > 1 { // this process sends requests of its own, for the preflight
		c.Share++
	}
	switch {
	case runner.Worker():
		c.Run = a.env(envRun)
	case !c.Embedded(): // two runs with one seed must not meet
		c.Run = target.RunName(o.seed, uint64(a.now().UnixNano()), uint64(os.Getpid()))
	}
	if !c.Embedded() {
		c.Process = strconv.FormatInt(int64(os.Getpid()), 36)
	}
}

// runner makes the options of Ginkgo's runner.
func (o *runOptions) runner(a *app, configs []target.Config, open *openings) (runner.Options, error) {
	only, err := o.labels(a, configs)
	if err != nil {
		return runner.Options{}, err
	}
	name := configs[0].Run
	configs = narrow(configs, only)
	caseTimeout := o.caseTimeout * time.Duration(max(o.stress, 1))
	r := runner.Options{
		Labels: o.selection.filter, Only: only, Procs: o.procs, Seed: int64(o.seed), Timeout: o.timeout, Stderr: a.stderr,
		Args: []string{"--seed=" + strconv.FormatUint(o.seed, 10)},
		Env:  []string{envRun + "=" + name},
		Register: func() {
			ginkgo.Describe("cases", limited(caseTimeout), func() {
				for _, c := range configs {
					suites.Register(open.provider(c, o.evidence, o.stress))
				}
			})
		},
	}
	return r, nil
}

// labels are those of the cases that --only and --profile mean; nil means all.
// What a profile means is found out once, not in every worker.
func (o *runOptions) labels(a *app, configs []target.Config) ([]string, error) {
	if runner.Worker() && o.chosen != "" {
		text, err := os.ReadFile(o.chosen)
		return strings.Fields(string(text)), err
	}
	only, err := o.selection.labels()
	if err != nil {
		return nil, err
	}
	p, err := profileOf(o.profile)
	if err != nil || p == nil {
		return only, err
	}
	return p.labels(a, configs, only)
}

// choose writes down what a profile means, for workers; done removes it.
func (o *runOptions) choose(r *runner.Options) (done func(), err error) {
	if o.profile == "" || o.procs < 2 {
		return func() {}, nil
	}
	f, err := os.CreateTemp("", "chosen")
	if err != nil {
		return nil, err
	}
	r.Args = append(r.Args, "--chosen="+f.Name())
	_, err = f.WriteString(strings.Join(r.Only, "\n"))
	return func() { os.Remove(f.Name()) }, errors.Join(err, f.Close())
}

// limited bounds each case: what it waits for ends, and it cleans up.
func limited(d time.Duration) any {
	return ginkgo.AroundNode(func(ctx context.Context, body func(context.Context)) {
		ctx, cancel := context.WithTimeoutCause(ctx, d, errCaseTimeout)
		defer cancel()
		body(ctx)
	})
}

var errCaseTimeout = errors.New("the time of --case-timeout is up")

// work does the share of a worker process.
func (a *app) work(options runner.Options, open *openings) error {
	passed := runner.Work(options)
	if err := open.close(a.ctx); err != nil {
		return broke(err)
	}
	if !passed {
		return exit(verdict.NotConformant)
	}
	return nil
}

// secrets are those of all targets, also the ones that embedded emulators make.
func secrets(configs []target.Config) (all []string) {
	for i := range configs {
		all = append(all, configs[i].Secrets()...)
		if c := &configs[i]; c.Embedded() {
			owner, other := target.Accounts(c.Dialect, c.Seed)
			all = append(all, owner.SecretKey, other.SecretKey)
		}
	}
	return all
}
