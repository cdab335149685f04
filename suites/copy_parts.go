package suites

import "objectharness/internal/client"

// copyParts copies an object that came in parts.
func copyParts(b *Book) {
	b.Case("of-parts", "makes an object of one piece out of one that came in parts, with the MD5 of its content as ETag", By{
		"s3": {Clauses: "S3-COPY-34", Want: Shown().With(copyResult("ETag", `"`+copyMD5+`"`)), Rests: "S3-OBJ-01"},
	}, Case{
		Given: []Given{mpBegun("from"), mpSent("from", 1, "content"), mpCompleted("from", 1)},
		When:  func(s *Scene) client.Call { return s.Copy("from", "k") },
		After: []After{reads("k", "content")},
	})
}
