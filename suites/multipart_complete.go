package suites

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"hash/crc64"
	"regexp"
	"strconv"
	"strings"

	"objectharness/internal/client"
)

// mpJoins tells of the object that the parts make.
func mpJoins(b *Book) {
	b.Case("complete/in-order", "puts the parts in the order of their numbers, whatever came first", By{
		"oss": {Clauses: "OSS-MPU-PART-08", Want: Shown()},
		"bos": {Clauses: "BOS-MPU-14", Want: Accepted(200)},
	}, Case{
		Rests: mpOnReply(b),
		Given: []Given{mpScaled, mpBegun("a"), mpSentLong("a", "ba", 2, 1)},
		When:  mpCompleting("a", 1, 2),
		After: []After{mpReads("ab")},
	})
	b.Case("complete/type", "tells of an object that it was made of parts", By{
		"oss": {Clauses: "OSS-XCMPL-02", Want: Shown().Field("x-oss-object-type", "Multipart").
			With(func(s *Scene, r *client.Reply) []Flaw { return mpHolds(s, r, "ab") })},
	}, Case{
		Given: []Given{mpScaled, mpBegun("a"), mpSentLong("a", "ab", 1, 2), mpCompleted("a", 1, 2)},
		When:  func(s *Scene) client.Call { return s.Get(s.Key("a")) },
	})
	b.Case("complete/replaces", "replaces the object that was there", By{
		"oss": {Clauses: "OSS-XCMPL-19", Want: Shown()},
		"s3":  {Clauses: "S3-MPU-33", Want: Shown()},
	}, Case{
		Given: []Given{put("a", "old content"), mpBegun("a"), mpSent("a", 1, "0123456789")},
		When:  mpCompleting("a", 1),
		After: []After{{Text: "the object holds the new content", Call: func(s *Scene) client.Call { return s.Get(s.Key("a")) }, Want: Shown().Content("0123456789")}},
	})
	b.Case("complete/listed-only", "drops the parts that the list leaves out", By{
		"oss": {Clauses: "OSS-XCMPL-14", Want: Shown(), Rests: "OSS-MPU-PART-08"},
		"s3":  {Clauses: "S3-MPU-29", Want: Shown().With(mpTagged(`-2"$`)), Rests: "S3-MPU-33"},
	}, Case{
		Rests: mpOnReply(b),
		Given: []Given{mpScaled, mpBegun("a"), mpSentLong("a", "abc", 1, 2, 3)},
		When:  mpCompleting("a", 1, 3),
		After: []After{mpReads("ac")},
	})
	b.Case("complete/others-open", "leaves the other uploads of the key open", By{
		"oss": {Clauses: "OSS-XCMPL-13", Want: Shown(), Rests: "OSS-MPU-INIT-02"},
	}, Case{
		Given: []Given{mpBegun("a"), mpSent("a", 1, "0123456789"), mpBegun("a#2")},
		When:  mpCompleting("a", 1),
		After: []After{{Text: "the other upload is there", Call: func(s *Scene) client.Call { return s.mpListParts("a#2") }, Want: Accepted(200)}},
	})
	b.Case("abort/keeps-object", "leaves the object at the key as it is when an upload is aborted", By{
		"oss": {Clauses: "OSS-XABORT-05", Want: Shown()},
	}, Case{
		Given: []Given{put("a", "old content"), mpBegun("a"), mpSent("a", 1, "0123456789"), snapshot("a")},
		When:  func(s *Scene) client.Call { return s.mpAbort("a") },
		After: []After{unchanged("a")},
	})
}

// mpGaps tells of numbers that do not follow one another.
func mpGaps(b *Book) {
	gap := Case{
		Rests: mpOnReply(b),
		Given: []Given{mpScaled, mpBegun("a"), mpSentLong("a", "abc", 1, 3, 5)},
		When:  mpCompleting("a", 1, 3, 5),
	}
	refused := gap
	gap.After = []After{mpReads("abc")}
	refused.After = []After{mpOpen}
	b.Case("complete/gaps", "makes an object of parts whose numbers do not follow one another", By{
		"oss": {Clauses: "OSS-XCMPL-04", Want: Accepted(200), Rests: "OSS-MPU-PART-08"},
		"bos": {Clauses: "BOS-MPU-16", Want: Accepted(200)},
		"s3":  {Clauses: "S3-MPU-22", Want: Accepted(200).With(mpTagged(`-3"$`)), Rests: "S3-MPU-33"},
	}, gap)
	b.Case("complete/gaps-refused", "refuses parts whose numbers do not follow one another", By{
		"cos": {Clauses: "COS-XMPU-17", Want: Refused(400, "InvalidPart")},
	}, refused)
}

// mpTagged wants an ETag of a form in the answer to a completion, in quotes
// unless it is JSON.
func mpTagged(form string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		if got := mpMember(r, "ETag"); !regexp.MustCompile(form).MatchString(got) {
			return []Flaw{{"an ETag of the form " + form, excerpt(got)}}
		}
		return nil
	}
}

