package emulator

import (
	"encoding/json"
	"slices"
	"strings"

	"objectharness/internal/emulator/store"
)

// Names of the settings of a bucket that access goes by.
const (
	aclSetting       = "acl"
	ownershipSetting = "ownership"
	publicSetting    = "public-access-block"
)

// fullControl is the permission that holds all others of a list.
const fullControl = "FULL_CONTROL"

// An acl says who may do what with a bucket or an object. It is kept as JSON; ""
// is none.
type acl struct {
	Word   string  `json:"word,omitempty"` // the canned list that it was set by
	Grants []grant `json:"accessControlList"`
}

// A grant is one entry of a list. All but grantees and permissions is BOS's,
// whose JSON this is.
type grant struct {
	Grantees    []grantee `json:"grantee"`
	Permissions []string  `json:"permission"`
	Resource    []string  `json:"resource,omitempty"`
	NotResource []string  `json:"notResource,omitempty"`
	Condition   *proviso  `json:"condition,omitempty"`
	Effect      string    `json:"effect,omitempty"`
}

// A grantee is an account, by its canonical id, or a group, by its URI.
type grantee struct {
	ID string `json:"id"`
}

// Grantees that canned lists name before it is known who they are.
const (
	theOwner       = "@owner"
	theBucketOwner = "@bucket-owner"
)

// share is an entry of a canned list.
func share(who string, may ...string) grant {
	return grant{Grantees: []grantee{{who}}, Permissions: may}
}

// parseACL reads what a bucket or an object keeps.
func parseACL(kept string) (a acl) {
	if kept != "" {
		json.Unmarshal([]byte(kept), &a) // our own writing
	}
	return a
}

// text is the list as it is kept.
func (a acl) text() string {
	b, err := json.Marshal(a)
	if err != nil {
		return ""
	}
	return string(b)
}

// canned is the list that a word stands for.
func canned(word string, grants []grant, owner, bucketOwner string) acl {
	a := acl{Word: word, Grants: []grant{}}
	for _, g := range grants {
		id := g.Grantees[0].ID
		switch id {
		case theOwner:
			id = owner
		case theBucketOwner:
			id = bucketOwner
		}
		if slices.ContainsFunc(a.Grants, func(have grant) bool { return have.Grantees[0].ID == id && have.offers(g.Permissions) }) {
			continue
		}
		a.Grants = append(a.Grants, share(id, g.Permissions...))
	}
	return a
}

// listOf is the list of a bucket: without one it is private.
func (c *call) listOf(b *store.Bucket) acl {
	if kept := b.Setting(aclSetting); kept != "" {
		return parseACL(kept)
	}
	return canned("private", c.e.t.access.bucketWords["private"], b.Owner, b.Owner)
}

// listOn is the list of an object: without one it says nothing, or that the
// object is its owner's.
func (c *call) listOn(o *store.Object) acl {
	if o.ACL != "" {
		return parseACL(o.ACL)
	}
	if c.e.t.access.ownObjects {
		return canned("", c.e.t.access.objectWords["private"], c.ownerOf(c.bucket, o), c.bucket.Owner)
	}
	return acl{Word: "default"}
}

// publicGrants tells whether a list lets in people of whom nothing is known.
func (c *call) publicGrants(a acl) bool {
	return slices.ContainsFunc(a.Grants, func(g grant) bool {
		return slices.ContainsFunc(g.Grantees, func(who grantee) bool {
			return who.ID == c.e.t.access.everyone || who.ID == c.e.t.access.signed && who.ID != ""
		})
	})
}

// covers tells whether an entry is about a key of the bucket.
func (c *call) covers(b *store.Bucket, g grant, key string) bool {
	about := b.Name
	if key != "" {
		about += "/" + key
	}
	named := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return wild(p, about) || key == "" && strings.HasPrefix(p, b.Name) })
	}
	switch {
	case len(g.Resource) > 0:
		return pick(c, "acl.resource", named(g.Resource), true)
	case len(g.NotResource) > 0:
		return pick(c, "acl.not-resource", !named(g.NotResource), true)
	}
	return true
}

// wild tells whether a pattern, in which * stands for any text, is a text.
func wild(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	last := len(parts) - 1
	if last == 0 {
		return text == ""
	}
	for _, p := range parts[1:last] {
		i := strings.Index(text, p)
		if i < 0 {
			return false
		}
		text = text[i+len(p):]
	}
	return strings.HasSuffix(text, parts[last])
}
