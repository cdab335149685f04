package cli

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"objectharness/internal/clause"
	"objectharness/internal/client"
	"objectharness/internal/runner"
	"objectharness/internal/target"
	"objectharness/internal/verdict"
	"objectharness/report"
	"objectharness/suites"
)

// A session is one run on its way: it judges cases as they end, shows them, and
// keeps the report up to date.
type session struct {
	*app
	options  *runOptions
	configs  []target.Config // those with a case in the plan
	plan     []clause.Case
	index    map[string]clause.Case
	registry *clause.Registry
	judges   map[string]*verdict.Judge // by dialect
	judged   map[string]report.Case
	end      verdict.Ending
	missing  string // why planned cases have not run
	run      report.Run
	began    time.Time
	writer   *report.Writer // nil without --out
	broken   error          // of writing the report
	display  display
	stop     context.CancelFunc
	stopped  bool     // by --fail-fast
	known    []string // what waivers can name
	baseline *report.Run
	delays   map[string]map[string]*report.Convergence // by dialect and kind
}

func (a *app) newSession(o *runOptions, line string, configs []target.Config, plan []clause.Case) (*session, error) {
	registry, err := clause.Load()
	if err != nil {
		return nil, err
	}
	waivers, err := readWaivers(o.waivers)
	if err != nil {
		return nil, err
	}
	baseline, err := readBaseline(o.baseline, plan)
	if err != nil {
		return nil, err
	}
	s := &session{app: a, known: waivable(waivers), baseline: baseline, delays: map[string]map[string]*report.Convergence{}, registry: registry, options: o, plan: plan, index: map[string]clause.Case{}, judges: map[string]*verdict.Judge{},
		judged: map[string]report.Case{}, began: a.now(), missing: "the run ended before"}
	for _, c := range plan {
		s.index[c.ID] = c
	}
	for _, c := range configs {
		if slices.ContainsFunc(plan, func(p clause.Case) bool { return p.Dialect == c.Dialect }) {
			s.configs = append(s.configs, c)
			s.judges[c.Dialect] = &verdict.Judge{Registry: registry, Options: verdict.Options{Foreign: c.Foreign(), Strict: o.strict},
				Waivers: waivers, Target: targetName(c), Today: a.now()}
		}
	}
	s.display = a.newDisplay(len(plan))
	s.run = report.Run{Tool: tool(), Started: a.now().UTC(), Seed: o.seed, Command: line, Strict: o.strict, Profile: o.profile,
		PlanTotal: len(plan), Chapters: registry.Chapters()}
	return s, s.openOut()
}

// targetName is the name by which reports and waivers call a target.
func targetName(c target.Config) string {
	switch {
	case c.Name != "":
		return c.Name
	case c.Embedded():
		return "embedded"
	}
	_, host, _ := strings.Cut(c.Endpoint, "://")
	return strings.TrimSuffix(host, "/")
}

func (s *session) openOut() error {
	if s.options.out == "" {
		return nil
	}
	if err := os.MkdirAll(s.options.out, 0o755); err != nil {
		return usage("--out: %v", err)
	}
	s.writer = &report.Writer{Path: s.path("run.json"), Every: 500, Interval: 2 * time.Second, Now: s.now}
	return nil
}

// conduct asks every target the preflight and then runs the cases.
func (s *session) conduct(options runner.Options, open *openings) error {
	ctx, cancel := context.WithDeadline(s.ctx, open.ends)
	defer cancel()
	defer func() { s.remark(open.close(s.ctx)) }()
	if err := s.preflight(ctx, open); err != nil || s.end != (verdict.Ending{}) {
		return err
	}
	if s.writer != nil { // from here on, a kill leaves a report
		if err := s.writer.Save(s.unfinished()); err != nil {
			return broke(err)
		}
	}
	ctx, s.stop = context.WithCancel(s.ctx)
	defer s.stop()
	options.Observer = s
	options.Timeout = max(open.ends.Sub(s.now()), time.Millisecond) // what the preflight has left
	options.Args = append(options.Args, "--timeout="+options.Timeout.String())
	result, err := runner.Run(ctx, options)
	if err != nil {
		s.end.TargetGone = err.Error()
	}
	s.endings(result)
	return nil
}

// remark notes what went wrong besides the cases.
func (s *session) remark(err error) {
	if err != nil {
		s.run.Notes = append(s.run.Notes, err.Error())
	}
}

