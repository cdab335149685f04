package emulator

import (
	"slices"
	"strings"

	"objectharness/internal/emulator/store"
)

// kindsOf groups the operations, by their names across dialects, by what they
// ask of access control lists. What stands in no group is for the owner of the
// bucket alone.
var kindsOf = map[string]string{
	"GetObject": "read", "HeadObject": "read", "GetObjectMeta": "read", "GetObjectAttributes": "read", "SelectObjectContent": "read",
	"PutObject": "put", "CopyObject": "put", "PostObject": "put", "AppendObject": "append",
	"CreateMultipartUpload": "multipart", "UploadPart": "multipart", "UploadPartCopy": "multipart", "CompleteMultipartUpload": "multipart",
	"AbortMultipartUpload": "multipart", "ListParts": "parts",
	"DeleteObject": "delete", "DeleteObjects": "delete",
	"ListObjects": "list", "ListObjectsV2": "list", "ListObjectVersions": "list", "ListMultipartUploads": "list", "HeadBucket": "head-bucket",
	"GetBucketAcl": "read-bucket-acl", "PutBucketAcl": "write-bucket-acl",
	"GetObjectAcl": "read-acl", "PutObjectAcl": "write-acl", "DeleteObjectAcl": "write-acl",
	"GetBucketCors": "cors", "PutBucketCors": "cors", "DeleteBucketCors": "cors",
}

// A right is what one group of operations asks. Whoever has FULL_CONTROL of a
// list that is looked at has every permission of it.
type right struct {
	bucket []string // permissions on the bucket, one of which is enough
	over   []string // further ones, where there is an object at the key already
	object []string // permissions on the object; nil: its list is not looked at
}

// accessing is what the dialects say of who may do what.
type accessing struct {
	rights   map[string]right
	everyone string   // the grantee that is everybody
	signed   string   // the grantee that is every account; "" for none
	others   []string // further groups

	ownObjects bool   // an object is its owner's, and without a list nobody else's; otherwise it follows its bucket
	wholeGrant bool   // FULL_CONTROL of the bucket is all of its objects, too
	makes      bool   // setting the list of a bucket that is missing makes it
	enforced   bool   // buckets are made without lists, and with the public kept out
	adopts     bool   // what nobody signed belongs to the owner of the bucket
	onCreate   bool   // making a bucket takes the header fields of a list
	noOverride string // code for response parameters that nobody signed; "" takes them

	bucketWords, objectWords map[string][]grant // canned lists
	bucketField, objectField string             // header fields that name one
	grants                   string             // header fields of grants begin so; "" for none
	bucketGrants             bool               // they are there for buckets, too
	grantFields              []grantField       // what they end in
	grantItem                func(c *call, field, item string) (string, error)
	account                  func(c *call, id string) (canonical string, ok bool)
	objectWrite              bool   // an object can grant WRITE
	wordOnly                 bool   // a list is told by its word
	noList                   string // code for reading the list of an object that has none; "" tells what holds instead
	malformed                string // code for a document that does not fit
	badPermission            string // code for a permission that there is not
	tooMany                  string // code for too many grants
	granteeTypes             []string
	ownerNeeded              bool // a document must name the owner
	bodies                   aclBodies
}

// openBucket finds the bucket of the request and checks that the caller may do
// what it asks. Creating one is the only operation that needs none.
func (c *call) openBucket() error {
	if err := c.housed(); err != nil {
		return err
	}
	if c.at.Bucket == "" || c.kind == "CreateBucket" {
		return nil
	}
	b := c.e.store.Bucket(c.at.Bucket)
	if b == nil && c.kind == "PutBucketAcl" && c.e.t.access.makes && !c.anonymous && c.does("acl.makes-bucket") {
		if err := c.putBucket(); err != nil {
			return err
		}
		b = c.e.store.Bucket(c.at.Bucket)
	}
	if b == nil {
		if err := c.require("bucket.missing", false, "NoSuchBucket", c.bucketName); err != nil {
			return err
		}
		b = &store.Bucket{Name: c.at.Bucket, Owner: c.who.ID}
	}
	c.bucket, c.owner, c.versioning = b, c.newOwner(b), b.Setting(versioningSetting)
	if err := c.expire(b); err != nil {
		return err
	}
	if c.kind == "PostObject" || c.kind == "Preflight" { // a form says who sends it; anybody may ask what CORS allows
		return nil
	}
	if err := c.permit(b, c.kind, c.at.Key); err != nil {
		return err
	}
	if slices.Contains(takesACL, c.kind) {
		return c.givenACL()
	}
	return nil
}

// early tells that a bucket is not there before anything else is said, where the
// dialect does so: its SDKs find out by it whether a name is free.
func (c *call) early() error {
	if !c.e.t.buckets.early || c.at.Bucket == "" || c.kind == "" || c.kind == "CreateBucket" || c.kind == "PutBucketAcl" || c.e.store.Bucket(c.at.Bucket) != nil {
		return nil
	}
	if code := c.e.t.buckets.odd[c.kind]; code != "" {
		return c.fault(code)
	}
	return c.require("bucket.missing", false, "NoSuchBucket", c.bucketName)
}

