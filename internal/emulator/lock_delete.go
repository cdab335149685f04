package emulator

import (
	"errors"

	"objectharness/internal/emulator/store"
)

// protection tells whether a version is kept from being removed by this request,
// and by which rule; "" where it was never locked.
func (c *call) protection(o *store.Object) (rule string, held bool) {
	r, bypass := retentionOf(o), c.bypasses()
	switch hold := o.Extra[holdKept]; {
	case hold == holdOn && bypass:
		return "lock.held-bypass", true
	case hold == holdOn:
		return "lock.held", true
	case hold == holdOff && r.none():
		return "lock.released", false
	case r.none():
		return "", false
	case !c.now.Before(r.until):
		return "lock.expired", false
	case r.mode == compliance && bypass:
		return "lock.compliance", true
	case bypass:
		return "lock.bypass", false
	}
	return "lock.retained", true
}

// droppable refuses the removal of a version that is locked.
func (c *call) droppable(o *store.Object) error {
	rule, held := c.protection(o)
	switch {
	case rule == "":
		return nil
	case held:
		return c.require(rule, false, "AccessDenied")
	}
	return c.admit(rule, "AccessDenied")
}

// freed is droppable and another check.
func (c *call) freed(check func(old *store.Object) error) func(*store.Object) error {
	return func(old *store.Object) error {
		if err := c.droppable(old); err != nil {
			return err
		}
		return check(old)
	}
}

var errLocked = errors.New("emulator: the version is locked")

// droppableEntry is droppable for an entry of a list.
func (c *call) droppableEntry(o *store.Object) error {
	rule, held := c.protection(o)
	if held && c.does("delete-many.locked") || !held && rule != "" && !c.does("delete-many.unlocked") {
		return errLocked
	}
	return nil
}

// lockedEntry is the entry of a version that is locked.
func (c *call) lockedEntry(key string, id *string) keptEntry {
	return keptEntry{Key: key, VersionID: id, Code: pick(c, "delete-many.locked-code", "AccessDenied", "InvalidRequest")}
}

// markable lets a delete marker be put over a version that is locked.
func (c *call) markable(newest *store.Object) error {
	if newest == nil {
		return nil
	}
	if _, held := c.protection(newest); !held {
		return nil
	}
	return c.admit("lock.marks", "AccessDenied")
}

// overLocked lets an upload make a new version over one that is locked.
func (c *call) overLocked(old *store.Object) error {
	if old == nil || c.versioning != enabled {
		return nil
	}
	if _, held := c.protection(old); !held {
		return nil
	}
	return c.admit("lock.over", "AccessDenied")
}

// noBypass refuses to get around locks where there are none.
func (c *call) noBypass() error {
	given := c.in.Fields.Has(c.own(bypassField))
	return c.require("lock.bypass-bucket", !given || c.e.t.versions.lock == "" || c.locks(), "InvalidArgument",
		c.lockArgument("lock.bypass-named", bypassField))
}
