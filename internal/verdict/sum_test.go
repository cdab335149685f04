package verdict

import (
	"reflect"
	"testing"
	"time"

	"objectharness/internal/clause"
	"objectharness/report"
)

func plan(ids ...string) []clause.Case {
	var all []clause.Case
	for _, id := range ids {
		all = append(all, clause.Case{ID: "oss/object/" + id, Dialect: "oss", Chapter: "object", Clauses: []string{id}})
	}
	return all
}

func TestAllNamesWhatDidNotRun(t *testing.T) {
	cases := judge(Options{}).All(plan("MUST", "MAY"), map[string]clause.Outcome{"oss/object/MUST": {}}, "the target is gone")
	if len(cases) != 2 || cases[0].Verdict != report.Passed || cases[1].Verdict != report.NotRun || cases[1].Message != "the target is gone" {
		t.Errorf("got %+v", cases)
	}
}

func TestClausesTakeTheWorstConclusion(t *testing.T) {
	cases := []report.Case{
		{ID: "a", Clauses: []string{"MUST", "AWS"}, Verdict: report.Failed, Broken: []report.Broken{{Clause: "MUST", Verdict: report.Failed}}},
		{ID: "b", Clauses: []string{"MUST", "SHOULD"}, Verdict: report.Passed},
		{ID: "c", Clauses: []string{"SHOULD", "MAY"}, Verdict: report.Blocked},
		{ID: "d", Clauses: []string{"MAY"}, Verdict: report.NotRun},
		{ID: "e", Clauses: []string{"INFERRED"}, Verdict: report.StaleWaiver},
		{ID: "f", Clauses: []string{"SDKTEST"}, Verdict: report.Waived, Broken: []report.Broken{
			{Clause: "SDKTEST", Verdict: report.Warned}, {Clause: "SDKTEST", Verdict: report.Waived}}},
	}
	got := map[string]report.Clause{}
	for _, c := range Clauses(registry(), cases, "oss") {
		got[c.ID] = c
	}
	for id, want := range map[string]report.Verdict{
		"MUST": report.Failed, "AWS": report.Passed, "SHOULD": report.Passed, "MAY": report.Blocked,
		"INFERRED": report.StaleWaiver, "SDKTEST": report.Waived, "HIDDEN": report.NotRun,
	} {
		if got[id].Verdict != want {
			t.Errorf("%s: %s, want %s", id, got[id].Verdict, want)
		}
	}
	if want := []string{"a", "b"}; !reflect.DeepEqual(got["MUST"].Cases, want) || len(got["HIDDEN"].Cases) != 0 {
		t.Errorf("cases of MUST %v, of HIDDEN %v", got["MUST"].Cases, got["HIDDEN"].Cases)
	}
	if len(Clauses(registry(), cases, "cos")) != 0 {
		t.Error("another dialect has clauses")
	}
}

func TestSummaryCountsOnlyConclusionsAsCoverage(t *testing.T) {
	outcomes := map[string]clause.Outcome{
		"oss/object/MUST":       {},
		"oss/object/AWS":        {Broken: []clause.Broken{status("AWS", 500, "")}},
		"oss/object/MAY":        {Broken: []clause.Broken{status("MAY", 500, "")}},
		"oss/object/SDKTEST":    {Broken: []clause.Broken{status("SDKTEST", 500, "")}},
		"oss/object/SERVERS":    {},
		"oss/object/SHOULD":     {Blocked: "put"},
		"oss/object/INFERRED":   {Unsupported: "no"},
		"oss/object/CONFLICT":   {Error: "reset"},
		"oss/object/SUPERSEDED": {NotRun: "role"},
		"oss/object/HIDDEN":     {},
	}
	names := []string{"MUST", "AWS", "MAY", "SDKTEST", "SERVERS", "SHOULD", "INFERRED", "CONFLICT", "SUPERSEDED", "HIDDEN"}
	j := judge(Options{Foreign: true}, Waiver{Pattern: "SDKTEST"}, Waiver{Pattern: "SERVERS"})
	cases := j.All(plan(names...), outcomes, "")
	clauses := Clauses(registry(), cases, "oss")
	got := Summary(cases, clauses, true, "oss", "cos")
	want := map[string]report.Summary{
		"oss": {Passed: 2, Failed: 1, Warned: 1, Waived: 1, StaleWaiver: 1, Blocked: 1, Unsupported: 1, Error: 1, NotRun: 1,
			ClausesTestable: 12, ClausesCovered: 5}, // HIDDEN shows on the emulator only
		"cos": {},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("foreign: got %+v", got)
	}
	own := Summary(cases, clauses, false)["oss"]
	if own.ClausesTestable != 13 || own.ClausesCovered != 6 {
		t.Errorf("embedded: %d testable, %d covered", own.ClausesTestable, own.ClausesCovered)
	}
}

