package suites

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"

	"objectharness/internal/clause"
	"objectharness/internal/client"
)

// Bounds of what is kept of a behaviour.
const (
	behaviourBody   = 64 << 10 // bytes of a body that are looked at
	behaviourFields = 40       // header fields
	behaviourNames  = 24       // members of a body
	behaviourText   = 120      // characters of a value
)

// Header fields that say nothing of how a target behaves, or differ from one
// reply to the next although the target behaves alike.
var behaviourIgnores = []string{"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding", "via"}

// Header fields whose values are the same whenever a case is run; of all others
// the name is kept.
var behaviourValues = []string{"accept-ranges", "access-control-allow-headers", "access-control-allow-methods", "access-control-allow-origin",
	"access-control-max-age", "allow", "cache-control", "content-disposition", "content-encoding", "content-language", "content-range", "content-type",
	"vary", "www-authenticate"}

// behaviour is the reply that was judged without what differs from run to run:
// two targets that behave alike give the same one. It is nil without a reply.
func behaviour(r *client.Reply) *clause.Behaviour {
	if r == nil {
		return nil
	}
	b := &clause.Behaviour{Status: r.Status, Code: r.Err.Code, Body: shape(r)}
	for _, f := range r.Fields {
		name := strings.ToLower(f.Name)
		if slices.Contains(behaviourIgnores, name) || len(b.Fields) == behaviourFields {
			continue
		}
		if slices.Contains(behaviourValues, name) {
			name += ": " + f.Value[:min(len(f.Value), behaviourText)]
		}
		b.Fields = append(b.Fields, strings.ToValidUTF8(name, ""))
	}
	slices.Sort(b.Fields)
	b.Fields = slices.Compact(b.Fields)
	return b
}

// shape says what a body is made of: the elements of XML in the order in which
// they first come, the members of JSON, else how long it is.
func shape(r *client.Reply) string {
	body := bytes.TrimSpace(r.Body[:min(len(r.Body), behaviourBody)])
	switch {
	case len(body) == 0:
		return ""
	case body[0] == '<':
		return xmlShape(body)
	case body[0] == '{':
		var members map[string]json.RawMessage
		if json.Unmarshal(body, &members) == nil {
			return shapeOf("JSON", slices.Sorted(maps.Keys(members)))
		}
	}
	return fmt.Sprintf("%d bytes", r.Size)
}

func xmlShape(body []byte) string {
	var names []string
	d := xml.NewDecoder(bytes.NewReader(body))
	for len(names) < behaviourNames {
		token, err := d.Token()
		if err != nil {
			break
		}
		if e, ok := token.(xml.StartElement); ok && !slices.Contains(names, e.Name.Local) {
			names = append(names, e.Name.Local)
		}
	}
	return shapeOf("XML", names)
}

func shapeOf(form string, names []string) string {
	for i, name := range names {
		names[i] = strings.ToValidUTF8(name[:min(len(name), behaviourText)], "")
	}
	return strings.Join(append([]string{form + ":"}, names[:min(len(names), behaviourNames)]...), " ")
}
