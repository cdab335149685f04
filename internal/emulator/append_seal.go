package emulator

import (
	"maps"
	"strconv"

	"objectharness/internal/emulator/store"
)

// sealedAt is where an object keeps that nothing is appended to it any more, and
// since when.
const sealedAt = "sealed"

// sealObject ends an appendable object: it becomes an ordinary one.
func (c *call) sealObject() error {
	text, _ := c.param(c.e.t.growth.position)
	position, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return c.fault("InvalidArgument")
	}
	since := c.now.UTC().Format(millis)
	err = c.bucket.Update(c.at.Key, func(old *store.Object) (*store.Object, error) {
		switch {
		case old == nil:
			return nil, c.fault("NoSuchKey")
		case old.Kind != appendable && old.Extra[sealedAt] == "":
			return nil, c.fault("ObjectNotAppendable")
		case position != old.Size:
			return nil, c.fault("PositionNotEqualToLength")
		case old.Extra[sealedAt] != "":
			since = old.Extra[sealedAt]
			return old, nil
		}
		made := *old
		made.Kind, made.Extra = "Normal", maps.Clone(old.Extra)
		if made.Extra == nil {
			made.Extra = map[string]string{}
		}
		made.Extra[sealedAt] = since
		return &made, nil
	})
	c.reply.Fields.Set(c.own("sealed-time"), since)
	return err
}
