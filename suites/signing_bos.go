package suites

import (
	"strings"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// signingBOSBooks write what the BOS documents say of signatures.
var signingBOSBooks = booksOf("bos", bosChanged, bosIdentity, bosTimes, bosForm, bosAnonymous, bosDates, bosRight, bosHost)

var (
	bosHeader = form{name: "header", text: "bce-auth-v1 in the header", scheme: "bce-auth-v1"}
	bosURL    = form{name: "url", text: "bce-auth-v1 in the URL", scheme: "bce-auth-v1", url: true}
)

// Answers of the BOS documents to refused signatures.
var (
	bosMismatch = Refused(403, "SignatureDoesNotMatch")
	bosForeign  = Refused(400, "InvalidHTTPAuthHeader")
	bosExpired  = Refused(400, "RequestExpired")
	bosSkewed   = Refused(403, "RequestTimeTooSkewed")
)

const (
	bosOtherHost = "examplebucket.gz.bcebos.com"
	bosDate      = "x-bce-date"
	bosTime      = "2006-01-02T15:04:05Z"
)

var (
	bosGetAs = askGet.asking(wire.Param{Name: "responseContentType", Value: "text/plain"}).named("get-as", "a GET with responseContentType")
	bosPut   = askPut.with(Field("x-bce-storage-class", "STANDARD_IA")).named("put", "a PUT with a type, metadata and a storage class")
	bosAsks  = []ask{askGet, bosPut, askDelete}
)

// bosChanged does everything to a request that its signature protects it from.
func bosChanged(b *Book) {
	changed := Row{Clauses: "BOS-SIGN-38", Want: bosMismatch}
	verb := map[string]string{"header": "BOS-SIGN-38", "url": "BOS-PRESIGN-04 BOS-SIGN-38"}
	fields := []mutation{sentField("Content-Type", "text/html"), withoutField("Content-Type"),
		sentField("x-bce-meta-author", "two"), withoutField("x-bce-meta-author"), sentField("x-bce-storage-class", "COLD"),
		withoutField("x-bce-storage-class"), sentField("x-bce-meta-added", "two"),
		twiceField("x-bce-meta-author", "two", false), twiceField("x-bce-meta-author", "two", true)}
	params := []mutation{sentParam("responseContentType", "text/html"), withoutParam("responseContentType"),
		twiceParam("responseContentType", "text/html", false), twiceParam("responseContentType", "text/html", true)}
	for _, f := range []form{bosHeader, bosURL} {
		b.refusals(f, bosAsks, wrong{otherVerb, Row{Clauses: verb[f.name], Want: bosMismatch}})
		b.refusals(f, bosAsks, alike(changed, otherKey, otherHost(bosOtherHost))...)
		b.refusals(f, bosAsks, wrong{sentParam("responseContentType", "text/html").as("param-added", "and sent with one more parameter"), Row{Clauses: "BOS-SIGN-16", Want: bosMismatch}})
		b.refusals(f, []ask{bosPut}, alike(changed, fields...)...)
		b.refusals(f, []ask{bosGetAs}, alike(Row{Clauses: "BOS-PRESIGN-05 BOS-SIGN-38", Want: bosMismatch, Rests: "BOS-SIGN-16"}, params...)...)
	}
	b.refusals(bosHeader, bosAsks, alike(changed, sentField(bosDate, "2026-01-01T00:00:00Z"))...)
	again := mutation{name: "twice.x-bce-date", text: "and sent with its x-bce-date twice", tamper: func(r *wire.Request) { r.Fields.Add(bosDate, r.Fields.Get(bosDate)) }}
	b.refusals(bosHeader, bosAsks, wrong{again, Row{Clauses: "BOS-SIGN-38", Want: bosForeign}})
}

// as returns the mutation under another name and text.
func (m mutation) as(name, text string) mutation { m.name, m.text = name, text; return m }

// bosIdentity signs as somebody else, or with another secret.
func bosIdentity(b *Book) {
	mark := map[string]string{"header": "/", "url": "%2F"}
	for _, f := range []form{bosHeader, bosURL} {
		b.refusals(f, bosAsks, alike(Row{Clauses: "BOS-ERR-23", Want: bosMismatch}, otherSecret, oneByte(mark[f.name]))...)
		b.refusals(f, bosAsks, wrong{unknownKey, Row{Clauses: "BOS-ERR-22", Want: Refused(403, "InvalidAccessKeyId")}})
		b.refusals(f, bosAsks, wrong{withToken("nobody-issued-this-token"), Row{Clauses: "BOS-ERR-74", Want: Refused(400, "InvalidSessionToken")}})
	}
}

// bosTimes signs with a clock and for a validity that do not hold now.
func bosTimes(b *Book) {
	for _, f := range []form{bosHeader, bosURL} {
		b.refusals(f, bosAsks, wrong{late("past", -2*time.Hour), Row{Clauses: "BOS-SIGN-32 BOS-ERR-29", Want: bosExpired}})
		b.refusals(f, bosAsks, wrong{late("day-ahead", 24*time.Hour), Row{Clauses: "BOS-ERR-30", Want: bosSkewed}})
		b.refusals(f, bosAsks, wrong{lasting("negative", -2*time.Second), Row{Clauses: "BOS-SIGN-30", Want: bosForeign}})
		for _, v := range []struct {
			name    string
			seconds time.Duration
		}{{"299", 299}, {"300", 300}, {"129600", 129600}, {"129601", 129601}} {
			b.acceptances(f, []ask{askGet, bosPut}, wrong{lasting("validity."+v.name, v.seconds*time.Second), Row{Clauses: "BOS-SIGN-30"}})
		}
		ever := lasting("validity.ever", -time.Second).as("validity.ever", "for ever, a day ago")
		ever.sign = all(ever.sign, func(in *sign.Input) { in.Time = in.Time.Add(-24 * time.Hour) })
		b.acceptances(f, []ask{askGet, bosPut}, wrong{ever, Row{Clauses: "BOS-SIGN-30"}})
		fixed := askGet
		fixed.fixed = true
		aged := func(age time.Duration) mutation {
			return mutation{text: "for 1800 seconds, " + age.String() + " ago", sign: func(in *sign.Input) { in.Time, in.Expires = in.Time.Add(-age), 1800*time.Second }}
		}
		clause := map[string]string{"header": "BOS-SIGN-32", "url": "BOS-PRESIGN-02"}
		b.contrast(f, fixed, "end-of-validity", "accepts "+f.text+" until its validity ends and refuses it from then on",
			Row{Clauses: clause[f.name], Want: bosExpired}, aged(1799*time.Second), aged(1801*time.Second))
		b.contrast(f, fixed, "ahead", "accepts "+f.text+" with a clock 15 minutes ahead and refuses one further ahead",
			Row{Clauses: "BOS-ERR-30", Want: bosSkewed}, late("", 15*time.Minute), late("", 15*time.Minute+time.Second))
	}
}

// onString changes the authorization string where it stands.
func onString(change func(parts []string) []string) func(*wire.Request) {
	return func(r *wire.Request) {
		if text := r.Fields.Get("Authorization"); text != "" {
			r.Fields.Set("Authorization", strings.Join(change(strings.Split(text, "/")), "/"))
			return
		}
		text, _ := sign.Param(r.Target, "authorization")
		setParam(r, "authorization", strings.Join(change(strings.Split(text, "/")), "/"))
	}
}

// bosPart is sent with another text as one part of the authorization string.
func bosPart(n int, name, value string) mutation {
	return mutation{name: "string/" + name, text: "and sent with " + excerpt(value) + " as part " + itoa(n+1) + " of the string",
		tamper: onString(func(parts []string) []string { parts[n] = value; return parts })}
}

// bosForm spoils the form of the authorization string.
func bosForm(b *Book) {
	list := []mutation{
		{name: "string/three-parts", text: "and sent with three parts of the string", tamper: onString(func(p []string) []string { return p[:3] })},
		{name: "string/five-parts", text: "and sent without the signature", tamper: onString(func(p []string) []string { return p[:5] })},
		{name: "string/seven-parts", text: "and sent with a seventh part", tamper: onString(func(p []string) []string { return append(p, "x") })},
		bosPart(0, "version", "bce-auth-v2"), bosPart(0, "other-scheme", "Basic"), bosPart(1, "no-access-key", ""),
		bosPart(2, "date-form", "20260301T120000Z"), bosPart(2, "date-of-no-day", "2026-02-30T12:00:00Z"), bosPart(2, "date-zone", "2026-03-01T12:00:00+08:00"),
		bosPart(2, "no-date", ""), bosPart(3, "no-validity", ""), bosPart(3, "validity-word", "long"), bosPart(3, "validity-fraction", "1800.5"),
	}
	for _, f := range []form{bosHeader, bosURL} {
		b.refusals(f, []ask{askGet, bosPut}, alike(Row{Clauses: "BOS-ERR-24", Want: bosForeign}, list...)...)
	}
	two := Row{Clauses: "BOS-PRESIGN-06", Want: bosForeign}
	b.refusals(bosHeader, []ask{askGet, bosPut}, alike(two,
		mutation{name: "field-twice", text: "and sent with two Authorization fields", tamper: func(r *wire.Request) { r.Fields.Add("Authorization", r.Fields.Get("Authorization")) }},
		mutation{name: "header-and-url", text: "and sent with the string in the URL, too", tamper: func(r *wire.Request) { sign.AddParam(r, "authorization", r.Fields.Get("Authorization")) }})...)
	b.refusals(bosURL, []ask{askGet, bosPut}, wrong{mutation{name: "parameter-twice", text: "and sent with two authorization parameters", tamper: func(r *wire.Request) {
		text, _ := sign.Param(r.Target, "authorization")
		sign.AddParam(r, "authorization", text)
	}}, two})
}

// bosAnonymous sends requests that nobody signed.
func bosAnonymous(b *Book) {
	for _, a := range bosAsks {
		b.Case("anonymous/"+a.name, "refuses "+a.text+" that nobody signed", By{"bos": {Clauses: "BOS-ERR-07", Want: Refused(403, "AccessDenied")}}, Case{
			Given: []Given{a.brings("control", "a"), a.control(bosHeader)},
			When:  func(s *Scene) client.Call { return unsigned(a.call(s, "a")) },
			After: a.none,
		})
	}
}

// bosDates sends date fields beside the time in the string.
func bosDates(b *Book) {
	sent := func(name, text string, off time.Duration) mutation {
		return mutation{name: name, text: text, on: func(s *Scene) mutation {
			return mutation{before: func(r *wire.Request) { r.Fields.Set(bosDate, s.Now().Add(off).UTC().Format(bosTime)) }}
		}}
	}
	hour := []mutation{sent("x-bce-date-behind", "with an x-bce-date an hour behind", -time.Hour), sent("x-bce-date-ahead", "with an x-bce-date an hour ahead", time.Hour)}
	for _, f := range []form{bosHeader, bosURL} {
		b.acceptances(f, []ask{askGet, bosPut}, alike(Row{Clauses: "BOS-SIGN-33"}, hour...)...)
	}
	hostOnly := func(in *sign.Input) { in.Signed = []string{"host"} }
	undated := mutation{text: "without x-bce-date and Date", sign: hostOnly, tamper: func(r *wire.Request) { r.Fields.Del(bosDate) }}
	date := mutation{text: "with Date alone", on: func(s *Scene) mutation {
		return mutation{sign: hostOnly, tamper: func(r *wire.Request) {
			r.Fields.Del(bosDate)
			r.Fields.Set("Date", s.Now().UTC().Format(httpTime))
		}}
	}}
	b.contrast(bosHeader, bosPut, "no-date", "accepts a PUT with a Date and refuses one with no date at all",
		Row{Clauses: "BOS-ERR-43", Want: Refused(400, "MissingDateHeader")}, date, undated)
	bosSignedDate(b)
}

// bosSignedDate signs URLs over host and x-bce-date, as the documents' sample does.
func bosSignedDate(b *Book) {
	own := func(a ask) ask {
		call := a.call
		a.call = func(s *Scene, key string) client.Call {
			c := call(s, key)
			c.Fields = append(c.Fields, Field(bosDate, s.Now().UTC().Format(bosTime)))
			c.Sign = func(in *sign.Input) { in.Signed = []string{"host", bosDate} }
			return c
		}
		return a
	}
	for _, a := range []ask{askGet, bosPut, askDelete} {
		b.refusals(bosURL, []ask{own(a).named(a.name+"-dated", a.text+" with x-bce-date")}, alike(Row{Clauses: "BOS-SIGN-37", Want: bosMismatch},
			withoutField(bosDate), sentField(bosDate, "2026-01-01T00:00:00Z"))...)
	}
}

// bosRight signs rightly in either place.
func bosRight(b *Book) {
	plain := mutation{name: "plain", text: "with the string not escaped", tamper: func(r *wire.Request) {
		text, _ := sign.Param(r.Target, "authorization")
		onParams(r, func(params []string) []string {
			for i, p := range params {
				if isParam(p, "authorization") {
					params[i] = "authorization=" + text
				}
			}
			return params
		})
	}}
	b.acceptances(bosURL, []ask{askGet, askHead, bosPut, askDelete}, alike(Row{Clauses: "BOS-SIGN-36", Rests: "BOS-DEL-01"}, untouched, plain)...)
	for _, a := range []ask{askGet, bosPut} {
		b.contrast(bosHeader, a, a.name+"/right-or-not", "accepts "+a.text+" with a right string and refuses it with one byte changed",
			Row{Clauses: "BOS-SIGN-35", Want: bosMismatch}, untouched, oneByte("/"))
	}
}

// bosHost signs hosts and paths in their several forms.
func bosHost(b *Book) {
	hostless := mutation{name: "host-not-listed", text: "and a list without the host", sign: func(in *sign.Input) { in.Signed = []string{bosDate, "content-type"} }}
	b.refusals(bosHeader, bosAsks, wrong{hostless, Row{Clauses: "BOS-SIGN-26", Want: bosMismatch}})
	b.contrast(bosHeader, askGet, "text/host", "accepts a request signed over its host and refuses one without the host's line",
		Row{Clauses: "BOS-SIGN-26", Want: bosMismatch}, untouched, over("", "without the line of the host", func(text string) string {
			lines := strings.Split(text, "\n")
			for i, l := range lines {
				if strings.HasPrefix(l, "host:") {
					return strings.Join(append(lines[:i], lines[i+1:]...), "\n")
				}
			}
			return text
		}))
	inPath := func(s *Scene) mutation {
		return over("", "", onLine(1, func(path string) string { return "/" + s.Bucket + path }))
	}
	inHost := func(s *Scene) mutation {
		return over("", "", onLine(1, func(path string) string { return strings.TrimPrefix(path, "/"+s.Bucket) }))
	}
	for _, a := range []ask{askGet, bosPut, askDelete} {
		b.contrast(bosHeader, a.inHost(), "host-style/"+a.name, "accepts "+a.text+" with the bucket in the host name, signed over /key, and refuses one signed over /bucket/key",
			Row{Clauses: "BOS-SIGN-11", Want: bosMismatch, Rests: "BOS-DEL-01"}, untouched, mutation{text: "over /bucket/key", on: inPath})
		b.contrast(bosHeader, a.inPath(), "path-style/"+a.name, "accepts "+a.text+" with the bucket in the path, signed over /bucket/key, and refuses one signed over /key",
			Row{Clauses: "BOS-SIGN-11", Want: bosMismatch, Rests: "BOS-DEL-01"}, untouched, mutation{text: "over /key", on: inHost})
	}
}

// inPath returns the ask with the bucket in the path, where it stands in Host otherwise.
func (a ask) inPath() ask {
	call := a.call
	a.call = func(s *Scene, key string) client.Call {
		c := call(s, key)
		c.Before = func(r *wire.Request) {
			if host, ok := strings.CutPrefix(r.Fields.Get("Host"), c.Bucket+"."); ok {
				r.Fields.Set("Host", host)
				r.Target = "/" + c.Bucket + r.Target
			}
		}
		return c
	}
	return a
}

// signBCE signs a canonical request of BOS.
func signBCE(_ *sign.Input, own *sign.Steps, text string) string {
	key, _ := own.Get(sign.StepKey)
	sum := sign.HMAC256([]byte(key), []byte(text))
	return hexText(sum[:])
}
