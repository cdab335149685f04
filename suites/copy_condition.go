package suites

import (
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// A copyCell is a copy on conditions: those that it sends, whether it is made,
// and the clauses of each dialect that say so.
type copyCell struct {
	name, text        string
	send              []stipulation
	status            int    // 200, 304 or 412
	decides           string // the field that a 412 is about
	oss, cos, bos, s3 string
}

// onSource are the fields of conditions as a copy has them.
func (s *Scene) onSource(send []stipulation) (out []wire.Field) {
	for _, f := range fieldsOf(s, send) {
		out = append(out, Field(s.W.Prefix+"copy-source-"+lower(f.Name), f.Value))
	}
	return out
}

func (c copyCell) add(b *Book) {
	made := Case{
		Given: []Given{knownObject},
		When: func(s *Scene) client.Call {
			return s.CopyOf(s.source(s.Bucket, wire.EscapePath(s.Key("k"))), "to", s.onSource(c.send)...)
		},
		After: []After{reads("to", "content")},
	}
	if c.status != 200 {
		made.After = []After{missing("to")}
	}
	by := By{}
	for dialect, clauses := range map[string]string{"oss": c.oss, "cos": c.cos, "bos": c.bos, "s3": c.s3} {
		if clauses != "" {
			by[dialect] = Row{Clauses: clauses, Want: c.want(b)}
		}
	}
	b.Case("condition/"+c.name, c.text, by, made)
}

func (c copyCell) want(b *Book) Want {
	switch {
	case c.status == 200:
		return Accepted(200)
	case c.status == 304:
		return Want{Status: 304}.Content("")
	case b.W.Condition != "":
		return Refused(412, "PreconditionFailed").With(elementIs(b.W.Condition, "x-amz-copy-source-"+c.decides))
	}
	return Refused(412, "PreconditionFailed")
}

const (
	copyTaken   = "copies an object of which the condition holds"
	copyNotMade = "does not copy an object of which the condition does not hold"
)

// copyConditions sends each condition, holding and not.
func copyConditions(b *Book) {
	not := b.W.CopyUnchanged
	match, none := stipulation{"If-Match", ownTag}, stipulation{"If-None-Match", ownTag}
	otherMatch, otherNone := stipulation{"If-Match", otherTag}, stipulation{"If-None-Match", otherTag}
	modified := func(seconds int) []stipulation { return []stipulation{{ifModified, changed(seconds)}} }
	unmodified := func(seconds int) []stipulation { return []stipulation{{ifUnmodified, changed(seconds)}} }
	for _, c := range []copyCell{
		{"if-match/same", copyTaken, []stipulation{match}, 200, "", "OSS-COPY-04", "COS-XCOPY-07", "BOS-COPY-08", ""},
		{"if-match/other", copyNotMade, []stipulation{otherMatch}, 412, "If-Match", "OSS-COPY-04", "COS-XCOPY-07", "BOS-COPY-08", "S3-COPY-29"},
		{"if-none-match/other", copyTaken, []stipulation{otherNone}, 200, "", "OSS-COPY-05", "COS-XCOPY-08", "BOS-COPY-09", ""},
		{"if-none-match/same", copyNotMade, []stipulation{none}, not, "If-None-Match", "OSS-COPY-05", "COS-XCOPY-08", "BOS-COPY-09", "S3-COPY-29"},
		{"if-modified-since/before", copyTaken, modified(-1), 200, "", "OSS-COPY-07", "COS-XCOPY-09", "BOS-COPY-10", ""},
		{"if-modified-since/same", copyNotMade, modified(0), not, "If-Modified-Since", "OSS-COPY-07", "COS-XCOPY-09", "", "S3-COPY-29"},
		{"if-modified-since/after", copyNotMade, modified(1), not, "If-Modified-Since", "OSS-COPY-07", "COS-XCOPY-09", "BOS-COPY-10", ""},
		{"if-unmodified-since/before", copyNotMade, unmodified(-1), 412, "If-Unmodified-Since", "OSS-COPY-06", "COS-XCOPY-10", "BOS-COPY-11", "S3-COPY-29"},
		{"if-unmodified-since/same", copyTaken, unmodified(0), 200, "", "OSS-COPY-06", "COS-XCOPY-10", "", ""},
		{"if-unmodified-since/after", copyTaken, unmodified(1), 200, "", "OSS-COPY-06", "COS-XCOPY-10", "BOS-COPY-11", ""},
		{"if-modified-since/future", "ignores a date to come", modified(86400), 200, "", "", "", "", "S3-COPY-30"},
	} {
		c.add(b)
	}
}

// copyConditionPairs sends two conditions at once.
func copyConditionPairs(b *Book) {
	match, none := stipulation{"If-Match", ownTag}, stipulation{"If-None-Match", ownTag}
	otherNone := stipulation{"If-None-Match", otherTag}
	before, same := changed(-1), changed(0)
	for _, c := range []copyCell{
		{"pair/match-unmodified", "holds a copy to each of its conditions, or to the tag where the dialect lets it decide", []stipulation{match, {ifUnmodified, before}}, 412,
			ifUnmodified, "OSS-COPY-08", "", "", ""},
		{"pair/match-decides", "copies an object whose tag is the one of If-Match, whatever its date", []stipulation{match, {ifUnmodified, before}}, 200, "", "", "", "", "S3-COPY-31"},
		{"pair/match-unmodified-both", "copies an object of which both conditions hold", []stipulation{match, {ifUnmodified, same}}, 200, "", "OSS-COPY-08", "", "", ""},
		{"pair/none-match-decides", "does not copy an object that If-None-Match names, whatever its date", []stipulation{none, {ifModified, before}}, 412,
			"If-None-Match", "", "", "", "S3-COPY-32"},
	} {
		c.add(b)
	}
	for _, p := range []struct {
		name string
		send []stipulation
	}{
		{"match-none-match", []stipulation{match, otherNone}},
		{"match-modified", []stipulation{match, {ifModified, before}}},
		{"none-match-unmodified", []stipulation{otherNone, {ifUnmodified, same}}},
	} {
		b.Case("condition/pair/mixed/"+p.name, "refuses conditions that do not belong together, and makes nothing", By{
			"cos": {Clauses: "COS-XCOPY-11", Want: Refused(400, "InvalidRequest")},
		}, Case{
			Given: []Given{knownObject},
			When: func(s *Scene) client.Call {
				return s.CopyOf(s.source(s.Bucket, wire.EscapePath(s.Key("k"))), "to", s.onSource(p.send)...)
			},
			After: []After{missing("to")},
		})
	}
}
