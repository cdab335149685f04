package suites

import (
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// sumsNewer write the checksums that S3 has had since 2026.
var sumsNewer = []func(*Book){sumsNewerPut, sumsNewerBehind, sumsNewerUploads, sumsNewerCompleted}

// newerSums are these checksums of digits, of other data, of the three parts of an
// upload, and of the parts' checksums.
var newerSums = []struct {
	name, right, other string
	parts              []string
	joined             string
}{
	{"MD5", "JfnnlDI7RTiF9RgfG2JNCw==",
		"br52yftBG+l7Ow1It5GnyQ==",
		[]string{"+XxdKZQb+xsv2rCHSQargg==", "uKn3Fdu2T9XFbneDxoIKYQ==", "NdbTNGeq6aLj3MtLawJ4eA=="},
		"F0Ku0pdr1qCHHbdtl2mMiw==-3"},
	{"SHA512", "2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ==",
		"8eyzfMRd57XoFpF7BC8ljje9gelaQ1JyPBctIAlUGNguPAWDiRK4gB9PDSFZacAYhQmGjyZzXt3FKTiA7wpMBg==",
		[]string{
			"BfcDQQeKz2oG1CPSFyD5ZD1flTYm2IoCY23DqeeVgq6wyCCFf9P43FAqqDYNLI+pephf2ltim4CcrRj/ti04mQ==",
			"ko1Q0eJNq3zKYs/oT83Pn8aVFgonj5G1wK8itwnYL4qjtJVbPem6bQoOt9ky3GTE1cY/wt6HRBrS5bkp+bZ8Xg==",
			"YnWOSle3b+sfyHg4fE0mOeS/ve0Gr7XyIieDXZ/GO/vTDfNER64h7OaxZZwKvr1xbzUOgcNDmjeZFy3KmwX3jw=="},
		"XKHhqz5lDZ1ef15xyLfz/uLN3Q4r/K+q20BZCU8E8Ig/wDft4ECNSbgd0dJpwdzYipt4IEEWyQPZjfXaaaKeBQ==-3"},
	{"XXHASH64", "jLhB20DmroM=",
		"lhGGp9s7RtQ=",
		[]string{"NjsCpCQIofY=", "w9mrT+z0RIs=", "EJfuZBGrDRQ="},
		"63yfukQtG1k=-3"},
	{"XXHASH3", "ctyxi2ehff8=",
		"IBSQPVV4jJA=",
		[]string{"kR+rpzIf4aA=", "bAVgvcspmYs=", "wR3xXrOj44U="},
		"1uHAZQqxYJE=-3"},
	{"XXHASH128", "MxGUd+3l3NXpcWQnaB1YYA==",
		"L1L4rt3KfAYdHJWwz0kNdQ==",
		[]string{"ChxtTPQetJmRH6unMh/hoA==", "NdXIzIh+TalsBWC9yymZiw==", "N3C/kZxvN+y9jcaWefqoEA=="},
		"xQ5OfwC0g7CUQsZYxiX7Ag==-3"},
}

func sumsNewerPut(b *Book) {
	for _, k := range newerSums {
		b.Case("newer/put/right/"+lower(k.name), "keeps and answers a right "+k.name, By{
			"s3": {Clauses: "S3-CKS-35", Want: hasSum(Accepted(200), k.name, k.right, "FULL_OBJECT"), Rests: "S3-CKS-08 S3-OBJ-01"},
		}, Case{When: putDigits(sumField(k.name, k.right)), After: []After{sumThere(k.name, k.right, "FULL_OBJECT")}})
		b.Case("newer/put/other/"+lower(k.name), "refuses the "+k.name+" of other data, and keeps nothing", By{
			"s3": {Clauses: "S3-CKS-36", Want: Want{Status: 400, Code: "BadDigest", Step: 1}},
		}, Case{When: putDigits(sumField(k.name, k.other)), After: []After{missing("a")}})
		b.Case("newer/put/form/"+lower(k.name), "refuses a "+k.name+" that is too short", By{
			"s3": {Clauses: "S3-CKS-37", Want: Refused(400, "InvalidRequest")},
		}, Case{When: putDigits(sumField(k.name, "AAAAAA==")), After: []After{missing("a")}})
	}
}

// sumsNewerBehind are those that follow the body.
func sumsNewerBehind(b *Book) {
	behind := func(field wire.Field) stream {
		return stream{word: unsignedChunks, sizes: []int{len(digits)}, text: digits, trailers: []wire.Field{field}}
	}
	for _, k := range newerSums {
		b.Case("newer/behind/right/"+lower(k.name), "keeps and answers a right "+k.name+" behind the body", By{
			"s3": {Clauses: "S3-CKS-35", Want: hasSum(Accepted(200), k.name, k.right, "FULL_OBJECT"), Rests: "S3-CKS-08 S3-CHUNK-10 S3-OBJ-01"},
		}, Case{
			When:  func(s *Scene) client.Call { return behind(sumField(k.name, k.right)).put(s, s.Key("a")) },
			After: []After{sumThere(k.name, k.right, "FULL_OBJECT")},
		})
		for _, c := range []struct {
			name, text, value string
			want              Want
		}{
			{"form", "refuses a " + k.name + " behind the body that is too short", "AAAAAA==", Want{Status: 400, Code: "InvalidRequest", Step: 1}},
			{"other", "refuses the " + k.name + " of other data behind the body", k.other, Want{Status: 400, Code: "BadDigest", Step: 2}},
		} {
			b.Case("newer/behind/"+c.name+"/"+lower(k.name), c.text, By{"s3": {Clauses: "S3-CKS-40", Want: c.want, Rests: "S3-CKS-35"}}, Case{
				Given: []Given{func(s *Scene) { s.Must(behind(sumField(k.name, k.right)).put(s, s.Key("control"))) }},
				When: func(s *Scene) client.Call {
					call := behind(sumField(k.name, c.value)).put(s, s.Key("a"))
					call.Fresh = true
					return call
				},
				After: []After{missing("a")},
			})
		}
	}
}

func sumsNewerUploads(b *Book) {
	begin := func(name, kind string) func(*Scene) client.Call {
		return func(s *Scene) client.Call { return s.mpBegin("a", sumPlan(name, kind)...) }
	}
	for _, k := range newerSums {
		b.Case("newer/upload/"+lower(k.name), "answers how an upload with "+k.name+" is summed up", By{
			"s3": {Clauses: "S3-CKS-38", Rests: "S3-MPU-01", Want: Accepted(200).Field("x-amz-checksum-algorithm", k.name).Field("x-amz-checksum-type", "COMPOSITE")},
		}, Case{When: begin(k.name, "")})
		b.Case("newer/upload/whole/"+lower(k.name), "refuses to sum up all of an upload with "+k.name, By{
			"s3": {Clauses: "S3-CKS-39", Want: Refused(400, "InvalidRequest")},
		}, Case{When: begin(k.name, "FULL_OBJECT")})
	}
}

// sumsNewerCompleted are completions of three small parts, which a private emulator
// takes.
func sumsNewerCompleted(b *Book) {
	for _, k := range newerSums {
		given := []Given{func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"MinPartSize": 1}}) }, mpBegun("a", sumPlan(k.name, "")...)}
		for i, text := range sumParts {
			given = append(given, func(s *Scene) {
				r := s.Must(s.mpPart("a", itoa(i+1), text, sumField(k.name, k.parts[i])))
				s.Keep(mpTag("a", i+1), r.Fields.Get("ETag"))
			})
		}
		b.Case("newer/complete/"+lower(k.name), "sums up the "+k.name+" of the parts", By{
			"s3": {Clauses: "S3-CKS-41", Want: Accepted(200).Content(sumTold(k.name, k.joined, "COMPOSITE")), Rests: "S3-CKS-08 S3-MPU-07 S3-MPU-15"},
		}, Case{
			Needs: NeedsPrivate,
			Given: given,
			When:  func(s *Scene) client.Call { return s.mpComplete("a", s.newerListed(k.name, k.parts)) },
			After: []After{sumThere(k.name, k.joined, "COMPOSITE")},
		})
	}
}

// newerListed completes with a checksum of each part.
func (s *Scene) newerListed(name string, sums []string) string {
	var entries []string
	for i, sum := range sums {
		entry := s.mpEntry(itoa(i+1), s.Kept(mpTag("a", i+1)))
		entries = append(entries, strings.Replace(entry, "</Part>", xmlOf("Checksum"+name, sum)+"</Part>", 1))
	}
	return s.mpList(entries...)
}
