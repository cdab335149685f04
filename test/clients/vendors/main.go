// Command vendors runs the test suites of vendors' SDKs on the emulator, each in
// a network that holds nothing but loopback, and compares what fails with the
// list of what is known to.
//
//	vendors -suite NAME [-update] [-jobs N] [-logs DIR] [TEST...]
//
// HARNESS_BIN names the harness; without it one is built. Every test has an
// emulator and a process of its own. Exit 1: a test fails that should not, or
// the other way round, or docs/fidelity.md tells other figures; 3: the suite
// could not run. Where no network of its own can be made, it says so and does nothing.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
)

func main() {
	name := flag.String("suite", "", "oss-v2, oss-v1 or minio")
	update := flag.Bool("update", false, "rewrite the list of what fails and docs/fidelity.md")
	jobs := flag.Int("jobs", 16, "tests at once; they sleep most of the time")
	logs := flag.String("logs", "", "directory that keeps the output of tests that fail")
	page := flag.Bool("page", false, "write docs/fidelity.md from the lists and run nothing")
	flag.Parse()
	if *page {
		if _, err := tellFidelity(true); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		return
	}
	i := slices.IndexFunc(suites, func(s *suite) bool { return s.name == *name })
	if i < 0 || *jobs < 1 {
		fmt.Fprintln(os.Stderr, "usage: vendors [-update] [-jobs N] [-logs DIR] -suite oss-v2|oss-v1|minio [TEST...]")
		os.Exit(2)
	}
	if *logs != "" {
		if err := os.MkdirAll(*logs, 0o755); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
	}
	r := &run{suite: suites[i], jobs: *jobs, logs: *logs}
	same, err := r.all(flag.Args(), *update)
	switch {
	case errors.Is(err, errNoNetwork):
		fmt.Println(err)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	case !same:
		os.Exit(1)
	}
}

// all prepares the run, goes where there is no network, and runs.
func (r *run) all(tests []string, update bool) (same bool, err error) {
	if os.Getenv(alone) == "" {
		if err := r.prepare(); err != nil {
			return false, err
		}
		return false, isolated()
	}
	if err := exec.Command("ip", "link", "set", "lo", "up").Run(); err != nil {
		return false, fmt.Errorf("ip link set lo up: %w", err)
	}
	if err := stage(); err != nil {
		return false, err
	}
	r.binary, r.dir = os.Getenv("VENDORS_BINARY"), os.Getenv("VENDORS_DIR")
	results, err := r.run(tests)
	if err != nil {
		return false, err
	}
	return r.compare(results, tests, update)
}

// alone is set in the process that has no network.
const alone = "VENDORS_ALONE"

// prepare builds the suite and the harness while there is a network.
func (r *run) prepare() error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	cache = filepath.Join(cache, "objectharness", "clients")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return err
	}
	if r.dir, err = r.suite.folder(); err != nil {
		return err
	}
	r.binary = filepath.Join(cache, r.suite.name+".test")
	args, err := r.suite.build(r.suite, r.dir, r.binary)
	if err != nil {
		return err
	}
	if err := shown("go", args...); err != nil {
		return err
	}
	harness := os.Getenv("HARNESS_BIN")
	if harness == "" {
		harness = filepath.Join(cache, "harness")
		if err := shown("go", "build", "-C", filepath.Join("..", ".."), "-o", harness, "./cmd/harness"); err != nil {
			return err
		}
	}
	if harness, err = filepath.Abs(harness); err != nil {
		return err
	}
	return errors.Join(os.Setenv("HARNESS_BIN", harness), os.Setenv("VENDORS_BINARY", r.binary), os.Setenv("VENDORS_DIR", r.dir), os.Setenv(alone, "yes"))
}

var errNoNetwork = errors.New("not to be run here: no network of its own can be made (unshare -nm)")

// isolated is this program again, in a network of its own.
func isolated() error {
	unshare, err := exec.LookPath("unshare")
	if err != nil {
		return fmt.Errorf("a network of its own needs unshare: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, flags := range []string{"-nm", "-rnm"} {
		if exec.Command(unshare, flags, "true").Run() == nil {
			return syscall.Exec(unshare, append([]string{unshare, flags, self}, os.Args[1:]...), os.Environ())
		}
	}
	return errNoNetwork
}

// shown runs a command whose complaints are worth seeing.
func shown(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %q: %w", name, args, err)
	}
	return nil
}
