package suites

import (
	"strings"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// signingOSSBooks write what the OSS documents say of signatures.
var signingOSSBooks = []func(*Book){ossV1Matrix, ossV1Authorization, ossV1Clock, ossV1Text, ossV1Fields,
	ossV1Resource, ossV1Parameters, ossV1Shown, ossV1Accounts,
	ossURLMatrix, ossURLParameters, ossURLText, ossURLTime, ossURLRight,
	ossV4Matrix, ossV4Scope, ossV4Names, ossV4Right, ossV4URLs, ossTokens}

var (
	ossV1    = form{name: "v1", text: "V1", scheme: "oss-v1"}
	ossV1URL = form{name: "v1-url", text: "V1 in the URL", scheme: "oss-v1", url: true}
)

// ossMismatch is the refusal of a wrong signature.
func ossMismatch(clauses string) Row {
	return Row{Clauses: clauses, Want: Refused(403, "SignatureDoesNotMatch")}
}

// on returns the row of a case that rests on other clauses.
func (r Row) on(clauses string) Row { r.Rests = clauses; return r }

// mismatches gives mutations the refusal of a wrong signature.
func mismatches(clauses string, list ...mutation) (out []wrong) {
	for _, m := range list {
		out = append(out, wrong{m, ossMismatch(clauses)})
	}
	return out
}

func ossV1Matrix(b *Book) {
	b.refusals(ossV1, asks, mismatches("OSS-SIGN-HDR-01", oneByte(":"))...)
	b.refusals(ossV1, asks, mismatches("OSS-SIGN-HDR-19", otherSecret)...)
	b.refusals(ossV1, asks, mismatches("OSS-SIGN-HDR-07", otherVerb)...)
	b.refusals(ossV1, asks, mismatches("OSS-SIGN-HDR-33", otherKey)...)
	b.refusals(ossV1, asks, mismatches("OSS-SIGN-HDR-09", sentField("Content-Type", "text/html"))...)
	b.refusals(ossV1, asks, mismatches("OSS-SIGN-HDR-08", sentField("Content-MD5", "mgNkuembtIDdJeHwKEyFVQ=="))...)
	b.refusals(ossV1, asks, mismatches("OSS-SIGN-HDR-10", dated("date", "and sent with a Date one second later", time.Second, httpTime))...)
	b.refusals(ossV1, asks, mismatches("OSS-SIGN-HDR-25", sentField("x-oss-magic", "abracadabra"))...)
	b.refusals(ossV1, []ask{askPut}, mismatches("OSS-SIGN-HDR-24", sentField("x-oss-meta-author", "two"), withoutField("x-oss-meta-author"),
		twiceField("x-oss-meta-author", "two", false), twiceField("x-oss-meta-author", "two", true), sentField("x-oss-meta-other", "two"))...)
	b.refusals(ossV1, []ask{askPut}, mismatches("OSS-SIGN-HDR-09", withoutField("Content-Type"))...)
	b.refusals(ossV1, asks, wrong{unknownKey, Row{Clauses: "OSS-SIGN-HDR-17", Want: Refused(403, "InvalidAccessKeyId")}})
	b.refusals(ossV1, asks, wrong{ossNoDate, Row{Clauses: "OSS-SIGN-HDR-11", Want: Refused(403, "AccessDenied")}})
	for _, c := range []struct {
		m      mutation
		status int
		code   string
	}{{unknownKey, 403, "InvalidAccessKeyId"}, {late("behind", -16*time.Minute), 403, "RequestTimeTooSkewed"}, {ossNoDate, 403, "AccessDenied"},
		{otherSecret, 403, "SignatureDoesNotMatch"}, {authorized("form", "with a malformed Authorization", "OSS"), 400, "InvalidArgument"}} {
		c.m.name = "status." + c.m.name
		b.refusal(ossV1, askGet, wrong{c.m, Row{Clauses: "OSS-ERROR-06", Want: Refused(c.status, c.code)}})
	}
}

// dated is sent with the Date d later than it was signed with, in a layout.
func dated(name, text string, d time.Duration, layout string) mutation {
	return mutation{name: name, text: text, tamper: func(r *wire.Request) {
		if at, err := time.Parse(httpTime, r.Fields.Get("Date")); err == nil {
			r.Fields.Set("Date", at.Add(d).Format(layout))
		}
	}}
}

// ossDatedAs is sent and signed with the Date in a layout that is not the usual one.
func ossDatedAs(name, layout string) mutation {
	return mutation{name: name, text: "over a Date such as " + layout, on: func(s *Scene) mutation {
		return mutation{before: func(r *wire.Request) { r.Fields.Add("Date", s.Now().UTC().Format(layout)) }}
	}}
}

// ossNoDate is sent without Date and signed with an empty line for it.
var ossNoDate = mutation{name: "no-date", text: "and sent without Date",
	spell:  textLine(3, ""),
	tamper: func(r *wire.Request) { r.Fields.Del("Date") }}

// textLine gives a line of the signed text, counted from 0, another content.
func textLine(n int, other string) respelling {
	return func(text string) string {
		lines := strings.Split(text, "\n")
		lines[n] = other
		return strings.Join(lines, "\n")
	}
}

// authorized is sent with another Authorization field.
func authorized(name, text, value string) mutation {
	return mutation{name: name, text: text, tamper: func(r *wire.Request) { r.Fields.Set("Authorization", value) }}
}

// reauthorized is sent with the Authorization field changed.
func reauthorized(name, text string, change func(string) string) mutation {
	return mutation{name: name, text: text, tamper: func(r *wire.Request) {
		r.Fields.Set("Authorization", change(r.Fields.Get("Authorization")))
	}}
}

func ossV1Authorization(b *Book) {
	malformed := Row{Clauses: "OSS-SIGN-HDR-18", Want: Refused(400, "InvalidArgument")}
	for _, m := range []mutation{
		authorized("authorization.word", "and sent with nothing but the scheme", "OSS"),
		reauthorized("authorization.no-colon", "and sent without a colon", func(a string) string { return strings.Replace(a, ":", "", 1) }),
		reauthorized("authorization.scheme", "and sent under another scheme", func(a string) string { return "FOO" + a[3:] }),
		reauthorized("authorization.no-key", "and sent without an access key", func(a string) string { return "OSS " + a[strings.IndexByte(a, ':'):] }),
		reauthorized("authorization.no-signature", "and sent without the signature", func(a string) string { return a[:strings.IndexByte(a, ':')+1] }),
		authorized("authorization.empty", "and sent with an empty Authorization", ""),
		twiceField("Authorization", "OSS nosuchkey:AAAAAAAAAAAAAAAAAAAAAAAAAAA=", false),
		twiceField("Authorization", "OSS nosuchkey:AAAAAAAAAAAAAAAAAAAAAAAAAAA=", true),
	} {
		b.refusals(ossV1, asks, wrong{m, malformed})
	}
	b.contrast(ossV1, askGet, "one-blank", "reads the scheme, one blank, key, colon and signature", Row{Clauses: "OSS-SIGN-HDR-04", Want: Refused(400, "InvalidArgument")},
		untouched, reauthorized("", "without the blank", func(a string) string { return strings.Replace(a, " ", "", 1) }))
	b.contrast(ossV1, askGet, "base64", "takes the HMAC-SHA1 in base64, not in hexadecimal digits", ossMismatch("OSS-SIGN-HDR-05"),
		untouched, reauthorized("", "in hexadecimal digits", inHex))
}

func ossV1Clock(b *Book) {
	skewed := Row{Want: Refused(403, "RequestTimeTooSkewed")}
	skewed.Clauses = "OSS-SIGN-HDR-14"
	b.refusals(ossV1, asks, wrong{late("behind", -16*time.Minute), skewed})
	skewed.Clauses = "OSS-SIGN-HDR-15"
	b.refusals(ossV1, asks, wrong{late("ahead", 16*time.Minute), skewed})
	within := Row{Clauses: "OSS-SIGN-HDR-16", Rests: "OSS-XDEL-01"}
	b.acceptances(ossV1, asks, wrong{late("behind-a-little", -14*time.Minute), within}, wrong{late("ahead-a-little", 14*time.Minute), within})
	exact := func(name string, d time.Duration) ask {
		a := askGet.named("get-"+name, "a GET")
		a.fixed = true
		return a
	}
	b.acceptances(ossV1, []ask{exact("on-the-second", 0)}, wrong{late("behind", -15*time.Minute), within}, wrong{late("ahead", 15*time.Minute), within})
	skewed.Clauses = "OSS-SIGN-HDR-14"
	b.refusals(ossV1, []ask{exact("one-second-more", 0)}, wrong{late("behind", -15*time.Minute-time.Second), skewed})
	skewed.Clauses = "OSS-SIGN-HDR-15"
	b.refusals(ossV1, []ask{exact("one-second-more", 0)}, wrong{late("ahead", 15*time.Minute+time.Second), skewed})
	skewed.Clauses = "OSS-SIGN-HDR-45"
	b.refusals(ossV1, asks, wrong{together("behind-and-secret", late("", -time.Hour), otherSecret), skewed})
	ossV1Dates(b)
}

func ossV1Dates(b *Book) {
	denied := Row{Clauses: "OSS-SIGN-HDR-12", Want: Refused(403, "AccessDenied")}
	b.refusals(ossV1, asks, wrong{ossDatedAs("date.iso", "2006-01-02T15:04:05Z"), denied},
		wrong{ossDatedAs("date.offset", "Mon, 02 Jan 2006 15:04:05 +0000"), denied}, wrong{ossDatedAs("date.asctime", time.ANSIC), denied})
	denied.Clauses = "OSS-SIGN-HDR-13"
	a := askGet
	a.fixed = true
	b.refusals(ossV1, []ask{a}, wrong{ossDatedAs("date.day", "Mon, 2 Jan 2006 15:04:05 GMT"), denied},
		wrong{ossDatedAs("date.month-first", "Mon, Jan 2 2006 15:04:05 GMT"), denied}, wrong{ossDatedAs("date.dashes", "Monday, 2-Jan-06 15:04:05 GMT"), denied})
}

func ossV1Text(b *Book) {
	f, md5 := ossV1, Field("Content-MD5", "mgNkuembtIDdJeHwKEyFVQ==") // of "content"
	full := askPut.with(md5)
	for i, pair := range []string{"method-md5", "md5-type", "type-date"} {
		b.contrast(f, full, "order/"+pair, "signs the lines in the documented order", ossMismatch("OSS-SIGN-HDR-06").on("OSS-PUT-31"),
			untouched, over("", "with two lines swapped", swapLines(i)))
	}
	b.contrast(f, askHead, "verb/head", "signs HEAD as HEAD", ossMismatch("OSS-SIGN-HDR-07"), untouched, over("", "as GET", replaced("HEAD\n", "GET\n")))
	b.contrast(f, full, "content-md5", "signs the value of Content-MD5", ossMismatch("OSS-SIGN-HDR-08").on("OSS-PUT-31"), untouched, over("", "with an empty line", textLine(1, "")))
	b.contrast(f, askPut, "content-type", "signs the value of Content-Type", ossMismatch("OSS-SIGN-HDR-09"), untouched, over("", "with an empty line", textLine(2, "")))
	b.contrast(f, askGet, "date", "signs the text of Date", ossMismatch("OSS-SIGN-HDR-10"), untouched, over("", "over another form of the same time", isoDate))
}

// swapLines has line n and the next one in the wrong order.
func swapLines(n int) respelling {
	return func(text string) string {
		lines := strings.Split(text, "\n")
		lines[n], lines[n+1] = lines[n+1], lines[n]
		return strings.Join(lines, "\n")
	}
}

func isoDate(text string) string {
	lines := strings.Split(text, "\n")
	if at, err := time.Parse(httpTime, lines[3]); err == nil {
		lines[3] = at.Format("2006-01-02T15:04:05Z")
	}
	return strings.Join(lines, "\n")
}

func ossV1Fields(b *Book) {
	f := ossV1
	with := func(name, value string) ask { return askPut.with(Field(name, value)) }
	type row struct {
		name, text, clause string
		ask                ask
		other              mutation
	}
	for _, r := range []row{
		{"field", "signs metadata", "OSS-SIGN-HDR-24", askPut,
			over("", "without it", replaced("x-oss-meta-author:one\n", ""))},
		{"field-any-case", "signs a field whose name has capital letters", "OSS-SIGN-HDR-24", with("X-Oss-Meta-Two", "b"),
			over("", "without it", replaced("x-oss-meta-two:b\n", ""))},
		{"field-unknown", "signs an x-oss- field that nobody knows", "OSS-SIGN-HDR-25", with("X-OSS-Magic", "abracadabra"),
			over("", "without it", replaced("x-oss-magic:abracadabra\n", ""))},
		{"field-foreign", "does not sign fields that are not its own", "OSS-SIGN-HDR-26", askGet.with(Field("X-Foo", "bar")),
			over("", "with it", replaced("GMT\n", "GMT\nx-foo:bar\n"))},
		{"field-case", "signs names in lower case and values as they are", "OSS-SIGN-HDR-27", with("X-OSS-Meta-Name", "TaoBao"),
			over("", "with the name as it was sent", replaced("x-oss-meta-name:", "X-OSS-Meta-Name:"))},
		{"field-order", "signs the fields in the order of their names", "OSS-SIGN-HDR-28", with("x-oss-magic", "abracadabra"),
			over("", "in another order", replaced("x-oss-magic:abracadabra\nx-oss-meta-author:one\n", "x-oss-meta-author:one\nx-oss-magic:abracadabra\n"))},
		{"field-blanks", "signs values without the blanks before them", "OSS-SIGN-HDR-29", with("x-oss-meta-name", "  TaoBao"),
			over("", "with a blank", replaced("x-oss-meta-author:one\nx-oss-meta-name:", "x-oss-meta-author: one\nx-oss-meta-name: "))},
		{"field-ends", "ends every field with a line feed", "OSS-SIGN-HDR-30", askPut,
			over("", "without the last one", replaced("x-oss-meta-author:one\n", "x-oss-meta-author:one"))},
		{"no-fields", "signs nothing where there are no x-oss- fields", "OSS-SIGN-HDR-31", askGet,
			over("", "with an empty line", replaced("GMT\n", "GMT\n\n"))},
	} {
		b.contrast(f, r.ask, r.name, r.text, ossMismatch(r.clause), untouched, r.other)
	}
}

func ossV1Resource(b *Book) {
	f := ossV1
	b.contrast(f, askGet, "resource", "signs bucket and key", ossMismatch("OSS-SIGN-HDR-33"), untouched, withoutBucket)
	b.contrast(f, askGet.inHost(), "resource-host", "takes the bucket that it signs from Host", ossMismatch("OSS-SIGN-HDR-43"), untouched, withoutBucket)
	b.contrast(f, askBucket, "resource-bucket", "signs a bucket with the slash behind it", ossMismatch("OSS-SIGN-HDR-34"), untouched,
		ofScene("", "without the slash", func(s *Scene) mutation { return over("", "", replaced("/"+s.Bucket+"/", "/"+s.Bucket)) }))
	b.contrast(f, askService, "resource-service", "signs a slash where there is no bucket", ossMismatch("OSS-SIGN-HDR-35"), untouched,
		over("", "without it", func(text string) string { return strings.TrimSuffix(text, "/") }))
	b.contrast(f, askGet.at("é中文"), "resource-utf8", "signs keys as UTF-8", ossMismatch("OSS-SIGN-HDR-42").on("OSS-PUT-36"), untouched, over("", "escaped", escapedResource))
}

// askBucket lists the shared bucket, askService the buckets.
var (
	askBucket = ask{name: "list", text: "a listing", right: Accepted(200),
		call: func(s *Scene, _ string) client.Call { return client.Call{Method: "GET", Bucket: s.Bucket} }}
	askService = ask{name: "service", text: "a listing of buckets", right: Accepted(200),
		call: func(*Scene, string) client.Call { return client.Call{Method: "GET"} }}
)

// withoutBucket signs the key alone.
var withoutBucket = ofScene("", "without the bucket", func(s *Scene) mutation {
	return over("", "", replaced("\n/"+s.Bucket+"/", "\n/"))
})

// ofScene is a mutation that has to know the scene.
func ofScene(name, text string, on func(*Scene) mutation) mutation {
	return mutation{name: name, text: text, on: on}
}

// escapedResource has the resource with its bytes beyond ASCII escaped.
func escapedResource(text string) string {
	at := strings.LastIndexByte(text, '\n') + 1
	return text[:at] + wire.EscapePath(text[at:])
}

// ossSubResources are the names that the document of 2019 lists.
var ossSubResources = strings.Fields(`acl uploads location cors logging website referer lifecycle delete append tagging objectMeta uploadId partNumber
	security-token position img style styleName replication replicationProgress replicationLocation cname bucketInfo comp qos live status vod
	startTime endTime symlink x-oss-process response-content-type response-content-language response-expires response-cache-control
	response-content-disposition response-content-encoding`)

func ossV1Parameters(b *Book) {
	for _, name := range ossSubResources {
		b.refusal(ossV1, askGet, wrong{sentParam(name, "v"), ossMismatch("OSS-SIGN-HDR-38")})
	}
	param := func(name, value string) wire.Param { return wire.Param{Name: name, Value: value} }
	overrides := askGet.asking(param("response-content-type", "text/plain"), param("response-cache-control", "no-cache"))
	b.contrast(ossV1, overrides, "sub-resources/order", "signs sub-resources in the order of their names", ossMismatch("OSS-SIGN-HDR-36"), untouched,
		over("", "in the order of the URL", replaced("?response-cache-control=no-cache&response-content-type=text/plain", "?response-content-type=text/plain&response-cache-control=no-cache")))
	b.contrast(ossV1, askAppend, "sub-resources/bare", "signs a sub-resource without a value as its bare name", ossMismatch("OSS-SIGN-HDR-37").on("OSS-APPEND-01"), untouched,
		over("", "with an equals sign", replaced("?append&", "?append=&")))
	b.contrast(ossV1, askAppend, "sub-resources/append", "signs append and position", ossMismatch("OSS-APPEND-02").on("OSS-APPEND-01"), untouched,
		over("", "without them", replaced("?append&position=0", "")))
	b.contrast(ossV1, askAppend, "sub-resources/append-first", "signs append before position", ossMismatch("OSS-APPEND-02").on("OSS-APPEND-01"), untouched,
		over("", "with position first", replaced("?append&position=0", "?position=0&append")))
	b.contrast(ossV1, overrides, "sub-resources/decoded", "signs the decoded values of overriding parameters", ossMismatch("OSS-SIGN-HDR-40"), untouched,
		over("", "with encoded values", replaced("text/plain", "text%2Fplain")))
	list := askBucket.asking(param("prefix", "fun/"), param("delimiter", "/"), param("max-keys", "1"))
	b.contrast(ossV1, list, "parameters", "does not sign parameters that are no sub-resources", ossMismatch("OSS-SIGN-HDR-39"), untouched,
		ofScene("", "with them", func(s *Scene) mutation {
			return over("", "", func(text string) string { return text + "?delimiter=/&max-keys=1&prefix=fun/" })
		}))
	process := askGet.asking(param("x-oss-process", "csv/select"))
	process.call = posted(process.call)
	process.right = Want{}.With(pastSignature)
	b.contrast(ossV1, process, "sub-resources/x-oss-process", "signs x-oss-process", ossMismatch("OSS-SIGN-HDR-41"), untouched,
		over("", "without it", replaced("?x-oss-process=csv/select", "")))
}

// askAppend begins an appendable object.
var askAppend = ask{name: "append", text: "an append", right: Accepted(200), done: askPut.done, none: askPut.none,
	call: func(s *Scene, key string) client.Call { return s.Append(s.Key(key), "0", "content") }}

// posted makes POST of a call.
func posted(call func(*Scene, string) client.Call) func(*Scene, string) client.Call {
	return func(s *Scene, key string) client.Call {
		c := call(s, key)
		c.Method = "POST"
		return c
	}
}

// pastSignature holds of every answer but the refusals of an identity.
func pastSignature(_ *Scene, r *client.Reply) []Flaw {
	switch r.Err.Code {
	case "SignatureDoesNotMatch", "AccessDenied", "InvalidAccessKeyId", "RequestTimeTooSkewed":
		return []Flaw{{"anything but the refusal of the signature", describe(r)}}
	}
	return nil
}
