package suites

import (
	"objectharness/internal/client"
)

func versionDeletes(b *Book) {
	id, marker := b.W.Prefix+"version-id", b.W.Prefix+"delete-marker"
	marked := Accepted(204).Field(marker, "true").Field(id, Present)
	b.Case("delete/marks", "adds a delete marker where no version is named", By{
		"oss": {Clauses: "OSS-XDEL-06", Want: marked}, "s3": {Clauses: "S3-VER-06", Want: marked},
	}, Case{Given: versioned(versionPut("k", "one")), When: inOwn("DELETE", "k", ""),
		After: []After{versionsStand("k last", "k one")}})
	b.Case("delete/marks-again", "adds another delete marker to a key that ends in one", By{
		"s3": {Clauses: "S3-VER-06", Want: marked.With(anotherID("gone"))},
	}, Case{Given: versioned(versionPut("k", "one"), versionDelete("k", "gone")), When: inOwn("DELETE", "k", ""),
		After: []After{versionsStand("k last", "k gone", "k one")}})
	b.Case("delete/marks-missing", "adds a delete marker to a key that never was", By{
		"s3": {Clauses: "S3-VER-07", Want: Accepted(204).Field(marker, "true")},
	}, Case{Given: versioned(), When: inOwn("DELETE", "k", ""), After: []After{versionsStand("k last")}})
	b.Case("delete/suspended", "puts the delete marker null in the place of the version null while versioning is suspended", By{
		"oss": {Clauses: "OSS-XVER-08", Want: Shown(), Rests: "OSS-XVER-16"}, "s3": {Clauses: "S3-VER-14", Want: Shown(), Rests: "S3-VER-16"},
	}, Case{Given: versioned(versionPut("k", "one"), versions("Suspended"), versionPut("k", "two")), When: inOwn("DELETE", "k", ""),
		After: []After{versionsStand("k null marker", "k one")}})
}

func versionDrops(b *Book) {
	id, marker := b.W.Prefix+"version-id", b.W.Prefix+"delete-marker"
	named := func(name string) func(*Scene) any { return func(s *Scene) any { return s.versionID(name) } }
	dropped := Accepted(204).Field(id, named("one"))
	b.Case("delete/version", "removes the version that is named for good", By{
		"oss": {Clauses: "OSS-XDEL-07", Want: dropped.Field(marker, Absent)}, "s3": {Clauses: "S3-VER-08", Want: dropped},
	}, Case{Given: versioned(versionPut("k", "one"), versionPut("k", "two")), When: ofVersion("DELETE", "k", "one"),
		After: []After{heldBy("", "two"), versionsStand("k two")}})
	unmarked := Accepted(204).Field(id, named("gone")).Field(marker, "true")
	b.Case("delete/marker", "removes the delete marker that is named, which brings back the version before it", By{
		"oss": {Clauses: "OSS-XDEL-08", Want: Shown().Field(marker, "true")}, "s3": {Clauses: "S3-VER-08", Want: unmarked},
	}, Case{Given: versioned(versionPut("k", "one"), versionDelete("k", "gone")), When: ofVersion("DELETE", "k", "gone"),
		After: []After{heldBy("", "one"), versionsStand("k one")}})
	b.Case("delete/current", "makes the version before it the current one", By{"oss": {Clauses: "OSS-XVER-19", Want: Shown()}},
		Case{Given: versioned(versionPut("k", "one"), versionPut("k", "two")), When: ofVersion("DELETE", "k", "two"), After: []After{heldBy("", "one")}})
	b.Case("delete/null", "removes the version null", By{"oss": {Clauses: "OSS-XDEL-09", Want: Shown()}},
		Case{Given: []Given{own("b"), versionPut("k", "zero"), versions("Enabled"), versionPut("k", "one")}, When: ofVersion("DELETE", "k", "null"),
			After: []After{versionsStand("k one")}})
}

func versionBuckets(b *Book) {
	drop := func(s *Scene) client.Call { return client.Call{Method: "DELETE", Bucket: s.Own("b")} }
	b.Case("bucket/marker-keeps", "keeps a bucket that holds nothing but a delete marker", By{
		"oss": {Clauses: "OSS-XBKT-04", Want: Refused(409, "BucketNotEmpty")}, "s3": {Clauses: "S3-BKT-27", Want: Refused(409, "BucketNotEmpty")},
	}, Case{Given: versioned(versionPut("k", "one"), versionDelete("k", "gone"), versionDrop("k", "one")), When: drop,
		After: []After{versionsStand("k gone")}})
	b.Case("bucket/emptied-goes", "removes a bucket once its last delete marker is gone", By{
		"s3": {Clauses: "S3-BKT-27", Want: Accepted(204)},
	}, Case{Given: versioned(versionPut("k", "one"), versionDelete("k", "gone"), versionDrop("k", "one"), versionDrop("k", "gone")), When: drop})
}

// lockedBucket makes a bucket b whose versions can be locked.
func lockedBucket(s *Scene) {
	call := s.CreateBucket(s.Own("b"))
	call.Fields = append(call.Fields, Field("x-amz-bucket-object-lock-enabled", "true"))
	s.Must(call)
	s.Must(client.Call{Method: "HEAD", Bucket: call.Bucket})
	s.strew(s.Own("b"))
	locks, kept := s.Must(lockConfigRead(s)), s.Must(getVersioning(s))
	if flaws := append(lockContent()(s, locks), versioningTold("Enabled")(s, kept)...); len(flaws) > 0 {
		s.Block("the bucket was made without locks: want %s, got %s", flaws[0].Expected, flaws[0].Got)
	}
}

func versionLocked(b *Book) {
	b.Case("status-refused/locked-bucket", "refuses to suspend versioning of a bucket with Object Lock", By{
		"s3": {Clauses: "S3-VER-22", Want: Refused(409, "InvalidBucketState"), Rests: "S3-VER-02"},
	}, Case{Given: []Given{lockedBucket}, When: func(s *Scene) client.Call { return s.Versioning("Suspended") }, After: []After{hasVersioning("Enabled")}})
}
