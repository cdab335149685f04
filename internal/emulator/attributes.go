package emulator

import (
	"encoding/xml"
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

const attributesField = "x-amz-object-attributes"

// attributes can be asked for by GetObjectAttributes.
var attributes = []string{"ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"}

type (
	attributesOf struct {
		XMLName      xml.Name         `xml:"http://s3.amazonaws.com/doc/2006-03-01/ GetObjectAttributesResponse"`
		ETag         string           `xml:",omitempty"`
		Checksum     *checksumOfWhole `xml:",omitempty"`
		Parts        *attributeParts  `xml:"ObjectParts,omitempty"`
		StorageClass string           `xml:",omitempty"`
		ObjectSize   *int64           `xml:",omitempty"`
	}
	checksumOfWhole struct{ Sums []sumElement }
	// attributeParts tells how many parts an object has, and of those of an upload
	// that was summed up what they are.
	attributeParts struct {
		Count int `xml:"PartsCount"`
		*attributePage
	}
	attributePage struct {
		Marker    int             `xml:"PartNumberMarker"`
		Next      int             `xml:"NextPartNumberMarker"`
		Max       int             `xml:"MaxParts"`
		Truncated bool            `xml:"IsTruncated"`
		Parts     []attributePart `xml:"Part"`
	}
	attributePart struct {
		Number int `xml:"PartNumber"`
		Size   int64
		Sum    []sumElement
	}
)

// objectAttributes answers the attributes that the request names.
func (c *call) objectAttributes() error {
	asked, err := c.askedAttributes()
	if err != nil {
		return err
	}
	o, err := c.find()
	if err != nil {
		return err
	}
	if err := c.tellable(o); err != nil {
		return err
	}
	c.set("attributes.last-modified", "Last-Modified", httpDate(o.Modified))
	var a attributesOf
	for _, name := range asked {
		c.attribute(&a, name, o)
	}
	return c.sendXML(a)
}

// attribute tells one of the attributes of an object.
func (c *call) attribute(a *attributesOf, name string, o *store.Object) {
	switch name {
	case "ETag":
		a.ETag = pick(c, "attributes.etag", o.ETag, c.etag(o.ETag))
	case "Checksum":
		a.Checksum = c.attributeSum(o)
	case "ObjectParts":
		a.Parts = c.attributeParts(o)
	case "StorageClass":
		a.StorageClass = pick(c, "attributes.storage-class", c.classOn(o), "")
	case "ObjectSize":
		size := pick(c, "attributes.size", o.Size, o.Size+1)
		a.ObjectSize = &size
	}
}

// attributeSum is the checksum of an object, nil where it has none.
func (c *call) attributeSum(o *store.Object) *checksumOfWhole {
	s, ok := c.sumOf(o)
	if !ok || !c.does("attributes.checksum") {
		return nil
	}
	bare, _, _ := strings.Cut(s.text, "-") // the number of parts is not told here
	text := pick(c, "attributes.checksum-bare", bare, s.text)
	return &checksumOfWhole{[]sumElement{newSumElement(s.of.element(), pick(c, "attributes.checksum-value", text, otherValue(text))),
		newSumElement("ChecksumType", s.kind)}}
}

// attributeParts tells of the parts of an object, nil for one without.
func (c *call) attributeParts(o *store.Object) *attributeParts {
	if o.Kind != madeOfParts || !c.does("attributes.parts") {
		return nil
	}
	told := &attributeParts{Count: pick(c, "attributes.parts-count", len(o.Blobs), len(o.Blobs)+1)}
	if s, ok := c.sumOf(o); ok && o.Extra[sumKept] != "" && s.of != nil {
		told.attributePage = c.partsSummed(o, s.of)
	}
	return told
}

// partsSummed is the page of parts that the request asks for, each with its
// checksum.
func (c *call) partsSummed(o *store.Object, k *checksum) *attributePage {
	page := &attributePage{Marker: c.countIn("part-number-marker", 0), Max: c.countIn("max-parts", c.e.d.Limits.ListParts)}
	page.Next = page.Marker
	for i, b := range o.Blobs[min(page.Marker, len(o.Blobs)):] {
		if page.Truncated = len(page.Parts) == page.Max; page.Truncated {
			break
		}
		page.Next = page.Marker + i + 1
		page.Parts = append(page.Parts, attributePart{page.Next, b.Size, []sumElement{newSumElement(k.element(), k.of(b.Range(0, b.Size)))}})
	}
	return page
}

// countIn reads a number of a header field of the dialect, or what holds without.
func (c *call) countIn(field string, otherwise int) int {
	n, err := strconv.Atoi(c.field(c.own(field)))
	if err != nil || n < 0 {
		return otherwise
	}
	return n
}

// askedAttributes reads the list of attributes; blanks around them do not
// matter.
func (c *call) askedAttributes() ([]string, error) {
	text := c.field(attributesField)
	if err := c.require("attributes.none", text != "", "InvalidRequest"); err != nil {
		return nil, err
	}
	var asked []string
	for name := range strings.SplitSeq(text, ",") {
		name = pick(c, "attributes.blanks", strings.TrimSpace(name), name)
		if err := c.require("attributes.unknown", slices.Contains(attributes, name) || text == "", "InvalidArgument",
			c.culprit("attributes.culprit", attributesField, name)); err != nil {
			return nil, err
		}
		asked = append(asked, name)
	}
	return asked, nil
}
