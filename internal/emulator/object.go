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
	o.Kind = "Normal"
	if err := c.bucket.Update(c.at.Key, func(old *store.Object) (*store.Object, error) {
		return o, c.forbidden(old)
	}); err != nil {
		return err
	}
	c.reply.Fields.Set("ETag", c.etag(o.ETag))
	c.crc64(o)
	return nil
}

// forbidden refuses to replace old where the request forbids overwriting.
func (c *call) forbidden(old *store.Object) error {
	if old == nil || c.e.t.forbid == "" || !strings.EqualFold(c.field(c.e.t.forbid), "true") {
		return nil
	}
	return c.refuse("put.forbid-overwrite", "FileAlreadyExists")
}

// newObject makes an object of a body and the request's content and metadata
// fields.
func (c *call) newObject(b *store.Blob) *store.Object {
	return &store.Object{
		Blobs: []*store.Blob{b}, Size: b.Size, ETag: strings.ToUpper(hex.EncodeToString(b.Sums.MD5[:])),
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
		c.set("object.crc64", c.e.t.crc64, strconv.FormatUint(o.CRC64, 10))
	}
}

// find is the object of the request, or NoSuchKey.
func (c *call) find() (*store.Object, error) {
	o := c.bucket.Get(c.at.Key)
	if o == nil {
		return nil, c.refuse("object.missing", "NoSuchKey", withExtra("Key", c.at.Key))
	}
	return o, nil
}

func (c *call) headObject() error { return c.getObject() }

// getObject answers an object, or a range of it. For HEAD the server leaves the
// body out.
func (c *call) getObject() error {
	o, err := c.find()
	if err != nil {
		return err
	}
	if err := c.preconditions(o); err != nil {
		return err
	}
	c.describe(o)
	span, partial, err := c.span(o)
	if err != nil {
		return err
	}
	if partial {
		c.reply.Status = 206
		c.reply.Fields.Set("Content-Range", span.text(o.Size))
	}
	c.reply.Body, c.reply.Length = o.Range(span.first, span.length), span.length
	return nil
}

// describe answers what is known of the object in fields.
func (c *call) describe(o *store.Object) {
	f := &c.reply.Fields
	f.Set("ETag", c.etag(o.ETag))
	f.Set("Last-Modified", httpDate(o.Modified))
	f.Set("Accept-Ranges", "bytes")
	if _, ok := o.Field("Content-Type"); !ok {
		f.Set("Content-Type", c.e.t.defaultCT)
	}
	for _, p := range o.Fields {
		f.Add(p.Name, p.Value)
	}
	c.crc64(o)
	if c.e.t.objectType != "" {
		c.set("object.type", c.e.t.objectType, o.Kind)
	}
	if o.Kind == "Appendable" {
		c.set("append.next-on-head", c.e.t.nextField, strconv.FormatInt(o.Size, 10))
	}
}

func (c *call) deleteObject() error {
	c.status("delete.status", c.e.t.deleted)
	if !c.does("delete.removes") {
		return nil
	}
	return c.bucket.Update(c.at.Key, func(*store.Object) (*store.Object, error) { return nil, nil })
}
