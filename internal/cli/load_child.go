package cli

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/runner"
	"objectharness/internal/target"
)

// A child is the emulator in a process of its own: what it costs is not counted
// as the generator's.
type child struct {
	cmd *exec.Cmd
	URL string
}

// serveChild starts the emulator of a dialect and fills in where it is.
func (a *app) serveChild(c *target.Config, partitions string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, broke(fmt.Errorf("start the emulator: %w", err))
	}
	args := []string{"serve", "--dialect", c.Dialect, "--listen", "127.0.0.1:0", "--with-parent"}
	if partitions != "none" {
		args = append(args, "--partitions", partitions)
	}
	c.Owner = client.Keys{AccessKey: "H" + rand.Text()[:19], SecretKey: rand.Text() + rand.Text()[:14]}
	ch := &child{cmd: exec.Command(self, args...)}
	ch.cmd.Env = append(os.Environ(), target.EnvAccessKey+"="+c.Owner.AccessKey, target.EnvSecretKey+"="+c.Owner.SecretKey, target.EnvToken+"=",
		target.EnvOtherAccessKey+"=", target.EnvOtherSecretKey+"=")
	ch.cmd.Stderr = a.stderr
	ch.cmd.SysProcAttr = runner.OwnGroup()       // a Ctrl-C is for us: we end it when we are done
	if _, err = ch.cmd.StdinPipe(); err != nil { // its end tells the child that we are gone
		return nil, broke(fmt.Errorf("start the emulator: %w", err))
	}
	out, err := ch.cmd.StdoutPipe()
	if err == nil {
		err = ch.cmd.Start()
	}
	if err != nil {
		return nil, broke(fmt.Errorf("start the emulator: %w", err))
	}
	if ch.URL, err = served(out); err != nil {
		ch.stop()
		return nil, broke(fmt.Errorf("start the emulator: %w", err))
	}
	go io.Copy(io.Discard, out)
	c.Endpoint = ch.URL
	return ch, nil
}

// served reads the line that says where the emulator is.
func served(out io.Reader) (string, error) {
	line, err := bufio.NewReaderSize(out, 4<<10).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("expected a line that says where it is served: %w", err)
	}
	_, at, ok := strings.Cut(strings.TrimSpace(line), " on ")
	if !ok {
		return "", fmt.Errorf("expected \"serving … on URL\", got %q", line)
	}
	return at, nil
}

// stop ends the emulator and waits until it is gone.
func (c *child) stop() {
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // it may be gone already
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = c.cmd.Process.Kill() })
	defer stop()
	_ = c.cmd.Wait() // how it ended is no matter any more
}
