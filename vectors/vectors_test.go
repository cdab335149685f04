package vectors

import (
	"os"
	"strings"
	"testing"

	"objectharness/internal/clause"
)

func TestCarriedVectorsPass(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	passed, failed := Run(&out, all)
	if passed != 249 || failed != 0 {
		t.Errorf("%d passed, %d failed:\n%s", passed, failed, out.String())
	}
}

// Every worked example names clauses that there are, and passes; an erratum that
// prints the right value is none.
func TestDocumentedExamplesPass(t *testing.T) {
	all, err := Documented()
	if err != nil {
		t.Fatal(err)
	}
	registry, err := clause.Load()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if passed, failed := Run(&out, all); passed != 85 || failed != 0 {
		t.Errorf("%d passed, %d failed:\n%s", passed, failed, out.String())
	}
	errata := 0
	for _, v := range all {
		for _, id := range v.Clauses {
			if registry.Get(id) == nil {
				t.Errorf("%s: no clause is called %s", v.ID, id)
			}
		}
		if len(v.Clauses) == 0 || v.Source.ID == "" || v.Source.Ref == "" {
			t.Errorf("%s: clauses %q, source %+v", v.ID, v.Clauses, v.Source)
		}
		if v.Printed == nil {
			continue
		}
		errata++
		v.Printed = &Printed{Field: v.Printed.Field, Value: *v.Right()}
		if r := Check(&v); r.OK || r.Step != "printed."+v.Printed.Field {
			t.Errorf("%s: the right value as an erratum: got %+v", v.ID, r)
		}
	}
	if errata == 0 {
		t.Error("no erratum at all")
	}
}

// TestVariationsPass replays vectors that a second implementation made from
// options and edges that no carried vector uses: other services, validities of 0
// and -1, small chunks, every reason in every form.
func TestVariationsPass(t *testing.T) {
	all, err := Load(os.DirFS("testdata"), "variations.json")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if passed, failed := Run(&out, all); failed != 0 || passed == 0 {
		t.Errorf("%d passed, %d failed:\n%s", passed, failed, out.String())
	}
}

func TestLoaderNamesFileLineAndField(t *testing.T) {
	head := `{"schema": "signing-vectors", "schema_version": 1,` + "\n"
	for _, c := range []struct{ name, text, want string }{
		{"unknown field", head + `"vectors": [{"id": "a",` + "\n" + `"request": {"methud": "GET"}}]}`, `x.json:3: field "vectors[0].request.methud": expected one of method,`},
		{"wrong type", head + `"vectors": [{"id": 7}]}`, `x.json:2: field "vectors[0].id": expected a text, got 7`},
		{"field twice", head + `"vectors": [{"id": "a", "id": "b"}]}`, `field "vectors[0].id": expected the field once`},
		{"schema", `{"schema": "other", "schema_version": 1}`, `expected schema "signing-vectors" version 1, got "other"`},
		{"version", `{"schema": "signing-vectors", "schema_version": 2}`, `version 2`},
		{"algorithm", head + `"vectors": [{"id": "a", "algorithm": "rot13"}]}`, `field algorithm: expected one of`},
		{"erratum", head + `"vectors": [{"id": "a", "algorithm": "oss-v1", "mode": "header", "result": "erratum"}]}`, `field printed: expected it with result erratum`},
		{"erratum without the right value", head + `"vectors": [{"id": "a", "algorithm": "oss-v1", "mode": "header", "result": "erratum", "printed": {"field": "signature"}}]}`, `field printed.field: expected`},
		{"pair of three", head + `"vectors": [{"request": {"headers": [["a", "b", "c"]]}}]}`, `expected 2 elements, got 3`},
		{"more text", head + `"vectors": []} {}`, `expected the end of the file`},
		{"cut", head + `"vectors": [`, `x.json:2`},
	} {
		_, err := Parse("x.json", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", c.name, err, c.want)
		}
	}
}

