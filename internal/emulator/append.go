package emulator

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/emulator/store"
)

// growth is what the dialects say of objects that grow at their end.
type growth struct {
	position  string // query parameter of the position
	next      string // reply field: where the next append must start
	optional  bool   // without a position the append begins a new object
	free      string // code for a position other than nothing on a free key; "" judges it by misplaced
	misplaced string // code for a position that is not the length
	normal    string // code for an object that was not made by appending
	malformed string // code for a position that is no number, or not there
	tooLarge  string // code for an object that would outgrow its limit
	digest    string // code for a body that is not the one of Content-MD5
	typeField string // reply field: the type of an object
	lower     bool   // the type is written in lower case
	listed    bool   // listings tell the type
}

const appendable = "Appendable"

// appendObject adds the body to the end of an appendable object, which it makes
// when there is none.
func (c *call) appendObject() error {
	g := &c.e.t.growth
	position, err := c.position(g)
	if err != nil {
		return err
	}
	if err := c.require("append.length-required", !c.in.NoLength, c.e.t.noLength, closing); err != nil {
		return err
	}
	if err := c.outgrown(g, c.length); err != nil {
		return err
	}
	blob, err := c.e.store.Spool(judged{c}, -1)
	if err != nil {
		return err
	}
	if err := c.appendDigest(g, blob); err != nil {
		return err
	}
	var made *store.Object
	if err := c.bucket.Update(c.at.Key, func(old *store.Object) (*store.Object, error) {
		made, err = c.extend(g, old, blob, position)
		if err == nil && !c.does("append.stores") {
			return old, nil
		}
		return made, err
	}); err != nil {
		return err
	}
	c.status("append.status", 200)
	c.set("append.etag", "ETag", c.etag(made.ETag))
	c.set("append.next-position", g.next, strconv.FormatInt(made.Size, 10))
	if c.e.t.crc64 != "" {
		c.set("append.crc64", c.e.t.crc64, strconv.FormatUint(made.CRC64, 10))
	}
	if c.e.t.pieceMD5 != "" { // its name says SHA-1; the vendor's clients compare it with an MD5
		c.set("append.piece-digest", c.e.t.pieceMD5, hex.EncodeToString(blob.Sums.MD5[:]))
	}
	return nil
}

// fresh is the position of an append that begins a new object whatever is there.
const fresh = -1

// position reads the position of the append.
func (c *call) position(g *growth) (int64, error) {
	text, given := c.param(g.position)
	if !given {
		if g.optional {
			return fresh, nil
		}
		return 0, c.require("append.position-missing", false, g.malformed)
	}
	n, err := strconv.ParseUint(text, 10, 63)
	return int64(n), c.require("append.position-malformed", err == nil, g.malformed)
}

// appendDigest compares the body of this request with its Content-MD5.
func (c *call) appendDigest(g *growth, b *store.Blob) error {
	text := c.field("Content-MD5")
	if text == "" {
		return nil
	}
	sum, err := base64.StdEncoding.DecodeString(text)
	return c.require("append.content-md5", err == nil && bytes.Equal(sum, b.Sums.MD5[:]), g.digest)
}

// extend is the object after the append.
func (c *call) extend(g *growth, old *store.Object, blob *store.Blob, position int64) (*store.Object, error) {
	if old == nil || position == fresh {
		return c.begin(g, old, blob, position)
	}
	if err := c.require("append.normal-object", old.Kind == appendable, g.normal); err != nil {
		return nil, err
	}
	expected := pick(c, "append.expects-length", old.Size, old.Size+1)
	if err := c.placed(g, position, expected, old.Size); err != nil {
		return nil, err
	}
	if err := c.outgrown(g, old.Size+blob.Size); err != nil {
		return nil, err
	}
	if blob.Size == 0 && pick(c, "append.nothing-changes", c.now.Unix(), old.Modified.Unix()) != old.Modified.Unix() {
		return old, nil
	}
	return c.grow(old, blob), nil
}

