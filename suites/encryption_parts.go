package suites

import (
	"crypto/md5"
	"encoding/hex"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// sealsCompletedBooks write what the completion of an upload has to do with how
// its object is encrypted.
var sealsCompletedBooks = []func(*Book){sealsCompleted, sealsCompletedKeyless, sealsCompletedSummed, sealsOfPartTags, sealsReadBack, sealsOfAttributes, ciphersMisplaced}

// sealSent sends the only part of an upload, and keeps its tag.
func sealSent(fields ...wire.Field) Given {
	return func(s *Scene) {
		r := s.Must(s.mpPart("m", "1", digits, fields...))
		s.Keep(mpTag("m", 1), r.Fields.Get("ETag"))
	}
}

func sealsCompleted(b *Book) {
	for _, c := range []struct{ name, asked, told string }{{"default", "", "AES256"}, {"aes256", "AES256", "AES256"}, {"kms", "aws:kms", "aws:kms"}} {
		var begin []wire.Field
		if c.asked != "" {
			begin = append(begin, cipher(c.asked))
		}
		b.Case("completed/"+c.name, "answers a completion how its object is encrypted", By{
			"s3": {Clauses: "S3-SSE-16", Want: Shown().Field("x-amz-server-side-encryption", c.told), Rests: "S3-MPU-15"},
		}, Case{Given: []Given{mpBegun("m", begin...), sealSent()}, When: mpCompleting("m", 1)})
	}
}

// sealsCompletedKeyless are completions of uploads of a client's key that say
// nothing of a checksum.
func sealsCompletedKeyless(b *Book) {
	key := sealing("", sealKeyOne)
	sealed := []Given{mpBegun("m", key...), sealSent(key...)}
	read := func(text string, want Want, fields ...wire.Field) After {
		return After{Text: text, Call: func(s *Scene) client.Call { return s.Get(s.Key("m"), fields...) }, Want: want}
	}
	b.Case("completed/keyless", "completes an upload of a client's key without it, and tells no cipher of its own", By{
		"s3": {Clauses: "S3-SSE-17", Want: Accepted(200).Field("x-amz-server-side-encryption", Absent), Rests: "S3-MPU-07 S3-MPU-15 S3-SSE-10"},
	}, Case{
		Given: sealed, When: mpCompleting("m", 1),
		After: []After{read("the key opens the object", Accepted(200).Content(digits), key...)},
	})
	b.Case("completed/needs-key", "refuses to read what was completed so without its key", By{
		"s3": {Clauses: "S3-SSE-10", Want: Refused(400, "InvalidRequest"), Rests: "S3-MPU-15"},
	}, Case{
		Given: append(sealed, mpCompleted("m", 1), func(s *Scene) { s.Must(s.Get(s.Key("m"), key...)) }),
		When:  func(s *Scene) client.Call { return s.Get(s.Key("m")) },
	})
}

// sealsCompletedSummed are those of uploads that named a checksum.
func sealsCompletedSummed(b *Book) {
	key := sealing("", sealKeyOne)
	for _, c := range []struct {
		name, text string
		want       Want
		fields     []wire.Field
		after      After
	}{
		{"summed-without", "refuses to complete an upload of a client's key and a checksum without the key", Refused(400, "InvalidRequest"), nil, missing("m")},
		{"summed-other", "refuses to complete an upload of a client's key and a checksum with another key", Refused(400, "InvalidRequest"), sealing("", sealKeyTwo), missing("m")},
		{"summed-with", "completes an upload of a client's key and a checksum with the key", Accepted(200), key,
			After{Text: "the key opens the object", Call: func(s *Scene) client.Call { return s.Get(s.Key("m"), key...) }, Want: Shown().Content(digits)}},
	} {
		begin := append(sumPlan("CRC32", "FULL_OBJECT"), key...)
		b.Case("completed/"+c.name, c.text, By{
			"s3": {Clauses: "S3-SSE-19", Want: c.want, Rests: "S3-MPU-02 S3-MPU-07 S3-MPU-15"},
		}, Case{
			Given: []Given{mpBegun("m", begin...), sealSent(append(key, sumField("CRC32", sumsOfDigits["CRC32"]))...)},
			When:  func(s *Scene) client.Call { return s.mpComplete("m", s.mpListed("m", 1), c.fields...) },
			After: []After{c.after},
		})
	}
}

func sealsOfPartTags(b *Book) {
	plain := md5.Sum([]byte(digits))
	tag := `"` + hex.EncodeToString(plain[:]) + `"`
	key := sealing("", sealKeyOne)
	b.Case("part/tag", "gives a part of a client's key a tag that is no digest of its data", By{
		"s3": {Clauses: "S3-SSE-18", Want: Shown().Field("ETag", gomega.Not(gomega.Equal(tag))), Rests: "S3-MPU-04 S3-MPU-07"},
	}, Case{Given: []Given{mpBegun("m", key...)}, When: func(s *Scene) client.Call { return s.mpPart("m", "1", digits, key...) }})
	b.Case("part/copied-tag", "gives a part of a client's key that is copied a tag that is no digest of its data", By{
		"s3": {Clauses: "S3-SSE-18", Want: Shown().Content(gomega.Not(gomega.ContainSubstring(tag[1 : len(tag)-1]))), Rests: "S3-MPU-04"},
	}, Case{
		Given: []Given{put("from", digits), mpBegun("m", key...)},
		When:  func(s *Scene) client.Call { return s.mpCopy("m", 1, "from", key...) },
	})
}

func sealsReadBack(b *Book) {
	for _, method := range []string{"GET", "HEAD"} {
		b.Case("customer/"+lower(method)+"-with", "tells with "+method+" no cipher of the service of what a client's key encrypts", By{
			"s3": {Clauses: "S3-SSE-20", Want: Shown().Field("x-amz-server-side-encryption", Absent)},
		}, Case{
			Given: []Given{sealedAt("a")},
			When: func(s *Scene) client.Call {
				return client.Call{Method: method, Bucket: s.Bucket, Key: s.Key("a"), Fields: sealing("", sealKeyOne)}
			},
		})
	}
}

func sealsOfAttributes(b *Book) {
	ask := func(fields ...wire.Field) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			return client.Call{Method: "GET", Bucket: s.Bucket, Key: s.Key("a"), Query: []wire.Param{{Name: "attributes", Bare: true}},
				Fields: append(fields, Field("x-amz-object-attributes", "ObjectSize"))}
		}
	}
	b.Case("customer/attributes-without", "refuses to tell attributes of an object without its key", By{
		"s3": {Clauses: "S3-SSE-21", Want: Accepted(400), Rests: "S3-SSE-10"},
	}, Case{Given: []Given{sealedAt("a"), func(s *Scene) { s.Must(ask(sealing("", sealKeyOne)...)(s)) }}, When: ask()})
}

