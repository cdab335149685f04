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

// presignBooks write the chapter presign: every operation by URL, its window to
// the second, and what single dialects say of URLs. How a URL can be wrong is
// written in the chapter signing; here are the operations that it leaves out.
var presignBooks = slices.Concat([]func(*Book){presignOperations, presignTampered, presignMisused, presignWindows, presignBOS, presignS3, presignS3Fields, presignS3Tokens},
	presignParts)

// Operations by URL, besides those of every chapter.
var (
	presignRange = ask{name: "get-range", text: "a GET of a range", given: askGet.given,
		call:  func(s *Scene, key string) client.Call { return s.Get(s.Key(key), Field("Range", "bytes=1-3")) },
		right: Accepted(206).Content("ont")}
	presignAs = ask{name: "get-as", text: "a GET with another type for the reply", given: askGet.given,
		call: func(s *Scene, key string) client.Call {
			call := s.Get(s.Key(key))
			call.Query = []wire.Param{{Name: s.W.Responses[0], Value: "text/x-asked"}}
			return call
		},
		right: Accepted(200).Field("Content-Type", "text/x-asked")}
	presignList = ask{name: "list", text: "a listing", given: askGet.given,
		call: func(s *Scene, key string) client.Call {
			return client.Call{Method: "GET", Bucket: s.Bucket, Query: []wire.Param{{Name: "prefix", Value: s.Key(key)}}}
		},
		right: Accepted(200).Content(func(s *Scene) any { return gomega.ContainSubstring(s.Key("")) })}
	presignAppend = ask{name: "append", text: "an append",
		call:  func(s *Scene, key string) client.Call { return s.appendAt(key, true, 0, "12345") },
		right: Accepted(200),
		done:  []After{reads("a", "12345")},
		none:  []After{missing("a")}}
	presignCopy = ask{name: "copy", text: "a copy", given: func(key string) Given { return put(key+"-source", "content") },
		call:  func(s *Scene, key string) client.Call { return s.Copy(key+"-source", key) },
		right: Accepted(200),
		done:  []After{reads("a", "content")},
		none:  []After{missing("a")}}
)

// A signedURL is one way to sign a URL in a dialect: what may be asked by it, and
// what the documents say of that.
type signedURL struct {
	form
	asks     []ask
	accepts  map[string]string // clauses of accepted URLs by the ask's name; "" is all others
	tampered Row               // a URL that is not the one signed
	misused  Row               // a URL signed for another method; no clauses where no document speaks of it
	over     Row               // a URL a second after its end; its clauses hold to the last second, too
}

var signedURLs = []signedURL{
	{form: ossV1URL, asks: []ask{askGet, presignRange, presignAs, presignList, askPut, presignCopy},
		accepts:  map[string]string{"": "OSS-SIGN-URL-19", "put": "OSS-SIGN-URL-20", "copy": "OSS-SIGN-URL-20", "get-as": "OSS-SIGN-URL-21"},
		tampered: ossMismatch("OSS-SIGN-HDR-01"), misused: ossMismatch("OSS-SIGN-HDR-01"),
		over: Row{Clauses: "OSS-SIGN-URL-05 OSS-SIGN-URL-14", Want: Refused(403, "AccessDenied")}},
	{form: ossV4URL, asks: []ask{askGet, presignRange, presignAs, askHead, presignList, askPut, presignCopy, presignAppend, askDelete},
		accepts:  map[string]string{"": "OSS-XV4-17"},
		tampered: ossMismatch("OSS-SIGN-HDR-01"), misused: ossMismatch("OSS-SIGN-HDR-01"),
		over: Row{Clauses: "OSS-XV4-20", Want: Refused(403, "AccessDenied").With(both(element("Expires", endOfURL), element("ServerTime", isoMillis)))}},
	{form: cosURL, asks: []ask{askGet, presignRange, presignAs, askHead, presignList, askPut, presignCopy, presignAppend, askDelete},
		accepts:  map[string]string{"": "COS-XSIG-11 COS-PRESIGN-14", "get-as": "COS-PRESIGN-08"},
		tampered: Row{Clauses: "COS-XSIG-06", Want: cosMismatch}, misused: Row{Clauses: "COS-PRESIGN-14", Want: cosMismatch},
		over: Row{Clauses: "COS-PRESIGN-02", Want: cosDenied}},
	{form: bosURL, asks: []ask{askGet, presignRange, presignAs, askHead, presignList, askPut, presignCopy, presignAppend, askDelete},
		accepts:  map[string]string{"": "BOS-PRESIGN-01"},
		tampered: Row{Clauses: "BOS-ERR-23", Want: bosMismatch}, misused: Row{Clauses: "BOS-PRESIGN-04", Want: bosMismatch},
		over: Row{Clauses: "BOS-PRESIGN-02", Want: bosExpired, Rests: "BOS-SIGN-30"}},
	{form: v4URL, asks: []ask{askGet, presignRange, presignAs, askHead, presignList, askPut, presignCopy, askDelete},
		accepts:  map[string]string{"": "S3-PRE-01"},
		tampered: answered("S3-PRE-12", 403, "SignatureDoesNotMatch"), misused: answered("S3-PRE-12", 403, "SignatureDoesNotMatch"),
		over: expired("600")},
}

