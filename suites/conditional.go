package suites

import (
	"strings"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// conditionalBooks write the chapter conditional: reads in conditional.go and
// conditional_forms.go, writes in conditional_write.go.
var conditionalBooks = []func(*Book){conditionalTags, conditionalDates, conditionalPairs, conditionalReplies, conditionalOrder,
	overwriting, conditionalPuts, conditionalCreation, conditionalDeletes}

// A stipulation is one If-* field of a request; its value is made of what the
// case knows of the object.
type stipulation struct {
	name  string
	value func(*Scene) string
}

// A cell is a conditional read: what it sends, how it is answered, and the
// clauses of each dialect that say so; a dialect without clauses has no case.
type cell struct {
	name, text        string
	send              []stipulation
	status            int    // 200, 304 or 412
	decides           string // the field that a 412 is about
	oss, cos, bos, s3 string
}

// read adds the cell's cases for GET and HEAD. Given steps of its own begin with
// one that opens a private emulator.
func (c cell) read(b *Book, given ...Given) {
	if given == nil {
		given = []Given{knownObject}
	}
	needs := Need(0)
	if len(given) > 1 {
		needs = NeedsPrivate
	}
	b.Case("get/"+c.name, c.text, c.rows(b, "GET"), Case{Needs: needs, Given: given,
		When: func(s *Scene) client.Call { return s.Get(s.Key("k"), fieldsOf(s, c.send)...) }})
	b.Case("head/"+c.name, c.text+", for HEAD as well", c.rows(b, "HEAD"), Case{Needs: needs, Given: given,
		When: func(s *Scene) client.Call { return s.Head(s.Key("k"), fieldsOf(s, c.send)...) }})
}

func (c cell) rows(b *Book, method string) By {
	by := By{}
	for dialect, clauses := range map[string]string{"oss": c.oss, "cos": c.cos, "bos": c.bos, "s3": c.s3} {
		if clauses == "" {
			continue
		}
		if method == "HEAD" {
			clauses = forHead(clauses)
		}
		by[dialect] = Row{Clauses: clauses, Want: c.want(b, method)}
	}
	return by
}

func (c cell) want(b *Book, method string) Want {
	switch {
	case c.status == 304:
		return Want{Status: 304}.Content("")
	case c.status == 412 && method == "GET" && b.W.Condition != "":
		return Refused(412, "PreconditionFailed").With(elementIs(b.W.Condition, c.decides))
	case c.status == 412:
		return Refused(412, "PreconditionFailed")
	}
	return Accepted(c.status)
}

// onHead are the clauses that say of HEAD what others say of GET. What does
// not stand here is about both.
var onHead = map[string]string{
	"OSS-XGET-22": "OSS-HEAD-04", "OSS-XGET-23": "OSS-HEAD-04", "OSS-XGET-24": "OSS-HEAD-08", "OSS-XGET-25": "OSS-HEAD-05",
	"OSS-XGET-26": "OSS-HEAD-05", "OSS-XGET-27": "OSS-HEAD-06", "OSS-XGET-28": "OSS-HEAD-07", "OSS-XGET-29": "OSS-HEAD-08",
	"COS-XGET-08": "COS-XHEAD-02", "COS-XGET-09": "COS-XHEAD-02", "COS-XGET-10": "COS-XHEAD-02", "COS-XGET-11": "COS-XHEAD-02",
	"BOS-GET-09": "BOS-HEAD-02", "BOS-GET-10": "BOS-HEAD-02", "BOS-GET-11": "BOS-HEAD-02", "BOS-GET-12": "BOS-HEAD-02",
	"BOS-GET-13": "BOS-HEAD-02", "BOS-GET-14": "BOS-HEAD-02", "BOS-ERR-31": "BOS-HEAD-02",
	"S3-COND-01": "S3-COND-08", "S3-COND-02": "S3-COND-08", "S3-COND-04": "S3-COND-08", "S3-COND-06": "S3-COND-08",
}

// forHead puts the clauses of HEAD for those of GET, each once.
func forHead(clauses string) string {
	var out []string
	for _, id := range strings.Fields(clauses) {
		if other := onHead[id]; other != "" {
			id = other
		}
		if !strings.Contains(strings.Join(out, " ")+" ", id+" ") {
			out = append(out, id)
		}
	}
	return strings.Join(out, " ")
}

// knownObject puts the object that a case reads and remembers its ETag and the time
// of its last modification, which must be the time of the upload.
func knownObject(s *Scene) {
	put := s.Must(s.Put(s.Key("k"), "content"))
	got := s.Must(s.Get(s.Key("k")))
	s.Keep("etag", got.Fields.Get("ETag"))
	s.Keep("date", got.Fields.Get("Last-Modified"))
	s.Keep("crc64", got.Fields.Get("x-cos-hash-crc64ecma"))
	if len(s.Kept("etag")) < 4 {
		s.Block("ETag %q is no entity tag", s.Kept("etag"))
	}
	at, err := time.Parse(httpTime, s.Kept("date"))
	if err != nil {
		s.Block("Last-Modified %q is no HTTP date", s.Kept("date"))
	}
	if now, err := time.Parse(httpTime, put.Fields.Get("Date")); err == nil && at.Sub(now).Abs() > 10*time.Minute {
		s.Block("Last-Modified %q is not the time of the upload, %q", s.Kept("date"), put.Fields.Get("Date"))
	}
}

func fieldsOf(s *Scene, send []stipulation) []wire.Field {
	var out []wire.Field
	for _, f := range send {
		out = append(out, Field(f.name, f.value(s)))
	}
	return out
}

// Values of the conditions.

func ownTag(s *Scene) string  { return s.Kept("etag") }
func bareTag(s *Scene) string { return strings.Trim(ownTag(s), `"`) }
func weakTag(s *Scene) string { return "W/" + `"` + bareTag(s) + `"` }

// otherTag is the object's tag but for its last digit.
func otherTag(s *Scene) string {
	tag := bareTag(s)
	last := "0"
	if strings.HasSuffix(tag, "0") {
		last = "1"
	}
	return `"` + tag[:len(tag)-1] + last + `"`
}

// withoutQuotes is a value without its quotes.
func withoutQuotes(value func(*Scene) string) func(*Scene) string {
	return func(s *Scene) string { return strings.Trim(value(s), `"`) }
}

func literally(text string) func(*Scene) string { return func(*Scene) string { return text } }

// tagList is a list of tags.
func tagList(values ...func(*Scene) string) func(*Scene) string {
	return func(s *Scene) string {
		var all []string
		for _, v := range values {
			all = append(all, v(s))
		}
		return strings.Join(all, ", ")
	}
}

// changed is the time of the last modification and some seconds.
func changed(seconds int) func(*Scene) string {
	return func(s *Scene) string { return s.after(s.Kept("date"), time.Duration(seconds)*time.Second) }
}

// changedAs is changed in another layout.
func changedAs(layout string, seconds int) func(*Scene) string {
	return func(s *Scene) string {
		t, err := time.Parse(httpTime, changed(seconds)(s))
		if err != nil {
			s.Block("%v", err)
		}
		return t.Format(layout)
	}
}

var answerText = map[int]string{200: "returns the object", 304: "answers 304 without a body", 412: "answers 412"}

// elementIs checks an element of the error body.
func elementIs(element, value string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		if got, _ := extra(r, element); got != value {
			return []Flaw{{element + " " + value, describe(r) + " with " + element + " " + excerpt(got)}}
		}
		return nil
	}
}
