package verdict

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"objectharness/internal/clause"
	"objectharness/report"
)

var today = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// registry has one clause for each row of the policy table.
func registry() *clause.Registry {
	make := func(id string, level clause.Level, confidence clause.Confidence) clause.Clause {
		return clause.Clause{ID: id, Dialect: "oss", Chapter: "object", Level: level, Confidence: confidence,
			Testable: clause.Anywhere, Severity: clause.Interop}
	}
	conflict := make("CONFLICT", clause.Must, clause.Documented)
	conflict.Accept = []clause.Answer{
		{Status: 400, Code: "InvalidArgument", Source: "page"},
		{Status: 409, Code: "Conflict", Value: "v", Source: "sdk test"},
		{Status: 5, Cases: []int{2}, Source: "later edition"},
	}
	superseded := make("SUPERSEDED", clause.Must, clause.Documented)
	superseded.SupersededBy = "edition 2021"
	superseded.Accept = []clause.Answer{{Status: 204, Source: "2019"}, {Status: 200, Source: "2021"}}
	choice := make("CHOICE", clause.Must, clause.Documented)
	choice.Accept = []clause.Answer{{Status: 400, Code: "X", Source: "our choice"}, {Status: 4, Source: "any refusal"}}
	lax := make("LAX", clause.Must, clause.Documented)
	lax.Accept = []clause.Answer{{Status: 403, Code: "Denied", Source: "page"}, {Status: 2, Source: "servers that skip the check"}}
	hidden := make("HIDDEN", clause.Must, clause.Documented)
	hidden.Testable = clause.EmulatorOnly
	hidden.Severity = clause.DataLoss
	return clause.NewRegistry([]string{"object"}, []clause.Clause{
		make("MUST", clause.Must, clause.Documented),
		make("AWS", clause.Must, clause.AWSValidated),
		make("SDKTEST", clause.Must, clause.SDKTest),
		make("SERVERS", clause.Must, clause.SeveralServers),
		make("SDKCODE", clause.Must, clause.SDKCode),
		make("SHOULD", clause.Should, clause.Documented),
		make("MAY", clause.May, clause.Documented),
		make("INFERRED", clause.Must, clause.Inferred),
		conflict, superseded, choice, lax, hidden,
	})
}

func judge(o Options, waivers ...Waiver) *Judge {
	return &Judge{Registry: registry(), Options: o, Waivers: waivers, Target: "staging", Today: today}
}

func one(clauses ...string) clause.Case {
	return clause.Case{ID: "oss/object/x", Dialect: "oss", Chapter: "object", Text: "does x", Clauses: clauses}
}

func status(id string, got int, code string) clause.Broken {
	return clause.Broken{Clause: id, What: clause.BrokenStatus, Expected: "200", Got: "other", GotStatus: got, GotCode: code}
}

func TestPolicy(t *testing.T) {
	embedded, foreign, strict := Options{}, Options{Foreign: true}, Options{Foreign: true, Strict: true}
	const f, w, p = report.Failed, report.Warned, report.Passed
	for _, tc := range []struct {
		clause                    string
		status                    int
		code                      string
		embedded, foreign, strict report.Verdict
	}{
		{"MUST", 500, "", f, f, f},
		{"AWS", 500, "", f, f, f},
		{"SDKTEST", 500, "", f, f, f},
		{"SERVERS", 500, "", f, f, f},
		{"SHOULD", 500, "", f, w, f},
		{"MAY", 500, "", f, w, w},
		{"INFERRED", 500, "", f, w, w},
		{"SDKCODE", 500, "", f, w, w},
		{"CONFLICT", 409, "Conflict", f, p, p},
		{"CONFLICT", 400, "InvalidArgument", f, p, p},
		{"CONFLICT", 409, "Other", f, f, f},
		{"CONFLICT", 409, "", f, p, p}, // HEAD has no code
		{"CONFLICT", 404, "Conflict", f, f, f},
		{"SUPERSEDED", 200, "", f, p, p},
		{"SUPERSEDED", 404, "", f, w, w},
		{"CHOICE", 403, "Any", f, p, p},
		{"CHOICE", 200, "", f, w, w},
		{"UNKNOWN", 500, "", f, f, f},
	} {
		o := clause.Outcome{Broken: []clause.Broken{status(tc.clause, tc.status, tc.code)}}
		for _, run := range []struct {
			name string
			o    Options
			want report.Verdict
		}{{"embedded", embedded, tc.embedded}, {"foreign", foreign, tc.foreign}, {"strict", strict, tc.strict}} {
			if got := judge(run.o).Case(one(tc.clause), o).Verdict; got != run.want {
				t.Errorf("%s %s answers %d %s: %s, want %s", run.name, tc.clause, tc.status, tc.code, got, run.want)
			}
		}
	}
}

