package emulator

import (
	"encoding/xml"
	"io"
	"maps"
	"strconv"

	"objectharness/internal/emulator/store"
)

// putObjectTags gives an object other tags.
func (c *call) putObjectTags() error {
	body, err := io.ReadAll(io.LimitReader(judged{c}, maxBucketDocument+1))
	if err != nil {
		return err
	}
	var t tagging
	if len(body) > maxBucketDocument || wholeXML(body, &t) != nil {
		return c.fault(c.e.t.buckets.malformed)
	}
	if err := c.tagsFit(&t); err != nil {
		return err
	}
	text, err := xml.Marshal(t)
	if err != nil {
		return err
	}
	return c.retag(string(text), 200)
}

// tagsFit refuses more tags than an object may have, the same key twice, and
// keys and values that are too long.
func (c *call) tagsFit(t *tagging) error {
	l, seen := &c.e.d.Limits, map[string]bool{}
	for _, tag := range t.Tags {
		long := l.TagKey > 0 && len([]rune(tag.Key)) > l.TagKey || l.TagValue > 0 && len([]rune(tag.Value)) > l.TagValue
		if tag.Key == "" || long || seen[tag.Key] {
			return c.fault("InvalidTag")
		}
		seen[tag.Key] = true
	}
	if l.ObjectTags > 0 && len(t.Tags) > l.ObjectTags {
		return c.fault("InvalidTag")
	}
	return nil
}

func (c *call) deleteObjectTags() error { return c.retag("", 204) }

// retag keeps a document of tags with the object, "" for none.
func (c *call) retag(text string, status int) error {
	if _, err := c.find(); err != nil {
		return err
	}
	c.reply.Status = status
	return c.note(tagsOf, text)
}

// note keeps a text of a feature's with the object of the request, "" removes it.
func (c *call) note(name, text string) error {
	return c.bucket.Update(c.at.Key, func(old *store.Object) (*store.Object, error) {
		if old == nil {
			return nil, c.fault("NoSuchKey")
		}
		made := *old
		made.Extra = maps.Clone(old.Extra)
		if made.Extra == nil {
			made.Extra = map[string]string{}
		}
		made.Extra[name] = text
		if text == "" {
			delete(made.Extra, name)
		}
		return &made, nil
	})
}

// countTags tells how many tags an object has, where the dialect does.
func (c *call) countTags(o *store.Object) {
	var t tagging
	if !c.e.t.reading.classed || o.Extra[tagsOf] == "" || xml.Unmarshal([]byte(o.Extra[tagsOf]), &t) != nil || len(t.Tags) == 0 {
		return
	}
	c.reply.Fields.Set(c.own("tagging-count"), strconv.Itoa(len(t.Tags)))
}

// withTags adds the tags of a request's field to what an object keeps.
func (c *call) withTags(extra map[string]string) map[string]string {
	text := c.givenTags()
	switch {
	case text == "":
		return extra
	case extra == nil:
		return tagged(text)
	}
	extra[tagsOf] = text
	return extra
}
