package suites

import (
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
)

// fun are the example objects of the OSS document, in order.
var fun = []string{"fun/movie/001.avi", "fun/movie/007.avi", "fun/test.jpg", "oss.jpg"}

// listMembers is a look at all that a listing of some keys says of itself; v2
// is what the second version says.
func listMembers(usual string, keys ...string) (v1, v2 look) {
	v1 = look{keys: keys, folds: none, is: map[string]string{"Name": "@bucket", "Prefix": "~", "Marker": "", "MaxKeys": usual, "IsTruncated": "false"}}
	v2 = look{keys: keys, folds: none, is: map[string]string{"Name": "@bucket", "Prefix": "~", "MaxKeys": usual, "IsTruncated": "false", "KeyCount": itoa(len(keys))},
		lacks: []string{"Marker", "NextMarker"}, bare: []string{"Owner"}}
	return v1, v2
}

func listAnswers(b *Book) {
	_, oss := listMembers("100", fun...)
	v1, v2 := listMembers("1000", fun...)
	b.list("answer", "answers a document that holds the objects", By{
		"oss": {Clauses: "OSS-LIST-01", Want: Accepted(200).Field("Content-Type", gomega.HavePrefix("application/xml")).
			With(look{keys: fun, folds: none, is: map[string]string{"Name": "@bucket"}}.judge), Rests: "OSS-HDR-09"},
		"oss/v2": {Clauses: "OSS-XLV2-01", Want: Accepted(200).With(oss.judge)},
		"cos":    {Clauses: "COS-XLIST-01", Want: Accepted(200).With(v1.judge)},
		"bos":    {Clauses: "BOS-LIST-01 BOS-API-86", Want: Accepted(200).With(v1.judge)},
		"s3":     {Clauses: "S3-LIST-01", Want: v1.shown(), More: []Want{Shown().With(s3Form)}},
		"s3/v2":  {Clauses: "S3-LIST-01", Want: v2.shown(), More: []Want{Shown().With(s3Form)}},
	}, lister{keys: fun})
	b.list("namespace", "has the documented namespace, or none", By{
		"oss": {Clauses: "OSS-HDR-10", Want: Shown().With(listRoot("ListBucketResult", "http://doc.oss-cn-hangzhou.aliyuncs.com", ""))},
	}, lister{keys: []string{"a"}})
}

// listRoot wants a root element, in any of some namespaces.
func listRoot(root string, spaces ...string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		got, err := readListing(r)
		if err != nil {
			return []Flaw{{"a listing", err.Error()}}
		}
		if got.root != root || !slices.Contains(spaces, got.space) {
			return []Flaw{{root + " in namespace " + spaces[0], got.root + " in namespace " + excerpt(got.space)}}
		}
		return nil
	}
}

// s3Form wants the root in the namespace of S3, and the entries behind what the
// listing says of itself.
func s3Form(s *Scene, r *client.Reply) []Flaw {
	if flaws := listRoot("ListBucketResult", "http://s3.amazonaws.com/doc/2006-03-01/")(s, r); len(flaws) > 0 {
		return flaws
	}
	got, _ := readListing(r)
	if name, entry := slices.Index(got.order, "Name"), slices.Index(got.order, "Contents"); name < 0 || entry < name {
		return []Flaw{{"Contents behind Name", excerpt(string(r.Body))}}
	}
	return nil
}

