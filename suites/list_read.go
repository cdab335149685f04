package suites

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"objectharness/internal/client"
)

// A listed is a listing as the cases read it, whichever form it came in. Names
// are those of the XML; a JSON member is called by them when its own is the same
// but for a small first letter.
type listed struct {
	root, space string
	order       []string          // members, in order
	is          map[string]string // members that are a text
	entries     []map[string]string
	folds       []string // common prefixes, as they stand there
}

// readListing reads the body of a listing.
func readListing(r *client.Reply) (*listed, error) {
	if strings.HasPrefix(string(r.Body), "{") {
		return readJSON(r.Body)
	}
	var n listNode
	if err := xml.Unmarshal(r.Body, &n); err != nil {
		return nil, err
	}
	l := &listed{root: n.XMLName.Local, space: n.XMLName.Space, is: map[string]string{}}
	for _, m := range n.Nodes {
		l.order = append(l.order, m.XMLName.Local)
		switch m.XMLName.Local {
		case "Contents", "Upload", "Part":
			entry := map[string]string{}
			m.into(entry, "")
			l.entries = append(l.entries, entry)
		case "CommonPrefixes":
			for _, p := range m.Nodes {
				l.folds = append(l.folds, p.Text)
			}
		default:
			l.is[m.XMLName.Local] = m.Text
		}
	}
	return l, nil
}

// A listNode is any element.
type listNode struct {
	XMLName xml.Name
	Nodes   []listNode `xml:",any"`
	Text    string     `xml:",chardata"`
}

// into writes the texts below an element by their paths: Owner/ID.
func (n *listNode) into(entry map[string]string, path string) {
	for _, m := range n.Nodes {
		if len(m.Nodes) > 0 {
			m.into(entry, path+m.XMLName.Local+"/")
			entry[path+m.XMLName.Local] = ""
			continue
		}
		entry[path+m.XMLName.Local] = m.Text
	}
}

func readJSON(body []byte) (*listed, error) {
	var doc struct {
		Contents, Uploads, Parts []map[string]any
		CommonPrefixes           []map[string]string
	}
	var all map[string]any
	if err := json.Unmarshal(body, &all); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(body, &doc); err != nil {
		return nil, err
	}
	l := &listed{is: map[string]string{}}
	for name, v := range all {
		switch v.(type) {
		case []any, map[string]any:
			l.order = append(l.order, capital(name))
		default:
			l.is[capital(name)] = fmt.Sprint(v)
		}
	}
	for _, e := range slices.Concat(doc.Contents, doc.Uploads, doc.Parts) {
		entry := map[string]string{}
		jsonInto(entry, e, "")
		l.entries = append(l.entries, entry)
	}
	for _, p := range doc.CommonPrefixes {
		l.folds = append(l.folds, p["prefix"])
	}
	return l, nil
}

func jsonInto(entry map[string]string, from map[string]any, path string) {
	for name, v := range from {
		if below, ok := v.(map[string]any); ok {
			jsonInto(entry, below, path+capital(name)+"/")
			v = ""
		}
		entry[path+capital(name)] = fmt.Sprint(v)
	}
}

// capital is the XML's name of a JSON member.
func capital(name string) string {
	if name == "id" {
		return "ID"
	}
	if name == "" || !unicode.IsLower(rune(name[0])) {
		return "json:" + name
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// plain is a text of the listing without the encoding that it says it has.
func (l *listed) plain(text string) string {
	if l.is["EncodingType"]+l.is["Encoding-type"]+l.is["Encoding-Type"] == "" {
		return text
	}
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// keys are the keys of the entries, decoded.
func (l *listed) keys() []string {
	out := make([]string, 0, len(l.entries))
	for _, e := range l.entries {
		out = append(out, l.plain(e["Key"]))
	}
	return out
}

// prefixes are the common prefixes, decoded.
func (l *listed) prefixes() []string {
	out := make([]string, 0, len(l.folds))
	for _, p := range l.folds {
		out = append(out, l.plain(p))
	}
	return out
}
