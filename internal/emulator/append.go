package emulator

import (
	"crypto/md5"
	"encoding/hex"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

// appendObject adds the body to the end of an appendable object, which it makes
// when there is none.
func (c *call) appendObject() error {
	text, ok := c.param(c.e.t.position)
	if err := c.require("append.position-missing", ok, "InvalidArgument"); err != nil {
		return err
	}
	position, err := strconv.ParseInt(text, 10, 64)
	if err := c.require("append.position-malformed", err == nil && position >= 0, "InvalidArgument"); err != nil {
		return err
	}
	blob, err := store.Spool(c.body, -1)
	if err != nil {
		return err
	}
	var made *store.Object
	if err := c.bucket.Update(c.at.Key, func(old *store.Object) (*store.Object, error) {
		made, err = c.extend(old, blob, position)
		return made, err
	}); err != nil {
		return err
	}
	c.reply.Fields.Set("ETag", c.etag(made.ETag))
	c.set("append.next-position", c.e.t.nextField, strconv.FormatInt(made.Size, 10))
	c.crc64(made)
	return nil
}

func (c *call) extend(old *store.Object, blob *store.Blob, position int64) (*store.Object, error) {
	made := c.newObject(blob)
	made.Kind = "Appendable"
	length := int64(0)
	if old != nil {
		if err := c.require("append.normal-object", old.Kind == "Appendable", "ObjectNotAppendable"); err != nil {
			return nil, err
		}
		length = old.Size
		made.Blobs = append(append([]*store.Blob(nil), old.Blobs...), blob)
		made.Size, made.Fields, made.MD5 = old.Size+blob.Size, old.Fields, nil
		made.CRC64 = store.JoinCRC64(old.CRC64, blob.Sums.CRC64, blob.Size)
		sum := md5.Sum([]byte(old.ETag + hex.EncodeToString(blob.Sums.MD5[:])))
		made.ETag = strings.ToUpper(hex.EncodeToString(sum[:]))
	}
	return made, c.require("append.position", position == length, "PositionNotEqualToLength",
		withField(c.e.t.nextField, strconv.FormatInt(length, 10)))
}
