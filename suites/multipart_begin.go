package suites

import (
	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// mpInitiates tells of the request that begins an upload.
func mpInitiates(b *Book) {
	b.Case("initiate/reply", "answers the bucket, the key and the ID of an upload", By{
		"oss": {Clauses: "OSS-MPU-INIT-01", Want: Accepted(200).Field("Content-Type", gomega.HavePrefix("application/xml")).
			With(mpAll(mpRooted("InitiateMultipartUploadResult"), mpMembers("Bucket", "@bucket", "Key", "@", "UploadId", "*")))},
		"cos": {Clauses: "COS-XMPU-01", Want: Accepted(200).With(mpAll(mpRooted("InitiateMultipartUploadResult"), mpMembers("Bucket", "@bucket", "Key", "@", "UploadId", "*")))},
		"bos": {Clauses: "BOS-MPU-01 BOS-API-18", Want: Accepted(200).With(mpMembers("bucket", "@bucket", "key", "@", "uploadId", "*"))},
		"s3":  {Clauses: "S3-MPU-01", Want: Accepted(200).With(mpAll(mpRooted("InitiateMultipartUploadResult"), mpMembers("Bucket", "@bucket", "Key", "@", "UploadId", "*")))},
	}, mpBeginning("a"))
	b.Case("initiate/again", "gives each upload of a key an ID of its own", By{
		"oss": {Clauses: "OSS-MPU-INIT-02", Want: Shown().With(mpOther)},
		"bos": {Clauses: "BOS-MPU-02", Want: Shown().With(mpOther)},
		"s3":  {Clauses: "S3-MPU-03", Want: Shown().With(mpOther)},
	}, Case{Given: []Given{mpBegun("a")}, When: mpBeginning("a").When})
	b.Case("initiate/keeps-object", "leaves the object at the key as it is when an upload begins", By{
		"oss": {Clauses: "OSS-MPU-INIT-03", Want: Shown()},
		"bos": {Clauses: "BOS-MPU-38", Want: Shown()},
	}, Case{
		Given: []Given{put("a", "old content"), snapshot("a")},
		When:  mpBeginning("a").When,
		After: []After{unchanged("a")},
	})
	b.Case("initiate/encoded-key", "encodes the key in the answer where encoding-type asks for it", By{
		"oss": {Clauses: "OSS-MPU-INIT-05", Rests: "OSS-MPU-INIT-01", Want: Shown().With(func(s *Scene, r *client.Reply) []Flaw {
			return mpMembers("EncodingType", "url", "Key", wire.Escape(s.Key("a b\x01")))(s, r)
		})},
	}, Case{When: func(s *Scene) client.Call {
		call := s.mpBegin("a b\x01")
		call.Query = append(call.Query, wire.Param{Name: "encoding-type", Value: "url"})
		return call
	}, Then: []Want{mpEntered("a b\x01")}})
	b.Case("initiate/plain-key", "answers the key as it is where no encoding is asked for", By{
		"oss": {Clauses: "OSS-MPU-INIT-06", Rests: "OSS-MPU-INIT-01", Want: Shown().With(func(s *Scene, r *client.Reply) []Flaw {
			return mpMembers("EncodingType", "", "Key", s.Key("a b"))(s, r)
		})},
	}, mpBeginning("a b"))
	mpGiven(b)
}

// mpBeginning is a case whose judged request begins an upload.
func mpBeginning(name string, fields ...wire.Field) Case {
	return Case{When: func(s *Scene) client.Call { return s.mpBegin(name, fields...) }, Then: []Want{mpEntered(name)}}
}

// mpEntered enters the upload of a judged reply into the ledger; it wants
// nothing.
func mpEntered(name string) Want {
	return Want{Check: func(s *Scene, r *client.Reply) []Flaw {
		s.mpOpened(name+"#judged", r)
		return nil
	}}
}

// mpOther wants another ID than that of the upload that is open.
func mpOther(s *Scene, r *client.Reply) []Flaw {
	if got := mpMember(r, "UploadId"); got == "" || got == s.Kept("upload a") {
		return []Flaw{{"another ID than " + s.Kept("upload a"), excerpt(got)}}
	}
	return nil
}

// mpGiven tells of what an initiation says of the object to come.
func mpGiven(b *Book) {
	given := func(name string, f wire.Field, by By) {
		for dialect, row := range by {
			row.Want = Shown().Field(f.Name, f.Value)
			by[dialect] = row
		}
		b.Case("initiate/fields/"+name, "answers a field of the initiation with the object", by, Case{
			Given: []Given{mpBegun("a", f), mpSent("a", 1, "0123456789"), mpCompleted("a", 1)},
			When:  func(s *Scene) client.Call { return s.Head(s.Key("a")) },
		})
	}
	for _, f := range []wire.Field{Field("Cache-Control", "no-cache"), Field("Content-Disposition", "attachment; filename=a.txt"),
		Field("Content-Encoding", "identity"), Field("Content-Type", "text/plain"), Field("Expires", "Thu, 01 Dec 2033 16:00:00 GMT")} {
		by := By{"oss": {Clauses: "OSS-MPU-INIT-07"}}
		switch f.Name {
		case "Content-Type":
			by["s3"] = Row{Clauses: "S3-MPU-34"}
		case "Cache-Control", "Content-Disposition", "Expires":
			by["bos"] = Row{Clauses: "BOS-MPU-03"}
		}
		given(lower(f.Name), f, by)
	}
	given("metadata", Field(b.W.Meta+"a", "1"), By{
		"oss": {Clauses: "OSS-MPU-INIT-08", Rests: "OSS-HEAD-09"},
		"cos": {Clauses: "COS-MPU-07 COS-XMPU-02"},
		"s3":  {Clauses: "S3-MPU-34"},
	})
	given("storage-class", Field("x-bce-storage-class", "COLD"), By{"bos": {Clauses: "BOS-MPU-03"}})
	given("storage-class-ia", Field(b.W.Prefix+"storage-class", "STANDARD_IA"), By{"cos": {Clauses: "COS-XMPU-02"}, "s3": {Clauses: "S3-MPU-34", Rests: "S3-OBJ-28"}})
	b.Case("initiate/tags", "gives the object the tags of the initiation", By{
		"cos": {Clauses: "COS-XMPU-02", Want: Shown().Content(copyTags("first"))},
		"s3":  {Clauses: "S3-MPU-34", Want: Shown().Content(copyTags("first")), Rests: "S3-TAG-01 S3-TAG-05"},
	}, Case{
		Given: []Given{mpBegun("a", Field(b.W.Prefix+"tagging", "first=1")), mpSent("a", 1, "0123456789"), mpCompleted("a", 1)},
		When:  func(s *Scene) client.Call { return s.tags("a") },
	})
	mpGivenLists(b)
}

// mpGivenLists tells who may read an object whose upload began with a list.
func mpGivenLists(b *Book) {
	by := By{
		"cos": {Clauses: "COS-XMPU-02", Want: Accepted(2).Content("content"), Rests: "COS-ACL-32 COS-GRANT-01"},
		"bos": {Clauses: "BOS-MPU-03", Want: Accepted(2).Content("content"), Rests: "BOS-PUT-18 BOS-PUT-19"},
		"s3":  {Clauses: "S3-MPU-34", Want: Accepted(2).Content("content"), Rests: "S3-ACL-11 S3-ACL-20"},
	}
	read := func(s *Scene) client.Call { return aclIn(s.Shelf("private"), s.Get(s.Key("k"))) }
	b.Case("initiate/acl/word", "lets everybody read an object whose upload began as public", by, Case{
		As: Nobody, Given: []Given{mpOnShelf(func(*Scene) wire.Field { return Field(b.W.ObjectACL, "public-read") })}, When: read,
	})
	b.Case("initiate/acl/grant", "lets an account read an object whose upload began with a grant to it", by, Case{
		As: Second, Needs: NeedsOther, Given: []Given{mpOnShelf(func(s *Scene) wire.Field {
			return Field(s.W.Grant+"read", quotedID(s.OwnID(Second)))
		})}, When: read,
	})
}

// mpOnShelf uploads the key k in one part into a private bucket; the initiation
// has a field.
func mpOnShelf(f func(*Scene) wire.Field) Given {
	return func(s *Scene) {
		shelf := s.Shelf("private")
		s.In(shelf, s.Key("k"))
		s.Keep("upload k", mpMember(s.Must(aclIn(shelf, s.mpBegin("k", f(s)))), "UploadId"))
		s.Keep(mpTag("k", 1), s.Must(aclIn(shelf, s.mpPart("k", "1", "content"))).Fields.Get("ETag"))
		s.Must(aclIn(shelf, mpCompleting("k", 1)(s)))
	}
}
