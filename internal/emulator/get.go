package emulator

import (
	"objectharness/internal/emulator/store"
)

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
	c.answerGrowth(o)
}
