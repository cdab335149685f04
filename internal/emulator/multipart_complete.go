package emulator

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

type completed struct {
	XMLName      xml.Name     `json:"-"`
	EncodingType string       `xml:",omitempty" json:"-"`
	Location     string       `json:"location"`
	Bucket       string       `json:"bucket"`
	Key          string       `json:"key"`
	ETag         string       `json:"eTag"`
	Sums         []sumElement `json:"-"`
}

// completeUpload makes an object of the listed parts.
func (c *call) completeUpload() error {
	u, err := c.upload()
	if err != nil {
		return err
	}
	list, err := c.partList(u)
	if err != nil {
		return err
	}
	if err := c.completeSeal(u); err != nil {
		return err
	}
	var made *store.Object
	err = c.bucket.Complete(u.Key, u.ID, func(u *store.Upload, old *store.Object) (*store.Object, bool, error) {
		if made, err = c.assemble(u, list); err != nil {
			return nil, false, err
		}
		if err := c.completable(u, old); err != nil {
			return nil, false, err
		}
		return c.completeOver(old, made), c.does("complete.ends"), nil
	})
	if err := c.ended(u, err); err != nil {
		return err
	}
	if made == nil { // a broken rule takes it for done
		made = u.Object
	}
	c.alone(u)
	return c.answerCompleted(u, made)
}

// completeOver is what stands at the key after the completion.
func (c *call) completeOver(old, made *store.Object) *store.Object {
	if old != nil && !c.does("complete.replaces") {
		return old
	}
	return made
}

// alone ends no other upload of the key.
func (c *call) alone(done *store.Upload) {
	if c.e.rules.quiet() {
		return
	}
	var others []*store.Upload
	c.bucket.ScanUploads(done.Key, "", func(u *store.Upload) bool {
		if u.Key == done.Key && u.ID != done.ID {
			others = append(others, u)
		}
		return u.Key == done.Key
	})
	if len(others) > 0 && !c.does("complete.others") {
		for _, u := range others {
			c.bucket.Abort(u.Key, u.ID)
		}
	}
}

// assemble is the object that the listed parts make.
func (c *call) assemble(u *store.Upload, list []namedPart) (*store.Object, error) {
	parts, err := c.chosen(u, list)
	if err != nil {
		return nil, err
	}
	if err := c.partSizes(parts); err != nil {
		return nil, err
	}
	if err := c.listedSums(u, list, parts); err != nil {
		return nil, err
	}
	o := *u.Object
	o.Modified, o.Version = c.now, c.newVersion()
	for _, p := range c.arranged(u, parts) {
		o.Blobs = append(o.Blobs, p.Blob)
		o.CRC64 = store.JoinCRC64(o.CRC64, p.Blob.Sums.CRC64, p.Blob.Size)
		o.Size += p.Blob.Size
	}
	if err := c.atMost("complete.too-large", o.Size, c.e.d.Limits.ObjectSize, "EntityTooLarge"); err != nil {
		return nil, err
	}
	if err := c.completeSum(&o, parts); err != nil {
		return nil, err
	}
	o.ETag = c.wholeTag(u, &o, parts)
	c.lastSaid(&o)
	c.addMeta(&o)
	return &o, nil
}

// arranged puts the parts in the order of their numbers; those that the list
// leaves out are dropped.
func (c *call) arranged(u *store.Upload, parts []*store.Part) []*store.Part {
	if len(parts) > 1 && pick(c, "complete.order-of-numbers", false, true) {
		parts = slices.Clone(parts)
		slices.Reverse(parts)
	}
	if len(parts) < len(u.Parts) && pick(c, "complete.listed-only", false, true) {
		return u.Parts
	}
	return parts
}

// addMeta adds the user metadata of the completion, where the dialect takes it
// there.
func (c *call) addMeta(o *store.Object) {
	if !c.e.t.multipart.metaLater {
		return
	}
	meta := c.metadata()
	if len(meta) > 0 && c.does("complete.metadata") {
		o.Fields = append(slices.Clone(o.Fields), meta...)
	}
	if t := c.field("Content-Type"); t != "" && pick(c, "complete.own-type", false, true) {
		o.Fields = slices.Clone(o.Fields)
		for i := range o.Fields {
			if o.Fields[i].Name == "Content-Type" {
				o.Fields[i].Value = t
			}
		}
	}
}

// wholeTag is the entity tag of the object: no digest of its content.
func (c *call) wholeTag(u *store.Upload, o *store.Object, parts []*store.Part) string {
	tag := c.e.t.multipart.sum(u, parts)
	if c.e.t.upperETag {
		tag = strings.ToUpper(tag)
	}
	if !c.e.rules.quiet() {
		h := md5.New()
		io.Copy(h, o.Range(0, o.Size))
		if plain := c.hexTag(h.Sum(nil)); pick(c, "complete.etag-opaque", tag, plain) != tag {
			return plain
		}
	}
	return pick(c, "complete.etag-form", tag, otherValue(tag))
}

