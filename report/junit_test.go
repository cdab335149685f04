package report_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"objectharness/report"
)

// The rules of Jenkins' junit-10.xsd (xunit-plugin) for what we write: which
// element may hold which, which attributes it may and must have.
var junitRules = map[string]struct {
	holds, may, must []string
	text             bool
}{
	"testsuites": {holds: []string{"testsuite"}, may: []string{"name", "time", "tests", "failures", "errors"}},
	"testsuite": {holds: []string{"testsuite", "properties", "testcase", "system-out", "system-err"},
		may:  []string{"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
		must: []string{"name", "tests", "failures", "errors"}},
	"testcase":   {holds: []string{"skipped", "error", "failure", "system-out", "system-err"}, may: []string{"time", "group"}, must: []string{"name", "classname"}},
	"properties": {holds: []string{"property"}},
	"property":   {must: []string{"name", "value"}},
	"failure":    {may: []string{"type", "message"}, text: true},
	"error":      {may: []string{"type", "message"}, text: true},
	"skipped":    {may: []string{"type", "message"}, text: true},
	"system-out": {text: true},
}

var junitTime = regexp.MustCompile(`^(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?$`)

func TestJUnitFollowsJenkins(t *testing.T) {
	d := xml.NewDecoder(bytes.NewReader(render(t, report.WriteJUnit, sample(t, 400))))
	var path []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			checkElement(t, path, e)
			path = append(path, e.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if len(path) > 0 && !junitRules[path[len(path)-1]].text && strings.TrimSpace(string(e)) != "" {
				t.Errorf("text in %v: %q", path, e)
			}
		}
	}
}

func checkElement(t *testing.T, path []string, e xml.StartElement) {
	t.Helper()
	name := e.Name.Local
	rule, known := junitRules[name]
	if !known {
		t.Fatalf("element %s is not in the schema", name)
	}
	if len(path) == 0 && name != "testsuites" || len(path) > 0 && !slices.Contains(junitRules[path[len(path)-1]].holds, name) {
		t.Errorf("%s stands in %v", name, path)
	}
	var has []string
	for _, a := range e.Attr {
		has = append(has, a.Name.Local)
		if !slices.Contains(rule.may, a.Name.Local) && !slices.Contains(rule.must, a.Name.Local) {
			t.Errorf("%s has an attribute %s", name, a.Name.Local)
		}
		if a.Name.Local == "time" && !junitTime.MatchString(a.Value) {
			t.Errorf("%s takes the time %q", name, a.Value)
		}
	}
	for _, must := range rule.must {
		if !slices.Contains(has, must) {
			t.Errorf("%s lacks %s", name, must)
		}
	}
}

type junitDoc struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Suites   []struct {
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Time     string `xml:"time,attr"`
		Cases    []struct {
			Name    string    `xml:"name,attr"`
			Failure *struct{} `xml:"failure"`
			Error   *struct{} `xml:"error"`
			Skipped *struct{} `xml:"skipped"`
			Out     string    `xml:"system-out"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func readJUnit(t *testing.T, run *report.Run) junitDoc {
	t.Helper()
	var doc junitDoc
	if err := xml.Unmarshal(render(t, report.WriteJUnit, run), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestJUnitCountsAddUp(t *testing.T) {
	run := sample(t, 400)
	doc := readJUnit(t, run)
	var tests, failures, errs, skipped int
	for _, s := range doc.Suites {
		var f, e, k int
		for _, c := range s.Cases {
			f, e, k = f+count(c.Failure), e+count(c.Error), k+count(c.Skipped)
		}
		if s.Tests != len(s.Cases) || s.Failures != f || s.Errors != e || s.Skipped != k {
			t.Errorf("a suite counts %d %d %d %d, it holds %d %d %d %d", s.Tests, s.Failures, s.Errors, s.Skipped, len(s.Cases), f, e, k)
		}
		if _, err := strconv.ParseFloat(s.Time, 64); err != nil {
			t.Error(err)
		}
		tests, failures, errs, skipped = tests+s.Tests, failures+f, errs+e, skipped+k
	}
	total := run.Total()
	if doc.Tests != len(run.Cases) || doc.Tests != tests || doc.Failures != failures || doc.Errors != errs {
		t.Errorf("the whole counts %d %d %d, its suites %d %d %d", doc.Tests, doc.Failures, doc.Errors, tests, failures, errs)
	}
	if failures != total.Failed+total.StaleWaiver || errs != total.Error+total.Blocked || skipped != total.Unsupported+total.NotRun {
		t.Errorf("failures %d, errors %d, skipped %d of %+v", failures, errs, skipped, total)
	}
}

func count(p *struct{}) int {
	if p != nil {
		return 1
	}
	return 0
}

func TestJUnitOfEveryVerdict(t *testing.T) {
	for v, want := range map[report.Verdict]string{
		report.Passed: "", report.Warned: "out warned", report.Waived: "out waived", report.Failed: "failure", report.StaleWaiver: "failure",
		report.Error: "error", report.Blocked: "error", report.Unsupported: "skipped", report.NotRun: "skipped",
	} {
		run := &report.Run{Cases: []report.Case{{ID: "oss/object/x", Dialect: "oss", Chapter: "object", Text: "a \x00 b", Verdict: v}}}
		c := readJUnit(t, run).Suites[0].Cases[0]
		got := ""
		switch {
		case c.Failure != nil:
			got = "failure"
		case c.Error != nil:
			got = "error"
		case c.Skipped != nil:
			got = "skipped"
		case c.Out != "":
			got = "out " + strings.SplitN(c.Out, ":", 2)[0]
		}
		if got != want || c.Name != "oss/object/x a \uFFFD b" {
			t.Errorf("%s: %q named %q, want %q", v, got, c.Name, want)
		}
	}
}
