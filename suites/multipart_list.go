package suites

import (
	"crypto/md5"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// mpQuery reads a query as listing does: "~" stands for the case's own prefix,
// and #a for the ID of the upload a. Names are given as the dialects of XML write
// them.
func (s *Scene) mpQuery(query string) (params []wire.Param) {
	for part := range strings.SplitSeq(query, "&") {
		name, value, eq := strings.Cut(part, "=")
		if name == "" {
			continue
		}
		words := strings.Split(name, "-")
		for i := range words[1:] {
			words[i+1] = strings.ToUpper(words[i+1][:1]) + words[i+1][1:]
		}
		params = append(params, wire.Param{Name: s.W.DoomForm(name, strings.Join(words, "")), Value: s.mpSaid(value), Bare: !eq})
	}
	return params
}

// mpSaid puts in what a text of a query or of an expectation stands for.
func (s *Scene) mpSaid(text string) string {
	if name, ok := strings.CutPrefix(text, "#"); ok {
		return s.Kept("upload " + name)
	}
	return strings.Replace(text, "~", s.under(), 1)
}

// mpListsOf lists the parts of the upload a, see mpQuery.
func mpListsOf(query string) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.mpListParts("a", s.mpQuery(query)...) }
}

// mpFilled begins the upload a and sends parts of these numbers, each of as many
// bytes as its number says.
func mpFilled(numbers ...int) Given {
	return func(s *Scene) {
		mpBegun("a")(s)
		for _, n := range numbers {
			mpSent("a", n, strings.Repeat("x", n))(s)
		}
	}
}

// parts wants the list to hold these parts, in this order.
func (l look) parts(numbers ...int) Want {
	return Shown().With(func(s *Scene, r *client.Reply) []Flaw {
		l := l
		l.is = s.mpMeant(l.is)
		flaws := l.judge(s, r)
		got, err := readListing(r)
		if err != nil {
			return flaws // which say so
		}
		want := make([]string, 0, len(numbers))
		for _, n := range numbers {
			want = append(want, strconv.Itoa(n))
		}
		have := make([]string, 0, len(got.entries))
		for _, e := range got.entries {
			have = append(have, e["PartNumber"])
		}
		if !slices.Equal(want, have) {
			flaws = append(flaws, Flaw{"the parts " + strings.Join(want, " "), strings.Join(have, " ")})
		}
		return flaws
	})
}

// mpMeant is mpSaid for members.
func (s *Scene) mpMeant(is map[string]string) map[string]string {
	out := map[string]string{}
	for name, text := range is {
		out[name] = s.mpSaid(text)
	}
	return out
}

// mpTags wants each part of a list to have the digest of as many letters x as its
// number says, and to be of that size.
func mpTags(s *Scene, r *client.Reply) (flaws []Flaw) {
	got, err := readListing(r)
	if err != nil {
		return []Flaw{{"a list of parts", err.Error()}}
	}
	for _, e := range got.entries {
		n, err := strconv.Atoi(e["PartNumber"])
		if err != nil {
			return []Flaw{{"a part with a number", excerpt(e["PartNumber"])}}
		}
		tag := fmt.Sprintf("%x", md5.Sum([]byte(strings.Repeat("x", n))))
		if tag = s.W.DoomForm(`"`+tag+`"`, tag); lower(e["ETag"]) != tag {
			flaws = append(flaws, Flaw{"part " + itoa(n) + " with the ETag " + tag + " in either case", listMember(e, "ETag")})
		}
		if e["Size"] != itoa(n) {
			flaws = append(flaws, Flaw{"part " + itoa(n) + " of " + itoa(n) + " bytes", listMember(e, "Size")})
		}
	}
	return flaws
}