// endings finds out how the run came to its end.
func (s *session) endings(result types.Report) {
	s.end.Interrupted = s.interrupted()
	for _, reason := range result.SpecialSuiteFailureReasons {
		if strings.Contains(reason, "Timeout") {
			s.end.TargetGone = fmt.Sprintf("the time of --timeout (%v) was up before all cases had run", s.options.timeout)
		}
	}
}

// preflight asks every target whether it can be tested, and makes its bucket.
func (s *session) preflight(ctx context.Context, open *openings) error {
	here := min(s.options.procs, len(s.plan)) <= 1
	for _, c := range s.configs {
		p, err := target.RunPreflight(ctx, c)
		if err != nil {
			return err
		}
		if p.OK() && (!c.Embedded() || len(c.Features) > 0) {
			s.remark(open.try(ctx, c, &p, here))
		}
		s.run.Targets = append(s.run.Targets, describeTarget(c, p, open.features[c.Dialect]))
		if problem := p.Problem(); problem != "" && s.end.TargetGone == "" {
			s.end.TargetGone = fmt.Sprintf("the preflight of %s (%s) does not hold: %s", targetName(c), c.Dialect, problem)
			s.missing = "the preflight did not hold"
		}
	}
	s.end.Interrupted = s.interrupted()
	return nil
}

func describeTarget(c target.Config, p target.Preflight, found []target.Declared) report.Target {
	about := target.Describe(c)
	t := report.Target{Name: targetName(c), Dialect: c.Dialect, Endpoint: about.URL, Embedded: c.Embedded(), Style: about.Style, Region: about.Region, Serve: c.Serve()}
	for _, f := range found {
		t.Features = append(t.Features, report.Feature(f))
	}
	t.Preflight.OK = p.OK()
	for _, check := range p.Checks {
		t.Preflight.Checks = append(t.Preflight.Checks, report.Check{Name: check.Name, OK: check.OK, Detail: check.Detail})
	}
	return t
}

// Begin is told the plan.
func (s *session) Begin(types.Report) { s.display.begin() }

// End is told the end of the run.
func (s *session) End(types.Report) { s.display.end() }

// Spec is told each case as it ends.
func (s *session) Spec(spec types.SpecReport) {
	id := suites.CaseID(spec.LeafNodeText)
	planned := s.index[id]
	outcome := s.outcome(id, spec)
	c := s.judges[planned.Dialect].Case(planned, outcome)
	redactCase(s.redact, &c)
	s.judged[id] = c
	s.measure(planned.Dialect, outcome.Delays)
	if strings.HasPrefix(outcome.NotRun, "the target was gone") && s.end.TargetGone == "" {
		s.end.TargetGone = outcome.NotRun
	}
	s.display.show(&c)
	if s.options.failFast && c.Verdict == report.Failed {
		s.missing, s.stopped = "--fail-fast: a case before it failed", true
		s.stop()
	}
	if s.writer != nil && s.broken == nil {
		s.broken = s.writer.Note(s.unfinished)
	}
}

// outcome is what a case left, or what Ginkgo says where it left nothing.
func (s *session) outcome(id string, spec types.SpecReport) clause.Outcome {
	var o clause.Outcome
	err := runner.Entry(spec, suites.EntryName, &o)
	message := spec.Failure.Message
	switch {
	case err == nil && strings.Contains(o.Error, client.ErrBudget.Error()), err == nil && strings.Contains(o.Error, client.ErrReadOnly.Error()),
		err == nil && strings.Contains(o.Error, client.ErrMarkers.Error()):
		return clause.Outcome{CaseID: id, NotRun: o.Error, Exchanges: o.Exchanges}
	case err == nil && !(o.Error != "" && s.ended(spec)):
		return o
	case err == nil || s.ended(spec), spec.State == types.SpecStateSkipped:
		return clause.Outcome{CaseID: id, NotRun: s.why()}
	case spec.State == runner.Missing:
		return clause.Outcome{CaseID: id, Error: message}
	}
	return clause.Outcome{CaseID: id, Error: fmt.Sprintf("the case %s: %s", spec.State, message)}
}

// ended tells whether a case was ended with the run: what it met then says
// nothing.
func (s *session) ended(spec types.SpecReport) bool {
	return s.interrupted() || s.stopped || spec.State == types.SpecStateInterrupted || spec.State == types.SpecStateAborted
}

// why says why a planned case has not run.
func (s *session) why() string {
	if s.interrupted() {
		return "the run was interrupted"
	}
	return s.missing
}

// interrupted tells whether the user ended the run. A run that ends itself sends
// itself the same signal.
func (s *session) interrupted() bool { return s.ctx.Err() != nil && !s.stopped }
