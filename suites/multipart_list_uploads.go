package suites

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// mpLists lists the open uploads of the shared bucket, see mpQuery; where the
// query names no prefix, those of the case.
func mpLists(query string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		call := client.Call{Method: "GET", Bucket: s.Bucket, Query: append([]wire.Param{{Name: "uploads", Bare: true}}, s.mpQuery(query)...)}
		if !slices.ContainsFunc(call.Query, func(p wire.Param) bool { return p.Name == "prefix" }) {
			call.Query = append(call.Query, wire.Param{Name: "prefix", Value: s.under()})
		}
		return call
	}
}

// mpUp begins uploads. Two of one key change names where the dialect lists them
// by their IDs and the first has the greater one.
func mpUp(names ...string) Given {
	return func(s *Scene) {
		for _, name := range names {
			mpBegun(name)(s)
			first, second := "upload "+mpKey(name), "upload "+name
			if first != second && s.Kept(first) == s.Kept(second) {
				s.Block("two uploads of one key have the ID %s", s.Kept(first))
			}
			if first != second && s.W.UploadsByID && s.Kept(first) > s.Kept(second) {
				a, b := s.Kept(first), s.Kept(second)
				s.Keep(first, b)
				s.Keep(second, a)
			}
		}
	}
}

// uploads wants the list to hold these uploads, in this order.
func (l look) uploads(names ...string) Want {
	return Shown().With(func(s *Scene, r *client.Reply) []Flaw {
		l := l
		l.is, l.keys = s.mpMeant(l.is), make([]string, 0, len(names))
		for _, name := range names {
			l.keys = append(l.keys, mpKey(name))
		}
		flaws := l.judge(s, r)
		got, err := readListing(r)
		if err != nil || len(got.entries) != len(names) {
			return flaws // which say so
		}
		for i, e := range got.entries {
			if want := s.Kept("upload " + names[i]); e["UploadId"] != want {
				flaws = append(flaws, Flaw{"the upload " + names[i] + " with the ID " + want, listMember(e, "UploadId")})
			}
		}
		return flaws
	})
}

// mpListing adds a case of a list of uploads that are open.
func (b *Book) mpListing(name, text, query string, by By, open ...string) {
	b.mpCase("uploads/"+name, text, by, Case{Given: []Given{mpUp(open...)}, When: mpLists(query)})
}

