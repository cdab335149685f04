package emulator

import (
	"errors"
	"strings"

	"objectharness/internal/emulator/store"
)

// lockNew makes a new bucket one whose versions can be locked, where the request
// asks for it.
func (c *call) lockNew(b *store.Bucket) error {
	field := c.e.t.versions.lock
	if field == "" || !strings.EqualFold(c.field(field), "true") {
		return nil
	}
	return errors.Join(b.Configure(versioningSetting, enabled), b.Configure(lockSetting, enabled))
}
