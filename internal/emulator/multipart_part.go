package emulator

import (
	"encoding/base64"
	"errors"
	"strconv"

	"objectharness/internal/emulator/store"
)

// uploadPart stores one part of an upload.
func (c *call) uploadPart() error {
	number, err := c.partNumber()
	if err != nil {
		return err
	}
	if err := errors.Join(c.partLength(), c.uncipheredPart()); err != nil {
		return err
	}
	given, err := c.givenMD5()
	if err != nil {
		return err
	}
	u, err := c.upload()
	if err != nil {
		return err
	}
	of, sum, err := c.givenSum()
	if err != nil {
		return err
	}
	if err := errors.Join(c.partSeal(u), c.partSum(u, of)); err != nil {
		return err
	}
	blob, err := c.receivePart()
	if err != nil {
		return err
	}
	if err := errors.Join(c.matchBoth(given, of, sum, blob), c.matchDigests(blob)); err != nil {
		return err
	}
	if blob.Size < c.e.d.Limits.MinPartSize { // how long it is matters at completion alone
		if err := c.admit("upload-part.any-size", "EntityTooSmall"); err != nil {
			return err
		}
	}
	p := &store.Part{Number: number, Blob: blob, ETag: c.partTag(u, blob), Modified: c.now}
	if err := c.addPart(u, p); err != nil {
		return err
	}
	c.status("upload-part.status", 200)
	c.answerCipher("upload-part.encrypted", u.Object)
	c.answerSealed(u.Object)
	c.set("upload-part.etag", "ETag", c.etag(p.ETag))
	c.answerPartSum(of, blob)
	if c.e.t.crc64 != "" {
		c.set("upload-part.crc64", c.e.t.crc64, strconv.FormatUint(blob.Sums.CRC64, 10))
	}
	if c.e.t.writing.echoMD5 {
		c.reply.Fields.Set("Content-MD5", base64.StdEncoding.EncodeToString(blob.Sums.MD5[:]))
	}
	if !c.does("upload-part.no-body") {
		c.send([]byte("OK"))
	}
	return nil
}

// partNumber reads the number of the part: 1 to the limit of parts.
func (c *call) partNumber() (int, error) {
	_, uploading := c.param("uploadId")
	text, given := c.param("partNumber")
	name := c.e.t.multipart.number
	switch {
	case !given:
		return 0, c.require("upload-part.number-missing", false, "InvalidArgument")
	case !uploading:
		return 0, c.require("upload-part.upload-missing", false, "InvalidArgument", c.partArgument("upload-part.upload-missing-named", name, text))
	}
	n, err := strconv.Atoi(text)
	most := c.e.d.Limits.Parts
	switch {
	case err == nil && (n == 1 || n == most):
		return n, c.admit("upload-part.number-ends", "InvalidArgument")
	case err == nil && n == most+1 && int64(n) == c.limit("upload-part.number-limit", int64(most)):
		return n, nil
	}
	return n, c.require("upload-part.number", err == nil && n > 1 && n < most, "InvalidArgument", c.partArgument("upload-part.number-named", name, text))
}

// partArgument adds to a refusal the argument that it is about, for the dialects
// that name it.
func (c *call) partArgument(rule, name, value string) detail {
	return func(f *fault) {
		if c.e.t.multipart.named {
			c.culprit(rule, name, value)(f)
		}
	}
}

// partLength refuses a part whose length is missing or over the limit, before
// any of it is read.
func (c *call) partLength() error {
	if c.in.NoLength || c.length < 0 && c.e.t.writing.noChunks {
		f := c.fault(c.e.t.noLength)
		f.close = true
		return f
	}
	return c.atMost("upload-part.too-large", c.length, c.e.d.Limits.PartSize, "EntityTooLarge")
}

// receivePart reads the body of a part.
func (c *call) receivePart() (*store.Blob, error) {
	b, err := c.e.store.Spool(judged{c}, c.e.d.Limits.PartSize+1)
	if errors.Is(err, store.ErrTooLarge) {
		return nil, c.fault("EntityTooLarge")
	}
	return b, err
}

// addPart adds a part to the upload. Nothing shows at the key.
func (c *call) addPart(u *store.Upload, p *store.Part) error {
	if u.Part(p.Number) != nil && !c.does("upload-part.replaces") {
		return nil
	}
	if err := c.ended(u, c.bucket.AddPart(u.Key, u.ID, p)); err != nil || c.does("upload-part.invisible") {
		return err
	}
	return c.bucket.Update(u.Key, func(*store.Object) (*store.Object, error) {
		o := c.newObject(p.Blob)
		o.Kind = "Normal"
		return o, nil
	})
}
