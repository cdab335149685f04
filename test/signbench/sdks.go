package main

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	ossv2 "github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/signer"
	ossv1 "github.com/aliyun/aliyun-oss-go-sdk/oss"
	"github.com/aws/aws-sdk-go-v2/aws"
	awsv4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/baidubce/bce-sdk-go/auth"
	"github.com/baidubce/bce-sdk-go/bce"
	bcehttp "github.com/baidubce/bce-sdk-go/http"
	"github.com/baidubce/bce-sdk-go/services/bos/api"
	minio "github.com/minio/minio-go/v7/pkg/signer"
	"github.com/tencentyun/cos-go-sdk-v5"

	"objectharness/internal/sign/typical"
)

// sdks are the vendors' signers of a scheme: those that they export, which get a
// request that is made already. Where there is none the client makes the request
// too, and its name says so.
func sdks(scheme string, presign bool) []subject {
	switch scheme {
	case "oss-v1":
		return []subject{aliyun("", presign), alibaba("V1", &signer.SignerV1{}, scheme, presign)}
	case "oss-v4":
		return []subject{aliyun("v4", presign), alibaba("V4", &signer.SignerV4{}, scheme, presign)}
	case "cos-sha1":
		return []subject{tencent(presign)}
	case "bce-auth-v1":
		return []subject{baidu(presign)}
	}
	return []subject{amazon(presign), minioGo(presign)}
}

// requests are those of package typical, as net/http has them.
func requests(scheme string, presign bool) (all [keys]*http.Request) {
	for n := range all {
		r := &http.Request{Method: "PUT", Host: typical.Host, Header: http.Header{}, ContentLength: typical.Size,
			URL: &url.URL{Scheme: "http", Host: typical.Host, Path: "/" + typical.Key(n)}}
		if !presign {
			r.Header.Set("Content-Length", "4096")
			r.Header.Set("Content-Type", typical.Kind)
			r.Header.Set(typical.Meta(scheme), "typical")
		} else {
			r.ContentLength = 0
		}
		all[n] = r
	}
	return all
}

// must stops a measurement of something that did not sign.
func must(text string, err error) {
	if err != nil {
		panic(err)
	}
	if text == "" {
		panic("signbench: an SDK did not sign")
	}
}

func alibaba(name string, s signer.Signer, scheme string, presign bool) subject {
	all := requests(scheme, presign)
	var contexts [keys]*signer.SigningContext
	for n, r := range all {
		contexts[n] = &signer.SigningContext{Product: aws.String("oss"), Region: aws.String(typical.Region), Bucket: aws.String(typical.Bucket),
			Key: aws.String(typical.Key(n)), Request: r, AuthMethodQuery: presign,
			Credentials: &ossv2.Credentials{AccessKeyID: typical.AccessKey, AccessKeySecret: typical.SecretKey}}
	}
	return subject{"alibabacloud-oss-go-sdk-v2 " + name, func(n int) {
		c := contexts[n]
		c.Time = time.Time{}
		if presign {
			c.Time = time.Now().Add(typical.Expires)
		}
		c.Request.URL.RawQuery = ""
		err := s.Sign(context.Background(), c)
		must(c.Request.Header.Get("Authorization")+c.Request.URL.RawQuery, err)
	}}
}

// answer is a transport that sends nothing.
type answer struct{ signed string }

func (a *answer) RoundTrip(r *http.Request) (*http.Response, error) {
	a.signed = r.Header.Get("Authorization")
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(""))}, nil
}

func aliyun(version ossv1.AuthVersionType, presign bool) subject {
	transport := &answer{}
	options := []ossv1.ClientOption{ossv1.HTTPClient(&http.Client{Transport: transport}), ossv1.EnableCRC(false)}
	if version != "" {
		options = append(options, ossv1.AuthVersion(version), ossv1.Region(typical.Region))
	}
	client, err := ossv1.New("http://storage.example.com", typical.AccessKey, typical.SecretKey, options...)
	must("client", err)
	bucket, err := client.Bucket(typical.Bucket)
	must("bucket", err)
	if presign {
		return subject{"aliyun-oss-go-sdk SignURL", func(n int) {
			must(bucket.SignURL(typical.Key(n), ossv1.HTTPPut, int64(typical.Expires/time.Second)))
		}}
	}
	body := strings.Repeat("x", typical.Size)
	return subject{"aliyun-oss-go-sdk, whole client", func(n int) {
		err := bucket.PutObject(typical.Key(n), strings.NewReader(body), ossv1.ContentType(typical.Kind), ossv1.Meta("origin", "typical"))
		must(transport.signed, err)
	}}
}

