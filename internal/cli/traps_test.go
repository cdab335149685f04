package cli_test

import (
	"context"
	"net"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"objectharness/internal/misbehave"
	"objectharness/internal/wire"
	"objectharness/report"
)

// misbehaving puts a proxy in front of a server.
func misbehaving(t *testing.T, s *server, p *misbehave.Proxy) (endpoint string) {
	t.Helper()
	p.Upstream = s.addr
	addr, stop, err := p.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return "http://" + addr
}

// A target that dies in the middle: the run names the case at which it was gone
// and ends with 3; once it lives again, the cases that said nothing are run with
// --only, and the two runs together hold each case of the plan once.
func TestResumeBehindADeath(t *testing.T) {
	t.Parallel()
	s := startServerFor(t, "oss")
	died := command(t, s, "run", "--dialect", "oss", "--only", "oss/append", "--procs", "1", "--timeout", "60s", "--out", "out",
		"--endpoint", misbehaving(t, s, &misbehave.Proxy{Mode: "dies", Requests: 60}))
	p := run(t, died)
	if gone := regexp.MustCompile(`the target was gone at case oss/append/[a-z0-9/-]+`); p.code != 3 || !gone.MatchString(p.stdout) {
		t.Fatalf("exit code %d:\n%s%s", p.code, p.stdout, p.stderr)
	}
	first := readRun(t, died)
	said, rest := map[string]bool{}, []string(nil)
	for _, c := range first.Cases {
		switch c.Verdict {
		case report.Passed:
			said[c.ID] = true
		case report.NotRun, report.Error:
			rest = append(rest, c.ID)
		default:
			t.Errorf("%s: %s", c.ID, c.Verdict)
		}
	}
	if len(said) == 0 || len(rest) < 6 || len(said)+len(rest) != first.PlanTotal {
		t.Fatalf("%d cases passed and %d remain of %d", len(said), len(rest), first.PlanTotal)
	}
	again := command(t, s, "run", "--dialect", "oss", "--only", strings.Join(rest, ","), "--endpoint", "http://"+s.addr, "--out", "out")
	if p := run(t, again); p.code != 0 {
		t.Fatalf("exit code %d:\n%s%s", p.code, p.stdout, p.stderr)
	}
	second := readRun(t, again)
	for _, c := range second.Cases {
		private := c.Verdict == report.NotRun && strings.Contains(c.Message, "needs an emulator of its own")
		if c.Verdict != report.Passed && !private || said[c.ID] {
			t.Errorf("%s: %s, said before: %v", c.ID, c.Verdict, said[c.ID])
		}
	}
	if second.PlanTotal != len(rest) {
		t.Errorf("%d cases planned, want the %d that remained", second.PlanTotal, len(rest))
	}
}

// A server that refuses an upload without a length, leaves its body on the kept
// connection and answers that as a request: no verdict of any other case changes,
// because such uploads have a connection of their own.
func TestBodiesLeftOnTheConnection(t *testing.T) {
	t.Parallel()
	s := startServerFor(t, "s3")
	through := command(t, s, "run", "--dialect", "s3", "--only", "s3/object", "--procs", "1", "--timeout", "120s", "--out", "out",
		"--endpoint", misbehaving(t, s, &misbehave.Proxy{Mode: "leaves-bodies"}))
	if p := run(t, through); p.code != 0 {
		t.Fatalf("exit code %d:\n%s%s", p.code, p.stdout, p.stderr)
	}
	refused := 0
	for _, c := range readRun(t, through).Cases {
		if strings.Contains(c.ID, "length") && c.Verdict == report.Passed {
			refused++
		}
	}
	if refused == 0 {
		t.Error("no case sent an upload without a length")
	}
}

// A server that has never heard of a subresource answers the request without it: a
// listing for GET, and for DELETE the bucket is gone. What makes a bucket ready
// for lists asks before it removes the public access block.
func TestUnknownSubresourcesAreNotDeleted(t *testing.T) {
	t.Parallel()
	s := startServerFor(t, "s3")
	var asked, removed atomic.Int64
	tr := &wire.Transport{}
	front := behind(t, func(ctx context.Context, in *wire.Inbound) *wire.Response {
		if !strings.Contains(in.Target, "?publicAccessBlock") {
			return forward(ctx, tr, s.addr, in)
		}
		if in.Method == "DELETE" {
			removed.Add(1)
			return &wire.Response{Status: 204}
		}
		asked.Add(1)
		return &wire.Response{Status: 200, Body: strings.NewReader("<ListBucketResult/>"), Length: 19}
	})
	p := run(t, command(t, s, "run", "--dialect", "s3", "--only", "s3/acl/bucket/word", "--procs", "1", "--timeout", "60s", "--out", "out", "--endpoint", "http://"+front))
	if asked.Load() == 0 || removed.Load() > 0 {
		t.Errorf("asked for the block %d times and removed it %d times:\n%s%s", asked.Load(), removed.Load(), p.stdout, p.stderr)
	}
}

// behind serves a handler on loopback until the test ends.
func behind(t *testing.T, handle func(context.Context, *wire.Inbound) *wire.Response) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &wire.Server{Handler: handle}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}
