package runner

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/onsi/ginkgo/v2/types"
)

// Variables that make a process a child.
const (
	envProc = "HARNESS_PROC" // number/total
	envHost = "HARNESS_HOST" // the parent's server
	envSeed = "HARNESS_SEED"
	// envProtocol is Ginkgo's own: the default is Go's RPC, which only its command line tool speaks.
	envProtocol = "GINKGO_PARALLEL_PROTOCOL"
)

// parallel starts this program procs times, and answers to the children until
// all have ended.
func (o Options) parallel(ctx context.Context, t *tally, procs int) (types.Report, error) {
	program, err := os.Executable()
	if err != nil {
		return t.plan, fmt.Errorf("runner: find this program to start it again: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return t.plan, fmt.Errorf("runner: listen for the processes: %w", err)
	}
	s, secret := newServer(t, procs), "/"+rand.Text()
	front := &http.Server{Handler: http.StripPrefix(secret, s.handler()), ReadHeaderTimeout: time.Minute}
	go front.Serve(listener)

	host := "http://" + listener.Addr().String() + secret
	var children sync.WaitGroup
	for n := 1; n <= procs; n++ {
		children.Go(func() { s.leave(n, o.child(ctx, program, s, host, n)) })
	}
	children.Wait()
	_ = front.Shutdown(context.WithoutCancel(ctx)) // waits for the last message of a child that was killed
	return s.report, lost(ctx, t)
}

// lost is the error of a run in which processes died by themselves.
func lost(ctx context.Context, t *tally) error {
	if len(t.lost) == 0 || ctx.Err() != nil {
		return nil
	}
	return errors.New("runner: " + strings.Join(t.lost, "; "))
}

// child runs process n to its end and says how it ended. The child interrupts
// itself as soon as the server says so; that reaches it at any time, counts
// once and leaves its clean-up alone, which a forwarded signal does not.
func (o Options) child(ctx context.Context, program string, s *server, host string, n int) string {
	noise := &noise{to: o.Stderr}
	cmd := exec.CommandContext(ctx, program, append(os.Args[1:len(os.Args):len(os.Args)], o.Args...)...)
	cmd.Env = append(os.Environ(), o.Env...)
	cmd.Env = append(cmd.Env, envProtocol+"=HTTP", envHost+"="+host,
		fmt.Sprintf("%s=%d/%d", envProc, n, len(s.procs)), fmt.Sprintf("%s=%d", envSeed, o.Seed))
	cmd.Stdout, cmd.Stderr = noise, noise
	cmd.SysProcAttr = OwnGroup() // a Ctrl-C is for the parent
	cmd.Cancel = func() error { s.abort(); return nil }
	cmd.WaitDelay = 4 * o.grace() // running node, its clean-up, the suite's clean-up, and one to spare
	// The child reads this pipe and ends with it: its other end closes even when
	// this process is killed.
	if _, err := cmd.StdinPipe(); err != nil {
		return err.Error()
	}
	if err := cmd.Run(); err != nil {
		return err.Error() + noise.last()
	}
	return "it exited with status 0; main must call Work when Worker says so" + noise.last()
}

// noise passes on what a child prints and keeps the end of it, which says most
// about a crash.
type noise struct {
	mu   sync.Mutex
	to   io.Writer
	tail []byte
}

const tailMax = 2048 // bytes

var outlet sync.Mutex // children share one writer

func (n *noise) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.tail = append(n.tail, p...)
	n.tail = n.tail[max(0, len(n.tail)-tailMax):]
	if n.to == nil {
		return len(p), nil
	}
	outlet.Lock()
	defer outlet.Unlock()
	return n.to.Write(p)
}

func (n *noise) last() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.tail) == 0 {
		return ""
	}
	return "; it said last: " + strings.ToValidUTF8(strings.TrimSpace(string(n.tail)), "�")
}
