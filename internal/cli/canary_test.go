package cli_test

import (
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/dialect/all"
	"objectharness/internal/target"
	"objectharness/internal/wire"
	"objectharness/suites"
)

var listBuckets = client.Call{Method: "GET"}

// owner is a client of the server's first account.
func owner(t *testing.T, dialect string, s *server) *client.Client {
	t.Helper()
	d, err := all.ByName(dialect)
	if err != nil {
		t.Fatal(err)
	}
	return &client.Client{Dialect: d, Scheme: d.Schemes[0], Endpoint: client.Endpoint{Host: s.addr}, Region: d.Region, Now: time.Now,
		Keys:      client.Keys{AccessKey: s.vars[target.EnvAccessKey], SecretKey: s.vars[target.EnvSecretKey]},
		Transport: &wire.Transport{}}
}

// No output of a run holds a secret, not of sound targets and not of broken
// ones, with all evidence kept.
func TestNoSecretInAnyOutput(t *testing.T) {
	for _, d := range suites.Dialects() {
		if len(suites.Cases(d)) == 0 {
			continue
		}
		t.Run(d, func(t *testing.T) {
			who, other := target.Accounts(d, serverSeed)
			who.Token = "canary-token-of-a-temporary-key-0123456789"
			s, err := serveTo(who, other, d, "append.position")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(s.stop)
			wireArgs := append(overTheWire(d, s), "--dialect", d, "--evidence", "--out", "out")
			for _, args := range [][]string{
				append([]string{"run"}, wireArgs...),
				append([]string{"doctor"}, overTheWire(d, s)...),
				append([]string{"run", "--dry-run"}, wireArgs...),
			} {
				if args[0] == "doctor" {
					args = append(args, "--dialect", d)
				}
				cmd := command(t, s, args...)
				p := run(t, cmd)
				search(t, s, "standard output of "+args[0], p.stdout)
				search(t, s, "standard error of "+args[0], p.stderr)
				searchFiles(t, s, cmd.Dir)
			}
		})
	}
}

func searchFiles(t *testing.T, s *server, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		search(t, s, filepath.Base(path), string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// search looks for the server's secrets, also encoded.
func search(t *testing.T, s *server, what, text string) {
	t.Helper()
	for _, name := range []string{target.EnvSecretKey, target.EnvOtherSecretKey, target.EnvControlToken, target.EnvToken} {
		secret := s.vars[name]
		if secret == "" {
			t.Fatalf("%s is not set: nothing would be looked for", name)
		}
		for _, form := range []string{secret, hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret))} {
			if strings.Contains(text, form) {
				t.Errorf("%s holds the value of %s", what, name)
			}
		}
	}
}
