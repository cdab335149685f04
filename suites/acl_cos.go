package suites

import (
	"strings"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"objectharness/internal/client"
)

// aclHas is a body in which text stands.
func aclHas(text string) types.GomegaMatcher { return gomega.ContainSubstring(text) }

// A stranger's principal, as documents write it.
const subAccount = "qcs::cam::uin/100000000001:uin/100000000011"

// aclCOS writes what only COS has: documents and fields of grants.
func aclCOS(b *Book) {
	public := []Given{aclOwn("b", "public-read")}
	still := []After{bucketTells("owner FULL_CONTROL", "everyone READ")}
	one := func(name, text, clauses string, want Want, c Case) {
		b.Case(name, text, By{"cos": {Clauses: clauses, Want: want}}, c)
	}
	refuse := func(name, text, clauses string, want Want, when func(*Scene) client.Call) {
		one(name, text, clauses, want, Case{Needs: NeedsOther, Given: public, When: when, After: still})
	}
	second := func(permission string) func(*Scene) string {
		return func(s *Scene) string {
			return ownedDocument(aclGrantXML("CanonicalUser", "<ID>"+s.OwnID(Second)+"</ID>", permission))(s)
		}
	}
	one("document/bucket", "sets the list of a bucket by a document, in place of the one that was", "COS-XACL-01 COS-ACL-35", Accepted(200).Content(""), Case{Needs: NeedsOther, Given: public,
		When: setDocument(second("READ")), After: []After{bucketTells("owner FULL_CONTROL", "second READ")}})
	one("document/object", "sets the list of an object by a document, in place of the one that was", "COS-XACL-01 COS-ACL-35", Accepted(200).Content(""), Case{Needs: NeedsOther,
		Given: []Given{onShelf(Field("x-cos-acl", "public-read"))}, When: objectDocument(second("READ")), After: []After{objectTells("owner FULL_CONTROL", "second READ")}})
	one("document/behind-field", "takes the canned list and ignores the document", "COS-XACL-08", Accepted(200), Case{Needs: NeedsOther, Given: public,
		When: setDocument(second("WRITE"), Field("x-cos-acl", "private")), After: []After{bucketTells("owner FULL_CONTROL")}})
	one("document/without-owner", "keeps all rights of the owner whatever the document says", "COS-XACL-14 COS-ACL-16", Accepted(200), Case{Rests: []string{"COS-XACL-01"}, Needs: NeedsOther, Given: public,
		When: setDocument(func(s *Scene) string {
			return aclDocument(s.OwnID(Owner), aclGrantXML("CanonicalUser", "<ID>"+s.OwnID(Owner)+"</ID>", "READ"), aclGrantXML("CanonicalUser", "<ID>"+s.OwnID(Second)+"</ID>", "READ"))
		}), After: []After{bucketTells("owner FULL_CONTROL", "second READ")}})
	one("document/sub-account", "grants to a sub-account", "COS-ACL-19", Accepted(200), Case{Given: public,
		When: setDocument(ownedDocument(aclGrantXML("CanonicalUser", "<ID>"+subAccount+"</ID>", "READ"))), After: []After{bucketTells("owner FULL_CONTROL", subAccount+" READ")}})
	one("document/plain", "tells lists without conditions and effects", "COS-ACL-15", Shown().Content(gomega.Not(gomega.MatchRegexp("(?i)<(condition|effect)"))).With(tells("owner FULL_CONTROL", "second READ")), Case{
		Needs: NeedsOther, Given: []Given{aclOwn("b", "private"), func(s *Scene) { s.Must(s.grant(s.Own("b"), "", "READ", s.OwnID(Second))) }},
		When: func(s *Scene) client.Call { return s.BucketACL("GET", s.Own("b")) }})
	one("document/100-grants", "takes a list of 100 grants", "COS-XACL-02", Accepted(200), Case{Needs: NeedsOther, Given: public, When: setDocument(crowd(100))})
	refuse("document/101-grants", "refuses a list of more than 100 grants", "COS-XACL-02", Refused(400, "InvalidArgument"), setDocument(crowd(101)))
	for _, d := range []struct{ name, document string }{{"cut-off", "<a>"}, {"text", "no list"}, {"two", "<AccessControlPolicy></AccessControlPolicy><b></b>"}} {
		refuse("document/"+d.name, "refuses a document that cannot be read", "COS-XACL-19", Refused(400, "MalformedXML"), setDocument(func(*Scene) string { return d.document }))
	}
	for _, permission := range []string{"DELETE", "read"} {
		refuse("document/permission-"+permission, "refuses a permission that there is not", "COS-ACL-13", Refused(400, "MalformedXML"), setDocument(second(permission)))
	}
	refuse("document/email", "refuses a grantee that is no account", "COS-ACL-14", Refused(400, "InvalidArgument"), setDocument(ownedDocument(aclGrantXML("CanonicalUser", "<ID>somebody@example.com</ID>", "READ"))))
	one("document/object-write", "refuses a grant of WRITE on an object", "COS-ACL-05", Refused(400, "InvalidArgument"), Case{Needs: NeedsOther,
		Given: []Given{onShelf(Field("x-cos-acl", "public-read"))}, When: objectDocument(second("WRITE")), After: []After{objectTells("owner FULL_CONTROL", "everyone READ")}})
	aclCOSFields(b)
	aclCOSQuota(b)
}

// objectDocument sets the list of the object k on the shelf by a document.
func objectDocument(document func(*Scene) string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		call := setObject()(s)
		call.Body = []byte(document(s))
		return call
	}
}