func TestFailureNamesStepAndByte(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	v := all[0]
	wrong := "X" + (*v.Expected.CanonicalRequest)[1:]
	v.Expected.CanonicalRequest = &wrong
	r := Check(&v)
	if r.OK || r.Step != "canonical_request" || r.Index != 0 {
		t.Errorf("got %+v, want canonical_request to differ at byte 0", r)
	}
}

func TestAcceptablePassesWithValueOrRefusal(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	v := all[0]
	v.Result = "acceptable"
	if r := Check(&v); !r.OK || r.Note != "" {
		t.Errorf("stated value: got %+v", r)
	}
	wrong := strings.Repeat("0", 64)
	v.Expected.Signature = &wrong
	if r := Check(&v); !r.OK || r.Note == "" {
		t.Errorf("other value: got %+v, want a pass with a note", r)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"schema":"signing-vectors","schema_version":1,"vectors":[{"id":"a","algorithm":"oss-v1","mode":"rtmp","result":"valid","request":{"query":[["a",null]]}}]}`))
	f.Add([]byte(`{"schema":"signing-vectors","schema_version":1,"vectors":[{"id":"a","algorithm":"aws-sigv4","mode":"chunked","result":"invalid","presented":{"reason":"expired"}}]}`))
	f.Add([]byte(`{"schema":"signing-vectors","schema_version":1,"vectors":[{"id":"a","algorithm":"oss-callback","mode":"callback","result":"valid","credentials":{"private_key":"AAAA"}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		vs, err := Parse("fuzz.json", text)
		if err != nil {
			return
		}
		for i := range vs {
			if r := Check(&vs[i]); !r.OK && r.Step == "" {
				t.Errorf("a failure without a step: %+v", r)
			}
		}
	})
}

// Our own vectors pass, name clauses that there are, and what confirms them; an
// acceptable one is what our signer makes.
func TestOwnVectorsPass(t *testing.T) {
	all, err := Own()
	if err != nil {
		t.Fatal(err)
	}
	registry, err := clause.Load()
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		v := &all[i]
		if r := Check(v); !r.OK || r.Note != "" {
			t.Errorf("%s %s", r, r.Note)
		}
		for _, id := range v.Clauses {
			if registry.Get(id) == nil {
				t.Errorf("%s: no clause is called %s", v.ID, id)
			}
		}
		if len(v.Clauses) == 0 || len(v.ConfirmedBy) == 0 || len(v.Flags) == 0 || v.Comment == "" {
			t.Errorf("%s: clauses %q, confirmed by %q, flags %q, comment %q", v.ID, v.Clauses, v.ConfirmedBy, v.Flags, v.Comment)
		}
	}
}

// Every public vector shows clauses that there are, by flags and modes of its
// scheme; no line of clauses.json is without a vector.
func TestPublicVectorsNameClauses(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	registry, err := clause.Load()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, v := range all {
		for _, word := range append(v.Flags, v.Mode) {
			used[v.Algorithm+" "+word] = true
		}
		if len(v.Clauses) == 0 {
			t.Errorf("%s shows no clause", v.ID)
		}
		for _, id := range v.Clauses {
			if registry.Get(id) == nil {
				t.Errorf("%s: no clause is called %s", v.ID, id)
			}
		}
	}
	text, _ := carried.ReadFile("clauses.json")
	var of map[string]map[string][]string
	if err := decode("clauses.json", text, &of); err != nil {
		t.Fatal(err)
	}
	for algorithm, words := range of {
		for word := range words {
			if !used[algorithm+" "+word] {
				t.Errorf("clauses.json: no vector of %s has %s", algorithm, word)
			}
		}
	}
}

// No id is in two sets.
func TestIDsAreUnique(t *testing.T) {
	seen := map[string]string{}
	for _, load := range []func() ([]Vector, error){All, Documented, Own} {
		all, err := load()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range all {
			if seen[v.ID] != "" {
				t.Errorf("%s is in %s and %s", v.ID, seen[v.ID], v.File)
			}
			seen[v.ID] = v.File
		}
	}
}
