package emulator

import (
	"bytes"
	"encoding/base64"
)

// sendError answers the error body of a refusal. A reply to HEAD has none; what
// it says of one stands in its fields.
func (c *call) sendError(f *fault) {
	if c.html && c.does("site.html") {
		c.sendHTML(f)
		return
	}
	c.identify(f)
	c.explain(f)
	body := c.e.d.EncodeError(f.said)
	if pick(c, "error.order", false, true) {
		body = messageFirst(body)
	}
	c.setErrorType()
	if c.in.Method == "HEAD" {
		if c.e.t.reading.reason {
			c.set("head.error", "x-oss-err", base64.StdEncoding.EncodeToString(body))
		}
		c.reply.Length = pick(c, "head.error-length", 0, int64(len(body)))
		return
	}
	c.send(body)
	if !c.does("error.length") {
		c.reply.Length = -1
	}
}

// identify gives the body the ids of the reply that it belongs to.
func (c *call) identify(f *fault) {
	e := &f.said
	e.RequestID = pick(c, "error.request-id-same", c.id, otherValue(c.id))
	host := c.field("Host")
	if c.second != "" {
		host = c.second
	}
	e.HostID = pick(c, "error.host-id-same", host, otherValue(host))
	if e.Resource == "" {
		e.Resource = c.e.t.resource(c)
	}
	e.Resource = pick(c, "error.resource-host", e.Resource, c.at.Resource())
	for _, member := range []struct {
		rule  string
		value *string
	}{{"error.message", &e.Message}, {"error.request-id", &e.RequestID}, {"error.host-id", &e.HostID}, {"error.resource", &e.Resource}} {
		if !c.does(member.rule) {
			*member.value = ""
		}
	}
	if pick(c, "error.exact", false, true) {
		withExtra("resource", c.at.Resource())(f)
	}
}

// setErrorType answers the type of error bodies.
func (c *call) setErrorType() {
	c.set("error.content-type", "Content-Type", c.errorType())
}

// explain adds the finer code that support asks for, and where to read of it.
func (c *call) explain(f *fault) {
	if !c.e.t.reading.reason {
		return
	}
	ec := f.reason
	if ec == "" {
		ec = c.reasonOf(f)
	}
	c.set("error.ec-field", "x-oss-ec", ec)
	if c.does("error.ec") {
		withExtra("EC", ec)(f)
	}
	if c.does("error.recommend") {
		withExtra("RecommendDoc", "https://api.aliyun.com/troubleshoot?q="+ec)(f)
	}
}

// messageFirst puts the message of an XML error body in front of its code.
func messageFirst(body []byte) []byte {
	from, end := bytes.Index(body, []byte("<Message>")), bytes.Index(body, []byte("</Message>"))
	at := bytes.Index(body, []byte("<Code>"))
	if from < 0 || end < from || at < 0 || at > from {
		return body
	}
	end += len("</Message>")
	out := append([]byte(nil), body[:at]...)
	out = append(out, body[from:end]...)
	out = append(out, body[at:from]...)
	return append(out, body[end:]...)
}
