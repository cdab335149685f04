package emulator

import (
	"crypto/md5"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

type (
	copyResult struct {
		XMLName      xml.Name `xml:"CopyObjectResult"`
		ETag         string
		CRC64        string `xml:",omitempty"`
		LastModified string
		Sums         []sumElement
	}
	copyResultJSON struct {
		ETag         string `json:"eTag"`
		LastModified string `json:"lastModified"`
	}
)

// copyObject stores what the source holds under the key of the request, without
// a byte of it passing through the client.
func (c *call) copyObject() error {
	for _, check := range []func() error{c.validKey, c.validMeta, c.validTagField, c.knownCipher, c.validSeal, c.validLockFields, c.validCopy} {
		if err := check(); err != nil {
			return err
		}
	}
	from, err := c.origin()
	if err != nil {
		return err
	}
	replace := strings.EqualFold(c.field(c.own("metadata-directive")), c.e.t.copying.replace)
	if err := c.copyable(from, replace); err != nil {
		return err
	}
	if err := c.givenACL(); err != nil {
		return err
	}
	if err := c.breaks(from.object); err != nil {
		return err
	}
	if err := c.openedSource(from.object); err != nil {
		return err
	}
	made := c.copied(from, replace)
	if err := c.copySum(from.object, made); err != nil {
		return err
	}
	c.sealCopy(made)
	if err := c.bucket.Update(c.at.Key, func(old *store.Object) (*store.Object, error) {
		if err := c.overwrite(old); err != nil {
			return nil, err
		}
		if err := c.permitted("copy-to.", old, &c.e.t.conditions.copy); err != nil {
			return nil, err
		}
		if !c.does("copy.stores") {
			return old, nil
		}
		return made, nil
	}); err != nil {
		return err
	}
	c.tellCopied(from, made)
	return c.answerCopy(made)
}

// validCopy refuses fields of the request that ask for what there is not.
func (c *call) validCopy() error {
	t := &c.e.t.copying
	for _, what := range []string{"metadata", "tagging"} {
		name := c.own(what + "-directive")
		word := c.field(name)
		valid := word == "" || strings.EqualFold(word, "copy") || strings.EqualFold(word, t.replace)
		if err := c.require("copy."+what+"-directive", valid, t.directive, c.directiveCulprit(name, word)); err != nil {
			return err
		}
	}
	if class := c.field(c.own("storage-class")); class != "" && t.classes != nil {
		if err := c.require("copy.class", slices.Contains(t.classes, class), "InvalidArgument"); err != nil {
			return err
		}
	}
	if err := c.knownClass(); err != nil {
		return err
	}
	if t.noKMS != "" && c.field(c.own("server-side-encryption")) == "KMS" {
		if err := c.require("copy.no-kms", false, t.noKMS); err != nil {
			return err
		}
	}
	if err := c.validSeal(); err != nil {
		return err
	}
	return c.implemented("copy-to.", &c.e.t.conditions.copy)
}

// directiveCulprit names the directive that is refused, where the dialect does.
func (c *call) directiveCulprit(name, word string) detail {
	if !c.e.t.reading.rangeMembers {
		return func(*fault) {}
	}
	return c.culprit("copy.directive-culprit", name, word)
}

// copyable refuses sources that cannot be copied to where the request wants
// them.
func (c *call) copyable(from *origin, replace bool) error {
	t, o := &c.e.t.copying, from.object
	if err := c.atMost("copy.too-large", o.Size, c.e.d.Limits.CopySize, t.tooLarge); err != nil {
		return err
	}
	class, _ := o.Field(c.own("storage-class"))
	if err := c.require("copy.archived", !slices.Contains(t.cold, class), t.archived); err != nil {
		return err
	}
	self := c.onto(from)
	if o.Kind == appendable && t.growing != "" {
		if err := c.require("copy.appendable", self, t.growing); err != nil {
			return err
		}
		if self && t.selfRequest && c.in.Fields.Has(c.own("server-side-encryption")) {
			if err := c.require("copy.appendable-encryption", false, t.growing); err != nil {
				return err
			}
		}
	}
	if !self || t.self == "" {
		return nil
	}
	return c.changing(replace)
}

// onto tells whether source and target are the same object.
func (c *call) onto(from *origin) bool {
	older := from.versioned && c.bucket.Get(from.key) != from.object
	return from.bucket == c.at.Bucket && from.key == c.at.Key && !(older && c.does("copy.older-version"))
}

// changing refuses a copy onto itself that changes nothing.
func (c *call) changing(replace bool) error {
	t := &c.e.t.copying
	for _, name := range t.changes {
		replace = replace || c.in.Fields.Has(c.own(name))
	}
	if !replace {
		return c.require("copy.self", false, t.self)
	}
	if !c.does("copy.self-changed") {
		return c.fault(t.self)
	}
	return nil
}

// copied is the object that the copy makes: the bytes of the source, which are
// not moved.
func (c *call) copied(from *origin, replace bool) *store.Object {
	o := from.object
	made := &store.Object{Blobs: o.Blobs, Size: o.Size, ETag: o.ETag, CRC64: o.CRC64, MD5: o.MD5, Kind: "Normal", Modified: c.now, Owner: c.owner, Version: c.newVersion(),
		ACL: pick(c, "copy.acl", c.acl, o.ACL)}
	if o.Extra[sealKept] != "" && o.MD5 != nil {
		made.ETag = c.hexTag(o.MD5)
	}
	if o.MD5 == nil || o.Kind == "Multipart" {
		c.unite(made)
	}
	made.ETag = pick(c, "copy.etag-of-content", made.ETag, otherValue(made.ETag))
	if o.Kind == appendable && c.onto(from) {
		made.Kind = pick(c, "copy.self-kind", appendable, "Normal")
		made.ETag, made.MD5 = o.ETag, o.MD5
	}
	self := c.onto(from) && c.e.t.copying.selfRequest && !replace
	replace = replace || self && pick(c, "copy.self-request", true, false)
	made.Fields = c.copiedFields(o, replace)
	made.Extra = tagged(c.copiedTags(o))
	c.locked(made, "copy")
	c.unlockedCopy(o, made)
	return made
}

// unite gives an object of several pieces the ETag of one that came in one.
func (c *call) unite(made *store.Object) {
	h := md5.New()
	for _, b := range made.Blobs {
		b.WriteTo(h)
	}
	made.MD5 = h.Sum(nil)
	made.ETag = pick(c, "copy.one-piece", c.hexTag(made.MD5), made.ETag)
}

// copiedFields are the fields of the copy: metadata and content headers of the
// source or of the request, never of both, and the rest as the request says.
func (c *call) copiedFields(o *store.Object, replace bool) []store.Pair {
	theirs, mine := c.inherited(o), c.storedFields()
	right, rule := "source", "copy.metadata-kept"
	if replace {
		right, rule = "request", "copy.metadata-replaced"
	}
	wrong := map[string]string{"source": "request", "request": "source"}[right]
	if len(theirs)+len(mine) > 0 {
		right = pick(c, rule, right, wrong)
	}
	out := theirs
	if right == "request" {
		out = mine
		if !slices.ContainsFunc(mine, func(p store.Pair) bool { return p.Name == "Content-Type" }) {
			out = append(out, store.Pair{Name: "Content-Type", Value: c.e.t.defaultCT})
		}
	}
	if other := c.surplus(theirs, mine, right); len(other) > 0 && pick(c, rule+"-alone", false, true) {
		out = append(slices.Clone(out), other...)
	}
	for _, p := range c.options() {
		if c.does("copy.sets-" + strings.TrimPrefix(p.Name, c.e.d.Prefix)) {
			out = append(slices.Clone(out), p)
		}
	}
	return out
}

// surplus are the fields of the side that the copy does not take its metadata
// from, as far as they would not hide those of the other.
func (c *call) surplus(theirs, mine []store.Pair, side string) []store.Pair {
	taken, other := theirs, mine
	if side == "request" {
		taken, other = mine, theirs
	}
	return slices.DeleteFunc(slices.Clone(other), func(p store.Pair) bool {
		return p.Name == "Content-Type" || slices.ContainsFunc(taken, func(q store.Pair) bool { return q.Name == p.Name })
	})
}

// inherited are the fields of the source that go with it. How it is kept is the
// target's own business.
func (c *call) inherited(o *store.Object) (out []store.Pair) {
	for _, p := range o.Fields {
		own := slices.Contains(c.e.t.writing.options, p.Name)
		if !own || pick(c, "copy.resets-"+strings.TrimPrefix(p.Name, c.e.d.Prefix), false, true) {
			out = append(out, p)
		}
	}
	return out
}

// answerCopy answers what came of a copy.
func (c *call) answerCopy(o *store.Object) error {
	t := &c.e.t.copying
	c.status("copy.status", 200)
	if t.tagETag {
		c.set("copy.etag", "ETag", c.etag(o.ETag))
	}
	crc := strconv.FormatUint(o.CRC64, 10)
	if c.e.t.crc64 != "" {
		c.reply.Fields.Set(c.e.t.crc64, pick(c, "copy.crc64", crc, otherValue(crc)))
	}
	if name := c.own("server-side-encryption"); len(c.e.t.writing.options) > 0 {
		if v, ok := o.Field(name); ok {
			c.set("copy.encryption", name, v)
		}
	}
	at := o.Modified.UTC()
	r := copyResult{ETag: c.etag(o.ETag), LastModified: pick(c, "copy.result-time", at.Format(c.e.t.listTime), httpDate(at))}
	if t.crcResult {
		r.CRC64 = pick(c, "copy.result-crc64", crc, "")
	}
	r.Sums = c.sumElements("checksum.copied", o)
	r.ETag = pick(c, "copy.result-etag", r.ETag, otherValue(r.ETag))
	switch {
	case !c.does("copy.result"):
		return nil
	case c.e.t.json:
		return c.sendJSON(copyResultJSON{strings.Trim(r.ETag, `"`), r.LastModified})
	}
	return c.sendXML(r)
}

// breaks ends a copy that has begun, where the emulator is told to: the status
// is sent by then.
func (c *call) breaks(o *store.Object) error {
	if n := c.e.d.Limits.CopyBreak; n == 0 || o.Size < n || !c.does("copy.breaks-late") {
		return nil
	}
	f := c.fault("InternalError")
	f.status, f.listed = 200, false
	return f
}
