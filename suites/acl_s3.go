package suites

import (
	"fmt"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// xsi is how the documents type a grantee.
const xsi = ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="%s"`

// aclGrantXML is a grant in a document; who is an element.
func aclGrantXML(kind, who, permission string) string {
	return fmt.Sprintf(`<Grant><Grantee`+xsi+`>%s</Grantee><Permission>%s</Permission></Grant>`, kind, who, permission)
}

// aclDocument is a document with an owner.
func aclDocument(owner string, grants ...string) string {
	return "<AccessControlPolicy><Owner><ID>" + owner + "</ID></Owner><AccessControlList>" + strings.Join(grants, "") + "</AccessControlList></AccessControlPolicy>"
}

// setDocument sets the list of the case's bucket by a document of the scene.
func setDocument(document func(*Scene) string, fields ...wire.Field) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		call := s.BucketACL("PUT", s.Own("b"), fields...)
		call.Body = []byte(document(s))
		return call
	}
}

// owned is a document that grants the owner all rights and further grants.
func ownedDocument(grants ...string) func(*Scene) string {
	return func(s *Scene) string {
		id := s.OwnID(Owner)
		return aclDocument(id, append([]string{aclGrantXML("CanonicalUser", "<ID>"+id+"</ID>", "FULL_CONTROL")}, grants...)...)
	}
}

// crowd is a document with n grants.
func crowd(n int) func(*Scene) string {
	return func(s *Scene) string {
		id := s.OwnID(Owner)
		return aclDocument(id, strings.Repeat(aclGrantXML("CanonicalUser", "<ID>"+s.OwnID(Second)+"</ID>", "READ"), n-1)+aclGrantXML("CanonicalUser", "<ID>"+id+"</ID>", "FULL_CONTROL"))
	}
}

// aclS3 writes what only S3 has: ownership, the public kept out, and its own
// refusals of lists.
func aclS3(b *Book) {
	public := []Given{aclOwn("b", "public-read")}
	still := []After{bucketTells("owner FULL_CONTROL", "everyone READ")}
	one := func(name, text, clauses string, want Want, c Case) {
		b.Case(name, text, By{"s3": {Clauses: clauses, Want: want}}, c)
	}
	refuse := func(name, text, clauses string, want Want, when func(*Scene) client.Call) {
		one(name, text, clauses, want, Case{Needs: NeedsOther, Given: public, When: when, After: still})
	}
	id := func(s *Scene) string { return quotedID(s.OwnID(Second)) }
	everyone := aclGrantXML("Group", "<URI>http://acs.amazonaws.com/groups/global/AllUsers</URI>", "READ")
	refuse("list/word-and-grant", "refuses a canned list together with grants", "S3-ACL-21", Refused(400, "InvalidRequest"), func(s *Scene) client.Call {
		return s.BucketACL("PUT", s.Own("b"), Field("x-amz-acl", "private"), Field("x-amz-grant-read", id(s)))
	})
	refuse("list/field-and-body", "refuses a canned list together with a document", "S3-ACL-22", Refused(400, "UnexpectedContent"), setDocument(ownedDocument(), Field("x-amz-acl", "private")))
	refuse("list/nothing", "refuses to set a list when the request brings none", "S3-ACL-23", Refused(400, "MissingSecurityHeader").With(elements("MissingHeaderName", "x-amz-acl")), setBucket())
	for _, g := range []struct{ name, value, argument string }{
		{"unknown-group", `uri="http://acs.amazonaws.com/groups/global/FakeGroup"`, "uri"}, {"unknown-id", `id="wrong-id"`, "id"},
		{"unknown-key", `fakekey="1234"`, "x-amz-grant-write"}, {"bare", "1234", "x-amz-grant-write"},
	} {
		refuse("list/grant-"+g.name, "refuses a grant that names nobody and says which argument is wrong", "S3-ACL-24",
			Refused(400, "InvalidArgument").With(elements("ArgumentName", g.argument)), setBucket(Field("x-amz-grant-write", g.value)))
	}
	for _, d := range []struct{ name, document string }{
		{"no-owner", "<AccessControlPolicy><AccessControlList>" + everyone + "</AccessControlList></AccessControlPolicy>"}, {"empty", "<AccessControlPolicy></AccessControlPolicy>"},
		{"cut-off", "<AccessControlPolicy><Owner>"}, {"text", "no list"}, {"other-root", "<Policy></Policy>"},
	} {
		refuse("list/document-"+d.name, "refuses a document that is no list", "S3-ACL-25", Refused(400, "MalformedACLError"), setDocument(func(*Scene) string { return d.document }))
	}
	for _, d := range []struct{ name, grant string }{
		{"permission", aclGrantXML("Group", "<URI>http://acs.amazonaws.com/groups/global/AllUsers</URI>", "DELETE")},
		{"type", aclGrantXML("Robot", "<ID>x</ID>", "READ")},
	} {
		refuse("list/document-unknown-"+d.name, "refuses a document with an unknown "+d.name, "S3-ACL-25", Refused(400, "MalformedACLError"), setDocument(ownedDocument(d.grant)))
	}
	for _, d := range []struct{ name, grant, argument string }{
		{"id", aclGrantXML("CanonicalUser", "<ID>wrong-id</ID>", "READ"), "CanonicalUser/ID"},
		{"group", aclGrantXML("Group", "<URI>http://acs.amazonaws.com/groups/global/FakeGroup</URI>", "READ"), "Group/URI"},
	} {
		refuse("list/document-wrong-"+d.name, "refuses a document that grants to nobody and says which argument is wrong", "S3-ACL-26",
			Refused(400, "InvalidArgument").With(elements("ArgumentName", d.argument)), setDocument(ownedDocument(d.grant)))
	}
	refuse("list/email", "refuses a grantee by e-mail", "S3-ACL-27", Refused(405, "MethodNotAllowed"), setBucket(Field("x-amz-grant-read", `emailAddress="a@example.com"`)))
	refuse("list/too-many", "refuses a list of more than 100 grants", "S3-ACL-19", Refused(400, "MalformedACLError"), setDocument(crowd(101)))
	one("list/many", "takes a list of 100 grants", "S3-ACL-19", Accepted(200), Case{Needs: NeedsOther, Given: public, When: setDocument(crowd(100))})
	one("list/replaces", "replaces all grants, also the owner's", "S3-ACL-28", Accepted(200), Case{Given: public,
		When:  setBucket(Field("x-amz-grant-read", `uri="http://acs.amazonaws.com/groups/s3/LogDelivery"`)),
		After: []After{bucketTells("http://acs.amazonaws.com/groups/s3/LogDelivery READ")}})
	for _, w := range []struct{ word, line string }{{"bucket-owner-full-control", "owner FULL_CONTROL"}, {"bucket-owner-read", "owner READ"}} {
		one("object/put/"+w.word, "gives the owner of the bucket the rights that the writer of an object says", "S3-ACL-12", Shown().With(tells("second FULL_CONTROL", w.line)), Case{
			As: Second, Needs: NeedsOther, Given: []Given{func(s *Scene) {
				shelf := s.Shelf("public-read-write")
				call := aclIn(shelf, s.Put(s.In(shelf, s.Key("k")), "content", Field("x-amz-acl", w.word)))
				if r := s.DoBy(Second, call); r.Status != 200 {
					s.Block("an upload by another account answered %s", describe(r))
				}
			}}, When: func(s *Scene) client.Call { return s.ObjectACL("GET", s.Shelf("public-read-write"), s.Key("k")) }})
	}
	aclOwnership(b)
	missing := func(bucket func(*Scene) string) Case {
		return Case{As: Second, Needs: NeedsOther, Given: []Given{func(s *Scene) { bucket(s) }}, When: func(s *Scene) client.Call { return aclIn(bucket(s), s.Get(s.Key("never-put"))) }}
	}
	one("missing/unlisted", "does not say whether an object is there to whom may not list", "S3-ERR-10", Refused(403, "AccessDenied"), missing(func(s *Scene) string { return s.Shelf("private") }))
	listed := missing(func(s *Scene) string { return s.Shelf("public-read") })
	listed.Rests = []string{"S3-ERR-02"}
	one("missing/listed", "says that an object is missing to whom may list", "S3-ERR-10", Refused(404, "NoSuchKey"), listed)
}

// aclOwnership writes who owns objects, and how the public is kept out.
func aclOwnership(b *Book) {
	one := func(name, text, clauses string, want Want, c Case) {
		b.Case(name, text, By{"s3": {Clauses: clauses, Want: want}}, c)
	}
	sub := func(method, name, document string) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			call := client.Call{Method: method, Bucket: s.Own("b"), Query: aclQuery(name)}
			if document != "" {
				call.Body = []byte(document)
			}
			return call
		}
	}
	fresh := []Given{own("b")}
	make := func(fields ...wire.Field) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			call := s.CreateBucket(s.Own("b"))
			call.Fields = append(call.Fields, fields...)
			return call
		}
	}
	put := func(word string) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			return aclIn(s.Own("b"), s.Put(s.In(s.Own("b"), s.Key("k")), "content", Field("x-amz-acl", word)))
		}
	}
	one("ownership/new", "makes buckets without lists", "S3-ACL-01", Shown().Content(aclHas("<ObjectOwnership>BucketOwnerEnforced</ObjectOwnership>")), Case{Given: fresh, When: sub("GET", "ownershipControls", "")})
	one("ownership/set-bucket", "refuses a list of a bucket that has none", "S3-ACL-02", Refused(400, "AccessControlListNotSupported"), Case{Given: fresh, When: setBucket(Field("x-amz-acl", "public-read"))})
	one("ownership/put-object", "refuses a list of an object where there is none", "S3-ACL-02", Refused(400, "AccessControlListNotSupported"), Case{Given: fresh, When: put("public-read")})
	one("ownership/put-full-control", "takes an upload that gives all rights to the owner of the bucket", "S3-ACL-03", Accepted(200), Case{Rests: []string{"S3-OBJ-01"}, Given: fresh, When: put("bucket-owner-full-control")})
	one("ownership/make-public", "makes no bucket that is public and without lists", "S3-ACL-04", Refused(400, "InvalidBucketAclWithObjectOwnership"), Case{
		When: make(Field("x-amz-object-ownership", "BucketOwnerEnforced"), Field("x-amz-acl", "public-read"))})
	one("ownership/make-unknown", "makes no bucket of an unknown ownership", "S3-ACL-05", Refused(400, "InvalidArgument"), Case{When: make(Field("x-amz-object-ownership", "RandomValue"))})
	rule := "<Rule><ObjectOwnership>%s</ObjectOwnership></Rule>"
	for _, d := range []struct{ name, rules string }{{"unknown", fmt.Sprintf(rule, "RandomValue")}, {"two-rules", fmt.Sprintf(rule+rule, "ObjectWriter", "BucketOwnerPreferred")}, {"no-rule", ""}} {
		one("ownership/document-"+d.name, "refuses a document of ownership that is not one rule of a known one", "S3-ACL-05", Refused(400, "MalformedXML"), Case{Given: fresh,
			When:  sub("PUT", "ownershipControls", "<OwnershipControls>"+d.rules+"</OwnershipControls>"),
			After: []After{{Text: "the ownership is as it was", Call: sub("GET", "ownershipControls", ""), Want: Accepted(200).Content(aclHas("BucketOwnerEnforced"))}}})
	}
	for _, c := range []struct{ name, query, clause, code string }{
		{"ownership", "ownershipControls", "S3-ACL-06", "OwnershipControlsNotFoundError"}, {"block", "publicAccessBlock", "S3-ACL-08", "NoSuchPublicAccessBlockConfiguration"},
	} {
		remove := sub("DELETE", c.query, "")
		gone := func(s *Scene) { s.Must(remove(s)) }
		one(c.name+"/removed", "removes the "+c.name, c.clause, Accepted(204), Case{Given: fresh, When: remove})
		one(c.name+"/removed-twice", "removes the "+c.name+" that was removed already", c.clause, Accepted(204), Case{Given: []Given{own("b"), gone}, When: remove})
		one(c.name+"/none", "says that the "+c.name+" was removed", c.clause, Refused(404, c.code), Case{Given: []Given{own("b"), gone}, When: sub("GET", c.query, "")})
	}
	all := `<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>`
	one("block/new", "makes buckets that keep the public out in every way", "S3-ACL-07", Shown().Content(aclHas(all)), Case{Given: fresh, When: sub("GET", "publicAccessBlock", "")})
	blocked := []Given{aclOwn("b", "private"), func(s *Scene) {
		s.Must(blockPublic(s, "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>"))
	}}
	one("block/set", "refuses a public list of a bucket that keeps the public out", "S3-ACL-09", Refused(403, "AccessDenied"), Case{Given: blocked, When: setBucket(Field("x-amz-acl", "public-read")), After: []After{bucketTells("owner FULL_CONTROL")}})
	one("block/put", "refuses a public list of an object where the bucket keeps the public out", "S3-ACL-09", Refused(403, "AccessDenied"), Case{Given: blocked, When: put("public-read")})
}
