package suites

import (
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// bucketLists make buckets with the list that their fields name.
func bucketLists(b *Book) {
	info := func(word string) After {
		return After{Text: "the bucket is told to be " + word, Call: ofBucket("GET", "bucketInfo"), Want: Accepted(200).Content(infoTells("Grant", word).Body)}
	}
	made := func(fields ...func(*Scene) wire.Field) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			call := s.CreateBucket(s.Own("b"))
			for _, f := range fields {
				call.Fields = append(call.Fields, f(s))
			}
			return call
		}
	}
	word := func(word string) func(*Scene) wire.Field {
		return func(s *Scene) wire.Field { return Field(s.W.BucketACL, word) }
	}
	for _, w := range [][2]string{{"private", "OSS-PUTBUCKET-05"}, {"public-read", "OSS-PUTBUCKET-06"}, {"public-read-write", "OSS-PUTBUCKET-07"}} {
		b.Case("list/"+w[0], "makes a bucket with the list "+w[0], By{
			"oss": {Clauses: w[1], Want: Accepted(200), Rests: "OSS-PUTBUCKET-01 OSS-ACL-01"},
		}, Case{When: made(word(w[0])), After: []After{info(w[0])}})
	}
	b.Case("list/none", "makes a private bucket when nobody says", By{
		"oss": {Clauses: "OSS-PUTBUCKET-09", Want: Accepted(200), Rests: "OSS-PUTBUCKET-01"},
	}, Case{When: made(), After: []After{info("private")}})
	b.Case("list/unknown", "makes no bucket with a list that there is not", By{
		"oss": {Clauses: "OSS-PUTBUCKET-08", Want: Refused(400, "InvalidArgument"), Rests: "OSS-XBKT-05"},
		"cos": {Clauses: "COS-XBKT-07", Want: Refused(400, "InvalidArgument"), Rests: "COS-XPUT-20"},
	}, Case{When: made(word("public")), After: []After{{Text: "there is no such bucket", Call: ofBucket("HEAD"), Want: Refused(404, "")}}})
	b.Case("list/and-grant", "makes a bucket with a list and a grant", By{
		"cos": {Clauses: "COS-XBKT-06", Want: Accepted(200), Rests: "COS-ACL-05"},
	}, Case{
		Needs: NeedsOther,
		When: made(word("public-read"), func(s *Scene) wire.Field {
			return Field("x-cos-grant-write", `id="`+s.OwnID(Second)+`"`)
		}),
		After: []After{bucketTells("owner FULL_CONTROL", "everyone READ", "second WRITE")},
	})
	b.Case("list/owner", "gives a new bucket to its owner alone", By{
		"bos": {Clauses: "BOS-BUCKET-05", Want: Accepted(200)},
	}, Case{When: made(), After: []After{bucketTells("owner FULL_CONTROL")}})
	b.Case("list/second", "tells another account nothing of a new bucket", By{
		"bos": {Clauses: "BOS-BUCKET-05", Want: Refused(403, "AccessDenied")},
	}, Case{Needs: NeedsOther, As: Second, Given: []Given{own("b")}, When: func(s *Scene) client.Call { return s.BucketACL("GET", s.Own("b")) }})
}

// bucketAddressed asks for buckets in ways that the service does not have.
func bucketAddressed(b *Book) {
	b.Case("addressed/in-path", "refuses a bucket in the path at the endpoint of the service", By{
		"oss": {Clauses: "OSS-XBKT-11", Want: Refused(403, "SecondLevelDomainForbidden")},
	}, Case{Given: []Given{put("k", "content")}, When: func(s *Scene) client.Call {
		call := s.Get(s.Key("k"))
		call.Before = func(r *wire.Request) {
			d := s.Owner.Dialect
			r.Fields.Set("Host", d.Host(s.Owner.Region))
			r.Target = "/" + wire.Escape(s.Bucket) + "/" + wire.EscapePath(s.Key("k"))
		}
		return call
	}})
	b.Case("addressed/unsigned-query", "refuses a request whose sub-resource is not signed", By{
		"oss": {Clauses: "OSS-INFO-13", Want: Refused(403, "SignatureDoesNotMatch"), Rests: "OSS-SIGN-HDR-38"},
	}, Case{Given: []Given{own("b")}, When: func(s *Scene) client.Call {
		call := ofBucket("GET")(s)
		call.Tamper = func(r *wire.Request) { r.Target += "?bucketInfo" }
		return call
	}})
}
