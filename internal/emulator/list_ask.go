package emulator

import (
	"strconv"
	"unicode/utf8"
)

// listing is what the dialects say of listing objects.
type listing struct {
	maxKeys  string // query parameter that bounds a page
	least    int    // least value of it
	strict   bool   // more than a page holds is refused, else taken for that many
	lenient  bool   // a negative one is taken for none, else refused
	longest  int    // bytes of prefix, marker, start-after and delimiter; 0 for any
	single   string // code for a delimiter of several characters; "" folds by it
	encodes  bool   // encoding-type is known
	noBlank  bool   // an empty encoding-type is refused, else taken for none
	slashes  bool   // encoded keys keep their slashes
	space    string // namespace of the document
	class    string // storage class of objects that have none of their own
	echoFold bool   // the document has a Delimiter also where none was asked for
	foldNext bool   // only a listing with a delimiter names the next marker
	ofBucket bool   // the owner is that of the bucket, not of the object
	account  bool   // the owner is the account that the bucket's name ends in
	nameless bool   // owners have no display name
}

var ossListing = listing{
	maxKeys: "max-keys", least: 1, strict: true, longest: 1023, encodes: true,
	space: "http://doc.oss-cn-hangzhou.aliyuncs.com", class: "Standard", echoFold: true, ofBucket: true,
}

var cosListing = listing{maxKeys: "max-keys", single: "InvalidDelimiter", encodes: true, slashes: true, class: "STANDARD", account: true}

var bosListing = listing{maxKeys: "maxKeys", lenient: true, single: "InvalidArgument", class: "STANDARD"}

var s3Listing = listing{
	maxKeys: "max-keys", encodes: true, noBlank: true, slashes: true,
	space: "http://s3.amazonaws.com/doc/2006-03-01/", class: "STANDARD", foldNext: true, nameless: true,
}

// listAsk is what the request of a listing says.
type listAsk struct {
	lookup
	marker, startAfter, token string
	continues                 bool // there is a token
	owner                     bool // fetch-owner=true
	url                       bool // encoding-type=url
	encoding                  string
}

// askListing reads the parameters that all listings have and refuses what none may.
func (c *call) askListing() (a listAsk, err error) {
	a.prefix, a.delimiter, a.encoding = c.text("prefix"), c.text("delimiter"), c.text("encoding-type")
	if a.max, err = c.pageSize(); err != nil {
		return a, err
	}
	if err := c.checkEncoding(&a); err != nil {
		return a, err
	}
	if err := c.checkLength("prefix", a.prefix); err != nil {
		return a, err
	}
	return a, c.checkDelimiter(a.delimiter)
}

// text is a parameter that is empty when it is not there; an empty one is as
// good as none.
func (c *call) text(name string) string {
	value, _ := c.param(name)
	return value
}

// checkBlank lets an empty parameter pass.
func (c *call) checkBlank(names ...string) error {
	for _, name := range names {
		if value, ok := c.param(name); ok && value == "" {
			if err := c.admit("list.blank", "InvalidArgument"); err != nil {
				return err
			}
		}
	}
	return nil
}

// pageSize reads how many entries the page may hold.
func (c *call) pageSize() (int, error) {
	t, l := &c.e.t.listing, &c.e.d.Limits
	text := c.text(t.maxKeys)
	if text == "" {
		return int(c.limit("list.default", int64(l.ListDefault))), nil
	}
	given, err := strconv.ParseInt(text, 10, 32)
	n := int(given)
	refused := func(rule string) error { return c.require(rule, false, "InvalidArgument", c.blame(t.maxKeys, text)) }
	switch {
	case err != nil:
		return l.ListDefault, refused("list.max-keys-text")
	case n < 0 && t.lenient:
		return pick(c, "list.max-keys-negative-usual", l.ListDefault, 0), nil
	case n < 0:
		return l.ListDefault, refused("list.max-keys-negative")
	case n < t.least:
		return n, refused("list.max-keys-zero")
	case n == 0:
		return pick(c, "list.max-keys-none", 0, l.ListDefault), nil
	case n == l.ListKeys && t.strict:
		return n, c.admit("list.max-keys-most", "InvalidArgument")
	case n > l.ListKeys && t.strict:
		return n, refused("list.max-keys-over")
	case n > l.ListKeys:
		return pick(c, "list.max-keys-cut", l.ListKeys, n), nil
	}
	return n, nil
}

// blame names the argument that a refusal is about.
func (c *call) blame(name, value string) detail {
	return func(f *fault) { c.culprit("list.culprit", name, value)(f) }
}

// checkEncoding refuses another encoding-type than url.
func (c *call) checkEncoding(a *listAsk) error {
	value, given := c.param("encoding-type")
	t := &c.e.t.listing
	if !given || !t.encodes || value == "" && !t.noBlank {
		return nil
	}
	a.url = value == "url"
	return c.require("list.encoding-unknown", a.url, "InvalidArgument", c.blame("encoding-type", value))
}

// checkLength refuses a text that is too long; each parameter has rules of its
// own.
func (c *call) checkLength(name, value string) error {
	return c.atMost("list."+name+"-long", int64(len(value)), int64(c.e.t.listing.longest), "InvalidArgument")
}

// checkDelimiter refuses a delimiter that is too long.
func (c *call) checkDelimiter(delimiter string) error {
	if code := c.e.t.listing.single; code != "" {
		return c.require("list.delimiter-single", utf8.RuneCountInString(delimiter) <= 1, code)
	}
	return c.checkLength("delimiter", delimiter)
}

// askStart reads where a listing without a token begins.
func (c *call) askStart(a *listAsk) error {
	a.startAfter = c.text("start-after")
	a.after = a.startAfter
	return c.checkLength("start-after", a.startAfter)
}

// askToken reads the token of a listing that continues another.
func (c *call) askToken(a *listAsk) error {
	a.token, a.continues = c.param("continuation-token")
	if !a.continues {
		return nil
	}
	if a.token == "" {
		return c.admit("list.token-blank", "InvalidArgument")
	}
	after, issued := afterToken(a.token)
	if err := c.require("list.token-unknown", issued, "InvalidArgument", c.blame("continuation-token", a.token)); err != nil {
		return err
	}
	if a.startAfter != "" {
		after = pick(c, "list.token-first", after, a.startAfter)
	}
	a.after = after
	return nil
}
