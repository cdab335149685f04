package suites

import (
	"fmt"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// policyBooks write the chapter policy: who may do what with a bucket, by a
// document of it.
var policyBooks = []func(*Book){policyKept, policyRefused, policySizes, policyOpens, policyDenies, policyWildcards, policyGuarded}

// everybody is the principal that is anyone.
const everybody = `"*"`

// policyOf writes a policy.
func policyOf(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

// statement writes one about a resource behind the name of the case's own bucket:
// "" is the bucket itself.
func (s *Scene) statement(effect, principal, action, behind string) string {
	return fmt.Sprintf(`{"Effect":"%s","Principal":%s,"Action":"%s","Resource":"arn:aws:s3:::%s%s"}`, effect, principal, action, s.Own("b"), behind)
}

// putPolicy puts a policy of the case's own bucket.
func (s *Scene) putPolicy(text string) client.Call {
	call := s.config("PUT", "policy")
	call.Body = []byte(text)
	return call
}

// policyFor puts the policy that a function of the scene writes.
func policyFor(text func(*Scene) string) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.putPolicy(text(s)) }
}

// policyHarmless is a policy that changes nothing for anybody.
func policyHarmless(s *Scene) string {
	return policyOf(s.statement("Deny", everybody, "s3:GetObject", "/never"))
}

// policyOpen is a bucket of the case's own that does not keep the public out, with
// objects and a policy.
func policyOpen(text func(*Scene) string, keys ...string) Given {
	return func(s *Scene) {
		own("b")(s)
		s.Do(s.config("DELETE", "publicAccessBlock")) // a store without one keeps nobody out
		for _, key := range keys {
			s.Must(s.withinOwn("PUT", key, "content"))
		}
		s.Must(s.putPolicy(text(s)))
		s.Must(s.config("GET", "policy"))
	}
}

// readsOwn reads an object of the case's own bucket.
func readsOwn(key string) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.withinOwn("GET", key, "") }
}

func policyKept(b *Book) {
	get := func(s *Scene) client.Call { return s.config("GET", "policy") }
	remove := func(s *Scene) client.Call { return s.config("DELETE", "policy") }
	set := func(s *Scene) { own("b")(s); s.Must(s.putPolicy(policyHarmless(s))); s.Must(get(s)) }
	none := configNone("policy", "NoSuchBucketPolicy")
	one := func(name, text string, want Want, c Case) {
		b.Case(name, text, By{"s3": {Clauses: "S3-POL-01", Want: want}}, c)
	}
	one("none", "says that a bucket has no policy", Refused(404, "NoSuchBucketPolicy"), Case{Given: []Given{own("b")}, When: get})
	one("put", "keeps a policy", Accepted(204), Case{Given: []Given{own("b")}, When: policyFor(policyHarmless),
		After: []After{{Text: "the policy is there", Call: get, Want: Accepted(200)}}})
	one("get", "tells a policy as it was put", Accepted(200).Content(func(s *Scene) any { return policyHarmless(s) }), Case{Given: []Given{set}, When: get})
	one("get-blanks", "tells a policy with the blanks that it was put with", Accepted(200).Content(func(s *Scene) any { return policySpaced(s) }), Case{
		Given: []Given{func(s *Scene) { own("b")(s); s.Must(s.putPolicy(policySpaced(s))) }}, When: get})
	one("delete", "removes a policy", Accepted(204), Case{Given: []Given{set}, When: remove, After: []After{none}})
	one("delete-none", "removes a policy that is not there", Accepted(204), Case{Given: []Given{own("b")}, When: remove})
}

// policySpaced is a policy with blanks and line ends.
func policySpaced(s *Scene) string {
	return "{ \"Version\": \"2012-10-17\",\n  \"Statement\": [ " + s.statement("Deny", everybody, "s3:GetObject", "/never") + " ] }"
}

func policyRefused(b *Book) {
	refuse := func(name, text, clause string, policy func(*Scene) string) {
		b.Case("refused/"+name, text, By{"s3": {Clauses: clause, Want: Refused(400, "MalformedPolicy")}}, Case{
			Given: []Given{own("b"), func(s *Scene) { s.MustStatus(404, "", s.config("GET", "policy")) }},
			When:  policyFor(policy),
			After: []After{{Text: "there is no policy", Call: func(s *Scene) client.Call { return s.config("GET", "policy") }, Want: Want{Status: 404}}},
		})
	}
	for _, c := range []struct{ name, policy string }{{"empty", ""}, {"text", "abc"}, {"no-statement", "{}"}, {"cut", `{"Version":"2012-10-17","Statement":[`}} {
		refuse(c.name, "refuses a policy that is none", "S3-POL-02", func(*Scene) string { return c.policy })
	}
	for _, c := range []struct{ name, effect, principal, action, behind string }{
		{"effect", "Perhaps", everybody, "s3:GetObject", "/*"},
		{"principal", "Deny", `{"AWS":"no account"}`, "s3:GetObject", "/*"},
		{"action", "Deny", everybody, "s3:NoSuchAction", "/*"},
		{"resource", "Deny", everybody, "s3:GetObject", "-another/*"},
	} {
		refuse(c.name, "refuses a statement whose "+c.name+" there is not", "S3-POL-03", func(s *Scene) string {
			return policyOf(s.statement(c.effect, c.principal, c.action, c.behind))
		})
	}
}

