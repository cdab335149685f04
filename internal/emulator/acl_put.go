package emulator

import (
	"errors"
	"io"
	"slices"
	"strings"

	"objectharness/internal/emulator/store"
)

// An aclScope is what a list is read for: a bucket or an object.
type aclScope struct {
	words  map[string][]grant
	field  string // header field that names a canned list
	grants string // header fields of grants begin so; "" for none
	owner  string // of the bucket or the object
	bucket string // owner of the bucket
	object bool
}

// aclBodies are the documents that set lists, and what goes with which.
type aclBodies struct {
	read    func(*call, []byte, aclScope) (acl, error) // reads one; nil looks at none
	both    string                                     // code for a header field with a document; "" lets the field win
	mixed   string                                     // code for a canned list with grants; "" lets the canned list win
	nothing string                                     // code where a bucket's list is in neither; "" changes nothing
	missing string                                     // the same for an object
	owned   bool                                       // the owner keeps FULL_CONTROL whatever the list says
}

// bucketScope is the scope of a bucket's list.
func (c *call) bucketScope(owner string) aclScope {
	a := &c.e.t.access
	s := aclScope{words: a.bucketWords, field: a.bucketField, owner: owner, bucket: owner}
	if a.bucketGrants {
		s.grants = a.grants
	}
	return s
}

// objectScope is the scope of the list of an object that belongs to owner.
func (c *call) objectScope(owner string) aclScope {
	a := &c.e.t.access
	return aclScope{words: a.objectWords, field: a.objectField, grants: a.grants, owner: owner, bucket: c.bucket.Owner, object: true}
}

// takesACL are the operations whose header fields say what may be done with the
// object that they make, or begin to make. A copy looks at its source first.
var takesACL = []string{"PutObject", "AppendObject", "CreateMultipartUpload", "CompleteMultipartUpload", "PutSymlink"}

// givenACL reads the list that the request gives the object that it makes:
// c.acl, as Object.ACL keeps it.
func (c *call) givenACL() error {
	s := c.objectScope(c.owner)
	list, given, err := c.headerACL(s)
	if err != nil || !given {
		return err
	}
	if err := c.mayGive(s, list); err != nil {
		return err
	}
	if c.does("acl.on-upload") {
		c.acl = c.keptACL(s, list)
	}
	return nil
}

// newOwner is whose an object is that this request makes in a bucket.
func (c *call) newOwner(b *store.Bucket) string {
	switch {
	case c.listless(b):
		return b.Owner
	case c.anonymous && c.e.t.access.adopts:
		return pick(c, "acl.adopts", b.Owner, nobody)
	case c.anonymous:
		return nobody
	}
	return c.who.ID
}

// nobody owns in S3 what came without a signature.
const nobody = "65a011a29cdf8ec533ec3d1ccaae921c"

// headerACL reads a list out of the header fields.
func (c *call) headerACL(s aclScope) (list acl, given bool, err error) {
	grants, err := c.grantFields(s)
	if err != nil {
		return acl{}, false, err
	}
	word, named := c.field(s.field), c.in.Fields.Has(s.field)
	if code := c.e.t.access.bodies.mixed; named && len(grants) > 0 && code != "" {
		if err := c.require("acl.canned-and-grants", false, code); err != nil {
			return acl{}, false, err
		}
	}
	switch {
	case named:
		entries, known := s.words[word]
		rule := "acl.word-of-bucket"
		if s.object {
			rule = "acl.word-of-object"
		}
		err := c.require(rule, known, "InvalidArgument", c.argument(s.field, word))
		list := canned(word, entries, s.owner, s.bucket)
		if len(grants) > 0 { // who takes both grants both
			list.Word, list.Grants = "", append(list.Grants, grants...)
		}
		return list, true, err
	case len(grants) > 0:
		return c.owned(s, acl{Grants: grants}), true, nil
	}
	return acl{}, false, nil
}

// owned is the list with all rights of the owner in front, where nothing can
// take them.
func (c *call) owned(s aclScope, list acl) acl {
	if !c.e.t.access.bodies.owned {
		return list
	}
	if !slices.ContainsFunc(list.Grants, func(g grant) bool { return g.Grantees[0].ID == s.owner && g.offers(nil) }) &&
		!pick(c, "acl.owner-kept", true, false) {
		return list
	}
	out := acl{Grants: []grant{share(s.owner, fullControl)}}
	for _, g := range list.Grants {
		if g.Grantees[0].ID != s.owner {
			out.Grants = append(out.Grants, g)
		}
	}
	return out
}

// keptACL is a list as it is kept. Where objects follow their bucket, the word
// default is no list at all.
func (c *call) keptACL(s aclScope, list acl) string {
	if list.Word == "default" && s.object {
		return ""
	}
	return list.text()
}

// mayGive refuses lists where a bucket has none, and public ones where the
// public is kept out.
func (c *call) mayGive(s aclScope, list acl) error {
	if c.listless(c.bucket) && !(s.object && list.Word == "bucket-owner-full-control" && c.does("acl.owner-full-control")) {
		return c.require("acl.enforced", false, "AccessControlListNotSupported")
	}
	if c.publicGrants(list) {
		return c.require("acl.public-blocked", !c.publicBlocked(c.bucket), "AccessDenied")
	}
	return nil
}

