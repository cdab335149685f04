package suites

import (
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

func versionReads(b *Book) {
	id, marker := b.W.Prefix+"version-id", b.W.Prefix+"delete-marker"
	deleted := versioned(versionPut("k", "one"), versionDelete("k", "gone"))
	goneID := func(s *Scene) any { return s.versionID("gone") }
	for _, method := range []string{"GET", "HEAD"} {
		b.Case("read/hidden-"+lower(method), "answers "+method+" for a key that ends in a delete marker with 404, and says so", By{
			"oss": {Clauses: "OSS-XGET-44", Want: Refused(404, "NoSuchKey").Field(marker, "true").Field(id, goneID)},
			"s3":  {Clauses: "S3-VER-09", Want: Refused(404, "NoSuchKey").Field(marker, "true")},
		}, Case{Given: deleted, When: inOwn(method, "k", "")})
		refused := Refused(405, "MethodNotAllowed")
		if method == "GET" {
			refused = refused.With(refusalNames("Method", "GET", "ResourceType", "DeleteMarker"))
		}
		b.Case("read/marker-"+lower(method), "refuses "+method+" for a delete marker by its ID", By{
			"oss": {Clauses: "OSS-XGET-45", Want: refused.Field("Allow", "DELETE").Field(marker, "true")}, "s3": {Clauses: "S3-VER-10", Want: refused},
		}, Case{Given: deleted, When: ofVersion(method, "k", "gone")})
	}
	b.Case("read/told", "names the version that it read", By{
		"oss": {Clauses: "OSS-XHDR-08", Want: Shown().Field(id, func(s *Scene) any { return s.versionID("one") })},
	}, Case{Given: versioned(versionPut("k", "one")), When: inOwn("GET", "k", "")})
}

// refusalNames wants elements of an error body, each a name and its text.
func refusalNames(pairs ...string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) (all []Flaw) {
		for i := 0; i < len(pairs); i += 2 {
			if got, ok := extra(r, pairs[i]); !ok || got != pairs[i+1] {
				all = append(all, Flaw{pairs[i] + " " + pairs[i+1], got})
			}
		}
		return all
	}
}

func versionRefusals(b *Book) {
	b.Case("read/gone", "answers 404 NoSuchVersion for a version that was removed", By{
		"oss": {Clauses: "OSS-XGET-41", Want: Refused(404, "NoSuchVersion")},
		"s3": {Clauses: "S3-VER-11", Want: Refused(404, "NoSuchVersion").With(func(s *Scene, r *client.Reply) []Flaw {
			return refusalNames("Key", "k", "VersionId", s.versionID("one"))(s, r)
		})},
	}, Case{Given: versioned(versionPut("k", "one"), versionPut("k", "two"), versionDrop("k", "one")), When: ofVersion("GET", "k", "one")})
	s3 := Refused(400, "InvalidArgument").With(refusalNames("ArgumentName", "versionId"))
	for _, c := range []struct{ name, method, id, oss, s3 string }{
		{"get", "GET", "=not-a-version", "OSS-XGET-42", "S3-VER-12"}, {"delete", "DELETE", "=not-a-version", "", "S3-VER-12"}, {"get-empty", "GET", "=", "OSS-XGET-42", ""},
	} {
		by := By{}
		if c.oss != "" {
			by["oss"] = Row{Clauses: c.oss, Want: Refused(400, "InvalidArgument")}
		}
		if c.s3 != "" {
			by["s3"] = Row{Clauses: c.s3, Want: s3}
		}
		b.Case("malformed/"+c.name, "refuses "+c.method+" with an ID that no version can have", by, Case{
			Given: versioned(versionPut("k", "one")), When: ofVersion(c.method, "k", c.id), After: []After{heldBy("", "one")}})
	}
	b.Case("read/null-unversioned", "takes the ID null in a bucket without versions", By{
		"s3": {Clauses: "S3-VER-13", Want: Accepted(200).Content("one")},
	}, Case{Given: []Given{put("k", "one")}, When: func(s *Scene) client.Call {
		call := s.Get(s.Key("k"))
		call.Query = []wire.Param{{Name: "versionId", Value: "null"}}
		return call
	}})
}

func versionACLs(b *Book) {
	deleted := versioned(versionPut("k", "one"), versionDelete("k", "gone"))
	b.Case("acl/set-marker", "refuses to set the list of a key that ends in a delete marker", By{
		"s3": {Clauses: "S3-ACL-29", Want: Refused(405, "MethodNotAllowed")},
	}, Case{Given: deleted, When: aclOfVersion("PUT", "")})
	b.Case("acl/hidden", "has no list of a key that ends in a delete marker", By{
		"s3": {Clauses: "S3-ACL-29", Want: Refused(404, "NoSuchKey")}, "oss": {Clauses: "OSS-XOACL-14", Want: Refused(404, "NoSuchKey")},
	}, Case{Given: deleted, When: aclOfVersion("GET", "")})
	b.Case("acl/marker", "refuses to tell the list of a delete marker", By{
		"s3": {Clauses: "S3-ACL-29", Want: Refused(405, "MethodNotAllowed")},
	}, Case{Given: deleted, When: aclOfVersion("GET", "gone")})
}
