package suites

import (
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// mpOver tells of completions that replace on a condition.
func mpOver(b *Book) {
	forbid := Field(b.W.Forbid, "true")
	exists := Refused(409, "FileAlreadyExists")
	b.Case("complete/forbid-overwrite", "refuses to replace an object where that is forbidden, and keeps it", By{
		"oss": {Clauses: "OSS-XCMPL-18", Want: exists},
		"cos": {Clauses: "COS-XMPU-37 COS-PUT-06", Want: exists},
	}, Case{
		Rests: mpOnTags(b),
		Given: []Given{mpScaled, mpBegun("a", forbid), mpSent("a", 1, "0123456789"), put("a", "old content"), snapshot("a")},
		When:  mpConditional(forbid),
		After: []After{unchanged("a"), mpOpen},
	})
	b.Case("condition/none-any", "refuses to replace an object that came meanwhile, for If-None-Match: *", By{
		"bos": {Clauses: "BOS-MPU-17", Want: Refused(412, "PreconditionFailed"), Rests: "BOS-PUT-15"},
		"s3":  {Clauses: "S3-CPUT-12", Want: Refused(412, "PreconditionFailed"), Rests: "S3-CPUT-01"},
	}, Case{
		Rests: mpOnTags(b),
		Given: []Given{mpScaled, mpBegun("a"), mpSent("a", 1, "0123456789"), put("a", "old content"), snapshot("a")},
		When:  mpConditional(Field("If-None-Match", "*")),
		After: []After{unchanged("a")},
	})
	b.Case("condition/match-other", "refuses to replace an object that If-Match does not name", By{
		"bos": {Clauses: "BOS-MPU-17", Want: Refused(412, "PreconditionFailed")},
	}, Case{
		Rests: mpOnTags(b),
		Given: []Given{mpScaled, put("a", "old content"), mpBegun("a"), mpSent("a", 1, "0123456789"), snapshot("a")},
		When:  mpConditional(Field("If-Match", md5TagNine)),
		After: []After{unchanged("a")},
	})
	mpMeanwhile(b)
	mpOfParts(b)
}

// md5TagNine is the ETag of 123456789.
const md5TagNine = `"25f9e794323b453885f5181f1b624d0b"`

// mpConditional completes the upload of the only part on a condition.
func mpConditional(f wire.Field) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.mpComplete("a", s.mpListed("a", 1), f) }
}

// mpMeanwhile tells of objects that change while an upload of their key is open.
func mpMeanwhile(b *Book) {
	begun := []Given{mpScaled, put("a", "old content"), snapshot("a"), mpBegun("a"), mpSent("a", 1, "0123456789")}
	removed := append(begun[:5:5], mpRemoved)
	replaced := append(begun[:5:5], mpReplaced)
	b.Case("condition/none-any-removed", "finds a conflict where the object was removed while the upload was open, for If-None-Match: *", By{
		"s3": {Clauses: "S3-CPUT-13", Want: Refused(409, "ConditionalRequestConflict").With(func(s *Scene, r *client.Reply) []Flaw {
			return elements("Condition", "If-None-Match", "Key", s.Key("a"))(s, r)
		})},
	}, Case{Rests: append(mpOnTags(b), "S3-MPU-02", "S3-MPU-03", "S3-CPUT-01"), Given: removed, When: mpConditional(Field("If-None-Match", "*")),
		After: []After{{Text: "an upload begun afterwards makes the object", Call: func(s *Scene) client.Call {
			mpBegun("a#2")(s)
			mpSent("a#2", 1, "0123456789")(s)
			return s.mpComplete("a#2", s.mpListed("a#2", 1), Field("If-None-Match", "*"))
		}, Want: Want{Status: 2}}}})
	matching := func(kept string) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			return s.mpComplete("a", s.mpListed("a", 1), Field("If-Match", s.Kept(kept)))
		}
	}
	b.Case("condition/match-replaced", "refuses the ETag of an object that was replaced while the upload was open", By{
		"s3": {Clauses: "S3-CPUT-14", Want: Refused(412, "PreconditionFailed")},
	}, Case{Rests: mpOnTags(b), Given: replaced, When: matching("older"), After: []After{unchanged("a")}})
	b.Case("condition/match-newer", "finds a conflict for the ETag of an object that came while the upload was open", By{
		"s3": {Clauses: "S3-CPUT-14", Want: Refused(409, "ConditionalRequestConflict")},
	}, Case{Rests: append(mpOnTags(b), "S3-CPUT-04"), Given: replaced, When: matching("etag of a"), After: []After{unchanged("a")}})
	b.Case("condition/match-removed", "finds no object where it was removed while the upload was open, for If-Match", By{
		"s3": {Clauses: "S3-CPUT-15", Want: Refused(404, "NoSuchKey")},
	}, Case{Rests: append(mpOnTags(b), "S3-CPUT-06"), Given: removed, When: matching("etag of a"), After: []After{missing("a")}})
}

