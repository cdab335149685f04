package emulator

import (
	"encoding/xml"
	"strings"

	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

// tagsOf is where an object keeps its tags: as an XML document.
const tagsOf = "tagging"

// A tagging is the document that holds the tags of an object.
type tagging struct {
	XMLName xml.Name `xml:"Tagging"`
	Tags    []tag    `xml:"TagSet>Tag"`
}

type tag struct{ Key, Value string }

// A taggingJSON is a list of one object whose members are the tags.
type (
	taggingJSON struct {
		TagSet []tagInfo `json:"tagSet"`
	}
	tagInfo struct {
		TagInfo map[string]string `json:"tagInfo"`
	}
)

// givenTags are the tags of a request's field, key=value&key=value, as they are
// kept; "" for none.
func (c *call) givenTags() string {
	var t tagging
	for _, p := range wire.ParseQuery(c.field(c.own("tagging"))) {
		if p.Bare && pick(c, "tagging.field-bare", false, true) {
			continue
		}
		t.Tags = append(t.Tags, tag{p.Name, p.Value})
	}
	text, err := xml.Marshal(t)
	if err != nil || t.Tags == nil || !c.does("tagging.field") {
		return ""
	}
	return string(text)
}

// tagged is what an object keeps that has tags, nil for none.
func tagged(document string) map[string]string {
	if document == "" {
		return nil
	}
	return map[string]string{tagsOf: document}
}

// copiedTags are the tags of a copy: those of the source, or those of the request
// where its directive says so.
func (c *call) copiedTags(o *store.Object) string {
	theirs, mine := o.Extra[tagsOf], c.givenTags()
	if strings.EqualFold(c.field(c.own("tagging-directive")), c.e.t.copying.replace) {
		return pick(c, "copy.tags-replaced", mine, theirs)
	}
	return pick(c, "copy.tags-kept", theirs, mine)
}
