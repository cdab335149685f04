package suites

import (
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// mpSource is the source of most parts that are copied: 44 bytes.
const mpSource = "The quick brown fox jumps over the lazy dog."

// mpCopy copies a key of the case's own into a part.
func (s *Scene) mpCopy(name string, number int, from string, fields ...wire.Field) client.Call {
	call := s.mpPart(name, itoa(number), "", fields...)
	call.Body = nil
	call.Fields = append(wire.Fields{Field(s.W.Prefix+"copy-source", s.source(s.Bucket, wire.EscapePath(s.Key(from))))}, fields...)
	return call
}

// mpRange is the field that takes a part of the source.
func (s *Scene) mpRange(text string) wire.Field {
	return Field(s.W.Prefix+"copy-source-range", text)
}

// mpCopies is a case that copies a source of 44 bytes, or a range of it, into
// the only part.
func mpCopies(text string, after ...After) Case {
	return Case{
		Given: []Given{put("from", mpSource), mpBegun("a")},
		When: func(s *Scene) client.Call {
			if text == "" {
				return s.mpCopy("a", 7, "from")
			}
			return s.mpCopy("a", 7, "from", s.mpRange(text))
		},
		Then:  []Want{mpCopyKept},
		After: after,
	}
}

// mpCopyKept keeps the ETag of a part that was copied; it wants nothing.
var mpCopyKept = Want{Check: func(s *Scene, r *client.Reply) []Flaw {
	s.Keep("copied", mpMember(r, "ETag"))
	return nil
}}

// mpOnTagged is a case that looks at the ETag of a part, which other clauses
// give its form.
func mpOnTagged(b *Book, c Case) Case { c.Rests = mpOnTags(b); return c }

// mpMakes is the later look that the part that was copied makes an object of
// this content.
func mpMakes(content string) After {
	return After{Text: "completed, the object holds " + excerpt(content), Call: func(s *Scene) client.Call {
		s.Must(s.mpComplete("a", s.mpList(s.mpEntry("7", s.Kept("copied")))))
		return s.Get(s.Key("a"))
	}, Want: Shown().Content(content)}
}

// mpCopied tells of parts that are copied.
func mpCopied(b *Book) {
	tag := map[string]string{"oss": strings.ToUpper(mpDigest(mpSource))}[b.Dialect]
	if tag == "" {
		tag = mpDigest(mpSource)
	}
	result := func(root, tag string) func(*Scene, *client.Reply) []Flaw {
		return func(s *Scene, r *client.Reply) []Flaw {
			flaws := mpMembers("ETag", tag)(s, r)
			if _, ok := matches(mpTimes, mpMember(r, "LastModified")); !ok {
				flaws = append(flaws, Flaw{"member LastModified in the form of ISO 8601", excerpt(mpMember(r, "LastModified"))})
			}
			if root != "" {
				flaws = append(flaws, mpRooted(root)(s, r)...)
			}
			return flaws
		}
	}
	xml := Accepted(200).With(result("CopyPartResult", `"`+tag+`"`))
	b.Case("copy/reply", "copies a part and answers its ETag and time", By{
		"oss": {Clauses: "OSS-MPU-COPY-01", Want: xml},
		"cos": {Clauses: "COS-XMPU-31", Want: xml.Field(b.W.CRC64, mpCRCOf(mpSource))},
		"bos": {Clauses: "BOS-MPU-28 BOS-API-19", Want: Accepted(200).With(result("", tag))},
		"s3":  {Clauses: "S3-MPU-49", Want: xml},
	}, mpOnTagged(b, mpCopies("")))
	b.Case("copy/whole", "copies the whole source where no range is given", By{
		"oss": {Clauses: "OSS-MPU-COPY-03", Want: Shown()},
		"bos": {Clauses: "BOS-MPU-29", Want: Shown()},
		"s3":  {Clauses: "S3-MPU-50", Want: Shown()},
	}, mpCopies("", mpMakes(mpSource)))
	b.Case("copy/range", "copies a range of which both ends are included", By{
		"oss": {Clauses: "OSS-MPU-COPY-02", Want: Shown()},
		"cos": {Clauses: "COS-XMPU-32", Want: Shown()},
		"bos": {Clauses: "BOS-MPU-29", Want: Shown()},
		"s3":  {Clauses: "S3-MPU-49", Want: Accepted(200).With(result("CopyPartResult", `"`+mpDigest(mpSource[:10])+`"`))},
	}, mpOnTagged(b, mpCopies("bytes=0-9", mpMakes(mpSource[:10]))))
	b.Case("copy/content-range", "answers which bytes of the source were copied", By{
		"oss": {Clauses: "OSS-MPU-COPY-04", Want: Shown().Field("Content-Range", "bytes 0-9/44")},
	}, mpCopies("bytes=0-9"))
	b.Case("copy/crc64", "answers the CRC-64 of the bytes that were copied", By{
		"cos": {Clauses: "COS-COPY-01", Want: Accepted(200).Field(b.W.CRC64, mpCRCOf(mpSource[:10])), Rests: "COS-XMPU-31 COS-XMPU-32"},
	}, mpCopies("bytes=0-9"))
	for name, text := range pairsOf("descending", "bytes=9-0", "no-unit", "0-9", "text", "bytes=a-b") {
		b.Case("copy/range-ignored/"+name, "ignores a range that is none and copies the whole source", By{
			"oss": {Clauses: "OSS-MPU-COPY-05", Want: Accepted(200).Field("Content-Range", Absent), Rests: "OSS-MPU-COPY-01"},
		}, mpCopies(text, mpMakes(mpSource)))
	}
	invalid := Refused(400, "InvalidArgument")
	for name, text := range pairsOf("no-last", "bytes=1-", "no-first", "bytes=-2", "descending", "bytes=1-0", "no-unit", "0-8", "two", "bytes=0-1,3-4") {
		b.Case("copy/range-form/"+name, "refuses a range that is not one from a first to a last byte", By{
			"s3": {Clauses: "S3-MPU-51", Want: invalid.With(elements("ArgumentName", "x-amz-copy-source-range"))},
		}, mpCopies(text))
	}
	b.Case("copy/range-beyond", "refuses a range that ends beyond the source", By{
		"cos": {Clauses: "COS-XMPU-33", Want: Refused(416, "InvalidRange")},
		"s3":  {Clauses: "S3-MPU-52", Want: invalid},
	}, mpCopies("bytes=10-99"))
	b.Case("copy/range-outside", "refuses a range that begins beyond the source", By{
		"cos": {Clauses: "COS-XMPU-33", Want: Refused(416, "InvalidRange")},
		"s3":  {Clauses: "S3-MPU-53", Want: Refused(400, "InvalidRequest")},
	}, mpCopies("bytes=100-200"))
	b.Case("copy/unknown-upload", "refuses to copy into an upload that is not there", By{
		"oss": {Clauses: "OSS-MPU-COPY-17", Want: Refused(404, "NoSuchUpload")},
	}, Case{Given: []Given{put("from", mpSource), mpNamed("a", "0004B9894A22E5B1888A1E29F8236E2D")},
		When: func(s *Scene) client.Call { return s.mpCopy("a", 7, "from") }})
}

// mpCopyRules tells of sources that make no part, and of what parts they make.
func mpCopyRules(b *Book) {
	b.Case("copy/appendable", "refuses to make a part of an appendable object", By{
		"oss": {Clauses: "OSS-MPU-COPY-13", Want: Refused(400, "OperationNotSupported")},
		"bos": {Clauses: "BOS-MPU-33", Want: Refused(400, "NotAllowCopy")},
	}, Case{Given: []Given{appended("from", mpSource), snapshot("from"), mpBegun("a")}, When: func(s *Scene) client.Call { return s.mpCopy("a", 7, "from") }})
	b.Case("copy/too-small", "holds parts that were copied to the smallest size, at completion", By{
		"oss": {Clauses: "OSS-MPU-COPY-15", Want: Refused(400, "EntityTooSmall")},
		"bos": {Clauses: "BOS-MPU-34", Want: Refused(400, "EntityTooSmall")},
	}, Case{
		Rests: append(mpOnHidden(b), map[string]string{"oss": "OSS-MPU-COPY-01", "bos": "BOS-MPU-28"}[b.Dialect]),
		Given: []Given{put("from", mpSource), mpBegun("a"), func(s *Scene) {
			s.Keep("one", mpMember(s.Must(s.mpCopy("a", 1, "from")), "ETag"))
			s.Keep("two", mpMember(s.Must(s.mpCopy("a", 2, "from")), "ETag"))
		}},
		When: func(s *Scene) client.Call {
			return s.mpComplete("a", s.mpList(s.mpEntry("1", s.Kept("one")), s.mpEntry("2", s.Kept("two"))))
		},
		After: []After{missing("a")},
	})
	b.Case("copy/of-large", "copies ranges of a source that is too large to be copied as a whole", By{
		"oss": {Clauses: "OSS-MPU-COPY-11", Want: Want{Status: 2}},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"CopySize": 40}}) }, put("from", mpSource), mpBegun("a"),
			func(s *Scene) { s.MustStatus(400, "EntityTooLarge", s.Copy("from", "to")) }},
		When: func(s *Scene) client.Call { return s.mpCopy("a", 7, "from", s.mpRange("bytes=0-9")) },
	})
	for _, c := range []struct {
		name string
		most int64
		want Want
	}{{"most", 44, Want{Status: 2}}, {"over", 43, Refused(400, "EntityTooLarge")}} {
		made := mpCopies("")
		made.Needs = NeedsPrivate
		made.Given = append([]Given{func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"PartSize": c.most, "CopySize": 1 << 20}}) }}, made.Given...)
		made.Given[1] = func(s *Scene) { s.Must(s.Put(s.Key("from"), mpSource)) }
		b.Case("copy/size/"+c.name, "copies at most as much as a part may hold", By{"bos": {Clauses: "BOS-MPU-30", Want: c.want, Rests: "BOS-MPU-29"}}, made)
	}
	b.Case("copy/no-metadata", "does not take the metadata of a source", By{
		"bos": {Clauses: "BOS-MPU-31", Want: Shown().Field("x-bce-meta-a", Absent)},
	}, Case{
		Given: []Given{func(s *Scene) { s.Must(s.Put(s.Key("from"), mpSource, Field("x-bce-meta-a", "1"))) }, mpBegun("a"), func(s *Scene) {
			s.Must(s.mpCopy("a", 1, "from"))
			s.Must(s.mpComplete("a", s.mpList(s.mpEntry("1", mpDigest(mpSource)))))
		}},
		When: func(s *Scene) client.Call { return s.Head(s.Key("a")) },
	})
	b.Case("copy/two-sources", "takes parts from different sources", By{
		"bos": {Clauses: "BOS-MPU-32", Want: Want{Status: 2}, Rests: "BOS-MPU-06"},
	}, Case{
		Given: []Given{put("from", mpSource), put("other", "other content"), mpBegun("a"), func(s *Scene) { s.Must(s.mpCopy("a", 1, "from")) }},
		When:  func(s *Scene) client.Call { return s.mpCopy("a", 2, "other") },
		After: []After{{Text: "both parts are listed", Call: func(s *Scene) client.Call { return s.mpListParts("a") }, Want: Want{Check: func(_ *Scene, r *client.Reply) []Flaw {
			for _, text := range []string{mpSource, "other content"} {
				if !strings.Contains(string(r.Body), mpDigest(text)) {
					return []Flaw{{"a part with the ETag " + mpDigest(text), excerpt(string(r.Body))}}
				}
			}
			return nil
		}}}},
	})
	b.Case("copy/of-another", "refuses a source that the caller may not read", By{
		"oss": {Clauses: "OSS-MPU-COPY-06", Want: Refused(403, "AccessDenied")},
	}, Case{
		Needs: NeedsOther,
		Given: []Given{theirs("b"), func(s *Scene) {
			call := s.Put("from", mpSource)
			call.Bucket = s.Theirs("b")
			s.In(call.Bucket, call.Key)
			if r := s.DoAs(s.Other, call); r.Status/100 != 2 {
				s.Block("the second account cannot put: %s", describe(r))
			}
		}, mpBegun("a")},
		When: func(s *Scene) client.Call {
			call := s.mpCopy("a", 7, "from")
			call.Fields[0].Value = s.source(s.Theirs("b"), "from")
			return call
		},
	})
}

