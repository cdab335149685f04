package suites

import (
	"fmt"
	"slices"

	"objectharness/internal/clause"
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// five are keys with a folder among them.
var five = []string{"a", "b/1", "b/2", "c", "d"}

// listSmall turns the case to an emulator whose pages hold ten entries where the
// dialect's hold a thousand.
func listSmall(s *Scene) {
	s.NewPrivate(Setup{Limits: map[string]int64{"ListKeys": 10, "ListDefault": 10}})
}

// listNames are n keys in order, from 0 on.
func listNames(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%04d", i)
	}
	return out
}

func listSizes(b *Book) {
	hundred := listNames(101)
	b.list("size/usual", "holds a hundred entries where the request names no bound", By{
		"oss": {Clauses: "OSS-LIST-12", Want: look{keys: hundred[:100], is: map[string]string{"MaxKeys": "100", "IsTruncated": "true"}}.shown(), Rests: "OSS-LIST-26"},
	}, lister{keys: hundred})
	usual := look{is: map[string]string{"MaxKeys": "1000"}}.shown()
	b.list("size/usual-said", "says how many entries the page holds where the request does not", By{
		"oss":    {Clauses: "OSS-LIST-12", Want: look{is: map[string]string{"MaxKeys": "100"}}.shown(), Rests: "OSS-LIST-02"},
		"oss/v2": {Clauses: "OSS-XLV2-03", Want: look{is: map[string]string{"MaxKeys": "100"}}.shown()},
		"cos":    {Clauses: "COS-XLIST-03 COS-LIST-01", Want: usual, Rests: "COS-LIST-06"},
		"bos":    {Clauses: "BOS-LIST-03", Want: usual, Rests: "BOS-LIST-01"},
	}, lister{keys: []string{"a"}})
	ten := look{keys: hundred[:10], is: map[string]string{"IsTruncated": "true"}}.shown()
	small := Case{Needs: NeedsPrivate, Given: []Given{listSmall, listPut(hundred[:11]...)}}
	b.list("size/usual-full", "holds no more entries than the usual bound, and says that there are more", By{
		"cos":   {Clauses: "COS-LIST-01 COS-XLIST-03", Want: ten},
		"bos":   {Clauses: "BOS-LIST-03", Want: ten},
		"s3":    {Clauses: "S3-LIST-13", Want: ten},
		"s3/v2": {Clauses: "S3-LIST-13", Want: ten},
	}, lister{Case: small})
	b.list("size/cut", "holds no more entries than the greatest bound where more are asked for", By{
		"cos":   {Clauses: "COS-XLIST-04", Want: Accepted(200).With(look{keys: hundred[:10]}.judge)},
		"bos":   {Clauses: "BOS-LIST-03", Want: ten},
		"s3":    {Clauses: "S3-LIST-13", Want: ten},
		"s3/v2": {Clauses: "S3-LIST-13", Want: ten},
	}, lister{query: "max-keys=5000", Case: small})
	cut := look{keys: []string{"a"}, is: map[string]string{"MaxKeys": "1000"}}.shown()
	b.list("size/cut-said", "takes a bound over a thousand for a thousand", By{
		"cos": {Clauses: "COS-XLIST-04", Want: cut, Rests: "COS-LIST-06"},
		"bos": {Clauses: "BOS-LIST-03", Want: cut, Rests: "BOS-LIST-01"},
		"s3":  {Clauses: "S3-LIST-13", Want: cut, Rests: "S3-LIST-01"},
	}, lister{query: "max-keys=1001", Case: Case{Needs: NeedsPrivate, Given: []Given{func(s *Scene) { s.NewPrivate(Setup{}) }, listPut("a")}}})
	listBounds(b)
}

