package main

import (
	"bytes"
	"context"
	"fmt"
	"hash/crc64"
	"strconv"
	"strings"
)

// A trial is what the steps of one subject work with.
type trial struct {
	Client
	dialect   Dialect
	forged    Client // the right access key with a wrong secret
	stranger  Client // an access key that nobody owns
	elsewhere Client // the right keys, a bucket that does not exist
	other     Client // the keys of a second account; nil: there are none
	wire      *Wire
	path      string // URL of the bucket in path style
}

// A step is one thing that is asked of server and SDK together.
type step struct {
	name string
	when func(Dialect) bool // nil: in every dialect
	run  func(context.Context, *trial) error
}

func appends(d Dialect) bool { return d.Appends }

// steps run in this order. Each makes the objects it needs, except that the
// appends follow each other and the bucket is there from the first to the last.
var steps = []step{
	{"create-bucket", nil, func(ctx context.Context, s *trial) error { return s.CreateBucket(ctx) }},
	{"put-get", nil, roundTrip("plain.bin", content(300_007))},
	{"put-get-empty", nil, roundTrip("empty.bin", content(0))},
	{"key-utf8", nil, roundTrip("中文/ключ-é-🙂.txt", content(10))},
	{"key-blank", nil, roundTrip("a blank/in  it.txt", content(11))},
	{"key-plus", nil, roundTrip("1+1=2.txt", content(12))},
	{"key-percent", nil, roundTrip("100%25 %41%zz.txt", content(13))},
	{"key-query", nil, roundTrip("what?acl=1&x#y;z.txt", content(14))},
	{"key-marks", nil, roundTrip("!*'()~@,$:[]_-.txt", content(15))},
	{"head", nil, head},
	{"get-range", nil, getRange},
	{"if-none-match-same", nil, ifNoneMatchSame},
	{"if-none-match-other", nil, ifNoneMatchOther},
	{"if-match-same", nil, ifMatchSame},
	{"if-match-other", nil, ifMatchOther},
	{"append-first", appends, appendAt(0, 1000, 1000)},
	{"append-next", appends, appendAt(1000, 500, 1500)},
	{"append-wrong-position", appends, appendWrong},
	{"append-get", appends, appendGet},
	{"copy", nil, copyObject},
	{"multipart", nil, inParts},
	{"multipart-copied-part", nil, multipartCopied},
	{"multipart-lists", nil, multipartLists},
	{"multipart-abort", nil, multipartAbort},
	{"list", nil, list("", 1000)},
	{"list-in-pages", nil, list("", 2)},
	{"list-folders", nil, list("/", 1000)},
	{"list-folders-in-pages", nil, list("/", 1)},
	{"delete", nil, deleteObject},
	{"delete-several", nil, deleteAll},
	{"get-missing-key", nil, getMissing},
	{"head-missing-key", nil, headMissing},
	{"get-missing-bucket", nil, missingBucket},
	{"wrong-secret-get", nil, wrongSecret},
	{"wrong-secret-put", nil, wrongSecretPut},
	{"unknown-key", nil, unknownKey},
	{"presigned-get", nil, presignedGet(plainKey)},
	{"presigned-get-utf8", nil, presignedGet(awkwardKey)},
	{"presigned-put", nil, presignedPut(plainKey)},
	{"presigned-put-utf8", nil, presignedPut(awkwardKey)},
	{"presigned-wrong-secret", nil, presignedWrong},
	{"post-form", nil, postObject("form/plain.txt")},
	{"post-form-utf8", nil, postObject("form/中文 1+1 %41.txt")},
	{"cors", nil, crossOrigin},
	{"acl-unset", nil, aclUnset},
	{"acl-of-bucket", nil, aclBucket},
	{"acl-of-object", nil, aclObject},
	{"acl-with-put", nil, aclWithPut},
	{"acl-other-account", nil, aclOther},
	{"acl-anonymous", nil, aclAnonymous},
	{"delete-full-bucket", nil, deleteFull},
	{"delete-bucket", nil, deleteBucket},
}

// content is n bytes that never repeat in a short period.
func content(n int) []byte {
	b := make([]byte, n)
	x := uint32(n) + 12345
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}

var plain = Object{Body: content(64), Type: "text/x-plain; charset=utf-8", Meta: map[string]string{"colour": "blue", "long-name": "a b"}}

// hidden stands for a code that the client cannot tell: it has asked with HEAD, whose
// answer has none. The record of the server tells it.
const hidden = "(hidden)"