// mpCopyConditions tells of conditions on the source of a part.
func mpCopyConditions(b *Book) {
	match, other := stipulation{"If-Match", ownTag}, stipulation{"If-Match", otherTag}
	none, otherNone := stipulation{"If-None-Match", ownTag}, stipulation{"If-None-Match", otherTag}
	one := func(s stipulation) []stipulation { return []stipulation{s} }
	for _, c := range []copyCell{
		{"if-match/same", "", one(match), 200, "", "OSS-MPU-COPY-07", "", "", ""},
		{"if-match/other", "", one(other), 412, "If-Match", "OSS-MPU-COPY-07", "COS-XMPU-34", "BOS-MPU-35", "S3-MPU-54"},
		{"if-none-match/other", "", one(otherNone), 200, "", "OSS-MPU-COPY-08", "", "", ""},
		{"if-none-match/same", "", one(none), 412, "If-None-Match", "OSS-MPU-COPY-08", "COS-XMPU-34", "BOS-MPU-35", "S3-MPU-54"},
		{"if-unmodified-since/same", "", one(stipulation{ifUnmodified, changed(0)}), 200, "", "OSS-MPU-COPY-09", "", "", ""},
		{"if-unmodified-since/before", "", one(stipulation{ifUnmodified, changed(-1)}), 412, ifUnmodified, "OSS-MPU-COPY-09", "COS-XMPU-34", "BOS-MPU-35", "S3-MPU-54"},
		{"if-modified-since/before", "", one(stipulation{ifModified, changed(-1)}), 200, "", "OSS-MPU-COPY-10", "", "", ""},
		{"if-modified-since/same", "", one(stipulation{ifModified, changed(0)}), 412, ifModified, "OSS-MPU-COPY-10", "COS-XMPU-34", "BOS-MPU-35", "S3-MPU-54"},
		{"match-decides", "", []stipulation{match, {ifUnmodified, changed(-1)}}, 200, "", "", "", "", "S3-MPU-55"},
	} {
		text := "copies a source of which the condition holds into a part"
		if c.status != 200 {
			text = "does not copy a source of which the condition does not hold into a part"
		}
		by := By{}
		for dialect, id := range map[string]string{"oss": c.oss, "cos": c.cos, "bos": c.bos, "s3": c.s3} {
			if id != "" {
				by[dialect] = Row{Clauses: id, Want: c.want(b)}
			}
		}
		b.Case("copy/condition/"+c.name, text, by, Case{
			Given: []Given{knownObject, mpBegun("a")},
			When: func(s *Scene) client.Call {
				return s.mpCopy("a", 7, "k", s.onSource(c.send)...)
			},
		})
	}
}
