package suites

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// multipartBooks write the chapter multipart: objects that come in parts.
var multipartBooks = []func(*Book){mpInitiates, mpParts, mpNumbers, mpUnknown, mpCompletes, mpAborts, mpJoins, mpGaps, mpDigests, mpSizes,
	mpWrongLists, mpMalformed, mpForms, mpTogether, mpOver, mpLater, mpPartBodies,
	mpCopied, mpCopyRules, mpCopyConditions, mpEncrypted, mpWhereabouts, mpSigned,
	mpPartLists, mpPartBounds, mpPartRefusals, mpPartMore, mpUploadLists, mpUploadBounds, mpUploadMarkers, mpUploadCodes, mpUploadEnds}

// mpLeast are the bytes that a part must have that is not the last.
var mpLeast = map[string]int{"oss": 102400, "cos": 1 << 20, "bos": 102400, "s3": 5 << 20}

// An upload has a name in its case: the key's, with #2 behind it where the key
// has a second one.
func mpKey(name string) string {
	key, _, _ := strings.Cut(name, "#")
	return key
}

// mpBegin begins an upload of a key of the case.
func (s *Scene) mpBegin(name string, fields ...wire.Field) client.Call {
	return client.Call{Method: "POST", Bucket: s.Bucket, Key: s.Key(mpKey(name)), Fields: fields, Query: []wire.Param{{Name: "uploads", Bare: true}}}
}

// mpOpened enters an upload into the ledger that a reply tells of, and keeps its
// ID.
func (s *Scene) mpOpened(name string, r *client.Reply) {
	s.Keep("upload "+name, s.Upload(s.Bucket, s.Key(mpKey(name)), mpMember(r, "UploadId")))
}

// mpBegun begins an upload.
func mpBegun(name string, fields ...wire.Field) Given {
	return func(s *Scene) {
		r := s.Must(s.mpBegin(name, fields...))
		s.mpOpened(name, r)
		if s.Kept("upload "+name) == "" {
			s.Block("the initiation names no upload: %s", excerpt(string(r.Body)))
		}
	}
}

// mpPart sends a part under a number, which is any text.
func (s *Scene) mpPart(name, number, body string, fields ...wire.Field) client.Call {
	return client.Call{Method: "PUT", Bucket: s.Bucket, Key: s.Key(mpKey(name)), Body: []byte(body), Fields: fields,
		Query: []wire.Param{{Name: "partNumber", Value: number}, {Name: "uploadId", Value: s.Kept("upload " + name)}}}
}

// mpSent sends a part and keeps its ETag.
func mpSent(name string, number int, body string) Given {
	return func(s *Scene) {
		r := s.Must(s.mpPart(name, itoa(number), body))
		s.Keep(mpTag(name, number), r.Fields.Get("ETag"))
	}
}

func mpTag(name string, number int) string { return fmt.Sprintf("etag of %s part %d", name, number) }

// mpEntry is the entry of a part in the list of a completion.
func (s *Scene) mpEntry(number, tag string) string {
	inXML := "<Part><PartNumber>" + number + "</PartNumber><ETag>" + tag + "</ETag></Part>"
	inJSON := `{"partNumber":` + number + `,"eTag":"` + strings.Trim(tag, `"`) + `"}`
	return s.W.DoomForm(inXML, inJSON)
}

// mpList is the body of a completion with these entries.
func (s *Scene) mpList(entries ...string) string {
	return s.W.DoomForm("<CompleteMultipartUpload>"+strings.Join(entries, "")+"</CompleteMultipartUpload>", `{"parts":[`+strings.Join(entries, ",")+"]}")
}

// mpListed is the list of parts that were sent.
func (s *Scene) mpListed(name string, numbers ...int) string {
	var entries []string
	for _, n := range numbers {
		entries = append(entries, s.mpEntry(itoa(n), s.Kept(mpTag(name, n))))
	}
	return s.mpList(entries...)
}

// mpComplete completes an upload with a list, which is any text.
func (s *Scene) mpComplete(name, list string, fields ...wire.Field) client.Call {
	return client.Call{Method: "POST", Bucket: s.Bucket, Key: s.Key(mpKey(name)), Body: []byte(list), Fields: fields,
		Query: []wire.Param{{Name: "uploadId", Value: s.Kept("upload " + name)}}}
}

// mpCompleting is the completion of parts that were sent, as the judged request.
func mpCompleting(name string, numbers ...int) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.mpComplete(name, s.mpListed(name, numbers...)) }
}

// mpCompleted completes an upload.
func mpCompleted(name string, numbers ...int) Given {
	return func(s *Scene) { s.Must(mpCompleting(name, numbers...)(s)) }
}

// mpAbort aborts an upload.
func (s *Scene) mpAbort(name string) client.Call {
	return client.Call{Method: "DELETE", Bucket: s.Bucket, Key: s.Key(mpKey(name)), Query: []wire.Param{{Name: "uploadId", Value: s.Kept("upload " + name)}}}
}

