package suites

import (
	"slices"
	"time"

	"objectharness/internal/client"
)

// lockPassed lets the retention of all that was put end.
func lockPassed(s *Scene) { s.Pass(time.Hour) }

func lockRemovals(b *Book) {
	drop, stays := ofVersion("DELETE", "k", "one"), []After{heldBy("one", "one")}
	denied := Refused(403, "AccessDenied")
	b.Case("delete/retained", "does not remove a version that is retained", By{"s3": {Clauses: "S3-LOCK-11", Want: denied}},
		Case{Given: lockGiven(lockPut("k", "one", lockGoverned)), When: drop, After: stays})
	b.Case("delete/retained-older", "does not remove a retained version that is not the newest", By{"s3": {Clauses: "S3-LOCK-11", Want: denied}},
		Case{Given: lockGiven(lockPut("k", "one", lockGoverned), lockPut("k", "two", lock{})), When: drop, After: stays})
	b.Case("delete/retained-default", "does not remove a version that the bucket's default retains", By{"s3": {Clauses: "S3-LOCK-11", Want: denied}},
		Case{Given: lockGiven(lockSaid(lockOneDay), func(s *Scene) {
			s.keepVersion("k", "one", s.Must(s.lockUpload("k", "one")))
			if r := s.Must(s.OfVersion("HEAD", "k", "one")); r.Fields.Get(lockModeField) != "GOVERNANCE" {
				s.Block("the version is not retained")
			}
		}), When: drop, After: stays})
	b.Case("delete/bypass", "removes a version under GOVERNANCE with bypass", By{"s3": {Clauses: "S3-LOCK-12", Want: Accepted(204), Rests: "S3-VER-08"}},
		Case{Given: lockGiven(lockPut("k", "one", lockGoverned)), When: lockBypassing(drop), After: []After{versionsStand()}})
}

func lockStrictRemovals(b *Book) {
	drop, stays := ofVersion("DELETE", "k", "one"), []After{heldBy("one", "one")}
	denied, done := Refused(403, "AccessDenied"), Accepted(204)
	given := lockStrictly(lockPut("k", "one", lockCompliant))
	b.Case("delete/strict", "does not remove a version under COMPLIANCE", By{"s3": {Clauses: "S3-LOCK-11", Want: denied}},
		Case{Needs: NeedsPrivate, Given: given, When: drop, After: stays})
	b.Case("delete/strict-bypass", "does not remove a version under COMPLIANCE, bypass or not", By{"s3": {Clauses: "S3-LOCK-13", Want: denied}},
		Case{Needs: NeedsPrivate, Given: given, When: lockBypassing(drop), After: stays})
	for name, l := range byName(map[string]lock{"governed": lockGoverned, "strict": lockCompliant}) {
		b.Case("delete/ended-"+name, "removes a version once its retention has ended", By{"s3": {Clauses: "S3-LOCK-29", Want: done, Rests: "S3-VER-08"}},
			Case{Needs: NeedsPrivate, Given: lockStrictly(lockPut("k", "one", l), lockPassed), When: drop, After: []After{versionsStand()}})
	}
	b.Case("delete/ended-held", "does not remove a version whose retention has ended and whose legal hold has not", By{"s3": {Clauses: "S3-LOCK-38", Want: denied}},
		Case{Needs: NeedsPrivate, Given: lockStrictly(lockPut("k", "one", lockBoth), lockPassed), When: drop, After: stays})
}

func lockHeldRemovals(b *Book) {
	drop, stays := ofVersion("DELETE", "k", "one"), []After{heldBy("one", "one")}
	denied := Want{Status: 403, Code: "AccessDenied", Step: 1}
	b.Case("delete/held", "does not remove a version under a legal hold", By{"s3": {Clauses: "S3-LOCK-20", Want: denied}},
		Case{Given: lockGiven(lockPut("k", "one", lockHeld)), When: drop, After: stays})
	b.Case("delete/held-bypass", "does not remove a version under a legal hold, bypass or not", By{"s3": {Clauses: "S3-LOCK-20", Want: denied}},
		Case{Given: lockGiven(lockPut("k", "one", lockBoth)), When: lockBypassing(drop), After: stays})
	b.Case("delete/released", "removes a version whose legal hold is off", By{"s3": {Clauses: "S3-LOCK-20", Want: Want{Status: 204, Step: 2}, Rests: "S3-VER-08"}},
		Case{Given: lockGiven(lockPut("k", "one", lockHeld), lockHoldSet("one", "OFF")), When: drop, After: []After{versionsStand()}})
	b.Case("delete/released-retained", "does not remove a version whose legal hold is off and whose retention has not ended", By{
		"s3": {Clauses: "S3-LOCK-38", Want: Refused(403, "AccessDenied")},
	}, Case{Given: lockGiven(lockPut("k", "one", lockBoth), lockHoldSet("one", "OFF")), When: drop, After: stays})
}

