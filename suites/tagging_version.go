package suites

import (
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// twoVersions makes, on an emulator of the case's own, a bucket that keeps
// versions, and two of an object: the IDs are kept as first and second.
func twoVersions(s *Scene) {
	s.NewPrivate(Setup{})
	own("b")(s)
	s.Must(s.setConfig("versioning", xmlOf("VersioningConfiguration", xmlOf("Status", "Enabled"))))
	for _, name := range []string{"first", "second"} {
		s.Keep(name, s.Must(s.withinOwn("PUT", "a", name)).Fields.Get("x-amz-version-id"))
		s.Must(s.byVersion("GET", name))
	}
	if s.Kept("first") == s.Kept("second") {
		s.Block("two versions have one ID: %q", s.Kept("first"))
	}
	s.Must(s.byVersion("GET", "first"))
}

// byVersion is a call about the version whose ID is kept under a name.
func (s *Scene) byVersion(method, name string) client.Call {
	call := s.withinOwn(method, "a", "")
	call.Query = []wire.Param{{Name: "versionId", Value: s.Kept(name)}}
	return call
}

// versionTags is a call about the tags of a version, by the name under which its
// ID is kept, or of the newest one.
func (s *Scene) versionTags(method, version, text string) client.Call {
	call := s.withinOwn(method, "a", text)
	call.Query = configQuery("tagging")
	if version != "" {
		call.Query = append(call.Query, wire.Param{Name: "versionId", Value: s.Kept(version)})
	}
	return withDigest(call)
}

// taggingVersions gives two versions tags of their own.
func taggingVersions(b *Book) {
	tagged := func(s *Scene) {
		s.Must(s.versionTags("PUT", "first", labels("k=1")))
		s.Must(s.versionTags("PUT", "second", labels("k=2")))
	}
	for name, tag := range byName(map[string]string{"first": "k=1", "second": "k=2"}) {
		b.Case("version/get-"+name, "tells the tags of the version that is asked for", By{
			"s3": {Clauses: "S3-TAG-15", Want: Shown().Field("x-amz-version-id", kept(name)).With(tagsAre(tag)), Rests: "S3-TAG-01 S3-TAG-03"},
		}, Case{Needs: NeedsPrivate, Given: []Given{twoVersions, tagged}, When: func(s *Scene) client.Call { return s.versionTags("GET", name, "") }})
	}
	b.Case("version/put", "gives tags to the version that is named, and to no other", By{
		"s3": {Clauses: "S3-TAG-15", Want: Shown().Field("x-amz-version-id", kept("first")), Rests: "S3-TAG-01"},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{twoVersions},
		When:  func(s *Scene) client.Call { return s.versionTags("PUT", "first", labels("k=1")) },
		After: []After{{Text: "the newest version has no tags", Call: func(s *Scene) client.Call { return s.versionTags("GET", "", "") },
			Want: Want{Status: 200, Check: tagsAre()}}},
	})
}

// taggingMarkers asks for the tags of a delete marker.
func taggingMarkers(b *Book) {
	removed := func(s *Scene) {
		s.Keep("marker", s.Must(s.withinOwn("DELETE", "a", "")).Fields.Get("x-amz-version-id"))
		s.MustStatus(405, "MethodNotAllowed", s.byVersion("GET", "marker"))
	}
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		for name, version := range byName(map[string]string{"current": "", "version": "marker"}) {
			text := ""
			if method == "PUT" {
				text = labels("k=1")
			}
			b.Case("marker/"+lower(method)+"-"+name, "has no tags of a delete marker for "+method, By{
				"s3": {Clauses: "S3-TAG-16", Want: Refused(405, "MethodNotAllowed").With(element("ResourceType", "DeleteMarker"))},
			}, Case{Needs: NeedsPrivate, Given: []Given{twoVersions, removed}, When: func(s *Scene) client.Call { return s.versionTags(method, version, text) }})
		}
	}
}

// lifecycleVersions asks when a version expires.
func lifecycleVersions(b *Book) {
	rules := func(s *Scene) { s.Must(s.setConfig("lifecycle", plainRule)) }
	for _, c := range []struct {
		name, text, version string
		want                any
	}{
		{"current", "tells when the newest version expires", "", expiresBy("expire")},
		{"by-id", "tells nothing of a version that is asked for by its ID", "first", Absent},
	} {
		b.Case("version/"+c.name, c.text, By{
			"s3": {Clauses: "S3-LIFE-15", Want: Shown().Field("x-amz-expiration", c.want), Rests: "S3-LIFE-01"},
		}, Case{Needs: NeedsPrivate, Given: []Given{twoVersions, rules}, When: func(s *Scene) client.Call {
			call := s.withinOwn("HEAD", "a", "")
			if c.version != "" {
				call.Query = []wire.Param{{Name: "versionId", Value: s.Kept(c.version)}}
			}
			return call
		}})
	}
}
