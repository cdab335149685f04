package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/cors"
)

// AllowACLs is not there: the SDK sets neither owners of objects nor what keeps
// the public out. It reads the ACLs of objects, and sets none.
func (c *minioClient) AllowACLs(context.Context) error { return errors.ErrUnsupported }

func (c *minioClient) SetACL(context.Context, string) error { return errors.ErrUnsupported }

func (c *minioClient) ACL(context.Context) (string, error) { return "", errors.ErrUnsupported }

func (c *minioClient) SetObjectACL(context.Context, string, string) error {
	return errors.ErrUnsupported
}

func (c *minioClient) ObjectACL(ctx context.Context, key string) (string, error) {
	info, err := c.core.GetObjectACL(ctx, c.access.Bucket, key)
	if err != nil {
		return "", err
	}
	return info.Metadata.Get("X-Amz-Acl"), nil
}

func (c *minioClient) SetCORS(ctx context.Context, r CORSRule) error {
	return c.core.SetBucketCors(ctx, c.access.Bucket, cors.NewConfig([]cors.Rule{{
		AllowedOrigin: r.Origins, AllowedMethod: r.Methods, AllowedHeader: r.Headers, ExposeHeader: r.Exposed, MaxAgeSeconds: r.MaxAge}}))
}

func (c *minioClient) CORS(ctx context.Context) (rules []CORSRule, err error) {
	reply, err := c.core.GetBucketCors(ctx, c.access.Bucket)
	if err != nil {
		return nil, err
	}
	for _, r := range reply.CORSRules {
		rules = append(rules, CORSRule{r.AllowedOrigin, r.AllowedMethod, r.AllowedHeader, r.ExposeHeader, r.MaxAgeSeconds})
	}
	return rules, nil
}

func (c *minioClient) Presign(ctx context.Context, method, key string, valid time.Duration) (string, http.Header, error) {
	u, err := c.core.Presign(ctx, method, c.access.Bucket, key, valid, nil)
	if err != nil {
		return "", nil, err
	}
	return u.String(), nil, nil
}

func (c *minioClient) Post(ctx context.Context, key string, body []byte) error {
	policy := minio.NewPostPolicy()
	err := errors.Join(policy.SetBucket(c.access.Bucket), policy.SetKey(key), policy.SetExpires(time.Now().Add(10*time.Minute)),
		policy.SetContentType("text/plain"), policy.SetContentLengthRange(1, int64(len(body))))
	if err != nil {
		return err
	}
	u, fields, err := c.core.PresignedPostPolicy(ctx, policy)
	if err != nil {
		return err
	}
	return postForm(ctx, c.access.Wire.Client(), u.String(), fields, body)
}
