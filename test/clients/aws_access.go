package main

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func (c *awsClient) AllowACLs(ctx context.Context) error {
	rule := types.OwnershipControlsRule{ObjectOwnership: types.ObjectOwnershipObjectWriter}
	_, err := c.client.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{Bucket: c.bucket,
		OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{rule}}})
	if err != nil {
		return err
	}
	_, err = c.client.DeletePublicAccessBlock(ctx, &s3.DeletePublicAccessBlockInput{Bucket: c.bucket})
	return err
}

func (c *awsClient) SetACL(ctx context.Context, acl string) error {
	_, err := c.client.PutBucketAcl(ctx, &s3.PutBucketAclInput{Bucket: c.bucket, ACL: types.BucketCannedACL(acl)})
	return err
}

func (c *awsClient) ACL(ctx context.Context) (string, error) {
	reply, err := c.client.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: c.bucket})
	if err != nil {
		return "", err
	}
	return cannedGrants(reply.Grants), nil
}

func (c *awsClient) SetObjectACL(ctx context.Context, key, acl string) error {
	_, err := c.client.PutObjectAcl(ctx, &s3.PutObjectAclInput{Bucket: c.bucket, Key: &key, ACL: types.ObjectCannedACL(acl)})
	return err
}

func (c *awsClient) ObjectACL(ctx context.Context, key string) (string, error) {
	reply, err := c.client.GetObjectAcl(ctx, &s3.GetObjectAclInput{Bucket: c.bucket, Key: &key})
	if err != nil {
		return "", err
	}
	return cannedGrants(reply.Grants), nil
}

const awsAllUsers = "http://acs.amazonaws.com/groups/global/AllUsers"

func cannedGrants(grants []types.Grant) string {
	var public []string
	for _, g := range grants {
		if aws.ToString(g.Grantee.URI) == awsAllUsers {
			public = append(public, string(g.Permission))
		}
	}
	return canned(public)
}

func (c *awsClient) SetCORS(ctx context.Context, r CORSRule) error {
	rule := types.CORSRule{AllowedOrigins: r.Origins, AllowedMethods: r.Methods, AllowedHeaders: r.Headers,
		ExposeHeaders: r.Exposed, MaxAgeSeconds: aws.Int32(int32(r.MaxAge))}
	_, err := c.client.PutBucketCors(ctx, &s3.PutBucketCorsInput{Bucket: c.bucket,
		CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{rule}}})
	return err
}

func (c *awsClient) CORS(ctx context.Context) (rules []CORSRule, err error) {
	reply, err := c.client.GetBucketCors(ctx, &s3.GetBucketCorsInput{Bucket: c.bucket})
	if err != nil {
		return nil, err
	}
	for _, r := range reply.CORSRules {
		rules = append(rules, CORSRule{r.AllowedOrigins, r.AllowedMethods, r.AllowedHeaders, r.ExposeHeaders, int(aws.ToInt32(r.MaxAgeSeconds))})
	}
	return rules, nil
}

func (c *awsClient) Presign(ctx context.Context, method, key string, valid time.Duration) (string, http.Header, error) {
	signer, expires := s3.NewPresignClient(c.client), s3.WithPresignExpires(valid)
	var reply *v4.PresignedHTTPRequest
	var err error
	if method == http.MethodPut {
		reply, err = signer.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: c.bucket, Key: &key}, expires)
	} else {
		reply, err = signer.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: c.bucket, Key: &key}, expires)
	}
	if err != nil {
		return "", nil, err
	}
	return reply.URL, reply.SignedHeader, nil
}

func (c *awsClient) Post(ctx context.Context, key string, body []byte) error {
	reply, err := s3.NewPresignClient(c.client).PresignPostObject(ctx, &s3.PutObjectInput{Bucket: c.bucket, Key: &key})
	if err != nil {
		return err
	}
	return postForm(ctx, c.web, reply.URL, reply.Values, body)
}