// mpUploadLists tells of the list of open uploads.
func mpUploadLists(b *Book) {
	whole := b.mpUploadShape(look{}, "a", "b").answered(200)
	b.mpListing("reply", "lists the open uploads with all that the documents name", "", By{
		"oss": {Clauses: "OSS-XLMU-01", Want: whole.With(mpAll(whole.Check, mpIsXML))},
		"cos": {Clauses: "COS-XMPU-28", Want: whole},
		"bos": {Clauses: "BOS-MPU-25 BOS-API-15", Want: whole},
	}, "a", "b")
	full := b.mpUploadShape(look{is: map[string]string{"MaxUploads": "2"}}, "a", "b").answered(200)
	b.mpListing("size/exact", "says that nothing remains where the page is full", "max-uploads=2", By{
		"oss": {Clauses: "OSS-XLMU-01", Want: full.With(mpAll(full.Check, mpIsXML))},
		"cos": {Clauses: "COS-XMPU-29", Want: look{is: map[string]string{"MaxUploads": "2", "IsTruncated": "false"}}.uploads("a", "b")},
		"bos": {Clauses: "BOS-MPU-26", Want: look{is: map[string]string{"MaxUploads": "2", "IsTruncated": "false"}}.uploads("a", "b")},
	}, "a", "b")
	sorted := look{}.uploads("B", "a", "a#2", "a-1", "b")
	last := look{is: map[string]string{"NextKeyMarker": "~b", "NextUploadIdMarker": "#b"}}.uploads("B", "a", "a#2", "a-1", "b")
	b.mpListing("order", "lists uploads in the order of their keys' bytes, and those of one key in theirs", "", By{
		"oss": {Clauses: "OSS-XLMU-02", Want: sorted},
		"s3":  {Clauses: "S3-MPU-42", Want: last},
	}, "b", "a", "a-1", "a#2", "B")
	class := map[string]string{"cos": "STANDARD_IA", "bos": "COLD"}[b.Dialect]
	classed := b.mpUploadShape(look{entry: map[string]any{"StorageClass": class}}, "a")
	b.mpCase("uploads/of-class", "tells the storage class of the object to come", By{
		"cos": {Clauses: "COS-XMPU-28", Want: classed, Rests: "COS-XMPU-02"},
		"bos": {Clauses: "BOS-MPU-25", Want: classed, Rests: "BOS-MPU-03"},
	}, Case{Given: []Given{mpBegun("a", Field(b.W.Prefix+"storage-class", class))}, When: mpLists("")})
	empty := look{is: map[string]string{"NextKeyMarker": "", "NextUploadIdMarker": "", "MaxUploads": "1000"}}.uploads().answered(200)
	b.mpListing("none", "lists nothing where no upload is open", "", By{"s3": {Clauses: "S3-MPU-47", Want: empty}})
	told := func(name string) look { return look{is: map[string]string{"Prefix": name}} }
	b.mpListing("prefix", "lists the uploads whose keys begin with the prefix", "prefix=~dir/", By{
		"oss": {Clauses: "OSS-XLMU-05", Want: told("~dir/").uploads("dir/1", "dir/2")},
		"cos": {Clauses: "COS-XMPU-28", Want: b.mpUploadShape(told("~dir/"), "dir/1", "dir/2")},
		"bos": {Clauses: "BOS-MPU-26", Want: told("~dir/").uploads("dir/1", "dir/2")},
		"s3":  {Clauses: "S3-MPU-46", Want: told("~dir/").uploads("dir/1", "dir/2")},
	}, "di", "dir", "dir-", "dir/1", "dir/2", "dis")
	top := look{is: map[string]string{"Delimiter": "/"}, folds: []string{"a/", "c/"}}
	folded := top.uploads("b")
	b.mpListing("fold/top", "folds keys up to the first delimiter", "delimiter=/", By{
		"oss": {Clauses: "OSS-XLMU-06", Want: folded}, "cos": {Clauses: "COS-XMPU-28", Want: b.mpUploadShape(top, "b")}, "bos": {Clauses: "BOS-MPU-26", Want: folded}, "s3": {Clauses: "S3-MPU-46", Want: folded},
	}, "a/1", "a/2", "b", "c/1/x")
	inside := look{is: map[string]string{"Delimiter": "/", "Prefix": "~test/"}, folds: []string{"test/bar/", "test/foo/"}}
	below := inside.uploads("test/x")
	b.mpListing("fold/below", "folds what is below the prefix", "prefix=~test/&delimiter=/", By{
		"oss": {Clauses: "OSS-XLMU-06", Want: below}, "cos": {Clauses: "COS-XMPU-28", Want: b.mpUploadShape(inside, "test/x")}, "bos": {Clauses: "BOS-MPU-26", Want: below}, "s3": {Clauses: "S3-MPU-46", Want: below},
	}, "test/foo/a", "test/bar/b", "test/x", "other/y")
	counted := look{is: map[string]string{"IsTruncated": "true", "NextKeyMarker": "~dir0/key0"}, folds: []string{"dir0/dir1/"}}.uploads("dir0/key0")
	b.mpListing("fold/counts", "counts a common prefix once towards the bound", "prefix=~dir0/&delimiter=/&max-uploads=2", By{
		"bos": {Clauses: "BOS-MPU-27", Want: counted},
		"s3":  {Clauses: "S3-MPU-46", Want: counted},
	}, "dir0/dir1/key0", "dir0/dir1/key1", "dir0/key0", "dir0/key1")
}

