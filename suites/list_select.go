package suites

import (
	"github.com/onsi/gomega"

	"objectharness/internal/client"
)

func listOrders(b *Book) {
	b.list("order", "lists keys in the order of their bytes", By{
		"oss": {Clauses: "OSS-LIST-11", Want: look{keys: []string{"A", "B", "a", "a-1", "a/1", "b"}}.shown()},
	}, lister{keys: []string{"b", "a", "a-1", "A", "a/1", "B"}})
	b.list("order/unicode", "lists keys in the order of their bytes in UTF-8", By{
		"cos": {Clauses: "COS-LIST-04 COS-XLIST-02", Want: look{keys: []string{"0", "10", "9", "B", "_", "a", "é", "中"}}.shown()},
	}, lister{keys: []string{"中", "é", "a", "B", "_", "10", "9", "0"}})
	bytewise := look{keys: []string{"B", "a/1", "a/2", "b", "é", "\uffe6", "🙂"}}.shown()
	b.list("order/astral", "lists keys in the order of their bytes in UTF-8, not of UTF-16 or of letters", By{
		"bos":   {Clauses: "BOS-LIST-04", Want: bytewise},
		"s3":    {Clauses: "S3-LIST-03", Want: bytewise},
		"s3/v2": {Clauses: "S3-LIST-03", Want: bytewise},
	}, lister{keys: []string{"🙂", "\uffe6", "é", "b", "B", "a/2", "a/1"}})
}

func listPrefixes(b *Book) {
	under := look{keys: []string{"fun/movie/001.avi", "fun/movie/007.avi", "fun/test.jpg"}, folds: none}
	begins := under
	begins.is = map[string]string{"Prefix": "~fun"}
	b.list("prefix/begins", "lists the keys that begin with the prefix, whole", By{
		"oss": {Clauses: "OSS-LIST-18", Want: begins.shown(), Rests: "OSS-LIST-25"},
		"cos": {Clauses: "COS-LIST-02", Want: begins.shown(), Rests: "COS-XLIST-12"},
		"bos": {Clauses: "BOS-LIST-06", Want: begins.shown(), Rests: "BOS-LIST-13"},
	}, lister{keys: append([]string{"fu"}, fun...), query: "prefix=~fun"})
	b.list("prefix/folder", "lists what is below a folder, at any depth", By{
		"oss": {Clauses: "OSS-LIST-23", Want: under.shown()},
		"cos": {Clauses: "COS-LIST-02", Want: under.shown()},
		"bos": {Clauses: "BOS-LIST-06", Want: under.shown()},
	}, lister{keys: append([]string{"fun", "funny"}, fun...), query: "prefix=~fun/"})
	b.list("prefix/whole-key", "lists the key that the prefix is", By{
		"oss": {Clauses: "OSS-LIST-18", Want: look{keys: []string{"ab", "abc"}}.shown()},
		"cos": {Clauses: "COS-LIST-02", Want: look{keys: []string{"ab", "abc"}}.shown()},
		"bos": {Clauses: "BOS-LIST-06", Want: look{keys: []string{"ab", "abc"}}.shown()},
	}, lister{keys: []string{"a", "ab", "abc", "ac"}, query: "prefix=~ab"})
	b.list("prefix/case", "tells prefixes apart by letter case", By{
		"oss": {Clauses: "OSS-LIST-18", Want: look{keys: []string{"ab"}}.shown()},
		"cos": {Clauses: "COS-LIST-02", Want: look{keys: []string{"ab"}}.shown()},
		"bos": {Clauses: "BOS-LIST-06", Want: look{keys: []string{"ab"}}.shown()},
	}, lister{keys: []string{"AB", "Ab", "aB", "ab"}, query: "prefix=~ab"})
}

