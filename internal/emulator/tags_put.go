package emulator

import (
	"encoding/xml"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

// labelling is what the dialects say of tags.
type labelling struct {
	digest   string   // code for a document without a digest; "" asks for none
	tooMany  string   // code for more tags than an object may have
	crowded  string   // code for more tags than a bucket may have
	wrong    string   // code for a tag that is not allowed
	field    string   // code for a header field that is no list of tags; "" does not look
	marks    string   // what tags may hold besides letters, digits and blanks
	reserved []string // what keys must not begin with
	count    bool     // reads tell the number of tags
	marker   string   // code for tags of a delete marker; "" misses the object
	named    bool     // refusals name the tag, or the field, that is wrong
}

var (
	ossLabelling = labelling{tooMany: "InvalidTag", crowded: "TooManyTags", wrong: "InvalidTag", field: "InvalidArgument", marks: "+-=._:/", count: true}
	cosLabelling = labelling{tooMany: "InvalidTag", crowded: "InvalidTag", wrong: "InvalidTag", marks: "+-=._:/@"}
	bosLabelling = labelling{tooMany: "InvalidArgument", crowded: "InvalidArgument", wrong: "InvalidArgument", field: "InvalidArgument", marks: "+-=._:/", count: true}
	s3Labelling  = labelling{digest: "InvalidRequest", tooMany: "BadRequest", crowded: "BadRequest", wrong: "InvalidTag", field: "InvalidArgument", marks: "+-=._:/@",
		reserved: []string{"aws:"}, marker: "MethodNotAllowed", count: true, named: true}
)

// taggingForm is the form of a set of tags.
var taggingForm = mustForm(`
Tagging @tagging.malformed
  TagSet
    Tag*
      Key
      Value
`)

// tagInfoForm is the same in JSON.
var tagInfoForm = mustForm(`
JSON @tagging.malformed
  tagSet+
    tagInfo*
      key
      value
`)

// tagsDocument is the document that sets the tags of an object.
func (c *call) tagsDocument() *config {
	form := taggingForm
	if c.e.t.json {
		form = tagInfoForm
	}
	return &config{name: "tagging", form: form, digest: c.e.t.labels.digest, check: (*call).objectTagSet}
}

// tagList are the tags of a document in either form.
func tagList(doc *configNode) (set []tag) {
	for _, t := range doc.kid("TagSet").all("Tag") {
		set = append(set, tag{t.at("Key"), t.at("Value")})
	}
	for _, s := range doc.all("tagSet") {
		for _, t := range s.all("tagInfo") {
			set = append(set, tag{t.at("key"), t.at("value")})
		}
	}
	return set
}

func (c *call) objectTagSet(doc *configNode, _ []byte) error {
	return c.validTagList(tagList(doc), c.e.d.Limits.ObjectTags, c.e.t.labels.tooMany)
}

func (c *call) bucketTagSet(doc *configNode, _ []byte) error {
	return c.validTagList(tagList(doc), c.e.d.Limits.BucketTags, c.e.t.labels.crowded)
}

// validTagList refuses more than limit tags, and tags that are not allowed.
func (c *call) validTagList(set []tag, limit int, code string) error {
	if err := c.atMost("tagging.number", int64(len(set)), int64(limit), code); err != nil {
		return err
	}
	for i, t := range set {
		again := slices.ContainsFunc(set[:i], func(o tag) bool { return o.Key == t.Key })
		if err := c.validTag(t, again); err != nil {
			return err
		}
	}
	return nil
}

// validTag refuses a tag that is not allowed; again tells that its key was there
// before.
func (c *call) validTag(t tag, again bool) error {
	r, l := &c.e.t.labels, &c.e.d.Limits
	if err := c.atMost("tagging.key-long", int64(utf8.RuneCountInString(t.Key)), int64(l.TagKey), r.wrong); err != nil {
		return err
	}
	if err := c.atMost("tagging.value-long", int64(utf8.RuneCountInString(t.Value)), int64(l.TagValue), r.wrong); err != nil {
		return err
	}
	name, value := c.tagNamed("TagKey", t.Key), c.tagNamed("TagValue", t.Value)
	if err := c.require("tagging.key-empty", t.Key != "", r.wrong); err != nil {
		return err
	}
	if err := c.require("tagging.key-letters", r.allowed(t.Key), r.wrong, name); err != nil {
		return err
	}
	if err := c.require("tagging.value-letters", r.allowed(t.Value), r.wrong, name, value); err != nil {
		return err
	}
	reserved := slices.ContainsFunc(r.reserved, func(p string) bool { return strings.HasPrefix(t.Key, p) })
	if err := c.require("tagging.reserved", !reserved, r.wrong); err != nil {
		return err
	}
	return c.require("tagging.repeated", !again, r.wrong, name)
}

// allowed tells whether a text is one that a tag may hold.
func (r *labelling) allowed(text string) bool {
	return !strings.ContainsFunc(text, func(x rune) bool {
		return !unicode.IsLetter(x) && !unicode.IsDigit(x) && x != ' ' && !strings.ContainsRune(r.marks, x)
	})
}

// tagNamed adds to a refusal the part of the tag that it is about.
func (c *call) tagNamed(name, value string) detail {
	return func(f *fault) {
		if c.e.t.labels.named && c.does("tagging.named") {
			withExtra(name, value)(f)
		}
	}
}

// validTagField refuses a header field that is no list of tags.
func (c *call) validTagField() error {
	r, name := &c.e.t.labels, c.own("tagging")
	text := c.field(name)
	if text == "" || r.field == "" {
		return nil
	}
	named := func(f *fault) {
		if r.named {
			c.culprit("tagging.field-named", name, text)(f)
		}
	}
	if err := c.require("tagging.field-comma", !strings.Contains(text, ","), r.field, named); err != nil {
		return err
	}
	var set []tag
	for _, p := range wire.ParseQuery(text) {
		if slices.ContainsFunc(set, func(t tag) bool { return t.Key == p.Name }) {
			return c.require("tagging.field-repeated", false, r.field, named)
		}
		set = append(set, tag{p.Name, p.Value})
	}
	return c.validTagList(set, c.e.d.Limits.ObjectTags, r.tooMany)
}

// taggable is the object whose tags the request is about.
func (c *call) taggable() (*store.Object, error) {
	o, _, err := c.versionAsked("tagging.version")
	if err != nil {
		return nil, err
	}
	switch code := c.e.t.labels.marker; {
	case o == nil:
		return nil, c.require("tagging.missing", false, "NoSuchKey", c.keyNamed)
	case o.Marker && code == "":
		return nil, c.fault("NoSuchKey")
	case o.Marker:
		return nil, c.require("tagging.marker", false, code, func(f *fault) {
			if c.does("tagging.marker-named") {
				withExtra("ResourceType", "DeleteMarker")(f)
			}
		})
	}
	if c.versioning != "" && c.e.t.versions.known {
		c.set("tagging.version-id", c.own("version-id"), shownVersion(o.Version))
	}
	return o, nil
}

// keyNamed names the key that a refusal is about.
func (c *call) keyNamed(f *fault) {
	if c.e.t.reading.named {
		withExtra("Key", c.at.Key)(f)
	}
}

func (c *call) putObjectTags() error {
	o, err := c.taggable()
	if err != nil || o == nil {
		return err
	}
	kept, err := c.newTags()
	if err != nil {
		return err
	}
	c.status("tagging.put-status", 200)
	if !c.does("tagging.stores") {
		return nil
	}
	return c.retag(o, kept)
}

// newTags are the tags that a request gives an object, as they are kept.
func (c *call) newTags() (kept string, err error) {
	if c.e.t.json && c.in.Fields.Has(c.own("tagging")) {
		return c.givenTags(), c.validTagField()
	}
	d := c.tagsDocument()
	text, err := c.configText(d)
	if err != nil {
		return "", err
	}
	if kept, err = c.readConfig(d, text); err != nil || !c.e.t.json {
		return kept, err
	}
	doc, err := configJSON([]byte(kept))
	if err != nil {
		return "", nil // a broken rule takes it for a set
	}
	out, err := xml.Marshal(tagging{Tags: tagList(doc)})
	return string(out), err
}

// retag gives an object other tags, "" for none.
func (c *call) retag(o *store.Object, kept string) error {
	return c.bucket.UpdateVersion(o.Key, o.Version, func(old *store.Object) (*store.Object, error) {
		if old == nil {
			return nil, nil
		}
		made := *old
		made.Extra = maps.Clone(old.Extra)
		if was := old.Extra[tagsOf]; kept != "" && was != "" && pick(c, "tagging.replaces", false, true) {
			kept = strings.Replace(was, "</TagSet>", kept[strings.Index(kept, "<Tag>"):strings.Index(kept, "</TagSet>")]+"</TagSet>", 1)
		}
		if made.Extra == nil {
			made.Extra = map[string]string{}
		}
		made.Extra[tagsOf] = kept
		return &made, nil
	})
}

func (c *call) deleteObjectTags() error {
	o, err := c.taggable()
	if err != nil || o == nil {
		return err
	}
	c.status("tagging.delete-status", 204)
	if o.Extra[tagsOf] != "" && !c.does("tagging.deletes") {
		return nil
	}
	return c.retag(o, "")
}

// tagsIn reads the tags that an object keeps.
func tagsIn(o *store.Object) (set []tag, err error) {
	text := o.Extra[tagsOf]
	if text == "" {
		return nil, nil
	}
	var t tagging
	err = xml.Unmarshal([]byte(text), &t)
	return t.Tags, err
}

// objectTags answers the tags of an object.
func (c *call) objectTags() error {
	o, err := c.taggable()
	if err != nil {
		return err
	}
	if o == nil {
		o = &store.Object{}
	}
	set, err := tagsIn(o)
	if err != nil {
		return err
	}
	if set == nil {
		if err := c.admit("tagging.none-is-empty", "NoSuchKey"); err != nil {
			return err
		}
	}
	c.status("tagging.get-status", 200)
	if n := len(set); n > 0 && !c.does("tagging.told") {
		set = set[:n-1]
	}
	if !c.e.t.json {
		return c.sendXML(tagging{Tags: set})
	}
	info := map[string]string{}
	for _, t := range set {
		info[t.Key] = t.Value
	}
	return c.sendJSON(taggingJSON{[]tagInfo{{info}}})
}

// answerTagCount tells how many tags an object has, where it has any.
func (c *call) answerTagCount(o *store.Object) {
	if !c.e.t.labels.count || o.Extra[tagsOf] == "" {
		return
	}
	if set, err := tagsIn(o); err == nil && len(set) > 0 {
		c.set("tagging.count", c.own("tagging-count"), strconv.Itoa(len(set)))
	}
}

// note keeps a text of a feature's with the object of the request, "" removes it.
func (c *call) note(o *store.Object, name, text string) error {
	return c.bucket.UpdateVersion(c.at.Key, o.Version, func(old *store.Object) (*store.Object, error) {
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
