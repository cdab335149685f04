package suites

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// encryptionBooks write the chapter encryption: who keeps the key of an object.
var encryptionBooks = slices.Concat([]func(*Book){encryptedBuckets, encryptedByService, sealsRefused, sealsKept, sealsOfParts, sealsOfCopies, sealsAnswered}, sealsCompletedBooks)

// The bytes of two keys of clients.
var (
	sealKeyOne = strings.Repeat("k", 32)
	sealKeyTwo = strings.Repeat("o", 32)
)

// sealing are the fields that give a client's key; from stands before the fields
// of the source of a copy.
func sealing(from, key string) []wire.Field {
	sum := md5.Sum([]byte(key))
	name := "x-amz-" + from + "server-side-encryption-customer-"
	return []wire.Field{Field(name+"algorithm", "AES256"), Field(name+"key", base64.StdEncoding.EncodeToString([]byte(key))),
		Field(name+"key-MD5", base64.StdEncoding.EncodeToString(sum[:]))}
}

// cipher is the field that asks the service to encrypt.
func cipher(word string) wire.Field { return Field("x-amz-server-side-encryption", word) }

// encryptionOf writes how a bucket encrypts.
func encryptionOf(rules ...string) string {
	return xmlOf("ServerSideEncryptionConfiguration", rules...)
}

func encryptionRule(defaults ...string) string {
	return xmlOf("Rule", xmlOf("ApplyServerSideEncryptionByDefault", defaults...), xmlOf("BucketKeyEnabled", "false"))
}

func encryptedBuckets(b *Book) {
	b.Case("bucket/default", "tells that a new bucket encrypts with AES256", By{
		"s3": {Clauses: "S3-SSE-01", Want: Accepted(200).Content(gomega.And(
			gomega.ContainSubstring("<SSEAlgorithm>AES256</SSEAlgorithm>"), gomega.ContainSubstring("<BucketKeyEnabled>false</BucketKeyEnabled>")))},
	}, Case{Given: []Given{own("b")}, When: func(s *Scene) client.Call { return s.config("GET", "encryption") }})
	remove := func(s *Scene) client.Call { return s.config("DELETE", "encryption") }
	for _, c := range []struct {
		name  string
		given []Given
	}{{"once", []Given{own("b")}}, {"twice", []Given{own("b"), func(s *Scene) { s.Must(remove(s)) }}}} {
		b.Case("bucket/delete-"+c.name, "removes what nobody has set", By{
			"s3": {Clauses: "S3-SSE-01", Want: Accepted(204)},
		}, Case{Given: c.given, When: remove})
	}
	aes := encryptionRule(xmlOf("SSEAlgorithm", "AES256"))
	for _, c := range []struct{ name, text, code, document string }{
		{"no-rule", "refuses a document without a rule", "MalformedXML", encryptionOf()},
		{"two-rules", "refuses a document of two rules", "MalformedXML", encryptionOf(aes, aes)},
		{"key", "refuses a key for a cipher that needs none", "InvalidArgument", encryptionOf(encryptionRule(xmlOf("SSEAlgorithm", "AES256"), xmlOf("KMSMasterKeyID", "key")))},
	} {
		b.Case("bucket/"+c.name, c.text, By{
			"s3": {Clauses: "S3-SSE-04", Want: Refused(400, c.code), Rests: "S3-SSE-01"},
		}, Case{
			Given: []Given{own("b"), func(s *Scene) { s.Keep("encryption", string(s.Must(s.config("GET", "encryption")).Body)) }},
			When:  func(s *Scene) client.Call { return s.setConfig("encryption", c.document) },
			After: []After{configSame("encryption")},
		})
	}
}

func encryptedByService(b *Book) {
	told := Shown().Field("x-amz-server-side-encryption", "AES256")
	b.Case("service/put", "answers an upload how it is encrypted", By{"s3": {Clauses: "S3-SSE-02", Want: told}}, Case{
		When: func(s *Scene) client.Call { return s.Put(s.Key("a"), "content") },
	})
	for _, method := range []string{"GET", "HEAD"} {
		b.Case("service/"+lower(method), "tells with "+method+" how an object is encrypted", By{"s3": {Clauses: "S3-SSE-02", Want: told}}, Case{
			Given: []Given{put("a", "content")},
			When:  func(s *Scene) client.Call { return client.Call{Method: method, Bucket: s.Bucket, Key: s.Key("a")} },
		})
	}
	b.Case("service/unknown", "refuses a cipher that there is not", By{
		"s3": {Clauses: "S3-SSE-03", Want: Refused(400, "InvalidArgument")},
	}, Case{When: func(s *Scene) client.Call { return s.Put(s.Key("a"), "content", cipher("aes:kms")) }, After: []After{missing("a")}})
	b.Case("service/kms-key", "refuses a key that nobody has made", By{
		"s3": {Clauses: "S3-SSE-05", Want: Refused(400, "KMS.NotFoundException")},
	}, Case{
		When: func(s *Scene) client.Call {
			return s.Put(s.Key("a"), "content", cipher("aws:kms"), Field("x-amz-server-side-encryption-aws-kms-key-id", "fake-key-id"))
		},
		After: []After{missing("a")},
	})
}

