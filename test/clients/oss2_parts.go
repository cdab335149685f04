package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
)

func (c *oss2) Begin(ctx context.Context, key string) (string, error) {
	reply, err := c.client.InitiateMultipartUpload(ctx, &oss.InitiateMultipartUploadRequest{Bucket: c.bucket, Key: &key})
	if err != nil {
		return "", err
	}
	return oss.ToString(reply.UploadId), nil
}

func (c *oss2) Part(ctx context.Context, key, upload string, number int, body []byte) (Part, error) {
	reply, err := c.client.UploadPart(ctx, &oss.UploadPartRequest{Bucket: c.bucket, Key: &key,
		UploadId: &upload, PartNumber: int32(number), Body: bytes.NewReader(body)})
	if err != nil {
		return Part{}, err
	}
	return Part{Number: number, ETag: oss.ToString(reply.ETag)}, nil
}

func (c *oss2) PartFrom(ctx context.Context, key, upload string, number int, from string, first, last int64) (Part, error) {
	reply, err := c.client.UploadPartCopy(ctx, &oss.UploadPartCopyRequest{Bucket: c.bucket, Key: &key, UploadId: &upload,
		PartNumber: int32(number), SourceKey: &from, Range: oss.Ptr(fmt.Sprintf("bytes=%d-%d", first, last))})
	if err != nil {
		return Part{}, err
	}
	return Part{Number: number, ETag: oss.ToString(reply.ETag)}, nil
}

func (c *oss2) Parts(ctx context.Context, key, upload string, size int) (parts []Part, err error) {
	pages := c.client.NewListPartsPaginator(&oss.ListPartsRequest{Bucket: c.bucket, Key: &key, UploadId: &upload, MaxParts: int32(size)})
	for pages.HasNext() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return parts, err
		}
		for _, p := range page.Parts {
			parts = append(parts, Part{int(p.PartNumber), oss.ToString(p.ETag), p.Size})
		}
	}
	return parts, nil
}

func (c *oss2) Complete(ctx context.Context, key, upload string, parts []Part) error {
	var done []oss.UploadPart
	for _, p := range parts {
		done = append(done, oss.UploadPart{PartNumber: int32(p.Number), ETag: &p.ETag})
	}
	_, err := c.client.CompleteMultipartUpload(ctx, &oss.CompleteMultipartUploadRequest{Bucket: c.bucket, Key: &key,
		UploadId: &upload, CompleteMultipartUpload: &oss.CompleteMultipartUpload{Parts: done}})
	return err
}

func (c *oss2) Abort(ctx context.Context, key, upload string) error {
	_, err := c.client.AbortMultipartUpload(ctx, &oss.AbortMultipartUploadRequest{Bucket: c.bucket, Key: &key, UploadId: &upload})
	return err
}

func (c *oss2) Uploads(ctx context.Context, prefix string, size int) (keys []string, err error) {
	pages := c.client.NewListMultipartUploadsPaginator(&oss.ListMultipartUploadsRequest{Bucket: c.bucket, Prefix: &prefix, MaxUploads: int32(size)})
	for pages.HasNext() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return keys, err
		}
		for _, u := range page.Uploads {
			keys = append(keys, oss.ToString(u.Key))
		}
	}
	return keys, nil
}
