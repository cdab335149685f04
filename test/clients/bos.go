package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/baidubce/bce-sdk-go/bce"
	"github.com/baidubce/bce-sdk-go/services/bos"
	"github.com/baidubce/bce-sdk-go/services/bos/api"
)

// bosClient is bce-sdk-go. The calls used take no context where the SDK offers none.
type bosClient struct {
	client *bos.Client
	bucket string
}

func openBOS(a Opening) (Client, error) {
	config := bos.NewBosClientConfig(a.AccessKey, a.SecretKey, a.Endpoint("bj.bcebos.com")).
		WithRetryPolicy(bce.NewNoRetryPolicy()).WithHttpClient(*a.Wire.Client()).WithPathStyleEnable(!a.Host)
	client, err := bos.NewClientWithConfig(config)
	return &bosClient{client, a.Bucket}, err
}

func (c *bosClient) CreateBucket(context.Context) error {
	_, err := c.client.PutBucket(c.bucket)
	return err
}

func (c *bosClient) DeleteBucket(context.Context) error { return c.client.DeleteBucket(c.bucket) }

func (c *bosClient) Put(_ context.Context, key string, o Object) error {
	_, err := c.client.PutObjectFromBytes(c.bucket, key, o.Body, &api.PutObjectArgs{ContentType: o.Type, UserMeta: o.Meta, CannedAcl: o.ACL})
	return err
}

func (c *bosClient) Get(ctx context.Context, key string, q Query) (Object, error) {
	args := &api.GetObjectArgs{IfMatch: q.IfMatch, IfNoneMatch: q.IfNoneMatch}
	if q.ranged() {
		args.Ranges = []int64{q.From, q.To}
	}
	reply, err := c.client.GetObjectWithArgs(ctx, c.bucket, key, args)
	if err != nil {
		return Object{}, err
	}
	defer reply.Body.Close()
	if reply.StatusCode == 304 { // the SDK takes it for success
		return Object{}, &bce.BceServiceError{StatusCode: reply.StatusCode}
	}
	o := fromMeta(reply.ObjectMeta)
	o.Body, err = io.ReadAll(reply.Body)
	return o, err
}

func fromMeta(m api.ObjectMeta) Object {
	o := Object{Size: m.ContentLength, Type: m.ContentType, ETag: strings.Trim(m.ETag, `"`),
		Range: m.ContentRange, CRC64: m.ContentCrc64ECMA, Meta: map[string]string{}}
	for name, value := range m.UserMeta {
		o.Meta[strings.ToLower(name)] = value
	}
	return o
}

func (c *bosClient) Head(_ context.Context, key string) (Object, error) {
	reply, err := c.client.GetObjectMeta(c.bucket, key)
	if err != nil {
		return Object{}, err
	}
	return fromMeta(reply.ObjectMeta), nil
}

func (c *bosClient) Append(_ context.Context, key string, body []byte, at int64) (int64, error) {
	content, err := bce.NewBodyFromBytes(body)
	if err != nil {
		return 0, err
	}
	reply, err := c.client.SimpleAppendObject(c.bucket, key, content, at)
	if err != nil {
		return 0, err
	}
	return reply.NextAppendOffset, nil
}

func (c *bosClient) Copy(_ context.Context, from, to string) error {
	_, err := c.client.CopyObject(c.bucket, to, c.bucket, from, nil)
	return err
}

func (c *bosClient) List(_ context.Context, prefix, delimiter string, size int) (all Listing, err error) {
	for marker := ""; ; {
		reply, err := c.client.SimpleListObjects(c.bucket, prefix, size, marker, delimiter)
		if err != nil {
			return all, err
		}
		for _, o := range reply.Contents {
			all.Keys = append(all.Keys, o.Key)
		}
		for _, p := range reply.CommonPrefixes {
			all.Prefixes = append(all.Prefixes, p.Prefix)
		}
		if marker = reply.NextMarker; !reply.IsTruncated {
			return all, nil
		}
	}
}

// DeleteAll takes io.EOF for success: the server then has nothing to say, and
// the SDK wants a body.
func (c *bosClient) DeleteAll(_ context.Context, keys []string) error {
	reply, err := c.client.DeleteMultipleObjectsFromKeyList(c.bucket, keys)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil && len(reply.Errors) > 0 {
		err = fmt.Errorf("errors: %v", reply.Errors)
	}
	return err
}

func (c *bosClient) Delete(_ context.Context, key string) error {
	return c.client.DeleteObject(c.bucket, key)
}

func (c *bosClient) Answer(err error) (int, string) {
	var refused *bce.BceServiceError
	if !errors.As(err, &refused) {
		return 0, ""
	}
	return refused.StatusCode, refused.Code
}
