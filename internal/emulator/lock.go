package emulator

import (
	"strconv"
	"strings"
	"time"

	"objectharness/internal/emulator/store"
)

// lockForm is the form of what a bucket of S3 says of its locks.
var lockForm = mustForm(`
ObjectLockConfiguration
  ObjectLockEnabled Enabled
  Rule?
    DefaultRetention
      Mode GOVERNANCE|COMPLIANCE
      Days? int
      Years? int
`)

// lockInitial is what a bucket says that was made with locks.
const lockInitial = "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>"

// How long a default retention may be.
const (
	lockDays  = 36500
	lockYears = 100
)

// lockNew makes a new bucket one whose versions can be locked, where the request
// asks for it.
func (c *call) lockNew(b *store.Bucket) error {
	field := c.e.t.versions.lock
	if field == "" || !strings.EqualFold(c.field(field), "true") {
		return nil
	}
	if c.does("lock.new-versions") {
		if err := b.Configure(versioningSetting, enabled); err != nil {
			return err
		}
	}
	if !c.does("lock.new") {
		return nil
	}
	return b.Configure(lockSetting, lockInitial)
}

// locks tells whether versions in the bucket can be locked.
func (c *call) locks() bool { return c.bucket.Setting(lockSetting) != "" }

// validLock holds what a bucket is to say of its locks to what there can be.
func (c *call) validLock(doc *configNode, _ []byte) error {
	if d := doc.kid("Rule").kid("DefaultRetention"); d != nil {
		days, years := d.kid("Days"), d.kid("Years")
		if err := c.require("lock.one-period", (days == nil) != (years == nil) || d.kid("Mode") == nil, "MalformedXML"); err != nil {
			return err
		}
		if err := c.validPeriod(days, lockDays); err != nil {
			return err
		}
		if err := c.validPeriod(years, lockYears); err != nil {
			return err
		}
	}
	if c.versioning == enabled && !c.locks() {
		return c.admit("lock.later", "InvalidBucketState")
	}
	return c.require("lock.needs-versions", c.versioning == enabled, "InvalidBucketState")
}

// validPeriod holds a number of days or years, nil for none, to its bounds.
func (c *call) validPeriod(period *configNode, most int64) error {
	if period == nil {
		return nil
	}
	named := func(f *fault) { c.culprit("lock.period-named", period.Name, period.Text)(f) }
	n, _ := strconv.ParseInt(strings.TrimSpace(period.Text), 10, 64) // the form has read it already
	if err := c.require("lock.period-least", n > 0, "InvalidArgument", named); err != nil {
		return err
	}
	switch {
	case n == most:
		return c.admit("lock.period-reached", "InvalidArgument")
	case n == most+1 && n == c.limit("lock.period-limit", most):
		return nil
	}
	return c.require("lock.period-most", n <= most, "InvalidArgument", named)
}

// A retention is how long, and how strictly, a version is kept from being
// removed. The zero value keeps nothing.
type retention struct {
	mode  string
	until time.Time
}

// The modes: some may get around the first, nobody around the second.
const (
	governance = "GOVERNANCE"
	compliance = "COMPLIANCE"
)

func (r retention) none() bool { return r.mode == "" }

// text is how an object keeps it, "" for none.
func (r retention) text() string {
	if r.none() {
		return ""
	}
	return r.mode + " " + r.until.UTC().Format(millis)
}

// retentionOf is the retention of a version.
func retentionOf(o *store.Object) retention { return readRetention(o.Extra[retentionKept]) }

// readRetention is the opposite of text.
func readRetention(kept string) retention {
	mode, date, _ := strings.Cut(kept, " ")
	until, err := time.Parse(millis, date)
	if err != nil {
		return retention{}
	}
	return retention{mode, until}
}

// Where an object keeps its locks.
const (
	retentionKept = "retention"
	holdKept      = "legal-hold"
)

// Words of a legal hold.
const (
	holdOn  = "ON"
	holdOff = "OFF"
)

// usualRetention is what the bucket says of a version that comes without a word of
// it; there is none where it says nothing.
func (c *call) usualRetention() retention {
	d := c.keptElement(lockSetting).kid("Rule").kid("DefaultRetention")
	days, years := int(number(d.at("Days"))), int(number(d.at("Years")))
	return retention{mode: d.at("Mode"), until: c.now.AddDate(years, 0, days)}
}

// usualText is the usual retention, whose period a broken rule may take for another.
func (c *call) usualText() string {
	r, d := c.usualRetention(), c.keptElement(lockSetting).kid("Rule").kid("DefaultRetention")
	rule, wrong := "lock.default-days", r.until.AddDate(0, 0, 1)
	if years := int(number(d.at("Years"))); years > 0 {
		rule, wrong = "lock.default-years", c.now.AddDate(0, 0, years)
	}
	return pick(c, rule, r.text(), retention{r.mode, wrong}.text())
}
