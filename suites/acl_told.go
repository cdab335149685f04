package suites

import (
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// A toldACL is a list as a reply tells it, in XML or JSON.
type toldACL struct {
	XMLName xml.Name   `xml:"AccessControlPolicy" json:"-"`
	Owner   toldOwner  `xml:"Owner" json:"owner"`
	List    []toldLine `xml:"AccessControlList>Grant" json:"accessControlList"`
}

type toldOwner struct {
	ID          string `xml:"ID" json:"id"`
	DisplayName string `xml:"DisplayName" json:"-"`
}

type toldLine struct {
	Word    string `xml:",chardata" json:"-"`
	Grantee struct {
		Type        string `xml:"http://www.w3.org/2001/XMLSchema-instance type,attr"`
		ID          string `xml:"ID"`
		DisplayName string `xml:"DisplayName"`
		URI         string `xml:"URI"`
	} `xml:"Grantee" json:"-"`
	Permission string `xml:"Permission" json:"-"`
	Grantees   []struct {
		ID string `json:"id"`
	} `xml:"-" json:"grantee"`
	Permissions []string `xml:"-" json:"permission"`
}

// readACL reads a list out of a reply.
func readACL(r *client.Reply) (t toldACL, err error) {
	if strings.HasPrefix(strings.TrimSpace(string(r.Body)), "{") {
		return t, json.Unmarshal(r.Body, &t)
	}
	return t, xml.Unmarshal(r.Body, &t)
}

// aclLines are the entries of a list, each "grantee permission" with the words
// owner, second, everyone and signed for whom the case knows; OSS has but a word.
func aclLines(s *Scene, r *client.Reply) (lines []string) {
	t, err := readACL(r)
	if err != nil {
		return []string{"no list: " + err.Error()}
	}
	for _, g := range t.List {
		if word := strings.TrimSpace(g.Word); word != "" {
			lines = append(lines, word)
		}
		if g.Permission != "" {
			lines = append(lines, s.calls(g.Grantee.ID+g.Grantee.URI)+" "+g.Permission)
		}
		for _, who := range g.Grantees {
			for _, p := range g.Permissions {
				lines = append(lines, s.calls(who.ID)+" "+p)
			}
		}
	}
	slices.Sort(lines)
	return lines
}

// calls is the word for a grantee.
func (s *Scene) calls(id string) string {
	switch {
	case id == s.W.Everyone:
		return "everyone"
	case id == s.W.Signed:
		return "signed"
	case id == s.OwnID(Owner):
		return "owner"
	case s.Other != nil && id == s.OwnID(Second):
		return "second"
	}
	return id
}

// tells wants a list of exactly these lines.
func tells(lines ...string) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw {
		want := slices.Sorted(slices.Values(lines))
		if got := aclLines(s, r); !slices.Equal(got, want) {
			return []Flaw{{"a list of " + strings.Join(want, ", "), strings.Join(got, ", ")}}
		}
		return nil
	}
}

// includes wants a list in which these lines are.
func includes(lines ...string) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw {
		got := aclLines(s, r)
		for _, l := range lines {
			if !slices.Contains(got, l) {
				return []Flaw{{"a list with " + l, strings.Join(got, ", ")}}
			}
		}
		return nil
	}
}

// bucketTells is the later look that the list of the case's bucket is this.
func bucketTells(lines ...string) After {
	return After{Text: "the bucket has the list " + strings.Join(lines, ", "), Want: Accepted(200).With(tells(lines...)),
		Call: func(s *Scene) client.Call { return s.BucketACL("GET", s.Own("b")) }}
}

// objectTells is the later look that the list of the object k in the shelf of
// private buckets is this.
func objectTells(lines ...string) After {
	return After{Text: "the object has the list " + strings.Join(lines, ", "), Want: Accepted(200).With(tells(lines...)),
		Call: func(s *Scene) client.Call { return s.ObjectACL("GET", s.Shelf("private"), s.Key("k")) }}
}

// onShelf is the object k in the shelf of private buckets, with fields.
func onShelf(fields ...wire.Field) Given {
	return func(s *Scene) {
		bucket := s.Shelf("private")
		s.Must(aclIn(bucket, s.Put(s.In(bucket, s.Key("k")), "content", fields...)))
	}
}
