package emulator

import (
	"errors"

	"objectharness/internal/emulator/store"
)

// access lets the owner of the accounts' buckets in and nobody else: what
// access control lists grant comes with their chapter.
func (c *call) access() error {
	if c.at.Bucket == "" {
		return c.require("access.anonymous-service", !c.anonymous, "AccessDenied")
	}
	return nil
}

// openBucket finds the bucket of the request and checks that the caller may use
// it. Creating one is the only operation that needs none.
func (c *call) openBucket() error {
	if c.at.Bucket == "" || c.kind == "CreateBucket" {
		return nil
	}
	b := c.e.store.Bucket(c.at.Bucket)
	if b == nil {
		if err := c.require("bucket.missing", false, "NoSuchBucket", c.bucketName); err != nil {
			return err
		}
		b = &store.Bucket{Name: c.at.Bucket, Owner: c.who.ID}
	}
	c.bucket = b
	if err := c.require("access.anonymous", !c.anonymous, "AccessDenied"); err != nil || c.anonymous {
		return err
	}
	return c.require("access.owner-only", b.Owner == c.who.ID, "AccessDenied")
}

// bucketName names the bucket that a refusal is about.
func (c *call) bucketName(f *fault) {
	if c.e.t.reading.named && c.does("error.bucket-name") {
		withExtra("BucketName", c.at.Bucket)(f)
	}
}

func (c *call) putBucket() error {
	old, err := c.e.store.Create(&store.Bucket{Name: c.at.Bucket, Created: c.now, Owner: c.who.ID, Region: c.e.d.Region})
	if err != nil && !errors.Is(err, store.ErrBucketExists) {
		return err
	}
	if err != nil && old.Owner != c.who.ID {
		return c.fault("BucketAlreadyExists")
	}
	c.reply.Fields.Set("Location", "/"+c.at.Bucket)
	return nil
}

func (c *call) deleteBucket() error {
	err := c.e.store.Delete(c.at.Bucket)
	switch {
	case errors.Is(err, store.ErrNotEmpty):
		return c.fault("BucketNotEmpty")
	case errors.Is(err, store.ErrNoBucket):
		return c.fault("NoSuchBucket")
	case err != nil:
		return err
	}
	c.reply.Status = 204
	return nil
}

func (c *call) headBucket() error { return nil }
