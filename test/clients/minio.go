package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// minioClient is minio-go. Over plain HTTP it signs every chunk of a body.
type minioClient struct {
	core   minio.Core
	access Access
}

// openMinIO opens the client; with trailer it sends its checksum behind the chunks.
func openMinIO(trailer bool) func(Access) (Client, error) {
	return func(a Access) (Client, error) {
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
	_, err := c.core.Client.PutObject(ctx, c.access.Bucket, key, bytes.NewReader(o.Body), int64(len(o.Body)),
		minio.PutObjectOptions{ContentType: o.Type, UserMetadata: maps.Clone(o.Meta)}) // the SDK adds to the map
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

func (c *minioClient) Multipart(ctx context.Context, key string, parts [][]byte) error {
	upload, err := c.core.NewMultipartUpload(ctx, c.access.Bucket, key, minio.PutObjectOptions{})
	if err != nil {
		return err
	}
	var done []minio.CompletePart
	for i, body := range parts {
		part, err := c.core.PutObjectPart(ctx, c.access.Bucket, key, upload, i+1, bytes.NewReader(body), int64(len(body)), minio.PutObjectPartOptions{})
		if err != nil {
			return err
		}
		done = append(done, minio.CompletePart{PartNumber: i + 1, ETag: part.ETag})
	}
	_, err = c.core.CompleteMultipartUpload(ctx, c.access.Bucket, key, upload, done, minio.PutObjectOptions{})
	return err
}

func (c *minioClient) List(ctx context.Context, prefix string, size int) ([]string, error) {
	var keys []string
	for o := range c.core.Client.ListObjects(ctx, c.access.Bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true, MaxKeys: size}) {
		if o.Err != nil {
			return keys, o.Err
		}
		keys = append(keys, o.Key)
	}
	return keys, nil
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

func (c *minioClient) Presign(ctx context.Context, key string, valid time.Duration) (string, error) {
	u, err := c.core.PresignedGetObject(ctx, c.access.Bucket, key, valid, nil)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

func (c *minioClient) Answer(err error) (int, string) {
	refused := minio.ToErrorResponse(err)
	return refused.StatusCode, refused.Code
}
