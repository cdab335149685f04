package emulator

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

// partListSize bounds the list of parts of a completion, in bytes: 10,000 parts
// with checksums take less.
const partListSize = 4 << 20

type (
	partList struct {
		XMLName xml.Name    `xml:"CompleteMultipartUpload" json:"-"`
		Parts   []namedPart `xml:"Part" json:"parts"`
	}
	// A namedPart is a part that the completion lists.
	namedPart struct {
		PartNumber *int         `json:"partNumber"`
		ETag       *string      `json:"eTag"`
		Sums       []sumElement `xml:",any" json:"-"`
	}
)

func (p namedPart) number() int { return *p.PartNumber }

// tag is the entity tag without quotes, which are optional.
func (p namedPart) tag() string { return strings.Trim(*p.ETag, `"`) }

// partList reads the list of parts, or makes one of all parts.
func (c *call) partList(u *store.Upload) ([]namedPart, error) {
	t := &c.e.t.multipart
	text, err := c.readList()
	if err != nil {
		return nil, err
	}
	if t.all != "" && strings.EqualFold(c.field(t.all), "yes") {
		if err := c.require("complete.all-alone", len(text) == 0, "InvalidArgument", withMessage(bothLists)); err != nil {
			return nil, err
		}
		if len(text) == 0 && c.does("complete.all") {
			return allParts(u), nil
		}
	}
	if len(text) == 0 {
		return allParts(u), c.require("complete.no-list", false, t.bodiless)
	}
	list, err := parseParts(text, c.e.t.json)
	if err != nil {
		return allParts(u), c.require("complete.malformed", false, t.malformed)
	}
	if len(list) == 0 && t.hollow && len(allParts(u)) == 0 {
		return nil, nil
	}
	if len(list) == 0 {
		return allParts(u), c.require("complete.empty-list", false, t.empty)
	}
	if !c.e.t.json && bytes.Contains(text, []byte("<ETag>&")) {
		if err := c.admit("complete.entities", "InvalidPart"); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// bothLists is what is said, slip and all, of a completion that has a list and
// asks for all parts.
const bothLists = "Should not speficy both complete all header and http body."

// readList reads the body of a completion and holds it to its digest.
func (c *call) readList() ([]byte, error) {
	given, err := c.givenMD5()
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(judged{c}, partListSize+1))
	if err != nil {
		return nil, err
	}
	if len(text) > partListSize {
		return nil, c.fault(c.e.t.multipart.malformed)
	}
	return text, c.matchMD5(given, store.NewBlob(text))
}

var errPartList = errors.New("emulator: not a list of parts")

// parseParts reads a list of parts; every entry has a number and a tag.
func parseParts(text []byte, isJSON bool) ([]namedPart, error) {
	var l partList
	unmarshal := unmarshalXML
	if isJSON {
		unmarshal = json.Unmarshal
	}
	if err := unmarshal(text, &l); err != nil {
		return nil, errors.Join(errPartList, err)
	}
	for _, p := range l.Parts {
		if p.PartNumber == nil || p.ETag == nil {
			return nil, errPartList
		}
	}
	return l.Parts, nil
}

// unmarshalXML reads one document with nothing behind it but blanks.
func unmarshalXML(text []byte, v any) error {
	d := xml.NewDecoder(strings.NewReader(string(text)))
	if err := d.Decode(v); err != nil {
		return err
	}
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if chars, ok := token.(xml.CharData); !ok || strings.TrimSpace(string(chars)) != "" {
			if _, comment := token.(xml.Comment); !comment {
				return errPartList
			}
		}
	}
}

// allParts lists every part of the upload.
func allParts(u *store.Upload) (list []namedPart) {
	for _, p := range u.Parts {
		tag := `"` + p.ETag + `"`
		list = append(list, namedPart{PartNumber: &p.Number, ETag: &tag})
	}
	return list
}

