package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
)

func (c *oss2) AllowACLs(ctx context.Context) error {
	_, err := c.client.PutBucketPublicAccessBlock(ctx, &oss.PutBucketPublicAccessBlockRequest{Bucket: c.bucket,
		PublicAccessBlockConfiguration: &oss.PublicAccessBlockConfiguration{BlockPublicAccess: oss.Ptr(false)}})
	return err
}

func (c *oss2) SetACL(ctx context.Context, acl string) error {
	_, err := c.client.PutBucketAcl(ctx, &oss.PutBucketAclRequest{Bucket: c.bucket, Acl: oss.BucketACLType(acl)})
	return err
}

func (c *oss2) ACL(ctx context.Context) (string, error) {
	reply, err := c.client.GetBucketAcl(ctx, &oss.GetBucketAclRequest{Bucket: c.bucket})
	if err != nil {
		return "", err
	}
	return oss.ToString(reply.ACL), nil
}

func (c *oss2) SetObjectACL(ctx context.Context, key, acl string) error {
	_, err := c.client.PutObjectAcl(ctx, &oss.PutObjectAclRequest{Bucket: c.bucket, Key: &key, Acl: oss.ObjectACLType(acl)})
	return err
}

func (c *oss2) ObjectACL(ctx context.Context, key string) (string, error) {
	reply, err := c.client.GetObjectAcl(ctx, &oss.GetObjectAclRequest{Bucket: c.bucket, Key: &key})
	if err != nil {
		return "", err
	}
	return oss.ToString(reply.ACL), nil
}

func (c *oss2) SetCORS(ctx context.Context, r CORSRule) error {
	rule := oss.CORSRule{AllowedOrigins: r.Origins, AllowedMethods: r.Methods, AllowedHeaders: r.Headers,
		ExposeHeaders: r.Exposed, MaxAgeSeconds: oss.Ptr(int64(r.MaxAge))}
	_, err := c.client.PutBucketCors(ctx, &oss.PutBucketCorsRequest{Bucket: c.bucket,
		CORSConfiguration: &oss.CORSConfiguration{CORSRules: []oss.CORSRule{rule}}})
	return err
}

func (c *oss2) CORS(ctx context.Context) (rules []CORSRule, err error) {
	reply, err := c.client.GetBucketCors(ctx, &oss.GetBucketCorsRequest{Bucket: c.bucket})
	if err != nil {
		return nil, err
	}
	for _, r := range reply.CORSConfiguration.CORSRules {
		rules = append(rules, CORSRule{r.AllowedOrigins, r.AllowedMethods, r.AllowedHeaders, r.ExposeHeaders, int(oss.ToInt64(r.MaxAgeSeconds))})
	}
	return rules, nil
}

func (c *oss2) Presign(ctx context.Context, method, key string, valid time.Duration) (string, http.Header, error) {
	var request any = &oss.GetObjectRequest{Bucket: c.bucket, Key: &key}
	if method == http.MethodPut {
		request = &oss.PutObjectRequest{Bucket: c.bucket, Key: &key}
	}
	reply, err := c.client.Presign(ctx, request, func(o *oss.PresignOptions) { o.Expires = valid })
	if err != nil {
		return "", nil, err
	}
	header := http.Header{}
	for name, value := range reply.SignedHeaders {
		header.Set(name, value)
	}
	return reply.URL, header, nil
}

// Post is not there: the SDK signs no policies.
func (c *oss2) Post(context.Context, string, []byte) error { return errors.ErrUnsupported }
