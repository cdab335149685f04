package emulator

import (
	"encoding/base64"
	"encoding/xml"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

// A postResponse tells of an object that a form made.
type postResponse struct {
	XMLName  xml.Name `xml:"PostResponse"`
	Location string
	Bucket   string
	Key      string
	ETag     string
}

// answerPost answers a form as its fields ask: a redirection, or a status.
func (c *call) answerPost(o *store.Object) error {
	t := &c.e.t.posting
	c.answerFile(o)
	if target := c.redirection(o); target != "" {
		c.status("post.redirect-status", 303)
		c.set("post.redirect", "Location", target)
		return nil
	}
	asked := c.posted.get(t.status)
	status, known := t.statuses[asked]
	switch {
	case known:
		c.status("post.status-chosen", status)
	case asked != "":
		c.status("post.status-unknown", t.usual)
	default:
		c.status("post.status", t.usual)
	}
	if known && asked == t.document {
		return c.answerDocument(o)
	}
	if known && status != 204 && !c.does("post.no-body") {
		c.send([]byte("OK"))
	}
	return nil
}

// answerFile answers the fields that tell of the object.
func (c *call) answerFile(o *store.Object) {
	t := &c.e.t.posting
	c.tellMade(o)
	c.set("post.etag", "ETag", c.etag(o.ETag))
	if t.location {
		c.set("post.location", "Location", c.objectURL())
	}
	values := map[string]func() string{
		"x-cos-hash-crc64ecma": func() string { return strconv.FormatUint(o.CRC64, 10) },
		"x-bce-content-crc32":  func() string { return strconv.FormatUint(uint64(o.Blobs[0].Sums.CRC32), 10) },
		"Content-MD5":          func() string { return base64.StdEncoding.EncodeToString(o.MD5) },
	}
	for _, name := range t.answers {
		c.set("post."+strings.ToLower(name), name, values[name]())
	}
	if v, ok := o.Field(t.encrypted); ok && t.encrypted != "" {
		c.set("post.encryption", t.encrypted, v)
	}
}

// answerDocument answers the object's place and tag as XML.
func (c *call) answerDocument(o *store.Object) error {
	doc := postResponse{Location: c.objectURL(), Bucket: c.at.Bucket, Key: c.at.Key, ETag: c.etag(o.ETag)}
	for rule, part := range map[string]*string{"post.document.location": &doc.Location, "post.document.bucket": &doc.Bucket,
		"post.document.key": &doc.Key, "post.document.etag": &doc.ETag} {
		*part = pick(c, rule, *part, otherValue(*part))
	}
	return c.sendXML(doc)
}

// objectURL is the object's address as this request could have named it.
func (c *call) objectURL() string {
	u := "http://"
	if c.in.TLS {
		u = "https://"
	}
	path, _ := wire.SplitTarget(c.in.Target)
	if i := strings.Index(path, "://"); i >= 0 {
		path = "/"
	}
	return u + c.field("Host") + strings.TrimSuffix(path, "/") + "/" + wire.EscapePath(c.at.Key)
}

// redirection is where the form sends its client after a success; "" where it
// names nothing that is a URL.
func (c *call) redirection(o *store.Object) string {
	t := &c.e.t.posting
	i := slices.IndexFunc(t.redirects, func(name string) bool { return c.posted.get(name) != "" })
	if i < 0 || !c.does("post.redirect-first") {
		return ""
	}
	text := c.posted.get(t.redirects[i])
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return pick(c, "post.redirect-url", "", text)
	}
	if !t.query {
		return text
	}
	q := []wire.Param{{Name: "bucket", Value: c.at.Bucket}, {Name: "key", Value: c.at.Key}, {Name: "etag", Value: c.etag(o.ETag)}}
	for i, rule := range []string{"post.redirect-bucket", "post.redirect-key", "post.redirect-etag"} {
		q[i].Value = pick(c, rule, q[i].Value, otherValue(q[i].Value))
	}
	sep := "?"
	if strings.Contains(text, "?") {
		sep = "&"
	}
	return string(wire.AppendQuery([]byte(text+sep), q))
}

// stays keeps a refused form from redirecting.
func (c *call) stays(f *fault) {
	if c.posted == nil {
		return
	}
	for _, name := range c.e.t.posting.redirects {
		if target := c.posted.get(name); target != "" && !c.does("post.redirect-success") {
			f.fields.Set("Location", target)
		}
	}
}