// setACL reads a list out of header fields or the body; changes is false where
// the request says nothing and nothing is to change.
func (c *call) setACL(s aclScope) (list acl, changes bool, err error) {
	b := &c.e.t.access.bodies
	list, given, err := c.headerACL(s)
	if err != nil {
		return acl{}, false, err
	}
	body, err := io.ReadAll(io.LimitReader(judged{c}, maxACL+1))
	if err != nil {
		return acl{}, false, err
	}
	switch {
	case given && len(body) > 0 && b.both != "":
		if err := c.require("acl.header-and-body", false, b.both); err != nil {
			return acl{}, false, err
		}
	case given && len(body) > 0 && b.read != nil && !c.does("acl.header-first"):
		list, err = b.read(c, body, s)
	case !given && len(body) > 0 && b.read != nil:
		list, err = b.read(c, body, s)
	case !given:
		return acl{}, false, c.noACL(s)
	}
	if err != nil {
		return acl{}, false, err
	}
	return list, true, c.mayGive(s, list)
}

// maxACL bounds the document of a list: 100 grants fit in it several times.
const maxACL = 64 << 10

// noACL answers a request to set a list that holds none.
func (c *call) noACL(s aclScope) error {
	b := &c.e.t.access.bodies
	code := b.nothing
	if s.object {
		code = b.missing
	}
	if code == "" {
		return nil
	}
	return c.require("acl.nothing", false, code, c.missingField(s.field))
}

// argument names the argument that a refusal is about.
func (c *call) argument(name, value string) detail {
	return func(f *fault) { c.culprit("acl.culprit", name, value)(f) }
}

// missingField names the field that a request lacks.
func (c *call) missingField(name string) detail {
	return func(f *fault) {
		if f.said.Code == "MissingSecurityHeader" && c.does("acl.missing-field") {
			withExtra("MissingHeaderName", name)(f)
		}
	}
}

func (c *call) putBucketACL() error {
	s := c.bucketScope(c.bucket.Owner)
	list, changes, err := c.setACL(s)
	if err != nil {
		return err
	}
	if !changes {
		if c.does("acl.nothing-changes") {
			return nil
		}
		list = canned("private", nil, "", "")
	}
	if c.bucket.Setting(aclSetting) == "" {
		if err := c.aclQuota(); err != nil {
			return err
		}
	}
	c.status("acl.put-status", 200)
	if !c.does("acl.put-bucket") {
		return nil
	}
	return c.bucket.Configure(aclSetting, c.keptACL(s, list))
}

func (c *call) putObjectACL() error {
	if err := c.noMarkerACL(); err != nil {
		return err
	}
	o, err := c.find()
	if err != nil {
		return err
	}
	s := c.objectScope(c.ownerOf(c.bucket, o))
	list, _, err := c.setACL(s)
	if err != nil {
		return err
	}
	c.status("acl.put-status", 200)
	return c.changeACL(o, c.keptACL(s, list))
}

// changeACL gives the object of the request another list.
func (c *call) changeACL(o *store.Object, kept string) error {
	if !c.does("acl.put-object") {
		return nil
	}
	version := o.Version
	if newest := c.bucket.Newest(c.at.Key); newest != nil {
		version = pick(c, "acl.of-version", version, newest.Version)
	}
	return c.bucket.UpdateVersion(c.at.Key, version, func(old *store.Object) (*store.Object, error) {
		if old == nil {
			return nil, c.fault("NoSuchKey")
		}
		made := *old
		made.ACL = kept
		return &made, nil
	})
}

// deleteObjectACL takes the object's own list away.
func (c *call) deleteObjectACL() error {
	o, err := c.find()
	if err != nil {
		return err
	}
	c.status("acl.delete-status", 204)
	return c.changeACL(o, "")
}

var errOddCondition = errors.New("a condition must be one object")

// grantFields reads the entries that header fields give.
func (c *call) grantFields(s aclScope) (all []grant, err error) {
	if s.grants == "" {
		return nil, nil
	}
	for _, g := range c.e.t.access.grantFields {
		for _, value := range c.in.Fields.Values(s.grants + g.field) {
			if s.object && g.permission == "WRITE" && !c.e.t.access.objectWrite {
				continue
			}
			for item := range strings.SplitSeq(value, ",") {
				who, err := c.e.t.access.grantItem(c, s.grants+g.field, strings.TrimSpace(item))
				if err != nil {
					return nil, err
				}
				all = append(all, share(who, g.permission))
			}
		}
	}
	return all, nil
}

// A grantField is a header field, without its prefix, and what it grants.
type grantField struct{ field, permission string }

var grantFields = []grantField{{"read", "READ"}, {"write", "WRITE"}, {"read-acp", "READ_ACP"}, {"write-acp", "WRITE_ACP"}, {"full-control", fullControl}}
