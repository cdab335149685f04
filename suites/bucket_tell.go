package suites

import (
	"encoding/xml"
	"regexp"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
)

// ofAbsent is a request for a bucket that nobody has.
func ofAbsent(method string, bare ...string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		return client.Call{Method: method, Bucket: s.Absent(), Query: bareParams(bare...)}
	}
}

func bucketGone(b *Book) {
	b.Case("delete", "removes an empty bucket", By{
		"oss": {Clauses: "OSS-XBKT-01", Want: Accepted(204)},
		"cos": {Clauses: "COS-XBKT-12", Want: Accepted(204)},
		"bos": {Clauses: "BOS-BUCKET-17 BOS-API-57", Want: Accepted(204)},
		"s3":  {Clauses: "S3-BKT-25", Want: Accepted(204)},
	}, Case{Given: []Given{own("b")}, When: ofBucket("DELETE"), After: []After{bucketMissing()}})
	b.Case("delete/not-empty", "does not remove a bucket with an object", By{
		"oss": {Clauses: "OSS-XBKT-02", Want: Refused(409, "BucketNotEmpty").With(namesOwn), Rests: "OSS-ERROR-03"},
		"cos": {Clauses: "COS-XBKT-13", Want: Refused(409, "BucketNotEmpty")},
		"bos": {Clauses: "BOS-ERR-15", Want: Refused(409, "BucketNotEmpty")},
		"s3":  {Clauses: "S3-BKT-26", Want: Refused(409, "BucketNotEmpty").With(namesOwn), Rests: "S3-ERR-03"},
	}, Case{Given: []Given{own("b"), corsObject("k", "content")}, When: ofBucket("DELETE"), After: []After{bucketThere(ofBucket("HEAD"))}})
	b.Case("delete/missing", "answers for a bucket that is not there that it is not there", By{
		"oss": {Clauses: "OSS-XBKT-05", Want: Refused(404, "NoSuchBucket").With(namesBucket), Rests: "OSS-ERROR-03"},
		"cos": {Clauses: "COS-XBKT-15", Want: Refused(404, "NoSuchBucket")},
		"bos": {Clauses: "BOS-BUCKET-21", Want: Refused(404, "NoSuchBucket")},
		"s3":  {Clauses: "S3-BKT-28", Want: Refused(404, "NoSuchBucket")},
	}, Case{When: ofAbsent("DELETE")})
	for _, x := range []struct {
		name string
		as   Role
		by   By
	}{{"other", Second, By{"oss": {Clauses: "OSS-XBKT-06"}, "bos": {Clauses: "BOS-BUCKET-19"}}}, {"anonymous", Nobody, By{"oss": {Clauses: "OSS-XBKT-06"}}}} {
		row := x.by[b.Dialect]
		if row.Want = Refused(403, "AccessDenied"); row.Clauses == "" {
			continue
		}
		needs := map[Role]Need{Second: NeedsOther}[x.as]
		b.Case("delete/"+x.name, "does not remove a bucket for who does not own it", By{b.Dialect: row},
			Case{Needs: needs, As: x.as, Given: []Given{own("b")}, When: ofBucket("DELETE"), After: []After{bucketThere(ofBucket("HEAD"))}})
	}
}

// uploading leaves an unfinished upload with a part in the case's own bucket.
func uploading(s *Scene) {
	bucket, key := s.Own("b"), "upload"
	r := s.Must(client.Call{Method: "POST", Bucket: bucket, Key: key, Query: bareParams("uploads")})
	m := regexp.MustCompile(`(?i)uploadId"?\s*[>:]\s*"?([^<"]+)`).FindStringSubmatch(string(r.Body))
	if m == nil {
		s.Block("the upload has no id: %s", excerpt(string(r.Body)))
	}
	s.Upload(bucket, key, m[1])
	s.Must(client.Call{Method: "PUT", Bucket: bucket, Key: key, Query: queryOf("partNumber", "1", "uploadId", m[1]), Body: []byte("part")})
}

func bucketUploads(b *Book) {
	b.Case("delete/uploads", "does not remove a bucket with an unfinished upload", By{
		"oss": {Clauses: "OSS-XBKT-03", Want: Refused(409, "BucketNotEmpty")},
		"cos": {Clauses: "COS-XBKT-14", Want: Refused(409, "BucketNotEmpty")},
		"bos": {Clauses: "BOS-BUCKET-18", Want: Refused(409, "BucketNotEmpty")},
	}, Case{Given: []Given{own("b"), uploading}, When: ofBucket("DELETE"), After: []After{bucketThere(ofBucket("HEAD"))}})
	b.Case("delete/uploads-go", "removes a bucket with an unfinished upload", By{
		"s3": {Clauses: "S3-BKT-29", Want: Accepted(204), Rests: "S3-BKT-25 S3-MPU-02"},
	}, Case{Given: []Given{own("b"), uploading}, When: ofBucket("DELETE")})
}

