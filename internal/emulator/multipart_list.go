package emulator

import (
	"encoding/xml"
	"sort"
	"strconv"
	"time"

	"objectharness/internal/emulator/store"
)

// The document of a list of parts. Members that are nil are left out: documents
// of one dialect have members that another's have not.
type (
	partListing struct {
		XMLName              xml.Name     `xml:"ListPartsResult" json:"-"`
		Bucket               *string      `xml:",omitempty" json:"bucket,omitempty"`
		Encoding             *namedText   `xml:",omitempty" json:"-"`
		Key                  *markup      `xml:",omitempty" json:"key,omitempty"`
		UploadID             *string      `xml:"UploadId,omitempty" json:"uploadId,omitempty"`
		Initiated            string       `xml:"-" json:"initiated,omitempty"`
		Initiator            *listedOwner `xml:",omitempty" json:"-"`
		Owner                *listedOwner `xml:",omitempty" json:"owner,omitempty"`
		StorageClass         *string      `xml:",omitempty" json:"storageClass,omitempty"`
		PartNumberMarker     *int         `xml:",omitempty" json:"partNumberMarker,omitempty"`
		NextPartNumberMarker *int         `xml:",omitempty" json:"nextPartNumberMarker,omitempty"`
		MaxParts             *int         `xml:",omitempty" json:"maxParts,omitempty"`
		IsTruncated          bool         `json:"isTruncated"`
		Algorithm            string       `xml:"ChecksumAlgorithm,omitempty" json:"-"`
		SumType              string       `xml:"ChecksumType,omitempty" json:"-"`
		Parts                []listedPart `xml:"Part" json:"parts"`
	}
	listedPart struct {
		PartNumber   int          `json:"partNumber"`
		LastModified string       `json:"lastModified"`
		ETag         *string      `xml:",omitempty" json:"eTag,omitempty"`
		Size         *int64       `xml:",omitempty" json:"size,omitempty"`
		CRC64        string       `xml:"HashCrc64ecma,omitempty" json:"-"`
		Sum          []sumElement `json:"-"`
	}
	// namedText is an element whose name is data.
	namedText struct {
		XMLName xml.Name
		Text    string `xml:",chardata"`
	}
)

// A partLookup is what a list of parts asks of an upload.
type partLookup struct{ after, max int }

// A partPage is a run of parts by number.
type partPage struct {
	parts []*store.Part
	more  bool // parts remain
}

// partMistakes are rules of which each, broken, gives another page.
var partMistakes = []string{"parts.after", "parts.max", "parts.order"}

// listParts answers a page of the parts of an upload, by their numbers.
func (c *call) listParts() error {
	if id := c.text("uploadId"); id == "" && c.e.t.progress.noID != "" {
		if err := c.require("parts.no-id", false, c.e.t.progress.noID); err != nil {
			return err
		}
	}
	u, err := c.upload()
	if err != nil {
		return err
	}
	l, err := c.askParts()
	if err != nil {
		return err
	}
	url, err := c.askCode(c.e.t.progress.partsCode)
	if err != nil {
		return err
	}
	r := c.partDocument(u, l, c.lookParts(u, l))
	key := c.codedKey("parts.url", url, u.Key)
	r.Key = told(c, "parts.key", key)
	r.Encoding = c.codeTold("parts.code", url, c.e.t.progress.partsCode)
	c.status("parts.status", 200)
	return c.sendForm(r)
}

// codeTold names the encoding of a document; broken by leaving it out.
func (c *call) codeTold(rule string, url bool, element string) *namedText {
	if !url || !c.does(rule) {
		return nil
	}
	return &namedText{XMLName: xml.Name{Local: element}, Text: "url"}
}

// askParts reads which parts are asked for.
func (c *call) askParts() (l partLookup, err error) {
	if l.max, err = c.perPage("parts", c.spelled("max-parts", "maxParts")); err != nil {
		return l, err
	}
	name := c.spelled("part-number-marker", "partNumberMarker")
	n, text, given, err := c.number("parts", name)
	if given && (err != nil || n < 0) {
		return l, c.require("parts.marker-text", false, "InvalidArgument", c.blamed("parts", name, text))
	}
	l.after = n
	return l, err
}

// lookParts is the page that the lookup comes to; each mistake that would come to
// another one is a deviation.
func (c *call) lookParts(u *store.Upload, l partLookup) partPage {
	right := l.page(u, "")
	if c.e.rules.quiet() {
		return right
	}
	for _, rule := range partMistakes {
		wrong := l.page(u, rule)
		if pick(c, rule, right.text(), wrong.text()) != right.text() {
			return wrong
		}
	}
	return right
}

