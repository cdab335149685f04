package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A kit is where clients of one language come from.
type kit struct {
	// install makes the clients be there; its error is the reason why they
	// cannot be had here.
	install func(ctx context.Context) error
	done    bool
	reason  error
}

// ready installs a kit once.
func (k *kit) ready(ctx context.Context) error {
	if k != nil && !k.done {
		k.done, k.reason = true, k.install(ctx)
	}
	if k == nil {
		return nil
	}
	return k.reason
}

var (
	npm    = &kit{install: installNPM}
	debian = &kit{install: installDebian}
)

// nodeModules is the folder that npm's clients are in, outside the repository.
func nodeModules() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "objectharness", "clients", "npm")
}

// installNPM installs what npm/package-lock.json says, unless it is there.
func installNPM(ctx context.Context) error {
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("there is no %s", tool)
		}
	}
	dir := nodeModules()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	lock, err := os.ReadFile("npm/package-lock.json")
	if err != nil {
		return err
	}
	installed := filepath.Join(dir, "node_modules", "installed-lock.json")
	if there, err := os.ReadFile(installed); err == nil && bytes.Equal(there, lock) {
		return nil
	}
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join("npm", name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	if err := do(ctx, nil, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", dir); err != nil {
		return err
	}
	return os.WriteFile(installed, lock, 0o644)
}

// debs are the packages of Debian 12, by version.
var debs = []string{"awscli=2.9.19-1", "python3-boto3=1.26.27+dfsg-1", "s3cmd=2.3.0-1"}

// installDebian installs the packages where root runs this.
func installDebian(ctx context.Context) error {
	missing := ""
	for _, deb := range debs {
		name, _, _ := strings.Cut(deb, "=")
		if exec.CommandContext(ctx, "dpkg", "-s", name).Run() != nil {
			missing += " " + name
		}
	}
	if missing == "" {
		return nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil || os.Getuid() != 0 {
		return fmt.Errorf("not installed:%s; only root can do that, with apt-get", missing)
	}
	if err := do(ctx, nil, "apt-get", "update", "-q"); err != nil {
		return err
	}
	return do(ctx, []string{"DEBIAN_FRONTEND=noninteractive"}, "apt-get", append([]string{"install", "-q", "-y", "--no-install-recommends"}, debs...)...)
}

// do runs a command; an error has the last lines of what it said.
func do(ctx context.Context, env []string, name string, arguments ...string) error {
	command := exec.CommandContext(ctx, name, arguments...)
	command.Env = append(os.Environ(), env...)
	out, err := command.CombinedOutput()
	if err != nil {
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		return fmt.Errorf("%s: %w: %s", name, err, strings.Join(lines[max(0, len(lines)-3):], "; "))
	}
	return nil
}
