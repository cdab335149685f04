package emulator

import (
	"net"
	"strings"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/emulator/store"
)

// addressed is what the request addresses. Two mistakes are made of it: to read no
// bucket out of a host, and to end its name at the first dot.
func (c *call) addressed(at dialect.Location) dialect.Location {
	if named, ok := c.byName(at); ok {
		return pick(c, "address.cname", named, at)
	}
	if at.Bucket == "" || at.Website || c.e.rules.quiet() {
		return at
	}
	short, _, dotted := strings.Cut(at.Bucket, ".")
	if dotted && c.e.store.Bucket(at.Bucket) != nil {
		cut := at
		cut.Bucket = short
		return pick(c, "address.dotted", at, cut)
	}
	if at.Style == dialect.HostStyle && c.e.t.buckets.cname {
		return pick(c, "address.host", at, c.e.d.Locate("127.0.0.1", c.in.Target, ""))
	}
	return at
}

// byName is the location where the whole host is the name of a bucket.
func (c *call) byName(at dialect.Location) (dialect.Location, bool) {
	if !c.e.t.buckets.cname || at.Style == dialect.HostStyle || at.Website {
		return at, false
	}
	host := c.field("Host")
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if c.e.store.Bucket(host) == nil {
		return at, false
	}
	return c.e.d.Locate(host+"."+c.e.d.Host(c.e.d.Region), c.in.Target, ""), true
}

// measured leaves out the length of what a host of the bucket's own answers, where
// the rule is broken.
func (c *call) measured() {
	if c.at.Style == dialect.HostStyle && c.e.t.buckets.cname && !c.does("address.length") {
		c.reply.Length = -1
	}
}

// spreads tells whether a bucket of another region is so new that the name of it
// leads here yet.
func (c *call) spreads(b *store.Bucket) bool {
	takes := time.Duration(c.e.d.Limits.Spreading) * time.Second
	return takes > 0 && c.region == c.e.t.buckets.home && c.now.Before(b.Created.Add(takes))
}

// leadOn sends a request for a bucket whose name has not spread yet to the right
// endpoint.
func (c *call) leadOn(b *store.Bucket) error {
	host := b.Name + "." + c.e.d.Host(b.Region)
	return c.require("address.temporary", false, "TemporaryRedirect", withExtra("Endpoint", host), withExtra("Bucket", b.Name), func(f *fault) {
		target := c.in.Target
		if c.at.Style == dialect.PathStyle {
			target = "/" + strings.TrimPrefix(strings.TrimPrefix(target, "/"+b.Name), "/")
		}
		c.setOn(f, "address.temporary-location", "Location", "http://"+host+target)
	})
}
