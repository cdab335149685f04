package runner

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"
)

// TestSerialEqualsParallel is the contract with Ginkgo's parallel protocol.
func TestSerialEqualsParallel(t *testing.T) {
	for _, scene := range []string{"mixed", "labels", "only"} {
		serial := run(t, scene, 1)
		for _, procs := range []int{2, 3} {
			parallel := run(t, scene, procs)
			slices.Sort(serial.Told)
			slices.Sort(parallel.Told)
			if a, b := text(serial), text(parallel); a != b {
				t.Errorf("%s with %d processes:\n%s\nalone:\n%s", scene, procs, b, a)
			}
		}
	}
}

func text(e ending) string {
	b, _ := json.MarshalIndent(e, "", " ")
	return string(b)
}

func TestOutcomes(t *testing.T) {
	e := run(t, "mixed", 1)
	want := map[string]string{
		"oss passes": "passed", "oss fails": "failed", "oss panics": "panicked", "oss skips": "skipped",
		"oss ends late": "timedout", "oss brings an entry": "passed", "oss alone": "passed",
		"in order one": "passed", "in order two": "failed", "in order three": "skipped", "twin": "passed",
	}
	for _, s := range e.Specs {
		if w, ok := want[s.Text]; ok && s.State != w {
			t.Errorf("%s is %s, want %s", s.Text, s.State, w)
		}
		if s.Text == "oss brings an entry" && s.Entry != "42" {
			t.Errorf("entry %s, want the last one, 42", s.Entry)
		}
		if s.Text == "oss panics" && s.Panic != "oh" {
			t.Errorf("panic %q, want oh", s.Panic)
		}
		if !strings.HasPrefix(s.Position, "internal/runner/main_test.go:") {
			t.Errorf("%s stands at %s, want a path relative to the module", s.Text, s.Position)
		}
		if strings.HasPrefix(s.At, "/") {
			t.Errorf("%s failed at the machine path %s", s.Text, s.At)
		}
	}
	if e.Planned != 32 || len(e.Specs) != 32 || len(e.Told) != 32 || e.Begun != 0 {
		t.Errorf("planned %d, reported %d, told %d, want 32 of each; begun and not ended: %d", e.Planned, len(e.Specs), len(e.Told), e.Begun)
	}
	if e.Succeeded || e.Err != "" || e.Interrupted {
		t.Errorf("succeeded %v, interrupted %v, error %q, want a plain failure", e.Succeeded, e.Interrupted, e.Err)
	}
}

func TestSelection(t *testing.T) {
	if got := texts(run(t, "labels", 1)); got != "oss brings an entry,oss ends late" {
		t.Errorf("label filter selects %s", got)
	}
	if got := texts(run(t, "only", 2)); got != "oss fails,oss panics" {
		t.Errorf("exact labels select %s", got)
	}
}

