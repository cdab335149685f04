package suites

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/clause"
	"objectharness/internal/client"
)

// mpPages turns the case to an emulator whose pages hold three parts or uploads
// where the dialect's hold a thousand.
func mpPages(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"ListParts": 3}}) }

// mpPartBounds tells of the bounds of a page of parts, and of where it begins.
func mpPartBounds(b *Book) {
	usual := look{is: map[string]string{"MaxParts": "1000"}}.parts(1)
	b.mpCase("parts/size/usual", "says that a page holds a thousand parts where the request names no bound", By{
		"oss": {Clauses: "OSS-XLPART-03", Want: usual},
		"cos": {Clauses: "COS-XMPU-25", Want: usual},
		"bos": {Clauses: "BOS-MPU-24", Want: usual},
	}, Case{Given: []Given{mpFilled(1)}, When: mpListsOf("")})
	three := look{is: map[string]string{"IsTruncated": "true", "NextPartNumberMarker": "3"}}.parts(1, 2, 3)
	small := func(query string) Case {
		return Case{Needs: NeedsPrivate, Given: []Given{mpPages, mpFilled(1, 2, 3, 4)}, When: mpListsOf(query)}
	}
	b.mpCase("parts/size/full", "holds no more parts than a page may", By{
		"oss": {Clauses: "OSS-XLPART-03", Want: three},
		"cos": {Clauses: "COS-XMPU-25", Want: three},
		"bos": {Clauses: "BOS-MPU-24", Want: three},
		"s3":  {Clauses: "S3-MPU-40", Want: three},
	}, small(""))
	b.mpCase("parts/size/cut", "holds no more parts than a page may where more are asked for", By{
		"cos": {Clauses: "COS-XMPU-25", Want: three},
		"bos": {Clauses: "BOS-MPU-24", Want: three},
		"s3":  {Clauses: "S3-MPU-40", Want: three},
	}, small("max-parts=2000"))
	b.mpCase("parts/size/most", "takes a bound of a thousand", By{
		"oss": {Clauses: "OSS-XLPART-03", Want: look{is: map[string]string{"MaxParts": "1000"}}.parts(1).answered(200)},
		"cos": {Clauses: "COS-XMPU-25", Want: usual}, "bos": {Clauses: "BOS-MPU-24", Want: usual},
	}, Case{Given: []Given{mpFilled(1)}, When: mpListsOf("max-parts=1000")})
	for _, c := range []struct {
		name, query string
		parts       []int
		is          map[string]string
	}{
		{"size/1", "max-parts=1", []int{1}, map[string]string{"MaxParts": "1", "IsTruncated": "true", "NextPartNumberMarker": "1"}},
		{"size/2", "max-parts=2", []int{1, 2}, map[string]string{"MaxParts": "2", "IsTruncated": "true", "NextPartNumberMarker": "2"}},
		{"size/exact", "max-parts=3", []int{1, 2, 5}, map[string]string{"MaxParts": "3", "IsTruncated": "false", "NextPartNumberMarker": "5"}},
		{"marker/there", "part-number-marker=2", []int{5}, map[string]string{"PartNumberMarker": "2"}},
		{"marker/free", "part-number-marker=3", []int{5}, map[string]string{"PartNumberMarker": "3"}},
		{"marker/last", "part-number-marker=5", nil, map[string]string{"PartNumberMarker": "5", "IsTruncated": "false"}},
		{"marker/beyond", "part-number-marker=10", nil, map[string]string{"PartNumberMarker": "10", "IsTruncated": "false"}},
		{"marker/size", "part-number-marker=1&max-parts=1", []int{2}, map[string]string{"PartNumberMarker": "1", "MaxParts": "1", "IsTruncated": "true", "NextPartNumberMarker": "2"}},
	} {
		w := look{is: c.is}.parts(c.parts...)
		by := By{"oss": {Clauses: "OSS-XLPART-05", Want: w}, "cos": {Clauses: "COS-XMPU-25", Want: w}, "bos": {Clauses: "BOS-MPU-24", Want: w}, "s3": {Clauses: "S3-MPU-37", Want: b.mpPartShape(c.is, c.parts...)}}
		if strings.HasPrefix(c.name, "marker") {
			by["oss"] = Row{Clauses: "OSS-XLPART-06", Want: w}
		}
		if c.name == "marker/beyond" {
			by["s3"] = Row{Clauses: "S3-MPU-38", Want: look{is: map[string]string{"IsTruncated": "false", "NextPartNumberMarker": "0"}}.parts()}
		}
		b.mpCase("parts/"+c.name, "holds as many parts as asked for, behind the marker", by, Case{Given: []Given{mpFilled(1, 2, 5)}, When: func(s *Scene) client.Call {
			call := mpListsOf(c.query)(s)
			call.Fresh = c.name == "marker/beyond" // some servers go to pieces here
			return call
		}})
	}
	blank := look{is: map[string]string{"MaxParts": "1000", "PartNumberMarker": "0"}}.parts(1).answered(200)
	for _, query := range []string{"max-parts=", "part-number-marker=", "max-parts=&part-number-marker="} {
		b.mpCase("parts/blank/"+strings.Trim(strings.ReplaceAll(query, "=&", "-and-"), "="), "takes an empty parameter for none", By{"s3": {Clauses: "S3-MPU-39", Want: blank}},
			Case{Given: []Given{mpFilled(1)}, When: mpListsOf(query)})
	}
}

