package suites

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// crossUnsigned are the clauses by which a preflight needs no signature; all that ask
// as browsers do rest on them.
var crossUnsigned = map[string]string{"oss": "OSS-XCORS-16", "cos": "COS-XOPT-01", "bos": "BOS-CORS-10", "s3": "S3-CORS-18"}

// A crossAsk is what a preflight asks for; a part that is empty is not sent.
type crossAsk struct{ origin, method, fields string }

// preflight asks, as browsers do, without a signature.
func (s *Scene) preflight(x crossAsk) client.Call {
	call := client.Call{Method: "OPTIONS", Bucket: s.Own("b"), Key: s.Key("k"), Anonymous: true}
	for _, f := range []wire.Field{{Name: "Origin", Value: x.origin}, {Name: "Access-Control-Request-Method", Value: x.method},
		{Name: "Access-Control-Request-Headers", Value: x.fields}} {
		if f.Value != "" {
			call.Fields = append(call.Fields, f)
		}
	}
	return call
}

// crossAsking is the judged request of a preflight.
func crossAsking(x crossAsk) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.preflight(x) }
}

// crossWorks is the control that a preflight is answered.
func crossWorks(x crossAsk) Given { return func(s *Scene) { s.Must(s.preflight(x)) } }

// A crossSaid is what a reply says to a page of another origin. Lists are
// separated by blanks; what is "" is not looked at.
type crossSaid struct{ origin, methods, fields, expose, age, credentials, vary string }

// crossSays wants the fields of a reply to say this. The names of lists are compared
// without regard to order, those of header fields without regard to case.
func crossSays(want crossSaid) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) (flaws []Flaw) {
		for _, f := range []struct{ name, want string }{{"Access-Control-Allow-Origin", want.origin}, {"Access-Control-Allow-Methods", want.methods},
			{"Access-Control-Allow-Headers", want.fields}, {"Access-Control-Expose-Headers", want.expose}, {"Access-Control-Max-Age", want.age},
			{"Access-Control-Allow-Credentials", want.credentials}, {"Vary", want.vary}} {
			if f.want == "" {
				continue
			}
			if got := r.Fields.Values(f.name); !slices.Equal(crossListed(f.want), crossListed(strings.Join(got, " "))) {
				flaws = append(flaws, Flaw{f.name + " of " + f.want, f.name + ": " + strings.Join(got, ", ")})
			}
		}
		return flaws
	}
}

// crossListed are the members of a list in order.
func crossListed(list string) []string {
	names := strings.FieldsFunc(lower(list), func(c rune) bool { return c == ' ' || c == ',' })
	slices.Sort(names)
	return names
}

// crossSilent wants a reply without a word to pages of other origins.
func crossSilent(_ *Scene, r *client.Reply) (flaws []Flaw) {
	for _, f := range r.Fields {
		if strings.HasPrefix(lower(f.Name), "access-control-") {
			flaws = append(flaws, Flaw{"no field Access-Control-*", f.Name + ": " + f.Value})
		}
	}
	return flaws
}

// crossForbidden is a refused preflight in S3, which tells method and kind.
func crossForbidden(method, level string) Want {
	return Refused(403, "AccessForbidden").With(func(s *Scene, r *client.Reply) []Flaw {
		flaws := crossSilent(s, r)
		for _, f := range [][2]string{{"Method", method}, {"ResourceType", level}} {
			if got, _ := extra(r, f[0]); got != f[1] {
				flaws = append(flaws, Flaw{"element " + f[0] + " " + f[1], f[0] + " " + got})
			}
		}
		return flaws
	})
}

// cross adds a case of a preflight, which rests on its needing no signature.
func (b *Book) cross(name, text string, by By, c Case) {
	if row, ok := by[b.Dialect]; ok && !strings.Contains(row.Clauses, crossUnsigned[b.Dialect]) {
		c.Rests = append(c.Rests, crossUnsigned[b.Dialect])
	}
	b.Case("preflight/"+name, text, by, c)
}

