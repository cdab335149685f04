package vectors

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// A quiet field is one that no replay can look at: in an algorithm, a mode and a
// result, each "" for any, at the end of a path.
type quiet struct{ algorithm, mode, result, path, why string }

var silent = []quiet{
	{"", "", "", ".id", "a name"},
	{"", "", "", ".comment", "words for people"},
	{"", "", "", ".source.id", "words for people"},
	{"", "", "", ".source.ref", "words for people"},
	{"", "", "", ".flags[]", "explained by notes, which a file may leave out"},
	{"", "", "", ".clauses[]", "held to the registry by a test of its own"},
	{"", "", "", ".confirmed_by[]", "held to what confirms it by the module test/oracle"},
	{"", "", "", ".deviating[]", "held to what confirms it by the module test/oracle"},
	{"", "", "erratum", ".printed.value", "another wrong value is as wrong"},
	{"", "", "erratum", ".printed.why", "words for people"},
	{"", "", "invalid", ".presented.signature", "another wrong signature is refused for the same reason"},
	{"", "", "invalid", ".presented.verify_at", "another wrong time is refused for the same reason"},
	{"", "", "", ".request.scheme", "no part of a header or form signature; URLs are compared with theirs"},
	{"", "form", "", ".request.host", "no part of a form signature"},
	{"", "form", "", ".request.method", "no part of a form signature"},
	{"bce-auth-v1", "form", "", ".time", "no part of this form signature"},
	{"oss-v1", "form", "", ".time", "no part of this form signature"},
	{"bce-auth-v1", "header", "valid", ".request.host", "a vector without Host field"},
	{"oss-v4", "", "", ".options.additional_headers[]", "a name that is dropped, as absent or as signed anyway"},
	{"", "component", "valid", ".options.encode_slash", "a text without slashes"},
	{"", "component", "valid", ".credentials.access_key", "no part of the key"},
	{"", "component", "valid", ".credentials.session_token", "no part of the key"},
	{"", "callback", "", ".request.method", "no part of a callback's signature"},
	{"", "callback", "invalid", ".credentials.public_key", "under another key the signature is as wrong"},
}

func (q quiet) covers(v map[string]any, path string) bool {
	return (q.algorithm == "" || q.algorithm == v["algorithm"]) && (q.mode == "" || q.mode == v["mode"]) &&
		(q.result == "" || q.result == v["result"]) && strings.HasSuffix(path, q.path)
}

// exempt tells whether a corrupted copy may pass. Fields of a request may when
// at least one of them is not signed, bodies when nothing covers them.
func exempt(v map[string]any, path string) bool {
	expected := v["expected"].(map[string]any)
	switch {
	case strings.HasSuffix(path, ".request.headers[][]"):
		return hasUnsigned(v["request"].(map[string]any)["headers"].([]any), fmt.Sprint(expected["canonical_headers"], expected["string_to_sign"]))
	case strings.HasSuffix(path, ".request.body.utf8") && v["mode"] != "callback":
		return v["algorithm"] != "aws-sigv4" || expected["payload_hash"] == "UNSIGNED-PAYLOAD"
	}
	return slices.ContainsFunc(silent, func(q quiet) bool { return q.covers(v, path) })
}

// TestEveryCorruptedFieldIsNoticed changes one text, number or truth value of
// one vector at a time, all over the carried vectors.
func TestEveryCorruptedFieldIsNoticed(t *testing.T) {
	names, _ := fs.Glob(carried, "*/*.json")
	total, missed := 0, map[string]int{}
	for _, name := range names {
		text, _ := fs.ReadFile(carried, name)
		var f map[string]any
		if err := json.Unmarshal(text, &f); err != nil {
			t.Fatal(err)
		}
		for _, one := range f["vectors"].([]any) {
			v := one.(map[string]any)
			corrupt(v, "", func(path string) {
				total++
				if noticed(t, v) == "" {
					if !exempt(v, path) {
						missed[fmt.Sprint(v["algorithm"], " ", v["mode"], " ", v["result"], " ", path, " (", v["id"], ")")]++
					}
				}
			})
		}
	}
	for what, n := range missed {
		t.Errorf("%s: a corrupted copy passes (%d times)", what, n)
	}
	t.Logf("%d corrupted copies", total)
}

// noticed is the step at which a vector fails, or the loader's complaint.
func noticed(t *testing.T, v map[string]any) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"schema": "signing-vectors", "schema_version": 1, "vectors": []any{v}})
	if err != nil {
		t.Fatal(err)
	}
	vs, err := Parse("corrupted.json", text)
	if err != nil {
		return err.Error()
	}
	r := Check(&vs[0])
	if !r.OK && r.Step == "" {
		t.Errorf("%s fails without naming a step", r.ID)
	}
	return r.Step
}

// corrupt changes every leaf below v in turn, calls try, and puts it back.
func corrupt(v any, path string, try func(path string)) {
	switch x := v.(type) {
	case map[string]any:
		for k, e := range x {
			x[k] = other(e)
			if x[k] != nil {
				try(path + "." + k)
			}
			x[k] = e
			corrupt(e, path+"."+k, try)
		}
	case []any:
		for i, e := range x {
			x[i] = other(e)
			if x[i] != nil {
				try(path + "[]")
			}
			x[i] = e
			corrupt(e, path+"[]", try)
		}
	}
}

// other is a value near e, or nil where e is none that can be changed.
func other(e any) any {
	switch x := e.(type) {
	case string:
		if x == "" {
			return "x"
		}
		last := x[len(x)-1]
		if last == '1' {
			return x[:len(x)-1] + "2"
		}
		if last == 'Z' || last == 0 || last >= 0x80 {
			return "1" + x[1:]
		}
		return x[:len(x)-1] + "1"
	case float64:
		return x + 1
	case bool:
		return !x
	}
	return nil
}

func hasUnsigned(headers []any, signed string) bool {
	for _, h := range headers {
		pair := h.([]any)
		name, value := strings.ToLower(pair[0].(string)), strings.TrimSpace(pair[1].(string))
		listed := strings.Contains("\n"+signed, "\n"+name+":") || strings.Contains("&"+signed, "&"+name+"=")
		bySlot := name == "content-type" || name == "content-md5" || name == "date" // oss-v1 signs their values alone
		if value == "" || !listed && !(bySlot && strings.Contains(signed, value)) {
			return true
		}
	}
	return false
}
