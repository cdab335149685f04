package emulator

import (
	"encoding/xml"
	"io"
	"slices"
	"strings"

	"objectharness/internal/emulator/store"
)

// Who owns the objects of a bucket in S3. Where the owner of the bucket does,
// there are no lists.
const (
	ownerEnforced  = "BucketOwnerEnforced"
	ownerPreferred = "BucketOwnerPreferred"
	writerOwns     = "ObjectWriter"
	switchedOff    = "switchedOff" // the setting was deleted
)

var ownerships = []string{ownerEnforced, ownerPreferred, writerOwns}

type ownershipControls struct {
	XMLName xml.Name        `xml:"OwnershipControls"`
	Rules   []ownershipRule `xml:"Rule"`
}

type ownershipRule struct {
	Ownership string `xml:"ObjectOwnership"`
}

// listless tells whether a bucket has no access control lists.
func (c *call) listless(b *store.Bucket) bool {
	kept := b.Setting(ownershipSetting)
	return kept == ownerEnforced || kept == "" && c.e.t.access.enforced
}

func (c *call) getOwnership() error {
	kept := orElse(c.bucket.Setting(ownershipSetting), pick(c, "acl.ownership-default", ownerEnforced, writerOwns))
	if kept == switchedOff {
		if err := c.require("acl.ownership-none", false, "OwnershipControlsNotFoundError"); err != nil {
			return err
		}
	}
	return c.sendXML(ownershipControls{Rules: []ownershipRule{{kept}}})
}

// orElse is kept, or what holds without it.
func orElse(kept, otherwise string) string {
	if kept == "" {
		return otherwise
	}
	return kept
}

func (c *call) putOwnership() error {
	body, err := io.ReadAll(io.LimitReader(judged{c}, maxACL+1))
	if err != nil {
		return err
	}
	var o ownershipControls
	ok := wholeXML(body, &o) == nil && len(body) <= maxACL && len(o.Rules) == 1 && slices.Contains(ownerships, o.Rules[0].Ownership)
	if err := c.require("acl.ownership-document", ok, "MalformedXML"); err != nil || !ok {
		return err
	}
	return c.bucket.Configure(ownershipSetting, o.Rules[0].Ownership)
}

func (c *call) deleteOwnership() error {
	c.status("acl.ownership-deleted", 204)
	return c.bucket.Configure(ownershipSetting, switchedOff)
}

// publicBlock says in which ways a bucket keeps the public out. OSS has one
// switch, S3 four.
type publicBlock struct {
	XMLName  xml.Name `xml:"PublicAccessBlockConfiguration"`
	All      *bool    `xml:"BlockPublicAccess"`
	ACLs     *bool    `xml:"BlockPublicAcls"`
	Ignore   *bool    `xml:"IgnorePublicAcls"`
	Policy   *bool    `xml:"BlockPublicPolicy"`
	Restrict *bool    `xml:"RestrictPublicBuckets"`
}

// The ways, as the bucket's setting keeps them.
const (
	blockAll      = "all"
	blockACLs     = "acls"
	blockIgnore   = "ignore"
	blockPolicy   = "policy"
	blockRestrict = "restrict"
)

// blocked tells whether a bucket keeps the public out in a way.
func (c *call) blocked(b *store.Bucket, way string) bool {
	kept := b.Setting(publicSetting)
	if kept == "" {
		return c.e.t.access.enforced && way != blockAll
	}
	return slices.Contains(strings.Fields(kept), way)
}

// publicIgnored tells whether grants to the public count for nothing.
func (c *call) publicIgnored(b *store.Bucket) bool {
	return (c.blocked(b, blockAll) || c.blocked(b, blockIgnore)) && pick(c, "acl.public-ignored", true, false)
}

// publicBlocked tells whether grants to the public cannot be made.
func (c *call) publicBlocked(b *store.Bucket) bool {
	return c.blocked(b, blockAll) || c.blocked(b, blockACLs) || c.e.shuts(b.Owner)
}

