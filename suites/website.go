package suites

import (
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
)

// websiteBooks write the chapter website: buckets that are websites.
var websiteBooks = []func(*Book){websiteKept, websiteRefused, websiteCodes, websiteRules, websiteMoves, websiteCopies, sitePages, siteErrors, siteRedirects}

var (
	webIndex = xmlOf("IndexDocument", xmlOf("Suffix", "index.html"))
	webError = xmlOf("ErrorDocument", xmlOf("Key", "error.html"))
)

// webOf writes what a website is.
func webOf(parts ...string) string { return xmlOf("WebsiteConfiguration", parts...) }

// webRouted writes a website of one routing rule.
func webRouted(parts ...string) string {
	return webOf(webIndex, xmlOf("RoutingRules", xmlOf("RoutingRule", parts...)))
}

func websiteKept(b *Book) {
	one := func(name, text string, want Want, c Case) {
		b.Case(name, text, By{"s3": {Clauses: "S3-WEB-01", Want: want}}, c)
	}
	get := func(s *Scene) client.Call { return s.config("GET", "website") }
	remove := func(s *Scene) client.Call { return s.config("DELETE", "website") }
	const none = "NoSuchWebsiteConfiguration"
	one("none", "says that a bucket is no website", Refused(404, none), Case{Given: []Given{own("b")}, When: get})
	one("put", "makes a bucket a website", Accepted(200), Case{Given: []Given{own("b")}, When: func(s *Scene) client.Call { return s.setConfig("website", webOf(webIndex)) },
		After: []After{{Text: "it is a website", Call: get, Want: Accepted(200).Content(gomega.ContainSubstring(webIndex))}}})
	one("get", "tells what a website is", Accepted(200).Content(gomega.And(gomega.ContainSubstring(webIndex), gomega.ContainSubstring(webError))), Case{
		Given: []Given{own("b"), func(s *Scene) { s.Must(s.setConfig("website", webOf(webIndex, webError))) }}, When: get})
	one("delete", "removes a website", Accepted(204), Case{Given: []Given{configured("website", webOf(webIndex))}, When: remove, After: []After{configNone("website", none)}})
	one("delete-none", "removes a website that is not there", Accepted(204), Case{Given: []Given{own("b")}, When: remove})
}

// webRefused is a case of a document that is refused and leaves the old one.
func (b *Book) webRefused(name, text, clause string, want Want, document string) {
	b.Case("refused/"+name, text, By{"s3": {Clauses: clause, Want: want}}, Case{
		Given: []Given{configured("website", webOf(webIndex))},
		When:  func(s *Scene) client.Call { return s.setConfig("website", document) },
		After: []After{configSame("website")},
	})
}

func websiteRefused(b *Book) {
	named := func(element string) Want {
		return Refused(400, "InvalidArgument").With(elements("ArgumentName", element))
	}
	for name, suffix := range byName(map[string]string{"slash": "/index.html", "inner-slash": "a/index.html", "empty": ""}) {
		b.webRefused("suffix-"+name, "refuses the name of index documents "+suffix, "S3-WEB-02", named("IndexDocument"), webOf(xmlOf("IndexDocument", xmlOf("Suffix", suffix))))
	}
	all := xmlOf("RedirectAllRequestsTo", xmlOf("HostName", "www.example.test"))
	b.webRefused("all-and-index", "refuses to redirect all requests and to have index documents", "S3-WEB-03", named("RedirectAllRequestsTo"), webOf(webIndex, all))
	b.webRefused("error-only", "refuses a website without index documents", "S3-WEB-03", named("IndexDocument"), webOf(webError))
	invalid := Refused(400, "InvalidRequest")
	b.webRefused("protocol-of-all", "refuses to redirect all requests to another protocol", "S3-WEB-04", invalid,
		webOf(xmlOf("RedirectAllRequestsTo", xmlOf("HostName", "www.example.test"), xmlOf("Protocol", "ftp"))))
	b.webRefused("protocol", "refuses to redirect to another protocol", "S3-WEB-04", invalid, webRouted(xmlOf("Redirect", xmlOf("Protocol", "ftp"))))
	b.webRefused("both-keys", "refuses to replace the key and the beginning of it", "S3-WEB-04", invalid,
		webRouted(xmlOf("Redirect", xmlOf("ReplaceKeyPrefixWith", "a"), xmlOf("ReplaceKeyWith", "b"))))
	b.webRefused("condition", "refuses a condition of nothing", "S3-WEB-04", invalid, webRouted(xmlOf("Condition"), xmlOf("Redirect", xmlOf("ReplaceKeyWith", "b"))))
}

