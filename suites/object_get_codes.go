package suites

import (
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

func objectErrorCodes(b *Book) {
	b.Case("error/missing-key", "refuses a read of a key that is not there, and names it", By{
		"oss": {Clauses: "OSS-XGET-02 OSS-XERR-05", Want: Refused(404, "NoSuchKey").Of("OSS-XGET-02"), More: []Want{Want{}.Of("OSS-XGET-02 OSS-XERR-05").With(failing(namesKey))}},
		"cos": {Clauses: "COS-XERR-14", Want: Refused(404, "NoSuchKey")},
		"bos": {Clauses: "BOS-ERR-45 BOS-GET-24", Want: Refused(404, "NoSuchKey")},
		"s3":  {Clauses: "S3-ERR-02", Want: Refused(404, "NoSuchKey").With(namesKey)},
	}, Case{When: getK()})
	b.Case("error/missing-bucket", "refuses a read in a bucket that is not there", By{
		"oss": {Clauses: "OSS-XGET-03", Want: Refused(404, "NoSuchBucket")},
		"cos": {Clauses: "COS-XERR-13", Want: Refused(404, "NoSuchBucket")},
		"bos": {Clauses: "BOS-ERR-44", Want: Refused(404, "NoSuchBucket")},
		"s3":  {Clauses: "S3-ERR-03", Want: Refused(404, "NoSuchBucket").With(namesBucket)},
	}, Case{When: elsewhere("GET", "k", "")})
	b.Case("error/bucket-name", "names the bucket that is not there", By{
		"oss": {Clauses: "OSS-ERROR-03 OSS-XERR-05", Want: Want{}.With(failing(namesBucket)), Rests: "OSS-XGET-03"},
	}, Case{When: elsewhere("GET", "k", "")})
	for _, op := range []struct{ name, method, key, body string }{
		{"put", "PUT", "k", ten}, {"delete", "DELETE", "k", ""}, {"list", "GET", "", ""},
	} {
		b.Case("error/missing-bucket/"+op.name, "refuses whatever is asked of a bucket that is not there", By{
			"oss": {Clauses: "OSS-XERR-11 OSS-ERROR-08", Want: Refused(404, "NoSuchBucket")},
			"cos": {Clauses: "COS-XERR-13", Want: Refused(404, "NoSuchBucket")},
			"bos": {Clauses: "BOS-ERR-44", Want: Refused(404, "NoSuchBucket")},
		}, Case{When: elsewhere(op.method, op.key, op.body)})
	}
	b.Case("error/missing-bucket/append", "refuses an append in a bucket that is not there", By{
		"bos": {Clauses: "BOS-ERR-44", Want: Refused(404, "NoSuchBucket")},
	}, Case{When: func(s *Scene) client.Call {
		call := s.appendAt("k", true, 0, ten)
		call.Bucket = s.Absent()
		return call
	}})
	b.Case("error/head-missing-key", "refuses the HEAD of a key that is not there, without a body", By{
		"oss": {Clauses: "OSS-ERROR-05 OSS-HEAD-02 OSS-HEAD-03", Want: bare404("x-oss-request-id"), Rests: "OSS-HDR-01"},
		"cos": {Clauses: "COS-XERR-05 COS-XHEAD-03", Want: bare404("x-cos-request-id").Of("COS-XERR-05 COS-XHEAD-03"), More: []Want{Want{}.Of("COS-XERR-05").With(noLength)}, Rests: "COS-XHDR-02"},
		"bos": {Clauses: "BOS-ERR-02 BOS-HEAD-05", Want: bare404("x-bce-request-id"), Rests: "BOS-HDR-01"},
		"s3":  {Clauses: "S3-ERR-07 S3-ERR-08", Want: bare404("x-amz-request-id"), Rests: "S3-ERR-05"},
	}, Case{When: headK()})
	b.Case("error/head-forbidden", "refuses the HEAD of an object that the caller may not read, without a body", By{
		"cos": {Clauses: "COS-XHEAD-03", Want: Refused(403, "").Content("")},
	}, Case{Given: []Given{stored()}, When: func(s *Scene) client.Call {
		call := s.Head(s.Key("k"))
		call.Anonymous = true
		return call
	}})
}

// bare404 is a refusal by its status alone.
func bare404(id string) Want { return Refused(404, "").Content("").Field(id, Present) }

// noLength wants no length announced but 0.
func noLength(_ *Scene, r *client.Reply) []Flaw {
	if n := r.Fields.Get("Content-Length"); n != "" && n != "0" {
		return []Flaw{{"Content-Length 0 or none", n}}
	}
	return nil
}

func namesKey(s *Scene, r *client.Reply) []Flaw { return elements("Key", s.Key("k"))(s, r) }

func namesBucket(s *Scene, r *client.Reply) []Flaw { return elements("BucketName", s.Absent())(s, r) }

// elsewhere is a request of a bucket that nobody has.
func elsewhere(method, key, body string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		return client.Call{Method: method, Bucket: s.Absent(), Key: key, Body: []byte(body)}
	}
}

