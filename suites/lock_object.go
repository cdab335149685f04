package suites

import (
	"encoding/xml"
	"strings"
	"time"

	"objectharness/internal/client"
)

// lockRetention wants the document of a retention: its mode, and the date that was
// kept under until.
func lockRetention(mode, until string) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw {
		var doc struct{ Mode, RetainUntilDate string }
		if err := xml.Unmarshal(r.Body, &doc); err != nil || doc.Mode != mode || lockSecond(doc.RetainUntilDate) != s.Kept(until) {
			return []Flaw{{"Retention " + mode + " until " + s.Kept(until), excerpt(string(r.Body))}}
		}
		return nil
	}
}

// lockRetained is the later look at the retention of a version of the key k.
func lockRetained(name, mode, until string) After {
	return After{Text: "the version is retained by " + mode, Call: lockCall("GET", "retention", name, nil), Want: Accepted(200).With(lockRetention(mode, until))}
}

func lockRetentions(b *Book) {
	set := lockCall("PUT", "retention", "", lockRetaining("GOVERNANCE", time.Hour))
	setTo := func(name string) Given {
		return func(s *Scene) {
			s.Must(lockCall("PUT", "retention", name, lockRetaining("GOVERNANCE", time.Hour))(s))
			s.Keep("until", s.Kept("asked"))
		}
	}
	b.Case("retention/put", "retains a version, and tells it", By{"s3": {Clauses: "S3-LOCK-24", Want: Accepted(200)}},
		Case{Given: lockGiven(lockPut("k", "one", lock{})), When: set, After: []After{lockRetained("", "GOVERNANCE", "asked")}})
	b.Case("retention/version", "retains the version that is named, and no other", By{"s3": {Clauses: "S3-LOCK-24", Want: Accepted(200)}},
		Case{Given: lockGiven(lockPut("k", "one", lock{}), lockPut("k", "two", lock{})), When: lockCall("PUT", "retention", "one", lockRetaining("GOVERNANCE", time.Hour)),
			After: []After{lockRetained("one", "GOVERNANCE", "asked"), lockFreeNow("k")}})
	b.Case("retention/get", "tells the retention of a version that is not the newest", By{
		"s3": {Clauses: "S3-LOCK-24", Want: Accepted(200).With(lockRetention("GOVERNANCE", "until"))},
	}, Case{Given: lockGiven(lockPut("k", "one", lockGoverned), lockPut("k", "two", lock{})), When: lockCall("GET", "retention", "one", nil)})
	for _, method := range []string{"HEAD", "GET"} {
		b.Case("retention/told-"+lower(method), "tells with "+method+" a retention that was put", By{
			"s3": {Clauses: "S3-LOCK-24", Want: lockTold(Shown(), lockGoverned)},
		}, Case{Given: lockGiven(lockPut("k", "one", lock{}), setTo("one")), When: inOwn(method, "k", "")})
	}
	for _, sub := range []string{"retention", "legal-hold"} {
		b.Case(sub+"/none", "has no "+sub+" of a version that never had one", By{
			"s3": {Clauses: "S3-LOCK-19", Want: Refused(404, "NoSuchObjectLockConfiguration")},
		}, Case{Given: lockGiven(lockPut("k", "one", lock{})), When: lockCall("GET", sub, "", nil)})
	}
}

func lockRetentionsWrong(b *Book) {
	doc := func(text string) func(*Scene) string { return func(*Scene) string { return text } }
	date := func(s *Scene) string { return xmlOf("RetainUntilDate", s.lockAt(time.Hour)) }
	malformed := Want{Status: 400, Code: "MalformedXML", Step: 2}
	for _, c := range []struct {
		name, text string
		want       Want
		document   func(*Scene) string
	}{
		{"past", "a date that has passed", Want{Status: 400, Code: "InvalidArgument", Step: 1}.With(element("ArgumentName", "RetainUntilDate")), lockRetaining("GOVERNANCE", -time.Hour)},
		{"unknown-mode", "a mode that there is not", malformed, lockRetaining("BAD-VALUE", time.Hour)},
		{"lower-case", "a mode in lower case", malformed, lockRetaining("governance", time.Hour)},
		{"no-date", "a mode without a date", malformed, doc(xmlOf("Retention", xmlOf("Mode", "GOVERNANCE")))},
		{"no-mode", "a date without a mode", malformed, func(s *Scene) string { return xmlOf("Retention", date(s)) }},
		{"date-form", "a date that is none", malformed, doc(xmlOf("Retention", xmlOf("Mode", "GOVERNANCE"), xmlOf("RetainUntilDate", "tomorrow")))},
		{"no-xml", "what is no document", malformed, doc("retain it")},
	} {
		b.Case("retention-refused/"+c.name, "refuses a retention of "+c.text, By{"s3": {Clauses: "S3-LOCK-17", Want: c.want}},
			Case{Given: lockGiven(lockPut("k", "one", lock{})), When: lockCall("PUT", "retention", "one", c.document), After: []After{lockFreeNow("k")}})
	}
}

