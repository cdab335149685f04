package emulator

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/policy"
	"objectharness/internal/sign"
)

// readPolicy reads the policy of a signed form; whatever is wrong with it is
// refused by a rule of its own.
func (c *call) readPolicy() error {
	code := c.e.t.posting.badPolicy
	text, err := base64.StdEncoding.DecodeString(c.posted.get("policy"))
	if err != nil {
		return c.require("post.policy.base64", false, code, c.aboutPolicy)
	}
	if len(text) > 0 && strings.ContainsRune(" \t\r\n", rune(text[0])) && !c.does("post.policy.layout") {
		return c.fault(code)
	}
	p, wrong := policy.Parse(text, c.e.t.posting.grammar)
	for _, w := range wrong {
		if err := c.require("post."+string(w.Reason), false, code, c.aboutPolicy); err != nil {
			return err
		}
	}
	c.posted.policy = p
	return nil
}

// aboutPolicy is what COS says of policies that cannot be read.
func (c *call) aboutPolicy(f *fault) {
	c.say(f, "You must provide condition if you specify a policy in post object request.")
}

// say gives a refusal the documented words, where the dialect has such.
func (c *call) say(f *fault, text string) {
	if c.e.t.posting.messages {
		f.said.Message = pick(c, "post.message", text, f.said.Message)
	}
}

// checkPolicy holds the form's fields to its policy. key is the key as the
// conditions see it.
func (c *call) checkPolicy(key string) error {
	p := c.posted
	if p.policy == nil {
		return nil
	}
	form := policy.Form{"bucket": c.at.Bucket}
	for _, f := range p.fields {
		form[strings.ToLower(f.Name)] = f.Value
	}
	form["key"] = key
	if err := c.admitExtra(); err != nil {
		return err
	}
	return c.against(p.policy.Check(form, c.now, c.judgePolicy))
}

// admitExtra takes fields that no condition names: user metadata, and fields
// that the dialect does not know.
func (c *call) admitExtra() error {
	if c.e.t.posting.grammar.Covered {
		return nil
	}
	named := map[string]bool{}
	for _, cond := range c.posted.policy.Conditions {
		named[cond.Field] = true
	}
	for _, f := range c.posted.fields {
		name := strings.ToLower(f.Name)
		if !named[name] && (strings.HasPrefix(name, c.e.d.Meta) || name == "name") && !c.does("post.extra-free") {
			return c.fault("AccessDenied")
		}
	}
	return nil
}

// checkSize holds the file to the policy.
func (c *call) checkSize(n int64) error {
	if c.posted.policy == nil {
		return nil
	}
	return c.against(c.posted.policy.CheckSize(n, c.judgePolicy))
}

// judgePolicy sees every check of a policy. A broken rule lets pass what it must
// refuse, or refuses what holds.
func (c *call) judgePolicy(r *policy.Refusal, ok bool) bool {
	if !ok {
		if r.Reason == policy.Expired && c.now.Equal(c.posted.policy.Expiration) && !c.does("post.expires-that-second") {
			return true
		}
		return c.holds("post."+string(r.Reason), false)
	}
	rule, there := c.holding(r)
	return !there || c.does(rule)
}

// holding names the rule of a condition that holds. Those of bucket and
// signature, which nearly every policy has, have none, and of sizes only those
// at a bound.
func (c *call) holding(r *policy.Refusal) (rule string, there bool) {
	name := strings.ToLower(r.Field)
	switch r.Reason {
	case policy.Expired:
		return "post.holds.expiration", c.posted.policy.Expiration.Sub(c.now) <= time.Minute
	case policy.NotEqual:
		return "post.holds.eq", name != "bucket" && !c.isSigning(name) && !c.e.t.posting.grammar.Covered
	case policy.NoPrefix:
		return "post.holds.starts-with", name != "key" || r.Want != anyText
	case policy.TooSmall:
		return "post.holds.least", r.Size == r.Bound
	case policy.TooLarge:
		return "post.holds.most", r.Size == r.Bound
	case policy.Uncovered:
		return "post.holds.free", strings.HasPrefix(name, "x-ignore-")
	}
	return "", false
}

// anyText is what a prefix of nothing wants.
const anyText = "a text that begins with "

// isSigning tells whether a field belongs to the signature of a form.
func (c *call) isSigning(name string) bool {
	switch strings.TrimPrefix(name, c.e.d.Prefix) {
	case "algorithm", "credential", "date", "security-token", "signature-version", "q-ak", "q-sign-algorithm", "q-sign-time":
		return true
	}
	return false
}

// against is the answer to a form that its policy forbids.
func (c *call) against(no *policy.Refusal) error {
	if no == nil {
		return nil
	}
	code := "AccessDenied"
	switch no.Reason {
	case policy.TooSmall:
		code = "EntityTooSmall"
	case policy.TooLarge:
		code = "EntityTooLarge"
	}
	return c.refuse("post."+string(no.Reason), code, func(f *fault) {
		c.sizes(f, no)
		c.tell(f, no)
		c.quote(f, no)
	})
}

// sizes names the size of the file and its bound, where the dialect does.
func (c *call) sizes(f *fault, no *policy.Refusal) {
	name := map[policy.Reason]string{policy.TooSmall: "MinSizeAllowed", policy.TooLarge: "MaxSizeAllowed"}[no.Reason]
	if name == "" || !c.e.t.posting.members || !c.does("post.sizes-named") {
		return
	}
	withExtra("ProposedSize", strconv.FormatInt(no.Size, 10))(f)
	withExtra(name, strconv.FormatInt(no.Bound, 10))(f)
}

// tell says which condition a form breaks, where the dialect does.
func (c *call) tell(f *fault, no *policy.Refusal) {
	switch no.Reason {
	case policy.Expired:
		c.say(f, fmt.Sprintf("You post object request has been expired, expiration time: %d but the time now : %d", c.posted.policy.Expiration.Unix(), c.now.Unix()))
	case policy.TooSmall, policy.TooLarge:
		c.say(f, "Condition key content-length-range doesn't match the value ")
	default:
		c.say(f, "Condition key "+no.Field+" doesn't match the value "+no.Got)
	}
}

// shown are the elements of a refused signature's answer. That of a form names
// the field that is wrong.
func (c *call) shown(r sign.Reason) []string {
	if c.posted != nil && c.e.t.posting.members && r != sign.Mismatch {
		return formShown[r]
	}
	return shown[c.e.d.Name][r]
}

var formShown = map[sign.Reason][]string{
	sign.MissingField:  {"ArgumentName=form field"},
	sign.Malformed:     {"ArgumentName=form field", "ArgumentValue=got"},
	sign.BadDate:       {"ArgumentName=form field", "ArgumentValue=got"},
	sign.UnknownScheme: {"ArgumentName=form field", "ArgumentValue=got"},
}
