package emulator

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"objectharness/internal/dialect"
	"objectharness/internal/emulator/store"
)

// policing is what a dialect says of policies of buckets. The zero value keeps
// them and asks them nothing.
type policing struct {
	arn     string            // what names of resources begin with
	prefix  string            // what names of actions begin with
	actions map[string]string // operations, by their names across dialects, that are other actions than their name
	further []string          // actions that no operation of its own stands for
}

// policySetting is where a bucket keeps its policy.
const policySetting = "policy"

type (
	bucketPolicy struct {
		Version, ID string
		Statement   policyStatements
	}
	policyStatement struct {
		Sid, Effect             string
		Principal, NotPrincipal policyPrincipal
		Action, NotAction       policyWords
		Resource, NotResource   policyWords
		Condition               map[string]map[string]policyWords
	}
	// policyStatements and policyWords may be written as one or as a list.
	policyStatements []policyStatement
	policyWords      []string
	// A policyPrincipal names accounts by the kind of name; a star alone is
	// everybody.
	policyPrincipal map[string]policyWords
)

// UnmarshalJSON reads one statement or a list.
func (p *policyStatements) UnmarshalJSON(b []byte) error {
	return oneOrMore(b, (*[]policyStatement)(p))
}

// UnmarshalJSON reads a text, a truth or a list of texts.
func (p *policyWords) UnmarshalJSON(b []byte) error {
	if text := string(b); text == "true" || text == "false" {
		*p = policyWords{text}
		return nil
	}
	return oneOrMore(b, (*[]string)(p))
}

// UnmarshalJSON reads a star or an object.
func (p *policyPrincipal) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var text string
		err := json.Unmarshal(b, &text)
		*p = policyPrincipal{"": {text}}
		return err
	}
	return json.Unmarshal(b, (*map[string]policyWords)(p))
}

func oneOrMore[T any](b []byte, into *[]T) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, into)
	}
	*into = make([]T, 1)
	return json.Unmarshal(b, &(*into)[0])
}

// policyBound is the greatest policy, in bytes.
func policyBound(l *dialect.Limits) int64 { return l.PolicySize }

// policyText reads a policy.
func policyText(text []byte) (p bucketPolicy, err error) {
	return p, wholeJSON(text, &p)
}

// policyOf is the policy of a bucket, nil where there is none, or none that the
// dialect asks.
func (c *call) policyOf(b *store.Bucket) *bucketPolicy {
	text := b.Setting(policySetting)
	if text == "" || c.e.t.policies.arn == "" {
		return nil
	}
	p, err := policyText([]byte(text))
	if err != nil {
		return nil // a broken rule has let it pass
	}
	return &p
}

// validPolicy refuses a policy that the bucket cannot have.
func (c *call) validPolicy(_ *configNode, text []byte) error {
	const code = "MalformedPolicy"
	p, err := policyText(text)
	right := err == nil && bytes.HasPrefix(text, []byte("{"))
	if err := c.require("policy.json", right, code); err != nil || !right {
		return err
	}
	if err := c.require("policy.statement", len(p.Statement) > 0, code); err != nil {
		return err
	}
	for _, s := range p.Statement {
		for _, part := range []struct {
			rule string
			ok   bool
		}{
			{"policy.effect", s.Effect == "Allow" || s.Effect == "Deny"},
			{"policy.principal", c.policyKnows(s.Principal) && c.policyKnows(s.NotPrincipal) && len(s.Principal)+len(s.NotPrincipal) > 0},
			{"policy.action", c.policyActs(s.Action) && c.policyActs(s.NotAction) && len(s.Action)+len(s.NotAction) > 0},
			{"policy.resource", c.policyHolds(s.Resource) && c.policyHolds(s.NotResource) && len(s.Resource)+len(s.NotResource) > 0},
		} {
			if err := c.require(part.rule, part.ok, code); err != nil {
				return err
			}
		}
		if !policyJudges(s.Condition) {
			return c.fault(code)
		}
	}
	shut := c.blocked(c.bucket, blockPolicy) || c.e.shuts(c.bucket.Owner)
	return c.require("policy.public-blocked", !shut || !p.public(), "AccessDenied")
}

// policyKnows tells whether all names of accounts can be ones.
func (c *call) policyKnows(p policyPrincipal) bool {
	for kind, names := range p {
		for _, name := range names {
			if !c.policyName(kind, name) {
				return false
			}
		}
	}
	return true
}

// policyName tells whether a name of a kind can be an account's.
func (c *call) policyName(kind, name string) bool {
	switch kind {
	case "":
		return name == "*"
	case "AWS":
		return name == "*" || strings.HasPrefix(name, "arn:aws:iam::") || accountID.MatchString(name)
	case "CanonicalUser":
		_, known := knownAccount(c, name)
		return known
	case "Service", "Federated":
		return strings.Contains(name, ".") || strings.HasPrefix(name, "arn:aws:iam::")
	}
	return false
}

// policyActs tells whether there are such actions.
func (c *call) policyActs(actions policyWords) bool {
	t := &c.e.t.policies
	all := slices.Clone(t.further)
	for _, r := range c.e.d.Routes {
		all = append(all, orElse(t.actions[r.Kind], r.Kind))
	}
	return !slices.ContainsFunc(actions, func(pattern string) bool {
		return !slices.ContainsFunc(all, func(name string) bool { return policyAction(pattern, t.prefix+name) })
	})
}

// policyHolds tells whether all resources are the bucket or lie in it.
func (c *call) policyHolds(resources policyWords) bool {
	return !slices.ContainsFunc(resources, func(name string) bool {
		rest, ok := strings.CutPrefix(name, c.e.t.policies.arn+c.bucket.Name)
		return !ok || rest != "" && rest[0] != '/'
	})
}

// policyNarrows are the conditions that keep a policy for everybody from being
// public.
var policyNarrows = []string{"aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount",
	"aws:userid", "aws:principalorgid", "aws:principalarn", "aws:principalaccount", "s3:dataaccesspointarn", "s3:dataaccesspointaccount"}

// public tells whether a policy lets in everybody.
func (p *bucketPolicy) public() bool {
	return slices.ContainsFunc(p.Statement, func(s policyStatement) bool {
		if s.Effect != "Allow" || !s.Principal.everybody() && len(s.NotPrincipal) == 0 {
			return false
		}
		for _, keys := range s.Condition {
			for key := range keys {
				if slices.Contains(policyNarrows, strings.ToLower(key)) {
					return false
				}
			}
		}
		return true
	})
}

func (p policyPrincipal) everybody() bool {
	return slices.Contains(p[""], "*") || slices.Contains(p["AWS"], "*")
}
