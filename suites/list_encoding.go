package suites

import (
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
)

// awkward are texts that are hard to carry: by XML, by a URL, or by both. Those
// that are marked cannot stand in XML 1.0 at all.
var awkward = []struct {
	name, text string
	control    bool
}{
	{"blank", "a b", false}, {"blanks", "  a  ", false}, {"plus", "1+1", false}, {"percent", "100%", false}, {"escaped", "a%2Fb%25", false},
	{"ampersand", "a&b&amp;c", false}, {"angle", "<a>]]></a>", false}, {"quotes", `"a'b'"`, false}, {"hash", "a#b", false}, {"question", "a?b=c&d", false},
	{"equals", "date=2026-01-01", false}, {"semicolon", "a;b,c:d@e", false}, {"brackets", "a[0]{1}(2)|^`", false}, {"star", "a*!$%b", false}, {"backslash", `a\b`, false},
	{"chinese", "中文", false}, {"accents", "ünïcødé", false}, {"combining", "e\u0301", false}, {"emoji", "a😀", false}, {"slashes", "a//b c", false},
	{"tab", "a\tb", false}, {"newline", "a\nb", false}, {"return", "a\rb", false},
	{"control-01", "a\x01b", true}, {"control-08", "a\x08b", true}, {"control-1f", "a\x1fb", true}, {"delete", "a\x7fb", false},
}

func listEncodings(b *Book) {
	for _, a := range awkward {
		row := func(clauses string) Row {
			return Row{Clauses: clauses, Want: look{keys: []string{a.text}}.shown(), More: []Want{b.escaped()}}
		}
		s3 := row("S3-LIST-18")
		if a.control {
			s3 = row("S3-LIST-21 S3-LIST-18")
		}
		b.list("url/key/"+a.name, "writes a key that is awkward in XML with percent signs, which lead back to it", By{
			"oss": row("OSS-LIST-30"), "oss/v2": row("OSS-XLV2-09"), "cos": row("COS-XLIST-11"), "s3": s3, "s3/v2": s3,
		}, lister{keys: []string{a.text}, query: "encoding-type=url"})
	}
	for _, a := range []struct{ name, text string }{{"blank", "a b"}, {"ampersand", "a&b<c>"}, {"percent", "a%20b+c"}, {"chinese", "中文"}, {"quotes", `"a'`}} {
		plain := Shown().With(look{keys: []string{a.text}, lacks: []string{"EncodingType"}}.judge)
		b.list("plain/"+a.name, "writes a key as it is where nobody asks for an encoding", By{
			"oss": {Clauses: "OSS-LIST-31", Want: plain},
			"cos": {Clauses: "COS-XLIST-11", Want: plain},
		}, lister{keys: []string{a.text}})
	}
}

// Texts that hold nothing but what needs no escape and escapes: with plus signs
// for blanks, escaped slashes and bare delimiters of parts (RFC 3986 2.2) where a
// document does not say, and without.
var (
	escapedText = regexp.MustCompile(`^(?:[A-Za-z0-9._~/+*!$'()-]|%[0-9A-Fa-f]{2})*$`)
	percentText = regexp.MustCompile(`^(?:[A-Za-z0-9._~/*!'()-]|%(?:[013-9A-Fa-f][0-9A-Fa-f]|2[0-9A-Ea-e]))*$`)
)

// escaped wants a listing to say that it is encoded, and its keys and common
// prefixes to be.
func (b *Book) escaped() Want {
	form := escapedText
	if b.W.PercentKeys {
		form = percentText
	}
	return Shown().With(func(s *Scene, r *client.Reply) []Flaw {
		flaws := look{is: map[string]string{"EncodingType": "url"}}.judge(s, r)
		got, err := readListing(r)
		if err != nil {
			return flaws
		}
		texts := slices.Clone(got.folds)
		for _, e := range got.entries {
			texts = append(texts, e["Key"])
		}
		for _, text := range texts {
			if !form.MatchString(text) {
				flaws = append(flaws, Flaw{"an escaped text", excerpt(text)})
			}
		}
		return flaws
	})
}

// rawMember wants a member as it stands in the document.
func rawMember(name string, want any) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw {
		got, err := readListing(r)
		if err != nil {
			return []Flaw{{"a listing", err.Error()}}
		}
		if expected, ok := matches(want, got.is[name]); !ok {
			return []Flaw{{name + " " + expected, listMember(got.is, name)}}
		}
		return nil
	}
}