func TestAcceptedReadingIsRecorded(t *testing.T) {
	o := clause.Outcome{Broken: []clause.Broken{status("CONFLICT", 409, "Conflict"), status("CONFLICT", 409, "Conflict")}}
	got := judge(Options{Foreign: true}).Case(one("CONFLICT"), o)
	want := []report.Accepted{{Clause: "CONFLICT", Status: "409", Code: "Conflict", Value: "v", Source: "sdk test"}}
	if got.Verdict != report.Passed || len(got.Broken) != 0 || !reflect.DeepEqual(got.Accepted, want) {
		t.Errorf("got %s, broken %v, accepted %v", got.Verdict, got.Broken, got.Accepted)
	}
}

// Where a server may do what the emulator refuses, that it is done follows; where
// both answers are a success, an effect that is missing is none of the readings.
func TestAcceptedSuccessHasItsEffect(t *testing.T) {
	foreign := judge(Options{Foreign: true})
	effect := clause.Broken{What: clause.BrokenEffect, Expected: "the object is as it was", GotStatus: 404}
	for id, want := range map[string]report.Verdict{"LAX": report.Passed, "SUPERSEDED": report.Warned} {
		effect.Clause = id
		o := clause.Outcome{Broken: []clause.Broken{status(id, 200, ""), effect}}
		if got := foreign.Case(one(id), o); got.Verdict != want {
			t.Errorf("%s: %s, want %s", id, got.Verdict, want)
		}
	}
	effect.Clause = "LAX"
	if got := foreign.Case(one("LAX"), clause.Outcome{Broken: []clause.Broken{effect}}); got.Verdict != report.Failed {
		t.Errorf("an effect after a refusal: %s", got.Verdict)
	}
}

func TestAcceptedReadingNeedsEveryAssertion(t *testing.T) {
	foreign := judge(Options{Foreign: true})
	for name, second := range map[string]clause.Broken{
		"another status":   status("CONFLICT", 404, ""),
		"no reply":         {Clause: "CONFLICT", What: clause.BrokenEffect},
		"no code in body":  {Clause: "CONFLICT", What: clause.BrokenCode, GotStatus: 409},
		"the other step":   {Clause: "CONFLICT", What: clause.BrokenStatus, GotStatus: 500, Step: 1},
		"the other clause": status("MUST", 409, "Conflict"),
	} {
		o := clause.Outcome{Broken: []clause.Broken{status("CONFLICT", 409, "Conflict"), second}}
		if got := foreign.Case(one("CONFLICT", "MUST"), o); got.Verdict != report.Failed {
			t.Errorf("%s: %s", name, got.Verdict)
		}
	}
	stepped := status("CONFLICT", 503, "")
	stepped.Step = 2
	if got := foreign.Case(one("CONFLICT"), clause.Outcome{Broken: []clause.Broken{stepped}}); got.Verdict != report.Passed {
		t.Errorf("the step that the answer is about: %s", got.Verdict)
	}
}

func TestNineVerdicts(t *testing.T) {
	broken := []clause.Broken{status("MUST", 500, "")}
	soft := []clause.Broken{status("MAY", 500, "")}
	waiver := Waiver{Target: "staging", Pattern: "oss/object/*", Reason: "known"}
	for _, tc := range []struct {
		name    string
		o       clause.Outcome
		waivers []Waiver
		want    report.Verdict
		message string
	}{
		{"nothing broken", clause.Outcome{}, nil, report.Passed, ""},
		{"a may", clause.Outcome{Broken: soft}, nil, report.Warned, ""},
		{"a must", clause.Outcome{Broken: broken}, nil, report.Failed, ""},
		{"a given", clause.Outcome{Blocked: "put"}, nil, report.Blocked, ""},
		{"waived", clause.Outcome{Broken: broken}, []Waiver{waiver}, report.Waived, ""},
		{"stale", clause.Outcome{}, []Waiver{waiver}, report.StaleWaiver, "remove the waiver"},
		{"absent feature", clause.Outcome{Unsupported: "no append"}, nil, report.Unsupported, "no append"},
		{"no role", clause.Outcome{NotRun: "no second account"}, nil, report.NotRun, "no second account"},
		{"no reply", clause.Outcome{Error: "reset"}, nil, report.Error, "reset"},
		{"a warning is not waived", clause.Outcome{Broken: soft}, []Waiver{waiver}, report.Warned, ""},
		{"waived, and another broken may", clause.Outcome{Broken: append(soft, broken...)}, []Waiver{waiver}, report.Waived, ""},
		{"failed before the error", clause.Outcome{Broken: broken, Error: "reset"}, nil, report.Failed, ""},
		{"warned before the error", clause.Outcome{Broken: soft, Error: "reset"}, nil, report.Error, "reset"},
		{"waived before a block", clause.Outcome{Broken: broken, Blocked: "get"}, []Waiver{waiver}, report.Blocked, ""},
		{"blocked although waived", clause.Outcome{Blocked: "put"}, []Waiver{waiver}, report.Blocked, ""},
		{"not run although waived", clause.Outcome{NotRun: "gone"}, []Waiver{waiver}, report.NotRun, "gone"},
	} {
		got := judge(Options{Foreign: true}, tc.waivers...).Case(one("MUST", "MAY"), tc.o)
		if got.Verdict != tc.want || !strings.Contains(got.Message, tc.message) {
			t.Errorf("%s: %s %q, want %s %q", tc.name, got.Verdict, got.Message, tc.want, tc.message)
		}
	}
}

