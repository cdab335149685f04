package suites

import (
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// The checksums of the three parts that uploads of this chapter have, of all of
// their bytes, and of their checksums.
var (
	sumParts    = []string{"one", "two", "three"}
	crc32Parts  = []string{"emyG8Q==", "EcqKZg==", "RsXY9Q=="}
	crc32Whole  = "CeHAkg=="
	crc32Joined = "Wfhbdw==-3"
)

func sumsOfParts(b *Book) {
	begun := func(name, kind string) []Given { return []Given{mpBegun("a", sumPlan(name, kind)...)} }
	part := func(fields ...wire.Field) func(*Scene) client.Call {
		return func(s *Scene) client.Call { return s.mpPart("a", "1", digits, fields...) }
	}
	b.Case("part/another", "refuses a part with another checksum than the upload's", By{
		"s3": {Clauses: "S3-CKS-16", Want: Refused(400, "InvalidRequest"), Rests: "S3-MPU-04"},
	}, Case{Given: begun("SHA256", ""), When: part(sumField("CRC32", sumsOfDigits["CRC32"]))})
	b.Case("part/none-of-composite", "refuses a part without a checksum where they are summed up themselves", By{
		"s3": {Clauses: "S3-CKS-17", Want: Want{Status: 400, Code: "InvalidRequest", Step: 1}, Rests: "S3-MPU-04"},
	}, Case{Given: begun("CRC32", ""), When: part()})
	b.Case("part/none-of-whole", "takes a part without a checksum where all bytes are summed up", By{
		"s3": {Clauses: "S3-CKS-17", Want: Want{Status: 200, Step: 2}, Rests: "S3-MPU-04 S3-MPU-07"},
	}, Case{Given: begun("CRC32", "FULL_OBJECT"), When: part()})
	b.Case("part/right", "answers the checksum of a part", By{
		"s3": {Clauses: "S3-CKS-18", Want: Accepted(200).Field("x-amz-checksum-crc32", sumsOfDigits["CRC32"]), Rests: "S3-MPU-04 S3-MPU-07"},
	}, Case{Given: begun("CRC32", ""), When: part(sumField("CRC32", sumsOfDigits["CRC32"]))})
	b.Case("part/form", "refuses a part with a checksum that is none", By{
		"s3": {Clauses: "S3-CKS-18", Want: Refused(400, "InvalidRequest"), Rests: "S3-MPU-04"},
	}, Case{Given: begun("CRC32", ""), When: part(sumField("CRC32", "xxx"))})
	b.Case("part/other", "refuses a part with the checksum of other data", By{
		"s3": {Clauses: "S3-CKS-18", Want: Refused(400, "BadDigest"), Rests: "S3-MPU-04"},
	}, Case{Given: begun("CRC32", ""), When: part(sumField("CRC32", sumsOfOthers["CRC32"]))})
}

// sumSent sends a part with its CRC32.
func sumSent(number int, text, sum string) Given {
	return func(s *Scene) {
		r := s.Must(s.mpPart("a", itoa(number), text, sumField("CRC32", sum)))
		s.Keep(mpTag("a", number), r.Fields.Get("ETag"))
	}
}

// sumListed completes with these checksums of the parts, "" for none.
func (s *Scene) sumListed(sums ...string) string {
	var entries []string
	for i, sum := range sums {
		entry := s.mpEntry(itoa(i+1), s.Kept(mpTag("a", i+1)))
		if sum != "" {
			entry = strings.Replace(entry, "</Part>", xmlOf("ChecksumCRC32", sum)+"</Part>", 1)
		}
		entries = append(entries, entry)
	}
	return s.mpList(entries...)
}

// sumThree is an upload of three small parts, which a private emulator takes.
func sumThree(kind string) []Given {
	given := []Given{func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"MinPartSize": 1}}) }, mpBegun("a", sumPlan("CRC32", kind)...)}
	for i, text := range sumParts {
		given = append(given, sumSent(i+1, text, crc32Parts[i]))
	}
	return given
}

