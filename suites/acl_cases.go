package suites

import (
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// setBucket sets the list of the case's bucket by fields.
func setBucket(fields ...wire.Field) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.BucketACL("PUT", s.Own("b"), fields...) }
}

// setObject sets the list of the object k on the shelf by fields.
func setObject(fields ...wire.Field) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		return s.ObjectACL("PUT", s.Shelf("private"), s.In(s.Shelf("private"), s.Key("k")), fields...)
	}
}

// reads of the object k on the shelf, by somebody.
func shelfRead(as Role, want Want) After {
	return After{Text: "the object is read as the list says", As: as, Want: want,
		Call: func(s *Scene) client.Call { return aclIn(s.Shelf("private"), s.Get(s.Key("k"))) }}
}

// wordRow is what a canned list is told as, and for which clauses.
type wordRow struct {
	word    string
	lines   []string
	clauses string
	rests   string
}

// The canned lists, as they are told afterwards.
var bucketWordRows = map[string][]wordRow{
	"oss": {{"private", []string{"private"}, "OSS-XACL-01", ""}, {"public-read", []string{"public-read"}, "OSS-XACL-01", ""},
		{"public-read-write", []string{"public-read-write"}, "OSS-XACL-01", ""}},
	"cos": {{"private", []string{"owner FULL_CONTROL"}, "COS-XACL-09 COS-ACL-29", ""},
		{"public-read", []string{"owner FULL_CONTROL", "everyone READ"}, "COS-XACL-09 COS-ACL-29", ""},
		{"public-read-write", []string{"owner FULL_CONTROL", "everyone READ", "everyone WRITE"}, "COS-XACL-09 COS-ACL-29", ""},
		{"authenticated-read", []string{"owner FULL_CONTROL", "signed READ"}, "COS-XACL-09 COS-ACL-29", ""}},
	"bos": {{"private", []string{"owner FULL_CONTROL"}, "BOS-ACL-01 BOS-API-61", ""},
		{"public-read", []string{"owner FULL_CONTROL", "everyone READ"}, "BOS-ACL-01 BOS-API-61", ""},
		{"public-read-write", []string{"owner FULL_CONTROL", "everyone READ", "everyone WRITE"}, "BOS-ACL-01 BOS-API-61", ""}},
	"s3": {{"log-delivery-write", []string{"owner FULL_CONTROL", "http://acs.amazonaws.com/groups/s3/LogDelivery WRITE", "http://acs.amazonaws.com/groups/s3/LogDelivery READ_ACP"}, "S3-ACL-13", ""}},
}

var objectWordRows = map[string][]wordRow{
	"oss": {{"default", []string{"default"}, "OSS-XOACL-01", ""}, {"private", []string{"private"}, "OSS-XOACL-01", ""},
		{"public-read", []string{"public-read"}, "OSS-XOACL-01", ""}, {"public-read-write", []string{"public-read-write"}, "OSS-XOACL-01", ""}},
	"cos": {{"private", []string{"owner FULL_CONTROL"}, "COS-ACL-30", ""}, {"public-read", []string{"owner FULL_CONTROL", "everyone READ"}, "COS-ACL-30", ""},
		{"authenticated-read", []string{"owner FULL_CONTROL", "signed READ"}, "COS-ACL-30", ""},
		{"bucket-owner-read", []string{"owner FULL_CONTROL"}, "COS-ACL-30", ""}, {"bucket-owner-full-control", []string{"owner FULL_CONTROL"}, "COS-ACL-30", ""}},
	"bos": {{"private", []string{"owner FULL_CONTROL"}, "BOS-ACL-21 BOS-API-101", ""}, {"public-read", []string{"owner FULL_CONTROL", "everyone READ"}, "BOS-ACL-21 BOS-API-101", ""}},
	"s3": {{"private", []string{"owner FULL_CONTROL"}, "S3-ACL-11", ""}, {"public-read", []string{"owner FULL_CONTROL", "everyone READ"}, "S3-ACL-11", ""},
		{"public-read-write", []string{"owner FULL_CONTROL", "everyone READ", "everyone WRITE"}, "S3-ACL-11", ""},
		{"authenticated-read", []string{"owner FULL_CONTROL", "signed READ"}, "S3-ACL-11", ""}},
}

