package query

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ErrJSON says that an object is not the JSON that it is said to be.
var ErrJSON = errors.New("query: not JSON")

// JSON says how the records of an object are written.
type JSON struct {
	Lines       bool // values behind one another; else one document
	First, Last int  // records that are read, from 0; Last below 0 reads all
}

// A node is a value of JSON. Members keep their order.
type node struct {
	kind  byte // o, a, s for a text, v for any other
	text  string
	names []string // of the members of an object
	kids  []*node
}

// maxDepth bounds how deep values may stand in one another.
const maxDepth = 128

func read(d *json.Decoder, deep int) (*node, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		return inside(d, t, deep)
	case string:
		return &node{kind: 's', text: t}, nil
	case nil:
		return &node{kind: 'v', text: "null"}, nil
	}
	return &node{kind: 'v', text: fmt.Sprint(t)}, nil
}

// inside reads an object or a list to its end.
func inside(d *json.Decoder, open json.Delim, deep int) (*node, error) {
	n := &node{kind: map[json.Delim]byte{'{': 'o', '[': 'a'}[open]}
	if n.kind == 0 || deep > maxDepth {
		return nil, ErrJSON
	}
	for d.More() {
		if n.kind == 'o' {
			name, err := d.Token()
			if err != nil {
				return nil, err
			}
			n.names = append(n.names, fmt.Sprint(name))
		}
		kid, err := read(d, deep+1)
		if err != nil {
			return nil, err
		}
		n.kids = append(n.kids, kid)
	}
	_, err := d.Token()
	return n, err
}

// at is the part of a value that a path leads to, nil for none.
func (n *node) at(path []string) *node {
	for _, name := range path {
		if n == nil {
			return nil
		}
		i := slices.Index(n.names, name)
		if n.kind == 'a' {
			if at, err := strconv.Atoi(name); err == nil && at < len(n.kids) {
				i = at
			}
		}
		if i < 0 {
			return nil
		}
		n = n.kids[i]
	}
	return n
}

// At is Record.At.
func (n *node) At(path []string) Value {
	v := n.at(path)
	switch {
	case v == nil, v.kind == 'v' && v.text == "null":
		return Value{Null: true}
	case v.kind == 'o' || v.kind == 'a':
		return Value{Text: v.String()}
	}
	return Value{Text: v.text}
}

// String writes a value as the service does: slashes are escaped.
func (n *node) String() string {
	var parts []string
	for i, k := range n.kids {
		text := k.String()
		if n.kind == 'o' {
			text = quotedJSON(n.names[i]) + ":" + text
		}
		parts = append(parts, text)
	}
	switch n.kind {
	case 'o':
		return "{" + strings.Join(parts, ",") + "}"
	case 'a':
		return "[" + strings.Join(parts, ",") + "]"
	case 's':
		return quotedJSON(n.text)
	}
	return n.text
}

func quotedJSON(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(text) != nil { // a text can be written
		return `""`
	}
	return strings.ReplaceAll(strings.TrimSuffix(b.String(), "\n"), "/", `\/`)
}

// records are the records of an object of JSON that a query is about. Between
// those that stand behind one another there may be a comma.
func (f JSON) records(text []byte, of []string) (all []*node, err error) {
	const blank = " \t\r\n"
	for text = bytes.Trim(text, blank); len(text) > 0; {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		n, err := read(d, 0)
		if err != nil || !f.Lines && len(all) > 0 {
			return nil, errors.Join(ErrJSON, err)
		}
		all, text = append(all, n), bytes.TrimLeft(text[d.InputOffset():], blank)
		if f.Lines {
			text = bytes.TrimLeft(bytes.TrimPrefix(text, []byte(",")), blank)
		}
	}
	for len(of) > 0 {
		var within []*node
		for _, n := range all {
			if of[0] == "*" && n.kind == 'a' {
				within = append(within, n.kids...)
			} else if k := n.at(of[:1]); k != nil {
				within = append(within, k)
			}
		}
		all, of = within, of[1:]
	}
	return all, nil
}

// Count is the number of records of a text.
func (f JSON) Count(text []byte) (int, error) {
	all, err := f.records(text, nil)
	return len(all), err
}

// JSON answers what the query selects of a text. The error is ErrJSON.
func (q *Query) JSON(text []byte, f JSON, o Output) ([]byte, error) {
	all, err := f.records(text, q.Of)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	o.Record = orElse(o.Record, "\n")
	sums, told := q.Sums(), 0
	for i, n := range all {
		switch {
		case f.Last >= 0 && (i < f.First || i > f.Last), !q.Takes(n):
		case q.Limit >= 0 && told == q.Limit:
		case q.Totals():
			sums.Add(n)
		default:
			told++
			b.WriteString(q.chosen(n).String() + o.Record)
		}
	}
	if q.Totals() {
		r := &node{kind: 'o'}
		for i, total := range sums.Totals() {
			r.names, r.kids = append(r.names, q.Columns[i].Name), append(r.kids, &node{kind: 'v', text: orElse(total, "null")})
		}
		b.WriteString(r.String() + o.Record)
	}
	return b.Bytes(), nil
}

// chosen is what is answered of a record. What it does not have is left out.
func (q *Query) chosen(n *node) *node {
	if len(q.Columns) == 0 {
		return n
	}
	made := &node{kind: 'o'}
	for _, c := range q.Columns {
		if v := n.at(c.Path); v != nil {
			made.names, made.kids = append(made.names, c.Name), append(made.kids, v)
		}
	}
	return made
}
