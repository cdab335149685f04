package emulator

import (
	"encoding/base64"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/emulator/store"
)

// find is the object of the request, or NoSuchKey.
func (c *call) find() (*store.Object, error) {
	id, named, err := c.askVersion()
	if err != nil {
		return nil, err
	}
	if named {
		return c.findVersion(id)
	}
	o := c.bucket.Get(c.at.Key)
	if o != nil {
		c.tellVersion("version.read-id", o)
		return o, nil
	}
	var more []detail
	marker := c.marker()
	if marker != nil {
		more = append(more, c.hidden(marker))
	}
	if c.e.t.reading.named && c.does("error.key") {
		more = append(more, withExtra("Key", c.at.Key))
	}
	if marker != nil {
		return c.revealed(c.bucket, c.at.Key), c.require("version.hides", false, "NoSuchKey", more...)
	}
	return &store.Object{Kind: "Normal", Modified: c.now}, c.require("object.missing", false, "NoSuchKey", more...)
}

func (c *call) headObject() error { return c.getObject() }

// getObject answers an object, or a range of it. For HEAD the server leaves the
// body out.
func (c *call) getObject() error {
	if err := c.noSource(); err != nil {
		return err
	}
	o, err := c.find()
	if err != nil {
		return c.unconditional(err)
	}
	if o, err = c.follow(o); err != nil {
		return err
	}
	if err := errors.Join(c.preconditions(o), c.thawed(o)); err != nil {
		return err
	}
	if err := c.checkPart(); err != nil {
		return err
	}
	if err := errors.Join(c.opened(o), c.unciphered(o)); err != nil {
		return err
	}
	c.describe(o)
	if err := c.override(); err != nil {
		return err
	}
	c.identity()
	c.ownType()
	got, err := c.selected(o)
	if err != nil {
		return err
	}
	c.answerSpan(got, o.Size)
	c.answerChecksum(o, got.span)
	c.reply.Body, c.reply.Length = c.content(o, got.span), got.length
	if c.in.Method == "HEAD" {
		c.reply.Length = pick(c, "head.length", got.length, got.length+1)
		return nil
	}
	c.measured()
	return nil
}

// identity answers the body as it is, also to a client that takes gzip: a reply
// that says otherwise must be otherwise.
func (c *call) identity() {
	if !strings.Contains(c.field("Accept-Encoding"), "gzip") {
		return
	}
	if coding := pick(c, "get.identity", "", "gzip"); coding != "" {
		c.reply.Fields.Set("Content-Encoding", coding)
	}
}

// ownType leaves the object's type as it is, whatever the request says of a body
// that it does not have.
func (c *call) ownType() {
	if t := c.field("Content-Type"); t != "" && pick(c, "get.own-type", false, true) {
		c.reply.Fields.Set("Content-Type", t)
	}
}

// selected is what the request wants of the object: by part or by range.
func (c *call) selected(o *store.Object) (outcome, error) {
	if number, ok := c.param("partNumber"); ok {
		return c.onePart(number, o)
	}
	return c.span(o.Size)
}

// answerSpan tells in status and Content-Range which part of the object is
// answered.
func (c *call) answerSpan(got outcome, size int64) {
	if got.as == "part" {
		c.status("range.status", 206)
		c.set("range.content-range", "Content-Range", got.text(size))
		return
	}
	if c.field("Range") == "" {
		return
	}
	if text := pick(c, "range.none-on-whole", "", got.text(size)); text != "" {
		c.reply.Fields.Set("Content-Range", text)
	}
}

// content is a part of the object's body. A server that takes it for text would
// lose what is no ASCII.
func (c *call) content(o *store.Object, s span) io.Reader {
	const small = 4 << 10
	r := o.Range(s.first, s.length)
	if s.length > small || c.e.rules.quiet() {
		return r
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return r
	}
	return strings.NewReader(pick(c, "get.content", string(text), ascii(string(text))))
}

// ascii puts a question mark for each byte that is no ASCII.
func ascii(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] >= 0x80 {
			b[i] = '?'
		}
	}
	return string(b)
}

// describe answers what is known of the object in fields.
func (c *call) describe(o *store.Object) {
	c.answerTag(o)
	c.set("read.last-modified", "Last-Modified", httpDate(time.Unix(pick(c, "read.modified-clock", o.Modified.Unix(), o.Modified.Add(8*time.Hour).Unix()), 0)))
	c.set("read.accept-ranges", "Accept-Ranges", "bytes")
	if _, ok := o.Field("Content-Type"); !ok {
		c.reply.Fields.Set("Content-Type", c.e.t.defaultCT)
	}
	for _, p := range o.Fields {
		c.answerStored(p)
	}
	c.answerClass(o)
	c.answerMoved(o)
	for _, f := range c.e.t.reading.always {
		if _, stored := o.Field(f.Name); !stored && c.tellsAlways(o) {
			c.set("read.always", f.Name, f.Value)
		}
	}
	if c.e.t.reading.classed {
		c.reply.Fields.Set(c.own("storage-class"), c.classOn(o))
	}
	if c.e.t.crc64 != "" {
		c.answerCRC(o)
	}
	c.answerRestored(o)
	c.answerMD5(o)
	c.answerGrowth(o)
	c.answerTagCount(o)
	c.answerLock(o)
	c.answerExpiry(o)
}

// answerMD5 answers the MD5 of objects that were put as a whole.
func (c *call) answerMD5(o *store.Object) {
	if !c.e.t.reading.md5 || o.MD5 == nil {
		return
	}
	text := base64.StdEncoding.EncodeToString(o.MD5)
	switch {
	case o.Kind != appendable:
		c.set("read.content-md5", "Content-MD5", text)
	case pick(c, "read.content-md5-normal-only", false, true):
		c.reply.Fields.Set("Content-MD5", text)
	}
}

// answerTag answers the entity tag; replies to HEAD have rules of their own.
func (c *call) answerTag(o *store.Object) {
	tag := c.etag(o.ETag)
	if c.in.Method != "HEAD" || o.Kind == appendable {
		c.reply.Fields.Set("ETag", tag)
		return
	}
	c.set("head.etag", "ETag", pick(c, "head.etag-quotes", tag, o.ETag))
}

// answerStored answers one field that was stored with the object. Ranges and
// heads are where servers lose some.
func (c *call) answerStored(p store.Pair) {
	switch {
	case c.e.t.storing.silent && p.Name == c.own("storage-class"), p.Name == c.e.t.website.moved: // answerClass and answerMoved tell it
	case c.in.Method == "HEAD" && strings.HasPrefix(p.Name, c.e.d.Meta):
		c.set("head.metadata", p.Name, p.Value)
	case c.in.Method == "GET" && c.in.Fields.Has("Range"):
		c.set("range.stored-fields", p.Name, p.Value)
	default:
		c.reply.Fields.Set(p.Name, p.Value)
	}
}

// answerCRC answers the CRC-64 of the whole object, also with a part of it.
func (c *call) answerCRC(o *store.Object) {
	rule := "object.crc64"
	switch {
	case c.in.Fields.Has("Range"):
		rule = "range.crc64"
	case o.Kind == appendable:
		rule = "append.crc64-on-head"
	}
	c.set(rule, c.e.t.crc64, strconv.FormatUint(o.CRC64, 10))
}