// policySized is a policy of n bytes.
func policySized(n int) func(*Scene) string {
	return func(s *Scene) string {
		bare := policyHarmless(s)
		return strings.Replace(bare, "/never", "/never"+strings.Repeat("x", n-len(bare)), 1)
	}
}

func policySizes(b *Book) {
	b.Case("size/over", "refuses a policy of more than 20 KiB", By{
		"s3": {Clauses: "S3-POL-04", Want: Refused(400, "PolicyTooLarge"), Rests: "S3-POL-01"},
	}, Case{Given: []Given{own("b")}, When: policyFor(policySized(20<<10 + 1)), After: []After{configNone("policy", "NoSuchBucketPolicy")}})
	b.Case("size/most", "takes a policy of 20 KiB", By{
		"s3": {Clauses: "S3-POL-04", Want: Accepted(2)},
	}, Case{Given: []Given{own("b")}, When: policyFor(policySized(20 << 10))})
}

func policyOpens(b *Book) {
	open := func(s *Scene) string { return policyOf(s.statement("Allow", everybody, "s3:GetObject", "/*")) }
	for name, as := range byName(map[string]Role{"anybody": Nobody, "other": Second}) {
		b.Case("allow/"+name, "lets "+name+" read what a policy opens", By{
			"s3": {Clauses: "S3-POL-05", Want: Accepted(200).Content("content"), Rests: "S3-ACL-08"},
		}, Case{Needs: map[Role]Need{Second: NeedsOther}[as], As: as, Given: []Given{policyOpen(open, "k")}, When: readsOwn("k")})
	}
	b.Case("public/blocked", "refuses a public policy where the bucket keeps the public out", By{
		"s3": {Clauses: "S3-POL-08", Want: Refused(403, "AccessDenied"), Rests: "S3-POL-01"},
	}, Case{Given: []Given{own("b")}, When: policyFor(open), After: []After{configNone("policy", "NoSuchBucketPolicy")}})
}

func policyDenies(b *Book) {
	shut := func(who func(*Scene) string) func(*Scene) string {
		return func(s *Scene) string {
			return policyOf(s.statement("Allow", everybody, "s3:GetObject", "/*"), s.statement("Deny", who(s), "s3:GetObject", "/k"))
		}
	}
	opened := func(as Role) Given {
		return func(s *Scene) {
			if r := s.DoBy(as, readsOwn("free")(s)); r.Status != 200 {
				s.Block("what the policy opens answered %s, want success", describe(r))
			}
		}
	}
	denied := Row{Clauses: "S3-POL-06", Want: Refused(403, "AccessDenied")}
	b.Case("deny/other", "keeps an account from reading that a statement denies it", By{"s3": denied}, Case{Needs: NeedsOther, As: Second,
		Given: []Given{policyOpen(shut(func(s *Scene) string { return `{"CanonicalUser":"` + s.OwnID(Second) + `"}` }), "k", "free"), opened(Second)}, When: readsOwn("k")})
	anybody := shut(func(*Scene) string { return everybody })
	b.Case("deny/anybody", "keeps anybody from reading what a statement denies to all", By{"s3": denied}, Case{As: Nobody,
		Given: []Given{policyOpen(anybody, "k", "free"), opened(Nobody)}, When: readsOwn("k")})
	// Other stores know owners that no policy binds: those who run them.
	b.Case("deny/owner", "keeps even the owner from reading what a statement denies to all", By{"s3": denied}, Case{
		Needs: NeedsPrivate, Given: []Given{standing, policyOpen(anybody, "k", "free"), opened(Owner)}, When: readsOwn("k")})
}

func policyWildcards(b *Book) {
	for _, c := range []struct {
		name, pattern, key string
		open               bool
	}{
		{"one", "/my-???", "my-abc", true}, {"one-more", "/my-???", "my-abcd", false}, {"one-fewer", "/my-???", "my-ab", false},
		{"any", "/my-*", "my-one/two", true}, {"middle", "/a*z", "a/b/z", true},
	} {
		row, text := Row{Clauses: "S3-POL-07", Want: Accepted(200)}, "opens "+c.key+" by a policy about "+c.pattern
		if !c.open {
			row.Want, row.Rests, text = Refused(403, "AccessDenied"), "S3-ERR-10", "does not open "+c.key+" by a policy about "+c.pattern
		}
		pattern := func(s *Scene) string { return policyOf(s.statement("Allow", everybody, "s3:GetObject", c.pattern)) }
		b.Case("wildcard/"+c.name, text, By{"s3": row}, Case{As: Nobody, Given: []Given{policyOpen(pattern, c.key)}, When: readsOwn(c.key)})
	}
}

func policyGuarded(b *Book) {
	for _, method := range []string{"PUT", "GET", "DELETE"} {
		b.Case("expected-owner/"+lower(method), "refuses "+method+" of a policy for another expected owner of the bucket", By{
			"s3": {Clauses: "S3-POL-09", Want: Refused(403, "AccessDenied")},
		}, Case{
			Given: []Given{own("b"), func(s *Scene) {
				s.Must(s.putPolicy(policyHarmless(s)))
				s.Keep("policy", string(s.Must(s.config("GET", "policy")).Body))
			}},
			When: func(s *Scene) client.Call {
				call := s.config(method, "policy")
				if method == "PUT" {
					call = s.putPolicy(policySpaced(s))
				}
				call.Fields = append(call.Fields, wire.Field{Name: "x-amz-expected-bucket-owner", Value: "000000000000"})
				return call
			},
			After: []After{configSame("policy")},
		})
	}
}