func websiteCodes(b *Book) {
	invalid := Refused(400, "InvalidRequest")
	for _, code := range []string{"300", "306", "309", "text"} {
		b.webRefused("redirect-code-"+code, "refuses to redirect with "+code, "S3-WEB-05", invalid,
			webRouted(xmlOf("Redirect", xmlOf("HttpRedirectCode", code), xmlOf("ReplaceKeyWith", "b"))))
	}
	for _, code := range []string{"399", "600"} {
		b.webRefused("error-code-"+code, "refuses a condition on the status "+code, "S3-WEB-05", invalid,
			webRouted(xmlOf("Condition", xmlOf("HttpErrorCodeReturnedEquals", code)), xmlOf("Redirect", xmlOf("ReplaceKeyWith", "b"))))
	}
}

func websiteRules(b *Book) {
	many := func(n int) string {
		return webOf(webIndex, xmlOf("RoutingRules", strings.Repeat(xmlOf("RoutingRule", xmlOf("Condition", xmlOf("KeyPrefixEquals", "a/")), xmlOf("Redirect", xmlOf("ReplaceKeyWith", "b"))), n)))
	}
	b.webRefused("rules-over", "refuses 51 rules", "S3-WEB-06", Refused(400, "InvalidRequest"), many(51))
	b.Case("rules-most", "takes 50 rules", By{"s3": {Clauses: "S3-WEB-06", Want: Accepted(200), Rests: "S3-WEB-01"}}, Case{
		Given: []Given{own("b")}, When: func(s *Scene) client.Call { return s.setConfig("website", many(50)) }})
}

func websiteMoves(b *Book) {
	const field = "x-amz-website-redirect-location"
	for name, to := range byName(map[string]string{"word": "abc", "ftp": "ftp://example.test/", "host": "example.test/a"}) {
		b.Case("moved/"+name, "refuses an object that redirects to "+to, By{
			"s3": {Clauses: "S3-OBJ-37", Want: Refused(400, "InvalidRedirectLocation")},
		}, Case{When: func(s *Scene) client.Call { return s.Put(s.Key("a"), "", Field(field, to)) }, After: []After{missing("a")}})
	}
	for name, to := range byName(map[string]string{"path": "/new", "http": "http://example.test/", "https": "https://example.test/"}) {
		b.Case("moved/told-"+name, "answers an object that redirects to "+to+", and tells so", By{
			"s3": {Clauses: "S3-WEB-11", Want: Accepted(200).Field(field, to)},
		}, Case{Given: []Given{func(s *Scene) { s.Must(s.Put(s.Key("a"), "old", Field(field, to))) }}, When: func(s *Scene) client.Call { return s.Get(s.Key("a")) }})
	}
}

func websiteCopies(b *Book) {
	moved := Field("x-amz-website-redirect-location", "/new")
	told := After{Text: "the copy redirects", Call: func(s *Scene) client.Call { return s.Get(s.Key("a")) }, Want: Want{Status: 2}.Field(moved.Name, moved.Value)}
	b.Case("moved/copy", "makes a copy that redirects to where the request says", By{"s3": {Clauses: "S3-WEB-11", Want: Shown(), Rests: "S3-COPY-01"}}, Case{
		Given: []Given{put("from", "content")}, When: func(s *Scene) client.Call { return s.Copy("from", "a", moved) }, After: []After{told}})
}

// siteHost serves websites; an emulator of the case's own knows it.
const siteHost = "s3-website.us-east-1.amazonaws.com"

// onSite is a request that comes to the website that the case's own bucket is.
func onSite(method, key string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		call := through(siteHost, "us-east-1", client.Call{Method: method, Bucket: s.Own("b"), Key: key})
		call.Anonymous = true
		return call
	}
}

// siteOf is, on an emulator of the case's own, a bucket that anybody may read,
// with objects that hold their own names.
func siteOf(document string, keys ...string) Given {
	return func(s *Scene) {
		s.NewPrivate(Setup{})
		own("b")(s)
		s.Must(s.config("DELETE", "publicAccessBlock"))
		s.Must(s.putPolicy(policyOf(s.statement("Allow", everybody, "s3:GetObject", "/*"))))
		for _, key := range keys {
			s.Must(s.withinOwn("PUT", key, key))
		}
		s.Must(s.config("GET", "policy"))
		if document != "" {
			s.Must(s.setConfig("website", document))
			s.Must(s.config("GET", "website"))
		}
	}
}

// htmlOf wants a page that names a code.
func htmlOf(status int, code string) Want {
	return Refused(status, "").Field("Content-Type", gomega.HavePrefix("text/html")).Content(gomega.ContainSubstring("<li>Code: " + code + "</li>"))
}

// siteRests are the clauses that pages rest on: who may read the bucket.
const siteRests = "S3-POL-05 S3-POL-07"

