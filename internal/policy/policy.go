// Package policy reads and evaluates the policies of form uploads: the signed
// JSON document that says until when a form may come and what its fields may
// hold. It knows no form, no signature and no clock: those are arguments.
//
// What the documents of the dialects say differently is a Grammar.
package policy

import (
	"fmt"
	"strings"
	"time"
)

// Bounds of a policy; the documents bound the fields of a form to 20 KB, and a
// policy is one of them.
const (
	MaxSize       = 64 << 10 // bytes of the document
	MaxConditions = 1000
)

// A Grammar is what a dialect allows in a policy. Names of fields are in lower
// case.
type Grammar struct {
	Fraction bool                    // an expiration may have a fraction of a second
	Dollar   bool                    // a dollar sign may be written \$, which JSON does not know
	Wildcard bool                    // an exact value that ends in an asterisk is a prefix
	Digits   bool                    // the bounds of a range may be strings of digits
	Late     bool                    // a field without its dollar sign, or a range of no numbers, fails as a condition, not as a document
	Present  bool                    // a field that a condition names must be in the form
	Covered  bool                    // every field of the form needs a condition
	Free     func(field string) bool // where Covered: fields that need none; nil for none
	Exact    func(field string) bool // fields that only exact conditions may name; nil for none
	Required []string                // names that need an exact condition
	Alias    map[string]string       // names of conditions that are not the name of their field
}

// A Reason says what is wrong with a policy, or which kind of condition does not
// hold. Those that begin with "policy." are about the document.
type Reason string

// The reasons.
const (
	NotText       Reason = "policy.utf-8"          // the document is too long or no UTF-8
	NotJSON       Reason = "policy.json"           // it is no JSON object
	UnknownMember Reason = "policy.member"         // it has a member that none has, or one twice
	NoExpiration  Reason = "policy.no-expiration"  // it has no expiration
	NoConditions  Reason = "policy.no-conditions"  // it has no list of conditions
	BadExpiration Reason = "policy.expiration"     // the expiration is no time in the documented form
	BadCondition  Reason = "policy.condition"      // a condition that is neither list nor object, or of other things than texts
	Properties    Reason = "policy.properties"     // an object condition without exactly one property
	Operator      Reason = "policy.operator"       // a list condition with an operator that none is called by
	Arguments     Reason = "policy.arguments"      // a list condition with too few or too many arguments
	ExactOnly     Reason = "policy.exact-only"     // a prefix for a field that allows exact matches only
	Unpinned      Reason = "policy.required"       // a name that needs an exact condition has none
	Expired       Reason = "expired"               // the policy has ended
	NotEqual      Reason = "condition.eq"          // a field is not the value
	NoPrefix      Reason = "condition.starts-with" // a field does not begin with the value
	NoDollar      Reason = "condition.dollar"      // a condition names a field without the dollar sign
	BadRange      Reason = "condition.range"       // the bounds of a range are no numbers
	TooSmall      Reason = "condition.too-small"   // the file is below the range
	TooLarge      Reason = "condition.too-large"   // the file is above the range
	Absent        Reason = "condition.absent"      // a condition names a field that the form has not
	Uncovered     Reason = "condition.uncovered"   // a field has no condition
)

// A Refusal is why a policy, or a form under it, is refused.
type Refusal struct {
	Reason    Reason
	Line      int    // of the document, from 1; 0 where it is about no place
	Place     string // "expiration", "conditions[2]", or the name of a field without a condition
	Field     string // the form's field that it is about; "" for none
	Got, Want string
	Size      int64 // bytes of the file, where Reason is TooSmall or TooLarge
	Bound     int64 // the bound that Size breaks
}

func (r *Refusal) Error() string {
	at := r.Place
	if r.Line > 0 {
		at = fmt.Sprintf("line %d: %s", r.Line, r.Place)
	}
	return fmt.Sprintf("policy: %s: %s: got %s, want %s", r.Reason, at, excerpt(r.Got), r.Want)
}

