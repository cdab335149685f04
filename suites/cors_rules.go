package suites

import (
	"strings"

	"objectharness/internal/client"
)

// A crossCell is one preflight that rules allow or do not.
type crossCell struct {
	name  string
	rules []crossRule
	ask   crossAsk
	ok    bool
	by    string // the clauses, of whichever dialect they are
}

// row is the cell in a dialect, whose clauses begin with its name.
func (x crossCell) row(dialect string) (Row, bool) {
	var own []string
	for _, id := range strings.Fields(x.by) {
		if strings.HasPrefix(id, strings.ToUpper(dialect)+"-") {
			own = append(own, id)
		}
	}
	row := Row{Clauses: strings.Join(own, " ")}
	if x.ok {
		row.Want = Accepted(200).With(crossSays(crossSaid{origin: x.ask.origin, fields: x.ask.fields}))
	} else {
		row.Want = Refused(403, map[string]string{"oss": "AccessForbidden", "cos": "AccessForbidden", "bos": "AccessDenied", "s3": "AccessForbidden"}[dialect]).With(crossSilent)
	}
	return row, len(own) > 0
}

// cells adds cases of preflights.
func (b *Book) cells(list []crossCell) {
	for _, x := range list {
		row, ok := x.row(b.Dialect)
		if !ok {
			continue
		}
		text := map[bool]string{true: "allows ", false: "does not allow "}[x.ok] + x.ask.method + " from " + x.ask.origin + " by " + x.rules[0].Origins
		if x.ask.fields != "" {
			text += " with " + x.ask.fields
		}
		b.cross(x.name, text, By{b.Dialect: row}, Case{Given: []Given{crossing(x.rules...)}, When: crossAsking(x.ask)})
	}
}

// crossFrom is a rule for origins and the methods GET and PUT.
func crossFrom(origins string) []crossRule {
	return []crossRule{{Origins: origins, Methods: "GET PUT", Headers: "*", Age: "5"}}
}

func crossOrigins(b *Book) {
	get := func(origin string) crossAsk { return crossAsk{origin, "GET", ""} }
	const two = "http://www.abc.com https://x.org"
	const sub = "http://*.abc.com"
	b.cells([]crossCell{
		{"origin/first-of-two", crossFrom(two), get("http://www.abc.com"), true, "COS-CORS-05"},
		{"origin/second-of-two", crossFrom(two), get("https://x.org"), true, "COS-CORS-05"},
		{"origin/other-scheme", crossFrom(two), get("https://www.abc.com"), false, "COS-CORS-05"},
		{"origin/star/sub-domain", crossFrom(sub), get("http://a.abc.com"), true, "OSS-XCORS-18 COS-CORS-06 S3-CORS-16"},
		{"origin/star/deeper", crossFrom(sub), get("http://b.a.abc.com"), true, "OSS-XCORS-18 COS-CORS-06 S3-CORS-16"},
		{"origin/star/other-scheme", crossFrom(sub), get("https://a.abc.com"), false, "OSS-XCORS-18 COS-CORS-06 S3-CORS-16"},
		{"origin/star/no-label", crossFrom(sub), get("http://abc.com"), false, "OSS-XCORS-18 COS-CORS-06 S3-CORS-16"},
		{"origin/star/longer", crossFrom(sub), get("http://a.abc.com.evil.org"), false, "OSS-XCORS-18 COS-CORS-06 S3-CORS-16"},
		{"origin/star/slash", crossFrom(sub), get("http://a.abc.com/"), false, "S3-CORS-16"},
		{"origin/star/elsewhere", crossFrom(sub), get("http://abc.org"), false, "OSS-XCORS-18 COS-CORS-06 S3-CORS-16"},
		{"origin/star-at-end", crossFrom("http://abc*"), get("http://abcd"), true, "BOS-CORS-07"},
		{"origin/star-at-end-case", crossFrom("http://abc*"), get("http://ABCD"), false, "BOS-CORS-07"},
		{"origin/star-at-end-other", crossFrom("http://abc*"), get("http://xabcd"), false, "BOS-CORS-07"},
		{"origin/case", crossFrom("http://abc.com"), get("http://ABC.com"), false, "BOS-CORS-07"},
		{"origin/port", crossFrom("http://127.0.0.1:8081"), get("http://127.0.0.1:8081"), true, "COS-CORS-08"},
		{"origin/port-missing", crossFrom("http://127.0.0.1:8081"), get("http://127.0.0.1"), false, "COS-CORS-08"},
		{"origin/port-added", crossFrom("https://example.com"), get("https://example.com:8443"), false, "COS-XCORS-09"},
		{"origin/no-port", crossFrom("https://example.com"), get("https://example.com"), true, "COS-XCORS-09"},
	})
}

