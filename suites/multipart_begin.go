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
}
