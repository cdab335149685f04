package suites

import (
	"context"
	"encoding/xml"
	"errors"
	"slices"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// versioningBooks write the chapter versioning: what a bucket says of itself and
// what puts do in version.go, removals in version_delete.go, reads in
// version_read.go, lists in version_list.go, copies and lists of removals in
// version_copy.go.
var versioningBooks = []func(*Book){versionStatus, versionStatusRefused, versionPuts, versionSuspended, versionDeletes, versionDrops, versionBuckets, versionLocked,
	versionReads, versionRefusals, versionLists, versionPages, versionListForms, versionCopies, versionCopySources, versionMany, versionACLs, versionUploads, versionMetas, versionMembers, versionBounds, versionListSet}

// versions turns the versioning of the case's own bucket b to a status. All that
// is in the bucket then goes when the case ends.
func versions(status string) Given {
	return func(s *Scene) {
		s.Must(s.Versioning(status))
		if r := s.Must(getVersioning(s)); len(versioningTold(status)(s, r)) > 0 {
			s.Block("the bucket tells another status than %s: %s", status, excerpt(string(r.Body)))
		}
		s.Keep("status", status)
		s.versionsHeld()
	}
}

// Versioning sets the status of the case's own bucket b.
func (s *Scene) Versioning(status string) client.Call {
	return s.versioningText("<Status>" + status + "</Status>")
}

// versioningText sends a document that holds text.
func (s *Scene) versioningText(text string) client.Call {
	s.strew(s.Own("b"))
	return client.Call{Method: "PUT", Bucket: s.Own("b"), Query: []wire.Param{{Name: "versioning", Bare: true}},
		Body: []byte("<VersioningConfiguration>" + text + "</VersioningConfiguration>")}
}

// versioned are the steps that make a bucket b that keeps versions.
func versioned(more ...Given) []Given { return append([]Given{own("b"), versions("Enabled")}, more...) }

// versionPut stores an object in the bucket b; its ID is kept under its body.
func versionPut(key, body string) Given {
	return func(s *Scene) { s.keepVersion(key, body, s.Must(s.InOwn("PUT", key, body))) }
}

// versionDelete removes a key of the bucket b; the ID of the marker is kept under
// name.
func versionDelete(key, name string) Given {
	return func(s *Scene) { s.keepVersion(key, name, s.Must(s.InOwn("DELETE", key, ""))) }
}

// versionDrop removes a version of the bucket b for good.
func versionDrop(key, name string) Given {
	return func(s *Scene) {
		s.Must(s.OfVersion("DELETE", key, name))
		s.held = slices.DeleteFunc(s.held, func(h string) bool { return h == key+" "+s.versionID(name) })
		s.versionsHeld()
	}
}

// keepVersion remembers the ID that a reply names, null where it names none.
func (s *Scene) keepVersion(key, name string, r *client.Reply) {
	id := r.Fields.Get(s.W.Prefix + "version-id")
	if id == "" {
		id = "null"
	}
	if status := s.keep["status"]; status != "" && (id == "null") == (status == "Enabled") {
		s.Block("versioning is %s, and the reply names the version %s", status, id)
	}
	s.Keep("id of "+name, id)
	if entry := key + " " + id; id == "null" {
		s.held = append(slices.DeleteFunc(s.held, func(h string) bool { return h == entry }), entry)
	} else {
		s.held = append(s.held, entry)
	}
	if s.strewn[s.Own("b")] {
		s.versionsHeld()
	}
}

// versionsHeld ends the case as blocked unless the bucket b holds what the given
// steps have put there.
func (s *Scene) versionsHeld() {
	r := s.Must(listVersions()(s))
	told, err := versionsTold(r)
	if err != nil || !sameVersions(told, s.held) {
		s.Block("the bucket holds %s, want %s", excerpt(string(r.Body)), strings.Join(s.held, ", "))
	}
}

// sameVersions tells whether a list holds these keys with their IDs, in any order.
func sameVersions(told []versionTold, want []string) bool {
	var got []string
	for _, v := range told {
		got = append(got, v.Key+" "+v.ID)
	}
	slices.Sort(got)
	return slices.Equal(got, slices.Sorted(slices.Values(want)))
}

// InOwn is a request for a key of the case's own bucket b.
func (s *Scene) InOwn(method, key, body string, fields ...wire.Field) client.Call {
	return client.Call{Method: method, Bucket: s.Own("b"), Key: key, Body: []byte(body), Fields: fields}
}

// OfVersion is InOwn for the version that was kept under name; null is null, and
// a name that begins with = stands for itself.
func (s *Scene) OfVersion(method, key, name string) client.Call {
	call := s.InOwn(method, key, "")
	call.Query = []wire.Param{{Name: "versionId", Value: s.versionID(name)}}
	return call
}

func (s *Scene) versionID(name string) string {
	if id, ok := strings.CutPrefix(name, "="); ok {
		return id
	}
	switch name {
	case "null":
		return name
	case "last":
		return s.last.Fields.Get(s.W.Prefix + "version-id")
	}
	return s.Kept("id of " + name)
}

// inOwn and ofVersion are InOwn and OfVersion as the request that is judged.
func inOwn(method, key, body string, fields ...wire.Field) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.InOwn(method, key, body, fields...) }
}

