package suites

import (
	"strings"
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// cosForms signs rightly in either place.
func cosForms(b *Book) {
	b.acceptances(cosURL, []ask{askGet, askHead, cosPut, askDelete}, wrong{untouched, Row{Clauses: "COS-XSIG-11 COS-SIGN-14", Rests: "COS-XDEL-01"}})
	for _, f := range []form{cosHeader, cosURL} {
		b.contrast(f, askGet, "right-or-not", "accepts "+f.text+" and refuses it with one byte changed",
			Row{Clauses: "COS-SIGN-14", Want: cosMismatch}, untouched, oneByte("q-signature="))
	}
	usual := mutation{name: "usual-validity", text: "for as long as is usual, at its last second", sign: func(in *sign.Input) {
		in.Time, in.Expires = in.Time.Add(-300*time.Second), 0
	}}
	over := mutation{text: "for as long as is usual, a second later", sign: func(in *sign.Input) {
		in.Time, in.Expires = in.Time.Add(-301*time.Second), 0
	}}
	fixed := askGet
	fixed.fixed, fixed.right = true, fixed.right.With(windowOf(300))
	b.contrast(cosURL, fixed, "usual-validity", "accepts a URL for 300 seconds and not for longer unless it says so",
		Row{Clauses: "COS-PRESIGN-01", Want: cosExpired, Rests: "COS-XERR-01"}, usual, over)
	short, past := lasting("", time.Minute), lasting("", time.Minute)
	past.text = "for a minute, three seconds after it"
	past.sign = all(past.sign, func(in *sign.Input) { in.Time = in.Time.Add(-63 * time.Second) })
	b.contrast(cosURL, askGet, "short-validity", "accepts a URL in its window and refuses it afterwards",
		Row{Clauses: "COS-PRESIGN-02", Want: cosDenied}, short, past)
	cosLists(b)
}

// windowOf wants the request to have been signed for a window of so many seconds.
func windowOf(seconds int) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		text, _ := sign.Param(r.Request.Target, "q-sign-time")
		first, last, _ := strings.Cut(text, ";")
		start, _ := sign.Epoch(first)
		end, _ := sign.Epoch(last)
		if end.Sub(start) == time.Duration(seconds)*time.Second {
			return nil
		}
		return []Flaw{{"a window of " + itoa(seconds) + " seconds", text}}
	}
}

// cosLists signs the fields that the documents' sample lists.
func cosLists(b *Book) {
	sample := mutation{name: "sample-list", text: "over content-length, content-md5, content-type, date and host", on: func(s *Scene) mutation {
		return mutation{
			sign: func(in *sign.Input) {
				in.Signed = []string{"Host", "Date", "Content-Type", "Content-MD5", "Content-Length"}
			},
			before: func(r *wire.Request) { r.Fields.Set("Date", s.Now().UTC().Format(httpTime)) },
		}
	}}
	list := "&q-header-list=content-length;content-md5;content-type;date;host&q-url-param-list=&"
	put := askPut.with(Field("Content-MD5", contentMD5))
	b.acceptance(cosHeader, put, wrong{sample, Row{Clauses: "COS-SIGN-06", Rests: "COS-XSIG-04 COS-MD5-01", Want: put.right.With(func(_ *Scene, r *client.Reply) []Flaw {
		if got := r.Request.Fields.Get("Authorization"); !strings.Contains(got, list) {
			return []Flaw{{"an authorization with " + list, got}}
		}
		return nil
	})}})
}

// cosUnlisted changes what the signature does not protect.
func cosUnlisted(b *Book) {
	noParams := func(in *sign.Input) { in.SignedParams = []string{} }
	noFields := func(in *sign.Input) { in.Signed = []string{} }
	added := sentParam("response-content-type", "text/plain")
	added.sign = noParams
	field := sentField("x-cos-meta-added", "two")
	changed := sentField("x-cos-meta-author", "two")
	changed.sign = func(in *sign.Input) { in.Signed = []string{"host"} }
	elsewhere := otherHost(cosOtherHost)
	host := elsewhere.on
	elsewhere.on = func(s *Scene) mutation {
		m := host(s)
		m.sign = noFields
		return m
	}
	for _, f := range []form{cosHeader, cosURL} {
		b.acceptances(f, []ask{askGet}, wrong{added.unlisted(), Row{Clauses: "COS-SIGN-11 COS-XSIG-04"}})
		b.acceptances(f, []ask{askPut}, wrong{field.unlisted(), Row{Clauses: "COS-PRESIGN-17 COS-XSIG-04"}},
			wrong{changed.unlisted(), Row{Clauses: "COS-XSIG-04"}})
		b.acceptances(f, cosAsks, wrong{elsewhere.unlisted(), Row{Clauses: "COS-PRESIGN-04 COS-XSIG-04", Rests: "COS-XDEL-01"}})
	}
}

