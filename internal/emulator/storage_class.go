package emulator

import (
	"slices"

	"objectharness/internal/emulator/store"
)

// storing is what a dialect says of the storage classes of objects. The zero value
// takes every class.
type storing struct {
	classes []string // that an object may be put with; nil for any
	unknown string   // code for another one
	silent  bool     // reads do not tell the usual class
}

var s3Storing = storing{
	classes: []string{"STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "GLACIER_IR"},
	unknown: "InvalidStorageClass", silent: true,
}

// knownClass refuses a storage class that an object cannot be put with.
func (c *call) knownClass() error {
	class := c.field(c.own("storage-class"))
	if class == "" || c.e.t.storing.classes == nil {
		return nil
	}
	known := slices.Contains(c.e.t.storing.classes, class)
	return c.require("storage-class.known", known, c.e.t.storing.unknown, func(f *fault) {
		if c.does("storage-class.named") {
			withExtra("StorageClassRequested", class)(f)
		}
	})
}

// answerClass tells the storage class of an object, where it is not the usual one.
func (c *call) answerClass(o *store.Object) {
	if !c.e.t.storing.silent {
		return
	}
	name := c.own("storage-class")
	if class, ok := o.Field(name); ok {
		c.set("storage-class.told", name, class)
	} else if usual := pick(c, "storage-class.usual", "", c.e.t.listing.class); usual != "" {
		c.reply.Fields.Set(name, usual)
	}
}
