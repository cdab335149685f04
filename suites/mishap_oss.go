package suites

import (
	"strings"

	"objectharness/internal/client"
)

// flowHeld bounds what the bodies of a service move at: they take longer.
func flowHeld(b *Book) {
	const text = 2000 // bytes: 20 ms at 100,000 a second
	held := Accepted(2).Field("x-oss-qos-delay-time", "20")
	given := []Given{mishap("Bandwidth", 100_000)}
	b.Case("held/put", "holds an upload back that is too fast, takes it and tells for how long", By{"oss": {Clauses: "OSS-XFLOW-03", Want: held}},
		Case{Needs: NeedsPrivate, Given: given, When: func(s *Scene) client.Call { return s.withinOwn("PUT", "k", body(text)) },
			After: []After{{Text: "the object is there", Call: readsOwn("k"), Want: Shown().Content(body(text))}}})
	b.Case("held/get", "holds a download back that is too fast, serves it and tells for how long", By{"oss": {Clauses: "OSS-XFLOW-03", Want: held.Content(body(text))}},
		Case{Needs: NeedsPrivate, Given: append(given, func(s *Scene) { s.Must(s.withinOwn("PUT", "k", body(text))) }), When: readsOwn("k")})
}

// flowSigned signs the bound of a rate with the rest of the request.
func flowSigned(b *Book) {
	const name = "x-oss-traffic-limit"
	for _, f := range []form{ossV1, ossV1URL, ossV4, ossV4URL} {
		b.refusals(f, []ask{askGet, askPut}, mismatches("OSS-XFLOW-09", sentField(name, "819200"), sentParam(name, "819200"))...)
	}
}

// accelerated are the documents of transfer acceleration.
func accelerated(b *Book) {
	const sub = "transferAcceleration"
	doc := func(text string) string { return xmlOf("TransferAccelerationConfiguration", xmlOf("Enabled", text)) }
	sets := func(document string) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			return client.Call{Method: "PUT", Bucket: s.Own("b"), Query: configQuery(sub), Body: []byte(document)}
		}
	}
	tellsEnabled := func(text string) func(*Scene, *client.Reply) []Flaw {
		return func(_ *Scene, r *client.Reply) []Flaw {
			if got := elementOf(string(r.Body), "Enabled"); got != text || !strings.Contains(string(r.Body), "<TransferAccelerationConfiguration") {
				return []Flaw{{"a TransferAccelerationConfiguration with Enabled " + text, excerpt(string(r.Body))}}
			}
			return nil
		}
	}
	tellsIt := func(text string) []After {
		return []After{{Text: "the bucket tells that it is " + text, Call: func(s *Scene) client.Call { return s.config("GET", sub) }, Want: Accepted(200).With(tellsEnabled(text))}}
	}
	b.Case("acceleration/none", "has no acceleration that nobody has set", By{
		"oss": {Clauses: "OSS-XFLOW-10", Want: Want{Status: 404, Code: "NoSuchTransferAccelerationConfiguration", Step: 1}},
	}, Case{Given: []Given{own("b")}, When: func(s *Scene) client.Call { return s.config("GET", sub) }})
	for _, text := range []string{"true", "false"} {
		b.Case("acceleration/"+text, "takes acceleration that is "+text+" and tells it", By{"oss": {Clauses: "OSS-XFLOW-10", Want: Accepted(200)}}, Case{
			Given: []Given{own("b")}, When: sets(doc(text)),
			After: tellsIt(text),
		})
	}
	for name, text := range byName(map[string]string{"word": doc("maybe"), "empty": doc(""), "without": xmlOf("TransferAccelerationConfiguration")}) {
		b.Case("acceleration/malformed-"+name, "refuses acceleration that is neither true nor false, and keeps what is", By{
			"oss": {Clauses: "OSS-XFLOW-10", Want: Refused(400, "MalformedXML")},
		}, Case{Given: []Given{configured(sub, doc("true"))}, When: sets(text), After: tellsIt("true")})
	}
}
