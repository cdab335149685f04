package suites

import (
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/clause"
	"objectharness/internal/client"
)

func objectReplies(b *Book) {
	for _, w := range []way{{"success", getK()}, {"head", headK()}, {"refusal", func(s *Scene) client.Call { return s.Get(s.Key("other")) }},
		{"head-refusal", func(s *Scene) client.Call { return s.Head(s.Key("other")) }}} {
		b.Case("reply/request-id/"+w.name, "carries a request id", By{
			"oss": {Clauses: "OSS-HDR-01", Want: Want{}.Field("x-oss-request-id", Present)},
		}, Case{Given: []Given{stored()}, When: w.call})
		b.Case("reply/fields/"+w.name, "carries its time and the name of the server", By{
			"oss": {Clauses: "OSS-HDR-04 OSS-HDR-05", Want: Want{}.Of("OSS-HDR-05").Field("Server", "AliyunOSS"), More: []Want{datedNow("OSS-HDR-04")}},
			"cos": {Clauses: "COS-XHDR-01 COS-XHDR-03", Want: Want{}.Of("COS-XHDR-01").Field("Server", "tencent-cos"), More: []Want{Want{}.Of("COS-XHDR-03").Field("Date", httpDated)}},
			"bos": {Clauses: "BOS-HDR-03 BOS-HDR-04", Want: Want{}.Of("BOS-HDR-03").Field("Server", "BceBos"), More: []Want{Want{}.Of("BOS-HDR-04").Field("Date", httpDated)}},
			"s3":  {Clauses: "S3-ERR-09", Want: Want{}.Field("Server", "AmazonS3").Field("Date", httpDated)},
		}, Case{Given: []Given{stored()}, When: w.call})
		b.Case("reply/debug-id/"+w.name, "carries an id for support", By{
			"bos": {Clauses: "BOS-HDR-02", Want: Want{}.Field("x-bce-debug-id", Present)},
		}, Case{Given: []Given{stored()}, When: w.call})
	}
	b.Case("reply/request-ids", "carries ids that no two replies share", By{
		"oss": {Clauses: "OSS-HDR-02"}, "cos": {Clauses: "COS-XHDR-02"}, "s3": {Clauses: "S3-ERR-05"}, "bos": {Clauses: "BOS-HDR-01"},
	}, Case{Given: []Given{stored()}, Run: b.differentIDs})
	b.Case("reply/request-id-form", "writes the request id as 24 hexadecimal digits", By{
		"oss": {Clauses: "OSS-XHDR-09", Want: Want{}.Field("x-oss-request-id", gomega.MatchRegexp(`^[0-9A-F]{24}$`)), Rests: "OSS-HDR-01"},
	}, Case{Given: []Given{stored()}, When: getK()})
	b.Case("reply/trace-id", "carries a trace id when it reports a failure, and only then", By{
		"cos": {Clauses: "COS-XERR-04", Want: Want{}.Field("x-cos-trace-id", Present).With(failing(nil))},
	}, Case{
		Given: []Given{stored()},
		When:  func(s *Scene) client.Call { return s.Get(s.Key("other")) },
		After: []After{{Text: "a success has none", Call: getK(), Want: Shown().Field("x-cos-trace-id", Absent)}},
	})
	b.Case("reply/server-time", "tells the time that it took in whole milliseconds, if at all", By{
		"oss": {Clauses: "OSS-HDR-07", Want: Want{}.With(func(_ *Scene, r *client.Reply) []Flaw {
			if v := r.Fields.Get("x-oss-server-time"); strings.Trim(v, "0123456789") != "" {
				return []Flaw{{"x-oss-server-time as a whole number", v}}
			}
			return nil
		})},
	}, Case{Given: []Given{stored()}, When: getK()})
	objectDocuments(b)
}

func datedNow(of string) Want {
	return Want{}.Of(of).Field("Date", httpDated).With(func(s *Scene, r *client.Reply) []Flaw {
		return near(s, "Date", r.Fields.Get("Date"), s.Now().UTC().Format(httpTime))
	})
}

// idFields are the fields that identify a reply, with their form.
var idFields = map[string]map[string]string{
	"oss": {"x-oss-request-id": `.`},
	"cos": {"x-cos-request-id": `.`},
	"bos": {"x-bce-request-id": `^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`},
	"s3":  {"x-amz-request-id": `.`, "x-amz-id-2": `.`},
}

// differentIDs asks five times and wants five ids.
func (b *Book) differentIDs(s *Scene) {
	seen := map[string]bool{}
	for _, call := range []client.Call{s.Get(s.Key("k")), s.Head(s.Key("k")), s.Get(s.Key("k")), s.Get(s.Key("other")), s.Put(s.Key("k"), ten)} {
		r := s.Do(call)
		for name, form := range idFields[b.Dialect] {
			s.Judge(r, Want{}.Field(name, gomega.MatchRegexp(form)))
			id := name + " " + r.Fields.Get(name)
			if seen[id] {
				s.Fail(s.Case.Clauses[0], clause.BrokenField, "another "+name+" for each reply", id)
			}
			seen[id] = true
		}
	}
}

// objectDocuments are the forms of documents, as one small one shows them.
func objectDocuments(b *Book) {
	list := Case{When: func(s *Scene) client.Call { return client.Call{Method: "GET", Bucket: s.Bucket} }}
	b.Case("document/content-type", "labels XML as such", By{
		"oss": {Clauses: "OSS-HDR-09", Want: Shown().Field("Content-Type", "application/xml")},
	}, list)
	b.Case("document/declaration", "begins XML with its declaration", By{
		"oss": {Clauses: "OSS-HDR-11", Want: Shown().Content(gomega.MatchRegexp(`^<\?xml version="1\.0" encoding="UTF-8"\?>`))},
	}, list)
	b.Case("document/json", "labels JSON as such and names its members in camel case", By{
		"bos": {Clauses: "BOS-HDR-11", Want: Shown().Field("Content-Type", gomega.MatchRegexp(`^application/json(; ?charset=utf-8)?$`)).
			Content(gomega.And(gomega.ContainSubstring(`"owner":`), gomega.ContainSubstring(`"buckets":`)))},
	}, Case{When: func(*Scene) client.Call { return client.Call{Method: "GET"} }})
}

func objectConnections(b *Book) {
	b.Case("reply/keep-alive", "lets the connection live for a second request", By{
		"oss": {Clauses: "OSS-HDR-06", Want: Shown().With(livesOn)},
	}, Case{
		Given: []Given{stored()},
		When:  getK(),
		After: []After{{Text: "a second request is answered", Call: getK(), Want: Accepted(200)}},
	})
	b.Case("reply/connection", "says keep-alive or close of the connection, if anything", By{
		"bos": {Clauses: "BOS-HDR-05", Want: Want{}.With(func(_ *Scene, r *client.Reply) []Flaw {
			if v := lower(r.Fields.Get("Connection")); v != "" && v != "keep-alive" && v != "close" {
				return []Flaw{{"Connection keep-alive, close or none", v}}
			}
			return nil
		})},
	}, Case{Given: []Given{stored()}, When: getK()})
}

func livesOn(_ *Scene, r *client.Reply) []Flaw {
	if strings.EqualFold(r.Fields.Get("Connection"), "close") {
		return []Flaw{{"a connection that lives on", "Connection: close"}}
	}
	return nil
}
