package suites

import (
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// copyOnto is a case that copies an object with metadata a: 1 onto itself.
func copyOnto(fields ...wire.Field) Case {
	return Case{
		Given: []Given{copyWithMeta("k"), snapshot("k")},
		When:  func(s *Scene) client.Call { return s.Copy("k", "k", fields...) },
	}
}

// copyWithMeta puts content with metadata a: 1.
func copyWithMeta(key string) Given {
	return func(s *Scene) { copyKeeping(key, Field(s.W.Meta+"a", "1"))(s) }
}

// copyOntoItself copies objects onto themselves, which changes something or is
// refused.
func copyOntoItself(b *Book) {
	own := func(name string) string { return b.W.Prefix + name }
	replace := Field(own("metadata-directive"), b.W.Replace)
	refused := func(fields ...wire.Field) Case {
		c := copyOnto(fields...)
		c.After = []After{unchanged("k"), copyShows("k", FieldWant{b.W.Meta + "a", "1"})}
		return c
	}
	b.Case("self/nothing-changes", "refuses a copy onto itself that changes nothing", By{
		"cos": {Clauses: "COS-XCOPY-05", Want: Refused(400, "InvalidRequest")},
		"bos": {Clauses: "BOS-COPY-07", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-COPY-07", Want: Refused(400, "InvalidRequest")},
	}, refused())
	b.Case("self/acl", "refuses a copy onto itself that changes nothing but who may read it", By{
		"s3": {Clauses: "S3-COPY-08", Want: Refused(400, "InvalidRequest")},
	}, refused(Field("x-amz-acl", "public-read")))

	replaces := func(fields ...wire.Field) Case {
		c := copyOnto(append(fields, replace)...)
		c.After = []After{reads("k", "content")}
		return c
	}
	meta := replaces(Field(b.W.Meta+"b", "2"))
	meta.After = append(meta.After, copyShows("k", FieldWant{b.W.Meta + "b", "2"}, FieldWant{b.W.Meta + "a", Absent}))
	b.Case("self/replace", "replaces the metadata of an object by a copy onto itself", By{
		"cos": {Clauses: "COS-XCOPY-05", Want: Accepted(200)}, "bos": {Clauses: "BOS-COPY-06", Want: Accepted(200)},
		"s3": {Clauses: "S3-COPY-09", Want: Accepted(200)},
	}, meta)
	empty := replaces()
	empty.Given[0] = copyKeeping("k", Field(b.W.Meta+"a", "1"), Field("Content-Type", "text/html"))
	empty.After = append(empty.After, copyShows("k", FieldWant{b.W.Meta + "a", Absent}, FieldWant{"Content-Type", "binary/octet-stream"}))
	b.Case("self/replace-with-nothing", "empties the metadata of an object by a copy onto itself", By{
		"s3": {Clauses: "S3-COPY-05", Want: Shown()},
	}, empty)
	for _, f := range []struct{ name, field, value, clause string }{
		{"storage-class", "x-amz-storage-class", "STANDARD", "S3-COPY-10"},
		{"redirect", "x-amz-website-redirect-location", "/elsewhere", "S3-COPY-11"},
		{"encryption", "x-amz-server-side-encryption", "AES256", "S3-COPY-12"},
	} {
		c := copyOnto(Field(f.field, f.value))
		c.After = []After{reads("k", "content")}
		b.Case("self/"+f.name, "makes a copy onto itself that says something of the object", By{"s3": {Clauses: f.clause, Want: Accepted(200)}}, c)
	}
	class := copyOnto(Field("x-bce-storage-class", "STANDARD_IA"))
	class.After = []After{copyShows("k", FieldWant{"x-bce-storage-class", "STANDARD_IA"})}
	b.Case("self/class", "changes the storage class of an object by a copy onto itself", By{"bos": {Clauses: "BOS-COPY-18", Want: Shown()}}, class)
}

// copyOntoItselfOSS tells of the dialect that takes any copy onto itself.
func copyOntoItselfOSS(b *Book) {
	for _, directive := range []string{"", "COPY", "REPLACE"} {
		fields := []wire.Field{Field("x-oss-meta-a", "2")}
		name := "absent"
		if directive != "" {
			fields, name = append(fields, Field("x-oss-metadata-directive", directive)), lower(directive)
		}
		c := copyOnto(fields...)
		c.After = []After{reads("k", "content"), copyShows("k", FieldWant{"x-oss-meta-a", "2"})}
		b.Case("self/directive-"+name, "gives an object the metadata of the request by a copy onto itself, whatever the directive", By{
			"oss": {Clauses: "OSS-COPY-12", Want: Accepted(200)},
		}, c)
	}
	class := copyOnto(Field("x-oss-storage-class", "IA"))
	class.After = []After{copyShows("k", FieldWant{"x-oss-storage-class", "IA"})}
	b.Case("self/class", "changes the storage class of an object by a copy onto itself", By{"oss": {Clauses: "OSS-COPY-31", Want: Shown()}}, class)
}

// copyAppendable copies objects that grow.
func copyAppendable(b *Book) {
	grown := appended("from", "12345", "6789")
	b.Case("appendable/to-another-key", "refuses to copy an object that grows, and makes nothing", By{
		"oss": {Clauses: "OSS-COPY-24 OSS-APPEND-18", Want: Refused(400, "OperationNotSupported")},
		"cos": {Clauses: "COS-XCOPY-20", Want: Refused(400, "InvalidRequest")},
		"bos": {Clauses: "BOS-COPY-21 BOS-ERR-50", Want: Refused(400, "NotAllowCopy")},
	}, copyRefused(func(s *Scene) client.Call { return s.Copy("from", "k") }, grown))
	self := Case{
		Given: []Given{grown, snapshot("from")},
		When: func(s *Scene) client.Call {
			return s.Copy("from", "from", Field(s.W.Prefix+"metadata-directive", s.W.Replace), Field(s.W.Meta+"a", "2"))
		},
		After: []After{unchanged("from"), copyShows("from", FieldWant{b.W.Meta + "a", "2"}, FieldWant{b.W.ObjectType, "Appendable"})},
	}
	b.Case("appendable/onto-itself", "changes the metadata of an object that grows by a copy onto itself", By{
		"oss": {Clauses: "OSS-APPEND-19", Want: Accepted(200), Rests: "OSS-APPEND-01"}, "bos": {Clauses: "BOS-COPY-22", Want: Accepted(200), Rests: "BOS-APPEND-01"},
	}, self)
	b.Case("appendable/encryption", "does not encrypt an object that grows by a copy onto itself", By{
		"oss": {Clauses: "OSS-APPEND-20", Want: Refused(400, "OperationNotSupported")},
	}, Case{
		Given: []Given{grown, snapshot("from")},
		When: func(s *Scene) client.Call {
			return s.Copy("from", "from", Field("x-oss-server-side-encryption", "AES256"))
		},
		After: []After{unchanged("from"), copyShows("from", FieldWant{"x-oss-server-side-encryption", Absent})},
	})
}

// copyArchived copies what has to be restored first.
func copyArchived(b *Book) {
	b.Case("archived", "refuses to copy an archived object, and makes nothing", By{
		"cos": {Clauses: "COS-XCOPY-19", Want: Refused(403, "InvalidObjectState")},
		"bos": {Clauses: "BOS-COPY-20", Want: Refused(403, "AccessDenied")},
	}, copyRefused(func(s *Scene) client.Call { return s.Copy("from", "k") }, func(s *Scene) {
		s.Must(s.Put(s.Key("from"), "content", Field(s.W.Prefix+"storage-class", "ARCHIVE")))
	}))
}

// copySizes stands at the limit of one copy and over it.
func copySizes(b *Book) {
	small := func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"CopySize": 10}}) }
	over := copyRefused(func(s *Scene) client.Call { return s.Copy("from", "k") }, small, put("from", strings.Repeat("x", 11)))
	over.Needs = NeedsPrivate
	b.Case("size/and-one", "refuses to copy an object of more than one copy takes, and makes nothing", By{
		"oss": {Clauses: "OSS-COPY-21", Want: Refused(400, "EntityTooLarge")},
		"cos": {Clauses: "COS-XCOPY-13", Want: Refused(400, "EntityTooLarge")},
		"bos": {Clauses: "BOS-COPY-03", Want: Refused(400, "EntityTooLarge")},
		"s3":  {Clauses: "S3-COPY-33", Want: Refused(400, "InvalidRequest")},
	}, over)
	b.Case("size/most", "copies an object of as much as one copy takes", By{
		"cos": {Clauses: "COS-XCOPY-13", Want: Accepted(200)}, "bos": {Clauses: "BOS-COPY-03", Want: Accepted(200)},
		"s3": {Clauses: "S3-COPY-33", Want: Accepted(200)},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{small, put("from", "1234567890")},
		When:  func(s *Scene) client.Call { return s.Copy("from", "k") },
		After: []After{reads("k", "1234567890")},
	})
	b.Case("size/nothing", "copies an object of no bytes", By{"bos": {Clauses: "BOS-COPY-03", Want: Accepted(200)}}, Case{
		Given: []Given{put("from", "")},
		When:  func(s *Scene) client.Call { return s.Copy("from", "k") },
		After: []After{reads("k", "")},
	})
}
