package suites

import (
	"strings"

	"objectharness/internal/client"
)

// piece wants a part of ten: first and last are the ends that Content-Range
// names.
func piece(first, last int) Want {
	return Accepted(206).Content(ten[first:last+1]).Field("Content-Length", itoa(last-first+1)).
		Field("Content-Range", "bytes "+itoa(first)+"-"+itoa(last)+"/10")
}

// wholeTen wants ten as if there had been no Range.
func wholeTen() Want {
	return Accepted(200).Content(ten).Field("Content-Range", Absent)
}

// ranged is a read of ten with a Range.
func (b *Book) ranged(name, text, spec string, by By) {
	b.Case("range/"+name, text, by, Case{Given: []Given{stored()}, When: getK(Field("Range", spec))})
}

func objectRanges(b *Book) {
	b.ranged("first-last", "answers the bytes from the first to the last one, both included", "bytes=2-5", By{
		"oss": {Clauses: "OSS-XGET-04", Want: piece(2, 5)}, "cos": {Clauses: "COS-XGET-02", Want: piece(2, 5)},
		"bos": {Clauses: "BOS-GET-03", Want: piece(2, 5)}, "s3": {Clauses: "S3-RNG-01", Want: piece(2, 5)},
	})
	b.ranged("first-last-of-all", "answers a range that ends with the last byte", "bytes=0-9", By{
		"oss": {Clauses: "OSS-XGET-04", Want: piece(0, 9)}, "cos": {Clauses: "COS-XGET-02", Want: piece(0, 9)},
		"bos": {Clauses: "BOS-GET-03", Want: piece(0, 9)}, "s3": {Clauses: "S3-RNG-01", Want: piece(0, 9)},
	})
	b.ranged("one-byte", "answers a range of one byte", "bytes=3-3", By{
		"oss": {Clauses: "OSS-XGET-08", Want: piece(3, 3)}, "cos": {Clauses: "COS-XGET-02", Want: piece(3, 3)},
		"bos": {Clauses: "BOS-GET-03", Want: piece(3, 3)}, "s3": {Clauses: "S3-RNG-01", Want: piece(3, 3)},
	})
	b.ranged("first-open", "answers an open range to the end", "bytes=4-", By{
		"oss": {Clauses: "OSS-XGET-05", Want: piece(4, 9)}, "cos": {Clauses: "COS-XGET-05", Want: piece(4, 9)},
		"bos": {Clauses: "BOS-GET-04", Want: piece(4, 9)}, "s3": {Clauses: "S3-RNG-02", Want: piece(4, 9)},
	})
	b.ranged("from-0", "answers an open range from 0 as a range", "bytes=0-", By{
		"oss": {Clauses: "OSS-XGET-07", Want: piece(0, 9)}, "cos": {Clauses: "COS-XGET-05", Want: piece(0, 9)},
		"bos": {Clauses: "BOS-GET-04", Want: piece(0, 9)}, "s3": {Clauses: "S3-RNG-02", Want: piece(0, 9)},
	})
	b.ranged("suffix", "answers the last bytes", "bytes=-3", By{
		"oss": {Clauses: "OSS-XGET-06", Want: piece(7, 9)}, "cos": {Clauses: "COS-XGET-05", Want: piece(7, 9)},
		"bos": {Clauses: "BOS-GET-05", Want: piece(7, 9)}, "s3": {Clauses: "S3-RNG-03", Want: piece(7, 9)},
	})
	for _, p := range [][2]string{{"last-at-end", "bytes=5-10"}, {"last-beyond", "bytes=5-99"}, {"last-beyond-64-bits", "bytes=5-99999999999999999999"}} {
		name, spec := p[0], p[1]
		b.ranged(name, "cuts a range that ends behind the object, or ignores it where the dialect does", spec, By{
			"oss": {Clauses: "OSS-XGET-09", Want: wholeTen()}, "cos": {Clauses: "COS-XGET-05", Want: piece(5, 9)},
			"bos": {Clauses: "BOS-GET-06", Want: piece(5, 9)}, "s3": {Clauses: "S3-RNG-05", Want: piece(5, 9)},
		})
	}
	b.ranged("long-suffix", "answers all of the object for a longer suffix, or ignores it where the dialect does", "bytes=-15", By{
		"oss": {Clauses: "OSS-XGET-11", Want: wholeTen()}, "s3": {Clauses: "S3-RNG-04", Want: piece(0, 9)},
	})
	objectStandardRanges(b)
	b.Case("range/head", "answers the head of a range", By{
		"s3": {Clauses: "S3-RNG-12", Want: piece(0, 3).Content(""), Rests: "S3-OBJ-20"},
	}, Case{Given: []Given{stored()}, When: headK(Field("Range", "bytes=0-3"))})
}

// objectStandardRanges are ranges of OSS with the field that asks for HTTP's
// own rules.
func objectStandardRanges(b *Book) {
	for _, r := range []struct {
		name, spec, clauses string
		want                Want
	}{
		{"last-beyond", "bytes=5-20", "OSS-XGET-16", piece(5, 9)},
		{"all-and-beyond", "bytes=0-20", "OSS-XGET-16", piece(0, 9)},
		{"first-at-end", "bytes=10-12", "OSS-XGET-17", Refused(416, "InvalidRange")},
		{"first-beyond", "bytes=100-200", "OSS-XGET-17", Refused(416, "InvalidRange")},
		{"open-at-end", "bytes=10-", "OSS-XGET-18", Refused(416, "InvalidRange")},
		{"long-suffix", "bytes=-20", "OSS-XGET-19", piece(0, 9)},
		{"message", "bytes=10-12", "OSS-XGET-20", Want{}.With(failing(func(_ *Scene, r *client.Reply) []Flaw {
			if !strings.Contains(lower(r.Err.Message), "range") {
				return []Flaw{{"a Message about the range", r.Err.Message}}
			}
			return nil
		}))},
	} {
		b.Case("range/standard/"+r.name, "follows HTTP where x-oss-range-behavior asks for it", By{
			"oss": {Clauses: r.clauses, Want: r.want, Rests: "OSS-ERROR-01"},
		}, Case{
			Given: []Given{stored()},
			When:  getK(Field("Range", r.spec), Field("x-oss-range-behavior", "standard")),
		})
	}
}

