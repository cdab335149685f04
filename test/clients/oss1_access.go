package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aliyun/aliyun-oss-go-sdk/oss"
)

// AllowACLs has nothing to do: the SDK knows no switch, and a bucket made by
// the API heeds ACLs.
func (c *oss1) AllowACLs(context.Context) error { return nil }

func (c *oss1) SetACL(ctx context.Context, acl string) error {
	return c.client.SetBucketACL(c.bucket.BucketName, oss.ACLType(acl), oss.WithContext(ctx))
}

func (c *oss1) ACL(ctx context.Context) (string, error) {
	reply, err := c.client.GetBucketACL(c.bucket.BucketName, oss.WithContext(ctx))
	return reply.ACL, err
}

func (c *oss1) SetObjectACL(ctx context.Context, key, acl string) error {
	return c.bucket.SetObjectACL(key, oss.ACLType(acl), oss.WithContext(ctx))
}

func (c *oss1) ObjectACL(ctx context.Context, key string) (string, error) {
	reply, err := c.bucket.GetObjectACL(key, oss.WithContext(ctx))
	return reply.ACL, err
}

func (c *oss1) SetCORS(ctx context.Context, r CORSRule) error {
	rule := oss.CORSRule{AllowedOrigin: r.Origins, AllowedMethod: r.Methods, AllowedHeader: r.Headers, ExposeHeader: r.Exposed, MaxAgeSeconds: r.MaxAge}
	return c.client.SetBucketCORS(c.bucket.BucketName, []oss.CORSRule{rule}, oss.WithContext(ctx))
}

func (c *oss1) CORS(ctx context.Context) (rules []CORSRule, err error) {
	reply, err := c.client.GetBucketCORS(c.bucket.BucketName, oss.WithContext(ctx))
	for _, r := range reply.CORSRules {
		rules = append(rules, CORSRule{r.AllowedOrigin, r.AllowedMethod, r.AllowedHeader, r.ExposeHeader, r.MaxAgeSeconds})
	}
	return rules, err
}

func (c *oss1) Presign(ctx context.Context, method, key string, valid time.Duration) (string, http.Header, error) {
	u, err := c.bucket.SignURL(key, oss.HTTPMethod(method), int64(valid/time.Second), oss.WithContext(ctx))
	return u, nil, err
}

// Post is not there: the SDK signs no policies.
func (c *oss1) Post(context.Context, string, []byte) error { return errors.ErrUnsupported }
