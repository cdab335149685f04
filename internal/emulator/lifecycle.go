package emulator

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/emulator/store"
)

// lifecycleForm is the form of the rules by which objects of a bucket of S3
// expire.
var lifecycleForm = mustForm(`
LifecycleConfiguration
  Rule+
    ID?
    Prefix?
    Filter?
      Prefix?
      Tag?
        Key
        Value
      ObjectSizeGreaterThan? int
      ObjectSizeLessThan? int
      And?
        Prefix?
        Tag*
          Key
          Value
        ObjectSizeGreaterThan? int
        ObjectSizeLessThan? int
    Status Enabled|Disabled @lifecycle.status
    Expiration?
      Days? int
      Date? date
      ExpiredObjectDeleteMarker? bool
    Transition*
      Days? int
      Date? date
      StorageClass
    NoncurrentVersionExpiration?
      NoncurrentDays? int
      NewerNoncurrentVersions? int
    NoncurrentVersionTransition*
      NoncurrentDays? int
      NewerNoncurrentVersions? int
      StorageClass
    AbortIncompleteMultipartUpload?
      DaysAfterInitiation int
`)

// lifecycleActions are what a rule can do.
var lifecycleActions = []string{"Expiration", "Transition", "NoncurrentVersionExpiration", "NoncurrentVersionTransition", "AbortIncompleteMultipartUpload"}

