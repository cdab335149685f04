package emulator

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

// putObject stores the body under the key of the request.
func (c *call) putObject() error {
	for _, check := range []func() error{c.validKey, c.validMeta, c.validTagField, c.knownClass, c.validMoved, c.knownCipher, c.validSeal, c.validLockFields, c.validLength} {
		if err := check(); err != nil {
			return err
		}
	}
	given, err := c.givenMD5()
	if err != nil {
		return err
	}
	of, sum, err := c.givenSum()
	if err != nil {
		return err
	}
	blob, err := c.receive()
	if err != nil {
		return err
	}
	if err := errors.Join(c.matchBoth(given, of, sum, blob), c.matchDigests(blob)); err != nil {
		return err
	}
	o := c.newObject(blob)
	o.Fields = append(c.kept(o.Fields), c.options()...)
	o.Extra = tagged(c.givenTags())
	c.answerDigests(o, blob)
	c.keepSum(of, o)
	c.sealed(o)
	c.locked(o, "put")
	marker, before := c.marker(), (*store.Object)(nil)
	if err := c.bucket.Update(c.storedKey(), func(old *store.Object) (*store.Object, error) {
		if err := c.forbidden(c.overMarker(old, marker)); err != nil {
			return nil, err
		}
		if err := c.overLocked(old); err != nil {
			return nil, err
		}
		before, o.Kind = old, c.kindOver(old)
		return c.replace(old, o), nil
	}); err != nil {
		return err
	}
	c.keepsOlder(c.at.Key, before, o)
	c.answerPut(o)
	return nil
}

// replace is what stands at the key after the upload.
func (c *call) replace(old, o *store.Object) *store.Object {
	if old == nil || c.versioning != "" {
		return o
	}
	if !c.does("put.replaces") {
		return old
	}
	if !c.does("put.replaces-fields") {
		o.Fields = old.Fields
	}
	o.ETag = pick(c, "put.etag-of-body", o.ETag, old.ETag)
	if tags := pick(c, "tagging.reset-by-put", o.Extra[tagsOf], old.Extra[tagsOf]); tags != o.Extra[tagsOf] {
		o.Extra = tagged(tags)
	}
	o.ACL = pick(c, "acl.reset-by-put", o.ACL, old.ACL)
	return o
}

func (c *call) answerPut(o *store.Object) {
	c.status("put.status", 200)
	c.tellMade(o)
	c.set("put.etag", "ETag", c.etag(o.ETag))
	if c.e.t.crc64 != "" {
		c.set("put.crc64", c.e.t.crc64, strconv.FormatUint(o.CRC64, 10))
	}
	if c.e.t.writing.echoMD5 {
		c.set("put.content-md5-echo", "Content-MD5", base64.StdEncoding.EncodeToString(o.MD5))
	}
	c.answerExpiry(o)
	if !c.does("put.no-body") {
		c.send([]byte("OK"))
	}
}

// validLength refuses a body whose length is missing or over the limit, before
// any of it is read.
func (c *call) validLength() error {
	chunked := c.length < 0
	missing := c.in.NoLength || chunked && c.e.t.writing.noChunks
	if err := c.require("put.length-required", !missing, c.e.t.noLength, closing); err != nil {
		return err
	}
	if chunked && !c.does("put.chunked") {
		return c.fault(c.e.t.noLength)
	}
	return c.inSize(c.length)
}

// inSize refuses a body of n bytes where that is too much for one upload.
func (c *call) inSize(n int64) error {
	return c.atMost("put.too-large", n, c.e.d.Limits.PutSize, c.e.t.writing.tooLarge)
}

// receive reads the body. The body that a client sends is judged as it comes.
func (c *call) receive() (*store.Blob, error) {
	if c.expects() && !c.does("expect.continue") {
		c.in.KeepBack()
	}
	b, err := c.e.store.Spool(judged{c}, c.e.d.Limits.PutSize+1)
	if errors.Is(err, store.ErrTooLarge) {
		return nil, c.fault(c.e.t.writing.tooLarge)
	}
	if err != nil {
		return nil, err
	}
	if err := c.inSize(b.Size); err != nil {
		return nil, err
	}
	return c.asSent(c.exact(b)), c.empty(b)
}

// hasten keeps a refusal from waiting for the body that a client holds back
// until it is told to go on.
func (c *call) hasten() {
	if c.expects() && !c.does("expect.refusal-at-once") {
		io.Copy(io.Discard, c.in.Body)
	}
}

// expects tells whether the client waits for a 100 before it sends the body.
func (c *call) expects() bool { return strings.EqualFold(c.field("Expect"), "100-continue") }

// empty lets a body of no bytes pass, as any other.
func (c *call) empty(b *store.Blob) error {
	if b.Size > 0 {
		return nil
	}
	return c.admit("put.empty", c.e.t.noLength)
}

// judged reads the body of a call and answers what goes wrong on the way.
type judged struct{ c *call }

func (j judged) Read(p []byte) (int, error) {
	n, err := j.c.body.Read(p)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = j.c.require("put.incomplete", false, j.c.e.t.writing.incomplete, closing)
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = j.c.require("put.timeout", false, "RequestTimeout", closing)
	default:
		return n, err
	}
	if err == nil {
		err = io.EOF
	}
	return n, err
}

// exact holds the object to the announced length: what a client sends beyond it
// before it ends the connection is no part of the object.
func (c *call) exact(b *store.Blob) *store.Blob {
	behind := c.in.Behind()
	if len(behind) == 0 || !strings.EqualFold(c.field("Connection"), "close") || c.limit("put.exact-length", b.Size) == b.Size {
		return b
	}
	more, err := store.Spool(io.MultiReader(b.Range(0, b.Size), bytes.NewReader(behind[:1])), -1)
	if err != nil {
		return b
	}
	return more
}

// asSent keeps the bytes of the body as they came: line ends are no business of
// a store.
func (c *call) asSent(b *store.Blob) *store.Blob {
	const small = 4 << 10
	if b.Size > small || c.e.rules.quiet() {
		return b
	}
	text, err := io.ReadAll(b.Range(0, b.Size))
	if err != nil {
		return b
	}
	if slip := strings.ReplaceAll(string(text), "\r\n", "\n"); pick(c, "put.bytes", string(text), slip) != string(text) {
		return store.NewBlob([]byte(slip))
	}
	return b
}

// newObject makes an object of a body and the request's content and metadata
// fields.
func (c *call) newObject(b *store.Blob) *store.Object {
	return &store.Object{
		Blobs: []*store.Blob{b}, Size: b.Size, ETag: c.hexTag(b.Sums.MD5[:]),
		CRC64: b.Sums.CRC64, Version: c.newVersion(), MD5: b.Sums.MD5[:], Modified: c.now, Fields: c.storedFields(), Owner: c.owner, ACL: c.acl,
	}
}

// hexTag writes a digest as an entity tag: in upper case where the dialect does.
func (c *call) hexTag(sum []byte) string {
	lower := hex.EncodeToString(sum)
	upper := strings.ToUpper(lower)
	if c.e.t.upperETag {
		lower, upper = upper, lower
	}
	return pick(c, "object.etag-form", lower, upper)
}