// page reads a page of an upload, or what mistake makes of it.
func (l partLookup) page(u *store.Upload, mistake string) partPage {
	all := u.Parts
	switch mistake {
	case "parts.after":
		l.after = max(l.after-1, 0)
	case "parts.max":
		l.max++
	case "parts.order":
		all = append([]*store.Part(nil), all...)
		sort.Slice(all, func(i, j int) bool { return strconv.Itoa(all[i].Number) < strconv.Itoa(all[j].Number) })
	}
	var p partPage
	if mistake != "parts.order" {
		all = all[sort.Search(len(all), func(i int) bool { return all[i].Number > l.after }):]
	}
	for _, part := range all {
		if part.Number <= l.after {
			continue
		}
		if p.more = len(p.parts) == l.max; p.more {
			break
		}
		p.parts = append(p.parts, part)
	}
	p.more = p.more && l.max > 0
	return p
}

// last is the number of the part that ends the page, 0 on an empty one.
func (p partPage) last() int {
	if len(p.parts) == 0 {
		return 0
	}
	return p.parts[len(p.parts)-1].Number
}

// text tells pages apart.
func (p partPage) text() (text string) {
	for _, part := range p.parts {
		text += strconv.Itoa(part.Number) + " "
	}
	return text + strconv.FormatBool(p.more)
}

// partDocument writes a page of parts.
func (c *call) partDocument(u *store.Upload, l partLookup, p partPage) *partListing {
	t := &c.e.t.progress
	r := &partListing{Bucket: told(c, "parts.bucket", c.at.Bucket), UploadID: told(c, "parts.upload-id", u.ID), Parts: []listedPart{},
		PartNumberMarker: member(c, "parts.marker", l.after, l.after+1), NextPartNumberMarker: member(c, "parts.next", p.last(), p.last()+1),
		MaxParts: member(c, "parts.max-told", l.max, l.max+1), IsTruncated: c.cutShort("parts", p.more, len(p.parts) == l.max)}
	if t.begun {
		r.Initiated = c.begunAt("parts", u.Initiated)
	}
	r.Owner, r.Initiator = c.whose("parts", u)
	r.StorageClass = c.classTold("parts", u)
	if !t.classes && c.e.t.listing.class != "" {
		r.StorageClass = &c.e.t.listing.class
	}
	for _, part := range p.parts {
		r.Parts = append(r.Parts, c.part(part))
	}
	r.sumUp(u, p)
	return r
}

// part is the entry of a part.
func (c *call) part(p *store.Part) listedPart {
	tag := p.ETag
	if !c.e.t.json {
		tag = pick(c, "parts.etag-quotes", c.etag(tag), tag)
	}
	listed := listedPart{PartNumber: p.Number, LastModified: c.timeTold("parts.modified", p.Modified), ETag: told(c, "parts.etag", tag),
		Size: member(c, "parts.size", p.Blob.Size, p.Blob.Size+1)}
	if c.e.t.reading.classed {
		listed.CRC64 = strconv.FormatUint(p.Blob.Sums.CRC64, 10)
	}
	return listed
}

// cutShort tells whether entries remain. Two mistakes are made of it: that a page
// was the last, and that a full page cannot be the last.
func (c *call) cutShort(rules string, more, full bool) bool {
	if more {
		return pick(c, rules+".truncated", true, false)
	}
	return full && pick(c, rules+".complete", false, true)
}

// whose tells whose an upload is and who began it, where the dialect does.
func (c *call) whose(rules string, u *store.Upload) (owner, initiator *listedOwner) {
	person := func(rule string) *listedOwner {
		if !c.does(rules + rule) {
			return nil
		}
		p := &listedOwner{ID: u.Owner}
		if !c.e.t.listing.nameless {
			p.DisplayName = u.Owner
		}
		return p
	}
	if c.e.t.progress.owners {
		owner = person(".owner")
	}
	if c.e.t.progress.initiator {
		initiator = person(".initiator")
	}
	return owner, initiator
}

// classTold is the storage class of the object to come, where the dialect tells.
func (c *call) classTold(rules string, u *store.Upload) *string {
	if !c.e.t.progress.classes {
		return nil
	}
	usual := c.e.t.listing.class
	class, ok := u.Object.Field(c.own("storage-class"))
	if !ok {
		class = usual
	}
	return told(c, rules+".class", pick(c, rules+".own-class", class, usual))
}

// begunAt is when an upload began.
func (c *call) begunAt(rules string, t time.Time) string { return c.timeTold(rules+".initiated", t) }

// timeTold writes a time as listings do, to the second; broken by the hours of
// another zone, or by the form of HTTP dates.
func (c *call) timeTold(rule string, t time.Time) string {
	t = t.UTC().Truncate(time.Second)
	t = pick(c, rule, t, t.Add(8*time.Hour))
	return pick(c, rule+"-form", t.Format(c.e.t.listTime), httpDate(t))
}

// listTime writes a time as listings do, to the second.
func (c *call) listTime(t time.Time) string {
	return t.UTC().Truncate(time.Second).Format(c.e.t.listTime)
}
