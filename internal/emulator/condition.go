package emulator

import (
	"net/http"
	"strings"
	"time"

	"objectharness/internal/emulator/store"
)

// preconditions checks the If-* fields of a read, in the order of RFC 9110
// section 13.2.2.
func (c *call) preconditions(o *store.Object) error {
	if match := c.field("If-Match"); match != "" {
		if err := c.require("condition.if-match", matchesTag(match, o.ETag), "PreconditionFailed"); err != nil {
			return err
		}
	} else if since, ok := c.date("If-Unmodified-Since"); ok {
		if err := c.require("condition.if-unmodified-since", !o.Modified.Truncate(time.Second).After(since), "PreconditionFailed"); err != nil {
			return err
		}
	}
	if none := c.field("If-None-Match"); none != "" {
		return c.notModified("condition.if-none-match", !matchesTag(none, o.ETag), o)
	}
	if since, ok := c.date("If-Modified-Since"); ok {
		return c.notModified("condition.if-modified-since", o.Modified.Truncate(time.Second).After(since), o)
	}
	return nil
}

// notModified answers 304 unless ok.
func (c *call) notModified(rule string, ok bool, o *store.Object) error {
	if ok || c.e.rules.deviates(rule, "accept") {
		return nil
	}
	return c.refuse(rule, "NotModified", bare(304), withField("ETag", c.etag(o.ETag)), withField("Last-Modified", httpDate(o.Modified)))
}

func (c *call) date(name string) (time.Time, bool) {
	t, err := http.ParseTime(c.field(name))
	return t, err == nil
}

// matchesTag compares an If-Match or If-None-Match value, a list or *, with an
// entity tag.
func matchesTag(list, tag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		one = strings.Trim(strings.TrimSpace(one), `"`)
		if one == "*" || strings.EqualFold(one, tag) {
			return true
		}
	}
	return false
}

// forbidden refuses to replace old where the request forbids overwriting.
func (c *call) forbidden(old *store.Object) error {
	if old == nil || c.e.t.forbid == "" || !strings.EqualFold(c.field(c.e.t.forbid), "true") {
		return nil
	}
	return c.refuse("put.forbid-overwrite", "FileAlreadyExists")
}
