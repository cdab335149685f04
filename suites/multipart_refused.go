package suites

import (
	"slices"
	"strings"

	"objectharness/internal/clause"
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// mpTwo begins an upload of two parts that need not be the last.
var mpTwo = []Given{mpScaled, mpBegun("a"), mpSentLong("a", "ab", 1, 2)}

// mpRefusing is a case whose completion is refused: it makes nothing and leaves
// the upload open.
func mpRefusing(b *Book, given []Given, when func(*Scene) client.Call) Case {
	return Case{Rests: append(mpOnTags(b), mpOnHidden(b)...), Given: given, When: when, After: []After{missing("a"), mpOpen}}
}

// mpWrongLists tells of lists that name other parts than were sent.
func mpWrongLists(b *Book) {
	order, part := Refused(400, "InvalidPartOrder"), Refused(400, "InvalidPart")
	b.Case("list/descending", "refuses a list that does not ascend, and keeps the upload open", By{
		"oss": {Clauses: "OSS-XCMPL-05", Want: order},
		"cos": {Clauses: "COS-XMPU-16", Want: order},
		"bos": {Clauses: "BOS-ERR-36 BOS-MPU-16", Want: order},
		"s3": {Clauses: "S3-MPU-20", Want: order.With(func(s *Scene, r *client.Reply) []Flaw {
			return elements("UploadId", s.Kept("upload a"))(s, r)
		})},
	}, mpRefusing(b, mpTwo, mpCompleting("a", 2, 1)))
	b.Case("list/twice", "refuses a list with a part that stands there twice", By{
		"oss": {Clauses: "OSS-XCMPL-06", Want: order},
		"s3":  {Clauses: "S3-MPU-21", Want: order},
	}, mpRefusing(b, mpTwo, mpCompleting("a", 1, 1)))
	for _, n := range []string{"0", "10001"} {
		by := By{"oss": {Clauses: "OSS-XCMPL-07", Want: Refused(400, "InvalidPartOrder")}}
		if n == "0" {
			by["s3"] = Row{Clauses: "S3-MPU-28", Want: Refused(400, "InvalidArgument").With(elements("ArgumentName", "PartNumber", "ArgumentValue", "0"))}
		}
		b.Case("list/number-"+n, "refuses a list with a number that no part can have", by, mpRefusing(b, mpTwo, func(s *Scene) client.Call {
			return s.mpComplete("a", s.mpList(s.mpEntry(n, s.Kept(mpTag("a", 1)))))
		}))
	}
	other := func(s *Scene) string { return `"` + strings.Repeat("0", 31) + `1"` }
	b.Case("list/other-etag", "refuses a list with another ETag than the part has", By{
		"oss": {Clauses: "OSS-XCMPL-08", Want: part},
		"cos": {Clauses: "COS-MPU-05 COS-XMPU-18", Want: part},
		"bos": {Clauses: "BOS-ERR-35 BOS-MPU-18", Want: part},
		"s3":  {Clauses: "S3-MPU-24", Want: part},
	}, mpRefusing(b, mpTwo, func(s *Scene) client.Call { return s.mpComplete("a", s.mpList(s.mpEntry("1", other(s)))) }))
	b.Case("list/etag-of-another", "refuses a list in which two parts have changed their ETags", By{
		"cos": {Clauses: "COS-MPU-05", Want: part},
	}, mpRefusing(b, mpTwo, func(s *Scene) client.Call {
		return s.mpComplete("a", s.mpList(s.mpEntry("1", s.Kept(mpTag("a", 2))), s.mpEntry("2", s.Kept(mpTag("a", 1)))))
	}))
	b.Case("list/not-etag", "refuses a list with what is no ETag", By{
		"oss": {Clauses: "OSS-XCMPL-08", Want: part},
	}, mpRefusing(b, mpTwo, func(s *Scene) client.Call { return s.mpComplete("a", s.mpList(s.mpEntry("1", `"Invalid-ETag"`))) }))
	b.Case("list/missing-part", "refuses a list with a part that was not sent", By{
		"oss": {Clauses: "OSS-XCMPL-09", Want: part},
		"cos": {Clauses: "COS-MPU-05 COS-XMPU-18", Want: part},
		"bos": {Clauses: "BOS-ERR-35 BOS-MPU-18", Want: part},
		"s3": {Clauses: "S3-MPU-23", Want: part.With(func(s *Scene, r *client.Reply) []Flaw {
			return elements("PartNumber", "3", "ETag", strings.Trim(other(s), `"`), "UploadId", s.Kept("upload a"))(s, r)
		})},
	}, mpRefusing(b, mpTwo, func(s *Scene) client.Call {
		return s.mpComplete("a", s.mpList(s.mpEntry("1", s.Kept(mpTag("a", 1))), s.mpEntry("2", s.Kept(mpTag("a", 2))), s.mpEntry("3", other(s))))
	}))
	b.Case("list/replaced-part", "refuses a list with the ETag of a part that was replaced", By{
		"oss": {Clauses: "OSS-MPU-PART-07", Want: part},
	}, mpRefusing(b, []Given{mpBegun("a"), mpSent("a", 1, "0123456789"), func(s *Scene) { s.Must(s.mpPart("a", "1", "another")) }}, mpCompleting("a", 1)))
}

// mpMalformed tells of bodies of a completion that are no lists.
func mpMalformed(b *Book) {
	sent := []Given{mpBegun("a"), mpSent("a", 1, "0123456789")}
	xml, json := Refused(400, "MalformedXML"), Refused(400, "InappropriateJSON")
	for _, m := range []struct {
		name string
		text func(*Scene) string
		by   By
	}{
		{"other-root", func(*Scene) string { return "<a/>" }, By{"oss": {Clauses: "OSS-XCMPL-23", Want: xml}}},
		{"text", func(*Scene) string { return "abc" }, By{"s3": {Clauses: "S3-MPU-27", Want: xml}, "cos": {Clauses: "COS-XMPU-20", Want: xml}, "oss": {Clauses: "OSS-XCMPL-23", Want: xml}}},
		{"cut-short", func(s *Scene) string {
			list := s.mpListed("a", 1)
			return list[:len(list)-1]
		}, By{"oss": {Clauses: "OSS-XCMPL-23", Want: xml}, "cos": {Clauses: "COS-XMPU-20", Want: xml}, "s3": {Clauses: "S3-MPU-27", Want: xml}}},
		{"without-parts", func(s *Scene) string { return s.mpList() }, By{"oss": {Clauses: "OSS-XCMPL-23", Want: xml}, "cos": {Clauses: "COS-XMPU-20", Want: xml}, "bos": {Clauses: "BOS-MPU-20", Want: json}}},
		{"nothing", func(*Scene) string { return "" }, By{"s3": {Clauses: "S3-MPU-26", Want: Refused(400, "InvalidRequest")}}},
	} {
		b.Case("list/malformed/"+m.name, "refuses a body that is no list of parts, and changes nothing", m.by,
			mpRefusing(b, sent, func(s *Scene) client.Call { return s.mpComplete("a", m.text(s)) }))
	}
}

// mpForms tells of the ways in which a list may be written, and of digests.
func mpForms(b *Book) {
	sent := []Given{mpScaled, mpBegun("a"), mpSent("a", 1, "0123456789")}
	for _, f := range []struct{ name, quote string }{{"entities", "&quot;"}, {"numbers", "&#34;"}, {"bare", ""}} {
		by := By{"oss": {Clauses: "OSS-XCMPL-15", Want: Want{Status: 2}}}
		if f.name == "bare" {
			by["s3"] = Row{Clauses: "S3-MPU-25", Want: Want{Status: 2}}
		}
		b.Case("list/quotes-"+f.name, "takes ETags in any way of writing their quotes", by, Case{
			Rests: mpOnTags(b),
			Given: sent,
			When: func(s *Scene) client.Call {
				tag := f.quote + strings.Trim(s.Kept(mpTag("a", 1)), `"`) + f.quote
				return s.mpComplete("a", "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"+tag+"</ETag></Part></CompleteMultipartUpload>")
			},
			After: []After{{Text: "the object holds the part", Call: func(s *Scene) client.Call { return s.Get(s.Key("a")) }, Want: Shown().Content("0123456789")}},
		})
	}
	b.Case("list/content-md5-wrong", "refuses a list that is not the one of Content-MD5", By{
		"oss": {Clauses: "OSS-XCMPL-22", Want: Refused(400, "InvalidDigest")},
	}, mpRefusing(b, sent, func(s *Scene) client.Call {
		return s.mpComplete("a", s.mpListed("a", 1), Field("Content-MD5", md5Digits))
	}))
	b.Case("all/in-order", "makes an object of all parts when it is asked to and gets no list", By{
		"oss": {Clauses: "OSS-XCMPL-16", Want: Accepted(200), Rests: "OSS-MPU-PART-08 OSS-XCMPL-01"},
	}, Case{
		Given: []Given{mpScaled, mpBegun("a"), mpSentLong("a", "ba", 2, 1)},
		When:  func(s *Scene) client.Call { return s.mpComplete("a", "", Field("x-oss-complete-all", "yes")) },
		After: []After{mpReads("ab")},
	})
	b.Case("all/with-list", "refuses a list beside the wish for all parts", By{
		"oss": {Clauses: "OSS-XCMPL-17", Want: Refused(400, "InvalidArgument")},
	}, mpRefusing(b, sent, func(s *Scene) client.Call {
		return s.mpComplete("a", s.mpListed("a", 1), Field("x-oss-complete-all", "yes"))
	}))
	b.Case("complete/encoded-key", "encodes the key in the answer where encoding-type asks for it", By{
		"oss": {Clauses: "OSS-XCMPL-21", Rests: "OSS-XCMPL-01 OSS-MPU-PART-02", Want: Shown().With(func(s *Scene, r *client.Reply) []Flaw {
			return mpMembers("EncodingType", "url", "Key", wire.Escape(s.Key("x y")))(s, r)
		})},
	}, Case{
		Given: []Given{mpBegun("x y"), mpSent("x y", 1, "0123456789")},
		When: func(s *Scene) client.Call {
			call := mpCompleting("x y", 1)(s)
			call.Query = append(call.Query, wire.Param{Name: "encoding-type", Value: "url"})
			return call
		},
	})
	b.Case("complete/location", "answers the URL of the object with its key percent-encoded", By{
		"s3": {Clauses: "S3-MPU-19", Rests: "S3-MPU-17", Want: Shown().With(func(s *Scene, r *client.Reply) []Flaw {
			location, key := mpMember(r, "Location"), s.Key("em — dash")
			alike := strings.NewReplacer("%2F", "/", "+", "%20") // as Amazon writes them
			if end := "/" + wire.EscapePath(key); !strings.HasSuffix(alike.Replace(location), end) || mpMember(r, "Key") != key {
				return []Flaw{{"a location that ends in " + end + " and the key as it is", excerpt(string(r.Body))}}
			}
			return nil
		})},
	}, Case{Rests: mpOnTags(b), Given: []Given{mpBegun("em — dash"), mpSent("em — dash", 1, "0123456789")}, When: mpCompleting("em — dash", 1)})
}

// mpRivals is how many completions start at once.
const mpRivals = 6

// mpTogether tells of completions that come at once.
func mpTogether(b *Book) {
	gone := Refused(404, "NoSuchUpload")
	b.Case("complete/together", "lets exactly one of several completions of an upload make the object", By{
		"oss": {Clauses: "OSS-XCMPL-12", Want: gone},
		"cos": {Clauses: "COS-XMPU-21", Want: gone},
		"bos": {Clauses: "BOS-MPU-19", Want: gone},
		"s3":  {Clauses: "S3-MPU-32", Want: gone},
	}, Case{
		Rests: mpOnReply(b),
		Given: []Given{mpScaled, mpBegun("a"), mpSent("a", 1, "0123456789")},
		Run:   mpRace,
	})
}

// mpRace sends the completions and judges: one success, the others refused as
// the case wants.
func mpRace(s *Scene) {
	replies, errs := s.together(slices.Repeat([]client.Call{mpCompleting("a", 1)(s)}, mpRivals))
	wins := 0
	for i, r := range replies {
		switch {
		case errs[i] != nil:
			panic(failed{errs[i]})
		case r.Status/100 == 2:
			wins++
		default:
			s.Judge(r, s.Case.Then[0])
		}
	}
	if wins != 1 {
		s.Fail(s.Case.Clauses[0], clause.BrokenEffect, "exactly one of the completions succeeds", itoa(wins)+" succeeded")
	}
}
