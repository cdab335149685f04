package emulator

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"

	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

// multipart is what the dialects say of objects that come in parts.
type multipart struct {
	encrypts  bool   // an upload says how it is encrypted, and so does what becomes of it
	encodes   bool   // encoding-type applies to answers with one key
	typed     bool   // the type of an object tells that it was made of parts
	named     bool   // refusals name the upload, the part and the argument that they are about
	number    string // what refusals call the number of a part; "" where they do not name it
	outOf     string // code for a listed number that no part can have
	countsUp  bool   // listed numbers follow one another without gaps
	malformed string // code for a list of parts that is none
	empty     string // code for a list without parts
	bodiless  string // code for no list at all
	all       string // field that completes with all parts and no list; "" where there is none
	metaLater bool   // completion may add user metadata
	follows   bool   // a condition holds for the object that stood there at initiation
	taken     bool   // a bucket with open uploads can be removed; they go with it
	badRange  string // code for a range of a source that is none; "" ignores it
	farRange  string // code for one that begins beyond the source; "" ignores it
	longRange string // code for one that ends beyond the source; "" takes what is there
	hollow    bool   // an upload without parts becomes an empty object
	echoRange bool   // the range that was copied is answered
	sum       func(u *store.Upload, parts []*store.Part) string
}

var ossMultipart = multipart{
	encrypts: true, encodes: true, typed: true, named: true, number: "PartNumber", outOf: "InvalidPartOrder", malformed: "MalformedXML", empty: "MalformedXML", bodiless: "MalformedXML",
	all: "x-oss-complete-all", echoRange: true, hollow: true, sum: digestOfTags,
}

var cosMultipart = multipart{
	outOf: "InvalidArgument", countsUp: true, malformed: "MalformedXML", empty: "MalformedXML", bodiless: "MalformedXML",
	badRange: "InvalidArgument", farRange: "InvalidRange", longRange: "InvalidRange", sum: digestOfUpload,
}

var bosMultipart = multipart{
	outOf: "InvalidArgument", malformed: "MalformedJSON", empty: "InappropriateJSON", bodiless: "MalformedJSON", metaLater: true,
	badRange: "InvalidArgument", farRange: "InvalidArgument", longRange: "InvalidArgument", sum: digestOfTexts,
}

var s3Multipart = multipart{
	named: true, number: "partNumber", outOf: "InvalidArgument", malformed: "MalformedXML", empty: "InvalidRequest", bodiless: "InvalidRequest",
	follows: true, taken: true,
	badRange: "InvalidArgument", farRange: "InvalidRequest", longRange: "InvalidArgument", sum: digestOfDigests,
}

// madeOfParts is the kind of an object that came in parts.
const madeOfParts = "Multipart"

type initiated struct {
	XMLName      xml.Name `xml:"InitiateMultipartUploadResult" json:"-"`
	EncodingType string   `xml:",omitempty" json:"-"`
	Bucket       string   `json:"bucket"`
	Key          string   `json:"key"`
	UploadID     string   `xml:"UploadId" json:"uploadId"`
}

// createUpload begins an object that comes in parts. What the request says of
// the object is kept for its completion.
func (c *call) createUpload() error {
	for _, check := range []func() error{c.validKey, c.validMeta, c.validTagField, c.validOptions, c.validSeal, c.validLockFields} {
		if err := check(); err != nil {
			return err
		}
	}
	old := c.bucket.Get(c.at.Key)
	if err := c.overwrite(old); err != nil {
		return err
	}
	u := &store.Upload{Key: c.at.Key, ID: c.e.uploadID(), Initiated: c.now, Owner: c.who.ID, Over: identity(old), Object: c.planned()}
	c.plannedSeal(u.Object)
	if err := c.planSum(u.Object); err != nil {
		return err
	}
	if err := c.bucket.Begin(u); err != nil {
		return err
	}
	if old != nil && !c.does("initiate.keeps-object") {
		c.bucket.Update(c.at.Key, func(*store.Object) (*store.Object, error) { return nil, nil })
	}
	c.status("initiate.status", 200)
	c.answerCipher("initiate.encrypted", u.Object)
	c.answerAbort(u)
	r := initiated{Bucket: c.at.Bucket, Key: pick(c, "initiate.key", u.Key, u.Key[1:]), UploadID: pick(c, "initiate.id-unique", u.ID, c.firstUpload())}
	c.encodeKey("initiate.encoding", &r.Key, &r.EncodingType)
	return c.sendForm(r)
}