// digestOfDigests is the digest of the parts' digests, and their number.
func digestOfDigests(_ *store.Upload, parts []*store.Part) string {
	h := md5.New()
	for _, p := range parts {
		h.Write(p.Blob.Sums.MD5[:])
	}
	return fmt.Sprintf("%x-%d", h.Sum(nil), len(parts))
}

// digestOfUpload is one that no client can compute: equal parts make objects
// with other tags.
func digestOfUpload(u *store.Upload, parts []*store.Part) string {
	h := md5.New()
	fmt.Fprint(h, u.ID, digestOfDigests(u, parts))
	return fmt.Sprintf("%x-%d", h.Sum(nil), len(parts))
}

// digestOfTexts is a hyphen and the digest of the parts' tags as they are
// written; a single part keeps its own.
func digestOfTexts(_ *store.Upload, parts []*store.Part) string {
	if len(parts) == 1 {
		return parts[0].ETag
	}
	h := md5.New()
	for _, p := range parts {
		io.WriteString(h, p.ETag)
	}
	return "-" + hex.EncodeToString(h.Sum(nil))
}

// completable refuses to write over old, which may be nil, where the request
// says on which condition it wants to.
func (c *call) completable(u *store.Upload, old *store.Object) error {
	if err := c.forbidden(old); err != nil || !c.e.t.multipart.follows {
		return err
	}
	if err := c.implemented("put.", &c.e.t.conditions.put); err != nil {
		return err
	}
	return c.followed(u, old)
}

// followed refuses a condition that holds, but of an object other than the one
// that stood at the key when the upload began.
func (c *call) followed(u *store.Upload, old *store.Object) error {
	match, none := c.field(ifMatch), c.field(ifNone)
	if match != "" && old != nil && old.Kind == madeOfParts {
		if err := c.admit("complete.tag-of-parts", "PreconditionFailed"); err != nil {
			return err
		}
	}
	if identity(old) == u.Over {
		return nil
	}
	gone := none != "" && old == nil
	changed := match != "" && old != nil && u.Over != "" && strings.Trim(match, `"`) == old.ETag
	if !gone && !changed {
		return nil
	}
	name := ifNone
	if changed {
		name = ifMatch
	}
	return c.require("complete.conflict", false, "ConditionalRequestConflict", c.about("complete.conflict-named", "Condition", name), c.about("complete.conflict-named", "Key", u.Key))
}

func (c *call) answerCompleted(u *store.Upload, made *store.Object) error {
	c.status("complete.status", http.StatusOK)
	c.tellVersion("version.id", made)
	c.answerCipher("complete.encrypted", made)
	c.answerCompletedSeal(u.Object)
	if c.e.t.crc64 != "" {
		c.set("complete.crc64", c.e.t.crc64, strconv.FormatUint(made.CRC64, 10))
	}
	if pick(c, "complete.no-md5", false, true) {
		c.reply.Fields.Set("Content-MD5", base64.StdEncoding.EncodeToString(md5.New().Sum(nil)))
	}
	r := completed{Bucket: c.at.Bucket, Key: pick(c, "complete.key", u.Key, u.Key[1:]), ETag: pick(c, "complete.etag", made.ETag, otherValue(made.ETag)),
		Location: c.location(u.Key)}
	if !c.e.t.json {
		r.ETag, r.Sums = c.etag(r.ETag), c.sumElements("checksum.told", made)
		r.XMLName.Local = pick(c, "complete.root", "CompleteMultipartUploadResult", "Error")
	}
	c.encodeKey("complete.encoding", &r.Key, &r.EncodingType)
	return c.sendForm(r)
}

// location is the URL of the object.
func (c *call) location(key string) string {
	path := c.at.Resource()
	path = strings.TrimSuffix(path, c.at.Key)
	if strings.HasPrefix(c.field("Host"), c.at.Bucket+".") {
		path = "/"
	}
	return "http://" + c.field("Host") + path + pick(c, "complete.location", wire.EscapePath(key), "")
}

// kindOfParts is what the dialect calls an object that was made of parts.
func (c *call) kindOfParts() string {
	if c.e.t.multipart.typed {
		return madeOfParts
	}
	return "Normal"
}

// digestOfTags is the digest of the parts' tags as they are written, and their
// number. No document says so; the suites of OSS's own SDKs hold it to that.
func digestOfTags(_ *store.Upload, parts []*store.Part) string {
	h := md5.New()
	for _, p := range parts {
		io.WriteString(h, p.ETag)
	}
	return fmt.Sprintf("%x-%d", h.Sum(nil), len(parts))
}