// mpSums are the MD5s of long parts of these letters.
func (s *Scene) mpSums(letters string) (sums [][]byte) {
	for i := range letters {
		sum := md5.Sum([]byte(s.mpLong(letters[i : i+1])))
		sums = append(sums, sum[:])
	}
	return sums
}

// mpTagOfSums is the ETag that S3 documents: of the digests as bytes.
func mpTagOfSums(sums [][]byte) string {
	h := md5.New()
	for _, sum := range sums {
		h.Write(sum)
	}
	return fmt.Sprintf("%x-%d", h.Sum(nil), len(sums))
}

// mpTagOfTexts is the ETag that BOS documents: of the digests as text.
func mpTagOfTexts(sums [][]byte) string {
	h := md5.New()
	for _, sum := range sums {
		h.Write([]byte(hex.EncodeToString(sum)))
	}
	return "-" + hex.EncodeToString(h.Sum(nil))
}

// mpDigests tells of the ETag and the CRC-64 of an object that was made of parts.
func mpDigests(b *Book) {
	three := []Given{mpScaled, mpBegun("a"), mpSentLong("a", "abc", 1, 2, 3)}
	same := After{Text: "HEAD answers the same ETag", Call: func(s *Scene) client.Call { return s.Head(s.Key("a")) },
		Want: Shown().With(func(s *Scene, r *client.Reply) []Flaw {
			if got := strings.Trim(r.Fields.Get("ETag"), `"`); got != s.Kept("tag of the answer") {
				return []Flaw{{"ETag " + s.Kept("tag of the answer") + ", as the completion answered", got}}
			}
			return nil
		})}
	keep := func(check func(*Scene, *client.Reply) []Flaw) func(*Scene, *client.Reply) []Flaw {
		return func(s *Scene, r *client.Reply) []Flaw {
			s.Keep("tag of the answer", strings.Trim(mpMember(r, "ETag"), `"`))
			return check(s, r)
		}
	}
	b.Case("complete/etag", "makes an ETag of the parts", By{
		"oss": {Clauses: "OSS-XCMPL-03", Want: Shown().With(keep(mpTagged(`^"[0-9A-F]{32}-3"$`)))},
		"cos": {Clauses: "COS-XMPU-11 COS-XMPU-12", Want: Shown().With(keep(mpTagged(`^"[0-9a-f]{32}-3"$`)))},
		"bos": {Clauses: "BOS-HDR-09", Want: Shown().With(keep(func(s *Scene, r *client.Reply) []Flaw {
			return mpMembers("eTag", mpTagOfTexts(s.mpSums("abc")))(s, r)
		}))},
		"s3": {Clauses: "S3-MPU-18", Want: Shown().With(keep(func(s *Scene, r *client.Reply) []Flaw {
			return mpMembers("ETag", `"`+mpTagOfSums(s.mpSums("abc"))+`"`)(s, r)
		}))},
	}, Case{Rests: append(mpOnReply(b), map[string]string{"oss": "OSS-HEAD-01", "cos": "COS-XHEAD-01", "bos": "BOS-HEAD-01", "s3": "S3-OBJ-20"}[b.Dialect]),
		Given: three, When: mpCompleting("a", 1, 2, 3), After: []After{same}})
	b.Case("complete/etag-opaque", "has an ETag that is not the MD5 of the content", By{
		"oss": {Clauses: "OSS-XHDR-02", Want: Shown().With(mpOpaque)},
		"cos": {Clauses: "COS-MPU-06 COS-XHDR-05", Want: Shown().With(mpOpaque)},
	}, Case{Given: append(three[:3:3], mpCompleted("a", 1, 2, 3)), When: func(s *Scene) client.Call { return s.Head(s.Key("a")) }})
	b.Case("complete/etag-single", "gives the object of a single part the MD5 of its content", By{
		"bos": {Clauses: "BOS-HDR-10", Want: Shown().With(mpMembers("eTag", "e57598cd670284cf7d09e16ed9d4b2ac"))},
	}, Case{Rests: mpOnReply(b), Given: []Given{mpBegun("a"), mpSent("a", 1, strings.Repeat("\x00", 1<<20-1))}, When: mpCompleting("a", 1)})
	b.Case("complete/crc64", "answers the CRC-64 of the whole object", By{
		"oss": {Clauses: "OSS-XCMPL-27", Rests: "OSS-MPU-PART-08", Want: Shown().Field(b.W.CRC64, mpCRC64("abc"))},
		"cos": {Clauses: "COS-XMPU-13", Want: Shown().Field(b.W.CRC64, mpCRC64("abc"))},
	}, Case{Given: three, When: mpCompleting("a", 1, 2, 3)})
	b.Case("complete/crc64-sample", "answers the CRC-64 of parts of 1 MiB and 123 bytes", By{
		"cos": {Clauses: "COS-CRC64-05", Want: Shown().Field(b.W.CRC64, "5237785474210610777")},
	}, Case{
		Given: []Given{mpBegun("a"), mpSent("a", 1, strings.Repeat("1", 1<<20)), mpSent("a", 2, strings.Repeat("1", 123))},
		When:  mpCompleting("a", 1, 2),
	})
}