// planned is the object that the upload is to become, without a body.
func (c *call) planned() *store.Object {
	fields := append(c.storedFields(), c.options()...)
	if len(fields) > 0 && !c.does("initiate.fields") {
		fields = nil
	}
	tags := c.givenTags()
	if tags != "" && !c.does("initiate.tags") {
		tags = ""
	}
	o := &store.Object{Kind: madeOfParts, Owner: c.owner, ACL: c.acl, Fields: fields, Extra: tagged(tags)}
	if _, typed := o.Field("Content-Type"); !typed {
		o.Fields = append(o.Fields, store.Pair{Name: "Content-Type", Value: c.typeOf(c.at.Key)})
	}
	c.locked(o, "initiate")
	c.inSequence(o)
	return o
}

// identity tells one object at a key from all others that were there, "" for
// none.
func identity(o *store.Object) string {
	if o == nil {
		return ""
	}
	return o.ETag + " " + strconv.FormatInt(o.Modified.UnixNano(), 10)
}

// uploadID makes an ID that no other upload has. IDs grow, so that those of one
// key are listed in the order of their initiation.
func (e *Emulator) uploadID() string {
	seed := e.random()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lastUpload = max(e.lastUpload+1, e.shift().UnixNano())
	return fmt.Sprintf("%016X%016X", e.lastUpload, seed[:8])
}

// firstUpload is the ID of the first open upload of the request's key.
func (c *call) firstUpload() (id string) {
	c.bucket.ScanUploads(c.at.Key, "", func(u *store.Upload) bool {
		if u.Key == c.at.Key {
			id = u.ID
		}
		return false
	})
	return id
}

// encodeKey writes a key as encoding-type=url asks, and says so.
func (c *call) encodeKey(rule string, key, encoding *string) {
	text, _ := c.param("encoding-type")
	if text != "url" || !c.e.t.multipart.encodes || !c.does(rule) {
		return
	}
	*key, *encoding = wire.Escape(*key), text
}

// sendForm answers v in the dialect's form.
func (c *call) sendForm(v any) error {
	if c.e.t.json {
		return c.sendJSON(v)
	}
	return c.sendXML(v)
}

// upload is the upload of the request, or NoSuchUpload.
func (c *call) upload() (*store.Upload, error) {
	id, _ := c.param("uploadId")
	u := c.bucket.Upload(c.at.Key, id)
	if u != nil {
		return u, nil
	}
	nothing := &store.Upload{Key: c.at.Key, ID: id, Object: &store.Object{Kind: madeOfParts}}
	if other := c.uploadOf(id); other != nil && pick(c, "upload.of-key", false, true) {
		return other, nil
	}
	return nothing, c.noUpload(id)
}

// uploadOf is the upload called id, whatever its key.
func (c *call) uploadOf(id string) (found *store.Upload) {
	if c.e.rules.quiet() {
		return nil
	}
	c.bucket.ScanUploads("", "", func(u *store.Upload) bool {
		if u.ID == id {
			found = u
		}
		return found == nil
	})
	return found
}

// noUpload refuses an upload that is not there or has ended.
func (c *call) noUpload(id string) error {
	return c.require("upload.unknown", false, "NoSuchUpload", c.about("upload.named", "UploadId", id))
}

// about adds to a refusal what it is about, for the dialects that do.
func (c *call) about(rule, name, value string) detail {
	return func(f *fault) {
		if c.e.t.multipart.named && c.does(rule) {
			withExtra(name, value)(f)
		}
	}
}

// abortUpload ends an upload and drops its parts.
func (c *call) abortUpload() error {
	u, err := c.upload()
	if err != nil {
		return err
	}
	if c.does("abort.ends") {
		if err := c.ended(u, c.bucket.Abort(u.Key, u.ID)); err != nil {
			return err
		}
	}
	if c.bucket.Get(u.Key) != nil && !c.does("abort.keeps-object") {
		c.bucket.Update(u.Key, func(*store.Object) (*store.Object, error) { return nil, nil })
	}
	c.status("abort.status", 204)
	return nil
}

// ended answers what a change of an upload came to: it may have ended meanwhile.
func (c *call) ended(u *store.Upload, err error) error {
	if errors.Is(err, store.ErrNoUpload) {
		return c.noUpload(u.ID)
	}
	return err
}

// dropBucket removes the bucket of the request; open uploads keep it, or go with
// it.
func (c *call) dropBucket() error {
	err := c.e.store.Delete(c.at.Bucket)
	if !errors.Is(err, store.ErrUploads) {
		return err
	}
	if !c.e.t.multipart.taken {
		return store.ErrNotEmpty
	}
	c.bucket.ScanUploads("", "", func(u *store.Upload) bool {
		c.bucket.Abort(u.Key, u.ID)
		return true
	})
	return c.e.store.Delete(c.at.Bucket)
}
