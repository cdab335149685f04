package suites

import (
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// aclBuckets makes buckets and looks at the list that they have.
func aclBuckets(b *Book) {
	make := func(fields ...wire.Field) func(s *Scene) client.Call {
		return func(s *Scene) client.Call {
			call := s.CreateBucket(s.Own("b"))
			call.Fields = append(call.Fields, fields...)
			return call
		}
	}
	private := map[string]string{"oss": "private", "cos": "owner FULL_CONTROL"}[b.Dialect]
	b.Case("bucket/made/without", "makes a bucket private when nothing is said", By{
		"oss": {Clauses: "OSS-ACL-04", Want: Accepted(200), Rests: "OSS-PUTBUCKET-01"}, "cos": {Clauses: "COS-ACL-33", Want: Accepted(200), Rests: "COS-XBKT-02"},
	}, Case{When: make(), After: []After{bucketTells(private)}})
	b.Case("bucket/made/with-list", "makes a bucket with the list that the request brings", By{
		"cos": {Clauses: "COS-ACL-32", Want: Accepted(200), Rests: "COS-XBKT-02"},
	}, Case{When: make(Field(b.W.BucketACL, "public-read")), After: []After{bucketTells("owner FULL_CONTROL", "everyone READ")}})
	b.Case("bucket/made/with-grants", "makes a bucket with the grants that the request brings", By{
		"cos": {Clauses: "COS-GRANT-08", Want: Accepted(200), Rests: "COS-XBKT-02"},
	}, Case{Needs: NeedsOther, When: func(s *Scene) client.Call {
		call := s.CreateBucket(s.Own("b"))
		id := quotedID(s.OwnID(Second))
		call.Fields = append(call.Fields, Field("x-cos-grant-read", id), Field("x-cos-grant-write", id))
		return call
	}, After: []After{bucketTells("owner FULL_CONTROL", "second READ", "second WRITE")}})
	b.Case("block/read", "refuses the public where the bucket keeps it out", By{
		"oss": {Clauses: "OSS-XACL-11", Want: Refused(403, "AccessDenied")},
	}, Case{As: Nobody, Given: []Given{aclOwn("b", "public-read"), func(s *Scene) {
		s.Must(aclIn(s.Own("b"), s.Put(s.In(s.Own("b"), s.Key("k")), "content")))
		s.Must(blockPublic(s, `<PublicAccessBlockConfiguration><BlockPublicAccess>true</BlockPublicAccess></PublicAccessBlockConfiguration>`))
	}}, When: func(s *Scene) client.Call { return aclIn(s.Own("b"), s.Get(s.Key("k"))) }})
	b.Case("block/set", "refuses a public list where the bucket keeps the public out", By{
		"oss": {Clauses: "OSS-XACL-11", Want: Refused(403, "AccessDenied")},
	}, Case{Given: []Given{aclOwn("b", "private"), func(s *Scene) {
		s.Must(blockPublic(s, `<PublicAccessBlockConfiguration><BlockPublicAccess>true</BlockPublicAccess></PublicAccessBlockConfiguration>`))
	}}, When: setBucket(Field(b.W.BucketACL, "public-read")), After: []After{bucketTells("private")}})
}

// blockPublic sets in which ways the case's bucket keeps the public out.
func blockPublic(s *Scene, document string) client.Call {
	return client.Call{Method: "PUT", Bucket: s.Own("b"), Query: aclQuery("publicAccessBlock"), Body: []byte(document)}
}

// aclObjects gives objects their lists as they are made.
func aclObjects(b *Book) {
	put := func(fields ...wire.Field) func(s *Scene) client.Call {
		return func(s *Scene) client.Call {
			return aclIn(s.Shelf("private"), s.Put(s.In(s.Shelf("private"), s.Key("k")), "content", fields...))
		}
	}
	anybody := shelfRead(Nobody, Accepted(200))
	clauses := map[string]string{"oss": "OSS-PUT-23 OSS-XOACL-15", "cos": "COS-ACL-32", "bos": "BOS-PUT-18"}
	for _, w := range objectWordRows[b.Dialect] {
		after := []After{objectTells(w.lines...)}
		if w.word == "public-read" || w.word == "public-read-write" {
			after = append(after, anybody)
		}
		if w.word != "default" && clauses[b.Dialect] != "" {
			b.Case("object/put/"+w.word, "gives a new object the canned list "+w.word, By{b.Dialect: {Clauses: clauses[b.Dialect], Want: Shown()}}, Case{
				Given: []Given{func(s *Scene) { s.Shelf("private") }}, When: put(Field(b.W.ObjectACL, w.word)), After: after})
		}
	}
	b.Case("object/put/own-list", "judges an object by the list that it was put with, not by that of its bucket", By{
		"oss": {Clauses: "OSS-ACL-15", Want: Accepted(200)},
	}, Case{As: Nobody, Given: []Given{onShelf(Field(b.W.ObjectACL, "public-read"))}, When: func(s *Scene) client.Call { return aclIn(s.Shelf("private"), s.Get(s.Key("k"))) }})
	bare := map[string]string{"oss": "default", "s3": "owner FULL_CONTROL"}[b.Dialect]
	b.Case("object/reset", "takes the list away with the object that is put over", By{
		"oss": {Clauses: "OSS-XOACL-15", Want: Shown(), Rests: "OSS-PUT-05"}, "s3": {Clauses: "S3-ACL-31", Want: Shown(), Rests: "S3-OBJ-03"},
	}, Case{Given: []Given{onShelf(Field(b.W.ObjectACL, "public-read"))}, When: put(), After: []After{objectTells(bare)}})
	b.Case("object/back-to-default", "lets an object follow its bucket again", By{
		"oss": {Clauses: "OSS-XOACL-05", Want: Accepted(200)},
	}, Case{Given: []Given{onShelf(Field(b.W.ObjectACL, "public-read"))}, When: setObject(Field(b.W.ObjectACL, "default")), After: []After{objectTells("default"), shelfRead(Nobody, Refused(403, "AccessDenied"))}})
	b.Case("object/append", "gives an appended object the list of its first append", By{
		"oss": {Clauses: "OSS-APPEND-24", Want: Accepted(200), Rests: "OSS-APPEND-01"},
	}, Case{Given: []Given{func(s *Scene) { s.Shelf("private") }}, When: func(s *Scene) client.Call {
		s.In(s.Shelf("private"), s.Key("k"))
		return aclIn(s.Shelf("private"), s.appendAt("k", true, 0, "content", Field(s.W.ObjectACL, "public-read")))
	}, After: []After{objectTells("public-read"), anybody}})
	b.Case("object/append-grant", "takes grants with an append", By{
		"cos": {Clauses: "COS-APPEND-02", Want: Accepted(200), Rests: "COS-XAPP-01"},
	}, Case{Needs: NeedsOther, Given: []Given{func(s *Scene) { s.Shelf("private") }}, When: func(s *Scene) client.Call {
		s.In(s.Shelf("private"), s.Key("k"))
		return aclIn(s.Shelf("private"), s.appendAt("k", true, 0, "content", Field("x-cos-grant-read", quotedID(s.OwnID(Second)))))
	}, After: []After{objectTells("owner FULL_CONTROL", "second READ")}})
	b.Case("object/anonymous-owner", "gives what nobody signed to the owner of the bucket", By{
		"cos": {Clauses: "COS-XACL-16", Want: Shown().With(func(s *Scene, r *client.Reply) []Flaw {
			if t, err := readACL(r); err != nil || t.Owner.ID != s.OwnID(Owner) {
				return []Flaw{{"the owner " + s.OwnID(Owner), t.Owner.ID}}
			}
			return nil
		})},
	}, Case{Given: []Given{func(s *Scene) {
		shelf := s.Shelf("public-read-write")
		if r := s.DoBy(Nobody, aclIn(shelf, s.Put(s.In(shelf, s.Key("k")), "content"))); r.Status != 200 {
			s.Block("an anonymous upload answered %s", describe(r))
		}
	}}, When: func(s *Scene) client.Call { return s.ObjectACL("GET", s.Shelf("public-read-write"), s.Key("k")) }})
}

// aclUnsigned asks for other response fields without a signature.
func aclUnsigned(b *Book) {
	for _, p := range b.W.Responses {
		b.Case("unsigned/"+lower(p), "refuses other response fields to whom did not sign, also where he may read", By{
			"oss": {Clauses: "OSS-XGET-34", Want: Refused(400, "InvalidRequest")},
			"cos": {Clauses: "COS-XGET-16 COS-PRESIGN-11", Want: Refused(403, "AccessDenied")},
			"s3":  {Clauses: "S3-PRE-28", Want: Refused(400, "InvalidRequest")},
		}, Case{As: Nobody, Given: []Given{onShelf(Field(b.W.ObjectACL, "public-read")), func(s *Scene) {
			if r := s.DoBy(Nobody, aclIn(s.Shelf("private"), s.Get(s.Key("k")))); r.Status != 200 {
				s.Block("an anonymous GET of a public object answered %s", describe(r))
			}
		}}, When: func(s *Scene) client.Call {
			call := aclIn(s.Shelf("private"), s.Get(s.Key("k")))
			call.Query = []wire.Param{{Name: p, Value: "no-cache"}}
			return call
		}})
	}
}