// refused wants a refusal with a status and a code ("" for any).
func refused(c Client, err error, status int, code string) error {
	if err == nil {
		return fmt.Errorf("want %d %s, got success", status, code)
	}
	gotStatus, gotCode := c.Answer(err)
	if gotStatus != status || code != "" && gotCode != code && gotCode != hidden {
		return fmt.Errorf("want %d %s, got %d %s (%w)", status, code, gotStatus, gotCode, err)
	}
	return nil
}

func same(what string, got, want any) error {
	if got != want {
		return fmt.Errorf("%s: got %q, want %q", what, fmt.Sprint(got), fmt.Sprint(want))
	}
	return nil
}

// holds compares what came with what was put.
func (s *trial) holds(got, want Object) error {
	if !bytes.Equal(got.Body, want.Body) {
		return fmt.Errorf("body: got %d bytes, want %d, or they differ", len(got.Body), len(want.Body))
	}
	return s.described(got, want)
}

func (s *trial) described(got, want Object) error {
	if got.Size != int64(len(want.Body)) {
		return fmt.Errorf("size: got %d, want %d", got.Size, len(want.Body))
	}
	if want.Type != "" && got.Type != want.Type {
		return same("content type", got.Type, want.Type)
	}
	for name, value := range want.Meta {
		if got.Meta[name] != value {
			return fmt.Errorf("metadata %s: got %q of %v, want %q", name, got.Meta[name], got.Meta, value)
		}
	}
	sum := strconv.FormatUint(crc64.Checksum(want.Body, crc64.MakeTable(crc64.ECMA)), 10)
	if (s.dialect.CRC64 || got.CRC64 != "") && got.CRC64 != sum {
		return same("CRC-64", got.CRC64, sum)
	}
	return nil
}

func roundTrip(key string, body []byte) func(context.Context, *trial) error {
	return func(ctx context.Context, s *trial) error {
		o := Object{Body: body, Type: plain.Type, Meta: plain.Meta}
		if err := s.Put(ctx, key, o); err != nil {
			return fmt.Errorf("put: %w", err)
		}
		got, err := s.Get(ctx, key, Query{})
		if err != nil {
			return fmt.Errorf("get: %w", err)
		}
		return s.holds(got, o)
	}
}

func head(ctx context.Context, s *trial) error {
	if err := s.Put(ctx, "head.txt", plain); err != nil {
		return err
	}
	got, err := s.Head(ctx, "head.txt")
	if err != nil {
		return err
	}
	if got.ETag == "" {
		return fmt.Errorf("no ETag")
	}
	return s.described(got, plain)
}

func getRange(ctx context.Context, s *trial) error {
	if err := s.Put(ctx, "range.txt", plain); err != nil {
		return err
	}
	got, err := s.Get(ctx, "range.txt", Query{From: 3, To: 9})
	if err != nil {
		return err
	}
	if err := same("Content-Range", got.Range, "bytes 3-9/64"); err != nil {
		return err
	}
	return same("body", string(got.Body), string(plain.Body[3:10]))
}

// tagged puts an object and returns its ETag, in quotes.
func (s *trial) tagged(ctx context.Context) (string, error) {
	if err := s.Put(ctx, "tagged.txt", plain); err != nil {
		return "", err
	}
	got, err := s.Head(ctx, "tagged.txt")
	return `"` + got.ETag + `"`, err
}

const otherTag = `"0123456789abcdef0123456789abcdef"`

func ifNoneMatchSame(ctx context.Context, s *trial) error {
	tag, err := s.tagged(ctx)
	if err != nil {
		return err
	}
	_, err = s.Get(ctx, "tagged.txt", Query{IfNoneMatch: tag})
	return refused(s, err, 304, "")
}

func ifNoneMatchOther(ctx context.Context, s *trial) error {
	if _, err := s.tagged(ctx); err != nil {
		return err
	}
	got, err := s.Get(ctx, "tagged.txt", Query{IfNoneMatch: otherTag})
	if err != nil {
		return err
	}
	return s.holds(got, plain)
}

func ifMatchSame(ctx context.Context, s *trial) error {
	tag, err := s.tagged(ctx)
	if err != nil {
		return err
	}
	got, err := s.Get(ctx, "tagged.txt", Query{IfMatch: tag})
	if err != nil {
		return err
	}
	return s.holds(got, plain)
}

func ifMatchOther(ctx context.Context, s *trial) error {
	if _, err := s.tagged(ctx); err != nil {
		return err
	}
	_, err := s.Get(ctx, "tagged.txt", Query{IfMatch: otherTag})
	return refused(s, err, 412, "PreconditionFailed")
}

