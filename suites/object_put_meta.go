package suites

import (
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// keeping is a case that puts an object with a field and sees the field again
// on HEAD and GET.
func keeping(name, value string) Case {
	return Case{
		When: func(s *Scene) client.Call { return s.Put(s.Key("k"), "x", Field(name, value)) },
		After: []After{heads("k", FieldWant{name, value}), {Text: "the object as it is read",
			Call: func(s *Scene) client.Call { return s.Get(s.Key("k")) }, Want: Want{Status: 2}.Field(name, value)}},
	}
}

// putFields asks for each content header in a case of its own.
func putFields(b *Book) {
	for _, f := range []wire.Field{{Name: "Cache-Control", Value: "max-age=86400"}, {Name: "Expires", Value: "Fri, 28 Feb 2098 05:38:42 GMT"},
		{Name: "Content-Encoding", Value: "utf-8"}, {Name: "Content-Disposition", Value: "attachment; filename=example.jpg"},
		{Name: "Content-Type", Value: "image/jpeg"}} {
		b.Case("put/fields/"+lower(f.Name), "keeps "+f.Name+" of the upload", By{
			"oss": {Clauses: "OSS-PUT-13"}, "cos": {Clauses: "COS-XPUT-06"}, "bos": {Clauses: "BOS-PUT-05"}, "s3": {Clauses: "S3-OBJ-15"},
		}, keeping(f.Name, f.Value))
	}
	b.Case("put/fields/content-language", "keeps Content-Language of the upload", By{"s3": {Clauses: "S3-OBJ-15"}}, keeping("Content-Language", "de"))
	b.Case("put/fields/all", "answers a download with the fields of the upload", By{
		"cos": {Clauses: "COS-PUT-07", Want: Shown().Field("Content-Type", "image/jpeg").Field("Cache-Control", "max-age=86400").
			Field("Content-Disposition", "attachment; filename=example.jpg").Field("x-cos-meta-md5", "b62e10bcab55a88240bd9c436cffdcf9").
			Field("Accept-Ranges", "bytes").Field("ETag", `"b62e10bcab55a88240bd9c436cffdcf9"`).
			Field("Last-Modified", Present).Field("x-cos-request-id", Present), Rests: "COS-MD5-05 COS-XHDR-02 COS-XGET-01"},
	}, Case{
		Given: []Given{func(s *Scene) {
			s.Must(s.Put(s.Key("k"), "exampleobject", Field("Content-Type", "image/jpeg"), Field("Cache-Control", "max-age=86400"),
				Field("Content-Disposition", "attachment; filename=example.jpg"), Field("x-cos-meta-md5", "b62e10bcab55a88240bd9c436cffdcf9")))
		}},
		When: func(s *Scene) client.Call { return s.Get(s.Key("k")) },
	})
	b.Case("put/fields/expires-unchecked", "keeps whatever Expires says", By{
		"oss": {Clauses: "OSS-PUT-14", Want: Accepted(200)},
	}, keeping("Expires", "whenever"))
	b.Case("put/fields/expires-past", "keeps an Expires that has passed", By{
		"s3": {Clauses: "S3-OBJ-16", Want: Accepted(2)},
	}, keeping("Expires", "Thu, 01 Jan 2015 00:00:00 GMT"))
}

func putDefaults(b *Book) {
	typed := func(name, key string, want any, by By) {
		b.Case("put/type/"+name, "gives the object a Content-Type where the upload names none", by, Case{
			When:  func(s *Scene) client.Call { return s.Put(s.Key(key), "x") },
			After: []After{heads(key, FieldWant{"Content-Type", want})},
		})
	}
	typed("default", "a", map[string]string{"bos": "application/octet-stream", "s3": "binary/octet-stream"}[b.Dialect], By{
		"bos": {Clauses: "BOS-PUT-07"}, "s3": {Clauses: "S3-OBJ-17"}})
	typed("by-name", "a.js", gomega.ContainSubstring("javascript"), By{"bos": {Clauses: "BOS-PUT-07"}})
	b.Case("put/default-expires", "lets an object that was put without Expires expire after three days", By{
		"bos": {Clauses: "BOS-PUT-06", Want: Shown().With(expiresAfter(3 * 24 * time.Hour)), Rests: "BOS-HDR-04"},
	}, Case{
		Given: []Given{put("k", "x")},
		When:  func(s *Scene) client.Call { return s.Get(s.Key("k")) },
	})
}

// expiresAfter wants Expires so long after Date, give or take a minute for what
// lies between upload and download.
func expiresAfter(d time.Duration) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		date, err1 := time.Parse(httpTime, r.Fields.Get("Date"))
		expires, err2 := time.Parse(httpTime, r.Fields.Get("Expires"))
		if err1 == nil && err2 == nil && expires.Sub(date.Add(d)).Abs() <= time.Minute {
			return nil
		}
		return []Flaw{{"Expires " + d.String() + " after Date", "Date: " + r.Fields.Get("Date") + ", Expires: " + r.Fields.Get("Expires")}}
	}
}

