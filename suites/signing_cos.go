package suites

import (
	"fmt"
	"strings"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// signingCOSBooks write what the COS documents say of signatures.
var signingCOSBooks = booksOf("cos", cosChanged, cosIdentity, cosTimes, cosParts, cosForms, cosUnlisted, cosWindows,
	cosTokens, cosEnded, cosAnonymous, cosReadings, cosKeys, cosContent, cosClock)

// booksOf are books that one dialect alone has.
func booksOf(dialect string, write ...func(*Book)) (books []func(*Book)) {
	for _, w := range write {
		books = append(books, func(b *Book) {
			if b.Dialect == dialect {
				w(b)
			}
		})
	}
	return books
}

var (
	cosHeader = form{name: "header", text: "the COS signature in the header", scheme: "cos-sha1"}
	cosURL    = form{name: "url", text: "the COS signature in the URL", scheme: "cos-sha1", url: true}
)

// Answers of the COS documents to refused signatures.
var (
	cosMismatch = Refused(403, "SignatureDoesNotMatch")
	cosDenied   = Refused(403, "AccessDenied")
	cosNobody   = Refused(403, "InvalidAccessKeyId")
	cosEarly    = Refused(403, "RequestTimeTooSkewed")
	cosExpired  = cosDenied.With(says("Request has expired"))
)

// says wants the message of an error body.
func says(message string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		if bodiless(r) || r.Err.Message == message {
			return nil
		}
		return []Flaw{{"message " + excerpt(message), excerpt(r.Err.Message)}}
	}
}

// alike gives every mutation the same row.
func alike(row Row, list ...mutation) (out []wrong) {
	for _, m := range list {
		out = append(out, wrong{m, row})
	}
	return out
}

// otherHost is signed for another host than the one it is sent to.
func otherHost(host string) mutation {
	var sent string
	return mutation{name: "host", text: "over another host",
		on: func(*Scene) mutation {
			return mutation{
				before: func(r *wire.Request) { sent = r.Fields.Get("Host"); r.Fields.Set("Host", host) },
				tamper: func(r *wire.Request) { r.Fields.Set("Host", sent) },
			}
		}}
}

const cosOtherHost = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com"

// A GET with a parameter that the documents know, and a PUT with fields to sign.
var (
	cosGetAs = askGet.asking(wire.Param{Name: "response-content-type", Value: "text/plain"}).named("get-as", "a GET with response-content-type")
	cosPut   = askPut.with(Field("x-cos-storage-class", "STANDARD_IA")).named("put", "a PUT with a type, metadata and a storage class")
	cosAsks  = []ask{askGet, cosPut, askDelete}
)

// cosChanged does everything to a request that its signature protects it from.
func cosChanged(b *Book) {
	header := func(clause string) Row { return Row{Clauses: clause + " COS-XSIG-06", Want: cosMismatch} }
	b.refusals(cosHeader, cosAsks, alike(header("COS-XSIG-01"), otherVerb, otherKey)...)
	b.refusals(cosURL, cosAsks, alike(header("COS-PRESIGN-14"), otherVerb)...)
	b.refusals(cosURL, cosAsks, alike(header("COS-PRESIGN-15"), otherKey)...)
	b.refusals(cosHeader, cosAsks, alike(header("COS-SIGN-10"), otherHost(cosOtherHost))...)
	b.refusals(cosURL, cosAsks, alike(header("COS-PRESIGN-03"), otherHost(cosOtherHost))...)

	changed := []mutation{sentField("Content-Type", "text/html"), sentField("x-cos-meta-author", "two"), sentField("x-cos-storage-class", "ARCHIVE")}
	gone := []mutation{withoutField("Content-Type"), withoutField("x-cos-meta-author"), withoutField("x-cos-storage-class")}
	b.refusals(cosHeader, []ask{cosPut}, alike(header("COS-SIGN-10"), changed...)...)
	b.refusals(cosHeader, []ask{cosPut}, alike(header("COS-PRESIGN-19"), gone...)...)
	b.refusals(cosURL, []ask{cosPut}, alike(header("COS-PRESIGN-06"), changed...)...)
	b.refusals(cosURL, []ask{cosPut}, alike(header("COS-PRESIGN-05"), gone...)...)
	twice := []mutation{twiceField("x-cos-meta-author", "two", false), twiceField("x-cos-meta-author", "two", true)}
	b.refusals(cosHeader, []ask{cosPut}, alike(header("COS-SIGN-10"), twice...)...)
	b.refusals(cosURL, []ask{cosPut}, alike(header("COS-PRESIGN-06"), twice...)...)

	params := []mutation{sentParam("response-content-type", "text/html"), withoutParam("response-content-type"),
		twiceParam("response-content-type", "text/html", false), twiceParam("response-content-type", "text/html", true)}
	b.refusals(cosHeader, []ask{cosGetAs}, alike(header("COS-XSIG-01"), params...)...)
	b.refusals(cosURL, []ask{cosGetAs}, alike(header("COS-PRESIGN-09"), params...)...)
	cosACLOnly(b)
}

