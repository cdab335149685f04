package suites

import (
	"fmt"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// bosEntry is an entry of a list; more are further members, each with a comma in
// front.
func bosEntry(id, permission, more string) string {
	return fmt.Sprintf(`{"grantee":[{"id":"%s"}],"permission":["%s"]%s}`, id, permission, more)
}

// bosList is a document of entries.
func bosList(entries ...string) string {
	return `{"accessControlList":[` + strings.Join(entries, ",") + `]}`
}

// bosDoc makes a document that is the same in every scene.
func bosDoc(text string) func(*Scene) string { return func(*Scene) string { return text } }

// aclBOS writes what only BOS has: documents in JSON.
func aclBOS(b *Book) {
	public := []Given{aclOwn("b", "public-read")}
	still := []After{bucketTells("owner FULL_CONTROL", "everyone READ")}
	one := func(name, text, clauses string, want Want, c Case) {
		b.Case(name, text, By{"bos": {Clauses: clauses, Want: want}}, c)
	}
	second := func(permission, more string) func(*Scene) string {
		return func(s *Scene) string { return bosList(bosEntry(s.OwnID(Second), permission, more)) }
	}
	for _, p := range []string{"FULL_CONTROL", "READ", "WRITE", "LIST", "MODIFY", "GetObject", "PutObject", "DeleteObject", "RestoreObject"} {
		one("document/permission/"+p, "takes a document that grants "+p, "BOS-ACL-07 BOS-ACL-03", Accepted(200), Case{Needs: NeedsOther, Given: public,
			When: setDocument(second(p, "")), After: []After{bucketTells("second " + p)}})
	}
	inappropriate := Refused(400, "InappropriateJSON")
	for _, d := range []struct {
		name, clauses, document string
		want                    Want
	}{
		{"no-grantee", "BOS-ERR-18", bosList(`{"permission":["READ"]}`), inappropriate},
		{"no-permission", "BOS-ACL-13", bosList(`{"grantee":[{"id":"*"}]}`), inappropriate},
		{"empty-permission", "BOS-ACL-13", bosList(`{"grantee":[{"id":"*"}],"permission":[]}`), inappropriate},
		{"wrong-type", "BOS-ERR-18", `{"accessControlList":"READ"}`, inappropriate},
		{"no-list", "BOS-ERR-18", `{"grants":[]}`, inappropriate},
		{"both-resources", "BOS-ACL-16", bosList(bosEntry("*", "READ", `,"resource":["b/p/*"],"notResource":["b/q/*"]`)), inappropriate},
	} {
		one("document/"+d.name, "refuses a document that does not fit", d.clauses, d.want, Case{Given: public, When: setDocument(bosDoc(d.document)), After: still})
	}
	one("document/with-field", "refuses a document together with a canned list", "BOS-ACL-04", Refused(400, "InvalidArgument"), Case{Given: public,
		When: setDocument(bosDoc(bosList(bosEntry("*", "WRITE", ""))), Field("x-bce-acl", "private")), After: still})
	aclBOSObjects(b)
}

// aclBOSObjects sets lists of objects.
func aclBOSObjects(b *Book) {
	one := func(name, text, clauses string, want Want, c Case) {
		b.Case(name, text, By{"bos": {Clauses: clauses, Want: want}}, c)
	}
	public := []Given{onShelf(Field("x-bce-acl", "public-read"))}
	still := []After{objectTells("owner FULL_CONTROL", "everyone READ")}
	grant := Field("x-bce-grant-read", `id="somebody"`)
	for _, p := range []struct{ field, permission string }{{"read", "READ"}, {"full-control", "FULL_CONTROL"}} {
		one("object/put-grant-"+p.field, "grants "+p.permission+" with an upload", "BOS-PUT-19", Accepted(200), Case{Rests: []string{"BOS-PUT-01"}, Needs: NeedsOther, Given: []Given{func(s *Scene) { s.Shelf("private") }},
			When: func(s *Scene) client.Call {
				shelf := s.Shelf("private")
				return aclIn(shelf, s.Put(s.In(shelf, s.Key("k")), "content", Field("x-bce-grant-"+p.field, `id="`+s.OwnID(Second)+`",id="somebody"`)))
			}, After: []After{objectTells("second "+p.permission, "somebody "+p.permission), shelfRead(Second, Accepted(200))}})
	}
	one("object/set-word-and-grant", "refuses a canned list together with grants", "BOS-PUT-20 BOS-ACL-23", Refused(400, "InvalidArgument"), Case{Given: public, When: setObject(Field("x-bce-acl", "private"), grant), After: still})
	one("object/set-field-and-document", "refuses a field together with a document", "BOS-ACL-23", Refused(400, "InvalidArgument"), Case{Given: public, When: func(s *Scene) client.Call {
		call := setObject(Field("x-bce-acl", "private"))(s)
		call.Body = []byte(bosList(bosEntry("*", "READ", "")))
		return call
	}, After: still})
	one("object/document-resource", "refuses members that only buckets have", "BOS-ACL-24", Refused(400, "InappropriateJSON"), Case{Given: public, When: objectDocument(bosDoc(bosList(bosEntry("*", "READ", `,"resource":["b/p/*"]`)))), After: still})
	one("object/document-write", "refuses a permission that objects do not have", "BOS-ACL-25", Refused(400, "InappropriateJSON"), Case{Given: public, When: objectDocument(bosDoc(bosList(bosEntry("*", "WRITE", "")))), After: still})
	gone := After{Text: "the object has no list", Want: Refused(404, "ObjectAclNotExists"), Call: func(s *Scene) client.Call { return s.ObjectACL("GET", s.Shelf("private"), s.Key("k")) }}
	one("object/remove", "removes the list of an object", "BOS-ACL-31 BOS-API-102", Accepted(204), Case{Given: public, When: func(s *Scene) client.Call { return s.ObjectACL("DELETE", s.Shelf("private"), s.Key("k")) }, After: []After{gone}})
}

// aclConditions writes entries that hold for some keys or requests only: who
// asks for which key, with which fields.
func aclConditions(b *Book) {
	type look struct {
		key     string
		fields  []wire.Field
		granted bool
	}
	referer := func(text string) []wire.Field { return []wire.Field{Field("Referer", text)} }
	agent := func(text string) []wire.Field { return []wire.Field{Field("User-Agent", text)} }
	for _, c := range []struct {
		name, clauses string
		entries       []string
		looks         []look
	}{
		{"effect-none", "BOS-ACL-11", entries(bosEntry("*", "READ", "")), []look{{"p/x", nil, true}}},
		{"effect-allow", "BOS-ACL-11", entries(bosEntry("*", "READ", `,"effect":"Allow"`)), []look{{"p/x", nil, true}}},
		{"effect-deny", "BOS-ACL-11", entries(bosEntry("*", "READ", ""), bosEntry("*", "READ", `,"effect":"Deny"`)), []look{{"p/x", nil, false}}},
		{"deny-wins", "BOS-ACL-12", entries(bosEntry("*", "READ", ""), bosEntry("*", "READ", `,"effect":"Deny","resource":["BUCKET/RUN*p/*"]`)), []look{{"p/x", nil, false}, {"q", nil, true}}},
		{"resource", "BOS-ACL-14", entries(bosEntry("*", "READ", `,"resource":["BUCKET/RUN*p/*"]`)), []look{{"p/x", nil, true}, {"q", nil, false}}},
		{"not-resource", "BOS-ACL-15", entries(bosEntry("*", "READ", `,"notResource":["BUCKET/RUN*p/*"]`)), []look{{"p/x", nil, false}, {"q", nil, true}}},
		{"address", "BOS-ACL-17", entries(bosEntry("*", "READ", `,"condition":{"ipAddress":["0.0.0.0/0"]}`)), []look{{"q", nil, true}}},
		{"address-list", "BOS-ACL-17", entries(bosEntry("*", "READ", `,"condition":[{"ipAddress":["0.0.0.0/0"]}]`)), []look{{"q", nil, true}}},
		{"address-other", "BOS-ACL-17", entries(bosEntry("*", "READ", `,"condition":{"ipAddress":["192.0.2.1"]}`)), []look{{"q", nil, false}}},
		{"referer-like", "BOS-ACL-18", entries(bosEntry("*", "READ", `,"condition":{"referer":{"stringLike":["http://www.abc*"]}}`)),
			[]look{{"q", referer("http://www.abc.com/a"), true}, {"q", referer("http://www.abd.com/a"), false}, {"q", nil, false}}},
		{"referer-equals", "BOS-ACL-18", entries(bosEntry("*", "READ", `,"condition":{"referer":{"stringEquals":["http://www.abc.com"]}}`)),
			[]look{{"q", referer("http://www.abc.com"), true}, {"q", referer("http://www.abc.com/a"), false}}},
		{"not-address", "BOS-ACL-19", entries(bosEntry("*", "READ", `,"condition":{"notIpAddress":["0.0.0.0/0"]}`)), []look{{"q", nil, false}}},
		{"transport", "BOS-ACL-19", entries(bosEntry("*", "READ", `,"condition":{"secureTransport":true}`)), []look{{"q", nil, false}}},
		{"agent", "BOS-ACL-19", entries(bosEntry("*", "READ", `,"condition":{"userAgent":{"stringLike":["abc*"]}}`)), []look{{"q", agent("abc/1"), true}, {"q", agent("xyz/1"), false}}},
		{"time-before", "BOS-ACL-19", entries(bosEntry("*", "READ", `,"condition":{"currentTime":{"dateLessThan":"2020-01-01T00:00:00Z"}}`)), []look{{"q", nil, false}}},
		{"time-after", "BOS-ACL-19", entries(bosEntry("*", "READ", `,"condition":{"currentTime":{"dateGreaterThanEquals":"2020-01-01T00:00:00Z"}}`)), []look{{"q", nil, true}}},
		{"vpc", "BOS-ACL-19", entries(bosEntry("*", "READ", `,"condition":{"vpcId":["vpc-1"]}`)), []look{{"q", nil, false}}},
		{"both-hold", "BOS-ACL-20", entries(bosEntry("*", "READ", `,"condition":{"ipAddress":["0.0.0.0/0"],"referer":{"stringEquals":["http://a"]}}`)),
			[]look{{"q", referer("http://a"), true}, {"q", referer("http://b"), false}}},
		{"other-address-holds-not", "BOS-ACL-20", entries(bosEntry("*", "READ", `,"condition":{"ipAddress":["192.0.2.1"],"referer":{"stringEquals":["http://a"]}}`)), []look{{"q", referer("http://a"), false}}},
	} {
		for i, l := range c.looks {
			want, text := Refused(403, "AccessDenied"), "refuses a request that an entry does not let in"
			if l.granted {
				want, text = Accepted(200), "takes a request that an entry lets in"
			}
			name := "condition/" + c.name
			if i > 0 {
				name += "-" + itoa(i+1)
			}
			b.Case(name, text, By{"bos": {Clauses: c.clauses, Want: want}}, Case{As: Nobody,
				Given: []Given{own("b"), func(s *Scene) {
					bucket := s.Own("b")
					s.Must(aclIn(bucket, s.Put(s.In(bucket, s.Key(l.key)), "content")))
					call := s.BucketACL("PUT", bucket)
					text := strings.NewReplacer("BUCKET", bucket, "RUN", s.Subject.Run).Replace(bosList(c.entries...))
					call.Body = []byte(text)
					s.Must(call)
				}}, When: func(s *Scene) client.Call { return aclIn(s.Own("b"), s.Get(s.Key(l.key), l.fields...)) }})
		}
	}
}

// entries are those of a document.
func entries(list ...string) []string { return list }
