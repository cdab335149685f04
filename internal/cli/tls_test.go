package cli_test

import (
	"crypto/tls"
	"encoding/pem"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
	"objectharness/internal/target"
)

// Over TLS, the certificate must be trusted by the system or --ca, unless
// --insecure says otherwise.
func TestTLS(t *testing.T) {
	s, ca := serveTLS(t)
	for want, option := range map[string]string{"0 ca": "--ca=ca.pem", "0 insecure": "--insecure", "3 neither": "--strict"} {
		cmd := command(t, s, "run", "--dialect", "oss", "--only", "oss/append/first", "--procs", "1", "--endpoint", "https://"+s.addr, option)
		if err := os.WriteFile(filepath.Join(cmd.Dir, "ca.pem"), ca, 0o600); err != nil {
			t.Fatal(err)
		}
		p := run(t, cmd)
		if code := int(want[0] - '0'); p.code != code || code == 3 && !strings.Contains(p.stdout, "for https, --ca") {
			t.Errorf("%s: exit code %d:\n%s%s", want, p.code, p.stdout, p.stderr)
		}
	}
}

// serveTLS serves OSS with a certificate for 127.0.0.1, and returns that.
func serveTLS(t *testing.T) (*server, []byte) {
	t.Helper()
	d, err := all.ByName("oss")
	if err != nil {
		t.Fatal(err)
	}
	owner, _ := target.Accounts("oss", serverSeed)
	e, err := emulator.New(d, emulator.Options{Accounts: []emulator.Account{owner}})
	if err != nil {
		t.Fatal(err)
	}
	lender := httptest.NewTLSServer(nil)
	defer lender.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	front := e.Server()
	go front.Serve(tls.NewListener(l, &tls.Config{Certificates: lender.TLS.Certificates}))
	t.Cleanup(func() { front.Close() })
	s := &server{addr: l.Addr().String(), vars: map[string]string{target.EnvAccessKey: owner.AccessKey, target.EnvSecretKey: owner.SecretKey}}
	return s, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: lender.Certificate().Raw})
}
