package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// wholeJSON reads one value and nothing behind it. Members that nobody knows are
// ignored (BOS-ERR-05).
func wholeJSON(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

var (
	bosPermissions = []string{fullControl, "READ", "WRITE", "LIST", "MODIFY", "GetObject", "PutObject", "DeleteObject", "RestoreObject"}
	bosOfObjects   = []string{fullControl, "READ"}
)

// bosACL reads a list of BOS.
func bosACL(c *call, body []byte, s aclScope) (acl, error) {
	well := json.Valid(body) && len(body) <= maxACL
	if err := c.require("acl.malformed", well, "MalformedJSON"); err != nil || !well {
		return acl{Grants: []grant{}}, err
	}
	var d jsonDocument
	fits := wholeJSON(body, &d) == nil && d.List != nil
	if err := c.require("acl.inappropriate", fits, "InappropriateJSON"); err != nil || !fits {
		return acl{Grants: []grant{}}, err
	}
	for _, g := range d.List {
		if err := c.jsonGrant(g, s); err != nil {
			return acl{}, err
		}
	}
	return acl{Grants: d.List}, nil
}

// jsonGrant refuses an entry that lacks what it needs, or has what it may not.
func (c *call) jsonGrant(g grant, s aclScope) error {
	named := len(g.Grantees) > 0 && !slices.ContainsFunc(g.Grantees, func(who grantee) bool { return who.ID == "" })
	complete := named && len(g.Permissions) > 0 && slices.Contains([]string{"", "Allow", "Deny"}, g.Effect)
	if err := c.require("acl.inappropriate", complete, "InappropriateJSON"); err != nil {
		return err
	}
	if err := c.require("acl.both-resources", len(g.Resource) == 0 || len(g.NotResource) == 0, "InappropriateJSON"); err != nil {
		return err
	}
	allowed := bosPermissions
	rule := "acl.permission"
	if s.object {
		allowed, rule = bosOfObjects, "acl.object-permission"
		plain := g.Resource == nil && g.NotResource == nil && g.Condition == nil && g.Effect == ""
		if err := c.require("acl.object-members", plain, "InappropriateJSON"); err != nil {
			return err
		}
	}
	known := !slices.ContainsFunc(g.Permissions, func(p string) bool { return !slices.Contains(allowed, p) })
	return c.require(rule, known, "InappropriateJSON")
}

// bosItem reads a grantee of BOS's header fields: id="user", or the bare user.
func bosItem(c *call, field, item string) (string, error) {
	id := item
	if m := quoted.FindStringSubmatch(item); m != nil && m[1] == "id" {
		id = m[2]
	}
	ok := id != "" && !strings.ContainsAny(id, `"=`)
	return id, c.require("acl.grant-field", ok, "InvalidArgument")
}
