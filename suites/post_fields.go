package suites

import (
	"crypto/md5"
	"encoding/base64"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// postFieldBooks write what the fields of a form say of its object.
var postFieldBooks = []func(*Book){postTypes, postFields, postEncryption, postClass, postTags, postDigests, postChecksums}

// headed is the later look that the object has a field.
func formHeaded(name string, value any) After {
	return After{Text: "the object has the field",
		Call: func(s *Scene) client.Call { return s.Head(s.Key("a")) }, Want: Shown().Field(name, value)}
}

// formTyped gives the file's part a Content-Type.
func formTyped(typ string) formChange { return func(_ *Scene, u *formUpload) { u.typ = typ } }

func postTypes(b *Book) {
	b.formRightAfter("type/part", "ranks the Content-Type of the file above the field", By{
		"oss": {Clauses: "OSS-POST-09", Want: Accepted(2)},
	}, []After{formHeaded("Content-Type", "image/jpeg")}, formTyped("image/jpeg"), formWith("Content-Type", "text/plain"))
	b.formRightAfter("type/field", "takes the type of the object from the field, not from the file", By{
		"cos": {Clauses: "COS-XPOST-07", Want: Accepted(2)},
	}, []After{formHeaded("Content-Type", "text/plain")}, formTyped("image/jpeg"), formWith("Content-Type", "text/plain"))
	b.formRightAfter("type/empty", "gives the object a default type where the field is empty", By{
		"cos": {Clauses: "COS-POST-24", Want: Accepted(2)},
	}, []After{formHeaded("Content-Type", "application/octet-stream")}, formTyped("image/jpeg"), formWith("Content-Type", ""))
}

// contentHeaders are the fields of HTTP that a form may hold.
var contentHeaders = []struct{ name, value string }{
	{"Content-Type", "text/plain"}, {"Cache-Control", "no-cache"}, {"Content-Disposition", "attachment; filename=a.txt"},
	{"Content-Encoding", "identity"}, {"Expires", "Thu, 01 Dec 2033 16:00:00 GMT"},
}

func postFields(b *Book) {
	for _, f := range contentHeaders {
		by := By{
			"oss": {Clauses: "OSS-POST-10", Want: Accepted(2)},
			"cos": {Clauses: "COS-XPOST-08", Want: Accepted(2)},
			"s3":  {Clauses: "S3-POST-33", Want: Accepted(2)},
		}
		if f.name == "Content-Disposition" {
			by["bos"] = Row{Clauses: "BOS-POST-02", Want: Accepted(2)}
		}
		b.formRightAfter("field/"+lower(f.name), "makes a content field of the form one of the object", by,
			[]After{formHeaded(f.name, f.value)}, formWith(f.name, f.value))
	}
	meta := b.W.Meta + "uuid"
	b.formRightAfter("field/metadata", "makes user metadata of the form that of the object", By{
		"oss": {Clauses: "OSS-POST-18", Want: Accepted(2), Rests: "OSS-POST-46 OSS-HEAD-09"},
		"cos": {Clauses: "COS-XPOST-08", Want: Accepted(2), Rests: "COS-POST-23"},
		"bos": {Clauses: "BOS-POST-02", Want: Accepted(2)},
		"s3":  {Clauses: "S3-POST-33", Want: Accepted(2)},
	}, []After{formHeaded(meta, "myuuid")}, formWith(meta, "myuuid"))
	b.formWrong("metadata-too-large", "refuses more than 8 KB of user metadata", By{
		"oss": {Clauses: "OSS-POST-19", Want: Refused(400, "InvalidArgument"), Rests: "OSS-POST-46"},
	}, nil, formWith(b.W.Meta+"a", body(4096)), formWith(b.W.Meta+"b", body(4097)))
}

func postEncryption(b *Book) {
	const field = "x-oss-server-side-encryption"
	b.formWrong("encryption/unknown", "refuses algorithms of encryption that there are not", By{
		"oss": {Clauses: "OSS-POST-20", Want: Refused(400, "InvalidEncryptionAlgorithmError")},
	}, nil, formWith(field, "DES"))
	b.Case("encryption/reply", "answers the algorithm of encryption", By{
		"oss": {Clauses: "OSS-POST-21", Want: Accepted(2).Field(field, "AES256")},
	}, Case{
		Given: []Given{formTaken("control")},
		When:  func(s *Scene) client.Call { return s.Post(formWith(field, "AES256")) },
		After: []After{{Text: "a download tells it", Call: func(s *Scene) client.Call { return s.Get(s.Key("a")) }, Want: Shown().Field(field, "AES256")}},
	})
	b.Case("encryption/key", "takes the id of a key together with KMS", By{
		"oss": {Clauses: "OSS-POST-22", Want: Accepted(2)},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{standing, formTaken("control")},
		When: func(s *Scene) client.Call {
			return s.Post(formWith(field, "KMS"), formWith(field+"-key-id", "9468da86-3509-4f8d-a61e-6eab1eac0000"))
		},
		After: []After{reads("a", "content")},
	})
}

func postClass(b *Book) {
	b.formRightAfter("class", "gives the object the storage class of the form", By{
		"bos": {Clauses: "BOS-POST-09", Want: Accepted(2)},
	}, []After{formHeaded("x-bce-storage-class", "COLD")}, formWith("x-bce-storage-class", "COLD"))
	b.formRightAfter("class/known", "gives the object the storage class of the form", By{
		"s3": {Clauses: "S3-POST-34", Want: Accepted(2), Rests: "S3-OBJ-28"},
	}, []After{formHeaded("x-amz-storage-class", "STANDARD_IA")}, formWith("x-amz-storage-class", "STANDARD_IA"))
	b.formWrong("class/unknown", "refuses storage classes that there are not", By{
		"s3": {Clauses: "S3-POST-34", Want: Refused(400, "InvalidStorageClass"),
			More: []Want{Want{}.With(formTold("StorageClassRequested", "FakeClass"))}},
	}, nil, formWith("x-amz-storage-class", "FakeClass"))
}

func postTags(b *Book) {
	const tags = `<Tagging><TagSet><Tag><Key>TagName</Key><Value>TagValue</Value></Tag></TagSet></Tagging>`
	b.formRightAfter("tags", "gives the object the tags of the form", By{
		"s3": {Clauses: "S3-POST-35", Want: Accepted(2), Rests: "S3-TAG-01"},
	}, []After{{Text: "the tags can be read", Call: func(s *Scene) client.Call {
		call := s.Get(s.Key("a"))
		call.Query = []wire.Param{{Name: "tagging", Bare: true}}
		return call
	}, Want: Shown().With(formTagged)}}, formWith("tagging", tags))
	b.formWrong("tags/malformed", "refuses tags that are no XML", By{
		"s3": {Clauses: "S3-POST-35", Want: Refused(400, "MalformedXML")},
	}, nil, formWith("tagging", "test"))
	b.formRightAfter("checksum", "computes a checksum where the form asks for none", By{
		"s3": {Clauses: "S3-POST-36", Want: Accepted(2)},
	}, []After{{Text: "the object has a checksum", Call: func(s *Scene) client.Call { return s.Head(s.Key("a"), Field("x-amz-checksum-mode", "ENABLED")) },
		Want: Shown().Field("x-amz-checksum-crc64nvme", "rosUhgp5mIg=")}}, formFile("123456789"))
}

// tagged finds the tag in a Tagging document.
func formTagged(_ *Scene, r *client.Reply) []Flaw {
	if got := string(r.Body); !strings.Contains(got, "<Key>TagName</Key>") || !strings.Contains(got, "<Value>TagValue</Value>") {
		return []Flaw{{"the tag TagName=TagValue", excerpt(got)}}
	}
	return nil
}

func postDigests(b *Book) {
	digest := func(of func(call client.Call) string) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			call := s.Post()
			sum := md5.Sum([]byte(of(call)))
			call.Fields.Add("Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
			return call
		}
	}
	b.Case("content-md5/right", "takes the header field Content-MD5 for the digest of the whole body", By{
		"oss": {Clauses: "OSS-POST-32", Want: Accepted(2)},
	}, Case{
		Given: []Given{formTaken("control")},
		When:  digest(func(call client.Call) string { return string(call.Body) }),
		After: []After{reads("a", "content")},
	})
	b.Case("content-md5/of-file", "refuses a Content-MD5 that is the digest of the file alone", By{
		"oss": {Clauses: "OSS-POST-32", Want: Refused(400, "InvalidDigest")},
	}, Case{
		Given: []Given{formTaken("control")},
		When:  digest(func(client.Call) string { return "content" }),
		After: []After{missing("a")},
	})
}