func objectRangeRefusals(b *Book) {
	for _, p := range [][2]string{{"first-at-end", "bytes=10-12"}, {"first-beyond", "bytes=20-30"}, {"open-at-end", "bytes=10-"}, {"first-beyond-64-bits", "bytes=99999999999999999999-"}} {
		name, spec := p[0], p[1]
		text := "refuses a range that begins behind the object, or ignores it where the dialect does"
		b.ranged(name, text, spec, By{
			"oss": {Clauses: "OSS-XGET-10", Want: wholeTen()},
			"cos": {Clauses: "COS-XGET-04 COS-XERR-23", Want: Refused(416, "InvalidRange")},
			"bos": {Clauses: "BOS-GET-07 BOS-ERR-38", Want: Refused(416, "InvalidRange")},
			"s3":  {Clauses: "S3-RNG-06", Want: Refused(416, "InvalidRange").With(elements("RangeRequested", spec, "ActualObjectSize", "10"))},
		})
	}
	b.ranged("suffix-0", "refuses a suffix of no bytes", "bytes=-0", By{
		"oss": {Clauses: "OSS-XGET-14", Want: Refused(416, "InvalidRange")},
		"s3":  {Clauses: "S3-RNG-07", Want: Refused(416, "InvalidRange")},
	})
	for _, p := range [][2]string{{"first-byte", "bytes=0-0"}, {"open", "bytes=0-"}, {"suffix", "bytes=-1"}} {
		name, spec := p[0], p[1]
		b.Case("range/empty-object/"+name, "refuses a range on an empty object", By{
			"bos": {Clauses: "BOS-GET-08", Want: Refused(400, "")},
			"s3":  {Clauses: "S3-RNG-13", Want: Refused(416, "InvalidRange")},
		}, Case{Given: []Given{put("k", "")}, When: getK(Field("Range", spec))})
	}
	b.Case("range/missing-key", "answers a range on a missing key as it answers any read of it", By{
		"s3": {Clauses: "S3-RNG-14", Want: Refused(404, "NoSuchKey")},
	}, Case{When: getK(Field("Range", "bytes=0-4"))})
}

func objectRangesIgnored(b *Book) {
	b.ranged("reversed", "ignores a range that ends before it begins", "bytes=5-2", By{
		"oss": {Clauses: "OSS-XGET-13", Want: wholeTen()}, "s3": {Clauses: "S3-RNG-08", Want: wholeTen()},
	})
	b.ranged("several", "never answers several ranges as such", "bytes=0-1,3-4", By{
		"oss": {Clauses: "OSS-XGET-15", Want: piece(0, 1)}, "cos": {Clauses: "COS-XGET-03", Want: wholeTen()}, "s3": {Clauses: "S3-RNG-11", Want: wholeTen()},
	})
	b.ranged("three", "never answers three ranges as such", "bytes=0-1,3-4,7-9", By{
		"oss": {Clauses: "OSS-XGET-15", Want: piece(0, 1)}, "cos": {Clauses: "COS-XGET-03", Want: wholeTen()}, "s3": {Clauses: "S3-RNG-11", Want: wholeTen()},
	})
	b.ranged("other-unit", "ignores a range of another unit", "byte=0-4", By{
		"oss": {Clauses: "OSS-XGET-12", Want: wholeTen()}, "s3": {Clauses: "S3-RNG-10", Want: wholeTen()},
	})
	for _, p := range [][2]string{{"two-dashes", "bytes=-1-"}, {"negative-last", "bytes=0--1"}, {"dash-alone", "bytes=-"}, {"no-unit", "0-8"}} {
		name, spec := p[0], p[1]
		b.ranged("malformed/"+name, "ignores a malformed range", spec, By{
			"cos": {Clauses: "COS-XGET-06", Want: wholeTen()}, "s3": {Clauses: "S3-RNG-09", Want: wholeTen()},
		})
	}
	for _, p := range [][2]string{{"letters", "bytes=a-z"}, {"letter-last", "bytes=5-x"}, {"word", "bytes=abc"}} {
		name, spec := p[0], p[1]
		b.ranged("malformed/"+name, "ignores a range of letters", spec, By{
			"cos": {Clauses: "COS-XGET-06", Want: wholeTen()}, "s3": {Clauses: "S3-RNG-10", Want: wholeTen()},
		})
	}
}

func objectRangeFields(b *Book) {
	b.ranged("no-content-range", "names no range where it ignores one", "bytes=0-50", By{
		"oss": {Clauses: "OSS-XGET-21 OSS-XGET-09", Want: wholeTen()},
	})
	b.ranged("crc64", "answers the CRC-64 of the whole object with a part of it", "bytes=2-5", By{
		"cos": {Clauses: "COS-XGET-07", Want: Shown().Field("x-cos-hash-crc64ecma", tenCRC)},
	})
}