// listBounds are bounds that the request names.
func listBounds(b *Book) {
	keys := []string{"a", "b", "c"}
	two := look{keys: keys[:2], is: map[string]string{"MaxKeys": "2", "IsTruncated": "true"}}.shown()
	b.list("size/two", "holds as many entries as asked for", By{
		"oss": {Clauses: "OSS-LIST-13 OSS-LIST-26", Want: two},
		"cos": {Clauses: "COS-XLIST-03", Want: look{keys: keys[:2], is: map[string]string{"IsTruncated": "true"}}.shown()},
		"bos": {Clauses: "BOS-LIST-10", Want: look{keys: keys[:2], is: map[string]string{"IsTruncated": "true", "NextMarker": "~b"}}.shown()},
		"s3":  {Clauses: "S3-LIST-11", Want: look{keys: keys[:2], is: map[string]string{"IsTruncated": "true"}}.shown()},
	}, lister{keys: keys, query: "max-keys=2"})
	full := look{keys: keys, is: map[string]string{"IsTruncated": "false"}, lacks: []string{"NextMarker"}}.shown()
	b.list("size/exact", "says that nothing remains where the page is full", By{
		"oss": {Clauses: "OSS-LIST-26", Want: look{keys: keys, is: map[string]string{"MaxKeys": "3", "IsTruncated": "false"}}.shown()},
		"bos": {Clauses: "BOS-LIST-10", Want: full},
		"cos": {Clauses: "COS-XLIST-06", Want: full},
	}, lister{keys: keys, query: "max-keys=3"})
	b.list("size/most", "accepts a bound of a thousand", By{
		"oss": {Clauses: "OSS-LIST-13", Want: Accepted(200).With(look{keys: keys, is: map[string]string{"MaxKeys": "1000", "IsTruncated": "false"}}.judge), Rests: "OSS-LIST-26"},
	}, lister{keys: keys, query: "max-keys=1000"})
	b.list("size/prefixes-count", "counts a common prefix once towards the bound", By{
		"oss/v2": {Clauses: "OSS-XLV2-08", Want: look{keys: []string{"b"}, folds: []string{"a/"}, is: map[string]string{"IsTruncated": "true", "KeyCount": "2"}}.shown()},
		"cos":    {Clauses: "COS-XLIST-03", Want: look{keys: []string{"b"}, folds: []string{"a/"}, is: map[string]string{"IsTruncated": "true"}}.shown()},
		"bos":    {Clauses: "BOS-LIST-11", Want: look{keys: []string{"b"}, folds: []string{"a/"}, is: map[string]string{"IsTruncated": "true", "NextMarker": "~b"}}.shown()},
		"oss":    {Clauses: "OSS-LIST-13", Want: look{keys: []string{"b"}, folds: []string{"a/"}, is: map[string]string{"MaxKeys": "2", "IsTruncated": "true"}}.shown()},
		"s3":     {Clauses: "S3-LIST-11", Want: look{keys: []string{"b"}, folds: []string{"a/"}, is: map[string]string{"IsTruncated": "true"}}.shown()},
	}, lister{keys: []string{"a/1", "a/2", "b", "c/1"}, query: "delimiter=/&max-keys=2"})
	b.list("size/prefix-once", "is not truncated where many keys are one common prefix", By{
		"s3":    {Clauses: "S3-LIST-11", Want: look{keys: []string{"b"}, folds: []string{"a/"}, is: map[string]string{"IsTruncated": "false"}}.shown()},
		"s3/v2": {Clauses: "S3-LIST-11", Want: look{keys: []string{"b"}, folds: []string{"a/"}, is: map[string]string{"IsTruncated": "false"}}.shown()},
	}, lister{keys: []string{"a/1", "a/2", "a/3", "a/4", "b"}, query: "delimiter=/&max-keys=2"})
	b.list("size/ends-on-prefix", "may end a page on a common prefix", By{
		"bos": {Clauses: "BOS-LIST-11", Want: look{keys: []string{"a"}, folds: []string{"b/"}, is: map[string]string{"IsTruncated": "true", "NextMarker": "~b/"}}.shown(), Rests: "BOS-LIST-10"},
		"cos": {Clauses: "COS-XLIST-06", Want: look{keys: []string{"a"}, folds: []string{"b/"}, is: map[string]string{"IsTruncated": "true", "NextMarker": "~b/"}}.shown()},
	}, lister{keys: five, query: "delimiter=/&max-keys=2"})
	b.list("size/ends-on-prefix", "may end a page on a common prefix", By{
		"s3": {Clauses: "S3-LIST-07", Want: look{keys: []string{"a"}, folds: []string{"b/"}, is: map[string]string{"IsTruncated": "true", "NextMarker": "*"}}.shown(), Rests: "S3-LIST-04"},
	}, lister{keys: five, query: "delimiter=/&max-keys=2", Case: listOn("delimiter=/&max-keys=2", look{keys: []string{"c", "d"}, is: map[string]string{"IsTruncated": "false"}})})
}