// presignRests are the clauses that an operation rests on, by dialect and ask.
var presignRests = map[string]string{
	"oss append": "OSS-APPEND-01", "oss list": "OSS-LIST-01", "oss copy": "OSS-COPY-01", "oss get-range": "OSS-XGET-04", "oss get-as": "OSS-XGET-33", "oss delete": "OSS-XDEL-01",
	"cos append": "COS-XAPP-01", "cos list": "COS-XLIST-01", "cos copy": "COS-XCOPY-02", "cos get-range": "COS-XGET-02", "cos get-as": "COS-XGET-15", "cos delete": "COS-XDEL-01",
	"bos append": "BOS-APPEND-01", "bos list": "BOS-LIST-01", "bos copy": "BOS-COPY-01", "bos get-range": "BOS-GET-03", "bos get-as": "BOS-GET-16", "bos delete": "BOS-DEL-01",
	"s3 list": "S3-LIST-01", "s3 copy": "S3-COPY-01", "s3 get-range": "S3-RNG-01", "s3 get-as": "S3-PRE-27", "s3 delete": "S3-OBJ-38",
}

// has tells whether the URL may ask for what a list names.
func (u signedURL) has(list ...string) (out []ask) {
	for _, a := range u.asks {
		for _, name := range list {
			if a.name == name {
				out = append(out, a)
			}
		}
	}
	return out
}

// presignOperations asks for every operation by URL.
func presignOperations(b *Book) {
	for _, u := range signedURLs {
		for _, a := range u.asks {
			clauses, own := u.accepts[a.name]
			if !own {
				clauses = u.accepts[""]
			}
			b.acceptance(u.form, a, wrong{mutation{name: "used", text: "for five minutes"}, Row{Clauses: clauses, Rests: presignRests[b.Dialect+" "+a.name]}})
		}
	}
}

// urlMarks stand before the signature of a URL, by scheme.
var urlMarks = map[string]string{"oss-v1": "Signature=", "oss-v4": "x-oss-signature=", "cos-sha1": "q-signature=", "bce-auth-v1": "%2F", "aws-sigv4": "X-Amz-Signature="}

// presignTampered changes a byte of the signature of those operations that the
// chapter signing does not.
func presignTampered(b *Book) {
	for _, u := range signedURLs {
		b.refusals(u.form, u.has("head", "get-range", "list", "append", "copy"), wrong{oneByte(urlMarks[u.scheme]), u.tampered})
	}
}

// presignMisused uses URLs for other methods than the one they were signed for.
func presignMisused(b *Book) {
	for _, u := range signedURLs {
		for _, p := range []struct{ signed, sent string }{{"GET", "PUT"}, {"GET", "HEAD"}, {"GET", "DELETE"}, {"PUT", "GET"}, {"PUT", "DELETE"}} {
			b.Case(u.name+"/"+lower(p.signed)+"/as-"+lower(p.sent), "refuses a URL signed for "+p.signed+" as "+p.sent, u.rows(u.misused), Case{
				Given: []Given{put("a", "content"), snapshot("a")},
				When: func(s *Scene) client.Call {
					call := client.Call{Method: p.signed, Bucket: s.Bucket, Key: s.Key("a"), Fresh: true}
					return u.signed(s, call, mutation{tamper: func(r *wire.Request) { r.Method = p.sent }})
				},
				After: []After{unchanged("a")},
			})
		}
	}
}

// presignWindows uses URLs in their last second and in the one after it.
func presignWindows(b *Book) {
	for _, u := range signedURLs {
		for _, a := range u.has("get", "put", "delete", "get-range", "list", "copy", "append") {
			b.urlWindow(u, a, presignRests[b.Dialect+" "+a.name])
		}
	}
}