func ofVersion(method, key, name string) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.OfVersion(method, key, name) }
}

// heldBy is the later look that a version of the key k holds body; name "" is
// the current one.
func heldBy(name, body string) After {
	call := ofVersion("GET", "k", name)
	if name == "" {
		call = inOwn("GET", "k", "")
	}
	return After{Text: "the version holds " + body, Call: call, Want: Accepted(200).Content(body)}
}

// missingOwn is the later look that nothing was put at the key k of the bucket b.
func missingOwn() After {
	return After{Text: "there is no object", Call: inOwn("HEAD", "k", ""), Want: Want{Check: neverPut}}
}

// A versionTold is an entry of a list of versions.
type versionTold struct {
	XMLName  xml.Name
	Key      string
	ID       string `xml:"VersionId"`
	IsLatest bool
	ETag     *string
	Size     *string
}

// versionsTold are the entries of a list of versions in their order.
func versionsTold(r *client.Reply) ([]versionTold, error) {
	var doc struct {
		Entries []versionTold `xml:",any"`
	}
	err := xml.Unmarshal(r.Body, &doc)
	return slices.DeleteFunc(doc.Entries, func(v versionTold) bool { return v.XMLName.Local != "Version" && v.XMLName.Local != "DeleteMarker" }), err
}

// line is the entry as listsVersions writes it.
func (v versionTold) line(latest bool) string {
	text := v.Key + " " + v.ID
	if v.XMLName.Local == "DeleteMarker" {
		text += " marker"
		if v.ETag != nil || v.Size != nil {
			text += " with a size or an entity tag"
		}
	}
	if latest && v.IsLatest {
		text += " latest"
	}
	return text
}

// listsVersions wants the entries of a list, each as key, name of the ID, marker
// for a delete marker, and latest. Where none of them says latest, that is not
// looked at.
func listsVersions(lines ...string) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw {
		var want, got []string
		latest := slices.ContainsFunc(lines, func(line string) bool { return strings.HasSuffix(line, " latest") })
		for _, line := range lines {
			words := strings.Fields(line)
			words[1] = s.versionID(words[1])
			want = append(want, strings.Join(words, " "))
		}
		told, err := versionsTold(r)
		for _, v := range told {
			got = append(got, v.line(latest))
		}
		if err != nil || !slices.Equal(got, want) {
			return []Flaw{{strings.Join(want, "; "), strings.Join(got, "; ")}}
		}
		return nil
	}
}

// listVersions asks for the versions in the bucket b.
func listVersions(params ...wire.Param) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		return client.Call{Method: "GET", Bucket: s.Own("b"), Query: append([]wire.Param{{Name: "versions", Bare: true}}, params...)}
	}
}

