package cli_test

import (
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/target"
	"objectharness/internal/wire"
)

const (
	canaryID     = "canaryaccesskeyid001"
	canarySecret = "canary-secret-key-that-nobody-may-see-01"
	canaryToken  = "canary-token-that-nobody-may-see-00000001"
	canaryTime   = "2026-03-01T12:00:00Z"
	canaryURL    = "http://bucket.oss-cn-hangzhou.aliyuncs.com/key?acl"
)

// Nothing that sign and vectors print, right or wrong, holds the secret, the
// token or a key derived from the secret.
func TestNoSecretInSignAndVectors(t *testing.T) {
	secrets := append(derivedKeys(t), canarySecret, canaryToken)
	var plays [][]string
	for _, s := range schemes.All() {
		sign := []string{"sign", "--scheme", s.Name(), "--url", canaryURL, "--region", "cn-hangzhou", "--time", canaryTime}
		for _, more := range [][]string{
			nil, {"--presign"}, {"--curl"}, {"--curl", "--presign"}, {"--server-error", "refusal.xml"}, {"-H", "Authorization: OSS a:b"}, {"-H", "x-bare-" + canaryToken},
			{"--time", canarySecret}, {"--expires", "1ms"}, {"--body-file", "absent"}, {"--server-error", "absent"}, {"--method", canarySecret + " "},
		} {
			plays = append(plays, append(append([]string(nil), sign...), more...))
		}
	}
	plays = append(plays, []string{"vectors", "check"}, []string{"vectors", "explain", "aws-own-header-token"}, []string{"vectors", "show", "osscb-own-query"},
		[]string{"vectors", "check", "refusal.xml"}, []string{"vectors", "explain", "absent.json"}, []string{"vectors", "show", "nothing"})
	refusal := "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>GET\n\n\nx\n/bucket/key</StringToSign><SignatureProvided>x</SignatureProvided></Error>"
	for _, args := range plays {
		cmd := command(t, nil, args...)
		cmd.Env = append(cmd.Env, target.EnvAccessKey+"="+canaryID, target.EnvSecretKey+"="+canarySecret, target.EnvToken+"="+canaryToken)
		if err := os.WriteFile(filepath.Join(cmd.Dir, "refusal.xml"), []byte(refusal), 0o600); err != nil {
			t.Fatal(err)
		}
		p := run(t, cmd)
		if p.stdout+p.stderr == "" {
			t.Errorf("%q prints nothing", args)
		}
		for _, secret := range secrets {
			for _, form := range []string{secret, hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret))} {
				// An option that holds a secret is said back as it was typed: the shell has it already.
				if !strings.Contains(strings.Join(args, " "), form) && strings.Contains(p.stdout+p.stderr, form) {
					t.Errorf("%q prints %q:\n%s%s", args, form, p.stdout, p.stderr)
				}
			}
		}
	}
}

// derivedKeys are the keys that the schemes make from the secret at canaryTime.
func derivedKeys(t *testing.T) (keys []string) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, canaryTime)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range schemes.All() {
		steps := &sign.Steps{}
		r := &wire.Request{Method: "GET", Target: "/key?acl", Fields: wire.Fields{{Name: "Host", Value: "bucket.oss-cn-hangzhou.aliyuncs.com"}}}
		in := &sign.Input{AccessKey: canaryID, SecretKey: canarySecret, Token: canaryToken, Time: at, Region: "cn-hangzhou", Resource: "/bucket/key"}
		if err := sign.Apply(s, r, in, steps); err != nil {
			t.Fatal(err)
		}
		for _, step := range steps.List {
			if step.Secret {
				keys = append(keys, step.Value)
			}
		}
	}
	if len(keys) < 4 {
		t.Fatalf("%d derived keys: nothing would be looked for", len(keys))
	}
	return keys
}
