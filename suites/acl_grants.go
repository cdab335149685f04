package suites

import (
	"strings"

	"objectharness/internal/client"
)

// The matrix of grants: what a permission on a bucket or on an object lets
// another account do, and what not.

// A grantLine answers what holds for whom a permission was granted; parts as in
// cellLine.
type grantLine struct {
	level, permission, asks string
	granted                 bool
	clauses                 string
}

var grantTables = map[string][]grantLine{"cos": cosGrantLines, "bos": bosGrantLines, "s3": s3GrantLines}

var cosGrantLines = []grantLine{
	{"bucket", "READ", "list|head-bucket", true, "COS-XACL-17"},
	{"bucket", "READ", "get|head", true, "COS-ACL-01"},
	{"bucket", "READ", "put|overwrite|delete|read-bucket-acl|write-bucket-acl", false, "COS-XACL-17"},
	{"bucket", "WRITE", "put|overwrite|delete", true, "COS-ACL-03 COS-GRANT-07"},
	{"bucket", "WRITE", "get|head|list", false, "COS-ACL-04"},
	{"bucket", "WRITE", "read-bucket-acl|write-bucket-acl", false, "COS-XACL-17"},
	{"bucket", "READ_ACP", "read-bucket-acl", true, "COS-ACL-06"},
	{"bucket", "READ_ACP", "list|write-bucket-acl", false, "COS-ACL-06"},
	{"bucket", "READ_ACP", "get|put|delete", false, "COS-XACL-17"},
	{"bucket", "WRITE_ACP", "write-bucket-acl", true, "COS-ACL-07"},
	{"bucket", "WRITE_ACP", "read-bucket-acl", false, "COS-ACL-07"},
	{"bucket", "WRITE_ACP", "list|get|put|delete", false, "COS-XACL-17"},
	{"bucket", "FULL_CONTROL", "list|get|head|put|overwrite|delete|read-bucket-acl|write-bucket-acl|read-acl|write-acl", true, "COS-ACL-10"},
	{"object", "READ", "get", true, "COS-ACL-02 COS-GRANT-03 COS-XACL-18"},
	{"object", "READ", "head", true, "COS-ACL-02 COS-XACL-18"},
	{"object", "READ", "get-other|list", false, "COS-ACL-02"},
	{"object", "READ", "read-acl|write-acl|overwrite|delete", false, "COS-XACL-18"},
	{"object", "READ_ACP", "read-acl", true, "COS-ACL-08 COS-GRANT-04"},
	{"object", "READ_ACP", "get", false, "COS-ACL-08 COS-GRANT-04"},
	{"object", "READ_ACP", "write-acl|head", false, "COS-XACL-18"},
	{"object", "WRITE_ACP", "write-acl", true, "COS-ACL-09 COS-GRANT-05"},
	{"object", "WRITE_ACP", "get", false, "COS-ACL-09"},
	{"object", "WRITE_ACP", "read-acl|head", false, "COS-XACL-18"},
	{"object", "FULL_CONTROL", "get|read-acl|write-acl", true, "COS-ACL-11 COS-GRANT-06"},
	{"object", "FULL_CONTROL", "get-other|list", false, "COS-ACL-11"},
	{"object", "FULL_CONTROL", "overwrite|delete", false, "COS-XACL-18"},
}

var bosGrantLines = []grantLine{
	{"bucket", "READ", "get|head|head-bucket", true, "BOS-ACL-32"},
	{"bucket", "READ", "list", false, "BOS-ACL-32"},
	{"bucket", "READ", "put|overwrite", false, "BOS-PUT-03"},
	{"bucket", "READ", "append", false, "BOS-APPEND-13"},
	{"bucket", "READ", "delete", false, "BOS-DEL-03"},
	{"bucket", "READ|WRITE|LIST", "read-bucket-acl", false, "BOS-ACL-36"},
	{"bucket", "READ|WRITE|LIST", "write-bucket-acl", false, "BOS-ACL-05"},
	{"bucket", "LIST", "list", true, "BOS-ACL-33"},
	{"bucket", "LIST", "get", false, "BOS-ACL-33"},
	{"bucket", "WRITE", "put|overwrite|delete|append", true, "BOS-ACL-34"},
	{"bucket", "WRITE", "get|head", false, "BOS-ACL-34"},
	{"bucket", "MODIFY", "overwrite|append", true, "BOS-ACL-35"},
	{"bucket", "MODIFY", "put|delete", false, "BOS-ACL-35"},
	{"bucket", "GetObject", "get", true, "BOS-ACL-07"},
	{"bucket", "PutObject", "put", true, "BOS-ACL-07"},
	{"bucket", "DeleteObject", "delete", true, "BOS-ACL-07"},
	{"bucket", "FULL_CONTROL", "get|put|delete|list|read-bucket-acl", true, "BOS-ACL-36"},
	{"bucket", "FULL_CONTROL", "write-bucket-acl", true, "BOS-ACL-05 BOS-ACL-36"},
	{"object", "READ", "get|head", true, "BOS-ACL-22"},
	{"object", "READ", "read-acl|write-acl", false, "BOS-ACL-29"},
	{"object", "FULL_CONTROL", "get", true, "BOS-ACL-22"},
	{"object", "FULL_CONTROL", "read-acl|write-acl", true, "BOS-ACL-29"},
	{"object", "FULL_CONTROL", "overwrite|delete", false, "BOS-ACL-28"},
}