// versionsStand is the later look that the bucket b holds these versions and no
// others, each as key and name of the ID, in any order; with marker behind it the
// version must be a delete marker.
func versionsStand(lines ...string) After {
	return After{Text: "the bucket holds " + strings.Join(lines, ", "), Call: listVersions(), Want: Shown().With(func(s *Scene, r *client.Reply) []Flaw {
		var want []string
		told, err := versionsTold(r)
		for _, line := range lines {
			words := append(strings.Fields(line), "")
			entry := words[0] + " " + s.versionID(words[1])
			if want = append(want, entry); words[2] == "" {
				continue
			}
			if !slices.ContainsFunc(told, func(v versionTold) bool { return v.XMLName.Local == "DeleteMarker" && v.Key+" "+v.ID == entry }) {
				err = errNoMarker
			}
		}
		if err != nil || !sameVersions(told, want) {
			return []Flaw{{strings.Join(want, ", "), excerpt(string(r.Body))}}
		}
		return nil
	})}
}

var errNoMarker = errors.New("no delete marker of the ID")

// strew says that a bucket of the case's own holds versions, which go before it
// when the case ends.
func (s *Scene) strew(bucket string) {
	if s.strewn == nil {
		s.strewn = map[string]bool{}
	}
	s.strewn[bucket] = true
}

// sweepVersions removes every version in a bucket, a bounded number of pages.
func (s *Scene) sweepVersions(ctx context.Context, owner *client.Client, bucket string) {
	const pages = 20
	for range pages {
		r, err := owner.Do(ctx, client.Call{Method: "GET", Bucket: bucket, Query: []wire.Param{{Name: "versions", Bare: true}}, Note: client.CleanUp})
		if err != nil {
			return
		}
		told, err := versionsTold(r)
		if err != nil || len(told) == 0 {
			return
		}
		for _, v := range told {
			call := client.Call{Method: "DELETE", Bucket: bucket, Key: v.Key, Query: []wire.Param{{Name: "versionId", Value: v.ID}}, Note: client.CleanUp}
			if _, err := owner.Do(ctx, call); err != nil {
				return
			}
		}
	}
}

// versioningTold wants the status that a bucket tells, "" for none.
func versioningTold(status string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		var doc struct {
			XMLName xml.Name `xml:"VersioningConfiguration"`
			Status  string
		}
		if err := xml.Unmarshal(r.Body, &doc); err != nil || doc.Status != status {
			return []Flaw{{"VersioningConfiguration of status " + status, excerpt(string(r.Body))}}
		}
		return nil
	}
}

func getVersioning(s *Scene) client.Call {
	return client.Call{Method: "GET", Bucket: s.Own("b"), Query: []wire.Param{{Name: "versioning", Bare: true}}}
}

// hasVersioning is the later look that the bucket b tells a status.
func hasVersioning(status string) After {
	return After{Text: "the bucket tells its status", Call: getVersioning, Want: Accepted(200).With(versioningTold(status))}
}

func versionStatus(b *Book) {
	b.Case("status/never", "tells no status of a bucket that was never configured", By{
		"oss": {Clauses: "OSS-XVER-01", Want: Accepted(200).With(versioningTold(""))},
		"s3":  {Clauses: "S3-VER-01", Want: Accepted(200).With(versioningTold(""))},
	}, Case{Given: []Given{own("b")}, When: getVersioning})
	for _, status := range []string{"Enabled", "Suspended"} {
		b.Case("status/"+lower(status), "takes the status "+status+" and tells it", By{
			"oss": {Clauses: "OSS-XVER-02", Want: Accepted(200)}, "s3": {Clauses: "S3-VER-02", Want: Accepted(2)},
		}, Case{Given: []Given{own("b")}, When: func(s *Scene) client.Call { return s.Versioning(status) }, After: []After{hasVersioning(status)}})
	}
	b.Case("status/no-way-back", "tells Suspended once versioning was enabled and suspended", By{
		"oss": {Clauses: "OSS-XVER-21", Want: Accepted(2)},
	}, Case{Given: versioned(), When: func(s *Scene) client.Call { return s.Versioning("Suspended") }, After: []After{hasVersioning("Suspended")}})
}