func listMarkers(b *Book) {
	behind := look{keys: []string{"b", "c"}}.shown()
	echoed := look{keys: []string{"b", "c"}, is: map[string]string{"Marker": "~a"}}.shown()
	b.list("marker/there", "begins behind the marker", By{
		"oss": {Clauses: "OSS-LIST-19", Want: echoed},
		"cos": {Clauses: "COS-XLIST-05 COS-LIST-05", Want: behind},
		"bos": {Clauses: "BOS-LIST-05", Want: behind},
		"s3":  {Clauses: "S3-LIST-04", Want: look{keys: []string{"b", "c"}, is: map[string]string{"Marker": "~a"}}.shown()},
	}, lister{keys: []string{"a", "b", "c"}, query: "marker=~a"})
	free := look{keys: []string{"b", "c"}}.shown()
	b.list("marker/free", "begins with the next key where nothing is at the marker", By{
		"oss": {Clauses: "OSS-LIST-20", Want: free},
		"bos": {Clauses: "BOS-LIST-05", Want: free},
		"s3":  {Clauses: "S3-LIST-05", Want: free},
	}, lister{keys: []string{"a", "b", "c"}, query: "marker=~aa"})
	b.list("marker/last", "lists nothing behind the last key", By{
		"oss": {Clauses: "OSS-LIST-19", Want: look{keys: none, is: map[string]string{"Marker": "~c"}}.shown()},
		"cos": {Clauses: "COS-XLIST-05", Want: look{keys: none}.shown()},
		"bos": {Clauses: "BOS-LIST-05", Want: look{keys: none}.shown()},
		"s3":  {Clauses: "S3-LIST-04", Want: look{keys: none, is: map[string]string{"Marker": "~c"}}.shown()},
	}, lister{keys: []string{"a", "b", "c"}, query: "marker=~c"})
	b.list("marker/one", "lists one key behind the marker and says that there are more", By{
		"s3": {Clauses: "S3-LIST-04", Want: look{keys: []string{"b"}, is: map[string]string{"Marker": "~a", "IsTruncated": "true"}}.shown()},
	}, lister{keys: []string{"a", "b", "c"}, query: "marker=~a&max-keys=1"})
	start := func(key string, keys ...string) Want {
		return look{keys: keys, is: map[string]string{"StartAfter": key}}.shown()
	}
	b.list("start-after/there", "begins behind start-after and repeats it", By{
		"oss": {Clauses: "OSS-XLV2-04", Want: start("~b", "b/c", "ba")},
		"s3":  {Clauses: "S3-LIST-25", Want: start("~b", "b/c", "ba")},
	}, lister{keys: []string{"a", "b", "b/c", "ba"}, query: "list-type=2&start-after=~b"})
	b.list("start-after/free", "begins with the next key where nothing is at start-after", By{
		"oss": {Clauses: "OSS-XLV2-04", Want: start("~aa", "b", "b/c", "ba")},
		"s3":  {Clauses: "S3-LIST-25", Want: start("~aa", "b", "b/c", "ba")},
	}, lister{keys: []string{"a", "b", "b/c", "ba"}, query: "list-type=2&start-after=~aa"})
	listGroupMarkers(b)
}

// listGroupMarkers are markers that are a common prefix, or lie in one.
func listGroupMarkers(b *Book) {
	keys := []string{"f/a/1", "f/a/2", "f/b/1", "f/x"}
	b.list("marker/prefix", "goes on behind all of a common prefix that is the marker", By{
		"cos": {Clauses: "COS-XLIST-07", Want: look{keys: []string{"f/x"}, folds: []string{"f/b/"}}.shown()},
		"s3":  {Clauses: "S3-LIST-07", Want: look{keys: []string{"f/x"}, folds: []string{"f/b/"}}.shown()},
	}, lister{keys: keys, query: "prefix=~f/&delimiter=/&marker=~f/a/"})
	b.list("marker/in-prefix", "goes on behind all of a common prefix that the marker lies in", By{
		"s3": {Clauses: "S3-LIST-08", Want: look{keys: []string{"f/x"}, folds: []string{"f/b/"}}.shown()},
	}, lister{keys: keys, query: "prefix=~f/&delimiter=/&marker=~f/a/1"})
	b.list("marker/folders", "goes on behind the folder that is the marker", By{
		"cos": {Clauses: "COS-XLIST-07", Want: look{keys: none, folds: []string{"folder-4/"}}.shown()},
	}, lister{keys: []string{"folder-1/a", "folder-2/a", "folder-3/a", "folder-3/b", "folder-4/a"}, query: "delimiter=/&marker=~folder-3/"})
}