func bucketHead(b *Book) {
	region := func(s *Scene) any { return s.Owner.Region }
	b.Case("head", "tells that there is a bucket, without a body", By{
		"cos": {Clauses: "COS-XBKT-11", Want: Accepted(200)},
		"bos": {Clauses: "BOS-BUCKET-15 BOS-API-53", Want: Accepted(200)},
		"s3":  {Clauses: "S3-BKT-21", Want: Accepted(200).Field("x-amz-bucket-region", region).Field("x-amz-access-point-alias", "false").Field("Content-Type", "application/xml")},
	}, Case{Given: []Given{own("b")}, When: ofBucket("HEAD")})
	b.Case("head/region", "names the region of the bucket", By{
		"cos": {Clauses: "COS-XHDR-22", Want: Shown().Field("x-cos-bucket-region", region).Field("x-cos-bucket-az-type", Absent)},
		"s3":  {Clauses: "S3-EP-07", Want: Shown().Field("x-amz-bucket-region", region)},
	}, Case{When: func(s *Scene) client.Call { return client.Call{Method: "HEAD", Bucket: s.Bucket} }})
	b.Case("list/region", "names the region of the bucket with a listing", By{
		"cos": {Clauses: "COS-XHDR-22", Want: Shown().Field("x-cos-bucket-region", region)},
		"s3":  {Clauses: "S3-EP-07", Want: Shown().Field("x-amz-bucket-region", region)},
	}, Case{Given: []Given{own("b")}, When: ofBucket("GET")})
	b.Case("head/missing", "tells that there is no bucket", By{
		"cos": {Clauses: "COS-XBKT-11", Want: Want{Status: 404}},
		"bos": {Clauses: "BOS-BUCKET-16", Want: Want{Status: 404}},
		"s3":  {Clauses: "S3-BKT-22", Want: Want{Status: 404}.Content("")},
	}, Case{When: ofAbsent("HEAD")})
	b.Case("head/other", "does not tell another account of a private bucket", By{
		"cos": {Clauses: "COS-XBKT-11", Want: Want{Status: 403}},
		"bos": {Clauses: "BOS-BUCKET-16", Want: Want{Status: 403}},
		"s3":  {Clauses: "S3-BKT-23", Want: Want{Status: 403}.Content("")},
	}, Case{Needs: NeedsOther, As: Second, Given: []Given{own("b")}, When: ofBucket("HEAD")})
}

// bucketLocated is a body that tells a location; an element of XML or a member of JSON.
func bucketLocated(before, after string) func(*Scene) any {
	return func(s *Scene) any {
		return gomega.MatchRegexp(regexp.QuoteMeta(before+s.Owner.Region+after) + `|"locationConstraint"\s*:\s*"` + s.Owner.Region + `"`)
	}
}

func bucketPlaced(b *Book) {
	b.Case("location", "tells where the bucket lies", By{
		"oss": {Clauses: "OSS-XBKT-07", Want: Accepted(200).Content(bucketLocated("oss-", "</LocationConstraint>"))},
		"cos": {Clauses: "COS-XBKT-16", Want: Accepted(200).Content(bucketLocated(">", "</LocationConstraint>"))},
		"bos": {Clauses: "BOS-BUCKET-14 BOS-API-52", Want: Accepted(200).Content(bucketLocated("", ""))},
	}, Case{Given: []Given{own("b")}, When: ofBucket("GET", "location")})
	b.Case("location/root", "tells it in an element of its own, in the namespace of S3", By{
		"s3": {Clauses: "S3-BKT-19", Want: Shown().With(func(_ *Scene, r *client.Reply) []Flaw {
			var root struct{ XMLName xml.Name }
			if err := xml.Unmarshal(r.Body, &root); err != nil || root.XMLName.Local != "LocationConstraint" || root.XMLName.Space != "http://s3.amazonaws.com/doc/2006-03-01/" {
				return []Flaw{{"LocationConstraint in the namespace http://s3.amazonaws.com/doc/2006-03-01/", excerpt(string(r.Body))}}
			}
			return nil
		})},
	}, Case{Given: []Given{own("b")}, When: ofBucket("GET", "location")})
	b.Case("location/endpoint", "is where the endpoint lies that made it", By{
		"oss": {Clauses: "OSS-PUTBUCKET-16", Want: Shown().Content(func(s *Scene) any { return gomega.ContainSubstring("<Location>oss-" + s.Owner.Region + "</Location>") })},
	}, Case{Given: []Given{own("b")}, When: ofBucket("GET", "bucketInfo")})
	b.Case("location/other", "does not tell another account", By{
		"oss": {Clauses: "OSS-XBKT-08", Want: Refused(403, "AccessDenied")},
		"cos": {Clauses: "COS-XBKT-16", Want: Refused(403, "AccessDenied")},
	}, Case{Needs: NeedsOther, As: Second, Given: []Given{own("b")}, When: ofBucket("GET", "location")})
}