// mpRemoved removes the object a, and looks that it is gone.
func mpRemoved(s *Scene) {
	s.Must(s.Delete(s.Key("a")))
	if r := s.Do(s.Head(s.Key("a"))); r.Status/100 == 2 {
		s.Block("a removed object answers %s", describe(r))
	}
}

// mpReplaced replaces the object a of a snapshot and takes another one; the ETag
// of the former is kept as older.
func mpReplaced(s *Scene) {
	s.Keep("older", s.Kept("etag of a"))
	r := s.Must(s.Put(s.Key("a"), "newer content"))
	snapshot("a")(s)
	tag := s.Kept("etag of a")
	if s.Kept("body of a") != "newer content" || tag != r.Fields.Get("ETag") || tag == s.Kept("older") {
		s.Block("the replaced object reads %s with the ETag %s", excerpt(s.Kept("body of a")), tag)
	}
}

// mpOfParts tells of conditions on an object that was made of parts.
func mpOfParts(b *Book) {
	made := []Given{mpScaled, mpBegun("a"), mpSentLong("a", "ab", 1, 2), mpCompleted("a", 1, 2), func(s *Scene) {
		s.Keep("whole", s.Must(s.Head(s.Key("a"))).Fields.Get("ETag"))
	}, mpBegun("a#2"), mpSent("a#2", 1, "0123456789")}
	completing := func(tag func(*Scene) string) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			return s.mpComplete("a#2", s.mpListed("a#2", 1), Field("If-Match", tag(s)))
		}
	}
	b.Case("condition/match-of-parts", "takes the ETag of an object that was made of parts for If-Match", By{
		"s3": {Clauses: "S3-CPUT-16", Want: Want{Status: 2}, Rests: "S3-MPU-02 S3-CPUT-04 S3-OBJ-20"},
	}, Case{Rests: mpOnTags(b), Given: made, When: completing(func(s *Scene) string { return s.Kept("whole") })})
	b.Case("condition/match-of-content", "refuses the MD5 of the content of an object that was made of parts for If-Match", By{
		"s3": {Clauses: "S3-CPUT-16", Want: Refused(412, "PreconditionFailed"), Rests: "S3-MPU-18"},
	}, Case{Rests: mpOnTags(b), Given: made, When: completing(func(s *Scene) string {
		return `"` + mpDigest(s.mpLong("a")+s.mpLong("b")) + `"`
	})})
	b.Case("get-part/second", "answers one part of an object that was made of parts", By{
		"s3": {Clauses: "S3-RNG-15", Want: Shown().Field("x-amz-mp-parts-count", "2").With(func(s *Scene, r *client.Reply) []Flaw { return mpHolds(s, r, "b") }), Rests: "S3-MPU-29 S3-RNG-01"},
	}, Case{Given: made[:4], When: mpReading("GET", "2"), Then: []Want{Accepted(206).Of("S3-RNG-15")}})
	b.Case("get-part/second-head", "answers the length of one part of an object that was made of parts", By{
		"s3": {Clauses: "S3-RNG-15", Want: Shown().Field("x-amz-mp-parts-count", "2").Field("Content-Length", func(s *Scene) any { return itoa(len(s.mpLong("b"))) }), Rests: "S3-OBJ-20"},
	}, Case{Given: made[:4], When: mpReading("HEAD", "2")})
	b.Case("get-part/beyond", "refuses a part beyond the last of an object that was made of parts", By{
		"s3": {Clauses: "S3-RNG-16", Want: Refused(416, "InvalidPartNumber").With(elements("PartNumberRequested", "10", "ActualPartCount", "2"))},
	}, Case{Given: made[:4], When: mpReading("GET", "10")})
}

