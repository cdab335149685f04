package emulator

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// overstrict refuses right signatures where a rule is broken that says that they
// are to be accepted; nil otherwise.
func (c *call) overstrict() *sign.Refusal {
	if c.e.rules.quiet() {
		return nil
	}
	for _, s := range append(slices.Clip(stricter), spellings[c.scheme].strict...) {
		if s.at(c) && pick(c, c.signRule(s.part), false, true) {
			return &sign.Refusal{Reason: s.reason}
		}
	}
	return nil
}

// A strictness is a way of a server to refuse what it must accept: the last part
// of the rule's name, where it shows, and the refusal.
type strictness struct {
	part   string
	at     func(*call) bool
	reason sign.Reason
}

// stricter are those of every scheme.
var stricter = []strictness{
	{"accepts", (*call).signedUnusually, sign.Anonymous},
	{"tolerance", (*call).nearlyLate, sign.Skewed},
	{"last-second", (*call).inLastSecond, sign.Expired},
	{"date-ignored", (*call).datedInURL, sign.Skewed},
	{"token-accepted", (*call).hasToken, sign.BadToken},
	{"blank-after-comma", (*call).blankAfterComma, sign.Malformed},
	{"longest", (*call).longest, sign.ExpiresRange},
	{"host-unlisted", (*call).hostUnlisted, sign.Mismatch},
	{"date-listed", (*call).dateListed, sign.Mismatch},
	{"field-unlisted", (*call).fieldUnlisted, sign.Mismatch},
	{"parameter-unlisted", (*call).parameterUnlisted, sign.Mismatch},
	{"other-key-time", (*call).otherKeyTime, sign.Malformed},
}

// signedUnusually tells that the signature is in the URL, or not of the scheme
// that clients take unless told otherwise.
func (c *call) signedUnusually() bool {
	return c.signForm() == "query" || c.scheme != c.e.d.Schemes[0].Name()
}

// nearlyLate is the last sixth of the tolerance on either side.
func (c *call) nearlyLate() bool {
	if c.signForm() == "query" {
		return false
	}
	at, ok := c.datedAt()
	return ok && c.now.Sub(at).Abs() > sign.DefaultSkew*5/6
}

// datedAt is the time that the request's header says.
func (c *call) datedAt() (time.Time, bool) {
	if at, err := time.Parse("20060102T150405Z", c.field(c.own("date"))); err == nil {
		return at, true
	}
	at, err := time.Parse(time.RFC1123, c.field("Date"))
	return at, err == nil
}

func (c *call) inLastSecond() bool {
	until, ok := c.param("Expires")
	return ok && c.signForm() == "query" && until == strconv.FormatInt(c.now.Unix(), 10)
}

// datedInURL tells that a signed URL came with a date that would be too far off.
func (c *call) datedInURL() bool {
	at, ok := c.datedAt()
	return ok && c.signForm() == "query" && c.now.Sub(at).Abs() > sign.DefaultSkew
}

func (c *call) hasToken() bool { return c.who.Token != "" }

func (c *call) blankAfterComma() bool {
	return c.signedUnusually() && strings.Contains(c.field("Authorization"), ", ")
}

// longest tells that a URL is good for as long as the scheme allows.
func (c *call) longest() bool {
	return slices.ContainsFunc(c.query, func(p wire.Param) bool {
		return strings.EqualFold(p.Name, c.own("expires")) && p.Value == strconv.Itoa(c.e.d.Limits.MaxExpires)
	})
}

// lastOfEach is the request with only the last of its repeated parameters. What
// a server that takes the last one sees.
func lastOfEach(r *wire.Request, names []string) *wire.Request {
	path, raw := wire.SplitTarget(r.Target)
	last := map[string]int{}
	params := wire.ParseQuery(raw)
	for i, p := range params {
		last[p.Name] = i
	}
	var kept []wire.Param
	for i, p := range params {
		if last[p.Name] == i || !slices.Contains(names, p.Name) {
			kept = append(kept, p)
		}
	}
	if len(kept) == len(params) {
		return r
	}
	other := *r
	other.Target = string(wire.AppendQuery([]byte(path+"?"), kept))
	return &other
}