func listFolds(b *Book) {
	slash := map[string]string{"Delimiter": "/"}
	b.list("fold/top", "folds keys up to the first delimiter", By{
		"oss":    {Clauses: "OSS-LIST-21", Want: look{keys: []string{"oss.jpg"}, folds: []string{"fun/"}}.shown()},
		"oss/v2": {Clauses: "OSS-XLV2-07", Want: look{keys: []string{"oss.jpg"}, folds: []string{"fun/"}, is: map[string]string{"KeyCount": "2"}}.shown()},
		"cos":    {Clauses: "COS-XLIST-08", Want: look{keys: []string{"oss.jpg"}, folds: []string{"fun/"}}.shown()},
		"bos":    {Clauses: "BOS-LIST-07", Want: look{keys: []string{"oss.jpg"}, folds: []string{"fun/"}}.shown()},
		"s3":     {Clauses: "S3-LIST-09", Want: look{keys: []string{"oss.jpg"}, folds: []string{"fun/"}, is: slash}.shown()},
		"s3/v2":  {Clauses: "S3-LIST-09", Want: look{keys: []string{"oss.jpg"}, folds: []string{"fun/"}, is: slash}.shown()},
	}, lister{keys: fun, query: "delimiter=/"})
	below := look{keys: []string{"fun/test.jpg"}, folds: []string{"fun/movie/"}, is: map[string]string{"Prefix": "~fun/", "Delimiter": "/"}}.shown()
	b.list("fold/below", "lists what is right below a folder and folds its folders", By{
		"oss": {Clauses: "OSS-LIST-22", Want: below},
		"cos": {Clauses: "COS-LIST-03", Want: below},
		"bos": {Clauses: "BOS-LIST-07", Want: look{keys: []string{"fun/test.jpg"}, folds: []string{"fun/movie/"}}.shown()},
		"s3":  {Clauses: "S3-LIST-09", Want: look{keys: []string{"fun/test.jpg"}, folds: []string{"fun/movie/"}, is: slash}.shown()},
	}, lister{keys: fun, query: "prefix=~fun/&delimiter=/"})
	b.list("fold/not-asked", "folds nothing without a delimiter", By{
		"oss": {Clauses: "OSS-LIST-24", Want: look{keys: fun, folds: none, lacks: []string{"CommonPrefixes"}}.shown()},
		"bos": {Clauses: "BOS-LIST-09", Want: look{keys: fun, folds: none, lacks: []string{"CommonPrefixes"}}.shown()},
	}, lister{keys: fun})
	b.list("fold/each", "has one element for each common prefix", By{
		"cos": {Clauses: "COS-XLIST-09", Want: look{keys: none, folds: []string{"a/", "b/"}}.shown()},
		"bos": {Clauses: "BOS-LIST-09", Want: look{keys: none, folds: []string{"a/", "b/"}}.shown()},
	}, lister{keys: []string{"a/1", "a/2", "b/1"}, query: "delimiter=/"})
	b.list("fold/in-name", "folds by the first delimiter behind a prefix that ends within a name", By{
		"s3":    {Clauses: "S3-LIST-10", Want: look{keys: none, folds: []string{"test/foo/"}}.shown()},
		"s3/v2": {Clauses: "S3-LIST-10", Want: look{keys: none, folds: []string{"test/foo/"}}.shown()},
	}, lister{keys: []string{"test/foo/bar/123"}, query: "prefix=~test/fo&delimiter=/"})
	b.list("fold/folder-key", "folds a key that ends with the delimiter, and what is below it, into one", By{
		"oss/v2": {Clauses: "OSS-XLV2-07", Want: look{keys: []string{"a/b"}, folds: []string{"a/b/"}, is: map[string]string{"KeyCount": "2"}}.shown()},
		"s3":     {Clauses: "S3-LIST-09", Want: look{keys: []string{"a/b"}, folds: []string{"a/b/"}, is: slash}.shown()},
		"cos":    {Clauses: "COS-XLIST-08", Want: look{keys: []string{"a/b"}, folds: []string{"a/b/"}}.shown()},
		"oss":    {Clauses: "OSS-LIST-21", Want: look{keys: []string{"a/b"}, folds: []string{"a/b/"}}.shown()},
		"bos":    {Clauses: "BOS-LIST-07", Want: look{keys: []string{"a/b"}, folds: []string{"a/b/"}}.shown()},
	}, lister{keys: []string{"a/b", "a/b/", "a/b/1"}, query: "prefix=~a/&delimiter=/"})
}