func sitePages(b *Book) {
	plain := webOf(webIndex)
	for name, key := range byName(map[string]string{"root": "", "folder": "dir/"}) {
		b.Case("site/index-"+name, "answers the index document of /"+key, By{
			"s3": {Clauses: "S3-WEB-07", Want: Accepted(200).Content(key + "index.html"), Rests: siteRests},
		}, Case{Needs: NeedsPrivate, Given: []Given{siteOf(plain, "index.html", "dir/index.html")}, When: onSite("GET", key)})
	}
	b.Case("site/folder", "redirects to the slash of a folder", By{
		"s3": {Clauses: "S3-WEB-07", Want: Want{Status: 302}.Field("Location", gomega.HaveSuffix("/dir/")), Rests: siteRests + " S3-ERR-02"},
	}, Case{Needs: NeedsPrivate, Given: []Given{siteOf(plain, "dir/index.html")}, When: onSite("GET", "dir")})
}

func siteErrors(b *Book) {
	b.Case("site/missing", "answers a page of HTML for a key that is not there", By{
		"s3": {Clauses: "S3-WEB-08", Want: htmlOf(404, "NoSuchKey"), Rests: siteRests + " S3-ERR-02"},
	}, Case{Needs: NeedsPrivate, Given: []Given{siteOf(webOf(webIndex), "index.html")}, When: onSite("GET", "missing")})
	b.Case("site/error-document", "answers the error document for a key that is not there", By{
		"s3": {Clauses: "S3-WEB-08", Want: Refused(404, "").Content("error.html"), Rests: siteRests + " S3-ERR-02"},
	}, Case{Needs: NeedsPrivate, Given: []Given{siteOf(webOf(webIndex, webError), "error.html")}, When: onSite("GET", "missing")})
	b.Case("site/none", "answers a page of HTML for a bucket that is no website", By{
		"s3": {Clauses: "S3-WEB-09", Want: htmlOf(404, "NoSuchWebsiteConfiguration")},
	}, Case{Needs: NeedsPrivate, Given: []Given{siteOf("", "index.html")}, When: onSite("GET", "")})
	b.Case("site/no-bucket", "answers a page of HTML for a bucket that is not there", By{
		"s3": {Clauses: "S3-WEB-09", Want: htmlOf(404, "NoSuchBucket")},
	}, Case{Needs: NeedsPrivate, Given: []Given{standing}, When: onSite("GET", "")})
	for _, c := range []struct{ method, key string }{{"POST", ""}, {"POST", "index.html"}, {"DELETE", "index.html"}, {"PUT", "x"}} {
		name := lower(c.method) + "-" + strings.TrimSuffix(c.key, ".html")
		b.Case("site/method/"+strings.TrimSuffix(name, "-"), "refuses "+c.method+" of /"+c.key, By{
			"s3": {Clauses: "S3-WEB-10", Want: htmlOf(405, "MethodNotAllowed")},
		}, Case{Needs: NeedsPrivate, Given: []Given{siteOf(webOf(webIndex), "index.html")}, When: onSite(c.method, c.key)})
	}
}

func siteRedirects(b *Book) {
	moved := func(s *Scene) {
		siteOf(webOf(webIndex))(s)
		call := s.withinOwn("PUT", "k", "old")
		call.Fields = append(call.Fields, Field("x-amz-website-redirect-location", "/new"))
		s.Must(call)
	}
	b.Case("site/moved", "redirects from an object that stands for a redirection", By{
		"s3": {Clauses: "S3-WEB-11", Want: Want{Status: 301}.Field("Location", "/new"), Rests: siteRests},
	}, Case{Needs: NeedsPrivate, Given: []Given{moved}, When: onSite("GET", "k")})
	docs, documents := xmlOf("Condition", xmlOf("KeyPrefixEquals", "docs/")), xmlOf("ReplaceKeyPrefixWith", "documents/")
	notFound := xmlOf("Condition", xmlOf("HttpErrorCodeReturnedEquals", "404"))
	for _, c := range []struct {
		name, text, key, document, to string
		status                        int
	}{
		{"prefix", "redirects by the beginning of a key", "docs/x", webRouted(docs, xmlOf("Redirect", documents)), "/documents/x", 301},
		{"code", "redirects with the status of the rule", "docs/x", webRouted(docs, xmlOf("Redirect", documents, xmlOf("HttpRedirectCode", "307"))), "/documents/x", 307},
		{"whole", "redirects to another key", "docs/x", webRouted(docs, xmlOf("Redirect", xmlOf("ReplaceKeyWith", "moved.html"))), "/moved.html", 301},
		{"error", "redirects by the status of a refusal", "missing", webRouted(notFound, xmlOf("Redirect", xmlOf("ReplaceKeyWith", "help.html"))), "/help.html", 301},
	} {
		b.Case("site/rule/"+c.name, c.text, By{
			"s3": {Clauses: "S3-WEB-12", Want: Want{Status: c.status}.Field("Location", gomega.MatchRegexp(`^(http://[^/]+)?`+c.to+`$`)), Rests: siteRests + " S3-ERR-02"},
		}, Case{Needs: NeedsPrivate, Given: []Given{siteOf(c.document, "index.html")}, When: onSite("GET", c.key)})
	}
}
