package report_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"objectharness/report"
)

// hostile is what a target might call its errors, and a user a key strategy.
const hostile = `</svg><script>alert("x")</script>`

// loadRun is a load test of several ways of naming keys, each with a timeline of
// a hundred steps, as a run of a million requests has it.
func loadRun(arms int) *report.Run {
	r := rand.New(rand.NewPCG(3, 4))
	run := &report.Run{Schema: report.Schema, Tool: report.Tool{Name: "harness", Version: "v0.1.0"}, Started: started, DurationMS: 400_000, Seed: 7, Reason: "measured",
		Command: "harness load", Targets: []report.Target{{Name: "embedded", Dialect: "cos", Embedded: true}}, Notes: []string{"The index is parted."}}
	for i := range arms {
		run.Loads = append(run.Loads, loadArm(r, fmt.Sprintf("arm-%d", i), i))
		if i > 0 {
			run.Comparisons = append(run.Comparisons, report.Comparison{Metric: "completed", Baseline: "arm-0", Candidate: run.Loads[i].Name, Differs: i == 1, P: 0.002, Rounds: 10,
				Text: run.Loads[i].Name + " keys completed 2.3 times as many requests, 95 % interval 2.3 to 2.4"})
		}
	}
	return run
}

func loadArm(r *rand.Rand, name string, i int) report.Load {
	lat := report.Latency{Mean: 1, P50: 0.431, P90: 1.2, P95: 2, P99: 30.4, P999: 120, P9999: 400, Max: 12_500}
	l := report.Load{Name: name, Dialect: "cos", Target: "embedded", Operation: "put:70,get:30", Keys: name, Rounds: 10, RateRPS: 2500, SentRPS: 2499.6, DoneRPS: 1062,
		GoodBPS: 4.3e6, DurationMS: 200_000, Requests: 500_000, Success: 0.425, Service: lat, Response: lat, Lateness: lat, FirstKeys: []string{"20170718/log1", "20170718/log2"},
		Failures:   []report.Failure{{Class: "throttled", Status: 503, Code: "SlowDown", Requests: 287_000, Ratio: 0.574}, {Class: "no-reply", Code: "timeout", Requests: 500, Ratio: 0.001}},
		Operations: []report.OpLoad{{Operation: "get", Requests: 150_000, Success: 1, Response: lat}, {Operation: "put", Requests: 350_000, Success: 0.2, Response: lat}},
		Spread:     &report.KeySpread{Keys: 10_000, Ranges: 64, Used: 1, Busiest: 1, Entropy: 0, Listings: 1},
		Hot:        &report.HotRange{Prefix: "20170718", Share: 0.99, FirstMS: 4100},
		Heat:       &report.HeatMap{StepMS: 4000}}
	for _, q := range []float64{0, 0.5, 0.9, 0.99, 0.999, 0.9999, 1} {
		l.Curve = append(l.Curve, report.Point{Quantile: q, MS: 0.4 + 100*q*q})
	}
	for range 24 {
		l.Heat.Ranges = append(l.Heat.Ranges, fmt.Sprintf("2017%04d", len(l.Heat.Ranges)))
	}
	for at := range 100 {
		l.Timeline = append(l.Timeline, report.Moment{AtMS: float64(4000 * at), DoneRPS: 900 + 200*r.Float64(), Errors: 0.5, Throttled: r.Float64(), CoveredMS: 2000, P50: r.Float64(), P99: 30 * r.Float64()})
		sent, thrown := make([]int, 24), make([]int, 24)
		for j := range sent {
			sent[j] = r.IntN(400)
			thrown[j] = r.IntN(sent[j] + 1)
		}
		l.Heat.AtMS, l.Heat.Requests, l.Heat.Throttled = append(l.Heat.AtMS, float64(4000*at)), append(l.Heat.Requests, sent), append(l.Heat.Throttled, thrown)
	}
	l.Saturated = i == 1
	if l.Saturated {
		l.Saturation = []string{"workers: all 16 had a request under way"}
	}
	return l
}

func TestLoadRunsFollowTheSchema(t *testing.T) {
	run := loadRun(2)
	run.Loads[0].Knee = &report.Knee{KeptRPS: 100, Text: "the knee"}
	run.Loads[0].Objectives = []report.ObjectiveOf{{Text: "p99<50ms", Measured: "30ms", Kept: true}}
	run.Loads[1].Heat = &report.HeatMap{Requests: [][]int{nil}}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(render(t, report.WriteJSON, run)))
	if err != nil {
		t.Fatal(err)
	}
	if err := schemaOf(t, "schema.json").Validate(doc); err != nil {
		t.Error(err)
	}
}

