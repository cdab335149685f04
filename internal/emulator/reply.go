package emulator

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"time"
)

// finish adds the fields that every reply of the dialect carries.
func (c *call) finish() {
	c.set("reply.request-id", c.e.d.RequestID, c.id)
	c.set("reply.date", "Date", httpDate(c.now))
	c.set("reply.server", "Server", c.e.d.Server)
}

// send answers body.
func (c *call) send(body []byte) {
	c.reply.Body, c.reply.Length = bytes.NewReader(body), int64(len(body))
}

// sendXML answers v as the dialects write XML, with the declaration in front.
func (c *call) sendXML(v any) error {
	body, err := xml.Marshal(v)
	if err != nil {
		return err
	}
	c.reply.Fields.Set("Content-Type", "application/xml")
	c.send(append([]byte(xml.Header), body...))
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