// excerpt bounds what is quoted.
func excerpt(s string) string {
	if len(s) > 120 {
		s = s[:120] + "…"
	}
	return fmt.Sprintf("%q", s)
}

// An Op is what a condition demands.
type Op uint8

// The operators.
const (
	Equal Op = iota
	StartsWith
	SizeRange
)

// A Condition is one of a policy.
type Condition struct {
	Op       Op
	Field    string // the form's field, in lower case
	Name     string // as the policy names it
	Value    string
	Min, Max int64 // bytes, both included: SizeRange
	Line     int   // of the document, from 1
	Place    string
	broken   Reason // Late: it never holds
}

// A Policy is what could be read of a document.
type Policy struct {
	Expiration time.Time // zero where there is none
	Conditions []Condition
	grammar    *Grammar
}

// A Form is the fields of a form before the file, by their names in lower case.
// "bucket" is the bucket that it goes to.
type Form map[string]string

// Holds sees the outcome of every single check and may overrule it.
type Holds func(r *Refusal, ok bool) bool

// Check tells the first thing that a form breaks, nil for nothing. The size of
// the file is CheckSize's. A nil holds takes each outcome as it is.
func (p *Policy) Check(form Form, now time.Time, holds Holds) *Refusal {
	t := trial{holds: holds}
	if !p.Expiration.IsZero() {
		t.must(now.Before(p.Expiration), Refusal{Reason: Expired, Place: "expiration", Got: stamp(now), Want: "a time before " + stamp(p.Expiration)})
	}
	for _, c := range p.Conditions {
		if c.Op != SizeRange || c.broken != "" {
			p.checkField(&t, c, form)
		}
	}
	if p.grammar.Covered {
		p.checkCovered(&t, form)
	}
	return t.no
}

func (p *Policy) checkField(t *trial, c Condition, form Form) {
	got, there := form[c.Field]
	no := Refusal{Line: c.Line, Place: c.Place, Field: c.Name, Got: got, Want: c.Value}
	switch {
	case c.broken != "":
		no.Reason = c.broken
		t.must(false, no)
	case !there && p.grammar.Present:
		no.Reason = Absent
		t.must(false, no)
	case c.Op == Equal:
		no.Reason = NotEqual
		t.must(got == c.Value, no)
	default:
		no.Reason, no.Want = NoPrefix, "a text that begins with "+c.Value
		t.must(strings.HasPrefix(got, c.Value), no)
	}
}

func (p *Policy) checkCovered(t *trial, form Form) {
	covered := map[string]bool{}
	for _, c := range p.Conditions {
		covered[c.Field] = true
	}
	for _, name := range sorted(form) {
		free := p.grammar.Free != nil && p.grammar.Free(name)
		t.must(covered[name] || free, Refusal{Reason: Uncovered, Place: name, Field: name, Got: form[name], Want: "a condition for the field"})
	}
}

// CheckSize is Check for the size of the file, in bytes.
func (p *Policy) CheckSize(size int64, holds Holds) *Refusal {
	t := trial{holds: holds}
	for _, c := range p.Conditions {
		if c.Op != SizeRange || c.broken != "" {
			continue
		}
		no := Refusal{Line: c.Line, Place: c.Place, Field: c.Name, Got: fmt.Sprint(size), Want: fmt.Sprintf("%d to %d bytes", c.Min, c.Max), Size: size}
		no.Reason, no.Bound = TooSmall, c.Min
		t.must(size >= c.Min, no)
		no.Reason, no.Bound = TooLarge, c.Max
		t.must(size <= c.Max, no)
	}
	return t.no
}

// A trial runs single checks; after the first that does not hold the others are
// not asked any more.
type trial struct {
	holds Holds
	no    *Refusal
}

func (t *trial) must(ok bool, r Refusal) {
	if t.no != nil {
		return
	}
	if t.holds != nil {
		ok = t.holds(&r, ok)
	}
	if !ok {
		t.no = &r
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