// ciphersMisplaced are words of encryption where they do not belong.
func ciphersMisplaced(b *Book) {
	for _, c := range []struct {
		method string
		want   Want
	}{{"GET", Want{Status: 400, Code: "InvalidArgument", Step: 1}}, {"HEAD", Want{Status: 400, Step: 2}}} {
		b.Case("service/"+lower(c.method)+"-asked", "refuses a "+c.method+" that says how to encrypt", By{"s3": {Clauses: "S3-SSE-22", Want: c.want}}, Case{
			Given: []Given{put("a", "content")},
			When: func(s *Scene) client.Call {
				return client.Call{Method: c.method, Bucket: s.Bucket, Key: s.Key("a"), Fields: []wire.Field{cipher("AES256")}}
			},
		})
	}
	key := Field("x-amz-server-side-encryption-aws-kms-key-id", "fake-key-id")
	for _, c := range []struct {
		name   string
		fields []wire.Field
	}{{"key-with-aes256", []wire.Field{cipher("AES256"), key}}, {"key-alone", []wire.Field{key}}} {
		b.Case("service/"+c.name, "refuses a key of the service without the cipher that uses it", By{
			"s3": {Clauses: "S3-SSE-23", Want: Refused(400, "InvalidArgument")},
		}, Case{When: func(s *Scene) client.Call { return s.Put(s.Key("a"), "content", c.fields...) }, After: []After{missing("a")}})
	}
}