// aclWords sets each canned list and reads it back.
func aclWords(b *Book) {
	for _, w := range bucketWordRows[b.Dialect] {
		other := "public-read"
		if strings.HasPrefix(w.word, "public-") {
			other = "private"
		}
		b.Case("bucket/word/"+w.word, "gives a bucket the canned list "+w.word, By{b.Dialect: {Clauses: w.clauses, Want: Accepted(200)}}, Case{
			Given: []Given{aclOwn("b", other)}, When: setBucket(Field(b.W.BucketACL, w.word)), After: []After{bucketTells(w.lines...)},
		})
	}
	for _, w := range objectWordRows[b.Dialect] {
		first := "public-read"
		if w.word == first {
			first = "private"
		}
		b.Case("object/word/"+w.word, "gives an object the canned list "+w.word, By{b.Dialect: {Clauses: w.clauses, Want: Accepted(200)}}, Case{
			Given: []Given{onShelf(Field(b.W.ObjectACL, first))}, When: setObject(Field(b.W.ObjectACL, w.word)), After: []After{objectTells(w.lines...)},
		})
	}
	for _, w := range []wordRow{{"private", []string{"private"}, "OSS-ACL-03", ""}, {"public-read", []string{"public-read"}, "OSS-ACL-03", ""}, {"public-read-write", []string{"public-read-write"}, "OSS-ACL-03", ""}} {
		b.Case("bucket/made/"+w.word, "makes a bucket with the canned list "+w.word, By{
			"oss": {Clauses: w.clauses, Want: Accepted(200), Rests: "OSS-PUTBUCKET-01"},
		}, Case{When: func(s *Scene) client.Call {
			call := s.CreateBucket(s.Own("b"))
			call.Fields = append(call.Fields, Field(s.W.BucketACL, w.word))
			return call
		}, After: []After{bucketTells(w.lines...)}})
	}
}

