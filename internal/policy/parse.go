package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Parse reads a policy: the JSON text, not its base64. It returns what could be
// read and everything that is wrong with it, in the order of the text; of a
// document that is no JSON that alone.
func Parse(text []byte, g *Grammar) (*Policy, []*Refusal) {
	r := &reader{p: &Policy{grammar: g}, g: g, has: map[string]bool{}}
	if len(text) > MaxSize || !utf8.Valid(text) {
		r.wrong(NotText, "document", fmt.Sprintf("%d bytes", len(text)), fmt.Sprintf("UTF-8 of at most %d bytes", MaxSize))
		return r.p, r.bad
	}
	if g.Dollar {
		text = plainDollars(text)
	}
	r.text, r.dec = text, json.NewDecoder(bytes.NewReader(text))
	if err := r.document(); err != nil {
		r.bad = nil
		r.wrong(NotJSON, "document", err.Error(), "one JSON object")
		return &Policy{grammar: g}, r.bad
	}
	r.complete()
	return r.p, r.bad
}

// plainDollars writes \$ as $: the one escape that JSON does not know.
func plainDollars(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			if text[i+1] != '$' {
				out = append(out, '\\')
			}
			i++
		}
		out = append(out, text[i])
	}
	return out
}

// A reader reads one document.
type reader struct {
	p     *Policy
	g     *Grammar
	text  []byte
	dec   *json.Decoder
	bad   []*Refusal
	has   map[string]bool
	start int // where the value that is read begins
}

func (r *reader) wrong(reason Reason, place, got, want string) {
	no := &Refusal{Reason: reason, Place: place, Got: got, Want: want}
	if r.text != nil {
		no.Line = r.line()
	}
	r.bad = append(r.bad, no)
}

// line is that of the value that is read.
func (r *reader) line() int { return 1 + bytes.Count(r.text[:r.start], []byte("\n")) }

// document reads the outer object; its errors are those of JSON.
func (r *reader) document() error {
	if err := r.delim('{'); err != nil {
		return err
	}
	for r.dec.More() {
		name, err := r.dec.Token()
		if err != nil {
			return err
		}
		if err := r.member(name.(string)); err != nil {
			return err
		}
	}
	if err := r.delim('}'); err != nil {
		return err
	}
	if _, err := r.dec.Token(); err != io.EOF {
		r.start = int(r.dec.InputOffset())
		return fmt.Errorf("more behind the object")
	}
	return nil
}

func (r *reader) delim(want json.Delim) error {
	got, err := r.dec.Token()
	if err != nil {
		r.start = min(int(r.dec.InputOffset()), len(r.text))
		return err
	}
	if got != want {
		return fmt.Errorf("%v in place of %v", got, want)
	}
	return nil
}

// value reads one value as it stands.
func (r *reader) value() (raw json.RawMessage, err error) {
	err = r.dec.Decode(&raw)
	r.start = max(0, min(int(r.dec.InputOffset()), len(r.text))-len(raw))
	return raw, err
}

func (r *reader) member(name string) error {
	if name == "conditions" && !r.has[name] {
		r.has[name] = true
		return r.conditions()
	}
	raw, err := r.value()
	if err != nil {
		return err
	}
	if name != "expiration" || r.has[name] {
		r.wrong(UnknownMember, "document", name, "expiration and conditions, once each")
		return nil
	}
	r.has[name] = true
	r.expiration(raw)
	return nil
}

// expiration reads a time of ISO 8601 in UTC.
func (r *reader) expiration(raw json.RawMessage) {
	const layout = "2006-01-02T15:04:05Z"
	text, _ := scalar(raw)
	at, err := time.Parse(layout, text)
	fraction := len(text) != len(layout)
	if err != nil || fraction && (!r.g.Fraction || strings.Contains(text, ",")) {
		r.wrong(BadExpiration, "expiration", string(raw), "a time as \"2026-12-01T12:00:00Z\"")
		return
	}
	r.p.Expiration = at
}

func (r *reader) conditions() error {
	if err := r.delim('['); err != nil {
		return err
	}
	for i := 0; r.dec.More(); i++ {
		raw, err := r.value()
		if err != nil {
			return err
		}
		place := fmt.Sprintf("conditions[%d]", i)
		if i >= MaxConditions {
			return fmt.Errorf("more than %d conditions", MaxConditions)
		}
		r.condition(raw, place)
	}
	return r.delim(']')
}

// complete tells what is not there.
func (r *reader) complete() {
	r.start = 0
	if !r.has["expiration"] {
		r.wrong(NoExpiration, "document", "no expiration", "a member expiration")
	}
	if !r.has["conditions"] {
		r.wrong(NoConditions, "document", "no conditions", "a member conditions")
		return
	}
	for _, name := range r.g.Required {
		if !slices.ContainsFunc(r.p.Conditions, func(c Condition) bool { return strings.EqualFold(c.Name, name) && c.Op == Equal }) {
			r.wrong(Unpinned, "conditions", "none for "+name, "an exact condition for "+name)
		}
	}
}

