package suites

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// postBooks write the chapter post: uploads by form.
var postBooks = slices.Concat([]func(*Book){postStores, postShape, postFile, postReplies, postRedirects, postSizes}, postFieldBooks, postSignBooks, postPolicyBooks, postACLBooks)

// formRight adds a case of a form that is taken: after the control, a plain form.
func (b *Book) formRight(name, text string, by By, changes ...formChange) {
	b.formRightAfter(name, text, by, []After{reads("a", "content")}, changes...)
}

// formRightAfter is formRight with other looks afterwards.
func (b *Book) formRightAfter(name, text string, by By, after []After, changes ...formChange) {
	b.Case(name, text, by, Case{
		Given: []Given{formTaken("control")},
		When:  func(s *Scene) client.Call { return s.Post(changes...) },
		After: after,
	})
}

// formWrong adds a case of a form that is refused and stores nothing; the same
// form but for the wrong changes is taken.
func (b *Book) formWrong(name, text string, by By, right []formChange, wrong ...formChange) {
	b.Case(name, text, by, Case{
		Given: []Given{formTaken("control", right...)},
		When:  func(s *Scene) client.Call { return s.Post(append(slices.Clip(right), wrong...)...) },
		After: []After{missing("a")},
	})
}

// md5Tag is the MD5 of "content" in quotes, as an entity tag.
const md5Tag = `"9a0364b9e99bb480dd25e1f0284c8555"`

// objectURL matches the address of the case's object.
func formObjectURL(s *Scene) any {
	return gomega.MatchRegexp(`^https?://[^/]+/(.*/)?` + strings.ReplaceAll(regexp.QuoteMeta(s.Key("a")), "/", "(/|%2F)") + `$`)
}

func postStores(b *Book) {
	whole := Accepted(204).Content("").Field("ETag", md5Tag).Field("Location", formObjectURL)
	b.Case("stores", "stores the file of a form under its key and answers without a body", By{
		"oss": {Clauses: "OSS-POST-01", Want: Accepted(204).Content(""), Rests: "OSS-POST-28"},
		"cos": {Clauses: "COS-POST-01 COS-POST-02 COS-XPOST-01", Want: whole, Rests: "COS-SIGN-15 COS-MD5-04"},
		"bos": {Clauses: "BOS-POST-01 BOS-API-89", Want: Accepted(200).Content(""), Rests: "BOS-POST-03"},
		"s3":  {Clauses: "S3-POST-01", Want: whole, Rests: "S3-POST-37 S3-OBJ-02"},
	}, Case{
		When:  func(s *Scene) client.Call { return s.Post() },
		After: []After{reads("a", "content")},
	})
	b.Case("reply", "answers a form with the ETag and the address of the object", By{
		"oss": {Clauses: "OSS-POST-50", Want: Shown().Field("ETag", Present).With(sameETag), Rests: "OSS-HEAD-01"},
		"cos": {Clauses: "COS-XPOST-04", Want: Shown().Field("Location", formObjectURL)},
	}, Case{Given: []Given{formTaken("control")}, When: func(s *Scene) client.Call { return s.Post() }})
	b.Case("reply/digests", "answers a form with digests of the file", By{
		"bos": {Clauses: "BOS-POST-08", Want: Shown().Field("ETag", md5Tag).Field("Content-MD5", "mgNkuembtIDdJeHwKEyFVQ==").Field("x-bce-content-crc32", "4274335913"), Rests: "BOS-HDR-07"},
	}, Case{When: func(s *Scene) client.Call { return s.Post() }})
	b.Case("reply/crc64", "answers a form with the CRC-64 of the file", By{
		"cos": {Clauses: "COS-CRC64-03", Want: Shown().Field("x-cos-hash-crc64ecma", crcOf123456789)},
	}, Case{When: func(s *Scene) client.Call { return s.Post(formFile("123456789")) }})
	b.formRightAfter("slashes", "stores a key with slashes as it is", By{"oss": {Clauses: "OSS-POST-08", Want: Accepted(2)}}, []After{reads("a/b/c/b.jpg", "content")}, formKey("a/b/c/b.jpg"))
	postReplaces(b)
}