// The page of a load test says what was found, marks every number of a saturated
// load, and stays within 300 kB however long the run was.
func TestLoadPage(t *testing.T) {
	for _, arms := range []int{1, 2, 8} {
		text := string(render(t, report.WriteHTML, loadRun(arms)))
		t.Logf("%d arms: %d bytes", arms, len(text))
		if len(text) > 300_000 {
			t.Errorf("%d arms: the page has %d bytes, more than 300 kB", arms, len(text))
		}
		for _, bad := range []string{"Conformant", "no case", "cases planned", "clauses covered", "NaN", "Inf", "ZgotmplZ", "<no value>"} {
			if strings.Contains(text, bad) {
				t.Errorf("%d arms: the page holds %q", arms, bad)
			}
		}
	}
	text := string(render(t, report.WriteHTML, loadRun(2)))
	for _, good := range []string{"<h1>Arm-1 keys completed 2.3 times as many requests, 95 % interval 2.3 to 2.4</h1>", `class="found"`, "503</td>", "SlowDown", "57.4 %",
		"<b>1062/s</b>†", "400 ms†", "workers: all 16 had", "begin with <code>20170718</code>", "4.1 s after the start", "1 of 64", "20170718/log2"} {
		if !strings.Contains(text, good) {
			t.Errorf("the page lacks %q", good)
		}
	}
	plain := loadRun(1)
	if text := string(render(t, report.WriteHTML, plain)); strings.Contains(text, "†") {
		t.Error("a load that kept its plan is marked")
	}
}

// What was recorded from a target stays text, in drawings too, and every drawing
// is well-formed.
func TestLoadPageEscapes(t *testing.T) {
	run := loadRun(2)
	l := &run.Loads[0]
	l.Keys, l.Name, l.Failures[0].Code, l.Failures[1].Class, l.FirstKeys[0], l.Hot.Prefix, l.Heat.Ranges[4] = hostile, hostile, hostile, hostile, hostile, hostile, hostile
	l.Warnings, l.Saturation, run.Comparisons[0].Text = []string{hostile}, []string{hostile}, hostile
	text := string(render(t, report.WriteHTML, run))
	if strings.Contains(text, "<script") {
		t.Error("a script came through")
	}
	if strings.Count(text, "&lt;script&gt;") < 8 {
		t.Error("what was recorded is not shown")
	}
	drawings := regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(text, -1)
	if len(drawings) < 10 {
		t.Errorf("%d drawings", len(drawings))
	}
	for _, d := range drawings {
		if err := xml.Unmarshal([]byte(d), new(struct{})); err != nil {
			t.Errorf("%v: %.200s", err, d)
		}
	}
	if md := string(render(t, report.WriteMarkdown, run)); strings.Contains(md, "<script") {
		t.Error("a script came through in Markdown")
	}
}

func TestLoadHeadlines(t *testing.T) {
	two := func(change func(*report.Run)) *report.Run {
		run := loadRun(2)
		change(run)
		return run
	}
	for want, run := range map[string]*report.Run{
		"Arm-1 keys completed 2.3 times as many requests, 95 % interval 2.3 to 2.4": loadRun(2),
		"No difference found": two(func(r *report.Run) {
			r.Comparisons[0].Differs, r.Comparisons[0].Text = false, "no difference found"
		}),
		"Throttled": two(func(r *report.Run) {
			r.Comparisons[0].Differs = false
			r.Comparisons = append(r.Comparisons, report.Comparison{Differs: true, Text: "throttled"})
		}),
		"Arm-0 keys: 1062/s requests completed, 57.5 % failed, p99 30.4 ms": loadRun(1),
		"Highest rate that keeps the objectives: arm-0 200/s to 209/s, arm-1 none": two(func(r *report.Run) {
			r.Loads[0].Knee, r.Loads[1].Knee = &report.Knee{KeptRPS: 200, BrokenRPS: 209, Text: "the knee"}, &report.Knee{BrokenRPS: 1}
		}),
		"Interrupted":           two(func(r *report.Run) { r.Exit = 130 }),
		"The load is not whole": two(func(r *report.Run) { r.Exit = 3 }),
	} {
		if got := run.Headline(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for want, run := range map[string]*report.Run{
		`<header class="found">`:   loadRun(2),
		`<header class="load x1">`: two(func(r *report.Run) { r.Exit = 1 }),
		`<header class="load x0">`: two(func(r *report.Run) { r.Loads[0].Objectives = []report.ObjectiveOf{{Text: "p99<50ms", Kept: true}} }),
	} {
		if !bytes.Contains(render(t, report.WriteHTML, run), []byte(want)) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestLoadTextGolden(t *testing.T)     { goldenOf(t, loadRun(2), "load.txt", report.WriteText) }
func TestLoadMarkdownGolden(t *testing.T) { goldenOf(t, loadRun(2), "load.md", report.WriteMarkdown) }

// A report that was recorded by somebody else can hold any numbers.
func TestLoadPageOfNonsense(t *testing.T) {
	run := loadRun(2)
	l := &run.Loads[0]
	l.DoneRPS, l.Response.P99, l.Success = 1e308, -4, 7
	l.Timeline = []report.Moment{{AtMS: 1e308, DoneRPS: 1e308}, {AtMS: -5, P50: 1e300, CoveredMS: 1e300}}
	l.Heat = &report.HeatMap{StepMS: 1e-300, Ranges: make([]string, 24), AtMS: []float64{1e300, -1}, Requests: [][]int{{-5, 1 << 60}}, Throttled: nil}
	l.Failures[0].Ratio = -3
	render(t, report.WriteHTML, run)
	run.Loads = []report.Load{{Heat: &report.HeatMap{AtMS: []float64{1}, Ranges: []string{"a"}}}}
	render(t, report.WriteHTML, run)
}

func BenchmarkLoadHTML(b *testing.B) {
	run := loadRun(2)
	for b.Loop() {
		if err := report.WriteHTML(io.Discard, run); err != nil {
			b.Fatal(err)
		}
	}
}
