package emulator

import (
	"encoding/xml"
	"strings"
	"time"

	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

// The document of a listing. Members that are nil are left out of XML and JSON
// alike: listings of one dialect have members that another's have not.
type (
	listedObject struct {
		Key          *markup      `json:"key"`
		LastModified string       `json:"lastModified"`
		ETag         *string      `xml:",omitempty" json:"eTag,omitempty"`
		Type         *string      `xml:",omitempty" json:"-"`
		Size         *int64       `xml:",omitempty" json:"size,omitempty"`
		StorageClass *string      `xml:",omitempty" json:"storageClass,omitempty"`
		Owner        *listedOwner `xml:",omitempty" json:"owner,omitempty"`
		Metadata     string       `xml:",omitempty" json:"-"` // only ever wrong
		Algorithm    *string      `xml:"ChecksumAlgorithm,omitempty" json:"-"`
		SumType      *string      `xml:"ChecksumType,omitempty" json:"-"`
	}
	listedOwner struct {
		ID          string `json:"id"`
		DisplayName string `xml:",omitempty" json:"displayName"`
	}
	listedPrefix struct {
		Prefix markup `json:"prefix"`
	}
	listResult struct {
		XMLName               xml.Name       `xml:"ListBucketResult" json:"-"`
		Space                 string         `xml:"xmlns,attr,omitempty" json:"-"`
		Name                  *string        `xml:",omitempty" json:"name,omitempty"`
		Prefix                *markup        `xml:",omitempty" json:"prefix,omitempty"`
		Marker                *markup        `xml:",omitempty" json:"marker,omitempty"`
		StartAfter            *markup        `xml:",omitempty" json:"-"`
		ContinuationToken     *string        `xml:",omitempty" json:"-"`
		KeyCount              *int           `xml:",omitempty" json:"-"`
		MaxKeys               *int           `xml:",omitempty" json:"maxKeys,omitempty"`
		Delimiter             *markup        `xml:",omitempty" json:"delimiter,omitempty"`
		EncodingType          *string        `xml:",omitempty" json:"-"`
		IsTruncated           bool           `json:"isTruncated"`
		NextMarker            *markup        `xml:",omitempty" json:"nextMarker,omitempty"`
		NextContinuationToken *markup        `xml:",omitempty" json:"-"`
		Contents              []listedObject `json:"contents"`
		CommonPrefixes        []listedPrefix `json:"commonPrefixes,omitempty"`
	}
)

// markup is text that comes from keys. XML has no form for most control
// characters; here they are written as references, which parsers of XML 1.0
// refuse: clients that have such keys ask for encoding-type=url.
type markup string

// MarshalXML writes the text as the content of its element.
func (m markup) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return e.EncodeElement(struct {
		Text string `xml:",innerxml"`
	}{escapeMarkup(string(m))}, start)
}

