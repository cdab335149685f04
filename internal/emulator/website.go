package emulator

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

// A website is what a dialect says of buckets that are one.
type website struct {
	served bool   // there are endpoints that serve them
	moved  string // field of an object that stands for a redirection
	badURL string // code for one that leads nowhere
}

var s3Website = website{served: true, moved: "x-amz-website-redirect-location", badURL: "InvalidRedirectLocation"}

// websiteSetting is where a bucket keeps what it is as a website.
const websiteSetting = "website"

var websiteForm = mustForm(`
WebsiteConfiguration
  IndexDocument?
    Suffix
  ErrorDocument?
    Key
  RedirectAllRequestsTo?
    HostName
    Protocol?
  RoutingRules?
    RoutingRule+
      Condition?
        KeyPrefixEquals?
        HttpErrorCodeReturnedEquals?
      Redirect
        HostName?
        Protocol?
        HttpRedirectCode?
        ReplaceKeyPrefixWith?
        ReplaceKeyWith?
`)

// validMoved refuses an upload that redirects to what is no place.
func (c *call) validMoved() error {
	name := c.e.t.website.moved
	if name == "" || !c.in.Fields.Has(name) {
		return nil
	}
	to := c.field(name)
	ok := slices.ContainsFunc([]string{"/", "http://", "https://"}, func(begin string) bool { return strings.HasPrefix(to, begin) })
	return c.require("site.moved-form", ok, c.e.t.website.badURL)
}

// validWebsite refuses a website that cannot be.
func (c *call) validWebsite(doc *configNode, _ []byte) error {
	all, index := doc.kid("RedirectAllRequestsTo"), doc.kid("IndexDocument")
	alone := all == nil || len(doc.Kids) == 1
	if err := c.require("website.all-alone", alone, "InvalidArgument", c.webCulprit("website.all-named", "RedirectAllRequestsTo", "not null")); err != nil {
		return err
	}
	if all != nil {
		return c.webProtocol(all)
	}
	if err := c.require("website.index", index != nil, "InvalidArgument", c.webCulprit("website.index-named", "IndexDocument", "null")); err != nil || index == nil {
		return err
	}
	suffix := index.at("Suffix")
	if err := c.require("website.suffix", suffix != "" && !strings.Contains(suffix, "/"), "InvalidArgument",
		c.webCulprit("website.suffix-named", "IndexDocument", suffix)); err != nil {
		return err
	}
	rules := doc.kid("RoutingRules").all("RoutingRule")
	if err := c.atMost("website.rules", int64(len(rules)), int64(c.e.d.Limits.RoutingRules), "InvalidRequest"); err != nil {
		return err
	}
	for _, r := range rules {
		if err := c.validRouting(r); err != nil {
			return err
		}
	}
	return nil
}

// webCulprit names the element that a refusal is about.
func (c *call) webCulprit(rule, name, value string) detail {
	return func(f *fault) { c.culprit(rule, name, value)(f) }
}

func (c *call) webProtocol(to *configNode) error {
	protocol := to.at("Protocol")
	return c.require("website.protocol", slices.Contains([]string{"", "http", "https"}, protocol), "InvalidRequest")
}

// validRouting refuses a routing rule that cannot be.
func (c *call) validRouting(r *configNode) error {
	when, to := r.kid("Condition"), r.kid("Redirect")
	if err := c.webProtocol(to); err != nil {
		return err
	}
	for _, part := range []struct {
		rule string
		ok   bool
	}{
		{"website.replace-one", to.kid("ReplaceKeyWith") == nil || to.kid("ReplaceKeyPrefixWith") == nil},
		{"website.condition", when == nil || len(when.Kids) > 0},
		{"website.redirect-code", codeBetween(to.kid("HttpRedirectCode"), 301, 308) && to.at("HttpRedirectCode") != "306"},
		{"website.error-code", codeBetween(when.kid("HttpErrorCodeReturnedEquals"), 400, 599)},
	} {
		if err := c.require(part.rule, part.ok, "InvalidRequest"); err != nil {
			return err
		}
	}
	return nil
}

// codeBetween tells whether an element, where it is there, is a status that there
// is between two.
func codeBetween(n *configNode, first, last int) bool {
	if n == nil {
		return true
	}
	code, err := strconv.Atoi(n.Text)
	return err == nil && code >= first && code <= last && http.StatusText(code) != ""
}