func TestExit(t *testing.T) {
	cases := func(all ...report.Verdict) []report.Case {
		var out []report.Case
		for _, v := range all {
			out = append(out, report.Case{Verdict: v})
		}
		return out
	}
	const p, f = report.Passed, report.Failed
	for _, tc := range []struct {
		name  string
		cases []report.Case
		end   Ending
		want  int
	}{
		{"all passed", cases(p, p), Ending{}, 0},
		{"warned", cases(p, report.Warned), Ending{}, 0},
		{"waived", cases(p, report.Waived), Ending{}, 0},
		{"unsupported only", cases(report.Unsupported), Ending{}, 0},
		{"some not run", cases(p, report.NotRun), Ending{}, 0},
		{"failed", cases(p, f), Ending{}, 1},
		{"stale waiver", cases(p, report.StaleWaiver), Ending{}, 1},
		{"gate", cases(p), Ending{Gate: "baseline"}, 1},
		{"nothing selected", nil, Ending{}, 2},
		{"usage", cases(p), Ending{Usage: "flag"}, 2},
		{"error", cases(p, report.Error), Ending{}, 3},
		{"blocked alone", cases(p, report.Blocked), Ending{}, 3},
		{"blocked by a failure", cases(f, report.Blocked), Ending{}, 1},
		{"target gone", cases(p), Ending{TargetGone: "no reply"}, 3},
		{"preflight", nil, Ending{TargetGone: "no reply"}, 3},
		{"none could run", cases(report.NotRun, report.NotRun), Ending{}, 3},
		{"interrupted", cases(p), Ending{Interrupted: true}, 130},
		{"130 before 3", cases(report.Error), Ending{Interrupted: true, TargetGone: "x"}, 130},
		{"3 before 1", cases(f, report.Error), Ending{}, 3},
		{"3 before 1, gone", cases(f), Ending{TargetGone: "x"}, 3},
		{"1 before 2", cases(f), Ending{Usage: "x"}, 1},
		{"gate before 2", nil, Ending{Gate: "x"}, 1},
		{"3 before 2", nil, Ending{TargetGone: "x", Usage: "y"}, 3},
	} {
		code, reason := Exit(tc.cases, tc.end)
		if code != tc.want || reason == "" {
			t.Errorf("%s: %d %q, want %d", tc.name, code, reason, tc.want)
		}
	}
}

// A run that was cut short or broke off does not hide what it found.
func TestReasonSaysWhatFailed(t *testing.T) {
	cases := func(all ...report.Verdict) (out []report.Case) {
		for _, v := range all {
			out = append(out, report.Case{Verdict: v})
		}
		return out
	}
	const p, f, e, n = report.Passed, report.Failed, report.Error, report.NotRun
	for _, tc := range []struct {
		cases []report.Case
		end   Ending
		want  string
	}{
		{cases(p, n), Ending{Interrupted: true}, "1 of 2 cases not run"},
		{cases(f, f, n), Ending{Interrupted: true}, "1 of 3 cases not run; 2 cases failed"},
		{cases(p, f), Ending{TargetGone: "no reply"}, "no reply; 1 case failed"},
		{cases(p, n), Ending{TargetGone: "no reply"}, "no reply"},
		{cases(f, e, report.StaleWaiver), Ending{}, "1 case ended in an error of the harness or the network; 1 case failed, 1 passed although waived"},
		{cases(f, p), Ending{}, "1 case failed"},
	} {
		if _, reason := Exit(tc.cases, tc.end); reason != tc.want {
			t.Errorf("%q, want %q", reason, tc.want)
		}
	}
}

func TestEvidence(t *testing.T) {
	o := clause.Outcome{
		Duration: 1500 * time.Microsecond, Curl: "curl",
		Divergence: &clause.Divergence{Step: "string to sign", Ours: "a", Theirs: "b", At: 0},
		Exchanges: []clause.Exchange{{
			Step:    "put",
			Request: clause.Message{Method: "PUT", Target: "/k", Fields: [][2]string{{"a", "b"}}, Body: []byte("h\xc3"), Length: 9, SHA256: "00"},
			Reply:   &clause.Message{Status: 200, Body: []byte{0, 1}, Length: 2},
		}, {Step: "get", Note: "reset"}},
	}
	got := judge(Options{}).Case(one("MUST"), o)
	want := []report.Exchange{{
		Step: "put", Times: 1,
		Request: report.Request{Method: "PUT", Target: "/k", Fields: [][2]string{{"a", "b"}}, Body: &report.Body{Text: "h", Cut: true, Length: 9, SHA256: "00"}},
		Reply:   &report.Reply{Status: 200, Body: &report.Body{Base64: "AAE=", Length: 2}},
	}, {Step: "get", Note: "reset", Times: 1}}
	if !reflect.DeepEqual(got.Exchanges, want) {
		t.Errorf("exchanges %+v", got.Exchanges)
	}
	if got.DurationMS != 1.5 || got.Curl != "curl" || got.Divergence.Step != "string to sign" {
		t.Errorf("got %+v", got)
	}
}
