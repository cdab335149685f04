package emulator

import (
	"encoding/xml"
	"strings"

	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

// tagsOf is where an object keeps its tags: as the request wrote them,
// key=value&key=value.
const tagsOf = "tags"

// tagged is what an object keeps that has tags, nil for none.
func tagged(text string) map[string]string {
	if text == "" {
		return nil
	}
	return map[string]string{tagsOf: text}
}

// copiedTags are the tags of a copy: those of the source, or those of the request
// where its directive says so.
func (c *call) copiedTags(o *store.Object) string {
	theirs, mine := o.Extra[tagsOf], c.field(c.own("tagging"))
	if strings.EqualFold(c.field(c.own("tagging-directive")), c.e.t.copying.replace) {
		return pick(c, "copy.tags-replaced", mine, theirs)
	}
	return pick(c, "copy.tags-kept", theirs, mine)
}

type (
	tagging struct {
		XMLName xml.Name `xml:"Tagging" json:"-"`
		TagSet  tagSet   `json:"tagSet"`
	}
	tagSet struct{ Tag []tag }
	tag    struct{ Key, Value string }
	// taggingJSON is a list of one object whose members are the tags.
	taggingJSON struct {
		TagSet []tagInfo `json:"tagSet"`
	}
	tagInfo struct {
		TagInfo map[string]string `json:"tagInfo"`
	}
)

// objectTags answers the tags of an object.
func (c *call) objectTags() error {
	o, err := c.find()
	if err != nil {
		return err
	}
	var tags []tag
	for _, p := range wire.ParseQuery(o.Extra[tagsOf]) {
		tags = append(tags, tag{p.Name, p.Value})
	}
	if !c.e.t.json {
		return c.sendXML(tagging{TagSet: tagSet{tags}})
	}
	info := map[string]string{}
	for _, t := range tags {
		info[t.Key] = t.Value
	}
	return c.sendJSON(taggingJSON{[]tagInfo{{info}}})
}