// mpUploadBounds tells of the bounds of a page of uploads.
func mpUploadBounds(b *Book) {
	usual := look{is: map[string]string{"MaxUploads": "1000"}}.uploads("a")
	b.mpListing("size/usual", "says that a page holds a thousand uploads where the request names no bound", "", By{
		"oss": {Clauses: "OSS-XLMU-03", Want: usual}, "cos": {Clauses: "COS-XMPU-29", Want: usual}, "bos": {Clauses: "BOS-MPU-26", Want: usual},
	}, "a")
	b.mpListing("size/most", "takes a bound of a thousand", "max-uploads=1000", By{
		"oss": {Clauses: "OSS-XLMU-03", Want: usual.answered(200)}, "cos": {Clauses: "COS-XMPU-29", Want: usual}, "bos": {Clauses: "BOS-MPU-26", Want: usual},
	}, "a")
	three := look{is: map[string]string{"IsTruncated": "true", "NextKeyMarker": "~c"}}.uploads("a", "b", "c")
	for _, q := range []struct{ name, query string }{{"full", ""}, {"cut", "max-uploads=2000"}} {
		by := By{"oss": {Clauses: "OSS-XLMU-03", Want: three}, "cos": {Clauses: "COS-XMPU-29", Want: three}, "bos": {Clauses: "BOS-MPU-26", Want: three}}
		if q.query != "" {
			delete(by, "oss")
		}
		b.mpCase("uploads/size/"+q.name, "holds no more uploads than a page may", by,
			Case{Needs: NeedsPrivate, Given: []Given{mpPages, mpUp("a", "b", "c", "d")}, When: mpLists(q.query)})
	}
	bad := Refused(400, "InvalidArgument")
	refused := func(name, value string, by By) {
		b.mpCase("uploads/refused/max-uploads/"+name, "refuses a bound that is out of range, or no number", by,
			Case{Given: []Given{func(s *Scene) { s.Must(mpLists("max-uploads=1")(s)) }}, When: mpLists("max-uploads=" + value)})
	}
	for _, v := range []struct{ name, value string }{{"over", "1001"}, {"text", "x"}, {"fraction", "1.5"}, {"hexadecimal", "0x10"}} {
		refused(v.name, v.value, By{"oss": {Clauses: "OSS-XLMU-04", Want: bad}})
	}
	for _, v := range []string{"-1", "-3"} {
		refused("negative/"+v[1:], v, By{"s3": {Clauses: "S3-MPU-48", Want: bad.With(elements("ArgumentName", "max-uploads"))}})
	}
	for i, query := range []string{"max-uploads=1", "max-uploads=2"} {
		names := []string{"a", "b", "c"}[:i+1]
		is := map[string]string{"IsTruncated": "true", "MaxUploads": itoa(i + 1), "NextKeyMarker": "~" + names[i]}
		plain := look{is: is}.uploads(names...)
		withID := look{is: map[string]string{"NextUploadIdMarker": "#" + names[i]}}.uploads(names...)
		b.mpListing("size/"+itoa(i+1), "holds as many uploads as asked for, and says that more remain", query, By{
			"oss": {Clauses: "OSS-XLMU-10", Want: plain.With(mpAll(plain.Check, withID.Check))},
			"cos": {Clauses: "COS-XMPU-29", Want: plain.With(mpAll(plain.Check, withID.Check))},
			"bos": {Clauses: "BOS-MPU-26", Want: plain},
		}, "a", "b", "c")
	}
}

