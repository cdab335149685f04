package suites

import (
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// named is a case that puts an object at a key made of the case's own, reads it
// back and finds it listed under that very name.
func named(key func(*Scene) string) Case {
	c := longNamed(key)
	c.After = append(c.After, After{Text: "the key is listed as it is", Call: func(s *Scene) client.Call {
		before, _, _ := strings.Cut(key(s), s.Subject.Run)
		return client.Call{Method: "GET", Bucket: s.Bucket, Query: []wire.Param{{Name: "prefix", Value: before + s.Key("")}}}
	}, Want: Want{Status: 2, Body: func(s *Scene) any { return gomega.ContainSubstring(key(s)) }}})
	return c
}

// longNamed is named without the listing.
func longNamed(key func(*Scene) string) Case {
	at := func(s *Scene) string { return s.Exactly(key(s)) }
	return Case{
		When: func(s *Scene) client.Call { return s.Put(at(s), "named") },
		After: []After{{Text: "the key leads to the object",
			Call: func(s *Scene) client.Call { return s.Get(at(s)) }, Want: Accepted(2).Content("named")}},
	}
}

// escaped adds to a case that a listing with encoding-type=url shows text.
func escaped(c Case, text string) Case {
	c.After = append(c.After, After{Text: "the key is listed, escaped", Call: func(s *Scene) client.Call {
		return client.Call{Method: "GET", Bucket: s.Bucket, Query: []wire.Param{{Name: "prefix", Value: s.Key("")}, {Name: "encoding-type", Value: "url"}}}
	}, Want: Want{Status: 2, Body: gomega.ContainSubstring(text)}})
	return c
}

// ending is a key of the case's own that ends in text.
func ending(text string) func(*Scene) string {
	return func(s *Scene) string { return s.Key("") + text }
}

// filled is a key of the case's own that is n bytes long, made of as many
// copies of unit as fit and a few letters.
func filled(n int, unit string) func(*Scene) string {
	return func(s *Scene) string {
		head := s.Key("")
		room := n - len(head)
		return head + strings.Repeat("x", room%len(unit)) + strings.Repeat(unit, room/len(unit))
	}
}

func putKeys(b *Book) {
	for _, k := range []struct{ name, text, clauses, rests string }{
		{"blank", "a b", "OSS-PUT-36 BOS-PUT-11", ""},
		{"chinese", "中", "OSS-PUT-36 BOS-PUT-11", ""},
		{"punctuation", "a+b=c,d;e!f(g)*h~i@j$k#l?m[n]|o^p`q{r}", "BOS-PUT-11", ""},
		{"percent", "file%2Fname", "S3-OBJ-06", "S3-OBJ-07 S3-OBJ-09"},
		{"accents", "ünïcødé/clé", "S3-OBJ-10", ""},
		{"slashes", "test key//", "S3-OBJ-07", ""},
		{"at", "test@key/", "S3-OBJ-07", ""},
		{"emoji", "a/😀/", "S3-OBJ-07", ""},
	} {
		by := By{}
		for id := range strings.FieldsSeq(k.clauses) {
			dialect, _, _ := strings.Cut(lower(id), "-")
			by[dialect] = Row{Clauses: id, Want: Accepted(2), Rests: k.rests}
		}
		b.Case("put/key/"+k.name, "keeps the key "+k.text, by, named(ending(k.text)))
	}
	b.Case("put/key/first-slash", "keeps a slash in front of a key", By{
		"s3": {Clauses: "S3-OBJ-08", Want: Accepted(2)},
	}, named(func(s *Scene) string { return "/" + s.Key("foo/") }))
	b.Case("put/key/control", "keeps control characters in a key", By{
		"oss": {Clauses: "OSS-XPUT-03", Want: Accepted(200), Rests: "OSS-PUT-36"},
	}, escaped(longNamed(ending("a\x01\x07b")), "a%01%07b"))
	putCase(b)
}

func putCase(b *Book) {
	b.Case("put/key/case", "tells keys apart by letter case", By{
		"cos": {Clauses: "COS-XADDR-06", Want: Refused(404, "NoSuchKey"), Rests: "COS-XERR-14"},
		"s3":  {Clauses: "S3-OBJ-09", Want: Refused(404, "NoSuchKey"), Rests: "S3-ERR-02"},
	}, Case{
		Given: []Given{put("CamelCaseKey", "x")},
		When:  func(s *Scene) client.Call { return s.Get(s.Key("camelcasekey")) },
		After: []After{reads("CamelCaseKey", "x")},
	})
}

func putLongKeys(b *Book) {
	longest := By{
		"oss": {Clauses: "OSS-PUT-09", Want: Accepted(200)},
		"cos": {Clauses: "COS-XADDR-07", Want: Accepted(200)},
		"bos": {Clauses: "BOS-PUT-10", Want: Accepted(200)},
		"s3":  {Clauses: "S3-OBJ-04", Want: Accepted(200)},
	}
	most := map[string]int{"oss": 1023, "cos": 850, "bos": 1024, "s3": 1024}[b.Dialect]
	b.Case("put/key/longest", "accepts a key of the greatest length", longest, longNamed(filled(most, "x")))
	b.Case("put/key/longest-in-bytes", "counts the bytes of a key: as many as fit of three each are accepted", By{
		"oss": {Clauses: "OSS-PUT-09", Want: Accepted(200), Rests: "OSS-PUT-36"},
		"s3":  {Clauses: "S3-OBJ-04", Want: Accepted(200), Rests: "S3-OBJ-10"},
	}, longNamed(filled(most, "中")))
	b.Case("put/key/too-long", "refuses a key that is one byte longer", By{
		"oss": {Clauses: "OSS-PUT-08", Want: Refused(400, "InvalidObjectName")},
		"cos": {Clauses: "COS-XADDR-07", Want: Refused(400, "KeyTooLong")},
		"bos": {Clauses: "BOS-PUT-10 BOS-ERR-34", Want: Refused(400, "InvalidObjectName")},
		"s3":  {Clauses: "S3-OBJ-04", Want: Refused(400, "KeyTooLongError")},
	}, overlong(filled(most+1, "x")))
	b.Case("put/key/too-long-in-bytes", "counts the bytes of a key: with one more of three bytes it is refused", By{
		"oss": {Clauses: "OSS-PUT-09", Want: Refused(400, "InvalidObjectName")},
		"s3":  {Clauses: "S3-OBJ-04", Want: Refused(400, "KeyTooLongError")},
	}, overlong(filled(most+3, "中")))
}

func overlong(key func(*Scene) string) Case {
	return Case{When: func(s *Scene) client.Call { return s.Put(s.Exactly(key(s)), "x") }}
}

func putBadKeys(b *Book) {
	refused := func(name, text string, key func(*Scene) string, by By) {
		b.Case("put/key/"+name, text, by, Case{
			Given: []Given{put("k", "x")},
			When:  func(s *Scene) client.Call { return s.Put(s.Exactly(key(s)), "x") },
		})
	}
	before := func(mark string) func(*Scene) string {
		return func(s *Scene) string { return mark + s.Key("k") }
	}
	starts := By{
		"oss": {Clauses: "OSS-XPUT-01", Want: Refused(400, "InvalidObjectName")},
		"cos": {Clauses: "COS-XADDR-08", Want: Refused(400, "InvalidObjectName")},
	}
	refused("slash-in-front", "refuses a key that begins with a slash", before("/"), starts)
	refused("backslash-in-front", "refuses a key that begins with a backslash", before(`\`), starts)
	refused("not-utf8", "refuses a key that is not UTF-8", ending("\xff\xfe"), By{
		"oss": {Clauses: "OSS-XPUT-02", Want: Refused(400, "InvalidObjectName")},
	})
	for _, mark := range []string{"18", "19", "1a", "1b"} {
		refused("control-"+mark, "refuses a key with the control character 0x"+mark, ending("a"+string(rune(strings.Index("0123456789abcdef", mark[1:])+16))), By{
			"cos": {Clauses: "COS-XADDR-08", Want: Refused(400, "InvalidObjectName")},
		})
	}
}
