package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/baidubce/bce-sdk-go/services/bos/api"
)

// AllowACLs has nothing to do: a new bucket heeds ACLs.
func (c *bosClient) AllowACLs(context.Context) error { return nil }

func (c *bosClient) SetACL(_ context.Context, acl string) error {
	return c.client.PutBucketAclFromCanned(c.bucket, acl)
}

func (c *bosClient) ACL(context.Context) (string, error) {
	reply, err := c.client.GetBucketAcl(c.bucket)
	if err != nil {
		return "", err
	}
	return canned(everybody(reply.AccessControlList)), nil
}

func (c *bosClient) SetObjectACL(_ context.Context, key, acl string) error {
	return c.client.PutObjectAclFromCanned(c.bucket, key, acl)
}

func (c *bosClient) ObjectACL(_ context.Context, key string) (string, error) {
	reply, err := c.client.GetObjectAcl(c.bucket, key)
	if err != nil {
		return "", err
	}
	return canned(everybody(reply.AccessControlList)), nil
}

// everybody gives the permissions that all users have.
func everybody(list []api.GrantType) (public []string) {
	for _, grant := range list {
		for _, grantee := range grant.Grantee {
			if grantee.Id == "*" {
				public = append(public, grant.Permission...)
			}
		}
	}
	return public
}

func (c *bosClient) SetCORS(_ context.Context, r CORSRule) error {
	rule := api.BucketCORSType{AllowedOrigins: r.Origins, AllowedMethods: r.Methods, AllowedHeaders: r.Headers,
		AllowedExposeHeaders: r.Exposed, MaxAgeSeconds: int64(r.MaxAge)}
	return c.client.PutBucketCorsFromStruct(c.bucket, &api.PutBucketCorsArgs{CorsConfiguration: []api.BucketCORSType{rule}})
}

func (c *bosClient) CORS(context.Context) (rules []CORSRule, err error) {
	reply, err := c.client.GetBucketCors(c.bucket)
	if err != nil {
		return nil, err
	}
	for _, r := range reply.CorsConfiguration {
		rules = append(rules, CORSRule{r.AllowedOrigins, r.AllowedMethods, r.AllowedHeaders, r.AllowedExposeHeaders, int(r.MaxAgeSeconds)})
	}
	return rules, nil
}

func (c *bosClient) Presign(_ context.Context, method, key string, valid time.Duration) (string, http.Header, error) {
	u := c.client.GeneratePresignedUrl(c.bucket, key, int(valid/time.Second), method, nil, nil)
	if u == "" {
		return "", nil, fmt.Errorf("the SDK gave no URL for %q", key)
	}
	return u, nil, nil
}

func (c *bosClient) Post(_ context.Context, key string, body []byte) error {
	_, err := c.client.PostObjectFromBytes(c.bucket, key, body,
		&api.PostObjectArgs{Expiration: 10 * time.Minute, ContentLengthUpper: int64(len(body))})
	return err
}
