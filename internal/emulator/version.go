package emulator

import (
	"encoding/hex"
	"encoding/xml"
	"io"
	"slices"
	"strings"

	"objectharness/internal/emulator/store"
)

// versioning is what the dialects say of buckets that keep versions.
type versioning struct {
	known      bool   // buckets can keep versions
	unknown    string // code for a status that there is not
	missing    string // code for a document without a status
	mute       bool   // an upload to a suspended bucket answers no ID
	malformed  string // code for an ID that cannot be one; "" takes it for one that is gone
	blank      bool   // an empty ID is refused, else as good as none
	goneDelete string // code for removing a version that is not there; "" takes it for done
	markerRead string // code for reading a delete marker by its ID
	markerACL  string // code for setting the list of a key whose newest version is a marker; "" misses the object
	free       bool   // the field that forbids overwriting says nothing where there are versions
	lock       string // field that makes a bucket whose versions can be locked; "" for none
	alone      string // code for a version-id-marker without a key-marker
	space      string // name space of the documents
}

var (
	ossVersions = versioning{known: true, unknown: "InvalidArgument", missing: "InvalidArgument", malformed: "InvalidArgument", blank: true,
		markerRead: "MethodNotAllowed", free: true, alone: "InvalidArgument"}
	cosVersions = versioning{known: true, unknown: "MalformedXML", missing: "MalformedXML", mute: true, goneDelete: "NoSuchVersion", markerRead: "NoSuchKey",
		free: true, alone: "InvalidArgument"}
	s3Versions = versioning{known: true, unknown: "MalformedXML", missing: "IllegalVersioningConfigurationException", mute: true, malformed: "InvalidArgument",
		blank: true, lock: "x-amz-bucket-object-lock-enabled", markerRead: "MethodNotAllowed", markerACL: "MethodNotAllowed", alone: "InvalidArgument", space: s3Space}
)

// versioningSetting is whether a bucket keeps versions: "" until that is said.
const (
	versioningSetting = "versioning"
	lockSetting       = "lock" // what a bucket says whose versions can be locked: a document
	enabled           = "Enabled"
	suspended         = "Suspended"
)

type versioningDocument struct {
	XMLName xml.Name `xml:"VersioningConfiguration"`
	Space   string   `xml:"xmlns,attr,omitempty"`
	Status  *string  `xml:",omitempty"`
}

func (c *call) getVersioning() error {
	if !c.e.t.versions.known {
		return c.fault("NotImplemented")
	}
	status := c.bucket.Setting(versioningSetting)
	rule, wrong := "version.told", map[string]string{"": suspended, enabled: suspended, suspended: enabled}[status]
	if status == "" {
		rule = "version.none"
	}
	doc := versioningDocument{Space: c.e.t.versions.space}
	if status = pick(c, rule, status, wrong); status != "" {
		doc.Status = &status
	}
	return c.sendXML(doc)
}

func (c *call) putVersioning() error {
	t := &c.e.t.versions
	if !t.known {
		return c.fault("NotImplemented")
	}
	body, err := io.ReadAll(io.LimitReader(judged{c}, maxBucketDocument+1))
	if err != nil {
		return err
	}
	var doc versioningDocument
	if len(body) > maxBucketDocument || wholeXML(body, &doc) != nil {
		return c.fault("MalformedXML")
	}
	if doc.Status == nil {
		return c.require("version.status-missing", false, t.missing)
	}
	known := slices.Contains([]string{enabled, suspended}, *doc.Status)
	if err := c.require("version.status-unknown", known, t.unknown); err != nil || !known {
		return err
	}
	if *doc.Status == suspended {
		if err := c.require("version.locked-bucket", c.bucket.Setting(lockSetting) == "", "InvalidBucketState"); err != nil {
			return err
		}
	}
	c.status("version.status", 200)
	if !c.does("version.stores") {
		return nil
	}
	return c.bucket.Configure(versioningSetting, *doc.Status)
}

// newVersion is the ID of what the request makes.
func (c *call) newVersion() string {
	fresh := func() string { return hexID(c.e.random()) }
	switch c.versioning {
	case enabled:
		if pick(c, "version.new", true, false) {
			return fresh()
		}
	case suspended:
		if !pick(c, "version.suspended-null", true, false) {
			return fresh()
		}
	}
	return ""
}

// hexID writes 16 bytes as an ID.
func hexID(id [16]byte) string { return strings.ToUpper(hex.EncodeToString(id[:])) }

// shownVersion is how an ID is written: that of what was stored without versions is
// null.
func shownVersion(id string) string {
	if id == "" {
		return "null"
	}
	return id
}

// isVersion tells whether a text is one of newVersion's or null.
func isVersion(id string) bool {
	if id == "null" {
		return true
	}
	raw, err := hex.DecodeString(id)
	return err == nil && len(raw) == 16 && strings.ToUpper(id) == id
}

// keptVersion is an ID as the store has it.
func keptVersion(id string) string {
	if id == "null" {
		return ""
	}
	return id
}

// askVersion reads which version the request names, where it does.
func (c *call) askVersion() (id string, named bool, err error) {
	t := &c.e.t.versions
	id, named = c.param("versionId")
	if !named || !t.known || id == "" && !t.blank {
		return "", false, nil
	}
	if t.malformed != "" {
		if err := c.require("version.malformed", isVersion(id), t.malformed, c.versionCulprit(id)); err != nil {
			return "", false, err
		}
	}
	if id == "null" && c.versioning == "" {
		if err := c.admit("version.null-unversioned", "InvalidArgument"); err != nil {
			return "", false, err
		}
	}
	return keptVersion(id), true, nil
}

