package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aliyun/aliyun-oss-go-sdk/oss"
)

const ossHost = "oss-cn-hangzhou.aliyuncs.com"

// oss1 is aliyun-oss-go-sdk.
type oss1 struct {
	client *oss.Client
	bucket *oss.Bucket
}

func openOSS1(version string) func(Opening) (Client, error) {
	return func(a Opening) (Client, error) {
		options := []oss.ClientOption{oss.HTTPClient(a.Wire.Client())}
		if version != "" {
			options = append(options, oss.AuthVersion(oss.AuthVersionType(version)), oss.Region(a.Region))
		}
		client, err := oss.New(a.Endpoint(ossHost), a.AccessKey, a.SecretKey, options...)
		if err != nil {
			return nil, err
		}
		bucket, err := client.Bucket(a.Bucket)
		return &oss1{client, bucket}, err
	}
}

func (c *oss1) CreateBucket(ctx context.Context) error {
	return c.client.CreateBucket(c.bucket.BucketName, oss.WithContext(ctx))
}

func (c *oss1) DeleteBucket(ctx context.Context) error {
	return c.client.DeleteBucket(c.bucket.BucketName, oss.WithContext(ctx))
}

func (c *oss1) Put(ctx context.Context, key string, o Object) error {
	options := []oss.Option{oss.WithContext(ctx)}
	if o.Type != "" {
		options = append(options, oss.ContentType(o.Type))
	}
	if o.ACL != "" {
		options = append(options, oss.ObjectACL(oss.ACLType(o.ACL)))
	}
	for name, value := range o.Meta {
		options = append(options, oss.Meta(name, value))
	}
	return c.bucket.PutObject(key, bytes.NewReader(o.Body), options...)
}

func (c *oss1) Get(ctx context.Context, key string, q Query) (Object, error) {
	options := []oss.Option{oss.WithContext(ctx)}
	if q.ranged() {
		options = append(options, oss.Range(q.From, q.To))
	}
	if q.IfMatch != "" {
		options = append(options, oss.IfMatch(q.IfMatch))
	}
	if q.IfNoneMatch != "" {
		options = append(options, oss.IfNoneMatch(q.IfNoneMatch))
	}
	reply, err := c.bucket.DoGetObject(&oss.GetObjectRequest{ObjectKey: key}, options)
	if err != nil {
		return Object{}, err
	}
	defer reply.Response.Close()
	o := fromHeader(reply.Response.Headers, "X-Oss-Meta-")
	if o.Body, err = io.ReadAll(reply.Response); err != nil {
		return o, err
	}
	if reply.ServerCRC > 0 && reply.ClientCRC != nil && !q.ranged() && reply.ClientCRC.Sum64() != reply.ServerCRC {
		return o, fmt.Errorf("the SDK computed CRC %d, the server said %d", reply.ClientCRC.Sum64(), reply.ServerCRC)
	}
	return o, nil
}

// fromHeader takes an object's properties out of a reply's header.
func fromHeader(h http.Header, meta string) Object {
	o := Object{
		Type: h.Get("Content-Type"), ETag: strings.Trim(h.Get("ETag"), `"`), Range: h.Get("Content-Range"),
		CRC64: h.Get("X-Oss-Hash-Crc64ecma") + h.Get("X-Cos-Hash-Crc64ecma"), Meta: map[string]string{},
	}
	fmt.Sscan(h.Get("Content-Length"), &o.Size)
	for name := range h {
		if short, ok := strings.CutPrefix(name, meta); ok {
			o.Meta[strings.ToLower(short)] = h.Get(name)
		}
	}
	return o
}

func (c *oss1) Head(ctx context.Context, key string) (Object, error) {
	h, err := c.bucket.GetObjectDetailedMeta(key, oss.WithContext(ctx))
	return fromHeader(h, "X-Oss-Meta-"), err
}

func (c *oss1) Append(ctx context.Context, key string, body []byte, at int64) (int64, error) {
	return c.bucket.AppendObject(key, bytes.NewReader(body), at, oss.WithContext(ctx))
}

func (c *oss1) Copy(ctx context.Context, from, to string) error {
	_, err := c.bucket.CopyObject(from, to, oss.WithContext(ctx))
	return err
}

func (c *oss1) List(ctx context.Context, prefix, delimiter string, size int) (all Listing, err error) {
	for token := ""; ; {
		reply, err := c.bucket.ListObjectsV2(oss.Prefix(prefix), oss.Delimiter(delimiter), oss.MaxKeys(size), oss.ContinuationToken(token), oss.WithContext(ctx))
		if err != nil {
			return all, err
		}
		for _, o := range reply.Objects {
			all.Keys = append(all.Keys, o.Key)
		}
		all.Prefixes = append(all.Prefixes, reply.CommonPrefixes...)
		if token = reply.NextContinuationToken; !reply.IsTruncated {
			return all, nil
		}
	}
}

func (c *oss1) DeleteAll(ctx context.Context, keys []string) error {
	reply, err := c.bucket.DeleteObjects(keys, oss.WithContext(ctx))
	if err == nil && len(reply.DeletedObjects) != len(keys) {
		err = fmt.Errorf("deleted %q, want %q", reply.DeletedObjects, keys)
	}
	return err
}

func (c *oss1) Delete(ctx context.Context, key string) error {
	return c.bucket.DeleteObject(key, oss.WithContext(ctx))
}

func (c *oss1) Answer(err error) (int, string) {
	var refused oss.ServiceError
	if errors.As(err, &refused) {
		return refused.StatusCode, refused.Code
	}
	status := 0 // a 3xx has no type of its own, only this text
	fmt.Sscanf(err.Error(), "oss: service returned %d,", &status)
	return status, ""
}
