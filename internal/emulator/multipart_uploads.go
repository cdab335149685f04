package emulator

import (
	"encoding/xml"
	"slices"
	"strings"

	"objectharness/internal/emulator/store"
)

type (
	uploadListing struct {
		XMLName            xml.Name       `xml:"ListMultipartUploadsResult" json:"-"`
		Bucket             *string        `xml:",omitempty" json:"bucket,omitempty"`
		Encoding           *namedText     `xml:",omitempty" json:"-"`
		KeyMarker          *markup        `xml:",omitempty" json:"keyMarker,omitempty"`
		UploadIDMarker     *string        `xml:"UploadIdMarker,omitempty" json:"-"`
		NextKeyMarker      *markup        `xml:",omitempty" json:"nextKeyMarker,omitempty"`
		NextUploadIDMarker *string        `xml:"NextUploadIdMarker,omitempty" json:"-"`
		Delimiter          *markup        `xml:",omitempty" json:"delimiter,omitempty"`
		Prefix             *markup        `xml:",omitempty" json:"prefix,omitempty"`
		MaxUploads         *int           `xml:",omitempty" json:"maxUploads,omitempty"`
		IsTruncated        bool           `json:"isTruncated"`
		Uploads            []listedUpload `xml:"Upload" json:"uploads"`
		CommonPrefixes     []listedPrefix `xml:"CommonPrefixes" json:"commonPrefixes,omitempty"`
	}
	listedUpload struct {
		Key          *markup      `xml:",omitempty" json:"key,omitempty"`
		UploadID     *string      `xml:"UploadId,omitempty" json:"uploadId,omitempty"`
		Initiator    *listedOwner `xml:",omitempty" json:"-"`
		Owner        *listedOwner `xml:",omitempty" json:"owner,omitempty"`
		StorageClass *string      `xml:",omitempty" json:"storageClass,omitempty"`
		Initiated    string       `json:"initiated"`
	}
)

// An uploadLookup is what a list of uploads asks of a bucket.
type uploadLookup struct {
	lookup
	afterID string // with after: the list goes on within that key
	asked   string // the ID that the request names, whether or not it counts
}

// A pendingEntry is an entry of a list of uploads: an upload or, without one, a common
// prefix.
type pendingEntry struct {
	name   string
	upload *store.Upload
}

// id is the ID of the entry, "" for a common prefix.
func (o pendingEntry) id() string {
	if o.upload == nil {
		return ""
	}
	return o.upload.ID
}

// An uploadPage is a run of entries in byte order of key and ID.
type uploadPage struct {
	entries []pendingEntry
	more    bool // entries remain
}

// uploadMistakes are rules of which each, broken, gives another page.
var uploadMistakes = []string{
	"uploads.prefix", "uploads.after", "uploads.within-key", "uploads.after-id", "uploads.id-alone", "uploads.max", "uploads.order", "uploads.order-in-key",
	"uploads.fold", "uploads.fold-end", "uploads.fold-once", "uploads.fold-counts",
}

// listUploads answers a page of the open uploads of the bucket, by key and ID.
func (c *call) listUploads() error {
	l, err := c.askUploads()
	if err != nil {
		return err
	}
	url, err := c.askCode(c.e.t.progress.codes)
	if err != nil {
		return err
	}
	c.status("uploads.status", 200)
	return c.sendForm(c.uploadDocument(l, url, c.lookUploads(l)))
}

// askUploads reads which uploads are asked for.
func (c *call) askUploads() (l uploadLookup, err error) {
	t := &c.e.t.progress
	l.prefix, l.delimiter, l.after = c.text("prefix"), c.text("delimiter"), c.text(c.spelled("key-marker", "keyMarker"))
	if !t.byKey {
		l.asked = c.text("upload-id-marker")
	}
	if l.after != "" {
		l.afterID = l.asked
	}
	if l.max, err = c.perPage("uploads", c.spelled("max-uploads", "maxUploads")); err != nil {
		return l, err
	}
	if err := c.checkDelimiter(l.delimiter); err != nil {
		return l, err
	}
	held := l.afterID == "" || c.bucket.Upload(l.after, l.afterID) != nil
	return l, c.require("uploads.marker-held", held || !t.held, "InvalidArgument", c.blamed("uploads", "upload-id-marker", l.afterID))
}

// lookUploads is the page that the lookup comes to; each mistake that would come
// to another one is a deviation.
func (c *call) lookUploads(l uploadLookup) uploadPage {
	right := l.page(c.bucket, "")
	if c.e.rules.quiet() {
		return right
	}
	for _, rule := range uploadMistakes {
		wrong := l.page(c.bucket, rule)
		if pick(c, rule, right.text(), wrong.text()) != right.text() {
			return wrong
		}
	}
	return right
}

// text tells pages apart.
func (p uploadPage) text() string {
	var b strings.Builder
	for _, e := range p.entries {
		b.WriteString(e.name + "\x00" + e.id() + "\x01")
	}
	if p.more {
		b.WriteString("more")
	}
	return b.String()
}