// begin is a new appendable object.
func (c *call) begin(g *growth, old *store.Object, blob *store.Blob, position int64) (*store.Object, error) {
	switch {
	case position == fresh:
		if old != nil && !c.does("append.replaces") {
			return old, nil
		}
	case g.free != "":
		if err := c.require("append.free-key", false, g.free); err != nil {
			return nil, err
		}
	default:
		if err := c.placed(g, position, 0, 0); err != nil {
			return nil, err
		}
	}
	made := c.newObject(blob)
	made.Kind = appendable
	made.Extra = c.withTags(nil)
	if !c.does("append.first-fields") {
		made.Fields = nil
	}
	return made, c.outgrown(g, made.Size)
}

// grow is old with blob at its end. What the first append said of the object
// stays.
func (c *call) grow(old *store.Object, blob *store.Blob) *store.Object {
	made := *old
	made.Blobs = append(append([]*store.Blob(nil), old.Blobs...), blob)
	if pick(c, "append.joins", "end", "front") == "front" {
		made.Blobs = append([]*store.Blob{blob}, old.Blobs...)
	}
	if c.acl != "" {
		made.ACL = c.acl
	}
	made.Size = old.Size + blob.Size
	made.CRC64 = store.JoinCRC64(old.CRC64, blob.Sums.CRC64, blob.Size)
	made.MD5 = c.wholeMD5(made.Blobs)
	made.ETag = fmt.Sprintf("%016X%08X%08X", made.CRC64, uint32(c.now.Unix()), uint32(made.Size))
	made.Modified = time.Unix(pick(c, "append.touches", c.now.Unix(), old.Modified.Unix()), 0)
	if !c.does("append.keeps-first-fields") {
		made.Fields = c.storedFields()
	}
	return &made
}

// wholeMD5 is the digest of all pieces, for the dialects that answer it.
func (c *call) wholeMD5(blobs []*store.Blob) []byte {
	if !c.e.t.wholeMD5 {
		return nil
	}
	h := md5.New()
	for _, b := range blobs {
		b.WriteTo(h)
	}
	return h.Sum(nil)
}

// listedType is the type of an object in a listing, nil where listings tell none.
func (c *call) listedType(o *store.Object) *string {
	rule := "list.type"
	if o.Kind == appendable {
		rule = "append.type-listed"
	}
	if !c.e.t.growth.listed {
		return nil
	}
	return told(c, rule, o.Kind)
}

// kindOver is the kind of an object that is put where old was.
func (c *call) kindOver(old *store.Object) string {
	if old == nil || old.Kind != appendable {
		return "Normal"
	}
	return pick(c, "append.put-over", "Normal", appendable)
}

// placed refuses a position that is not the expected one, and names the length.
func (c *call) placed(g *growth, position, expected, length int64) error {
	if position == expected || c.e.rules.deviates("append.position", "accept") {
		return nil
	}
	f := c.fault(g.misplaced)
	c.setOn(f, "append.next-on-refusal", g.next, strconv.FormatInt(length, 10))
	return c.refuseWith("append.position", f)
}

// outgrown refuses an object that would be longer than the limit.
func (c *call) outgrown(g *growth, size int64) error {
	limit := c.e.d.Limits.AppendSize
	if limit == 0 || size <= limit {
		return nil
	}
	if size <= c.limit("append.size", limit) {
		return nil
	}
	return c.require("append.too-large", false, g.tooLarge)
}

// answerGrowth adds what a reply says of an object's type.
func (c *call) answerGrowth(o *store.Object) {
	g := &c.e.t.growth
	if g.typeField == "" {
		return
	}
	rule := "object.type"
	if o.Kind == appendable {
		rule = "append.type"
		if c.e.t.wholeMD5 {
			c.set("append.whole-md5", "Content-MD5", base64.StdEncoding.EncodeToString(o.MD5))
		}
		c.set("append.next-on-head", g.next, strconv.FormatInt(o.Size, 10))
	}
	kind := o.Kind
	if kind == madeOfParts {
		rule, kind = "complete.type", c.kindOfParts()
	}
	if g.lower {
		kind = strings.ToLower(kind)
	}
	c.set(rule, g.typeField, kind)
}
