package emulator

import (
	"encoding/xml"
	"slices"
	"strings"
)

const attributesField = "x-amz-object-attributes"

// attributes can be asked for by GetObjectAttributes.
var attributes = []string{"ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"}

type attributesOf struct {
	XMLName      xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ GetObjectAttributesResponse"`
	ETag         string   `xml:",omitempty"`
	StorageClass string   `xml:",omitempty"`
	ObjectSize   *int64   `xml:",omitempty"`
}

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
	c.set("attributes.last-modified", "Last-Modified", httpDate(o.Modified))
	var a attributesOf
	for _, name := range asked {
		switch name {
		case "ETag":
			a.ETag = pick(c, "attributes.etag", o.ETag, c.etag(o.ETag))
		case "StorageClass":
			a.StorageClass = pick(c, "attributes.storage-class", "STANDARD", "")
		case "ObjectSize":
			size := pick(c, "attributes.size", o.Size, o.Size+1)
			a.ObjectSize = &size
		}
	}
	return c.sendXML(a)
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