// postReplaces tells of what stands at the key already, and of keys beyond ASCII.
func postReplaces(b *Book) {
	b.Case("utf-8", "reads the form as UTF-8", By{
		"oss": {Clauses: "OSS-POST-36", Want: Accepted(2), Rests: "OSS-PUT-36"},
	}, Case{
		Given: []Given{formTaken("control")},
		When:  func(s *Scene) client.Call { return s.Post(formKey("文件-é")) },
		After: []After{reads("文件-é", "content")},
	})
	b.formWrong("not-utf-8", "refuses a key that is no UTF-8", By{
		"oss": {Clauses: "OSS-POST-36", Want: Refused(400, "InvalidObjectName")},
	}, nil, func(s *Scene, u *formUpload) { u.key = s.Key("a") + "\xce\xc4" })
	b.Case("object-path", "is no form when it goes to the path of an object", By{
		"oss": {Clauses: "OSS-POST-02", Want: Refused(405, "MethodNotAllowed")},
	}, Case{
		Given: []Given{formTaken("control")},
		When: func(s *Scene) client.Call {
			call := s.Post()
			call.Key, call.Anonymous = s.Key("a"), false
			return call
		},
		After: []After{missing("a")},
	})
}

func postShape(b *Book) {
	for _, f := range []struct {
		name, text string
		by         By
		wrong      formChange
	}{
		{"urlencoded", "refuses a form that is not multipart/form-data", By{
			"oss": {Clauses: "OSS-POST-03", Want: Refused(400, "RequestIsNotMultiPartContent")},
			"s3": {Clauses: "S3-POST-10", Want: Refused(412, "PreconditionFailed"),
				More: []Want{Want{}.With(formTold("Condition", gomega.ContainSubstring("multipart/form-data")))}},
		}, func(_ *Scene, u *formUpload) {
			u.typeOf, u.body = "application/x-www-form-urlencoded", func(string) string { return "key=a&file=content" }
		}},
		{"no-boundary", "refuses a form without a boundary", By{
			"oss": {Clauses: "OSS-POST-03", Want: Refused(400, "MalformedPOSTRequest")},
			"s3":  {Clauses: "S3-POST-11", Want: Refused(400, "MalformedPOSTRequest")},
		}, func(_ *Scene, u *formUpload) { u.typeOf = "multipart/form-data" }},
		{"other-boundary", "refuses a form whose parts another boundary separates", postMalformed,
			func(_ *Scene, u *formUpload) { u.typeOf = "multipart/form-data; boundary=another" }},
		{"not-closed", "refuses a form without the closing boundary", postMalformed,
			formBody(func(body string) string { return strings.TrimSuffix(body, "\r\n--"+formBoundary+"--\r\n") })},
		{"nameless-part", "refuses a form with a part that has no name", postMalformed,
			formBody(func(body string) string { return strings.Replace(body, `; name="key"`, "", 1) })},
		{"cut-off-in-fields", "refuses a form that ends within a field", postMalformed,
			formBody(func(body string) string { return body[:len(body)/2] })},
	} {
		b.formWrong(f.name, f.text, f.by, nil, f.wrong)
	}
}

// postMalformed is the answer to forms that cannot be read.
var postMalformed = By{
	"cos": {Clauses: "COS-XPOST-21", Want: Refused(400, "MalformedPOSTRequest")},
	"s3":  {Clauses: "S3-POST-11", Want: Refused(400, "MalformedPOSTRequest")},
}

// told holds an element of a refusal's body to a value.
func formTold(name string, value any) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		got, there := extra(r, name)
		if expected, ok := matches(value, got); !ok || !there {
			return []Flaw{{"element " + name + ": " + expected, name + ": " + got}}
		}
		return nil
	}
}