// validLifecycle refuses rules that say what they must not. Rules without an ID
// are given one.
func (c *call) validLifecycle(doc *configNode, _ []byte) error {
	rules := doc.all("Rule")
	if err := c.atMost("lifecycle.rules", int64(len(rules)), int64(c.e.d.Limits.Lifecycle), "MalformedXML"); err != nil {
		return err
	}
	taken := map[string]bool{}
	for i, r := range rules {
		if err := c.lifecycleID(r, taken, i); err != nil {
			return err
		}
		for _, check := range []func(*configNode) error{c.lifecycleParts, c.lifecycleFilter, c.lifecycleExpiration, c.lifecycleTransitions, c.lifecycleVersions} {
			if err := check(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// lifecycleID holds the IDs of rules to their length, and to one rule each.
func (c *call) lifecycleID(r *configNode, taken map[string]bool, i int) error {
	id := r.at("ID")
	if id == "" {
		r.Kids = append(r.Kids, &configNode{Name: "ID", Text: "rule-" + strconv.Itoa(i+1)})
		return nil
	}
	if err := c.atMost("lifecycle.id", int64(len(id)), int64(c.e.d.Limits.RuleID), "InvalidArgument"); err != nil {
		return err
	}
	again := taken[id]
	taken[id] = true
	return c.require("lifecycle.id-again", !again, "InvalidArgument")
}

// lifecycleParts holds a rule to what it must have: a choice of objects and
// something to be done with them.
func (c *call) lifecycleParts(r *configNode) error {
	if err := c.require("lifecycle.filter", r.kid("Filter") != nil || r.kid("Prefix") != nil, "MalformedXML"); err != nil {
		return err
	}
	acts := false
	for _, name := range lifecycleActions {
		a := r.kid(name)
		acts = acts || a != nil
		if err := c.require("lifecycle.empty-action", a == nil || len(a.Kids) > 0, "MalformedXML"); err != nil {
			return err
		}
	}
	return c.require("lifecycle.action", acts, "MalformedXML")
}

func (c *call) lifecycleFilter(r *configNode) error {
	f := r.kid("Filter")
	if err := c.require("lifecycle.filter-one", f == nil || len(f.Kids) <= 1, "MalformedXML"); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, t := range f.kid("And").all("Tag") {
		if err := c.require("lifecycle.tag-again", !seen[t.at("Key")], "InvalidRequest"); err != nil {
			return err
		}
		seen[t.at("Key")] = true
	}
	return nil
}

func (c *call) lifecycleExpiration(r *configNode) error {
	e := r.kid("Expiration")
	if e == nil {
		return nil
	}
	marker := e.kid("ExpiredObjectDeleteMarker") != nil && len(e.Kids) > 1
	if err := c.require("lifecycle.marker-alone", !marker, "MalformedXML"); err != nil {
		return err
	}
	if days := e.kid("Days"); days != nil {
		if err := c.require("lifecycle.days", number(days.Text) > 0, "InvalidArgument"); err != nil {
			return err
		}
	}
	return c.lifecycleDate(e)
}

// lifecycleDate holds the date of an action to midnight.
func (c *call) lifecycleDate(action *configNode) error {
	d := action.kid("Date")
	if d == nil {
		return nil
	}
	at, err := configDate(d.Text)
	whole := err == nil && at.Equal(at.UTC().Truncate(24*time.Hour))
	return c.require("lifecycle.midnight", whole, "InvalidArgument", func(f *fault) { c.culprit("lifecycle.midnight-named", "Date", d.Text)(f) })
}

// infrequent are the storage classes that objects come to after thirty days at
// the earliest.
var infrequent = map[string]bool{"STANDARD_IA": true, "ONEZONE_IA": true}

func (c *call) lifecycleTransitions(r *configNode) error {
	for _, t := range r.all("Transition") {
		if days := t.kid("Days"); days != nil && infrequent[t.at("StorageClass")] {
			if err := c.lifecycleLate(number(days.Text)); err != nil {
				return err
			}
		}
		if err := c.lifecycleDate(t); err != nil {
			return err
		}
	}
	return nil
}

// lifecycleLate holds a transition to the days that must have passed.
func (c *call) lifecycleLate(days int64) error {
	const least = 30
	if days == least {
		return c.admit("lifecycle.days-least", "InvalidArgument")
	}
	return c.require("lifecycle.days-few", days > least, "InvalidArgument")
}

// lifecycleVersions bounds the number of versions that stay. The code of its
// refusal is not documented.
func (c *call) lifecycleVersions(r *configNode) error {
	const most = 100
	n := number(r.kid("NoncurrentVersionExpiration").at("NewerNoncurrentVersions"))
	if n == most+1 && n <= c.limit("lifecycle.newer-most", most) || n <= most {
		return nil
	}
	return c.fault("InvalidArgument")
}

// number reads what a form says is one; 0 for what is none.
func number(text string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// lifecycleOf are the rules of a bucket that are in force, nil where there are
// none.
func lifecycleOf(b *store.Bucket) (rules []*configNode) {
	text := b.Setting(lifecycleSetting)
	if text == "" {
		return nil
	}
	doc, err := configXML([]byte(text))
	if err != nil {
		return nil
	}
	for _, r := range doc.all("Rule") {
		if r.at("Status") == "Enabled" {
			rules = append(rules, r)
		}
	}
	return rules
}

// lifecycleSetting is the name of the bucket's document.
const lifecycleSetting = "lifecycle"

// lifecycleMeans tells whether a rule is about an object.
func lifecycleMeans(r *configNode, o *store.Object) bool {
	if !strings.HasPrefix(o.Key, r.at("Prefix")) {
		return false
	}
	f := r.kid("Filter")
	if and := f.kid("And"); and != nil {
		f = and
	}
	if !strings.HasPrefix(o.Key, f.at("Prefix")) {
		return false
	}
	if n := f.kid("ObjectSizeGreaterThan"); n != nil && o.Size <= number(n.Text) {
		return false
	}
	if n := f.kid("ObjectSizeLessThan"); n != nil && o.Size >= number(n.Text) {
		return false
	}
	return lifecycleTagged(f.all("Tag"), o)
}

// lifecycleTagged tells whether an object has all of these tags.
func lifecycleTagged(want []*configNode, o *store.Object) bool {
	if len(want) == 0 {
		return true
	}
	set, err := tagsIn(o)
	have := map[tag]bool{}
	for _, t := range set {
		have[t] = true
	}
	for _, w := range want {
		if !have[tag{w.at("Key"), w.at("Value")}] {
			return false
		}
	}
	return err == nil
}

// lifecycleDay is the midnight at which whole days have passed since at: the next
// one after them.
func lifecycleDay(at time.Time, days int64) time.Time {
	const day = 24 * time.Hour
	plain := at.UTC().Add(time.Duration(days) * day)
	whole := plain.Truncate(day)
	if whole.Before(plain) {
		whole = whole.Add(day)
	}
	return whole
}

// due tells whether an object's time has come, which is at; days that are no
// whole ones would end before.
func (c *call) due(o *store.Object, at time.Time) bool {
	if !c.now.Before(at) {
		return true
	}
	early := at.Add(-(at.Sub(o.Modified) % (24 * time.Hour)))
	return pick(c, "lifecycle.whole-days", false, !c.now.Before(early))
}

// dueDay is when an object expires, and by which rule; ok is false where it does
// not.
func (c *call) dueDay(rules []*configNode, o *store.Object) (at time.Time, id string, ok bool) {
	for _, r := range rules {
		e := r.kid("Expiration")
		if e.at("Days") == "" && e.at("Date") == "" {
			continue
		}
		if !lifecycleMeans(r, o) && pick(c, "lifecycle.matching", true, false) {
			continue
		}
		when := lifecycleDay(o.Modified, number(e.at("Days")))
		if text := e.at("Date"); text != "" {
			when, _ = configDate(text) // the form has read it already
		}
		if ok && (when.Before(at)) != pick(c, "lifecycle.earliest", true, false) {
			continue
		}
		at, id, ok = when, r.at("ID"), true
	}
	return at, id, ok
}

// answerExpiry tells when an object expires, where it does.
func (c *call) answerExpiry(o *store.Object) {
	if c.e.t.lifecycle.told == "" {
		return
	}
	if _, named := c.param("versionId"); named && pick(c, "lifecycle.current", true, false) {
		return
	}
	if at, id, ok := c.dueDay(lifecycleOf(c.bucket), o); ok {
		c.set("lifecycle.expiration", c.e.t.lifecycle.told, `expiry-date="`+httpDate(at)+`", rule-id="`+url.QueryEscape(id)+`"`)
	}
}

// answerAbort tells when a rule ends an upload that nobody else has ended.
func (c *call) answerAbort(u *store.Upload) {
	if c.e.t.lifecycle.told == "" {
		return
	}
	for _, r := range lifecycleOf(c.bucket) {
		days := r.kid("AbortIncompleteMultipartUpload").at("DaysAfterInitiation")
		if days != "" && lifecycleMeans(r, &store.Object{Key: u.Key}) {
			c.set("lifecycle.abort-date", c.own("abort-date"), httpDate(lifecycleDay(u.Initiated, number(days))))
			c.set("lifecycle.abort-rule", c.own("abort-rule-id"), r.at("ID"))
			return
		}
	}
}

// expire removes the objects of a bucket whose time has come.
func (c *call) expire(b *store.Bucket) error {
	rules := lifecycleOf(b)
	if rules == nil || c.e.t.lifecycle.told == "" {
		return nil
	}
	var due []string
	b.Scan("", func(o *store.Object) bool {
		if at, _, ok := c.dueDay(rules, o); ok && c.due(o, at) && o.Extra[holdKept] != holdOn && retentionOf(o).none() {
			due = append(due, o.Key)
		}
		return true
	})
	for _, key := range due {
		if !c.does("lifecycle.expires") {
			continue
		}
		if err := b.Update(key, func(*store.Object) (*store.Object, error) { return nil, nil }); err != nil {
			return err
		}
	}
	return nil
}

// living is how long the objects of a dialect live.
type living struct {
	told string // field of replies that tells when an object expires; "" where rules have no effect
}
