package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	accessKey      = "clients-access-key"
	secretKey      = "clients-secret-key"
	otherAccessKey = "clients-other-access-key"
	otherSecretKey = "clients-other-secret-key"
)

// harness is the binary to start: HARNESS_BIN, or one built into dir from the
// main module beside this one.
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

// A served is an emulator that runs.
type served struct {
	address  string
	recorder *recorder
	stop     func() error // ends it with SIGTERM and reports how it went
}

// serve starts the emulator of a dialect, which records what arrives.
func serve(ctx context.Context, bin, dialect string) (*served, error) {
	cmd := exec.CommandContext(ctx, bin, "serve", "--dialect", dialect, "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--record")
	cmd.Env = append(os.Environ(), "HARNESS_ACCESS_KEY="+accessKey, "HARNESS_SECRET_KEY="+secretKey,
		"HARNESS_OTHER_ACCESS_KEY="+otherAccessKey, "HARNESS_OTHER_SECRET_KEY="+otherSecretKey)
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s, err := ready(out, dialect)
	if err != nil {
		cmd.Process.Kill()
		cmd.Wait()
		return nil, err
	}
	s.stop = func() error {
		cmd.Process.Signal(syscall.SIGTERM)
		return cmd.Wait()
	}
	return s, nil
}

// ready reads the lines that name the address and the control interface, and then
// reads on unheeded.
func ready(out io.Reader, dialect string) (*served, error) {
	s := &served{recorder: &recorder{}}
	lines := bufio.NewScanner(out)
	want := "serving " + dialect + " on http://"
	for lines.Scan() {
		if address, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), want); ok {
			s.address = address
		}
		if _, err := fmt.Sscanf(lines.Text(), "control on %s token %s", &s.recorder.url, &s.recorder.token); err == nil && s.address != "" {
			go io.Copy(io.Discard, out)
			return s, nil
		}
	}
	return nil, fmt.Errorf("harness serve ended without the lines %qHOST:PORT and \"control on URL token TOKEN\": %v", want, lines.Err())
}
