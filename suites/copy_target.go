package suites

import (
	"objectharness/internal/client"
)

// copyOver is a case that copies from to k, which holds something else, on
// conditions.
func copyOver(send ...stipulation) Case {
	return Case{
		Given: []Given{put("from", "other content"), knownObject, snapshot("k")},
		When:  func(s *Scene) client.Call { return s.Copy("from", "k", fieldsOf(s, send)...) },
	}
}

// copyTargets holds copies to what the request says of the object that they
// replace.
func copyTargets(b *Book) {
	kept := copyOver(stipulation{b.W.Forbid, literally("true")})
	kept.After = []After{unchanged("k")}
	b.Case("target/forbid-overwrite", "refuses to copy over an object where that is forbidden, and keeps it", By{
		"oss": {Clauses: "OSS-XPUT-08", Want: Refused(409, "FileAlreadyExists")},
		"cos": {Clauses: "COS-COPY-03", Want: Refused(409, "FileAlreadyExists")},
	}, kept)
	for _, p := range []struct {
		name, clause string
		send         stipulation
		want         Want
	}{
		{"if-none-match-any", "S3-CPUT-17", stipulation{"If-None-Match", literally("*")}, Refused(412, "PreconditionFailed")},
		{"if-match-other", "S3-CPUT-18", stipulation{"If-Match", otherTag}, Refused(412, "PreconditionFailed")},
	} {
		c := copyOver(p.send)
		c.After = []After{unchanged("k")}
		b.Case("target/"+p.name, "refuses to copy over an object of which the condition does not hold, and keeps it", By{
			"s3": {Clauses: p.clause, Want: p.want},
		}, c)
	}
	made := copyOver(stipulation{"If-Match", ownTag})
	made.After = []After{reads("k", "other content")}
	b.Case("target/if-match-same", "copies over an object that If-Match names", By{"s3": {Clauses: "S3-CPUT-18", Want: Accepted(200)}}, made)
	free := copyRefused(func(s *Scene) client.Call { return s.Copy("from", "k", Field("If-Match", `"`+copyMD5+`"`)) }, put("from", "content"))
	b.Case("target/if-match-free", "refuses to copy to a free key where If-Match wants an object there", By{
		"s3": {Clauses: "S3-CPUT-18", Want: Refused(404, "NoSuchKey")},
	}, free)
	onFree := copyMade(Field("If-None-Match", "*"))
	b.Case("target/if-none-match-free", "copies to a free key where If-None-Match wants it so", By{
		"s3": {Clauses: "S3-CPUT-17", Want: Accepted(200)},
	}, onFree)
}

// copyTargetRules sends conditions that writes do not have.
func copyTargetRules(b *Book) {
	for _, p := range []struct {
		name string
		send []stipulation
	}{
		{"if-none-match-tag", []stipulation{{"If-None-Match", literally(`"x"`)}}},
		{"if-match-any", []stipulation{{"If-Match", literally("*")}}},
		{"both", []stipulation{{"If-Match", ownTag}, {"If-None-Match", literally("*")}}},
	} {
		c := copyOver(p.send...)
		c.After = []After{unchanged("k")}
		b.Case("target/not-implemented/"+p.name, "refuses a condition that a write does not have, and keeps the object", By{
			"s3": {Clauses: "S3-CPUT-19", Want: Refused(501, "NotImplemented")},
		}, c)
	}
}
