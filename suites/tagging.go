package suites

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"objectharness/internal/client"
)

// taggingBooks write the chapter tagging: labels of objects and buckets.
var taggingBooks = []func(*Book){taggingOfObjects, taggingOfBuckets, taggingByField, taggingBounds, taggingLetters, taggingMalformed, taggingMissing, taggingVersions, taggingMarkers}

// labels writes a set of tags, each key=value.
func labels(tags ...string) string {
	var b strings.Builder
	for _, t := range tags {
		key, value, _ := strings.Cut(t, "=")
		b.WriteString(xmlOf("Tag", xmlOf("Key", key), xmlOf("Value", value)))
	}
	return xmlOf("Tagging", xmlOf("TagSet", b.String()))
}

// setTags gives the object at key a set of tags.
func (s *Scene) setTags(key, text string) client.Call {
	return withDigest(client.Call{Method: "PUT", Bucket: s.Bucket, Key: s.Key(key), Query: configQuery("tagging"), Body: []byte(text)})
}

// tagsGone takes the tags from the object at key.
func (s *Scene) tagsGone(key string) client.Call {
	return client.Call{Method: "DELETE", Bucket: s.Bucket, Key: s.Key(key), Query: configQuery("tagging")}
}

// tagsAre wants exactly these tags of a reply, in any order.
func tagsAre(want ...string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		var set struct {
			Tags []struct{ Key, Value string } `xml:"TagSet>Tag"`
		}
		if err := xml.Unmarshal(r.Body, &set); err != nil {
			return []Flaw{{"a set of tags", err.Error()}}
		}
		got := []string{}
		for _, t := range set.Tags {
			got = append(got, t.Key+"="+t.Value)
		}
		slices.Sort(got)
		if sorted := slices.Sorted(slices.Values(want)); !slices.Equal(sorted, got) {
			return []Flaw{{fmt.Sprintf("the tags %q", sorted), fmt.Sprintf("%q", got)}}
		}
		return nil
	}
}

// labelled puts an object with tags at a, and makes sure that it has them.
func labelled(tags ...string) Given {
	return func(s *Scene) {
		s.Must(s.Put(s.Key("a"), "content"))
		s.Must(s.setTags("a", labels(tags...)))
		if flaws := tagsAre(tags...)(s, s.Must(s.tags("a"))); flaws != nil {
			s.Block("the object has not the tags that it was given: %s", flaws[0].Got)
		}
	}
}

// hasTags is the later look that the object at a has these tags.
func hasTags(tags ...string) After {
	return After{Text: "the tags are these", Call: func(s *Scene) client.Call { return s.tags("a") }, Want: Want{Status: 200, Check: tagsAre(tags...)}}
}

func taggingOfObjects(b *Book) {
	b.Case("object/none", "tells an empty set of an object without tags", By{
		"s3": {Clauses: "S3-TAG-01", Want: Accepted(200).With(tagsAre())},
	}, Case{Given: []Given{put("a", "content")}, When: func(s *Scene) client.Call { return s.tags("a") }})
	b.Case("object/put", "gives an object tags", By{
		"s3": {Clauses: "S3-TAG-01", Want: Accepted(200)},
	}, Case{
		Given: []Given{put("a", "content")},
		When:  func(s *Scene) client.Call { return s.setTags("a", labels("first=1", "second=")) },
		After: []After{hasTags("first=1", "second=")},
	})
	b.Case("object/get", "tells the tags of an object", By{
		"s3": {Clauses: "S3-TAG-01", Want: Accepted(200).With(tagsAre("first=1", "second=2"))},
	}, Case{Given: []Given{labelled("first=1", "second=2")}, When: func(s *Scene) client.Call { return s.tags("a") }})
	b.Case("object/delete", "takes the tags from an object", By{
		"s3": {Clauses: "S3-TAG-01", Want: Accepted(204)},
	}, Case{
		Given: []Given{labelled("first=1")},
		When:  func(s *Scene) client.Call { return s.tagsGone("a") },
		After: []After{hasTags()},
	})
	b.Case("object/replaces", "replaces all the tags that were there", By{
		"s3": {Clauses: "S3-TAG-03", Want: Shown(), Rests: "S3-TAG-01"},
	}, Case{
		Given: []Given{labelled("first=1", "second=2")},
		When:  func(s *Scene) client.Call { return s.setTags("a", labels("third=3")) },
		After: []After{hasTags("third=3")},
	})
	for _, method := range []string{"GET", "HEAD"} {
		b.Case("object/count/"+lower(method), "tells the number of tags with "+method, By{
			"s3": {Clauses: "S3-TAG-04", Want: Shown().Field("x-amz-tagging-count", "2")},
		}, Case{
			Given: []Given{labelled("first=1", "second=2")},
			When:  func(s *Scene) client.Call { return client.Call{Method: method, Bucket: s.Bucket, Key: s.Key("a")} },
		})
	}
	b.Case("object/overwritten", "leaves no tags with an object that takes the place of another", By{
		"s3": {Clauses: "S3-TAG-14", Want: Shown(), Rests: "S3-TAG-01 S3-OBJ-03"},
	}, Case{
		Given: []Given{labelled("first=1")},
		When:  func(s *Scene) client.Call { return s.Put(s.Key("a"), "other content") },
		After: []After{hasTags()},
	})
}

