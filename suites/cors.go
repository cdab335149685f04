package suites

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// corsBooks write the chapter cors: what pages of other origins may ask for.
var corsBooks = []func(*Book){corsKept, corsRefused, corsBounds, corsRead, corsRemoved, crossAnswers, crossCells, crossOrigins, crossFields, crossFirst, crossRefused, crossActual, crossVary}

// A crossRule is one rule of a configuration; its lists are separated by blanks.
type crossRule struct {
	ID, Age                           string
	Origins, Methods, Headers, Expose string
	More                              string // further elements or members, as they stand
}

// corsPage is the rule that most cases need: one origin, two methods.
var corsPage = crossRule{Origins: "http://www.example.com", Methods: "GET PUT", Headers: "X-Test-A x-test-b x-test-z", Expose: "ETag x-test-id", Age: "100"}

// crossXML writes a configuration as OSS, COS and S3 read it; after follows the
// rules.
func crossXML(after string, rules ...crossRule) string {
	var b strings.Builder
	b.WriteString("<CORSConfiguration>")
	for _, r := range rules {
		b.WriteString("<CORSRule>")
		for _, e := range []struct{ name, values string }{{"ID", r.ID}, {"AllowedOrigin", r.Origins}, {"AllowedMethod", r.Methods},
			{"AllowedHeader", r.Headers}, {"ExposeHeader", r.Expose}, {"MaxAgeSeconds", r.Age}} {
			for _, v := range strings.Fields(e.values) {
				b.WriteString("<" + e.name + ">" + v + "</" + e.name + ">")
			}
		}
		b.WriteString(r.More + "</CORSRule>")
	}
	return b.String() + after + "</CORSConfiguration>"
}

// crossJSON writes it as BOS reads it.
func crossJSON(rules ...crossRule) string {
	var list []string
	for _, r := range rules {
		var members []string
		for _, e := range []struct{ name, values string }{{"allowedOrigins", r.Origins}, {"allowedMethods", r.Methods},
			{"allowedHeaders", r.Headers}, {"allowedExposeHeaders", r.Expose}} {
			if e.values != "" {
				members = append(members, strconv.Quote(e.name)+`:["`+strings.Join(strings.Fields(e.values), `","`)+`"]`)
			}
		}
		if r.Age != "" {
			members = append(members, `"maxAgeSeconds":`+r.Age)
		}
		list = append(list, "{"+strings.Join(members, ",")+r.More+"}")
	}
	return `{"corsConfiguration":[` + strings.Join(list, ",") + "]}"
}

// putCORS sets the rules of the case's own bucket.
func (s *Scene) putCORS(rules ...crossRule) client.Call {
	return s.putCORSText(s.W.DoomForm(crossXML("", rules...), crossJSON(rules...)))
}

// putCORSText sends a configuration as it stands, with its MD5, which some
// services ask for.
func (s *Scene) putCORSText(text string) client.Call {
	sum := md5.Sum([]byte(text))
	return client.Call{Method: "PUT", Bucket: s.Own("b"), Query: corsQuery, Body: []byte(text),
		Fields: wire.Fields{{Name: "Content-MD5", Value: base64.StdEncoding.EncodeToString(sum[:])}}}
}

var corsQuery = []wire.Param{{Name: "cors", Bare: true}}

func (s *Scene) getCORS() client.Call {
	return client.Call{Method: "GET", Bucket: s.Own("b"), Query: corsQuery}
}

func (s *Scene) deleteCORS() client.Call {
	return client.Call{Method: "DELETE", Bucket: s.Own("b"), Query: corsQuery}
}

// crossing makes a bucket of the case's own with rules, and makes sure that they
// are kept.
func crossing(rules ...crossRule) Given {
	return func(s *Scene) {
		own("b")(s)
		s.Must(s.putCORS(rules...))
		s.Keep("rules", string(s.Must(s.getCORS()).Body))
	}
}