func crossAnswers(b *Book) {
	ask := crossAsk{"http://www.example.com", "PUT", "x-test-a"}
	full := crossSaid{origin: "http://www.example.com", methods: "GET PUT", fields: "x-test-a", expose: "ETag x-test-id", age: "100"}
	s3, bos := full, full
	bos.credentials = "true"
	s3.credentials, s3.vary = "true", "Origin Access-Control-Request-Headers Access-Control-Request-Method"
	b.cross("answer", "answers what the rule allows, with an empty body", By{
		"oss": {Clauses: "OSS-XCORS-12", Want: Accepted(200).Content("").With(crossSays(full))},
		"cos": {Clauses: "COS-XOPT-01 COS-XOPT-03", Want: Accepted(200).Content("").Of("COS-XOPT-01"), More: []Want{Accepted(200).Of("COS-XOPT-03").With(crossSays(full))}},
		"bos": {Clauses: "BOS-CORS-12 BOS-API-97", Want: Accepted(200).Of("BOS-CORS-12 BOS-API-97"), More: []Want{Accepted(200).Of("BOS-CORS-12").With(crossSays(bos))}},
		"s3":  {Clauses: "S3-CORS-10", Want: Accepted(200).Content("").With(crossSays(s3))},
	}, Case{Given: []Given{crossing(corsPage)}, When: crossAsking(ask)})
	b.cross("unsigned", "needs no signature", By{
		"oss": {Clauses: "OSS-XCORS-16", Want: Accepted(200)},
		"cos": {Clauses: "COS-XOPT-01", Want: Accepted(200)},
		"bos": {Clauses: "BOS-CORS-10", Want: Accepted(200)},
		"s3":  {Clauses: "S3-CORS-18", Want: Accepted(200)},
	}, Case{
		Given: []Given{crossing(corsPage), func(s *Scene) {
			s.MustStatus(403, "", client.Call{Method: "GET", Bucket: s.Own("b"), Key: s.Key("k"), Anonymous: true})
		}},
		When: crossAsking(crossAsk{"http://www.example.com", "PUT", ""}),
	})
	any := crossRule{Origins: "*", Methods: "GET", Headers: "*", Age: "5"}
	b.cross("any-origin", "answers a rule for any origin", By{
		"oss": {Clauses: "OSS-XCORS-19", Want: Accepted(200).With(crossSays(crossSaid{origin: "http://a.example"}))},
		"cos": {Clauses: "COS-XOPT-02", Want: Accepted(200).Field("Access-Control-Allow-Origin", "*").Field("Access-Control-Allow-Credentials", Absent)},
		"bos": {Clauses: "BOS-CORS-12", Want: Accepted(200).With(crossSays(crossSaid{origin: "http://a.example", methods: "GET", age: "5", credentials: "true"}))},
		"s3":  {Clauses: "S3-CORS-11", Want: Accepted(200).Field("Access-Control-Allow-Origin", "*").Field("Access-Control-Allow-Credentials", Absent)},
	}, Case{Given: []Given{crossing(any)}, When: crossAsking(crossAsk{"http://a.example", "GET", ""})})
	b.cross("named-origin", "answers a rule for one origin", By{
		"oss": {Clauses: "OSS-XCORS-19", Want: Accepted(200).With(crossSays(crossSaid{origin: "http://www.example.com"}))},
		"cos": {Clauses: "COS-XOPT-02", Want: Accepted(200).With(crossSays(crossSaid{origin: "http://www.example.com", credentials: "true"}))},
	}, Case{Given: []Given{crossing(corsPage)}, When: crossAsking(crossAsk{"http://www.example.com", "PUT", ""})})
	b.cross("expose", "answers which fields of replies a page may see", By{
		"s3": {Clauses: "S3-CORS-14", Want: Accepted(200).Field("Access-Control-Expose-Headers", gomega.MatchRegexp("^ETag, ?x-test-id$"))},
	}, Case{Given: []Given{crossing(corsPage)}, When: crossAsking(crossAsk{"http://www.example.com", "PUT", ""})})
	b.cross("age", "answers how long it holds", By{
		"cos": {Clauses: "COS-CORS-14", Want: Accepted(200).Field("Access-Control-Max-Age", "60")},
	}, Case{
		Given: []Given{crossing(crossRule{Origins: "*", Methods: "GET", Age: "60"})},
		When:  crossAsking(crossAsk{"http://a.example", "GET", ""}),
	})
	b.cross("worked", "answers as the worked configuration says", By{
		"cos": {Clauses: "COS-CORS-20", Want: Accepted(200).With(crossSays(crossSaid{origin: "http://x.abc.com", methods: "PUT POST", age: "300"}))},
	}, Case{
		Given: []Given{crossing(crossRule{Origins: "http://*.abc.com", Methods: "PUT POST", Headers: "*", Expose: "Etag", Age: "300"})},
		When:  crossAsking(crossAsk{"http://x.abc.com", "PUT", "content-type"}),
	})
	for _, at := range []struct {
		name, text string
		query      []wire.Param
	}{{"bucket", "the bucket", nil}, {"sub-resource", "a sub-resource", []wire.Param{{Name: "lifecycle", Bare: true}}}} {
		b.cross("at-"+at.name, "asks about "+at.text, By{"cos": {Clauses: "COS-XOPT-05", Want: Accepted(200)}}, Case{
			Given: []Given{crossing(corsPage)},
			When: func(s *Scene) client.Call {
				call := s.preflight(ask)
				call.Key, call.Query = "", at.query
				return call
			},
		})
	}
}