// permit refuses an operation, by its name across dialects, that the caller may
// not do with a key of the bucket, or with the bucket itself where key is "". It
// looks into the bucket: not to be called from within Bucket.Update.
func (c *call) permit(b *store.Bucket, operation, key string) error {
	group := kindsOf[operation]
	if group == "" {
		group = "configure"
	}
	o := c.aimed(b, key)
	allowed, denied := c.byPolicy(b, operation, key)
	if err := c.require("policy.deny", !denied || c.rescues(b, operation), "AccessDenied"); err != nil {
		return err
	}
	switch {
	case c.owns(b, o, group):
		bare := b.Setting(aclSetting) == "" && (o == nil || o.ACL == "")
		rule := "access.owner"
		if strings.HasSuffix(group, "acl") {
			rule = "access.owner-acl"
		}
		if bare || pick(c, rule, true, false) {
			return nil
		}
		return c.fault("AccessDenied")
	case allowed && pick(c, "policy.allow", true, false):
		return nil
	case c.judge(b, o, group, key):
		if pick(c, "access.granted."+group, true, false) {
			return nil
		}
		return c.fault("AccessDenied")
	}
	return c.require("access."+group, false, "AccessDenied")
}

// judges are asked in turn whether somebody who does not own what he asks for
// may have it. The first that knows decides; who is let in by none is refused.
var judges = []func(c *call, b *store.Bucket, o *store.Object, group, key string) decision{
	(*call).byACL,
}

// A decision is what a judge has to say.
type decision uint8

const (
	silent decision = iota
	allows
	denies
)

func (c *call) judge(b *store.Bucket, o *store.Object, group, key string) bool {
	for _, ask := range judges {
		if d := ask(c, b, o, group, key); d != silent {
			return d == allows
		}
	}
	return false
}

// may tells whether the caller may do an operation with a key of any bucket: what
// permit refuses, for those who have a refusal of their own.
func (c *call) may(b *store.Bucket, operation, key string) bool {
	o, group := b.Get(key), kindsOf[operation]
	allowed, denied := c.byPolicy(b, operation, key)
	return !denied && (allowed || c.owns(b, o, group) || c.judge(b, o, group, key))
}

// rescues tells whether the caller is the owner of the bucket who is about to
// change its policy: no policy keeps him from that.
func (c *call) rescues(b *store.Bucket, operation string) bool {
	return strings.HasSuffix(operation, "BucketPolicy") && !c.anonymous && b.Owner == c.who.ID
}

// owns tells whether the caller may do what he wants because it is his.
func (c *call) owns(b *store.Bucket, o *store.Object, group string) bool {
	if c.anonymous {
		return false
	}
	if c.e.t.access.ownObjects && o != nil && c.e.t.access.rights[group].object != nil {
		return c.ownerOf(b, o) == c.who.ID
	}
	return b.Owner == c.who.ID
}

// ownerOf is whose an object is: where lists are off, it is the bucket's.
func (c *call) ownerOf(b *store.Bucket, o *store.Object) string {
	if c.listless(b) {
		return b.Owner
	}
	return o.Owner
}

// byACL asks the access control lists.
func (c *call) byACL(b *store.Bucket, o *store.Object, group, key string) decision {
	a := &c.e.t.access
	r, known := a.rights[group]
	if c.listless(b) {
		return denies
	}
	bucket := c.listOf(b)
	switch {
	case a.wholeGrant && c.grants(b, bucket, nil, key) == allows:
		return allows
	case !known:
		return denies
	case o != nil && r.object != nil && o.ACL != "":
		return c.grants(b, parseACL(o.ACL), r.object, key)
	case o != nil && r.object != nil && a.ownObjects:
		return denies
	case o != nil && a.ownObjects && key != "" && c.ownerOf(b, o) != c.who.ID:
		return denies // the permission to write is one to make objects, not to change those of others
	}
	may := r.bucket
	if o != nil {
		may = append(slices.Clone(may), r.over...)
	}
	return c.grants(b, bucket, may, key)
}

// grants tells whether a list lets the caller do what takes one of the
// permissions. An entry that denies counts more than any that allows.
func (c *call) grants(b *store.Bucket, list acl, may []string, key string) decision {
	d := silent
	for _, g := range list.Grants {
		if !c.meant(b, g) || !g.offers(may) || !c.covers(b, g, key) || !c.met(g.Condition) {
			continue
		}
		if g.Effect == "Deny" && pick(c, "acl.deny", true, false) {
			return denies
		}
		d = allows
	}
	if d == silent {
		d = denies
	}
	return d
}

// meant tells whether the caller is one of the grantees.
func (c *call) meant(b *store.Bucket, g grant) bool {
	a := &c.e.t.access
	for _, who := range g.Grantees {
		switch {
		case who.ID == a.everyone && !c.publicIgnored(b),
			who.ID == a.signed && a.signed != "" && !c.anonymous && !c.publicIgnored(b),
			who.ID == c.who.ID && !c.anonymous:
			return true
		}
	}
	return false
}

// offers tells whether an entry holds one of the permissions.
func (g grant) offers(may []string) bool {
	return slices.ContainsFunc(g.Permissions, func(p string) bool { return p == fullControl || slices.Contains(may, p) })
}
