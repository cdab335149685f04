package emulator

import (
	"errors"

	"objectharness/internal/dialect"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// authenticate finds who signed the request. An anonymous request goes on: what
// it may do is for the operation's access check.
func (c *call) authenticate() error {
	v, err := c.verify(c.in.Request)
	var refused *sign.Refusal
	switch {
	case err == nil:
		return c.acknowledge(v)
	case !errors.As(err, &refused):
		return err
	case refused.Reason == sign.Anonymous:
		c.anonymous = true
		return c.access()
	case refused.Reason == sign.Mismatch && c.slips(refused):
		return c.acknowledge(sign.Accept(c.in.Request, refused.AccessKey, c.signForm() == "query"))
	}
	return refused
}

// acknowledge lets a request go on as the account that signed it.
func (c *call) acknowledge(v *sign.Verified) error {
	c.who, _ = c.e.account(v.AccessKey)
	c.body, c.length = v.Body, v.Length
	return c.access()
}

// verify asks the dialect's schemes one after another, until one knows the
// signature as its own; c.scheme is that one then.
func (c *call) verify(r *wire.Request) (*sign.Verified, error) {
	var last *sign.Refusal
	for _, scheme := range c.e.d.Schemes {
		c.scheme = scheme.Name()
		v, err := scheme.Verify(r, c.check(), nil)
		var refused *sign.Refusal
		if err == nil || !errors.As(err, &refused) {
			return v, err
		}
		if refused.Reason != sign.Anonymous && refused.Reason != sign.UnknownScheme {
			return nil, refused
		}
		if last == nil || last.Reason == sign.Anonymous {
			last = refused
		}
	}
	return nil, last
}

// check is what the verifier is given; the emulator's rules see every single
// check of it.
func (c *call) check() *sign.Check {
	return &sign.Check{
		Keys: func(accessKey string) (string, string, bool) {
			a, ok := c.e.account(accessKey)
			return a.SecretKey, a.Token, ok
		},
		Now: c.now, Region: c.e.d.Region, Resource: c.at.Resource(),
		Holds: func(r sign.Reason, ok bool) bool {
			if r == sign.Anonymous || r == sign.UnknownScheme {
				return ok
			}
			return c.holds(c.signRule(string(r)), ok)
		},
	}
}

// signRule names the rule of one check of a signature:
// sign.oss-v1.header.clock-skew.
func (c *call) signRule(what string) string {
	return "sign." + c.scheme + "." + c.signForm() + "." + what
}

// signForm is where the signature stands: header or query.
func (c *call) signForm() string {
	if c.in.Fields.Has("Authorization") {
		return "header"
	}
	return "query"
}

// refusal is the documented answer to a refused signature. It shows what the
// server computed, as OSS and S3 do: the way out of most mismatches.
func (c *call) refusal(r *sign.Refusal) error {
	c.e.rules.used("refusal " + c.scheme + " " + c.signForm() + " " + string(r.Reason))
	answer := c.e.d.Refuse(dialect.Form{Scheme: c.scheme, Presigned: c.signForm() == "query"}, r.Reason)
	return c.refuse(c.signRule(string(r.Reason)), answer.Code, withStatus(answer.Status), func(f *fault) {
		if r.Reason != sign.Mismatch {
			return
		}
		for _, x := range []wire.Field{{Name: c.e.t.keyElement, Value: r.AccessKey}, {Name: "SignatureProvided", Value: r.Signature},
			{Name: "StringToSign", Value: r.StringToSign}, {Name: "CanonicalRequest", Value: r.CanonicalRequest}} {
			if x.Value != "" && x.Name != "" {
				f.said.Extra = append(f.said.Extra, x)
			}
		}
	})
}
