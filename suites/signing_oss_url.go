package suites

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// ossURLAsks are the requests that a URL may sign: the document names GET and PUT.
var ossURLAsks = []ask{askGet, askPut}

func ossURLMatrix(b *Book) {
	b.refusals(ossV1URL, ossURLAsks, withElement("StringToSign", signedText, mismatches("OSS-SIGN-URL-22", oneByte("Signature="), otherSecret)...)...)
	b.refusals(ossV1URL, ossURLAsks, mismatches("OSS-SIGN-HDR-01", otherVerb, otherKey, sentParam("Expires", "4102444800"))...)
	b.refusals(ossV1URL, ossURLAsks, mismatches("OSS-SIGN-URL-16", sentField("Content-Type", "text/html"), sentField("Content-MD5", "mgNkuembtIDdJeHwKEyFVQ=="))...)
	b.refusals(ossV1URL, ossURLAsks, mismatches("OSS-SIGN-URL-17", sentField("x-oss-meta-b", "b"), sentField("x-oss-magic", "abracadabra"))...)
	b.refusals(ossV1URL, ossURLAsks, mismatches("OSS-SIGN-HDR-01", sentParam("response-content-type", "text/plain"), sentParam("acl", ""))...)
	b.refusals(ossV1URL, ossURLAsks, wrong{unknownKey, Row{Clauses: "OSS-SIGN-URL-23", Want: Refused(403, "InvalidAccessKeyId")}})
	denied := func(clause string, m mutation) wrong {
		return wrong{m, Row{Clauses: clause, Want: Refused(403, "AccessDenied")}}
	}
	b.refusals(ossV1URL, ossURLAsks,
		denied("OSS-SIGN-URL-07", withoutParam("Signature")), denied("OSS-SIGN-URL-08", withoutParam("Expires")), denied("OSS-SIGN-URL-09", withoutParam("OSSAccessKeyId")),
		denied("OSS-SIGN-URL-05", lasting("expired", -time.Minute)),
		denied("OSS-SIGN-URL-06", expiring("expires-word", "tomorrow")), denied("OSS-SIGN-URL-06", expiring("expires-empty", "")),
		denied("OSS-SIGN-URL-06", expiring("expires-date", "2033-01-01T00:00:00Z")),
		denied("OSS-SIGN-URL-13", together("expired-and-secret", lasting("", -time.Minute), otherSecret)))
	fixed := askGet
	fixed.fixed = true
	b.refusal(ossV1URL, fixed, denied("OSS-SIGN-URL-05", lasting("one-second-ago", -time.Second)))
	for _, p := range []wire.Param{{Name: "OSSAccessKeyId", Value: "nosuchkey"}, {Name: "Expires", Value: "4102444800"}, {Name: "Signature", Value: "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}} {
		m := sentParam(p.Name, p.Value)
		m.name, m.text = "and-url."+lower(p.Name), "and sent with "+p.Name+" in the URL as well"
		b.refusals(ossV1, asks, wrong{m, Row{Clauses: "OSS-SIGN-URL-11", Want: Refused(400, "InvalidArgument")}})
	}
}

// expiring is signed for and sent with another text in the place of the end.
func expiring(name, until string) mutation {
	return mutation{name: name, text: "until " + strconv.Quote(until), spell: textLine(3, until),
		tamper: func(r *wire.Request) { setParam(r, "Expires", until) }}
}

func ossURLParameters(b *Book) {
	first := func(m mutation) wrong { return wrong{m, Row{Clauses: "OSS-SIGN-URL-12"}} }
	b.acceptances(ossV1URL, ossURLAsks, first(twiceParam("Signature", "bogus", false)), first(twiceParam("Expires", "1", false)), first(twiceParam("OSSAccessKeyId", "nosuchkey", false)))
	b.refusals(ossV1URL, ossURLAsks, wrong{twiceParam("Signature", "bogus", true), ossMismatch("OSS-SIGN-URL-12")},
		wrong{twiceParam("Expires", "1", true), Row{Clauses: "OSS-SIGN-URL-12", Want: Refused(403, "AccessDenied")}},
		wrong{twiceParam("OSSAccessKeyId", "nosuchkey", true), Row{Clauses: "OSS-SIGN-URL-12", Want: Refused(403, "InvalidAccessKeyId")}})
	for i, order := range []string{"key-signature-expires", "expires-key-signature", "expires-signature-key", "signature-key-expires", "signature-expires-key"} {
		b.acceptance(ossV1URL, askGet, wrong{mutation{name: "order/" + order, text: "whatever the order of its parameters", tamper: func(r *wire.Request) {
			onParams(r, func(p []string) []string { return permuted(p, i+1) })
		}}, Row{Clauses: "OSS-SIGN-URL-10"}})
	}
}

// permuted has the three parameters of a signature in their nth order, and what
// else there is, a security token for one, where it was.
func permuted(params []string, n int) []string {
	orders := [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}
	var own []string
	var places []int
	for _, name := range []string{"OSSAccessKeyId", "Expires", "Signature"} {
		at := slices.IndexFunc(params, func(p string) bool { return isParam(p, name) })
		own, places = append(own, params[at]), append(places, at)
	}
	slices.Sort(places)
	out := slices.Clone(params)
	for i, at := range places {
		out[at] = own[orders[n][i]]
	}
	return out
}

func ossURLText(b *Book) {
	f := ossV1URL
	b.contrast(f, askGet, "expires", "signs Expires in the place of the date", ossMismatch("OSS-SIGN-URL-02"), untouched, over("", "with an empty line", textLine(3, "")))
	b.contrast(f, askPut, "content-type", "signs Content-Type", ossMismatch("OSS-SIGN-URL-16"), untouched, over("", "with an empty line", textLine(2, "")))
	b.contrast(f, askPut.with(Field("Content-MD5", "mgNkuembtIDdJeHwKEyFVQ==")), "content-md5", "signs Content-MD5", ossMismatch("OSS-SIGN-URL-16").on("OSS-PUT-31"), untouched,
		over("", "with an empty line", textLine(1, "")))
	b.contrast(f, askPut, "field", "signs x-oss- fields", ossMismatch("OSS-SIGN-URL-17"), untouched, over("", "without one", replaced("x-oss-meta-author:one\n", "")))
	b.contrast(f, askGet.asking(wire.Param{Name: "response-content-type", Value: "text/plain"}), "sub-resource", "signs sub-resources", ossMismatch("OSS-SIGN-URL-21"), untouched,
		over("", "without it", replaced("?response-content-type=text/plain", "")))
	b.contrast(f, askGet, "get", "signs a GET as GET", ossMismatch("OSS-SIGN-URL-19"), untouched, over("", "as PUT", replaced("GET\n", "PUT\n")))
	b.contrast(f, askPut, "put", "signs a PUT as PUT", ossMismatch("OSS-SIGN-URL-20"), untouched, over("", "as GET", replaced("PUT\n", "GET\n")))
}

func ossURLTime(b *Book) {
	fixed := askGet
	fixed.fixed = true
	b.acceptances(ossV1URL, []ask{fixed}, wrong{lasting("last-second", 0), Row{Clauses: "OSS-SIGN-URL-14"}})
	b.acceptances(ossV1URL, ossURLAsks, wrong{lasting("one-minute", time.Minute), Row{Clauses: "OSS-SIGN-URL-04"}})
	old := ofScene("date-old", "and sent with a Date of an hour ago", func(s *Scene) mutation {
		return sentField("Date", s.Now().Add(-time.Hour).UTC().Format(httpTime))
	})
	b.acceptances(ossV1URL, ossURLAsks, wrong{old, Row{Clauses: "OSS-SIGN-URL-18"}}, wrong{mutation{name: "no-date", text: "without Date"}, Row{Clauses: "OSS-SIGN-URL-18"}})
	b.Case("v1-url/example", "takes the signature of the worked example for right", By{
		"oss": {Clauses: "OSS-SIGN-URL-25", Want: Accepted(200).Content("content")},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{documentedAt(time.Unix(1141889060, 0)), func(s *Scene) {
			s.Must(client.Call{Method: "PUT", Bucket: "oss-example", Key: s.In("oss-example", "oss-api.pdf"), Body: []byte("content")})
		}},
		When: func(s *Scene) client.Call {
			return client.Call{Method: "GET", Bucket: "oss-example", Key: "oss-api.pdf", Anonymous: true, Query: []wire.Param{
				{Name: "OSSAccessKeyId", Value: "44CF9590006BF252F707"}, {Name: "Expires", Value: "1141889120"}, {Name: "Signature", Value: "EwaNTn1erJGkimiJ9WmXgwnANLc="}}}
		},
	})
}

func ossURLRight(b *Book) {
	b.acceptances(ossV1URL, ossURLAsks, wrong{untouched, Row{Clauses: "OSS-SIGN-URL-01"}})
	b.acceptances(ossV1URL, ossURLAsks, wrong{escapable("escaped", nil), Row{Clauses: "OSS-SIGN-URL-03"}},
		wrong{escapable("slash-left", func(r *wire.Request) { r.Target = slashed(r.Target) }), Row{Clauses: "OSS-SIGN-URL-03"}})
	long := ask{name: "range", text: "a GET", given: func(key string) Given { return put(key, body(100)) },
		call: func(s *Scene, key string) client.Call { return s.Get(s.Key(key)) }, right: Accepted(200).Content(body(100))}
	b.acceptance(ossV1URL, long, wrong{mutation{name: "without", text: "and sent without Range", before: func(r *wire.Request) { r.Fields.Add("Range", "bytes=50-99") },
		tamper: func(r *wire.Request) { r.Fields.Del("Range") }}, Row{Clauses: "OSS-XGET-46"}})
	b.acceptance(ossV1URL, long, wrong{sentField("Range", "bytes=50-99"), Row{Clauses: "OSS-XGET-46", Rests: "OSS-XGET-04", Want: Accepted(206).Content(body(100)[50:])}})
}

// escapable is signed until a moment at which the signature holds a plus sign
// and a slash.
func escapable(name string, tamper func(*wire.Request)) mutation {
	return mutation{name: name, text: "with a plus sign and a slash in the signature", tamper: tamper,
		wrap: func(s sign.Scheme) sign.Scheme { return searching{s, []string{"%2B", "%2F"}} }}
}

// searching is a scheme that moves the end of a URL's validity until the
// signature holds some texts.
type searching struct {
	sign.Scheme
	texts []string
}

// Append signs as the scheme does, later and later.
func (s searching) Append(dst []byte, r *wire.Request, in *sign.Input, steps *sign.Steps) ([]byte, error) {
	for range 500 {
		out, err := s.Scheme.Append(nil, r, in, nil)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(s.texts, func(t string) bool { return !strings.Contains(string(out), t) }) {
			break
		}
		in.Expires += time.Second
	}
	return s.Scheme.Append(dst, r, in, steps)
}

// slashed has the slashes of a target's signature as they are.
func slashed(target string) string {
	at := strings.Index(target, "Signature=")
	return target[:at] + strings.ReplaceAll(target[at:], "%2F", "/")
}