var s3GrantLines = []grantLine{
	{"bucket", "READ", "list", true, "S3-ACL-16"},
	{"bucket", "READ", "get|head|put", false, "S3-ACL-16"},
	{"bucket", "WRITE", "put", true, "S3-ACL-16"},
	{"bucket", "WRITE", "list|get|overwrite|delete", false, "S3-ACL-16"},
	{"bucket", "READ|WRITE", "read-bucket-acl|write-bucket-acl", false, "S3-ACL-32"},
	{"bucket", "READ_ACP", "read-bucket-acl", true, "S3-ACL-32"},
	{"bucket", "READ_ACP", "write-bucket-acl", false, "S3-ACL-32"},
	{"bucket", "WRITE_ACP", "write-bucket-acl", true, "S3-ACL-32"},
	{"bucket", "WRITE_ACP", "read-bucket-acl", false, "S3-ACL-32"},
	{"bucket", "FULL_CONTROL", "list|put", true, "S3-ACL-16"},
	{"object", "READ", "get|head", true, "S3-ACL-15"},
	{"object", "READ", "read-acl|write-acl", false, "S3-ACL-15"},
	{"object", "WRITE", "get|read-acl|write-acl", false, "S3-ACL-15"},
	{"object", "READ_ACP", "read-acl", true, "S3-ACL-15"},
	{"object", "READ_ACP", "get|write-acl", false, "S3-ACL-15"},
	{"object", "WRITE_ACP", "write-acl", true, "S3-ACL-15"},
	{"object", "WRITE_ACP", "get|read-acl", false, "S3-ACL-15"},
	{"object", "FULL_CONTROL", "get|read-acl|write-acl", true, "S3-ACL-15"},
}

// aclGrants writes the matrix of grants.
func aclGrants(b *Book) {
	for _, l := range grantTables[b.Dialect] {
		for permission := range strings.SplitSeq(l.permission, "|") {
			for ask := range strings.SplitSeq(l.asks, "|") {
				b.grantCell(l, permission, ask)
			}
		}
	}
}

func (b *Book) grantCell(l grantLine, permission, name string) {
	ask := cellAsks[name]
	text, want := "lets an account with "+permission+" on the "+l.level+" "+ask.text, Accepted(ask.status)
	if !l.granted {
		text, want = "refuses to let an account with "+permission+" on the "+l.level+" "+ask.text, Refused(403, "AccessDenied")
	}
	where := func(s *Scene) string {
		switch {
		case l.level == "object":
			return s.Shelf("private")
		case name == "write-bucket-acl":
			return s.Own("b")
		}
		return s.shelf("grants "+permission, func(bucket string) { s.Must(s.grant(bucket, "", permission, s.OwnID(Second))) })
	}
	c := Case{As: Second, Needs: NeedsOther, When: func(s *Scene) client.Call {
		return ask.call(s, where(s), ask.key(s, where(s)), "private")
	}}
	c.Given = append(c.Given, func(s *Scene) {
		if l.level == "bucket" && name == "write-bucket-acl" {
			s.enableACL(s.Own("b"))
			s.Must(s.grant(s.Own("b"), "", permission, s.OwnID(Second)))
		}
		bucket := where(s)
		key := ""
		if !ask.bare || l.level == "object" {
			key = s.In(bucket, s.Key("k"))
		}
		switch {
		case name == "get-other":
			s.Must(aclIn(bucket, s.Put(s.In(bucket, s.Key("other")), "content")))
			s.Must(aclIn(bucket, s.Put(key, "content")))
		case ask.given == "append":
			s.Must(aclIn(bucket, s.appendAt("k", true, 0, "content")))
		case ask.given != "" || l.level == "object":
			s.Must(aclIn(bucket, s.Put(key, "content")))
		}
		if l.level == "object" {
			s.Must(s.grant(bucket, key, permission, s.OwnID(Second)))
			s.assureGrant(permission, s.Must(s.ObjectACL("GET", bucket, key)))
		} else {
			s.assureGrant(permission, s.Must(s.BucketACL("GET", bucket)))
		}
	})
	b.Case("grant/"+l.level+"/"+lower(permission)+"/"+name, text, By{b.Dialect: {Clauses: l.clauses, Want: want, Rests: cellRests[b.Dialect+" "+name]}}, c)
}

// assureGrant blocks the case unless a list grants the second account something.
func (s *Scene) assureGrant(permission string, r *client.Reply) {
	for _, line := range aclLines(s, r) {
		if line == "second "+permission {
			return
		}
	}
	s.Block("the list that grants %s to another account is told as %s", permission, excerpt(string(r.Body)))
}

// grant gives an account, by its canonical id, one permission on a bucket or on
// an object in it, and leaves nobody else any.
func (s *Scene) grant(bucket, key, permission, id string) client.Call {
	call := client.Call{Method: "PUT", Bucket: bucket, Key: key, Query: aclQuery("acl")}
	if s.W.JSONGrants && key == "" {
		call.Body = []byte(`{"accessControlList":[{"grantee":[{"id":"` + id + `"}],"permission":["` + permission + `"]}]}`)
		return call
	}
	call.Fields = append(call.Fields, Field(s.W.Grant+grantEnds[permission], quotedID(id)))
	return call
}

// grantEnds are the ends of the fields that grant.
var grantEnds = map[string]string{"READ": "read", "WRITE": "write", "READ_ACP": "read-acp", "WRITE_ACP": "write-acp", "FULL_CONTROL": "full-control"}

// quotedID is how the fields that grant name an account: COS by the number alone.
func quotedID(id string) string {
	if strings.HasPrefix(id, "qcs::") {
		id = id[strings.LastIndexByte(id, '/')+1:]
	}
	return `id="` + id + `"`
}
