package runner

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
)

// serial runs the suite in this process, so debuggers and profiles work.
func (o Options) serial(ctx context.Context, t *tally) types.Report {
	defer one()()
	o.register()
	report := t.plan
	stop := func() {}
	ginkgo.ReportBeforeSuite(func(types.Report) { stop = interrupt(ctx) }) // Ginkgo listens from here on
	ginkgo.ReportAfterEach(t.take)
	ginkgo.ReportAfterSuite("the run's report", func(r types.Report) { report = r })
	cfg, rep := o.config()
	ginkgo.RunSpecs(verdict{}, o.name(), cfg, rep)
	stop()
	for _, s := range report.SpecReports {
		t.takeSetup(s) // ReportAfterEach does not see these
	}
	return report
}

// interrupt hands a cancelled context to Ginkgo, which listens to nothing but
// signals here. A signal that has cancelled the context has reached Ginkgo as
// well, and must not count twice: the second one would skip the clean-up.
func interrupt(ctx context.Context) (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	over, left := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(left)
		select {
		case <-over:
			signal.Stop(signals)
		case <-ctx.Done():
			signal.Stop(signals) // returns when all signals before it are in their channels
			if len(signals) == 0 {
				signalSelf()
			}
		}
	}()
	return func() { close(over); <-left }
}

func signalSelf() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Signal(os.Interrupt) // nothing to be done about a system without signals
	}
}
