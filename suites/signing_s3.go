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

// signingS3Books write what the S3 documents say of signatures.
var signingS3Books = booksOf("s3", s3Header, s3Mutations, s3Fields, s3Scope, s3Authorization, s3Dates, s3Payload, s3Accounts,
	s3Canonical, s3Proof, s3URL, s3URLScope, s3URLFields, s3URLTimes, s3Chunks, s3ChunkRefusals, s3Trailers, s3Stored)

var (
	v4Header = form{name: "header", text: "Signature Version 4 in the header", scheme: "aws-sigv4"}
	v4URL    = form{name: "url", text: "Signature Version 4 in the URL", scheme: "aws-sigv4", url: true}
)

// gets are the asks of a matrix whose answers do not depend on the operation.
var gets = []ask{askGet}

// answered is a row of a mutation: what it is about and how it is answered.
func answered(clauses string, status int, code string) Row {
	return Row{Clauses: clauses, Want: Refused(status, code)}
}

// telling is a row whose answer also shows an element.
func telling(clauses string, status int, code, element string, value any) Row {
	return Row{Clauses: clauses, Want: Refused(status, code).Content(holding(element, value))}
}

// holding matches a body that holds an element: with a value, or with one that
// a matcher takes.
func holding(element string, value any) gomega.OmegaMatcher {
	return gomega.WithTransform(func(body string) string { return elementOf(body, element) }, matcherOf(value))
}

func matcherOf(value any) gomega.OmegaMatcher {
	if m, ok := value.(gomega.OmegaMatcher); ok {
		return m
	}
	return gomega.Equal(value)
}

// shownElements matches a body that holds them all.
type shownElements map[string]any

func (e shownElements) all() gomega.OmegaMatcher {
	var list []gomega.OmegaMatcher
	for name, value := range byName(e) {
		list = append(list, holding(name, value))
	}
	return gomega.And(list...)
}

// elementOf is the content of the first element of that name, "" without one.
func elementOf(body, name string) string {
	_, rest, ok := strings.Cut(body, "<"+name+">")
	content, _, closed := strings.Cut(rest, "</"+name+">")
	if !ok || !closed {
		return ""
	}
	return content
}

// s3Header is that right signatures are accepted, and written as documented.
func s3Header(b *Book) {
	commas := mutation{name: "commas", text: "and commas alone between its components", tamper: func(r *wire.Request) {
		r.Fields.Set("Authorization", strings.ReplaceAll(r.Fields.Get("Authorization"), ", ", ","))
	}}
	b.acceptances(v4Header, asks, wrong{commas, Row{Clauses: "S3-SIG-01", Rests: "S3-OBJ-21"}})
	b.Case("header/get/commas-and-blanks", "accepts commas with a blank behind them as well as commas alone", By{
		"s3": {Clauses: "S3-SIG-01", Want: Accepted(200)},
	}, Case{
		Given: []Given{put("a", "content")},
		When:  func(s *Scene) client.Call { return v4Header.signed(s, s.Get(s.Key("a")), commas) },
		After: []After{{Text: "with blanks it is accepted too",
			Call: func(s *Scene) client.Call { return v4Header.signed(s, s.Get(s.Key("a")), untouched) }, Want: Accepted(200)}},
	})
	anyDate := mutation{name: "date-ignored", text: "and an unsigned Date of last year",
		tamper: func(r *wire.Request) { r.Fields.Set("Date", "Wed, 05 Feb 2025 10:00:00 GMT") }}
	b.acceptances(v4Header, asks, wrong{anyDate, Row{Clauses: "S3-SIG-20", Rests: "S3-OBJ-21"}})
	unsigned := mutation{name: "unsigned-others", text: "and no other field signed than host and those of Amazon",
		before: func(r *wire.Request) { r.Fields.Add("X-Custom-Header", "custom") }, sign: onlySigning("host", amzDate, amzHash, amzToken, "x-amz-meta-author")}
	b.Case("header/put/unsigned-others", "accepts a Content-Type and other fields that are not signed, and stores the Content-Type", By{
		"s3": {Clauses: "S3-SIG-11", Want: Want{Status: 2}, Rests: "S3-OBJ-15"},
	}, Case{
		When: func(s *Scene) client.Call { return v4Header.signed(s, askPut.call(s, "a"), unsigned) },
		After: []After{{Text: "the type is the one that was sent", Call: func(s *Scene) client.Call { return s.Head(s.Key("a")) },
			Want: Shown().Field("Content-Type", "text/plain")}},
	})
}

// onlySigning signs those of the listed fields that are there, and no others.
func onlySigning(names ...string) func(*sign.Input) {
	return func(in *sign.Input) { in.Signed = names }
}

