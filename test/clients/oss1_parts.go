package main

import (
	"bytes"
	"context"
	"strconv"

	"github.com/aliyun/aliyun-oss-go-sdk/oss"
)

func (c *oss1) upload(key, id string) oss.InitiateMultipartUploadResult {
	return oss.InitiateMultipartUploadResult{Bucket: c.bucket.BucketName, Key: key, UploadID: id}
}

func (c *oss1) Begin(ctx context.Context, key string) (string, error) {
	reply, err := c.bucket.InitiateMultipartUpload(key, oss.WithContext(ctx))
	return reply.UploadID, err
}

func (c *oss1) Part(ctx context.Context, key, upload string, number int, body []byte) (Part, error) {
	p, err := c.bucket.UploadPart(c.upload(key, upload), bytes.NewReader(body), int64(len(body)), number, oss.WithContext(ctx))
	return Part{Number: p.PartNumber, ETag: p.ETag}, err
}

func (c *oss1) PartFrom(ctx context.Context, key, upload string, number int, from string, first, last int64) (Part, error) {
	p, err := c.bucket.UploadPartCopy(c.upload(key, upload), c.bucket.BucketName, from, first, last-first+1, number, oss.WithContext(ctx))
	return Part{Number: p.PartNumber, ETag: p.ETag}, err
}

func (c *oss1) Parts(ctx context.Context, key, upload string, size int) (parts []Part, err error) {
	for marker := 0; ; {
		reply, err := c.bucket.ListUploadedParts(c.upload(key, upload), oss.MaxParts(size), oss.PartNumberMarker(marker), oss.WithContext(ctx))
		if err != nil {
			return parts, err
		}
		for _, p := range reply.UploadedParts {
			parts = append(parts, Part{p.PartNumber, p.ETag, int64(p.Size)})
		}
		if !reply.IsTruncated {
			return parts, nil
		}
		if marker, err = strconv.Atoi(reply.NextPartNumberMarker); err != nil {
			return parts, err
		}
	}
}

func (c *oss1) Complete(ctx context.Context, key, upload string, parts []Part) error {
	var done []oss.UploadPart
	for _, p := range parts {
		done = append(done, oss.UploadPart{PartNumber: p.Number, ETag: p.ETag})
	}
	_, err := c.bucket.CompleteMultipartUpload(c.upload(key, upload), done, oss.WithContext(ctx))
	return err
}

func (c *oss1) Abort(ctx context.Context, key, upload string) error {
	return c.bucket.AbortMultipartUpload(c.upload(key, upload), oss.WithContext(ctx))
}

func (c *oss1) Uploads(ctx context.Context, prefix string, size int) (keys []string, err error) {
	for key, id := "", ""; ; {
		reply, err := c.bucket.ListMultipartUploads(oss.Prefix(prefix), oss.MaxUploads(size), oss.KeyMarker(key), oss.UploadIDMarker(id), oss.WithContext(ctx))
		if err != nil {
			return keys, err
		}
		for _, u := range reply.Uploads {
			keys = append(keys, u.Key)
		}
		if key, id = reply.NextKeyMarker, reply.NextUploadIDMarker; !reply.IsTruncated {
			return keys, nil
		}
	}
}