func lockChanges(b *Book) {
	later, sooner := lockCall("PUT", "retention", "one", lockRetaining("GOVERNANCE", 20*time.Minute)), lockCall("PUT", "retention", "one", lockRetaining("GOVERNANCE", 5*time.Minute))
	given := lockGiven(lockPut("k", "one", lockGoverned))
	b.Case("change/extend", "extends a retention", By{"s3": {Clauses: "S3-LOCK-16", Want: Want{Status: 200, Step: 1}, Rests: "S3-LOCK-24"}},
		Case{Given: given, When: later, After: []After{lockRetained("one", "GOVERNANCE", "asked")}})
	b.Case("change/shorten", "refuses to shorten a retention", By{"s3": {Clauses: "S3-LOCK-16", Want: Want{Status: 403, Code: "AccessDenied", Step: 2}}},
		Case{Given: given, When: sooner, After: []After{lockShown("one", lockGoverned)}})
	b.Case("change/shorten-bypass", "shortens a retention with bypass", By{"s3": {Clauses: "S3-LOCK-16", Want: Accepted(200), Rests: "S3-LOCK-24"}},
		Case{Given: given, When: lockBypassing(sooner), After: []After{lockRetained("one", "GOVERNANCE", "asked")}})
	b.Case("change/removed", "takes a retention away with bypass", By{"s3": {Clauses: "S3-LOCK-27", Want: Accepted(200)}},
		Case{Given: given, When: lockBypassing(lockCall("PUT", "retention", "one", func(*Scene) string { return xmlOf("Retention") })), After: []After{lockFreeNow("k")}})
	stricter := lockCall("PUT", "retention", "one", func(s *Scene) string {
		return xmlOf("Retention", xmlOf("Mode", "COMPLIANCE"), xmlOf("RetainUntilDate", s.Kept("until")))
	})
	private := lockStrictly(lockPut("k", "one", lockGoverned))
	b.Case("change/stricter", "refuses to make GOVERNANCE COMPLIANCE", By{"s3": {Clauses: "S3-LOCK-28", Want: Want{Status: 403, Code: "AccessDenied", Step: 1}}},
		Case{Needs: NeedsPrivate, Given: private, When: stricter, After: []After{lockShown("one", lockGoverned)}})
	b.Case("change/stricter-bypass", "makes GOVERNANCE COMPLIANCE with bypass", By{"s3": {Clauses: "S3-LOCK-28", Want: Want{Status: 200, Step: 2}, Rests: "S3-LOCK-24"}},
		Case{Needs: NeedsPrivate, Given: private, When: lockBypassing(stricter), After: []After{lockRetained("one", "COMPLIANCE", "until")}})
}

func lockStrict(b *Book) {
	given := lockStrictly(lockPut("k", "one", lockCompliant))
	to := func(mode string, d time.Duration) func(*Scene) client.Call {
		return lockCall("PUT", "retention", "one", lockRetaining(mode, d))
	}
	b.Case("strict/extend", "extends a retention by COMPLIANCE", By{"s3": {Clauses: "S3-LOCK-26", Want: Want{Status: 200, Step: 1}, Rests: "S3-LOCK-24"}},
		Case{Needs: NeedsPrivate, Given: given, When: to("COMPLIANCE", 20*time.Minute), After: []After{lockRetained("one", "COMPLIANCE", "asked")}})
	for _, c := range []struct {
		name, text string
		call       func(*Scene) client.Call
		step       int
	}{
		{"shorten", "refuses to shorten a retention by COMPLIANCE", to("COMPLIANCE", 5*time.Minute), 2},
		{"milder", "refuses to make COMPLIANCE GOVERNANCE", to("GOVERNANCE", 20*time.Minute), 3},
	} {
		refused := By{"s3": {Clauses: "S3-LOCK-26", Want: Want{Status: 403, Code: "AccessDenied", Step: c.step}}}
		b.Case("strict/"+c.name, c.text, refused, Case{Needs: NeedsPrivate, Given: given, When: c.call, After: []After{lockShown("one", lockCompliant)}})
		b.Case("strict/"+c.name+"-bypass", c.text+", bypass or not", refused,
			Case{Needs: NeedsPrivate, Given: given, When: lockBypassing(c.call), After: []After{lockShown("one", lockCompliant)}})
	}
}

// lockHold wants the document of a legal hold.
func lockHold(status string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		var doc struct{ Status string }
		if err := xml.Unmarshal(r.Body, &doc); err != nil || doc.Status != status {
			return []Flaw{{"LegalHold " + status, excerpt(string(r.Body))}}
		}
		return nil
	}
}