// sumTold wants a checksum of a document.
func sumTold(name, value, kind string) gomega.OmegaMatcher {
	return gomega.And(gomega.ContainSubstring(xmlOf("Checksum"+name, value)), gomega.ContainSubstring(xmlOf("ChecksumType", kind)))
}

func sumsCompleted(b *Book) {
	composite := []Given{mpBegun("a", sumPlan("CRC32", "")...), sumSent(1, digits, sumsOfDigits["CRC32"])}
	b.Case("complete/composite", "sums up the checksums of the parts", By{
		"s3": {Clauses: "S3-CKS-19", Want: Accepted(200).Content(sumTold("CRC32", crc32Joined, "COMPOSITE")), Rests: "S3-CKS-08 S3-MPU-07 S3-MPU-15"},
	}, Case{
		Needs: NeedsPrivate,
		Given: sumThree(""),
		When:  func(s *Scene) client.Call { return s.mpComplete("a", s.sumListed(crc32Parts...)) },
		After: []After{sumThere("CRC32", crc32Joined, "COMPOSITE")},
	})
	b.Case("complete/composite-none", "refuses a list without checksums where they are summed up", By{
		"s3": {Clauses: "S3-CKS-20", Want: Refused(400, "InvalidRequest"), Rests: "S3-MPU-02 S3-MPU-07 S3-MPU-15"},
	}, Case{Given: composite, When: func(s *Scene) client.Call { return s.mpComplete("a", s.sumListed("")) }, After: []After{missing("a")}})
	b.Case("complete/composite-wrong", "refuses a list with the checksum of another part", By{
		"s3": {Clauses: "S3-CKS-20", Want: Refused(400, "InvalidPart"), Rests: "S3-MPU-02 S3-MPU-15"},
	}, Case{Given: composite, When: func(s *Scene) client.Call { return s.mpComplete("a", s.sumListed(sumsOfOthers["CRC32"])) }, After: []After{missing("a")}})
}

// sumsWhole are uploads of which all bytes are summed up.
func sumsWhole(b *Book) {
	b.Case("complete/whole", "sums up all bytes of the parts", By{
		"s3": {Clauses: "S3-CKS-21", Want: Accepted(200).Content(sumTold("CRC32", crc32Whole, "FULL_OBJECT")), Rests: "S3-CKS-08 S3-MPU-07 S3-MPU-15 S3-MPU-22"},
	}, Case{
		Needs: NeedsPrivate,
		Given: sumThree("FULL_OBJECT"),
		When:  func(s *Scene) client.Call { return s.mpComplete("a", s.sumListed("", "", "")) },
		After: []After{sumThere("CRC32", crc32Whole, "FULL_OBJECT")},
	})
	one := []Given{mpBegun("a", sumPlan("CRC32", "FULL_OBJECT")...), sumSent(1, digits, sumsOfDigits["CRC32"])}
	for _, c := range []struct {
		name, text, clause, code string
		field                    wire.Field
	}{
		{"wrong", "refuses the checksum of another object", "S3-CKS-22", "BadDigest", sumField("CRC32", sumsOfOthers["CRC32"])},
		{"type", "refuses another type than the upload's", "S3-CKS-23", "InvalidRequest", Field("x-amz-checksum-type", "COMPOSITE")},
		{"size", "refuses another size than the object's", "S3-CKS-24", "InvalidRequest", Field("x-amz-mp-object-size", "10")},
	} {
		b.Case("complete/"+c.name, c.text, By{
			"s3": {Clauses: c.clause, Want: Refused(400, c.code), Rests: "S3-MPU-02 S3-MPU-07 S3-MPU-15"},
		}, Case{Given: one, When: func(s *Scene) client.Call { return s.mpComplete("a", s.sumListed(""), c.field) }, After: []After{missing("a")}})
	}
	b.Case("complete/default", "sums up all bytes where nobody asks for a checksum", By{
		"s3": {Clauses: "S3-CKS-25", Want: Shown(), Rests: "S3-CKS-08"},
	}, Case{
		Given: []Given{mpBegun("a"), mpSent("a", 1, digits)},
		When:  mpCompleting("a", 1),
		After: []After{sumThere("CRC64NVME", sumsOfDigits["CRC64NVME"], "FULL_OBJECT")},
	})
}

