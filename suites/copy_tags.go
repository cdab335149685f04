package suites

import (
	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// copyTagged puts an object with the tag first=1 and sees it.
func copyTagged(s *Scene) {
	s.Must(s.Put(s.Key("from"), "content", Field(s.W.Prefix+"tagging", "first=1")))
	r := s.Must(s.tags("from"))
	if ok, err := copyTags("first").Match(string(r.Body)); !ok {
		s.Block("the source has not the tag that it was given: %s %v", excerpt(string(r.Body)), err)
	}
}

// tags asks for the tags of a key.
func (s *Scene) tags(key string) client.Call {
	return client.Call{Method: "GET", Bucket: s.Bucket, Key: s.Key(key), Query: []wire.Param{{Name: "tagging", Bare: true}}}
}

// copyTags wants one of the tags first and second, or none, in a reply of any
// form.
func copyTags(which string) gomega.OmegaMatcher {
	has := func(key string) gomega.OmegaMatcher { return gomega.ContainSubstring(key) }
	switch which {
	case "first":
		return gomega.And(has("first"), gomega.Not(has("second")))
	case "second":
		return gomega.And(has("second"), gomega.Not(has("first")))
	}
	return gomega.Not(gomega.Or(has("first"), has("second")))
}

// copyTagging copies tagged objects with each directive for tags.
func copyTagging(b *Book) {
	own := func(name string) string { return b.W.Prefix + name }
	replace := Field(own("tagging-directive"), b.W.Replace)
	second := Field(own("tagging"), "second=2")
	for _, t := range []struct {
		name, text, cos, bos, s3 string
		send                     []wire.Field
		tags                     string
	}{
		{"default", "gives the copy the tags of the source", "COS-XCOPY-17", "BOS-COPY-19", "S3-COPY-16", []wire.Field{second}, "first"},
		{"copy", "gives the copy the tags of the source where that is asked for", "COS-XCOPY-17", "BOS-COPY-19", "S3-COPY-16",
			[]wire.Field{Field(own("tagging-directive"), b.W.Keep), second}, "first"},
		{"replace", "gives the copy the tags of the request where that is asked for", "COS-XCOPY-17", "BOS-COPY-19", "S3-COPY-17", []wire.Field{replace, second}, "second"},
		{"replace-with-nothing", "leaves the copy without tags where they are replaced by none", "", "", "S3-COPY-17", []wire.Field{replace}, "none"},
	} {
		by := By{"s3": {Clauses: t.s3, Want: Shown(), Rests: "S3-TAG-01 S3-TAG-05"}}
		if t.cos != "" {
			by["cos"], by["bos"] = Row{Clauses: t.cos, Want: Shown()}, Row{Clauses: t.bos, Want: Shown()}
		}
		b.Case("tagging/"+t.name, t.text, by, Case{
			Given: []Given{copyTagged},
			When:  func(s *Scene) client.Call { return s.Copy("from", "k", t.send...) },
			After: []After{{Text: "the tags of the copy", Call: func(s *Scene) client.Call { return s.tags("k") }, Want: Accepted(2).Content(copyTags(t.tags))}},
		})
	}
}

// copyBroken is a copy that fails when the status of its reply is sent already.
func copyBroken(b *Book) {
	broken := copyRefused(func(s *Scene) client.Call { return s.Copy("from", "k") },
		func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"CopyBreak": 1}}) }, put("from", "content"))
	broken.Needs = NeedsPrivate
	b.Case("broken-off", "answers 200 with an error document where a copy fails after it has begun, and makes nothing", By{
		"cos": {Clauses: "COS-XCOPY-03", Want: Accepted(200).Content(gomega.ContainSubstring("<Error>"))},
		"bos": {Clauses: "BOS-COPY-17", Want: Accepted(200).Content(gomega.ContainSubstring(`"code":"InternalError"`))},
	}, broken)
}
