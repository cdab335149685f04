package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// minioClient is minio-go. Over plain HTTP it signs every chunk of a body.
type minioClient struct {
	core   minio.Core
	access Opening
}

// openMinIO opens the client; with trailer it sends its checksum behind the chunks.
func openMinIO(trailer bool) func(Opening) (Client, error) {
	return func(a Opening) (Client, error) {
		u, err := url.Parse(a.Endpoint("s3." + a.Region + ".amazonaws.com"))
		if err != nil {
			return nil, err
		}
		lookup := minio.BucketLookupPath
		if a.Host {
			lookup = minio.BucketLookupDNS
		}
		client, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(a.AccessKey, a.SecretKey, ""),
			Transport: a.Wire, Region: a.Region, BucketLookup: lookup, MaxRetries: 1, TrailingHeaders: trailer})
		return &minioClient{minio.Core{Client: client}, a}, err
	}
}

func (c *minioClient) CreateBucket(ctx context.Context) error {
	return c.core.MakeBucket(ctx, c.access.Bucket, minio.MakeBucketOptions{Region: c.access.Region})
}

func (c *minioClient) DeleteBucket(ctx context.Context) error {
	return c.core.RemoveBucket(ctx, c.access.Bucket)
}

func (c *minioClient) Put(ctx context.Context, key string, o Object) error {
	meta := maps.Clone(o.Meta) // the SDK adds to the map
	if o.ACL != "" {
		meta = map[string]string{"x-amz-acl": o.ACL}
		maps.Copy(meta, o.Meta)
	}
	_, err := c.core.Client.PutObject(ctx, c.access.Bucket, key, bytes.NewReader(o.Body), int64(len(o.Body)),
		minio.PutObjectOptions{ContentType: o.Type, UserMetadata: meta})
	return err
}

func (c *minioClient) Get(ctx context.Context, key string, q Query) (Object, error) {
	var options minio.GetObjectOptions
	var err error
	if q.ranged() {
		err = errors.Join(err, options.SetRange(q.From, q.To))
	}
	if q.IfMatch != "" {
		err = errors.Join(err, options.SetMatchETag(strings.Trim(q.IfMatch, `"`)))
	}
	if q.IfNoneMatch != "" {
		err = errors.Join(err, options.SetMatchETagExcept(strings.Trim(q.IfNoneMatch, `"`)))
	}
	if err != nil {
		return Object{}, err
	}
	body, info, header, err := c.core.GetObject(ctx, c.access.Bucket, key, options)
	if err != nil {
		return Object{}, err
	}
	defer body.Close()
	o := fromInfo(info)
	o.Range = header.Get("Content-Range")
	o.Body, err = io.ReadAll(body)
	return o, err
}

func fromInfo(info minio.ObjectInfo) Object {
	o := Object{Size: info.Size, Type: info.ContentType, ETag: info.ETag, Meta: map[string]string{}}
	for name, value := range info.UserMetadata {
		o.Meta[strings.ToLower(name)] = value
	}
	return o
}

func (c *minioClient) Head(ctx context.Context, key string) (Object, error) {
	info, err := c.core.StatObject(ctx, c.access.Bucket, key, minio.StatObjectOptions{})
	return fromInfo(info), err
}

func (c *minioClient) Append(context.Context, string, []byte, int64) (int64, error) {
	return 0, errors.ErrUnsupported
}

func (c *minioClient) Copy(ctx context.Context, from, to string) error {
	_, err := c.core.Client.CopyObject(ctx, minio.CopyDestOptions{Bucket: c.access.Bucket, Object: to},
		minio.CopySrcOptions{Bucket: c.access.Bucket, Object: from})
	return err
}

// List goes by the pages of version 2, without the SDK's own walk through them.
func (c *minioClient) List(_ context.Context, prefix, delimiter string, size int) (all Listing, err error) {
	for token := ""; ; {
		reply, err := c.core.ListObjectsV2(c.access.Bucket, prefix, "", token, delimiter, size)
		if err != nil {
			return all, err
		}
		for _, o := range reply.Contents {
			all.Keys = append(all.Keys, o.Key)
		}
		for _, p := range reply.CommonPrefixes {
			all.Prefixes = append(all.Prefixes, p.Prefix)
		}
		if token = reply.NextContinuationToken; !reply.IsTruncated {
			return all, nil
		}
	}
}

func (c *minioClient) DeleteAll(ctx context.Context, keys []string) error {
	objects := make(chan minio.ObjectInfo, len(keys))
	for _, key := range keys {
		objects <- minio.ObjectInfo{Key: key}
	}
	close(objects)
	var all error
	for failed := range c.core.RemoveObjects(ctx, c.access.Bucket, objects, minio.RemoveObjectsOptions{}) {
		all = errors.Join(all, failed.Err)
	}
	return all
}

func (c *minioClient) Delete(ctx context.Context, key string) error {
	return c.core.RemoveObject(ctx, c.access.Bucket, key, minio.RemoveObjectOptions{})
}

func (c *minioClient) Answer(err error) (int, string) {
	refused := minio.ToErrorResponse(err)
	return refused.StatusCode, refused.Code
}
