package exchange

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// What stands in place of what is not shown. Neither needs escaping in URLs,
// XML, JSON or a shell.
const (
	Hidden          = "REDACTED"
	HiddenSignature = "SIGNATURE-MASKED"
)

// A Policy says which signatures are shown: whoever reads a valid one can repeat
// its request.
type Policy uint8

const (
	Mask        Policy = iota // none
	KeepExpired               // those whose validity is over
	Keep                      // all: for loopback targets
)

// A Redactor hides secrets in texts: as they are, escaped for URLs, XML or JSON,
// in hexadecimal and in base64, also as part of a longer base64 text. A nil
// *Redactor knows no secrets and masks all signatures.
type Redactor struct {
	policy  Policy
	now     func() time.Time
	secrets *strings.Replacer
}

// NewRedactor makes a redactor for these secrets: secret keys, session tokens,
// derived keys. Those under 4 bytes are taken for no secrets. now is asked under
// KeepExpired only.
func NewRedactor(policy Policy, now func() time.Time, secrets ...string) *Redactor {
	return &Redactor{policy: policy, now: now, secrets: hider(Hidden, secrets)}
}

// Text hides the secrets in s; signatures are found in exchanges only.
func (r *Redactor) Text(s string) string {
	if r == nil {
		return s
	}
	return r.secrets.Replace(s)
}

// hider replaces every form of the values.
func hider(placeholder string, values []string) *strings.Replacer {
	var all []string
	for _, v := range values {
		all = append(all, forms(v)...)
	}
	// At one position the replacer takes the first that fits: the longest must win.
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	pairs := make([]string, 0, 2*len(all))
	for _, form := range slices.Compact(all) {
		pairs = append(pairs, form, placeholder)
	}
	return strings.NewReplacer(pairs...)
}

// exchange redacts x and cuts it to its final size.
func (r *Redactor) exchange(x raw) Exchange {
	text := r.hiding(&x)
	out := x.Exchange
	out.Step, out.Note, out.Error = text(x.Step), text(x.Note), text(x.Error)
	out.Request = message(x.Request, text)
	if x.Reply != nil {
		m := message(*x.Reply, text)
		out.Reply = &m
	}
	if x.steps != nil {
		for _, s := range x.steps.List {
			out.Steps = append(out.Steps, step(s, text))
		}
	}
	return out
}

// hiding makes the function that redacts all texts of x: the redactor's secrets,
// the keys among the steps, and the signatures that may not be shown.
func (r *Redactor) hiding(x *raw) func(string) string {
	var chain []*strings.Replacer
	if r != nil {
		chain = append(chain, r.secrets)
	}
	if keys := derived(x.steps); len(keys) > 0 {
		chain = append(chain, hider(Hidden, keys))
	}
	if !r.shows(x) {
		if found := signatures(x); len(found) > 0 {
			chain = append(chain, hider(HiddenSignature, found))
		}
	}
	return func(s string) string {
		for _, c := range chain {
			s = c.Replace(s)
		}
		return s
	}
}

// shows tells whether the signatures of x may be shown.
func (r *Redactor) shows(x *raw) bool {
	if r == nil || r.policy == Mask {
		return false
	}
	if r.policy == Keep {
		return true
	}
	end, ok := expiry(&x.Request)
	return ok && r.now().After(end)
}

func derived(steps *sign.Steps) (keys []string) {
	if steps == nil {
		return nil
	}
	for _, s := range steps.List {
		if s.Secret {
			keys = append(keys, s.Value)
		}
	}
	return keys
}

func step(s sign.Step, text func(string) string) sign.Step {
	if s.Secret {
		s.Value = Hidden
	} else {
		s.Value = cut(text(s.Value), HeadMax)
	}
	return s
}

func message(m Message, text func(string) string) Message {
	m.Target = cut(text(m.Target), HeadMax)
	m.Reason = text(m.Reason)
	m.Fields, m.FieldsLeft = fields(m.Fields, text)
	body := text(string(m.Body))
	m.Body = []byte(body[:min(len(body), BodyMax)])
	return m
}

// fields redacts fields and keeps as many as HeadMax allows, but always one.
func fields(all wire.Fields, text func(string) string) (kept wire.Fields, left int) {
	size := 0
	for i, f := range all {
		f.Name, f.Value = cut(text(f.Name), HeadMax), cut(text(f.Value), HeadMax)
		if size += len(f.Name) + len(f.Value); size > HeadMax && i > 0 {
			return kept, len(all) - i
		}
		kept = append(kept, f)
	}
	return kept, 0
}

func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