// versionAsked is the version that the request is about, of the object or a marker:
// the one it names, otherwise the newest; nil where there is none. Where the rule is
// broken the newest object stands for the one that is named.
func (c *call) versionAsked(rule string) (o *store.Object, named bool, err error) {
	id, named, err := c.askVersion()
	if err != nil {
		return nil, false, err
	}
	newest := c.bucket.Newest(c.at.Key)
	if !named {
		return newest, false, nil
	}
	o = c.bucket.Version(c.at.Key, id)
	if o != nil && newest != nil && !o.Marker && !newest.Marker {
		o = pick(c, rule, o, newest)
	}
	return o, true, nil
}

func (c *call) versionCulprit(id string) detail {
	return func(f *fault) { c.culprit("version.culprit", "versionId", id)(f) }
}

// aimed is the object that a request for key is about, nil for none. Whether it
// may be named in that way is another's business.
func (c *call) aimed(b *store.Bucket, key string) *store.Object {
	if id, named := c.param("versionId"); named && key == c.at.Key && c.e.t.versions.known {
		if o := b.Version(key, keptVersion(id)); o != nil && !o.Marker {
			return o
		}
	}
	return b.Get(key)
}

// findVersion is the version of the request, and its ID in the reply.
func (c *call) findVersion(id string) (*store.Object, error) {
	o := c.bucket.Version(c.at.Key, id)
	nothing := &store.Object{Kind: "Normal", Modified: c.now}
	switch {
	case o == nil:
		return nothing, c.require("version.gone", false, "NoSuchVersion", c.goneMembers(id))
	case o.Marker:
		return nothing, c.markerRefused("version.marker-read", o)
	}
	c.tellVersion("version.read-id", o)
	return o, nil
}

// goneMembers name the version that is not there.
func (c *call) goneMembers(id string) detail {
	return func(f *fault) {
		if c.e.t.reading.named && c.does("version.gone-members") {
			withExtra("Key", c.at.Key)(f)
			withExtra("VersionId", shownVersion(id))(f)
		}
	}
}

// markerRefused is the answer to a request that names a delete marker, or means
// one.
func (c *call) markerRefused(rule string, marker *store.Object) error {
	return c.require(rule, false, c.e.t.versions.markerRead, func(f *fault) {
		c.setOn(f, "version.marker-read-field", c.own("delete-marker"), "true")
		if f.status != 405 {
			return
		}
		c.setOn(f, "version.marker-read-allow", "Allow", "DELETE")
		f.fields.Set(c.own("version-id"), shownVersion(marker.Version))
		if c.in.Method != "HEAD" && c.does("version.marker-members") {
			withExtra("Method", c.in.Method)(f)
			withExtra("ResourceType", "DeleteMarker")(f)
		}
	})
}

// hidden adds to the refusal of a key whose newest version is a delete marker.
func (c *call) hidden(marker *store.Object) detail {
	return func(f *fault) {
		c.setOn(f, "version.hidden-field", c.own("delete-marker"), "true")
		c.setOn(f, "version.hidden-id", c.own("version-id"), shownVersion(marker.Version))
	}
}

// marker is the delete marker that a key ends in, nil for none.
func (c *call) marker() *store.Object {
	if c.versioning == "" {
		return nil
	}
	if o := c.bucket.Newest(c.at.Key); o != nil && o.Marker {
		return o
	}
	return nil
}

// revealed is the newest version of a key that ends in a delete marker which is
// none.
func (c *call) revealed(b *store.Bucket, key string) *store.Object {
	var found *store.Object
	b.WalkVersions(key, func(versions []*store.Object) (string, bool) {
		if i := slices.IndexFunc(versions, func(o *store.Object) bool { return !o.Marker }); i >= 0 && versions[i].Key == key {
			found = versions[i]
		}
		return "", false
	})
	if found == nil {
		return &store.Object{Kind: "Normal", Modified: c.now}
	}
	return found
}

// tellVersion answers the ID of a version; buckets that never kept any have no
// IDs to tell, unless the request asks for one.
func (c *call) tellVersion(rule string, o *store.Object) {
	if !c.e.t.versions.known {
		return
	}
	_, named := c.param("versionId")
	if c.versioning == "" && !named {
		return
	}
	c.set(rule, c.own("version-id"), shownVersion(o.Version))
}

// tellMade is tellVersion for an upload.
func (c *call) tellMade(o *store.Object) {
	if c.versioning == suspended && c.e.t.versions.mute && c.does("version.suspended-untold") {
		return
	}
	c.tellVersion("version.id", o)
}

// keepsOlder leaves the older versions of a key as they are.
func (c *call) keepsOlder(key string, old, made *store.Object) {
	if old == nil || c.versioning == "" || old.Version == made.Version || c.does("version.keeps-older") {
		return
	}
	c.bucket.UpdateVersion(key, old.Version, func(*store.Object) (*store.Object, error) { return nil, nil })
}

// overMarker is what a condition on an upload is weighed against: where a key
// ends in a delete marker there is nothing.
func (c *call) overMarker(old, marker *store.Object) *store.Object {
	if old == nil && marker != nil && c.in.Fields.Has(ifNone) && pick(c, "version.marker-is-absence", false, true) {
		return marker
	}
	return old
}

// noMarkerACL refuses to give a list to a key whose newest version is a delete
// marker.
func (c *call) noMarkerACL() error {
	_, named := c.param("versionId")
	if marker := c.marker(); marker != nil && !named && c.e.t.versions.markerACL != "" {
		return c.markerRefused("version.marker-acl", marker)
	}
	return nil
}
