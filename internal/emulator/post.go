package emulator

import (
	"crypto/md5"
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"strings"

	"objectharness/internal/emulator/store"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// authenticateForm reads the form up to its file and finds who signed it. What
// else may sign a request is not looked at: a form is signed by its fields.
func (c *call) authenticateForm() error {
	if c.in.Fields.Has("Authorization") {
		if err := c.admit("post.header-unchecked", "InvalidArgument"); err != nil {
			return err
		}
	}
	if err := c.openForm(); err != nil || c.posted.missing {
		c.who = c.e.first()
		return err
	}
	scheme := c.formScheme()
	c.scheme = scheme.Name()
	check := c.check()
	check.Holds = func(r sign.Reason, ok bool) bool {
		return ok || r != sign.Anonymous && c.passes(r, ok)
	}
	v, err := scheme.VerifyForm(c.posted.fields, check, nil)
	var refused *sign.Refusal
	switch {
	case err == nil:
		return c.acknowledgeForm(v)
	case errors.As(err, &refused) && refused.Reason == sign.Anonymous:
		c.anonymous = true
		return c.access()
	}
	return err
}

// acknowledgeForm lets a form go on as the account that signed it.
func (c *call) acknowledgeForm(v *sign.Verified) error {
	known := false
	if c.who, known = c.e.account(v.AccessKey); !known {
		c.who = c.e.first()
	}
	if !c.overruled && !c.does(c.signRule("text")) {
		return &sign.Refusal{Reason: sign.Mismatch, AccessKey: v.AccessKey}
	}
	if over := !c.who.Ends.IsZero() && c.now.After(c.who.Ends); !c.passes(sign.TokenEnded, !over) {
		return &sign.Refusal{Reason: sign.TokenEnded, AccessKey: v.AccessKey}
	}
	if c.posted.get(c.own("security-token")) != "" && !c.does(c.signRule("token")) {
		return &sign.Refusal{Reason: sign.BadToken, AccessKey: v.AccessKey}
	}
	return c.access()
}

// formScheme is the scheme that the form is signed with, if with any.
func (c *call) formScheme() sign.FormScheme {
	other := c.e.t.posting.signer(c.posted.fields)
	for _, s := range c.e.d.Schemes {
		if f, ok := s.(sign.FormScheme); ok && (other == "" || s.Name() == other) {
			return f
		}
	}
	return c.e.d.Schemes[0].(sign.FormScheme)
}

// openForm reads the form up to its file. What a broken rule lets pass is taken
// for a form of nothing.
func (c *call) openForm() error {
	c.posted = &posted{missing: true}
	t := &c.e.t.posting
	if t.wholeSize {
		if err := c.atMost("post.too-large", c.length, c.e.d.Limits.PostSize, "EntityTooLarge"); err != nil {
			return err
		}
	}
	boundary, form := boundaryOf(c.field("Content-Type"))
	if err := c.require("post.multipart", form, t.encType, c.enclosure); err != nil || !form {
		return err
	}
	if err := c.require("post.boundary", boundary != "", t.malformed); err != nil || boundary == "" {
		return err
	}
	sum := md5.New()
	p := newPosted(io.TeeReader(judged{c}, sum), boundary)
	p.sum, p.sent = sum, c.in.Fields
	if err := p.read(); err != nil {
		return c.unreadable(err)
	}
	if err := c.atMost("post.fields-too-large", p.size(), int64(c.e.d.Limits.FormSize), t.fieldSize); err != nil {
		return err
	}
	if err := c.require("post.file-required", p.file != nil, t.noFile); err != nil || p.file == nil {
		return err
	}
	c.posted = p
	return nil
}

// enclosure says which type a form must have, where the dialect does.
func (c *call) enclosure(f *fault) {
	if f.said.Code == "PreconditionFailed" && c.does("post.enclosure-named") {
		withExtra("Condition", "Bucket POST must be of the enclosure-type multipart/form-data")(f)
	}
}

// unreadable is the answer to a form that cannot be read; faults of the
// connection keep their own.
func (c *call) unreadable(err error) error {
	var f *fault
	switch {
	case errors.As(err, &f):
		return err
	case errors.Is(err, errTooMuch):
		return c.require("post.fields-too-large", false, c.e.t.posting.fieldSize, closing)
	}
	return c.require("post.well-formed", false, c.e.t.posting.malformed)
}

// postObject stores the file of a form.
func (c *call) postObject() error {
	p := c.posted
	if p.missing {
		c.reply.Status = 204
		return nil
	}
	if err := c.obey(); err != nil {
		return err
	}
	for _, check := range []func() error{c.validKey, c.validMeta, c.validCipher, c.validClass, c.validTags} {
		if err := check(); err != nil {
			return err
		}
	}
	given, err := c.givenMD5()
	if err != nil {
		return err
	}
	of, sum, err := c.formSum()
	if err != nil {
		return err
	}
	blob, err := c.receiveFile()
	if err != nil {
		return err
	}
	if err := errors.Join(c.matchBoth(given, of, sum, blob), c.matchDigests(blob)); err != nil {
		return err
	}
	return c.keepFile(blob, of)
}

// obey holds the form to its policy, and makes of its fields those of an upload.
func (c *call) obey() error {
	p, t := c.posted, &c.e.t.posting
	key := p.get("key")
	if err := c.require("post.key-required", p.fields.Has("key"), t.noKey, c.formArgument("key", "")); err != nil {
		return err
	}
	if !c.anonymous && p.fields.Has("policy") {
		if err := c.readPolicy(); err != nil {
			return err
		}
	}
	named := strings.ReplaceAll(key, "${filename}", p.name)
	if p.name == "" {
		named = pick(c, "post.filename-none", key, named)
	}
	if t.expands {
		key = pick(c, "post.filename-first", named, key)
	} else {
		key = pick(c, "post.filename-last", key, named)
	}
	if err := errors.Join(c.admitNames(), c.checkPolicy(key)); err != nil {
		return err
	}
	named = pick(c, "post.filename", named, p.get("key"))
	c.at.Key, c.at.HasKey = pick(c, "post.utf-8", named, latin(named)), true
	c.translate()
	if err := c.permit(c.bucket, c.kind, c.at.Key); err != nil {
		return err
	}
	if c.anonymous && !c.does("post.anonymous") {
		return c.fault("AccessDenied")
	}
	return c.givenACL()
}

// latin is what becomes of a text when its bytes are read as ISO-8859-1.
func latin(s string) string {
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

// admitNames takes fields by their names in any case.
func (c *call) admitNames() error {
	for _, f := range c.posted.fields {
		name := strings.ToLower(f.Name)
		if name != f.Name && (name == "key" || name == "policy") {
			return c.admit("post.names", c.e.t.posting.noKey)
		}
	}
	return nil
}

// translate gives the call the header fields that an upload by PUT would have.
func (c *call) translate() {
	in, r := *c.in, *c.in.Request
	r.Fields = slices.DeleteFunc(r.Fields.Clone(), func(f wire.Field) bool { return c.isUploadField(f.Name) })
	for _, f := range c.posted.fields {
		switch name := f.Name; {
		case strings.EqualFold(name, "acl"):
			r.Fields.Set(c.own("acl"), f.Value)
		case strings.EqualFold(name, "Content-Type") && f.Value == "":
		case c.isUploadField(name):
			r.Fields.Add(name, f.Value)
		}
	}
	c.typeFile(&r.Fields)
	in.Request = &r
	c.in = &in
}

// isUploadField tells whether a header field says something of an object that is
// put, or is a signature.
func (c *call) isUploadField(name string) bool {
	own := len(name) >= len(c.e.d.Prefix) && strings.EqualFold(name[:len(c.e.d.Prefix)], c.e.d.Prefix)
	return own || slices.ContainsFunc(append([]string{"Content-MD5", "Authorization"}, contentFields...),
		func(field string) bool { return strings.EqualFold(field, name) })
}

// typeFile ranks the types of the file's part and of the field.
func (c *call) typeFile(fields *wire.Fields) {
	if c.posted.typ == "" {
		return
	}
	field := fields.Get("Content-Type")
	part, rule := field, "post.type-of-field"
	if c.e.t.posting.partType {
		part, rule = c.posted.typ, "post.type-of-part"
	}
	other := c.posted.typ
	if c.e.t.posting.partType {
		other = field
	}
	if typ := pick(c, rule, part, other); typ != "" {
		fields.Set("Content-Type", typ)
	} else {
		fields.Del("Content-Type")
	}
}

// receiveFile reads the file and what stands behind it.
func (c *call) receiveFile() (*store.Blob, error) {
	limit := c.e.d.Limits.PostSize
	b, err := c.e.store.Spool(c.posted.file, limit+1)
	switch {
	case errors.Is(err, store.ErrTooLarge):
		return nil, c.fault("EntityTooLarge")
	case err != nil:
		if err := c.unreadable(err); err != nil {
			return nil, err
		}
		b = store.NewBlob(nil)
	}
	if !c.e.t.posting.wholeSize {
		if err := c.atMost("post.too-large", b.Size, limit, "EntityTooLarge"); err != nil {
			return nil, err
		}
	}
	if err := c.checkSize(b.Size); err != nil {
		return nil, err
	}
	behind, files, err := c.posted.rest()
	if err != nil {
		if err = c.unreadable(err); err != nil {
			return nil, err
		}
	}
	return b, c.behindFile(behind, files)
}

// behindFile judges what stands behind the file: a second file is refused where
// the dialect says so, and no other field counts.
func (c *call) behindFile(behind wire.Fields, files int) error {
	if code := c.e.t.posting.files; code != "" {
		if err := c.require("post.one-file", files == 0, code); err != nil {
			return err
		}
	}
	if len(behind) > 0 && !c.does("post.behind-ignored") {
		for _, f := range behind {
			if c.isUploadField(f.Name) {
				c.in.Fields.Set(f.Name, f.Value)
			}
		}
	}
	return c.formMD5()
}

// formMD5 compares the body as a whole with the header field Content-MD5.
func (c *call) formMD5() error {
	code, given := c.e.t.posting.wholeMD5, c.posted.sent.Get("Content-MD5")
	if code == "" || given == "" {
		return nil
	}
	sum := c.posted.sum
	io.Copy(sum, c.body)
	if given == base64.StdEncoding.EncodeToString(sum.Sum(nil)) {
		return c.admit("post.md5-right", code)
	}
	return c.require("post.md5", false, code)
}

// keepFile stores the object and answers.
func (c *call) keepFile(blob *store.Blob, of *checksum) error {
	o := c.newObject(blob)
	o.Fields = c.kept(o.Fields)
	if options := c.options(); len(options) > 0 && c.does("post.option-kept") {
		o.Fields = append(o.Fields, options...)
	}
	c.answerDigests(o, blob)
	c.postOptions(o)
	c.keepFormSum(of, o)
	if c.does("post.stores") {
		if err := c.bucket.Update(c.storedKey(), func(old *store.Object) (*store.Object, error) {
			if err := c.overwrite(old); err != nil {
				return nil, err
			}
			o.Kind = c.kindOver(old)
			return o, nil
		}); err != nil {
			return err
		}
	}
	return c.answerPost(o)
}

// formArgument names the field that a refusal is about, where the dialect does.
func (c *call) formArgument(name, value string) detail {
	return func(f *fault) {
		if c.e.t.posting.members && c.does("post.argument-named") {
			withExtra("ArgumentName", name)(f)
			withExtra("ArgumentValue", value)(f)
		}
	}
}
