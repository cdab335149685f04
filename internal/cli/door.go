package cli

import (
	"context"

	"objectharness/internal/target"
	"objectharness/suites"
)

// Provider opens the target of c for the suites, for a test that runs them
// without the command line; done removes what the cases left behind.
func Provider(c target.Config) (p suites.Provider, done func(context.Context) error) {
	o := &openings{}
	return o.provider(c, false, 0), o.close
}
