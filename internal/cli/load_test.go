package cli_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"objectharness/internal/client"
	"objectharness/internal/wire"
	"objectharness/report"
)

// Raw results are what vegeta's own decoder reads: every request that was
// measured, with its status and bytes.
func TestRawResultsAreVegetas(t *testing.T) {
	cmd := command(t, nil, "load", "--keys", "hashed", "--partitions", "none", "--rate", "200", "--duration", "300ms", "--rounds", "1", "--warm-up", "0", "--raw", "--out", "out")
	if p := run(t, cmd); p.code != 0 {
		t.Fatalf("exit code %d:\n%s%s", p.code, p.stdout, p.stderr)
	}
	text, err := os.ReadFile(filepath.Join(cmd.Dir, "out", "results.bin"))
	if err != nil {
		t.Fatal(err)
	}
	decode := vegeta.NewDecoder(bytes.NewReader(text))
	n := 0
	for ; ; n++ {
		var r vegeta.Result
		if err := decode(&r); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("result %d: %v", n, err)
		}
		if r.Attack != "hashed" || r.Code != 200 || r.BytesOut != 4096 || r.Latency <= 0 || r.Timestamp.IsZero() {
			t.Errorf("result %d: %+v", n, r)
		}
	}
	if want := readRun(t, cmd).Loads[0].Requests; int64(n) != want || n == 0 {
		t.Errorf("%d raw results of %d requests", n, want)
	}
}

// Ctrl-C ends a load with 130; what was measured is told, and what was made is
// removed.
func TestLoadInterrupted(t *testing.T) {
	s := startServerFor(t, "oss")
	addr, enough := countTo(t, s.addr, 100)
	cmd := command(t, s, "load", "--dialect", "oss", "--endpoint", "http://"+addr, "--rate", "200", "--duration", "10m", "--rounds", "1", "--warm-up", "0", "--out", "out")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-enough
	cmd.Process.Signal(syscall.SIGINT)
	p, err := playOf(cmd, cmd.Wait())
	if err != nil || p.code != 130 {
		t.Fatalf("exit code %d, %v:\n%s%s", p.code, err, p.stdout, p.stderr)
	}
	r := readRun(t, cmd)
	if !r.Interrupted || r.Exit != 130 || r.Headline() != "Interrupted" || r.Loads[0].Requests+r.Loads[1].Requests == 0 {
		t.Errorf("interrupted %v, exit %d, %q, %+v", r.Interrupted, r.Exit, r.Headline(), r.Loads)
	}
	if left, _ := filepath.Glob(cmd.Dir + "/state/ledgers/*"); len(left) > 0 {
		t.Errorf("ledgers are left: %v\n%s", left, p.stdout)
	}
	if list := buckets(t, s); strings.Contains(list, "<Bucket>") {
		t.Errorf("buckets are left: %s", list)
	}
}

// countTo passes everything on, and says when it has passed n requests.
func countTo(t *testing.T, upstream string, n int64) (addr string, reached chan struct{}) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	reached = make(chan struct{})
	var seen atomic.Int64
	tr := &wire.Transport{}
	front := &wire.Server{Handler: func(ctx context.Context, in *wire.Inbound) *wire.Response {
		if seen.Add(1) == n {
			close(reached)
		}
		return forward(ctx, tr, upstream, in)
	}}
	go front.Serve(l)
	t.Cleanup(func() { front.Close() })
	return l.Addr().String(), reached
}