// A crossKept is a rule as a reply tells it.
type crossKept struct {
	Origins []string `xml:"AllowedOrigin" json:"allowedOrigins"`
	Methods []string `xml:"AllowedMethod" json:"allowedMethods"`
	Headers []string `xml:"AllowedHeader" json:"allowedHeaders"`
	Expose  []string `xml:"ExposeHeader" json:"allowedExposeHeaders"`
	Age     *int     `xml:"MaxAgeSeconds" json:"maxAgeSeconds"`
}

func (k crossKept) String() string {
	age := "none"
	if k.Age != nil {
		age = itoa(*k.Age)
	}
	return fmt.Sprintf("origins %v, methods %v, headers %v, exposed %v, age %s", k.Origins, k.Methods, k.Headers, k.Expose, age)
}

func (r crossRule) kept() crossKept {
	k := crossKept{Origins: strings.Fields(r.Origins), Methods: strings.Fields(r.Methods), Headers: strings.Fields(r.Headers), Expose: strings.Fields(r.Expose)}
	if n, err := strconv.Atoi(r.Age); err == nil {
		k.Age = &n
	}
	for _, list := range [][]string{k.Origins, k.Methods, k.Headers, k.Expose} {
		slices.Sort(list)
	}
	return k
}

// corsTells wants these rules of a reply, in this order; within a rule the order is
// free.
func corsTells(rules ...crossRule) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		got, err := readCORS(r)
		if err != nil {
			return []Flaw{{"a CORS configuration", err.Error()}}
		}
		var want []crossKept
		for _, rule := range rules {
			want = append(want, rule.kept())
		}
		for i := range max(len(want), len(got)) {
			if i >= len(want) || i >= len(got) || want[i].String() != got[i].String() {
				return []Flaw{{fmt.Sprint(want), fmt.Sprint(got)}}
			}
		}
		return nil
	}
}

func readCORS(r *client.Reply) ([]crossKept, error) {
	var config struct {
		Rules []crossKept `xml:"CORSRule" json:"corsConfiguration"`
	}
	read := xml.Unmarshal
	if strings.HasPrefix(string(r.Body), "{") {
		read = json.Unmarshal
	}
	err := read(r.Body, &config)
	for _, k := range config.Rules {
		for _, list := range [][]string{k.Origins, k.Methods, k.Headers, k.Expose} {
			slices.Sort(list)
		}
	}
	return config.Rules, err
}

// corsTold are the clauses by which the rules can be read; what looks at them
// afterwards rests on these.
var corsTold = map[string]string{"oss": "OSS-XCORS-01", "cos": "COS-XCORS-05", "bos": "BOS-CORS-01"}

// corsHolds is the later look that the bucket has these rules.
func corsHolds(rules ...crossRule) After {
	return After{Text: "the rules are these", Call: (*Scene).getCORS, Want: Want{Check: corsTells(rules...)}}
}

// corsSame is the later look that the bucket has the rules that crossing gave it.
func corsSame() After {
	return After{Text: "the rules are as they were", Call: (*Scene).getCORS, Want: Want{Body: kept("rules")}}
}

// corsSets adds a case that sets rules and reads them again.
func (b *Book) corsSets(name, text string, by By, c Case) {
	if row, ok := by[b.Dialect]; ok && corsTold[b.Dialect] != "" && !strings.Contains(row.Clauses, corsTold[b.Dialect]) {
		c.Rests = append(c.Rests, corsTold[b.Dialect])
	}
	b.Case(name, text, by, c)
}

