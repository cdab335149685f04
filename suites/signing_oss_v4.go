package suites

import (
	"strings"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

var (
	ossV4    = form{name: "v4", text: "V4", scheme: "oss-v4"}
	ossV4URL = form{name: "v4-url", text: "V4 in the URL", scheme: "oss-v4", url: true}
)

// v4Both adds cases for the header and for the URL.
func v4Both(b *Book, add func(f form)) {
	add(ossV4)
	add(ossV4URL)
}

// additional signs Cache-Control, which is not signed unless asked for.
var additional = func(in *sign.Input) { in.Signed = []string{"cache-control"} }

// invalid is a refusal for what is wrong with the authorization.
func invalid(clause string, m mutation) wrong {
	return wrong{m, Row{Clauses: clause, Want: Refused(400, "InvalidArgument")}}
}

func ossV4Matrix(b *Book) {
	v4Both(b, func(f form) {
		shown := withElement("SignatureProvided", givenSignature, mismatches("OSS-XV4-13", oneByte("ignature="), otherSecret)...)
		b.refusals(f, asks, withElement("StringToSign", signedText, shown...)...)
		b.refusals(f, asks, mismatches("OSS-SIGN-HDR-01", otherVerb, otherKey, sentParam("prefix", "v"), sentParam("acl", "v"),
			sentField("Content-Type", "text/html"), sentField("x-oss-meta-other", "two"), sentField("x-oss-magic", "abracadabra"))...)
		b.refusals(f, []ask{askPut}, mismatches("OSS-SIGN-HDR-01", sentField("x-oss-meta-author", "two"), withoutField("x-oss-meta-author"), withoutField("Content-Type"),
			twiceField("x-oss-meta-author", "two", false))...)
		cached := askPut.with(Field("Cache-Control", "no-cache")).named("put-additional", "a PUT with a field that is signed in addition")
		changed, dropped := sentField("Cache-Control", "no-store"), withoutField("Cache-Control")
		changed.sign, dropped.sign = additional, additional
		b.refusal(f, cached, wrong{changed, ossMismatch("OSS-SIGN-HDR-01")})
		b.refusal(f, cached, invalid("OSS-XV4-23", dropped))
		b.refusals(f, asks, withElement("OSSAccessKeyId", "nosuchaccesskey00001",
			wrong{unknownKey, Row{Clauses: "OSS-XV4-12", Want: Refused(403, "InvalidAccessKeyId")}})...)
	})
	b.refusals(ossV4, asks, mismatches("OSS-SIGN-HDR-01", movedDate)...)
	skewed := Row{Clauses: "OSS-XV4-10", Want: Refused(403, "RequestTimeTooSkewed").With(
		both(element("MaxAllowedSkewMilliseconds", "900000"), both(element("RequestTime", signedTime), element("ServerTime", isoMillis))))}
	b.refusals(ossV4, asks, wrong{late("behind", -16*time.Minute), skewed}, wrong{late("ahead", 16*time.Minute), skewed})
	b.refusal(ossV1, askGet, wrong{late("shows.times", -16*time.Minute), skewed})
	b.refusals(ossV4, asks, wrong{withoutField("x-oss-date"), Row{Clauses: "OSS-XV4-11", Want: Refused(403, "AccessDenied")}},
		wrong{sentField("x-oss-date", "2022-12-20T10:00:00Z"), Row{Clauses: "OSS-XV4-11", Want: Refused(403, "AccessDenied")}})
}

// signedTime is the time that a request says it was signed at.
func signedTime(_ *Scene, r *client.Reply) string {
	at, err := time.Parse(v4Time, r.Request.Fields.Get("x-oss-date"))
	if err != nil {
		at, _ = time.Parse(httpTime, r.Request.Fields.Get("Date"))
	}
	return at.Format("2006-01-02T15:04:05.000Z")
}

// movedDate is sent with x-oss-date one second later.
var movedDate = mutation{name: "date", text: "and sent with x-oss-date one second later", tamper: func(r *wire.Request) {
	if at, err := time.Parse(v4Time, r.Fields.Get("x-oss-date")); err == nil {
		r.Fields.Set("x-oss-date", at.Add(time.Second).Format(v4Time))
	}
}}

const v4Time = "20060102T150405Z"

// scoped is sent with a part of the credential changed.
func scoped(name, text string, change func(parts []string)) mutation {
	return mutation{name: name, text: text, tamper: func(r *wire.Request) {
		rescope(r, func(scope string) string {
			parts := strings.Split(scope, "/")
			change(parts)
			return strings.Join(parts, "/")
		})
	}}
}

// rescope changes the credential in the header or in the URL.
func rescope(r *wire.Request, change func(string) string) {
	if a := r.Fields.Get("Authorization"); a != "" {
		before, rest, _ := strings.Cut(a, "Credential=")
		scope, rest, _ := strings.Cut(rest, ",")
		r.Fields.Set("Authorization", before+"Credential="+change(scope)+","+rest)
		return
	}
	scope, _ := sign.Param(r.Target, "x-oss-credential")
	setParam(r, "x-oss-credential", change(scope))
}

// signedFor is signed for another region or product.
func signedFor(name, text string, change func(*sign.Input)) mutation {
	return mutation{name: name, text: text, sign: change}
}

func ossV4Scope(b *Book) {
	told := func(clause string, m mutation, message string) wrong {
		w := invalid(clause, m)
		w.Rests = "OSS-ERROR-01"
		w.Want = w.Want.With(func(_ *Scene, r *client.Reply) []Flaw {
			if r.Request.Method != "HEAD" && r.Err.Message != message {
				return []Flaw{{"message " + message, excerpt(r.Err.Message)}}
			}
			return nil
		})
		return w
	}
	v4Both(b, func(f form) {
		b.refusals(f, asks,
			told("OSS-XV4-04", inRegion("region", "elsewhere-1"), "Invalid signing region in Authorization header."),
			told("OSS-XV4-04", inRegion("region-short", "beijing"), "Invalid signing region in Authorization header."),
			told("OSS-XV4-05", signedFor("product", "for the product foo", func(in *sign.Input) { in.Service = "foo" }), "Invalid signing product in Authorization header."),
			invalid("OSS-XV4-03", scoped("terminator", "and sent with a credential that ends in abc", func(p []string) { p[4] = "abc" })),
			invalid("OSS-XV4-06", scoped("day-form", "and sent with a day of another form", func(p []string) { p[1] = "2022-12-20" })),
			invalid("OSS-XV4-07", scoped("day", "and sent with another day", func(p []string) { p[1] = "20010101" })))
	})
	b.refusals(ossV4, asks,
		invalid("OSS-XV4-03", reauthorized("no-credential", "and sent without a credential", func(a string) string {
			_, rest, _ := strings.Cut(a, ",")
			return "OSS4-HMAC-SHA256 " + rest
		})),
		invalid("OSS-XV4-03", reauthorized("empty-credential", "and sent with an empty credential", func(a string) string {
			_, rest, _ := strings.Cut(a, ",")
			return "OSS4-HMAC-SHA256 Credential=," + rest
		})),
		invalid("OSS-XV4-02", payloadHash("payload-hash", "7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730")),
		invalid("OSS-XV4-02", payloadHash("payload-word", "STREAMING-PAYLOAD")),
		invalid("OSS-XV4-02", withoutField("x-oss-content-sha256")),
		invalid("OSS-XV4-08", reauthorized("additional-empty", "and sent with empty additional headers", func(a string) string {
			return strings.Replace(a, ",Signature=", ",AdditionalHeaders=,Signature=", 1)
		})),
		invalid("OSS-XV4-09", reauthorized("scheme-unknown", "and sent under an unknown scheme", func(a string) string { return "OSSxxx" + a[len("OSS4-HMAC-SHA256"):] })),
		invalid("OSS-XV4-09", reauthorized("scheme-sha1", "and sent as OSS4-HMAC-SHA1", func(a string) string { return strings.Replace(a, "SHA256", "SHA1", 1) })),
		invalid("OSS-XV4-21", sentParam("x-oss-signature-version", "OSS4-HMAC-SHA256").called("and-url.version")),
		invalid("OSS-XV4-21", sentParam("x-oss-signature", strings.Repeat("0", 64)).called("and-url.signature")))
	b.refusals(ossV4URL, asks, invalid("OSS-XV4-08", withParam("x-oss-additional-headers", "").called("additional-empty")))
	b.refusals(ossV4URL, asks, invalid("OSS-XV4-21", mutation{name: "and-header.v4", text: "and sent with an Authorization as well", tamper: authorizedV4}))
	b.refusals(ossV1, asks, invalid("OSS-XV4-21", mutation{name: "and-url.v4", text: "of a URL that carries a V4 signature", before: v4Presigned}))
}

// authorizedV4 adds an Authorization of the form that the URL has.
func authorizedV4(r *wire.Request) {
	credential, _ := sign.Param(r.Target, "x-oss-credential")
	sig, _ := sign.Param(r.Target, "x-oss-signature")
	r.Fields.Add("Authorization", "OSS4-HMAC-SHA256 Credential="+credential+",Signature="+sig)
}

// v4Presigned adds the parameters of a URL that V4 signed.
func v4Presigned(r *wire.Request) {
	setParam(r, "x-oss-signature-version", "OSS4-HMAC-SHA256")
	setParam(r, "x-oss-signature", strings.Repeat("0", 64))
}

// payloadHash is signed and sent with another word for the payload.
func payloadHash(name, value string) mutation {
	return mutation{name: name, text: "over another payload hash", before: func(r *wire.Request) { r.Fields.Add("x-oss-content-sha256", value) }}
}

// withParam is signed and sent with one more parameter.
func withParam(name, value string) mutation {
	return mutation{name: "param." + lower(name), text: "with the parameter " + name, before: func(r *wire.Request) { setParam(r, name, value) }}
}

// called is the mutation under another name.
func (m mutation) called(name string) mutation { m.name = name; return m }

func ossV4Right(b *Book) {
	blank := reauthorized("blank-after-comma", "and sent with blanks after the commas", func(a string) string { return strings.ReplaceAll(a, ",", ", ") })
	more := mutation{name: "additional", text: "with additional fields", sign: additional}
	b.acceptances(ossV4, asks, wrong{untouched, Row{Clauses: "OSS-XV4-01", Rests: "OSS-XDEL-01"}}, wrong{blank, Row{Clauses: "OSS-XV4-01", Rests: "OSS-XDEL-01"}})
	b.acceptance(ossV4, askPut.with(Field("Cache-Control", "no-cache")), wrong{more, Row{Clauses: "OSS-XV4-01", Rests: "OSS-XDEL-01"}})
	b.acceptances(ossV4URL, asks, wrong{untouched, Row{Clauses: "OSS-XV4-17", Rests: "OSS-XDEL-01"}})
	b.acceptance(ossV4URL, askPut.with(Field("Cache-Control", "no-cache")), wrong{more, Row{Clauses: "OSS-XV4-17", Rests: "OSS-XDEL-01"}})
	sorted := ask{name: "head", text: "a HEAD", right: Want{Status: 404},
		call: func(s *Scene, key string) client.Call {
			c := s.Head(s.Key(key))
			c.Query = []wire.Param{{Name: "abc", Value: "1"}, {Name: "|abc", Value: "2"}}
			return c
		}}
	for _, f := range []form{ossV4, ossV4URL} {
		b.contrast(f, sorted, "param-order", "sorts parameters by their encoded names", ossMismatch("OSS-XV4-14").on("OSS-HEAD-02"), untouched,
			over("", "in the order of the decoded names", func(request string) string {
				request = strings.Replace(request, "%7Cabc=2", "", 1)
				request = strings.Replace(request, "\n&", "\n", 1)
				lines := strings.SplitN(request, "\n", 4)
				lines[2] += "&%7Cabc=2"
				return strings.Join(lines, "\n")
			}))
	}
}

func ossV4URLs(b *Book) {
	missing := func(name string) wrong { return invalid("OSS-XV4-18", withoutParam(name)) }
	b.refusals(ossV4URL, asks, missing("x-oss-expires"), missing("x-oss-credential"), missing("x-oss-signature"))
	limit := Row{Clauses: "OSS-XV4-19", Want: Refused(400, "InvalidArgument")}
	b.refusals(ossV4URL, asks, wrong{lasting("for-nothing", 0), limit}, wrong{lasting("for-too-long", 604801*time.Second), limit}, wrong{lasting("for-less", -time.Second), limit},
		wrong{mutation{name: "for-a-word", text: "for a word", tamper: func(r *wire.Request) { setParam(r, "x-oss-expires", "soon") }}, limit})
	fixed := askGet
	fixed.fixed = true
	b.acceptance(ossV4URL, fixed, wrong{lasting("for-a-second", time.Second), Row{Clauses: "OSS-XV4-19"}})
	b.acceptances(ossV4URL, asks, wrong{lasting("for-a-week", 604800*time.Second), Row{Clauses: "OSS-XV4-19", Rests: "OSS-XDEL-01"}})
	expired := together("expired", late("", -2*time.Minute), lasting("", time.Minute))
	row := Row{Clauses: "OSS-XV4-20", Want: Refused(403, "AccessDenied").With(both(element("Expires", endOfURL), element("ServerTime", isoMillis)))}
	b.refusals(ossV4URL, asks, wrong{expired, row})
	b.refusal(ossV1URL, askGet, wrong{lasting("shows.times", -time.Minute), row})
}

// endOfURL is the moment until which a URL says that it is good.
func endOfURL(_ *Scene, r *client.Reply) string {
	if text, n := sign.Param(r.Request.Target, "Expires"); n > 0 {
		end, _ := sign.Epoch(text)
		return end.Format("2006-01-02T15:04:05.000Z")
	}
	from, _ := sign.Param(r.Request.Target, "x-oss-date")
	valid, _ := sign.Param(r.Request.Target, "x-oss-expires")
	at, _ := time.Parse(v4Time, from)
	d, _ := sign.Seconds(valid)
	return at.Add(d).Format("2006-01-02T15:04:05.000Z")
}

// ossToken opens an emulator of the case's own whose owner has temporary keys.
func ossToken(s *Scene) {
	s.NewPrivate(Setup{Keys: []client.Keys{{AccessKey: "STS.harness01", SecretKey: "sts-secret-01", Token: "token-of-one+/="},
		{AccessKey: "STS.harness02", SecretKey: "sts-secret-02", Token: "token-of-two+/="}}})
}

// temporary returns the ask on an emulator whose owner has temporary keys.
func (a ask) temporary() ask { a.first = ossToken; return a }

func ossTokens(b *Book) {
	get, put := askGet.temporary(), askPut.temporary()
	line := "x-oss-security-token:token-of-one+/=\n"
	b.contrast(ossV1, get, "token", "signs the security token", ossMismatch("OSS-SIGN-HDR-32"), untouched, over("", "without it", replaced(line, "")))
	b.contrast(ossV1URL, get, "token", "signs the security token", ossMismatch("OSS-SIGN-URL-15"), untouched, over("", "without it", replaced("?security-token=token-of-one+/=", "")))
	b.contrast(ossV4, get, "token", "signs the security token", ossMismatch("OSS-XV4-15"), untouched, over("", "without it", replaced(line, "")))
	b.contrast(ossV4URL, get, "token", "signs the security token", ossMismatch("OSS-XV4-15"), untouched,
		over("", "without it", replaced("&x-oss-security-token=token-of-one%2B%2F%3D", "")))
	b.acceptances(ossV1, []ask{get, put}, wrong{untouched.called("token-in-header"), Row{Clauses: "OSS-XHDR-13"}})
	for _, f := range []form{ossV1, ossV1URL, ossV4, ossV4URL} {
		refused := func(code string) Row { return Row{Clauses: "OSS-XV4-16", Want: Refused(403, code)} }
		b.refusals(f, []ask{get, put}, wrong{withToken("nobody-issued-this"), refused("InvalidSecurityToken")},
			wrong{withToken("token-of-two+/=").called("token-of-another"), refused("AccessKeyIdAndSecurityTokenNotMatch")})
	}
	ossTokenEnds(b)
}

// ossTokenEnds is that temporary keys are over at their end.
func ossTokenEnds(b *Book) {
	begin := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	keys := client.Keys{AccessKey: "STS.harness01", SecretKey: "sts-secret-01", Token: "token-of-one+/=", Ends: begin.Add(10 * time.Second)}
	for _, f := range []form{ossV1, ossV1URL, ossV4, ossV4URL} {
		for _, a := range []ask{askGet, askPut} {
			b.Case(f.name+"/"+a.name+"/token-expired", "refuses "+a.text+" signed with "+f.text+" and temporary keys that have ended", By{
				"oss": {Clauses: "OSS-XV4-16", Want: Refused(403, "SecurityTokenExpired")},
			}, Case{
				Needs: NeedsPrivate,
				Given: []Given{func(s *Scene) { s.NewPrivate(Setup{Time: begin, Keys: []client.Keys{keys}}) }, a.brings("a", "control"), a.control(f),
					func(s *Scene) { s.Pass(11 * time.Second) }},
				When: func(s *Scene) client.Call { return f.signed(s, a.call(s, "a"), untouched) },
			})
		}
	}
}
