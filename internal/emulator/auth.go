package emulator

import (
	"errors"
	"math"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// authenticate finds who signed the request. An anonymous request goes on: what
// it may do is for the operation's access check.
func (c *call) authenticate() error {
	if c.kind == "PostObject" {
		return c.authenticateForm()
	}
	v, err := c.verify(c.counted())
	var refused *sign.Refusal
	switch {
	case err == nil:
		return c.acknowledge(v)
	case !errors.As(err, &refused):
		return err
	case refused.Reason == sign.Anonymous, refused.Reason == sign.UnknownScheme && c.holds(c.signRule(string(refused.Reason)), false):
		c.anonymous = true
		return c.access()
	case refused.Reason == sign.Mismatch && c.slips(refused):
		return c.acknowledge(sign.Accept(c.in.Request, refused.AccessKey, c.signForm() == "query"))
	}
	return refused
}

// acknowledge lets a request go on as the account that signed it.
func (c *call) acknowledge(v *sign.Verified) error {
	known := false
	if c.who, known = c.e.account(v.AccessKey); !known {
		c.who = c.e.first()
	}
	c.unwrap(v)
	if over := !c.who.Ends.IsZero() && c.now.After(c.who.Ends); !c.passes(sign.TokenEnded, !over) {
		return &sign.Refusal{Reason: sign.TokenEnded, AccessKey: v.AccessKey}
	}
	if !c.passes(sign.Both, !c.signedTwice()) {
		return &sign.Refusal{Reason: sign.Both}
	}
	if d := spellings[c.scheme].date; d.holds != nil && !c.passes(d.reason, d.holds(c)) {
		return &sign.Refusal{Reason: d.reason}
	}
	if refused := c.overstrict(); refused != nil {
		return refused
	}
	c.adopt()
	return c.access()
}

// signedTwice tells that a request whose header is signed has a URL that is
// signed by another scheme.
func (c *call) signedTwice() bool {
	if c.signForm() == "query" || len(c.e.d.Schemes) < 2 || len(c.query) == 0 {
		return false
	}
	s, ok := sign.Claimed(&wire.Request{Target: c.in.Target}, c.e.d.Schemes)
	return ok && s.Name() != c.scheme
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
	longest := time.Duration(c.e.d.Limits.MaxExpires) * time.Second
	if spellings[c.scheme].unbounded {
		longest = math.MaxInt64
	}
	return &sign.Check{
		Keys: c.keys, Now: c.now, Region: c.region, Resource: c.at.Resource(),
		Skew: time.Duration(c.e.d.Limits.Skew) * time.Second, MaxValid: longest,
		Holds: func(r sign.Reason, ok bool) bool {
			if r == sign.Anonymous || r == sign.UnknownScheme && !spellings[c.scheme].alone {
				return ok
			}
			return c.passes(r, ok)
		},
	}
}

// passes is one check of a signature. A server that lets pass what this rule
// refuses takes the request for a right one: no later check stands in for it.
func (c *call) passes(r sign.Reason, ok bool) bool {
	if ok || c.overruled {
		return true
	}
	c.overruled = c.holds(c.signRule(string(c.reason(r))), false)
	return c.overruled
}

// keys finds the secret and token of an access key.
func (c *call) keys(accessKey string) (secret, token string, ok bool) {
	a, ok := c.e.account(accessKey)
	if ok && !c.e.rules.quiet() {
		a = pick(c, "sign.account", a, c.e.accountLike(a))
	}
	return a.SecretKey, a.Token, ok
}

// accountLike is what a server finds that looks for access keys by their
// beginning: the last account whose key begins as the given one's.
func (e *Emulator) accountLike(a Account) Account {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, other := range e.accounts {
		if len(other.AccessKey) > len(a.AccessKey) && other.AccessKey[:len(a.AccessKey)] == a.AccessKey {
			return other
		}
	}
	return a
}

// first is the account that a broken rule lets a nameless request go on as.
func (e *Emulator) first() Account {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.accounts) == 0 {
		return Account{}
	}
	return e.accounts[0]
}

// signRule names the rule of one check of a signature:
// sign.oss-v1.header.clock-skew.
func (c *call) signRule(what string) string {
	return "sign." + c.scheme + "." + c.signForm() + "." + what
}

// signForm is where the signature stands: header, query or form.
func (c *call) signForm() string {
	if c.posted != nil {
		return "form"
	}
	if c.in.Fields.Has("Authorization") {
		return "header"
	}
	return "query"
}

// counted is the request with what counts of its repeated parameters: where a
// document lets the first count, a server could take the last.
func (c *call) counted() *wire.Request {
	if c.e.rules.quiet() {
		return c.in.Request
	}
	for _, scheme := range c.e.d.Schemes {
		if once := spellings[scheme.Name()].first; once != nil {
			c.scheme = scheme.Name()
			return pick(c, c.signRule("first-counts"), c.in.Request, lastOfEach(c.in.Request, once))
		}
	}
	return c.in.Request
}