// bucketTags is the later look that the case's own bucket has these tags.
func bucketTags(tags ...string) After {
	return After{Text: "the tags are these", Call: func(s *Scene) client.Call { return s.config("GET", "tagging") }, Want: Want{Status: 200, Check: tagsAre(tags...)}}
}

func taggingOfBuckets(b *Book) {
	stepped := func(w Want, step int) Want { w.Step = step; return w }
	b.Case("bucket/none", "tells that a bucket has no tags", By{
		"s3": {Clauses: "S3-TAG-02", Want: stepped(Refused(404, "NoSuchTagSet"), 1)},
	}, Case{Given: []Given{own("b")}, When: func(s *Scene) client.Call { return s.config("GET", "tagging") }})
	b.Case("bucket/put", "gives a bucket tags", By{
		"s3": {Clauses: "S3-TAG-02", Want: stepped(Accepted(204), 2)},
	}, Case{
		Given: []Given{own("b")},
		When:  func(s *Scene) client.Call { return s.setConfig("tagging", labels("first=1", "second=2")) },
		After: []After{bucketTags("first=1", "second=2")},
	})
	b.Case("bucket/delete", "takes the tags from a bucket", By{
		"s3": {Clauses: "S3-TAG-02", Want: stepped(Accepted(204), 3)},
	}, Case{
		Given: []Given{configured("tagging", labels("first=1"))},
		When:  func(s *Scene) client.Call { return s.config("DELETE", "tagging") },
		After: []After{configNone("tagging", "NoSuchTagSet")},
	})
}

func taggingByField(b *Book) {
	with := func(value string) func(*Scene) client.Call {
		return func(s *Scene) client.Call { return s.Put(s.Key("a"), "content", Field(s.W.Prefix+"tagging", value)) }
	}
	b.Case("field/put", "gives an object the tags that come with it", By{
		"s3": {Clauses: "S3-TAG-05", Want: Shown(), Rests: "S3-TAG-01"},
	}, Case{When: with("a=1&b%2Fc=d%20e"), After: []After{hasTags("a=1", "b/c=d e")}})
	b.Case("field/no-value", "takes a name without an equals sign for a tag of no value", By{
		"s3": {Clauses: "S3-TAG-05", Want: Shown(), Rests: "S3-TAG-01"},
	}, Case{When: with("a=1&b"), After: []After{hasTags("a=1", "b=")}})
	for _, wrong := range []struct{ name, text, value string }{
		{"repeated", "refuses a name that is there twice", "k=1&k=2"},
		{"comma", "refuses tags that are parted by a comma", "k=1,j=2"},
	} {
		b.Case("field/"+wrong.name, wrong.text, By{
			"s3": {Clauses: "S3-TAG-06", Want: Refused(400, "InvalidArgument").With(element("ArgumentName", "x-amz-tagging"))},
		}, Case{When: with(wrong.value), After: []After{missing("a")}})
	}
}

// manyTags are n tags that differ.
func manyTags(n int) (tags []string) {
	for i := range n {
		tags = append(tags, "tag"+itoa(i)+"=x")
	}
	return tags
}

