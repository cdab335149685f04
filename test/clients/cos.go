package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/tencentyun/cos-go-sdk-v5"
)

// cosClient is cos-go-sdk-v5, which can only put the bucket in the host.
type cosClient struct {
	*cos.Client
	access Opening
}

func openCOS(a Opening) (Client, error) {
	bucket, err := url.Parse(fmt.Sprintf("http://%s.cos.%s.myqcloud.com", a.Bucket, a.Region))
	if err != nil {
		return nil, err
	}
	signer := &cos.AuthorizationTransport{SecretID: a.AccessKey, SecretKey: a.SecretKey, Transport: a.Wire}
	client := cos.NewClient(&cos.BaseURL{BucketURL: bucket}, &http.Client{Transport: signer})
	client.Conf.RetryOpt.Count = 1
	return &cosClient{client, a}, nil
}

func (c *cosClient) CreateBucket(ctx context.Context) error {
	_, err := c.Bucket.Put(ctx, nil)
	return err
}

func (c *cosClient) DeleteBucket(ctx context.Context) error {
	_, err := c.Bucket.Delete(ctx)
	return err
}

func (c *cosClient) Put(ctx context.Context, key string, o Object) error {
	header := &cos.ObjectPutHeaderOptions{ContentType: o.Type}
	if len(o.Meta) > 0 {
		meta := http.Header{}
		for name, value := range o.Meta {
			meta.Set("x-cos-meta-"+name, value)
		}
		header.XCosMetaXXX = &meta
	}
	_, err := c.Object.Put(ctx, key, bytes.NewReader(o.Body), &cos.ObjectPutOptions{
		ObjectPutHeaderOptions: header, ACLHeaderOptions: &cos.ACLHeaderOptions{XCosACL: o.ACL}})
	return err
}

func (c *cosClient) Get(ctx context.Context, key string, q Query) (Object, error) {
	further := http.Header{}
	if q.IfMatch != "" {
		further.Set("If-Match", q.IfMatch)
	}
	if q.IfNoneMatch != "" {
		further.Set("If-None-Match", q.IfNoneMatch)
	}
	options := &cos.ObjectGetOptions{XOptionHeader: &further}
	if q.ranged() {
		options.Range = fmt.Sprintf("bytes=%d-%d", q.From, q.To)
	}
	reply, err := c.Object.Get(ctx, key, options)
	if err != nil {
		return Object{}, err
	}
	defer reply.Body.Close()
	o := fromHeader(reply.Header, "X-Cos-Meta-")
	o.Body, err = io.ReadAll(reply.Body)
	return o, err
}

func (c *cosClient) Head(ctx context.Context, key string) (Object, error) {
	reply, err := c.Object.Head(ctx, key, nil)
	if err != nil {
		return Object{}, err
	}
	return fromHeader(reply.Header, "X-Cos-Meta-"), nil
}

func (c *cosClient) Append(ctx context.Context, key string, body []byte, at int64) (int64, error) {
	next, _, err := c.Object.Append(ctx, key, int(at), bytes.NewReader(body), nil)
	return int64(next), err
}

func (c *cosClient) Copy(ctx context.Context, from, to string) error {
	_, _, err := c.Object.Copy(ctx, to, c.BaseURL.BucketURL.Host+"/"+from, nil)
	return err
}

func (c *cosClient) List(ctx context.Context, prefix, delimiter string, size int) (all Listing, err error) {
	options := &cos.BucketGetOptions{Prefix: prefix, Delimiter: delimiter, EncodingType: "url", MaxKeys: size}
	for {
		reply, _, err := c.Bucket.Get(ctx, options)
		if err != nil {
			return all, err
		}
		for _, o := range reply.Contents {
			all.Keys = append(all.Keys, o.Key)
		}
		all.Prefixes = append(all.Prefixes, reply.CommonPrefixes...)
		if options.Marker, err = cos.DecodeURIComponent(reply.NextMarker); err != nil {
			return all, err
		}
		if !reply.IsTruncated {
			return all, errors.Join(decodeAll(all.Keys), decodeAll(all.Prefixes))
		}
	}
}

// decodeAll undoes the encoding that was asked for.
func decodeAll(names []string) (err error) {
	for i, name := range names {
		if names[i], err = cos.DecodeURIComponent(name); err != nil {
			return err
		}
	}
	return nil
}

func (c *cosClient) DeleteAll(ctx context.Context, keys []string) error {
	var options cos.ObjectDeleteMultiOptions
	for _, key := range keys {
		options.Objects = append(options.Objects, cos.Object{Key: key})
	}
	reply, _, err := c.Object.DeleteMulti(ctx, &options)
	if err == nil && (len(reply.DeletedObjects) != len(keys) || len(reply.Errors) > 0) {
		err = fmt.Errorf("deleted %d objects, want %d; errors %v", len(reply.DeletedObjects), len(keys), reply.Errors)
	}
	return err
}

func (c *cosClient) Delete(ctx context.Context, key string) error {
	_, err := c.Object.Delete(ctx, key)
	return err
}

func (c *cosClient) Answer(err error) (int, string) {
	var refused *cos.ErrorResponse
	if !errors.As(err, &refused) {
		return 0, ""
	}
	return refused.Response.StatusCode, refused.Code
}
