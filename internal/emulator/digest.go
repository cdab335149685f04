package emulator

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

func crc64Text(s *store.Sums) string  { return strconv.FormatUint(s.CRC64, 10) }
func crc32Text(s *store.Sums) string  { return strconv.FormatUint(uint64(s.CRC32), 10) }
func crc32cText(s *store.Sums) string { return strconv.FormatUint(uint64(s.CRC32C), 10) }
func sha256Text(s *store.Sums) string { return hex.EncodeToString(s.SHA256[:]) }

// givenMD5 is the Content-MD5 of the request, nil where there is none. What is
// not base64 of 16 bytes is refused.
func (c *call) givenMD5() ([]byte, error) {
	if !c.in.Fields.Has("Content-MD5") {
		return nil, nil
	}
	text := c.field("Content-MD5")
	sum, err := base64.StdEncoding.DecodeString(text)
	if err == nil && len(sum) == md5.Size {
		return sum, nil
	}
	return nil, c.require("put.content-md5-form", false, "InvalidDigest", c.element("put.content-md5-element", "Content-MD5", text))
}

// matchMD5 compares the body with the Content-MD5 that came with it.
func (c *call) matchMD5(given []byte, b *store.Blob) error {
	switch {
	case given == nil:
		return nil
	case string(given) == string(b.Sums.MD5[:]):
		return c.admit("put.content-md5-right", c.e.t.writing.badMD5)
	}
	return c.require("put.content-md5", false, c.e.t.writing.badMD5,
		c.element("put.calculated-digest", "CalculatedDigest", base64.StdEncoding.EncodeToString(b.Sums.MD5[:])),
		c.element("put.expected-digest", "ExpectedDigest", hex.EncodeToString(given)))
}

// matchDigests compares the body with the other digests of the request.
func (c *call) matchDigests(b *store.Blob) error {
	for _, d := range c.e.t.writing.digests {
		if !c.in.Fields.Has(d.field) {
			continue
		}
		if !strings.EqualFold(c.field(d.field), d.sum(&b.Sums)) {
			if err := c.require(d.rule, false, d.code); err != nil {
				return err
			}
		} else if err := c.admit(d.rule+"-right", d.code); err != nil {
			return err
		}
	}
	return nil
}

// answerDigests answers the digests that were given or asked for, and keeps
// them with the object.
func (c *call) answerDigests(o *store.Object, b *store.Blob) {
	for _, d := range c.e.t.writing.digests {
		if d.keep == "" || !c.in.Fields.Has(d.field) && !c.asks(d) {
			continue
		}
		c.set(d.keep, d.field, d.sum(&b.Sums))
		if v := c.reply.Fields.Get(d.field); v != "" {
			o.Fields = append(o.Fields, store.Pair{Name: d.field, Value: v})
		}
	}
}

// asks tells whether the request asks for a digest; only the value true does.
func (c *call) asks(d digest) bool {
	return d.flag != "" && c.in.Fields.Has(d.flag) && (c.field(d.flag) == "true" || !c.does(d.keep+"-flag"))
}

// admit lets a right request pass; broken by refusing it (skip).
func (c *call) admit(rule, code string) error {
	if c.does(rule) {
		return nil
	}
	return c.fault(code)
}

// element adds an element to an error body, for the dialects that have such;
// broken by leaving it out (absent) or by another value (value).
func (c *call) element(rule, name, value string) detail {
	return func(f *fault) {
		if !c.e.t.writing.elements || c.e.rules.deviates(rule, "absent") {
			return
		}
		if c.e.rules.deviates(rule, "value") {
			value = otherValue(value)
		}
		f.said.Extra = append(f.said.Extra, wire.Field{Name: name, Value: value})
	}
}
