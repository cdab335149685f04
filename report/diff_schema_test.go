package report_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"objectharness/report"
)

const diffSchema = "compare.schema.json"

func diffText(t *testing.T, d *report.Diff) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// followsDiffSchema fails where the JSON of a comparison does not follow its schema.
func followsDiffSchema(t *testing.T, name string, text []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schemaOf(t, diffSchema).Validate(doc); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// Every way in which runs can differ follows the schema: cases that come and go,
// replies and none, loads that one run lacks.
func TestComparisonsFollowTheirSchema(t *testing.T) {
	const p, f = report.Passed, report.Failed
	bare := answered(runOf(p, p), report.Behaviour{Status: 200}, report.Behaviour{Status: 204})
	for name, d := range map[string]*report.Diff{
		"whole":      large(t),
		"verdicts":   compare(t, runOf(p, p, f, "", report.Blocked, report.Waived), runOf(f, "", p, p, report.Error), runOf(report.NotRun, p, p, f, p, report.StaleWaiver)),
		"answers":    compare(t, bare, runOf(p, p), answered(runOf(p, p), report.Behaviour{Status: 404, Code: "NoSuchKey", Fields: []string{"etag"}}, report.Behaviour{})),
		"loads":      compare(t, loadRun(2), loadRun(1), runOf(p)),
		"empty runs": compare(t, &report.Run{}, &report.Run{}),
	} {
		followsDiffSchema(t, name, diffText(t, d))
	}
}

// The schema allows exactly the fields that there are.
func TestSchemaOfComparisonsIsStrict(t *testing.T) {
	s := schemaOf(t, diffSchema)
	text := diffText(t, large(t))
	first := func(m map[string]any, list string) map[string]any { return m[list].([]any)[0].(map[string]any) }
	for name, change := range map[string]func(map[string]any){
		"a missing field":   func(m map[string]any) { delete(m, "gate") },
		"an unknown field":  func(m map[string]any) { m["colour"] = "red" },
		"another version":   func(m map[string]any) { m["schema"] = 2 },
		"an unknown change": func(m map[string]any) { first(m, "cases")["change"] = "odd" },
		"a null list":       func(m map[string]any) { first(m, "cases")["clauses"] = nil },
		"one run":           func(m map[string]any) { m["runs"] = m["runs"].([]any)[:1] },
		"a day for a time":  func(m map[string]any) { first(m, "runs")["started"] = "2026-11-22" },
		"a wrong behaviour": func(m map[string]any) { first(m, "cases")["behaviours"].([]any)[0] = map[string]any{"status": "200"} },
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
