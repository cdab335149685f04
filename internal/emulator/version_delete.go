package emulator

import (
	"errors"

	"objectharness/internal/emulator/store"
)

// mark removes the object of the request without losing it: a delete marker
// becomes the newest version.
func (c *call) mark() error {
	before := c.bucket.Newest(c.at.Key)
	if err := c.markable(before); err != nil {
		return err
	}
	made, err := c.markKey(c.at.Key, c.removable)
	if err != nil {
		return err
	}
	if before == nil && !c.does("version.marks-missing") {
		c.status("version.marked-status", c.e.t.deleted)
		return c.bucket.UpdateVersion(c.at.Key, made.Version, func(*store.Object) (*store.Object, error) { return nil, nil })
	}
	c.status("version.marked-status", c.e.t.deleted)
	c.set("version.marked-field", c.own("delete-marker"), "true")
	c.set("version.marked-id", c.own("version-id"), shownVersion(made.Version))
	return nil
}

// markKey puts a delete marker at a key, where check lets it.
func (c *call) markKey(key string, check func(old *store.Object) error) (*store.Object, error) {
	made := &store.Object{Marker: true, Version: c.newMarker(), Modified: c.now, Owner: c.owner}
	if last := c.bucket.Newest(key); last != nil && last.Marker && last.Version != made.Version && !c.does("version.marks-again") {
		return last, nil
	}
	return made, c.bucket.Update(key, func(old *store.Object) (*store.Object, error) {
		if err := check(old); err != nil {
			return nil, err
		}
		if !c.does("version.marks") {
			return old, nil
		}
		return made, nil
	})
}

// newMarker is newVersion for a delete marker.
func (c *call) newMarker() string {
	if c.versioning == suspended && c.does("version.marker-null") {
		return ""
	}
	return hexID(c.e.random())
}

// deleteVersion removes the version that the request names for good.
func (c *call) deleteVersion(id string) error {
	gone, err := c.dropVersion(c.at.Key, id, c.freed(c.removable))
	if err != nil {
		return err
	}
	if gone == nil {
		if code := c.e.t.versions.goneDelete; code != "" {
			if err := c.require("version.gone-delete", false, code); err != nil {
				return err
			}
		}
	}
	c.status("version.deleted-status", c.e.t.deleted)
	if c.versioning != "" {
		c.set("version.deleted-id", c.own("version-id"), shownVersion(id))
	}
	if gone != nil && gone.Marker {
		c.set("version.deleted-marker", c.own("delete-marker"), "true")
	} else if pick(c, "version.deleted-no-marker", false, true) {
		c.reply.Fields.Set(c.own("delete-marker"), "true")
	}
	return nil
}

// dropVersion removes a version and returns it, nil where there is none.
func (c *call) dropVersion(key, id string, check func(old *store.Object) error) (gone *store.Object, err error) {
	stays := false
	err = c.bucket.UpdateVersion(key, id, func(old *store.Object) (*store.Object, error) {
		gone = old
		if old == nil {
			return nil, nil
		}
		if err := check(old); err != nil {
			return nil, err
		}
		if stays = !c.does("version.deletes"); stays {
			return old, nil
		}
		return nil, nil
	})
	if stays {
		err = errors.Join(err, c.bucket.Configure(leftSetting, "yes"))
	}
	return gone, err
}

// unhindered lets every version go.
func (c *call) unhindered(*store.Object) error { return nil }

// deleteAmong removes an entry of a list where versions are told apart: one that
// names a version loses that, any other gets a delete marker.
func (c *call) deleteAmong(key string, entry doomedEntry, into *removed) error {
	if entry.VersionID == nil {
		made, err := c.markKey(key, c.unhindered)
		if err != nil {
			return err
		}
		e := removedEntry{Key: key}
		if c.does("delete-many.marker-told") {
			e.DeleteMarker, e.DeleteMarkerVersionID = true, shownVersion(made.Version)
		}
		into.Deleted = append(into.Deleted, e)
		return nil
	}
	gone, err := c.dropVersion(key, keptVersion(*entry.VersionID), c.droppableEntry)
	if errors.Is(err, errLocked) {
		into.keep(c, c.lockedEntry(key, entry.VersionID))
		return nil
	}
	if err != nil {
		return err
	}
	e := removedEntry{Key: key}
	if c.does("delete-many.version-told") {
		e.VersionID = *entry.VersionID
	}
	if gone != nil && gone.Marker && c.does("delete-many.marker-removed") {
		e.DeleteMarker, e.DeleteMarkerVersionID = true, *entry.VersionID
	}
	into.Deleted = append(into.Deleted, e)
	return nil
}