func crossFields(b *Book) {
	with := func(headers string) []crossRule {
		return []crossRule{{Origins: "http://a.com", Methods: "PUT POST", Headers: headers, Age: "5"}}
	}
	put := func(fields string) crossAsk { return crossAsk{"http://a.com", "PUT", fields} }
	const two = "content-type x-cos-meta-a"
	b.cells([]crossCell{
		{"method/allowed", with("*"), put(""), true, "COS-CORS-09"},
		{"method/other", with("*"), crossAsk{"http://a.com", "DELETE", ""}, false, "COS-CORS-09"},
		{"fields/case", with(two), put("Content-Type,X-Cos-Meta-A"), true, "COS-CORS-10"},
		{"fields/one-other", with(two), put("content-type,authorization"), false, "COS-CORS-10"},
		{"fields/only", with("content-md5"), put("Content-MD5"), true, "COS-XCORS-08"},
		{"fields/not-only", with("content-md5"), put("x-cos-meta-a"), false, "COS-XCORS-08"},
		{"fields/upper-in-rule", with("X-OSS-Test"), put("x-oss-test"), true, "OSS-XCORS-17"},
		{"fields/star", with("*"), put("x-oss-test"), true, "OSS-XCORS-17"},
		{"fields/expected-owner", with("x-amz-Expected-bucket-owner"), put("x-amz-expected-bucket-owner"), true, "S3-CORS-13"},
		{"fields/blanks", with("x-a x-b"), put("x-a, x-b"), true, "S3-CORS-13"},
		{"fields/no-blanks", with("x-a x-b"), put("x-a,x-b"), true, "S3-CORS-13"},
		{"fields/another", with("x-amz-Expected-bucket-owner"), put("x-amz-expected-bucket-owner,x-b"), false, "S3-CORS-13"},
	})
	b.cross("fields/any", "answers all the fields asked for where a rule allows any", By{
		"cos": {Clauses: "COS-CORS-11", Want: Accepted(200).With(crossSays(crossSaid{fields: "authorization x-cos-security-token content-md5"}))},
	}, Case{Given: []Given{crossing(with("*")...)}, When: crossAsking(put("authorization,x-cos-security-token,content-md5"))})
	b.cross("fields/lower", "answers the fields asked for in lower case", By{
		"s3": {Clauses: "S3-CORS-13", Want: Accepted(200).Field("Access-Control-Allow-Origin", "http://a.com").Field("Access-Control-Allow-Headers", "x-amz-expected-bucket-owner")},
	}, Case{Given: []Given{crossing(with("x-amz-Expected-bucket-owner")...)}, When: crossAsking(put("X-Amz-Expected-Bucket-Owner"))})
	b.cross("fields/asked", "answers the fields asked for and not all of the rule", By{
		"bos": {Clauses: "BOS-CORS-13", Want: Accepted(200).With(crossSays(crossSaid{fields: "a"}))},
	}, Case{Given: []Given{crossing(with("a b c")...)}, When: crossAsking(put("a"))})
	b.cross("fields/beyond", "answers nothing when one field is not allowed", By{
		"bos": {Clauses: "BOS-CORS-13", Want: Want{Check: crossSilent}, Rests: "BOS-CORS-14"},
	}, Case{Given: []Given{crossing(with("a")...), crossWorks(put("a"))}, When: crossAsking(put("a,b"))})
}

