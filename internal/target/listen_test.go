package target_test

import (
	"net"
	"net/http/httptest"
	"regexp"
	"testing"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
	"objectharness/internal/target"
)

const token = "a-token"

// control serves an emulator under control.
func control(t *testing.T, dialect string, o emulator.Options) (addr, controlURL string) {
	t.Helper()
	d, err := all.ByName(dialect)
	if err != nil {
		t.Fatal(err)
	}
	c, err := emulator.NewControl(token, d, o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, front := c.Server(), httptest.NewServer(c)
	go server.Serve(l)
	t.Cleanup(func() { front.Close(); c.Close(); server.Close() })
	return l.Addr().String(), front.URL
}

func listen(t *testing.T, dialect string, seed uint64) string {
	t.Helper()
	owner, other := target.Accounts(dialect, seed)
	addr, _ := control(t, dialect, emulator.Options{Accounts: []emulator.Account{owner, other}})
	return addr
}

// Private emulators over the wire are like those in the process.
func TestPrivateOverTheWire(t *testing.T) {
	then := time.Date(2015, 3, 4, 5, 6, 7, 0, time.UTC)
	for _, d := range all.All() {
		owner, other := target.Accounts(d.Name, 1)
		addr, url := control(t, d.Name, emulator.Options{Accounts: []emulator.Account{owner, other}})
		o := open(t, target.Config{Dialect: d.Name, Style: "path", Endpoint: "http://" + addr, AppID: "1250000000", Control: url, ControlToken: token, Seed: 1, State: t.TempDir(),
			Owner: client.Keys{AccessKey: owner.AccessKey, SecretKey: owner.SecretKey}})
		p, done, err := o.Private(t.Context(), target.Setup{Time: then})
		if err != nil {
			t.Fatalf("%s: %v", d.Name, err)
		}
		p.Advance(240 * time.Hour)
		call := client.Call{Method: "PUT", Bucket: p.Bucket, Key: "k", Body: []byte("body")}
		if r, err := p.Owner.Do(t.Context(), call); err != nil || r.Status != 200 {
			t.Errorf("%s: %v, %v", d.Name, r, err)
		}
		done()
		if _, err := p.Owner.Do(t.Context(), call); err == nil {
			t.Errorf("%s: the private emulator answers after its end", d.Name)
		}
	}
}

// A token that the control interface does not take is noticed before any case.
func TestPreflightOfControl(t *testing.T) {
	owner, _ := target.Accounts("oss", 1)
	addr, url := control(t, "oss", emulator.Options{Accounts: []emulator.Account{owner}})
	for given, want := range map[string]string{token: "", "another": "control: .*401.*HARNESS_CONTROL_TOKEN"} {
		p, err := target.RunPreflight(t.Context(), target.Config{Dialect: "oss", Endpoint: "http://" + addr, Control: url, ControlToken: given,
			Owner: client.Keys{AccessKey: owner.AccessKey, SecretKey: owner.SecretKey}})
		if err != nil || !regexp.MustCompile("^"+want).MatchString(p.Problem()) || p.OK() != (want == "") {
			t.Errorf("token %q: %v, %q; want %q", given, err, p.Problem(), want)
		}
	}
}

// The preflight compares clocks: here the server's is ten hours behind.
func TestPreflightNoticesTheClock(t *testing.T) {
	for _, d := range all.All() {
		owner, _ := target.Accounts(d.Name, 1)
		addr, _ := control(t, d.Name, emulator.Options{Accounts: []emulator.Account{owner}, Now: func() time.Time { return time.Now().Add(-10 * time.Hour) }})
		p, err := target.RunPreflight(t.Context(), target.Config{Dialect: d.Name, Style: "path", Endpoint: "http://" + addr, AppID: "1250000000",
			Owner: client.Keys{AccessKey: owner.AccessKey, SecretKey: owner.SecretKey}})
		if err != nil || p.OK() || p.Checks[len(p.Checks)-1].Name != "clock" {
			t.Errorf("%s: %v, %+v", d.Name, err, p)
		}
	}
}
