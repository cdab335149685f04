package suites

import (
	"encoding/xml"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// versionCopy copies a version of the key from to the key to, both of the bucket
// b; name "" is the current version.
func versionCopy(from, name, to string, fields ...wire.Field) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		source := s.source(s.Own("b"), from)
		if name != "" {
			source += "?versionId=" + s.versionID(name)
		}
		return s.InOwn("PUT", to, "", append(wire.Fields{Field(s.W.Prefix+"copy-source", source)}, fields...)...)
	}
}

func versionCopies(b *Book) {
	id, source := b.W.Prefix+"version-id", b.W.Prefix+"copy-source-version-id"
	oneID := func(s *Scene) any { return s.versionID("one") }
	replace := Field(b.W.Prefix+"metadata-directive", b.W.Replace)
	b.Case("copy/onto-itself", "makes a new version of a copy onto itself, and names both", By{
		"s3": {Clauses: "S3-COPY-13", Want: Accepted(200).Field(source, oneID).With(anotherID("one")), Rests: "S3-COPY-01 S3-COPY-09"},
	}, Case{Given: versioned(versionPut("k", "one")), When: versionCopy("k", "", "k", replace), After: []After{versionsStand("k last", "k one")}})
	b.Case("copy/onto-itself-suspended", "makes the version null of a copy onto itself while versioning is suspended", By{
		"s3": {Clauses: "S3-COPY-13", Want: Accepted(200).Field(source, oneID).Field(id, "null"), Rests: "S3-COPY-01 S3-COPY-09"},
	}, Case{Given: versioned(versionPut("k", "one"), versions("Suspended")), When: versionCopy("k", "", "k", replace),
		After: []After{versionsStand("k null", "k one")}})
	b.Case("copy/older-onto-key", "makes an older version current by a copy onto its key", By{
		"s3": {Clauses: "S3-COPY-14", Want: Accepted(200), Rests: "S3-COPY-01"},
	}, Case{Given: versioned(versionPut("k", "one"), versionPut("k", "two")), When: versionCopy("k", "one", "k"), After: []After{heldBy("", "one")}})
	b.Case("copy/version", "copies the version that the source names", By{
		"oss": {Clauses: "OSS-XVER-20", Want: Accepted(200).Field(source, oneID), Rests: "OSS-COPY-01"}, "s3": {Clauses: "S3-COPY-27", Want: Accepted(200).Field(source, oneID), Rests: "S3-COPY-01"},
	}, Case{Given: versioned(versionPut("from", "one"), versionPut("from", "two")), When: versionCopy("from", "one", "k"), After: []After{heldBy("", "one")}})
}

func versionCopySources(b *Book) {
	deleted := versioned(versionPut("from", "one"), versionDelete("from", "gone"))
	b.Case("copy/hidden", "misses a source that ends in a delete marker", By{"s3": {Clauses: "S3-COPY-20", Want: Refused(404, "NoSuchKey")}},
		Case{Given: deleted, When: versionCopy("from", "", "k"), After: []After{missingOwn()}})
	b.Case("copy/marker", "refuses to copy a delete marker by its ID", By{"s3": {Clauses: "S3-COPY-20", Want: Refused(400, "InvalidRequest")}},
		Case{Given: deleted, When: versionCopy("from", "gone", "k"), After: []After{missingOwn()}})
}

// versionDoom asks for the removal of the key k of the bucket b by a list, by
// the version under name where there is one.
func versionDoom(name string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		entry := s.W.DoomKey("k")
		if name != "" {
			entry += "<VersionId>" + s.versionID(name) + "</VersionId>"
		}
		call := s.doomText(s.W.Doom(doomList{"", []string{entry}}))
		call.Bucket = s.Own("b")
		return call
	}
}

// versionsDoomed wants one entry: the names of its version and of its delete
// marker, "" for none. That it was no delete marker may be said or left out.
func versionsDoomed(version, marker string) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw {
		type entry struct {
			Key          string
			ID           string `xml:"VersionId"`
			DeleteMarker string
			MarkerID     string `xml:"DeleteMarkerVersionId"`
		}
		var doc struct {
			Deleted []entry
		}
		want := entry{Key: "k"}
		if version != "" {
			want.ID = s.versionID(version)
		}
		if marker != "" {
			want.DeleteMarker = "true"
		}
		err := xml.Unmarshal(r.Body, &doc)
		got := append(doc.Deleted, entry{})[0]
		if got.DeleteMarker == "false" {
			got.DeleteMarker = ""
		}
		if marker == "new" {
			s.Keep("id of new", got.MarkerID)
		}
		if marker != "" {
			want.MarkerID = s.versionID(marker)
		}
		if err != nil || len(doc.Deleted) != 1 || got != want || marker != "" && got.MarkerID == "" {
			return []Flaw{{"one entry as it stands here: k " + want.ID + " " + want.MarkerID, excerpt(string(r.Body))}}
		}
		return nil
	}
}

func versionMany(b *Book) {
	b.Case("many/marks", "adds a delete marker for an entry of a list that names no version, and tells it", By{
		"oss": {Clauses: "OSS-XMDEL-14", Want: Shown().With(versionsDoomed("", "new")), Rests: "OSS-XMDEL-01"}, "s3": {Clauses: "S3-DEL-10", Want: Shown().With(versionsDoomed("", "new")), Rests: "S3-DEL-01"},
	}, Case{Given: versioned(versionPut("k", "one")), When: versionDoom(""), After: []After{versionsStand("k new", "k one")}})
	b.Case("many/version", "removes the version that an entry of a list names", By{
		"oss": {Clauses: "OSS-XMDEL-15", Want: Shown().With(versionsDoomed("one", "")), Rests: "OSS-XMDEL-01"}, "s3": {Clauses: "S3-DEL-11", Want: Shown().With(versionsDoomed("one", "")), Rests: "S3-DEL-01"},
	}, Case{Given: versioned(versionPut("k", "one"), versionPut("k", "two")), When: versionDoom("one"), After: []After{versionsStand("k two")}})
	b.Case("many/marker", "removes the delete marker that an entry of a list names, and says that it was one", By{
		"s3": {Clauses: "S3-DEL-11", Want: Shown().With(versionsDoomed("gone", "gone")), Rests: "S3-DEL-01"},
	}, Case{Given: versioned(versionPut("k", "one"), versionDelete("k", "gone")), When: versionDoom("gone"), After: []After{versionsStand("k one")}})
}
