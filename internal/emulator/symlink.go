package emulator

import (
	"maps"
	"net/url"

	"objectharness/internal/emulator/store"
)

// A link is an object of this kind; it keeps the key of what it leads to.
const (
	linked = "Symlink"
	linkTo = "symlink-target"
)

// putSymlink makes a link to another key, whether something is there or not.
func (c *call) putSymlink() error {
	for _, check := range []func() error{c.validKey, c.validMeta} {
		if err := check(); err != nil {
			return err
		}
	}
	target, err := url.PathUnescape(c.field(c.own("symlink-target")))
	if err != nil || target == "" || target == c.at.Key {
		return c.fault("InvalidArgument")
	}
	o := c.newObject(store.NewBlob(nil))
	o.Kind, o.Version = linked, c.newVersion()
	o.Fields = append(c.kept(o.Fields), c.options()...)
	o.Extra = maps.Clone(tagged(c.givenTags()))
	if o.Extra == nil {
		o.Extra = map[string]string{}
	}
	o.Extra[linkTo] = target
	c.tellMade(o)
	return c.bucket.Update(c.at.Key, func(old *store.Object) (*store.Object, error) { return o, c.forbidden(old) })
}

// getSymlink tells where a link leads.
func (c *call) getSymlink() error {
	o, err := c.find()
	if err != nil {
		return err
	}
	if o.Kind != linked {
		return c.fault("NotSymlink")
	}
	c.reply.Fields.Set(c.own("symlink-target"), url.PathEscape(o.Extra[linkTo]))
	c.reply.Fields.Set("ETag", c.etag(o.ETag))
	c.reply.Fields.Set("Last-Modified", httpDate(o.Modified))
	return nil
}

// follow is what is read at a link: content, tag and digests of what it leads
// to, the later time of both, and its own fields.
func (c *call) follow(o *store.Object) (*store.Object, error) {
	if o.Kind != linked {
		return o, nil
	}
	target := c.bucket.Get(o.Extra[linkTo])
	switch {
	case target == nil:
		return nil, c.fault("SymlinkTargetNotExist")
	case target.Kind == linked:
		return nil, c.fault("InvalidTargetType")
	}
	made := *target
	made.Kind, made.Fields, made.ACL, made.Owner = linked, o.Fields, o.ACL, o.Owner
	if o.Modified.After(made.Modified) {
		made.Modified = o.Modified
	}
	return &made, nil
}
