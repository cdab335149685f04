package cli_test

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"objectharness/internal/wire"
)

// silentAfter stands in front of a server and leaves all but the first requests
// without a reply, those of the clean-up as well. It counts those.
func silentAfter(t *testing.T, upstream string, requests int64) (addr string, removals *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var seen atomic.Int64
	removals = new(atomic.Int64)
	tr := &wire.Transport{}
	front := &wire.Server{Handler: func(ctx context.Context, in *wire.Inbound) *wire.Response {
		if seen.Add(1) <= requests {
			return forward(ctx, tr, upstream, in)
		}
		if in.Method == "DELETE" {
			removals.Add(1)
		}
		<-ctx.Done()
		return nil
	}}
	go front.Serve(l)
	t.Cleanup(func() { front.Close() })
	return l.Addr().String(), removals
}

// A target that hangs is not asked to remove things when the run's time is up or
// it was found gone: the ledger stays, and that is said.
func TestNoCleanUpOfAHangingTarget(t *testing.T) {
	for _, option := range []string{"--timeout=1500ms", "--case-timeout=100ms"} {
		t.Run(option, func(t *testing.T) {
			t.Parallel()
			s := startServerFor(t, "oss")
			addr, removals := silentAfter(t, s.addr, 40)
			cmd := command(t, s, "run", "--dialect", "oss", "--endpoint", "http://"+addr, "--procs", "1", "--only", "oss/append", option)
			p := run(t, cmd)
			if p.code != 3 || !strings.Contains(p.stdout, "harness sweep removes it later") {
				t.Errorf("exit code %d:\n%s%s", p.code, p.stdout, p.stderr)
			}
			if n := removals.Load(); n > 1 { // one may have been the first request to hang
				t.Errorf("%d removals were sent to a target that hangs", n)
			}
			if left, _ := filepath.Glob(cmd.Dir + "/state/ledgers/*"); len(left) != 1 {
				t.Errorf("ledgers: %v, want one", left)
			}
		})
	}
}
