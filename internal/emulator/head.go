package emulator

import (
	"strconv"

	"objectharness/internal/wire"
)

// checkHead refuses heads that are no HTTP/1.1 requests, before anything in
// them is believed, and paths that cannot be decoded.
func (c *call) checkHead() error {
	r := &c.e.t.reading
	bad := c.in.Bad
	switch {
	case bad == nil:
	case bad.Kind == wire.HeadTooLarge:
		return c.closed(r.bigHead)
	case bad.Kind == wire.UnknownCoding:
		return c.require("head.coding", false, "NotImplemented", closing)
	case bad.Kind == wire.LengthAndCoding:
		return c.require("head.length-and-coding", false, r.badHead, closing)
	default:
		return c.closed(r.badHead)
	}
	if err := c.require("head.too-large", !c.overHead(), r.bigHead, c.headLimit); err != nil {
		return err
	}
	return c.require("head.path", !c.at.BadEscape, r.badPath)
}

// closed is a refusal after which the connection cannot go on.
func (c *call) closed(code string) error {
	f := c.fault(code)
	f.close = true
	return f
}

// overHead tells whether the header fields are more than the dialect allows.
func (c *call) overHead() bool {
	limit, n := c.e.d.Limits.HeadSize, 0
	for _, f := range c.in.Fields {
		n += len(f.Name) + len(": ") + len(f.Value) + len("\r\n")
	}
	return limit > 0 && n > limit
}

// headLimit tells how large a head may be.
func (c *call) headLimit(f *fault) {
	if c.does("head.limit-named") {
		withExtra("MaxSizeAllowed", strconv.Itoa(c.e.d.Limits.HeadSize))(f)
	}
}