// aclTold reads lists.
func aclTold(b *Book) {
	owner := func(s *Scene, r *client.Reply) []Flaw {
		t, err := readACL(r)
		named := t.Owner.DisplayName == "" || s.W.Nameless
		if id := s.OwnID(Owner); err != nil || t.Owner.ID != id || !named && t.Owner.DisplayName != id {
			return []Flaw{{"the owner " + id, t.Owner.ID + " called " + t.Owner.DisplayName}}
		}
		return nil
	}
	read := func(s *Scene) client.Call { return s.BucketACL("GET", s.Shelf("public-read")) }
	shelf := []Given{func(s *Scene) { s.Shelf("public-read") }}
	b.Case("bucket/told", "tells the list of a bucket", By{
		"oss": {Clauses: "OSS-XACL-08", Want: Shown().Field("Content-Type", "application/xml").With(flaws(owner, tells("public-read"))), Rests: "OSS-HDR-09"},
		"cos": {Clauses: "COS-XACL-04 COS-ACL-17 COS-ACL-20", Want: Shown().With(tells("owner FULL_CONTROL", "everyone READ"))},
		"bos": {Clauses: "BOS-ACL-10 BOS-API-62", Want: Shown().With(tells("owner FULL_CONTROL", "everyone READ"))},
		"s3":  {Clauses: "S3-ACL-14", Want: Shown().With(flaws(granteeTypes, tells("owner FULL_CONTROL", "everyone READ")))},
	}, Case{Given: shelf, When: read})
	b.Case("bucket/told-owner", "tells whose bucket it is with the list", By{
		"cos": {Clauses: "COS-XACL-06 COS-ACL-18", Want: Shown().With(flaws(owner, includes("owner FULL_CONTROL")))},
		"bos": {Clauses: "BOS-ACL-06", Want: Shown().With(owner)},
	}, Case{Given: shelf, When: read})
	b.Case("bucket/told-types", "tells of each grantee what it is", By{
		"cos": {Clauses: "COS-XACL-05", Want: Shown().With(granteeTypes)},
	}, Case{Given: shelf, When: read})
	b.Case("bucket/told-write", "tells reading and writing of everybody", By{
		"bos": {Clauses: "BOS-ACL-10", Want: Shown().With(tells("owner FULL_CONTROL", "everyone READ", "everyone WRITE"))},
	}, Case{Given: []Given{func(s *Scene) { s.Shelf("public-read-write") }}, When: func(s *Scene) client.Call { return s.BucketACL("GET", s.Shelf("public-read-write")) }})
	told := func(s *Scene) client.Call { return s.ObjectACL("GET", s.Shelf("private"), s.Key("k")) }
	b.Case("object/told-without", "tells the list of an object that was given none", By{
		"oss": {Clauses: "OSS-XOACL-11", Want: Shown().With(flaws(owner, tells("default")))},
		"bos": {Clauses: "BOS-ERR-71", Want: Refused(404, "ObjectAclNotExists")},
		"s3":  {Clauses: "S3-ACL-10", Want: Shown().With(flaws(owner, tells("owner FULL_CONTROL")))},
	}, Case{Given: []Given{onShelf()}, When: told})
	b.Case("object/told", "tells the list of an object", By{
		"bos": {Clauses: "BOS-ACL-30 BOS-API-100", Want: Accepted(200).With(tells("owner FULL_CONTROL", "everyone READ"))},
	}, Case{Given: []Given{onShelf(Field(b.W.ObjectACL, "public-read"))}, When: told})
	b.Case("bucket/told-missing", "answers that the bucket is missing", By{
		"oss": {Clauses: "OSS-XACL-10", Want: Refused(404, "NoSuchBucket")},
	}, Case{When: func(s *Scene) client.Call { return s.BucketACL("GET", s.Absent()) }})
	b.Case("object/told-missing", "answers that the object is missing", By{
		"oss": {Clauses: "OSS-XOACL-12", Want: Refused(404, "NoSuchKey"), Rests: "OSS-XGET-02"}, "s3": {Clauses: "S3-ACL-30", Want: Refused(404, "NoSuchKey"), Rests: "S3-ERR-02"},
	}, Case{Given: []Given{func(s *Scene) { s.Shelf("private") }}, When: told})
	b.Case("object/set-missing", "does not set the list of an object that is missing", By{
		"oss": {Clauses: "OSS-XOACL-08", Want: Refused(404, "NoSuchKey"), Rests: "OSS-XGET-02"}, "s3": {Clauses: "S3-ACL-30", Want: Refused(404, "NoSuchKey"), Rests: "S3-ERR-02"},
	}, Case{Given: []Given{func(s *Scene) { s.Shelf("private") }}, When: setObject(Field(b.W.ObjectACL, "private"))})
	b.Case("bucket/set-missing", "does not set the list of a bucket that is missing", By{
		"cos": {Clauses: "COS-XACL-13", Want: Refused(404, "NoSuchBucket")},
	}, Case{When: func(s *Scene) client.Call { return s.BucketACL("PUT", s.Absent(), Field(s.W.BucketACL, "private")) }})
	b.Case("bucket/set-makes", "makes a bucket that is missing with the list", By{
		"oss": {Clauses: "OSS-XACL-07", Want: Accepted(200), Rests: "OSS-PUTBUCKET-01"},
	}, Case{When: setBucket(Field(b.W.BucketACL, "private")), After: []After{bucketTells("private")}})
}

// granteeTypes wants accounts and groups told as what they are.
func granteeTypes(s *Scene, r *client.Reply) []Flaw {
	t, err := readACL(r)
	if err != nil || len(t.List) == 0 {
		return []Flaw{{"a list", excerpt(string(r.Body))}}
	}
	for _, g := range t.List {
		want := "CanonicalUser"
		if g.Grantee.URI != "" {
			want = "Group"
		}
		if g.Grantee.Type != want || g.Grantee.URI != "" && g.Grantee.ID != "" {
			return []Flaw{{"xsi:type " + want, g.Grantee.Type + " for " + g.Grantee.ID + g.Grantee.URI}}
		}
	}
	return nil
}

// flaws joins checks.
func flaws(checks ...func(*Scene, *client.Reply) []Flaw) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) (all []Flaw) {
		for _, check := range checks {
			all = append(all, check(s, r)...)
		}
		return all
	}
}

// publicLines is how public-read is told.
var publicLines = map[string][]string{"oss": {"public-read"}, "cos": {"owner FULL_CONTROL", "everyone READ"},
	"bos": {"owner FULL_CONTROL", "everyone READ"}, "s3": {"owner FULL_CONTROL", "everyone READ"}}

