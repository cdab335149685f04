package cli_test

import (
	"context"
	"maps"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"objectharness/internal/wire"
)

// muteAfter stands in front of a server and ends the connection of all but the
// first requests without a reply, those of the clean-up as well. It tells what was to
// be removed: a request may come once on each kept connection.
func muteAfter(t *testing.T, upstream string, requests int64) (addr string, removals func() []string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var seen atomic.Int64
	var mu sync.Mutex
	removed := map[string]bool{}
	tr := &wire.Transport{}
	front := &wire.Server{Handler: func(ctx context.Context, in *wire.Inbound) *wire.Response {
		if seen.Add(1) <= requests {
			return forward(ctx, tr, upstream, in)
		}
		if in.Method == "DELETE" {
			mu.Lock()
			defer mu.Unlock()
			removed[in.Target] = true
		}
		return nil
	}}
	go front.Serve(l)
	t.Cleanup(func() { front.Close() })
	return l.Addr().String(), func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Sorted(maps.Keys(removed))
	}
}

// A target that was found gone is not asked to remove things: the ledger stays, and
// that is said. What a run does whose time is up is tested in internal/target, by
// a clock of the test's.
func TestNoCleanUpOfALostTarget(t *testing.T) {
	s := startServerFor(t, "oss")
	addr, removals := muteAfter(t, s.addr, 40)
	cmd := command(t, s, "run", "--dialect", "oss", "--endpoint", "http://"+addr, "--procs", "1", "--only", "oss/append")
	p := run(t, cmd)
	if p.code != 3 || !strings.Contains(p.stdout, "the target was gone") || !strings.Contains(p.stdout, "harness sweep removes it later") {
		t.Errorf("exit code %d:\n%s%s", p.code, p.stdout, p.stderr)
	}
	if asked := removals(); len(asked) > 1 { // one may have been the first request without a reply
		t.Errorf("a target that is gone was asked to remove %q", asked)
	}
	if left, _ := filepath.Glob(cmd.Dir + "/state/ledgers/*"); len(left) != 1 {
		t.Errorf("ledgers: %v, want one", left)
	}
}