func corsKept(b *Book) {
	second := crossRule{Origins: "https://other.example.com", Methods: "DELETE", Age: "7"}
	b.corsSets("put", "keeps the rules that it is given", By{
		"oss": {Clauses: "OSS-XCORS-01", Want: Accepted(200)},
		"cos": {Clauses: "COS-XCORS-01", Want: Accepted(200)},
		"bos": {Clauses: "BOS-CORS-01 BOS-API-47", Want: Accepted(200)},
		"s3":  {Clauses: "S3-CORS-02", Want: Accepted(200)},
	}, Case{
		Given: []Given{own("b")},
		When:  func(s *Scene) client.Call { return s.putCORS(corsPage, second) },
		After: []After{corsHolds(corsPage, second)},
	})
	b.corsSets("put/replaces", "replaces the rules that were there", By{
		"oss": {Clauses: "OSS-XCORS-02", Want: Shown()},
		"cos": {Clauses: "COS-XCORS-01", Want: Accepted(200)},
		"bos": {Clauses: "BOS-CORS-02", Want: Shown()},
	}, Case{
		Given: []Given{crossing(corsPage)},
		When:  func(s *Scene) client.Call { return s.putCORS(second) },
		After: []After{corsHolds(second)},
	})
	b.Case("put/methods", "takes each of the five methods", By{
		"oss": {Clauses: "OSS-XCORS-05", Want: Accepted(200)},
		"cos": {Clauses: "COS-XCORS-03", Want: Accepted(200)},
		"bos": {Clauses: "BOS-CORS-08", Want: Accepted(200)},
		"s3":  {Clauses: "S3-CORS-03", Want: Accepted(200)},
	}, Case{
		Given: []Given{own("b")},
		When: func(s *Scene) client.Call {
			return s.putCORS(crossRule{Origins: "*", Methods: "GET PUT DELETE POST HEAD", Age: "5"})
		},
	})
	b.corsSets("put/unknown-member", "passes over members that it does not need", By{
		"bos": {Clauses: "BOS-ERR-05", Want: Accepted(200)},
	}, Case{
		Given: []Given{own("b")},
		When: func(s *Scene) client.Call {
			return s.putCORS(crossRule{Origins: "*", Methods: "GET", More: `,"allowedColour":"blue"`})
		},
		After: []After{corsHolds(crossRule{Origins: "*", Methods: "GET"})},
	})
	b.Case("put/no-digest", "needs no Content-MD5", By{
		"cos": {Clauses: "COS-XCORS-04", Want: Accepted(200)},
	}, Case{
		Given: []Given{own("b")},
		When: func(s *Scene) client.Call {
			call := s.putCORS(corsPage)
			call.Fields = nil
			return call
		},
	})
}