// mpReading reads one part of the object.
func mpReading(method, number string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		return client.Call{Method: method, Bucket: s.Bucket, Key: s.Key("a"), Query: []wire.Param{{Name: "partNumber", Value: number}}}
	}
}

// mpLater tells of what a completion says of the object.
func mpLater(b *Book) {
	sent := []Given{mpBegun("a", Field("Content-Type", "text/plain")), mpSent("a", 1, "0123456789")}
	b.Case("complete/metadata", "keeps the user metadata of the completion", By{
		"bos": {Clauses: "BOS-MPU-05", Want: Shown().Field("x-bce-meta-meta-key", "value")},
	}, Case{
		Given: append(sent[:2:2], func(s *Scene) { s.Must(s.mpComplete("a", s.mpListed("a", 1), Field("x-bce-meta-meta-key", "value"))) }),
		When:  func(s *Scene) client.Call { return s.Head(s.Key("a")) },
	})
	b.Case("complete/content-type", "takes the Content-Type of a completion for that of its body", By{
		"bos": {Clauses: "BOS-MPU-04", Want: Shown().Field("Content-Type", "text/plain")},
	}, Case{
		Given: append(sent[:2:2], func(s *Scene) { s.Must(s.mpComplete("a", s.mpListed("a", 1), Field("Content-Type", "text/json"))) }),
		When:  func(s *Scene) client.Call { return s.Head(s.Key("a")) },
	})
	b.Case("complete/no-md5", "answers no MD5 of an object that was made of parts", By{
		"cos": {Clauses: "COS-MPU-08", Want: Shown().Field("Content-MD5", Absent)},
	}, Case{Given: sent, When: mpCompleting("a", 1)})
	b.Case("complete/many-parts", "makes an object of as many parts as one may have", By{
		"oss": {Clauses: "OSS-MPU-PART-19", Want: Accepted(200), Rests: "OSS-MPU-PART-08 OSS-XCMPL-01 OSS-MPU-PART-02"},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{func(s *Scene) {
			s.Keep("least", "4")
			s.NewPrivate(Setup{Limits: map[string]int64{"Parts": 5, "MinPartSize": 4}})
		}, mpBegun("a"), mpSentLong("a", "abcde", 1, 2, 3, 4, 5)},
		When:  mpCompleting("a", 1, 2, 3, 4, 5),
		After: []After{mpReads("abcde")},
	})
	small := func(s *Scene) {
		s.Keep("least", "4")
		s.NewPrivate(Setup{Limits: map[string]int64{"MinPartSize": 4, "ObjectSize": 12}})
	}
	for _, c := range []struct {
		name, last string
		want       Want
	}{{"most", "bbbbbb", Want{Status: 2}}, {"over", "bbbbbbb", Refused(400, "EntityTooLarge")}} {
		b.Case("object-size/"+c.name, "holds an object of parts to the largest size", By{
			"bos": {Clauses: "BOS-MPU-10", Want: c.want},
		}, Case{
			Rests: mpOnTags(b), Needs: NeedsPrivate,
			Given: []Given{small, mpBegun("a"), mpSentLong("a", "a", 1), mpSent("a", 2, c.last)},
			When:  mpCompleting("a", 1, 2),
		})
	}
}

