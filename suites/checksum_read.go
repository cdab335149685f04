package suites

import (
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// sumsAlone write the checksums of parts that are read alone, and of what comes
// with another digest or with none.
var sumsAlone = []func(*Book){sumsOfPartsRead, sumsOfPartsElse, sumsBesideMD5, sumsUnasked, sumsAmongAttributes}

// sumPartRead reads a part of the object at a, and asks for its checksum.
func sumPartRead(method, number string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		return client.Call{Method: method, Bucket: s.Bucket, Key: s.Key("a"), Query: []wire.Param{{Name: "partNumber", Value: number}}, Fields: []wire.Field{summed}}
	}
}

// sumTypes are the types of a checksum of parts.
var sumTypes = []struct{ name, kind string }{{"composite", "COMPOSITE"}, {"whole", "FULL_OBJECT"}}

func sumsOfPartsRead(b *Book) {
	for _, t := range sumTypes {
		one := []Given{mpBegun("a", sumPlan("CRC32", t.kind)...), sumSent(1, digits, sumsOfDigits["CRC32"]),
			func(s *Scene) { s.Must(s.mpComplete("a", s.sumListed(sumsOfDigits["CRC32"]))) }}
		for _, method := range []string{"GET", "HEAD"} {
			b.Case("read-part/"+t.name+"/"+lower(method), "tells with "+method+" the checksum of a part that is read alone", By{
				"s3": {Clauses: "S3-CKS-30", Want: hasSum(Shown(), "CRC32", sumsOfDigits["CRC32"], t.kind), Rests: "S3-CKS-08"},
			}, Case{Given: one, When: sumPartRead(method, "1")})
		}
		b.Case("read-part/"+t.name+"/second", "tells of several parts the checksum of the one that is read", By{
			"s3": {Clauses: "S3-CKS-30", Want: hasSum(Shown(), "CRC32", crc32Parts[1], t.kind), Rests: "S3-CKS-08"},
		}, Case{
			Needs: NeedsPrivate,
			Given: append(sumThree(t.kind), func(s *Scene) { s.Must(s.mpComplete("a", s.sumListed(crc32Parts...))) }),
			When:  sumPartRead("GET", "2"),
		})
	}
}

func sumsOfPartsElse(b *Book) {
	for _, method := range []string{"GET", "HEAD"} {
		b.Case("read-part/unplanned/"+lower(method), "tells with "+method+" no checksum of a part of an upload that named none", By{
			"s3": {Clauses: "S3-CKS-31", Want: Shown().Field("x-amz-checksum-crc64nvme", Absent).Field("x-amz-checksum-type", Absent)},
		}, Case{Given: []Given{mpBegun("a"), mpSent("a", 1, digits), mpCompleted("a", 1)}, When: sumPartRead(method, "1")})
	}
	b.Case("read-part/plain", "tells the checksum of an object with its only part", By{
		"s3": {Clauses: "S3-CKS-32", Want: hasSum(Shown(), "CRC32", sumsOfDigits["CRC32"], "FULL_OBJECT"), Rests: "S3-CKS-01 S3-CKS-08"},
	}, Case{
		Given: []Given{func(s *Scene) { s.Must(putDigits(sumField("CRC32", sumsOfDigits["CRC32"]))(s)) }},
		When:  sumPartRead("GET", "1"),
	})
}

// The MD5 of digits, and of other data.
const md5OfDigits, md5OfOthers = "JfnnlDI7RTiF9RgfG2JNCw==", "br52yftBG+l7Ow1It5GnyQ=="

func sumsBesideMD5(b *Book) {
	right := []wire.Field{Field("Content-MD5", md5OfDigits), sumField("CRC32", sumsOfDigits["CRC32"])}
	b.Case("put/md5/right", "takes a checksum and Content-MD5 together", By{
		"s3": {Clauses: "S3-CKS-33", Want: Want{Status: 200, Step: 1}, Rests: "S3-CKS-01 S3-OBJ-01"},
	}, Case{When: putDigits(right...), After: []After{reads("a", digits)}})
	for _, c := range []struct {
		name, text, rests string
		fields            []wire.Field
	}{
		{"md5", "refuses the Content-MD5 of other data beside a right checksum", "S3-OBJ-27", []wire.Field{Field("Content-MD5", md5OfOthers), right[1]}},
		{"checksum", "refuses the checksum of other data beside a right Content-MD5", "S3-CKS-02", []wire.Field{right[0], sumField("CRC32", sumsOfOthers["CRC32"])}},
	} {
		b.Case("put/md5/wrong-"+c.name, c.text, By{
			"s3": {Clauses: "S3-CKS-33", Want: Want{Status: 400, Code: "BadDigest", Step: 2}, Rests: c.rests},
		}, Case{
			Given: []Given{func(s *Scene) { s.Must(s.Put(s.Key("control"), digits, right...)) }},
			When:  putDigits(c.fields...),
			After: []After{missing("a")},
		})
	}
}

func sumsUnasked(b *Book) {
	b.Case("put/none-answered", "answers the checksum of what comes without one", By{
		"s3": {Clauses: "S3-CKS-34", Want: hasSum(Accepted(200), "CRC64NVME", sumsOfDigits["CRC64NVME"], "FULL_OBJECT"), Rests: "S3-OBJ-01"},
	}, Case{When: putDigits()})
}

func sumsAmongAttributes(b *Book) {
	b.Case("attributes/composite", "tells a composite checksum among the attributes without the number of parts", By{
		"s3": {Clauses: "S3-CKS-42", Want: Shown().Content(sumTold("CRC32", "7kxlUA==", "COMPOSITE")), Rests: "S3-CKS-19 S3-OBJ-33"},
	}, Case{
		Given: []Given{mpBegun("a", sumPlan("CRC32", "COMPOSITE")...), sumSent(1, digits, sumsOfDigits["CRC32"]),
			func(s *Scene) { s.Must(s.mpComplete("a", s.sumListed(sumsOfDigits["CRC32"]))) }},
		When: func(s *Scene) client.Call {
			return client.Call{Method: "GET", Bucket: s.Bucket, Key: s.Key("a"), Query: []wire.Param{{Name: "attributes", Bare: true}},
				Fields: []wire.Field{Field("x-amz-object-attributes", "Checksum")}}
		},
	})
}
