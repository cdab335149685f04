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
	Tags    []struct {
		Key   string
		Value string
	} `xml:"TagSet>Tag"`
}

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
		t.Tags = append(t.Tags, struct{ Key, Value string }{p.Name, p.Value})
	}
	text, err := xml.Marshal(t)
	if err != nil || t.Tags == nil {
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

// objectTags answers the tags of an object.
func (c *call) objectTags() error {
	o, err := c.find()
	if err != nil {
		return err
	}
	var t tagging
	if text := o.Extra[tagsOf]; text != "" {
		if err := xml.Unmarshal([]byte(text), &t); err != nil {
			return err
		}
	}
	if !c.e.t.json {
		return c.sendXML(t)
	}
	info := map[string]string{}
	for _, tag := range t.Tags {
		info[tag.Key] = tag.Value
	}
	return c.sendJSON(taggingJSON{[]tagInfo{{info}}})
}
