package emulator

import (
	"strings"

	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

// copying is what the dialects say of copies. Names of fields stand without the
// dialect's prefix.
type copying struct {
	hosted    bool   // the source begins with the host name of its bucket, else with the bucket
	slashed   bool   // it must begin with a slash
	mayLack   bool   // it may begin with a slash, but usually does not
	plusBlank bool   // a plus sign in it is a blank
	malformed string // code for a source that names no object
	missing   string // code for a source that is not there
	each      bool   // all conditions count, else the first of two that belong together decides
	unchanged bool   // a condition for those who have the object already answers 304
	mixed     string // code for conditions that do not belong together; "" allows any

	replace     string   // the directive that takes metadata from the request
	directive   string   // code for a directive that is neither
	tooLarge    string   // code for a source over the limit
	growing     string   // code for an appendable source; "" copies it
	archived    string   // code for an archived source
	self        string   // code for a copy onto itself that changes nothing; "" allows it
	changes     []string // fields by which a copy onto itself changes something, besides the directive
	selfRequest bool     // a copy onto itself takes the metadata of the request whatever the directive
	classes     []string // storage classes; nil takes any
	cold        []string // those of which an object has to be restored first
	noKMS       string   // code for encryption by a key service that the account does not have; "" never looks
	tagETag     bool     // the reply has an ETag field
	crcResult   bool     // the result holds the CRC-64
	elsewhere   string   // code for a read that names a source; "" does not look
}

var ossCopying = copying{
	slashed: true, plusBlank: true, malformed: "InvalidArgument", missing: "NoSuchKey", each: true, unchanged: true,
	replace: "REPLACE", directive: "InvalidArgument", tooLarge: "EntityTooLarge", growing: "OperationNotSupported", archived: "InvalidObjectState",
	selfRequest: true, classes: []string{"Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"}, cold: []string{"Archive", "ColdArchive", "DeepColdArchive"}, noKMS: "KmsServiceNotEnabled", tagETag: true,
}

var cosCopying = copying{
	hosted: true, malformed: "InvalidCopySource", missing: "NoSuchCopySource", mixed: "InvalidRequest",
	replace: "Replaced", directive: "InvalidArgument", tooLarge: "EntityTooLarge", growing: "InvalidRequest", archived: "InvalidObjectState",
	self: "InvalidRequest", changes: []string{"storage-class"}, cold: []string{"ARCHIVE", "DEEP_ARCHIVE"}, crcResult: true,
}

var bosCopying = copying{
	malformed: "InvalidArgument", missing: "NoSuchKey",
	replace: "replace", directive: "InvalidArgument", tooLarge: "EntityTooLarge", growing: "NotAllowCopy", archived: "AccessDenied",
	self: "InvalidArgument", changes: []string{"storage-class"}, cold: []string{"ARCHIVE"},
}

var s3Copying = copying{
	mayLack: true, plusBlank: true, malformed: "InvalidArgument", missing: "NoSuchKey",
	replace: "REPLACE", directive: "InvalidArgument", tooLarge: "InvalidRequest", archived: "InvalidObjectState",
	self: "InvalidRequest", changes: []string{"storage-class", "website-redirect-location", "server-side-encryption"},
	cold: []string{"GLACIER", "DEEP_ARCHIVE"}, elsewhere: "InvalidArgument",
}

// sourceField names the source of a copy, behind the dialect's prefix.
const sourceField = "copy-source"

// An origin is what a copy, or a part that is copied, is made of.
type origin struct {
	bucket, key string
	object      *store.Object
	version     string // its ID as the store has it
	versioned   bool   // the request names the version
}

// origin finds the source that the request names, and holds it to the conditions
// that the request makes.
func (c *call) origin() (*origin, error) {
	from, err := c.parseSource()
	if err != nil {
		return nil, err
	}
	if err := c.openSource(from); err != nil {
		return nil, err
	}
	return from, c.sourceConditions(from.object)
}

// parseSource reads the field that names the source.
func (c *call) parseSource() (*origin, error) {
	t, name := &c.e.t.copying, c.own(sourceField)
	text, version, versioned := strings.Cut(c.field(name), "?versionId=")
	decoded, whole := c.decodedSource(text)
	if err := c.require("copy.source-escape", whole, t.malformed, c.sourceCulprit(name, text)); err != nil {
		return nil, err
	}
	from := c.located(decoded)
	if err := c.require("copy.source-malformed", from.bucket != "" && from.key != "", t.malformed, c.sourceCulprit(name, text)); err != nil {
		return nil, err
	}
	from.version, from.versioned = keptVersion(version), versioned
	valid := !versioned || isVersion(version)
	return from, c.require("copy.source-version", valid, t.malformed, c.sourceCulprit("versionId", version))
}

// decodedSource is the source as it was before it was percent-encoded, which
// has been done once.
func (c *call) decodedSource(text string) (string, bool) {
	encoded := text
	if c.e.t.copying.plusBlank {
		encoded = pick(c, "copy.source-plus", strings.ReplaceAll(text, "+", " "), text)
	}
	once, ok := wire.Unescape(encoded)
	if !ok {
		return once, false
	}
	if twice, ok := wire.Unescape(once); ok {
		once = pick(c, "copy.source-once", once, twice)
	}
	return pick(c, "copy.source-decoded", once, text), true
}

// located splits a source into bucket and key, which are "" where the form is
// another. A slash in front belongs to neither.
func (c *call) located(text string) *origin {
	t := &c.e.t.copying
	if t.hosted {
		host, key, _ := strings.Cut(text, "/")
		at := c.e.d.Locate(host, "/"+wire.EscapePath(key), c.e.o.Zone)
		return &origin{bucket: at.Bucket, key: at.Key}
	}
	rest, slash := strings.CutPrefix(text, "/")
	if t.slashed && !slash || t.mayLack && slash && !c.does("copy.source-slash") {
		return &origin{}
	}
	bucket, key, _ := strings.Cut(rest, "/")
	return &origin{bucket: bucket, key: key}
}

// sourceCulprit names the argument that is refused, where the dialect does.
func (c *call) sourceCulprit(name, value string) detail {
	if !c.e.t.reading.rangeMembers {
		return func(*fault) {}
	}
	return c.culprit("copy.source-culprit", name, value)
}

// openSource finds the object that from names, which the caller must be allowed
// to read.
func (c *call) openSource(from *origin) error {
	from.object = &store.Object{Kind: "Normal", Modified: c.now}
	b := c.e.store.Bucket(pick(c, "copy.source-any-bucket", from.bucket, c.at.Bucket))
	if b == nil {
		return c.require("copy.source-bucket", false, "NoSuchBucket", c.missingSource("BucketName", from.bucket))
	}
	o, err := c.sourceVersion(b, from)
	if err != nil {
		return err
	}
	if err := c.require("copy.source-access", c.may(b, "GetObject", from.key), "AccessDenied"); err != nil {
		return err
	}
	if o == nil {
		return c.require("copy.source-missing", false, c.e.t.copying.missing, c.missingSource("Key", from.key))
	}
	from.object = o
	return nil
}

// missingSource names what is not there.
func (c *call) missingSource(element, name string) detail {
	return func(f *fault) {
		if c.e.t.reading.named && c.does("copy.source-named") {
			withExtra(element, name)(f)
		}
	}
}

// noSource refuses a read that names a source as a copy does.
func (c *call) noSource() error {
	code, name := c.e.t.copying.elsewhere, c.own(sourceField)
	if code == "" || !c.in.Fields.Has(name) {
		return nil
	}
	return c.require("copy.source-elsewhere", false, code, c.sourceCulprit(name, c.field(name)))
}