func sealsRefused(b *Book) {
	right := sealing("", sealKeyOne)
	with := func(i int, value string) []wire.Field {
		fields := append([]wire.Field(nil), right...)
		fields[i].Value = value
		return fields
	}
	refuse := func(name, text, clause string, want Want, fields ...wire.Field) {
		b.Case("customer/"+name, text, By{"s3": {Clauses: clause, Want: want}}, Case{
			When: func(s *Scene) client.Call { return s.Put(s.Key("a"), "content", fields...) }, After: []After{missing("a")},
		})
	}
	invalid := Refused(400, "InvalidArgument")
	for i, name := range []string{"no-algorithm", "no-key", "no-digest"} {
		var rest []wire.Field
		for j, f := range right {
			if j != i {
				rest = append(rest, f)
			}
		}
		refuse(name, "refuses what a client says of its key where something is missing", "S3-SSE-06", invalid, rest...)
	}
	refuse("short-key", "refuses a key that is too short", "S3-SSE-06", invalid, sealing("", "short")...)
	refuse("digest", "refuses the digest of another key", "S3-SSE-06", invalid, with(2, sealing("", sealKeyTwo)[2].Value)...)
	refuse("algorithm", "refuses a cipher that clients have no keys for", "S3-SSE-07",
		Refused(400, "InvalidEncryptionAlgorithmError").With(element("ArgumentValue", "KMS")), with(0, "KMS")...)
	refuse("both", "refuses a key of the client together with one of the service", "S3-SSE-08", invalid, append([]wire.Field{cipher("AES256")}, right...)...)
}

// sealedAt puts an object that is encrypted with a client's key.
func sealedAt(key string) Given {
	return func(s *Scene) { s.Must(s.Put(s.Key(key), "content", sealing("", sealKeyOne)...)) }
}

func sealsKept(b *Book) {
	plain := md5.Sum([]byte("content"))
	repeated := Shown().Field("x-amz-server-side-encryption-customer-algorithm", "AES256").
		Field("x-amz-server-side-encryption-customer-key-MD5", sealing("", sealKeyOne)[2].Value).
		Field("x-amz-server-side-encryption-customer-key", Absent)
	b.Case("customer/put", "answers what a client says of its key, but not the key, and no digest of the data", By{
		"s3": {Clauses: "S3-SSE-11", Want: repeated.Field("ETag", gomega.Not(gomega.Equal(`"`+hex.EncodeToString(plain[:])+`"`))), Rests: "S3-OBJ-01"},
	}, Case{When: func(s *Scene) client.Call { return s.Put(s.Key("a"), "content", sealing("", sealKeyOne)...) }})
	for _, c := range []struct {
		name, text, method string
		want               Want
		fields             []wire.Field
	}{
		{"get-without", "refuses to read an object without its key", "GET", Refused(400, "InvalidRequest"), nil},
		{"get-other", "refuses to read an object with another key", "GET", Refused(403, "AccessDenied"), sealing("", sealKeyTwo)},
		{"head-without", "refuses to tell of an object without its key", "HEAD", Accepted(400), nil},
	} {
		b.Case("customer/"+c.name, c.text, By{"s3": {Clauses: "S3-SSE-10", Want: c.want}}, Case{
			Given: []Given{sealedAt("a"), func(s *Scene) { s.Must(s.Get(s.Key("a"), sealing("", sealKeyOne)...)) }},
			When: func(s *Scene) client.Call {
				return client.Call{Method: c.method, Bucket: s.Bucket, Key: s.Key("a"), Fields: c.fields}
			},
		})
	}
}

func sealsOfParts(b *Book) {
	for _, c := range []struct {
		name, text string
		begin      []wire.Field
		part       []wire.Field
	}{
		{"without", "refuses a part without the key of its upload", sealing("", sealKeyOne), nil},
		{"other", "refuses a part with another key than its upload's", sealing("", sealKeyOne), sealing("", sealKeyTwo)},
		{"with", "refuses a part with a key to an upload without", nil, sealing("", sealKeyOne)},
	} {
		b.Case("part/"+c.name, c.text, By{
			"s3": {Clauses: "S3-SSE-12", Want: Refused(400, "InvalidRequest"), Rests: "S3-MPU-04"},
		}, Case{Given: []Given{mpBegun("a", c.begin...)}, When: func(s *Scene) client.Call { return s.mpPart("a", "1", "content", c.part...) }})
	}
}

func sealsOfCopies(b *Book) {
	b.Case("copy/without", "refuses to copy an object without its key", By{
		"s3": {Clauses: "S3-SSE-13", Want: Refused(400, "InvalidRequest")},
	}, Case{Given: []Given{sealedAt("from")}, When: func(s *Scene) client.Call { return s.Copy("from", "a") }, After: []After{missing("a")}})
	b.Case("copy/with", "copies an object with its key", By{
		"s3": {Clauses: "S3-SSE-13", Want: Accepted(200), Rests: "S3-COPY-01"},
	}, Case{
		Given: []Given{sealedAt("from")},
		When:  func(s *Scene) client.Call { return s.Copy("from", "a", sealing("copy-source-", sealKeyOne)...) },
		After: []After{reads("a", "content")},
	})
}
