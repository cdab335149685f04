package emulator

import "objectharness/internal/emulator/store"

func (c *call) deleteObject() error {
	c.status("delete.status", c.e.t.deleted)
	if !c.does("delete.removes") {
		return nil
	}
	return c.bucket.Update(c.at.Key, func(*store.Object) (*store.Object, error) { return nil, nil })
}
