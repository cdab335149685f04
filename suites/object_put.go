package suites

import (
	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// objectPutBooks write what the chapter object says of writing and removing.
var objectPutBooks = []func(*Book){putStores, putReplies, putReplaces, putNowhere, putTogether, putKeys, putLongKeys, putBadKeys,
	putFields, putDefaults, putMeta, putOptions, putMetaLimits, putDigests, putBadDigests, putOtherDigests,
	putLengths, putSizes, putBroken, putWaiting, deletes, objectMetas}

// storing is a case that puts body and reads it back.
func storing(body string, fields ...wire.Field) Case {
	return Case{
		When:  func(s *Scene) client.Call { return s.Put(s.Key("k"), body, fields...) },
		After: []After{reads("k", body)},
	}
}

// answering is a case that looks at the reply to an upload only.
func answering(body string, fields ...wire.Field) Case {
	return Case{When: func(s *Scene) client.Call { return s.Put(s.Key("k"), body, fields...) }}
}

// refusedPut is a case whose upload is refused: there was no object, and there
// is none afterwards.
func refusedPut(body string, fields ...wire.Field) Case {
	return Case{
		When:  func(s *Scene) client.Call { return s.Put(s.Key("k"), body, fields...) },
		After: []After{missing("k")},
	}
}

// heads is the later look at the head of the object at key.
func heads(key string, fields ...FieldWant) After {
	return After{Text: "the object's head",
		Call: func(s *Scene) client.Call { return s.Head(s.Key(key)) }, Want: Want{Status: 2, Fields: fields}}
}

func putStores(b *Book) {
	const text = "a\r\nb\x00\r\nend."
	b.Case("put/stores", "stores the bytes of the body as they come, and answers 200", By{
		"oss": {Clauses: "OSS-PUT-01", Want: Accepted(200)},
		"cos": {Clauses: "COS-XPUT-01", Want: Accepted(200).Content("").Field("Content-Length", "0").
			Field("ETag", `"d6f443cfb608dcc611f90993db320c38"`).Field("x-cos-hash-crc64ecma", "15325542986420636077")},
		"bos": {Clauses: "BOS-PUT-01", Want: Accepted(200).Content("").Field("ETag", `"d6f443cfb608dcc611f90993db320c38"`)},
	}, storing(text))
	b.Case("put/operation", "offers PutObject", By{
		"bos": {Clauses: "BOS-API-92", Want: Accepted(2)},
	}, storing(text))
	b.Case("put/without-digest", "takes an upload without Content-MD5", By{
		"cos": {Clauses: "COS-XHDR-13", Want: Accepted(200)},
	}, storing("text"))
	b.Case("put/without-type", "takes an upload without Content-Type and chooses one", By{
		"cos": {Clauses: "COS-XHDR-16", Want: Accepted(200)},
	}, Case{
		When:  func(s *Scene) client.Call { return s.Put(s.Key("k"), "text") },
		After: []After{heads("k", FieldWant{"Content-Type", Present})},
	})
	b.Case("put/empty", "makes an empty object of an upload of no bytes", By{
		"oss": {Clauses: "OSS-PUT-35", Want: Accepted(200)},
		"bos": {Clauses: "BOS-PUT-02", Want: Accepted(200)},
	}, Case{
		When:  func(s *Scene) client.Call { return s.Put(s.Key("k"), "", Field("Content-Length", "0")) },
		After: []After{reads("k", "")},
	})
}

func putReplies(b *Book) {
	b.Case("put/reply", "answers an upload with an ETag in quotes and no body", By{
		"oss": {Clauses: "OSS-PUT-04", Want: Shown().Content("").Field("Content-Length", "0"), Rests: "OSS-PUT-01"},
		"cos": {Clauses: "COS-PUT-01", Want: Accepted(200).Content("").Field("Content-Length", "0").
			Field("ETag", `"225d773509de59a867e5856c4f2b6885"`).Field("Server", "tencent-cos").Field("x-cos-request-id", Present),
			Rests: "COS-XHDR-01 COS-XHDR-02"},
		"s3": {Clauses: "S3-OBJ-01", Want: Accepted(200).Content("").Field("Content-Length", "0").
			Field("ETag", `"225d773509de59a867e5856c4f2b6885"`)},
	}, answering("16 bytes of body"))
	b.Case("put/reply-digests", "answers an upload with ETag, MD5 and CRC-64 of what it received", By{
		"oss": {Clauses: "OSS-XPUT-11", Want: Shown().Field("ETag", `"225D773509DE59A867E5856C4F2B6885"`).
			Field("Content-MD5", "Il13NQneWahn5YVsTytohQ==").Field("x-oss-hash-crc64ecma", "13751604326683294590")},
	}, answering("16 bytes of body"))
	b.Case("put/reply-md5", "answers an upload of nothing with the MD5 of nothing, if with any", By{
		"oss": {Clauses: "OSS-HDR-15", Want: Shown().Field("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")},
	}, answering(""))
	putETags(b)
	putCRC64(b)
}

func putETags(b *Book) {
	b.Case("put/etag/empty", "answers an empty upload with the MD5 of nothing as ETag", By{
		"oss": {Clauses: "OSS-PUT-02", Want: Shown().Field("ETag", `"D41D8CD98F00B204E9800998ECF8427E"`)},
	}, answering(""))
	b.Case("put/etag/digits", "answers an upload with its MD5 as ETag", By{
		"oss": {Clauses: "OSS-PUT-02 OSS-HDR-18", Want: Shown().Field("ETag", `"781E5E245D69B566979B86E28D23F2C7"`)},
		"cos": {Clauses: "COS-MD5-04", Want: Shown().Field("ETag", `"781e5e245d69b566979b86e28d23f2c7"`)},
		"bos": {Clauses: "BOS-HDR-07", Want: Shown().Field("ETag", gomega.MatchRegexp(`^"?781e5e245d69b566979b86e28d23f2c7"?$`))},
		"s3":  {Clauses: "S3-OBJ-02", Want: Shown().Field("ETag", `"781e5e245d69b566979b86e28d23f2c7"`)},
	}, answering("0123456789"))
	abc := map[string]string{"oss": `"900150983CD24FB0D6963F7D28E17F72"`, "cos": `"900150983cd24fb0d6963f7d28e17f72"`}[b.Dialect]
	b.Case("put/etag/everywhere", "gives the MD5 of an upload as its ETag in every reply", By{
		"oss": {Clauses: "OSS-XHDR-01", Want: Shown().Field("ETag", abc), Rests: "OSS-HEAD-01"},
		"cos": {Clauses: "COS-XHDR-04", Want: Shown().Field("ETag", abc), Rests: "COS-XHEAD-01"},
	}, Case{
		When: func(s *Scene) client.Call { return s.Put(s.Key("k"), "abc") },
		After: []After{heads("k", FieldWant{"ETag", abc}), {Text: "the object as it is read",
			Call: func(s *Scene) client.Call { return s.Get(s.Key("k")) }, Want: Want{Status: 2}.Field("ETag", abc)}},
	})
	b.Case("put/etag/read", "gives the MD5 of an upload as the ETag of the download", By{
		"cos": {Clauses: "COS-MD5-05", Want: Shown().Field("ETag", `"b62e10bcab55a88240bd9c436cffdcf9"`)},
	}, Case{
		Given: []Given{put("k", "exampleobject")},
		When:  func(s *Scene) client.Call { return s.Get(s.Key("k")) },
	})
}

func putCRC64(b *Book) {
	crc := func(value string) Want { return Shown().Field(b.W.CRC64, value) }
	b.Case("put/crc64/empty", "answers 0 as the CRC-64 of nothing", By{
		"oss": {Clauses: "OSS-PUT-03", Want: crc("0")},
		"cos": {Clauses: "COS-CRC64-11", Want: crc("0")},
	}, answering(""))
	b.Case("put/crc64/empty-everywhere", "gives 0 as the CRC-64 of nothing, on HEAD, too", By{
		"oss": {Clauses: "OSS-XHDR-05", Want: crc("0")},
	}, Case{
		When:  func(s *Scene) client.Call { return s.Put(s.Key("k"), "") },
		After: []After{heads("k", FieldWant{b.W.CRC64, "0"})},
	})
	b.Case("put/crc64/everywhere", "gives the CRC-64 of an upload on HEAD, too", By{
		"cos": {Clauses: "COS-XHDR-06", Want: crc("13242225731321912570")},
	}, Case{
		When:  func(s *Scene) client.Call { return s.Put(s.Key("k"), "hello cos") },
		After: []After{heads("k", FieldWant{b.W.CRC64, "13242225731321912570"})},
	})
	b.Case("put/crc64/check", "answers the check value of CRC-64/XZ as an unsigned number", By{
		"oss": {Clauses: "OSS-PUT-03 OSS-HDR-16", Want: crc("11051210869376104954")},
		"cos": {Clauses: "COS-CRC64-01", Want: crc("11051210869376104954")},
		"bos": {Clauses: "BOS-HDR-16", Want: crc("11051210869376104954")},
	}, answering("123456789"))
	b.Case("put/crc64/text", "answers the CRC-64 that the sample code computes", By{
		"cos": {Clauses: "COS-CRC64-02", Want: crc("13242225731321912570")},
	}, answering("hello cos"))
	b.Case("put/crc64/head", "gives the CRC-64 of the upload on HEAD, unsigned", By{
		"cos": {Clauses: "COS-CRC64-08", Want: crc("11051210869376104954")},
	}, Case{
		Given: []Given{put("k", "123456789")},
		When:  func(s *Scene) client.Call { return s.Head(s.Key("k")) },
	})
	b.Case("put/crc64/read", "gives the CRC-64 of the upload on GET and HEAD", By{
		"cos": {Clauses: "COS-CRC64-06", Want: crc("13242225731321912570")},
	}, Case{
		Given: []Given{put("k", "hello cos")},
		When:  func(s *Scene) client.Call { return s.Get(s.Key("k")) },
		After: []After{heads("k", FieldWant{b.W.CRC64, "13242225731321912570"})},
	})
}

func putReplaces(b *Book) {
	b.Case("put/replaces", "replaces the object that was there", By{
		"oss": {Clauses: "OSS-PUT-05", Want: Accepted(200).Field("ETag", `"22AF645D1859CB5CA6DA0C484F1F37EA"`), Rests: "OSS-PUT-02"},
		"cos": {Clauses: "COS-PUT-04 COS-XPUT-04", Want: Accepted(200)},
		"s3":  {Clauses: "S3-OBJ-03", Want: Accepted(2)},
	}, Case{
		Given: []Given{put("k", "0123456789")},
		When:  func(s *Scene) client.Call { return s.Put(s.Key("k"), "new") },
		After: []After{reads("k", "new")},
	})
	b.Case("put/replaces-metadata", "replaces content and metadata of the object that was there", By{
		"bos": {Clauses: "BOS-PUT-04", Want: Accepted(2)},
	}, Case{
		Given: []Given{func(s *Scene) { s.Must(s.Put(s.Key("k"), "0123456789", Field("x-bce-meta-a", "1"))) }},
		When:  func(s *Scene) client.Call { return s.Put(s.Key("k"), "new") },
		After: []After{reads("k", "new"), heads("k", FieldWant{"x-bce-meta-a", Absent})},
	})
}

func putNowhere(b *Book) {
	b.Case("put/missing-bucket", "refuses an upload into a bucket that is not there", By{
		"oss": {Clauses: "OSS-PUT-07", Want: Refused(404, "NoSuchBucket")},
		"cos": {Clauses: "COS-XPUT-20", Want: Refused(404, "NoSuchBucket")},
		"bos": {Clauses: "BOS-PUT-27", Want: Refused(404, "NoSuchBucket")},
		"s3":  {Clauses: "S3-OBJ-24", Want: Refused(404, "NoSuchBucket")},
	}, Case{When: func(s *Scene) client.Call {
		return client.Call{Method: "PUT", Bucket: s.Absent(), Key: "k", Body: []byte("x")}
	}})
}
