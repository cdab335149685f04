package suites

import (
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// through sends a call to the endpoint of another region, which an emulator of
// the case's own knows by its public name.
func through(host, region string, call client.Call) client.Call {
	call.Sign = func(in *sign.Input) { in.Region = region }
	call.Before = func(r *wire.Request) {
		name := host
		if call.Bucket != "" && strings.HasPrefix(r.Target, "/"+call.Bucket) {
			r.Target = "/" + strings.TrimPrefix(strings.TrimPrefix(r.Target, "/"+call.Bucket), "/")
		}
		if call.Bucket != "" {
			name = call.Bucket + "." + host
		}
		r.Fields.Set("Host", name)
	}
	return call
}

// awayHosts are endpoints of other regions, and these.
var awayHosts = map[string][2]string{"oss": {"oss-cn-beijing.aliyuncs.com", "cn-beijing"}, "s3": {"s3.us-east-2.amazonaws.com", "us-east-2"},
	"cos": {"cos.ap-beijing.myqcloud.com", "ap-beijing"}}

// away is a request by way of the endpoint of another region.
func away(call func(*Scene) client.Call) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		at := awayHosts[s.Dialect]
		return through(at[0], at[1], call(s))
	}
}

func bucketRegions(b *Book) {
	given := []Given{standing, own("b")}
	b.Case("region/info", "tells of a bucket at any endpoint", By{
		"oss": {Clauses: "OSS-INFO-12", Want: Accepted(200).Content(gomega.ContainSubstring("<Location>oss-cn-hangzhou</Location>"))},
	}, Case{Needs: NeedsPrivate, Given: given, When: away(ofBucket("GET", "bucketInfo"))})
	b.Case("region/elsewhere", "names the right endpoint for a bucket of another region", By{
		"oss": {Clauses: "OSS-XBKT-12", Want: Refused(403, "AccessDenied").With(wantsExtra("Endpoint", func(s *Scene) string { return "oss-cn-hangzhou.aliyuncs.com" }))},
		"s3": {Clauses: "S3-EP-04", Want: Refused(301, "PermanentRedirect").Field("x-amz-bucket-region", "us-east-1").
			With(wantsExtra("Endpoint", func(s *Scene) string { return s.Own("b") + ".s3.us-east-1.amazonaws.com" }, "Bucket", func(s *Scene) string { return s.Own("b") })), Rests: "S3-EP-01"},
	}, Case{Needs: NeedsPrivate, Given: append(given, corsObject("k", "content")), When: away(func(s *Scene) client.Call { return s.inOwn("GET", "k", "") })})
	b.Case("region/head", "names the right region for a bucket of another one", By{
		"s3": {Clauses: "S3-BKT-24", Want: Want{Status: 301}.Field("x-amz-bucket-region", "us-east-1"), Rests: "S3-EP-01"},
	}, Case{Needs: NeedsPrivate, Given: given, When: away(ofBucket("HEAD"))})
	b.Case("region/again", "does not make a bucket of one's own again outside the first region", By{
		"s3": {Clauses: "S3-BKT-11", Want: Refused(409, "BucketAlreadyOwnedByYou").With(namesOwn), Rests: "S3-ERR-03"},
	}, Case{Needs: NeedsPrivate, Given: []Given{standing, makes(away(making(placeOf("us-east-2"))))}, When: away(making(placeOf("us-east-2")))})
	for _, x := range []struct{ name, place string }{{"unknown", "foo"}, {"own", "us-east-1"}} {
		b.Case("constraint/"+x.name, "makes nothing in a location that is none for this endpoint", By{
			"s3": {Clauses: "S3-BKT-15", Want: Refused(400, "InvalidLocationConstraint").With(wantsExtra("LocationConstraint", func(*Scene) string { return x.place }))},
		}, Case{When: making(placeOf(x.place)), After: []After{bucketMissing()}})
	}
	for _, place := range []string{"oss-cn-beijing", "oss-nowhere"} {
		b.Case("constraint/"+place, "makes nothing in a location that is none for this endpoint", By{
			"oss": {Clauses: "OSS-XBKT-10", Want: Refused(400, "InvalidLocationConstraint")},
		}, Case{When: making(placeOf(place)), After: []After{bucketMissing()}})
	}
	for _, x := range []struct{ name, document string }{{"missing", ""}, {"other", placeOf("us-west-1")}} {
		b.Case("constraint/misplaced-"+x.name, "makes nothing at a regional endpoint in another location", By{
			"s3": {Clauses: "S3-BKT-16", Want: Refused(400, "IllegalLocationConstraintException"), Rests: "S3-EP-01"},
		}, Case{Needs: NeedsPrivate, Given: []Given{standing}, When: away(making(x.document))})
	}
	b.Case("constraint/made", "makes a bucket in another region, and names its host", By{
		"s3": {Clauses: "S3-BKT-09", Want: Accepted(200).Field("Location", func(s *Scene) any { return gomega.MatchRegexp("^http://" + s.Own("b") + `\..+/$`) }).Field("x-amz-bucket-arn", ownName("arn:aws:s3:::"))},
	}, Case{Needs: NeedsPrivate, Given: []Given{standing}, When: making(placeOf("us-west-2")), After: []After{{Text: "there is a bucket", Call: listingBuckets(),
		Want: Want{Check: ofListed(func(listedBucket) string { return "" })}}}})
	for _, x := range []struct{ name, document, want, clause string }{
		{"home", "", `<LocationConstraint[^>]*(/>|></LocationConstraint>)`, "S3-BKT-17"},
		{"away", placeOf("us-east-2"), `<LocationConstraint[^>]*>us-east-2</LocationConstraint>`, "S3-BKT-17"},
		{"eu", placeOf("EU"), `<LocationConstraint[^>]*>EU</LocationConstraint>`, "S3-BKT-18"},
	} {
		b.Case("location/"+x.name, "tells the location that a bucket was made in", By{
			"s3": {Clauses: x.clause, Want: Accepted(200).Content(gomega.MatchRegexp(x.want))},
		}, Case{Needs: NeedsPrivate, Given: []Given{standing, makes(making(x.document))}, When: ofBucket("GET", "location")})
	}
	both := append(given, func(s *Scene) {
		s.Must(away(func(s *Scene) client.Call { return client.Call{Method: "PUT", Bucket: s.Own("c")} })(s))
	})
	b.Case("region/list-host", "lists at the endpoint of a region what lies there", By{
		"cos": {Clauses: "COS-XADDR-02", Want: bucketsCounted(1, anyPage)},
	}, Case{Needs: NeedsPrivate, Given: both, When: away(listingBuckets())})
	b.Case("region/list-all", "lists at the endpoint of the service what lies anywhere", By{
		"cos": {Clauses: "COS-XADDR-02", Want: bucketsCounted(3, anyPage)},
	}, Case{Needs: NeedsPrivate, Given: both, When: func(s *Scene) client.Call {
		return through("service.cos.myqcloud.com", s.Owner.Region, listingBuckets()(s))
	}})
}

