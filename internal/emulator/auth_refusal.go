package emulator

import (
	"fmt"
	"net/textproto"
	"strings"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/sign"
)

// foreignToken is the reason of a token that belongs to another access key, for
// the dialects that tell it from one that cannot be read.
const foreignToken sign.Reason = "foreign-token"

// refusal is the documented answer to a refused signature. It shows what the
// server computed, as OSS and S3 do: the way out of most mismatches.
func (c *call) refusal(r *sign.Refusal) error {
	form := c.form()
	r = c.inOrder(r)
	r.Reason = c.reason(r.Reason)
	c.e.rules.used("refusal " + c.scheme + " " + c.signForm() + " " + string(r.Reason))
	answer := c.e.d.Refuse(form, r.Reason)
	f := &fault{status: answer.Status}
	f.said.Code, f.said.Message = answer.Code, answer.Message
	for _, name := range c.shown(r.Reason) {
		name, from, other := strings.Cut(name, "=")
		if !other {
			from = name
		}
		if value := shows[from](c, r); value != "" {
			c.signElement(name, value)(f)
		}
	}
	return c.refuseWith(c.signRule(string(r.Reason)), f)
}

// form is the row of the table of refusals.
func (c *call) form() dialect.Form {
	at := c.signForm()
	return dialect.Form{Scheme: c.scheme, Presigned: at == "query", Posted: at == "form"}
}

// reason tells another account's token from one that nobody issued, where the
// dialect does, and a validity of nothing from one that is no validity.
func (c *call) reason(r sign.Reason) sign.Reason {
	if nothing := spellings[c.scheme].nothing; nothing != "" && r == sign.ExpiresRange {
		if value, _ := c.param(nothing); value == "0" {
			return sign.Expired
		}
	}
	if _, tells := c.e.d.Refusals[c.form()][foreignToken]; tells && r == sign.BadToken && c.hasForeignToken() {
		return foreignToken
	}
	return r
}

// inOrder is the refusal that is answered first when the signature is wrong,
// too. Everything that can be told without computing it comes before it.
func (c *call) inOrder(r *sign.Refusal) *sign.Refusal {
	if r.Reason != sign.Skewed && r.Reason != sign.Expired || c.e.rules.quiet() {
		return r
	}
	if wrong := c.mismatch(); wrong != nil && c.e.rules.deviates(c.signRule("time-first"), "order") {
		return wrong
	}
	return r
}

// mismatch is the refusal of the signature alone, nil when it is the right one.
func (c *call) mismatch() *sign.Refusal {
	ck := c.check()
	ck.Holds = func(r sign.Reason, ok bool) bool { return ok || r != sign.Mismatch && r != sign.UnknownScheme }
	for _, s := range c.e.d.Schemes {
		if s.Name() != c.scheme {
			continue
		}
		_, err := s.Verify(c.in.Request, ck, nil)
		if refused, ok := err.(*sign.Refusal); ok && refused.Reason == sign.Mismatch {
			return refused
		}
	}
	return nil
}

// hasForeignToken tells that the token that came is another account's.
func (c *call) hasForeignToken() bool {
	token := c.field(c.own("security-token"))
	for _, name := range []string{"security-token", c.own("security-token")} {
		if v, ok := c.param(name); ok {
			token = v
		}
	}
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	for _, a := range c.e.accounts {
		if token != "" && a.Token == token {
			return true
		}
	}
	return false
}

// shown are the elements of the error body by dialect and reason: a name, and
// behind an equals sign which of shows is its value where that is called otherwise.
var shown = map[string]map[sign.Reason][]string{
	"oss": {
		sign.Mismatch:   {"OSSAccessKeyId", "SignatureProvided", "StringToSign", "StringToSignBytes", "CanonicalRequest"},
		sign.UnknownKey: {"OSSAccessKeyId"},
		sign.Skewed:     {"RequestTime", "ServerTime", "MaxAllowedSkewMilliseconds"},
		sign.Expired:    {"Expires", "ServerTime"},
	},
	"cos": {sign.Mismatch: {"StringToSign", "FormatString"}},
	"s3":  s3Shown,
}

// shows are the values of those elements.
var shows = map[string]func(*call, *sign.Refusal) string{
	"OSSAccessKeyId":             func(_ *call, r *sign.Refusal) string { return r.AccessKey },
	"AWSAccessKeyId":             func(_ *call, r *sign.Refusal) string { return r.AccessKey },
	"SignatureProvided":          func(_ *call, r *sign.Refusal) string { return r.Signature },
	"StringToSign":               func(_ *call, r *sign.Refusal) string { return r.StringToSign },
	"StringToSignBytes":          func(_ *call, r *sign.Refusal) string { return hexBytes(r.StringToSign) },
	"CanonicalRequest":           func(_ *call, r *sign.Refusal) string { return r.CanonicalRequest },
	"FormatString":               func(_ *call, r *sign.Refusal) string { return r.CanonicalRequest },
	"CanonicalRequestBytes":      func(_ *call, r *sign.Refusal) string { return hexBytes(r.CanonicalRequest) },
	"Region":                     func(c *call, _ *sign.Refusal) string { return c.e.d.Region },
	"field":                      func(_ *call, r *sign.Refusal) string { return r.Field },
	"lower field":                func(_ *call, r *sign.Refusal) string { return strings.ToLower(r.Field) },
	"form field":                 func(_ *call, r *sign.Refusal) string { return textproto.CanonicalMIMEHeaderKey(r.Field) },
	"got":                        func(_ *call, r *sign.Refusal) string { return r.Got },
	"want":                       func(_ *call, r *sign.Refusal) string { return r.Want },
	"authorization":              func(c *call, _ *sign.Refusal) string { return c.field("Authorization") },
	"second":                     func(c *call, _ *sign.Refusal) string { return c.now.Format(time.RFC3339) },
	"date as sent":               (*call).sentDate,
	"validity":                   (*call).sentValidity,
	"RequestTime":                func(_ *call, r *sign.Refusal) string { return inMillis(r.Got) },
	"Expires":                    (*call).expiry,
	"ServerTime":                 func(c *call, _ *sign.Refusal) string { return c.now.Format(milliTime) },
	"MaxAllowedSkewMilliseconds": func(c *call, _ *sign.Refusal) string { return fmt.Sprint(c.e.d.Limits.Skew * 1000) },
}

const milliTime = "2006-01-02T15:04:05.000Z"

// inMillis writes a time of RFC 3339 with milliseconds.
func inMillis(text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return at.UTC().Format(milliTime)
}

// expiry is the end of a URL's validity.
func (c *call) expiry(r *sign.Refusal) string {
	if end, ok := sign.Epoch(r.Got); ok {
		return end.Format(milliTime)
	}
	return inMillis(r.Got)
}

// hexBytes writes the bytes of a text as two hexadecimal digits each, with
// blanks between.
func hexBytes(text string) string { return fmt.Sprintf("% x", text) }

// signElement adds an element to the body of a refusal; where a document speaks
// of it there is a rule, broken by leaving it out (absent) or by another value
// (value).
func (c *call) signElement(name, value string) detail {
	rule := c.signRule("shows-" + strings.ToLower(name))
	_, documented := c.e.rules.known[rule]
	return func(f *fault) {
		switch {
		case !documented:
		case c.e.rules.deviates(rule, "absent"):
			return
		case c.e.rules.deviates(rule, "value"):
			value = otherValue(value)
		}
		withExtra(name, value)(f)
	}
}
