package emulator

import (
	"encoding/xml"
	"slices"
	"strings"

	"objectharness/internal/emulator/store"
)

type (
	listedVersion struct {
		XMLName      xml.Name
		Key          markup
		VersionID    string `xml:"VersionId"`
		IsLatest     bool
		LastModified string
		ETag         *string      `xml:",omitempty"`
		Type         *string      `xml:",omitempty"`
		Size         *int64       `xml:",omitempty"`
		StorageClass *string      `xml:",omitempty"`
		Owner        *listedOwner `xml:",omitempty"`
	}
	versionsResult struct {
		XMLName             xml.Name
		Space               string `xml:"xmlns,attr,omitempty"`
		Name                string
		Prefix              markup
		KeyMarker           markup
		VersionIDMarker     string  `xml:"VersionIdMarker"`
		NextKeyMarker       *markup `xml:",omitempty"`
		NextVersionIDMarker *string `xml:"NextVersionIdMarker,omitempty"`
		MaxKeys             int
		Delimiter           *markup `xml:",omitempty"`
		EncodingType        string  `xml:",omitempty"`
		IsTruncated         bool
		Versions            []listedVersion
		CommonPrefixes      []listedPrefix
	}
)

// A versionLookup is what a listing of versions asks of a bucket.
type versionLookup struct {
	lookup
	version string // of after: entries come after it; "" for all versions of the key
}

// A versionEntry is a version, and whether it is the newest of its key, or a
// common prefix.
type versionEntry struct {
	prefix string
	object *store.Object
	latest bool
}

func (e versionEntry) name() string {
	if e.object == nil {
		return e.prefix
	}
	return e.object.Key
}

// mistakes of listings of versions.
var versionMistakes = []string{"versions.prefix", "versions.fold", "versions.max-keys", "versions.order", "versions.latest",
	"versions.key-marker", "versions.version-marker", "versions.markers-count"}

// listVersions answers a page of the bucket with all versions, by key and then
// newest first.
func (c *call) listVersions() error {
	t := &c.e.t.versions
	if !t.known {
		return c.fault("NotImplemented")
	}
	if c.at.HasKey {
		return c.require("versions.of-bucket", false, "InvalidRequest")
	}
	a, err := c.askListing()
	if err != nil {
		return err
	}
	l := versionLookup{lookup: a.lookup, version: c.text("version-id-marker")}
	l.after = c.text("key-marker")
	if err := c.checkVersionMarker(l); err != nil {
		return err
	}
	p, next := c.lookVersions(l)
	r := versionsResult{Space: t.space, Name: c.at.Bucket, Prefix: c.spellKey(&a, a.prefix), KeyMarker: c.spellKey(&a, l.after),
		VersionIDMarker: l.version, MaxKeys: a.max, IsTruncated: pick(c, "versions.truncated", next, false)}
	r.XMLName.Local = pick(c, "versions.root", "ListVersionsResult", "ListBucketResult")
	if a.url {
		r.EncodingType = "url"
	}
	if a.delimiter != "" {
		d := c.spellKey(&a, a.delimiter)
		r.Delimiter = &d
	}
	if next && len(p) > 0 {
		c.nextVersion(&a, &r, p[len(p)-1])
	}
	for _, e := range p {
		if e.object == nil {
			r.CommonPrefixes = append(r.CommonPrefixes, listedPrefix{c.spellKey(&a, e.prefix)})
		} else {
			r.Versions = append(r.Versions, c.listedVersion(&a, e))
		}
	}
	return c.sendXML(r)
}

// checkVersionMarker refuses a version to begin behind without its key, and one
// that cannot be one.
func (c *call) checkVersionMarker(l versionLookup) error {
	t := &c.e.t.versions
	if err := c.checkLength("key-marker", l.after); err != nil {
		return err
	}
	if l.version == "" {
		return nil
	}
	culprit := func(f *fault) { c.culprit("versions.culprit", "version-id-marker", l.version)(f) }
	if err := c.require("versions.marker-alone", l.after != "", t.alone, culprit); err != nil {
		return err
	}
	if t.malformed != "" {
		return c.require("versions.marker-malformed", isVersion(l.version), t.malformed, culprit)
	}
	return nil
}

// nextVersion names where the next page begins.
func (c *call) nextVersion(a *listAsk, r *versionsResult, last versionEntry) {
	r.NextKeyMarker = told(c, "versions.next-key", c.spellKey(a, last.name()))
	id := ""
	if last.object != nil {
		id = shownVersion(last.object.Version)
	}
	r.NextVersionIDMarker = told(c, "versions.next-version", id)
}

