package main

import (
	"bytes"
	"context"

	"github.com/minio/minio-go/v7"
)

func (c *minioClient) Begin(ctx context.Context, key string) (string, error) {
	return c.core.NewMultipartUpload(ctx, c.access.Bucket, key, minio.PutObjectOptions{})
}

func (c *minioClient) Part(ctx context.Context, key, upload string, number int, body []byte) (Part, error) {
	p, err := c.core.PutObjectPart(ctx, c.access.Bucket, key, upload, number, bytes.NewReader(body), int64(len(body)), minio.PutObjectPartOptions{})
	return Part{Number: number, ETag: p.ETag}, err
}

func (c *minioClient) PartFrom(ctx context.Context, key, upload string, number int, from string, first, last int64) (Part, error) {
	p, err := c.core.CopyObjectPart(ctx, c.access.Bucket, from, c.access.Bucket, key, upload, number, first, last-first+1, nil)
	return Part{Number: number, ETag: p.ETag}, err
}

func (c *minioClient) Parts(ctx context.Context, key, upload string, size int) (parts []Part, err error) {
	for marker := 0; ; {
		reply, err := c.core.ListObjectParts(ctx, c.access.Bucket, key, upload, marker, size)
		if err != nil {
			return parts, err
		}
		for _, p := range reply.ObjectParts {
			parts = append(parts, Part{p.PartNumber, p.ETag, p.Size})
		}
		if marker = reply.NextPartNumberMarker; !reply.IsTruncated {
			return parts, nil
		}
	}
}

func (c *minioClient) Complete(ctx context.Context, key, upload string, parts []Part) error {
	var done []minio.CompletePart
	for _, p := range parts {
		done = append(done, minio.CompletePart{PartNumber: p.Number, ETag: p.ETag})
	}
	_, err := c.core.CompleteMultipartUpload(ctx, c.access.Bucket, key, upload, done, minio.PutObjectOptions{})
	return err
}

func (c *minioClient) Abort(ctx context.Context, key, upload string) error {
	return c.core.AbortMultipartUpload(ctx, c.access.Bucket, key, upload)
}

func (c *minioClient) Uploads(ctx context.Context, prefix string, size int) (keys []string, err error) {
	for key, id := "", ""; ; {
		reply, err := c.core.ListMultipartUploads(ctx, c.access.Bucket, prefix, key, id, "", size)
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
