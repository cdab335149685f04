package cli_test

import (
	"bytes"
	"context"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"objectharness/internal/wire"
)

// refuseBuckets stands in front of a server and refuses to make buckets.
func refuseBuckets(t *testing.T, upstream string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tr := &wire.Transport{}
	front := &wire.Server{Handler: func(ctx context.Context, in *wire.Inbound) *wire.Response {
		if in.Method == "PUT" && strings.Count(strings.TrimSuffix(in.Target, "/"), "/") == 1 {
			body := []byte("<Error><Code>AccessDenied</Code><Message>no more buckets</Message></Error>")
			return &wire.Response{Status: 403, Body: bytes.NewReader(body), Length: int64(len(body))}
		}
		return forward(ctx, tr, upstream, in)
	}}
	go front.Serve(l)
	t.Cleanup(func() { front.Close() })
	return l.Addr().String()
}

// A bucket that cannot be made is one explanation before the first case, and
// leaves nothing for a sweep.
func TestBucketIsRefused(t *testing.T) {
	for _, procs := range []string{"1", "2"} {
		s := startServerFor(t, "oss")
		cmd := command(t, s, "run", "--dialect", "oss", "--endpoint", "http://"+refuseBuckets(t, s.addr), "--procs", procs, "--only", "oss/append", "--out", "out")
		p := run(t, cmd)
		if p.code != 3 || !strings.Contains(p.stdout, "does not hold: bucket: ") || !strings.Contains(p.stdout, "AccessDenied") {
			t.Errorf("%s processes: exit code %d:\n%s%s", procs, p.code, p.stdout, p.stderr)
		}
		if sum := readRun(t, cmd).Summary["oss"]; sum.NotRun == 0 || sum.Error > 0 || sum.Passed > 0 {
			t.Errorf("%s processes: no case should have run: %+v", procs, sum)
		}
		if left, _ := filepath.Glob(cmd.Dir + "/state/ledgers/*"); len(left) > 0 {
			t.Errorf("%s processes: ledgers are left: %v", procs, left)
		}
	}
}