// listedVersion is the entry of a version.
func (c *call) listedVersion(a *listAsk, e versionEntry) listedVersion {
	o := e.object
	v := listedVersion{Key: c.spellKey(a, o.Key), VersionID: shownVersion(o.Version), IsLatest: e.latest, LastModified: c.listedTime(o), Owner: c.listedOwner(o)}
	if o.Version == "" && c.versioning == "" {
		v.VersionID = pick(c, "versions.null", "null", "")
	}
	v.XMLName.Local = "Version"
	if o.Marker {
		v.XMLName.Local = pick(c, "versions.marker-element", "DeleteMarker", "Version")
		if !pick(c, "versions.marker-bare", false, true) {
			return v
		}
	}
	entry := c.object(a, o)
	v.ETag, v.Type, v.Size, v.StorageClass = entry.ETag, entry.Type, entry.Size, entry.StorageClass
	return v
}

// lookVersions is the page that the lookup comes to, and whether more follows;
// each mistake that would come to another one is a deviation.
func (c *call) lookVersions(l versionLookup) ([]versionEntry, bool) {
	right, more := l.page(c.bucket, "")
	if c.e.rules.quiet() {
		return right, more
	}
	for _, rule := range versionMistakes {
		wrong, others := l.page(c.bucket, rule)
		if pick(c, rule, versionsText(right), versionsText(wrong)) != versionsText(right) {
			return wrong, others
		}
	}
	return right, more
}

// versionsText tells pages apart.
func versionsText(page []versionEntry) string {
	var b strings.Builder
	for _, e := range page {
		b.WriteString(e.name() + "\x00")
		if e.object != nil {
			b.WriteString(e.object.Version)
		}
		if e.latest {
			b.WriteString("\x01")
		}
	}
	return b.String()
}

// page reads a page of versions of b, or what mistake makes of it.
func (l versionLookup) page(b *store.Bucket, mistake string) (p []versionEntry, more bool) {
	match, left := l.prefix, l.max
	switch mistake {
	case "versions.prefix":
		match = ""
	case "versions.fold":
		l.delimiter = ""
	case "versions.max-keys":
		left++
	}
	if left <= 0 {
		return nil, false
	}
	b.WalkVersions(max(match, l.after), func(versions []*store.Object) (seek string, on bool) {
		key := versions[0].Key
		if !strings.HasPrefix(key, match) {
			return "", key < match
		}
		group, folded := commonPrefix(key, l.prefix, l.delimiter)
		if folded && l.after != "" && l.after >= group && strings.HasPrefix(l.after, group) {
			seek = behind(group)
			return seek, seek != ""
		}
		if folded {
			if left == 0 {
				more = true
				return "", false
			}
			p, left = append(p, versionEntry{prefix: group}), left-1
			seek = behind(group)
			return seek, seek != ""
		}
		for _, e := range l.behind(versions, mistake) {
			if left == 0 {
				more = true
				return "", false
			}
			p = append(p, e)
			if !(e.object.Marker && mistake == "versions.markers-count") {
				left--
			}
		}
		return "", true
	})
	return p, more
}

// behind are the versions of a key that come after the markers of the lookup.
func (l versionLookup) behind(versions []*store.Object, mistake string) (out []versionEntry) {
	for i, o := range versions {
		out = append(out, versionEntry{object: o, latest: i == 0 || mistake == "versions.latest"})
	}
	if mistake == "versions.order" {
		slices.Reverse(out)
	}
	if versions[0].Key != l.after {
		return out
	}
	i := slices.IndexFunc(out, func(e versionEntry) bool { return shownVersion(e.object.Version) == l.version })
	switch {
	case l.version == "" && mistake == "versions.key-marker":
		return out
	case l.version == "" || i < 0 || mistake == "versions.version-marker":
		return nil
	}
	return out[i+1:]
}

// older are versions that are not the current ones, and delete markers, as objects:
// listings of objects have neither, so they are only ever wrong.
func (c *call) older(l lookup) (entries []entry) {
	if c.versioning == "" || c.e.rules.quiet() {
		return nil
	}
	c.bucket.WalkVersions(l.prefix, func(versions []*store.Object) (string, bool) {
		if !strings.HasPrefix(versions[0].Key, l.prefix) {
			return "", versions[0].Key < l.prefix
		}
		for i, o := range versions {
			if i > 0 || o.Marker {
				entries = append(entries, entry{o.Key, o})
			}
		}
		return "", true
	})
	if len(entries) == 0 || pick(c, "versions.current-only", true, false) {
		return nil
	}
	return entries
}