// infoTells wants an element whose text matches a pattern.
func infoTells(element, pattern string) Want {
	return Shown().Content(gomega.MatchRegexp("<" + element + ">" + pattern + "</" + element + ">"))
}

func bucketInfo(b *Book) {
	here := regexp.QuoteMeta
	for _, m := range []struct {
		name, text, clause string
		want               Want
	}{
		{"root", "tells of one bucket", "OSS-INFO-01", Accepted(200).Content(gomega.MatchRegexp(`(?s)<BucketInfo[^>]*>\s*<Bucket>.*</Bucket>\s*</BucketInfo>`))},
		{"created", "tells when it was made", "OSS-INFO-02", infoTells("CreationDate", `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`)},
		{"extranet", "tells the public endpoint", "OSS-INFO-03", Shown().With(func(s *Scene, r *client.Reply) []Flaw {
			m := regexp.MustCompile(`<ExtranetEndpoint>([^<]+)</ExtranetEndpoint>`).FindStringSubmatch(string(r.Body))
			if m == nil || strings.HasPrefix(m[1], s.Own("b")) {
				return []Flaw{{"ExtranetEndpoint: a host without the bucket", excerpt(string(r.Body))}}
			}
			return nil
		})},
		{"intranet", "tells the internal endpoint", "OSS-INFO-04", infoTells("IntranetEndpoint", "[^<]+")},
		{"location", "tells where it lies", "OSS-INFO-05", Shown().Content(func(s *Scene) any { return gomega.ContainSubstring("<Location>oss-" + s.Owner.Region + "</Location>") })},
		{"name", "tells its name", "OSS-INFO-06", Shown().Content(func(s *Scene) any { return gomega.MatchRegexp("<Name>" + here(s.Own("b")) + "</Name>") })},
		{"owner", "tells its owner twice", "OSS-INFO-07", Shown().With(func(_ *Scene, r *client.Reply) []Flaw {
			m := regexp.MustCompile(`<ID>([^<]+)</ID>\s*<DisplayName>([^<]+)</DisplayName>`).FindStringSubmatch(string(r.Body))
			if m == nil || m[1] != m[2] {
				return []Flaw{{"ID and an equal DisplayName", excerpt(string(r.Body))}}
			}
			return nil
		})},
		{"redundancy", "tells how it is kept", "OSS-INFO-09", infoTells("DataRedundancyType", "(LRS|ZRS)")},
	} {
		b.Case("info/"+m.name, m.text, By{"oss": {Clauses: m.clause, Want: m.want}}, Case{Given: []Given{own("b")}, When: ofBucket("GET", "bucketInfo")})
	}
	for _, list := range []string{"private", "public-read", "public-read-write"} {
		b.Case("info/grant-"+list, "tells its list "+list, By{"oss": {Clauses: "OSS-INFO-08", Want: infoTells("Grant", list)}}, Case{
			Given: []Given{func(s *Scene) {
				call := s.CreateBucket(s.Own("b"))
				call.Fields = append(call.Fields, Field("x-oss-acl", list))
				s.Must(call)
			}},
			When: ofBucket("GET", "bucketInfo"),
		})
	}
	b.Case("info/missing", "answers for a bucket that is not there that it is not there", By{
		"oss": {Clauses: "OSS-INFO-10", Want: Refused(404, "NoSuchBucket").With(namesBucket), Rests: "OSS-ERROR-03"},
	}, Case{When: ofAbsent("GET", "bucketInfo")})
	for _, x := range []struct {
		name  string
		as    Role
		needs Need
	}{{"other", Second, NeedsOther}, {"anonymous", Nobody, 0}} {
		b.Case("info/"+x.name, "tells nobody but the owner", By{"oss": {Clauses: "OSS-INFO-11", Want: Refused(403, "AccessDenied")}},
			Case{Needs: x.needs, As: x.as, Given: []Given{own("b")}, When: ofBucket("GET", "bucketInfo")})
	}
}
