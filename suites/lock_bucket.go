package suites

import (
	"strings"
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
)

// lockConfig writes what a bucket says of its locks, with more in it.
func lockConfig(more ...string) string {
	return xmlOf("ObjectLockConfiguration", append([]string{xmlOf("ObjectLockEnabled", "Enabled")}, more...)...)
}

// lockRule writes a default retention.
func lockRule(parts ...string) string { return xmlOf("Rule", xmlOf("DefaultRetention", parts...)) }

var lockOneDay = lockConfig(lockRule(xmlOf("Mode", "GOVERNANCE"), xmlOf("Days", "1")))

// lockSaid gives the bucket b a document of its locks, and makes sure that it is
// kept.
func lockSaid(text string) Given {
	return func(s *Scene) {
		s.Must(s.setConfig("object-lock", text))
		lockKept(s)
		if strings.Contains(text, "<Rule>") != strings.Contains(s.Kept("object-lock"), "<DefaultRetention") {
			s.Block("the bucket does not tell what it was given: %s", excerpt(s.Kept("object-lock")))
		}
	}
}

// lockKept keeps what the bucket b says of its locks.
func lockKept(s *Scene) { s.Keep("object-lock", string(s.Must(lockConfigRead(s)).Body)) }

func lockConfigRead(s *Scene) client.Call { return s.config("GET", "object-lock") }

func lockConfigPut(text string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		s.strew(s.Own("b"))
		return s.setConfig("object-lock", text)
	}
}

// lockSays is the later look that the bucket b tells of its locks what stands here.
func lockSays(parts ...string) After {
	return After{Text: "the bucket tells its locks", Call: lockConfigRead, Want: Accepted(200).With(lockContent(parts...))}
}

// lockContent wants elements of a document, and no Rule where none of them is in
// one.
func lockContent(parts ...string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		want := []gomega.OmegaMatcher{gomega.ContainSubstring("<ObjectLockEnabled>Enabled</ObjectLockEnabled>")}
		for _, part := range parts {
			want = append(want, gomega.ContainSubstring(part))
		}
		if len(parts) == 0 {
			want = append(want, gomega.Not(gomega.ContainSubstring("<DefaultRetention")))
		}
		if expected, ok := matches(gomega.And(want...), string(r.Body)); !ok {
			return []Flaw{{expected, excerpt(string(r.Body))}}
		}
		return nil
	}
}

func lockBuckets(b *Book) {
	b.Case("bucket/made", "makes a bucket with locks and versions where the request asks for it", By{
		"s3": {Clauses: "S3-LOCK-01", Want: Shown(), Rests: "S3-BKT-01 S3-VER-02"},
	}, Case{When: func(s *Scene) client.Call {
		call := s.CreateBucket(s.Own("b"))
		call.Fields = append(call.Fields, Field("x-amz-bucket-object-lock-enabled", "true"))
		return call
	}, After: []After{lockSays(), hasVersioning("Enabled")}})
	b.Case("bucket/none", "has no document of the locks of a bucket without", By{
		"s3": {Clauses: "S3-LOCK-02", Want: Refused(404, "ObjectLockConfigurationNotFoundError")},
	}, Case{Given: []Given{own("b")}, When: lockConfigRead})
	for _, c := range []struct {
		name  string
		given []Given
	}{{"unversioned", []Given{own("b")}}, {"suspended", []Given{own("b"), versions("Suspended")}}} {
		b.Case("bucket/"+c.name, "refuses locks to a bucket that keeps no versions", By{
			"s3": {Clauses: "S3-LOCK-03", Want: Want{Status: 409, Code: "InvalidBucketState", Step: 1}, Rests: "S3-LOCK-02"},
		}, Case{Given: c.given, When: lockConfigPut(lockConfig()), After: []After{configNone("object-lock", "ObjectLockConfigurationNotFoundError")}})
	}
	b.Case("bucket/later", "gives locks to a bucket that keeps versions", By{
		"s3": {Clauses: "S3-LOCK-03", Want: Want{Status: 200, Step: 2}},
	}, Case{Given: versioned(), When: lockConfigPut(lockConfig()), After: []After{lockSays()}})
	b.Case("bucket/told", "tells the default retention that was put", By{
		"s3": {Clauses: "S3-LOCK-30", Want: Accepted(200)},
	}, Case{Given: lockGiven(), When: lockConfigPut(lockOneDay), After: []After{lockSays("<Mode>GOVERNANCE</Mode>", "<Days>1</Days>")}})
	b.Case("bucket/told-years", "tells a default retention of years", By{
		"s3": {Clauses: "S3-LOCK-30", Want: Accepted(200)},
	}, Case{Given: lockGiven(), When: lockConfigPut(lockConfig(lockRule(xmlOf("Mode", "COMPLIANCE"), xmlOf("Years", "2")))),
		After: []After{lockSays("<Mode>COMPLIANCE</Mode>", "<Years>2</Years>")}})
	b.Case("bucket/rule-gone", "has no default retention after a document without one", By{
		"s3": {Clauses: "S3-LOCK-30", Want: Accepted(200)},
	}, Case{Given: lockGiven(lockSaid(lockOneDay)), When: lockConfigPut(lockConfig()), After: []After{lockSays()}})
}

