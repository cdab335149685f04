package suites

import (
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// replaceable are the fields that a query can replace, with values that an object
// does not have by itself.
var replaceable = []wire.Field{Field("Content-Type", "text/x-other"), Field("Content-Language", "zh"), Field("Expires", "Thu, 01 Dec 2033 17:00:00 GMT"),
	Field("Cache-Control", "no-cache"), Field("Content-Disposition", "attachment; filename=other.txt"), Field("Content-Encoding", "x-other")}

// responses are the parameters that replace them.
func (b *Book) responses() []wire.Param {
	var list []wire.Param
	for i, name := range b.W.Responses {
		list = append(list, wire.Param{Name: name, Value: replaceable[i].Value})
	}
	return list
}

func objectOverrides(b *Book) {
	for i, p := range b.responses() {
		f := replaceable[i]
		b.Case("override/"+lower(f.Name), "answers a field as the query asks", By{
			"oss": {Clauses: "OSS-XGET-33", Want: Accepted(200).Content(ten).Field(f.Name, f.Value)},
			"cos": {Clauses: "COS-PRESIGN-10 COS-XGET-15", Want: Accepted(200).Content(ten).Field(f.Name, f.Value)},
			"bos": {Clauses: "BOS-GET-16", Want: Accepted(200).Content(ten).Field(f.Name, f.Value)},
			"s3":  {Clauses: "S3-PRE-27", Want: Accepted(200).Content(ten).Field(f.Name, f.Value)},
		}, Case{
			Given: []Given{stored(), func(s *Scene) { s.Keep("type", s.Must(s.Get(s.Key("k"))).Fields.Get("Content-Type")) }},
			When:  queried(p.Name, p.Value),
			After: []After{{Text: "the object keeps its own type", Call: getK(), Want: Want{}.Field("Content-Type", kept("type"))}},
		})
	}
	everything := Accepted(200).Content(ten)
	for _, f := range replaceable {
		everything = everything.Field(f.Name, f.Value)
	}
	b.Case("override/all", "answers all six fields as the query asks", By{
		"oss": {Clauses: "OSS-XGET-33", Want: everything}, "cos": {Clauses: "COS-PRESIGN-10 COS-XGET-15", Want: everything},
		"bos": {Clauses: "BOS-GET-16", Want: everything}, "s3": {Clauses: "S3-PRE-27", Want: everything},
	}, Case{
		Given: []Given{stored()},
		When: func(s *Scene) client.Call {
			call := s.Get(s.Key("k"))
			call.Query = b.responses()
			return call
		},
	})
	b.Case("override/of-range", "answers a field of a range as the query asks", By{
		"cos": {Clauses: "COS-XGET-15", Want: Accepted(206).Field("Content-Type", "text/x-other"), Rests: "COS-XGET-02"},
	}, Case{
		Given: []Given{stored()},
		When: func(s *Scene) client.Call {
			call := s.Get(s.Key("k"), Field("Range", "bytes=2-5"))
			call.Query = []wire.Param{{Name: "response-content-type", Value: "text/x-other"}}
			return call
		},
	})
	objectOverrideRefusals(b)
}

func objectOverrideRefusals(b *Book) {
	b.Case("override/of-refusal", "leaves refusals as they are", By{
		"oss": {Clauses: "OSS-XGET-35", Want: Want{}.Field("Content-Type", "application/xml").With(failing(nil))},
	}, Case{When: queried("response-content-type", "text/x-other")})
	b.Case("override/others", "ignores parameters of fields that cannot be replaceable", By{
		"bos": {Clauses: "BOS-GET-17", Want: Accepted(200).Content(ten).Field("ETag", kept("etag"))},
	}, Case{
		Given: []Given{stored(), func(s *Scene) { s.Keep("etag", s.Must(s.Get(s.Key("k"))).Fields.Get("ETag")) }},
		When:  queried("responseETag", "x"),
	})
	b.Case("override/beyond-latin-1", "refuses a value that ISO-8859-1 cannot hold, and names it", By{
		"s3": {Clauses: "S3-PRE-29", Want: Refused(400, "InvalidArgument").With(elements("ArgumentName", "response-cache-control"))},
	}, Case{
		Given: []Given{stored()},
		When:  queried("response-cache-control", "a\u2014b"),
	})
}