func sumsOfCopies(b *Book) {
	source := []Given{func(s *Scene) { s.Must(s.Put(s.Key("from"), digits, sumField("CRC32", sumsOfDigits["CRC32"]))) }}
	b.Case("copy/kept", "gives a copy the kind of checksum that its source has", By{
		"s3": {Clauses: "S3-CKS-26", Want: Shown().Content(sumTold("CRC32", sumsOfDigits["CRC32"], "FULL_OBJECT")), Rests: "S3-CKS-01 S3-COPY-01"},
	}, Case{Given: source, When: func(s *Scene) client.Call { return s.Copy("from", "a") }})
	b.Case("copy/asked", "gives a copy the kind of checksum that is asked for", By{
		"s3": {Clauses: "S3-CKS-26", Want: Shown().Content(sumTold("SHA256", sumsOfDigits["SHA256"], "FULL_OBJECT")), Rests: "S3-COPY-01"},
	}, Case{Given: source, When: func(s *Scene) client.Call { return s.Copy("from", "a", Field("x-amz-checksum-algorithm", "SHA256")) }})
	parts := append(sumThree(""), func(s *Scene) { s.Must(s.mpComplete("a", s.sumListed(crc32Parts...))) })
	b.Case("copy/of-parts", "sums up all bytes of a copy of an object of parts", By{
		"s3": {Clauses: "S3-CKS-27", Want: Shown().Content(sumTold("CRC32", crc32Whole, "FULL_OBJECT")), Rests: "S3-COPY-01 S3-MPU-22"},
	}, Case{Needs: NeedsPrivate, Given: parts, When: func(s *Scene) client.Call { return s.Copy("a", "copy") }})
}

// sumsElsewhere are documents that need a checksum, and lists that tell of one.
func sumsElsewhere(b *Book) {
	rules := "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"
	bare := func(method, sub, text string) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			return client.Call{Method: method, Bucket: s.Own("b"), Query: configQuery(sub), Body: []byte(text)}
		}
	}
	for _, c := range []struct{ name, method, sub, text string }{
		{"cors", "PUT", "cors", rules}, {"tagging", "PUT", "tagging", labels("a=1")}, {"lifecycle", "PUT", "lifecycle", plainRule},
		{"delete", "POST", "delete", "<Delete><Object><Key>a</Key></Object></Delete>"},
	} {
		b.Case("needed/"+c.name, "refuses the document "+c.sub+" without a digest or a checksum", By{
			"s3": {Clauses: "S3-CKS-28", Want: Refused(400, "InvalidRequest")},
		}, Case{Given: []Given{own("b")}, When: bare(c.method, c.sub, c.text)})
	}
	b.Case("list", "tells in lists the kind of checksum that an object has", By{
		"s3": {Clauses: "S3-CKS-29", Want: Shown().Content(gomega.And(
			gomega.ContainSubstring(xmlOf("ChecksumAlgorithm", "CRC32")), gomega.ContainSubstring(xmlOf("ChecksumType", "FULL_OBJECT")))), Rests: "S3-CKS-01 S3-LIST-01"},
	}, Case{
		Given: []Given{func(s *Scene) { s.Must(putDigits(sumField("CRC32", sumsOfDigits["CRC32"]))(s)) }},
		When: func(s *Scene) client.Call {
			return client.Call{Method: "GET", Bucket: s.Bucket, Query: []wire.Param{{Name: "list-type", Value: "2"}, {Name: "prefix", Value: s.Key("a")}}}
		},
	})
}
