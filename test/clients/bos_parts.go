package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/baidubce/bce-sdk-go/services/bos/api"
)

func (c *bosClient) Begin(_ context.Context, key string) (string, error) {
	reply, err := c.client.InitiateMultipartUpload(c.bucket, key, "", nil)
	if err != nil {
		return "", err
	}
	return reply.UploadId, nil
}

func (c *bosClient) Part(_ context.Context, key, upload string, number int, body []byte) (Part, error) {
	tag, err := c.client.UploadPartFromBytes(c.bucket, key, upload, number, body, nil)
	return Part{Number: number, ETag: tag}, err
}

func (c *bosClient) PartFrom(_ context.Context, key, upload string, number int, from string, first, last int64) (Part, error) {
	reply, err := c.client.UploadPartCopy(c.bucket, key, c.bucket, from, upload, number,
		&api.UploadPartCopyArgs{SourceRange: fmt.Sprintf("bytes=%d-%d", first, last)})
	if err != nil {
		return Part{}, err
	}
	return Part{Number: number, ETag: reply.ETag}, nil
}

func (c *bosClient) Parts(_ context.Context, key, upload string, size int) (parts []Part, err error) {
	args := &api.ListPartsArgs{MaxParts: size}
	for {
		reply, err := c.client.ListParts(c.bucket, key, upload, args)
		if err != nil {
			return parts, err
		}
		for _, p := range reply.Parts {
			parts = append(parts, Part{p.PartNumber, p.ETag, int64(p.Size)})
		}
		if args.PartNumberMarker = strconv.Itoa(reply.NextPartNumberMarker); !reply.IsTruncated {
			return parts, nil
		}
	}
}

func (c *bosClient) Complete(_ context.Context, key, upload string, parts []Part) error {
	var done api.CompleteMultipartUploadArgs
	for _, p := range parts {
		done.Parts = append(done.Parts, api.UploadInfoType{PartNumber: p.Number, ETag: p.ETag})
	}
	_, err := c.client.CompleteMultipartUploadFromStruct(c.bucket, key, upload, &done)
	return err
}

func (c *bosClient) Abort(_ context.Context, key, upload string) error {
	return c.client.AbortMultipartUpload(c.bucket, key, upload)
}

func (c *bosClient) Uploads(_ context.Context, prefix string, size int) (keys []string, err error) {
	args := &api.ListMultipartUploadsArgs{Prefix: prefix, MaxUploads: size}
	for {
		reply, err := c.client.ListMultipartUploads(c.bucket, args)
		if err != nil {
			return keys, err
		}
		for _, u := range reply.Uploads {
			keys = append(keys, u.Key)
		}
		if args.KeyMarker = reply.NextKeyMarker; !reply.IsTruncated {
			return keys, nil
		}
	}
}
