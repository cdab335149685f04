package main

import (
	"os"
	"testing"
)

// TestClients is the door for go test: every SDK, every step.
func TestClients(t *testing.T) {
	table, err := run(t.Context(), options{})
	table.Print(os.Stdout)
	if err != nil {
		t.Error(err)
	}
	for _, r := range table.Results {
		if r.Err != nil {
			t.Errorf("%s %s: %v", r.Subject, r.Step, r.Err)
		}
	}
}

// A refusal that a step does not ask for fails it, and so does one that never
// came, or that no clause bears out.
func TestJudged(t *testing.T) {
	refusal := arrived{Method: "GET", Status: 404, Code: "NoSuchKey", Rule: "object.missing", Documented: true}
	undocumented := refusal
	undocumented.Documented = false
	fine := arrived{Method: "GET", Status: 206}
	for _, x := range []struct {
		name string
		got  record
		r    Result
		ok   bool
	}{
		{"nothing is refused", record{Requests: []arrived{fine}}, Result{Step: "get-range"}, true},
		{"a sound step is refused", record{Requests: []arrived{fine, refusal}}, Result{Step: "get-range"}, false},
		{"the refusal that is asked for", record{Requests: []arrived{refusal}}, Result{Step: "get-missing-key"}, true},
		{"it never came", record{Requests: []arrived{fine}}, Result{Step: "get-missing-key"}, false},
		{"it need not, where the step was skipped", record{}, Result{Step: "get-missing-key", Skipped: true}, true},
		{"no clause bears it out", record{Requests: []arrived{undocumented}}, Result{Step: "get-missing-key"}, false},
		{"another code", record{Requests: []arrived{{Status: 403, Code: "AccessDenied", Documented: true}}}, Result{Step: "get-missing-key"}, false},
		{"not everything was recorded", record{Beyond: 1}, Result{Step: "list"}, false},
	} {
		if err := x.got.judged(x.r, dialects["s3"]); (err == nil) != x.ok {
			t.Errorf("%s: got %v, want it to pass: %v", x.name, err, x.ok)
		}
	}
}