// objectStatuses hold codes to the status that the error tables give them.
func objectStatuses(b *Book) {
	b.Case("status/no-such-key", "answers NoSuchKey with 404", By{
		"oss": {Clauses: "OSS-XERR-11", Want: Refused(404, "NoSuchKey")},
	}, Case{When: getK()})
	b.Case("status/access-denied", "answers AccessDenied with 403", By{
		"oss": {Clauses: "OSS-ERROR-08 OSS-XERR-10", Want: Refused(403, "AccessDenied")},
		"cos": {Clauses: "COS-XERR-17", Want: Refused(403, "AccessDenied")},
	}, Case{Given: []Given{stored()}, When: func(s *Scene) client.Call {
		call := s.Get(s.Key("k"))
		call.Anonymous = true
		return call
	}})
	b.Case("status/digest", "answers a body that is not the one of Content-MD5 with 400", By{
		"oss": {Clauses: "OSS-XERR-09", Want: Refused(400, "InvalidDigest")},
		"cos": {Clauses: "COS-XERR-12", Want: Refused(400, "BadDigest")},
	}, Case{When: func(s *Scene) client.Call { return s.Put(s.Key("k"), "other", Field("Content-MD5", tenMD5)) }})
	b.Case("status/position", "answers a wrong position with 409", By{
		"oss": {Clauses: "OSS-ERROR-08 OSS-XERR-12", Want: Refused(409, "PositionNotEqualToLength")},
		"cos": {Clauses: "COS-XERR-20", Want: Refused(409, "AppendPositionErr")},
	}, Case{Given: []Given{appended("k", ten)}, When: func(s *Scene) client.Call { return s.Append(s.Key("k"), "4", "X") }})
	b.Case("status/length", "answers a missing length with 411", By{
		"cos": {Clauses: "COS-XERR-21 COS-XHDR-15", Want: Refused(411, "MissingContentLength")},
	}, Case{When: func(s *Scene) client.Call {
		call := s.Append(s.Key("k"), "0", "")
		call.Before, call.Fresh = withoutLength, true
		return call
	}})
	b.Case("status/precondition", "answers a precondition that does not hold with 412", By{
		"cos": {Clauses: "COS-XERR-22", Want: Refused(412, "PreconditionFailed")},
	}, Case{Given: []Given{stored()}, When: getK(Field("If-Match", `"00000000000000000000000000000000"`))})
	for _, op := range []struct{ name, method string }{{"patch", "PATCH"}, {"post-alone", "POST"}} {
		b.Case("error/method/"+op.name, "refuses a method that objects do not have, and names it", By{
			"oss": {Clauses: "OSS-XERR-06", Want: Refused(405, "MethodNotAllowed").With(elements("Method", op.method, "ResourceType", "OBJECT"))},
			"cos": {Clauses: "COS-XERR-15", Want: Refused(405, "MethodNotAllowed")},
			"bos": {Clauses: "BOS-ERR-41", Want: Refused(405, "MethodNotAllowed")},
			"s3":  {Clauses: "S3-ERR-11", Want: Refused(405, "MethodNotAllowed").With(elements("Method", op.method, "ResourceType", "OBJECT"))},
		}, Case{Given: []Given{stored()}, When: func(s *Scene) client.Call {
			return client.Call{Method: op.method, Bucket: s.Bucket, Key: s.Key("k")}
		}, After: []After{reads("k", ten)}})
	}
}

// objectHostile are heads that no client of good will sends.
func objectHostile(b *Book) {
	for _, p := range [][2]string{{"no-digits", "%zz"}, {"one-digit", "%4"}} {
		b.Case("hostile/escape/"+p[0], "refuses a path that cannot be decoded", By{
			"cos": {Clauses: "COS-XERR-12", Want: Refused(400, "InvalidURI")},
			"bos": {Clauses: "BOS-ERR-26", Want: Refused(400, "InvalidURI")},
			"s3":  {Clauses: "S3-ERR-15", Want: Refused(400, "InvalidURI")},
		}, Case{When: func(s *Scene) client.Call {
			call := s.Get(s.Key("k"))
			call.Fresh, call.Tamper = true, func(r *wire.Request) { r.Target += p[1] }
			return call
		}})
	}
	b.Case("hostile/large-head", "refuses header fields of more than 8 KB and names the limit", By{
		"s3": {Clauses: "S3-ERR-21", Want: Refused(400, "RequestHeaderSectionTooLarge").With(elements("MaxSizeAllowed", "8192"))},
	}, Case{When: func(s *Scene) client.Call {
		call := s.Get(s.Key("k"), Field("x-filler", strings.Repeat("a", 9<<10)))
		call.Fresh = true
		return call
	}})
	b.Case("hostile/transfer-coding", "refuses a transfer coding that nobody has, as not implemented", By{
		"cos": {Clauses: "COS-XERR-26", Want: Refused(501, "NotImplemented")},
	}, Case{When: func(s *Scene) client.Call {
		call := s.Put(s.Key("k"), "")
		call.Fresh, call.Before = true, func(r *wire.Request) {
			r.Fields.Del("Content-Length")
			r.Fields.Add("Transfer-Encoding", "zstd")
		}
		return call
	}})
}
