package emulator

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"objectharness/internal/wire"
)

// atMost refuses n over a limit, where there is one. Three rules hold it: the
// refusal itself, the limit (rule.limit), and that the limit can be reached
// (rule.most).
func (c *call) atMost(rule string, n, limit int64, code string) error {
	switch {
	case limit == 0 || n < limit:
		return nil
	case n == limit:
		return c.admit(rule+".most", code)
	case n == limit+1 && n == c.limit(rule+".limit", limit):
		return nil
	}
	return c.require(rule, false, code)
}

// validKey refuses keys that the dialect does not allow.
func (c *call) validKey() error {
	r, key := &c.e.d.Keys, c.at.Key
	if err := c.atMost("key.too-long", int64(len(key)), int64(r.Max), r.LongCode); err != nil {
		return err
	}
	if err := c.require("key.utf8", utf8.ValidString(key), r.Code); err != nil {
		return err
	}
	if err := c.require("key.first", key != "" && strings.IndexByte(r.First, key[0]) < 0, r.Code); err != nil {
		return err
	}
	return c.require("key.bytes", !strings.ContainsAny(key, r.Without), r.Code)
}

// slips are the ways in which stores get keys wrong.
var slips = []struct {
	rule string
	slip func(key string) string
}{
	{"key.decoded", wire.EscapePath},
	{"key.percent", func(key string) string { again, _ := wire.Unescape(key); return again }},
	{"key.slashes", func(key string) string { return many.ReplaceAllString(key, "/") }},
	{"key.first-slash", func(key string) string { return strings.TrimLeft(key, "/") }},
	{"key.last-slash", func(key string) string { return strings.TrimRight(key, "/") }},
	{"key.case", strings.ToLower},
	{"key.control", func(key string) string { return strings.ReplaceAll(key, "\x07", "") }},
}

var many = regexp.MustCompile(`//+`)

// storedKey is the key under which an upload is stored: the decoded one, as it
// is.
func (c *call) storedKey() string {
	key := c.at.Key
	for _, s := range slips {
		key = pick(c, s.rule, key, s.slip(key))
	}
	return key
}
