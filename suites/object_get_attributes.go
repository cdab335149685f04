package suites

import (
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// objectParts read an object by the number of a part.
func objectParts(b *Book) {
	b.Case("part/first", "answers all of an object that was put as its part 1", By{
		"s3": {Clauses: "S3-RNG-17", Want: piece(0, 9).Field("x-amz-mp-parts-count", Absent)},
	}, Case{Given: []Given{stored()}, When: queried("partNumber", "1")})
	b.Case("part/second", "refuses part 2 of an object that was put, and names how many there are", By{
		"s3": {Clauses: "S3-RNG-17", Want: Refused(416, "InvalidPartNumber").With(elements("ActualPartCount", "1"))},
	}, Case{Given: []Given{stored()}, When: queried("partNumber", "2")})
	b.Case("part/and-range", "refuses a part number together with a range", By{
		"s3": {Clauses: "S3-RNG-18", Want: Refused(400, "InvalidRequest")},
	}, Case{Given: []Given{stored()}, When: func(s *Scene) client.Call {
		call := queried("partNumber", "1")(s)
		call.Fields = append(call.Fields, Field("Range", "bytes=0-1"))
		return call
	}})
	for _, p := range [][2]string{{"negative", "-3"}, {"zero", "0"}, {"10001", "10001"}, {"text", "one"}} {
		b.Case("part/number/"+p[0], "refuses a part number that none can have, and names the argument", By{
			"s3": {Clauses: "S3-RNG-19", Want: Refused(400, "InvalidArgument").With(elements("ArgumentName", "partNumber"))},
		}, Case{Given: []Given{stored()}, When: queried("partNumber", p[1])})
	}
}

// attributesOf asks for attributes of k; fields name them.
func attributesOf(fields ...wire.Field) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		call := s.Get(s.Key("k"), fields...)
		call.Query = []wire.Param{{Name: "attributes", Bare: true}}
		return call
	}
}

const attributesField = "x-amz-object-attributes"

func objectAttributes(b *Book) {
	b.Case("attributes/all", "answers the attributes that are asked for", By{
		"s3": {Clauses: "S3-OBJ-33", Want: Accepted(200).Field("Last-Modified", httpDated).With(hasAttributes), Rests: "S3-CKS-01"},
	}, Case{Given: []Given{func(s *Scene) { s.Must(s.Put(s.Key("k"), digits, sumField("CRC32", sumsOfDigits["CRC32"]))) }}, When: attributesOf(Field(attributesField, "ETag,Checksum,ObjectSize,StorageClass"))})
	b.Case("attributes/parts", "answers how many parts the object was made of", By{
		"s3": {Clauses: "S3-OBJ-33", Want: Shown().Field("Last-Modified", httpDated).Content(gomega.MatchRegexp("<ObjectParts>.*<PartsCount>1</PartsCount>"))},
	}, Case{Given: []Given{mpBegun("k"), mpSent("k", 1, digits), mpCompleted("k", 1)}, When: attributesOf(Field(attributesField, "ObjectParts"))})
	b.Case("attributes/blanks", "takes a list of attributes with blanks", By{
		"s3": {Clauses: "S3-OBJ-34", Want: Accepted(200).Content(gomega.ContainSubstring("<ObjectSize>"))},
	}, Case{Given: []Given{stored()}, When: attributesOf(Field(attributesField, "ETag, ObjectSize"))})
	b.Case("attributes/unknown", "refuses an attribute that does not exist, and names the argument", By{
		"s3": {Clauses: "S3-OBJ-35", Want: Refused(400, "InvalidArgument").With(elements("ArgumentName", attributesField))},
	}, Case{Given: []Given{stored()}, When: attributesOf(Field(attributesField, "Invalid_argument"))})
	for _, w := range []way{{"missing", attributesOf()}, {"empty", attributesOf(Field(attributesField, ""))}} {
		b.Case("attributes/"+w.name, "refuses a request that names no attribute", By{
			"s3": {Clauses: "S3-OBJ-36", Want: Refused(400, "InvalidRequest")},
		}, Case{Given: []Given{stored()}, When: w.call})
	}
}

// hasAttributes wants ETag without quotes, the size, the storage class and the
// checksum of digits.
func hasAttributes(_ *Scene, r *client.Reply) []Flaw {
	got := map[string]string{}
	list := children(r.Body)
	for _, f := range list {
		got[f.Name] = f.Value
	}
	if len(list) == 0 || list[0].Name != "GetObjectAttributesResponse" {
		return []Flaw{{"an XML body with the root GetObjectAttributesResponse", excerpt(string(r.Body))}}
	}
	var flaws []Flaw
	if sum := xmlOf("ChecksumCRC32", sumsOfDigits["CRC32"]); !strings.Contains(string(r.Body), sum) {
		flaws = append(flaws, Flaw{sum, excerpt(string(r.Body))})
	}
	for _, want := range []wire.Field{Field("ETag", "25f9e794323b453885f5181f1b624d0b"), Field("ObjectSize", "9"), Field("StorageClass", "STANDARD")} {
		if !strings.EqualFold(got[want.Name], want.Value) {
			flaws = append(flaws, Flaw{want.Name + " " + want.Value, got[want.Name]})
		}
	}
	return flaws
}