// listEchoes are about what a listing says of the request.
func listEchoes(b *Book) {
	b.list("echo/nothing", "says of parameters that it did not get that they are empty", By{
		"oss": {Clauses: "OSS-LIST-02", Want: look{is: map[string]string{"Name": "@bucket", "Prefix": "", "Marker": "", "Delimiter": "", "MaxKeys": "1"}}.shown()},
		"cos": {Clauses: "COS-XLIST-12", Want: look{is: map[string]string{"Prefix": "", "Marker": ""}, lacks: []string{"Delimiter"}}.shown()},
		"bos": {Clauses: "BOS-LIST-13", Want: look{is: map[string]string{"Prefix": "", "Marker": ""}}.shown()},
		"s3":  {Clauses: "S3-LIST-04", Want: look{is: map[string]string{"Marker": ""}}.shown()},
	}, lister{keys: []string{"a"}, query: "prefix=&max-keys=1"})
	all := look{keys: none, is: map[string]string{"Name": "@bucket", "Prefix": "~p", "Marker": "~m", "MaxKeys": "7", "Delimiter": "/", "IsTruncated": "false"}}
	b.list("echo/all", "repeats the parameters of the request", By{
		"oss": {Clauses: "OSS-LIST-25", Want: all.shown(), Rests: "OSS-LIST-02"},
	}, lister{query: "prefix=~p&marker=~m&max-keys=7&delimiter=/"})
	b.list("echo/folded", "holds the bucket, the bound, the delimiter, entries and common prefixes", By{
		"cos": {Clauses: "COS-LIST-06", Want: look{keys: []string{"b"}, folds: []string{"a/"},
			is: map[string]string{"Name": "@bucket", "MaxKeys": "1000", "IsTruncated": "false", "Delimiter": "/"}}.shown()},
		"s3": {Clauses: "S3-LIST-09", Want: look{folds: []string{"a/"}, is: map[string]string{"Delimiter": "/"}}.shown()},
	}, lister{keys: []string{"a/1", "b"}, query: "delimiter=/"})
	b.list("echo/blank", "takes empty parameters for none", By{
		"oss": {Clauses: "OSS-LIST-40", Want: Accepted(200).With(look{is: map[string]string{"Prefix": "~", "Marker": "", "Delimiter": ""}, keys: []string{"a", "b/c"}}.judge), Rests: "OSS-LIST-02"},
	}, lister{keys: []string{"a", "b/c"}, query: "marker=&delimiter="})
	b.list("empty", "has no entries where no key begins with the prefix", By{
		"s3":    {Clauses: "S3-LIST-30", Want: Accepted(200).With(look{keys: none, is: map[string]string{"IsTruncated": "false"}}.judge)},
		"s3/v2": {Clauses: "S3-LIST-30", Want: Accepted(200).With(look{keys: none, is: map[string]string{"IsTruncated": "false", "KeyCount": "0"}}.judge), Rests: "S3-LIST-22"},
	}, lister{})
	b.list("empty/bucket", "has no entries in an empty bucket", By{
		"s3": {Clauses: "S3-LIST-30", Want: Accepted(200).With(look{keys: none, is: map[string]string{"IsTruncated": "false"}}.judge)},
	}, lister{Case: Case{Given: []Given{own("b")}, When: func(s *Scene) client.Call {
		call := s.listing("prefix=&marker=")
		call.Bucket = s.Own("b")
		return call
	}}})
}