// mpDigest is the MD5 of a text in hexadecimal digits.
func mpDigest(text string) string {
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// mpOpaque wants another ETag than the MD5 of long parts a, b and c.
func mpOpaque(s *Scene, r *client.Reply) []Flaw {
	plain := mpDigest(s.mpLong("a") + s.mpLong("b") + s.mpLong("c"))
	got := strings.Trim(r.Fields.Get("ETag"), `"`)
	if got == "" {
		s.Block("the object answers no ETag")
	}
	if lower(got) == plain {
		return []Flaw{{"an ETag that is not " + plain, got}}
	}
	return nil
}

// mpCRC64 is the CRC-64/ECMA of long parts of these letters, as a number.
func mpCRC64(letters string) func(*Scene) any {
	return func(s *Scene) any {
		h := crc64.New(crc64.MakeTable(crc64.ECMA))
		for i := range letters {
			h.Write([]byte(s.mpLong(letters[i : i+1])))
		}
		return strconv.FormatUint(h.Sum64(), 10)
	}
}

// mpCRCOf is the CRC-64/ECMA of a text, as a number.
func mpCRCOf(text string) string {
	return strconv.FormatUint(crc64.Checksum([]byte(text), crc64.MakeTable(crc64.ECMA)), 10)
}

// mpSizes tells of the smallest size of a part, at the real bound.
func mpSizes(b *Book) {
	least := strings.Repeat("a", mpLeast[b.Dialect])
	b.Case("least-size/reached", "makes an object of a first part of the smallest size and a last one of one byte", By{
		"oss": {Clauses: "OSS-MPU-PART-11 OSS-MPU-PART-12", Want: Accepted(200)},
		"cos": {Clauses: "COS-MPU-02", Want: Accepted(200)},
		"bos": {Clauses: "BOS-MPU-08", Want: Accepted(200)},
		"s3":  {Clauses: "S3-MPU-14", Want: Accepted(200)},
	}, Case{Rests: mpOnReply(b), Given: []Given{mpBegun("a"), mpSent("a", 1, least), mpSent("a", 2, "b")}, When: mpCompleting("a", 1, 2)})
	small := Refused(400, "EntityTooSmall")
	hidden := append(mpOnTags(b), mpOnHidden(b)...)
	b.Case("least-size/missed", "refuses a first part of a byte less, makes nothing and keeps the upload open", By{
		"oss": {Clauses: "OSS-MPU-PART-10 OSS-MPU-PART-12 OSS-XCMPL-10", Want: small},
		"cos": {Clauses: "COS-MPU-02", Want: small},
		"bos": {Clauses: "BOS-MPU-08", Want: small},
		"s3":  {Clauses: "S3-MPU-14", Want: small},
	}, Case{Rests: hidden, Given: []Given{mpBegun("a"), mpSent("a", 1, least[1:]), mpSent("a", 2, "b")}, When: mpCompleting("a", 1, 2),
		After: []After{missing("a"), mpOpen}})
	b.Case("least-size/tiny", "refuses a first part of a few bytes", By{
		"cos": {Clauses: "COS-XMPU-15", Want: small},
		"bos": {Clauses: "BOS-ERR-17", Want: small},
		"s3": {Clauses: "S3-MPU-13", Want: small.With(elements("PartNumber", "1", "ETag", "098f6bcd4621d373cade4e832627b4f6",
			"ProposedSize", "4", "MinSizeAllowed", "5242880"))},
	}, Case{Rests: hidden, Given: []Given{mpBegun("a"), mpSent("a", 1, "test"), mpSent("a", 2, "more")}, When: mpCompleting("a", 1, 2),
		After: []After{missing("a")}})
	b.Case("least-size/single", "makes an object of a single part of a few bytes", By{
		"bos": {Clauses: "BOS-MPU-12", Want: Accepted(200)},
		"s3":  {Clauses: "S3-MPU-15", Want: Accepted(200)},
	}, Case{Rests: mpOnReply(b), Given: []Given{mpBegun("a"), mpSent("a", 1, "test")}, When: mpCompleting("a", 1), After: []After{reads("a", "test")}})
	b.Case("least-size/empty", "makes an empty object of a single empty part", By{
		"s3": {Clauses: "S3-MPU-16", Want: Accepted(200), Rests: "S3-MPU-15"},
	}, Case{Rests: mpOnReply(b), Given: []Given{mpBegun("a"), mpSent("a", 1, "")}, When: mpCompleting("a", 1), After: []After{reads("a", "")}})
}

// mpOnHidden are the clauses that a part shows nothing at its key by.
func mpOnHidden(b *Book) []string {
	return map[string][]string{"oss": {"OSS-MPU-PART-20"}, "cos": {"COS-MPU-09"}, "bos": {"BOS-MPU-38"}, "s3": {"S3-MPU-02"}}[b.Dialect]
}

// mpOpen is the later look that the upload is open.
var mpOpen = After{Text: "the upload is open", Call: func(s *Scene) client.Call { return s.mpListParts("a") }, Want: Want{Status: 200}}
