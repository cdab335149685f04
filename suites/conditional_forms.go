package suites

import (
	"time"

	"objectharness/internal/client"
)

// Conditions that stand alone, in every form.

// conditionalTags sends each form of an entity tag.
func conditionalTags(b *Book) {
	const match, none = "If-Match", "If-None-Match"
	one := func(name, form, text string, value func(*Scene) string, status int, oss, cos, bos, s3 string) {
		cell{name: lower(name) + "/" + form, text: answerText[status] + " for " + name + " with " + text,
			send: []stipulation{{name, value}}, status: status, decides: name, oss: oss, cos: cos, bos: bos, s3: s3}.read(b)
	}
	one(match, "same", "its ETag", ownTag, 200, "OSS-XGET-27", "COS-XGET-08", "BOS-GET-09", "S3-COND-23")
	one(match, "unquoted", "its ETag without quotes", bareTag, 200, "OSS-XGET-27", "COS-XGET-08", "BOS-GET-09", "S3-COND-03")
	one(match, "other", "another ETag", otherTag, 412, "OSS-XGET-27", "COS-XGET-08", "BOS-GET-09 BOS-ERR-31", "S3-COND-01")
	one(match, "other-unquoted", "another ETag without quotes", withoutQuotes(otherTag), 412, "OSS-XGET-27", "COS-XGET-08", "BOS-GET-09 BOS-ERR-31", "S3-COND-01")
	one(match, "empty", "an empty tag", literally(`""`), 412, "", "COS-XGET-13", "", "")
	one(match, "any", "an asterisk", literally("*"), 200, "OSS-XGET-49", "COS-XGET-23", "BOS-GET-25", "S3-COND-14")
	one(match, "list", "a list that ends in its ETag", tagList(otherTag, ownTag), 200, "OSS-XGET-50", "COS-XGET-24", "BOS-GET-26", "S3-COND-18")
	one(match, "list-of-others", "a list of other ETags", tagList(otherTag, literally(`"0"`)), 412, "OSS-XGET-50", "COS-XGET-24", "BOS-GET-26", "S3-COND-18")
	one(match, "weak", "its ETag marked weak", weakTag, 412, "OSS-XGET-51", "COS-XGET-25", "BOS-GET-27", "S3-COND-19")

	one(none, "same", "its ETag", ownTag, 304, "OSS-XGET-28", "COS-XGET-09", "BOS-GET-10", "S3-COND-02")
	one(none, "unquoted", "its ETag without quotes", bareTag, 304, "OSS-XGET-28", "COS-XGET-09", "BOS-GET-10", "S3-COND-03")
	one(none, "other", "another ETag", otherTag, 200, "OSS-XGET-28", "COS-XGET-09", "BOS-GET-10", "S3-COND-23")
	one(none, "other-unquoted", "another ETag without quotes", withoutQuotes(otherTag), 200, "OSS-XGET-28", "COS-XGET-09", "BOS-GET-10", "S3-COND-23")
	one(none, "empty", "an empty tag", literally(`""`), 200, "", "COS-XGET-13", "", "")
	one(none, "any", "an asterisk", literally("*"), 304, "OSS-XGET-49", "COS-XGET-23", "BOS-GET-25", "S3-COND-14")
	one(none, "list", "a list that ends in its ETag", tagList(otherTag, ownTag), 304, "OSS-XGET-50", "COS-XGET-24", "BOS-GET-26", "S3-COND-18")
	one(none, "list-of-others", "a list of other ETags", tagList(otherTag, literally(`"0"`)), 200, "OSS-XGET-50", "COS-XGET-24", "BOS-GET-26", "S3-COND-18")
	one(none, "weak", "its ETag marked weak", weakTag, 304, "OSS-XGET-51", "COS-XGET-25", "BOS-GET-27", "S3-COND-19")
}

const (
	ifModified   = "If-Modified-Since"
	ifUnmodified = "If-Unmodified-Since"
)

