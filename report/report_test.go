package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"objectharness/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

func render(t testing.TB, write func(io.Writer, *report.Run) error, run *report.Run) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, run); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// schemaOf compiles a schema of this package.
func schemaOf(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRunsFollowTheSchema(t *testing.T) {
	s := schemaOf(t, "schema.json")
	for name, run := range map[string]*report.Run{"empty": {Started: started}, "whole": sample(t, 300)} {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(render(t, report.WriteJSON, run)))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The schema allows exactly the fields that the model has: a missing or an
// additional one is noticed.
func TestSchemaIsStrict(t *testing.T) {
	s := schemaOf(t, "schema.json")
	text := render(t, report.WriteJSON, sample(t, 50))
	for name, change := range map[string]func(map[string]any){
		"a missing field":    func(m map[string]any) { delete(m, "seed") },
		"an unknown field":   func(m map[string]any) { m["colour"] = "red" },
		"another version":    func(m map[string]any) { m["schema"] = 2 },
		"an unknown verdict": func(m map[string]any) { m["cases"].([]any)[0].(map[string]any)["verdict"] = "skipped" },
		"a null list":        func(m map[string]any) { m["cases"].([]any)[0].(map[string]any)["broken"] = nil },
		"an unknown dialect": func(m map[string]any) { m["summary"].(map[string]any)["gcs"] = map[string]any{} },
	} {
		var doc map[string]any
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		change(doc)
		if s.Validate(doc) == nil {
			t.Errorf("%s passes", name)
		}
	}
}

func TestReadGivesWhatWasWritten(t *testing.T) {
	text := render(t, report.WriteJSON, sample(t, 300))
	run, err := report.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if again := render(t, report.WriteJSON, run); !bytes.Equal(again, text) {
		t.Error("reading and writing changes the run")
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`{"schema": 2}`:                "schema 2, this program reads 1",
		`{"tool": {}}`:                 "no schema version",
		`{"schema": 1, "cases": [{"`:   "this is no run.json",
		`{"schema": 1, "cases": true}`: "does not follow its schema",
		`[]`:                           "this is no run.json",
	} {
		if _, err := report.Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q in it", text, err, want)
		}
	}
	if _, err := report.ReadFile(filepath.Join(t.TempDir(), "run.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

// Writing must not change the run that the caller goes on with.
func TestWritingLeavesTheRunAlone(t *testing.T) {
	run, same := sample(t, 120), sample(t, 120)
	for _, write := range []func(io.Writer, *report.Run) error{report.WriteJSON, report.WriteJUnit, report.WriteHTML,
		report.WriteMarkdown, report.WriteText, report.WriteBadge} {
		render(t, write, run)
	}
	if !reflect.DeepEqual(run, same) {
		t.Error("a writer changed the run")
	}
}

func TestWriterWritesWhenDue(t *testing.T) {
	now := started
	path := filepath.Join(t.TempDir(), "run.json")
	w := &report.Writer{Path: path, Every: 3, Interval: time.Minute, Now: func() time.Time { return now }}
	run := &report.Run{Started: started}
	cases := func() int {
		got, err := report.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			return -1
		}
		if err != nil {
			t.Fatal(err)
		}
		return len(got.Cases)
	}
	note := func() {
		run.Cases = append(run.Cases, report.Case{ID: fmt.Sprintf("oss/object/%d", len(run.Cases)), Verdict: report.Passed})
		if err := w.Note(func() *report.Run { return run }); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []int{-1, -1, 3, 3, 3, 6} {
		if note(); cases() != want {
			t.Fatalf("after case %d the file holds %d cases, want %d", i+1, cases(), want)
		}
	}
	now = now.Add(time.Minute)
	if note(); cases() != 7 {
		t.Fatalf("a minute later the file holds %d cases, want 7", cases())
	}
	note()
	if err := w.Save(run); err != nil || cases() != 8 {
		t.Fatalf("after Save the file holds %d cases, want 8: %v", cases(), err)
	}
}

// A writer that fails in the middle, as a killed one does, leaves the file that
// was there.
func TestWriteFileIsAllOrNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.json")
	write := func(text string, err error) error {
		return report.WriteFile(path, func(w io.Writer) error {
			if _, werr := io.WriteString(w, text); werr != nil {
				return werr
			}
			return err
		})
	}
	if err := write("whole", nil); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("disk full")
	if err := write("ha", broken); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if text, err := os.ReadFile(path); string(text) != "whole" {
		t.Errorf("the file holds %q, %v", text, err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestTextGolden(t *testing.T)     { golden(t, "summary.txt", report.WriteText) }
func TestMarkdownGolden(t *testing.T) { golden(t, "summary.md", report.WriteMarkdown) }
func TestBadgeGolden(t *testing.T)    { golden(t, "badge.svg", report.WriteBadge) }

func golden(t *testing.T, name string, write func(io.Writer, *report.Run) error) {
	t.Helper()
	goldenOf(t, small(), name, write)
}

func goldenOf(t *testing.T, run *report.Run, name string, write func(io.Writer, *report.Run) error) {
	t.Helper()
	got, path := render(t, write, run), filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (-update writes it anew):\n%s", path, got)
	}
}

// small is a run that fits on a screen, without data of the registry.
func small() *report.Run {
	return &report.Run{
		Tool: report.Tool{Name: "harness", Version: "v0.1.0"}, Started: started, Seed: 7, Profile: "core", PlanTotal: 3, Exit: 1, Reason: "1 case failed",
		Targets: []report.Target{{Name: "a|b", Dialect: "oss"}, {Name: "embedded", Dialect: "cos"}},
		Summary: map[string]report.Summary{
			"oss": {Passed: 1, Failed: 1, ClausesTestable: 800, ClausesCovered: 2},
			"cos": {Warned: 1, ClausesTestable: 600, ClausesCovered: 600},
		},
		Cases: []report.Case{
			{ID: "oss/append/grows", Dialect: "oss", Chapter: "append", Text: "grows", Clauses: []string{"OSS-APPEND-01"}, Verdict: report.Passed},
			{ID: "oss/append/refuses", Dialect: "oss", Chapter: "append", Text: "refuses", Clauses: []string{"OSS-APPEND-06", "OSS-APPEND-01"}, Severity: "data-loss", Verdict: report.Failed,
				Broken: []report.Broken{{Clause: "OSS-APPEND-06", What: "status", Expected: "409", Got: "*200* | <b>", Verdict: report.Failed}}},
			{ID: "cos/object/answers", Dialect: "cos", Chapter: "object", Text: "answers", Clauses: []string{"COS-XHDR-01", "COS-XHDR-02"}, Severity: "cosmetic", Verdict: report.Warned,
				Broken: []report.Broken{
					{Clause: "COS-XHDR-02", What: "field", Expected: "a request id", Got: "none", Verdict: report.Warned},
					{Clause: "COS-XHDR-01", What: "field", Expected: "tencent-cos", Got: "nginx", Verdict: report.Warned}}},
		},
	}
}

func TestBadgeIsXML(t *testing.T) {
	run := small()
	run.Targets[0].Dialect = `<&">`
	if err := xml.Unmarshal(render(t, report.WriteBadge, run), new(struct{})); err != nil {
		t.Error(err)
	}
}

func TestHTML(t *testing.T) {
	run := sample(t, 6000) // 2,000 cases of three targets
	text := render(t, report.WriteHTML, run)
	if len(text) > 2_000_000 {
		t.Errorf("the page has %d bytes, more than 2 MB", len(text))
	}
	if again := render(t, report.WriteHTML, sample(t, 6000)); !bytes.Equal(text, again) {
		t.Error("equal runs give different pages")
	}
	for _, bad := range []string{"<script>alert", "src=\"http", "href=\"http", "@import", "url(", "ZgotmplZ", "<no value>"} {
		if i := bytes.Index(text, []byte(bad)); i >= 0 {
			t.Errorf("the page holds %q: %.120s", bad, text[max(0, i-60):])
		}
	}
	for _, good := range []string{"&lt;script&gt;alert(1)", "Not conformant", "string to sign", "harness run --target staging.yaml --seed 42 --only ",
		"connection reset", "not observable", "no case", "saturated", "<polyline"} {
		if !bytes.Contains(text, []byte(good)) {
			t.Errorf("the page lacks %q", good)
		}
	}
}

// Every link leads to something, ids are unique, headings go down one step at
// a time, and every table has header cells.
func TestHTMLIsAccessible(t *testing.T) {
	t.Run("cases", func(t *testing.T) { accessible(t, sample(t, 400)) })
	t.Run("loads", func(t *testing.T) { accessible(t, loadRun(3)) })
}

func accessible(t *testing.T, run *report.Run) {
	t.Helper()
	text := string(render(t, report.WriteHTML, run))
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(`<[a-z0-9]+ (?:[^<>]* )?id="?([^" >]+)`).FindAllStringSubmatch(text, -1) {
		if ids[m[1]] {
			t.Errorf("id %s is there twice", m[1])
		}
		ids[m[1]] = true
	}
	var lost []string
	for _, m := range regexp.MustCompile(`href="?#([^" >]*)"?`).FindAllStringSubmatch(text, -1) {
		if !ids[m[1]] {
			lost = append(lost, m[1])
		}
	}
	if len(lost) > 0 {
		t.Errorf("%d links lead nowhere, such as %s", len(lost), lost[0])
	}
	last := 0
	for _, m := range regexp.MustCompile(`<h([1-6])`).FindAllStringSubmatch(text, -1) {
		level := int(m[1][0] - '0')
		if level > last+1 {
			t.Errorf("a heading of level %d follows one of level %d", level, last)
		}
		last = level
	}
	for _, table := range strings.Split(text, "<table")[1:] {
		if !strings.Contains(strings.SplitN(table, "</table>", 2)[0], `<th scope="`) {
			t.Errorf("a table without header cells: %.100s", table)
		}
	}
}

func TestHTMLOfAnEmptyRun(t *testing.T) {
	text := render(t, report.WriteHTML, &report.Run{Started: started, Exit: 2, Reason: "no case is selected"})
	if !bytes.Contains(text, []byte("Nothing was checked")) || bytes.Contains(text, []byte("All cases")) {
		t.Errorf("%s", text)
	}
}

// A run.json comes from outside: whatever Read takes, every writer writes.
func FuzzRead(f *testing.F) {
	f.Add(`{"schema": 1}`)
	f.Add(`{"schema": 1, "cases": [{"id": "x", "verdict": "odd", "divergence": {"at": -3}, "exchanges": [{"reply": {}}]}],
		"clauses": [{"id": "X"}], "loads": [{"curve": [{"quantile": 2, "ms": 1e308}, {"quantile": -1, "ms": -1}]}]}`)
	writers := []func(io.Writer, *report.Run) error{report.WriteJSON, report.WriteJUnit, report.WriteHTML,
		report.WriteMarkdown, report.WriteText, report.WriteBadge}
	f.Fuzz(func(t *testing.T, text string) {
		run, err := report.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, write := range writers {
			render(t, write, run)
		}
	})
}

// 2,000 cases of three targets, as one page.
func BenchmarkHTML(b *testing.B) {
	run := sample(b, 6000)
	for b.Loop() {
		if err := report.WriteHTML(io.Discard, run); err != nil {
			b.Fatal(err)
		}
	}
}