// s3Mutations is the matrix of what the signature covers.
func s3Mutations(b *Book) {
	mismatch := func(clauses string) Row { return answered(clauses, 403, "SignatureDoesNotMatch") }
	b.refusals(v4Header, asks,
		wrong{otherVerb, mismatch("S3-SIG-04")},
		wrong{otherKey, mismatch("S3-SIG-04")},
		wrong{otherSecret, mismatch("S3-SIG-15")},
		wrong{oneByte("Signature="), Row{Clauses: "S3-SIG-13", Want: shownMismatch}},
		wrong{sentField(amzHash, "UNSIGNED-PAYLOAD"), mismatch("S3-SIG-12")},
		wrong{changedDate, mismatch("S3-SIG-12")},
		wrong{over("field.host", "over another host", replaced("\nhost:", "\nhost:x")), mismatch("S3-SIG-12")},
	)
	b.refusals(v4Header, []ask{askPut},
		wrong{sentField("Content-Type", "text/html"), mismatch("S3-SIG-12")},
		wrong{sentField("x-amz-meta-author", "two"), mismatch("S3-SIG-12")},
		wrong{doubled(amzDate), mismatch("S3-SIG-12")},
		wrong{doubled(amzHash), mismatch("S3-SIG-12")},
		wrong{twiceField("x-amz-meta-author", "two", false), mismatch("S3-SIG-12")},
		wrong{twiceField("x-amz-meta-author", "two", true), mismatch("S3-SIG-12")},
		wrong{withoutField("x-amz-meta-author"), mismatch("S3-SIG-12")},
		wrong{withoutField("Content-Type"), mismatch("S3-SIG-12")},
	)
	asked := askGet.asking(wire.Param{Name: "response-cache-control", Value: "no-cache"}).named("get-params", "a GET with a parameter")
	b.refusals(v4Header, []ask{asked},
		wrong{sentParam("response-cache-control", "no-store"), mismatch("S3-SIG-04")},
		wrong{withoutParam("response-cache-control"), mismatch("S3-SIG-04")},
		wrong{sentParam("response-expires", "0"), mismatch("S3-SIG-04")},
	)
}

// changedDate is sent with a date that is some seconds off.
var changedDate = mutation{name: "field.x-amz-date", text: "and sent with another " + amzDate, tamper: func(r *wire.Request) {
	date := r.Fields.Get(amzDate)
	last := byte('0')
	if date[len(date)-2] == last {
		last = '1'
	}
	r.Fields.Set(amzDate, date[:len(date)-2]+string(last)+"Z")
}}

// s3Fields is which fields must be signed.
func s3Fields(b *Book) {
	denied := func(clauses, name string) Row { return telling(clauses, 403, "AccessDenied", "HeadersNotSigned", name) }
	unsigned := func(name string, rest ...string) mutation {
		return mutation{name: "unsigned." + name, text: "and " + name + " not signed", sign: onlySigning(append(rest, amzToken)...)}
	}
	b.refusals(v4Header, asks, wrong{unsigned("host", amzDate, amzHash, "x-amz-meta-author"), answered("S3-SIG-09", 403, "AccessDenied")},
		wrong{unsigned("x-amz-date", "host", amzHash, "x-amz-meta-author"), denied("S3-SIG-10", "x-amz-date")},
		wrong{unsigned("x-amz-content-sha256", "host", amzDate, "x-amz-meta-author"), denied("S3-SIG-10", "x-amz-content-sha256")},
		wrong{added("x-amz-meta-wrong"), denied("S3-SIG-10", "x-amz-meta-wrong")})
	b.refusals(v4Header, []ask{askPut}, wrong{unsigned("x-amz-meta-author", "host", amzDate, amzHash), denied("S3-SIG-10", "x-amz-meta-author")})
}

// added is sent with one more field than was signed.
func added(name string) mutation {
	m := sentField(name, "5")
	m.name, m.text = "added."+name, "and sent with "+name+", which is not signed"
	return m
}