// makes makes the case's own bucket by a call, wherever it is to lie.
func makes(call func(*Scene) client.Call) Given {
	return func(s *Scene) {
		s.Must(call(s))
		if p, err := readBuckets(s.Must(listingBuckets()(s))); err != nil || !slices.Contains(p.names(), s.Own("b")) {
			s.Block("the bucket is not listed")
		}
	}
}

// placeOf is the document that makes a bucket in a location.
func placeOf(location string) string {
	return createIn("<LocationConstraint>" + location + "</LocationConstraint>")
}

// wantsExtra wants elements of an error body, in pairs of name and value.
func wantsExtra(pairs ...any) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) (flaws []Flaw) {
		for i := 0; i+1 < len(pairs); i += 2 {
			name, want := pairs[i].(string), pairs[i+1].(func(*Scene) string)(s)
			if got, _ := extra(r, name); got != want {
				flaws = append(flaws, Flaw{"element " + name + " " + want, name + " " + got})
			}
		}
		return flaws
	}
}

// payerIs is the document that says who pays for requests.
func payerIs(s *Scene, payer string) []byte {
	return []byte(s.W.DoomForm("<RequestPaymentConfiguration><Payer>"+payer+"</Payer></RequestPaymentConfiguration>", `{"requestPayment":"`+payer+`"}`))
}

// paying sets who pays for requests to the case's own bucket.
func paying(payer string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		call := ofBucket("PUT", "requestPayment")(s)
		call.Body = payerIs(s, payer)
		return call
	}
}