func postFile(b *Book) {
	b.formWrong("no-file", "refuses a form without a file", By{
		"oss": {Clauses: "OSS-POST-04", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-POST-12", Want: Refused(400, "IncorrectNumberOfFilesInPostRequest")},
	}, nil, formBody(func(body string) string { return strings.Replace(body, `name="file"`, `name="x-ignore-file"`, 1) }))
	b.formWrong("two-files", "refuses a form with two files", By{
		"oss": {Clauses: "OSS-POST-06", Want: Refused(400, "IncorrectNumberOfFilesInPOSTRequest")},
		"cos": {Clauses: "COS-XPOST-22", Want: Refused(400, "IncorrectNumberOfFilesInPostRequest")},
	}, nil, func(_ *Scene, u *formUpload) { u.behind.Add("file", "another") })
	b.formWrong("file-first", "takes a form whose signature stands behind the file for an unsigned one", By{
		"oss": {Clauses: "OSS-POST-05", Want: Refused(403, "AccessDenied")},
		"cos": {Clauses: "COS-POST-06 COS-XPOST-06", Want: Refused(403, "AccessDenied")},
	}, nil, fileFirst)
	meta := b.W.Meta + "a"
	b.formRightAfter("behind-file", "does not use the fields behind the file", By{
		"oss": {Clauses: "OSS-POST-05", Want: Accepted(2)},
		"s3":  {Clauses: "S3-POST-08", Want: Accepted(2)},
	}, []After{{Text: "the object has no metadata", Call: func(s *Scene) client.Call { return s.Head(s.Key("a")) }, Want: Shown().Field(meta, Absent)}},
		func(s *Scene, u *formUpload) { u.behind.Add(meta, "one") })
	b.formWrong("no-key", "refuses a form without a key", By{
		"oss": {Clauses: "OSS-POST-07", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-POST-13", Want: Refused(400, "InvalidArgument"), More: []Want{Want{}.With(formTold("ArgumentName", "key"))}},
	}, nil, formWithout("key"))
	postFileName(b)
}

// fileFirst puts the fields of policy and signature behind the file.
func fileFirst(_ *Scene, u *formUpload) {
	u.form = func(fields wire.Fields) wire.Fields {
		u.behind = append(u.behind, fields[1:]...)
		return fields[:1]
	}
}

func postFileName(b *Book) {
	named := func(s *Scene, u *formUpload) { u.key, u.name = s.Key("folder")+"/${filename}", "photo.jpg" }
	b.formRightAfter("filename", "puts the file's name in place of ${filename} in the key", By{
		"cos": {Clauses: "COS-XPOST-05", Want: Accepted(2)},
		"s3":  {Clauses: "S3-POST-07", Want: Accepted(2)},
	}, []After{reads("folder/photo.jpg", "content")}, named)
	b.formRightAfter("no-filename", "leaves ${filename} as it is where the file has no name", By{
		"s3": {Clauses: "S3-POST-07", Want: Accepted(2), Rests: "S3-OBJ-07"},
	}, []After{reads("folder/${filename}", "content")}, named,
		formBody(func(body string) string { return strings.Replace(body, `; filename="photo.jpg"`, "", 1) }))
}

func postReplies(b *Book) {
	status := formWordsOf[b.Dialect].status
	for _, v := range []struct {
		value string
		by    By
	}{
		{"200", By{
			"oss": {Clauses: "OSS-POST-14", Want: Accepted(200).Content("").Field("Content-Length", "0")},
			"cos": {Clauses: "COS-POST-03 COS-XPOST-02", Want: Accepted(200), More: []Want{Accepted(200).Content("").Of("COS-XPOST-02")}},
			"s3":  {Clauses: "S3-POST-03", Want: Accepted(200).Content("")},
		}},
		{"201", By{
			"cos": {Clauses: "COS-XPOST-02", Want: Accepted(201).Content("")},
			"bos": {Clauses: "BOS-POST-07", Want: Accepted(201)},
		}},
		{"204", By{"oss": {Clauses: "OSS-POST-15", Want: Accepted(204).Content("")}}},
		{"299", By{"oss": {Clauses: "OSS-POST-17", Want: Accepted(204).Content("")}}},
		{"abc", By{"oss": {Clauses: "OSS-POST-17", Want: Accepted(204).Content("")}}},
		{"404", By{"s3": {Clauses: "S3-POST-03", Want: Accepted(204).Content("")}}},
	} {
		b.Case("status/"+v.value, "answers with the status that the form chooses, when it can be chosen", v.by, Case{
			Given: []Given{formTaken("control")},
			When:  func(s *Scene) client.Call { return s.Post(formWith(status, v.value)) },
		})
	}
	b.Case("status/none", "answers 204 where the form chooses nothing", By{
		"oss": {Clauses: "OSS-POST-17", Want: Accepted(204).Content(""), Rests: "OSS-POST-28"},
	}, Case{When: func(s *Scene) client.Call { return s.Post() }})
	postDocument(b)
}

// postDocument tells what the document of a 201 holds.
func postDocument(b *Book) {
	xml := Accepted(201).With(formDocument)
	b.Case("status/201-document", "tells of the object in a PostResponse", By{
		"oss": {Clauses: "OSS-POST-16", Want: xml.Field("Content-Type", gomega.HavePrefix("application/xml")), Rests: "OSS-POST-50"},
		"s3":  {Clauses: "S3-POST-02", Want: xml, Rests: "S3-POST-01"},
	}, Case{
		Given: []Given{formTaken("control")},
		When:  func(s *Scene) client.Call { return s.Post(formWith(formWordsOf[s.Case.Dialect].status, "201")) },
	})
}

// formDocument compares a PostResponse with what it tells of.
func formDocument(s *Scene, r *client.Reply) (flaws []Flaw) {
	tag := gomega.MatchRegexp(`^(&#34;|&quot;|")?` + regexp.QuoteMeta(strings.Trim(r.Fields.Get("ETag"), `"`)) + `(&#34;|&quot;|")?$`)
	for _, e := range []struct {
		name string
		want any
	}{{"Bucket", s.Bucket}, {"Key", s.Key("a")}, {"ETag", tag}, {"Location", formObjectURL(s)}} {
		got := formElement(string(r.Body), e.name)
		if expected, ok := matches(e.want, got); !ok {
			flaws = append(flaws, Flaw{"element " + e.name + " " + expected, got})
		}
	}
	return flaws
}

// formElement is the text of the first element called name of a PostResponse.
func formElement(body, name string) string {
	_, rest, _ := strings.Cut(body, "<PostResponse")
	_, rest, _ = strings.Cut(rest, "<"+name+">")
	text, _, _ := strings.Cut(rest, "</"+name+">")
	return text
}

func postRedirects(b *Book) {
	const page = "http://example.com/ok"
	to := gomega.HavePrefix(page)
	full := func(s *Scene) any {
		return gomega.WithTransform(postQuerySorted, gomega.Equal(page+"?"+url.Values{"bucket": {s.Bucket}, "key": {s.Key("a")}, "etag": {md5Tag}}.Encode()))
	}
	b.Case("redirect", "redirects after a success to the address that the form names", By{
		"oss": {Clauses: "OSS-POST-11", Want: Accepted(303).Field("Location", to)},
		"cos": {Clauses: "COS-POST-04 COS-XPOST-03", Want: Accepted(303).Field("Location", full), Rests: "COS-MD5-04"},
		"bos": {Clauses: "BOS-POST-07", Want: Accepted(303).Field("Location", to)},
		"s3":  {Clauses: "S3-POST-04", Want: Accepted(303).Field("Location", full), Rests: "S3-OBJ-02"},
	}, Case{
		Given: []Given{formTaken("control")},
		When:  func(s *Scene) client.Call { return s.Post(formWith(formWordsOf[s.Case.Dialect].redirect, page)) },
		After: []After{reads("a", "content")},
	})
	b.Case("redirect-or-status", "redirects also when the form chooses a status", By{
		"oss": {Clauses: "OSS-POST-13", Want: Want{Status: 3}},
		"cos": {Clauses: "COS-POST-05 COS-XPOST-03", Want: Accepted(303).Field("Location", full).Of("COS-XPOST-03"), More: []Want{{Status: 3}}, Rests: "COS-MD5-04"},
		"s3":  {Clauses: "S3-POST-06", Want: Accepted(303)},
	}, Case{
		Given: []Given{formTaken("control")},
		When: func(s *Scene) client.Call {
			return s.Post(formWith(formWordsOf[s.Case.Dialect].status, "200"), formWith(formWordsOf[s.Case.Dialect].redirect, page))
		},
	})
	b.Case("redirect-no-url", "ignores a redirection to what is no URL", By{
		"s3": {Clauses: "S3-POST-05", Want: Accepted(204), Rests: "S3-POST-01"},
	}, Case{
		Given: []Given{formTaken("control")},
		When:  func(s *Scene) client.Call { return s.Post(formWith(formWordsOf[s.Case.Dialect].redirect, "not-a-url")) },
	})
	b.formWrong("redirect-after-failure", "does not redirect when it refuses the form", By{
		"oss": {Clauses: "OSS-POST-12", Want: Refused(403, "AccessDenied").Field("Location", Absent)},
	}, nil, formWith(formWordsOf[b.Dialect].redirect, page), formUnsigned)
}

// postQuerySorted is a URL with its parameters in the order of their names, as no document
// tells theirs, and escaped in one way.
func postQuerySorted(location string) string {
	page, query, _ := strings.Cut(location, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return location
	}
	return page + "?" + values.Encode()
}

func postSizes(b *Book) {
	b.Case("body-declared", "refuses a form that declares a body over the limit", By{
		"oss": {Clauses: "OSS-POST-33", Want: Refused(400, "EntityTooLarge")},
	}, Case{
		Given: []Given{formTaken("control")},
		When: func(s *Scene) client.Call {
			call := s.Post()
			call.Body, call.Length, call.Framing, call.Fresh = nil, 5<<30+1, wire.HeadOnly, true
			return call
		},
		After: []After{missing("a")},
	})
	small := func(limits map[string]int64) Given { return func(s *Scene) { s.NewPrivate(Setup{Limits: limits}) } }
	for _, n := range []struct {
		name, text string
		more       int
		oss, cos   Want
	}{
		{"most", "takes a form at the limit of its size", 0, Accepted(2), Accepted(2)},
		{"more", "refuses a form over the limit of its size", 1, Refused(400, "EntityTooLarge"), Refused(400, "EntityTooLarge")},
	} {
		b.Case("size/"+n.name, n.text, By{"oss": {Clauses: "OSS-POST-33", Want: n.oss}}, Case{
			Needs: NeedsPrivate,
			Given: []Given{small(map[string]int64{"PostSize": 4096}), formTaken("control")},
			When: func(s *Scene) client.Call {
				return s.Post(formFile(body(4096 + n.more - len(s.Post(formFile("")).Body))))
			},
		})
		b.Case("file-size/"+n.name, n.text, By{"cos": {Clauses: "COS-XPOST-09", Want: n.cos}}, Case{
			Needs: NeedsPrivate,
			Given: []Given{small(map[string]int64{"PostSize": 10}), formTaken("control")},
			When:  func(s *Scene) client.Call { return s.Post(formFile(body(10 + n.more))) },
		})
	}
	b.formWrong("fields-too-large", "refuses a form whose fields before the file are too large", By{
		"s3": {Clauses: "S3-POST-09", Want: Refused(400, "MaxPostPreDataLengthExceededError")},
	}, nil, func(_ *Scene, u *formUpload) {
		u.form = func(f wire.Fields) wire.Fields { return append(f, Field("x-ignore-much", body(21<<10))) }
	})
}
