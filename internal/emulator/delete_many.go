package emulator

import (
	"bytes"
	"crypto/md5"
	"encoding/json"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"net/url"
	"strings"

	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

// deleting is what the dialects say of removing several objects at once.
type deleting struct {
	noDigest  string // code for a request without a digest of its body; "" asks for none
	checksums bool   // a checksum field of the dialect is a digest as well
	malformed string // code for a body that is no list of keys
	noKey     string // code for an entry without a key
	tooMany   string // code for more keys than are allowed
	tooLarge  string // code for a body over the limit
	hollow    string // code for an entry that names an empty version; "" takes it for none
	noVersion string // code for a version that is not there
	mute      bool   // a quiet reply without errors has no body at all
	encodes   bool   // encoding-type=url has the keys of the reply escaped
}

var (
	ossDeleting = deleting{noDigest: "MissingArgument", malformed: "MalformedXML", noKey: "MalformedXML", tooMany: "MalformedXML", tooLarge: "MalformedXML", mute: true, encodes: true, hollow: "InvalidArgument"}
	cosDeleting = deleting{noDigest: "InvalidRequest", malformed: "MalformedXML", noKey: "MalformedXML", tooMany: "MalformedXML", tooLarge: "EntityTooLarge"}
	bosDeleting = deleting{malformed: "MalformedJSON", noKey: "MalformedJSON", tooMany: "InvalidArgument", tooLarge: "EntityTooLarge", mute: true}
	s3Deleting  = deleting{noDigest: "InvalidRequest", checksums: true, malformed: "MalformedXML", noKey: "MalformedXML", tooMany: "MalformedXML",
		tooLarge: "MaxMessageLengthExceeded", noVersion: "NoSuchVersion"}
)

// doomed is the list of what is to be removed.
type doomed struct {
	XMLName xml.Name      `xml:"Delete" json:"-"`
	Quiet   *bool         `json:"-"`
	Objects []doomedEntry `xml:"Object" json:"objects"`
}

type doomedEntry struct {
	Key       *string `json:"key"`
	VersionID *string `xml:"VersionId" json:"-"`
	ETag      *string `json:"-"`
}

// removed is the answer.
type removed struct {
	XMLName      xml.Name       `xml:"DeleteResult" json:"-"`
	EncodingType string         `xml:",omitempty" json:"-"`
	Deleted      []removedEntry `json:"-"`
	Error        []keptEntry    `json:"errors"`
}

type removedEntry struct {
	Key                   string
	VersionID             string `xml:"VersionId,omitempty"`
	DeleteMarker          bool   `xml:",omitempty"`
	DeleteMarkerVersionID string `xml:"DeleteMarkerVersionId,omitempty"`
}

// A keptEntry is an object that was not removed, and why.
type keptEntry struct {
	Key       string  `json:"key"`
	VersionID *string `xml:"VersionId,omitempty" json:"-"`
	Code      string  `json:"code"`
	Message   string  `json:"message"`
}

// deleteObjects removes each object of a list. One that cannot be removed does
// not keep the others.
func (c *call) deleteObjects() error {
	if err := c.noBypass(); err != nil {
		return err
	}
	list, err := c.doomed()
	if err != nil {
		return err
	}
	answer := &removed{Deleted: []removedEntry{}, Error: []keptEntry{}}
	for _, entry := range list.Objects {
		if err := c.deleteEntry(entry, answer); err != nil {
			return err
		}
	}
	c.status("delete-many.status", 200)
	return c.answerDeletes(list, answer)
}

// doomed reads the list of what is to be removed.
func (c *call) doomed() (*doomed, error) {
	body, err := c.doomedText()
	if err != nil {
		return nil, err
	}
	d := &c.e.t.deleting
	list := &doomed{}
	text, hidden := disguised(body)
	if err := c.parse(text, list); err != nil || len(list.Objects) == 0 {
		return list, c.require("delete-many.malformed", false, d.malformed)
	}
	if err := c.atMost("delete-many.too-many", int64(len(list.Objects)), int64(c.e.d.Limits.DeleteKeys), d.tooMany); err != nil {
		return list, err
	}
	for _, e := range list.Objects {
		if e.Key == nil || *e.Key == "" {
			return list, c.require("delete-many.no-key", false, d.noKey)
		}
		if e.VersionID != nil && d.hollow != "" {
			if err := c.require("delete-many.hollow-version", *e.VersionID != "", d.hollow); err != nil {
				return list, err
			}
		}
		if hidden {
			*e.Key = revealed(*e.Key)
		}
	}
	return list, nil
}

// doomedText is the body, held to its length and its digests.
func (c *call) doomedText() ([]byte, error) {
	d := &c.e.t.deleting
	if err := c.require("delete-many.length-required", !c.in.NoLength, c.e.t.noLength, closing); err != nil {
		return nil, err
	}
	digest := d.noDigest == "" || c.in.Fields.Has("Content-MD5") || d.checksums && c.checksummed()
	if err := c.require("delete-many.digest-required", digest, d.noDigest); err != nil {
		return nil, err
	}
	if d.noDigest == "" && !c.in.Fields.Has("Content-MD5") {
		if err := c.admit("delete-many.digest-optional", "InvalidRequest"); err != nil {
			return nil, err
		}
	}
	if err := c.atMost("delete-many.too-large", c.length, c.deleteMost(), d.tooLarge); err != nil {
		return nil, err
	}
	blob, err := c.e.store.Spool(judged{c}, c.deleteMost()+1)
	if errors.Is(err, store.ErrTooLarge) {
		return nil, c.fault(d.tooLarge)
	}
	if err != nil {
		return nil, err
	}
	if err := errors.Join(c.deleteDigest(blob), c.matchDigests(blob)); err != nil {
		return nil, err
	}
	return io.ReadAll(blob.Range(0, blob.Size))
}

// deleteMost is the longest list in bytes; where no document bounds it, that of
// 1000 keys.
func (c *call) deleteMost() int64 {
	const undocumented = 2 << 20
	if most := c.e.d.Limits.DeleteSize; most > 0 {
		return most
	}
	return undocumented
}

// checksummed tells whether a checksum field of the dialect comes with the body.
func (c *call) checksummed() bool {
	for _, f := range c.in.Fields {
		if strings.HasPrefix(strings.ToLower(f.Name), c.own("checksum-")) {
			return true
		}
	}
	return false
}

// deleteDigest compares the list with its Content-MD5.
func (c *call) deleteDigest(b *store.Blob) error {
	given, err := c.givenMD5()
	if err != nil || len(given) != md5.Size {
		return err
	}
	return c.require("delete-many.content-md5", bytes.Equal(given, b.Sums.MD5[:]), c.e.t.writing.badMD5)
}

// parse reads a document in the dialect's form: one root and nothing behind it.
func (c *call) parse(body []byte, into any) error {
	if c.e.t.json {
		d := json.NewDecoder(bytes.NewReader(body))
		if err := d.Decode(into); err != nil {
			return err
		}
		return ended(d.Token())
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(into); err != nil {
		return err
	}
	for {
		t, err := d.Token()
		switch t := t.(type) {
		case xml.Comment, xml.ProcInst:
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return errBehind
			}
		default:
			return ended(t, err)
		}
	}
}

var errBehind = errors.New("expected nothing behind the document")

// ended turns the end of a document into success.
func ended(_ any, err error) error {
	switch {
	case err == io.EOF:
		return nil
	case err != nil:
		return err
	}
	return errBehind
}

// deleteEntry removes one object of the list.
func (c *call) deleteEntry(entry doomedEntry, into *removed) error {
	key := c.doomedKey(entry)
	if code := c.e.t.deleting.noVersion; code != "" && entry.VersionID != nil && !isVersion(*entry.VersionID) && c.does("delete-many.version") {
		into.keep(c, keptEntry{Key: key, VersionID: entry.VersionID, Code: pick(c, "delete-many.version-code", code, "NoSuchKey")})
		return nil
	}
	if c.versioning != "" || entry.VersionID != nil && c.e.t.versions.known {
		return c.deleteAmong(key, entry, into)
	}
	return c.bucket.Update(key, func(old *store.Object) (*store.Object, error) {
		if old == nil {
			into.missing(c, key)
			return nil, nil
		}
		if entry.ETag != nil && strings.Trim(*entry.ETag, `"`) != old.ETag && c.does("delete-many.etag") {
			into.keep(c, keptEntry{Key: key, Code: pick(c, "delete-many.etag-code", "PreconditionFailed", "InvalidArgument")})
			return old, nil
		}
		into.remove(key)
		c.e.pending.emptied(c.at.Bucket + "/" + key)
		if !c.does("delete-many.removes") {
			return old, nil
		}
		return nil, nil
	})
}

// doomedKey is the key that an entry names: what stands in the document once its
// references are resolved, and nothing else.
func (c *call) doomedKey(entry doomedEntry) string {
	if entry.Key == nil {
		return ""
	}
	key := *entry.Key
	if c.e.rules.quiet() {
		return key
	}
	key = pick(c, "delete-many.key-first", key, strings.TrimPrefix(key, "/"))
	key = pick(c, "delete-many.key-references", key, html.EscapeString(key))
	if plain, err := url.PathUnescape(key); err == nil {
		key = pick(c, "delete-many.key-verbatim", key, plain)
	}
	return key
}

func (r *removed) remove(key string) { r.Deleted = append(r.Deleted, removedEntry{Key: key}) }

func (r *removed) keep(c *call, e keptEntry) {
	if e.Message == "" {
		e.Message = c.fault(e.Code).said.Message
	}
	r.Error = append(r.Error, e)
}

// missing answers an entry whose object is not there.
func (r *removed) missing(c *call, key string) {
	code := c.e.t.writing.noKey
	if code == "" {
		if c.does("delete-many.missing-is-done") {
			r.remove(key)
		} else {
			r.keep(c, keptEntry{Key: key, Code: "NoSuchKey"})
		}
		return
	}
	if c.does("delete-many.missing-is-error") {
		r.keep(c, keptEntry{Key: key, Code: pick(c, "delete-many.missing-code", code, "AccessDenied")})
	}
}

// answerDeletes answers what was removed, unless the list asks for quiet, and
// what was not.
func (c *call) answerDeletes(list *doomed, answer *removed) error {
	quiet := c.e.t.json
	if !quiet {
		quiet = list.Quiet != nil && *list.Quiet && c.does("delete-many.quiet")
		if list.Quiet == nil {
			quiet = pick(c, "delete-many.verbose", false, true)
		}
	}
	switch {
	case quiet:
		answer.Deleted = nil
		if len(answer.Error) > 0 && !c.e.t.json && !c.does("delete-many.quiet-errors") {
			answer.Error = nil
		}
	case len(answer.Deleted) > 0 && !c.does("delete-many.deleted"):
		answer.Deleted = answer.Deleted[1:]
	}
	if quiet && len(answer.Error) == 0 && c.e.t.deleting.mute {
		if c.does("delete-many.no-body") {
			return nil
		}
	}
	if text, ok := c.param("encoding-type"); ok && text == "url" && c.e.t.deleting.encodes {
		answer.escape(c)
	}
	if c.e.t.json {
		return c.sendJSON(answer)
	}
	return c.sendXML(answer)
}

// escape writes the keys as encoding-type=url asks.
func (r *removed) escape(c *call) {
	r.EncodingType = pick(c, "delete-many.encoding-type", "url", "")
	for i := range r.Deleted {
		key := r.Deleted[i].Key
		r.Deleted[i].Key = pick(c, "delete-many.encoded", wire.Escape(key), key)
	}
}