func bucketPays(b *Book) {
	payer := func(name string) Want { return Shown().Content(gomega.MatchRegexp("<Payer>" + name + "</Payer>")) }
	told := func(name string) After {
		return After{Text: "the payer is " + name, Call: ofBucket("GET", "requestPayment"), Want: Want{Body: gomega.ContainSubstring(name)}}
	}
	pays := func(s *Scene, name string) {
		s.Must(paying(name)(s))
		if r := s.Must(ofBucket("GET", "requestPayment")(s)); !strings.Contains(string(r.Body), name) {
			s.Block("the payer is not %s", name)
		}
	}
	set := func(name string) Given { return func(s *Scene) { own("b")(s); pays(s, name) } }
	b.Case("payer/new", "tells that the owner of a new bucket pays", By{
		"oss": {Clauses: "OSS-XPAY-01", Want: payer("BucketOwner")},
		"bos": {Clauses: "BOS-API-72", Want: Want{Status: 2}.Content(gomega.ContainSubstring("BucketOwner"))},
	}, Case{Given: []Given{own("b")}, When: ofBucket("GET", "requestPayment")})
	for _, name := range []string{"Requester", "BucketOwner"} {
		b.Case("payer/set-"+lower(name), "lets "+name+" pay", By{
			"oss": {Clauses: "OSS-XPAY-01", Want: Accepted(200)},
			"bos": {Clauses: "BOS-API-73", Want: Want{Status: 2}, Rests: "BOS-API-72"},
			"s3":  {Clauses: "S3-BKT-37", Want: Accepted(200)},
		}, Case{Given: []Given{set(map[string]string{"Requester": "BucketOwner", "BucketOwner": "Requester"}[name])}, When: paying(name), After: []After{told(name)}})
	}
	b.Case("payer/unknown", "refuses a payer that there is not", By{
		"s3": {Clauses: "S3-BKT-38", Want: Refused(400, "MalformedXML"), Rests: "S3-BKT-37"},
	}, Case{Given: []Given{set("Requester")}, When: paying("Random"), After: []After{told("Requester")}})
	open := func(s *Scene) {
		call := s.CreateBucket(s.Own("b"))
		call.Fields = append(call.Fields, Field("x-oss-acl", "public-read"))
		s.Must(call)
		pays(s, "Requester")
		s.Must(s.inOwn("PUT", s.In(s.Own("b"), "k"), ""))
	}
	read := func(fields ...wire.Field) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			call := s.inOwn("GET", "k", "")
			call.Fields = fields
			return call
		}
	}
	b.Case("payer/other", "refuses another account that does not say that it pays", By{
		"oss": {Clauses: "OSS-XPAY-02", Want: Refused(403, "AccessDenied")},
	}, Case{Needs: NeedsOther, As: Second, Given: []Given{open}, When: read()})
	b.Case("payer/other-pays", "serves another account that says that it pays", By{
		"oss": {Clauses: "OSS-XPAY-02", Want: Accepted(200).Field("x-oss-request-charged", "requester"), Rests: "OSS-ACL-08 OSS-ACL-03"},
	}, Case{Needs: NeedsOther, As: Second, Given: []Given{open}, When: read(Field("x-oss-request-payer", "requester"))})
	b.Case("payer/anonymous", "refuses who did not sign", By{
		"oss": {Clauses: "OSS-XPAY-03", Want: Refused(403, "AccessDenied")},
	}, Case{As: Nobody, Given: []Given{open}, When: read()})
	b.Case("payer/owner", "serves the owner, who need not say anything", By{
		"oss": {Clauses: "OSS-XPAY-03", Want: Accepted(200)},
	}, Case{Given: []Given{open}, When: read()})
}

func bucketGuards(b *Book) {
	guarded := func(call func(*Scene) client.Call, account string) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			c := call(s)
			c.Fields = append(c.Fields, Field("x-amz-expected-bucket-owner", account))
			return c
		}
	}
	for _, id := range []string{"0000", "abcd", "1234567890123"} {
		b.Case("expected-owner/malformed-"+id, "refuses an expected owner that is no account", By{
			"s3": {Clauses: "S3-ERR-17", Want: Refused(400, "InvalidBucketOwnerAWSAccountID")},
		}, Case{Given: []Given{own("b")}, When: guarded(ofBucket("GET", "location"), id)})
	}
	b.Case("expected-owner/other", "refuses an expected owner that is another account", By{
		"s3": {Clauses: "S3-ERR-18", Want: Refused(403, "AccessDenied")},
	}, Case{Given: []Given{own("b")}, When: guarded(ofBucket("GET", "location"), "000000000000")})
	b.Case("expected-owner/delete", "does not remove the bucket of another than the expected owner", By{
		"s3": {Clauses: "S3-BKT-30", Want: Refused(403, "AccessDenied")},
	}, Case{Given: []Given{own("b")}, When: guarded(ofBucket("DELETE"), "000000000000"), After: []After{bucketThere(ofBucket("HEAD"))}})
	for _, method := range []string{"GET", "PUT"} {
		b.Case("configuration/missing-"+lower(method), "answers for a bucket that is not there that it is not there", By{
			"s3": {Clauses: "S3-ERR-04", Want: Refused(404, "NoSuchBucket")},
		}, Case{When: ofAbsent(method, "requestPayment")})
	}
}