func lockMalformed(b *Book) {
	day, mode := xmlOf("Days", "1"), xmlOf("Mode", "GOVERNANCE")
	for _, c := range []struct{ name, text, document string }{
		{"no-enabled", "a document that does not say Enabled", xmlOf("ObjectLockConfiguration", lockRule(mode, day))},
		{"nothing", "a document that says nothing", xmlOf("ObjectLockConfiguration")},
		{"disabled", "a document that says Disabled", xmlOf("ObjectLockConfiguration", xmlOf("ObjectLockEnabled", "Disabled"), lockRule(mode, day))},
		{"empty-rule", "a rule of nothing", lockConfig(xmlOf("Rule"))},
		{"empty-retention", "a default retention of nothing", lockConfig(lockRule())},
		{"no-period", "a default retention without a period", lockConfig(lockRule(mode))},
		{"no-mode", "a default retention without a mode", lockConfig(lockRule(day))},
		{"both-periods", "a default retention of days and years", lockConfig(lockRule(mode, day, xmlOf("Years", "1")))},
		{"unknown-mode", "a default retention of a mode that there is not", lockConfig(lockRule(xmlOf("Mode", "abc"), day))},
		{"lower-case", "a default retention of a mode in lower case", lockConfig(lockRule(xmlOf("Mode", "governance"), day))},
	} {
		b.Case("bucket-malformed/"+c.name, "refuses "+c.text, By{"s3": {Clauses: "S3-LOCK-04", Want: Refused(400, "MalformedXML")}},
			Case{Given: lockGiven(lockKept), When: lockConfigPut(c.document), After: []After{configSame("object-lock")}})
	}
	b.Case("bucket-malformed/no-document", "refuses no document at all", By{"s3": {Clauses: "S3-ERR-20", Want: Refused(400, "MissingRequestBodyError")}},
		Case{Given: lockGiven(lockKept), When: lockConfigPut(""), After: []After{configSame("object-lock")}})
}

func lockPeriods(b *Book) {
	for _, c := range []struct{ name, element, number string }{
		{"no-days", "Days", "0"}, {"days-below", "Days", "-3"}, {"days-over", "Days", "36501"},
		{"no-years", "Years", "0"}, {"years-below", "Years", "-1"}, {"years-over", "Years", "101"},
	} {
		b.Case("period/"+c.name, "refuses a default retention of "+c.number+" "+lower(c.element), By{
			"s3": {Clauses: "S3-LOCK-05", Want: Refused(400, "InvalidArgument").With(element("ArgumentName", c.element))},
		}, Case{Given: lockGiven(lockKept), When: lockConfigPut(lockConfig(lockRule(xmlOf("Mode", "GOVERNANCE"), xmlOf(c.element, c.number)))),
			After: []After{configSame("object-lock")}})
	}
	for _, c := range []struct{ name, element, number string }{{"most-days", "Days", "36500"}, {"most-years", "Years", "100"}} {
		b.Case("period/"+c.name, "takes a default retention of "+c.number+" "+lower(c.element), By{
			"s3": {Clauses: "S3-LOCK-05", Want: Accepted(200), Rests: "S3-LOCK-30"},
		}, Case{Given: lockGiven(), When: lockConfigPut(lockConfig(lockRule(xmlOf("Mode", "GOVERNANCE"), xmlOf(c.element, c.number)))),
			After: []After{lockSays("<" + c.element + ">" + c.number + "<")}})
	}
}