// mpUploadMarkers tells of where a list of uploads begins.
func mpUploadMarkers(b *Book) {
	open := []string{"a", "b", "c", "a#2", "a#3"}
	rows := func(w Want, bos bool) By {
		by := By{"oss": {Clauses: "OSS-XLMU-07", Want: w}, "cos": {Clauses: "COS-XMPU-30", Want: w}, "s3": {Clauses: "S3-MPU-43", Want: w}}
		if bos {
			by["bos"] = Row{Clauses: "BOS-MPU-26", Want: w}
		}
		return by
	}
	b.mpListing("marker/key", "lists the uploads of greater keys behind a key alone", "key-marker=~a", rows(look{is: map[string]string{"KeyMarker": "~a"}}.uploads("b", "c"), true), open...)
	b.mpListing("marker/free", "lists the uploads of greater keys where none is at the marker", "key-marker=~aa", rows(look{is: map[string]string{"KeyMarker": "~aa"}}.uploads("b", "c"), true), open...)
	b.mpListing("marker/last", "lists nothing behind the last key", "key-marker=~c", rows(look{is: map[string]string{"KeyMarker": "~c"}}.uploads(), true), open...)
	for _, m := range []struct {
		id   string
		rest []string
	}{{"a", []string{"a#2", "a#3", "b", "c"}}, {"a#2", []string{"a#3", "b", "c"}}, {"a#3", []string{"b", "c"}}} {
		by := rows(look{is: map[string]string{"KeyMarker": "~a", "UploadIdMarker": "#" + m.id}}.uploads(m.rest...), false)
		by["oss"] = Row{Clauses: "OSS-XLMU-08", Want: by["oss"].Want}
		b.mpCase("uploads/marker/id/"+strings.ReplaceAll(m.id, "#", "-"), "goes on within a key behind one of its uploads", by,
			Case{Given: []Given{mpUp("a", "b", "c", "a#2", "a#3"), mpInOrder}, When: mpLists("key-marker=~a&upload-id-marker=#" + m.id)})
	}
	b.mpListing("marker/id-alone", "ignores the ID of an upload without a key", "upload-id-marker=zzz", By{
		"oss": {Clauses: "OSS-XLMU-09", Want: look{}.uploads("a", "b")},
		"cos": {Clauses: "COS-XMPU-30", Want: look{}.uploads("a", "b")},
		"s3":  {Clauses: "S3-MPU-44", Want: look{is: map[string]string{"UploadIdMarker": ""}}.uploads("a", "b")},
	}, "a", "b")
	for _, id := range []struct{ name, text string }{{"other-key", "#b"}, {"unknown", "0004B9894A22E5B1888A1E29F8236E2D"}} {
		b.mpListing("refused/marker/"+id.name, "refuses the ID of what is no upload of the key", "key-marker=~a&upload-id-marker="+id.text, By{
			"s3": {Clauses: "S3-MPU-45", Want: Refused(400, "InvalidArgument").With(elements("ArgumentName", "upload-id-marker"))},
		}, "a", "b")
	}
	mpUploadPages(b)
}

// mpInOrder gives the uploads a, a#2 and a#3 their names in the order in which the
// dialect lists them.
func mpInOrder(s *Scene) {
	if !s.W.UploadsByID {
		return
	}
	names := []string{"a", "a#2", "a#3"}
	var ids []string
	for _, name := range names {
		ids = append(ids, s.Kept("upload "+name))
	}
	slices.Sort(ids)
	for i, name := range names {
		s.Keep("upload "+name, ids[i])
	}
}

// mpUploadPages tells of lists of uploads that are read page by page.
func mpUploadPages(b *Book) {
	by := func() By {
		return By{"oss": {Clauses: "OSS-XLMU-10"}, "cos": {Clauses: "COS-XMPU-30"}, "bos": {Clauses: "BOS-MPU-26"}, "s3": {Clauses: "S3-MPU-43"}}
	}
	names, stay := []string{"a", "a#2", "a#3", "b/1", "b/2", "c", "d/1", "d/1#2", "e"}, []string{"b", "d", "d#2", "f", "h"}
	if mpShapes[b.Dialect].wholeKeys {
		names, stay = []string{"a", "b/1", "b/2", "c", "d/1", "d/2", "e"}, []string{"b", "d", "f", "h"}
	}
	for _, delimiter := range []string{"", "/"} {
		name := map[bool]string{true: "pages/every-size", false: "pages/folded"}[delimiter == ""]
		b.mpCase("uploads/"+name, "comes to the same uploads whatever the size of the pages", by(), Case{Given: []Given{mpUp(names...), mpInOrderOf(names)}, Run: func(s *Scene) {
			want := s.mpWhole(names, delimiter)
			for _, size := range []int{1, 2, 3, 4, 5, 8, 9, 999} {
				if got := s.mpUploadPages(size, delimiter, nil); !slices.Equal(got, want) {
					s.mpFailed(fmt.Sprintf("pages of %d that hold %s", size, excerpt(strings.Join(want, ", "))), excerpt(strings.Join(got, ", ")))
				}
			}
		}})
	}
	b.mpCase("uploads/pages/while-uploading", "leads through the uploads that stay, each once, while others come and go", by(), Case{Given: []Given{mpUp(stay...)}, Run: func(s *Scene) {
		got := s.mpUploadPages(1, "", func(page int) {
			name := string("ace"[page%3]) + itoa(page)
			mpBegun(name)(s)
			s.Must(s.mpAbort(name))
			mpBegun("a" + itoa(page))(s)
		})
		got = slices.DeleteFunc(got, func(entry string) bool { return entry[0] != '(' && entry[1] != ' ' })
		if want := s.mpWhole(stay, ""); !slices.Equal(got, want) {
			s.mpFailed("pages that hold "+excerpt(strings.Join(want, ", ")), excerpt(strings.Join(got, ", ")))
		}
	}})
}