// cosACLOnly signs a URL for writing the access control list alone.
func cosACLOnly(b *Book) {
	acl := mutation{name: "acl-only", text: "for its access control list alone",
		before: func(r *wire.Request) { r.Target += "?acl" },
		tamper: func(r *wire.Request) { dropParam(r, "acl") }}
	b.refusals(cosURL, []ask{cosPut}, wrong{acl, Row{Clauses: "COS-PRESIGN-08 COS-XSIG-06", Want: cosMismatch}})
	for _, verb := range []string{"GET", "DELETE", "HEAD"} {
		b.Case("url/put-as/"+lower(verb), "refuses a URL signed for PUT as "+verb, By{"cos": {Clauses: "COS-PRESIGN-14", Want: cosMismatch}}, Case{
			Given: []Given{put("a", "content"), askGet.brings("control"), askGet.control(cosURL)},
			When: func(s *Scene) client.Call {
				call := client.Call{Method: "PUT", Bucket: s.Bucket, Key: s.Key("a")}
				return cosURL.signed(s, call, mutation{
					before: func(r *wire.Request) { r.Fields.Del("Content-Length") },
					tamper: func(r *wire.Request) { r.Method = verb },
				})
			},
			After: []After{reads("a", "content")},
		})
	}
}

// cosIdentity signs as somebody else, or with another secret.
func cosIdentity(b *Book) {
	for _, f := range []form{cosHeader, cosURL} {
		b.refusals(f, cosAsks, alike(Row{Clauses: "COS-SIGN-09 COS-XSIG-06", Want: cosMismatch}, otherSecret, oneByte("q-signature="))...)
		b.refusals(f, cosAsks, alike(Row{Clauses: "COS-SIGN-09 COS-XSIG-05", Want: cosNobody}, unknownKey)...)
		b.refusals(f, cosAsks, alike(Row{Clauses: "COS-XSIG-16", Want: cosNobody}, withToken("nobody-issued-this-token"))...)
	}
}

// cosTimes signs windows in which now is not.
func cosTimes(b *Book) {
	past, future := late("past", -2*time.Hour), late("future", 2*time.Hour)
	for _, f := range []form{cosHeader, cosURL} {
		b.refusals(f, cosAsks, alike(Row{Clauses: "COS-SIGN-08 COS-XSIG-07", Want: cosExpired, Rests: "COS-XERR-01"}, past)...)
		b.refusals(f, cosAsks, alike(Row{Clauses: "COS-SIGN-08 COS-XSIG-09", Want: cosEarly}, future)...)
		b.refusals(f, cosAsks, alike(Row{Clauses: "COS-SIGN-07", Want: cosDenied},
			keyTime("key-time-past", "with a key that was good until an hour ago", 0, -2*time.Hour, -time.Hour),
			keyTime("sign-time-past", "until an hour ago with a key that is still good", -2*time.Hour, 0, 5*time.Hour))...)
		b.refusals(f, cosAsks, alike(Row{Clauses: "COS-SIGN-07", Want: cosEarly},
			keyTime("key-time-future", "with a key that will be good in an hour", 0, time.Hour, 2*time.Hour),
			keyTime("sign-time-future", "from two hours ahead with a key that is good now", 2*time.Hour, -2*time.Hour, time.Hour))...)
		backwards := mutation{name: "window-backwards", text: "for a window that ends before it begins", sign: func(in *sign.Input) {
			in.Time, in.Expires, in.Exact = in.Time.Add(2*time.Hour), -time.Hour, true
		}}
		b.refusals(f, cosAsks, alike(Row{Clauses: "COS-XSIG-10", Want: cosDenied}, backwards)...)
	}
	b.Case("url/public-read/past", "refuses an expired URL of an object that everybody may read", By{
		"cos": {Clauses: "COS-XGET-22", Want: cosExpired, Rests: "COS-XERR-01"},
	}, Case{
		Given: []Given{func(s *Scene) { s.Must(s.Put(s.Key("a"), "content", Field("x-cos-acl", "public-read"))) }},
		When:  func(s *Scene) client.Call { return cosURL.signed(s, s.Get(s.Key("a")), past) },
	})
}

