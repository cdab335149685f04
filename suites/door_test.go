package suites_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"objectharness/internal/cli"
	"objectharness/internal/target"
	"objectharness/suites"
)

// TestSuites is the door for go test and for ginkgo -p: every case of every
// dialect against its own embedded emulator.
func TestSuites(t *testing.T) {
	gomega.RegisterFailHandler(ginkgo.Fail)
	var providers []suites.Provider
	var finish []func(context.Context) error
	for _, d := range suites.Dialects() {
		p, done := cli.Provider(target.Config{Dialect: d, State: t.TempDir(), Seed: 1,
			Process: strconv.Itoa(ginkgo.GinkgoParallelProcess())})
		providers, finish = append(providers, p), append(finish, done)
	}
	ginkgo.AfterSuite(func(ctx ginkgo.SpecContext) {
		for _, done := range finish {
			gomega.Expect(done(ctx)).To(gomega.Succeed())
		}
	}, ginkgo.NodeTimeout(30*time.Second))
	suites.Register(providers...)
	ginkgo.RunSpecs(t, "Conformance")
}
