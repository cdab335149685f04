package emulator

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/dialect"
)

// name gives the request its ids. No two requests share one.
func (c *call) name() {
	d := c.e.d
	id := pick(c, "reply.request-id-unique", d.NewRequestID(c.e.random()), d.NewRequestID([16]byte{}))
	c.id = pick(c, "reply.request-id-form", id, id[1:])
	for _, f := range d.Replies {
		if f.Form != nil && f.Name != d.RequestID {
			c.second = pick(c, "reply.second-id-unique", f.Form(c.e.random()), f.Form([16]byte{}))
		}
	}
}

// finish adds the fields that every reply of the dialect carries.
func (c *call) finish() {
	if c.does("reply.request-id") {
		c.reply.Fields.Set(c.e.d.RequestID, c.id)
	}
	for _, f := range c.e.d.Replies {
		if f.Form != nil && f.Name != c.e.d.RequestID {
			c.identifyTwice(f)
		}
	}
	c.set("reply.date", "Date", httpDate(time.Unix(pick(c, "reply.clock", c.now.Unix(), c.now.Add(8*time.Hour).Unix()), 0)))
	c.set("reply.server", "Server", c.e.d.Server)
	if name := c.e.t.reading.serverTime; name != "" {
		c.reply.Fields.Set(name, pick(c, "reply.server-time", strconv.FormatInt(c.e.Now().Sub(c.now).Milliseconds(), 10), "0.5"))
	}
	c.connection()
}

// identifyTwice answers the other id of the reply; some come with failures only.
func (c *call) identifyTwice(f dialect.ReplyField) {
	switch {
	case f.When == dialect.Failing && !c.failed:
		if pick(c, "reply.failing-only", false, true) {
			c.reply.Fields.Set(f.Name, c.second)
		}
	case c.does("reply.second-id"):
		c.reply.Fields.Set(f.Name, c.second)
	}
}

// connection says that the connection lives on, where the dialect does and the
// client wants it to.
func (c *call) connection() {
	asks := strings.ToLower(c.field("Connection"))
	if !c.e.t.reading.keepAlive || c.reply.Close || c.in.Bad != nil || c.in.Proto != "HTTP/1.1" || strings.Contains(asks, "close") {
		return
	}
	if !c.does("reply.keeps-connection") {
		c.reply.Close = true
		return
	}
	c.reply.Fields.Set("Connection", pick(c, "reply.connection", "keep-alive", "persist"))
}

// send answers body.
func (c *call) send(body []byte) {
	c.reply.Body, c.reply.Length = bytes.NewReader(body), int64(len(body))
}

// sendXML answers v as the dialects write XML.
func (c *call) sendXML(v any) error {
	body, err := xml.Marshal(v)
	if err != nil {
		return err
	}
	return c.sendMarkup(body)
}

// sendMarkup answers a document of XML, with the declaration in front.
func (c *call) sendMarkup(body []byte) error {
	c.set("xml.content-type", "Content-Type", "application/xml")
	declaration := xml.Header
	if !c.does("xml.declaration") {
		declaration = ""
	}
	c.send(append([]byte(declaration), body...))
	return nil
}

func httpDate(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

// etag writes an entity tag as the dialect does.
func (c *call) etag(tag string) string {
	if c.e.t.quoteETag {
		return `"` + tag + `"`
	}
	return tag
}
