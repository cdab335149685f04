package emulator

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A configNode is an element of a document: an XML element, or a member of a
// JSON object. A list of JSON is as many elements of one name.
type configNode struct {
	Name string
	Text string
	Kids []*configNode
}

// kid is the first element called name below n, nil where there is none.
func (n *configNode) kid(name string) *configNode {
	if n == nil {
		return nil
	}
	i := slices.IndexFunc(n.Kids, func(k *configNode) bool { return k.Name == name })
	if i < 0 {
		return nil
	}
	return n.Kids[i]
}

// all are the elements called name below n.
func (n *configNode) all(name string) (list []*configNode) {
	if n == nil {
		return nil
	}
	for _, k := range n.Kids {
		if k.Name == name {
			list = append(list, k)
		}
	}
	return list
}

// at is the text of the element that a path of names leads to, parted by
// slashes; "" where there is none.
func (n *configNode) at(path string) string {
	for name := range strings.SplitSeq(path, "/") {
		n = n.kid(name)
	}
	if n == nil {
		return ""
	}
	return n.Text
}

// configDepth bounds how deep the elements of a document may stand in one
// another; no form comes near it.
const configDepth = 16

var errConfig = errors.New("emulator: not one document")

// configXML reads a document of XML with nothing behind it but blanks.
func configXML(text []byte) (*configNode, error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	root := &configNode{}
	open := []*configNode{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && len(open) == 1 && len(root.Kids) == 1 && strings.TrimSpace(root.Text) == "" {
			return root.Kids[0], nil
		}
		if err != nil {
			return nil, errors.Join(errConfig, err)
		}
		last := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			k := &configNode{Name: t.Name.Local}
			last.Kids = append(last.Kids, k)
			if open = append(open, k); len(open) > configDepth {
				return nil, errConfig
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			last.Text += string(t)
		}
	}
}

// configJSON reads a document of JSON as the same tree.
func configJSON(text []byte) (*configNode, error) {
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, errors.Join(errConfig, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errConfig
	}
	root := &configNode{}
	root.add("", v)
	return root.Kids[0], nil
}

// add puts a value of JSON below n.
func (n *configNode) add(name string, v any) {
	switch v := v.(type) {
	case []any:
		for _, each := range v {
			n.add(name, each)
		}
		return
	case map[string]any:
		k := &configNode{Name: name}
		for member, value := range v {
			k.add(member, value)
		}
		n.Kids = append(n.Kids, k)
	case nil:
	default:
		n.Kids = append(n.Kids, &configNode{Name: name, Text: fmt.Sprint(v)})
	}
}

// markup writes the element; space is the name space of a root, "" for none.
func (n *configNode) markup(space string) string {
	var b strings.Builder
	b.WriteString("<" + n.Name)
	if space != "" {
		b.WriteString(` xmlns="` + space + `"`)
	}
	b.WriteString(">")
	if len(n.Kids) == 0 {
		xml.EscapeText(&b, []byte(n.Text)) // a Builder takes all that is written
	}
	for _, k := range n.Kids {
		b.WriteString(k.markup(""))
	}
	return b.String() + "</" + n.Name + ">"
}

// shorter is the element without the last thing that it tells.
func (n *configNode) shorter() *configNode {
	if len(n.Kids) == 0 {
		return &configNode{Name: n.Name, Text: otherValue(n.Text)}
	}
	made := &configNode{Name: n.Name, Kids: slices.Clone(n.Kids)}
	last := len(made.Kids) - 1
	made.Kids[last] = made.Kids[last].shorter()
	return made
}

// A configForm says what an element holds.
type configForm struct {
	name string
	few  int    // how often it must be there
	many int    // and may; 0 is as often as one likes
	kind string // of its text: "" any, int, bool, date, empty, or words parted by |
	rule string // that refuses what does not fit; "" for that of the element around it
	open bool   // it may hold elements that the form does not know
	kids []*configForm
}

// mustForm reads a form: a line for each element, indented by two blanks for
// each that it stands in, with its name, how often it may be there (? not always,
// + at least once, * any number of times), the kind of its text and @ before the
// rule that refuses what does not fit. A line of ... lets other elements pass. It
// panics on what is none: forms are part of the program.
func mustForm(text string) *configForm {
	var open []*configForm
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		word := strings.Fields(line)
		depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
		if len(word) == 0 || depth > len(open) || depth == 0 && len(open) > 0 {
			panic(fmt.Sprintf("emulator: form: line %q stands in no element", line))
		}
		if word[0] == "..." {
			open[depth-1].open = true
			continue
		}
		f := newForm(word)
		if depth > 0 {
			open[depth-1].kids = append(open[depth-1].kids, f)
		}
		open = append(open[:depth], f)
	}
	return open[0]
}

func newForm(word []string) *configForm {
	f := &configForm{name: strings.TrimRight(word[0], "?*+"), few: 1, many: 1}
	switch word[0][len(f.name):] {
	case "?":
		f.few = 0
	case "*":
		f.few, f.many = 0, 0
	case "+":
		f.many = 0
	}
	for _, w := range word[1:] {
		if rule, ok := strings.CutPrefix(w, "@"); ok {
			f.rule = rule
		} else {
			f.kind = w
		}
	}
	return f
}

// misfit is the rule that an element breaks; fits is false where there is one.
// rule is that of the element around it.
func (f *configForm) misfit(n *configNode, rule string) (broken string, fits bool) {
	if f.rule != "" {
		rule = f.rule
	}
	if len(f.kids) == 0 && !f.open {
		return rule, len(n.Kids) == 0 && fitsKind(f.kind, n.Text)
	}
	if strings.TrimSpace(n.Text) != "" {
		return rule, false
	}
	for _, k := range n.Kids {
		of := f.kid(k.Name)
		switch {
		case of == nil && f.open:
			continue
		case of == nil:
			return rule, false
		}
		if broken, fits := of.misfit(k, rule); !fits {
			return broken, false
		}
	}
	return f.number(n, rule)
}

// number holds the elements below n to how often they may be there.
func (f *configForm) number(n *configNode, rule string) (broken string, fits bool) {
	for _, k := range f.kids {
		if have := len(n.all(k.name)); have < k.few || k.many > 0 && have > k.many {
			return orElse(k.rule, rule), false
		}
	}
	return "", true
}

func (f *configForm) kid(name string) *configForm {
	i := slices.IndexFunc(f.kids, func(k *configForm) bool { return k.name == name })
	if i < 0 {
		return nil
	}
	return f.kids[i]
}

func fitsKind(kind, text string) bool {
	text = strings.TrimSpace(text)
	switch kind {
	case "":
		return true
	case "int":
		_, err := strconv.ParseInt(text, 10, 64)
		return err == nil
	case "bool":
		return text == "true" || text == "false"
	case "date":
		_, err := configDate(text)
		return err == nil
	case "empty":
		return text == ""
	}
	return slices.Contains(strings.Split(kind, "|"), text)
}

// configDate reads a date of ISO 8601, with or without the time of day.
func configDate(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, fmt.Errorf("a date as 2026-01-02T00:00:00Z expected, got %q", text)
	}
	return t, nil
}