// Generators that share a schedule add up to the whole: as many requests, of the
// same keys, and a merge without one of them says so and ends with 3.
func TestLoadShards(t *testing.T) {
	s := startServerFor(t, "cos")
	const bucket = "shared-1250000000"
	if r, err := owner(t, "cos", s).Do(context.Background(), client.Call{Method: "PUT", Bucket: bucket}); err != nil || r.Status != 200 {
		t.Fatalf("make the bucket: %v %v", r, err)
	}
	dir := t.TempDir()
	var all sync.WaitGroup
	for _, shard := range []string{"1", "2", "3"} {
		cmd := command(t, s, "load", "--dialect", "cos", "--endpoint", "http://"+s.addr, "--bucket", bucket, "--seed", "11", "--shard", shard+"/3",
			"--rate", "150", "--duration", "800ms", "--rounds", "2", "--warm-up", "0", "--out", filepath.Join(dir, shard))
		all.Go(func() {
			if err := cmd.Run(); err != nil {
				t.Errorf("shard %s: %v\n%s%s", shard, err, cmd.Stdout, cmd.Stderr)
			}
		})
	}
	all.Wait()
	merge := func(want int, shards ...string) (play, *report.Run) {
		cmd := command(t, nil, "load", "merge", "--out", "out")
		for _, shard := range shards {
			cmd.Args = append(cmd.Args, filepath.Join(dir, shard))
		}
		p := run(t, cmd)
		if p.code != want {
			t.Fatalf("merge %v: exit code %d, want %d:\n%s%s", shards, p.code, want, p.stdout, p.stderr)
		}
		return p, readRun(t, cmd)
	}
	p, whole := merge(0, "1", "2", "3")
	for _, l := range whole.Loads {
		if l.Requests != 60 || l.Rounds != 2 || l.RateRPS != 150 || l.Heat == nil || l.Spread == nil {
			t.Errorf("%s: %d requests, %d rounds, %v/s\n%s", l.Keys, l.Requests, l.Rounds, l.RateRPS, p.stdout)
		}
	}
	p, part := merge(3, "1", "3")
	if want := "2 of 3 ranks: 2 missing"; !strings.Contains(p.stdout, want) || !strings.Contains(part.Reason, want) || !strings.Contains(p.stdout, "2/3 of the rate 150") {
		t.Errorf("want %q in it:\n%s", want, p.stdout)
	}
	if n := part.Loads[0].Requests; n != 40 {
		t.Errorf("%d requests of two generators", n)
	}
	cmd := command(t, nil, "load", "merge", filepath.Join(dir, "1"), filepath.Join(dir, "1"))
	if p := run(t, cmd); p.code != 2 || !strings.Contains(p.stderr, "rank 1 of 3 is there twice") {
		t.Errorf("the same twice: exit code %d, %s", p.code, p.stderr)
	}
}

// What a load has kept in somebody's bucket is one entry of the ledger: a sweep
// removes the objects and open uploads below its prefix, and nothing else.
func TestSweepOfAPrefix(t *testing.T) {
	const bucket = "somebodys-bucket"
	for _, dialect := range []string{"oss", "bos"} {
		t.Run(dialect, func(t *testing.T) {
			s := startServerFor(t, dialect)
			c := owner(t, dialect, s)
			ask := func(call client.Call) string {
				t.Helper()
				call.Bucket = bucket
				r, err := c.Do(context.Background(), call)
				if err != nil || r.Status/100 != 2 {
					t.Fatalf("%s %s: %v %v", call.Method, call.Key, r, err)
				}
				return string(r.Body)
			}
			ask(client.Call{Method: "PUT"})
			ask(client.Call{Method: "PUT", Key: "theirs", Body: []byte("kept")})
			at := []string{"--dialect", dialect, "--endpoint", "http://" + s.addr, "--bucket", bucket}
			keep := command(t, s, append([]string{"load", "--keep", "--mix", "put,multipart", "--rate", "100", "--duration", "200ms", "--rounds", "1", "--warm-up", "0", "--out", "out"}, at...)...)
			if p := run(t, keep); p.code != 0 {
				t.Fatalf("exit code %d:\n%s%s", p.code, p.stdout, p.stderr)
			}
			first := readRun(t, keep).Loads[0].FirstKeys[0]
			prefix, _, _ := strings.Cut(first, "/")
			ask(client.Call{Method: "POST", Key: first + ".open", Query: []wire.Param{{Name: "uploads", Bare: true}}})
			ask(client.Call{Method: "POST", Key: "theirs.open", Query: []wire.Param{{Name: "uploads", Bare: true}}})
			if list := ask(client.Call{Method: "GET"}); !strings.Contains(list, prefix) {
				t.Fatalf("--keep kept nothing below %s: %s", prefix, list)
			}
			cmd := command(t, s, append([]string{"sweep"}, at...)...)
			cmd.Env = append(cmd.Env, "HARNESS_STATE="+keep.Dir+"/state")
			if p := run(t, cmd); p.code != 0 || !strings.Contains(p.stdout, "prefix "+bucket) || !strings.Contains(p.stdout, "1 ledgers swept") {
				t.Fatalf("sweep: exit code %d\n%s%s", p.code, p.stdout, p.stderr)
			}
			for _, query := range [][]wire.Param{nil, {{Name: "uploads", Bare: true}}} {
				if list := ask(client.Call{Method: "GET", Query: query}); strings.Contains(list, prefix) || !strings.Contains(list, "theirs") {
					t.Errorf("after the sweep: %s", list)
				}
			}
		})
	}
}
