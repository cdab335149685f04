package emulator

import (
	"strings"

	"objectharness/internal/emulator/store"
)

// copySlips are the ways in which servers get the conditions on a source wrong:
// the rule, and the mistake that verdicts know it by.
var copySlips = []struct{ rule, mistake string }{
	{"copy.etag-quoted", "condition.etag-quoted"},
	{"copy.etag-whole", "condition.etag-whole"},
	{"copy.modified-equal", "condition.modified-equal"},
	{"copy.modified-later", "condition.modified-later"},
	{"copy.modified-future", "condition.modified-future"},
	{"copy.unmodified-equal", "condition.unmodified-equal"},
	{"copy.unmodified-later", "condition.unmodified-later"},
	{"copy.match-decides", "condition.match-before-date"},
	{"copy.none-match-decides", "condition.none-match-decides"},
}

// sourceConditions holds the source of a copy to the conditions of the request.
func (c *call) sourceConditions(o *store.Object) error {
	t := &c.e.t.copying
	a := c.sourceTerms(o)
	if t.mixed != "" {
		if err := c.require("copy.conditions-mixed", !a.mixed(), t.mixed); err != nil {
			return err
		}
	}
	v := c.weighSource(a)
	rule := "copy." + strings.ToLower(v.field)
	switch v.status {
	case 412:
		return c.require(rule, false, "PreconditionFailed", c.sourceCondition(v.field))
	case 304:
		return c.require(rule, false, "NotModified", withStatus(304), func(f *fault) { f.bare = true })
	}
	return nil
}

// sourceTerms gathers the conditions on the source.
func (c *call) sourceTerms(o *store.Object) terms {
	asks := func(name string) string { return c.field(c.own(sourceField + "-" + strings.ToLower(name))) }
	t := &c.e.t.copying
	return terms{
		match: asks(ifMatch), none: asks(ifNone), modified: asks(ifModified), unmodified: asks(ifUnmodified),
		exists: true, tag: o.ETag, at: o.Modified, now: c.now,
		futureIgnored: c.e.t.conditions.futureIgnored, write: !t.unchanged || c.kind == "UploadPartCopy", each: t.each,
	}
}

// mixed tells whether there are conditions that do not belong together:
// If-Match goes with If-Unmodified-Since, If-None-Match with If-Modified-Since.
func (a terms) mixed() bool {
	return a.match+a.unmodified != "" && a.none+a.modified != ""
}

// weighSource is what the conditions come to; each mistake that would come to
// something else is a deviation.
func (c *call) weighSource(a terms) verdict {
	right := a.judge("")
	if c.e.rules.quiet() {
		return right
	}
	for _, s := range copySlips {
		wrong := a.judge(s.mistake)
		if pick(c, s.rule, right.status, wrong.status) != right.status {
			return wrong
		}
	}
	if a.each {
		a.each = false
		wrong := a.judge("")
		if pick(c, "copy.each-condition", right.status, wrong.status) != right.status {
			return wrong
		}
	}
	return right
}

// sourceCondition names the condition that does not hold, where the dialect
// does.
func (c *call) sourceCondition(field string) detail {
	element := c.e.t.conditions.element
	if element == "" || !c.does("copy.condition-named") {
		return func(*fault) {}
	}
	return withExtra(element, c.own(sourceField+"-"+field))
}
