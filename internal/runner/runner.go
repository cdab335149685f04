// Package runner runs a Ginkgo suite outside go test: in this process, or in
// several copies of it that share the work. It is the only user of Ginkgo's
// runner and knows nothing of the specs: Options.Register adds them.
//
// Ginkgo keeps its suite in package variables, so one Plan or Run at a time is
// under way in a process; further ones wait. Each Plan or Run leaves Ginkgo's
// own listener for SIGINT and SIGTERM behind: after the first, these signals no
// longer end the process by themselves, and a main that wants a second Ctrl-C
// to be deadly must exit itself.
package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/extensions/globals"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"
)

// Ginkgo's messages go into reports and logs, so they have no colours.
func init() { formatter.SingletonFormatter = formatter.New(formatter.ColorModeNone) }

// ErrEmpty says that no spec passes the filters; nothing was run.
var ErrEmpty = errors.New("runner: the filters select no spec")

// Missing is the state of a planned spec whose outcome nobody told: its process
// died, or a set-up node before it failed. Failure.Message says which.
const Missing = types.SpecStateInvalid

// byUser is Ginkgo's own reason for an interrupted suite.
const byUser = "Interrupted by User"

// An Observer follows a run, one call at a time. Specs are told as they end,
// each planned one exactly once; set-up failures are in the final report only.
type Observer interface {
	Begin(plan types.Report)
	Spec(spec types.SpecReport)
	End(report types.Report)
}

// Options say what to run and how. Children build theirs from the same command
// line; Seed and the number of processes they take from their parent.
type Options struct {
	Name     string        // the suite's name in reports; "" is Conformance
	Labels   string        // a Ginkgo label filter; "" selects all
	Only     []string      // when set, a spec also needs one of exactly these labels
	Procs    int           // processes; below 2 runs in this one, and never more than there are specs
	Seed     int64         // order of the specs
	Timeout  time.Duration // for the whole suite, counted in each process; 0 is none
	Grace    time.Duration // what a node gets to end after a timeout or an interrupt; 0 is 30 s
	FailFast bool          // skip the rest after the first failure
	Observer Observer      // may be nil
	Register func()        // adds the nodes; called once by Plan and twice by Run, the same each time
	Args     []string      // added to the children's command line
	Env      []string      // added to the children's environment, "NAME=value"
	Stderr   io.Writer     // receives what children print; nil drops it
}

// Check tells what is wrong with o; Plan and Run begin with it. Ginkgo itself
// would end the process.
func (o Options) Check() error {
	if o.Register == nil {
		return errors.New("runner: Options.Register is nil: it must add the specs")
	}
	if o.Timeout < 0 || o.Grace < 0 {
		return fmt.Errorf("runner: timeout %v and grace %v must not be negative", o.Timeout, o.Grace)
	}
	for _, label := range o.Only {
		if label == "" || strings.ContainsAny(label, "&|!,()/") {
			return fmt.Errorf("runner: %q cannot be a label: a label is not empty and has none of & | ! , ( ) /", label)
		}
	}
	if _, err := types.ParseLabelFilter(o.Labels); err != nil {
		return fmt.Errorf("runner: label filter %q: %w", o.Labels, err)
	}
	return nil
}

// Plan tells what would run, in the order in which one process would run it.
// Only selected specs are listed, without a state. A report with a reason in
// SpecialSuiteFailureReasons means that Check failed.
func Plan(o Options) types.Report {
	if err := o.Check(); err != nil {
		return types.Report{SpecialSuiteFailureReasons: []string{err.Error()}}
	}
	defer one()()
	o.register()
	cfg, rep := o.config()
	cfg.Timeout = 0 // planning takes time as well
	plan := ginkgo.PreviewSpecs(o.name(), cfg, rep)
	plan.SpecReports = slices.DeleteFunc(plan.SpecReports, func(s types.SpecReport) bool {
		return s.LeafNodeType != types.NodeTypeIt || s.State != types.SpecStatePassed
	})
	for i := range plan.SpecReports {
		plan.SpecReports[i].State = types.SpecStateInvalid
		clean(&plan.SpecReports[i])
	}
	plan.SuitePath = ""
	return plan
}

