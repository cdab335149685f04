package suites

import (
	"strings"

	"objectharness/internal/client"
)

// mpParts tells of the request that stores a part.
func mpParts(b *Book) {
	const tag, upper = `"781e5e245d69b566979b86e28d23f2c7"`, `"781E5E245D69B566979B86E28D23F2C7"`
	b.Case("part/reply", "stores a part and answers its MD5 as the ETag", By{
		"oss": {Clauses: "OSS-MPU-PART-01 OSS-MPU-PART-02", Want: Accepted(200).Of("OSS-MPU-PART-01"),
			More: []Want{Shown().Field("ETag", upper).Of("OSS-MPU-PART-02")}, Rests: "OSS-MPU-PART-09"},
		"cos": {Clauses: "COS-XMPU-03 COS-MPU-04", Want: Accepted(200).Content("").Of("COS-XMPU-03"),
			More: []Want{Shown().Field("ETag", tag).Of("COS-MPU-04")}, Rests: "COS-XMPU-05"},
		"bos": {Clauses: "BOS-MPU-06 BOS-API-17", Want: Accepted(200).Field("ETag", tag).Content(""), Rests: "BOS-MPU-11"},
		"s3":  {Clauses: "S3-MPU-07", Want: Accepted(200).Field("ETag", tag).Content("")},
	}, Case{Given: []Given{mpBegun("a")}, When: func(s *Scene) client.Call { return s.mpPart("a", "7", "0123456789") }})
	b.Case("part/crc64", "answers the CRC-64 of a part", By{
		"cos": {Clauses: "COS-CRC64-04", Want: Shown().Field("x-cos-hash-crc64ecma", "5478371502667254755")},
	}, Case{Given: []Given{mpBegun("a")}, When: func(s *Scene) client.Call { return s.mpPart("a", "1", strings.Repeat("1", 1<<20)) }})
	b.Case("part/small", "stores a part that is smaller than one before the last may be", By{
		"oss": {Clauses: "OSS-MPU-PART-09", Want: Accepted(200), Rests: "OSS-MPU-PART-01"},
		"cos": {Clauses: "COS-XMPU-05", Want: Accepted(200), Rests: "COS-XMPU-03"},
		"bos": {Clauses: "BOS-MPU-11", Want: Accepted(200), Rests: "BOS-MPU-06"},
	}, Case{Given: []Given{mpBegun("a")}, When: func(s *Scene) client.Call { return s.mpPart("a", "7", "x") }})
	b.Case("part/again", "takes the last of several parts with one number", By{
		"oss": {Clauses: "OSS-MPU-PART-07", Want: Shown(), Rests: "OSS-XLPART-01"},
		"cos": {Clauses: "COS-XMPU-06", Want: Shown()},
		"bos": {Clauses: "BOS-MPU-13", Want: Shown()},
		"s3":  {Clauses: "S3-MPU-08", Want: Shown()},
	}, Case{
		Given: []Given{mpBegun("a"), mpSent("a", 1, "first"), mpSent("a", 1, "second")},
		When:  func(s *Scene) client.Call { return s.mpListParts("a") },
		Then: []Want{{Check: func(s *Scene, r *client.Reply) []Flaw {
			if n := strings.Count(lower(string(r.Body)), "partnumber>1<") + strings.Count(string(r.Body), `"partNumber":1,`); n != 1 {
				return []Flaw{{"one part 1", excerpt(string(r.Body))}}
			}
			if want := "a9f0e61a137d86aa9db53465e0801612"; !strings.Contains(lower(string(r.Body)), want) {
				return []Flaw{{"the ETag of the second, " + want, excerpt(string(r.Body))}}
			}
			return nil
		}}},
	})
	b.Case("part/invisible", "shows nothing at the key before the completion", By{
		"oss": {Clauses: "OSS-MPU-PART-20", Want: Shown()},
		"cos": {Clauses: "COS-MPU-09", Want: Shown()},
		"s3":  {Clauses: "S3-MPU-02", Want: Shown()},
	}, Case{
		Given: []Given{mpBegun("a")},
		When:  func(s *Scene) client.Call { return s.mpPart("a", "1", "0123456789") },
		After: []After{missing("a")},
	})
	b.Case("part/keeps-object", "leaves the object at the key as it is before the completion", By{
		"bos": {Clauses: "BOS-MPU-38", Want: Shown()},
	}, Case{
		Given: []Given{put("a", "old content"), snapshot("a"), mpBegun("a")},
		When:  func(s *Scene) client.Call { return s.mpPart("a", "1", "0123456789") },
		After: []After{unchanged("a")},
	})
}

// mpNumbers tells of the numbers of parts.
func mpNumbers(b *Book) {
	numbered := func(number string) Case {
		return Case{Given: []Given{mpBegun("a")}, When: func(s *Scene) client.Call { return s.mpPart("a", number, "0123456789") }}
	}
	for _, n := range []string{"1", "10000"} {
		b.Case("part-number/"+n, "stores a part under the first and the last number", By{
			"oss": {Clauses: "OSS-MPU-PART-03", Want: Accepted(200), Rests: "OSS-MPU-PART-01 OSS-MPU-PART-09"},
			"cos": {Clauses: "COS-MPU-01 COS-XMPU-04", Want: Accepted(200), Rests: "COS-XMPU-03 COS-XMPU-05"},
			"bos": {Clauses: "BOS-MPU-07", Want: Accepted(200), Rests: "BOS-MPU-06 BOS-MPU-11"},
			"s3":  {Clauses: "S3-MPU-04", Want: Accepted(200), Rests: "S3-MPU-07"},
		}, numbered(n))
	}
	refused := Refused(400, "InvalidArgument")
	for _, n := range []struct{ name, number string }{{"0", "0"}, {"10001", "10001"}, {"negative", "-1"}, {"text", "abc"}} {
		number := n.number
		by := By{
			"oss": {Clauses: map[string]string{"0": "OSS-MPU-PART-04", "10001": "OSS-MPU-PART-05", "negative": "OSS-MPU-PART-06", "text": "OSS-MPU-PART-06"}[n.name] +
				map[string]string{"10001": " OSS-XERR-08", "text": " OSS-XERR-08"}[n.name], Want: refused, Rests: "OSS-XERR-08"},
			"s3": {Clauses: "S3-MPU-05", Want: refused.With(elements("ArgumentName", "partNumber", "ArgumentValue", number))},
		}
		switch n.name {
		case "0":
			by["cos"] = Row{Clauses: "COS-XMPU-04", Want: refused}
			by["bos"] = Row{Clauses: "BOS-MPU-07", Want: refused}
		case "10001":
			by["cos"] = Row{Clauses: "COS-MPU-01 COS-XMPU-04", Want: refused}
			by["bos"] = Row{Clauses: "BOS-MPU-07 BOS-ERR-32", Want: refused}
		case "text":
			by["s3"] = Row{Clauses: "S3-MPU-06", Want: refused}
		}
		if n.name == "10001" || n.name == "text" {
			row := by["oss"]
			row.Rests = ""
			row.Want = refused.Of(strings.Fields(row.Clauses)[0])
			row.More = []Want{refused.With(elements("ArgumentName", "PartNumber", "ArgumentValue", number)).Of("OSS-XERR-08")}
			by["oss"] = row
		}
		b.Case("part-number/"+n.name, "refuses a part number out of range, or that is none", by, numbered(number))
	}
}