// conditionalDates sends each distance from the time of the last modification,
// and each form of a date.
func conditionalDates(b *Book) {
	one := func(name, form, text string, value func(*Scene) string, status int, oss, cos, bos, s3 string, given ...Given) {
		cell{name: lower(name) + "/" + form, text: answerText[status] + " for " + name + " with " + text,
			send: []stipulation{{name, value}}, status: status, decides: name, oss: oss, cos: cos, bos: bos, s3: s3}.read(b, given...)
	}
	one(ifModified, "hour-before", "an hour before the change", changed(-3600), 200, "OSS-XGET-22", "COS-XGET-10", "BOS-GET-11", "S3-COND-23")
	one(ifModified, "second-before", "a second before the change", changed(-1), 200, "OSS-XGET-22", "COS-XGET-10", "BOS-GET-11", "S3-COND-23")
	one(ifModified, "equal", "the time of the change", changed(0), 304, "OSS-XGET-23", "COS-XGET-10", "BOS-GET-11", "S3-COND-04")
	one(ifModified, "equal-rounded", "the second of the change", changed(0), 304, "OSS-XGET-23", "COS-XGET-10", "BOS-GET-11", "S3-COND-04", within, knownObject)
	one(ifModified, "second-after", "a second after the change", changed(1), 304, "OSS-XGET-23", "COS-XGET-10", "BOS-GET-11", "S3-COND-04", standing, knownObject, dayLater)
	one(ifModified, "hour-after", "an hour after the change", changed(3600), 304, "OSS-XGET-23", "COS-XGET-10", "BOS-GET-11", "S3-COND-04", standing, knownObject, dayLater)
	one(ifModified, "to-come", "a time to come", changed(7*86400), 304, "OSS-XGET-23", "COS-XGET-10", "BOS-GET-11", "")
	one(ifModified, "to-come", "a time to come, which it ignores", changed(7*86400), 200, "", "", "", "S3-COND-05")

	one(ifUnmodified, "hour-before", "an hour before the change", changed(-3600), 412, "OSS-XGET-26", "COS-XGET-11", "BOS-GET-12", "S3-COND-06")
	one(ifUnmodified, "second-before", "a second before the change", changed(-1), 412, "OSS-XGET-26", "COS-XGET-11", "BOS-GET-12", "S3-COND-06")
	one(ifUnmodified, "equal", "the time of the change", changed(0), 200, "OSS-XGET-25", "COS-XGET-11", "BOS-GET-12", "S3-COND-07")
	one(ifUnmodified, "equal-rounded", "the second of the change", changed(0), 200, "OSS-XGET-25", "COS-XGET-11", "BOS-GET-12", "S3-COND-07", within, knownObject)
	one(ifUnmodified, "second-after", "a second after the change", changed(1), 200, "OSS-XGET-25", "COS-XGET-11", "BOS-GET-12", "S3-COND-23")
	one(ifUnmodified, "hour-after", "an hour after the change", changed(3600), 200, "OSS-XGET-25", "COS-XGET-11", "BOS-GET-12", "S3-COND-23")
	one(ifUnmodified, "to-come", "a time to come", changed(7*86400), 200, "OSS-XGET-25", "COS-XGET-11", "BOS-GET-12", "S3-COND-23")

	for _, m := range malformed {
		one(ifModified, "malformed-"+m.name, m.text+", which it ignores", m.value, 200, "OSS-XGET-24", "COS-XGET-27", "BOS-GET-29", "S3-COND-21")
		one(ifUnmodified, "malformed-"+m.name, m.text+", which it ignores", m.value, 200, "OSS-XGET-53", "COS-XGET-27", "BOS-GET-29", "S3-COND-21")
	}
	for _, f := range []struct{ name, text, layout string }{
		{"rfc850", "a date as RFC 850 has it", "Monday, 02-Jan-06 15:04:05 GMT"}, {"asctime", "a date as asctime has it", "Mon Jan _2 15:04:05 2006"},
	} {
		one(ifModified, f.name, f.text, changedAs(f.layout, 0), 304, "OSS-XGET-52", "COS-XGET-26", "BOS-GET-28", "S3-COND-20")
		one(ifUnmodified, f.name, f.text, changedAs(f.layout, -1), 412, "OSS-XGET-52", "COS-XGET-26", "BOS-GET-28", "S3-COND-20")
	}
}

// malformed are texts that are no HTTP dates.
var malformed = []struct {
	name, text string
	value      func(*Scene) string
}{
	{"word", "a word", literally("yesterday")},
	{"number", "a number", literally("0")},
	{"iso", "a date as ISO 8601 has it", changedAs("2006-01-02T15:04:05Z", 0)},
	{"day", "a day that no month has", literally("Sat, 31 Feb 2026 04:05:06 GMT")},
	{"zone", "another time zone", literally("Tue, 03 Feb 2026 04:05:06 CST")},
}

// within opens an emulator whose clock stands within a second.
func within(s *Scene) { s.NewPrivate(Setup{Time: time.Date(2026, 2, 3, 4, 5, 6, 7e8, time.UTC)}) }

func dayLater(s *Scene) { s.Pass(24 * time.Hour) }

