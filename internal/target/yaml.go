package target

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// FileMax bounds the size of a YAML file that ReadYAML takes, in bytes.
const FileMax = 1 << 20

// ReadYAML reads the YAML file called name into the struct or slice that into
// points to. It is strict: a field that the struct has no yaml tag for, a field
// given twice and a value of another kind are errors that name file, line, column,
// field and the nearest right word; all of them are reported at once. A struct's fields Line
// and Column receive where its mapping begins.
func ReadYAML(name string, into any) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return ParseYAML(name, text, into)
}

// ParseYAML is ReadYAML for a text that is here already; name stands in errors.
func ParseYAML(name string, text []byte, into any) error {
	_, err := parseAt(name, text, into)
	return err
}

// parseAt also tells where the values stand.
func parseAt(name string, text []byte, into any) (places, error) {
	if len(text) > FileMax {
		return nil, fmt.Errorf("%s: %d bytes, but a file has at most %d", name, len(text), FileMax)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%s:%s", name, atLine(strings.TrimPrefix(err.Error(), "yaml: ")))
	}
	if len(doc.Content) == 0 {
		return nil, fmt.Errorf("%s: the file is empty", name)
	}
	r := yamlReader{file: name, at: places{}}
	r.value(doc.Content[0], "the file", reflect.ValueOf(into).Elem())
	return r.at, errors.Join(r.errs...)
}

// atLine puts the line first; the parser does not name the first one.
func atLine(text string) string {
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		return rest
	}
	return "1: " + text
}

// A yamlReader notes everything that is wrong in one file.
type yamlReader struct {
	file string
	errs []error
	at   places
}

func (r *yamlReader) wrong(n *yaml.Node, field, format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s:%d:%d: %s: %s", r.file, n.Line, n.Column, field, fmt.Sprintf(format, args...)))
}

func (r *yamlReader) value(n *yaml.Node, field string, into reflect.Value) {
	r.at[field] = [2]int{n.Line, n.Column}
	switch {
	case n.Kind == yaml.AliasNode:
		r.wrong(n, field, "aliases are not taken here: write the value out")
	case into.Kind() == reflect.Struct && n.Kind == yaml.MappingNode:
		r.mapping(n, field, into)
	case into.Kind() == reflect.Map && n.Kind == yaml.MappingNode:
		r.words(n, into)
	case into.Kind() == reflect.Slice && n.Kind == yaml.SequenceNode:
		into.Set(reflect.MakeSlice(into.Type(), len(n.Content), len(n.Content)))
		for i, e := range n.Content {
			r.value(e, field, into.Index(i))
		}
	default:
		r.scalar(n, field, into)
	}
}

func (r *yamlReader) scalar(n *yaml.Node, field string, into reflect.Value) {
	if n.Kind != yaml.ScalarNode || into.Kind() == reflect.Struct || into.Kind() == reflect.Slice || into.Kind() == reflect.Map {
		r.wrong(n, field, "expected %s, got %s", kindOf(into), nodeKind(n))
		return
	}
	if into.Kind() == reflect.String && n.Tag != "!!null" {
		into.SetString(n.Value)
		return
	}
	if err := n.Decode(into.Addr().Interface()); err != nil {
		r.wrong(n, field, "expected %s, got %q", kindOf(into), n.Value)
	}
}

func (r *yamlReader) mapping(n *yaml.Node, parent string, into reflect.Value) {
	fields := map[string]int{}
	var names []string
	for i := range into.NumField() {
		if name := into.Type().Field(i).Tag.Get("yaml"); name != "" && name != "-" {
			fields[name], names = i, append(names, name)
		}
	}
	for name, at := range map[string]int{"Line": n.Line, "Column": n.Column} {
		if f := into.FieldByName(name); f.IsValid() {
			f.SetInt(int64(at))
		}
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at, known := fields[key.Value]
		switch {
		case !known && secretWord(key.Value):
			r.wrong(key, key.Value, "secrets do not belong in a file: set %s and %s in the environment", EnvAccessKey, EnvSecretKey)
		case !known:
			r.wrong(key, key.Value, "no such field%s", Suggest(key.Value, names))
		case seen[key.Value]:
			r.wrong(key, key.Value, "given twice")
		default:
			r.value(value, key.Value, into.Field(at))
			r.at[parent+"."+key.Value] = r.at[key.Value]
		}
		seen[key.Value] = true
	}
}

// words reads fields with any names into a map of texts.
func (r *yamlReader) words(n *yaml.Node, into reflect.Value) {
	out := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if _, twice := out[key.Value]; twice {
			r.wrong(key, key.Value, "given twice")
			continue
		}
		var text string
		r.value(value, key.Value, reflect.ValueOf(&text).Elem())
		r.at[key.Value] = [2]int{key.Line, key.Column}
		out[key.Value] = text
	}
	into.Set(reflect.ValueOf(out))
}

// secretWord tells whether a field looks as if it held a credential.
func secretWord(field string) bool {
	field = strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(field))
	for _, word := range []string{"accesskey", "secret", "token", "password", "ak", "sk"} {
		if field == word || len(word) > 2 && strings.Contains(field, word) {
			return true
		}
	}
	return false
}

func kindOf(v reflect.Value) string {
	if d, ok := v.Addr().Interface().(interface{ Type() string }); ok {
		return d.Type()
	}
	switch v.Kind() {
	case reflect.Struct, reflect.Map:
		return "fields with values"
	case reflect.Slice:
		return "a list"
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "text"
	}
	return "a number"
}

func nodeKind(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "fields with values"
	case yaml.SequenceNode:
		return "a list"
	}
	return fmt.Sprintf("%q", n.Value)
}