func appendAt(at int64, size int, next int64) func(context.Context, *trial) error {
	return func(ctx context.Context, s *trial) error {
		got, err := s.Append(ctx, "appended.bin", content(size), at)
		if err != nil {
			return err
		}
		return same("next position", got, next)
	}
}

func appendWrong(ctx context.Context, s *trial) error {
	_, err := s.Append(ctx, "appended.bin", content(7), 1499)
	return refused(s, err, 409, s.dialect.Position)
}

func appendGet(ctx context.Context, s *trial) error {
	got, err := s.Get(ctx, "appended.bin", Query{})
	if err != nil {
		return err
	}
	return s.holds(got, Object{Body: append(content(1000), content(500)...)})
}

func copyObject(ctx context.Context, s *trial) error {
	const from, to = "copy/from 中+%.txt", "copy/to.txt"
	if err := s.Put(ctx, from, plain); err != nil {
		return err
	}
	if err := s.Copy(ctx, from, to); err != nil {
		return err
	}
	got, err := s.Get(ctx, to, Query{})
	if err != nil {
		return err
	}
	return s.holds(got, plain)
}

func deleteAll(ctx context.Context, s *trial) error {
	keys := []string{"many/1", "many/2 &<>", "many/中+%"}
	for _, key := range keys {
		if err := s.Put(ctx, key, plain); err != nil {
			return err
		}
	}
	if err := s.DeleteAll(ctx, keys); err != nil {
		return err
	}
	for _, key := range keys {
		_, err := s.Get(ctx, key, Query{})
		if err := refused(s, err, 404, "NoSuchKey"); err != nil {
			return fmt.Errorf("%q: %w", key, err)
		}
	}
	return nil
}

func deleteObject(ctx context.Context, s *trial) error {
	if err := s.Put(ctx, "gone.txt", plain); err != nil {
		return err
	}
	if err := s.Delete(ctx, "gone.txt"); err != nil {
		return err
	}
	_, err := s.Get(ctx, "gone.txt", Query{})
	return refused(s, err, 404, "NoSuchKey")
}

func getMissing(ctx context.Context, s *trial) error {
	_, err := s.Get(ctx, "never/was.txt", Query{})
	return refused(s, err, 404, "NoSuchKey")
}

// headMissing looks at the status only: a reply to HEAD has no body to hold a code.
func headMissing(ctx context.Context, s *trial) error {
	_, err := s.Head(ctx, "never/was.txt")
	return refused(s, err, 404, "")
}

func missingBucket(ctx context.Context, s *trial) error {
	_, err := s.elsewhere.Get(ctx, "any.txt", Query{})
	return refused(s, err, 404, "NoSuchBucket")
}

func wrongSecret(ctx context.Context, s *trial) error {
	if err := s.Put(ctx, "secret.txt", plain); err != nil {
		return err
	}
	_, err := s.forged.Get(ctx, "secret.txt", Query{})
	return refused(s, err, 403, "SignatureDoesNotMatch")
}

func wrongSecretPut(ctx context.Context, s *trial) error {
	if err := refused(s, s.forged.Put(ctx, "forged.txt", plain), 403, "SignatureDoesNotMatch"); err != nil {
		return err
	}
	_, err := s.Get(ctx, "forged.txt", Query{})
	return refused(s, err, 404, "NoSuchKey")
}

func unknownKey(ctx context.Context, s *trial) error {
	_, err := s.stranger.Get(ctx, "secret.txt", Query{})
	return refused(s, err, 403, "InvalidAccessKeyId")
}

func deleteFull(ctx context.Context, s *trial) error {
	return refused(s, s.DeleteBucket(ctx), 409, "BucketNotEmpty")
}

func deleteBucket(ctx context.Context, s *trial) error {
	all, err := s.List(ctx, "", "", 1000)
	if err != nil {
		return err
	}
	for _, key := range all.Keys {
		if err := s.Delete(ctx, key); err != nil {
			return fmt.Errorf("delete %q: %w", key, err)
		}
	}
	if err := s.DeleteBucket(ctx); err != nil {
		return err
	}
	_, err = s.Get(ctx, "any.txt", Query{})
	return refused(s, err, 404, "NoSuchBucket")
}

// escapePath escapes every byte of a key but unreserved ones and the slash.
func escapePath(key string) string {
	var b strings.Builder
	for i := 0; i < len(key); i++ {
		c := key[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