// answered returns w with the status that its clause names.
func (w Want) answered(status int) Want { w.Status, w.Shown = status, false; return w }

// mpPartRefusals tells of lists of parts that are refused.
func mpPartRefusals(b *Book) {
	bad := Refused(400, "InvalidArgument")
	refused := func(name, parameter, value string, by By) {
		b.mpCase("parts/refused/"+name, "refuses a parameter that is out of range, or no number", by,
			Case{Given: []Given{mpFilled(1), func(s *Scene) { s.Must(mpListsOf(parameter + "=1")(s)) }}, When: mpListsOf(parameter + "=" + value)})
	}
	blamed := func(name, value string) By {
		return By{"s3": {Clauses: "S3-MPU-41", Want: bad.With(elements("ArgumentName", name))}}
	}
	for _, v := range []struct{ name, value string }{{"over", "1001"}, {"text", "x"}, {"fraction", "1.5"}, {"hexadecimal", "0x10"}} {
		refused("max-parts/"+v.name, "max-parts", v.value, By{"oss": {Clauses: "OSS-XLPART-04", Want: bad}})
	}
	for _, v := range []string{"-1", "-3"} {
		refused("max-parts/negative/"+v[1:], "max-parts", v, blamed("max-parts", v))
	}
	for _, v := range []struct{ name, value string }{{"text", "abc"}, {"fraction", "1.5"}, {"hexadecimal", "0x1"}} {
		refused("part-number-marker/"+v.name, "part-number-marker", v.value, blamed("part-number-marker", v.value))
	}
	gone := Refused(404, "NoSuchUpload")
	b.mpCase("parts/unknown", "refuses to list the parts of an upload that is not there", By{
		"oss": {Clauses: "OSS-XLPART-07", Want: gone}, "cos": {Clauses: "COS-XMPU-27", Want: gone}, "bos": {Clauses: "BOS-ERR-46", Want: gone},
	}, Case{Given: []Given{mpNamed("a", "0004B9894A22E5B1888A1E29F8236E2D")}, When: mpListsOf("")})
	b.mpCase("parts/no-id", "refuses to list the parts of no upload", By{
		"cos": {Clauses: "COS-XMPU-27", Want: Refused(400, "ListPartUploadIdIsEmpty")},
	}, Case{Given: []Given{mpNamed("a", "")}, When: mpListsOf("")})
	b.mpCase("parts/other-key", "refuses to list the parts of an upload under another key", By{
		"s3": {Clauses: "S3-MPU-10", Want: gone},
	}, Case{Given: []Given{mpBegun("b"), mpSent("b", 1, "x"), func(s *Scene) { s.Keep("upload a", s.Kept("upload b")) }}, When: mpListsOf("")})
	b.mpCase("parts/aborted", "refuses to list the parts of an upload that was aborted", By{
		"oss": {Clauses: "OSS-XABORT-03", Want: gone}, "bos": {Clauses: "BOS-ERR-46", Want: gone}, "s3": {Clauses: "S3-MPU-35", Want: gone},
	}, Case{Given: []Given{mpFilled(1), mpAborted("a")}, When: mpListsOf("")})
}

