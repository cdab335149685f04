package suites

import (
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// versionUpload begins an upload of the key k of the bucket b and sends its part.
func versionUpload(s *Scene) {
	begin := s.InOwn("POST", "k", "")
	begin.Query = []wire.Param{{Name: "uploads", Bare: true}}
	s.Keep("upload", mpMember(s.Must(begin), "UploadId"))
	part := s.InOwn("PUT", "k", "of a part")
	part.Query = []wire.Param{{Name: "partNumber", Value: "1"}, {Name: "uploadId", Value: s.Kept("upload")}}
	s.Keep("part", s.Must(part).Fields.Get("ETag"))
	s.versionsHeld()
}

// versionComplete completes it.
func versionComplete(fields ...wire.Field) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		call := s.InOwn("POST", "k", s.mpList(s.mpEntry("1", s.Kept("part"))), fields...)
		call.Query = []wire.Param{{Name: "uploadId", Value: s.Kept("upload")}}
		return call
	}
}

func versionUploads(b *Book) {
	given := versioned(versionPut("k", "one"), versionUpload)
	stand := []After{versionsStand("k last", "k one")}
	b.Case("upload/told", "names the version that an upload in parts has made", By{
		"oss": {Clauses: "OSS-XCMPL-26", Want: Shown().Field("x-oss-version-id", Present), Rests: "OSS-XCMPL-19"},
	}, Case{Given: given, When: versionComplete(), After: stand})
	b.Case("upload/forbid-overwrite", "makes a new version of an upload in parts whatever the field says that forbids overwriting", By{
		"oss": {Clauses: "OSS-XCMPL-20", Want: Accepted(2), Rests: "OSS-XCMPL-26 OSS-XCMPL-19 OSS-MPU-PART-11 OSS-MPU-PART-02"},
	}, Case{Given: given, When: versionComplete(Field("x-oss-forbid-overwrite", "true")), After: stand})
	b.Case("many/empty", "refuses a list whose entry names an empty version", By{
		"oss": {Clauses: "OSS-XMDEL-13", Want: Refused(400, "InvalidArgument")},
	}, Case{Given: versioned(versionPut("k", "one")), When: versionDoom("="), After: []After{versionsStand("k one")}})
}

func versionMetas(b *Book) {
	deleted := versioned(versionPut("k", "one"), versionDelete("k", "gone"))
	meta := func(name string) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			call := s.InOwn("HEAD", "k", "")
			if name != "" {
				call = s.OfVersion("HEAD", "k", name)
			}
			call.Query = append(call.Query, wire.Param{Name: "objectMeta", Bare: true})
			return call
		}
	}
	b.Case("meta/hidden", "tells nothing of a key that ends in a delete marker", By{
		"oss": {Clauses: "OSS-XMETA-04", Want: Refused(404, "")},
	}, Case{Given: deleted, When: meta("")})
	b.Case("meta/version", "tells of the version that is asked for", By{
		"oss": {Clauses: "OSS-XMETA-04", Want: Accepted(2).Field("x-oss-version-id", func(s *Scene) any { return s.versionID("one") })},
	}, Case{Given: deleted, When: meta("one")})
}
