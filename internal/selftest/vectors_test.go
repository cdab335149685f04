package selftest

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"objectharness/suites"
	"objectharness/vectors"
)

// TestVectorCasesNotice proves the cases that ask no target: each is run with
// every step that its vector gives changed in turn, and must fail with each of
// its clauses and with the step named. An invalid one is run with another
// reason, an erratum with the right value as the printed one.
func TestVectorCasesNotice(t *testing.T) {
	sub := &suites.Subject{Now: now}
	sub.Private = func(context.Context, suites.Setup) (*suites.Subject, func(), error) { return nil, nil, nil }
	total := 0
	for _, load := range []func() ([]vectors.Vector, error){vectors.All, vectors.Documented, vectors.Own} {
		all, err := load()
		if err != nil {
			t.Fatal(err)
		}
		for i := range all {
			v := &all[i]
			noticed := func(step string) {
				total++
				c := suites.VectorCase("signing", v)
				out := suites.RunCase(t.Context(), sub, c)
				for _, id := range c.Clauses {
					if !names(out, id) || !strings.Contains(out.Broken[0].Expected, step) {
						t.Errorf("%s with another %s: %s", v.ID, step, verdict(out))
					}
				}
			}
			if out := suites.RunCase(t.Context(), sub, suites.VectorCase("signing", v)); verdict(out) != "passed" {
				t.Errorf("%s: %s", v.ID, verdict(out))
			}
			spoilSteps(v, noticed)
		}
	}
	t.Logf("%d changed steps", total)
}

// spoilSteps changes one thing at a time that a vector expects, calls try with
// its name, and puts it back.
func spoilSteps(v *vectors.Vector, try func(step string)) {
	e := reflect.ValueOf(&v.Expected).Elem()
	for i := range e.NumField() {
		name := e.Type().Field(i).Tag.Get("json")
		text, ok := e.Field(i).Interface().(*string)
		if !ok || text == nil || name == "url" { // a URL is named by its part
			continue
		}
		wrong := *text + "\x01"
		e.Field(i).Set(reflect.ValueOf(&wrong))
		if name == "signature" && v.Mode == "callback" && v.Credentials.PrivateKey == "" {
			name = "verify" // nobody but the service can make it
		}
		try(name)
		e.Field(i).Set(reflect.ValueOf(text))
	}
	if p := v.Presented; p != nil {
		kept := p.Reason
		p.Reason = map[bool]string{true: "expired", false: "clock-skew"}[kept == "clock-skew"]
		try("verify")
		p.Reason = kept
	}
	if p := v.Printed; p != nil {
		kept := p.Value
		p.Value = *v.Right()
		try("printed." + p.Field)
		p.Value = kept
	}
}
