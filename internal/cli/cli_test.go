package cli_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"objectharness/internal/cli"
	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
	"objectharness/internal/misbehave"
	"objectharness/internal/runner"
	"objectharness/internal/target"
)

// TestMain lets this test binary play harness, and its worker processes.
func TestMain(m *testing.M) {
	if runner.Worker() {
		harness()
	}
	testscript.Main(m, map[string]func(){"harness": harness})
}

func harness() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HARNESS_STATE", env.WorkDir+"/.state")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"server": startServer, "proxy": startProxy, "exits": exits,
		},
	})
}

const serverSeed = 7 // of the servers that tests start

const controlToken = "control-token-of-the-test"

// A server is an emulator under control.
type server struct {
	addr, control string
	vars          map[string]string
	stop          func()
}

func serve(dialect string, deviate ...string) (*server, error) {
	owner, other := target.Accounts(dialect, serverSeed)
	return serveTo(owner, other, dialect, deviate...)
}

func serveTo(owner, other emulator.Account, dialect string, deviate ...string) (*server, error) {
	d, err := all.ByName(dialect)
	if err != nil {
		return nil, err
	}
	control, err := emulator.NewControl(controlToken, d, emulator.Options{
		Accounts: []emulator.Account{owner, other}, Seed: serverSeed, Deviate: deviate, Zone: d.Host(d.Region),
	})
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	main := control.Server()
	go main.Serve(l)
	front := httptest.NewServer(http.Handler(control))
	stop := func() { front.Close(); control.Close(); main.Close() }
	return &server{addr: l.Addr().String(), control: front.URL, stop: stop, vars: map[string]string{
		target.EnvAccessKey: owner.AccessKey, target.EnvSecretKey: owner.SecretKey,
		target.EnvOtherAccessKey: other.AccessKey, target.EnvOtherSecretKey: other.SecretKey,
		target.EnvControlToken: controlToken, target.EnvToken: owner.Token,
	}}, nil
}

// startServer serves an emulator: server DIALECT [DEVIATION…]. It sets ENDPOINT,
// ADDRESS, CONTROL and the credentials.
func startServer(ts *testscript.TestScript, _ bool, args []string) {
	s, err := serve(args[0], args[1:]...)
	ts.Check(err)
	ts.Defer(s.stop)
	ts.Setenv("ENDPOINT", "http://"+s.addr)
	ts.Setenv("ADDRESS", s.addr)
	ts.Setenv("CONTROL", s.control)
	for name, value := range s.vars {
		ts.Setenv(name, value)
	}
}

// startProxy puts a misbehaving server in front of the last one: proxy MODE
// [REQUESTS]. ENDPOINT and ADDRESS are then its own.
func startProxy(ts *testscript.TestScript, _ bool, args []string) {
	p := &misbehave.Proxy{Mode: args[0], Upstream: ts.Getenv("ADDRESS")}
	if len(args) > 1 {
		n, err := strconv.ParseInt(args[1], 10, 64)
		ts.Check(err)
		p.Requests = n
	}
	addr, stop, err := p.Start()
	ts.Check(err)
	ts.Defer(stop)
	ts.Setenv("ENDPOINT", "http://"+addr)
	ts.Setenv("ADDRESS", addr)
}

// exits runs a program and wants an exit code: exits CODE PROGRAM ARGS…
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if code := new(exec.ExitError); errors.As(err, &code) {
		got = code.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s: exit code %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}