// listSizeLimits are bounds that are none.
func listSizeLimits(b *Book) {
	keys := []string{"a", "b"}
	blamed := func(value string) Want {
		return Refused(400, "InvalidArgument").With(elements("ArgumentName", "max-keys", "ArgumentValue", value))
	}
	refused := func(name, value, text string, by By) {
		b.list("size/"+name, text, by, lister{keys: keys, query: "max-keys=" + value, Case: Case{Given: []Given{listControl("max-keys=1")}}})
	}
	bad := Refused(400, "InvalidArgument")
	refused("over", "1001", "refuses a bound over a thousand", By{
		"oss":    {Clauses: "OSS-LIST-14", Want: bad},
		"oss/v2": {Clauses: "OSS-XLV2-03", Want: bad},
	})
	refused("over-blamed", "1001", "names the bound that it refuses", By{"oss": {Clauses: "OSS-XERR-04", Want: blamed("1001"), Rests: "OSS-LIST-14"}})
	for _, n := range []string{"-1", "-5"} {
		refused("negative/"+n[1:], n, "refuses a negative bound", By{
			"oss":    {Clauses: "OSS-LIST-15", Want: bad},
			"oss/v2": {Clauses: "OSS-XLV2-03", Want: bad},
			"cos":    {Clauses: "COS-XLIST-04", Want: bad},
			"s3":     {Clauses: "S3-LIST-16", Want: blamed(n)},
			"s3/v2":  {Clauses: "S3-LIST-16", Want: blamed(n)},
		})
	}
	refused("negative/usual", "-1", "takes a negative bound for none", By{
		"bos": {Clauses: "BOS-LIST-12", Want: look{keys: keys, is: map[string]string{"MaxKeys": "1000"}}.shown()},
	})
	refused("zero", "0", "refuses a bound of nothing", By{
		"oss":    {Clauses: "OSS-LIST-16", Want: bad},
		"oss/v2": {Clauses: "OSS-XLV2-03", Want: bad},
	})
	refused("zero/empty", "0", "has no entries where none are asked for, and does not say that any remain", By{
		"s3":    {Clauses: "S3-LIST-14", Want: Accepted(200).With(look{keys: none, is: map[string]string{"MaxKeys": "0", "IsTruncated": "false"}}.judge)},
		"s3/v2": {Clauses: "S3-LIST-14", Want: Accepted(200).With(look{keys: none, is: map[string]string{"MaxKeys": "0", "IsTruncated": "false"}}.judge)},
	})
	for _, t := range []struct{ name, value string }{{"text", "abc"}, {"fraction", "1.5"}, {"hexadecimal", "0x10"}, {"blank-behind", "1 "}} {
		refused(t.name, t.value, "refuses a bound that is no number", By{
			"oss":    {Clauses: "OSS-LIST-17", Want: bad},
			"oss/v2": {Clauses: "OSS-LIST-17", Want: bad},
			"cos":    {Clauses: "COS-XLIST-04", Want: bad},
			"s3":     {Clauses: "S3-LIST-15", Want: blamed(t.value)},
			"s3/v2":  {Clauses: "S3-LIST-15", Want: blamed(t.value)},
		})
	}
}

