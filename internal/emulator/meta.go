package emulator

import (
	"mime"
	"path"
	"slices"
	"strings"
	"time"

	"objectharness/internal/emulator/store"
)

// contentFields are stored with an object and answered with it.
var contentFields = []string{"Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires"}

// storedFields are the content headers and the user metadata of the request, as
// they are kept.
func (c *call) storedFields() []store.Pair {
	var out []store.Pair
	for _, name := range contentFields {
		if v := c.field(name); v != "" {
			out = append(out, store.Pair{Name: name, Value: v})
		}
	}
	return append(out, c.metadata()...)
}

// metadata is the user metadata of the request, its names in lower case.
func (c *call) metadata() []store.Pair {
	var out []store.Pair
	for _, f := range c.in.Fields {
		name := strings.ToLower(f.Name)
		if !c.isMeta(name) {
			continue
		}
		i := slices.IndexFunc(out, func(p store.Pair) bool { return strings.EqualFold(p.Name, name) })
		switch {
		case i < 0 || !c.e.t.writing.join:
			out = append(out, store.Pair{Name: pick(c, "meta.lower-case", name, f.Name), Value: c.encoded(f.Value)})
		case c.does("meta.joined"):
			out[i].Value += "," + c.encoded(f.Value)
		}
	}
	return out
}

func (c *call) isMeta(name string) bool {
	if strings.HasPrefix(name, c.e.d.Meta) {
		return true
	}
	return strings.HasPrefix(name, c.e.d.Prefix) && strings.Contains(name, "meta") && !c.does("meta.prefix")
}

// encoded is a metadata value as it comes back.
func (c *call) encoded(value string) string {
	if !c.e.t.writing.encode {
		return value
	}
	return pick(c, "meta.encoded", mime.QEncoding.Encode("UTF-8", value), value)
}

// validMeta refuses metadata that the dialect does not allow.
func (c *call) validMeta() error {
	total := 0
	w, l := &c.e.t.writing, &c.e.d.Limits
	for _, f := range c.in.Fields {
		name := strings.ToLower(f.Name)
		if !strings.HasPrefix(name, c.e.d.Meta) {
			continue
		}
		total += w.metaCount(c, name, f.Value)
		if w.metaName != "" {
			if err := c.require("meta.underscore", !strings.Contains(name, "_"), w.metaName); err != nil {
				return err
			}
		}
		if err := c.atMost("meta.value-too-large", int64(len(f.Value)), int64(l.MetaValue), w.metaLarge); err != nil {
			return err
		}
	}
	return c.atMost("meta.too-large", int64(total), int64(l.MetaSize), w.metaLarge)
}

// kept is what an upload keeps of its fields, each by a rule of its own, and
// what the dialect adds where they are missing.
func (c *call) kept(fields []store.Pair) []store.Pair {
	var out []store.Pair
	add := func(rule, name, value string) {
		if c.e.rules.deviates(rule, "absent") {
			return
		}
		if c.e.rules.deviates(rule, "value") {
			value = otherValue(value)
		}
		out = append(out, store.Pair{Name: name, Value: value})
	}
	has := map[string]bool{}
	for _, p := range fields {
		has[p.Name] = true
		switch {
		case !slices.Contains(contentFields, p.Name):
			add("put.meta", p.Name, p.Value)
		case p.Name != "Expires" || c.later(p.Value) || c.does("put.expires-unchecked"):
			add("put."+strings.ToLower(p.Name), p.Name, p.Value)
		}
	}
	if !has["Content-Type"] {
		out = append(out, store.Pair{Name: "Content-Type", Value: c.typeOf(c.at.Key)})
	}
	if days := c.e.t.writing.expires; days > 0 && !has["Expires"] {
		add("put.default-expires", "Expires", httpDate(c.now.AddDate(0, 0, days)))
	}
	return out
}

// options are the fields of the dialect's own that are kept with an object. No
// field is known by the case of its letters.
func (c *call) options() (out []store.Pair) {
	for _, f := range c.in.Fields {
		name := strings.ToLower(f.Name)
		if f.Value == c.e.t.listing.class {
			continue // what every object has
		}
		if slices.Contains(c.e.t.writing.options, name) && (name == f.Name || c.does("put.option-case")) {
			out = append(out, store.Pair{Name: name, Value: f.Value})
		}
	}
	return out
}

// later tells whether text is a date to come.
func (c *call) later(text string) bool {
	t, err := time.Parse(time.RFC1123, text)
	return err == nil && t.After(c.now)
}

// typeOf is the Content-Type of an object that was put without one.
func (c *call) typeOf(key string) string {
	if t, ok := c.e.t.writing.types[path.Ext(key)]; ok {
		return pick(c, "put.type-by-name", t, c.e.t.defaultCT)
	}
	return pick(c, "put.default-type", c.e.t.defaultCT, "text/plain")
}
