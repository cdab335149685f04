package suites

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// failing looks at a refusal; the case is blocked where the reply is none. nil
// looks no further.
func failing(check func(*Scene, *client.Reply) []Flaw) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw {
		if r.Status < 400 {
			s.Block("%s %s answered %s, want a refusal to look at", r.Request.Method, r.Request.Target, describe(r))
		}
		if check == nil {
			return nil
		}
		return check(s, r)
	}
}

// children are the elements below the root of an XML text, in its order; the
// first is the root itself.
func children(text []byte) (list []wire.Field) {
	dec := xml.NewDecoder(strings.NewReader(string(text)))
	for depth := 0; len(list) < 64; {
		token, err := dec.Token()
		if err != nil {
			return list
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth <= 2 {
				list = append(list, wire.Field{Name: t.Name.Local})
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if n := len(list); n > 0 && depth == 2 {
				list[n-1].Value += string(t)
			}
		}
	}
	return list
}

// members wants an XML error body that has all of names with a value, and, where
// asked, in their order.
func members(ordered bool, names ...string) func(*Scene, *client.Reply) []Flaw {
	return failing(func(_ *Scene, r *client.Reply) []Flaw {
		list := children(r.Body)
		if len(list) == 0 || list[0].Name != "Error" {
			return []Flaw{{"an XML body with the root Error", excerpt(string(r.Body))}}
		}
		return inOrder(list[1:], ordered, names)
	})
}

func inOrder(list []wire.Field, ordered bool, names []string) (flaws []Flaw) {
	last := -1
	for _, name := range names {
		at := -1
		for i, f := range list {
			if f.Name == name && f.Value != "" {
				at = i
				break
			}
		}
		switch {
		case at < 0:
			flaws = append(flaws, Flaw{"a member " + name + " that is not empty", "none"})
		case ordered && at < last:
			flaws = append(flaws, Flaw{"members in the order " + strings.Join(names, ", "), name + " too early"})
		}
		last = max(last, at)
	}
	return flaws
}

// jsonMembers wants a JSON object of exactly three texts, none empty.
func jsonMembers(_ *Scene, r *client.Reply) (flaws []Flaw) {
	var got map[string]any
	if err := json.Unmarshal(r.Body, &got); err != nil {
		return []Flaw{{"a JSON object", excerpt(string(r.Body))}}
	}
	for _, name := range []string{"code", "message", "requestId"} {
		if text, ok := got[name].(string); !ok || text == "" {
			flaws = append(flaws, Flaw{"a text as member " + name, excerpt(string(r.Body))})
		}
	}
	if len(got) != 3 {
		flaws = append(flaws, Flaw{"code, message and requestId alone", excerpt(string(r.Body))})
	}
	return flaws
}

// same wants two texts to be equal and not empty.
func same(name, want, got string) []Flaw {
	if want == got && want != "" {
		return nil
	}
	return []Flaw{{name + " " + want, got}}
}

func sameRequest(s *Scene, r *client.Reply) []Flaw {
	return same("the request id of the field in the body too:", r.Fields.Get(s.W.RequestID), r.Err.RequestID)
}

func objectErrorBodies(b *Book) {
	lost := Case{When: getK()}
	b.Case("error/members", "answers a refusal with a body that has all the documented members", By{
		"oss": {Clauses: "OSS-ERROR-01", Want: Want{}.With(members(false, "Code", "Message", "RequestId", "HostId"))},
		"cos": {Clauses: "COS-XERR-01", Want: Want{}.Field("Content-Type", "application/xml").
			With(members(true, "Code", "Message", "Resource", "RequestId", "TraceId"))},
		"bos": {Clauses: "BOS-ERR-01", Want: Want{}.With(failing(jsonMembers))},
		"s3": {Clauses: "S3-ERR-01", Want: Want{}.Field("Content-Type", "application/xml").
			With(members(false, "Code", "Message", "Key", "RequestId", "HostId"))},
	}, lost)
	b.Case("error/request-id", "names in the body the request that the header names", By{
		"oss": {Clauses: "OSS-HDR-03", Want: Want{}.With(failing(sameRequest)), Rests: "OSS-HDR-01"},
		"cos": {Clauses: "COS-XERR-03", Want: Want{}.With(failing(sameRequest)), Rests: "COS-XHDR-02"},
		"bos": {Clauses: "BOS-ERR-04", Want: Want{}.With(failing(sameRequest)), Rests: "BOS-HDR-01"},
		"s3": {Clauses: "S3-ERR-06", Rests: "S3-ERR-05", Want: Want{}.With(failing(func(s *Scene, r *client.Reply) []Flaw {
			return append(sameRequest(s, r), same("HostId as in x-amz-id-2:", r.Fields.Get("x-amz-id-2"), r.Err.HostID)...)
		}))},
	}, lost)
	b.Case("error/readable", "answers a refusal that the vendor's client can read", By{
		"cos": {Clauses: "COS-XERR-07", Want: Want{}.With(failing(func(_ *Scene, r *client.Reply) []Flaw {
			if r.Err.Code == "" || r.Err.RequestID == "" {
				return []Flaw{{"a body with Code and RequestId", excerpt(string(r.Body))}}
			}
			return nil
		}))},
	}, lost)
	b.Case("error/host", "repeats in HostId the host that was addressed", By{
		"oss": {Clauses: "OSS-ERROR-02", Want: Want{}.With(failing(func(_ *Scene, r *client.Reply) []Flaw {
			return same("HostId", r.Request.Fields.Get("Host"), r.Err.HostID)
		}))},
	}, lost)
	b.Case("error/resource", "names host and path in Resource", By{
		"cos": {Clauses: "COS-XERR-02", Want: Want{}.With(failing(func(s *Scene, r *client.Reply) []Flaw {
			return same("Resource", r.Request.Fields.Get("Host")+"/"+s.Key("k"), r.Err.Resource)
		}))},
	}, lost)
	b.Case("error/length", "announces the length of the body of a refusal", By{
		"oss": {Clauses: "OSS-ERROR-04", Want: Want{}.With(failing(func(_ *Scene, r *client.Reply) []Flaw {
			return same("Content-Length", itoa(int(r.Size)), r.Fields.Get("Content-Length"))
		}))},
	}, lost)
	b.Case("error/content-type", "labels the body of a refusal as what it is", By{
		"oss": {Clauses: "OSS-XHDR-14", Want: Want{}.Field("Content-Type", "application/xml").With(failing(nil))},
		"bos": {Clauses: "BOS-HDR-11", Want: Want{}.Field("Content-Type", gomega.MatchRegexp(`^application/json(; ?charset=utf-8)?$`)).With(failing(nil))},
	}, lost)
	objectReasons(b)
}

// objectReasons are the finer codes that OSS gives beside Code.
func objectReasons(b *Book) {
	lost := Case{When: getK()}
	b.Case("error/ec", "tells the finer code in the body and in a field", By{
		"oss": {Clauses: "OSS-XERR-01", Want: Want{}.Field("x-oss-ec", gomega.MatchRegexp(`^[0-9]{4}-[0-9]{8}$`)).
			With(failing(func(_ *Scene, r *client.Reply) []Flaw {
				ec, _ := extra(r, "EC")
				return same("EC as in x-oss-ec:", r.Fields.Get("x-oss-ec"), ec)
			}))},
	}, lost)
	b.Case("error/recommend", "leads to a page about the finer code", By{
		"oss": {Clauses: "OSS-XERR-02", Want: Want{}.With(failing(func(_ *Scene, r *client.Reply) []Flaw {
			doc, _ := extra(r, "RecommendDoc")
			ec, _ := extra(r, "EC")
			if !strings.HasPrefix(doc, "http") || !strings.HasSuffix(doc, "q="+ec) {
				return []Flaw{{"a RecommendDoc that ends in q=" + ec, doc}}
			}
			return nil
		})), Rests: "OSS-XERR-01"},
	}, lost)
	b.Case("error/head-tells", "tells in fields what was wrong with a HEAD", By{
		"oss": {Clauses: "OSS-XERR-03", Want: Want{}.Field("x-oss-ec", Present).With(failing(func(s *Scene, r *client.Reply) []Flaw {
			text, err := base64.StdEncoding.DecodeString(r.Fields.Get("x-oss-err"))
			if err != nil {
				return []Flaw{{"x-oss-err in base64", r.Fields.Get("x-oss-err")}}
			}
			return wellFormed(text, "<Code>NoSuchKey</Code>")
		})), Rests: "OSS-XERR-01"},
	}, Case{When: headK()})
}

// wellFormed wants a whole XML error body that holds part.
func wellFormed(text []byte, part string) []Flaw {
	dec := xml.NewDecoder(strings.NewReader(string(text)))
	for {
		_, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return []Flaw{{"a well-formed XML text", excerpt(string(text))}}
		}
	}
	if !strings.Contains(string(text), part) || !strings.HasSuffix(strings.TrimSpace(string(text)), "</Error>") {
		return []Flaw{{"a whole Error with " + part, excerpt(string(text))}}
	}
	return nil
}