func escapeMarkup(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return markupText(r) != "" }) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if text := markupText(r); text != "" {
			b.WriteString(text)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// markupText is how a character is written that cannot stand for itself.
func markupText(r rune) string {
	switch {
	case r == '&':
		return "&amp;"
	case r == '<':
		return "&lt;"
	case r == '>':
		return "&gt;"
	case r == '"':
		return "&quot;"
	case r < 0x20 || r == 0x7f:
		return "&#x" + strings.TrimLeft(string([]byte{"01234567"[r>>4], "0123456789abcdef"[r&15]}), "0") + ";"
	}
	return ""
}

// member is a member of a document; broken by leaving it out (absent) or by
// another value (value). It is nil where it is left out.
func member[T comparable](c *call, rule string, right, wrong T) *T {
	if c.e.rules.deviates(rule, "absent") {
		return nil
	}
	if c.e.rules.deviates(rule, "value") {
		return &wrong
	}
	return &right
}

// told is member for a text.
func told[T ~string](c *call, rule string, text T) *T {
	return member(c, rule, text, T(otherValue(string(text))))
}

// spell writes a text that comes from keys as the request asks; broken by
// leaving blanks as they are.
func (c *call) spell(rule string, a *listAsk, text string) markup {
	if !a.url {
		return markup(text)
	}
	escaped := c.escape(text)
	return markup(pick(c, rule, escaped, strings.ReplaceAll(escaped, "%20", " ")))
}

// spellKey is spell for a key; broken by leaving all of it as it is.
func (c *call) spellKey(a *listAsk, key string) markup {
	if a.url {
		return markup(pick(c, "list.url", c.escape(key), key))
	}
	return markup(pick(c, "list.plain", key, strings.ReplaceAll(key, " ", "%20")))
}

// escape writes a text as encoding-type=url does.
func (c *call) escape(text string) string {
	all, path := wire.Escape(text), wire.EscapePath(text)
	if c.e.t.listing.slashes {
		all = pick(c, "list.url-slash", path, all)
	}
	return pick(c, "list.url-blank", all, strings.ReplaceAll(all, "%20", "+"))
}

// object is the entry of an object.
func (c *call) object(a *listAsk, o *store.Object) listedObject {
	key := c.spellKey(a, o.Key)
	e := listedObject{Key: &key, LastModified: c.listedTime(o), Size: member(c, "list.size", o.Size, o.Size+1), Type: c.listedType(o)}
	e.ETag = told(c, "list.etag", c.listedTag(o))
	class, ok := o.Field(c.own("storage-class"))
	if !ok {
		class = pick(c, "bucket.class-inherited", c.classOf(c.bucket), c.e.t.listing.class)
	}
	e.StorageClass = told(c, "list.class", pick(c, "list.own-class", class, c.e.t.listing.class))
	if c.e.t.sums {
		name, kind := sumName(o)
		e.Algorithm, e.SumType = told(c, "checksum.listed-algorithm", name), told(c, "checksum.listed-type", kind)
	}
	if a.owner {
		e.Owner = c.listedOwner(o)
	}
	if text := c.secrets(o); pick(c, "list.no-metadata", "", text) != "" {
		e.Metadata = text
	}
	return e
}

// secrets is the user metadata of an object, which listings do not tell.
func (c *call) secrets(o *store.Object) (text string) {
	if c.e.rules.quiet() {
		return ""
	}
	for _, p := range o.Fields {
		if strings.HasPrefix(p.Name, c.e.d.Meta) {
			text += p.Value + ";"
		}
	}
	return text
}

// listedTag is the entity tag of an entry: in quotes in XML, without in JSON.
func (c *call) listedTag(o *store.Object) string {
	if c.e.t.json {
		return o.ETag
	}
	return pick(c, "list.etag-quotes", c.etag(o.ETag), o.ETag)
}

// listedOwner is the owner of an object, or of the bucket where the dialect says
// so.
func (c *call) listedOwner(o *store.Object) *listedOwner {
	id := o.Owner
	switch {
	case c.e.t.listing.ofBucket:
		id = c.bucket.Owner
	case c.e.t.listing.account:
		id = c.at.Bucket[strings.LastIndexByte(c.at.Bucket, '-')+1:]
	}
	if !c.does("list.owner") {
		return nil
	}
	id = pick(c, "list.owner-id", id, otherValue(id))
	owner := &listedOwner{ID: id}
	if !c.e.t.listing.nameless {
		owner.DisplayName = pick(c, "list.owner-name", id, "")
	}
	return owner
}

// listedTime is when the object was last modified, to the second.
func (c *call) listedTime(o *store.Object) string {
	t := o.Modified.UTC().Truncate(time.Second)
	t = pick(c, "list.last-modified", t, t.Add(time.Second))
	right, wrong := c.e.t.listTime, map[string]string{millis: seconds, seconds: millis}[c.e.t.listTime]
	return t.Format(pick(c, "list.time-form", right, wrong))
}

// listTimes: OSS, COS and S3 write milliseconds, BOS whole seconds.
const (
	millis  = "2006-01-02T15:04:05.000Z"
	seconds = time.RFC3339
)
