package suites

import (
	"strings"

	"objectharness/internal/client"
)

// mpRequests are the requests of an upload that is there.
var mpRequests = []struct {
	name string
	call func(*Scene) client.Call
}{
	{"part", func(s *Scene) client.Call { return s.mpPart("a", "7", "0123456789") }},
	{"complete", func(s *Scene) client.Call {
		return s.mpComplete("a", s.mpList(s.mpEntry("1", `"781e5e245d69b566979b86e28d23f2c7"`)))
	}},
	{"abort", func(s *Scene) client.Call { return s.mpAbort("a") }},
}

// mpUnknown tells of uploads that are not there.
func mpUnknown(b *Book) {
	gone := Refused(404, "NoSuchUpload")
	for _, r := range mpRequests {
		oss := map[string]string{"part": "OSS-MPU-PART-17", "complete": "OSS-XCMPL-11", "abort": "OSS-XABORT-02"}[r.name]
		cos := map[string]string{"part": "COS-XMPU-07", "complete": "COS-XMPU-19", "abort": "COS-XMPU-22"}[r.name]
		b.Case("unknown/"+r.name, "refuses an upload that is not there", By{
			"oss": {Clauses: oss, Want: gone},
			"cos": {Clauses: cos + " COS-XERR-18", Want: gone},
			"bos": {Clauses: "BOS-ERR-46", Want: gone},
			"s3":  {Clauses: "S3-MPU-09", Want: gone.With(elements("UploadId", "0004B9894A22E5B1888A1E29F8236E2D"))},
		}, Case{Given: []Given{mpNamed("a", "0004B9894A22E5B1888A1E29F8236E2D")}, When: r.call})
		b.Case("other-key/"+r.name, "refuses an upload of another key", By{
			"oss": {Clauses: map[string]string{"abort": "OSS-XABORT-06", "part": "OSS-MPU-PART-17", "complete": "OSS-XABORT-06"}[r.name], Want: gone},
			"s3":  {Clauses: "S3-MPU-10", Want: gone},
		}, Case{
			Given: []Given{mpBegun("b"), mpSent("b", 1, "0123456789"), func(s *Scene) { s.Keep("upload a", s.Kept("upload b")) }},
			When:  r.call,
		})
		b.Case("aborted/"+r.name, "refuses an upload that was aborted", By{
			"oss": {Clauses: "OSS-XABORT-03", Want: gone},
			"cos": {Clauses: map[string]string{"part": "COS-MPU-10", "abort": "COS-XMPU-22", "complete": "COS-MPU-10"}[r.name], Want: gone},
			"bos": {Clauses: "BOS-ERR-46", Want: gone},
			"s3":  {Clauses: map[string]string{"part": "S3-MPU-35", "abort": "S3-MPU-36", "complete": "S3-MPU-35"}[r.name], Want: gone},
		}, Case{Given: []Given{mpBegun("a"), mpSent("a", 1, "0123456789"), mpAborted("a")}, When: r.call})
	}
}

// mpAborts tells of the request that gives an upload up.
func mpAborts(b *Book) {
	b.Case("abort/reply", "aborts an upload and answers 204", By{
		"oss": {Clauses: "OSS-XABORT-01 OSS-XABORT-04", Want: Accepted(204)},
		"cos": {Clauses: "COS-XMPU-22", Want: Accepted(204)},
		"bos": {Clauses: "BOS-MPU-21 BOS-API-14", Want: Accepted(204)},
		"s3":  {Clauses: "S3-MPU-35", Want: Accepted(204)},
	}, Case{
		Given: []Given{mpBegun("a"), mpSent("a", 1, "0123456789")},
		When:  func(s *Scene) client.Call { return s.mpAbort("a") },
		After: []After{{Text: "the upload is gone", Call: func(s *Scene) client.Call { return s.mpListParts("a") }, Want: Refused(404, "NoSuchUpload")}},
	})
}

// mpOnTags are the clauses of a part's ETag, which a completion has to repeat.
func mpOnTags(b *Book) []string {
	return map[string][]string{"oss": {"OSS-MPU-PART-02"}, "cos": {"COS-MPU-04"}, "bos": {"BOS-MPU-06"}, "s3": {"S3-MPU-07"}}[b.Dialect]
}

// mpOnReply adds the clauses of the answer to a completion, which say that it has
// a body.
func mpOnReply(b *Book) []string {
	return append(mpOnTags(b), map[string]string{"oss": "OSS-XCMPL-01", "cos": "COS-XMPU-10", "bos": "BOS-MPU-14", "s3": "S3-MPU-17"}[b.Dialect])
}

// mpCompletes tells of the answer to a completion, and of the end that it is.
func mpCompletes(b *Book) {
	ready := []Given{mpBegun("a"), mpSent("a", 1, "0123456789")}
	answer := mpMembers("Location", "*", "Bucket", "@bucket", "Key", "@", "ETag", "*")
	b.Case("complete/reply", "makes an object and answers where it is", By{
		"oss": {Clauses: "OSS-XCMPL-01", Want: Accepted(200).With(mpAll(mpRooted("CompleteMultipartUploadResult"), answer, mpLocated))},
		"cos": {Clauses: "COS-XMPU-10", Want: Accepted(200).With(mpAll(mpRooted("CompleteMultipartUploadResult"), answer, mpLocated))},
		"bos": {Clauses: "BOS-MPU-15 BOS-API-20", Want: Accepted(200).With(mpAll(mpMembers("location", "*", "bucket", "@bucket", "key", "@", "eTag", "781e5e245d69b566979b86e28d23f2c7"), mpLocated))},
		"s3": {Clauses: "S3-MPU-17 S3-MPU-30", Want: Accepted(200).With(mpAll(mpRooted("CompleteMultipartUploadResult"), answer, mpLocated)).Of("S3-MPU-17"),
			More: []Want{Shown().With(mpRooted("CompleteMultipartUploadResult")).Of("S3-MPU-30")}},
	}, Case{Rests: mpOnTags(b), Given: append([]Given{mpScaled}, ready...), When: mpCompleting("a", 1), After: []After{reads("a", "0123456789")}})
	again := map[string]func(*Scene) client.Call{"complete": mpCompleting("a", 1),
		"abort": func(s *Scene) client.Call { return s.mpAbort("a") }, "list-parts": func(s *Scene) client.Call { return s.mpListParts("a") }}
	gone := Refused(404, "NoSuchUpload")
	for _, name := range []string{"complete", "abort", "list-parts"} {
		by := By{"oss": {Clauses: "OSS-XCMPL-12", Want: gone}, "cos": {Clauses: "COS-XMPU-21", Want: gone}, "bos": {Clauses: "BOS-MPU-19", Want: gone}}
		switch name {
		case "complete":
			by["s3"] = Row{Clauses: "S3-MPU-32", Want: gone}
		case "list-parts":
			by["s3"] = Row{Clauses: "S3-MPU-31", Want: gone}
		}
		b.Case("completed/"+name, "refuses an upload that was completed", by, Case{Given: append(ready[:2:2], mpCompleted("a", 1)), When: again[name]})
	}
}

// mpLocated wants a location that ends in the key, whose slashes may be escaped:
// Amazon's are.
func mpLocated(s *Scene, r *client.Reply) []Flaw {
	got := mpMember(r, "Location")
	if want := "/" + s.Key("a"); !strings.HasSuffix(strings.ReplaceAll(got, "%2F", "/"), want) {
		return []Flaw{{"a location that ends in " + want, excerpt(got)}}
	}
	return nil
}