// mpInOrderOf is mpInOrder where some of names are of the key a.
func mpInOrderOf(names []string) Given {
	return func(s *Scene) {
		if slices.Contains(names, "a#3") {
			mpInOrder(s)
		}
	}
}

// mpWhole is what a list of the uploads comes to: keys with IDs, and common
// prefixes.
func (s *Scene) mpWhole(names []string, delimiter string) (all []string) {
	for _, name := range names {
		if head, _, folds := strings.Cut(mpKey(name), delimiter); folds && delimiter != "" {
			if e := head + delimiter; !slices.Contains(all, e) {
				all = append(all, e)
			}
			continue
		}
		all = append(all, mpKey(name)+" "+s.Kept("upload "+name))
	}
	return all
}

// mpUploadPages reads the uploads of the case page by page, in the order of keys
// and common prefixes; between is called after each page but the last.
func (s *Scene) mpUploadPages(size int, delimiter string, between func(page int)) (all []string) {
	query := fmt.Sprintf("max-uploads=%d&delimiter=%s", size, delimiter)
	if delimiter == "" {
		query = fmt.Sprintf("max-uploads=%d", size)
	}
	marker, id := "", ""
	for page := 1; page <= 30; page++ {
		call := mpLists(query)(s)
		if marker != "" {
			call.Query = append(call.Query, s.mpQuery("key-marker=")[0])
			call.Query[len(call.Query)-1].Value = marker
		}
		if id != "" {
			call.Query = append(call.Query, wire.Param{Name: "upload-id-marker", Value: id})
		}
		got, err := readListing(s.Must(call))
		if err != nil {
			return append(all, err.Error())
		}
		all = append(all, s.mpEntries(got)...)
		if n := len(got.entries) + len(got.folds); n > size || n == 0 {
			all = append(all, fmt.Sprintf("(page %d holds %d)", page, n))
		}
		if got.is["IsTruncated"] != "true" {
			return all
		}
		marker, id = got.is["NextKeyMarker"], got.is["NextUploadIdMarker"]
		if between != nil {
			between(page)
		}
	}
	return append(all, "no end")
}

// mpEntries are the entries of a page, sorted by key; those of one key stay as
// they are.
func (s *Scene) mpEntries(got *listed) (all []string) {
	for _, e := range got.entries {
		all = append(all, s.short([]string{e["Key"]})[0]+" "+e["UploadId"])
	}
	all = append(all, s.short(got.folds)...)
	slices.SortStableFunc(all, func(a, b string) int {
		a, _, _ = strings.Cut(a, " ")
		b, _, _ = strings.Cut(b, " ")
		return strings.Compare(a, b)
	})
	return all
}