// listOn asks for the page behind the judged one by the marker that it names,
// whatever that is.
func listOn(query string, next look) Case {
	return Case{After: []After{{Text: "the marker leads to the next page", Want: next.shown(), Call: func(s *Scene) client.Call {
		got, err := readListing(s.last)
		if err != nil {
			s.Block("the page before is no listing: %v", err)
		}
		call := s.listing(query)
		call.Query = append(call.Query, wire.Param{Name: "marker", Value: got.is["NextMarker"]})
		return call
	}}}}
}

// listNext are about what leads to the next page.
func listNext(b *Book) {
	keys := []string{"a", "b", "c", "d", "e"}
	second := look{keys: keys[:2], is: map[string]string{"IsTruncated": "true", "NextMarker": "~b"}}.shown()
	b.list("next/last-entry", "names the last entry of the page as the next marker", By{
		"oss": {Clauses: "OSS-LIST-28", Want: second},
		"cos": {Clauses: "COS-XLIST-06", Want: second},
		"bos": {Clauses: "BOS-LIST-10", Want: second},
	}, lister{keys: keys, query: "max-keys=2"})
	b.list("next/java", "names the last of three entries as the next marker", By{
		"bos": {Clauses: "BOS-LIST-10", Want: look{keys: []string{"dir0/dir1/key0", "dir0/key0", "dir0/key1"},
			is: map[string]string{"IsTruncated": "true", "NextMarker": "~dir0/key1"}}.shown()},
	}, lister{keys: []string{"dir0/dir1/key0", "dir0/key0", "dir0/key1", "dir1/key0"}, query: "max-keys=3"})
	complete := look{keys: keys, is: map[string]string{"IsTruncated": "false"}, lacks: []string{"NextMarker"}}.shown()
	b.list("next/none", "names no next marker where nothing remains", By{
		"oss": {Clauses: "OSS-LIST-29", Want: complete},
		"cos": {Clauses: "COS-XLIST-06", Want: complete},
		"bos": {Clauses: "BOS-LIST-10", Want: complete},
		"s3":  {Clauses: "S3-LIST-06", Want: complete},
	}, lister{keys: keys, query: "max-keys=5&delimiter=/"})
	b.list("next/without-delimiter", "names no next marker without a delimiter", By{
		"s3": {Clauses: "S3-LIST-06", Want: look{keys: keys[:1], is: map[string]string{"IsTruncated": "true"}, lacks: []string{"NextMarker"}}.shown()},
	}, lister{keys: keys, query: "max-keys=1"})
	b.list("next/with-delimiter", "names the next marker with a delimiter", By{
		"s3": {Clauses: "S3-LIST-06", Want: look{keys: keys[:1], is: map[string]string{"IsTruncated": "true", "NextMarker": "*"}}.shown(), Rests: "S3-LIST-04"},
	}, lister{keys: keys, query: "max-keys=1&delimiter=/", Case: listOn("max-keys=1&delimiter=/", look{keys: keys[1:2], folds: none})})
	b.list("next/prefix", "names a common prefix as the next marker", By{
		"s3": {Clauses: "S3-LIST-07", Want: look{keys: none, folds: []string{"f/sub/"}, is: map[string]string{"IsTruncated": "true", "NextMarker": "*"}}.shown(), Rests: "S3-LIST-04"},
	}, lister{keys: []string{"f/sub/1", "f/sub/2", "f/x"}, query: "prefix=~f/&delimiter=/&max-keys=1",
		Case: listOn("prefix=~f/&delimiter=/&max-keys=1", look{keys: []string{"f/x"}, folds: none, is: map[string]string{"IsTruncated": "false"}})})
	b.list("key-count", "counts the entries and common prefixes of the page", By{
		"s3": {Clauses: "S3-LIST-22", Want: look{is: map[string]string{"KeyCount": "4"}}.shown()},
	}, lister{keys: five, query: "list-type=2&delimiter=/"})
	_, oss := listMembers("100", five...)
	b.list("key-count/keys", "counts the entries of the page", By{
		"oss": {Clauses: "OSS-XLV2-01", Want: oss.shown()},
		"s3":  {Clauses: "S3-LIST-22", Want: look{is: map[string]string{"KeyCount": "5"}}.shown()},
	}, lister{keys: five, query: "list-type=2"})
}

