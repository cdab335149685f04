package suites

import (
	"io"
	"regexp"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// mpEncrypted tells of uploads that the service encrypts, and of classes.
func mpEncrypted(b *Book) {
	cipher := Field("x-oss-server-side-encryption", "AES256")
	shown := func(ids string) By {
		return By{"oss": {Clauses: ids, Want: Shown().Field(cipher.Name, cipher.Value), Rests: "OSS-MPU-INIT-08"}}
	}
	b.Case("encryption/initiate", "answers how the upload is encrypted when it begins", By{
		"oss": {Clauses: "OSS-MPU-INIT-09", Want: Accepted(200).Field(cipher.Name, cipher.Value), Rests: "OSS-MPU-INIT-01 OSS-MPU-INIT-08"},
	}, mpBeginning("a", cipher))
	begun := []Given{put("from", "content"), mpBegun("a", cipher)}
	b.Case("encryption/part", "encrypts a part without being asked again, and says so", shown("OSS-MPU-INIT-14 OSS-MPU-PART-16"),
		Case{Given: begun, When: func(s *Scene) client.Call { return s.mpPart("a", "7", "0123456789") }})
	b.Case("encryption/copied-part", "encrypts a part that is copied, and says so", shown("OSS-MPU-COPY-16"),
		Case{Given: begun, When: func(s *Scene) client.Call { return s.mpCopy("a", 7, "from") }})
	b.Case("encryption/complete", "answers how the object is encrypted when it is complete", shown("OSS-XCMPL-25"),
		Case{Given: append(begun[:2:2], mpSent("a", 1, "0123456789")), When: mpCompleting("a", 1)})
	refused := func(name, clause string, want Want, f wire.Field) {
		b.Case(name, "refuses an upload that asks for what there is not", By{"oss": {Clauses: clause, Want: want}}, mpBeginning("a", f))
	}
	refused("encryption/unknown", "OSS-MPU-INIT-10", Refused(400, "InvalidEncryptionAlgorithmError"), Field(cipher.Name, "DES"))
	refused("encryption/no-kms", "OSS-MPU-INIT-11", Refused(403, "KmsServiceNotEnabled"), Field(cipher.Name, "KMS"))
	refused("storage-class/unknown", "OSS-MPU-INIT-12", Refused(400, "InvalidArgument"), Field("x-oss-storage-class", "Gold"))
	b.Case("encryption/part-asks", "refuses a part that asks for encryption itself", By{
		"oss": {Clauses: "OSS-MPU-INIT-15", Want: Refused(400, "InvalidArgument")},
	}, Case{Given: begun, When: func(s *Scene) client.Call { return s.mpPart("a", "7", "0123456789", cipher) }})
}

// mpWhereabouts tells of uploads in listings, of missing buckets and of what an
// ID is good for.
func mpWhereabouts(b *Book) {
	b.Case("initiate/usable", "gives an ID by which the upload can be looked at and given up", By{
		"oss": {Clauses: "OSS-MPU-INIT-16", Want: Accepted(200)},
	}, Case{
		Given: []Given{mpBegun("a")},
		When:  func(s *Scene) client.Call { return s.mpListParts("a") },
		After: []After{{Text: "it can be aborted", Call: func(s *Scene) client.Call { return s.mpAbort("a") }, Want: Accepted(204)}},
	})
	b.Case("initiate/no-bucket", "refuses to begin an upload in a bucket that is not there", By{
		"bos": {Clauses: "BOS-MPU-37", Want: Refused(404, "NoSuchBucket")},
	}, Case{When: func(s *Scene) client.Call {
		return client.Call{Method: "POST", Bucket: s.Absent(), Key: "a", Query: []wire.Param{{Name: "uploads", Bare: true}}}
	}})
	b.Case("part/unlisted", "lists neither the key of an open upload nor a prefix that it alone has", By{
		"s3": {Clauses: "S3-LIST-32", Want: Shown().With(func(s *Scene, r *client.Reply) []Flaw {
			if strings.Contains(string(r.Body), "<Contents>") || strings.Contains(string(r.Body), "<CommonPrefixes>") {
				return []Flaw{{"no entry", excerpt(string(r.Body))}}
			}
			return nil
		}), Rests: "S3-LIST-30"},
	}, Case{
		Given: []Given{mpBegun("dir/a"), mpSent("dir/a", 1, "0123456789")},
		When: func(s *Scene) client.Call {
			prefix := strings.TrimSuffix(s.Key("dir/a"), "dir/a")
			return client.Call{Method: "GET", Bucket: s.Bucket, Query: []wire.Param{{Name: "prefix", Value: prefix}, {Name: "delimiter", Value: "/"}}}
		},
	})
	b.Case("abort/meanwhile", "refuses a part of which the upload is aborted while its body comes", By{
		"cos": {Clauses: "COS-XMPU-23", Want: Refused(404, "NoSuchUpload"), Rests: "COS-XMPU-05 COS-XMPU-22"},
	}, Case{
		Given: []Given{mpBegun("a")},
		When: func(s *Scene) client.Call {
			call := s.mpPart("a", "7", "")
			call.Body, call.Length, call.Fresh = nil, 10, true
			call.Source = io.MultiReader(strings.NewReader("01234"), mpMeantime(func() { s.Must(s.mpAbort("a")) }), strings.NewReader("56789"))
			return call
		},
	})
}

// mpMeantime is a reader of nothing that does something when it is read.
type mpMeantime func()

// Read does it.
func (do mpMeantime) Read([]byte) (int, error) {
	do()
	return 0, io.EOF
}

// mpSigned tells of what the signature of multipart requests covers.
func mpSigned(b *Book) {
	entered := Accepted(200).With(func(s *Scene, r *client.Reply) []Flaw {
		s.mpOpened("a#judged", r)
		return nil
	})
	begin := ask{name: "begin", text: "an initiation", right: entered, call: func(s *Scene, key string) client.Call { return s.mpBegin(key) }}
	b.contrast(ossV1, begin, "uploads", "signs uploads", ossMismatch("OSS-MPU-INIT-04").on("OSS-MPU-INIT-01"), untouched,
		over("", "without it", replaced("?uploads", "")))
	part := ask{name: "part", text: "a part", right: Accepted(200), given: func(key string) Given { return mpBegun(key) },
		call: func(s *Scene, key string) client.Call { return s.mpPart(key, "7", "0123456789") }}
	b.contrast(ossV1, part, "part", "signs partNumber and uploadId", ossMismatch("OSS-MPU-PART-18").on("OSS-MPU-PART-01 OSS-MPU-PART-09"), untouched,
		over("", "without them", func(text string) string { return regexp.MustCompile(`\?partNumber=.*$`).ReplaceAllString(text, "") }))
	copied := ask{name: "copy", text: "a part that is copied", right: Accepted(200), given: func(key string) Given {
		return func(s *Scene) { put("from", "content")(s); mpBegun(key)(s) }
	}, call: func(s *Scene, key string) client.Call { return s.mpCopy(key, 7, "from") }}
	b.contrast(ossV1, copied, "copied-part", "signs the source of a part", ossMismatch("OSS-MPU-COPY-18").on("OSS-MPU-COPY-01"), untouched,
		over("", "without it", func(text string) string {
			return regexp.MustCompile("x-oss-copy-source:.*\n").ReplaceAllString(text, "")
		}))
}
