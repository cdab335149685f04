package emulator

import (
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

// conditions are what the dialects say of the If-* fields.
type conditions struct {
	futureIgnored bool   // an If-Modified-Since later than now is ignored
	element       string // element of a refusal that names the condition, "" for none
	message       string // message of a refused read, "" for that of the code
	put, delete   obeyed
	copy          obeyed // of the target; those of the source have fields of their own
}

// obeyed are the conditions of a write.
type obeyed struct {
	fields   []string // those that decide whether it happens
	unknown  []string // those that are refused as not implemented
	narrow   bool     // If-None-Match only with *, If-Match only with a tag, and not both
	free     string   // code for If-Match on a free key, "" for that of a condition
	conflict string   // code where the key was emptied while the body came, "" where that is nothing
}

const (
	ifMatch      = "If-Match"
	ifNone       = "If-None-Match"
	ifModified   = "If-Modified-Since"
	ifUnmodified = "If-Unmodified-Since"
)

var allConditions = []string{ifMatch, ifNone, ifModified, ifUnmodified}

var ossConditions = conditions{put: obeyed{unknown: allConditions}}

var cosConditions = conditions{message: "Precondition not match."}

var bosConditions = conditions{put: obeyed{fields: []string{ifMatch, ifNone, ifUnmodified}}}

var s3Conditions = conditions{
	futureIgnored: true, element: "Condition",
	put:    obeyed{fields: []string{ifMatch, ifNone}, narrow: true, free: "NoSuchKey", conflict: "ConditionalRequestConflict"},
	copy:   obeyed{fields: []string{ifMatch, ifNone}, narrow: true, free: "NoSuchKey"},
	delete: obeyed{fields: []string{ifMatch}, unknown: []string{"x-amz-if-match-size", "x-amz-if-match-last-modified-time"}, free: "NoSuchKey"},
}

// ask gathers the conditions among fields and what they are held against; old
// is nil where there is no object.
func (c *call) ask(old *store.Object, fields []string) terms {
	a := terms{now: c.now, futureIgnored: c.e.t.conditions.futureIgnored, head: c.in.Method == "HEAD", ranged: c.field("Range") != ""}
	for _, name := range fields {
		switch value := c.field(name); name {
		case ifMatch:
			a.match = value
		case ifNone:
			a.none = value
		case ifModified:
			a.modified = value
		case ifUnmodified:
			a.unmodified = value
		}
	}
	if old != nil {
		a.exists, a.tag, a.at = true, old.ETag, old.Modified
	}
	return a
}

// weigh is what the conditions come to; each mistake that would come to
// something else is a deviation.
func (c *call) weigh(a terms) verdict {
	right := a.judge("")
	if c.e.rules.quiet() {
		return right
	}
	for _, rule := range mistakes {
		wrong := a.judge(rule)
		if pick(c, rule, right.status, wrong.status) != right.status {
			return wrong
		}
	}
	return right
}

// preconditions checks the If-* fields of a read.
func (c *call) preconditions(o *store.Object) error {
	v := c.weigh(c.ask(o, allConditions))
	switch v.status {
	case 412:
		return c.unmet("condition.", v)
	case 304:
		return c.unchanged(v, o)
	}
	return nil
}

// unmet answers that a condition does not hold; rules begin with prefix.
func (c *call) unmet(prefix string, v verdict) error {
	var more []detail
	t := &c.e.t.conditions
	if c.in.Method != "HEAD" && t.element != "" {
		if name := pick(c, "condition.named", v.field, ""); name != "" {
			more = append(more, withExtra(t.element, name))
		}
	}
	if c.in.Method != "HEAD" && t.message != "" {
		more = append(more, withMessage(pick(c, "condition.message", t.message, c.e.d.Codes["PreconditionFailed"].Message)))
	}
	return c.require(prefix+strings.ToLower(v.field), false, "PreconditionFailed", more...)
}

// unchanged answers 304 with the fields that a cache needs.
func (c *call) unchanged(v verdict, o *store.Object) error {
	rule := "condition." + strings.ToLower(v.field)
	if c.e.rules.deviates(rule, "accept") {
		return nil
	}
	f := c.fault("NotModified")
	f.bare, f.status = true, 304
	c.setOn(f, "condition.unchanged-etag", "ETag", c.etag(o.ETag))
	c.setOn(f, "condition.unchanged-date", "Last-Modified", httpDate(o.Modified))
	if c.e.t.crc64 != "" {
		c.setOn(f, "condition.unchanged-crc64", c.e.t.crc64, strconv.FormatUint(o.CRC64, 10))
	}
	if kind := pick(c, "condition.unchanged-bare", "", "application/xml"); kind != "" {
		f.fields.Set("Content-Type", kind)
	}
	return c.refuseWith(rule, f)
}

// unconditional keeps the refusal of a read of a missing key: its conditions
// are not looked at.
func (c *call) unconditional(missing error) error {
	a := c.ask(nil, allConditions)
	if a.any() && pick(c, "condition.missing-key", 404, 412) == 412 {
		return c.fault("PreconditionFailed")
	}
	return missing
}
