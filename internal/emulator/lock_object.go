package emulator

import (
	"maps"
	"strings"

	"objectharness/internal/emulator/store"
)

// retentionForm is the form of a document that retains a version, or sets it free.
var retentionForm = mustForm(`
Retention
  Mode? GOVERNANCE|COMPLIANCE
  RetainUntilDate? date
`)

// holdForm is the form of a document that holds a version, or sets it free.
var holdForm = mustForm(`
LegalHold
  Status ON|OFF
`)

// lockable is the version that a request to lock or to tell a lock is about, nil
// where a broken rule lets it have none.
func (c *call) lockable() (*store.Object, error) {
	if err := c.require("lock.bucket", c.locks(), "InvalidRequest"); err != nil || !c.locks() {
		return nil, err
	}
	o, named, err := c.versionAsked("lock.version")
	if err != nil {
		return nil, err
	}
	switch {
	case o == nil && named:
		return nil, c.fault("NoSuchVersion")
	case o == nil:
		return nil, c.require("lock.missing", false, "NoSuchKey", c.keyNamed)
	case o.Marker:
		return nil, c.require("lock.marker", false, "MethodNotAllowed", c.lockMarker)
	}
	return o, nil
}

// lockMarker adds to the refusal of a delete marker what it is about.
func (c *call) lockMarker(f *fault) {
	if c.does("lock.marker-named") {
		withExtra("Method", c.in.Method)(f)
		withExtra("ResourceType", "DeleteMarker")(f)
	}
}

// tellLock answers a lock of a version as a document, or that there is none.
func (c *call) tellLock(rule, kept string, document func(text string) *configNode) error {
	o, err := c.lockable()
	if err != nil || o == nil {
		return err
	}
	text := o.Extra[kept]
	if err := c.require(rule+"-none", text != "", "NoSuchObjectLockConfiguration"); err != nil || text == "" {
		return err
	}
	doc := document(text)
	return c.sendMarkup([]byte(pick(c, rule+"-told", doc.markup(s3Space), doc.shorter().markup(s3Space))))
}

func (c *call) getRetention() error {
	return c.tellLock("lock.retention", retentionKept, func(text string) *configNode {
		r := readRetention(text)
		return element("Retention", leaf("Mode", r.mode), leaf("RetainUntilDate", r.until.Format(millis)))
	})
}

func (c *call) getHold() error {
	return c.tellLock("lock.hold", holdKept, func(text string) *configNode { return element("LegalHold", leaf("Status", text)) })
}

// lockDocument reads the document of a request in a form.
func (c *call) lockDocument(name string, form *configForm) (*configNode, error) {
	d := &config{name: name, form: form, digest: "InvalidRequest"}
	text, err := c.configText(d)
	if err != nil {
		return nil, err
	}
	kept, err := c.readConfig(d, text)
	if err != nil {
		return nil, err
	}
	doc, _ := configXML([]byte(kept)) // none where a broken rule takes it for one
	return doc, nil
}

// keepLock gives a version a lock, where check lets it.
func (c *call) keepLock(rule string, o *store.Object, kept, text string, check func(old *store.Object) error) error {
	err := c.bucket.UpdateVersion(o.Key, o.Version, func(old *store.Object) (*store.Object, error) {
		if old == nil {
			return nil, c.fault("NoSuchVersion")
		}
		if err := check(old); err != nil || !c.does(rule+"-stores") {
			return old, err
		}
		made := *old
		made.Extra = noted(maps.Clone(old.Extra), kept, text)
		if text == "" {
			delete(made.Extra, kept)
		}
		return &made, nil
	})
	if err == nil {
		c.status(rule+"-status", 200)
	}
	return err
}

func (c *call) putHold() error {
	o, err := c.lockable()
	if err != nil || o == nil {
		return err
	}
	doc, err := c.lockDocument("lock.hold", holdForm)
	if err != nil || doc == nil {
		return err
	}
	return c.keepLock("lock.hold", o, holdKept, strings.TrimSpace(doc.at("Status")), c.unhindered)
}

func (c *call) putRetention() error {
	o, err := c.lockable()
	if err != nil || o == nil {
		return err
	}
	doc, err := c.lockDocument("lock.retention", retentionForm)
	if err != nil || doc == nil {
		return err
	}
	wanted, err := c.wantedRetention(doc)
	if err != nil {
		return err
	}
	return c.keepLock("lock.retention", o, retentionKept, wanted.text(), func(old *store.Object) error { return c.mayRetain(retentionOf(old), wanted) })
}

// wantedRetention is the retention that a document asks for.
func (c *call) wantedRetention(doc *configNode) (retention, error) {
	mode, date := strings.TrimSpace(doc.at("Mode")), strings.TrimSpace(doc.at("RetainUntilDate"))
	if err := c.require("lock.retention-whole", (mode == "") == (date == ""), "MalformedXML"); err != nil {
		return retention{}, err
	}
	until, err := configDate(date)
	if err != nil {
		return retention{}, nil
	}
	return retention{mode, until}, c.require("lock.retention-past", until.After(c.now), "InvalidArgument", func(f *fault) {
		c.culprit("lock.retention-past-named", "RetainUntilDate", date)(f)
	})
}

// bypasses tells whether the request asks to get around GOVERNANCE.
func (c *call) bypasses() bool { return strings.EqualFold(c.field(c.own(bypassField)), "true") }

const bypassField = "bypass-governance-retention"

// mayRetain refuses to make a retention weaker than it is.
func (c *call) mayRetain(old, wanted retention) error {
	if old.none() || !c.now.Before(old.until) {
		return nil
	}
	shorter, other := wanted.until.Before(old.until), wanted.mode != old.mode
	switch {
	case !shorter && !other:
		return c.admit("lock.longer", "AccessDenied")
	case old.mode == compliance && other:
		return c.require("lock.compliance-mode", false, "AccessDenied")
	case old.mode == compliance:
		return c.require("lock.compliance-shorter", false, "AccessDenied")
	case c.bypasses() && wanted.none():
		return c.admit("lock.retention-removed", "AccessDenied")
	case c.bypasses() && shorter:
		return c.admit("lock.shorter-bypass", "AccessDenied")
	case c.bypasses():
		return c.admit("lock.stricter-bypass", "AccessDenied")
	case shorter:
		return c.require("lock.shorter", false, "AccessDenied")
	}
	return c.require("lock.stricter", false, "AccessDenied")
}
