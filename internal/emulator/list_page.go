package emulator

import (
	"slices"
	"strings"

	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

// A lookup is what a listing asks of a bucket.
type lookup struct {
	prefix    string // keys begin with it
	after     string // entries come after it; "" for all
	delimiter string // folds what holds it behind the prefix; "" folds nothing
	max       int    // entries of the page
}

// An entry of a page is an object or, without one, a common prefix.
type entry struct {
	name   string
	object *store.Object
}

// A page is a run of entries in byte order.
type page struct {
	entries []entry
	next    string // the entry that comes after the page, "" for none
}

// last is the entry that ends the page, "" on an empty one.
func (p page) last() string {
	if len(p.entries) == 0 {
		return ""
	}
	return p.entries[len(p.entries)-1].name
}

// mistakes of listings: rules of which each, broken, gives another page.
var listMistakes = []string{
	"list.prefix", "list.after", "list.after-free", "list.after-group", "list.order", "list.max-keys", "list.prefixes-count",
	"list.fold", "list.fold-first", "list.fold-end", "list.fold-once", "list.fold-whole", "list.fold-inside", "list.fold-decoded", "list.fold-asked",
}

// look is the page that the lookup comes to; each mistake that would come to
// another one is a deviation.
func (c *call) look(l lookup) page {
	right := l.page(c.bucket, "")
	if c.e.rules.quiet() {
		return right
	}
	for _, rule := range listMistakes {
		wrong := l.page(c.bucket, rule)
		if pick(c, rule, right.text(), wrong.text()) != right.text() {
			return wrong
		}
	}
	return right
}

// text tells pages apart.
func (p page) text() string {
	var b strings.Builder
	for _, e := range p.entries {
		b.WriteString(e.name)
		b.WriteString(map[bool]string{true: "\x00", false: "\x01"}[e.object == nil])
	}
	if p.next != "" {
		b.WriteString("more")
	}
	return b.String()
}

// page reads a page of b, or what mistake makes of it. Keys under a common
// prefix are jumped over, so that the work grows with the entries of the page
// and not with what stands before or under them.
func (l lookup) page(b *store.Bucket, mistake string) (p page) {
	if l.max <= 0 {
		return p
	}
	l, match := l.mistaken(mistake)
	from, own, any := l.start(match, mistake)
	if !any {
		return p
	}
	left := l.max
	p.entries = make([]entry, 0, min(left, 128))
	b.Walk(from, func(o *store.Object) (seek string, more bool) {
		if !strings.HasPrefix(o.Key, match) {
			return "", false
		}
		if own && mistake == "list.after-free" {
			own = false
			return "", true
		}
		e := l.fold(o, mistake)
		if left == 0 {
			p.next = e.name
			return "", false
		}
		p.entries = append(p.entries, e)
		if e.object != nil {
			left--
			return "", true
		}
		if mistake != "list.prefixes-count" {
			left--
		}
		if mistake == "list.fold-once" {
			return "", true
		}
		seek = behind(e.name)
		return seek, seek != ""
	})
	return p.mistaken(l, mistake)
}

// mistaken is the lookup as a mistake understands it, and the prefix that keys
// are held against.
func (l lookup) mistaken(mistake string) (lookup, string) {
	match := l.prefix
	switch mistake {
	case "list.prefix":
		match = match[:max(len(match)-1, 0)]
	case "list.max-keys":
		l.max++
	case "list.fold":
		l.delimiter = ""
	case "list.fold-whole":
		l.delimiter = l.delimiter[:min(len(l.delimiter), 1)]
	case "list.fold-decoded":
		l.delimiter, _ = wire.Unescape(l.delimiter)
	case "list.fold-inside":
		if !strings.HasSuffix(match, l.delimiter) {
			match += l.delimiter
		}
	}
	return l, match
}

// start is where the page begins, and whether that is a key's own place: behind
// a marker, or behind all that it was folded into, where there may be nothing.
func (l lookup) start(match, mistake string) (from string, own, any bool) {
	if l.after == "" || l.after < match {
		return match, false, true
	}
	if group, ok := l.group(l.after, ""); ok && mistake != "list.after-group" {
		from = behind(group)
		return from, false, from != ""
	}
	if mistake == "list.after" || mistake == "list.after-free" {
		return l.after, true, true
	}
	return l.after + "\x00", true, true
}

// fold is the entry that an object belongs to.
func (l lookup) fold(o *store.Object, mistake string) entry {
	if group, ok := l.group(o.Key, mistake); ok {
		return entry{name: group}
	}
	return entry{o.Key, o}
}

// group is the common prefix that a key is folded into.
func (l lookup) group(key, mistake string) (string, bool) {
	group, ok := commonPrefix(key, l.prefix, l.delimiter)
	if ok && mistake == "list.fold-first" {
		group = key[:strings.LastIndex(key, l.delimiter)+len(l.delimiter)]
	}
	return group, ok
}

// commonPrefix is what a delimiter folds a key into: all up to the first one
// behind the prefix, and with it.
func commonPrefix(key, prefix, delimiter string) (string, bool) {
	rest, ok := strings.CutPrefix(key, prefix)
	i := strings.Index(rest, delimiter)
	if !ok || delimiter == "" || i < 0 {
		return "", false
	}
	return key[:len(prefix)+i+len(delimiter)], true
}

// behind is the least text that is greater than all that begin with s; "" when
// there is none.
func behind(s string) string {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] < 0xff {
			return s[:i] + string([]byte{s[i] + 1})
		}
	}
	return ""
}

// mistaken is the page with the mistakes that are made after it was read.
func (p page) mistaken(l lookup, mistake string) page {
	switch mistake {
	case "list.order":
		slices.SortStableFunc(p.entries, func(a, b entry) int { return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) })
	case "list.fold-end":
		for i, e := range p.entries {
			if e.object == nil {
				p.entries[i].name = strings.TrimSuffix(e.name, l.delimiter)
			}
		}
	case "list.fold-asked":
		if l.delimiter != "" {
			return p
		}
		l.delimiter = "/"
		for _, e := range p.entries {
			if group, ok := l.group(e.name, ""); ok {
				p.entries = append(p.entries, entry{name: group})
				break
			}
		}
	}
	return p
}
