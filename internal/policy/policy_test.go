package policy

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/quick"
	"time"
)

var now = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)

const begin = `{"expiration":"2026-02-03T05:00:00Z","conditions":[`

// TestCheck holds forms to conditions.
func TestCheck(t *testing.T) {
	form := Form{"bucket": "b", "key": "user/a", "content-type": "image/png"}
	for _, c := range []struct {
		conditions string
		grammar    Grammar
		want       Reason
	}{
		{`{"key":"user/a"}`, Grammar{}, ""},
		{`["eq","$KEY","user/a"]`, Grammar{}, ""},
		{`["EQ","$key","user/a"]`, Grammar{}, ""},
		{`{"key":"user/A"}`, Grammar{}, NotEqual},
		{`{"key":"user/*"}`, Grammar{}, NotEqual},
		{`{"key":"user/*"}`, Grammar{Wildcard: true}, ""},
		{`{"key":"use*"},{"key":"x*"}`, Grammar{Wildcard: true}, NoPrefix},
		{`["starts-with","$key","user/"]`, Grammar{}, ""},
		{`["starts-with","$key","a"]`, Grammar{}, NoPrefix},
		{`["starts-with","$acl",""]`, Grammar{}, ""},
		{`["starts-with","$acl",""]`, Grammar{Present: true}, Absent},
		{`["eq","key","user/a"]`, Grammar{Late: true}, NoDollar},
		{`["content-length-range","x",1]`, Grammar{Late: true}, BadRange},
		{`{"key":"user/a"}`, Grammar{Covered: true}, Uncovered},
		{`{"key":"user/a"},{"bucket":"b"},["starts-with","$Content-Type",""]`, Grammar{Covered: true}, ""},
		{`{"q-sign-time":"user/a"}`, Grammar{Alias: map[string]string{"q-sign-time": "key"}}, ""},
	} {
		p, wrong := Parse([]byte(begin+c.conditions+"]}"), &c.grammar)
		if len(wrong) > 0 {
			t.Errorf("%s: %v", c.conditions, wrong[0])
			continue
		}
		if no := p.Check(form, now, nil); reasonOf(no) != c.want {
			t.Errorf("%s: refused for %q, want %q", c.conditions, reasonOf(no), c.want)
		}
	}
}

func reasonOf(r *Refusal) Reason {
	if r == nil {
		return ""
	}
	return r.Reason
}

// TestExpiration holds forms to the expiration, to the second and below.
func TestExpiration(t *testing.T) {
	for text, want := range map[string]Reason{
		"2026-02-03T04:05:07Z": "", "2026-02-03T04:05:06Z": Expired, "2026-02-03T04:05:05Z": Expired,
		"2026-02-03T04:05:06.001Z": "", "2026-02-03T04:05:06.000Z": Expired,
	} {
		p, wrong := Parse([]byte(`{"expiration":"`+text+`","conditions":[]}`), &Grammar{Fraction: true})
		if len(wrong) > 0 || reasonOf(p.Check(nil, now, nil)) != want {
			t.Errorf("%s: %v, refused for %q, want %q", text, wrong, reasonOf(p.Check(nil, now, nil)), want)
		}
	}
	for _, text := range []string{"2026-02-03T04:05:06", "2026-02-03 04:05:06Z", "2026-02-30T04:05:06Z", "2026-02-03T04:05:06+08:00", "", "2026-02-03T04:05:06,5Z"} {
		if _, wrong := Parse([]byte(`{"expiration":"`+text+`","conditions":[]}`), &Grammar{Fraction: true}); len(wrong) != 1 || wrong[0].Reason != BadExpiration {
			t.Errorf("%q: got %v, want it refused as no expiration", text, wrong)
		}
	}
	if _, wrong := Parse([]byte(`{"expiration":"2026-02-03T04:05:06.5Z","conditions":[]}`), &Grammar{}); len(wrong) != 1 {
		t.Errorf("a fraction: got %v, want it refused where the grammar has none", wrong)
	}
}