func texts(e ending) string {
	var out []string
	for _, s := range e.Specs {
		out = append(out, s.Text)
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

func TestRefused(t *testing.T) {
	for _, tt := range []struct{ scene, err string }{
		{"empty", "select no spec"}, {"bad filter", "label filter"}, {"bad label", "cannot be a label"}, {"focused", "focused"},
	} {
		for _, procs := range []int{1, 2} {
			e := run(t, tt.scene, procs)
			if !strings.Contains(e.Err, tt.err) || len(e.Told) > 0 || e.Empty != (tt.scene == "empty") {
				t.Errorf("%s with %d processes: error %q, told %v; want one that says %q and no spec run", tt.scene, procs, e.Err, e.Told, tt.err)
			}
		}
	}
}

func TestFailFast(t *testing.T) {
	e := run(t, "fail fast", 1)
	if n := states(e); n["failed"] != 1 || n["skipped"] != 7 {
		t.Errorf("alone: %v, want 1 failed, 7 skipped", n)
	}
	e = run(t, "fail fast", 2)
	n := states(e)
	if n["failed"] < 1 || n["failed"]+n["skipped"]+n["interrupted"] != 8 || e.Err != "" || e.Interrupted {
		t.Errorf("two processes: %v, error %q, interrupted %v; want every spec failed or not run", n, e.Err, e.Interrupted)
	}
}

func states(e ending) map[string]int {
	n := map[string]int{}
	for _, s := range e.Specs {
		n[s.State]++
	}
	return n
}

// TestCancel cancels the context from within; specs that wait must end and the
// rest must not start.
func TestCancel(t *testing.T) {
	for _, procs := range []int{1, 2} {
		e := run(t, "cancel", procs)
		n := states(e)
		if !e.Interrupted || e.Succeeded || e.Err != "" {
			t.Errorf("%d processes: interrupted %v, succeeded %v, error %q; want an interrupted report", procs, e.Interrupted, e.Succeeded, e.Err)
		}
		if n["interrupted"]+n["skipped"] != 4 || n["passed"] != 1 {
			t.Errorf("%d processes: %v, want 1 passed and the other 4 ended or not begun", procs, n)
		}
	}
}

// TestSignal presses Ctrl-C: the harness cancels its context and Ginkgo hears
// the signal itself, yet the clean-up must run.
func TestSignal(t *testing.T) {
	for _, procs := range []int{1, 2} {
		s := start(t, "waiting", procs)
		var conns []io.Reader
		for range procs {
			line, conn := s.answer(t)
			if line != "waiting" {
				t.Fatalf("the spec says %q", line)
			}
			conns = append(conns, conn)
		}
		if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		e := s.finish(t)
		if n := states(e); n["interrupted"] != procs || n["skipped"] != 4-procs || !e.Interrupted {
			t.Errorf("%d processes: %v, interrupted %v; want the running specs interrupted, the others skipped", procs, n, e.Interrupted)
		}
		for _, conn := range conns {
			if said, _ := io.ReadAll(conn); string(said) != "cleaned up\n" {
				t.Errorf("%d processes: a running spec says %q after the interrupt, want that it cleaned up", procs, said)
			}
		}
	}
}

func TestDyingChild(t *testing.T) {
	e := run(t, "dying", 2)
	n := states(e)
	if n["passed"] != 6 || n[Missing.String()] != 1 || e.Succeeded || len(e.Told) != 7 {
		t.Errorf("%v, told %d, succeeded %v; want 6 passed, 1 missing, all told", n, len(e.Told), e.Succeeded)
	}
	for _, s := range e.Specs {
		if s.State == Missing.String() && (s.Text != "dies" || !strings.Contains(s.Message, "exit status 7") || !strings.Contains(s.Message, "farewell")) {
			t.Errorf("missing is %q: %q; want the spec that died, the status and the last words", s.Text, s.Message)
		}
	}
	if !strings.Contains(e.Err, "exit status 7") {
		t.Errorf("error %q, want the status of the process", e.Err)
	}
	e = run(t, "all dying", 2)
	if n := states(e); n[Missing.String()] != 8 || !strings.Contains(e.Err, "process 1") || !strings.Contains(e.Err, "process 2") {
		t.Errorf("all dead: %v, error %q; want all 8 missing and both processes named", n, e.Err)
	}
}

func TestSetupFailure(t *testing.T) {
	for _, procs := range []int{1, 2} {
		e := run(t, "setup", procs)
		if n := states(e); n[Missing.String()] != 8 || len(e.Setups) != procs || e.Succeeded {
			t.Errorf("%d processes: %v and %d failed set-up nodes, want 8 missing and a node of each process", procs, n, len(e.Setups))
		}
		if want := "not run: BeforeSuite failed: no server"; e.Specs[0].Message != want {
			t.Errorf("%q, want %q", e.Specs[0].Message, want)
		}
	}
}

func TestOtherTree(t *testing.T) {
	e := run(t, "other tree", 2)
	if !strings.Contains(e.Err, "must register the same specs") {
		t.Errorf("error %q, want that the trees differ", e.Err)
	}
}

func TestSuiteTimeout(t *testing.T) {
	for _, procs := range []int{1, 2} {
		e := run(t, "timeout", procs)
		if !slices.Contains(e.Reasons, "Suite Timeout Elapsed") || e.Succeeded || len(e.Specs) != 32 {
			t.Errorf("%d processes: reasons %q, succeeded %v, %d specs; want the timeout and all 32 specs", procs, e.Reasons, e.Succeeded, len(e.Specs))
		}
	}
}

// TestParentKilled kills the parent: no child may outlive it.
func TestParentKilled(t *testing.T) {
	s := start(t, "waiting", 2)
	_, a := s.answer(t)
	_, b := s.answer(t)
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, conn := range []io.Reader{a, b} {
		io.Copy(io.Discard, conn) // ends when the child has ended
	}
	s.cmd.Wait()
}

func TestCheck(t *testing.T) {
	if err := (Options{}).Check(); err == nil {
		t.Error("no Register is accepted")
	}
	if err := (Options{Register: mixed, Timeout: -1}).Check(); err == nil {
		t.Error("a negative timeout is accepted")
	}
	if err := (Options{Register: mixed, Labels: "("}).Check(); err == nil || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("a wrong filter gives %q, want an error without colours", err)
	}
	if r := Plan(Options{Register: mixed, Labels: "("}); len(r.SpecialSuiteFailureReasons) != 1 {
		t.Errorf("a plan with a wrong filter gives %q, want one reason", r.SpecialSuiteFailureReasons)
	}
}

func TestPlanTwice(t *testing.T) {
	for range 2 {
		plan := Plan(Options{Register: mixed, Seed: 3})
		if len(plan.SpecReports) != 32 || plan.SpecReports[0].State != types.SpecStateInvalid {
			t.Fatalf("%d specs in state %v, want 32 without a state", len(plan.SpecReports), plan.SpecReports[0].State)
		}
	}
}

func TestDecodeHead(t *testing.T) {
	report := types.Report{SuiteDescription: "here", SuiteSucceeded: true, SpecReports: types.SpecReports{{LeafNodeText: "a"}, {LeafNodeText: "b"}}}
	report.SuiteConfig.ParallelProcess = 3
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeHead(bytes.NewReader(text))
	if err != nil || got.SuiteDescription != "here" || !got.SuiteSucceeded || got.SuiteConfig.ParallelProcess != 3 || got.SpecReports != nil {
		t.Errorf("%+v, %v; want all but the specs", got, err)
	}
	for n := range text {
		if _, err := decodeHead(bytes.NewReader(text[:n])); err == nil {
			t.Fatalf("%s is taken for a whole report", text[:n])
		}
	}
}

func TestEntry(t *testing.T) {
	value := map[string]int{"n": 5}
	spec := types.SpecReport{ReportEntries: types.ReportEntries{{Name: "here", Value: types.WrapEntryValue(value)}}}
	wire, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	var far types.SpecReport
	if err := json.Unmarshal(wire, &far); err != nil {
		t.Fatal(err)
	}
	for _, s := range []types.SpecReport{spec, far} {
		var got map[string]int
		if err := Entry(s, "here", &got); err != nil || got["n"] != 5 {
			t.Errorf("entry %v, %v, want %v", got, err, value)
		}
		if err := Entry(s, "here", new(string)); err == nil {
			t.Error("a map decodes into a string")
		}
	}
	bad := types.SpecReport{ReportEntries: types.ReportEntries{{Name: "here", Value: types.WrapEntryValue(func() {})}}}
	if err := Entry(bad, "here", new(int)); err == nil {
		t.Error("a function is encoded")
	}
}

func TestNoise(t *testing.T) {
	n := &noise{}
	fmt.Fprint(n, strings.Repeat("x", 5000), "end")
	if got := n.last(); !strings.HasSuffix(got, "xend") || len(n.tail) != tailMax {
		t.Errorf("keeps %d bytes that end in %q", len(n.tail), got[max(0, len(got)-8):])
	}
}
