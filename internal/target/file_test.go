package target

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

type schemaObject struct {
	Properties map[string]schemaObject `json:"properties"`
	Ref        string                  `json:"$ref"`
	Enum       []string                `json:"enum"`
	Defs       map[string]schemaObject `json:"$defs"`
}

// The schema and the loader know the same fields and the same words.
func TestSchemaAndLoaderAgree(t *testing.T) {
	var s schemaObject
	if err := json.Unmarshal(Schema, &s); err != nil {
		t.Fatal(err)
	}
	check := func(what string, o schemaObject, fields []string) {
		got := slices.Sorted(maps.Keys(o.Properties))
		slices.Sort(fields)
		if !slices.Equal(got, fields) {
			t.Errorf("%s: the schema has %v, the loader %v", what, got, fields)
		}
	}
	check("file", s, tags(Config{}))
	check("accounts", s.Properties["accounts"], tags(AccountNames{}))
	check("account", s.Defs["account"], tags(AccountName{}))
	check("convergence", s.Properties["convergence"], tags(Windows{}))
	check("features", s.Properties["features"], FeatureNames())
	words := slices.Sorted(slices.Values(s.Properties["scheme"].Enum))
	if want := slices.Compact(slices.Sorted(slices.Values(schemeNames()))); !slices.Equal(words, want) {
		t.Errorf("schemes: the schema has %v, the loader %v", words, want)
	}
}

func tags(v any) (names []string) {
	for i := range reflect.TypeOf(v).NumField() {
		if name := reflect.TypeOf(v).Field(i).Tag.Get("yaml"); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

// What the loader takes the schema allows, and what the loader refuses it does
// not.
func TestSchemaAndLoaderJudgeAlike(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("target.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("target.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"name: s\ndialect: oss\nendpoint: https://127.0.0.1:9\nmax_rps: 2.5\nbudget: 10MB\nmax_requests: 100\nconcurrency: 2\ninsecure: true\n":                          "",
		"dialect: s3\naccounts:\n  owner: {access_key_env: A, secret_key_env: B_2, security_token_env: C}\n  other: {id: x}\nfeatures: {append: absent, acl: present}\n": "",
		"dialect: s3\nconvergence: {object: 1.5s, list: 1m30s, config: 200ms}\nbudget: 100\n":                                                                            "",
		"dialect: as3\n":                                 `:1:10: dialect: expected one of oss, cos, bos, s3, got "as3"; did you mean s3?`,
		"dialect: s3\nstyle: paht\n":                     `:2:8: style: expected one of path, virtual, got "paht"; did you mean path?`,
		"dialect: s3\nscheme: oss-v5\n":                  "did you mean oss-v1?",
		"dialect: s3\nfeatures:\n  apend: absent\n":      ":3:3: apend: no such feature; did you mean append?",
		"dialect: s3\nfeatures:\n  append: abset\n":      `:3:3: append: expected one of present, absent, got "abset"; did you mean absent?`,
		"dialect: s3\nconvergence:\n  lists: 1s\n":       ":3:3: lists: no such field; did you mean list?",
		"dialect: s3\nconvergence:\n  list: soon\n":      ":3:9: list: expected a duration such as 500ms or 5s, at most 10m",
		"dialect: s3\nconcurrency: -1\n":                 ":2:14: concurrency: expected 0 or more, got -1",
		"dialect: s3\nendpoint: 127.0.0.1:9000\n":        ":2:11: endpoint: expected http://HOST",
		"accounts:\n  other:\n    access_key_env: abc\n": ":3:21: other.access_key_env: expected the name of an environment variable",
		"dialect: s3\nmax_request: 3\n":                  ":2:1: max_request: no such field; did you mean max_requests?",
	} {
		file := filepath.Join(t.TempDir(), "target.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, loadErr := Load(file)
		var v any
		if err := yaml.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		inst, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		schemaErr := schema.Validate(inst)
		if (schemaErr == nil) != (want == "") {
			t.Errorf("%q: the schema says %v", text, schemaErr)
		}
		if want == "" && loadErr != nil || want != "" && (loadErr == nil || !strings.Contains(loadErr.Error(), want)) {
			t.Errorf("%q: got %v, want %q in it", text, loadErr, want)
		}
	}
}

// A credential that stands where a name belongs is not shown.
func TestCredentialInFileIsNotShown(t *testing.T) {
	file := filepath.Join(t.TempDir(), "target.yaml")
	if err := os.WriteFile(file, []byte("accounts:\n  owner:\n    secret_key_env: hunter2-hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(file); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}

// Credentials come from the variables that the file names.
func TestAccountsByName(t *testing.T) {
	c := Config{Accounts: AccountNames{Owner: AccountName{AccessKey: "A", SecretKey: "B"}}}
	c.Environment(func(name string) string { return "value of " + name })
	if c.Owner.AccessKey != "value of A" || c.Owner.Token != "value of "+EnvToken || c.Other.SecretKey != "value of "+EnvOtherSecretKey {
		t.Errorf("owner %+v, other %+v", c.Owner, c.Other)
	}
}
