package emulator

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"objectharness/internal/clause"
)

// rules is where the emulator and its deviations meet: every answer that a
// clause demands passes through one of the few methods of call that ask
// deviates, so that the rule and the way to break it are one expression.
//
// A deviation is named rule:way ("append.position:code"). Which ways a rule
// has follows from its own kind in the registry (clause.Deviations).
type rules struct {
	known   map[string]clause.Rule
	broken  map[string]bool
	reached func(deviation string)
	armed   func() bool // nil: always
}

// newRules checks the deviations asked for: "rule" alone means the first
// deviation of that rule.
func newRules(deviate []string, reached func(string)) (*rules, error) {
	registry, err := registry()
	if err != nil {
		return nil, err
	}
	r := &rules{known: registry, reached: reached, broken: map[string]bool{}}
	for _, d := range deviate {
		name, kind, given := strings.Cut(d, ":")
		rule, ok := registry[name]
		if !ok {
			return nil, fmt.Errorf("emulator: no rule is called %q; harness list --rules prints them", name)
		}
		kinds := clause.Deviations(rule.Kind)
		if !given {
			kind = kinds[0]
		}
		if !slices.Contains(kinds, kind) {
			return nil, fmt.Errorf("emulator: rule %s cannot be broken by %q; it has %s", name, kind, strings.Join(kinds, ", "))
		}
		r.broken[name+":"+kind] = true
	}
	return r, nil
}

// registry is clause.Rules by name.
var registry = sync.OnceValues(func() (map[string]clause.Rule, error) {
	list, err := clause.Rules()
	if err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	out := make(map[string]clause.Rule, len(list))
	for _, r := range list {
		out[r.Name] = r
	}
	return out, nil
})

// Unknown stands in front of a deviation that Options.Reached is told of a rule
// that the registry does not have.
const Unknown = "unknown "

// deviates reports whether the rule is to be broken in this way here. Callers
// ask only where breaking it would change the answer: that is what "a case
// reaches a deviation" means.
func (r *rules) deviates(rule, kind string) bool {
	if r.reached == nil && len(r.broken) == 0 {
		return false
	}
	name := rule + ":" + kind
	if _, ok := r.known[rule]; !ok {
		name = Unknown + name
	}
	if r.reached != nil {
		r.reached(name)
	}
	return r.broken[name] && (r.armed == nil || r.armed())
}

// used tells Options.Reached that a datum of the dialect's tables was needed.
func (r *rules) used(datum string) {
	if r.reached != nil {
		r.reached(Datum + datum)
	}
}

// Datum stands in front of what Options.Reached is told of the dialect's data:
// "code NoSuchKey", "refusal oss-v1 header clock-skew".
const Datum = "datum "

// quiet tells that nobody breaks a rule or asks which are reached.
func (r *rules) quiet() bool { return r.reached == nil && len(r.broken) == 0 }

// require answers the documented code unless ok. It can be broken by accepting
// (accept), by another code (code) or by another status (status).
func (c *call) require(rule string, ok bool, code string, more ...detail) error {
	if ok || c.e.rules.deviates(rule, "accept") {
		return nil
	}
	return c.refuse(rule, code, more...)
}

// refuse answers the documented code; broken by another code or status.
func (c *call) refuse(rule, code string, more ...detail) error {
	f := c.fault(code)
	for _, m := range more {
		m(f)
	}
	return c.refuseWith(rule, f)
}

// refuseWith is refuse for a fault that is made already.
func (c *call) refuseWith(rule string, f *fault) error {
	f.rule = rule
	f.reason = c.reasonOf(f)
	if c.in.Method != "HEAD" && !f.bare && c.e.rules.deviates(rule, "code") {
		f.said.Code = c.otherCode(f)
	}
	if c.e.rules.deviates(rule, "status") {
		f.status = otherStatus(f.status)
	}
	return f
}

// holds is a condition that a deviation takes for true (accept).
func (c *call) holds(rule string, ok bool) bool {
	return ok || c.e.rules.deviates(rule, "accept")
}

// does tells whether an effect is to happen; broken by leaving it out (skip).
func (c *call) does(rule string) bool { return !c.e.rules.deviates(rule, "skip") }

// set answers a header field; broken by leaving it out (absent) or by another
// value (value).
func (c *call) set(rule, name, value string) {
	if c.e.rules.deviates(rule, "absent") {
		return
	}
	if c.e.rules.deviates(rule, "value") {
		value = otherValue(value)
	}
	c.reply.Fields.Set(name, value)
}

// setOn is set for a field that goes with a refusal.
func (c *call) setOn(f *fault, rule, name, value string) {
	if c.e.rules.deviates(rule, "absent") {
		return
	}
	if c.e.rules.deviates(rule, "value") {
		value = otherValue(value)
	}
	f.fields.Set(name, value)
}

// status answers a success status; broken by another one (status).
func (c *call) status(rule string, status int) {
	if c.e.rules.deviates(rule, "status") {
		status = otherStatus(status)
	}
	c.reply.Status = status
}

// limit is a bound; broken by one more (over).
func (c *call) limit(rule string, n int64) int64 {
	if c.e.rules.deviates(rule, "over") {
		return n + 1
	}
	return n
}

// pick is right unless the rule is broken (wrong); it is reached only where the
// two differ.
func pick[T comparable](c *call, rule string, right, wrong T) T {
	if right != wrong && c.e.rules.deviates(rule, "wrong") {
		return wrong
	}
	return right
}

// otherCode is a documented code of the same status that is not f's, the next
// in byte order; where the status has no second one, any other code.
func (c *call) otherCode(f *fault) string {
	var same, rest []string
	for code, a := range c.e.d.Codes {
		switch {
		case code == f.said.Code:
		case a.Status == f.status:
			same = append(same, code)
		default:
			rest = append(rest, code)
		}
	}
	if len(same) == 0 {
		same = rest
	}
	slices.Sort(same)
	i, _ := slices.BinarySearch(same, f.said.Code)
	return same[i%len(same)]
}

// otherStatus is a plausible mistake for a status, of the same kind of answer.
func otherStatus(status int) int {
	if other, ok := confused[status]; ok {
		return other
	}
	return 400
}

var confused = map[int]int{
	200: 204, 201: 200, 202: 200, 204: 200, 206: 200, 301: 302, 302: 301, 303: 302, 304: 412, 400: 403, 401: 403, 403: 400, 404: 403,
	405: 403, 409: 412, 411: 400, 412: 409, 413: 400, 416: 400, 501: 400, 503: 429,
}

// otherValue changes a field's value the way a slip would: a number by one, a
// text in its last character.
func otherValue(v string) string {
	if v == "" {
		return "x"
	}
	last := len(v) - 1
	if v[last] == '"' && last > 0 {
		return otherValue(v[:last]) + `"`
	}
	c := v[last]
	switch {
	case c == '9' || c == 'z' || c == 'Z':
		c -= 1
	case c >= '0' && c < '9', c >= 'a' && c < 'z', c >= 'A' && c < 'Z':
		c += 1
	default:
		c = 'x'
	}
	return v[:last] + string(c)
}
