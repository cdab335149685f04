package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tencentyun/cos-go-sdk-v5"
)

// AllowACLs has nothing to do: a new bucket heeds ACLs.
func (c *cosClient) AllowACLs(context.Context) error { return nil }

func (c *cosClient) SetACL(ctx context.Context, acl string) error {
	_, err := c.Bucket.PutACL(ctx, &cos.BucketPutACLOptions{Header: &cos.ACLHeaderOptions{XCosACL: acl}})
	return err
}

// ACL is what the SDK makes of the grants, in a header of its own.
func (c *cosClient) ACL(ctx context.Context) (string, error) {
	_, reply, err := c.Bucket.GetACL(ctx)
	if err != nil {
		return "", err
	}
	return reply.Header.Get("x-cos-acl"), nil
}

func (c *cosClient) SetObjectACL(ctx context.Context, key, acl string) error {
	_, err := c.Object.PutACL(ctx, key, &cos.ObjectPutACLOptions{Header: &cos.ACLHeaderOptions{XCosACL: acl}})
	return err
}

func (c *cosClient) ObjectACL(ctx context.Context, key string) (string, error) {
	_, reply, err := c.Object.GetACL(ctx, key)
	if err != nil {
		return "", err
	}
	return reply.Header.Get("x-cos-acl"), nil
}

func (c *cosClient) SetCORS(ctx context.Context, r CORSRule) error {
	rule := cos.BucketCORSRule{AllowedOrigins: r.Origins, AllowedMethods: r.Methods, AllowedHeaders: r.Headers,
		ExposeHeaders: r.Exposed, MaxAgeSeconds: r.MaxAge}
	_, err := c.Bucket.PutCORS(ctx, &cos.BucketPutCORSOptions{Rules: []cos.BucketCORSRule{rule}})
	return err
}

func (c *cosClient) CORS(ctx context.Context) (rules []CORSRule, err error) {
	reply, _, err := c.Bucket.GetCORS(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range reply.Rules {
		rules = append(rules, CORSRule{r.AllowedOrigins, r.AllowedMethods, r.AllowedHeaders, r.ExposeHeaders, r.MaxAgeSeconds})
	}
	return rules, nil
}

func (c *cosClient) Presign(ctx context.Context, method, key string, valid time.Duration) (string, http.Header, error) {
	u, err := c.Object.GetPresignedURL(ctx, method, key, c.access.AccessKey, c.access.SecretKey, valid, nil)
	if err != nil {
		return "", nil, err
	}
	return u.String(), nil, nil
}

// Post is not there: the SDK signs no policies.
func (c *cosClient) Post(context.Context, string, []byte) error { return errors.ErrUnsupported }
