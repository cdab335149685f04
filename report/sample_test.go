package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"objectharness/internal/clause"
	"objectharness/internal/verdict"
	"objectharness/report"
)

var started = time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)

// sample is a run of n cases in every verdict, judged as real ones are, over
// the clauses of the registry.
func sample(t testing.TB, n int) *report.Run {
	t.Helper()
	registry, err := clause.Load()
	if err != nil {
		t.Fatal(err)
	}
	judge := &verdict.Judge{Registry: registry, Options: verdict.Options{Foreign: true}, Target: "staging", Today: started,
		Waivers: []verdict.Waiver{{Pattern: "*/*/case-0007", Reason: "known since the spring", Ticket: "BUG-7", Expires: started},
			{Pattern: "*/*/case-0013", Reason: "fixed meanwhile"}}}
	run := &report.Run{
		Schema: report.Schema, Tool: report.Tool{Name: "harness", Version: "v0.1.0", Go: "go1.26"}, Started: started, DurationMS: 48_210, Seed: 42,
		Command: "harness run --target staging.yaml", PlanTotal: n, Chapters: registry.Chapters(),
		Loads: sampleLoads(), Comparisons: sampleComparisons(),
	}
	run.Profile = "core"
	run.Gate = []report.GateRule{{Rule: "floor", What: "38.0 % of the clauses are covered, and the floor is 90 %", Do: "find out why cases did not run"}}
	run.Convergence = []report.Convergence{{Dialect: "oss", Kind: "list", WindowMS: 5000, Reads: 90, Late: 2, Missed: 1, LongestMS: 1250}}
	for i, c := range samplePlan(registry, n) {
		run.Cases = append(run.Cases, judge.Case(c, sampleOutcome(c, i)))
	}
	for _, dialect := range clause.Dialects() {
		run.Targets = append(run.Targets, report.Target{Name: "staging", Dialect: dialect, Endpoint: "https://" + dialect + ".store.example.com",
			Style: "virtual", Region: "eu-1", Preflight: report.Preflight{OK: true, Checks: []report.Check{
				{Name: "signed request", OK: true, Detail: "200 in 12 ms"}, {Name: "clock", OK: true, Detail: "0.4 s ahead"}}},
			Features: []report.Feature{{Name: "append", Declared: "absent", Probe: "absent", Detail: "POST /b/k?append answered status 501 NotImplemented"}}})
	}
	run.Clauses = verdict.Clauses(registry, run.Cases, clause.Dialects()...)
	run.Summary = verdict.Summary(run.Cases, run.Clauses, true, clause.Dialects()...)
	run.Exit, run.Reason = verdict.Exit(run.Cases, verdict.Ending{})
	return run
}

// samplePlan has n cases over the first four chapters, dialect by dialect.
func samplePlan(registry *clause.Registry, n int) []clause.Case {
	var clauses []clause.Clause
	for _, dialect := range clause.Dialects() {
		for _, chapter := range []string{"signing", "object", "conditional", "append"} {
			clauses = append(clauses, registry.Chapter(dialect, chapter)...)
		}
	}
	plan := make([]clause.Case, n)
	for i := range plan {
		c := clauses[i*len(clauses)/n]
		plan[i] = clause.Case{ID: fmt.Sprintf("%s/%s/case-%04d", c.Dialect, c.Chapter, i), Dialect: c.Dialect, Chapter: c.Chapter,
			Text: "answers as the document says it does", Clauses: []string{c.ID}}
	}
	return plan
}