func (r *reader) condition(raw json.RawMessage, place string) {
	switch raw[0] {
	case '{':
		r.object(raw, place)
	case '[':
		r.list(raw, place)
	default:
		r.wrong(BadCondition, place, string(raw), "a list or an object")
	}
}

// object reads {"field": "value"}.
func (r *reader) object(raw json.RawMessage, place string) {
	names, values := members(raw)
	if len(names) != 1 {
		r.wrong(Properties, place, string(raw), "an object of exactly one property")
		return
	}
	value, ok := scalar(values[0])
	if !ok {
		r.wrong(BadCondition, place, string(raw), "a text as the value")
		return
	}
	r.add(Condition{Op: Equal, Name: names[0], Value: value, Place: place})
}

// members are the names and values of a well-formed object, repeated ones too.
func members(raw json.RawMessage) (names []string, values []json.RawMessage) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.Token()
	for dec.More() {
		name, _ := dec.Token()
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			break
		}
		text, _ := name.(string)
		names, values = append(names, text), append(values, value)
	}
	return names, values
}

// list reads [operator, …].
func (r *reader) list(raw json.RawMessage, place string) {
	var parts []json.RawMessage
	if json.Unmarshal(raw, &parts) != nil || len(parts) == 0 {
		r.wrong(Arguments, place, string(raw), "an operator and its arguments")
		return
	}
	name, _ := scalar(parts[0])
	op, ok := operators[strings.ToLower(name)]
	switch {
	case !ok:
		r.wrong(Operator, place, string(parts[0]), "eq, starts-with or content-length-range")
	case len(parts) != 3:
		r.wrong(Arguments, place, string(raw), "two arguments")
	case op == SizeRange:
		r.sizeRange(parts[1:], raw, place)
	default:
		r.operator(op, parts[1:], raw, place)
	}
}

var operators = map[string]Op{"eq": Equal, "starts-with": StartsWith, "content-length-range": SizeRange}

// operator reads the arguments of eq and starts-with.
func (r *reader) operator(op Op, args []json.RawMessage, raw json.RawMessage, place string) {
	name, isName := scalar(args[0])
	value, isText := scalar(args[1])
	if !isName || !isText {
		r.wrong(BadCondition, place, string(raw), "texts as arguments")
		return
	}
	c := Condition{Op: op, Value: value, Place: place}
	dollar := false
	if c.Name, dollar = strings.CutPrefix(name, "$"); !dollar {
		if !r.g.Late {
			r.wrong(BadCondition, place, name, "a field's name behind a dollar sign")
			return
		}
		c.broken = NoDollar
	}
	if op == StartsWith && r.g.Exact != nil && r.g.Exact(strings.ToLower(c.Name)) {
		r.wrong(ExactOnly, place, string(raw), "eq: the field allows exact matches only")
		return
	}
	r.add(c)
}

// sizeRange reads the bounds of content-length-range.
func (r *reader) sizeRange(args []json.RawMessage, raw json.RawMessage, place string) {
	c := Condition{Op: SizeRange, Name: "content-length-range", Place: place}
	least, ok := r.bound(args[0])
	most, also := r.bound(args[1])
	if c.Min, c.Max = least, most; !ok || !also || least > most {
		if !r.g.Late {
			r.wrong(BadCondition, place, string(raw), "two whole numbers, the smaller one first")
			return
		}
		c.broken = BadRange
	}
	r.add(c)
}

// bound is a whole number of bytes.
func (r *reader) bound(raw json.RawMessage) (int64, bool) {
	text := string(raw)
	if raw[0] == '"' && r.g.Digits {
		text, _ = scalar(raw)
	}
	n, err := strconv.ParseUint(text, 10, 63)
	return int64(n), err == nil
}

// scalar is a JSON text.
func scalar(raw json.RawMessage) (string, bool) {
	var s *string
	if json.Unmarshal(raw, &s) != nil || s == nil {
		return "", false
	}
	return *s, true
}

func (r *reader) add(c Condition) {
	c.Field, c.Line = strings.ToLower(c.Name), r.line()
	if field, ok := r.g.Alias[c.Field]; ok {
		c.Field = field
	}
	if before, ok := strings.CutSuffix(c.Value, "*"); ok && r.g.Wildcard && c.Op == Equal {
		c.Op, c.Value = StartsWith, before
	}
	r.p.Conditions = append(r.p.Conditions, c)
}

func sorted(form Form) []string { return slices.Sorted(maps.Keys(form)) }
