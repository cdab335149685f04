package suites

import (
	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// copyLists tells of the access control lists of copies, which they do not
// inherit.
func copyLists(b *Book) {
	read := func(s *Scene) client.Call { return s.Get(s.Key("k")) }
	b.Case("acl/sets", "gives the copy the access control list of the request", By{
		"oss": {Clauses: "OSS-COPY-18", Want: Shown(), Rests: "OSS-ACL-15"},
	}, Case{
		Given: []Given{put("from", "content")},
		When:  func(s *Scene) client.Call { return s.Copy("from", "k", Field("x-oss-object-acl", "public-read")) },
		After: []After{{Text: "anybody may read the copy", As: Nobody, Call: read, Want: Accepted(200).Content("content")}},
	})
	b.Case("acl/resets", "does not give the copy the access control list of the source", By{
		"cos": {Clauses: "COS-XCOPY-06", Want: Shown(), Rests: "COS-ACL-25"},
	}, Case{
		Given: []Given{func(s *Scene) {
			s.Must(s.Put(s.Key("from"), "content", Field("x-cos-acl", "public-read")))
			if r := s.DoBy(Nobody, s.Get(s.Key("from"))); r.Status != 200 {
				s.Block("nobody may read an object that is public: %s", describe(r))
			}
		}},
		When:  func(s *Scene) client.Call { return s.Copy("from", "k") },
		After: []After{{Text: "not anybody may read the copy", As: Nobody, Call: read, Want: Refused(403, "AccessDenied")}, reads("k", "content")},
	})
	b.Case("acl/owner-only", "does not give the copy the access control list of the source", By{
		"s3": {Clauses: "S3-COPY-36", Want: Shown()},
	}, Case{
		Given: []Given{copyPublicSource},
		When: func(s *Scene) client.Call {
			call := s.CopyOf(s.source(s.Own("b"), wire.EscapePath(s.Key("from"))), "k")
			call.Bucket = s.Own("b")
			s.In(call.Bucket, call.Key)
			return call
		},
		After: []After{{Text: "the list of the copy",
			Call: func(s *Scene) client.Call {
				return client.Call{Method: "GET", Bucket: s.Own("b"), Key: s.Key("k"), Query: []wire.Param{{Name: "acl", Bare: true}}}
			},
			Want: Accepted(200).Content(gomega.And(gomega.ContainSubstring("FULL_CONTROL"), gomega.Not(gomega.ContainSubstring("AllUsers"))))}},
	})
}

// copyPublicSource puts an object that anybody may read into a bucket of the
// case's own, which takes access control lists.
func copyPublicSource(s *Scene) {
	bucket := s.Own("b")
	s.enableACL(bucket)
	s.Must(client.Call{Method: "PUT", Bucket: bucket, Key: s.In(bucket, s.Key("from")), Body: []byte("content"), Fields: wire.Fields{Field("x-amz-acl", "public-read")}})
	list := s.Must(client.Call{Method: "GET", Bucket: bucket, Key: s.Key("from"), Query: []wire.Param{{Name: "acl", Bare: true}}})
	if ok, err := gomega.ContainSubstring("AllUsers").Match(string(list.Body)); !ok {
		s.Block("the source is not public: %s %v", excerpt(string(list.Body)), err)
	}
}