// The cells of the matrix: three rules for three kinds of origin, the methods
// and the fields that they allow and others.
var (
	crossMiddle = crossRule{Origins: "http://*.example.org", Methods: "PUT", Headers: "*", Expose: "x-test-m", Age: "200"}
	crossAnyone = crossRule{Origins: "*", Methods: "HEAD", Expose: "x-test-s", Age: "300"}

	crossKinds = []struct {
		name, origin, method string
		rule                 *crossRule
		fields               map[string]string // by cell: those that are allowed
		others               map[string]string // and those that are not
	}{
		{"exact", "http://www.example.com", "PUT", &corsPage,
			map[string]string{"none": "", "same": "X-Test-A", "case": "x-test-a", "two": "x-test-a, x-test-b", "two-joined": "x-test-b,x-test-a"},
			map[string]string{"other": "x-test-c", "one-other": "x-test-a, x-test-c", "other-first": "x-test-c,x-test-a", "longer": "x-test-a1"}},
		{"middle", "http://a.example.org", "PUT", &crossMiddle,
			map[string]string{"none": "", "one": "x-anything", "three": "authorization, content-md5, x-anything"}, nil},
		{"any", "http://elsewhere.test", "HEAD", &crossAnyone, map[string]string{"none": ""}, map[string]string{"other": "x-test-a"}},
		{"none", "http://elsewhere.test", "PUT", nil, nil, map[string]string{"none": "", "one": "x-test-a"}},
	}
)

func crossCells(b *Book) {
	for _, k := range crossKinds {
		for _, name := range sortedNames(k.fields) {
			ask := crossAsk{k.origin, k.method, k.fields[name]}
			b.cross("cell/"+k.name+"/method/"+name, fmt.Sprintf("allows %s from %s with the fields %q", ask.method, ask.origin, ask.fields),
				crossMatched(*k.rule, ask), Case{Given: []Given{crossing(corsPage, crossMiddle, crossAnyone)}, When: crossAsking(ask)})
			b.refusedCell(k.name+"/other-method/"+name, crossAsk{k.origin, "DELETE", k.fields[name]})
		}
		for _, name := range sortedNames(k.others) {
			b.refusedCell(k.name+"/method/fields-"+name, crossAsk{k.origin, k.method, k.others[name]})
			b.refusedCell(k.name+"/other-method/fields-"+name, crossAsk{k.origin, "DELETE", k.others[name]})
		}
	}
}

// crossMatched are the rows of a cell that a rule allows.
func crossMatched(rule crossRule, x crossAsk) By {
	said := crossSaid{origin: x.origin, methods: rule.Methods, fields: x.fields, expose: rule.Expose, age: rule.Age}
	bos, s3 := said, said
	bos.credentials = "true"
	s3.credentials, s3.vary = "true", "Origin Access-Control-Request-Headers Access-Control-Request-Method"
	by := By{
		"oss": {Clauses: "OSS-XCORS-12", Want: Accepted(200).Content("").With(crossSays(said))},
		"cos": {Clauses: "COS-XOPT-03", Want: Accepted(200).With(crossSays(said))},
		"bos": {Clauses: "BOS-CORS-12", Want: Accepted(200).With(crossSays(bos))},
		"s3":  {Clauses: "S3-CORS-10", Want: Accepted(200).Content("").With(crossSays(s3))},
	}
	if rule.Origins == "*" {
		said.origin = "*"
		by["cos"] = Row{Clauses: "COS-XOPT-03", Want: Accepted(200).With(crossSays(said))}
		by["s3"] = Row{Clauses: "S3-CORS-11", Want: Accepted(200).Field("Access-Control-Allow-Origin", "*").Field("Access-Control-Allow-Credentials", Absent)}
	}
	return by
}

// refusedCell adds the case of a cell that no rule allows.
func (b *Book) refusedCell(name string, x crossAsk) {
	b.cross("cell/"+name, fmt.Sprintf("does not allow %s from %s with the fields %q", x.method, x.origin, x.fields), crossUnmatched(x.method), Case{
		Given: []Given{crossing(corsPage, crossMiddle, crossAnyone), crossWorks(crossAsk{"http://www.example.com", "GET", ""})},
		When:  crossAsking(x),
	})
}

// crossUnmatched are the rows of what no rule allows.
func crossUnmatched(method string) By {
	return By{
		"oss": {Clauses: "OSS-XCORS-14", Want: Refused(403, "AccessForbidden").With(crossSilent)},
		"cos": {Clauses: "COS-XOPT-04 COS-XOPT-06", Want: Refused(403, "AccessForbidden").Of("COS-XOPT-04"), More: []Want{Refused(403, "").With(crossSilent).Of("COS-XOPT-06")}},
		"bos": {Clauses: "BOS-CORS-14", Want: Refused(403, "AccessDenied").With(crossSilent)},
		"s3":  {Clauses: "S3-CORS-12", Want: crossForbidden(method, "OBJECT")},
	}
}

func sortedNames(m map[string]string) (names []string) {
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