// mpUploadCodes tells of keys that are awkward in XML.
func mpUploadCodes(b *Book) {
	for _, a := range awkward {
		want := look{keys: []string{a.text}, is: map[string]string{"EncodingType": "url"}}.shown()
		b.mpCase("uploads/url/"+a.name, "writes an awkward key with percent signs, which lead back to it", By{
			"oss": {Clauses: "OSS-XLMU-11", Want: want.With(mpAll(want.Check, mpCodedAll))},
		}, Case{Given: []Given{func(s *Scene) { s.mpBeginAt("a", a.text) }}, When: mpLists("encoding-type=url")})
	}
	for _, m := range []struct{ member, name, query string }{
		{"Prefix", "prefix", "prefix=~p q"}, {"Delimiter", "delimiter", "delimiter= "}, {"KeyMarker", "key-marker", "key-marker=~m n"}, {"NextKeyMarker", "next-key-marker", "max-uploads=1"},
	} {
		said := look{is: map[string]string{"EncodingType": "url"}}.judge
		escaped := rawMember(m.member, gomega.MatchRegexp(`^(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*(\+|%20)(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*$`))
		b.mpCase("uploads/url/member/"+m.name, "escapes what the list says of the request, too", By{"oss": {Clauses: "OSS-XLMU-11", Want: Shown().With(mpAll(said, escaped, mpCodedAll))}},
			Case{Given: []Given{mpUp("a b", "c d")}, When: mpLists(m.query + "&encoding-type=url")})
	}
}

// mpCodedAll wants what comes from keys to hold nothing but what needs no escape
// and escapes.
func mpCodedAll(_ *Scene, r *client.Reply) (flaws []Flaw) {
	got, err := readListing(r)
	if err != nil {
		return []Flaw{{"a list of uploads", err.Error()}}
	}
	texts := append([]string{got.is["Prefix"], got.is["Delimiter"], got.is["KeyMarker"], got.is["NextKeyMarker"]}, got.folds...)
	for _, e := range got.entries {
		texts = append(texts, e["Key"])
	}
	for _, text := range texts {
		if !escapedText.MatchString(text) {
			flaws = append(flaws, Flaw{"an escaped text", excerpt(text)})
		}
	}
	return flaws
}

// mpUploadEnds tells that only open uploads are listed, and in lists of uploads
// alone.
func mpUploadEnds(b *Book) {
	left := func(clauses string) After {
		return After{Text: "the other upload alone is listed", Call: mpLists(""), Want: look{}.uploads("b").Of(clauses)}
	}
	b.mpCase("uploads/ended/complete", "lists an upload no longer when it is completed", By{"oss": {Clauses: "OSS-XLMU-12", Want: Shown()}}, Case{
		Given: []Given{mpUp("b"), mpFilled(1)}, When: mpCompleting("a", 1), After: []After{left("OSS-XLMU-12")},
	})
	for dialect, clauses := range map[string]string{"oss": "OSS-XLMU-12 OSS-XABORT-04", "bos": "BOS-MPU-21"} {
		b.mpCase("uploads/ended/abort", "lists an upload no longer when it is aborted", By{dialect: {Clauses: clauses, Want: Accepted(204).Of(strings.TrimPrefix(clauses, "OSS-XLMU-12 "))}}, Case{
			Given: []Given{mpUp("b"), mpFilled(1)}, When: func(s *Scene) client.Call { return s.mpAbort("a") },
			After: []After{left(clauses), {Text: "its parts are gone", Call: mpListsOf(""), Want: Refused(404, "NoSuchUpload").Of(clauses)}},
		})
	}
	b.mpCase("uploads/missing-bucket", "refuses to list the uploads of a bucket that is not there", By{"oss": {Clauses: "OSS-XLMU-13", Want: Refused(404, "NoSuchBucket")}}, Case{
		When: func(s *Scene) client.Call { call := mpLists("")(s); call.Bucket = s.Absent(); return call },
	})
	for _, form := range []string{"", "list-type=2&"} {
		b.mpCase(map[bool]string{true: "uploads/no-objects", false: "uploads/v2/no-objects"}[form == ""], "lists no open upload among the objects, nor a prefix that only it has", By{
			"s3": {Clauses: "S3-LIST-32", Want: look{keys: []string{"object"}, folds: none}.shown(), Rests: "S3-LIST-01"},
		}, Case{Given: []Given{put("object", "x"), mpUp("up/x")}, When: func(s *Scene) client.Call { return s.listing(form + "delimiter=/") }})
	}
}
