package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/tencentyun/cos-go-sdk-v5"
)

func (c *cosClient) Begin(ctx context.Context, key string) (string, error) {
	reply, _, err := c.Object.InitiateMultipartUpload(ctx, key, nil)
	if err != nil {
		return "", err
	}
	return reply.UploadID, nil
}

func (c *cosClient) Part(ctx context.Context, key, upload string, number int, body []byte) (Part, error) {
	reply, err := c.Object.UploadPart(ctx, key, upload, number, bytes.NewReader(body), nil)
	if err != nil {
		return Part{}, err
	}
	return Part{Number: number, ETag: reply.Header.Get("ETag")}, nil
}

func (c *cosClient) PartFrom(ctx context.Context, key, upload string, number int, from string, first, last int64) (Part, error) {
	reply, _, err := c.Object.CopyPart(ctx, key, upload, number, c.BaseURL.BucketURL.Host+"/"+from,
		&cos.ObjectCopyPartOptions{XCosCopySourceRange: fmt.Sprintf("bytes=%d-%d", first, last)})
	if err != nil {
		return Part{}, err
	}
	return Part{Number: number, ETag: reply.ETag}, nil
}

func (c *cosClient) Parts(ctx context.Context, key, upload string, size int) (parts []Part, err error) {
	options := &cos.ObjectListPartsOptions{MaxParts: strconv.Itoa(size)}
	for {
		reply, _, err := c.Object.ListParts(ctx, key, upload, options)
		if err != nil {
			return parts, err
		}
		for _, p := range reply.Parts {
			parts = append(parts, Part{p.PartNumber, p.ETag, p.Size})
		}
		if options.PartNumberMarker = reply.NextPartNumberMarker; !reply.IsTruncated {
			return parts, nil
		}
	}
}

func (c *cosClient) Complete(ctx context.Context, key, upload string, parts []Part) error {
	var done cos.CompleteMultipartUploadOptions
	for _, p := range parts {
		done.Parts = append(done.Parts, cos.Object{PartNumber: p.Number, ETag: p.ETag})
	}
	_, _, err := c.Object.CompleteMultipartUpload(ctx, key, upload, &done)
	return err
}

func (c *cosClient) Abort(ctx context.Context, key, upload string) error {
	_, err := c.Object.AbortMultipartUpload(ctx, key, upload)
	return err
}

func (c *cosClient) Uploads(ctx context.Context, prefix string, size int) (keys []string, err error) {
	options := &cos.ListMultipartUploadsOptions{Prefix: prefix, MaxUploads: size}
	for {
		reply, _, err := c.Bucket.ListMultipartUploads(ctx, options)
		if err != nil {
			return keys, err
		}
		for _, u := range reply.Uploads {
			keys = append(keys, u.Key)
		}
		options.KeyMarker, options.UploadIDMarker = reply.NextKeyMarker, reply.NextUploadIDMarker
		if !reply.IsTruncated {
			return keys, nil
		}
	}
}
