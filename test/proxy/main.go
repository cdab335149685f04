// Command proxy puts a misbehaving proxy before an emulator of the harness and
// lets the harness judge it: every mode has to be noticed.
//
//	go run .                       every dialect, every mode
//	go run . -dialect oss -mode ignore-range
//	go run . -serve ignore-range -upstream 127.0.0.1:9000
//
// HARNESS_BIN names the harness; without it one is built.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"objectharness/internal/dialect/all"
	"objectharness/internal/misbehave"
	"objectharness/internal/sign"
)

const (
	accessKey = "proxy-access-key"
	secretKey = "proxy-secret-key"
)

// options are what main is given.
type options struct {
	dialect, mode, serve, upstream, out string
}

func main() {
	var o options
	flag.StringVar(&o.dialect, "dialect", "", "only this dialect")
	flag.StringVar(&o.mode, "mode", "", "only this mode")
	flag.StringVar(&o.serve, "serve", "", "serve this mode until interrupted, judge nothing")
	flag.StringVar(&o.upstream, "upstream", "", "HOST:PORT that -serve stands before")
	flag.StringVar(&o.out, "out", "", "folder for the reports")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	run := sweep
	if o.serve != "" {
		run = serve
	}
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "proxy:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, o options) error {
	p, err := proxy(cmp.Or(o.dialect, "s3"), o.serve, o.upstream)
	if err != nil {
		return err
	}
	addr, stop, err := p.Start()
	if err != nil {
		return err
	}
	defer stop()
	fmt.Printf("misbehaving (%s) on http://%s\n", o.serve, addr)
	<-ctx.Done()
	return nil
}

// proxy makes a proxy that can sign anew with the keys of this run.
func proxy(name, mode, upstream string) (*misbehave.Proxy, error) {
	d, err := all.ByName(name)
	if err != nil {
		return nil, err
	}
	keys := sign.Input{AccessKey: accessKey, SecretKey: secretKey, Region: d.Region}
	return &misbehave.Proxy{Mode: mode, Upstream: upstream, Resign: misbehave.Resigner(d, keys, time.Now)}, nil
}

// sweep judges every dialect and mode that is asked for.
func sweep(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "proxy")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.out == "" {
		o.out = dir
	}
	bin, err := harness(ctx, dir)
	if err != nil {
		return err
	}
	t := &tally{}
	for _, d := range all.All() {
		if o.dialect != "" && o.dialect != d.Name {
			continue
		}
		if err := judgeDialect(ctx, o, bin, d.Name, t); err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
	}
	fmt.Printf("%d passed, %d failed\n", t.passed, t.failed)
	if t.failed > 0 || t.passed == 0 {
		return errors.New("a misbehaviour went unnoticed, or a good server was blamed")
	}
	return nil
}

type tally struct{ passed, failed int }

// judgeDialect starts one emulator for each mode, so that what one leaves behind
// cannot disturb the next.
func judgeDialect(ctx context.Context, o options, bin, dialect string, t *tally) error {
	for _, mode := range misbehave.Modes() {
		if o.mode != "" && o.mode != mode || !shows(mode, dialect) {
			continue
		}
		got, err := judge(ctx, o, bin, dialect, mode)
		if err != nil {
			return fmt.Errorf("%s: %w", mode, err)
		}
		word := "ok  "
		if problem := got.problem(mode); problem != "" {
			t.failed++
			word = "FAIL " + problem
		} else {
			t.passed++
		}
		fmt.Printf("%-4s %-24s exit %d  passed %4d  failed %4d  blocked %4d  %5.1f s  %s\n",
			dialect, mode, got.exit, got.n["passed"], got.n["failed"], got.n["blocked"], got.took.Seconds(), word)
	}
	return nil
}

// harness is the binary to run: HARNESS_BIN, or one built into dir.
func harness(ctx context.Context, dir string) (string, error) {
	if bin := os.Getenv("HARNESS_BIN"); bin != "" {
		return filepath.Abs(bin)
	}
	bin := filepath.Join(dir, "harness")
	build := exec.CommandContext(ctx, "go", "build", "-o", bin, "./cmd/harness")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the harness (set HARNESS_BIN to use one that is there): %w\n%s", err, out)
	}
	return bin, nil
}