// Run runs what Plan tells, here or in o.Procs processes, and reports it in the
// plan's order, followed by set-up nodes that failed. A cancelled context is an
// interrupt: running specs see their SpecContext end, clean up, and the rest is
// skipped; the report is then Interrupted and the error nil. Errors are about
// the run (a wrong filter, ErrEmpty, a focused spec, a process that died), never
// about a failed spec; the report is valid as far as it goes.
func Run(ctx context.Context, o Options) (types.Report, error) {
	if Worker() {
		return types.Report{}, errors.New("runner: Run was called in a process that Run started: call Work there")
	}
	if err := o.Check(); err != nil {
		return types.Report{}, err
	}
	plan := Plan(o)
	if len(plan.SpecReports) == 0 {
		return plan, ErrEmpty
	}
	if plan.SuiteHasProgrammaticFocus {
		return plan, errors.New("runner: a node is focused (FIt, FDescribe, Focus): the others would be left out; remove the focus")
	}
	t := newTally(plan, o.Observer)
	report, err := o.run(ctx, t)
	report = t.finish(report, ctx.Err() != nil)
	if o.Observer != nil {
		o.Observer.End(report)
	}
	return report, err
}

func (o Options) run(ctx context.Context, t *tally) (types.Report, error) {
	if ctx.Err() != nil {
		return t.plan, nil
	}
	if procs := min(o.Procs, len(t.plan.SpecReports)); procs > 1 {
		return o.parallel(ctx, t, procs)
	}
	return o.serial(ctx, t), nil
}

// Interrupted tells whether the run was ended from outside.
func Interrupted(r types.Report) bool {
	return slices.Contains(r.SpecialSuiteFailureReasons, byUser)
}

var running sync.Mutex

// one takes Ginkgo's package variables for the caller until the returned
// function is called.
func one() func() {
	running.Lock()
	return running.Unlock
}

// register makes an empty suite and adds the nodes. A suite that was planned
// must not be run: Ginkgo drops its top-level BeforeEach nodes.
func (o Options) register() {
	formatter.ColorableStdOut = io.Discard // Ginkgo's own console
	gomega.RegisterFailHandler(ginkgo.Fail)
	globals.Reset()
	o.Register()
}

func (o Options) config() (types.SuiteConfig, types.ReporterConfig) {
	cfg, rep := types.NewDefaultSuiteConfig(), types.NewDefaultReporterConfig()
	cfg.RandomSeed, cfg.RandomizeAllSpecs = o.Seed, true
	cfg.LabelFilter, cfg.FailOnEmpty, cfg.FailFast = o.filter(), true, o.FailFast
	cfg.Timeout, cfg.GracePeriod = o.Timeout, o.grace()
	cfg.OutputInterceptorMode = "none" // capturing hangs when a spec starts a process
	rep.NoColor, rep.Succinct = true, true
	return cfg, rep
}

// filter joins Labels and Only; the latter as one regular expression, since
// Ginkgo evaluates a chain of a thousand alternatives one by one.
func (o Options) filter() string {
	if len(o.Only) == 0 {
		return o.Labels
	}
	quoted := make([]string, len(o.Only))
	for i, label := range o.Only {
		quoted[i] = regexp.QuoteMeta(label)
	}
	only := "/^(?:" + strings.Join(quoted, "|") + ")$/"
	if o.Labels == "" {
		return only
	}
	return "(" + o.Labels + ") && " + only
}

func (o Options) grace() time.Duration {
	if o.Grace == 0 {
		return 30 * time.Second
	}
	return o.Grace
}

func (o Options) name() string {
	if o.Name == "" {
		return "Conformance"
	}
	return o.Name
}

// verdict is the testing.T that RunSpecs asks for; the report says all.
type verdict struct{}

func (verdict) Fail() {}