func tencent(presign bool) subject {
	if presign {
		base := &url.URL{Scheme: "http", Host: typical.Host}
		client := cos.NewClient(&cos.BaseURL{BucketURL: base}, nil)
		return subject{"cos-go-sdk-v5 GetPresignedURL", func(n int) {
			u, err := client.Object.GetPresignedURL(context.Background(), "PUT", typical.Key(n), typical.AccessKey, typical.SecretKey, typical.Expires, nil)
			must(u.RawQuery, err)
		}}
	}
	all := requests("cos-sha1", false)
	return subject{"cos-go-sdk-v5", func(n int) {
		cos.AddAuthorizationHeader(typical.AccessKey, typical.SecretKey, "", all[n], cos.NewAuthTime(typical.Expires))
		must(all[n].Header.Get("Authorization"), nil)
	}}
}

func baidu(presign bool) subject {
	credentials := &auth.BceCredentials{AccessKeyId: typical.AccessKey, SecretAccessKey: typical.SecretKey}
	options := &auth.SignOptions{HeadersToSign: auth.DEFAULT_HEADERS_TO_SIGN, ExpireSeconds: int(typical.Expires / time.Second)}
	if presign {
		conf := &bce.BceClientConfiguration{Endpoint: "http://storage.example.com", Credentials: credentials, SignOption: options}
		return subject{"bce-sdk-go GeneratePresignedUrl", func(n int) {
			must(api.GeneratePresignedUrl(conf, &auth.BceV1Signer{}, typical.Bucket, typical.Key(n), int(typical.Expires/time.Second), "PUT", nil, nil), nil)
		}}
	}
	var all [keys]*bcehttp.Request
	for n := range all {
		r := &bcehttp.Request{}
		r.SetMethod("PUT")
		r.SetUri("/" + typical.Key(n))
		r.SetHeaders(map[string]string{"Host": typical.Host, "Content-Length": "4096", "Content-Type": typical.Kind,
			typical.Meta("bce-auth-v1"): "typical", "x-bce-date": typical.Time.Format(time.RFC3339)})
		all[n] = r
	}
	return subject{"bce-sdk-go", func(n int) {
		(&auth.BceV1Signer{}).Sign(all[n], credentials, options)
		must(all[n].Header("Authorization"), nil)
	}}
}

func amazon(presign bool) subject {
	all := requests("aws-sigv4", presign)
	credentials := aws.Credentials{AccessKeyID: typical.AccessKey, SecretAccessKey: typical.SecretKey}
	s := awsv4.NewSigner(func(o *awsv4.SignerOptions) { o.DisableURIPathEscaping = true })
	if presign {
		return subject{"aws-sdk-go-v2", func(n int) {
			all[n].URL.RawQuery = "X-Amz-Expires=900"
			signed, _, err := s.PresignHTTP(context.Background(), credentials, all[n], typical.Unsigned, "s3", typical.Region, typical.Time)
			must(signed, err)
		}}
	}
	for _, r := range all {
		r.Header.Set("X-Amz-Content-Sha256", typical.Unsigned)
	}
	return subject{"aws-sdk-go-v2", func(n int) {
		err := s.SignHTTP(context.Background(), credentials, all[n], typical.Unsigned, "s3", typical.Region, typical.Time)
		must(all[n].Header.Get("Authorization"), err)
	}}
}

func minioGo(presign bool) subject {
	all := requests("aws-sigv4", presign)
	if presign {
		return subject{"minio-go", func(n int) {
			all[n].URL.RawQuery = ""
			r := minio.PreSignV4(*all[n], typical.AccessKey, typical.SecretKey, "", typical.Region, int64(typical.Expires/time.Second))
			must(r.URL.RawQuery, nil)
		}}
	}
	for _, r := range all {
		r.Header.Set("X-Amz-Content-Sha256", typical.Unsigned)
	}
	return subject{"minio-go", func(n int) {
		r := minio.SignV4(*all[n], typical.AccessKey, typical.SecretKey, "", typical.Region)
		must(r.Header.Get("Authorization"), nil)
	}}
}