// mpAborted aborts an upload.
func mpAborted(name string) Given { return func(s *Scene) { s.Must(s.mpAbort(name)) } }

// mpListParts lists the parts of an upload.
func (s *Scene) mpListParts(name string, more ...wire.Param) client.Call {
	return client.Call{Method: "GET", Bucket: s.Bucket, Key: s.Key(mpKey(name)), Query: append([]wire.Param{{Name: "uploadId", Value: s.Kept("upload " + name)}}, more...)}
}

// mpNamed gives an upload that nobody began an ID.
func mpNamed(name, id string) Given { return func(s *Scene) { s.Keep("upload "+name, id) } }

// mpMember is the first member of an answer with a name, given as XML writes it;
// JSON writes it with a small letter. It is "" where there is none.
func mpMember(r *client.Reply, name string) string {
	if strings.HasPrefix(string(r.Body), "{") {
		var all map[string]any
		if json.Unmarshal(r.Body, &all) != nil {
			return ""
		}
		small := strings.ToLower(name[:1]) + name[1:]
		if name == "UploadId" || all[small] != nil {
			name = small
		}
		if v := all[name]; v != nil {
			return fmt.Sprint(v)
		}
		return ""
	}
	d := xml.NewDecoder(strings.NewReader(string(r.Body)))
	for {
		token, err := d.Token()
		if err != nil {
			return ""
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == name {
			var text string
			if d.DecodeElement(&text, &start) != nil {
				return ""
			}
			return text
		}
	}
}

// mpRoot is the name of the element around an XML answer.
func mpRoot(r *client.Reply) string {
	var root struct{ XMLName xml.Name }
	if xml.Unmarshal(r.Body, &root) != nil {
		return ""
	}
	return root.XMLName.Local
}

// mpMembers wants members of an answer: name, value, name, value. The value * is
// any but none, and @ is the key a of the case.
func mpMembers(pairs ...string) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) (flaws []Flaw) {
		for name, want := range pairsOf(pairs...) {
			got := mpMember(r, name)
			switch want {
			case "*":
				if got == "" {
					flaws = append(flaws, Flaw{"member " + name, "none, or an empty one"})
				}
				continue
			case "@":
				want = s.Key("a")
			case "@bucket":
				want = s.Bucket
			}
			if got != want {
				flaws = append(flaws, Flaw{"member " + name + " " + excerpt(want), excerpt(got)})
			}
		}
		return flaws
	}
}

// mpAll joins checks.
func mpAll(checks ...func(*Scene, *client.Reply) []Flaw) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) (flaws []Flaw) {
		for _, check := range checks {
			flaws = append(flaws, check(s, r)...)
		}
		return flaws
	}
}

// mpRooted wants an answer in XML with an element around it.
func mpRooted(name string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		if got := mpRoot(r); got != name {
			return []Flaw{{"an XML document " + name, excerpt(string(r.Body))}}
		}
		return nil
	}
}

// mpScaled turns to an emulator where a part must have four bytes, not many,
// unless it is the last. On a target without one the parts are as long as they
// must be.
func mpScaled(s *Scene) {
	if s.Private == nil {
		s.Keep("least", itoa(mpLeast[s.Case.Dialect]))
		return
	}
	s.Keep("least", "4")
	s.NewPrivate(Setup{Limits: map[string]int64{"MinPartSize": 4}})
}

// mpLong is the body of a part that need not be the last: one letter, a little
// longer than it must be.
func (s *Scene) mpLong(letter string) string {
	if s.Kept("least") == "4" {
		return strings.Repeat(letter, 6)
	}
	return strings.Repeat(letter, mpLeast[s.Case.Dialect]+2)
}

// mpSentLong sends parts that need not be the last, of one letter each, under
// these numbers.
func mpSentLong(name, letters string, numbers ...int) Given {
	return func(s *Scene) {
		for i, n := range numbers {
			mpSent(name, n, s.mpLong(letters[i:i+1]))(s)
		}
	}
}

// mpReads is the later look that the object a holds long parts of these letters.
func mpReads(letters string) After {
	return After{Text: "the object holds its parts in order",
		Call: func(s *Scene) client.Call { return s.Get(s.Key("a")) },
		Want: Shown().With(func(s *Scene, r *client.Reply) []Flaw { return mpHolds(s, r, letters) })}
}

// mpHolds compares what was read with long parts of these letters. Of a body
// longer than what is kept of it the beginning is compared.
func mpHolds(s *Scene, r *client.Reply, letters string) []Flaw {
	var want strings.Builder
	for i := range letters {
		want.WriteString(s.mpLong(letters[i : i+1]))
	}
	if int64(want.Len()) != r.Size || !strings.HasPrefix(want.String(), string(r.Body)) {
		return []Flaw{{fmt.Sprintf("%d bytes: %s", want.Len(), excerpt(want.String())), fmt.Sprintf("%d bytes: %s", r.Size, excerpt(string(r.Body)))}}
	}
	return nil
}
