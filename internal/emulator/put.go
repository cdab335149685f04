package emulator

import (
	"encoding/hex"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

// contentFields are stored with an object and answered with it.
var contentFields = []string{"Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires"}

func (c *call) putObject() error {
	if c.in.NoLength {
		return c.refuse("put.length-required", c.e.t.noLength)
	}
	blob, err := store.Spool(c.body, -1)
	if err != nil {
		return err
	}
	o := c.newObject(blob)
	if err := c.bucket.Update(c.at.Key, func(old *store.Object) (*store.Object, error) {
		o.Kind = c.kindOver(old)
		return o, c.forbidden(old)
	}); err != nil {
		return err
	}
	c.reply.Fields.Set("ETag", c.etag(o.ETag))
	c.crc64(o)
	return nil
}

// hexTag writes a digest as the dialect writes entity tags.
func (c *call) hexTag(sum []byte) string {
	tag := hex.EncodeToString(sum)
	if c.e.t.upperETag {
		return strings.ToUpper(tag)
	}
	return tag
}

// newObject makes an object of a body and the request's content and metadata
// fields.
func (c *call) newObject(b *store.Blob) *store.Object {
	return &store.Object{
		Blobs: []*store.Blob{b}, Size: b.Size, ETag: c.hexTag(b.Sums.MD5[:]),
		CRC64: b.Sums.CRC64, MD5: b.Sums.MD5[:], Modified: c.now, Fields: c.storedFields(), Owner: c.who.ID,
	}
}

func (c *call) storedFields() []store.Pair {
	var out []store.Pair
	for _, name := range contentFields {
		if v := c.field(name); v != "" {
			out = append(out, store.Pair{Name: name, Value: v})
		}
	}
	for _, f := range c.in.Fields {
		if strings.HasPrefix(strings.ToLower(f.Name), c.e.d.Meta) {
			out = append(out, store.Pair{Name: strings.ToLower(f.Name), Value: f.Value})
		}
	}
	return out
}

func (c *call) crc64(o *store.Object) {
	if c.e.t.crc64 != "" {
		rule := "object.crc64"
		if o.Kind == appendable {
			rule = "append.crc64-on-head"
		}
		c.set(rule, c.e.t.crc64, strconv.FormatUint(o.CRC64, 10))
	}
}
