package emulator

import "objectharness/internal/emulator/store"

// sourceVersion is the object that a copy is made of, nil where it is missing.
func (c *call) sourceVersion(b *store.Bucket, from *origin) (*store.Object, error) {
	o := b.Get(from.key)
	if !from.versioned {
		if newest := b.Newest(from.key); o == nil && newest != nil {
			return c.revealed(b, from.key), c.require("copy.source-hidden", false, c.e.t.copying.missing, c.missingSource("Key", from.key))
		}
		return o, nil
	}
	named := b.Version(from.key, from.version)
	switch {
	case named == nil:
		return nil, c.fault("NoSuchVersion")
	case named.Marker:
		return &store.Object{Kind: "Normal", Modified: c.now}, c.require("copy.source-marker", false, "InvalidRequest")
	case o != nil && o != named:
		return pick(c, "copy.source-by-version", named, o), nil
	}
	return named, nil
}

// tellCopied answers which version was copied, and which one was made.
func (c *call) tellCopied(from *origin, made *store.Object) {
	b := c.e.store.Bucket(from.bucket)
	if b != nil && (b.Setting(versioningSetting) != "" || from.versioned) && c.e.t.versions.known {
		c.set("copy.source-version-told", c.own("copy-source-version-id"), shownVersion(from.object.Version))
	}
	c.tellVersion("version.copied-id", made)
}
