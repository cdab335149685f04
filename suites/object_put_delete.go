package suites

import (
	"crypto/md5"
	"errors"
	"fmt"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

func deletes(b *Book) {
	remove := func(s *Scene) client.Call { return s.Delete(s.Key("k")) }
	gone := After{Text: "the object is gone", Call: func(s *Scene) client.Call { return s.Get(s.Key("k")) }, Want: Refused(404, "NoSuchKey")}
	b.Case("delete/removes", "removes an object and answers 204", By{
		"oss": {Clauses: "OSS-XDEL-01", Want: Accepted(204).Content(""), Rests: "OSS-XGET-02"},
		"cos": {Clauses: "COS-XDEL-01", Want: Accepted(204).Content(""), Rests: "COS-XERR-14"},
		"bos": {Clauses: "BOS-DEL-01", Want: Accepted(204), Rests: "BOS-ERR-45"},
		"s3":  {Clauses: "S3-OBJ-21", Want: Accepted(204).Content(""), Rests: "S3-ERR-02"},
	}, Case{Given: []Given{put("k", "x")}, When: remove, After: []After{gone}})
	b.Case("delete/operation", "offers DeleteObject", By{
		"bos": {Clauses: "BOS-API-91", Want: Accepted(2)},
	}, Case{Given: []Given{put("k", "x")}, When: remove, After: []After{missing("k")}})
	b.Case("delete/status", "answers a removal with 204", By{
		"bos": {Clauses: "BOS-ERR-76", Want: Accepted(204)},
	}, Case{Given: []Given{put("k", "x")}, When: remove})
	b.Case("delete/missing", "answers the removal of what is not there", By{
		"oss": {Clauses: "OSS-XDEL-02", Want: Accepted(204)},
		"cos": {Clauses: "COS-XDEL-02", Want: Accepted(204)},
		"bos": {Clauses: "BOS-DEL-02", Want: Refused(404, "NoSuchKey")},
		"s3":  {Clauses: "S3-OBJ-22", Want: Accepted(204)},
	}, Case{When: remove})
	b.Case("delete/missing-twice", "answers a second removal like the first", By{
		"oss": {Clauses: "OSS-XDEL-02", Want: Accepted(204)},
	}, Case{
		Given: []Given{func(s *Scene) { s.Must(s.Delete(s.Key("k"))) }},
		When:  remove,
	})
	b.Case("delete/missing-bucket", "refuses a removal in a bucket that is not there", By{
		"oss": {Clauses: "OSS-XDEL-03", Want: Refused(404, "NoSuchBucket")},
		"s3":  {Clauses: "S3-OBJ-23", Want: Refused(404, "NoSuchBucket")},
	}, Case{When: func(s *Scene) client.Call {
		return client.Call{Method: "DELETE", Bucket: s.Absent(), Key: "k"}
	}})
	b.Case("delete/folder", "removes a key that ends in a slash and leaves the objects below it", By{
		"cos": {Clauses: "COS-XPUT-21", Want: Accepted(204)},
	}, Case{
		Given: []Given{put("project/", ""), put("project/a.txt", "x")},
		When:  func(s *Scene) client.Call { return s.Delete(s.Key("project/")) },
		After: []After{reads("project/a.txt", "x"), missing("project/")},
	})
}

// objectMetas ask what GetObjectMeta of OSS tells.
func objectMetas(b *Book) {
	meta := func(s *Scene) client.Call {
		c := s.Head(s.Key("k"))
		c.Query = []wire.Param{{Name: "objectMeta", Bare: true}}
		return c
	}
	b.Case("object-meta/tells", "tells length, ETag and time of an object and no user metadata", By{
		"oss": {Clauses: "OSS-XMETA-01", Want: Accepted(200).Field("Content-Length", "10").
			Field("ETag", `"781E5E245D69B566979B86E28D23F2C7"`).Field("Last-Modified", gomega.MatchRegexp(" GMT$")).Field("x-oss-meta-a", Absent), Rests: "OSS-PUT-02"},
	}, Case{
		Given: []Given{func(s *Scene) {
			s.Must(s.Put(s.Key("k"), "0123456789", Field("x-oss-meta-a", "1")))
		}},
		When: meta,
	})
	b.Case("object-meta/missing", "answers 404 without a body where there is no object", By{
		"oss": {Clauses: "OSS-XMETA-02", Want: Refused(404, "").Content("")},
	}, Case{When: meta})
}

// putTogether looks at several requests at once.
func putTogether(b *Book) {
	b.Case("put/seen-at-once", "shows a finished write or removal to every read that begins after it", By{
		"s3": {Clauses: "S3-OBJ-38", Rests: "S3-ERR-02 S3-OBJ-20"},
	}, Case{Given: []Given{put("k", "0123456789")}, Run: seenAtOnce})
	b.Case("put/whole", "lets one of several writes at once win as a whole", By{
		"s3": {Clauses: "S3-OBJ-39", Rests: "S3-OBJ-02 S3-OBJ-03"},
	}, Case{Given: []Given{put("k", "0123456789")}, Run: putRace})
}

// lists asks for the page of the case's own keys.
func (s *Scene) lists() client.Call {
	return client.Call{Method: "GET", Bucket: s.Bucket, Query: []wire.Param{{Name: "prefix", Value: s.Key("")}}}
}

// seenAtOnce puts over an object, looks at it in three ways, removes it and
// looks again.
func seenAtOnce(s *Scene) {
	key := s.Key("k")
	s.Judge(s.Do(s.Put(key, "new")), Accepted(2))
	s.Judge(s.Do(s.Get(key)), Want{Status: 2}.Content("new"))
	s.Judge(s.Do(s.Head(key)), Want{Status: 2}.Field("Content-Length", "3"))
	s.Judge(s.Do(s.lists()), Want{Status: 2}.Content(gomega.MatchRegexp("<Size>3</Size>")))
	s.Judge(s.Do(s.Delete(key)), Accepted(2))
	s.Judge(s.Do(s.Get(key)), Refused(4, ""))
	s.Judge(s.Do(s.lists()), Want{Status: 2}.Content(gomega.Not(gomega.ContainSubstring(key))))
}

// putRace puts eight bodies at once, of one length, so that whichever wins is
// answered alike; the object must be one of them, with its own ETag.
func putRace(s *Scene) {
	key := s.Key("k")
	calls := make([]client.Call, 8)
	for i := range calls {
		calls[i] = s.Put(key, strings.Repeat(string(rune('a'+i)), 1000))
	}
	if _, errs := s.together(calls); errors.Join(errs...) != nil {
		err := errors.Join(errs...)
		panic(failed{err})
	}
	r := s.Do(s.Get(key))
	s.Judge(r, Want{Status: 2}.With(func(_ *Scene, r *client.Reply) []Flaw {
		if len(r.Body) != 1000 || r.Body[0] < 'a' || r.Body[0] > 'h' || strings.Trim(string(r.Body), string(r.Body[:1])) != "" {
			return []Flaw{{"one of the eight bodies", excerpt(string(r.Body))}}
		}
		if tag := fmt.Sprintf(`"%x"`, md5.Sum(r.Body)); r.Fields.Get("ETag") != tag {
			return []Flaw{{"ETag " + tag, r.Fields.Get("ETag")}}
		}
		return nil
	}))
}
