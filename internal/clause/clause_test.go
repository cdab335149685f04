package clause

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

func mustLoad(t testing.TB) *Registry {
	t.Helper()
	r, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPackedEqualsCatalogue(t *testing.T) {
	all, order, err := parse(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	r := mustLoad(t)
	if !reflect.DeepEqual(order, r.Chapters()) {
		t.Errorf("chapters: packed %v, in YAML %v: run go generate ./internal/clause", r.Chapters(), order)
	}
	if len(all) != len(r.All()) {
		t.Fatalf("clauses: %d packed, %d in YAML: run go generate ./internal/clause", len(r.All()), len(all))
	}
	for i := range all {
		if !reflect.DeepEqual(all[i], r.All()[i]) {
			t.Fatalf("%s: packed and YAML differ: run go generate ./internal/clause\n%+v\n%+v", all[i].ID, r.All()[i], all[i])
		}
	}
}

// The catalogue may grow; an id never leaves it.
func TestRegistryIsWhole(t *testing.T) {
	r := mustLoad(t)
	count := map[string]int{}
	for _, c := range r.All() {
		count[c.Dialect]++
	}
	for dialect, atLeast := range map[string]int{"oss": 1175, "cos": 775, "bos": 611, "s3": 632} {
		if count[dialect] < atLeast {
			t.Errorf("%s: %d clauses, expected at least %d", dialect, count[dialect], atLeast)
		}
	}
	if first, last := r.All()[0].Dialect, r.All()[len(r.All())-1].Dialect; first != "oss" || last != "s3" {
		t.Errorf("the registry begins with %s and ends with %s", first, last)
	}
	c := r.Get("OSS-APPEND-06")
	if c == nil || c.Dialect != "oss" || c.Chapter != "append" || c.Topic() != "OSS-APPEND" {
		t.Errorf("OSS-APPEND-06 = %+v", c)
	}
	if r.Get("OSS-NONE-01") != nil {
		t.Error("an unknown id has a clause")
	}
}

func TestChaptersHoldEveryClauseOnce(t *testing.T) {
	r := mustLoad(t)
	total := 0
	for _, dialect := range Dialects() {
		for _, chapter := range r.Chapters() {
			for _, c := range r.Chapter(dialect, chapter) {
				if c.Chapter != chapter || c.Dialect != dialect {
					t.Errorf("%s of %s/%s stands in %s/%s", c.ID, c.Dialect, c.Chapter, dialect, chapter)
				}
				total++
			}
		}
	}
	if total != len(r.All()) {
		t.Errorf("chapters hold %d clauses of %d", total, len(r.All()))
	}
}

func TestDataFilesLoad(t *testing.T) {
	if _, err := Rules(); err != nil {
		t.Error(err)
	}
	if _, err := Gaps(); err != nil {
		t.Error(err)
	}
}

const sound = `- id: OSS-X-01
  source: s
  operation: o
  level: must
  kind: status
  clause: c
  given: g
  when: w
  then: t
  testable: "yes"
`

func TestCatalogueErrors(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"unknown field", sound + "  colour: red\n", "oss.yaml:11: colour: unknown field in a clause"},
		{"missing field", strings.Replace(sound, "  when: w\n", "", 1), "oss.yaml:1: when: missing in a clause"},
		{"empty field", strings.Replace(sound, "when: w", `when: ""`, 1), "oss.yaml:8: when: expected text that is not empty"},
		{"bad level", strings.Replace(sound, "must", "muss", 1), `oss.yaml:4: level: expected one of [must should may], got "muss"`},
		{"bad kind", strings.Replace(sound, "kind: status", "kind: stat", 1), "oss.yaml:5: kind: expected one of"},
		{"bad testable", strings.Replace(sound, `"yes"`, "maybe", 1), "oss.yaml:10: testable: expected one of"},
		{"bad confidence", sound + "  confidence: sure\n", "oss.yaml:11: confidence: expected one of"},
		{"bad id", strings.Replace(sound, "OSS-X-01", "oss.x.1", 1), `oss.yaml:1: id: expected DIALECT-TOPIC-NN`},
		{"duplicate id", sound + sound, "oss.yaml:11: id: OSS-X-01 is there already, at catalogue/oss.yaml:1"},
		{"field twice", sound + "  level: may\n", "oss.yaml:11: level: given twice"},
		{"accept without status", sound + "  accept:\n  - source: x\n", "oss.yaml:12: status: missing in an accept entry"},
		{"accept without source", sound + "  accept:\n  - status: 400\n", "oss.yaml:12: source: missing in an accept entry"},
		{"accept with a bad status", sound + "  accept:\n  - {status: 4x, source: x}\n", "oss.yaml:12: status: expected a status"},
		{"accept with bad cases", sound + "  accept:\n  - {status: 400, source: x, cases: [0]}\n", "oss.yaml:12: cases: expected positions from 1"},
		{"accept with an unknown field", sound + "  accept:\n  - {status: 400, source: x, why: y}\n", "oss.yaml:12: why: unknown field in an accept entry"},
		{"accept is no list", sound + "  accept: no\n", "oss.yaml:11: accept: expected a list, got a text"},
		{"no list", "id: x\n", "oss.yaml: expected a list at the top"},
		{"no YAML", "- [\n", "oss.yaml: yaml:"},
	} {
		fsys := fstest.MapFS{"catalogue/oss.yaml": {Data: []byte(tc.text)}}
		_, err := parseCatalogue(fsys, "catalogue")
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q in it", tc.name, err, tc.want)
		}
	}
}