// aclRefused sets lists that there are not.
func aclRefused(b *Book) {
	bad := func(word string) By {
		return By{"oss": {Clauses: "OSS-XACL-03", Want: Refused(400, "InvalidArgument").With(elements("ArgumentName", "x-oss-acl", "ArgumentValue", word))},
			"cos": {Clauses: "COS-XACL-11 COS-ACL-31", Want: Refused(400, "InvalidArgument")},
			"bos": {Clauses: "BOS-ACL-02", Want: Refused(400, "InvalidArgument")},
			"s3":  {Clauses: "S3-ACL-20", Want: Refused(400, "InvalidArgument").With(elements("ArgumentName", "x-amz-acl"))}}
	}
	public := publicLines[b.Dialect]
	still, was := bucketTells(public...), objectTells(public...)
	for _, w := range []struct{ name, word string }{{"unknown", "error-acl"}, {"capital", "Private"}, {"empty-looking", "-"}} {
		b.Case("bucket/word-"+w.name, "refuses a canned list that there is not and keeps the one that is", bad(w.word), Case{
			Given: []Given{aclOwn("b", "public-read")}, When: setBucket(Field(b.W.BucketACL, w.word)), After: []After{still}})
	}
	b.Case("bucket/word-twice", "refuses two canned lists in one field", By{"bos": {Clauses: "BOS-ACL-02", Want: Refused(400, "InvalidArgument")}}, Case{
		Given: []Given{aclOwn("b", "public-read")}, When: setBucket(Field(b.W.BucketACL, "private private")), After: []After{still}})
	b.Case("bucket/word-default", "takes default for no list of a bucket", By{
		"oss": {Clauses: "OSS-XACL-04", Want: Refused(400, "InvalidArgument")}, "cos": {Clauses: "COS-ACL-31", Want: Refused(400, "InvalidArgument")},
	}, Case{Given: []Given{aclOwn("b", "public-read")}, When: setBucket(Field(b.W.BucketACL, "default")), After: []After{still}})
	b.Case("bucket/nothing", "keeps the list when the request brings none", By{
		"oss": {Clauses: "OSS-XACL-02", Want: Accepted(200)},
	}, Case{Given: []Given{aclOwn("b", "public-read")}, When: setBucket(), After: []After{still}})
	for _, w := range []struct {
		name, word, text string
		by               By
	}{
		{"unknown", "error-acl", "refuses a canned list that there is not and keeps the one that is", By{"oss": {Clauses: "OSS-XOACL-06", Want: Refused(400, "InvalidArgument")},
			"cos": {Clauses: "COS-XACL-11", Want: Refused(400, "InvalidArgument")}, "s3": {Clauses: "S3-ACL-20", Want: Refused(400, "InvalidArgument").With(elements("ArgumentName", "x-amz-acl"))}}},
		{"empty", "", "refuses a canned list without a name", By{"oss": {Clauses: "OSS-XOACL-07", Want: Refused(400, "InvalidArgument")}}},
		{"for-buckets", "public-read-write", "refuses a canned list that only buckets have", By{
			"cos": {Clauses: "COS-XACL-10 COS-ACL-31", Want: Refused(400, "InvalidArgument")}}},
	} {
		b.Case("object/word-"+w.name, w.text, w.by, Case{
			Given: []Given{onShelf(Field(b.W.ObjectACL, "public-read"))}, When: setObject(Field(b.W.ObjectACL, w.word)), After: []After{was}})
	}
	b.Case("object/nothing", "refuses to set a list when the request brings none", By{
		"oss": {Clauses: "OSS-XOACL-07", Want: Refused(400, "InvalidArgument")},
	}, Case{Given: []Given{onShelf(Field(b.W.ObjectACL, "public-read"))}, When: setObject(), After: []After{was}})
	b.Case("object/put-unknown", "refuses an upload with a canned list that there is not", By{
		"oss": {Clauses: "OSS-PUT-24", Want: Refused(400, "InvalidArgument")},
	}, Case{When: func(s *Scene) client.Call { return s.Put(s.Key("k"), "content", Field(s.W.ObjectACL, "foo")) }, After: []After{missing("k")}})
}
