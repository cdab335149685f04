package target_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/target"
	"objectharness/internal/wire"
)

// When the run's time is up, or its target was found gone, nothing more is sent:
// the ledger stays for a sweep, and that is said.
func TestNothingIsSentAfterTheEnd(t *testing.T) {
	for name, end := range map[string]func(*target.Opened, context.Context) error{"time is up": (*target.Opened).Close, "gone": (*target.Opened).Leave} {
		t.Run(name, func(t *testing.T) {
			owner, _ := target.Accounts("oss", 1)
			clock := time.Now()
			c := target.Config{Dialect: "oss", Endpoint: "http://" + listen(t, "oss", 1), Seed: 1, State: t.TempDir(), Now: func() time.Time { return clock },
				Owner: client.Keys{AccessKey: owner.AccessKey, SecretKey: owner.SecretKey}}
			if name == "time is up" {
				c.Ends = clock.Add(time.Minute)
			}
			o, err := target.Open(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			clock = clock.Add(time.Hour)
			watch, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer watch.Close()
			o.Owner.Transport = &wire.Transport{Connect: watch.Addr().String()}
			if err := end(o, t.Context()); err == nil || !strings.Contains(err.Error(), "harness sweep removes it later") {
				t.Errorf("got %v, want an error that says what is left", err)
			}
			own, err := net.Dial("tcp", watch.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer own.Close()
			if first, err := watch.Accept(); err != nil || first.RemoteAddr().String() != own.LocalAddr().String() {
				t.Errorf("a request was sent: %v, %v", first, err)
			}
			if left, err := target.Leftovers(c.State); err != nil || len(left) != 1 {
				t.Errorf("ledgers %v, %v; want one", left, err)
			}
		})
	}
}
