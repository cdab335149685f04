package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// awsClient is aws-sdk-go-v2.
type awsClient struct {
	client *s3.Client
	bucket *string
	web    *http.Client
}

// openAWS builds the options by hand: the default configuration would read the
// environment and files.
func openAWS(a Opening) (Client, error) {
	keys := aws.Credentials{AccessKeyID: a.AccessKey, SecretAccessKey: a.SecretKey}
	client := s3.New(s3.Options{
		BaseEndpoint: aws.String(a.Endpoint("s3." + a.Region + ".amazonaws.com")), Region: a.Region,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return keys, nil }),
		HTTPClient:  a.Wire.Client(), UsePathStyle: !a.Host, RetryMaxAttempts: 1,
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
	})
	return &awsClient{client, aws.String(a.Bucket), a.Wire.Client()}, nil
}

func (c *awsClient) CreateBucket(ctx context.Context) error {
	_, err := c.client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: c.bucket})
	return err
}

func (c *awsClient) DeleteBucket(ctx context.Context) error {
	_, err := c.client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: c.bucket})
	return err
}

func (c *awsClient) Put(ctx context.Context, key string, o Object) error {
	_, err := c.client.PutObject(ctx, &s3.PutObjectInput{Bucket: c.bucket, Key: &key,
		Body: bytes.NewReader(o.Body), ContentType: given(o.Type), Metadata: o.Meta, ACL: types.ObjectCannedACL(o.ACL)})
	return err
}

func (c *awsClient) Get(ctx context.Context, key string, q Query) (Object, error) {
	input := &s3.GetObjectInput{Bucket: c.bucket, Key: &key, IfMatch: given(q.IfMatch), IfNoneMatch: given(q.IfNoneMatch)}
	if q.ranged() {
		input.Range = aws.String(fmt.Sprintf("bytes=%d-%d", q.From, q.To))
	}
	reply, err := c.client.GetObject(ctx, input)
	if err != nil {
		return Object{}, err
	}
	defer reply.Body.Close()
	o := Object{Size: aws.ToInt64(reply.ContentLength), Type: aws.ToString(reply.ContentType), Meta: reply.Metadata,
		ETag: strings.Trim(aws.ToString(reply.ETag), `"`), Range: aws.ToString(reply.ContentRange)}
	o.Body, err = io.ReadAll(reply.Body)
	return o, err
}

func (c *awsClient) Head(ctx context.Context, key string) (Object, error) {
	reply, err := c.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: c.bucket, Key: &key})
	if err != nil {
		return Object{}, err
	}
	return Object{Size: aws.ToInt64(reply.ContentLength), Type: aws.ToString(reply.ContentType), Meta: reply.Metadata,
		ETag: strings.Trim(aws.ToString(reply.ETag), `"`)}, nil
}

func (c *awsClient) Append(context.Context, string, []byte, int64) (int64, error) {
	return 0, errors.ErrUnsupported
}

func (c *awsClient) Copy(ctx context.Context, from, to string) error {
	_, err := c.client.CopyObject(ctx, &s3.CopyObjectInput{Bucket: c.bucket, Key: &to,
		CopySource: aws.String(*c.bucket + "/" + escapePath(from))})
	return err
}

func (c *awsClient) List(ctx context.Context, prefix, delimiter string, size int) (all Listing, err error) {
	pages := s3.NewListObjectsV2Paginator(c.client, &s3.ListObjectsV2Input{Bucket: c.bucket, Prefix: &prefix,
		Delimiter: given(delimiter), MaxKeys: aws.Int32(int32(size))})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return all, err
		}
		for _, o := range page.Contents {
			all.Keys = append(all.Keys, aws.ToString(o.Key))
		}
		for _, p := range page.CommonPrefixes {
			all.Prefixes = append(all.Prefixes, aws.ToString(p.Prefix))
		}
	}
	return all, nil
}

func (c *awsClient) DeleteAll(ctx context.Context, keys []string) error {
	var objects types.Delete
	for _, key := range keys {
		objects.Objects = append(objects.Objects, types.ObjectIdentifier{Key: aws.String(key)})
	}
	reply, err := c.client.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: c.bucket, Delete: &objects})
	if err == nil && (len(reply.Deleted) != len(keys) || len(reply.Errors) > 0) {
		err = fmt.Errorf("deleted %d objects, want %d; %d errors", len(reply.Deleted), len(keys), len(reply.Errors))
	}
	return err
}

func (c *awsClient) Delete(ctx context.Context, key string) error {
	_, err := c.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: c.bucket, Key: &key})
	return err
}

func (c *awsClient) Answer(err error) (int, string) {
	var reply *awshttp.ResponseError
	if !errors.As(err, &reply) {
		return 0, ""
	}
	var refused smithy.APIError
	if errors.As(err, &refused) {
		return reply.HTTPStatusCode(), refused.ErrorCode()
	}
	return reply.HTTPStatusCode(), ""
}
