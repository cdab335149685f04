package emulator

import (
	"slices"
	"time"

	"objectharness/internal/emulator/store"
)

// Header fields that lock what a request makes, behind the dialect's prefix.
const (
	lockMode  = "object-lock-mode"
	lockUntil = "object-lock-retain-until-date"
	lockHold  = "object-lock-legal-hold"
)

// validLockFields refuses fields that cannot lock what the request makes.
func (c *call) validLockFields() error {
	if c.e.t.versions.lock == "" {
		return nil
	}
	if !c.locks() {
		given := slices.ContainsFunc([]string{lockMode, lockUntil, lockHold}, func(name string) bool { return c.in.Fields.Has(c.own(name)) })
		return c.require("lock.field-bucket", !given, "InvalidRequest")
	}
	for _, check := range []func() error{c.wholeLock, c.knownLock, c.lockDate, c.lockDigest} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// wholeLock refuses a mode without a date, and a date without a mode.
func (c *call) wholeLock() error {
	missing := lockUntil
	if c.field(c.own(lockMode)) == "" {
		missing = lockMode
	}
	whole := (c.field(c.own(lockMode)) == "") == (c.field(c.own(lockUntil)) == "")
	return c.require("lock.field-whole", whole, "InvalidArgument", c.lockArgument("lock.field-missing", missing))
}

// knownLock refuses words that there are not.
func (c *call) knownLock() error {
	mode, hold := c.field(c.own(lockMode)), c.field(c.own(lockHold))
	if err := c.require("lock.field-mode", slices.Contains([]string{"", governance, compliance}, mode), "InvalidArgument",
		c.lockArgument("lock.field-named", lockMode)); err != nil {
		return err
	}
	return c.require("lock.field-hold", slices.Contains([]string{"", holdOn, holdOff}, hold), "InvalidArgument", c.lockArgument("lock.field-named", lockHold))
}

// lockDate refuses a date that is none, or that has passed.
func (c *call) lockDate() error {
	text := c.field(c.own(lockUntil))
	if text == "" {
		return nil
	}
	named := c.lockArgument("lock.field-named", lockUntil)
	until, err := time.Parse(time.RFC3339, text)
	if err := c.require("lock.field-date", err == nil, "InvalidArgument", named); err != nil {
		return err
	}
	return c.require("lock.field-past", err != nil || until.After(c.now), "InvalidArgument", named)
}

// lockArgument names the field that a refusal is about.
func (c *call) lockArgument(rule, name string) detail {
	return func(f *fault) {
		if c.does(rule) {
			withExtra("ArgumentName", c.own(name))(f)
		}
	}
}

// lockDigest refuses an upload that is to be retained and comes without a digest
// of its body.
func (c *call) lockDigest() error {
	retained := c.field(c.own(lockMode)) != "" || c.keptElement(lockSetting).kid("Rule") != nil
	if c.kind != "PutObject" || c.posted != nil || !retained {
		return nil
	}
	digest := c.in.Fields.Has("Content-MD5") || c.checksummed() || c.in.Fields.Has(c.own("trailer"))
	if digest && !c.in.Fields.Has("Content-MD5") {
		return c.admit("lock.digest-checksum", "InvalidRequest")
	}
	return c.require("lock.digest", digest, "InvalidRequest")
}

// locked keeps with what the request makes how it is locked: as its fields say,
// else as the bucket does. way names the rules of the request: put, copy or
// initiate.
func (c *call) locked(o *store.Object, way string) {
	if c.e.t.versions.lock == "" || !c.locks() {
		return
	}
	own, usual := "", c.usualRetention().text()
	if until, err := time.Parse(time.RFC3339, c.field(c.own(lockUntil))); err == nil {
		own = retention{c.field(c.own(lockMode)), until}.text()
	}
	kept := own
	switch {
	case own == "" && usual != "" && c.does("lock."+way+"-default"):
		kept = c.usualText()
	case own != "" && usual != "":
		kept = pick(c, "lock.default-yields", own, usual)
	case own != "" && !c.does("lock."+way+"-retention"):
		kept = ""
	}
	hold := c.field(c.own(lockHold))
	if hold != "" && !c.does("lock."+way+"-hold") {
		hold = ""
	}
	o.Extra = noted(noted(o.Extra, retentionKept, kept), holdKept, hold)
}

// noted is what an object keeps with one text more; "" adds none.
func noted(extra map[string]string, name, text string) map[string]string {
	switch {
	case text == "":
		return extra
	case extra == nil:
		return map[string]string{name: text}
	}
	extra[name] = text
	return extra
}

// unlockedCopy leaves the locks of a source where they are.
func (c *call) unlockedCopy(from, made *store.Object) {
	for _, x := range []struct{ kept, rule string }{{retentionKept, "lock.copied-retention"}, {holdKept, "lock.copied-hold"}} {
		if text := from.Extra[x.kept]; made.Extra[x.kept] == "" && pick(c, x.rule, "", text) != "" {
			made.Extra = noted(made.Extra, x.kept, text)
		}
	}
}

// answerLock tells how a version is locked.
func (c *call) answerLock(o *store.Object) {
	if c.e.t.versions.lock == "" || !c.locks() {
		return
	}
	r := retentionOf(o)
	if usual := c.usualRetention(); r.none() && !usual.none() {
		r = readRetention(pick(c, "lock.default-new-only", "", usual.text()))
	}
	if !r.none() {
		c.set("lock.told-mode", c.own(lockMode), r.mode)
		c.set("lock.told-until", c.own(lockUntil), r.until.Format(millis))
	}
	hold := o.Extra[holdKept]
	if newest := c.bucket.Newest(o.Key); newest != o && newest != nil {
		hold = pick(c, "lock.told-version", hold, newest.Extra[holdKept])
	}
	if hold != "" {
		c.set("lock.told-hold", c.own(lockHold), hold)
	}
}
