package emulator

import (
	"errors"

	"objectharness/internal/emulator/store"
)

// access lets nobody list buckets who does not say who he is.
func (c *call) access() error {
	if c.at.Bucket == "" {
		return c.require("access.anonymous-service", !c.anonymous, "AccessDenied")
	}
	return nil
}

// bucketName names the bucket that a refusal is about.
func (c *call) bucketName(f *fault) {
	if c.e.t.reading.named && c.does("error.bucket-name") {
		withExtra("BucketName", c.at.Bucket)(f)
	}
}

func (c *call) putBucket() error {
	settings, err := c.newBucketAccess()
	if err != nil {
		return err
	}
	old, err := c.e.store.Create(&store.Bucket{Name: c.at.Bucket, Created: c.now, Owner: c.who.ID, Region: c.e.d.Region})
	if err != nil && !errors.Is(err, store.ErrBucketExists) {
		return err
	}
	if err != nil && old.Owner != c.who.ID {
		return c.fault("BucketAlreadyExists")
	}
	c.reply.Fields.Set("Location", "/"+c.at.Bucket)
	if err != nil {
		return nil
	}
	return c.configureNew(settings)
}

func (c *call) deleteBucket() error {
	err := c.dropBucket()
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
