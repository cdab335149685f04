package emulator

import (
	"strconv"
	"strings"

	"objectharness/internal/wire"
)

// progress is what the dialects say of listing open uploads and their parts.
type progress struct {
	strict    bool   // more than a page holds is refused, else taken for that many
	lenient   bool   // a negative bound is taken for none, else refused
	least     int    // least bound of a page
	noID      string // code for an empty uploadId; "" takes it for an unknown one
	partsCode string // element that names the encoding of a list of parts; "" knows none
	codes     string // the same of a list of uploads
	owners    bool   // lists tell whose the uploads are
	initiator bool   // and who began them
	classes   bool   // and their storage class
	begun     bool   // a list of parts tells when the upload began
	byKey     bool   // a list of uploads continues behind a key alone
	held      bool   // the ID that a list continues behind must be that of an open upload of its key
	nextLater bool   // the last page of uploads names no next marker, else its last entry
	echoFold  bool   // a list of uploads has a Delimiter also where none was asked for
}

var ossProgress = progress{strict: true, least: 1, partsCode: "EncodingType", codes: "EncodingType", echoFold: true}

var cosProgress = progress{noID: "ListPartUploadIdIsEmpty", partsCode: "Encoding-type", codes: "Encoding-Type", owners: true, initiator: true, classes: true, echoFold: true}

var bosProgress = progress{lenient: true, owners: true, classes: true, begun: true, byKey: true, nextLater: true, echoFold: true}

var s3Progress = progress{codes: "EncodingType", owners: true, initiator: true, classes: true, held: true}

// spelled is a parameter's name as the dialect writes it.
func (c *call) spelled(hyphened, camelled string) string {
	if c.e.t.json {
		return camelled
	}
	return hyphened
}

// number reads a parameter that is a number. given is false where it is not
// there, or empty, which is the same.
func (c *call) number(rules, name string) (n int, text string, given bool, err error) {
	text, there := c.param(name)
	if text == "" {
		if there {
			err = c.admit(rules+".blank", "InvalidArgument")
		}
		return 0, text, false, err
	}
	read, wrong := strconv.ParseInt(text, 10, 32)
	return int(read), text, true, wrong
}

// perPage reads how many parts or uploads the page may hold; rules is what the
// names of its rules begin with.
func (c *call) perPage(rules, name string) (int, error) {
	t, most := &c.e.t.progress, c.e.d.Limits.ListParts
	n, text, given, err := c.number(rules, name)
	refused := func(rule string) error {
		return c.require(rules+rule, false, "InvalidArgument", c.blamed(rules, name, text))
	}
	switch {
	case !given && err == nil:
		return int(c.limit(rules+".default", int64(most))), nil
	case !given:
		return most, err
	case err != nil:
		return most, refused(".max-text")
	case n < 0 && t.lenient:
		return most, nil
	case n < 0:
		return most, refused(".max-negative")
	case n < t.least:
		return most, c.fault("InvalidArgument") // no document tells
	case n == most && t.strict:
		return n, c.admit(rules+".max-most", "InvalidArgument")
	case n > most && t.strict:
		return most, refused(".max-over")
	case n > most:
		return pick(c, rules+".max-cut", most, n), nil
	}
	return n, nil
}

// blamed names the argument that a refusal is about, for the dialects that do.
func (c *call) blamed(rules, name, value string) detail {
	return func(f *fault) {
		c.about(rules+".culprit", "ArgumentName", name)(f)
		c.about(rules+".culprit", "ArgumentValue", value)(f)
	}
}

// askCode reads encoding-type; known is the element that repeats it.
func (c *call) askCode(known string) (url bool, err error) {
	text := c.text("encoding-type")
	if known == "" || text == "" || text == "url" {
		return known != "" && text == "url", nil
	}
	return false, c.fault("InvalidArgument") // no document tells
}

// coded writes a text that comes from keys as the request asks; broken by
// leaving blanks as they are.
func (c *call) coded(rule string, url bool, text string) markup {
	escaped := c.escaped(url, text)
	return markup(pick(c, rule, escaped, map[bool]string{true: strings.ReplaceAll(escaped, "%20", " "), false: text}[url]))
}

// codedKey is coded for a key; broken by leaving all of it as it is.
func (c *call) codedKey(rule string, url bool, key string) markup {
	return markup(pick(c, rule, c.escaped(url, key), key))
}

// escaped is a text as encoding-type=url has it written, where it is asked for.
func (c *call) escaped(url bool, text string) string {
	switch {
	case !url:
		return text
	case c.e.t.listing.slashes:
		return wire.EscapePath(text)
	}
	return wire.Escape(text)
}