// mpPartMore tells of lists of parts read page by page, and of their encoding.
func mpPartMore(b *Book) {
	by := func() By {
		return By{"oss": {Clauses: "OSS-XLPART-05"}, "cos": {Clauses: "COS-XMPU-25"}, "bos": {Clauses: "BOS-MPU-24"}, "s3": {Clauses: "S3-MPU-37"}}
	}
	numbers := []int{1, 2, 3, 5, 8, 9, 10, 11, 12}
	whole := map[string]bool{"s3": true}[b.Dialect] // its clause tells of every page's members
	b.mpCase("parts/pages/every-size", "comes to the same parts whatever the size of the pages", by(), Case{Given: []Given{mpFilled(numbers...)}, Run: func(s *Scene) {
		for _, size := range []int{1, 2, 3, 4, 8, 9, 10, 999} {
			s.mpWalkedParts(size, s.mpPartPages(size, whole, nil), numbers)
		}
	}})
	b.mpCase("parts/pages/while-uploading", "leads through the parts that stay, each once, while others come", by(), Case{Given: []Given{mpFilled(10, 11, 12, 13, 14)}, Run: func(s *Scene) {
		got := s.mpPartPages(2, whole, func(page int) {
			if page < 3 {
				mpSent("a", page, strings.Repeat("x", page))(s)
				mpSent("a", 20+page, strings.Repeat("x", 20+page))(s)
			}
		})
		stayed := slices.DeleteFunc(got, func(n string) bool { return len(n) == 1 || n[0] == '2' })
		s.mpWalkedParts(2, stayed, []int{10, 11, 12, 13, 14})
	}})
	for _, a := range awkward {
		b.mpCase("parts/url/"+a.name, "writes an awkward key with percent signs, which lead back to it", By{
			"oss": {Clauses: "OSS-XLPART-08", Want: Shown().With(mpCoded("Key", a.text, "EncodingType"))},
		}, Case{Given: []Given{func(s *Scene) { s.Keep("key", a.text); s.mpBeginAt("a", a.text) }}, When: func(s *Scene) client.Call {
			return client.Call{Method: "GET", Bucket: s.Bucket, Key: s.Key(a.text), Query: s.mpQuery("uploadId=#a&encoding-type=url")}
		}})
	}
	b.mpCase("parts/url/said", "says that it is encoded", By{
		"cos": {Clauses: "COS-XMPU-26", Want: Shown().With(func(s *Scene, r *client.Reply) []Flaw {
			return look{is: map[string]string{"Encoding-type": "url", "Key": "~a b"}}.judge(s, r)
		})},
	}, Case{Given: []Given{mpBegun("a b")}, When: func(s *Scene) client.Call { return s.mpListParts("a b", s.mpQuery("encoding-type=url")...) }})
}

// mpBeginAt begins an upload of a key that holds what names of uploads cannot.
func (s *Scene) mpBeginAt(name, key string) {
	call := s.mpBegin(name)
	call.Key = s.Key(key)
	r := s.Must(call)
	id := mpMember(r, "UploadId")
	if id == "" {
		s.Block("the initiation names no upload: %s", excerpt(string(r.Body)))
	}
	s.Keep("upload "+name, s.Upload(s.Bucket, s.Key(key), id))
}

// mpCoded wants a member of a document to be a text of the case in percent signs,
// and the document to say so in the element that is called said.
func mpCoded(member, text, said string) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw {
		flaws := look{is: map[string]string{member: "~" + text, said: "url"}}.judge(s, r)
		return append(flaws, rawMember(member, gomega.MatchRegexp(escapedText.String()))(s, r)...)
	}
}

// mpPartPages reads the parts of the upload a page by page; between is called
// after each page but the last. All members of the pages are judged where whole.
func (s *Scene) mpPartPages(size int, whole bool, between func(page int)) (numbers []string) {
	query, marker := fmt.Sprintf("max-parts=%d", size), "0"
	for page := 1; page <= 30; page++ {
		r := s.Must(mpListsOf(query)(s))
		if whole {
			s.mpPage(r, map[string]string{"MaxParts": itoa(size), "PartNumberMarker": marker})
		}
		got, err := readListing(r)
		if err != nil {
			return append(numbers, err.Error())
		}
		for _, e := range got.entries {
			numbers = append(numbers, e["PartNumber"])
		}
		if n := len(got.entries); n > size || n == 0 {
			numbers = append(numbers, fmt.Sprintf("(page %d holds %d)", page, n))
		}
		if got.is["IsTruncated"] != "true" {
			return numbers
		}
		marker = got.is["NextPartNumberMarker"]
		query = fmt.Sprintf("max-parts=%d&part-number-marker=%s", size, marker)
		if between != nil {
			between(page)
		}
	}
	return append(numbers, "no end")
}

// mpPage judges the members of a page of parts.
func (s *Scene) mpPage(r *client.Reply, is map[string]string) {
	for _, f := range mpAll(look{is: is, entry: map[string]any{"LastModified": mpTimes}}.judge, mpTags, mpRecent("LastModified"))(s, r) {
		s.mpFailed(f.Expected, f.Got)
	}
}

// mpWalkedParts judges the parts of all pages.
func (s *Scene) mpWalkedParts(size int, got []string, want []int) {
	var texts []string
	for _, n := range want {
		texts = append(texts, itoa(n))
	}
	if !slices.Equal(got, texts) {
		s.mpFailed(fmt.Sprintf("pages of %d that hold the parts %s", size, strings.Join(texts, " ")), excerpt(strings.Join(got, " ")))
	}
}

// mpFailed reports what was found to be wrong in a case with several requests.
func (s *Scene) mpFailed(expected, got string) {
	for _, id := range s.Case.Clauses {
		s.Fail(id, clause.BrokenBody, expected, got)
	}
}
