package emulator

import (
	"encoding/xml"
	"hash/crc64"
	"slices"

	"objectharness/internal/emulator/store"
)

// validCipher refuses algorithms of encryption that the dialect does not name.
func (c *call) validCipher() error {
	t := &c.e.t.posting
	if t.encrypts == nil || !c.in.Fields.Has(t.encrypted) {
		return nil
	}
	_, known := t.encrypts[c.field(t.encrypted)]
	if known {
		return c.admit("post.encryption-known", t.badCipher)
	}
	return c.require("post.encryption-unknown", false, t.badCipher)
}

// validClass refuses storage classes that there are not.
func (c *call) validClass() error {
	t := &c.e.t.posting
	if t.class == "" || !c.in.Fields.Has(t.class) {
		return nil
	}
	class := c.field(t.class)
	if slices.Contains(t.classes, class) {
		return c.admit("post.class-known", "InvalidStorageClass")
	}
	return c.require("post.class-unknown", false, "InvalidStorageClass", func(f *fault) {
		if c.does("post.class-named") {
			withExtra("StorageClassRequested", class)(f)
		}
	})
}

// formTags are the tags that the form gives its object.
func (c *call) formTags() (t tagging, given bool, err error) {
	text := c.posted.get("tagging")
	if !c.e.t.posting.tags || text == "" {
		return t, false, nil
	}
	return t, true, xml.Unmarshal([]byte(text), &t)
}

// validTags refuses tags that are no such document.
func (c *call) validTags() error {
	_, _, err := c.formTags()
	return c.require("post.tagging-form", err == nil, "MalformedXML")
}

// postOptions keeps with the object what else its form says.
func (c *call) postOptions(o *store.Object) {
	o.Extra = map[string]string{}
	if tags, given, err := c.formTags(); given && err == nil && c.does("post.tagging") {
		if text, err := xml.Marshal(tags); err == nil {
			o.Extra[tagsOf] = string(text)
		}
	}
}

// nvme is the CRC-64 that S3 computes where nobody asks for another checksum.
var nvme = crc64.MakeTable(0x9a6c9329ac4bc9b5)