func TestCatalogueAccept(t *testing.T) {
	text := sound + "  accept:\n  - {status: 4xx, source: ours}\n  - {status: 409, code: C, value: v, cases: [2], source: theirs}\n"
	all, err := parseCatalogue(fstest.MapFS{"catalogue/oss.yaml": {Data: []byte(text)}}, "catalogue")
	if err != nil {
		t.Fatal(err)
	}
	want := []Answer{{Status: 4, Source: "ours"}, {Status: 409, Code: "C", Value: "v", Cases: []int{2}, Source: "theirs"}}
	if !reflect.DeepEqual(all[0].Accept, want) {
		t.Errorf("got %+v", all[0].Accept)
	}
}

func TestAnswerMatches(t *testing.T) {
	for _, tc := range []struct {
		a      Answer
		status int
		code   string
		step   int
		want   bool
	}{
		{Answer{Status: 4}, 404, "Any", 0, true},
		{Answer{Status: 4}, 500, "", 0, false},
		{Answer{Status: 404}, 404, "", 0, true},
		{Answer{Status: 404, Code: "A"}, 404, "B", 0, false},
		{Answer{Status: 404, Code: "A"}, 404, "A", 0, true},
		{Answer{Status: 404, Cases: []int{2}}, 404, "", 1, false},
		{Answer{Status: 404, Cases: []int{2}}, 404, "", 2, true},
		{Answer{Status: 404, Cases: []int{2}}, 404, "", 0, true},
	} {
		if got := tc.a.Matches(tc.status, tc.code, tc.step); got != tc.want {
			t.Errorf("%+v matches %d %q step %d: %v", tc.a, tc.status, tc.code, tc.step, got)
		}
	}
	if Status(4).String() != "4xx" || Status(404).String() != "404" {
		t.Error("statuses are written wrongly:", Status(4), Status(404))
	}
}

func TestProven(t *testing.T) {
	for _, tc := range []struct {
		name string
		c    Clause
		want bool
	}{
		{"documented", Clause{Confidence: Documented}, true},
		{"recorded", Clause{Confidence: AWSValidated}, true},
		{"sdk test", Clause{Confidence: SDKTest}, true},
		{"several servers", Clause{Confidence: SeveralServers}, true},
		{"sdk code", Clause{Confidence: SDKCode}, false},
		{"inferred", Clause{Confidence: Inferred}, false},
		{"no answer", Clause{Confidence: Documented, Then: "answer not documented, suggest 400"}, false},
		{"our choice", Clause{Confidence: Documented, Accept: []Answer{{Source: "2019 document (refusal); code is our choice"}}}, false},
		{"inferred answer", Clause{Confidence: Documented, Accept: []Answer{{Source: "inferred: as for objects"}}}, false},
		{"other answer inferred", Clause{Confidence: Documented, Accept: []Answer{{Source: "page"}, {Source: "inferred"}}}, true},
	} {
		if got := tc.c.Proven(); got != tc.want {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
}

func TestObservable(t *testing.T) {
	for of, want := range map[Testable][2]bool{Anywhere: {true, true}, EmulatorOnly: {true, false}, Offline: {}, Never: {}} {
		c := Clause{Testable: of}
		if got := [2]bool{c.Observable(false), c.Observable(true)}; got != want {
			t.Errorf("%s: %v, want %v", of, got, want)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(string(pack([]string{"object"}, []Clause{{ID: "OSS-X-01", Accept: []Answer{{Status: 4, Cases: []int{1}}}}})))
	f.Add("\x00\x01")
	f.Fuzz(func(t *testing.T, text string) {
		order, all, err := unpack(text)
		if err != nil {
			return
		}
		if again, clauses, err := unpack(string(pack(order, all))); err != nil || !reflect.DeepEqual(again, order) || !reflect.DeepEqual(clauses, all) {
			t.Errorf("%q does not survive packing: %v", text, err)
		}
	})
}

// What loading costs at every start of the program; reading the YAML instead
// takes about a hundred times as long.
func BenchmarkUnpack(b *testing.B) {
	for b.Loop() {
		order, all, err := unpack(packed)
		if err != nil {
			b.Fatal(err)
		}
		NewRegistry(order, all)
	}
}