// listEncodingForms are about what is encoded, how, and what else may be asked
// for.
func listEncodingForms(b *Book) {
	said := []Want{b.escaped()}
	two := look{keys: []string{"a b", "c"}}.shown()
	b.list("url/said", "says that it is encoded", By{
		"oss": {Clauses: "OSS-LIST-30", Want: two, More: said}, "oss/v2": {Clauses: "OSS-XLV2-09", Want: two, More: said},
		"cos": {Clauses: "COS-XLIST-11", Want: two, More: said}, "s3": {Clauses: "S3-LIST-18", Want: two, More: said}, "s3/v2": {Clauses: "S3-LIST-18", Want: two, More: said},
	}, lister{keys: []string{"a b", "c"}, query: "encoding-type=url"})
	for _, m := range []struct{ member, name, query, clauses, rests string }{
		{"Prefix", "prefix", "prefix=~p q", "OSS-LIST-30 S3-LIST-18 oss/v2:OSS-XLV2-09", "OSS-LIST-25 S3-LIST-01"},
		{"Delimiter", "delimiter", "delimiter= ", "OSS-LIST-30 S3-LIST-18 oss/v2:OSS-XLV2-09", "OSS-LIST-25 S3-LIST-20"},
		{"Marker", "marker", "marker=~m n", "OSS-LIST-30 S3-LIST-18", "OSS-LIST-25 S3-LIST-04"},
		{"StartAfter", "start-after", "list-type=2&start-after=~m n", "OSS-XLV2-09 S3-LIST-18", "OSS-XLV2-04 S3-LIST-25"},
		{"NextMarker", "next-marker", "max-keys=1&delimiter=/", "OSS-LIST-30 S3-LIST-18", ""},
	} {
		by := By{}
		for id := range strings.FieldsSeq(m.clauses) {
			at, clause, ok := strings.Cut(id, ":")
			if !ok {
				dialect, _, _ := strings.Cut(lower(id), "-")
				at, clause = dialect, id
			}
			by[at] = Row{Clauses: clause, Rests: restsIn(m.rests, clause), Want: Shown().With(rawMember(m.member, gomega.MatchRegexp(`^(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*(\+|%20)(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*$`))), More: said}
		}
		b.list("url/member/"+m.name, "escapes what the listing says of the request, too", by,
			lister{keys: []string{"a b", "c&d"}, query: m.query + "&encoding-type=url"})
	}
	folded := look{folds: []string{"a b/"}}.shown()
	b.list("url/common-prefix", "escapes common prefixes", By{
		"oss": {Clauses: "OSS-LIST-30", Want: folded, More: said, Rests: "OSS-LIST-21"},
		"cos": {Clauses: "COS-XLIST-11", Want: folded, More: said},
		"s3":  {Clauses: "S3-LIST-18", Want: folded, More: said, Rests: "S3-LIST-09"},
	}, lister{keys: []string{"a b/c"}, query: "delimiter=/&encoding-type=url"})
	exact := func(text string) Want { return Shown().Content(gomega.ContainSubstring(text)) }
	b.list("url/slash", "escapes an equals sign and no slash", By{
		"s3/v2": {Clauses: "S3-LIST-19", Want: exact("/date%3D2026-01-01/x</Key>")},
		"s3":    {Clauses: "S3-LIST-19", Want: exact("/date%3D2026-01-01/x</Key>")},
	}, lister{keys: []string{"date=2026-01-01/x"}, query: "encoding-type=url&marker=~date=2025"})
	b.list("url/blank", "escapes a blank with a percent sign, and no slash", By{
		"cos": {Clauses: "COS-XLIST-11", Want: exact("/a%20b/c</Key>"), More: said},
	}, lister{keys: []string{"a b/c"}, query: "encoding-type=url"})
	listEncodingTypes(b)
}

// restsIn are those clauses of a list that belong to the dialect of a clause.
func restsIn(list, clause string) string {
	dialect, _, _ := strings.Cut(clause, "-")
	return strings.Join(slices.DeleteFunc(strings.Fields(list), func(id string) bool { return !strings.HasPrefix(id, dialect+"-") }), " ")
}

// listEncodingTypes are other values of encoding-type.
func listEncodingTypes(b *Book) {
	for _, t := range []struct{ name, value string }{{"base64", "base64"}, {"value", "value"}, {"blank", ""}} {
		by := By{}
		bad := Refused(400, "InvalidArgument")
		blamed := bad.With(elements("ArgumentName", "encoding-type"))
		if t.value != "" {
			by["oss"] = Row{Clauses: "OSS-LIST-32", Want: bad}
		}
		by["s3"], by["s3/v2"] = Row{Clauses: "S3-LIST-17", Want: blamed}, Row{Clauses: "S3-LIST-17", Want: blamed}
		b.list("encoding-type/"+t.name, "refuses another encoding than url", by,
			lister{keys: []string{"a"}, query: "encoding-type=" + t.value, Case: Case{Given: []Given{listControl("encoding-type=url")}}})
	}
}