// exactly wants a field spelled as given, letter case included.
func exactly(name, value string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		if slices.Contains(r.Fields, Field(name, value)) {
			return nil
		}
		var got []string
		for _, f := range r.Fields {
			if strings.EqualFold(f.Name, name) {
				got = append(got, f.Name+": "+f.Value)
			}
		}
		return []Flaw{{name + ": " + value, strings.Join(got, ", ")}}
	}
}

// withMeta is a case that puts an object with fields and looks at its head.
func withMeta(fields ...wire.Field) Case {
	return Case{
		Given: []Given{func(s *Scene) { s.Must(s.Put(s.Key("k"), "x", fields...)) }},
		When:  func(s *Scene) client.Call { return s.Head(s.Key("k")) },
	}
}

func putMeta(b *Book) {
	m := b.W.Meta
	b.Case("put/meta/several", "keeps several fields of user metadata", By{
		"oss": {Clauses: "OSS-PUT-28", Want: Shown().Field(m+"location", "hz").Field(m+"b", "2"), Rests: "OSS-HEAD-09"},
		"cos": {Clauses: "COS-PUT-08", Want: Shown().Field(m+"location", "hz").Field(m+"b", "2")},
	}, withMeta(Field(m+"location", "hz"), Field(m+"b", "2")))
	b.Case("put/meta/head-and-get", "gives user metadata back on HEAD and GET", By{
		"cos": {Clauses: "COS-XPUT-06 COS-PUT-08"},
	}, keeping(m+"color", "blue"))
	b.Case("put/meta/checksum", "gives a client's checksum back as it is", By{
		"cos": {Clauses: "COS-MD5-06", Want: Shown().Field("x-cos-meta-md5", "b62e10bcab55a88240bd9c436cffdcf9")},
	}, Case{
		Given: []Given{func(s *Scene) {
			s.Must(s.Put(s.Key("k"), "exampleobject", Field("x-cos-meta-md5", "b62e10bcab55a88240bd9c436cffdcf9")))
		}},
		When: func(s *Scene) client.Call { return s.Get(s.Key("k")) },
	})
	b.Case("put/meta/lower-case", "gives names of user metadata back in lower case", By{
		"bos": {Clauses: "BOS-PUT-08", Want: Shown().With(exactly("x-bce-meta-foo1", "bar1"))},
		"s3":  {Clauses: "S3-OBJ-12", Want: Shown().With(exactly("x-amz-meta-foo1", "bar1"))},
	}, withMeta(Field(m+"Foo1", "bar1")))
	b.Case("put/meta/repeated", "joins repeated user metadata with commas", By{
		"s3": {Clauses: "S3-OBJ-13", Want: Shown().Field(m+"a", gomega.MatchRegexp(`^1, ?2$`))},
	}, withMeta(Field(m+"a", "1"), Field(m+"a", "2")))
	b.Case("put/meta/encoded", "gives user metadata beyond ASCII back in encoded words", By{
		"s3": {Clauses: "S3-OBJ-14", Want: Shown().Field(m+"a", gomega.MatchRegexp(`(?i)^=\?UTF-8\?[QB]\?[^?]+\?=$`)), Rests: "S3-OBJ-12"},
	}, withMeta(Field(m+"a", "caffè")))
	b.Case("put/meta/prefix", "keeps what has the prefix of user metadata and nothing else", By{
		"bos": {Clauses: "BOS-SIGN-44", Want: Shown().Field("x-bce-user-metadata-createtime", Absent).Field("x-bce-meta-createtime", "1"), Rests: "BOS-PUT-08"},
	}, withMeta(Field("x-bce-user-metadata-createtime", "1"), Field("x-bce-meta-createtime", "1")))
	b.Case("put/meta/underscore", "refuses a name of user metadata with an underscore", By{
		"oss": {Clauses: "OSS-PUT-30", Want: Refused(400, "InvalidArgument")},
		"cos": {Clauses: "COS-XPUT-09", Want: Refused(400, "InvalidArgument")},
	}, refusedPut("x", Field(m+"a_b", "1")))
}