// listFoldEdges are delimiters of several characters and awkward ones.
func listFoldEdges(b *Book) {
	keys := []string{"aX-b", "aXXb", "aXXc", "b"}
	whole := look{keys: []string{"aX-b", "b"}, folds: []string{"aXX"}}.shown()
	b.list("fold/several", "folds by a delimiter of several characters", By{
		"oss":   {Clauses: "OSS-LIST-39", Want: whole},
		"s3":    {Clauses: "S3-LIST-12", Want: whole},
		"s3/v2": {Clauses: "S3-LIST-12", Want: whole},
	}, lister{keys: keys, query: "delimiter=XX"})
	b.list("fold/long", "folds by a delimiter that is a whole word with blanks", By{
		"oss": {Clauses: "OSS-LIST-39", Want: look{keys: []string{"z"}, folds: []string{"a - and then - "}}.shown()},
		"s3":  {Clauses: "S3-LIST-12", Want: look{keys: []string{"z"}, folds: []string{"a - and then - "}}.shown()},
	}, lister{keys: []string{"a - and then - b", "a - and then - c", "z"}, query: "delimiter= - and then - "})
	for _, d := range []struct{ name, mark string }{{"letter", "t"}, {"wide", "中"}, {"blank", " "}} {
		folded := look{keys: []string{"no"}, folds: []string{"a" + d.mark, "b" + d.mark}}.shown()
		b.list("fold/by/"+d.name, "folds by whatever character the delimiter is", By{
			"oss": {Clauses: "OSS-LIST-21", Want: folded, Rests: "OSS-LIST-25"},
			"cos": {Clauses: "COS-XLIST-08", Want: folded, Rests: "COS-LIST-03"},
			"bos": {Clauses: "BOS-LIST-07", Want: folded},
			"s3":  {Clauses: "S3-LIST-09", Want: look{keys: []string{"no"}, folds: []string{"a" + d.mark, "b" + d.mark}, is: map[string]string{"Delimiter": d.mark}}.shown()},
		}, lister{keys: []string{"a" + d.mark + "1", "a" + d.mark + "2" + d.mark, "b" + d.mark, "no"}, query: "delimiter=" + d.mark})
	}
	b.list("fold/single", "refuses a delimiter of several characters", By{
		"cos": {Clauses: "COS-XLIST-10", Want: Refused(400, "InvalidDelimiter")},
		"bos": {Clauses: "BOS-LIST-08", Want: Refused(400, "InvalidArgument")},
	}, lister{keys: []string{"a"}, query: "delimiter=ab", Case: Case{Given: []Given{listControl("delimiter=a")}}})
	for _, form := range []string{"", "list-type=2&"} {
		name := map[bool]string{true: "fold/literal", false: "v2/fold/literal"}[form == ""]
		b.Case(name, "takes an escaped delimiter for its text, which is decoded once", By{
			"s3": {Clauses: "S3-LIST-20", Want: look{keys: []string{"test/foo/bar/123"}, folds: none, is: map[string]string{"EncodingType": "url"}}.shown(),
				More: []Want{Shown().Content(gomega.ContainSubstring("<Delimiter>%252F</Delimiter>"))}},
		}, Case{Given: []Given{listPut("test/foo/bar/123")}, When: func(s *Scene) client.Call {
			return s.listing(form + "prefix=~test/&delimiter=%2F&encoding-type=url")
		}})
	}
}

// listControl shows that a right listing works where a wrong one is refused.
func listControl(query string) Given {
	return func(s *Scene) { s.Must(s.listing(query)) }
}
