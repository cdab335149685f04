package suites

import (
	"crypto/md5"
	"encoding/base64"
	"strings"
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// lockBooks write the chapter lock: what a bucket says of its locks in
// lock_bucket.go, the header fields of uploads in lock_fields.go, the documents of
// versions in lock_object.go, removals in lock_delete.go. Buckets of foreign
// targets get no version that their owner could not remove: COMPLIANCE is for
// emulators of a case's own.
var lockBooks = []func(*Book){lockBuckets, lockMalformed, lockPeriods, lockDefaults, lockDefaultCopies,
	lockFieldsKept, lockFieldsWrong, lockFieldsBucket, lockDigests, lockCopies, lockUploads,
	lockRetentions, lockRetentionsWrong, lockChanges, lockStrict, lockHolds, lockHoldsTold, lockNowhere, lockMarkers,
	lockRemovals, lockStrictRemovals, lockHeldRemovals, lockCovers, lockBypasses, lockMany}

// Header fields of S3 about locks.
const (
	lockModeField   = "x-amz-object-lock-mode"
	lockUntilField  = "x-amz-object-lock-retain-until-date"
	lockHoldField   = "x-amz-object-lock-legal-hold"
	lockBypassField = "x-amz-bypass-governance-retention"
)

// lockBucket makes a bucket b whose versions can be locked; they are set free when
// the case ends.
func lockBucket(s *Scene) {
	lockedBucket(s)
	s.Keep("status", "Enabled")
	s.lockFree(s.Own("b"))
}

// lockGiven are the steps that make a bucket b with locks.
func lockGiven(more ...Given) []Given { return append([]Given{lockBucket}, more...) }

// lockStrictly is lockGiven on an emulator of the case's own whose clock stands.
func lockStrictly(more ...Given) []Given { return append([]Given{standing, lockBucket}, more...) }

// A lock is what is asked for a version: "" and 0 ask for nothing.
type lock struct {
	mode string
	last time.Duration // from now on
	hold string
}

var (
	lockGoverned  = lock{mode: "GOVERNANCE", last: 10 * time.Minute}
	lockCompliant = lock{mode: "COMPLIANCE", last: 10 * time.Minute}
	lockHeld      = lock{hold: "ON"}
)

// lockAt is a time from now on, as requests write it.
func (s *Scene) lockAt(d time.Duration) string { return s.Now().UTC().Add(d).Format(lockDate) }

const lockDate = "2006-01-02T15:04:05Z"

// lockFields are the fields that ask for a lock; the date is kept as until.
func (s *Scene) lockFields(l lock) (fields wire.Fields) {
	if l.mode != "" {
		s.Keep("until", s.lockAt(l.last))
		fields = append(fields, Field(lockModeField, l.mode), Field(lockUntilField, s.Kept("until")))
	}
	if l.hold != "" {
		fields = append(fields, Field(lockHoldField, l.hold))
	}
	return fields
}

// lockUpload is an upload to the bucket b with a digest.
func (s *Scene) lockUpload(key, body string, fields ...wire.Field) client.Call {
	sum := md5.Sum([]byte(body))
	return s.InOwn("PUT", key, body, append(fields, Field("Content-MD5", base64.StdEncoding.EncodeToString(sum[:])))...)
}

// lockPut stores a version under a lock, and makes sure that it has it.
func lockPut(key, body string, l lock) Given {
	return func(s *Scene) {
		s.keepVersion(key, body, s.Must(s.lockUpload(key, body, s.lockFields(l)...)))
		s.lockHas(key, body, l)
	}
}

// lockHas ends the case as blocked unless a version tells a lock.
func (s *Scene) lockHas(key, name string, l lock) {
	r := s.Must(s.OfVersion("HEAD", key, name))
	mode, until, hold := r.Fields.Get(lockModeField), r.Fields.Get(lockUntilField), r.Fields.Get(lockHoldField)
	if mode != l.mode || l.mode != "" && lockSecond(until) != s.Kept("until") || hold != l.hold {
		s.Block("the version tells the lock %q %q, hold %q; want %q %q, hold %q", mode, until, hold, l.mode, s.keep["until"], l.hold)
	}
}

// lockSecond writes a date of ISO 8601 as requests do; any other text stays.
func lockSecond(text string) string {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return t.UTC().Format(lockDate)
}

// lockUntil wants the date that was kept as until.
func lockUntil(s *Scene) any { return gomega.WithTransform(lockSecond, gomega.Equal(s.Kept("until"))) }

// lockTold wants a lock of a reply.
func lockTold(w Want, l lock) Want {
	if l.mode != "" {
		w = w.Field(lockModeField, l.mode).Field(lockUntilField, lockUntil)
	}
	if l.hold != "" {
		w = w.Field(lockHoldField, l.hold)
	}
	return w
}

// lockShown is the later look that a version of the key k has a lock; name "" is
// the newest.
func lockShown(name string, l lock) After {
	return After{Text: strings.TrimSpace("the version is locked by " + l.mode + " " + l.hold), Call: lockHead("HEAD", name), Want: lockTold(Accepted(200), l)}
}

// lockFreeNow is the later look that the newest version of a key has no lock.
func lockFreeNow(key string) After {
	return After{Text: "the version is not locked", Call: inOwn("HEAD", key, ""), Want: Accepted(200).Field(lockModeField, Absent).Field(lockHoldField, Absent)}
}

// lockHead asks for a version of the key k; name "" is the newest.
func lockHead(method, name string) func(*Scene) client.Call {
	if name == "" {
		return inOwn(method, "k", "")
	}
	return ofVersion(method, "k", name)
}

// lockBypassing is a call that asks to get around GOVERNANCE.
func lockBypassing(call func(*Scene) client.Call) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		made := call(s)
		made.Fields = append(made.Fields, Field(lockBypassField, "true"))
		return made
	}
}

// lockCall is a call about a document of a version of the key k: its retention or
// its legal hold. Name "" is the newest.
func lockCall(method, sub, name string, text func(*Scene) string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		call := s.InOwn(method, "k", "")
		call.Query = configQuery(sub)
		if name != "" {
			call.Query = append(call.Query, wire.Param{Name: "versionId", Value: s.versionID(name)})
		}
		if text == nil {
			return call
		}
		call.Body = []byte(text(s))
		return withDigest(call)
	}
}

// lockRetaining writes the document of a retention; the date is kept as asked.
func lockRetaining(mode string, d time.Duration) func(*Scene) string {
	return func(s *Scene) string {
		s.Keep("asked", s.lockAt(d))
		return xmlOf("Retention", xmlOf("Mode", mode), xmlOf("RetainUntilDate", s.Kept("asked")))
	}
}

// lockHolding writes the document of a legal hold.
func lockHolding(status string) func(*Scene) string {
	return func(*Scene) string { return xmlOf("LegalHold", xmlOf("Status", status)) }
}

// lockHoldSet gives a version of the key k a legal hold, or takes it away.
func lockHoldSet(name, status string) Given {
	return func(s *Scene) {
		s.Must(lockCall("PUT", "legal-hold", name, lockHolding(status))(s))
		if r := s.Must(s.OfVersion("HEAD", "k", name)); r.Fields.Get(lockHoldField) != status {
			s.Block("the version tells the legal hold %q, want %s", r.Fields.Get(lockHoldField), status)
		}
	}
}