func (c *call) getPublicBlock() error {
	if c.bucket.Setting(publicSetting) == switchedOff && c.e.t.access.enforced {
		if err := c.require("acl.block-none", false, "NoSuchPublicAccessBlockConfiguration"); err != nil {
			return err
		}
	}
	on := func(way string) *bool { v := c.blocked(c.bucket, way); return &v }
	if !c.e.t.access.enforced {
		return c.sendXML(publicBlock{All: on(blockAll)})
	}
	last := on(blockRestrict)
	*last = pick(c, "acl.block-default", *last, !*last)
	return c.sendXML(publicBlock{ACLs: on(blockACLs), Ignore: on(blockIgnore), Policy: on(blockPolicy), Restrict: last})
}

func (c *call) putPublicBlock() error {
	body, err := io.ReadAll(io.LimitReader(judged{c}, maxACL+1))
	if err != nil {
		return err
	}
	var p publicBlock
	if wholeXML(body, &p) != nil || len(body) > maxACL {
		return c.fault("MalformedXML")
	}
	ways := []string{switchedOff}
	for _, w := range []struct {
		on   *bool
		name string
	}{{p.All, blockAll}, {p.ACLs, blockACLs}, {p.Ignore, blockIgnore}, {p.Policy, blockPolicy}, {p.Restrict, blockRestrict}} {
		if w.on != nil && *w.on {
			ways = append(ways, w.name)
		}
	}
	kept := strings.Join(ways[1:], " ")
	if kept == "" {
		kept = "none"
	}
	return c.bucket.Configure(publicSetting, kept)
}

func (c *call) deletePublicBlock() error {
	c.status("acl.block-deleted", 204)
	return c.bucket.Configure(publicSetting, switchedOff)
}

// newBucketAccess reads what a request to make a bucket says of access, as the
// settings that the bucket begins with.
func (c *call) newBucketAccess() (map[string]string, error) {
	a := &c.e.t.access
	settings := map[string]string{}
	if err := c.aclQuota(); err != nil {
		return nil, err
	}
	if !a.onCreate {
		return settings, nil
	}
	s := c.bucketScope(c.who.ID)
	list, given, err := c.headerACL(s)
	if err != nil {
		return nil, err
	}
	if given && list.Word != "private" {
		settings[aclSetting] = list.text()
	}
	if !a.enforced {
		return settings, nil
	}
	ownership := c.field("x-amz-object-ownership")
	if ownership != "" {
		if err := c.require("acl.ownership-field", slices.Contains(ownerships, ownership), "InvalidArgument"); err != nil {
			return nil, err
		}
		settings[ownershipSetting] = ownership
	}
	public := given && c.publicGrants(list)
	if enforced := ownership == "" || ownership == ownerEnforced; public && enforced {
		return settings, c.require("acl.public-and-enforced", false, "InvalidBucketAclWithObjectOwnership")
	}
	return settings, c.require("acl.public-blocked", !public, "AccessDenied")
}

// configureNew gives a bucket that was just made its first settings.
func (c *call) configureNew(settings map[string]string) error {
	b := c.e.store.Bucket(c.at.Bucket)
	if b == nil || len(settings) > 0 && !c.does("acl.on-create") {
		return nil
	}
	for name, value := range settings {
		if err := b.Configure(name, value); err != nil {
			return err
		}
	}
	return nil
}

// aclQuota refuses one more list of a bucket than an account may have.
func (c *call) aclQuota() error {
	limit := int64(c.e.d.Limits.BucketACLs)
	if limit == 0 {
		return nil
	}
	have := int64(0)
	for _, b := range c.e.store.Buckets(c.who.ID) {
		if b.Setting(aclSetting) != "" {
			have++
		}
	}
	if have < limit || have < c.limit("acl.quota", limit) {
		return nil
	}
	return c.require("acl.quota-full", false, "PolicyFull")
}