// Times as ISO 8601 writes them, with fractions of seconds or without.
var mpTimes = gomega.MatchRegexp(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$`)

// mpRecent wants the times in the entries to be those of the last minutes, by the
// clock of the target.
func mpRecent(member string) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) (flaws []Flaw) {
		got, err := readListing(r)
		now, wrong := time.Parse(httpTime, r.Fields.Get("Date"))
		switch {
		case err != nil:
			return nil // which the other checks say
		case wrong != nil:
			s.Block("the reply says no time that others could be held against: Date: %s", r.Fields.Get("Date"))
		}
		times := []string{}
		for _, e := range got.entries {
			if at, ok := e[member]; ok {
				times = append(times, at)
			}
		}
		if at, ok := got.is[member]; ok {
			times = append(times, at)
		}
		for _, text := range times {
			at, err := time.Parse(time.RFC3339, text)
			if err != nil || at.After(now.Add(time.Minute)) || at.Before(now.Add(-time.Hour)) {
				flaws = append(flaws, Flaw{member + " within the hour before " + now.Format(time.RFC3339), excerpt(text)})
			}
		}
		return flaws
	}
}

// mpPartLists tells of the list of the parts of an upload.
func mpPartLists(b *Book) {
	whole := b.mpPartShape(nil, 1, 2, 5).answered(200)
	b.mpCase("parts/reply", "lists the parts with all that the documents name", By{
		"oss": {Clauses: "OSS-XLPART-01", Want: whole.With(mpAll(whole.Check, mpIsXML))},
		"cos": {Clauses: "COS-XMPU-24", Want: whole},
		"bos": {Clauses: "BOS-MPU-22 BOS-API-16", Want: whole},
		"s3":  {Clauses: "S3-MPU-37", Want: whole},
	}, Case{Given: []Given{mpFilled(1, 2, 5)}, When: mpListsOf("")})
	sorted := look{}.parts(1, 2, 10)
	b.mpCase("parts/order", "lists the parts by their numbers, whichever came first", By{
		"oss": {Clauses: "OSS-XLPART-02", Want: sorted},
		"cos": {Clauses: "COS-XMPU-24", Want: b.mpPartShape(nil, 1, 2, 10)},
		"bos": {Clauses: "BOS-MPU-23", Want: sorted.With(mpAll(sorted.Check, mpTags, mpRecent("LastModified")))},
	}, Case{Given: []Given{mpFilled(10, 1, 2)}, When: mpListsOf("")})
	class := map[string]string{"cos": "STANDARD_IA", "bos": "COLD"}[b.Dialect]
	classed := b.mpPartShape(map[string]string{"StorageClass": class}, 1)
	b.mpCase("parts/of-class", "tells the storage class of the object to come", By{
		"cos": {Clauses: "COS-XMPU-24", Want: classed, Rests: "COS-XMPU-02"},
		"bos": {Clauses: "BOS-MPU-22", Want: classed, Rests: "BOS-MPU-03"},
	}, Case{Given: []Given{mpBegun("a", Field(b.W.Prefix+"storage-class", class)), mpSent("a", 1, "x")}, When: mpListsOf("")})
	empty := look{is: map[string]string{"IsTruncated": "false"}}.parts().answered(200)
	b.mpCase("parts/none", "lists nothing of an upload without parts", By{
		"oss": {Clauses: "OSS-XLPART-10 OSS-MPU-INIT-16", Want: empty},
	}, Case{Given: []Given{mpBegun("a")}, When: mpListsOf("")})
	b.mpCase("parts/again", "lists a number once, with the part that came last", By{
		"oss": {Clauses: "OSS-XLPART-11", Want: look{}.parts(1).With(mpAll(look{}.parts(1).Check, mpTags))},
	}, Case{Given: []Given{mpBegun("a"), mpSent("a", 1, "first"), mpSent("a", 1, "x")}, When: mpListsOf("")})
	entry := map[string]any{"LastModified": mpTimes}
	exact := look{entry: map[string]any{"LastModified": gomega.MatchRegexp(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`), "ETag": `"9DD4E461268C8034F5C8564E155C67A6"`}}
	b.mpCase("parts/entry", "writes times as ISO 8601 does, and the digest of a part in quotes", By{
		"oss": {Clauses: "OSS-XLPART-09", Want: exact.parts(1).With(mpAll(exact.parts(1).Check, mpRecent("LastModified")))},
		"cos": {Clauses: "COS-XMPU-26", Want: look{entry: entry}.parts(1)},
	}, Case{Given: []Given{mpFilled(1)}, When: mpListsOf("")})
}

// mpResting are the clauses of the shape of a document that cases of others read
// by the way, by the clause that they cover.
var mpResting = map[string]string{
	"OSS-XLPART-01": "OSS-HDR-04", "OSS-XLPART-09": "OSS-HDR-04 OSS-MPU-PART-02", "OSS-XLMU-01": "OSS-HDR-04",
	"OSS-XLPART-03": "OSS-XLPART-01 OSS-XLPART-05", "OSS-XLPART-05": "OSS-XLPART-01", "OSS-XLPART-06": "OSS-XLPART-01 OSS-XLPART-05",
	"OSS-XLMU-03": "OSS-XLMU-01 OSS-XLMU-10", "OSS-XLMU-06": "OSS-XLMU-01 OSS-XLMU-05", "OSS-XLMU-10": "OSS-XLMU-01", "OSS-XLMU-11": "OSS-XLMU-01 OSS-XLMU-10",
	"COS-XMPU-25": "COS-XMPU-24", "COS-XMPU-26": "COS-XMPU-24", "COS-XMPU-29": "COS-XMPU-28", "COS-XMPU-30": "COS-XMPU-28",
	"BOS-MPU-24": "BOS-MPU-22", "BOS-MPU-26": "BOS-MPU-25 BOS-MPU-27",
	"S3-MPU-37": "S3-MPU-08", "S3-MPU-46": "S3-MPU-42", "S3-MPU-43": "S3-MPU-42 S3-MPU-44",
}

// mpCase is Case for the lists, whose cases rest on the shape of the documents.
func (b *Book) mpCase(name, text string, by By, c Case) {
	if row, ok := by[b.Dialect]; ok {
		for id := range strings.FieldsSeq(row.Clauses) {
			c.Rests = append(c.Rests, strings.Fields(mpResting[id])...)
		}
	}
	b.Case(name, text, by, c)
}

// mpIsXML wants a reply to say that it is XML.
func mpIsXML(_ *Scene, r *client.Reply) []Flaw {
	if got := r.Fields.Get("Content-Type"); !strings.HasPrefix(got, "application/xml") {
		return []Flaw{{"Content-Type: application/xml", excerpt(got)}}
	}
	return nil
}

// mpNames wants members that say who: of the document, by their paths.
func mpNames(paths ...string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) (flaws []Flaw) {
		for _, path := range paths {
			around, inner, _ := strings.Cut(path, "/")
			text := string(r.Body)
			_, below, _ := strings.Cut(text, "<"+around+">")
			below, _, _ = strings.Cut(below, "</"+around+">")
			if strings.HasPrefix(text, "{") {
				_, below, _ = strings.Cut(text, `"`+around+`":{`)
				below, _, _ = strings.Cut(below, "}")
			}
			_, value, found := strings.Cut(below, inner)
			if value = strings.Trim(value, `>":`); !found || value == "" || value[0] == '<' {
				flaws = append(flaws, Flaw{path, excerpt(text)})
			}
		}
		return flaws
	}
}