// mpPartBodies tells of digests and of the largest size of a part.
func mpPartBodies(b *Book) {
	part := func(fields ...wire.Field) Case {
		return Case{Given: []Given{mpBegun("a")}, When: func(s *Scene) client.Call { return s.mpPart("a", "7", "0123456789", fields...) }}
	}
	none := After{Text: "no part is stored", Call: func(s *Scene) client.Call { return s.mpListParts("a") }, Want: Want{Check: func(s *Scene, r *client.Reply) []Flaw {
		if strings.Contains(lower(string(r.Body)), md5DigitsHex) {
			return []Flaw{{"no part", excerpt(string(r.Body))}}
		}
		return nil
	}}}
	refused := func(c Case) Case { c.After = []After{none}; return c }
	b.Case("part/content-md5-wrong", "refuses a part that is not the one of Content-MD5, and stores nothing", By{
		"oss": {Clauses: "OSS-MPU-PART-14", Want: Refused(400, "InvalidDigest")},
		"cos": {Clauses: "COS-XMPU-09 COS-MPU-08", Want: Refused(400, "BadDigest")},
		"bos": {Clauses: "BOS-SIGN-39", Want: Refused(400, "BadDigest")},
	}, refused(part(Field("Content-MD5", md5Nine))))
	b.Case("part/content-md5-hex", "refuses a Content-MD5 in hexadecimal digits", By{
		"bos": {Clauses: "BOS-SIGN-40", Want: Refused(400, "InvalidDigest")},
	}, refused(part(Field("Content-MD5", md5DigitsHex))))
	b.Case("part/content-md5-right", "stores a part that is the one of Content-MD5", By{
		"oss": {Clauses: "OSS-MPU-PART-15", Want: Accepted(200), Rests: "OSS-MPU-PART-01 OSS-MPU-PART-09"},
		"cos": {Clauses: "COS-MPU-08", Want: Accepted(200), Rests: "COS-XMPU-03 COS-XMPU-05"},
	}, part(Field("Content-MD5", md5Digits)))
	tooLarge := Refused(400, "EntityTooLarge")
	large := func(dialect string) By {
		return By{dialect: {Clauses: map[string]string{"oss": "OSS-MPU-PART-13", "cos": "COS-MPU-03", "bos": "BOS-MPU-09", "s3": "S3-MPU-12"}[dialect], Want: tooLarge}}
	}
	b.Case("part-size/over-declared", "refuses a part that declares more than a part may hold, before the body", large(b.Dialect), Case{
		Given: []Given{mpBegun("a")},
		When: func(s *Scene) client.Call {
			call := s.mpPart("a", "7", "")
			call.Body, call.Length, call.Framing, call.Fresh = nil, 5<<30+1, wire.HeadOnly, true
			return call
		},
	})
	for _, c := range []struct {
		name, body string
		want       Want
	}{{"most", "012345678", Want{Status: 2}}, {"over", "0123456789", tooLarge}} {
		by := large(b.Dialect)
		row := by[b.Dialect]
		row.Want = c.want
		by[b.Dialect] = row
		b.Case("part-size/"+c.name, "holds a part to the largest size", by, Case{
			Needs: NeedsPrivate,
			Rests: map[string][]string{"oss": {"OSS-MPU-PART-09"}, "cos": {"COS-XMPU-05"}, "bos": {"BOS-MPU-11"}}[b.Dialect],
			Given: []Given{func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"PartSize": 9}}) }, mpBegun("a")},
			When:  func(s *Scene) client.Call { return s.mpPart("a", "7", c.body) },
		})
	}
	missing := func(drop string) Case {
		return Case{Given: []Given{mpBegun("a")}, When: func(s *Scene) client.Call {
			call := s.mpPart("a", "7", "0123456789")
			kept := call.Query[:0]
			for _, p := range call.Query {
				if p.Name != drop {
					kept = append(kept, p)
				}
			}
			call.Query = kept
			return call
		}, After: []After{none}}
	}
	b.Case("part-number/missing", "refuses a part without a number", By{
		"oss": {Clauses: "OSS-XERR-07", Want: Refused(400, "InvalidArgument")},
	}, missing("partNumber"))
	b.Case("part-number/without-upload", "refuses a part number without an upload", By{
		"s3": {Clauses: "S3-MPU-11", Want: Refused(400, "InvalidArgument").With(elements("ArgumentName", "partNumber"))},
	}, missing("uploadId"))
}

// md5DigitsHex is the MD5 of 0123456789.
const md5DigitsHex = "781e5e245d69b566979b86e28d23f2c7"