// putOptions asks for a field of the dialect's own, however it is spelled.
func putOptions(b *Book) {
	b.Case("put/option/upper-case", "knows its own fields in any letter case", By{
		"bos": {Clauses: "BOS-HDR-12", Want: Shown().Field("x-bce-storage-class", "COLD")},
	}, withMeta(Field("X-BCE-STORAGE-CLASS", "COLD")))
}

func putMetaLimits(b *Book) {
	m := b.W.Meta
	// pairs splits n bytes of values over fields of at most 2,000 bytes.
	pairs := func(n int) (out []wire.Field) {
		for i := 0; n > 0; i++ {
			size := min(n, 2000)
			out = append(out, Field(m+string(rune('a'+i)), strings.Repeat("v", size)))
			n -= size
		}
		return out
	}
	b.Case("put/meta/most", "accepts as much user metadata as the limit allows", By{
		"oss": {Clauses: "OSS-PUT-29", Want: Accepted(200)},
		"cos": {Clauses: "COS-XPUT-07", Want: Accepted(2)},
	}, answering("x", pairs(map[string]int{"oss": 8192, "cos": 4096}[b.Dialect])...))
	b.Case("put/meta/too-much", "refuses one byte more of user metadata", By{
		"oss": {Clauses: "OSS-PUT-29", Want: Refused(400, "InvalidArgument")},
		"cos": {Clauses: "COS-XPUT-07", Want: Refused(400, "KeyTooLong")},
	}, refusedPut("x", pairs(map[string]int{"oss": 8193, "cos": 4097}[b.Dialect])...))
	b.Case("put/meta/far-too-much", "refuses 5 KB of user metadata", By{
		"cos": {Clauses: "COS-XPUT-07", Want: Refused(400, "KeyTooLong")},
	}, refusedPut("x", pairs(5*1024)...))
	b.Case("put/meta/too-long-a-value", "refuses 3,072 bytes in one value of user metadata", By{
		"cos": {Clauses: "COS-XPUT-08", Want: Refused(400, "KeyTooLong")},
	}, refusedPut("x", Field("x-cos-meta-lew", strings.Repeat("v", 3072))))
	b.Case("put/meta/longest-value", "accepts 2,048 bytes in one value of user metadata", By{
		"cos": {Clauses: "COS-XPUT-07", Want: Accepted(2)},
	}, answering("x", Field("x-cos-meta-a", strings.Repeat("v", 2048))))
	b.Case("put/meta/value-of-one-more", "refuses 2,049 bytes in one value of user metadata", By{
		"cos": {Clauses: "COS-XPUT-07", Want: Refused(400, "KeyTooLong")},
	}, refusedPut("x", Field("x-cos-meta-a", strings.Repeat("v", 2049))))
	b.Case("put/meta/most-with-name", "counts names and values of user metadata: as many bytes as the limit are accepted", By{
		"bos": {Clauses: "BOS-PUT-09", Want: Accepted(200)},
		"s3":  {Clauses: "S3-OBJ-11", Want: Accepted(200)},
	}, answering("x", Field(m+"key", strings.Repeat("v", map[string]int{"bos": 2034, "s3": 2045}[b.Dialect]))))
	b.Case("put/meta/too-much-with-name", "counts names and values of user metadata: one byte more is refused", By{
		"bos": {Clauses: "BOS-PUT-09 BOS-ERR-40", Want: Refused(400, "MetadataTooLarge")},
		"s3":  {Clauses: "S3-OBJ-11", Want: Refused(400, "MetadataTooLarge")},
	}, refusedPut("x", Field(m+"key", strings.Repeat("v", map[string]int{"bos": 2035, "s3": 2046}[b.Dialect]))))
}