func lockHolds(b *Book) {
	given := map[string][]Given{"ON": lockGiven(lockPut("k", "one", lock{})), "OFF": lockGiven(lockPut("k", "one", lockHeld))}
	for _, status := range []string{"ON", "OFF"} {
		told := After{Text: "the version tells it", Call: lockCall("GET", "legal-hold", "", nil), Want: Accepted(200).With(lockHold(status))}
		b.Case("legal-hold/"+lower(status), "sets a legal hold to "+status+", and tells it", By{"s3": {Clauses: "S3-LOCK-25", Want: Accepted(200)}},
			Case{Given: given[status], When: lockCall("PUT", "legal-hold", "", lockHolding(status)), After: []After{told}})
	}
	b.Case("legal-hold/version", "sets a legal hold of the version that is named, and of no other", By{"s3": {Clauses: "S3-LOCK-25", Want: Accepted(200)}},
		Case{Given: lockGiven(lockPut("k", "one", lock{}), lockPut("k", "two", lock{})), When: lockCall("PUT", "legal-hold", "one", lockHolding("ON")), After: []After{
			{Text: "the version tells it", Call: lockCall("GET", "legal-hold", "one", nil), Want: Accepted(200).With(lockHold("ON"))}, lockFreeNow("k")}})
	for _, c := range []struct{ name, text, document string }{
		{"empty", "an empty document", xmlOf("LegalHold")}, {"unknown", "a word that there is not", xmlOf("LegalHold", xmlOf("Status", "abc"))},
		{"lower-case", "a word in lower case", xmlOf("LegalHold", xmlOf("Status", "on"))}, {"no-xml", "what is no document", "hold it"},
	} {
		b.Case("legal-hold-refused/"+c.name, "refuses a legal hold of "+c.text, By{"s3": {Clauses: "S3-LOCK-22", Want: Refused(400, "MalformedXML")}},
			Case{Given: lockGiven(lockPut("k", "one", lock{})), When: lockCall("PUT", "legal-hold", "one", func(*Scene) string { return c.document }), After: []After{lockFreeNow("k")}})
	}
}

func lockHoldsTold(b *Book) {
	given := lockGiven(lockPut("k", "one", lockHeld), lockPut("k", "two", lock{}))
	for _, method := range []string{"HEAD", "GET"} {
		b.Case("held/"+lower(method), "tells with "+method+" the legal hold of a version", By{
			"s3": {Clauses: "S3-LOCK-21", Want: Shown().Field(lockHoldField, "ON")},
		}, Case{Given: given, When: ofVersion(method, "k", "one")})
	}
	b.Case("held/other", "tells no legal hold of a version beside one that is held", By{
		"s3": {Clauses: "S3-LOCK-21", Want: Shown().With(func(_ *Scene, r *client.Reply) []Flaw {
			if got := r.Fields.Get(lockHoldField); got != "" && got != "OFF" {
				return []Flaw{{lockHoldField + " OFF, or none", got}}
			}
			return nil
		})},
	}, Case{Given: lockGiven(lockPut("k", "one", lock{}), lockPut("k", "two", lockHeld)), When: ofVersion("HEAD", "k", "one")})
	b.Case("held/off", "tells that a legal hold is off", By{
		"s3": {Clauses: "S3-LOCK-21", Want: Shown().Field(lockHoldField, "OFF"), Rests: "S3-LOCK-25"},
	}, Case{Given: lockGiven(lockPut("k", "one", lockHeld), func(s *Scene) { s.Must(lockCall("PUT", "legal-hold", "one", lockHolding("OFF"))(s)) }), When: ofVersion("HEAD", "k", "one")})
}

// lockDocuments are the documents of a version and what a right one of them says.
func lockDocuments() map[string]func(*Scene) string {
	return map[string]func(*Scene) string{"retention": lockRetaining("GOVERNANCE", time.Hour), "legal-hold": lockHolding("ON")}
}

func lockNowhere(b *Book) {
	for sub, text := range byName(lockDocuments()) {
		for _, method := range []string{"GET", "PUT"} {
			document := text
			if method == "GET" {
				document = nil
			}
			b.Case("nowhere/"+lower(method)+"-"+sub, "refuses "+method+" for the "+sub+" of an object in a bucket without locks", By{
				"s3": {Clauses: "S3-LOCK-18", Want: Refused(400, "InvalidRequest")},
			}, Case{Given: []Given{own("b"), versions("Enabled"), versionPut("k", "one")}, When: lockCall(method, sub, "", document)})
		}
		b.Case("missing/"+sub, "has no "+strings.ReplaceAll(sub, "-", " ")+" for a key that is not there", By{
			"s3": {Clauses: "S3-LOCK-32", Want: Refused(404, "NoSuchKey")},
		}, Case{Given: lockGiven(), When: lockCall("PUT", sub, "", text)})
	}
}

func lockMarkers(b *Book) {
	for method, text := range byName(map[string]func(*Scene) string{"GET": nil, "PUT": lockRetaining("GOVERNANCE", time.Hour)}) {
		refused := Refused(405, "MethodNotAllowed").With(elements("Method", method, "ResourceType", "DeleteMarker"))
		b.Case("marker/"+lower(method), "refuses "+method+" for the retention of a delete marker", By{"s3": {Clauses: "S3-LOCK-15", Want: refused}},
			Case{Given: lockGiven(lockPut("k", "one", lock{}), versionDelete("k", "gone")), When: lockCall(method, "retention", "gone", text)})
	}
}