// urlWindow uses a URL for ten minutes in its last second and in the one after.
func (b *Book) urlWindow(u signedURL, a ask, rests string) {
	const long = 10 * time.Minute
	aged := func(d time.Duration) mutation {
		return mutation{text: "a second later", sign: all(lasting("", long).sign, late("", -d).sign)}
	}
	a.fixed, a.right.Status = true, 2 // which success it is says another clause
	b.contrast(u.form, a, a.name+"/window", "accepts "+a.text+" by URL in the last second of its window, and not in the next",
		u.over.on(u.over.Rests+" "+rests), aged(long), aged(long+time.Second))
}

// presignBOS tells of URLs that never end.
func presignBOS(b *Book) {
	ever := mutation{name: "ever", text: "for ever, ten years ago", sign: func(in *sign.Input) {
		in.Time, in.Expires, in.Exact = in.Time.AddDate(-10, 0, 0), -time.Second, true
	}}
	b.acceptances(bosURL, []ask{askGet, askPut}, wrong{ever, Row{Clauses: "BOS-PRESIGN-03", Rests: "BOS-SIGN-30"}})
}

// presignS3 tells how long URLs last, and that they know nothing of a body.
func presignS3(b *Book) {
	fixed := askGet
	fixed.fixed = true
	b.acceptance(v4URL, fixed, wrong{lasting("for-a-second", time.Second), Row{Clauses: "S3-PRE-05"}})
	b.acceptances(v4URL, asks, wrong{lasting("for-a-week", 7*24*time.Hour), Row{Clauses: "S3-PRE-05", Rests: presignRests["s3 delete"]}})
	old := mutation{name: "an-hour-old", text: "for a week, an hour ago", sign: all(lasting("", 7*24*time.Hour).sign, late("", -time.Hour).sign)}
	b.acceptances(v4URL, asks, wrong{old, Row{Clauses: "S3-PRE-11", Rests: "S3-PRE-05 " + presignRests["s3 delete"]}})
	b.Case("url/put/any-body", "accepts by URL whatever body comes", By{"s3": {Clauses: "S3-PRE-02", Want: Want{Status: 2}}}, Case{
		When: func(s *Scene) client.Call {
			return v4URL.signed(s, s.Put(s.Key("a"), "content"), mutation{tamper: func(r *wire.Request) {
				r.Body, r.Length = strings.NewReader("another"), int64(len("another"))
			}})
		},
		After: []After{reads("a", "another")},
	})
}

// presignS3Fields sends fields in the URL, and fields that it does not sign.
func presignS3Fields(b *Book) {
	bare := ask{name: "put-bare", text: "a PUT", call: func(s *Scene, key string) client.Call { return s.Put(s.Key(key), "content") },
		right: Want{Status: 2}, done: []After{reads("a", "content")}}
	b.acceptance(v4URL, bare, wrong{sentField("Content-Type", "text/html"), Row{Clauses: "S3-PRE-17"}})
	b.acceptance(v4URL, bare, wrong{sentField("X-Custom-Header", "custom"), Row{Clauses: "S3-PRE-25"}})
	named := bare.asking(wire.Param{Name: "x-amz-meta-foo", Value: "bar"}).named("put-params", "a PUT with metadata in the URL")
	named.done = []After{reads("a", "content"), copyShows("a", FieldWant{"x-amz-meta-foo", "bar"})}
	b.acceptance(v4URL, named, wrong{untouched, Row{Clauses: "S3-PRE-15", Rests: "S3-OBJ-12"}})
}

// presignS3Tokens signs URLs with credentials that end before them.
func presignS3Tokens(b *Book) {
	week := lasting("", 7*24*time.Hour)
	for _, a := range asks {
		b.Case("url/"+a.name+"/credentials-ended", "refuses "+a.text+" by a URL that outlives the credentials that signed it", By{
			"s3": answered("S3-PRE-26", 400, "ExpiredToken"),
		}, Case{
			Needs: NeedsPrivate,
			Given: []Given{temporaryForAnHour, a.brings("control", "a"), a.control(v4URL), func(s *Scene) { s.Pass(2 * time.Hour) }},
			When: func(s *Scene) client.Call {
				return v4URL.signed(s, a.call(s, "a"), mutation{sign: all(week.sign, late("", -2*time.Hour).sign)})
			},
		})
	}
	b.Case("url/get/credentials-good", "accepts a GET by a URL of temporary credentials that have not ended", By{
		"s3": {Clauses: "S3-PRE-26", Want: Accepted(200).Content("content"), Rests: "S3-PRE-05 S3-PRE-11"},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{temporaryForAnHour, put("a", "content"), func(s *Scene) { s.Pass(59 * time.Minute) }},
		When: func(s *Scene) client.Call {
			return v4URL.signed(s, s.Get(s.Key("a")), mutation{sign: all(week.sign, late("", -59*time.Minute).sign)})
		},
	})
}
