package emulator

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
)

// The documents of lists in XML.
type (
	aclPolicy struct {
		XMLName xml.Name     `xml:"AccessControlPolicy"`
		Owner   *listedOwner `xml:"Owner"`
		List    *aclList     `xml:"AccessControlList"`
	}
	aclList struct {
		Grants []aclGrant `xml:"Grant"`
	}
	aclGrant struct {
		Word       string      `xml:",chardata"` // OSS writes nothing else
		Grantee    *aclGrantee `xml:"Grantee"`
		Permission string      `xml:"Permission,omitempty"`
	}
	aclGrantee struct {
		Type        string `xml:"type,attr"`
		ID          string `xml:"ID,omitempty"`
		DisplayName string `xml:"DisplayName,omitempty"`
		URI         string `xml:"URI,omitempty"`
		Email       string `xml:"EmailAddress,omitempty"`
	}
)

// MarshalXML declares the namespace of the type where it is used.
func (g aclGrantee) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	type plain struct {
		NS          string `xml:"xmlns:xsi,attr"`
		Type        string `xml:"xsi:type,attr"`
		ID          string `xml:"ID,omitempty"`
		DisplayName string `xml:"DisplayName,omitempty"`
		URI         string `xml:"URI,omitempty"`
	}
	return e.EncodeElement(plain{"http://www.w3.org/2001/XMLSchema-instance", g.Type, g.ID, g.DisplayName, g.URI}, start)
}

// wholeXML reads a document that is one element and nothing behind it.
func wholeXML(body []byte, into any) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(into); err != nil {
		return err
	}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.Comment, xml.ProcInst:
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return errors.New("text after the document")
			}
		default:
			return errors.New("more than one document")
		}
	}
}

// xmlACL reads a list of COS or S3.
func xmlACL(c *call, body []byte, s aclScope) (acl, error) {
	var p aclPolicy
	code := c.e.t.access.malformed
	err := wholeXML(body, &p)
	ok := err == nil && len(body) <= maxACL && p.List != nil && (p.Owner != nil && p.Owner.ID != "" || !c.e.t.access.ownerNeeded)
	if err := c.require("acl.malformed", ok, code); err != nil || !ok {
		return acl{Grants: []grant{}}, err
	}
	if limit := int64(c.e.d.Limits.Grants); limit > 0 && int64(len(p.List.Grants)) > limit && int64(len(p.List.Grants)) > c.limit("acl.grants", limit) {
		if err := c.require("acl.too-many-grants", false, c.e.t.access.tooMany); err != nil {
			return acl{}, err
		}
	}
	list := acl{Grants: []grant{}}
	for _, g := range p.List.Grants {
		entry, err := c.xmlGrant(g, s)
		if err != nil {
			return acl{}, err
		}
		list.Grants = append(list.Grants, entry)
	}
	return c.owned(s, list), nil
}

var aclPermissions = []string{"READ", "WRITE", "READ_ACP", "WRITE_ACP", fullControl}

// xmlGrant reads one entry.
func (c *call) xmlGrant(g aclGrant, s aclScope) (grant, error) {
	a := &c.e.t.access
	known := slices.Contains(aclPermissions, g.Permission)
	if err := c.require("acl.permission", known, a.badPermission); err != nil {
		return grant{}, err
	}
	if s.object && g.Permission == "WRITE" && !a.objectWrite {
		if err := c.require("acl.object-write", false, "InvalidArgument"); err != nil {
			return grant{}, err
		}
	}
	typed := g.Grantee != nil && slices.Contains(a.granteeTypes, g.Grantee.Type)
	if err := c.require("acl.grantee-type", typed, a.malformed); err != nil || !typed {
		return share("", g.Permission), err
	}
	if g.Grantee.Type == "AmazonCustomerByEmail" {
		if err := c.require("acl.email", false, "MethodNotAllowed"); err != nil {
			return grant{}, err
		}
	}
	if g.Grantee.Type == "Group" {
		ok := c.isGroup(g.Grantee.URI)
		return share(g.Grantee.URI, g.Permission), c.require("acl.grantee", ok, "InvalidArgument", c.argument("Group/URI", g.Grantee.URI))
	}
	id, ok := a.account(c, g.Grantee.ID)
	return share(id, g.Permission), c.require("acl.grantee", ok, "InvalidArgument", c.argument("CanonicalUser/ID", g.Grantee.ID))
}

func (c *call) isGroup(uri string) bool {
	a := &c.e.t.access
	return uri != "" && (uri == a.everyone || uri == a.signed || slices.Contains(a.others, uri))
}

// quoted is type="value", the form of a grantee in a header field.
var quoted = regexp.MustCompile(`^([A-Za-z]+)="([^"]*)"$`)

// s3Item reads a grantee of S3's header fields.
func s3Item(c *call, field, item string) (string, error) {
	m := quoted.FindStringSubmatch(item)
	if m == nil {
		return "", c.require("acl.grant-field", false, "InvalidArgument", c.argument(field, item))
	}
	value := m[2]
	switch m[1] {
	case "id":
		id, ok := c.e.t.access.account(c, value)
		return id, c.require("acl.grant-field", ok, "InvalidArgument", c.argument("id", value))
	case "uri":
		return value, c.require("acl.grant-field", c.isGroup(value), "InvalidArgument", c.argument("uri", value))
	case "emailAddress":
		return value, c.require("acl.email", false, "MethodNotAllowed")
	}
	return "", c.require("acl.grant-field", false, "InvalidArgument", c.argument(field, item))
}

// cosItem reads a grantee of COS's header fields: id="root" or id="root/sub",
// as numbers or as the principal that they stand for.
func cosItem(c *call, field, item string) (string, error) {
	m := quoted.FindStringSubmatch(item)
	id, ok := "", false
	if m != nil && m[1] == "id" {
		id, ok = cosAccount(c, m[2])
	}
	return id, c.require("acl.grant-field", ok, "InvalidArgument", c.argument(field, item))
}

var (
	cosNumbers   = regexp.MustCompile(`^(\d+)(?:/(\d+))?$`)
	cosPrincipal = regexp.MustCompile(`^qcs::cam::uin/\d+:uin/\d+$`)
)

// cosAccount is the principal of an account, of which COS cannot know whether
// there is one.
func cosAccount(_ *call, id string) (string, bool) {
	if m := cosNumbers.FindStringSubmatch(id); m != nil {
		sub := m[2]
		if sub == "" {
			sub = m[1]
		}
		return "qcs::cam::uin/" + m[1] + ":uin/" + sub, true
	}
	return id, cosPrincipal.MatchString(id)
}

// knownAccount is an account that there is.
func knownAccount(c *call, id string) (string, bool) {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	return id, slices.ContainsFunc(c.e.accounts, func(a Account) bool { return a.ID == id && id != "" })
}