func crossFirst(b *Book) {
	one := crossRule{Origins: "http://a.com", Methods: "GET", Age: "5"}
	all := crossRule{Origins: "*", Methods: "GET PUT", Age: "100"}
	first := Accepted(200).With(crossSays(crossSaid{methods: "GET", age: "5"}))
	second := Accepted(200).With(crossSays(crossSaid{methods: "GET PUT", age: "100"}))
	for _, x := range []struct {
		name, text string
		ask        crossAsk
		rules      []crossRule
		want       Want
	}{
		{"both", "goes by the first of two rules that allow it", crossAsk{"http://a.com", "GET", ""}, []crossRule{one, all}, first},
		{"both-turned", "goes by the first of two rules in the other order", crossAsk{"http://a.com", "GET", ""}, []crossRule{all, one}, second},
		{"second", "passes over a rule that does not allow it", crossAsk{"http://a.com", "PUT", ""}, []crossRule{one, all}, second},
	} {
		b.cross("first/"+x.name, x.text, By{
			"oss": {Clauses: "OSS-XCORS-21", Want: x.want},
			"cos": {Clauses: "COS-CORS-04", Want: x.want},
			"bos": {Clauses: "BOS-CORS-06", Want: x.want},
			"s3":  {Clauses: "S3-CORS-17", Want: x.want},
		}, Case{Given: []Given{crossing(x.rules...)}, When: crossAsking(x.ask)})
	}
}

func crossRefused(b *Book) {
	b.cross("no-origin", "must say from which origin it comes", By{
		"oss": {Clauses: "OSS-XCORS-15", Want: Refused(400, "BadRequest")},
		"bos": {Clauses: "BOS-CORS-11", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-CORS-07", Want: Refused(400, "BadRequest")},
	}, Case{Given: []Given{crossing(corsPage), crossWorks(crossAsk{"http://www.example.com", "PUT", ""})}, When: crossAsking(crossAsk{"", "PUT", ""})})
	b.cross("no-method", "must say which method it asks for", By{
		"oss": {Clauses: "OSS-XCORS-15", Want: Refused(400, "BadRequest")},
		"bos": {Clauses: "BOS-CORS-11", Want: Refused(400, "InvalidArgument")},
	}, Case{Given: []Given{crossing(corsPage), crossWorks(crossAsk{"http://www.example.com", "PUT", ""})}, When: crossAsking(crossAsk{"http://www.example.com", "", ""})})
	b.cross("no-rules", "is refused where there are no rules", By{
		"oss": {Clauses: "OSS-XCORS-13", Want: Refused(403, "AccessForbidden")},
		"cos": {Clauses: "COS-XOPT-04", Want: Refused(403, "AccessForbidden")},
		"bos": {Clauses: "BOS-CORS-09 BOS-CORS-14", Want: Want{Check: crossSilent}, More: []Want{Refused(403, "AccessDenied").With(crossSilent).Of("BOS-CORS-14")}},
		"s3":  {Clauses: "S3-CORS-08", Want: crossForbidden("PUT", "BUCKET")},
	}, Case{Given: []Given{own("b")}, When: crossAsking(crossAsk{"http://www.example.com", "PUT", ""})})
	b.cross("no-bucket", "is refused for a bucket that is not there as for one without rules", By{
		"s3": {Clauses: "S3-CORS-09", Want: Refused(403, "AccessForbidden")},
	}, Case{When: func(s *Scene) client.Call {
		call := s.preflight(crossAsk{"http://www.example.com", "PUT", ""})
		call.Bucket = s.Absent()
		return call
	}})
}
