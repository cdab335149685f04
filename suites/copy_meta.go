package suites

import (
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// copyKeeping puts an object with fields and sees them again; how they are kept is
// not the business of copies.
func copyKeeping(key string, fields ...wire.Field) Given {
	return func(s *Scene) {
		s.Must(s.Put(s.Key(key), "content", fields...))
		got := s.Must(s.Get(s.Key(key)))
		for _, f := range fields {
			if v := got.Fields.Get(f.Name); v != f.Value {
				s.Block("%s of the source is %q, want %q", f.Name, v, f.Value)
			}
		}
	}
}

// copyShows is the later look at the fields of the object at key.
func copyShows(key string, fields ...FieldWant) After {
	return After{Text: "the fields of the object",
		Call: func(s *Scene) client.Call { return s.Get(s.Key(key)) }, Want: Want{Status: 2, Fields: fields}}
}

// A metaCell is a copy with a directive: what the source has, what the request
// says, and what the copy has.
type metaCell struct {
	name, text        string
	directive         string // the word, "" for none
	replaced          bool   // the directive is the dialect's word for replacing
	source, request   []wire.Field
	kept              []FieldWant
	oss, cos, bos, s3 string
}

func (m metaCell) add(b *Book) {
	fields := m.request
	if m.replaced {
		m.directive = b.W.Replace
	}
	if m.directive != "" {
		fields = append([]wire.Field{Field(b.W.Prefix+"metadata-directive", m.directive)}, fields...)
	}
	by := By{}
	for dialect, clauses := range map[string]string{"oss": m.oss, "cos": m.cos, "bos": m.bos, "s3": m.s3} {
		if clauses != "" {
			by[dialect] = Row{Clauses: clauses, Want: Shown()}
		}
	}
	b.Case("metadata/"+m.name, m.text, by, Case{
		Given: []Given{copyKeeping("from", m.source...)},
		When:  func(s *Scene) client.Call { return s.Copy("from", "k", fields...) },
		After: []After{copyShows("k", m.kept...)},
	})
}

func copyMetadata(b *Book) {
	meta := b.W.Meta
	source := []wire.Field{Field(meta+"a", "1"), Field(meta+"b", "1"), Field("Content-Type", "text/html")}
	request := []wire.Field{Field(meta+"a", "2"), Field(meta+"c", "2"), Field("Content-Type", "image/jpeg")}
	theirs := []FieldWant{{meta + "a", "1"}, {meta + "b", "1"}, {meta + "c", Absent}, {"Content-Type", "text/html"}}
	mine := []FieldWant{{meta + "a", "2"}, {meta + "b", Absent}, {meta + "c", "2"}, {"Content-Type", "image/jpeg"}}
	language := []wire.Field{Field("Content-Language", "de"), Field("Cache-Control", "no-cache")}
	for _, m := range []metaCell{
		{"default", "gives the copy the metadata of the source", "", false, source, request, theirs, "OSS-COPY-09", "COS-XCOPY-04", "BOS-COPY-04 BOS-COPY-05", "S3-COPY-03"},
		{"copy", "gives the copy the metadata of the source where that is asked for", "COPY", false, source, request, theirs, "OSS-COPY-10", "", "", "S3-COPY-03"},
		{"copy-word", "gives the copy the metadata of the source where that is asked for", "Copy", false, source, request, theirs, "", "COS-XCOPY-04", "", ""},
		{"copy-lower", "gives the copy the metadata of the source where that is asked for", "copy", false, source, request, theirs, "", "", "BOS-COPY-05 BOS-COPY-04", ""},
		{"replace", "gives the copy the metadata of the request and none of the source", "", true, source, request, mine, "OSS-COPY-11", "COS-XCOPY-04", "BOS-COPY-04", "S3-COPY-04"},
		{"content-headers", "gives the copy the content headers of the source", "", false, language, nil,
			[]FieldWant{{"Content-Language", "de"}, {"Cache-Control", "no-cache"}}, "", "", "", "S3-COPY-03"},
		{"replace-with-nothing", "leaves a copy without metadata where it is replaced by none", "", true, source[:2], nil,
			[]FieldWant{{meta + "a", Absent}, {meta + "b", Absent}}, "OSS-COPY-11", "COS-XCOPY-04", "BOS-COPY-04", "S3-COPY-04"},
	} {
		m.add(b)
	}
	invalid := copyRefused(func(s *Scene) client.Call {
		return s.Copy("from", "k", Field(s.W.Prefix+"metadata-directive", "FOO"))
	}, put("from", "content"))
	b.Case("metadata/directive-unknown", "refuses a directive that is neither, and makes nothing", By{
		"oss": {Clauses: "OSS-COPY-13", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-COPY-06", Want: Refused(400, "InvalidArgument").With(elementIs("ArgumentName", "x-amz-metadata-directive"))},
	}, invalid)
	b.Case("tagging/directive-unknown", "refuses a directive for tags that is neither, and makes nothing", By{
		"s3": {Clauses: "S3-COPY-18", Want: Refused(400, "InvalidArgument")},
	}, copyRefused(func(s *Scene) client.Call {
		return s.Copy("from", "k", Field("x-amz-tagging-directive", "invalid"))
	}, put("from", "content")))
}

// copyClasses tells of storage classes, which no copy inherits.
func copyClasses(b *Book) {
	class := b.W.Prefix + "storage-class"
	sets := func(value string) Case {
		return Case{
			Given: []Given{put("from", "content")},
			When:  func(s *Scene) client.Call { return s.Copy("from", "k", Field(class, value)) },
			After: []After{copyShows("k", FieldWant{class, value})},
		}
	}
	b.Case("class/sets", "gives the copy the storage class of the request", By{"oss": {Clauses: "OSS-COPY-20", Want: Shown()}}, sets("IA"))
	b.Case("class/sets-infrequent", "gives the copy the storage class of the request", By{"bos": {Clauses: "BOS-COPY-18", Want: Shown()}}, sets("STANDARD_IA"))
	b.Case("class/resets", "makes a copy of the standard class where the request names none", By{
		"cos": {Clauses: "COS-XCOPY-06", Want: Shown()}, "s3": {Clauses: "S3-COPY-15", Want: Shown(), Rests: "S3-OBJ-28"},
	}, Case{
		Given: []Given{copyKeeping("from", Field(class, "STANDARD_IA"))},
		When:  func(s *Scene) client.Call { return s.Copy("from", "k") },
		After: []After{copyShows("k", FieldWant{class, Absent})},
	})
	b.Case("class/unknown", "refuses a storage class that there is not, and makes nothing", By{
		"oss": {Clauses: "OSS-COPY-19", Want: Refused(400, "InvalidArgument")},
	}, copyRefused(func(s *Scene) client.Call { return s.Copy("from", "k", Field(class, "Gold")) }, put("from", "content")))
}

func copyEncryption(b *Book) {
	const sse = "x-oss-server-side-encryption"
	b.Case("encryption/not-inherited", "does not encrypt a copy because its source is encrypted", By{
		"oss": {Clauses: "OSS-COPY-14", Want: Shown().Field(sse, Absent)},
	}, Case{
		Given: []Given{copyKeeping("from", Field(sse, "AES256"))},
		When:  func(s *Scene) client.Call { return s.Copy("from", "k") },
		After: []After{copyShows("k", FieldWant{sse, Absent})},
	})
	b.Case("encryption/asked-for", "encrypts a copy where that is asked for, and says so", By{
		"oss": {Clauses: "OSS-COPY-15", Want: Shown().Field(sse, "AES256")},
	}, Case{
		Given: []Given{put("from", "content")},
		When:  func(s *Scene) client.Call { return s.Copy("from", "k", Field(sse, "AES256")) },
		After: []After{copyShows("k", FieldWant{sse, "AES256"})},
	})
	b.Case("encryption/no-kms", "refuses encryption by a key service that the account does not have, and makes nothing", By{
		"oss": {Clauses: "OSS-COPY-16", Want: Refused(403, "KmsServiceNotEnabled")},
	}, copyRefused(func(s *Scene) client.Call { return s.Copy("from", "k", Field(sse, "KMS")) }, put("from", "content")))
}
