package suites

import (
	"crypto/md5"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// A versionShape is what an entry of a list of versions tells: members by their
// paths, strings or matchers. Those that are nil it must not have.
type versionShape struct {
	element, name string // Version or DeleteMarker; under which its ID was kept
	members       map[string]any
}

// newShape is the entry of a version that was kept under its body, and of a delete
// marker where body is "".
func newShape(key, name, body, latest string) versionShape {
	v := versionShape{"DeleteMarker", name, map[string]any{"Key": key, "IsLatest": latest, "LastModified": gomega.MatchRegexp(inMillis),
		"Owner/ID": Present, "Owner/DisplayName": Present, "ETag": nil, "Type": nil, "Size": nil, "StorageClass": nil}}
	if body != "" {
		v.element = "Version"
		v.members["ETag"], v.members["Type"] = gomega.MatchRegexp(fmt.Sprintf(`(?i)^"%x"$`, md5.Sum([]byte(body)))), "Normal"
		v.members["Size"], v.members["StorageClass"] = itoa(len(body)), "Standard"
	}
	return v
}

// tellsShapes wants a ListVersionsResult with these entries, in any order.
func tellsShapes(shapes ...versionShape) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) (all []Flaw) {
		var n listNode
		if err := xml.Unmarshal(r.Body, &n); err != nil || n.XMLName.Local != "ListVersionsResult" {
			return []Flaw{{"a ListVersionsResult", excerpt(string(r.Body))}}
		}
		for _, v := range shapes {
			id := s.versionID(v.name)
			i := slices.IndexFunc(n.Nodes, func(m listNode) bool { return m.XMLName.Local == v.element && m.told()["VersionId"] == id })
			if i < 0 {
				all = append(all, Flaw{"a " + v.element + " with the VersionId " + id, excerpt(string(r.Body))})
				continue
			}
			all = append(all, v.misses(n.Nodes[i].told())...)
		}
		return all
	}
}

// told are the members of an element by their paths.
func (n *listNode) told() map[string]string {
	entry := map[string]string{}
	n.into(entry, "")
	return entry
}

// misses is what an entry tells otherwise.
func (v versionShape) misses(entry map[string]string) (all []Flaw) {
	for name, want := range byName(v.members) {
		have, there := entry[name]
		if want == nil {
			if there {
				all = append(all, Flaw{"a " + v.element + " without " + name, listMember(entry, name)})
			}
			continue
		}
		if expected, right := matches(want, have); !there || !right {
			all = append(all, Flaw{"a " + v.element + " with " + name + " " + expected, listMember(entry, name)})
		}
	}
	return all
}

func versionMembers(b *Book) {
	b.Case("list/members", "tells key, ID, time and owner of every entry, and of versions entity tag, kind, size and class", By{
		"oss": {Clauses: "OSS-XVER-10", Want: Shown().With(tellsShapes(newShape("k", "gone", "", "true"), newShape("k", "two", "two", "false"),
			newShape("k", "one", "one", "false"), newShape("k2", "four", "four", "true"), newShape("k2", "three", "three", "false")))},
	}, Case{Given: mixedVersions(), When: listVersions()})
	for name, query := range byName(map[string][]wire.Param{"v1": nil, "v2": {{Name: "list-type", Value: "2"}}}) {
		current := func(_ *Scene, r *client.Reply) []Flaw {
			if got, err := readListing(r); err != nil || !slices.Equal(got.keys(), []string{"k"}) {
				return []Flaw{{"the key k alone, once", excerpt(string(r.Body))}}
			}
			return nil
		}
		b.Case("list/current-only/"+name, "lists current versions as objects, and neither older ones nor delete markers", By{
			"oss": {Clauses: "OSS-XVER-09", Want: Shown().With(current), Rests: "OSS-LIST-01"},
		}, Case{Given: versioned(versionPut("k", "one"), versionPut("k", "two"), versionPut("k2", "three"), versionDelete("k2", "gone")),
			When: func(s *Scene) client.Call { return client.Call{Method: "GET", Bucket: s.Own("b"), Query: query} }})
	}
}

func versionBounds(b *Book) {
	given := versioned(versionPut("k", "one"))
	sized := func(step int, n string) Want {
		return Want{Status: 200, Check: look{is: map[string]string{"MaxKeys": n}}.judge, Step: step}
	}
	for _, c := range []struct {
		name, text, asks string
		want             Want
	}{
		{"over", "refuses a page of 1001 versions", "1001", Want{Status: 400, Code: "InvalidArgument", Step: 1}},
		{"none", "refuses a page of no versions", "0", Want{Status: 400, Code: "InvalidArgument", Step: 2}},
		{"most", "takes a page of 1000 versions", "1000", sized(3, "1000")},
		{"usual", "has pages of 100 versions where nobody asks for another size", "", sized(4, "100")},
	} {
		call := listVersions()
		if c.asks != "" {
			call = listVersions(wire.Param{Name: "max-keys", Value: c.asks})
		}
		b.Case("list/max-keys/"+c.name, c.text, By{"oss": {Clauses: "OSS-XVER-12", Want: c.want}}, Case{Given: given, When: call})
	}
	long := strings.Repeat("x", 1025)
	for _, name := range []string{"prefix", "delimiter", "key-marker", "version-id-marker"} {
		params := []wire.Param{{Name: name, Value: long}}
		if name == "version-id-marker" {
			params = append(params, wire.Param{Name: "key-marker", Value: "k"})
		}
		b.Case("list/too-long/"+name, "refuses a list of versions whose "+name+" has 1025 bytes", By{
			"oss": {Clauses: "OSS-XVER-13", Want: Refused(400, "InvalidArgument")},
		}, Case{Given: given, When: listVersions(params...)})
	}
}

// aclOfVersion is a request for the list of a version of the key k, of the current
// one where no name is given.
func aclOfVersion(method, name string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		call := s.InOwn(method, "k", "")
		call.Query = []wire.Param{{Name: "acl", Bare: true}}
		if name != "" {
			call.Query = append(call.Query, wire.Param{Name: "versionId", Value: s.versionID(name)})
		}
		if method == "PUT" {
			call.Fields = wire.Fields{Field(s.W.ObjectACL, "private")}
		}
		return call
	}
}

func versionListSet(b *Book) {
	tellsOf := func(name, word string) After {
		return After{Text: "the version has the list " + word, Call: aclOfVersion("GET", name), Want: Shown().With(tells(word))}
	}
	b.Case("acl/set-version", "sets the list of the version that is named, and of no other", By{
		"oss": {Clauses: "OSS-XOACL-10", Want: Shown().Field("x-oss-version-id", func(s *Scene) any { return s.versionID("one") }), Rests: "OSS-XOACL-01 OSS-XOACL-11"},
	}, Case{Given: versioned(versionPut("k", "one"), versionPut("k", "two")), When: aclOfVersion("PUT", "one"),
		After: []After{tellsOf("one", "private"), tellsOf("two", "default")}})
	deleted := versioned(versionPut("k", "one"), versionDelete("k", "gone"))
	b.Case("acl/set-named-marker", "refuses to set the list of a delete marker that is named", By{
		"oss": {Clauses: "OSS-XOACL-10", Want: Want{Status: 405, Code: "MethodNotAllowed", Step: 2}},
	}, Case{Given: deleted, When: aclOfVersion("PUT", "gone")})
	b.Case("acl/set-hidden", "has no list to set of a key that ends in a delete marker", By{
		"oss": {Clauses: "OSS-XOACL-10", Want: Want{Status: 404, Code: "NoSuchKey", Step: 3}},
	}, Case{Given: deleted, When: aclOfVersion("PUT", "")})
}
