package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"objectharness/vectors"
)

// A vector whose expectation is wrong fails by its id, and the run of all with
// exit code 1.
func TestVectorsThatFail(t *testing.T) {
	files, err := filepath.Glob("../../vectors/*/public.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		wrong, id := spoil(t, name, text)
		cmd := command(t, nil, "vectors", "check", "wrong.json")
		if err := os.WriteFile(filepath.Join(cmd.Dir, "wrong.json"), wrong, 0o600); err != nil {
			t.Fatal(err)
		}
		p := run(t, cmd)
		if p.code != 1 || !strings.Contains(p.stdout, id) || !strings.HasSuffix(p.stdout, " failed\n") || strings.HasSuffix(p.stdout, ", 0 failed\n") {
			t.Errorf("%s: exit code %d:\n%s%s", name, p.code, p.stdout, p.stderr)
		}
	}
}

// spoil changes the secret key of the file's first valid vector.
func spoil(t *testing.T, name string, text []byte) (wrong []byte, id string) {
	t.Helper()
	all, err := vectors.Parse(name, text)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if v.Result == "valid" && v.Expected.Signature != nil && v.Credentials.SecretKey != "" {
			at := strings.Index(string(text), `"`+v.ID+`"`)
			rest := strings.Replace(string(text[at:]), `"`+v.Credentials.SecretKey+`"`, `"another"`, 1)
			return []byte(string(text[:at]) + rest), v.ID
		}
	}
	t.Fatalf("%s has no valid vector with a signature", name)
	return nil, ""
}