// An entry's members, each as its document has it.
const (
	inMillis  = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`
	inTime    = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$` // the fraction is not promised
	inSeconds = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`
)

// quotedTag is the MD5 of the ten digits, as a tag.
const quotedTag = `"781e5e245d69b566979b86e28d23f2c7"`

// is0To9 is an object whose body is the ten digits.
func is0To9(s *Scene) { s.Must(s.Put(s.Key("a"), "0123456789", Field(s.W.Meta+"a", "secret"))) }

func listEntries(b *Book) {
	given := lister{Case: Case{Given: []Given{is0To9}}}
	class := gomega.MatchRegexp("(?i)^standard$")
	b.list("entry/members", "tells of each object its key, time, tag, size, class and owner", By{
		"oss": {Clauses: "OSS-LIST-03", Want: look{entry: map[string]any{"Key": Present, "LastModified": Present, "ETag": `"781E5E245D69B566979B86E28D23F2C7"`, "Type": "Normal", "Size": "10",
			"StorageClass": class, "Owner/ID": Present, "Owner/DisplayName": Present}}.shown(), Rests: "OSS-PUT-02"},
		"oss/v2": {Clauses: "OSS-XLV2-13", Want: look{entry: map[string]any{"Key": Present, "LastModified": gomega.MatchRegexp(inMillis),
			"ETag": `"781E5E245D69B566979B86E28D23F2C7"`, "Size": "10", "StorageClass": class}}.shown(), Rests: "OSS-PUT-02"},
		"cos": {Clauses: "COS-LIST-07", Want: look{entry: map[string]any{"Key": Present, "LastModified": gomega.MatchRegexp(inMillis), "ETag": quotedTag, "Size": "10",
			"StorageClass": "STANDARD", "Owner/ID": Present, "Owner/DisplayName": Present}}.shown(), Rests: "COS-MD5-01"},
		"bos": {Clauses: "BOS-LIST-02", Want: look{entry: map[string]any{"Key": Present, "LastModified": Present, "ETag": gomega.MatchRegexp(`^"?781e5e245d69b566979b86e28d23f2c7"?$`), "Size": "10",
			"StorageClass": "STANDARD", "Owner/ID": Present, "Owner/DisplayName": Present}}.shown(), Rests: "BOS-HDR-07"},
		"s3": {Clauses: "S3-LIST-02", Want: look{entry: map[string]any{"Key": Present, "LastModified": gomega.MatchRegexp(inTime), "ETag": quotedTag,
			"Size": "10", "StorageClass": "STANDARD", "Owner/ID": Present}}.shown(), Rests: "S3-OBJ-02"},
	}, given)
	b.list("entry/etag", "tells the entity tag with its quotes", By{
		"oss": {Clauses: "OSS-LIST-05", Want: look{entry: map[string]any{"ETag": `"781E5E245D69B566979B86E28D23F2C7"`}}.shown(), Rests: "OSS-PUT-02"},
		"cos": {Clauses: "COS-MD5-07", Want: look{entry: map[string]any{"ETag": quotedTag}}.shown(), Rests: "COS-MD5-01"},
	}, given)
	b.list("entry/metadata", "tells no user metadata", By{
		"oss": {Clauses: "OSS-LIST-10", Want: Shown().Content(gomega.Not(gomega.ContainSubstring("secret")))},
	}, given)
	b.list("entry/size", "tells the length in bytes", By{
		"oss": {Clauses: "OSS-LIST-07", Want: look{entry: map[string]any{"Size": "34460"}}.shown()},
	}, lister{Case: Case{Given: []Given{func(s *Scene) { s.Must(s.Put(s.Key("a"), body(34460))) }}}})
	b.list("entry/type/normal", "tells that an object was put", By{
		"oss": {Clauses: "OSS-LIST-06", Want: look{entry: map[string]any{"Type": "Normal"}}.shown()},
	}, given)
	b.list("entry/type/appendable", "tells that an object was made by appending", By{
		"oss": {Clauses: "OSS-LIST-06", Want: look{entry: map[string]any{"Type": "Appendable"}}.shown()},
	}, lister{Case: Case{Given: []Given{appended("a", "12345")}}})
	listClasses(b)
}

func listClasses(b *Book) {
	stored := func(class string) lister {
		return lister{Case: Case{Given: []Given{func(s *Scene) { s.Must(s.Put(s.Key("a"), "x", Field(s.W.Prefix+"storage-class", class))) }}}}
	}
	b.list("entry/class/ia", "tells the storage class that the object was put with", By{
		"oss": {Clauses: "OSS-LIST-08", Want: look{entry: map[string]any{"StorageClass": "IA"}}.shown()},
	}, stored("IA"))
	b.list("entry/class/cold", "tells the storage class that the object was put with", By{
		"bos": {Clauses: "BOS-LIST-16", Want: look{entry: map[string]any{"StorageClass": "COLD"}}.shown()},
	}, stored("COLD"))
	b.list("entry/class/standard", "tells the storage class also where it is the usual one, and nothing of tiers and archives", By{
		"cos": {Clauses: "COS-XLIST-14", Want: look{entry: map[string]any{"StorageClass": "STANDARD"}, bare: []string{"StorageTier", "RestoreStatus"}}.shown()},
	}, lister{keys: []string{"a"}})
}

func listEntryTimes(b *Book) {
	given := lister{Case: Case{Given: []Given{is0To9}}}
	b.list("entry/last-modified", "tells the time of last modification that HEAD tells, in its own form", By{
		"oss": {Clauses: "OSS-LIST-04", Want: look{entry: map[string]any{"LastModified": gomega.MatchRegexp(inMillis)}}.shown(), More: []Want{Shown().With(asHead)}},
		"bos": {Clauses: "BOS-LIST-14", Want: look{entry: map[string]any{"LastModified": gomega.MatchRegexp(inSeconds)}}.shown(), More: []Want{Shown().With(asHead)}},
	}, given)
	b.list("entry/forms", "tells time, tag and owner in their documented forms", By{
		"cos": {Clauses: "COS-XLIST-13", Want: look{entry: map[string]any{"LastModified": gomega.MatchRegexp(inMillis), "ETag": quotedTag}}.shown(),
			More: []Want{Shown().With(asHead), Shown().With(ownerInName)}, Rests: "COS-MD5-01 COS-XHDR-08"},
	}, given)
}

// asHead holds the time of the only entry to what HEAD says of the object.
func asHead(s *Scene, r *client.Reply) []Flaw {
	got, err := readListing(r)
	if err != nil || len(got.entries) != 1 {
		return []Flaw{{"a listing of one object", excerpt(string(r.Body))}}
	}
	head := s.Must(s.Head(s.Key("a"))).Fields.Get("Last-Modified")
	then, err := time.Parse(httpTime, head)
	if err != nil {
		s.Block("HEAD answered Last-Modified %q, want an HTTP date", head)
	}
	text := got.entries[0]["LastModified"]
	if t, err := time.Parse(time.RFC3339Nano, text); err != nil || !t.Truncate(time.Second).Equal(then) {
		return []Flaw{{"LastModified " + then.Format(time.RFC3339) + " as HEAD tells", excerpt(text)}}
	}
	return nil
}

func listOwners(b *Book) {
	b.list("owner/of-bucket", "names the account that owns the bucket as the owner of each object", By{
		"oss": {Clauses: "OSS-LIST-09", Want: Shown().With(ownerOfAccount), Rests: "OSS-XSVC-01"},
	}, lister{keys: []string{"a", "b"}})
	_, oss := listMembers("100", "a")
	b.list("owner/not-asked", "tells no owner where nobody asks for it", By{
		"oss": {Clauses: "OSS-XLV2-01", Want: oss.shown()},
		"s3":  {Clauses: "S3-LIST-23", Want: look{keys: []string{"a"}, bare: []string{"Owner"}}.shown()},
	}, lister{keys: []string{"a"}, query: "list-type=2"})
	b.list("owner/asked", "tells the owner with fetch-owner", By{
		"oss": {Clauses: "OSS-XLV2-02", Want: look{keys: []string{"a"}, entry: map[string]any{"Owner/ID": Present, "Owner/DisplayName": Present}}.shown()},
		"s3":  {Clauses: "S3-LIST-23", Want: look{keys: []string{"a"}, entry: map[string]any{"Owner/ID": Present}}.shown()},
	}, lister{keys: []string{"a"}, query: "list-type=2&fetch-owner=true"})
}

// ownerOfAccount holds the owner of each entry to that of the account's buckets.
func ownerOfAccount(s *Scene, r *client.Reply) []Flaw {
	account := s.Must(client.Call{Method: "GET"})
	id := elementOf(string(account.Body), "ID")
	return look{entry: map[string]any{"Owner/ID": id}}.judge(s, r)
}

// ownerInName holds the owner of each entry to the end of the bucket's name.
func ownerInName(s *Scene, r *client.Reply) []Flaw {
	id := s.Bucket[strings.LastIndexByte(s.Bucket, '-')+1:]
	return look{entry: map[string]any{"Owner/ID": id, "Owner/DisplayName": id}}.judge(s, r)
}