func lockCovers(b *Book) {
	for name, l := range byName(map[string]lock{"retention": lockGoverned, "hold": lockHeld}) {
		b.Case("cover/marker-"+name, "adds a delete marker over a locked version", By{
			"s3": {Clauses: "S3-LOCK-14", Want: Accepted(204).Field("x-amz-delete-marker", "true"), Rests: "S3-VER-06 S3-VER-16"},
		}, Case{Given: lockGiven(lockPut("k", "one", l)), When: inOwn("DELETE", "k", ""), After: []After{versionsStand("k last marker", "k one")}})
		b.Case("cover/put-"+name, "makes a new version over a locked one, which stays", By{
			"s3": {Clauses: "S3-LOCK-36", Want: Accepted(200), Rests: "S3-OBJ-01 S3-VER-03"},
		}, Case{Given: lockGiven(lockPut("k", "one", l)), When: func(s *Scene) client.Call { return s.lockUpload("k", "two") },
			After: []After{heldBy("", "two"), heldBy("one", "one")}})
	}
}

func lockBypasses(b *Book) {
	refused := Refused(400, "InvalidArgument").With(element("ArgumentName", lockBypassField))
	for _, value := range []string{"true", "false"} {
		b.Case("bypass/"+value, "refuses a removal that says "+value+" of bypass in a bucket without locks", By{"s3": {Clauses: "S3-LOCK-23", Want: refused}}, Case{
			Given: []Given{put("k", "one"), snapshot("k")}, When: func(s *Scene) client.Call { return s.Delete(s.Key("k"), Field(lockBypassField, value)) },
			After: []After{unchanged("k")}})
	}
	b.Case("bypass/many", "refuses a list of removals that speaks of bypass in a bucket without locks", By{"s3": {Clauses: "S3-LOCK-23", Want: refused}},
		Case{Given: []Given{put("k", "one"), snapshot("k")}, When: lockBypassing(doom("", "k")), After: []After{unchanged("k")}})
}

// lockDoom asks for the removal of versions by a list, each as key and name of its
// ID.
func lockDoom(quiet string, lines ...string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		var entries []string
		for i := 0; i < len(lines); i += 2 {
			entries = append(entries, s.W.DoomKey(lines[i])+xmlOf("VersionId", s.versionID(lines[i+1])))
		}
		call := s.doomText(s.W.Doom(doomList{quiet, entries}))
		call.Bucket = s.Own("b")
		return call
	}
}

// lockDoomed wants of a reply which keys it tells as removed and which it refuses,
// each as key or as key and code.
func lockDoomed(removed, refused []string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		reply, err := readDoomReply(r)
		if err != nil {
			return []Flaw{{"a result of the removal", err.Error()}}
		}
		gone, stays := []string{}, []string{}
		for _, d := range reply.Deleted {
			gone = append(gone, d.Key)
		}
		for _, e := range reply.Error {
			entry := e.Key
			if slices.Contains(refused, e.Key+" AccessDenied") {
				entry += " " + e.Code
			}
			stays = append(stays, entry)
		}
		return append(differentSets("removed", append([]string{}, removed...), gone), differentSets("refused", slices.Clone(refused), stays)...)
	}
}

func lockMany(b *Book) {
	locked := lockGiven(lockPut("k", "one", lockHeld))
	two := append(locked[:2:2], lockPut("free", "two", lock{}))
	both, none := lockDoom("", "k", "one", "free", "two"), []string(nil)
	b.Case("many/held", "refuses the entry of a version under a legal hold, and removes the others", By{
		"s3": {Clauses: "S3-DEL-14", Want: Accepted(200).With(lockDoomed([]string{"free"}, []string{"k AccessDenied"})), Rests: "S3-DEL-01 S3-DEL-11"},
	}, Case{Given: two, When: both, After: []After{versionsStand("k one")}})
	b.Case("many/retained", "refuses the entry of a version under retention", By{
		"s3": {Clauses: "S3-DEL-14", Want: Accepted(200).With(lockDoomed(none, []string{"k AccessDenied"})), Rests: "S3-DEL-01"},
	}, Case{Given: lockGiven(lockPut("k", "one", lockGoverned)), When: lockDoom("", "k", "one"), After: []After{heldBy("one", "one")}})
	b.Case("many/quiet", "tells a version that it does not remove, though it is asked to be quiet", By{
		"s3": {Clauses: "S3-DEL-04", Want: Shown().With(lockDoomed(none, []string{"k"})), Rests: "S3-DEL-01"},
	}, Case{Given: locked, When: lockDoom("true", "k", "one")})
	b.Case("many/bypass", "removes versions under GOVERNANCE with bypass, and none under a legal hold", By{
		"s3": {Clauses: "S3-LOCK-34", Want: Accepted(200).With(lockDoomed([]string{"k"}, []string{"held"})), Rests: "S3-DEL-01 S3-DEL-11"},
	}, Case{Given: lockGiven(lockPut("k", "one", lockGoverned), lockPut("held", "two", lockHeld)), When: lockBypassing(lockDoom("", "k", "one", "held", "two")),
		After: []After{versionsStand("held two")}})
}
