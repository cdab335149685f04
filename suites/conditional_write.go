package suites

import (
	"strings"

	"objectharness/internal/clause"
	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Conditions on writes and removals.

// writeRests are the clauses by which any upload is answered and replaces what
// was there.
var writeRests = map[string]string{
	"oss": "OSS-PUT-05", "cos": "COS-PUT-04", "bos": "BOS-PUT-01 BOS-PUT-04", "s3": "S3-OBJ-01 S3-OBJ-03 S3-OBJ-38",
}

// nothingRests are the clauses by which it is answered that there is no object.
var nothingRests = map[string]string{"bos": "BOS-GET-24", "s3": "S3-ERR-02"}

// overwriting sends the field that forbids replacing, with each value, to a
// free key and to one that is not.
func overwriting(b *Book) {
	forbid := b.W.Forbid
	over := func(value string) Case {
		return Case{Given: []Given{put("k", "old"), snapshot("k")},
			When: func(s *Scene) client.Call { return s.Put(s.Key("k"), "new content", Field(forbid, value)) }}
	}
	refused, replaced := over(""), over("")
	refused.After, replaced.After = []After{unchanged("k")}, []After{reads("k", "new content")}
	for _, value := range []string{"true", "True"} {
		refused.When = over(value).When
		b.Case("put/forbid-overwrite/"+spelled(value)+"-existing", "refuses to replace an object where that is forbidden, and keeps it", By{
			"oss": {Clauses: "OSS-XPUT-04", Want: Refused(409, "FileAlreadyExists")},
			"cos": {Clauses: "COS-XPUT-22 COS-PUT-05", Want: Refused(409, "FileAlreadyExists")},
			"bos": {Clauses: "BOS-PUT-21 BOS-ERR-59", Want: Refused(409, "FileAlreadyExists")},
		}, refused)
	}
	b.Case("put/forbid-overwrite/true-free", "stores an object at a free key where replacing is forbidden", By{
		"oss": {Clauses: "OSS-XPUT-05", Want: Accepted(200), Rests: writeRests["oss"]},
		"cos": {Clauses: "COS-PUT-05", Want: Accepted(200), Rests: writeRests["cos"]},
		"bos": {Clauses: "BOS-PUT-21", Want: Accepted(200), Rests: writeRests["bos"]},
	}, Case{When: func(s *Scene) client.Call { return s.Put(s.Key("k"), "new content", Field(forbid, "true")) },
		After: []After{reads("k", "new content")}})
	allowed := By{
		"oss": {Clauses: "OSS-XPUT-06", Want: Accepted(200), Rests: writeRests["oss"]},
		"cos": {Clauses: "COS-PUT-05 COS-XPUT-22", Want: Accepted(200), Rests: writeRests["cos"]},
		"bos": {Clauses: "BOS-PUT-21", Want: Accepted(200), Rests: writeRests["bos"]},
	}
	for _, value := range []string{"false", "False", ""} {
		replaced.When = over(value).When
		b.Case("put/forbid-overwrite/"+spelled(value)+"-existing", "replaces an object where that is not forbidden", allowed, replaced)
	}
	replaced.When = func(s *Scene) client.Call { return s.Put(s.Key("k"), "new content") }
	b.Case("put/forbid-overwrite/absent-existing", "replaces an object where nothing is said", allowed, replaced)
}

// spelled names a value in a case id.
func spelled(value string) string {
	switch {
	case value == "":
		return "empty"
	case value != lower(value):
		return lower(value) + "-capital"
	}
	return value
}

// A conditionalWrite is a write on a condition: to the key that holds an
// object, or to one that holds none.
type conditionalWrite struct {
	name, text string
	free       bool
	send       []stipulation
	want       Want
	bos, s3    string
}

func (w conditionalWrite) add(b *Book) {
	c := Case{When: func(s *Scene) client.Call { return s.Put(s.Key("k"), "new content", fieldsOf(s, w.send)...) }}
	rests := map[string]string{}
	switch {
	case w.want.Status == 200:
		c.After, rests = []After{reads("k", "new content")}, writeRests
	case w.free:
		c.After, rests = []After{missing("k")}, nothingRests
	default:
		c.After = []After{unchanged("k")}
	}
	c.Given = []Given{freeKey}
	if !w.free {
		c.Given = []Given{knownObject, snapshot("k")}
	}
	by := By{}
	if w.bos != "" {
		by["bos"] = Row{Clauses: w.bos, Want: w.want, Rests: rests["bos"]}
	}
	if w.s3 != "" {
		by["s3"] = Row{Clauses: w.s3, Want: w.want, Rests: rests["s3"]}
	}
	b.Case("put/"+w.name, w.text, by, c)
}

// freeKey gives a case whose key holds nothing the ETag of something else.
func freeKey(s *Scene) {
	s.Keep("etag", `"9a0364b9e99bb480dd25e1f0284c8555"`)
	s.Keep("date", "Tue, 03 Feb 2026 04:05:06 GMT")
}

// conditionalPuts sends the conditions of an upload, alone and in pairs.
func conditionalPuts(b *Book) {
	failed := Refused(412, "PreconditionFailed")
	s3Failed := func(field string) Want {
		if b.W.Condition == "" {
			return failed
		}
		return failed.With(elementIs(b.W.Condition, field))
	}
	const match, none = "If-Match", "If-None-Match"
	one := func(name, form, text string, free bool, value func(*Scene) string, want Want, bos, s3 string) {
		conditionalWrite{name: lower(name) + "/" + form, text: text, free: free, send: []stipulation{{name, value}}, want: want, bos: bos, s3: s3}.add(b)
	}
	one(match, "same", "replaces an object whose ETag If-Match names", false, ownTag, Accepted(200), "BOS-PUT-13", "S3-CPUT-04")
	one(match, "unquoted", "replaces an object whose ETag If-Match names without quotes", false, bareTag, Accepted(200), "BOS-PUT-13", "S3-CPUT-09")
	one(match, "other", "keeps an object whose ETag If-Match does not name", false, otherTag, s3Failed(match), "BOS-PUT-13", "S3-CPUT-05")
	one(match, "other-unquoted", "keeps an object whose ETag If-Match does not name", false, withoutQuotes(otherTag), s3Failed(match), "BOS-PUT-13", "S3-CPUT-05")
	one(match, "free", "makes no object where If-Match names one", true, ownTag, failed, "BOS-PUT-13", "")
	one(match, "free", "makes no object where If-Match names one", true, ownTag, Refused(404, "NoSuchKey"), "", "S3-CPUT-06")
	one(none, "same", "keeps an object whose ETag If-None-Match names", false, ownTag, failed, "BOS-PUT-14", "")
	one(none, "unquoted", "keeps an object whose ETag If-None-Match names without quotes", false, bareTag, failed, "BOS-PUT-14", "")
	one(none, "other", "replaces an object whose ETag If-None-Match does not name", false, otherTag, Accepted(200), "BOS-PUT-14", "")
	one(none, "free", "makes an object where there is none that If-None-Match could name", true, ownTag, Accepted(200), "BOS-PUT-14", "")
	one(none, "any", "keeps any object for If-None-Match with an asterisk", false, literally("*"), s3Failed(none), "BOS-PUT-15", "S3-CPUT-01")
	one(none, "any-free", "makes an object at a free key for If-None-Match with an asterisk", true, literally("*"), Accepted(200), "BOS-PUT-15", "S3-CPUT-01")
	one(ifUnmodified, "hour-before", "keeps an object that changed later", false, changed(-3600), failed, "BOS-PUT-16", "")
	one(ifUnmodified, "second-before", "keeps an object that changed a second later", false, changed(-1), failed, "BOS-PUT-16", "")
	one(ifUnmodified, "equal", "replaces an object that changed at that time", false, changed(0), Accepted(200), "BOS-PUT-16", "")
	one(ifUnmodified, "to-come", "replaces an object that did not change later", false, changed(7*86400), Accepted(200), "BOS-PUT-16", "")
	one(ifUnmodified, "free", "makes an object where none can have changed", true, changed(-3600), Accepted(200), "BOS-PUT-16", "")
	putPairs(b, failed)
}

// putPairs sends the conditions of an upload in pairs.
func putPairs(b *Book, failed Want) {
	for _, p := range []struct {
		first, second int
		fails         [4]bool
		bos           [4]string
	}{
		{0, 1, [4]bool{false, true, true, true}, [4]string{"BOS-PUT-13 BOS-PUT-14", "BOS-PUT-14", "BOS-PUT-13", "BOS-PUT-13 BOS-PUT-14"}},
		{0, 3, [4]bool{false, false, true, true}, [4]string{"BOS-PUT-13 BOS-PUT-16", "BOS-PUT-17", "BOS-PUT-13", "BOS-PUT-13"}},
		{1, 3, [4]bool{false, true, true, true}, [4]string{"BOS-PUT-14 BOS-PUT-16", "BOS-PUT-16", "BOS-PUT-14", "BOS-PUT-14 BOS-PUT-16"}},
	} {
		for i := range 4 {
			one, first := sides[p.first].as(i < 2)
			two, second := sides[p.second].as(i%2 == 0)
			want, text := Accepted(200), "replaces the object"
			if p.fails[i] {
				want, text = failed, "keeps the object"
			}
			conditionalWrite{name: lower(one.name) + "-" + first + "/" + lower(two.name) + "-" + second,
				text: text + " where " + one.name + " " + first + " and " + two.name + " " + second,
				send: []stipulation{one, two}, want: want, bos: p.bos[i]}.add(b)
		}
	}
}

// conditionalCreation sends conditions that an upload does not have, and
// creates the same object from several sides.
func conditionalCreation(b *Book) {
	for _, f := range []stipulation{{ifModified, changed(-3600)}, {ifUnmodified, changed(0)}, {"If-Match", ownTag}, {"If-None-Match", literally("*")}} {
		b.Case("put/unknown/"+lower(f.name), "refuses a condition that uploads do not have, and names it", By{
			"oss": {Clauses: "OSS-XPUT-10", Want: Refused(400, "NotImplemented").With(elementIs("Header", f.name))},
		}, sent("PUT", f))
	}
	refused := func(clauses, header string) By {
		return By{"s3": {Clauses: clauses, Want: Refused(501, "NotImplemented").With(elementIs("Header", header))}}
	}
	b.Case("put/if-none-match/tag", "refuses If-None-Match with anything but an asterisk, and names it", refused("S3-CPUT-02", "If-None-Match"),
		sent("PUT", stipulation{"If-None-Match", literally(`"x"`)}))
	b.Case("put/if-none-match/own-tag", "refuses If-None-Match with anything but an asterisk, and names it", refused("S3-CPUT-02", "If-None-Match"),
		sent("PUT", stipulation{"If-None-Match", ownTag}))
	b.Case("put/if-match/any", "refuses If-Match with an asterisk, and names it", refused("S3-CPUT-07 S3-ERR-16", "If-Match"),
		sent("PUT", stipulation{"If-Match", literally("*")}))
	b.Case("put/both", "refuses If-Match and If-None-Match together, and names both", refused("S3-CPUT-08", "If-Match,If-None-Match"),
		sent("PUT", stipulation{"If-Match", ownTag}, stipulation{"If-None-Match", literally("*")}))
	b.Case("put/if-none-match/together", "lets exactly one of several creations win, and keeps its body", By{
		"s3": {Clauses: "S3-CPUT-11", Want: Want{Status: 412, Code: "PreconditionFailed", Step: 2}.With(elementIs("Condition", "If-None-Match")), Rests: writeRests["s3"]},
	}, Case{Run: createTogether})
	b.Case("put/if-none-match/emptied", "refuses a creation on whose way another object came and went", By{
		"s3": {Clauses: "S3-CPUT-10", Want: Want{Status: 409, Code: "ConditionalRequestConflict", Step: 2}, Rests: "S3-SIG-37 S3-SIG-43 " + deleteRests},
	}, Case{When: func(s *Scene) client.Call { return s.overtaken("new content") }, After: []After{missing("k")}})
}

// sent is a write or removal of an object with conditions; the object stays.
func sent(method string, send ...stipulation) Case {
	return Case{
		Given: []Given{knownObject, snapshot("k")},
		When: func(s *Scene) client.Call {
			call := s.Put(s.Key("k"), "new content", fieldsOf(s, send)...)
			if call.Method = method; method == "DELETE" {
				call.Body = nil
			}
			return call
		},
		After: []After{unchanged("k")},
	}
}

// createTogether sends several creations at once and judges: one success, the
// others refused as the case wants, and the body of the winner kept.
func createTogether(s *Scene) {
	calls := make([]client.Call, 16)
	key := s.Key("k")
	for i := range calls {
		calls[i] = s.Put(key, strings.Repeat(string(rune('a'+i)), 9), Field("If-None-Match", "*"))
	}
	replies, errs := s.together(calls)
	var winners []string
	for i, r := range replies {
		switch {
		case errs[i] != nil:
			panic(failed{errs[i]})
		case r.Status/100 == 2:
			winners = append(winners, strings.Repeat(string(rune('a'+i)), 9))
		default:
			s.Judge(r, s.Case.Then[0])
		}
	}
	if len(winners) != 1 {
		s.Fail(s.Case.Clauses[0], clause.BrokenEffect, "exactly one of the creations succeeds", itoa(len(winners))+" succeeded")
		return
	}
	s.Judge(s.Do(s.Get(key)), Shown().Content(winners[0]))
}

// overtaken is a creation whose body comes only after another creation of the
// same object and its removal.
func (s *Scene) overtaken(body string) client.Call {
	key := s.Key("k")
	call := s.Put(key, "", Field("If-None-Match", "*"), Field("Expect", "100-continue"), Field("Content-Length", itoa(len(body))))
	call.Source, call.Length, call.Fresh = &overtaker{s: s, key: key, rest: strings.NewReader(body)}, int64(len(body)), true
	call.Sign = func(in *sign.Input) { in.Payload = "UNSIGNED-PAYLOAD" }
	return call
}

// An overtaker lets another creation and a removal happen before its first byte.
type overtaker struct {
	s    *Scene
	key  string
	rest *strings.Reader
	done bool
}

func (o *overtaker) Read(p []byte) (int, error) {
	if !o.done {
		o.done = true
		for _, call := range []client.Call{o.s.Put(o.key, "first", Field("If-None-Match", "*")), o.s.Delete(o.key)} {
			r, err := o.s.Owner.Do(o.s.Ctx, call)
			if err != nil {
				return 0, err
			}
			o.s.begun(call, r)
		}
	}
	return o.rest.Read(p)
}

// conditionalDeletes sends the conditions of a removal.
func conditionalDeletes(b *Book) {
	removed := func(value func(*Scene) string) Case {
		return Case{
			Given: []Given{knownObject},
			When:  func(s *Scene) client.Call { return s.Delete(s.Key("k"), Field("If-Match", value(s))) },
			After: []After{missing("k")},
		}
	}
	gone := By{"s3": {Clauses: "S3-CPUT-21", Want: Accepted(204), Rests: deleteRests}}
	b.Case("delete/if-match/same", "removes an object whose ETag If-Match names", gone, removed(ownTag))
	b.Case("delete/if-match/unquoted", "removes an object whose ETag If-Match names without quotes", gone, removed(bareTag))
	b.Case("delete/if-match/any", "removes any object for If-Match with an asterisk", gone, removed(literally("*")))
	stays := By{"s3": {Clauses: "S3-CPUT-20", Want: Refused(412, "PreconditionFailed").With(elementIs("Condition", "If-Match"))}}
	b.Case("delete/if-match/other", "keeps an object whose ETag If-Match does not name", stays, sent("DELETE", stipulation{"If-Match", otherTag}))
	b.Case("delete/if-match/bad", "keeps an object whose ETag If-Match does not name", stays, sent("DELETE", stipulation{"If-Match", literally("badvalue")}))
	for _, value := range []struct{ name, value string }{{"tag", `"x"`}, {"any", "*"}} {
		b.Case("delete/if-match/free-"+value.name, "answers that there is no object to remove", By{
			"s3": {Clauses: "S3-CPUT-22", Want: Want{Status: 404, Code: "NoSuchKey", Step: 1}},
		}, Case{When: func(s *Scene) client.Call { return s.Delete(s.Key("k"), Field("If-Match", value.value)) }})
	}
	for _, f := range []wire.Field{Field("x-amz-if-match-size", "7"), Field("x-amz-if-match-last-modified-time", "Tue, 03 Feb 2026 04:05:06 GMT")} {
		b.Case("delete/unknown/"+f.Name, "refuses a condition that only directory buckets have, and names it", By{
			"s3": {Clauses: "S3-CPUT-23", Want: Refused(501, "NotImplemented").With(elementIs("Header", f.Name))},
		}, sent("DELETE", stipulation{f.Name, literally(f.Value)}))
	}
}

// deleteRests are the clauses by which any removal is answered.
const deleteRests = "S3-OBJ-21 S3-ERR-02"