// serveSite answers a request that came to an endpoint for websites. Nobody signs
// there.
func (c *call) serveSite() error {
	c.anonymous, c.html, c.query = true, true, nil
	reads := c.in.Method == "GET" || c.in.Method == "HEAD"
	if err := c.require("site.methods", reads, "MethodNotAllowed", c.method); err != nil || !reads {
		return err
	}
	c.kind = "GetObject"
	if c.bucket = c.e.store.Bucket(c.at.Bucket); c.bucket == nil {
		return c.require("site.no-bucket", false, "NoSuchBucket", c.bucketName)
	}
	conf := c.keptElement(websiteSetting)
	if conf == nil {
		return c.require("site.none", false, "NoSuchWebsiteConfiguration", c.bucketName)
	}
	if all := conf.kid("RedirectAllRequestsTo"); all != nil {
		return c.sendTo(http.StatusMovedPermanently, all, c.at.Key)
	}
	if r := c.routed(conf, 0); r != nil {
		return c.sendRouted(r)
	}
	return c.servePage(conf)
}

// servePage answers the object that the path leads to, or what there is instead.
func (c *call) servePage(conf *configNode) error {
	asked, suffix := c.at.Key, conf.at("IndexDocument/Suffix")
	if asked == "" || strings.HasSuffix(asked, "/") {
		c.at.Key = pick(c, "site.index", asked+suffix, asked)
	}
	err := c.page()
	if err == nil {
		return nil
	}
	folder := c.at.Key == asked && c.bucket.Get(asked+"/"+suffix) != nil
	if folder && c.does("site.folder") {
		c.status("site.folder-status", http.StatusFound)
		c.set("site.folder-location", "Location", "/"+asked+"/")
		return nil
	}
	f := faultOf(err)
	if f == nil {
		return err
	}
	if r := c.routed(conf, f.status); r != nil {
		c.at.Key = asked
		return c.sendRouted(r)
	}
	if key := conf.at("ErrorDocument/Key"); key != "" && c.does("site.error-document") {
		return c.errorPage(f, key)
	}
	return err
}

// page answers the object at the key.
func (c *call) page() error {
	if err := c.permit(c.bucket, "GetObject", c.at.Key); err != nil {
		return err
	}
	o, err := c.find()
	if err != nil {
		return err
	}
	if to, moved := o.Field(c.e.t.website.moved); moved && c.does("site.moved") {
		c.status("site.moved-status", http.StatusMovedPermanently)
		c.set("site.moved-location", "Location", to)
		return nil
	}
	return c.getObject()
}

// errorPage answers a refusal with the website's own document.
func (c *call) errorPage(f *fault, key string) error {
	o := c.bucket.Get(key)
	if o == nil || c.permit(c.bucket, "GetObject", key) != nil {
		return f
	}
	if t, ok := o.Field("Content-Type"); ok {
		c.reply.Fields.Set("Content-Type", t)
	}
	c.status("site.error-status", f.status)
	c.reply.Body, c.reply.Length = o.Range(0, o.Size), o.Size
	return nil
}

// routed is the first routing rule that is about the key and a status, 0 before
// the object was looked for; nil where there is none.
func (c *call) routed(conf *configNode, status int) *configNode {
	for _, r := range conf.kid("RoutingRules").all("RoutingRule") {
		when := r.kid("Condition")
		code := when.at("HttpErrorCodeReturnedEquals")
		prefix := strings.HasPrefix(c.at.Key, when.at("KeyPrefixEquals"))
		if code == "" && status == 0 && prefix && c.does("site.rule") {
			return r
		}
		if code != "" && code == strconv.Itoa(status) && prefix && c.does("site.rule-by-error") {
			return r
		}
	}
	return nil
}

// sendRouted redirects as a routing rule says.
func (c *call) sendRouted(r *configNode) error {
	to, key := r.kid("Redirect"), c.at.Key
	if whole := to.kid("ReplaceKeyWith"); whole != nil {
		key = whole.Text
	} else if begin := to.kid("ReplaceKeyPrefixWith"); begin != nil {
		key = begin.Text + strings.TrimPrefix(key, r.at("Condition/KeyPrefixEquals"))
	}
	status := http.StatusMovedPermanently
	if code, err := strconv.Atoi(to.at("HttpRedirectCode")); err == nil {
		status = pick(c, "site.rule-code", code, status)
	}
	return c.sendTo(status, to, key)
}

// sendTo redirects to a key, at the host and by the protocol that an element names.
func (c *call) sendTo(status int, to *configNode, key string) error {
	c.status("site.rule-status", status)
	c.set("site.rule-location", "Location", orElse(to.at("Protocol"), "http")+"://"+orElse(to.at("HostName"), c.field("Host"))+"/"+key)
	return nil
}

// answerMoved tells, where nobody takes the bucket for a website, that an object
// stands for a redirection.
func (c *call) answerMoved(o *store.Object) {
	if to, moved := o.Field(c.e.t.website.moved); moved && c.e.t.website.moved != "" {
		c.set("site.moved-told", c.e.t.website.moved, to)
	}
}