// lockLasts wants a version that is retained for a time from when it was made.
func lockLasts(mode string, from, to time.Duration) Want {
	return Shown().Field(lockModeField, mode).With(func(s *Scene, r *client.Reply) []Flaw {
		made, err := time.Parse(httpTime, r.Fields.Get("Last-Modified"))
		if err != nil {
			s.Block("Last-Modified %q is no HTTP date", r.Fields.Get("Last-Modified"))
		}
		const slack = 2 * time.Minute
		until, err := time.Parse(time.RFC3339, r.Fields.Get(lockUntilField))
		if err != nil || until.Before(made.Add(from-slack)) || until.After(made.Add(to+slack)) {
			return []Flaw{{lockUntilField + " " + from.String() + " after " + made.Format(lockDate), r.Fields.Get(lockUntilField)}}
		}
		return nil
	})
}

const lockDay = 24 * time.Hour

func lockDefaults(b *Book) {
	b.Case("default/days", "retains a new version as long as the bucket says", By{
		"s3": {Clauses: "S3-LOCK-06", Want: lockLasts("GOVERNANCE", lockDay, lockDay)},
	}, Case{Given: lockGiven(lockSaid(lockOneDay), lockStored("k")), When: inOwn("HEAD", "k", "")})
	b.Case("default/years", "retains a new version for the years that the bucket says", By{
		"s3": {Clauses: "S3-LOCK-06", Want: lockLasts("COMPLIANCE", 365*lockDay, 366*lockDay)},
	}, Case{Needs: NeedsPrivate, Given: lockStrictly(lockSaid(lockConfig(lockRule(xmlOf("Mode", "COMPLIANCE"), xmlOf("Years", "1")))), lockStored("k")),
		When: inOwn("HEAD", "k", "")})
	b.Case("default/own", "retains a new version as the upload says, whatever the bucket does", By{
		"s3": {Clauses: "S3-LOCK-06", Want: lockTold(Shown(), lockGoverned)},
	}, Case{Given: lockGiven(lockSaid(lockOneDay), func(s *Scene) { s.Must(s.lockUpload("k", "one", s.lockFields(lockGoverned)...)) }), When: inOwn("HEAD", "k", "")})
	b.Case("default/older", "says nothing of a version that was there before", By{
		"s3": {Clauses: "S3-LOCK-37", Want: Shown().Field(lockModeField, Absent).Field(lockUntilField, Absent)},
	}, Case{Given: lockGiven(lockPut("k", "one", lock{}), lockSaid(lockOneDay)), When: inOwn("HEAD", "k", "")})
}

// lockStored puts an object into the bucket b.
func lockStored(key string) Given {
	return func(s *Scene) { s.Must(s.lockUpload(key, "one")) }
}

func lockDefaultCopies(b *Book) {
	usual := lockLasts("GOVERNANCE", lockDay, lockDay)
	b.Case("default/copy", "retains a copy as long as the bucket says", By{"s3": {Clauses: "S3-LOCK-06", Want: usual}},
		Case{Given: lockGiven(lockPut("from", "one", lock{}), lockSaid(lockOneDay), func(s *Scene) { s.Must(versionCopy("from", "one", "k")(s)) }), When: inOwn("HEAD", "k", "")})
	b.Case("default/parts", "retains what came in parts as long as the bucket says", By{"s3": {Clauses: "S3-LOCK-06", Want: usual}},
		Case{Given: lockGiven(lockSaid(lockOneDay), lockParts(lock{}), func(s *Scene) { s.Must(s.lockComplete()) }), When: inOwn("HEAD", "k", "")})
}
