package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func (c *awsClient) Begin(ctx context.Context, key string) (string, error) {
	reply, err := c.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: c.bucket, Key: &key})
	if err != nil {
		return "", err
	}
	return aws.ToString(reply.UploadId), nil
}

func (c *awsClient) Part(ctx context.Context, key, upload string, number int, body []byte) (Part, error) {
	reply, err := c.client.UploadPart(ctx, &s3.UploadPartInput{Bucket: c.bucket, Key: &key,
		UploadId: &upload, PartNumber: aws.Int32(int32(number)), Body: bytes.NewReader(body)})
	if err != nil {
		return Part{}, err
	}
	return Part{Number: number, ETag: aws.ToString(reply.ETag)}, nil
}

func (c *awsClient) PartFrom(ctx context.Context, key, upload string, number int, from string, first, last int64) (Part, error) {
	reply, err := c.client.UploadPartCopy(ctx, &s3.UploadPartCopyInput{Bucket: c.bucket, Key: &key,
		UploadId: &upload, PartNumber: aws.Int32(int32(number)), CopySource: aws.String(*c.bucket + "/" + escapePath(from)),
		CopySourceRange: aws.String(fmt.Sprintf("bytes=%d-%d", first, last))})
	if err != nil {
		return Part{}, err
	}
	return Part{Number: number, ETag: aws.ToString(reply.CopyPartResult.ETag)}, nil
}

func (c *awsClient) Parts(ctx context.Context, key, upload string, size int) (parts []Part, err error) {
	pages := s3.NewListPartsPaginator(c.client, &s3.ListPartsInput{Bucket: c.bucket, Key: &key, UploadId: &upload, MaxParts: aws.Int32(int32(size))})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return parts, err
		}
		for _, p := range page.Parts {
			parts = append(parts, Part{int(aws.ToInt32(p.PartNumber)), aws.ToString(p.ETag), aws.ToInt64(p.Size)})
		}
	}
	return parts, nil
}

func (c *awsClient) Complete(ctx context.Context, key, upload string, parts []Part) error {
	var done types.CompletedMultipartUpload
	for _, p := range parts {
		done.Parts = append(done.Parts, types.CompletedPart{PartNumber: aws.Int32(int32(p.Number)), ETag: &p.ETag})
	}
	_, err := c.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: c.bucket, Key: &key,
		UploadId: &upload, MultipartUpload: &done})
	return err
}

func (c *awsClient) Abort(ctx context.Context, key, upload string) error {
	_, err := c.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: c.bucket, Key: &key, UploadId: &upload})
	return err
}

func (c *awsClient) Uploads(ctx context.Context, prefix string, size int) (keys []string, err error) {
	pages := s3.NewListMultipartUploadsPaginator(c.client, &s3.ListMultipartUploadsInput{Bucket: c.bucket, Prefix: &prefix, MaxUploads: aws.Int32(int32(size))})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return keys, err
		}
		for _, u := range page.Uploads {
			keys = append(keys, aws.ToString(u.Key))
		}
	}
	return keys, nil
}
