package runner

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"testing"

	g "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"
)

// The tests run this binary again as a small harness: a scene names its specs
// and options.
const (
	envScene = "RUNNER_SCENE"
	envProcs = "RUNNER_PROCS"
	envDial  = "RUNNER_DIAL" // an address that scenes talk to
)

func TestMain(m *testing.M) {
	if name := os.Getenv(envScene); name != "" {
		os.Exit(play(name))
	}
	os.Exit(m.Run())
}

// An ending is what the small harness prints.
type ending struct {
	Begun, Planned int
	Told           []string
	Succeeded      bool
	Interrupted    bool
	Reasons        []string
	Specs          []outcome
	Setups         []outcome
	Err            string
	Empty          bool
}

type outcome struct {
	Text, State, Message, Panic, Position, At, Entry string
	Labels                                           []string
	Serial, Ordered                                  bool
}

func play(name string) int {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	o := scenes[name]
	if Worker() {
		if !Work(o) {
			return 1
		}
		return 0
	}
	fmt.Sscan(os.Getenv(envProcs), &o.Procs)
	o.Stderr = os.Stderr
	w := &watcher{cancel: cancel}
	o.Observer = w
	report, err := Run(ctx, o)
	w.Reasons, w.Succeeded, w.Interrupted = append([]string{}, report.SpecialSuiteFailureReasons...), report.SuiteSucceeded, Interrupted(report)
	for _, s := range report.SpecReports {
		if s.LeafNodeType == types.NodeTypeIt {
			w.Specs = append(w.Specs, describe(s))
		} else {
			w.Setups = append(w.Setups, describe(s))
		}
	}
	if err != nil {
		w.Err, w.Empty = err.Error(), errors.Is(err, ErrEmpty)
	}
	json.NewEncoder(os.Stdout).Encode(w.ending)
	return 0
}

func describe(s types.SpecReport) outcome {
	var value struct{ N int }
	entry := "none"
	if err := Entry(s, "outcome", &value); err == nil {
		entry = fmt.Sprint(value.N)
	} else if !errors.Is(err, ErrNoEntry) {
		entry = err.Error()
	}
	position := func(l types.CodeLocation) string { return fmt.Sprintf("%s:%d", l.FileName, l.LineNumber) }
	return outcome{
		Text: s.FullText(), State: s.State.String(), Message: s.Failure.Message, Panic: s.Failure.ForwardedPanic,
		Position: position(s.LeafNodeLocation), At: position(s.Failure.Location), Entry: entry,
		Labels: s.Labels(), Serial: s.IsSerial, Ordered: s.IsInOrderedContainer,
	}
}

// watcher records what it is told, and cancels the run after a spec called "the last straw".
type watcher struct {
	ending
	cancel func()
}

func (w *watcher) Begin(plan types.Report) { w.Begun, w.Planned = w.Begun+1, len(plan.SpecReports) }
func (w *watcher) End(types.Report)        { w.Begun-- }
func (w *watcher) Spec(s types.SpecReport) {
	w.Told = append(w.Told, s.FullText())
	if strings.HasSuffix(s.FullText(), "the last straw") {
		w.cancel()
	}
}

// call sends line to the test and keeps the connection open until this process ends.
func call(line string) net.Conn {
	conn, err := net.Dial("tcp", os.Getenv(envDial))
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	fmt.Fprintln(conn, line)
	return conn
}

var scenes = map[string]Options{
	"mixed":      {Seed: 7, Register: mixed},
	"labels":     {Seed: 7, Labels: "slow || entry", Register: mixed},
	"only":       {Seed: 7, Labels: "!slow", Only: []string{"id:oss.b.c", "id:oss.b.d"}, Register: mixed},
	"empty":      {Labels: "nobody", Register: mixed},
	"bad filter": {Labels: "a && (", Register: mixed},
	"bad label":  {Only: []string{"a/b"}, Register: mixed},
	"focused":    {Register: func() { g.FIt("a", func() {}); g.It("b", func() {}) }},
	"fail fast":  {FailFast: true, Register: failing},
	"cancel":     {Register: cancelled},
	"dying":      {Register: dying},
	"all dying":  {Register: func() { g.BeforeSuite(func() { fmt.Fprintln(os.Stderr, "farewell"); os.Exit(7) }); failing() }},
	"setup":      {Register: func() { g.BeforeSuite(func() { g.Fail("no server\nsecond line") }); failing() }},
	"other tree": {Register: func() { g.It("a", func() {}); g.Describe("in", extra) }},
	"waiting":    {Register: waiting},
	"timeout":    {Timeout: 1, Register: mixed},
}

