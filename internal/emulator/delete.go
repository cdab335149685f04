package emulator

import (
	"strings"

	"objectharness/internal/emulator/store"
)

// deleteObject removes the object at the key of the request, and no other: a
// key that ends in a slash is a key.
func (c *call) deleteObject() error {
	if err := c.noBypass(); err != nil {
		return err
	}
	id, named, err := c.askVersion()
	switch {
	case err != nil:
		return err
	case named:
		return c.deleteVersion(id)
	case c.versioning != "":
		return c.mark()
	}
	if strings.HasSuffix(c.at.Key, "/") && !c.does("delete.folder-alone") {
		c.bucket.Scan(c.at.Key, func(o *store.Object) bool {
			below := strings.HasPrefix(o.Key, c.at.Key)
			if below && o.Key != c.at.Key {
				c.bucket.Update(o.Key, func(*store.Object) (*store.Object, error) { return nil, nil })
			}
			return below
		})
	}
	return c.bucket.Update(c.at.Key, func(old *store.Object) (*store.Object, error) {
		if err := c.removable(old); err != nil {
			return nil, err
		}
		if old == nil {
			return nil, c.nothingToDelete()
		}
		c.status("delete.status", c.e.t.deleted)
		if !c.does("delete.removes") {
			return old, nil
		}
		return nil, nil
	})
}

// nothingToDelete answers the removal of what is not there.
func (c *call) nothingToDelete() error {
	if code := c.e.t.writing.noKey; code != "" {
		if err := c.require("delete.missing-key", false, code); err != nil {
			return err
		}
	}
	c.status("delete.missing-status", c.e.t.deleted)
	return nil
}