// keyTime is signed with a clock that is shift ahead, by a key for the window
// from start to end, both counted from now.
func keyTime(name, text string, shift, start, end time.Duration) mutation {
	return mutation{name: name, text: text, sign: func(in *sign.Input) {
		in.KeyTime = fmt.Sprintf("%d;%d", in.Time.Add(start).Unix(), in.Time.Add(end).Unix())
		in.Time = in.Time.Add(shift)
	}}
}

// onParts changes the parts of an authorization where they stand: in the field
// as they are, or among the parameters, escaped.
func onParts(change func(parts []string, spell func(string) string) []string) func(*wire.Request) {
	return func(r *wire.Request) {
		text := r.Fields.Get("Authorization")
		if text == "" {
			onParams(r, func(p []string) []string { return change(p, wire.Escape) })
			return
		}
		asIs := func(v string) string { return v }
		r.Fields.Set("Authorization", strings.Join(change(strings.Split(text, "&"), asIs), "&"))
	}
}

// sentPart is sent with another value of one part.
func sentPart(name, label, value string) mutation {
	return mutation{name: name + "/" + label, text: "and sent with " + excerpt(value) + " as " + name,
		tamper: onParts(func(parts []string, spell func(string) string) []string {
			for i, p := range parts {
				if isParam(p, name) {
					parts[i] = name + "=" + spell(value)
				}
			}
			return parts
		})}
}

// withoutPart is sent without one part, twicePart with one part twice.
func withoutPart(name string) mutation {
	return mutation{name: name + "/missing", text: "and sent without " + name,
		tamper: onParts(func(parts []string, _ func(string) string) (kept []string) {
			for _, p := range parts {
				if !isParam(p, name) {
					kept = append(kept, p)
				}
			}
			return kept
		})}
}

func twicePart(name string) mutation {
	return mutation{name: name + "/twice", text: "and sent with " + name + " twice",
		tamper: onParts(func(parts []string, _ func(string) string) []string {
			for _, p := range parts {
				if isParam(p, name) {
					return append(parts, p)
				}
			}
			return parts
		})}
}

// cosPartNames are the seven parts of an authorization, in their order.
var cosPartNames = []string{"q-sign-algorithm", "q-ak", "q-sign-time", "q-key-time", "q-header-list", "q-url-param-list", "q-signature"}

// cosParts leaves parts out, doubles them and spoils them.
func cosParts(b *Book) {
	var list []wrong
	malformed := Row{Clauses: "COS-XSIG-10", Want: cosDenied}
	for _, name := range cosPartNames {
		list = append(list, wrong{withoutPart(name), Row{Clauses: "COS-SIGN-05", Want: cosDenied}}, wrong{twicePart(name), malformed})
	}
	for _, name := range []string{"q-sign-algorithm", "q-ak", "q-sign-time", "q-key-time", "q-signature"} {
		list = append(list, wrong{sentPart(name, "empty", ""), Row{Clauses: "COS-SIGN-05", Want: cosDenied}})
	}
	list = append(list, alike(malformed,
		sentPart("q-sign-algorithm", "md5", "md5"), sentPart("q-sign-algorithm", "sha256", "sha256"),
		sentPart("q-signature", "short", strings.Repeat("a", 39)), sentPart("q-signature", "long", strings.Repeat("a", 41)),
		sentPart("q-signature", "not-hexadecimal", strings.Repeat("x", 40)))...)
	for _, name := range []string{"q-sign-time", "q-key-time"} {
		list = append(list, alike(malformed, sentPart(name, "words", "now;later"), sentPart(name, "one-time", "1557989151"),
			sentPart(name, "no-times", ";"), sentPart(name, "negative", "-1;4102444800"), sentPart(name, "fraction", "1.5;4102444800"))...)
	}
	b.refusals(cosHeader, []ask{askGet, cosPut}, list...)
	b.refusals(cosURL, []ask{askGet, cosPut}, list...)
	b.refusals(cosHeader, []ask{askGet, cosPut}, alike(malformed,
		mutation{name: "basic", text: "and sent with the authorization of another scheme", tamper: func(r *wire.Request) { r.Fields.Set("Authorization", "Basic dXNlcjpwYXNz") }},
		mutation{name: "field-twice", text: "and sent with two Authorization fields", tamper: func(r *wire.Request) { r.Fields.Add("Authorization", r.Fields.Get("Authorization")) }},
		mutation{name: "header-and-url", text: "and sent with the signature in the URL, too", tamper: alsoInURL})...)
}

// alsoInURL puts the parts of the Authorization field into the URL, too.
func alsoInURL(r *wire.Request) {
	for _, p := range strings.Split(r.Fields.Get("Authorization"), "&") {
		name, value, _ := strings.Cut(p, "=")
		sign.AddParam(r, name, value)
	}
}
