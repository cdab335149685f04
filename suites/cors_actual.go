package suites

import (
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// corsObject puts an object into the case's own bucket.
func corsObject(key, body string) Given {
	return func(s *Scene) { s.Must(s.inOwn("PUT", s.In(s.Own("b"), key), "")) }
}

// inOwn is a request for a key of the case's own bucket, from an origin.
func (s *Scene) inOwn(method, key, origin string) client.Call {
	call := client.Call{Method: method, Bucket: s.Own("b"), Key: key}
	if origin != "" {
		call.Fields = wire.Fields{{Name: "Origin", Value: origin}}
	}
	if method == "PUT" {
		call.Body = []byte("content")
	}
	return call
}

// corsReading is the judged request for the object k from an origin.
func corsReading(method, origin string) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.inOwn(method, "k", origin) }
}

func crossActual(b *Book) {
	const a, evil = "http://a.example", "http://evil.example"
	rule := crossRule{Origins: a, Methods: "GET HEAD", Expose: "ETag x-test-id", Age: "30"}
	said := crossSays(crossSaid{origin: a, methods: "GET HEAD", expose: "ETag x-test-id", age: "30", credentials: "true",
		vary: "Origin Access-Control-Request-Headers Access-Control-Request-Method"})
	b.Case("actual/match", "answers a request from an allowed origin with what the rule allows", By{
		"oss": {Clauses: "OSS-XCORS-20", Want: Accepted(200).Field("Access-Control-Allow-Origin", a)},
		"cos": {Clauses: "COS-CORS-12", Want: Shown().With(crossSays(crossSaid{expose: "ETag x-test-id"}))},
		"s3":  {Clauses: "S3-CORS-15", Want: Accepted(200).With(said)},
	}, Case{Given: []Given{crossing(rule), corsObject("k", "content")}, When: corsReading("GET", a)})
	for _, x := range []struct{ name, text, origin string }{{"other", "from an origin that no rule allows", evil}, {"none", "of no origin", ""}} {
		b.Case("actual/"+x.name, "serves a request "+x.text+" without a word of it", By{
			"oss": {Clauses: "OSS-XCORS-20", Want: Accepted(200).With(crossSilent)},
			"s3":  {Clauses: "S3-CORS-15", Want: Accepted(200).With(crossSilent)},
		}, Case{Given: []Given{crossing(rule), corsObject("k", "content")}, When: corsReading("GET", x.origin)})
	}
	b.Case("actual/other-method", "says nothing of an origin that is allowed another method", By{
		"oss": {Clauses: "OSS-XCORS-20", Want: Accepted(200).With(crossSilent)},
		"s3":  {Clauses: "S3-CORS-15", Want: Accepted(200).With(crossSilent)},
	}, Case{Given: []Given{crossing(crossRule{Origins: a, Methods: "PUT", Age: "30"}), corsObject("k", "content")}, When: corsReading("GET", a)})
	b.Case("actual/no-rules", "serves requests of any origin where there are no rules, and says nothing", By{
		"cos": {Clauses: "COS-CORS-01", Want: Accepted(200).Content("content").With(crossSilent)},
	}, Case{Given: []Given{own("b"), corsObject("k", "content")}, When: corsReading("GET", evil)})
	b.Case("actual/head-no-rules", "says nothing where there are no rules", By{
		"cos": {Clauses: "COS-CORS-02", Want: Accepted(200).With(crossSilent)},
	}, Case{Given: []Given{own("b"), corsObject("k", "content")}, When: corsReading("HEAD", "http://127.0.0.1:8081")})
	any := crossRule{Origins: "*", Methods: "GET HEAD PUT POST DELETE", Headers: "*", Age: "30"}
	b.Case("actual/head-any", "answers an asterisk by a rule for any origin", By{
		"cos": {Clauses: "COS-CORS-03 COS-XOPT-02", Want: Accepted(200).Field("Access-Control-Allow-Origin", "*").Of("COS-CORS-03"),
			More: []Want{Want{}.Field("Access-Control-Allow-Origin", "*").Field("Access-Control-Allow-Credentials", Absent).Of("COS-XOPT-02")}},
	}, Case{Given: []Given{crossing(any), corsObject("k", "content")}, When: corsReading("HEAD", "http://127.0.0.1:8081")})
	two := crossRule{Origins: "http://www.a.com http://www.b.com", Methods: "GET", Age: "30"}
	for _, x := range []string{"a", "b"} {
		origin := "http://www." + x + ".com"
		b.Case("actual/origin-"+x, "answers each origin with itself", By{
			"cos": {Clauses: "COS-CORS-17", Want: Shown().Field("Access-Control-Allow-Origin", origin)},
		}, Case{Given: []Given{crossing(two), corsObject("k", "content")}, When: corsReading("GET", origin)})
	}
	b.Case("actual/private", "lets a signed request from an allowed origin through", By{
		"cos": {Clauses: "COS-CORS-19", Want: Accepted(200)},
	}, Case{Given: []Given{crossing(any), corsObject("k", "content")}, When: corsReading("GET", a)})
	b.Case("actual/private-unsigned", "does not let an unsigned request through because its origin is allowed", By{
		"cos": {Clauses: "COS-CORS-19", Want: Refused(403, "AccessDenied")},
	}, Case{As: Nobody, Given: []Given{crossing(any), corsObject("k", "content")}, When: corsReading("GET", a)})
	b.everyMethod(any)
}

// everyMethod adds a case for each kind of request.
func (b *Book) everyMethod(rule crossRule) {
	for _, x := range []struct {
		name, method string
		query        []wire.Param
	}{{"put", "PUT", nil}, {"get", "GET", nil}, {"head", "HEAD", nil}, {"delete", "DELETE", nil}} {
		b.Case("actual/each/"+x.name, "answers "+strings.ToUpper(x.name)+" of an object from an allowed origin", By{
			"cos": {Clauses: "COS-CORS-18", Want: Want{Status: 2}.Field("Access-Control-Allow-Origin", "*")},
		}, Case{Given: []Given{crossing(rule), corsObject("k", "content")}, When: corsReading(x.method, "http://a.example")})
	}
}

func crossVary(b *Book) {
	choosing := func(text string) Given {
		return func(s *Scene) {
			own("b")(s)
			s.Must(s.putCORSText(crossXML("<ResponseVary>"+text+"</ResponseVary>", crossRule{Origins: "http://a.example", Methods: "GET", Age: "5"})))
			s.Must(s.getCORS())
		}
	}
	for _, x := range []struct{ name, text, origin string }{{"match", "from an allowed origin", "http://a.example"},
		{"other", "from another origin", "http://b.example"}, {"none", "of no origin", ""}} {
		b.Case("vary/"+x.name, "says that replies depend on the origin, to a request "+x.text, By{
			"oss": {Clauses: "OSS-XCORS-22", Want: Shown().Field("Vary", "Origin")},
			"cos": {Clauses: "COS-CORS-16", Want: Shown().Field("Vary", "Origin")},
		}, Case{Given: []Given{choosing("true"), corsObject("k", "content")}, When: corsReading("GET", x.origin)})
		b.Case("vary/not-"+x.name, "does not say so where it is not to, to a request "+x.text, By{
			"oss": {Clauses: "OSS-XCORS-22", Want: Shown().Field("Vary", Absent)},
		}, Case{Given: []Given{choosing("false"), corsObject("k", "content")}, When: corsReading("GET", x.origin)})
	}
}
