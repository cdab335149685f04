package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
)

// oss2 is alibabacloud-oss-go-sdk-v2.
type oss2 struct {
	client *oss.Client
	bucket *string
}

func openOSS2(version string) func(Opening) (Client, error) {
	return func(a Opening) (Client, error) {
		config := oss.LoadDefaultConfig().WithEndpoint(a.Endpoint(ossHost)).WithRegion(a.Region).
			WithCredentialsProvider(credentials.NewStaticCredentialsProvider(a.AccessKey, a.SecretKey)).
			WithHttpClient(a.Wire.Client()).WithRetryMaxAttempts(1).WithUsePathStyle(!a.Host)
		if version == "v1" {
			config.WithSignatureVersion(oss.SignatureVersionV1)
		}
		return &oss2{oss.NewClient(config), oss.Ptr(a.Bucket)}, nil
	}
}

func (c *oss2) CreateBucket(ctx context.Context) error {
	_, err := c.client.PutBucket(ctx, &oss.PutBucketRequest{Bucket: c.bucket})
	return err
}

func (c *oss2) DeleteBucket(ctx context.Context) error {
	_, err := c.client.DeleteBucket(ctx, &oss.DeleteBucketRequest{Bucket: c.bucket})
	return err
}

func (c *oss2) Put(ctx context.Context, key string, o Object) error {
	request := &oss.PutObjectRequest{Bucket: c.bucket, Key: &key, Body: bytes.NewReader(o.Body), Metadata: o.Meta}
	if o.Type != "" {
		request.ContentType = &o.Type
	}
	request.Acl = oss.ObjectACLType(o.ACL)
	_, err := c.client.PutObject(ctx, request)
	return err
}

// given is nil for an empty text.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (c *oss2) Get(ctx context.Context, key string, q Query) (Object, error) {
	request := &oss.GetObjectRequest{Bucket: c.bucket, Key: &key, IfMatch: given(q.IfMatch), IfNoneMatch: given(q.IfNoneMatch)}
	if q.ranged() {
		request.Range = oss.Ptr(fmt.Sprintf("bytes=%d-%d", q.From, q.To))
	}
	reply, err := c.client.GetObject(ctx, request)
	if err != nil {
		return Object{}, err
	}
	defer reply.Body.Close()
	o := fromHeader(reply.Headers, "X-Oss-Meta-")
	o.Body, err = io.ReadAll(reply.Body)
	return o, err
}

func (c *oss2) Head(ctx context.Context, key string) (Object, error) {
	reply, err := c.client.HeadObject(ctx, &oss.HeadObjectRequest{Bucket: c.bucket, Key: &key})
	if err != nil {
		return Object{}, err
	}
	return fromHeader(reply.Headers, "X-Oss-Meta-"), nil
}

func (c *oss2) Append(ctx context.Context, key string, body []byte, at int64) (int64, error) {
	reply, err := c.client.AppendObject(ctx, &oss.AppendObjectRequest{Bucket: c.bucket, Key: &key, Position: &at, Body: bytes.NewReader(body)})
	if err != nil {
		return 0, err
	}
	return reply.NextPosition, nil
}

func (c *oss2) Copy(ctx context.Context, from, to string) error {
	_, err := c.client.CopyObject(ctx, &oss.CopyObjectRequest{Bucket: c.bucket, Key: &to, SourceKey: &from})
	return err
}

func (c *oss2) List(ctx context.Context, prefix, delimiter string, size int) (all Listing, err error) {
	pages := c.client.NewListObjectsV2Paginator(&oss.ListObjectsV2Request{Bucket: c.bucket, Prefix: &prefix, Delimiter: given(delimiter), MaxKeys: int32(size)})
	for pages.HasNext() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return all, err
		}
		for _, o := range page.Contents {
			all.Keys = append(all.Keys, oss.ToString(o.Key))
		}
		for _, p := range page.CommonPrefixes {
			all.Prefixes = append(all.Prefixes, oss.ToString(p.Prefix))
		}
	}
	return all, nil
}

func (c *oss2) DeleteAll(ctx context.Context, keys []string) error {
	var objects []oss.DeleteObject
	for _, key := range keys {
		objects = append(objects, oss.DeleteObject{Key: &key})
	}
	reply, err := c.client.DeleteMultipleObjects(ctx, &oss.DeleteMultipleObjectsRequest{Bucket: c.bucket, Objects: objects})
	if err == nil && len(reply.DeletedObjects) != len(keys) {
		err = fmt.Errorf("deleted %d objects, want %d", len(reply.DeletedObjects), len(keys))
	}
	return err
}

func (c *oss2) Delete(ctx context.Context, key string) error {
	_, err := c.client.DeleteObject(ctx, &oss.DeleteObjectRequest{Bucket: c.bucket, Key: &key})
	return err
}

func (c *oss2) Answer(err error) (int, string) {
	var refused *oss.ServiceError
	if !errors.As(err, &refused) {
		return 0, ""
	}
	return refused.StatusCode, strings.TrimPrefix(refused.Code, "BadErrorResponse")
}
