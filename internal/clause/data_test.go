package clause

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

var two = map[string]string{"OSS-X-01": "oss", "OSS-X-02": "oss", "COS-Y-01": "cos"}

const rule = "- rule: append.position\n  kind: refusal\n  text: the position is the length\n  oss: [OSS-X-01, OSS-X-02]\n  cos: [COS-Y-01]\n"

func TestRules(t *testing.T) {
	got, err := parseRules(fstest.MapFS{"rules/append.yaml": {Data: []byte(rule)}}, "rules", two)
	want := []Rule{{Name: "append.position", Kind: "refusal", Chapter: "append", Text: "the position is the length",
		By: map[string][]string{"oss": {"OSS-X-01", "OSS-X-02"}, "cos": {"COS-Y-01"}}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestRuleErrors(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"unknown dialect", rule + "  gcs: [x]\n", "append.yaml:6: gcs: unknown field in a rule"},
		{"unknown clause", strings.Replace(rule, "COS-Y-01", "COS-Y-99", 1), `append.yaml:5: cos: expected the id of a clause of cos, got "COS-Y-99"`},
		{"clause of another dialect", strings.Replace(rule, "COS-Y-01", "OSS-X-01", 1), "append.yaml:5: cos: expected the id"},
		{"clause twice", strings.Replace(rule, "OSS-X-02", "OSS-X-01", 1), "append.yaml:4: oss: OSS-X-01 stands there twice"},
		{"duplicate rule", rule + rule, "append.yaml:6: rule: append.position is there already, at rules/append.yaml:1"},
		{"bad kind", strings.Replace(rule, "refusal", "mood", 1), "append.yaml:2: kind: expected one of"},
		{"bad name", strings.Replace(rule, "append.position", "Append", 1), "append.yaml:1: rule: expected lower-case words"},
		{"no clause", "- {rule: a.b, kind: value, text: t}\n", "append.yaml:1: rule: a.b names no clause"},
		{"no text", strings.Replace(rule, "  text: the position is the length\n", "", 1), "append.yaml:1: text: missing"},
	} {
		_, err := parseRules(fstest.MapFS{"rules/append.yaml": {Data: []byte(tc.text)}}, "rules", two)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q in it", tc.name, err, tc.want)
		}
	}
}

func TestDeviations(t *testing.T) {
	if got := Deviations("refusal"); !reflect.DeepEqual(got, []string{"accept", "code", "status"}) {
		t.Errorf("refusal: %v", got)
	}
	for _, kind := range RuleKinds() {
		if len(Deviations(kind)) == 0 {
			t.Errorf("%s cannot be broken", kind)
		}
	}
	if got := Deviations("mood"); len(got) != 0 {
		t.Errorf("an unknown kind: %v", got)
	}
}

func TestGaps(t *testing.T) {
	read := func(text string) ([]Gap, error) {
		return parseGaps(fstest.MapFS{"gaps.yaml": {Data: []byte(text)}}, "gaps.yaml", two)
	}
	got, err := read("- {id: OSS-X-01, reason: needs-kms, note: n}\n")
	if want := []Gap{{"OSS-X-01", "needs-kms", "n"}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	for text, want := range map[string]string{
		"- {id: OSS-X-09, reason: needs-kms}\n": `gaps.yaml:1: id: no clause is called "OSS-X-09"`,
		"- {id: OSS-X-01, reason: lazy}\n":      "gaps.yaml:1: reason: expected one of",
		"- {id: OSS-X-01}\n":                    "gaps.yaml:1: reason: missing in a gap",
		"- {id: OSS-X-01, reason: needs-kms}\n- {id: OSS-X-01, reason: needs-kms}\n": "gaps.yaml:2: id: OSS-X-01 stands there twice",
	} {
		if _, err := read(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q in it", text, err, want)
		}
	}
}

const someMap = `chapters: [object, acl]
topics:
  OSS-X: object
clauses:
  acl: [OSS-X-02]
inferred: [OSS-X-01]
severity_rules:
- {chapters: [acl], kinds: [permission], levels: [must, should], is: security}
- is: interop
severity:
  data-loss: [OSS-X-03]
`

func someClauses() []Clause {
	return []Clause{
		{ID: "OSS-X-01", Level: Must, Kind: "permission", Confidence: Documented},
		{ID: "OSS-X-02", Level: Should, Kind: "permission", Confidence: Documented},
		{ID: "OSS-X-03", Level: Must, Kind: "header", Confidence: Documented},
	}
}

func TestAssign(t *testing.T) {
	all := someClauses()
	order, err := assign(fstest.MapFS{"chapters.yaml": {Data: []byte(someMap)}}, "chapters.yaml", all)
	if err != nil || !reflect.DeepEqual(order, []string{"object", "acl"}) {
		t.Fatalf("chapters %v, %v", order, err)
	}
	for i, want := range []Clause{
		{Chapter: "object", Severity: Interop, Confidence: Inferred},
		{Chapter: "acl", Severity: Security, Confidence: Documented},
		{Chapter: "object", Severity: DataLoss, Confidence: Documented},
	} {
		c := all[i]
		if c.Chapter != want.Chapter || c.Severity != want.Severity || c.Confidence != want.Confidence {
			t.Errorf("%s: chapter %s, severity %s, confidence %s", c.ID, c.Chapter, c.Severity, c.Confidence)
		}
	}
}

func TestAssignErrors(t *testing.T) {
	for _, tc := range []struct{ name, old, new, want string }{
		{"unknown chapter", "acl: [OSS-X-02]", "sale: [OSS-X-02]", `chapters.yaml:5: chapter: expected one of [object acl], got "sale"`},
		{"unknown clause", "OSS-X-02", "OSS-X-09", `chapters.yaml:5: clauses: no clause or topic is called "OSS-X-09"`},
		{"unknown topic", "OSS-X: object", "OSS-Q: object", `chapters.yaml:3: topics: no clause or topic is called "OSS-Q"`},
		{"clause twice", "acl: [OSS-X-02]", "acl: [OSS-X-02, OSS-X-02]", "chapters.yaml:5: clauses: OSS-X-02 is in chapter acl already"},
		{"unknown severity", "data-loss:", "bad:", "chapters.yaml:11: severity: expected one of"},
		{"no severity", "- is: interop\n", "", "chapters.yaml:1: OSS-X: topic of OSS-X-01 has no chapter"},
		{"topic without a chapter", "  OSS-X: object\n", "  OSS-X-01: object\n", "has no chapter"},
	} {
		text := strings.Replace(someMap, tc.old, tc.new, 1)
		_, err := assign(fstest.MapFS{"chapters.yaml": {Data: []byte(text)}}, "chapters.yaml", someClauses())
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q in it", tc.name, err, tc.want)
		}
	}
}
