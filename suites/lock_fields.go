package suites

import (
	"time"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// lockBoth asks for all that fields can ask for.
var lockBoth = lock{"GOVERNANCE", 10 * time.Minute, "ON"}

func lockFieldsKept(b *Book) {
	for _, c := range []struct {
		name string
		l    lock
	}{{"retention", lockGoverned}, {"hold", lockHeld}, {"both", lockBoth}} {
		b.Case("put/"+c.name, "locks what an upload makes as its fields say", By{"s3": {Clauses: "S3-LOCK-33", Want: Accepted(200), Rests: "S3-OBJ-01"}},
			Case{Given: lockGiven(), When: func(s *Scene) client.Call { return s.lockUpload("k", "one", s.lockFields(c.l)...) }, After: []After{lockShown("", c.l)}})
	}
	b.Case("put/strict", "locks what an upload makes by COMPLIANCE", By{"s3": {Clauses: "S3-LOCK-33", Want: Accepted(200), Rests: "S3-OBJ-01"}},
		Case{Needs: NeedsPrivate, Given: lockStrictly(), When: func(s *Scene) client.Call { return s.lockUpload("k", "one", s.lockFields(lockCompliant)...) },
			After: []After{lockShown("", lockCompliant)}})
	b.Case("put/get", "tells the lock with GET", By{"s3": {Clauses: "S3-LOCK-33", Want: lockTold(Shown(), lockBoth)}},
		Case{Given: lockGiven(lockPut("k", "one", lockBoth)), When: inOwn("GET", "k", "")})
}

// lockMakings are the requests that make a version of the key k and may lock it.
func lockMakings() map[string]func(*Scene, ...wire.Field) client.Call {
	return map[string]func(*Scene, ...wire.Field) client.Call{
		"put":      func(s *Scene, fields ...wire.Field) client.Call { return s.lockUpload("k", "one", fields...) },
		"copy":     func(s *Scene, fields ...wire.Field) client.Call { return versionCopy("from", "", "k", fields...)(s) },
		"initiate": func(s *Scene, fields ...wire.Field) client.Call { return s.lockBegin(fields...) },
	}
}

func lockFieldsWrong(b *Book) {
	mode, until := Field(lockModeField, "GOVERNANCE"), func(s *Scene) wire.Field { return Field(lockUntilField, s.lockAt(time.Hour)) }
	for way, call := range byName(lockMakings()) {
		refuse := func(name, text, clause, argument string, fields func(*Scene) wire.Fields) {
			b.Case(way+"-refused/"+name, "refuses "+text, By{"s3": {Clauses: clause, Want: Refused(400, "InvalidArgument").With(element("ArgumentName", argument))}},
				Case{Given: lockGiven(versionPut("from", "one")), When: func(s *Scene) client.Call { return call(s, fields(s)...) }, After: []After{missingOwn()}})
		}
		refuse("mode-alone", "a mode without a date", "S3-LOCK-07", lockUntilField, func(*Scene) wire.Fields { return wire.Fields{mode} })
		refuse("date-alone", "a date without a mode", "S3-LOCK-07", lockModeField, func(s *Scene) wire.Fields { return wire.Fields{until(s)} })
		refuse("unknown-mode", "a mode that there is not", "S3-LOCK-08", lockModeField,
			func(s *Scene) wire.Fields { return wire.Fields{Field(lockModeField, "BAD-VALUE"), until(s)} })
		refuse("past", "a date that has passed", "S3-LOCK-08", lockUntilField,
			func(s *Scene) wire.Fields { return wire.Fields{mode, Field(lockUntilField, s.lockAt(-time.Hour))} })
		refuse("no-date", "a date in another form", "S3-LOCK-08", lockUntilField,
			func(s *Scene) wire.Fields { return wire.Fields{mode, Field(lockUntilField, "tomorrow")} })
		refuse("unknown-hold", "a legal hold that is neither ON nor OFF", "S3-LOCK-08", lockHoldField,
			func(*Scene) wire.Fields { return wire.Fields{Field(lockHoldField, "on")} })
	}
}

func lockFieldsBucket(b *Book) {
	for way, call := range byName(lockMakings()) {
		for name, l := range byName(map[string]lock{"retention": lockGoverned, "hold": lockHeld}) {
			b.Case(way+"-refused/"+name+"-without-locks", "refuses a lock in a bucket that has none", By{
				"s3": {Clauses: "S3-LOCK-09", Want: Refused(400, "InvalidRequest")},
			}, Case{Given: []Given{own("b"), versions("Enabled"), versionPut("from", "one")},
				When: func(s *Scene) client.Call { return call(s, s.lockFields(l)...) }, After: []After{missingOwn()}})
		}
	}
}

func lockDigests(b *Book) {
	bare := func(fields func(*Scene) wire.Fields) func(*Scene) client.Call {
		return func(s *Scene) client.Call { return s.InOwn("PUT", "k", "one", fields(s)...) }
	}
	none := func(*Scene) wire.Fields { return nil }
	b.Case("digest/default", "refuses an upload without a digest where the bucket retains it", By{
		"s3": {Clauses: "S3-LOCK-10", Want: Refused(400, "InvalidRequest")},
	}, Case{Given: lockGiven(lockSaid(lockOneDay), lockStored("other")), When: bare(none), After: []After{missingOwn()}})
	b.Case("digest/own", "refuses an upload without a digest that is to be retained", By{
		"s3": {Clauses: "S3-LOCK-10", Want: Refused(400, "InvalidRequest")},
	}, Case{Given: lockGiven(lockPut("other", "two", lockGoverned)), When: bare(func(s *Scene) wire.Fields { return s.lockFields(lockGoverned) }),
		After: []After{missingOwn()}})
	b.Case("digest/checksum", "takes a checksum for a digest of an upload that is to be retained", By{
		"s3": {Clauses: "S3-LOCK-10", Want: Accepted(200), Rests: "S3-OBJ-01 S3-LOCK-33 S3-CKS-01"},
	}, Case{Given: lockGiven(), When: bare(func(s *Scene) wire.Fields {
		return append(s.lockFields(lockGoverned), Field("x-amz-checksum-crc32", crc32Parts[0]))
	}),
		After: []After{lockShown("", lockGoverned)}})
}

func lockCopies(b *Book) {
	for name, l := range byName(map[string]lock{"retention": lockGoverned, "hold": lockHeld}) {
		b.Case("copied/"+name, "makes a copy without the lock of its source", By{
			"s3": {Clauses: "S3-COPY-37", Want: Shown(), Rests: "S3-COPY-01"},
		}, Case{Given: lockGiven(lockPut("from", "one", l)), When: versionCopy("from", "one", "k"), After: []After{lockFreeNow("k")}})
	}
	for name, l := range byName(map[string]lock{"retention": lockGoverned, "hold": lockHeld, "both": lockBoth}) {
		b.Case("copy/"+name, "locks a copy as its fields say", By{
			"s3": {Clauses: "S3-LOCK-35", Want: Accepted(200), Rests: "S3-COPY-01"},
		}, Case{Given: lockGiven(versionPut("from", "one")), When: func(s *Scene) client.Call { return versionCopy("from", "", "k", s.lockFields(l)...)(s) },
			After: []After{lockShown("", l)}})
	}
}

// lockBegin begins an upload of the key k in parts.
func (s *Scene) lockBegin(fields ...wire.Field) client.Call {
	call := s.InOwn("POST", "k", "", fields...)
	call.Query = configQuery("uploads")
	return call
}

// lockParts begins an upload in parts with a lock and sends the only one.
func lockParts(l lock) Given {
	return func(s *Scene) {
		s.Keep("upload", mpMember(s.Must(s.lockBegin(s.lockFields(l)...)), "UploadId"))
		part := s.lockUpload("k", "one")
		part.Query = []wire.Param{{Name: "partNumber", Value: "1"}, {Name: "uploadId", Value: s.Kept("upload")}}
		s.Keep("part", s.Must(part).Fields.Get("ETag"))
	}
}

// lockComplete completes the upload that lockParts has begun.
func (s *Scene) lockComplete() client.Call {
	call := s.InOwn("POST", "k", s.mpList(s.mpEntry("1", s.Kept("part"))))
	call.Query = []wire.Param{{Name: "uploadId", Value: s.Kept("upload")}}
	return call
}

func lockUploads(b *Book) {
	for name, l := range byName(map[string]lock{"retention": lockGoverned, "hold": lockHeld, "both": lockBoth}) {
		b.Case("parts/"+name, "locks what came in parts as the initiation said", By{
			"s3": {Clauses: "S3-LOCK-31", Want: lockTold(Shown(), l)},
		}, Case{Given: lockGiven(lockParts(l), func(s *Scene) { s.Must(s.lockComplete()) }), When: inOwn("HEAD", "k", "")})
	}
	b.Case("parts/delete", "does not remove what came in parts and is retained", By{
		"s3": {Clauses: "S3-LOCK-31", Want: Refused(403, "AccessDenied"), Rests: "S3-LOCK-11"},
	}, Case{Given: lockGiven(lockParts(lockGoverned), func(s *Scene) {
		s.keepVersion("k", "one", s.Must(s.lockComplete()))
		s.lockHas("k", "one", lockGoverned)
	}), When: ofVersion("DELETE", "k", "one"), After: []After{versionsStand("k one")}})
}