func versionStatusRefused(b *Book) {
	for _, c := range []struct{ name, text, s3 string }{
		{"disabled", "<Status>Disabled</Status>", "MalformedXML"}, {"lower-case", "<Status>enabled</Status>", "MalformedXML"},
		{"missing", "", "IllegalVersioningConfigurationException"},
	} {
		by := By{"s3": {Clauses: "S3-VER-02", Want: Refused(400, c.s3)}}
		if c.name != "lower-case" {
			by["oss"] = Row{Clauses: "OSS-XVER-03", Want: Refused(400, "InvalidArgument")}
		}
		b.Case("status-refused/"+c.name, "refuses a versioning status that is "+c.name, by, Case{
			Given: []Given{own("b")}, When: func(s *Scene) client.Call { return s.versioningText(c.text) }, After: []After{hasVersioning("")}})
	}
	b.Case("status-refused/others", "refuses versioning to another account", By{
		"oss": {Clauses: "OSS-XVER-04", Want: Refused(403, "AccessDenied")},
	}, Case{Needs: NeedsOther, As: Second, Given: []Given{own("b")},
		When: func(s *Scene) client.Call { return s.Versioning("Enabled") }, After: []After{hasVersioning("")}})
}

// anotherID wants an ID that is not the one kept under name.
func anotherID(name string) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw {
		id := r.Fields.Get(s.W.Prefix + "version-id")
		if id == "" || id == "null" || id == s.versionID(name) {
			return []Flaw{{"an ID other than " + s.versionID(name), id}}
		}
		return nil
	}
}

func versionPuts(b *Book) {
	b.Case("put/new-version", "makes a new version of each put, with an ID of its own, and keeps the older one", By{
		"oss": {Clauses: "OSS-XVER-05", Want: Shown().With(anotherID("first"))}, "s3": {Clauses: "S3-VER-03", Want: Shown().With(anotherID("first"))},
	}, Case{Given: versioned(versionPut("k", "first")), When: inOwn("PUT", "k", "second"), After: []After{heldBy("", "second"), heldBy("last", "second"), heldBy("first", "first")}})
	b.Case("put/null-stays", "keeps what was put before versioning as the version null", By{
		"oss": {Clauses: "OSS-XVER-06 OSS-XGET-43", Want: Shown()}, "s3": {Clauses: "S3-VER-04", Want: Shown()},
	}, Case{Given: []Given{own("b"), versionPut("k", "old"), versions("Enabled")}, When: inOwn("PUT", "k", "new"), After: []After{heldBy("null", "old")}})
	b.Case("put/over-marker", "takes a delete marker for the absence that If-None-Match: * asks for", By{
		"s3": {Clauses: "S3-CPUT-03", Want: Accepted(200).With(anotherID("gone")), Rests: "S3-CPUT-01 S3-OBJ-01"},
	}, Case{Given: versioned(versionPut("k", "first"), versionDelete("k", "gone")), When: inOwn("PUT", "k", "second", Field("If-None-Match", "*")),
		After: []After{versionsStand("k last", "k gone", "k first")}})
	b.Case("put/forbid-overwrite", "puts a new version whatever the field says that forbids overwriting", By{
		"oss": {Clauses: "OSS-XPUT-07", Want: Accepted(200), Rests: "OSS-PUT-01"},
	}, Case{Given: versioned(versionPut("k", "first")), When: inOwn("PUT", "k", "second", Field("x-oss-forbid-overwrite", "true")),
		After: []After{heldBy("", "second")}})
}

func versionSuspended(b *Book) {
	before := []Given{own("b"), versionPut("k", "old null"), versions("Enabled"), versionPut("k", "one"), versionPut("k", "two"), versions("Suspended")}
	b.Case("put/suspended", "writes the version null while versioning is suspended, in the place of another and beside the rest", By{
		"oss": {Clauses: "OSS-XVER-07", Want: Shown()}, "s3": {Clauses: "S3-VER-05", Want: Shown().Field(b.W.Prefix+"version-id", Absent)},
	}, Case{Given: before, When: inOwn("PUT", "k", "new null"), After: []After{heldBy("null", "new null"), versionsStand("k null", "k two", "k one")}})
}
