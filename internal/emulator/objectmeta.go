package emulator

import (
	"strconv"

	"objectharness/internal/emulator/store"
)

// objectMeta answers what GetObjectMeta tells of an object: less than HEAD
// does, and no user metadata.
func (c *call) objectMeta() error {
	id, named, err := c.askVersion()
	if err != nil {
		return err
	}
	o := c.aimed(c.bucket, c.at.Key)
	if named {
		if o, err = c.findVersion(id); err != nil {
			return err
		}
	}
	if o == nil {
		if err := c.require("object-meta.missing", false, "NoSuchKey"); err != nil {
			return err
		}
		o = &store.Object{}
	}
	if len(o.Fields) > 0 && !c.does("object-meta.no-metadata") {
		for _, p := range o.Fields {
			c.reply.Fields.Add(p.Name, p.Value)
		}
	}
	c.set("object-meta.etag", "ETag", c.etag(o.ETag))
	c.set("object-meta.last-modified", "Last-Modified", httpDate(o.Modified))
	if c.versioning != "" && !named {
		c.reply.Fields.Set(c.own("version-id"), shownVersion(o.Version))
	}
	if c.e.t.crc64 != "" {
		c.reply.Fields.Set(c.e.t.crc64, strconv.FormatUint(o.CRC64, 10))
	}
	if c.in.Method == "HEAD" {
		c.reply.Length = pick(c, "object-meta.length", o.Size, o.Size+1)
	}
	return nil
}