func mixed() {
	data := ""
	g.SynchronizedBeforeSuite(func() []byte { return []byte("shared") }, func(b []byte) { data = string(b) })
	g.Describe("oss", g.Label("oss"), func() {
		g.BeforeEach(func(ctx g.SpecContext) { gomega.Expect(ctx.Err()).To(gomega.Succeed()) })
		g.It("passes", g.Label("id:oss.a"), func(ctx g.SpecContext) { gomega.Expect(data).To(gomega.Equal("shared")) })
		g.It("fails", g.Label("id:oss.b.c"), func(ctx g.SpecContext) { gomega.Expect(1).To(gomega.Equal(2)) })
		g.It("panics", g.Label("id:oss.b.d"), func(ctx g.SpecContext) { panic("oh") })
		g.It("skips", func() { g.Skip("not here") })
		g.It("ends late", g.Label("slow"), func(ctx g.SpecContext) { <-ctx.Done() }, g.NodeTimeout(1))
		g.It("brings an entry", g.Label("entry"), func() {
			g.AddReportEntry("outcome", struct{ N int }{1})
			g.AddReportEntry("outcome", struct{ N int }{42})
		})
		g.It("alone", g.Serial, func() {})
		g.PIt("pending", func() {})
	})
	g.Describe("in order", g.Ordered, func() {
		g.It("one", func() {})
		g.It("two", func() { g.Fail("broken here") })
		g.It("three", func() {})
	})
	for i := range 20 {
		g.It(fmt.Sprintf("case %d", i), func(ctx g.SpecContext) {})
	}
	g.It("twin", func() {})
	g.It("twin", func() {})
}

func failing() {
	for i := range 8 {
		g.It(fmt.Sprintf("fails %d", i), func(ctx g.SpecContext) { g.Fail("broken") })
	}
}

// cancelled has one spec that makes the observer cancel the run; the others wait
// for that.
func cancelled() {
	g.Describe("then", g.Ordered, func() {
		g.It("the last straw", func() {})
		for i := range 4 {
			g.It(fmt.Sprintf("waits %d", i), wait)
		}
	})
}

func wait(ctx g.SpecContext) {
	conn := call("waiting")
	g.DeferCleanup(func(ctx g.SpecContext) { fmt.Fprintln(conn, "cleaned up") })
	<-ctx.Done()
}

func dying() {
	for i := range 6 {
		g.It(fmt.Sprintf("lives %d", i), func() {})
	}
	g.It("dies", func() { fmt.Fprintln(os.Stderr, "farewell"); os.Exit(7) })
}

func waiting() {
	for i := range 4 {
		g.It(fmt.Sprintf("waits %d", i), wait)
	}
}

func extra() {
	g.It("all", func() {})
	if g.GinkgoParallelProcess() == 2 {
		g.It("b", func() {})
	}
}

// A stage is one start of the small harness.
type stage struct {
	cmd   *exec.Cmd
	calls net.Listener
	out   *bufio.Reader
}

func start(t *testing.T, scene string, procs int) *stage {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	calls, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { calls.Close() })
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), envScene+"="+scene, envProcs+"="+fmt.Sprint(procs), envDial+"="+calls.Addr().String(),
		"GORACE=atexit_sleep_ms=0") // the race detector's own second at every exit
	cmd.Stderr = testLog{t}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &stage{cmd: cmd, calls: calls, out: bufio.NewReader(out)}
}

type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Logf("stderr: %s", p)
	return len(p), nil
}

func (s *stage) answer(t *testing.T) (line string, conn *bufio.Reader) {
	t.Helper()
	c, err := s.calls.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	conn = bufio.NewReader(c)
	line, err = conn.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line), conn
}

// finish reads the ending, which must be all that was printed.
func (s *stage) finish(t *testing.T) ending {
	t.Helper()
	var e ending
	dec := json.NewDecoder(s.out)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil {
		t.Fatalf("decode what the scene printed: %v", err)
	}
	rest, _ := bufio.NewReader(dec.Buffered()).ReadString(0)
	if strings.TrimSpace(rest) != "" {
		t.Errorf("standard output has more than the ending: %q", rest)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return e
}

func run(t *testing.T, scene string, procs int) ending {
	t.Helper()
	return start(t, scene, procs).finish(t)
}