func TestWaivers(t *testing.T) {
	day := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	broken := []clause.Broken{status("MUST", 500, "")}
	for _, tc := range []struct {
		name   string
		w      Waiver
		broken []clause.Broken
		want   report.Verdict
	}{
		{"by case", Waiver{Pattern: "oss/object/x"}, broken, report.Waived},
		{"by clause", Waiver{Pattern: "MUST"}, broken, report.Waived},
		{"by pattern", Waiver{Target: "*", Pattern: "oss/*/x"}, broken, report.Waived},
		{"another clause", Waiver{Pattern: "AWS"}, broken, report.Failed},
		{"another case", Waiver{Pattern: "oss/object/y"}, broken, report.Failed},
		{"another target", Waiver{Target: "production", Pattern: "MUST"}, broken, report.Failed},
		{"last day", Waiver{Pattern: "MUST", Expires: day}, broken, report.Waived},
		{"expired", Waiver{Pattern: "MUST", Expires: day.AddDate(0, 0, -1)}, broken, report.Failed},
		{"one of two clauses", Waiver{Pattern: "MUST"}, append(broken, status("AWS", 500, "")), report.Failed},
		{"stale by clause", Waiver{Pattern: "AWS"}, nil, report.StaleWaiver},
		{"expired and passed", Waiver{Pattern: "MUST", Expires: day.AddDate(0, 0, -1)}, nil, report.Passed},
		{"bad pattern", Waiver{Pattern: "["}, broken, report.Failed},
	} {
		got := judge(Options{}, tc.w).Case(one("MUST", "AWS"), clause.Outcome{Broken: tc.broken})
		if got.Verdict != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got.Verdict, tc.want)
		}
		if carries := got.Waiver != nil; carries != (tc.want == report.Waived || tc.want == report.StaleWaiver) && tc.name != "one of two clauses" {
			t.Errorf("%s: waiver in the case: %v", tc.name, got.Waiver)
		}
	}
}

func TestIdleWaivers(t *testing.T) {
	j := judge(Options{},
		Waiver{Pattern: "MUST"}, Waiver{Target: "staging", Pattern: "oss/object/*"}, Waiver{Pattern: "NONE"},
		Waiver{Pattern: "MUST", Expires: today.AddDate(0, 0, -2)},
		Waiver{Target: "production", Pattern: "NONE"}, Waiver{Target: "production", Pattern: "MUST"})
	got := j.Idle([]report.Case{{ID: "oss/object/x", Clauses: []string{"MUST"}}}, []string{"oss/object/x", "MUST", "NONE"})
	want := []string{
		`the waiver of "NONE" matches no case and no clause of this run`,
		`waivers of the target "production" do not count: this run's target is called "staging"`,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("idle waivers %q, want %q", got, want)
	}
}

func TestWeight(t *testing.T) {
	j := judge(Options{})
	for _, tc := range []struct {
		clauses         []string
		level, severity string
	}{
		{[]string{"MAY", "SHOULD"}, "should", "interop"},
		{[]string{"MAY", "HIDDEN"}, "must", "data-loss"},
		{[]string{"UNKNOWN"}, "", ""},
	} {
		if level, severity := j.weight(tc.clauses); level != tc.level || severity != tc.severity {
			t.Errorf("%v: %s %s", tc.clauses, level, severity)
		}
	}
}