// corsWrong are configurations that are refused.
var corsWrong = []struct {
	name, text string
	rule       crossRule
	by         By
}{
	{"method/unknown", "of a method that there is not", crossRule{Origins: "*", Methods: "TEST", Age: "5"}, By{
		"oss": {Clauses: "OSS-XCORS-05", Want: Refused(400, "InvalidArgument")},
		"cos": {Clauses: "COS-XCORS-03", Want: Refused(400, "InvalidArgument")},
		"bos": {Clauses: "BOS-CORS-08", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-CORS-03", Want: Refused(400, "InvalidRequest")}}},
	{"method/patch", "of a method that other services have", crossRule{Origins: "*", Methods: "PATCH", Age: "5"}, By{
		"oss": {Clauses: "OSS-XCORS-05", Want: Refused(400, "InvalidArgument")},
		"cos": {Clauses: "COS-XCORS-03", Want: Refused(400, "InvalidArgument")},
		"bos": {Clauses: "BOS-CORS-08", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-CORS-03", Want: Refused(400, "InvalidRequest")}}},
	{"method/star", "of any method", crossRule{Origins: "*", Methods: "*", Age: "5"}, By{
		"oss": {Clauses: "OSS-XCORS-05", Want: Refused(400, "InvalidArgument")},
		"cos": {Clauses: "COS-XCORS-03", Want: Refused(400, "InvalidArgument")},
		"bos": {Clauses: "BOS-CORS-08", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-CORS-03", Want: Refused(400, "InvalidRequest")}}},
	{"method/lower-case", "of a method in lower case", crossRule{Origins: "*", Methods: "get", Age: "5"}, By{
		"s3": {Clauses: "S3-CORS-03", Want: Refused(400, "InvalidRequest")}}},
	{"method/empty", "of an empty method", crossRule{Origins: "*", More: "<AllowedMethod></AllowedMethod>"}, By{
		"oss": {Clauses: "OSS-XCORS-05", Want: Refused(400, "InvalidArgument")}}},
	{"method/none", "without a method", crossRule{Origins: "*", Age: "5"}, By{
		"oss": {Clauses: "OSS-XCORS-06", Want: Refused(400, "MalformedXML")},
		"bos": {Clauses: "BOS-ERR-18", Want: Refused(400, "InappropriateJSON")},
		"s3":  {Clauses: "S3-CORS-04", Want: Refused(400, "MalformedXML")}}},
	{"origin/none", "without an origin", crossRule{Methods: "GET", Age: "5"}, By{
		"oss": {Clauses: "OSS-XCORS-06", Want: Refused(400, "MalformedXML")},
		"bos": {Clauses: "BOS-ERR-18", Want: Refused(400, "InappropriateJSON")},
		"s3":  {Clauses: "S3-CORS-04", Want: Refused(400, "MalformedXML")}}},
	{"origin/two-stars", "of an origin with two asterisks", crossRule{Origins: "http://*.a.*", Methods: "GET", Age: "5"}, By{
		"oss": {Clauses: "OSS-XCORS-07", Want: Refused(400, "InvalidArgument")},
		"cos": {Clauses: "COS-CORS-07 COS-XCORS-03", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-CORS-05", Want: Refused(400, "InvalidRequest")}}},
	{"origin/star-at-both-ends", "of an origin with an asterisk at either end", crossRule{Origins: "*example.com*", Methods: "GET", Age: "5"}, By{
		"oss": {Clauses: "OSS-XCORS-07", Want: Refused(400, "InvalidArgument")},
		"cos": {Clauses: "COS-CORS-07 COS-XCORS-03", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-CORS-05", Want: Refused(400, "InvalidRequest")}}},
	{"header/two-stars", "of a header with two asterisks", crossRule{Origins: "*", Methods: "GET", Headers: "x-*-*", Age: "5"}, By{
		"oss": {Clauses: "OSS-XCORS-07", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-CORS-05", Want: Refused(400, "InvalidRequest")}}},
	{"expose/star", "that exposes all headers", crossRule{Origins: "*", Methods: "GET", Expose: "*", Age: "5"}, By{
		"oss": {Clauses: "OSS-XCORS-07", Want: Refused(400, "InvalidArgument")},
		"cos": {Clauses: "COS-CORS-13 COS-XCORS-03", Want: Refused(400, "InvalidArgument")}}},
	{"expose/star-inside", "that exposes headers by an asterisk", crossRule{Origins: "*", Methods: "GET", Expose: "x-*", Age: "5"}, By{
		"oss": {Clauses: "OSS-XCORS-07", Want: Refused(400, "InvalidArgument")},
		"cos": {Clauses: "COS-CORS-13", Want: Refused(400, "InvalidArgument")}}},
	{"age/zero", "that lasts no second", crossRule{Origins: "*", Methods: "GET", Age: "0"}, By{
		"cos": {Clauses: "COS-CORS-15", Want: Refused(400, "InvalidArgument")}}},
	{"age/negative", "that lasts less than no second", crossRule{Origins: "*", Methods: "GET", Age: "-1"}, By{
		"cos": {Clauses: "COS-CORS-15", Want: Refused(400, "InvalidArgument")}}},
	{"age/twice", "with two ages", crossRule{Origins: "*", Methods: "GET", Age: "5 6"}, By{
		"cos": {Clauses: "COS-XCORS-03", Want: Refused(400, "MalformedXML")}}},
	{"id/twice", "with two ids", crossRule{Origins: "*", Methods: "GET", ID: "a b", Age: "5"}, By{
		"cos": {Clauses: "COS-XCORS-03", Want: Refused(400, "MalformedXML")}}},
}

// corsMalformed are bodies that are no configuration; json is the form of BOS.
var corsMalformed = []struct{ name, text, xml, json string }{
	{"text", "of plain text", "no configuration", "no configuration"},
	{"cut", "of a document that breaks off", "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>", `{"corsConfiguration":[{"allowedOrigins":["*"]`},
	{"behind", "of a document with something behind it", crossXML("", corsPage) + "<CORSConfiguration/>", crossJSON(corsPage) + "{}"},
	{"twisted", "of a document whose brackets do not match", "<CORSConfiguration><CORSRule></CORSConfiguration></CORSRule>", `{"corsConfiguration":[{]}}`},
}

func corsRefused(b *Book) {
	for _, w := range corsWrong {
		b.Case("wrong/"+w.name, "refuses a rule "+w.text, w.by, Case{
			Given: []Given{crossing(corsPage)},
			When:  func(s *Scene) client.Call { return s.putCORS(w.rule) },
			After: []After{corsSame()},
		})
	}
	b.Case("wrong/no-rule", "refuses a configuration without a rule", By{
		"oss": {Clauses: "OSS-XCORS-06", Want: Refused(400, "MalformedXML")},
		"bos": {Clauses: "BOS-ERR-18", Want: Refused(400, "InappropriateJSON")},
	}, Case{
		Given: []Given{crossing(corsPage)},
		When:  func(s *Scene) client.Call { return s.putCORS() },
		After: []After{corsSame()},
	})
	b.Case("wrong/type", "refuses members of another type than theirs", By{
		"bos": {Clauses: "BOS-ERR-18", Want: Refused(400, "InappropriateJSON")},
	}, Case{
		Given: []Given{crossing(corsPage)},
		When: func(s *Scene) client.Call {
			return s.putCORSText(`{"corsConfiguration":[{"allowedOrigins":"*","allowedMethods":["GET"]}]}`)
		},
		After: []After{corsSame()},
	})
	for _, m := range corsMalformed {
		b.Case("malformed/"+m.name, "refuses a body "+m.text, By{
			"oss": {Clauses: "OSS-XERR-09", Want: Refused(400, "MalformedXML")},
			"cos": {Clauses: "COS-XERR-12", Want: Refused(400, "MalformedXML")},
			"bos": {Clauses: "BOS-ERR-19", Want: Refused(400, "MalformedJSON")},
			"s3":  {Clauses: "S3-ERR-19", Want: Refused(400, "MalformedXML")},
		}, Case{
			Given: []Given{crossing(corsPage)},
			When:  func(s *Scene) client.Call { return s.putCORSText(s.W.DoomForm(m.xml, m.json)) },
			After: []After{corsSame()},
		})
	}
	b.Case("wrong/no-body", "refuses a request without a body", By{
		"cos": {Clauses: "COS-XERR-10", Want: Refused(400, "MissingRequestBodyError")},
		"s3":  {Clauses: "S3-ERR-20", Want: Refused(400, "MissingRequestBodyError")},
	}, Case{
		Given: []Given{crossing(corsPage)},
		When:  func(s *Scene) client.Call { return s.putCORSText("") },
		After: []After{corsSame()},
	})
	b.Case("wrong/digest", "refuses a document that is not the one its Content-MD5 was made of", By{
		"oss": {Clauses: "OSS-XCORS-08", Want: Refused(400, "InvalidDigest")},
	}, Case{
		Given: []Given{crossing(corsPage)},
		When: func(s *Scene) client.Call {
			call := s.putCORS(crossRule{Origins: "*", Methods: "GET"})
			call.Fields = wire.Fields{{Name: "Content-MD5", Value: "1B2M2Y8AsgTpgAmY7PhCfg=="}}
			return call
		},
		After: []After{corsSame()},
	})
}