// page reads a page of b, or what mistake makes of it. What is folded is jumped
// over, so that the work grows with the entries of the page alone.
func (l uploadLookup) page(b *store.Bucket, mistake string) (p uploadPage) {
	l, match := l.wrong(mistake)
	from, id, any := l.begin(match, mistake)
	if !any {
		return p
	}
	left := l.max
	b.WalkUploads(from, id, func(u *store.Upload) (string, bool) {
		if !strings.HasPrefix(u.Key, match) {
			return "", false
		}
		if mistake == "uploads.id-alone" && l.after == "" && u.ID <= l.asked {
			return "", true
		}
		group, folded := commonPrefix(u.Key, l.prefix, l.delimiter)
		if p.more = left == 0 && l.max > 0; left == 0 {
			return "", false
		}
		if !folded {
			p.entries = append(p.entries, pendingEntry{u.Key, u})
			left--
			return "", true
		}
		p.entries = append(p.entries, pendingEntry{name: group})
		if mistake != "uploads.fold-counts" {
			left--
		}
		if mistake == "uploads.fold-once" {
			return "", true
		}
		seek := behind(group)
		return seek, seek != ""
	})
	return p.wrong(l, mistake)
}

// wrong is the lookup as a mistake understands it, and the prefix that keys are
// held against.
func (l uploadLookup) wrong(mistake string) (uploadLookup, string) {
	match := l.prefix
	switch mistake {
	case "uploads.prefix":
		match = match[:max(len(match)-1, 0)]
	case "uploads.max":
		l.max++
	case "uploads.fold":
		l.delimiter = ""
	case "uploads.within-key":
		l.afterID = ""
	}
	return l, match
}

// begin is where the page begins: within a key, behind all uploads of it, or
// behind all that it was folded into, where there may be nothing.
func (l uploadLookup) begin(match, mistake string) (key, id string, any bool) {
	if l.after == "" || l.after < match {
		return match, "", true
	}
	if group, ok := commonPrefix(l.after, l.prefix, l.delimiter); ok {
		key = behind(group)
		return key, "", key != ""
	}
	switch {
	case l.afterID != "" && mistake == "uploads.after-id":
		return l.after, l.afterID, true
	case l.afterID != "":
		return l.after, l.afterID + "\x00", true
	case mistake == "uploads.after":
		return l.after, "", true
	}
	return l.after + "\x00", "", true
}

// wrong is the page with the mistakes that are made after it was read.
func (p uploadPage) wrong(l uploadLookup, mistake string) uploadPage {
	switch mistake {
	case "uploads.order":
		slices.SortStableFunc(p.entries, func(a, b pendingEntry) int { return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) })
	case "uploads.order-in-key":
		slices.Reverse(p.entries)
		slices.SortStableFunc(p.entries, func(a, b pendingEntry) int { return strings.Compare(a.name, b.name) })
	case "uploads.fold-end":
		for i, e := range p.entries {
			if e.upload == nil {
				p.entries[i].name = strings.TrimSuffix(e.name, l.delimiter)
			}
		}
	}
	return p
}

// uploadDocument writes a page of uploads.
func (c *call) uploadDocument(l uploadLookup, url bool, p uploadPage) *uploadListing {
	t := &c.e.t.progress
	r := &uploadListing{Bucket: told(c, "uploads.bucket", c.at.Bucket), Uploads: []listedUpload{},
		Encoding:   c.codeTold("uploads.code", url, t.codes),
		KeyMarker:  told(c, "uploads.key-marker", c.coded("uploads.url-key-marker", url, l.after)),
		Prefix:     told(c, "uploads.prefix-told", c.coded("uploads.url-prefix", url, l.prefix)),
		MaxUploads: member(c, "uploads.max-told", l.max, l.max+1), IsTruncated: c.cutShort("uploads", p.more, len(p.entries) == l.max)}
	if l.delimiter != "" || t.echoFold {
		r.Delimiter = told(c, "uploads.delimiter-told", c.coded("uploads.url-delimiter", url, l.delimiter))
	}
	if !t.byKey {
		r.UploadIDMarker = told(c, "uploads.id-marker", pick(c, "uploads.id-dropped", l.afterID, l.asked))
	}
	c.nextUpload(r, url, p)
	for _, e := range p.entries {
		if e.upload == nil {
			r.CommonPrefixes = append(r.CommonPrefixes, listedPrefix{c.coded("uploads.url-common", url, e.name)})
		} else {
			r.Uploads = append(r.Uploads, c.openUpload(e.upload, url))
		}
	}
	return r
}

// nextUpload names where the next page goes on: behind the last entry.
func (c *call) nextUpload(r *uploadListing, url bool, p uploadPage) {
	var last pendingEntry
	if len(p.entries) > 0 {
		last = p.entries[len(p.entries)-1]
	}
	if c.e.t.progress.nextLater && !p.more {
		return
	}
	r.NextKeyMarker = told(c, "uploads.next-key", c.coded("uploads.url-next", url, last.name))
	r.NextUploadIDMarker = told(c, "uploads.next-id", last.id())
}

// openUpload is the entry of an upload.
func (c *call) openUpload(u *store.Upload, url bool) listedUpload {
	e := listedUpload{UploadID: told(c, "uploads.upload-id", u.ID), Initiated: c.begunAt("uploads", u.Initiated), StorageClass: c.classTold("uploads", u)}
	e.Key = told(c, "uploads.key", c.codedKey("uploads.url", url, u.Key))
	e.Owner, e.Initiator = c.whose("uploads", u)
	return e
}

// stray are open uploads as objects, which no listing has: only ever wrong.
func (c *call) stray(l lookup) (entries []entry) {
	if c.e.rules.quiet() {
		return nil
	}
	c.bucket.WalkUploads(l.prefix, "", func(u *store.Upload) (string, bool) {
		if strings.HasPrefix(u.Key, l.prefix) {
			entries = append(entries, entry{u.Key, u.Object})
		}
		return "", len(entries) == 0
	})
	if len(entries) == 0 || pick(c, "list.no-uploads", true, false) {
		return nil
	}
	return entries
}