// conditionalReplies looks at what goes with 304 and 412.
func conditionalReplies(b *Book) {
	get := func(name string, value func(*Scene) string) Case {
		return Case{Given: []Given{knownObject}, When: func(s *Scene) client.Call { return s.Get(s.Key("k"), Field(name, value(s))) }}
	}
	head := func(name string, value func(*Scene) string) Case {
		return Case{Given: []Given{knownObject}, When: func(s *Scene) client.Call { return s.Head(s.Key("k"), Field(name, value(s))) }}
	}
	bare := Want{Status: 304}.Content("").Field("x-oss-request-id", Present).With(noXML)
	unchanged := By{
		"oss": {Clauses: "OSS-XGET-32", Want: bare, Rests: "OSS-HDR-01"},
	}
	b.Case("get/304/bare/tag", "answers 304 without a body and without the type of one", unchanged, get("If-None-Match", ownTag))
	b.Case("get/304/bare/date", "answers 304 without a body and without the type of one", unchanged, get("If-Modified-Since", changed(0)))
	fields := By{
		"cos": {Clauses: "COS-XHDR-07", Want: Want{Status: 304}.Content("").Field("ETag", kept("etag")).Field(b.W.CRC64, kept("crc64")), Rests: "COS-XHDR-06"},
		"s3":  {Clauses: "S3-COND-15", Want: Want{Status: 304}.Field("ETag", kept("etag")).Field("Last-Modified", kept("date"))},
	}
	b.Case("get/304/fields/tag", "repeats the fields that a cache needs with 304", fields, get("If-None-Match", ownTag))
	b.Case("get/304/fields/date", "repeats the fields that a cache needs with 304", fields, get("If-Modified-Since", changed(0)))
	b.Case("head/304/fields/tag", "repeats the fields that a cache needs with 304, for HEAD as well", fields, head("If-None-Match", ownTag))
	refused := By{
		"cos": {Clauses: "COS-XGET-12", Want: Want{Status: 412, Code: "PreconditionFailed"}.With(precondition), Rests: "COS-XERR-01"},
	}
	b.Case("get/412/body/tag", "answers 412 with the documented message and the whole error body", refused, get("If-Match", otherTag))
	b.Case("get/412/body/date", "answers 412 with the documented message and the whole error body", refused, get("If-Unmodified-Since", changed(-1)))
}

func noXML(_ *Scene, r *client.Reply) []Flaw {
	if kind := r.Fields.Get("Content-Type"); kind == "application/xml" || kind == "text/xml" {
		return []Flaw{{"no type of an error body", "Content-Type: " + kind}}
	}
	return nil
}

func precondition(_ *Scene, r *client.Reply) (flaws []Flaw) {
	if r.Err.Message != "Precondition not match." {
		flaws = append(flaws, Flaw{"Message Precondition not match.", excerpt(r.Err.Message)})
	}
	if r.Err.Resource == "" || r.Err.RequestID == "" || r.Err.HostID == "" {
		flaws = append(flaws, Flaw{"Resource, RequestId and TraceId", excerpt(r.Err.Resource + " " + r.Err.RequestID + " " + r.Err.HostID)})
	}
	return flaws
}

// conditionalOrder holds conditions against what else a read can end in.
func conditionalOrder(b *Book) {
	for _, c := range []struct {
		name, field string
		value       func(*Scene) string
	}{{"match", "If-Match", literally(`"x"`)}, {"none-match", "If-None-Match", literally("*")},
		{"modified", ifModified, literally("Tue, 03 Feb 2026 04:05:06 GMT")}, {"unmodified", ifUnmodified, literally("Sat, 03 Feb 2001 04:05:06 GMT")}} {
		b.Case("get/missing/"+c.name, "answers that there is no object before it looks at a condition", By{
			"s3": {Clauses: "S3-COND-16", Want: Refused(404, "NoSuchKey"), Rests: "S3-ERR-02"},
		}, Case{When: func(s *Scene) client.Call { return s.Get(s.Key("k"), Field(c.field, c.value(s))) }})
	}
	for _, r := range []struct{ name, spec string }{{"range", "bytes=0-1"}, {"range-beyond", "bytes=100-200"}} {
		b.Case("get/"+r.name+"/none-match", "weighs If-None-Match before the range", By{
			"cos": {Clauses: "COS-XGET-09 COS-XGET-14", Want: Want{Status: 304}},
			"s3":  {Clauses: "S3-COND-17", Want: Want{Status: 304}},
		}, Case{Given: []Given{knownObject}, When: func(s *Scene) client.Call {
			return s.Get(s.Key("k"), Field("If-None-Match", ownTag(s)), Field("Range", r.spec))
		}})
		b.Case("get/"+r.name+"/match", "weighs If-Match before the range", By{
			"cos": {Clauses: "COS-XGET-08 COS-XGET-14", Want: Refused(412, "PreconditionFailed")},
		}, Case{Given: []Given{knownObject}, When: func(s *Scene) client.Call {
			return s.Get(s.Key("k"), Field("If-Match", otherTag(s)), Field("Range", r.spec))
		}})
	}
	b.Case("get/all-hold", "returns the object where all four conditions hold", By{
		"bos": {Clauses: "BOS-GET-15", Want: Accepted(200)},
	}, Case{Given: []Given{knownObject}, When: func(s *Scene) client.Call {
		return s.Get(s.Key("k"), Field("If-Match", ownTag(s)), Field(ifUnmodified, changed(7*86400)(s)), Field("If-None-Match", otherTag(s)), Field(ifModified, changed(-3600)(s)))
	}})
}