func sampleOutcome(c clause.Case, i int) clause.Outcome {
	o := clause.Outcome{CaseID: c.ID, Duration: time.Duration(i%90) * time.Millisecond}
	switch i % 100 {
	case 3, 7:
		o.Broken = []clause.Broken{{Clause: c.Clauses[0], What: clause.BrokenStatus, Expected: "409", Got: "500", GotStatus: 500},
			{Clause: c.Clauses[0], What: clause.BrokenEffect, Expected: "the object is unchanged", Got: "<script>alert(1)</script> stored", GotStatus: 500}}
		o.Exchanges, o.Curl = sampleExchanges(), "curl -X PUT --data-binary @body 'https://bucket.store.example.com/key?append&position=9'"
	case 11:
		o.Runs = []clause.Repeated{{Times: 96}, {Times: 3, Outcome: clause.Outcome{Broken: []clause.Broken{{Clause: c.Clauses[0], What: clause.BrokenStatus, Expected: "200", Got: "500", GotStatus: 500}}}},
			{Times: 1, Outcome: clause.Outcome{Error: "no reply"}}}
		o.Broken = o.Runs[1].Outcome.Broken
		o.Delays = []clause.Delay{{Step: "after: the object is there", Kind: "object", Looks: 3, Took: 2 * time.Second, Window: 2 * time.Second}}
	case 17:
		o.Blocked = "put of the object: 503 instead of 200"
	case 23:
		o.Divergence = &clause.Divergence{Step: "string to sign", Ours: "PUT\n\ntext/plain\nSat", Theirs: "PUT\n\n\nSat", At: 5}
		o.Broken = []clause.Broken{{Clause: c.Clauses[0], What: clause.BrokenCode, Expected: "200", Got: "403 SignatureDoesNotMatch", GotStatus: 403, GotCode: "SignatureDoesNotMatch"}}
	case 31:
		o.NotRun = "needs a second account"
	case 47:
		o.Unsupported = "append is declared absent"
	}
	return o
}

func sampleExchanges() []clause.Exchange {
	return []clause.Exchange{{
		Step: "when: append at 9", Duration: 12 * time.Millisecond,
		Request: clause.Message{Method: "POST", Target: "/run-1/case?append&position=9", Body: []byte("0123456789"), Length: 10, SHA256: strings.Repeat("8d", 32),
			Fields: [][2]string{{"Host", "bucket.store.example.com"}, {"Date", "Sat, 21 Nov 2026 09:30:00 GMT"}, {"Content-Length", "10"}}},
		Reply: &clause.Message{Status: 500, Fields: [][2]string{{"Content-Type", "application/xml"}, {"x-oss-request-id", "655C7A3B9D2A"}}, Length: 4096, SHA256: strings.Repeat("1f", 32),
			Body: []byte("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n  <Code>InternalError</Code>\n  <Message>We encountered an internal error.</Message>\n</Error>")},
	}, {Step: "then: get", Request: clause.Message{Method: "GET", Target: "/run-1/case"}, Note: "connection reset"}}
}

func sampleLoads() []report.Load {
	curve := func(scale float64) []report.Point {
		var points []report.Point
		for _, q := range []float64{0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999} {
			points = append(points, report.Point{Quantile: q, MS: scale * (2 + q/(1.0002-q)/40)})
		}
		return points
	}
	one := func(keys string, scale, success float64) report.Load {
		l := report.Latency{Mean: 3 * scale, P50: 2 * scale, P90: 2.2 * scale, P95: 3 * scale, P99: 4.5 * scale, P999: 27 * scale, Max: 90 * scale}
		return report.Load{Name: "put 4 KiB", Dialect: "cos", Target: "staging", Operation: "put", Keys: keys, Rounds: 5, RateRPS: 500,
			DoneRPS: 500 * success, DurationMS: 60_000, Requests: 150_000, Success: success, Bytes: 600 << 20, Service: l, Response: l,
			Curve: curve(scale), Saturated: success < 1}
	}
	return []report.Load{one("dated", 3.1, 0.427), one("hashed", 1, 1)}
}

func sampleComparisons() []report.Comparison {
	return []report.Comparison{{Metric: "success_ratio", Baseline: "dated", Candidate: "hashed", Before: 0.427, After: 1, Change: 1.34,
		ChangeLow: 1.3, ChangeHigh: 1.38, Confidence: 0.95, P: 0.008, Rounds: 5, Differs: true,
		Text: "hashed keys succeed more often than dated ones: 100 % against 42.7 % (+134 %, 95 % between +130 and +138 %)"}}
}
