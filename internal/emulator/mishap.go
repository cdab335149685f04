package emulator

import (
	"time"

	"objectharness/internal/dialect"
)

// Mishaps are what goes wrong inside a service, as those can ask for who want to
// see it: each is a limit that no document names (dialect.Limits). Without it,
// nothing goes wrong.

// unwell fails as many requests about objects as the limit Faults says, one with
// an error inside and the next for lack of strength, in turn.
func (c *call) unwell() error {
	most := int64(c.e.d.Limits.Faults)
	if most == 0 || c.at.Level() != dialect.ObjectLevel {
		return nil
	}
	switch n := c.e.failed.Add(1); {
	case n > most:
		return nil
	case n%2 == 1:
		return c.require("load.fault", false, "InternalError")
	}
	return c.require("load.unavailable", false, "ServiceUnavailable")
}

// lastChange is where a bucket keeps when its configuration was changed last.
const lastChange = "configuration-changed"

// settled refuses to change the configuration of a bucket while another change of
// it is under way, which takes the seconds of the limit Settling.
func (c *call) settled() error {
	takes := time.Duration(c.e.d.Limits.Settling) * time.Second
	if takes == 0 {
		return nil
	}
	last, err := time.Parse(time.RFC3339Nano, c.bucket.Setting(lastChange))
	busy := err == nil && c.now.Before(last.Add(takes))
	if err := c.require("load.settled", !busy, "OperationAborted"); err != nil {
		return err
	}
	return c.bucket.Configure(lastChange, c.now.Format(time.RFC3339Nano))
}