// s3Scope is what the credential must say.
func s3Scope(b *Book) {
	malformed := func(clauses string) Row { return answered(clauses, 400, "AuthorizationHeaderMalformed") }
	region := malformed("S3-SIG-24")
	region.Want = region.Want.Content(func(s *Scene) any { return holding("Region", s.Owner.Region) })
	b.refusals(v4Header, asks,
		wrong{inRegion("region", "nowhere-1"), region},
		wrong{credential("service", "for another service", scopePart(3, "ec2")), malformed("S3-SIG-25")},
		wrong{credential("terminator", "with another terminator", scopePart(4, "aws_request")), malformed("S3-SIG-26")},
		wrong{otherDay, malformed("S3-SIG-23")},
	)
	b.refusals(v4Header, gets,
		wrong{credential("day-digits", "with ten digits for the day", scopePart(1, "3223423234")), malformed("S3-SIG-27")},
		wrong{credential("day-dashes", "with dashes in the day", scopePart(1, "2026-03-01")), malformed("S3-SIG-27")},
		wrong{credential("more-parts", "with two parts more in the credential", func(p []string) []string { return append(slices.Clone(p), "extra", "things") }), malformed("S3-SIG-28")},
	)
}

// otherDay is signed with the credential of the day before.
var otherDay = mutation{name: "other-day", text: "and the day before in its credential", wrap: func(s sign.Scheme) sign.Scheme {
	return proved{s, func(p *proof) {
		day, _ := time.Parse("20060102", p.credential[1])
		p.credential = scopePart(1, day.AddDate(0, 0, -1).Format("20060102"))(p.credential)
	}}
}}

// s3Authorization is how the field Authorization must be written.
func s3Authorization(b *Book) {
	malformed := func(clauses string) Row { return answered(clauses, 400, "AuthorizationHeaderMalformed") }
	for _, name := range []string{"Credential", "SignedHeaders", "Signature"} {
		b.refusals(v4Header, asks, wrong{rewritten("without."+lower(name), "and no "+name, withoutComponent(name)), malformed("S3-SIG-29")})
		b.refusals(v4Header, gets,
			wrong{rewritten("no-equals."+lower(name), "and a dash for the equals sign of "+name, replaced(name+"=", name+"-")), malformed("S3-SIG-30")})
	}
	b.refusals(v4Header, gets,
		wrong{rewritten("nonsense", "and a component that is none", replaced(", SignedHeaders", ", nonsense, SignedHeaders")), malformed("S3-SIG-30")})
	b.refusals(v4Header, asks,
		wrong{rewritten("no-blank", "and no blank in the field", func(string) string { return "invalid_header" }), Row{Clauses: "S3-SIG-31",
			Want: Refused(400, "InvalidArgument").Content(shownElements{"ArgumentName": "Authorization", "ArgumentValue": "invalid_header"}.all())}},
		wrong{rewritten("scheme", "and another scheme in the field", replaced("AWS4-HMAC-SHA256", "AWS2-HMAC-SHA1")),
			telling("S3-SIG-32", 400, "InvalidArgument", "ArgumentName", "Authorization")},
		wrong{mutation{name: "and-url", text: "and in the URL, too", wrap: func(s sign.Scheme) sign.Scheme { return twofold{s} }},
			telling("S3-SIG-42", 400, "InvalidArgument", "ArgumentName", "Authorization")},
	)
	old := rewritten("version-2", "of Version 2", func(string) string { return "AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=" })
	b.Case("header/get/version-2", "refuses a signature of Version 2 where only Version 4 is taken", By{
		"s3": {Clauses: "S3-SIG-33", Want: Refused(400, "InvalidRequest")},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{standing, put("a", "content")},
		When:  func(s *Scene) client.Call { return v4Header.signed(s, s.Get(s.Key("a")), old) },
	})
}

// rewritten is sent with the field Authorization changed.
func rewritten(name, text string, change func(string) string) mutation {
	return mutation{name: name, text: text, tamper: func(r *wire.Request) {
		r.Fields.Set("Authorization", change(r.Fields.Get("Authorization")))
	}}
}

// onComponents changes the list of the components of Authorization.
func onComponents(change func([]string) []string) func(string) string {
	return func(text string) string {
		scheme, list, _ := strings.Cut(text, " ")
		return scheme + " " + strings.Join(change(strings.Split(list, ", ")), ", ")
	}
}

func withoutComponent(name string) func(string) string {
	return onComponents(func(list []string) []string {
		return slices.DeleteFunc(list, func(c string) bool { return strings.HasPrefix(c, name+"=") })
	})
}

// doubled is sent with a field once more, with the value that it has.
func doubled(name string) mutation {
	return mutation{name: "twice." + lower(name), text: "and sent with " + name + " twice", tamper: func(r *wire.Request) {
		r.Fields.Add(name, r.Fields.Get(name))
	}}
}

// doubledParam is sent with a parameter once more, with the value that it has.
func doubledParam(name string) mutation {
	return mutation{name: "twice." + lower(name), text: "and sent with " + name + " twice", tamper: func(r *wire.Request) {
		value, _ := sign.Param(r.Target, name)
		sign.AddParam(r, name, value)
	}}
}