// listTokens are about the tokens of the second version.
func listTokens(b *Book) {
	keys := []string{"a", "b", "c", "d", "e"}
	second := Case{Given: []Given{listPut(keys...), listToken("list-type=2&max-keys=2")}, When: func(s *Scene) client.Call {
		return s.listing("list-type=2&max-keys=3&continuation-token=" + s.Kept("token"))
	}}
	rest := look{keys: keys[2:], is: map[string]string{"IsTruncated": "false"}, lacks: []string{"NextContinuationToken"}}.shown()
	b.Case("v2/token/continues", "goes on behind the page that the token came with, and repeats it", By{
		"oss": {Clauses: "OSS-XLV2-05", Want: rest, More: []Want{Shown().With(tokenAgain)}},
		"s3":  {Clauses: "S3-LIST-24", Want: rest, More: []Want{Shown().With(tokenAgain)}},
	}, second)
	both := second
	both.When = func(s *Scene) client.Call {
		return s.listing("list-type=2&start-after=~d&continuation-token=" + s.Kept("token"))
	}
	b.Case("v2/token/over-start-after", "goes on by the token where there is a start-after, too", By{
		"oss": {Clauses: "OSS-XLV2-11", Want: look{keys: keys[2:]}.shown(), Rests: "OSS-XLV2-05"},
		"s3":  {Clauses: "S3-LIST-26", Want: look{keys: keys[2:]}.shown(), Rests: "S3-LIST-24"},
	}, both)
	b.list("v2/token/none", "has no token where nothing remains", By{
		"oss": {Clauses: "OSS-XLV2-05", Want: look{keys: keys, is: map[string]string{"IsTruncated": "false"}, lacks: []string{"NextContinuationToken"}}.shown()},
		"s3":  {Clauses: "S3-LIST-24", Want: look{keys: keys, is: map[string]string{"IsTruncated": "false"}, lacks: []string{"NextContinuationToken"}}.shown()},
	}, lister{keys: keys, query: "list-type=2&max-keys=5"})
	b.list("v2/token/blank", "takes an empty token for none", By{
		"s3": {Clauses: "S3-LIST-28", Want: Accepted(200).With(look{keys: keys}.judge)},
	}, lister{keys: keys, query: "list-type=2&continuation-token="})
	for _, t := range []struct{ name, token string }{{"word", "err-token"}, {"short", "abc"}, {"base64", "YWJjZGVmZ2hpamts"}, {"long", body(512)}} {
		blamed := Refused(400, "InvalidArgument").With(elements("ArgumentName", "continuation-token"))
		b.list("v2/token/unknown/"+t.name, "refuses a token that nobody issued", By{
			"oss": {Clauses: "OSS-XLV2-06", Want: Refused(400, "InvalidArgument")},
			"s3":  {Clauses: "S3-LIST-27", Want: blamed},
		}, lister{keys: keys, query: "list-type=2&continuation-token=" + t.token, Case: Case{Given: []Given{listControl("list-type=2")}}})
	}
}

// listToken keeps the token of a first page.
func listToken(query string) Given {
	return func(s *Scene) {
		got, err := readListing(s.Must(s.listing(query)))
		if err != nil {
			s.Block("the first page is no listing: %v", err)
		}
		token := got.plain(got.is["NextContinuationToken"])
		if token == "" {
			s.Block("the first page of two entries has no NextContinuationToken")
		}
		s.Keep("token", token)
	}
}

// tokenAgain wants the token of the request in the reply.
func tokenAgain(s *Scene, r *client.Reply) []Flaw {
	return look{is: map[string]string{"ContinuationToken": s.Kept("token")}}.judge(s, r)
}