// TestParse names what is wrong with documents, and where.
func TestParse(t *testing.T) {
	exact := func(field string) bool { return field == "bucket" }
	for _, c := range []struct {
		text    string
		grammar Grammar
		want    string // of the first refusal, its beginning
	}{
		{"", Grammar{}, "policy: policy.json: line 1: document"},
		{"\xff", Grammar{}, "policy: policy.utf-8: document"},
		{"[]", Grammar{}, "policy: policy.json"},
		{begin + "]}{}", Grammar{}, "policy: policy.json"},
		{begin + "\n\n,]}", Grammar{}, "policy: policy.json: line 3"},
		{`{"conditions":[]}`, Grammar{}, "policy: policy.no-expiration"},
		{`{"expiration":"2026-02-03T05:00:00Z"}`, Grammar{Required: []string{"q-ak"}}, "policy: policy.no-conditions"},
		{begin + `],"more":1}`, Grammar{}, "policy: policy.member: line 1: document: got \"more\""},
		{begin + `],"conditions":[]}`, Grammar{}, "policy: policy.member: line 1: document"},
		{begin + "\n1]}", Grammar{}, "policy: policy.condition: line 2: conditions[0]"},
		{begin + "{},\n{\"a\":1}]}", Grammar{}, "policy: policy.properties: line 1: conditions[0]"},
		{begin + `{"a":"1","a":"1"}]}`, Grammar{}, "policy: policy.properties"},
		{begin + `{"a":null}]}`, Grammar{}, "policy: policy.condition"},
		{begin + `[]]}`, Grammar{}, "policy: policy.arguments"},
		{begin + `["ne","$a","b"]]}`, Grammar{}, "policy: policy.operator"},
		{begin + `["eq","$a"]]}`, Grammar{}, "policy: policy.arguments"},
		{begin + `["eq","a","b"]]}`, Grammar{}, "policy: policy.condition"},
		{begin + `["content-length-range",2,1]]}`, Grammar{}, "policy: policy.condition"},
		{begin + `["content-length-range","1","2"]]}`, Grammar{}, "policy: policy.condition"},
		{begin + `["content-length-range",-1,9223372036854775808]]}`, Grammar{}, "policy: policy.condition"},
		{begin + `["starts-with","$Bucket",""]]}`, Grammar{Exact: exact}, "policy: policy.exact-only"},
		{begin + `["starts-with","$q-ak","x"]]}`, Grammar{Required: []string{"q-ak"}}, "policy: policy.required: line 1: conditions"},
		{begin + `{"key":"a\$b"}]}`, Grammar{}, "policy: policy.json"},
	} {
		_, wrong := Parse([]byte(c.text), &c.grammar)
		if len(wrong) == 0 || !strings.HasPrefix(wrong[0].Error(), c.want) {
			t.Errorf("%q: got %v, want %s", c.text, wrong, c.want)
		}
	}
}

// TestSize holds files to ranges, at both edges and beyond.
func TestSize(t *testing.T) {
	p, wrong := Parse([]byte(begin+`["content-length-range","5",10]]}`), &Grammar{Digits: true})
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	for size, want := range map[int64]Reason{0: TooSmall, 4: TooSmall, 5: "", 10: "", 11: TooLarge} {
		if no := p.CheckSize(size, nil); reasonOf(no) != want {
			t.Errorf("%d bytes: refused for %q, want %q", size, reasonOf(no), want)
		}
	}
}

// TestDollar reads the escapes of a policy.
func TestDollar(t *testing.T) {
	for text, want := range map[string]string{`a\$b`: "a$b", `\\$`: `\$`, `\u0024\/\"\t`: "$/\"\t", "€": "€"} {
		p, wrong := Parse([]byte(begin+`{"key":"`+text+`"}]}`), &Grammar{Dollar: true})
		if len(wrong) > 0 || p.Conditions[0].Value != want {
			t.Errorf("%s: got %v %v, want %q", text, p.Conditions, wrong, want)
		}
	}
}

// TestFormsUnderTheirOwnPolicy holds for any form: a policy that names each of
// its fields takes it, and no longer when a byte of one changes.
func TestFormsUnderTheirOwnPolicy(t *testing.T) {
	holds := func(key, value string, at uint8) bool {
		key, value = strings.ToValidUTF8(key, "?"), strings.ToValidUTF8(value, "?")
		form := Form{"bucket": "b", "key": key, "x-amz-meta-a": value}
		p, wrong := Parse([]byte(policyFor(t, form)), &Grammar{Covered: true})
		if len(wrong) > 0 || p.Check(form, now, nil) != nil {
			return false
		}
		for name := range form {
			other := Form{"bucket": "b", "key": key, "x-amz-meta-a": value}
			other[name] += "x"
			if reasonOf(p.Check(other, now, nil)) != NotEqual {
				return false
			}
		}
		form[fmt.Sprint("more", at)] = ""
		return reasonOf(p.Check(form, now, nil)) == Uncovered
	}
	if err := quick.Check(holds, nil); err != nil {
		t.Error(err)
	}
}

func policyFor(t testing.TB, form Form) string {
	var conditions []any
	for i, name := range sorted(form) {
		if i%2 == 0 {
			conditions = append(conditions, map[string]string{name: form[name]})
		} else {
			conditions = append(conditions, []string{"eq", "$" + name, form[name]})
		}
	}
	text, err := json.MarshalIndent(map[string]any{"expiration": "2026-02-03T05:00:00Z", "conditions": conditions}, " ", "\t")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// FuzzParse holds for any document: what is wrong has a place, and what is not
// wrong can be checked.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{begin + `["eq","$key","a\$b"],{"a":"b*"},["content-length-range",1,2]]}`, "{", `{"conditions":[[[[]]]]}`, "\xff"} {
		f.Add(seed)
	}
	grammars := []*Grammar{{}, {Fraction: true, Dollar: true, Digits: true, Late: true, Covered: true}, {Wildcard: true, Present: true, Required: []string{"q-ak"}}}
	f.Fuzz(func(t *testing.T, text string) {
		for _, g := range grammars {
			p, wrong := Parse([]byte(text), g)
			for _, w := range wrong {
				if w.Place == "" || w.Want == "" || w.Error() == "" {
					t.Errorf("%q: %+v does not say where and what was expected", text, w)
				}
			}
			p.Check(Form{"key": "a"}, now, nil)
			p.CheckSize(1, nil)
			if len(p.Conditions) > MaxConditions {
				t.Errorf("%d conditions", len(p.Conditions))
			}
		}
	})
}
