package cli_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"objectharness/internal/cli"
	"objectharness/internal/dialect/all"
	"objectharness/internal/target"
	"objectharness/internal/wire"
	"objectharness/report"
	"objectharness/suites"
)

// A play is one call of harness as a process of its own.
type play struct {
	code           int
	stdout, stderr string
}

func playOf(cmd *exec.Cmd, err error) (play, error) {
	p := play{stdout: cmd.Stdout.(*bytes.Buffer).String(), stderr: cmd.Stderr.(*bytes.Buffer).String()}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		p.code = exit.ExitCode()
		return p, nil
	}
	return p, err
}

// command prepares harness with credentials and a state folder of its own.
func command(t *testing.T, s *server, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("harness", args...)
	cmd.Stdout, cmd.Stderr = new(bytes.Buffer), new(bytes.Buffer)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "HARNESS_STATE="+cmd.Dir+"/state")
	if s != nil {
		for name, value := range s.vars {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	return cmd
}

func run(t *testing.T, cmd *exec.Cmd) play {
	t.Helper()
	p, err := playOf(cmd, cmd.Run())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func readRun(t *testing.T, cmd *exec.Cmd) *report.Run {
	t.Helper()
	r, err := report.ReadFile(filepath.Join(cmd.Dir, "out", "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func startServerFor(t *testing.T, dialect string, deviate ...string) *server {
	t.Helper()
	s, err := serve(dialect, deviate...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	return s
}

// verdicts is what a run says, without times and names of its own.
func verdicts(r *report.Run) map[string]string {
	out := map[string]string{}
	for _, c := range r.Cases {
		text := string(c.Verdict)
		for _, b := range c.Broken {
			text += " " + b.Clause + ":" + b.What
		}
		out[c.ID] = text
	}
	return out
}

// A run over the wire against serve --control comes to the same as one in the
// process, in every dialect: all cases against the sound emulator, and those of
// appending against one with a broken rule.
func TestSameVerdictsOverTheWire(t *testing.T) {
	for _, d := range suites.Dialects() {
		t.Run(d, func(t *testing.T) {
			t.Parallel()
			same(t, d, nil, "--filter", "dialect:"+d)
			if d != "s3" { // has no append
				same(t, d, []string{"append.position"}, "--only", d+"/append")
			}
		})
	}
}

func same(t *testing.T, dialect string, deviate []string, choice ...string) {
	t.Helper()
	args := append([]string{"run", "--dialect", dialect, "--seed", "3", "--out", "out", "--procs", "2"}, choice...)
	s := startServerFor(t, dialect, deviate...)
	here := command(t, nil, append(args, "--deviate", strings.Join(deviate, ","))...)
	there := command(t, s, append(args, overTheWire(dialect, s)...)...)
	a, b := run(t, here), run(t, there)
	if a.code != b.code || (a.code == 1) != (len(deviate) > 0) {
		t.Errorf("exit code %d in the process, %d over the wire:\n%s%s", a.code, b.code, b.stdout, b.stderr)
	}
	compare(t, readRun(t, here), readRun(t, there))
}

func overTheWire(dialect string, s *server) []string {
	if dialect == "cos" {
		return []string{"--endpoint", "http://cos.ap-guangzhou.myqcloud.com", "--connect", s.addr, "--appid", "1250000000", "--control", s.control}
	}
	return []string{"--endpoint", "http://" + s.addr, "--control", s.control}
}

// A temporary key, and the bucket in Host where the test above has it in the path
// and the other way round, make no case fail, and leave out none but those that
// cannot be sent so.
func TestTemporaryKeyInTheOtherStyle(t *testing.T) {
	for _, d := range suites.Dialects() {
		t.Run(d, func(t *testing.T) {
			t.Parallel()
			owner, other := target.Accounts(d, serverSeed)
			owner.Token = "token-of-the-owner+/="
			s, err := serveTo(owner, other, d)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(s.stop)
			s.vars[target.EnvToken] = owner.Token
			cmd := command(t, s, append([]string{"run", "--dialect", d, "--seed", "3", "--out", "out", "--procs", "2", "--control", s.control}, otherStyle(t, d, s)...)...)
			p, cases := run(t, cmd), readRun(t, cmd).Cases
			if p.code != 0 || len(cases) != len(suites.Cases(d)) {
				t.Errorf("exit code %d, %d of %d cases:\n%s%s", p.code, len(cases), len(suites.Cases(d)), p.stdout, p.stderr)
			}
			for _, c := range cases {
				if c.Verdict != report.Passed && !(c.Verdict == report.NotRun && strings.HasSuffix(c.Message, "it takes path style to send one")) {
					t.Errorf("%s is %s: %s", c.ID, c.Verdict, c.Message)
				}
			}
		})
	}
}

// otherStyle has the bucket where overTheWire does not have it.
func otherStyle(t *testing.T, name string, s *server) []string {
	t.Helper()
	if name == "cos" {
		return []string{"--endpoint", "http://" + s.addr, "--appid", "1250000000"}
	}
	d, err := all.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return []string{"--endpoint", "http://" + d.Host(d.Region), "--connect", s.addr, "--style", "virtual"}
}

func compare(t *testing.T, here, there *report.Run) {
	t.Helper()
	a, b := verdicts(here), verdicts(there)
	if len(a) == 0 || len(a) != len(b) {
		t.Errorf("%d cases in the process, %d over the wire", len(a), len(b))
	}
	for id, verdict := range a {
		if b[id] != verdict {
			t.Errorf("%s: %s in the process, %s over the wire", id, verdict, b[id])
		}
	}
	for d, sum := range here.Summary {
		if there.Summary[d] != sum {
			t.Errorf("summary %+v in the process, %+v over the wire", sum, there.Summary[d])
		}
	}
}

// Without --control the same server is foreign: what only an emulator of one's
// own can show is not run, and all is removed at the end.
func TestForeignRunLeavesNothing(t *testing.T) {
	s := startServerFor(t, "oss")
	cmd := command(t, s, "run", "--dialect", "oss", "--endpoint", "http://"+s.addr, "--procs", "2", "--only", "oss/append")
	if p := run(t, cmd); p.code != 0 {
		t.Fatalf("exit code %d:\n%s%s", p.code, p.stdout, p.stderr)
	}
	if left, _ := filepath.Glob(cmd.Dir + "/state/ledgers/*"); len(left) > 0 {
		t.Errorf("ledgers are left: %v", left)
	}
	if list := buckets(t, s); strings.Contains(list, "<Bucket>") {
		t.Errorf("buckets are left: %s", list)
	}
}

// buckets lists the account's buckets.
func buckets(t *testing.T, s *server) string {
	t.Helper()
	c := owner(t, "oss", s)
	r, err := c.Do(context.Background(), listBuckets)
	if err != nil {
		t.Fatal(err)
	}
	return string(r.Body)
}

// What a kept run left is swept by its ledger, and nothing else is.
func TestKeepAndSweep(t *testing.T) {
	s := startServerFor(t, "oss")
	at := []string{"--dialect", "oss", "--endpoint", "http://" + s.addr}
	keep := command(t, s, append([]string{"run", "--keep", "--only", "oss/append/first"}, at...)...)
	if p := run(t, keep); p.code != 0 {
		t.Fatalf("exit code %d:\n%s%s", p.code, p.stdout, p.stderr)
	}
	again := func(args ...string) play {
		cmd := command(t, s, args...)
		cmd.Env = append(cmd.Env, "HARNESS_STATE="+keep.Dir+"/state")
		return run(t, cmd)
	}
	if p := again("sweep"); !strings.Contains(p.stdout, "oss http://"+s.addr) || !strings.Contains(p.stdout, "bucket h") {
		t.Errorf("sweep without a target lists %q", p.stdout)
	}
	if !strings.Contains(buckets(t, s), "<Bucket>") {
		t.Error("--keep kept no bucket")
	}
	if p := again(append([]string{"sweep"}, at...)...); p.code != 0 || !strings.Contains(p.stdout, "1 ledgers swept") {
		t.Errorf("sweep: exit code %d: %s%s", p.code, p.stdout, p.stderr)
	}
	if strings.Contains(buckets(t, s), "<Bucket>") {
		t.Error("the bucket is still there after the sweep")
	}
	if p := again("sweep"); !strings.Contains(p.stdout, "nothing is left") {
		t.Errorf("a second sweep lists %q", p.stdout)
	}
}

// Ctrl-C ends the run with 130; the reports say what was done, and what was made
// is removed.
func TestInterrupt(t *testing.T) {
	for _, procs := range []string{"1", "2"} {
		t.Run(procs, func(t *testing.T) {
			s := startServerFor(t, "oss")
			slow := hangAfter(t, s.addr, 40)
			cmd := command(t, s, "run", "--dialect", "oss", "--endpoint", "http://"+slow.addr, "--procs", procs, "--out", "out", "--seed", "1")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			<-slow.hanging
			cmd.Process.Signal(syscall.SIGINT)
			p, err := playOf(cmd, cmd.Wait())
			if err != nil || p.code != 130 {
				t.Fatalf("exit code %d, %v:\n%s%s", p.code, err, p.stdout, p.stderr)
			}
			r := readRun(t, cmd)
			if !r.Interrupted || r.Exit != 130 || r.PlanTotal != len(r.Cases) {
				t.Errorf("interrupted %v, exit %d, %d of %d cases", r.Interrupted, r.Exit, len(r.Cases), r.PlanTotal)
			}
			if left, _ := filepath.Glob(cmd.Dir + "/state/ledgers/*"); len(left) > 0 {
				t.Errorf("ledgers are left: %v", left)
			}
			if sum := r.Summary["oss"]; sum.NotRun == 0 || sum.Error > 0 || sum.Failed > 0 {
				t.Errorf("the rest should not have run: %+v", sum)
			}
		})
	}
}

// A kill leaves a run.json that can be read and says that it is not the end.
func TestKillLeavesAReport(t *testing.T) {
	s := startServerFor(t, "oss")
	slow := hangAfter(t, s.addr, 40)
	cmd := command(t, s, "run", "--dialect", "oss", "--endpoint", "http://"+slow.addr, "--procs", "1", "--out", "out", "--seed", "1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-slow.hanging
	cmd.Process.Kill()
	cmd.Wait()
	if r := readRun(t, cmd); !r.Interrupted || r.PlanTotal == 0 || len(r.Targets) != 1 {
		t.Errorf("interrupted %v, plan %d, %d targets", r.Interrupted, r.PlanTotal, len(r.Targets))
	}
}

// slow passes requests on and then hangs.
type slow struct {
	addr    string
	hanging chan struct{} // closed at the first request that hangs
	once    sync.Once
}

// hangAfter stands in front of a server and answers only so many requests; the
// clean-up (DELETE) comes through always. Whoever waits for hanging knows that no
// other request is still on its way.
func hangAfter(t *testing.T, upstream string, requests int64) *slow {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &slow{addr: l.Addr().String(), hanging: make(chan struct{})}
	var seen atomic.Int64
	var passing sync.RWMutex
	tr := &wire.Transport{}
	front := &wire.Server{Handler: func(ctx context.Context, in *wire.Inbound) *wire.Response {
		if seen.Add(1) > requests && in.Method != "DELETE" {
			passing.Lock()
			s.once.Do(func() { close(s.hanging) })
			passing.Unlock()
			<-ctx.Done()
			return nil
		}
		passing.RLock()
		defer passing.RUnlock()
		return forward(ctx, tr, upstream, in)
	}}
	go front.Serve(l)
	t.Cleanup(func() { front.Close() })
	return s
}

func forward(ctx context.Context, tr *wire.Transport, upstream string, in *wire.Inbound) *wire.Response {
	r := *in.Request
	r.Body, r.Length = in.Body, in.Length
	got, err := tr.Do(ctx, upstream, &r, true)
	if err != nil {
		return nil
	}
	fields := slices.DeleteFunc(got.Fields.Clone(), func(f wire.Field) bool { return strings.EqualFold(f.Name, "Content-Length") })
	return &wire.Response{Status: got.Status, Fields: fields, Body: bytes.NewReader(got.Body), Length: got.Size}
}

// serve tells where it serves, takes the environment's keys, and ends on a
// signal.
func TestServe(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	out := &lineWriter{lines: make(chan string, 16)}
	ended := make(chan int)
	go func() {
		ended <- cli.Run(ctx, []string{"serve", "--dialect", "s3", "--control", "127.0.0.1:0"}, strings.NewReader(""), out, out)
	}()
	if line := <-out.lines; !strings.HasPrefix(line, "serving s3 on http://127.0.0.1:") {
		t.Errorf("first line %q", line)
	}
	for _, name := range []string{"HARNESS_ACCESS_KEY=", "HARNESS_SECRET_KEY=", "HARNESS_OTHER_ACCESS_KEY=", "HARNESS_OTHER_SECRET_KEY=", "control on http://127.0.0.1:"} {
		if line := <-out.lines; !strings.HasPrefix(line, name) {
			t.Errorf("line %q, want %s…", line, name)
		}
	}
	cancel()
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// A lineWriter hands on line by line.
type lineWriter struct {
	lines chan string
	rest  string
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest += string(p)
	for {
		line, rest, ok := strings.Cut(w.rest, "\n")
		if !ok {
			return len(p), nil
		}
		w.rest = rest
		w.lines <- line
	}
}

// A target that stops answering in the middle ends the run in time: case by case
// by --case-timeout, and as a whole by --timeout.
func TestTimeouts(t *testing.T) {
	for option, want := range map[string]string{"--case-timeout=150ms": "the target was gone", "--timeout=8s": "the time of --timeout (8s) was up"} {
		for _, procs := range []string{"1", "2"} {
			s := startServerFor(t, "oss")
			slow := hangAfter(t, s.addr, 40)
			cmd := command(t, s, "run", "--dialect", "oss", "--endpoint", "http://"+slow.addr, "--procs", procs, "--only", "oss/append", "--out", "out", option)
			p := run(t, cmd)
			if p.code != 3 || !strings.Contains(p.stdout, want) {
				t.Errorf("%s: exit code %d:\n%s%s", option, p.code, p.stdout, p.stderr)
			}
			if sum := readRun(t, cmd).Summary["oss"]; sum.Passed == 0 || sum.NotRun == 0 {
				t.Errorf("%s: %+v, want some passed and some not run", option, sum)
			}
		}
	}
}