// unlisted is the mutation of something that is not signed.
func (m mutation) unlisted() mutation {
	m.name, m.text = "unlisted/"+m.name, m.text+", which is not signed"
	return m
}

// cosWindows signs with a key for another window than the signature's, both open.
func cosWindows(b *Book) {
	for _, f := range []form{cosHeader, cosURL} {
		b.acceptances(f, cosAsks, wrong{keyTime("key-time-longer", "with a key for a longer time", 0, -time.Minute, time.Hour), Row{Clauses: "COS-SIGN-07", Rests: "COS-XDEL-01"}})
	}
}

// temporaryKeys are an account whose key is good with its token only.
var temporaryKeys = client.Keys{AccessKey: "temporarykey00000001", SecretKey: "temporary-secret-00000000000001", Token: "temporary-token-0001"}

// temporary opens an emulator of the case's own for an account with a token.
func temporary(s *Scene) { s.NewPrivate(Setup{Keys: []client.Keys{temporaryKeys}}) }

// temporaries adds a case for each mutation of a request signed with temporary keys.
func (b *Book) temporaries(f form, a ask, text string, given []Given, list ...wrong) {
	for _, w := range list {
		b.Case(f.name+"/temporary/"+a.name+"/"+w.name, text+" "+a.text+" signed with "+f.text+" by temporary keys "+w.text, By{b.Dialect: w.Row}, Case{
			Needs: NeedsPrivate,
			Given: append([]Given{temporary, a.brings("control", "a")}, given...),
			When:  func(s *Scene) client.Call { return f.signed(s, a.call(s, "a"), w.mutation) },
		})
	}
}

const cosToken = "x-cos-security-token"

// cosTokens signs with temporary keys.
func cosTokens(b *Book) {
	noToken := func(in *sign.Input) { in.Token = "" }
	without := mutation{name: "without-token", text: "and sent without the token", sign: noToken}
	inField := mutation{name: "token-in-field", text: "with the token in a field that is not signed", sign: noToken,
		tamper: func(r *wire.Request) { r.Fields.Add(cosToken, temporaryKeys.Token) }}
	unsigned := mutation{name: "token-unsigned", text: "with the token as a parameter that is not signed", sign: func(in *sign.Input) { in.UnsignedToken = true }}
	for _, a := range []ask{askGet, askPut} {
		right := Row{Clauses: "COS-PRESIGN-12 COS-XHDR-17", Want: a.right}
		b.temporaries(cosHeader, a, "accepts", nil, wrong{untouched, Row{Clauses: "COS-XHDR-17", Want: a.right}}, wrong{inField, Row{Clauses: "COS-XHDR-17", Want: a.right}})
		b.temporaries(cosURL, a, "accepts", nil, alike(right, untouched, inField, unsigned)...)
		b.temporaries(cosHeader, a, "refuses", []Given{a.control(cosHeader)}, wrong{without, Row{Clauses: "COS-XHDR-17", Want: cosNobody}},
			wrong{sentField(cosToken, "temporary-token-0002"), Row{Clauses: "COS-XSIG-16", Want: cosNobody}})
		b.temporaries(cosURL, a, "refuses", []Given{a.control(cosURL)}, wrong{without, Row{Clauses: "COS-PRESIGN-12 COS-XHDR-17", Want: cosNobody}},
			wrong{sentParam(cosToken, "temporary-token-0002"), Row{Clauses: "COS-PRESIGN-13", Want: cosNobody}})
	}
}

// cosEnded signs with temporary keys after their end.
func cosEnded(b *Book) {
	for _, f := range []form{cosHeader, cosURL} {
		for _, a := range []ask{askGet, askPut, askDelete} {
			b.Case(f.name+"/temporary/"+a.name+"/ended", "refuses "+a.text+" signed with "+f.text+" by temporary keys that have ended", By{
				"cos": {Clauses: "COS-XSIG-15", Want: Refused(400, "ExpiredToken")},
			}, Case{
				Needs: NeedsPrivate,
				Given: []Given{temporaryForAnHour, a.brings("control", "a"), a.control(f), func(s *Scene) { s.Pass(time.Hour + time.Second) }},
				When:  func(s *Scene) client.Call { return f.signed(s, a.call(s, "a"), untouched) },
			})
		}
	}
}

// temporaryForAnHour opens an emulator of the case's own for an account whose token ends in an hour.
func temporaryForAnHour(s *Scene) {
	keys, now := temporaryKeys, time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	keys.Ends = now.Add(time.Hour)
	s.NewPrivate(Setup{Time: now, Keys: []client.Keys{keys}})
}

