package runner

import (
	"fmt"
	"io"
	"os"

	"github.com/onsi/ginkgo/v2"
)

// Worker tells whether this process was started by Run to do a share of it. A
// main then builds the same Options as its parent, calls Work and exits.
func Worker() bool { return os.Getenv(envProc) != "" && os.Getenv(envHost) != "" }

// Work runs this process's share and tells its parent about it. It reports
// whether the share passed. It ends the process when the parent is gone: what
// the specs had made by then stays for a later sweep. Observer, Seed and Procs
// of o are the parent's affair and not looked at.
func Work(o Options) bool {
	if err := o.Check(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return false
	}
	defer one()()
	cfg, rep := o.config()
	if _, err := fmt.Sscanf(os.Getenv(envProc)+" "+os.Getenv(envSeed), "%d/%d %d",
		&cfg.ParallelProcess, &cfg.ParallelTotal, &cfg.RandomSeed); err != nil {
		fmt.Fprintf(os.Stderr, "runner: %s=%q and %s=%q must be number/total and a number: %v\n",
			envProc, os.Getenv(envProc), envSeed, os.Getenv(envSeed), err)
		return false
	}
	cfg.ParallelHost = os.Getenv(envHost)
	for _, name := range []string{envProc, envHost, envSeed} {
		os.Unsetenv(name) // programs that specs start are not workers
	}
	go endWithParent()
	o.register()
	return ginkgo.RunSpecs(verdict{}, o.name(), cfg, rep)
}

// endWithParent waits for the end of the pipe that the parent holds open.
func endWithParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(3)
}
