package suites

import (
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// addressBooks write the chapter addressing: where a request says which bucket it
// is about.
var addressBooks = []func(*Book){addressStyles, addressDots, addressLeads}

// hosted is a call that names its bucket in the host; an emulator of the case's
// own knows the endpoint.
func hosted(call client.Call) client.Call {
	return through("s3.us-east-1.amazonaws.com", "us-east-1", call)
}

func addressStyles(b *Book) {
	there := []Given{standing, own("b"), func(s *Scene) { s.Must(s.withinOwn("PUT", "k", "content")) }}
	inHost := func(method string) func(*Scene) client.Call {
		return func(s *Scene) client.Call { return hosted(s.withinOwn(method, "k", "content")) }
	}
	b.Case("style/read", "answers in the host of a bucket what was put by its path", By{
		"s3": {Clauses: "S3-EP-01", Want: Accepted(200).Content("content")},
	}, Case{Needs: NeedsPrivate, Given: there, When: func(s *Scene) client.Call { return hosted(s.withinOwn("GET", "k", "")) }})
	b.Case("style/write", "answers by the path of a bucket what was put in its host", By{
		"s3": {Clauses: "S3-EP-01", Want: Accepted(200), Rests: "S3-OBJ-01"},
	}, Case{Needs: NeedsPrivate, Given: []Given{standing, own("b")}, When: inHost("PUT"),
		After: []After{{Text: "the object is there", Call: readsOwn("k"), Want: Accepted(200).Content("content")}}})
	b.Case("style/same", "answers the same fields in the host of a bucket as by its path", By{
		"s3": {Clauses: "S3-EP-09", Want: Shown().With(addressSame), Rests: "S3-EP-01"},
	}, Case{Needs: NeedsPrivate, Given: append(there, func(s *Scene) { s.Keep("fields", addressFields(s.Must(readsOwn("k")(s)))) }),
		When: func(s *Scene) client.Call { return hosted(s.withinOwn("GET", "k", "")) }})
	named := func(s *Scene) client.Call {
		call := client.Call{Method: "GET", Bucket: s.Dotted("www.example.test"), Query: []wire.Param{{Name: "list-type", Value: "2"}}}
		call.Before = func(r *wire.Request) {
			r.Target = "/" + strings.TrimPrefix(strings.TrimPrefix(r.Target, "/"+call.Bucket), "/")
			r.Fields.Set("Host", call.Bucket)
		}
		return call
	}
	b.Case("style/cname", "answers in a host that is the name of a bucket", By{
		"s3": {Clauses: "S3-EP-08", Want: Accepted(200).Content(gomega.ContainSubstring("<Key>in-it</Key>")), Rests: "S3-EP-02 S3-LIST-01"},
	}, Case{Needs: NeedsPrivate, Given: []Given{standing, addressDotted("www.example.test")}, When: named})
}

// addressFields are the fields of a reply that do not differ from request to
// request.
func addressFields(r *client.Reply) string {
	var list []string
	for _, f := range r.Fields {
		if name := lower(f.Name); name != "date" && name != "x-amz-request-id" && name != "x-amz-id-2" {
			list = append(list, name+": "+f.Value)
		}
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

func addressSame(s *Scene, r *client.Reply) []Flaw {
	if got := addressFields(r); got != s.Kept("fields") {
		return []Flaw{{"fields " + excerpt(s.Kept("fields")), excerpt(got)}}
	}
	return nil
}

// Dotted is Own for a bucket whose name has dots and ends in end.
func (s *Scene) Dotted(end string) string {
	bucket := s.Run + "." + shortHash(s.Case.ID) + "." + end
	s.enlist(made{bucket: bucket})
	return bucket
}

// addressDotted makes a bucket with dots in its name, and an object in it.
func addressDotted(end string) Given {
	return func(s *Scene) {
		s.Must(s.CreateBucket(s.Dotted(end)))
		s.Must(client.Call{Method: "PUT", Bucket: s.Dotted(end), Key: s.In(s.Dotted(end), "in-it"), Body: []byte("content")})
	}
}

func addressDots(b *Book) {
	list := func(s *Scene) client.Call {
		return client.Call{Method: "GET", Bucket: s.Dotted("name"), Query: []wire.Param{{Name: "list-type", Value: "2"}}}
	}
	want := Accepted(200).Content(gomega.ContainSubstring("<Key>in-it</Key>"))
	b.Case("dots/path", "lists a bucket with dots in its name", By{"s3": {Clauses: "S3-EP-02", Want: want, Rests: "S3-EP-01 S3-LIST-01"}}, Case{
		Given: []Given{addressDotted("name")}, When: list})
	b.Case("dots/host", "lists a bucket with dots in its name by its host", By{"s3": {Clauses: "S3-EP-02", Want: want, Rests: "S3-EP-01 S3-LIST-01"}}, Case{
		Needs: NeedsPrivate, Given: []Given{standing, addressDotted("name")}, When: func(s *Scene) client.Call { return hosted(list(s)) }})
}

// addressLeads sends requests for a bucket of another region on while its name is
// not known everywhere.
func addressLeads(b *Book) {
	young := []Given{func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"Spreading": 3600}}) }, makes(making(placeOf("us-west-2")))}
	b.Case("temporary/put", "sends an upload on to the endpoint of a new bucket of another region", By{
		"s3": {Clauses: "S3-EP-05", Want: Refused(307, "TemporaryRedirect").Field("Location", func(s *Scene) any { return "http://" + s.Own("b") + ".s3.us-west-2.amazonaws.com/k" }), Rests: "S3-ERR-02"},
	}, Case{Needs: NeedsPrivate, Given: young, When: func(s *Scene) client.Call { return s.withinOwn("PUT", "k", "content") },
		After: []After{{Text: "there is no object", Call: func(s *Scene) client.Call {
			return through("s3.us-west-2.amazonaws.com", "us-west-2", s.withinOwn("GET", "k", ""))
		}, Want: Want{Status: 404}}}})
	b.Case("temporary/waiting", "sends an upload on before its body is sent", By{
		"s3": {Clauses: "S3-EP-06", Want: Refused(307, "").With(told(false)), Rests: "S3-EP-05"},
	}, Case{Needs: NeedsPrivate, Given: young, When: func(s *Scene) client.Call {
		call := s.withinOwn("PUT", "k", "content")
		call.Fields, call.Fresh = append(call.Fields, Field("Expect", "100-continue")), true
		return call
	}})
}