func taggingBounds(b *Book) {
	b.Case("bounds/object-most", "takes as many tags as an object may have", By{
		"s3": {Clauses: "S3-TAG-07", Want: Want{Status: 200, Step: 1}, Rests: "S3-TAG-01"},
	}, Case{
		Given: []Given{put("a", "content")},
		When:  func(s *Scene) client.Call { return s.setTags("a", labels(manyTags(10)...)) },
		After: []After{hasTags(manyTags(10)...)},
	})
	b.Case("bounds/object-over", "refuses one tag more than an object may have", By{
		"s3": {Clauses: "S3-TAG-07", Want: Want{Status: 400, Code: "BadRequest", Step: 2}, Rests: "S3-TAG-01"},
	}, Case{
		Given: []Given{labelled("first=1")},
		When:  func(s *Scene) client.Call { return s.setTags("a", labels(manyTags(11)...)) },
		After: []After{hasTags("first=1")},
	})
	b.Case("bounds/bucket-over", "refuses one tag more than a bucket may have", By{
		"s3": {Clauses: "S3-TAG-07", Want: Want{Status: 400, Code: "BadRequest", Step: 3}},
	}, Case{
		Given: []Given{configured("tagging", labels("first=1"))},
		When:  func(s *Scene) client.Call { return s.setConfig("tagging", labels(manyTags(51)...)) },
		After: []After{configSame("tagging")},
	})
	long := func(key, value int) string { return strings.Repeat("k", key) + "=" + strings.Repeat("v", value) }
	b.Case("bounds/letters-most", "takes a tag of the longest name and the longest value", By{
		"s3": {Clauses: "S3-TAG-08", Want: Accepted(200), Rests: "S3-TAG-01"},
	}, Case{
		Given: []Given{put("a", "content")},
		When:  func(s *Scene) client.Call { return s.setTags("a", labels(long(128, 256))) },
		After: []After{hasTags(long(128, 256))},
	})
	for _, over := range []struct{ name, text, tag string }{
		{"key-over", "refuses a name that is too long", long(129, 1)},
		{"value-over", "refuses a value that is too long", long(1, 257)},
		{"key-empty", "refuses a name of no letters", "=v"},
	} {
		b.Case("bounds/"+over.name, over.text, By{
			"s3": {Clauses: "S3-TAG-08", Want: Refused(400, "InvalidTag"), Rests: "S3-TAG-01"},
		}, Case{
			Given: []Given{labelled("first=1")},
			When:  func(s *Scene) client.Call { return s.setTags("a", labels(over.tag)) },
			After: []After{hasTags("first=1")},
		})
	}
}

// taggingRefused adds a case for objects and one for buckets: what the document
// says is refused.
func taggingRefused(b *Book, name, text, document string, row Row) {
	row.Rests = "S3-TAG-01"
	b.Case("object/"+name, text+" of an object", By{"s3": row}, Case{
		Given: []Given{labelled("first=1")},
		When:  func(s *Scene) client.Call { return s.setTags("a", document) },
		After: []After{hasTags("first=1")},
	})
	row.Rests = "S3-TAG-02"
	b.Case("bucket/"+name, text+" of a bucket", By{"s3": row}, Case{
		Given: []Given{configured("tagging", labels("first=1"))},
		When:  func(s *Scene) client.Call { return s.setConfig("tagging", document) },
		After: []After{configSame("tagging")},
	})
}

func taggingLetters(b *Book) {
	invalid := Refused(400, "InvalidTag")
	taggingRefused(b, "letters/key", "refuses a name with a comma in a tag", labels("Key1,Key2=v"),
		Row{Clauses: "S3-TAG-09", Want: invalid.With(element("TagKey", "Key1,Key2"))})
	taggingRefused(b, "letters/value", "refuses a value with a comma in a tag", labels("k=Val1,Val2"),
		Row{Clauses: "S3-TAG-09", Want: invalid.With(element("TagValue", "Val1,Val2"))})
	taggingRefused(b, "repeated", "refuses two tags of one name", labels("Key1=a", "Key1=b"),
		Row{Clauses: "S3-TAG-10", Want: invalid.With(element("TagKey", "Key1"))})
	taggingRefused(b, "reserved", "refuses a name that the service keeps for itself in a tag", labels("aws:prefixed=v"),
		Row{Clauses: "S3-TAG-11", Want: invalid})
	b.Case("object/letters/allowed", "takes letters, digits, blanks and the marks that are allowed", By{
		"s3": {Clauses: "S3-TAG-09", Want: Accepted(200), Rests: "S3-TAG-01"},
	}, Case{
		Given: []Given{put("a", "content")},
		When:  func(s *Scene) client.Call { return s.setTags("a", labels("aZ 9+-._:/@=äZ 9+-._:/@")) },
		After: []After{hasTags("aZ 9+-._:/@=äZ 9+-._:/@")},
	})
}

func taggingMalformed(b *Book) {
	row := Row{Clauses: "S3-TAG-12", Want: Refused(400, "MalformedXML")}
	set := func(tag string) string { return xmlOf("Tagging", xmlOf("TagSet", xmlOf("Tag", tag))) }
	taggingRefused(b, "malformed/no-key", "refuses a tag without a name", set(xmlOf("Value", "v")), row)
	taggingRefused(b, "malformed/no-value", "refuses a tag without a value", set(xmlOf("Key", "k")), row)
}

func taggingMissing(b *Book) {
	for _, c := range []struct {
		name string
		call func(*Scene) client.Call
	}{
		{"get", func(s *Scene) client.Call { return s.tags("none") }},
		{"put", func(s *Scene) client.Call { return s.setTags("none", labels("a=1")) }},
		{"delete", func(s *Scene) client.Call { return s.tagsGone("none") }},
	} {
		b.Case("missing/"+c.name, "has no tags to "+c.name+" where there is no object", By{
			"s3": {Clauses: "S3-TAG-13", Want: Refused(404, "NoSuchKey")},
		}, Case{When: c.call})
	}
}