// cosAnonymous sends requests that nobody signed.
func cosAnonymous(b *Book) {
	denied := cosDenied.With(says("Access Denied."))
	for _, a := range cosAsks {
		b.Case("anonymous/"+a.name, "refuses "+a.text+" that nobody signed", By{"cos": {Clauses: "COS-XSIG-12", Want: denied, Rests: "COS-XERR-01"}}, Case{
			Given: []Given{a.brings("control", "a"), a.control(cosHeader)},
			When:  func(s *Scene) client.Call { return unsigned(a.call(s, "a")) },
			After: a.none,
		})
	}
	b.Case("anonymous/missing", "refuses a GET of a missing key that nobody signed", By{"cos": {Clauses: "COS-XSIG-14", Want: cosDenied}}, Case{
		When: func(s *Scene) client.Call { return unsigned(s.Get(s.Key("a"))) },
	})
	named := Want{Status: 403}.Field("x-cos-request-id", Present)
	b.Case("anonymous/head", "refuses a HEAD that nobody signed, and names the request", By{"cos": {Clauses: "COS-XSIG-13", Want: named, Rests: "COS-XHDR-02"}}, Case{
		Given: []Given{put("a", "content")},
		When:  func(s *Scene) client.Call { return unsigned(s.Head(s.Key("a"))) },
	})
	b.Case("anonymous/head-bucket", "refuses a HEAD of the bucket that nobody signed, and names the request", By{"cos": {Clauses: "COS-XSIG-13", Want: named, Rests: "COS-XHDR-02"}}, Case{
		When: func(s *Scene) client.Call { return unsigned(client.Call{Method: "HEAD", Bucket: s.Bucket}) },
	})
}

// unsigned is the call without a signature.
func unsigned(call client.Call) client.Call { call.Anonymous = true; return call }

// Digests of the bodies that the chapter sends.
const (
	contentMD5 = "mgNkuembtIDdJeHwKEyFVQ==" // of "content"
	anotherMD5 = "sy1z5W7Jm8Xsj4OHHN5wig==" // of "another"
)

// cosContent signs a digest, and with it one content.
func cosContent(b *Book) {
	bound := askPut.with(Field("Content-MD5", contentMD5)).named("put-digest", "a PUT with Content-MD5")
	another := func(r *wire.Request) { r.Body = strings.NewReader("another") }
	other := mutation{name: "other-content", text: "and sent with another content and its digest", tamper: all(another, func(r *wire.Request) { r.Fields.Set("Content-MD5", anotherMD5) })}
	same := mutation{name: "other-content-same-digest", text: "and sent with another content", tamper: another}
	wrongBody := Refused(400, "BadDigest")
	refused := cosMismatch
	refused.Step, wrongBody.Step = 2, 3
	for _, f := range []form{cosHeader, cosURL} {
		b.refusals(f, []ask{bound}, wrong{other, Row{Clauses: "COS-PRESIGN-07", Want: refused}}, wrong{same, Row{Clauses: "COS-PRESIGN-07", Want: wrongBody}})
	}
}

// cosClock sends dates and windows that show a wrong clock.
func cosClock(b *Book) {
	dated := func(name, text string, off time.Duration) mutation {
		return mutation{name: name, text: text, on: func(s *Scene) mutation {
			return mutation{before: func(r *wire.Request) { r.Fields.Set("Date", s.Now().Add(off).UTC().Format(httpTime)) }}
		}}
	}
	for _, c := range []struct {
		name string
		sign time.Duration
	}{{"behind", -1}, {"ahead", 1}} {
		a := askGet
		a.fixed = true
		b.contrast(cosHeader, a, "date-"+c.name, "accepts a Date 15 minutes "+c.name+" and refuses one that is further "+c.name, Row{Clauses: "COS-XSIG-08", Want: cosEarly},
			dated("", "", c.sign*15*time.Minute), dated("", "with a Date a second further "+c.name, c.sign*(15*time.Minute+time.Second)))
	}
	b.refusals(cosHeader, []ask{askGet, cosPut}, wrong{late("hour-ahead", time.Hour),
		Row{Clauses: "COS-XERR-08", Want: cosEarly.Field("Date", gomega.HaveSuffix(" GMT")), Rests: "COS-XHDR-03"}})
	invalid := cosMismatch.With(showsTexts)
	for _, f := range []form{cosHeader, cosURL} {
		shown := otherSecret
		shown.name, shown.text = "shown", "with another secret, and shows what it signed itself"
		b.refusals(f, []ask{askGet, cosPut}, wrong{shown, Row{Clauses: "COS-XERR-09", Want: invalid, Rests: "COS-XERR-01"}})
	}
}

// showsTexts wants the refusal to hold the texts that were signed: with a wrong
// secret they are the same on both sides.
func showsTexts(s *Scene, r *client.Reply) (flaws []Flaw) {
	flaws = says("The Signature you specified is invalid.")(s, r)
	for element, step := range map[string]string{"StringToSign": "StringToSign", "FormatString": "HttpString"} {
		want, _ := r.Steps.Get(step)
		if got, _ := extra(r, element); got != want {
			flaws = append(flaws, Flaw{element + " " + excerpt(want), excerpt(got)})
		}
	}
	return flaws
}
