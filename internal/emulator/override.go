package emulator

import (
	"strings"
)

// override lets the response parameters of the query take the place of the
// fields that were stored.
func (c *call) override() error {
	for _, o := range c.e.t.reading.overrides {
		value, ok := c.param(o.Name)
		if !ok {
			continue
		}
		if code := c.e.t.access.noOverride; code != "" {
			if err := c.require("override.signed", !c.anonymous, code); err != nil {
				return err
			}
		}
		if c.e.t.reading.latin1 {
			if err := c.require("override.latin1", isLatin1(value), "InvalidArgument",
				c.culprit("override.culprit", o.Name, value)); err != nil {
				return err
			}
		}
		if c.does("override.applies") {
			c.reply.Fields.Set(o.Value, value)
		}
	}
	c.strangers()
	return nil
}

// strangers are response parameters of no field that may be replaced: they
// change nothing.
func (c *call) strangers() {
	for _, p := range c.query {
		name, ok := strings.CutPrefix(p.Name, "response")
		if !ok || c.overridden(p.Name) {
			continue
		}
		name = strings.Trim(name, "-")
		if pick(c, "override.others", false, true) {
			c.reply.Fields.Set(name, p.Value)
		}
	}
}

func (c *call) overridden(param string) bool {
	for _, o := range c.e.t.reading.overrides {
		if o.Name == param {
			return true
		}
	}
	return false
}

// errorType is the Content-Type of an error body, whatever the query asks for.
func (c *call) errorType() string {
	wanted := c.e.d.Type
	for _, o := range c.e.t.reading.overrides {
		if v, ok := c.param(o.Name); ok && o.Value == "Content-Type" {
			wanted = v
		}
	}
	return pick(c, "override.success-only", c.e.d.Type, wanted)
}

// culprit names the argument that a refusal is about.
func (c *call) culprit(rule, name, value string) detail {
	if !c.does(rule) {
		return func(*fault) {}
	}
	return func(f *fault) {
		withExtra("ArgumentName", name)(f)
		withExtra("ArgumentValue", value)(f)
	}
}

// isLatin1 tells whether ISO-8859-1 can hold a text.
func isLatin1(s string) bool {
	for _, r := range s {
		if r > 0xff {
			return false
		}
	}
	return true
}