// aclCOSFields grants by header fields.
func aclCOSFields(b *Book) {
	one := func(name, text, clauses string, want Want, c Case) {
		b.Case(name, text, By{"cos": {Clauses: clauses, Want: want}}, c)
	}
	putGranted := func(field string) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			shelf := s.Shelf("private")
			return aclIn(shelf, s.Put(s.In(shelf, s.Key("k")), "content", Field("x-cos-grant-"+field, quotedID(s.OwnID(Second)))))
		}
	}
	shelf, uploads := []Given{func(s *Scene) { s.Shelf("private") }}, []string{"COS-PUT-01"}
	for _, f := range []struct{ field, permission string }{{"read", "READ"}, {"read-acp", "READ_ACP"}, {"write-acp", "WRITE_ACP"}, {"full-control", "FULL_CONTROL"}} {
		one("field/put-"+f.field, "grants "+f.permission+" with an upload", "COS-GRANT-01 COS-GRANT-02", Accepted(200), Case{Rests: uploads, Needs: NeedsOther, Given: shelf,
			When: putGranted(f.field), After: []After{objectTells("owner FULL_CONTROL", "second "+f.permission)}})
	}
	one("field/put-write", "gives nobody the right to write by an upload", "COS-GRANT-01", Accepted(200), Case{Rests: uploads, Needs: NeedsOther, Given: shelf,
		When: putGranted("write"), After: []After{{Text: "nobody was granted anything", Want: Want{}.With(noGrant),
			Call: func(s *Scene) client.Call { return s.ObjectACL("GET", s.Shelf("private"), s.Key("k")) }}}})
	one("field/put-several", "grants to several accounts with an upload", "COS-XPUT-12", Accepted(200), Case{Rests: uploads, Given: shelf, When: func(s *Scene) client.Call {
		shelf := s.Shelf("private")
		return aclIn(shelf, s.Put(s.In(shelf, s.Key("k")), "content", Field("x-cos-grant-read", `id="100000000003",id="100000000004"`)))
	}, After: []After{objectTells("owner FULL_CONTROL", "qcs::cam::uin/100000000003:uin/100000000003 READ", "qcs::cam::uin/100000000004:uin/100000000004 READ")}})
	one("field/put-at-once", "lets the grantee read as soon as the upload is answered", "COS-GRANT-09", Accepted(200), Case{As: Second, Needs: NeedsOther,
		Given: []Given{func(s *Scene) { s.Must(putGranted("read")(s)) }}, When: func(s *Scene) client.Call { return aclIn(s.Shelf("private"), s.Get(s.Key("k"))) }})
	one("field/sub-account", "grants to a sub-account", "COS-XACL-07", Accepted(200), Case{Given: []Given{aclOwn("b", "private")},
		When: setBucket(Field("x-cos-grant-read", `id="100000000001/100000000011"`)), After: []After{bucketTells("owner FULL_CONTROL", subAccount+" READ")}})
	public := []string{"owner FULL_CONTROL", "everyone READ"}
	bad := Field("x-cos-grant-full-control", `id="qcs::camuin/321023:uin/1"`)
	one("field/bucket-malformed", "refuses a grantee of a bucket that cannot be read", "COS-XACL-12", Refused(400, "InvalidArgument"), Case{Given: []Given{aclOwn("b", "public-read")}, When: setBucket(bad), After: []After{bucketTells(public...)}})
	one("field/object-malformed", "refuses a grantee of an object that cannot be read", "COS-XACL-12", Refused(400, "InvalidArgument"), Case{Given: []Given{onShelf(Field("x-cos-acl", "public-read"))}, When: setObject(bad), After: []After{objectTells(public...)}})
}

// noGrant wants a list that grants to nobody but the owner.
func noGrant(s *Scene, r *client.Reply) (flaws []Flaw) {
	for _, l := range aclLines(s, r) {
		if !strings.HasPrefix(l, "owner ") {
			flaws = append(flaws, Flaw{"grants to the owner alone", l})
		}
	}
	return flaws
}

// aclCOSQuota makes more lists of buckets than an account may have.
func aclCOSQuota(b *Book) {
	few := func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"BucketACLs": 2}}) }
	listed := func(name string) Given {
		return func(s *Scene) { s.Must(madeWith(s, name, "public-read")) }
	}
	one := func(name, text string, want Want, given []Given, when func(*Scene) client.Call) {
		b.Case(name, text, By{"cos": {Clauses: "COS-XACL-03 COS-XACL-20", Want: want, Rests: "COS-ACL-32 COS-XBKT-02"}}, Case{Needs: NeedsPrivate, Given: given, When: when})
	}
	one("quota/over", "makes no bucket with a list when the account has as many as it may have", Refused(400, "PolicyFull"), []Given{few, listed("a"), listed("b")}, func(s *Scene) client.Call { return madeWith(s, "c", "public-read") })
	one("quota/over-plain", "makes no bucket at all when the account has as many lists as it may have", Refused(400, "PolicyFull"), []Given{few, listed("a"), listed("b")}, func(s *Scene) client.Call { return s.CreateBucket(s.Own("c")) })
}

// madeWith makes a bucket of the case's own with a canned list.
func madeWith(s *Scene, name, word string) client.Call {
	call := s.CreateBucket(s.Own(name))
	call.Fields = append(call.Fields, Field(s.W.BucketACL, word))
	return call
}
