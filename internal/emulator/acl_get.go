package emulator

import (
	"strings"
)

func (c *call) getBucketACL() error {
	list := c.listOf(c.bucket)
	if c.bucket.Setting(aclSetting) == "" {
		word := pick(c, "acl.bucket-default", "private", "public-read")
		list = canned(word, c.e.t.access.bucketWords[word], c.bucket.Owner, c.bucket.Owner)
	}
	return c.sendACL(c.bucket.Owner, list, false)
}

func (c *call) getObjectACL() error {
	o, err := c.find()
	if err != nil {
		return err
	}
	if code := c.e.t.access.noList; o.ACL == "" && code != "" {
		if err := c.require("acl.object-has-none", false, code); err != nil {
			return err
		}
	}
	return c.sendACL(c.ownerOf(c.bucket, o), c.listOn(o), true)
}

// sendACL answers a list in the dialect's form.
func (c *call) sendACL(owner string, list acl, object bool) error {
	if c.e.t.json {
		return c.sendJSONACL(owner, list, object)
	}
	owner = pick(c, "acl.body-owner", owner, otherValue(owner))
	p := aclPolicy{Owner: &listedOwner{owner, owner}, List: &aclList{}}
	if c.e.t.access.wordOnly {
		word := list.Word
		p.List.Grants = []aclGrant{{Word: pick(c, "acl.body-grants", word, otherWord(word))}}
		return c.sendXML(p)
	}
	grants := list.Grants
	if n := len(grants); n > 0 && pick(c, "acl.body-grants", false, true) {
		grants = grants[:n-1]
	}
	for _, g := range grants {
		p.List.Grants = append(p.List.Grants, aclGrant{Grantee: c.xmlGrantee(g.Grantees[0].ID), Permission: g.Permissions[0]})
	}
	return c.sendXML(p)
}

// xmlGrantee is how a grantee is written.
func (c *call) xmlGrantee(id string) *aclGrantee {
	if strings.Contains(id, "://") {
		return &aclGrantee{Type: pick(c, "acl.body-type", "Group", "CanonicalUser"), URI: id}
	}
	return &aclGrantee{Type: pick(c, "acl.body-type", "CanonicalUser", "Group"), ID: id, DisplayName: id}
}

// otherWord is a canned list that a slip could write for another.
func otherWord(word string) string {
	if word == "private" {
		return "public-read"
	}
	return "private"
}

// jsonACL is the document of a list in JSON.
type jsonDocument struct {
	Owner *grantee `json:"owner,omitempty"`
	List  []grant  `json:"accessControlList"`
}

func (c *call) sendJSONACL(owner string, list acl, object bool) error {
	d := jsonDocument{List: list.Grants}
	if !object {
		d.Owner = &grantee{pick(c, "acl.body-owner", owner, otherValue(owner))}
	}
	if n := len(d.List); n > 0 && pick(c, "acl.body-grants", false, true) {
		d.List = d.List[:n-1]
	}
	return c.sendJSON(d)
}
