package suites

import (
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// copyKeys copies from keys that need to be encoded.
func copyKeys(b *Book) {
	for _, k := range []struct{ name, key string }{{"blank", "a b"}, {"plus", "1+1=2"}, {"percent", "100%25"}, {"encoded-slash", "file%2Fname"},
		{"chinese", "中"}, {"query", "what?acl&x"}, {"marks", "!*'();:@$,"}, {"double-slash", "a//b"}} {
		c := Case{
			Given: []Given{copyKeeping(k.key)},
			When:  func(s *Scene) client.Call { return s.Copy(k.key, "k") },
			After: []After{reads("k", "content")},
		}
		b.Case("source/key/"+k.name, "copies from the key "+k.key, copyKeyRows(), c)
	}
	b.Case("source/key/slash-in-front", "copies from a key that begins with a slash", By{"s3": copyKeyRows()["s3"]}, Case{
		Given: []Given{func(s *Scene) {
			s.Must(s.Put(s.Exactly("/"+s.Key("from")), "content"))
			s.Must(s.Get("/" + s.Key("from")))
		}},
		When: func(s *Scene) client.Call {
			return s.CopyOf(s.source(s.Bucket, wire.EscapePath("/"+s.Key("from"))), "k")
		},
		After: []After{reads("k", "content")},
	})
	b.Case("source/plus-for-blank", "takes a plus sign in the source for a blank", By{
		"s3": {Clauses: "S3-COPY-25", Want: Accepted(200)},
	}, Case{
		Given: []Given{copyKeeping("test key.txt")},
		When: func(s *Scene) client.Call {
			return s.CopyOf(s.Bucket+"/"+strings.ReplaceAll(s.Key("test key.txt"), " ", "+"), "k")
		},
		After: []After{reads("k", "content")},
	})
}

func copyKeyRows() By {
	return By{
		"oss": {Clauses: "OSS-COPY-03", Want: Accepted(200)}, "cos": {Clauses: "COS-XCOPY-01", Want: Accepted(200)},
		"bos": {Clauses: "BOS-COPY-13", Want: Accepted(200)}, "s3": {Clauses: "S3-COPY-24", Want: Accepted(200)},
	}
}

func copySourceForms(b *Book) {
	for _, f := range []struct{ name, front string }{{"with-slash", "/"}, {"without-slash", ""}} {
		c := copyMade()
		c.When = func(s *Scene) client.Call { return s.CopyOf(f.front+s.Bucket+"/"+wire.EscapePath(s.Key("from")), "k") }
		b.Case("source/"+f.name, "copies from a source that begins with a slash or not", By{
			"s3": {Clauses: "S3-COPY-23", Want: Accepted(200)},
		}, c)
	}
	b.Case("source/unsigned", "refuses a copy whose source is not signed", By{
		"oss": {Clauses: "OSS-COPY-26", Want: Refused(403, "SignatureDoesNotMatch")},
	}, copyRefused(func(s *Scene) client.Call {
		call := s.Copy("from", "k")
		source := call.Fields
		call.Fields, call.Tamper = nil, func(r *wire.Request) { r.Fields = append(r.Fields, source...) }
		return call
	}, put("from", "content")))
	b.Case("source/on-a-read", "refuses a read that names a source", By{
		"s3": {Clauses: "S3-OBJ-40", Want: Refused(400, "InvalidArgument").With(elementIs("ArgumentName", "x-amz-copy-source"))},
	}, Case{
		Given: []Given{put("from", "content")},
		When: func(s *Scene) client.Call {
			return s.Get(s.Key("from"), Field("x-amz-copy-source", s.source(s.Bucket, wire.EscapePath(s.Key("from")))))
		},
	})
}

// copyMissing copies what is not there.
func copyMissing(b *Book) {
	gone := func(s *Scene) client.Call { return s.Copy("never-put", "k") }
	b.Case("source/missing", "refuses a copy of what is not there, and makes nothing", By{
		"oss": {Clauses: "OSS-COPY-32", Want: Refused(404, "NoSuchKey")},
		"cos": {Clauses: "COS-XCOPY-14", Want: Refused(404, "NoSuchCopySource")},
		"bos": {Clauses: "BOS-COPY-12", Want: Refused(404, "NoSuchKey")},
		"s3": {Clauses: "S3-COPY-19", Want: Refused(404, "NoSuchKey").With(func(s *Scene, r *client.Reply) []Flaw {
			return elementIs("Key", s.Key("never-put"))(s, r)
		})},
	}, copyRefused(gone))
	b.Case("source/missing-status", "answers a copy that fails before it starts with the status and document of its error", By{
		"s3":  {Clauses: "S3-COPY-02", Want: Refused(404, "NoSuchKey")},
		"cos": {Clauses: "COS-XERR-06", Want: Refused(404, "NoSuchCopySource")},
	}, copyRefused(gone))
	b.Case("source/missing-bucket", "refuses a copy out of a bucket that is not there, and names it", By{
		"s3": {Clauses: "S3-COPY-19", Want: Refused(404, "NoSuchBucket").With(func(s *Scene, r *client.Reply) []Flaw {
			return elementIs("BucketName", s.Absent())(s, r)
		}), Rests: "S3-COPY-01"},
	}, copyRefused(func(s *Scene) client.Call { return s.CopyOf(s.source(s.Absent(), "x"), "k") }))
	b.Case("target/missing-bucket", "refuses a copy into a bucket that is not there", By{
		"s3": {Clauses: "S3-COPY-21", Want: Refused(404, "NoSuchBucket")},
	}, Case{
		Given: []Given{put("from", "content")},
		When: func(s *Scene) client.Call {
			call := s.Copy("from", "k")
			call.Bucket = s.Absent()
			return call
		},
	})
}

// copyMalformed sends sources that name nothing.
func copyMalformed(b *Book) {
	for _, f := range []struct{ name, source, cos, s3 string }{
		{"no-key", "nokey", "COS-XCOPY-15", "S3-COPY-22"},
		{"word", "abc", "COS-XCOPY-15", "S3-COPY-22"},
		{"broken-escape", "{bucket}/%ZZ", "", "S3-COPY-26"},
		{"half-escape", "{bucket}/a%2", "", "S3-COPY-26"},
	} {
		by := By{}
		if f.cos != "" {
			by["cos"] = Row{Clauses: f.cos, Want: Refused(400, "InvalidCopySource")}
		}
		by["s3"] = Row{Clauses: f.s3, Want: Refused(400, "InvalidArgument").With(elementIs("ArgumentName", "x-amz-copy-source"))}
		b.Case("source/malformed/"+f.name, "refuses a source that names no object, and makes nothing", by,
			copyRefused(func(s *Scene) client.Call { return s.CopyOf(strings.ReplaceAll(f.source, "{bucket}", s.Bucket), "k") }))
	}
	b.Case("source/malformed/version", "refuses a malformed version of the source, and makes nothing", By{
		"s3": {Clauses: "S3-COPY-28", Want: Refused(400, "InvalidArgument").With(elementIs("ArgumentName", "versionId"))},
	}, copyRefused(func(s *Scene) client.Call {
		call := s.Copy("from", "k")
		call.Fields[0].Value += "?versionId=invalid_versionId"
		return call
	}, put("from", "content")))
}

// copyAccess copies what another account owns.
func copyAccess(b *Book) {
	b.Case("source/of-another", "refuses to copy what the caller may not read, and makes nothing", By{
		"oss": {Clauses: "OSS-COPY-22", Want: Refused(403, "AccessDenied")},
		"cos": {Clauses: "COS-XCOPY-16", Want: Refused(403, "AccessDenied")},
		"bos": {Clauses: "BOS-COPY-15", Want: Refused(403, "AccessDenied")},
		"s3":  {Clauses: "S3-COPY-35", Want: Refused(403, "AccessDenied")},
	}, Case{
		Needs: NeedsOther,
		As:    Second,
		Given: []Given{put("from", "content"), theirs("b")},
		When: func(s *Scene) client.Call {
			call := s.Copy("from", "k")
			call.Bucket = s.Theirs("b")
			s.In(call.Bucket, call.Key)
			return call
		},
	})
}
