package suites

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// listBooks write the chapter list: the objects of a bucket, page by page.
var listBooks = []func(*Book){
	listAnswers, listEchoes, listEntries, listEntryTimes, listOwners, listOrders,
	listPrefixes, listMarkers, listFolds, listFoldEdges,
	listSizes, listSizeLimits, listNext, listTokens, listWalks,
	listEncodings, listEncodingForms, listLengths, listRefusals, listAccess,
}

// A lister is a case of a listing: keys that are there, and the query. In a
// query "~" stands for the case's own prefix, max-keys for what the dialect
// calls it, and the case's own prefix is asked for where no prefix is.
type lister struct {
	keys  []string
	query string
	Case
}

// list adds a case of a listing; a row of "oss/v2" or "s3/v2" adds the same of
// the second version, where markers are called start-after.
func (b *Book) list(name, text string, by By, l lister) {
	c := l.Case
	c.Given = append([]Given{listPut(l.keys...)}, c.Given...)
	if c.When == nil && c.Run == nil {
		c.When = func(s *Scene) client.Call { return s.listing(l.query) }
	}
	b.Case(name, text, by, c)
	row, ok := by[b.Dialect+"/v2"]
	if !ok {
		return
	}
	if l.When == nil && l.Run == nil {
		query := strings.ReplaceAll("&"+l.query, "&marker=", "&start-after=")
		c.When = func(s *Scene) client.Call { return s.listing("list-type=2" + query) }
	}
	b.Case("v2/"+name, text, By{b.Dialect: row}, c)
}

// listPut puts small objects at keys of the case's own. A key that a server might
// keep under another name must be found under its own.
func listPut(keys ...string) Given {
	return func(s *Scene) {
		for _, k := range keys {
			s.Must(s.Put(s.Key(k), k))
			if strings.Trim(k, "abcdefghijklmnopqrstuvwxyz0123456789/.-") != "" {
				s.Must(s.Head(s.Key(k)))
			}
		}
	}
}

// under is what the case's own keys begin with.
func (s *Scene) under() string {
	return s.Subject.Run + "/" + s.Case.ID[strings.IndexByte(s.Case.ID, '/')+1:] + "/"
}

// expand puts what the case's own keys begin with in the place of a "~" that begins
// a text. Elsewhere it stands for itself: IDs of targets may hold one.
func (s *Scene) expand(text string) string {
	if rest, ok := strings.CutPrefix(text, "~"); ok {
		return s.under() + rest
	}
	return text
}

// listing is the request of a listing, see lister.
func (s *Scene) listing(query string) client.Call {
	call := client.Call{Method: "GET", Bucket: s.Bucket}
	for part := range strings.SplitSeq(query, "&") {
		name, value, eq := strings.Cut(part, "=")
		if name == "" {
			continue
		}
		if name == "max-keys" {
			name = s.W.MaxKeys
		}
		call.Query = append(call.Query, wire.Param{Name: name, Value: s.expand(value), Bare: !eq})
	}
	if !slices.ContainsFunc(call.Query, func(p wire.Param) bool { return p.Name == "prefix" }) {
		call.Query = append(call.Query, wire.Param{Name: "prefix", Value: s.under()})
	}
	return call
}

// A look says what a listing must be. Parts that are nil are not looked at. Keys
// and prefixes stand without the case's own prefix; in other texts a "~"
// that begins them stands for it.
type look struct {
	keys, folds []string
	is          map[string]string // members; * is any that is there and not empty
	lacks       []string          // members that must not be there
	entry       map[string]any    // members of every entry: a string or a matcher
	bare        []string          // members that no entry may have
}

// none is no key, or no prefix.
var none = []string{}

// shown wants the listing to be so.
func (l look) shown() Want { return Shown().With(l.judge) }

func (l look) judge(s *Scene, r *client.Reply) []Flaw {
	got, err := readListing(r)
	if err != nil {
		return []Flaw{{"a listing", err.Error() + ": " + excerpt(string(r.Body))}}
	}
	var flaws []Flaw
	same := func(what string, want, have []string) {
		if want != nil && !slices.Equal(want, have) {
			flaws = append(flaws, Flaw{what + " " + excerpt(fmt.Sprintf("%q", want)), excerpt(fmt.Sprintf("%q", have))})
		}
	}
	same("the keys", l.keys, s.short(got.keys()))
	same("the common prefixes", l.folds, s.short(got.prefixes()))
	flaws = append(flaws, l.members(s, got)...)
	for _, e := range got.entries {
		flaws = append(flaws, l.inEntry(e)...)
	}
	return flaws
}

// members judges what the listing says of itself.
func (l look) members(s *Scene, got *listed) (flaws []Flaw) {
	for _, name := range slices.Sorted(maps.Keys(l.is)) {
		want := strings.Replace(s.expand(l.is[name]), "@bucket", s.Bucket, 1)
		if have, ok := got.is[name]; !ok || want == "*" && have == "" || want != "*" && got.plain(have) != want {
			flaws = append(flaws, Flaw{name + " " + excerpt(want), listMember(got.is, name)})
		}
	}
	for _, name := range l.lacks {
		if _, ok := got.is[name]; ok || slices.Contains(got.order, name) {
			flaws = append(flaws, Flaw{"no " + name, listMember(got.is, name)})
		}
	}
	return flaws
}

// inEntry judges one entry.
func (l look) inEntry(e map[string]string) (flaws []Flaw) {
	for _, name := range slices.Sorted(maps.Keys(l.entry)) {
		have, ok := e[name]
		if expected, right := matches(l.entry[name], have); !ok || !right {
			if expected == "" {
				expected = "anything"
			}
			flaws = append(flaws, Flaw{"an entry with " + name + " " + expected, listMember(e, name)})
		}
	}
	for _, name := range l.bare {
		if _, ok := e[name]; ok {
			flaws = append(flaws, Flaw{"an entry without " + name, listMember(e, name)})
		}
	}
	return flaws
}

func listMember(in map[string]string, name string) string {
	if v, ok := in[name]; ok {
		return name + " " + excerpt(v)
	}
	return "no " + name
}

// short takes the case's own prefix off.
func (s *Scene) short(keys []string) []string {
	out := make([]string, 0, len(keys))
	for _, k := range keys {
		out = append(out, strings.TrimPrefix(k, s.under()))
	}
	return out
}
