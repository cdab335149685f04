package suites

import (
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// s3URL is the matrix of what a signed URL covers.
func s3URL(b *Book) {
	mismatch := func(clauses string) Row { return answered(clauses, 403, "SignatureDoesNotMatch") }
	b.refusals(v4URL, asks,
		wrong{otherVerb, mismatch("S3-PRE-12")},
		wrong{otherKey, mismatch("S3-PRE-12")},
		wrong{otherSecret, mismatch("S3-PRE-12")},
		wrong{oneByte("X-Amz-Signature="), mismatch("S3-PRE-12")},
		wrong{sentParam("x", "1"), mismatch("S3-PRE-12")},
		wrong{changedParam("X-Amz-Expires", "301"), mismatch("S3-PRE-12")},
		wrong{laterDate, mismatch("S3-PRE-12")},
		wrong{doubledParam(amzDate), mismatch("S3-PRE-12")},
		wrong{doubledParam(amzCredential), mismatch("S3-PRE-12")},
		wrong{doubledParam("X-Amz-Expires"), mismatch("S3-PRE-12")},
		wrong{doubledParam("X-Amz-SignedHeaders"), mismatch("S3-PRE-12")},
		wrong{doubledParam("X-Amz-Algorithm"), mismatch("S3-PRE-12")},
		wrong{unknownKey, answered("S3-PRE-24", 403, "InvalidAccessKeyId")},
	)
	b.refusals(v4URL, []ask{askPut},
		wrong{withoutField("x-amz-meta-author"), mismatch("S3-PRE-13")},
		wrong{sentField("x-amz-meta-author", "two"), mismatch("S3-PRE-13")},
		wrong{sentField("Content-Type", "text/html"), mismatch("S3-PRE-18")},
		wrong{withoutField("Content-Type"), mismatch("S3-PRE-18")},
	)
	b.acceptances(v4URL, []ask{askPut}, wrong{mutation{name: "signed-metadata", text: "with a field of metadata"}, Row{Clauses: "S3-PRE-13"}})
	encoded := askPut.with(Field("Content-Encoding", "gzip")).named("put-encoded", "a PUT with a Content-Encoding")
	b.refusals(v4URL, []ask{encoded}, wrong{sentField("Content-Encoding", "br"), mismatch("S3-PRE-18")})
	b.refusals(v4URL, asks, wrong{added("x-amz-meta-wrong"), telling("S3-PRE-14", 403, "AccessDenied", "HeadersNotSigned", "x-amz-meta-wrong")},
		wrong{added("x-amz-expires"), telling("S3-PRE-16", 403, "AccessDenied", "HeadersNotSigned", "x-amz-expires")})
	asked := askGet.asking(wire.Param{Name: "response-cache-control", Value: "no-cache"}).named("get-params", "a GET with a parameter")
	b.refusals(v4URL, []ask{asked},
		wrong{sentParam("response-cache-control", "no-store"), mismatch("S3-PRE-12")},
		wrong{withoutParam("response-cache-control"), mismatch("S3-PRE-12")})
}

// changedParam is sent with a parameter of the signature changed.
func changedParam(name, value string) mutation {
	return mutation{name: "param." + lower(name), text: "and sent with another " + name, tamper: func(r *wire.Request) { setParam(r, name, value) }}
}

// laterDate is sent with a date that is some seconds off.
var laterDate = mutation{name: "param.x-amz-date", text: "and sent with another " + amzDate, tamper: func(r *wire.Request) {
	date, _ := sign.Param(r.Target, amzDate)
	last := byte('0')
	if date[len(date)-2] == last {
		last = '1'
	}
	setParam(r, amzDate, date[:len(date)-2]+string(last)+"Z")
}}

// s3URLScope is what the credential of a URL must say.
func s3URLScope(b *Book) {
	wrongly := func(clauses string) Row { return answered(clauses, 400, "AuthorizationQueryParametersError") }
	b.refusals(v4URL, asks,
		wrong{inRegion("region", "nowhere-1"), wrongly("S3-PRE-21")},
		wrong{credential("service", "for another service", scopePart(3, "ec2")), wrongly("S3-PRE-21")},
		wrong{credential("terminator", "with another terminator", scopePart(4, "aws_request")), wrongly("S3-PRE-21")},
		wrong{otherDay, wrongly("S3-PRE-22")},
	)
	b.refusals(v4URL, gets,
		wrong{credential("day-digits", "with ten digits for the day", scopePart(1, "3223423234")), wrongly("S3-PRE-21")},
		wrong{credential("long-ago", "with a day of 2006 in the credential", scopePart(1, "20060102")), wrongly("S3-PRE-22")},
		wrong{credential("three-parts", "with three parts in the credential", func([]string) []string { return []string{"access", "hello", "world"} }), wrongly("S3-PRE-20")},
		wrong{credential("more-parts", "with two parts more in the credential", func(p []string) []string { return append(slices.Clone(p), "extra", "things") }), wrongly("S3-PRE-20")},
		wrong{mutation{name: "encoded-twice", text: "and its credential encoded twice",
			tamper: func(r *wire.Request) { r.Target = strings.ReplaceAll(r.Target, "%2F", "%252F") }}, wrongly("S3-PRE-19")},
		wrong{preparing("algorithm", "and another algorithm", func(r *wire.Request) { setParam(r, "X-Amz-Algorithm", "AWS4-SHA256") }), wrongly("S3-PRE-23")},
	)
}

// s3URLFields is that all parameters of a signature must be there.
func s3URLFields(b *Book) {
	for _, name := range []string{amzCredential, amzDate, "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"} {
		b.refusals(v4URL, asks, wrong{withoutParam(name), answered("S3-PRE-03", 400, "AuthorizationQueryParametersError")})
	}
}

// s3URLTimes is when a URL may be used.
func s3URLTimes(b *Book) {
	wrongly := func(clauses string) Row { return answered(clauses, 400, "AuthorizationQueryParametersError") }
	zero := lasting("expires-0", 0)
	zero.sign = all(zero.sign, late("", -time.Minute).sign)
	b.refusals(v4URL, asks,
		wrong{late("expired", -time.Hour), expired("300")},
		wrong{lasting("expires-604801", 604801*time.Second), wrongly("S3-PRE-06")},
		wrong{lasting("expires-negative", -3*time.Second), wrongly("S3-PRE-07")},
		wrong{zero, answered("S3-PRE-09", 403, "AccessDenied")},
		wrong{late("ahead-1h", time.Hour), answered("S3-PRE-10", 403, "AccessDenied")},
	)
	for name, value := range byName(map[string]string{"text": "invalid_value", "fraction": "1.5", "unit": "60s", "hex": "0x3c"}) {
		b.refusals(v4URL, gets, wrong{preparing("expires-"+name, "and "+value+" as X-Amz-Expires",
			func(r *wire.Request) { setParam(r, "X-Amz-Expires", value) }), wrongly("S3-PRE-08")})
	}
	b.Case("url/get/expired-by-a-second", "refuses a URL a second after its end", By{
		"s3": expired("2"),
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{standing, put("a", "content"), func(s *Scene) { s.Must(v4URL.signed(s, s.Get(s.Key("a")), recent(-2*time.Second))) }},
		When:  func(s *Scene) client.Call { return v4URL.signed(s, s.Get(s.Key("a")), recent(-3*time.Second)) },
	})
}

// expired is the answer to a URL that is over.
func expired(validity string) Row {
	return Row{Clauses: "S3-PRE-04", Want: Refused(403, "AccessDenied").Content(
		shownElements{"X-Amz-Expires": validity, "Expires": gomega.MatchRegexp(isoTime), "ServerTime": gomega.MatchRegexp(isoTime)}.all())}
}

// recent is signed some seconds ago for two seconds.
func recent(ago time.Duration) mutation {
	return mutation{sign: all(lasting("", 2*time.Second).sign, late("", ago).sign)}
}

// isoTime is a time of ISO 8601 to the second.
const isoTime = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`
