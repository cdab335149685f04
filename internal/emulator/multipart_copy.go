package emulator

import (
	"encoding/xml"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

// partCopied is the answer to a part that was copied.
type partCopied struct {
	XMLName      xml.Name `xml:"CopyPartResult" json:"-"`
	ETag         string   `json:"eTag"`
	LastModified string   `json:"lastModified"`
}

// uploadPartCopy stores a part that is copied from an object.
func (c *call) uploadPartCopy() error {
	number, err := c.partNumber()
	if err != nil {
		return err
	}
	u, err := c.upload()
	if err != nil {
		return err
	}
	if err := c.partSeal(u); err != nil {
		return err
	}
	from, err := c.origin()
	if err != nil {
		return err
	}
	if err := c.openedSource(from.object); err != nil {
		return err
	}
	taken, err := c.sourceRange(from.object)
	if err != nil {
		return err
	}
	if err := c.copyablePart(from.object, taken); err != nil {
		return err
	}
	blob, err := c.e.store.Spool(from.object.Range(taken.first, taken.length), -1)
	if err != nil {
		return err
	}
	p := &store.Part{Number: number, Blob: blob, ETag: c.partTag(u, blob), Modified: c.now}
	if err := c.addPart(u, p); err != nil {
		return err
	}
	c.noMetadata(u, from.object)
	c.answerCipher("copy-part.encrypted", u.Object)
	c.answerSealed(u.Object)
	if b := c.e.store.Bucket(from.bucket); b != nil && b.Setting(versioningSetting) != "" && c.e.t.reading.classed {
		c.reply.Fields.Set(c.own("copy-source-version-id"), shownVersion(from.object.Version))
	}
	return c.answerPartCopy(p)
}

func (c *call) answerPartCopy(p *store.Part) error {
	c.status("copy-part.status", 200)
	if c.e.t.crc64 != "" {
		c.set("copy-part.crc64", c.e.t.crc64, strconv.FormatUint(p.Blob.Sums.CRC64, 10))
	}
	if c.e.t.copying.tagETag {
		c.reply.Fields.Set("ETag", c.etag(p.ETag)) // ali-oss takes it from here, not from the body
	}
	r := partCopied{ETag: c.etag(p.ETag), LastModified: c.listTime(p.Modified)}
	if c.e.t.json {
		r.ETag = p.ETag
	}
	r.ETag = pick(c, "copy-part.etag", r.ETag, otherValue(r.ETag))
	r.LastModified = pick(c, "copy-part.time", r.LastModified, httpDate(p.Modified))
	return c.sendForm(r)
}

// noMetadata takes none of the source's user metadata; a broken rule gives it to
// the object to come.
func (c *call) noMetadata(u *store.Upload, o *store.Object) {
	meta := slices.DeleteFunc(slices.Clone(o.Fields), func(p store.Pair) bool { return !strings.HasPrefix(p.Name, c.e.d.Meta) })
	if len(meta) == 0 || c.does("copy-part.metadata") {
		return
	}
	u.Object.Fields = append(u.Object.Fields, meta...)
}

// copyablePart refuses sources of which no part can be made.
func (c *call) copyablePart(o *store.Object, taken span) error {
	if code := c.e.t.copying.growing; o.Kind == appendable && code != "" {
		if err := c.require("copy-part.appendable", false, code); err != nil {
			return err
		}
	}
	if o.Size > c.e.d.Limits.CopySize && taken.length < o.Size {
		if err := c.admit("copy-part.of-large", "EntityTooLarge"); err != nil {
			return err
		}
	}
	return c.atMost("copy-part.too-large", taken.length, c.e.d.Limits.PartSize, "EntityTooLarge")
}

var sourceRangeForm = regexp.MustCompile(`^bytes=([0-9]{1,18})-([0-9]{1,18})$`)

// sourceRange is what the request takes of the source: all of it, or the bytes
// from first to last, both included.
func (c *call) sourceRange(o *store.Object) (span, error) {
	name := c.own(sourceField + "-range")
	text, all := c.field(name), span{length: o.Size}
	if !c.in.Fields.Has(name) {
		return pick(c, "copy-part.whole", all, span{length: max(o.Size-1, 0)}), nil
	}
	first, last, ok := parseSourceRange(text)
	t, named := &c.e.t.multipart, c.rangeNamed(name, text)
	switch {
	case !ok && t.badRange == "":
		return all, c.admit("copy-part.range-ignored", "InvalidArgument")
	case !ok:
		return all, c.require("copy-part.range-form", false, t.badRange, named)
	case first >= o.Size && t.farRange != "":
		return all, c.require("copy-part.range-first", false, t.farRange)
	case first >= o.Size:
		return all, nil
	case last >= o.Size && t.longRange != "":
		return span{first, o.Size - first}, c.require("copy-part.range-last", false, t.longRange)
	}
	s := span{first, min(last, o.Size-1) - first + 1}
	if t.echoRange {
		c.set("copy-part.content-range", "Content-Range", "bytes "+strconv.FormatInt(first, 10)+"-"+strconv.FormatInt(first+s.length-1, 10)+"/"+strconv.FormatInt(o.Size, 10))
	}
	return pick(c, "copy-part.range", s, span{first, max(s.length-1, 1)}), nil
}

// rangeNamed names the range that a refusal is about, where the dialect does.
func (c *call) rangeNamed(name, text string) detail {
	if !c.e.t.reading.rangeMembers {
		return func(*fault) {}
	}
	return func(f *fault) { c.culprit("copy-part.range-named", name, text)(f) }
}

// parseSourceRange reads bytes=first-last.
func parseSourceRange(text string) (first, last int64, ok bool) {
	m := sourceRangeForm.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, false
	}
	first, err1 := strconv.ParseInt(m[1], 10, 64)
	last, err2 := strconv.ParseInt(m[2], 10, 64)
	return first, last, errors.Join(err1, err2) == nil && first <= last
}