// chosen are the parts of the list, which must be there, in ascending order.
func (c *call) chosen(u *store.Upload, list []namedPart) ([]*store.Part, error) {
	if err := c.listOrder(u, list); err != nil {
		return nil, err
	}
	var parts []*store.Part
	for _, n := range list {
		p := u.Part(n.number())
		if err := c.asUploaded(u, n, p); err != nil {
			return nil, err
		}
		if p != nil {
			parts = append(parts, p)
		}
	}
	return parts, nil
}

// listOrder refuses numbers that no part can have, and lists that do not ascend.
func (c *call) listOrder(u *store.Upload, list []namedPart) error {
	t, last := &c.e.t.multipart, -1
	upload := c.about("complete.order-named", "UploadId", u.ID)
	for _, n := range list {
		number := n.number()
		if number == c.e.d.Limits.Parts {
			if err := c.admit("complete.number-last", t.outOf); err != nil {
				return err
			}
		}
		if err := c.require("complete.number", 0 < number && number <= c.e.d.Limits.Parts, t.outOf,
			c.partArgument("complete.number-named", "PartNumber", strconv.Itoa(number))); err != nil {
			return err
		}
		if err := c.require("complete.repeated", number != last, "InvalidPartOrder", upload); err != nil {
			return err
		}
		if err := c.require("complete.order", number >= last, "InvalidPartOrder", upload); err != nil {
			return err
		}
		if err := c.gap(last, number); err != nil {
			return err
		}
		last = number
	}
	return nil
}

// gap judges listed numbers that do not follow one another.
func (c *call) gap(last, number int) error {
	switch {
	case last < 0 || number <= last+1:
		return nil
	case c.e.t.multipart.countsUp:
		return c.require("complete.gaps", false, "InvalidPart")
	}
	return c.admit("complete.gaps-allowed", "InvalidPart")
}

// asUploaded refuses a part that is not there, or is another than the list says.
func (c *call) asUploaded(u *store.Upload, n namedPart, p *store.Part) error {
	details := []detail{
		c.about("complete.part-named", "UploadId", u.ID),
		c.about("complete.part-named", "PartNumber", strconv.Itoa(n.number())),
		c.about("complete.part-named", "ETag", n.tag()),
	}
	if err := c.require("complete.missing-part", p != nil, "InvalidPart", details...); err != nil || p == nil {
		return err
	}
	same := strings.EqualFold(n.tag(), p.ETag)
	if same && !c.e.t.json && !strings.HasPrefix(*n.ETag, `"`) {
		return c.admit("complete.bare-etag", "InvalidPart")
	}
	return c.require("complete.part-etag", same, "InvalidPart", details...)
}

// partSizes holds all parts but the last to the smallest size.
func (c *call) partSizes(parts []*store.Part) error {
	for i, p := range parts {
		var err error
		if i == len(parts)-1 {
			if p.Blob.Size < c.e.d.Limits.MinPartSize {
				err = c.admit("complete.last-part", "EntityTooSmall")
			}
		} else {
			err = c.partSize(p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// partSize refuses a part that is smaller than one before the last may be.
func (c *call) partSize(p *store.Part) error {
	switch size, least := p.Blob.Size, c.e.d.Limits.MinPartSize; {
	case size > least:
		return nil
	case size == least:
		return c.admit("complete.least-size", "EntityTooSmall")
	case size == least-1 && c.limit("complete.least-limit", 0) > 0:
		return nil
	}
	return c.require("complete.too-small", false, "EntityTooSmall", c.smallPart(p))
}

// smallPart names the part that is too small.
func (c *call) smallPart(p *store.Part) detail {
	return func(f *fault) {
		for _, e := range [][2]string{{"PartNumber", strconv.Itoa(p.Number)}, {"ETag", p.ETag},
			{"ProposedSize", strconv.FormatInt(p.Blob.Size, 10)}, {"MinSizeAllowed", strconv.FormatInt(c.e.d.Limits.MinPartSize, 10)}} {
			c.about("complete.small-named", e[0], e[1])(f)
		}
	}
}
