package vectors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// decoder fills Go values from JSON and takes nothing that it does not know:
// encoding/json tells neither the line nor the place of an unknown field.
type decoder struct {
	*json.Decoder
	file string
	text []byte
}

func decode(file string, text []byte, into any) error {
	d := &decoder{json.NewDecoder(bytes.NewReader(text)), file, text}
	d.UseNumber()
	if err := d.value(reflect.ValueOf(into).Elem(), ""); err != nil {
		return err
	}
	if _, err := d.Token(); err == nil {
		return d.errorf("", "the end of the file", "more")
	}
	return nil
}

// line is where the decoder stands, from 1.
func (d *decoder) line() int {
	return 1 + bytes.Count(d.text[:min(int(d.InputOffset()), len(d.text))], []byte("\n"))
}

func (d *decoder) errorf(field, want, got string) error {
	return fmt.Errorf("%s:%d: field %q: expected %s, got %s", d.file, d.line(), strings.TrimPrefix(field, "."), want, got)
}

func (d *decoder) value(v reflect.Value, field string) error {
	tok, err := d.Token()
	if err != nil {
		return fmt.Errorf("%s:%d: field %q: %w", d.file, d.line(), strings.TrimPrefix(field, "."), err)
	}
	return d.token(tok, v, field)
}

func (d *decoder) token(tok json.Token, v reflect.Value, field string) error {
	if tok == nil {
		if k := v.Kind(); k == reflect.Pointer || k == reflect.Slice || k == reflect.Map {
			return nil
		}
		return d.errorf(field, kindName(v.Type()), "null")
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return d.token(tok, v.Elem(), field)
	case reflect.Struct:
		return d.object(tok, v, field)
	case reflect.Map:
		return d.table(tok, v, field)
	case reflect.Slice, reflect.Array:
		return d.list(tok, v, field)
	}
	return d.scalar(tok, v, field)
}

func (d *decoder) scalar(tok json.Token, v reflect.Value, field string) error {
	switch x := tok.(type) {
	case string:
		if v.Kind() == reflect.String {
			v.SetString(x)
			return nil
		}
	case bool:
		if v.Kind() == reflect.Bool {
			v.SetBool(x)
			return nil
		}
	case json.Number:
		if n, err := x.Int64(); err == nil && v.CanInt() {
			v.SetInt(n)
			return nil
		}
	}
	return d.errorf(field, kindName(v.Type()), fmt.Sprintf("%v", tok))
}

func (d *decoder) object(tok json.Token, v reflect.Value, field string) error {
	if tok != json.Delim('{') {
		return d.errorf(field, "an object", fmt.Sprintf("%v", tok))
	}
	if f := v.FieldByName("Line"); f.IsValid() {
		f.SetInt(int64(d.line()))
	}
	var seen []string
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return fmt.Errorf("%s:%d: field %q: %w", d.file, d.line(), field, err)
		}
		name := key.(string)
		f, names := member(v, name)
		if !f.IsValid() {
			return d.errorf(field+"."+name, "one of "+strings.Join(names, ", "), "an unknown field")
		}
		if slices.Contains(seen, name) {
			return d.errorf(field+"."+name, "the field once", "it again")
		}
		seen = append(seen, name)
		if err := d.value(f, field+"."+name); err != nil {
			return err
		}
	}
	return d.end()
}

// member finds the struct field for a JSON name, and lists all names.
func member(v reflect.Value, name string) (found reflect.Value, names []string) {
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("json")
		if tag == "" {
			continue
		}
		names = append(names, tag)
		if tag == name {
			found = v.Field(i)
		}
	}
	return found, names
}

func (d *decoder) table(tok json.Token, v reflect.Value, field string) error {
	if tok != json.Delim('{') {
		return d.errorf(field, "an object", fmt.Sprintf("%v", tok))
	}
	v.Set(reflect.MakeMap(v.Type()))
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return fmt.Errorf("%s:%d: field %q: %w", d.file, d.line(), field, err)
		}
		e := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(e, field+"."+key.(string)); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(key), e)
	}
	return d.end()
}

func (d *decoder) list(tok json.Token, v reflect.Value, field string) error {
	if tok != json.Delim('[') {
		return d.errorf(field, "a list", fmt.Sprintf("%v", tok))
	}
	out := reflect.MakeSlice(reflect.SliceOf(v.Type().Elem()), 0, 4)
	for d.More() {
		e := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(e, fmt.Sprintf("%s[%d]", field, out.Len())); err != nil {
			return err
		}
		out = reflect.Append(out, e)
	}
	if v.Kind() == reflect.Slice {
		v.Set(out)
		return d.end()
	}
	if out.Len() != v.Len() {
		return d.errorf(field, fmt.Sprintf("%d elements", v.Len()), fmt.Sprintf("%d", out.Len()))
	}
	reflect.Copy(v, out)
	return d.end()
}

func (d *decoder) end() error {
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("%s:%d: %w", d.file, d.line(), err)
	}
	return nil
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	}
	return "a " + t.Kind().String()
}
