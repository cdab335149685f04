package suites

import (
	"encoding/xml"
	"slices"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// mixedVersions are three entries of one key, the newest a delete marker, and two
// of another.
func mixedVersions() []Given {
	return versioned(versionPut("k", "one"), versionPut("k", "two"), versionDelete("k", "gone"), versionPut("k2", "three"), versionPut("k2", "four"))
}

func versionLists(b *Book) {
	order := Shown().With(listsVersions("k two latest", "k one", "k2 three latest"))
	b.Case("list/order", "lists versions by key, the newest of a key first, and says which is the current one", By{
		"oss": {Clauses: "OSS-XVER-11", Want: order}, "s3": {Clauses: "S3-VER-15", Want: order},
	}, Case{Given: versioned(versionPut("k", "one"), versionPut("k", "two"), versionPut("k2", "three")), When: listVersions()})
	bare := func(_ *Scene, r *client.Reply) []Flaw {
		told, err := versionsTold(r)
		if err != nil || len(told) != 5 || told[0].XMLName.Local != "DeleteMarker" || told[0].ETag != nil || told[0].Size != nil {
			return []Flaw{{"five entries, the first a DeleteMarker without Size and ETag", excerpt(string(r.Body))}}
		}
		return nil
	}
	b.Case("list/marker", "lists delete markers without size and entity tag", By{"s3": {Clauses: "S3-VER-16", Want: Shown().With(bare)}},
		Case{Given: mixedVersions(), When: listVersions()})
	plain := Shown().With(listsVersions("a null latest", "b null latest", "c null latest"))
	b.Case("list/unversioned", "lists each object of a bucket without versions as the current version null", By{
		"oss": {Clauses: "OSS-XVER-18", Want: plain}, "s3": {Clauses: "S3-VER-20", Want: plain},
	}, Case{Given: []Given{own("b"), strewn, versionPut("a", "1"), versionPut("b", "2"), versionPut("c", "3")}, When: listVersions()})
	b.Case("list/of-object", "has no list of versions of an object", By{"s3": {Clauses: "S3-VER-21", Want: Refused(400, "InvalidRequest")}},
		Case{Given: []Given{put("k", "one")}, When: func(s *Scene) client.Call {
			call := s.Get(s.Key("k"))
			call.Query = []wire.Param{{Name: "versions", Bare: true}}
			return call
		}})
}

// strewn says that the bucket b holds more than a case's end would find.
func strewn(s *Scene) { s.strew(s.Own("b")) }

// nextTold wants a page that ends where key and the version under name say.
func nextTold(key, name string) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw {
		var doc struct {
			NextKeyMarker       string
			NextVersionIDMarker string `xml:"NextVersionIdMarker"`
			IsTruncated         bool
		}
		err := xml.Unmarshal(r.Body, &doc)
		if err != nil || !doc.IsTruncated || doc.NextKeyMarker != key || doc.NextVersionIDMarker != s.versionID(name) {
			return []Flaw{{"truncated, next behind " + key + " " + s.versionID(name), excerpt(string(r.Body))}}
		}
		return nil
	}
}

func versionPages(b *Book) {
	page := Shown().With(flaws(listsVersions("k gone marker", "k two"), nextTold("k", "two")))
	b.Case("list/max-keys", "counts versions and delete markers together, and names the last of the page", By{
		"oss": {Clauses: "OSS-XVER-16", Want: page}, "s3": {Clauses: "S3-VER-16", Want: page},
	}, Case{Given: mixedVersions(), When: listVersions(wire.Param{Name: "max-keys", Value: "2"})})
	behind := func(key, name string) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			params := []wire.Param{{Name: "key-marker", Value: key}}
			if name != "" {
				params = append(params, wire.Param{Name: "version-id-marker", Value: s.versionID(name)})
			}
			return listVersions(params...)(s)
		}
	}
	next := Shown().With(listsVersions("k2 four", "k2 three"))
	b.Case("list/key-marker", "goes on behind all versions of the key that the marker names", By{
		"oss": {Clauses: "OSS-XVER-14", Want: next}, "s3": {Clauses: "S3-VER-17", Want: next},
	}, Case{Given: mixedVersions(), When: behind("k", "")})
	rest := Shown().With(listsVersions("k one", "k2 four", "k2 three"))
	b.Case("list/version-marker", "goes on behind the version that the markers name", By{
		"oss": {Clauses: "OSS-XVER-14", Want: rest}, "s3": {Clauses: "S3-VER-17", Want: rest},
	}, Case{Given: mixedVersions(), When: behind("k", "two")})
	b.Case("list/marker-alone", "refuses a version to begin behind without its key", By{
		"oss": {Clauses: "OSS-XVER-15", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-VER-18", Want: Refused(400, "InvalidArgument").With(refusalNames("ArgumentName", "version-id-marker"))},
	}, Case{Given: versioned(versionPut("k", "one")), When: func(s *Scene) client.Call {
		return listVersions(wire.Param{Name: "version-id-marker", Value: s.versionID("one")})(s)
	}})
	b.Case("list/marker-malformed", "refuses to begin behind what can be no version", By{"oss": {Clauses: "OSS-XVER-15", Want: Refused(400, "InvalidArgument")}},
		Case{Given: versioned(versionPut("k", "one")), When: listVersions(wire.Param{Name: "key-marker", Value: "k"}, wire.Param{Name: "version-id-marker", Value: "x"})})
}

func versionListForms(b *Book) {
	folded := func(s *Scene, r *client.Reply) []Flaw {
		var doc struct {
			XMLName  xml.Name `xml:"ListVersionsResult"`
			Prefixes []string `xml:"CommonPrefixes>Prefix"`
		}
		if err := xml.Unmarshal(r.Body, &doc); err != nil || !slices.Equal(doc.Prefixes, []string{"dir/sub/"}) {
			return []Flaw{{"ListVersionsResult with the common prefix dir/sub/", excerpt(string(r.Body))}}
		}
		return listsVersions("dir/test two", "dir/test one")(s, r)
	}
	b.Case("list/prefix-delimiter", "lists the versions of keys that begin with the prefix, and folds those behind a delimiter", By{
		"s3": {Clauses: "S3-VER-19", Want: Shown().With(folded)}, "oss": {Clauses: "OSS-XVER-17", Want: Shown().With(folded)},
	}, Case{Given: versioned(versionPut("dir/test", "one"), versionPut("dir/test", "two"), versionPut("dir/sub/x", "three"), versionPut("other", "four")),
		When: listVersions(wire.Param{Name: "prefix", Value: "dir/"}, wire.Param{Name: "delimiter", Value: "/"})})
}
