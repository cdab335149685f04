package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/misbehave"
)

// shows tells whether a dialect has what a mode is about.
func shows(mode, dialect string) bool {
	return dialect != "s3" || !strings.Contains(mode, "position")
}

// An outcome is what the harness said of one mode.
type outcome struct {
	exit int
	n    map[string]int // cases by verdict
	took time.Duration
	log  string
}

// problem says what is wrong with an outcome: a faulty server must fail (exit
// 1), a broken one must end the run (exit 3), and one whose answers are right must
// pass.
func (o outcome) problem(mode string) string {
	broken := slices.Index(misbehave.Modes(), mode) >= slices.Index(misbehave.Modes(), "down")
	innocent := mode == "none" || mode == "leaves-bodies"
	switch {
	case innocent && (o.exit != 0 || o.n["failed"] > 0):
		return "a proxy that changes no answer must pass: " + o.log
	case innocent:
	case mode == "out-of-step" && (o.exit == 0 || o.exit == 3):
	case mode == "out-of-step":
		return "a connection out of step must change no verdict: " + o.log
	case broken && o.exit != 3:
		return "want exit 3: " + o.log
	case !broken && (o.exit != 1 || o.n["failed"] == 0):
		return "want exit 1 and a failed case: " + o.log
	}
	return ""
}

// appID is the owner that bucket names of COS end in.
const appID = "1250000000"

// judge runs the harness against one misbehaving emulator.
func judge(ctx context.Context, o options, bin, name, mode string) (outcome, error) {
	upstream, stop, err := emulator(ctx, bin, name)
	if err != nil {
		return outcome{}, err
	}
	defer stop()
	p, err := proxy(name, mode, upstream)
	if err != nil {
		return outcome{}, err
	}
	addr, end, err := p.Start()
	if err != nil {
		return outcome{}, err
	}
	defer end()
	out := filepath.Join(o.out, name+"-"+mode)
	args := []string{"run", "--dialect", name, "--appid", appID, "--timeout", "5m", "--out", out}
	cmd := exec.CommandContext(ctx, bin, append(args, address(name, addr)...)...)
	state, err := os.MkdirTemp("", "harness-proxy-")
	if err != nil {
		return outcome{}, err
	}
	defer os.RemoveAll(state)
	cmd.Env = append(keys(), "HARNESS_STATE="+state)
	began := time.Now()
	text, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return outcome{}, err
	}
	got := outcome{exit: cmd.ProcessState.ExitCode(), took: time.Since(began), log: last(string(text))}
	got.n, err = verdicts(filepath.Join(out, "run.json"))
	return got, err
}

// address makes the options that lead to a loopback address. A dialect that puts
// the bucket in the host is called by its public name.
func address(name, addr string) []string {
	d, err := all.ByName(name)
	if err != nil || d.Style == dialect.PathStyle {
		return []string{"--endpoint", "http://" + addr, "--style", "path"}
	}
	return []string{"--endpoint", "http://" + d.Host(d.Region), "--style", "virtual", "--connect", addr}
}

func last(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

func keys() []string {
	return append(os.Environ(), "HARNESS_ACCESS_KEY="+accessKey, "HARNESS_SECRET_KEY="+secretKey)
}

// verdicts counts the cases of a run. A run that never began may have no report.
func verdicts(name string) (map[string]int, error) {
	n := map[string]int{}
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return n, nil
	}
	if err != nil {
		return n, err
	}
	var run struct{ Cases []struct{ Verdict string } }
	if err := json.Unmarshal(data, &run); err != nil {
		return n, fmt.Errorf("%s: %w", name, err)
	}
	for _, c := range run.Cases {
		n[c.Verdict]++
	}
	return n, nil
}

// emulator starts harness serve and returns its HOST:PORT.
func emulator(ctx context.Context, bin, dialect string) (string, func(), error) {
	cmd := exec.CommandContext(ctx, bin, "serve", "--dialect", dialect, "--listen", "127.0.0.1:0")
	cmd.Env, cmd.Stderr = keys(), os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop := func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if addr, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "serving "+dialect+" on http://"); ok {
			go io.Copy(io.Discard, out)
			return addr, stop, nil
		}
	}
	stop()
	return "", nil, fmt.Errorf("harness serve named no address: %v", lines.Err())
}