// A walk reads a listing page by page.
type walk struct {
	query, delimiter string
	size             int
	v2               bool
	between          func(*Scene, int) // called after each page
}

// most is the number of pages after which a walk is going round in circles.
const most = 1000

// read reads all pages; what it misses on the way it reports as broken.
func (w walk) read(s *Scene) (keys, folds []string) {
	next := ""
	for n := range most {
		got := w.open(s, n, next)
		if got == nil {
			return keys, folds
		}
		keys, folds = append(keys, s.short(got.keys())...), append(folds, s.short(got.prefixes())...)
		here := next
		next = w.next(s, got)
		if got.is["IsTruncated"] != "true" {
			w.last(s, got)
			return keys, folds
		}
		if next == "" || next == here {
			w.fail(s, "a truncated page that says how to go on", listMember(got.is, w.names()))
			return keys, folds
		}
		if w.between != nil {
			w.between(s, n)
		}
	}
	w.fail(s, "a last page", itoa(most)+" pages")
	return keys, folds
}

// open reads one page and judges what a page must be wherever it stands.
func (w walk) open(s *Scene, n int, next string) *listed {
	r := s.Do(s.listing(w.page(next)))
	s.last = r
	got, err := readListing(r)
	if r.Status != 200 || err != nil {
		w.fail(s, fmt.Sprintf("page %d of a listing, with status 200", n+1), describe(r))
		return nil
	}
	size := len(got.entries) + len(got.folds)
	if size > w.size {
		w.fail(s, fmt.Sprintf("pages of at most %d entries", w.size), itoa(size)+" entries")
	}
	if size == 0 && n > 0 {
		w.fail(s, "a page that has entries, as the one before it said", "none")
	}
	if w.v2 && next != "" && got.is["ContinuationToken"] != next {
		w.fail(s, "ContinuationToken "+next, listMember(got.is, "ContinuationToken"))
	}
	return got
}

// last judges what the last page must not say.
func (w walk) last(s *Scene, got *listed) {
	if _, ok := got.is[w.names()]; ok {
		w.fail(s, "a last page without "+w.names(), listMember(got.is, w.names()))
	}
}

// page is the query of the page that begins at next.
func (w walk) page(next string) string {
	q := w.query + "&max-keys=" + itoa(w.size)
	if w.delimiter != "" {
		q += "&delimiter=" + w.delimiter
	}
	switch {
	case w.v2 && next != "":
		return q + "&list-type=2&continuation-token=" + next
	case w.v2:
		return q + "&list-type=2"
	case next != "":
		return q + "&marker=" + next
	}
	return q
}

func (w walk) names() string {
	if w.v2 {
		return "NextContinuationToken"
	}
	return "NextMarker"
}

// next is what leads to the page behind got.
func (w walk) next(s *Scene, got *listed) string {
	if next, ok := got.is[w.names()]; ok || w.v2 || !s.W.LastKey || w.delimiter != "" || len(got.entries) == 0 {
		return got.plain(next)
	}
	return got.keys()[len(got.entries)-1]
}

func (w walk) fail(s *Scene, expected, got string) {
	for _, id := range s.Case.Clauses {
		s.Fail(id, clause.BrokenBody, expected, got)
	}
}

// holds reads all pages and wants them to come to these keys and prefixes.
func (w walk) holds(s *Scene, keys, folds []string) {
	gotKeys, gotFolds := w.read(s)
	if !slices.Equal(gotKeys, keys) {
		w.fail(s, fmt.Sprintf("pages of %d that hold the keys %s", w.size, excerpt(fmt.Sprintf("%q", keys))), excerpt(fmt.Sprintf("%q", gotKeys)))
	}
	if !slices.Equal(gotFolds, folds) {
		w.fail(s, fmt.Sprintf("pages of %d that hold the prefixes %s", w.size, excerpt(fmt.Sprintf("%q", folds))), excerpt(fmt.Sprintf("%q", gotFolds)))
	}
}
