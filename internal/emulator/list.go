package emulator

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"slices"
)

// listObjects answers a page of the bucket in byte order of the keys.
func (c *call) listObjects() error {
	a, err := c.askListing()
	if err != nil {
		return err
	}
	a.marker, a.owner = c.text("marker"), true
	a.after = a.marker
	if err := c.checkLength("marker", a.marker); err != nil {
		return err
	}
	if err := c.checkBlank("prefix", "marker", "delimiter"); err != nil {
		return err
	}
	p := c.look(a.lookup)
	r := c.document(&a, p)
	r.Marker = told(c, "list.marker-echo", c.spell("list.url-marker", &a, a.marker))
	r.NextMarker = c.nextMarker(&a, p)
	return c.sendListing(r)
}

// listObjectsV2 is listObjects with opaque tokens instead of markers.
func (c *call) listObjectsV2() error {
	a, err := c.askListing()
	if err != nil {
		return err
	}
	if err := c.askStart(&a); err != nil {
		return err
	}
	if err := c.askToken(&a); err != nil {
		return err
	}
	asks := c.text("fetch-owner") == "true"
	a.owner = asks && c.does("list.fetch-owner") || !asks && pick(c, "list.no-owner", false, true)
	p := c.look(a.lookup)
	r := c.document(&a, p)
	if a.startAfter != "" {
		r.StartAfter = told(c, "list.start-after-echo", c.spell("list.url-start-after", &a, a.startAfter))
	}
	if a.continues {
		r.ContinuationToken = told(c, "list.token-echo", a.token)
	}
	r.NextContinuationToken = c.nextToken(p)
	n := len(r.Contents) + len(r.CommonPrefixes)
	r.KeyCount = member(c, "list.key-count", pick(c, "list.key-count-prefixes", n, len(r.Contents)), n+1)
	return c.sendListing(r)
}

// document writes what the listings have in common.
func (c *call) document(a *listAsk, p page) *listResult {
	t := &c.e.t.listing
	name := c.at.Bucket
	r := &listResult{Name: told(c, "list.name", name), Contents: []listedObject{},
		Prefix:  told(c, "list.prefix-echo", c.spell("list.url-prefix", a, a.prefix)),
		MaxKeys: member(c, "list.max-keys-echo", a.max, a.max+1),
	}
	if t.space != "" {
		r.Space = pick(c, "list.namespace", t.space, t.space+"x")
	}
	if a.delimiter != "" || t.echoFold || pick(c, "list.no-delimiter", false, true) {
		r.Delimiter = told(c, "list.delimiter-echo", c.spell("list.url-delimiter", a, a.delimiter))
	}
	if a.url || pick(c, "list.no-encoding-type", false, true) {
		r.EncodingType = told(c, "list.encoding-type", "url")
	}
	r.IsTruncated = c.truncated(a, p)
	for _, e := range slices.Concat(p.entries, c.stray(a.lookup), c.older(a.lookup)) {
		if e.object == nil {
			r.CommonPrefixes = append(r.CommonPrefixes, listedPrefix{c.spell("list.url-common", a, e.name)})
		} else {
			r.Contents = append(r.Contents, c.object(a, e.object))
		}
	}
	if len(p.entries) == 0 && pick(c, "list.empty", 0, 1) == 1 {
		r.Contents = append(r.Contents, listedObject{})
	}
	return r
}

// truncated tells whether entries remain. Two mistakes are made of it: that a
// page was the last, and that a full page cannot be the last.
func (c *call) truncated(a *listAsk, p page) bool {
	if p.next != "" {
		return pick(c, "list.truncated", true, false)
	}
	return len(p.entries) == a.max && a.max > 0 && pick(c, "list.complete", false, true)
}

// nextMarker is the marker that leads to the next page: the last entry of this
// one, and not the first of the next.
func (c *call) nextMarker(a *listAsk, p page) *markup {
	spell := func(name string) markup { return c.spell("list.url-next", a, name) }
	t := &c.e.t.listing
	switch {
	case p.next == "" && (p.last() == "" || pick(c, "list.no-next", true, false)):
		return nil
	case t.foldNext && a.delimiter == "" && pick(c, "list.no-next-unfolded", true, false):
		return nil
	}
	return member(c, "list.next", spell(p.last()), spell(p.next))
}

// nextToken is nextMarker for listings that continue by tokens.
func (c *call) nextToken(p page) *markup {
	if p.next == "" && (p.last() == "" || pick(c, "list.no-next", true, false)) {
		return nil
	}
	return member(c, "list.next", markup(token(p.last())), markup(token(p.next)))
}

// sendListing answers a listing in the dialect's form.
func (c *call) sendListing(r *listResult) error {
	c.status("list.status", 200)
	if c.e.t.json {
		return c.sendJSON(r)
	}
	body, err := xml.Marshal(r)
	if err != nil {
		return err
	}
	if pick(c, "list.entries-last", true, false) {
		return c.sendMarkup(body)
	}
	return c.sendMarkup(nameLast(body))
}

// nameLast puts the name of the bucket behind the entries.
func nameLast(body []byte) []byte {
	from, end := bytes.Index(body, []byte("<Name>")), bytes.Index(body, []byte("</Name>"))
	root := bytes.LastIndex(body, []byte("</"))
	if from < 0 || end < from || root < end {
		return body
	}
	end += len("</Name>")
	out := append([]byte(nil), body[:from]...)
	out = append(out, body[end:root]...)
	out = append(out, body[from:end]...)
	return append(out, body[root:]...)
}

// sendJSON answers v as BOS writes JSON.
func (c *call) sendJSON(v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.set("json.content-type", "Content-Type", "application/json; charset=utf-8")
	c.send(body)
	return nil
}
