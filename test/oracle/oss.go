package oracle

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	oss2 "github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/signer"
	oss1 "github.com/aliyun/aliyun-oss-go-sdk/oss"
)

func isOSS(v *Vector) bool { return v.Algorithm == "oss-v1" || v.Algorithm == "oss-v4" }

// byOSS2 asks the signers of alibabacloud-oss-go-sdk-v2.
func byOSS2(v *Vector) (string, error) {
	r := v.asked(func(string) bool { return true })
	if isV4 := v.Algorithm == "oss-v4"; isV4 {
		r.Header.Set("Host", v.Request.Host)
	}
	c := &signer.SigningContext{Product: oss2.Ptr("oss"), Region: &v.Scope.Region, Bucket: v.Request.Bucket, Request: r,
		AdditionalHeaders: v.Options.Additional, AuthMethodQuery: v.Mode == "query", Time: v.at(),
		Credentials: &credentials.Credentials{AccessKeyID: v.Credentials.AccessKey, AccessKeySecret: v.Credentials.SecretKey, SecurityToken: v.Credentials.Token}}
	if v.Request.Object != "" {
		c.Key = &v.Request.Object
	}
	if c.AuthMethodQuery {
		c.Time = v.at().Add(time.Duration(v.valid(3600)) * time.Second)
	}
	var s signer.Signer = &signer.SignerV1{}
	if v.Algorithm == "oss-v4" {
		s = &signer.SignerV4{}
	}
	if err := s.Sign(context.Background(), c); err != nil {
		return "", err
	}
	return ossSignature(r.Header.Get("Authorization"), r.URL), nil
}

func ossSignature(field string, address *url.URL) string {
	if field != "" {
		if sig := after(field, "Signature="); sig != "" {
			return sig
		}
		return after(field, ":")
	}
	q := address.Query()
	return q.Get("Signature") + q.Get("x-oss-signature")
}

var errCaught = errors.New("the request was caught")

// A catcher keeps the request that an SDK would have sent.
type catcher struct{ sent *http.Request }

func (c *catcher) RoundTrip(r *http.Request) (*http.Response, error) {
	c.sent = r
	return nil, errCaught
}

// byOSS1 asks aliyun-oss-go-sdk, which has to go through the motions of sending.
func byOSS1(v *Vector) (string, error) {
	caught := &catcher{}
	options := []oss1.ClientOption{oss1.HTTPClient(&http.Client{Transport: caught}), oss1.SecurityToken(v.Credentials.Token)}
	if v.Algorithm == "oss-v4" {
		options = append(options, oss1.AuthVersion(oss1.AuthV4), oss1.Region(v.Scope.Region), oss1.AdditionalHeaders(v.Options.Additional))
	}
	host := v.Request.Host[len(*v.Request.Bucket)+1:]
	client, err := oss1.New("https://"+host, v.Credentials.AccessKey, v.Credentials.SecretKey, options...)
	if err != nil {
		return "", err
	}
	if v.Mode == "rtmp" {
		return rtmpByOSS1(v, client)
	}
	params := map[string]any{}
	for _, p := range v.Request.Query {
		params[*p[0]] = nil
		if p[1] != nil {
			params[*p[0]] = *p[1]
		}
	}
	fields := map[string]string{}
	for _, f := range v.Request.Headers {
		fields[f[0]] = f[1]
	}
	delete(fields, "Host")
	if v.Algorithm == "oss-v4" {
		fields["X-Oss-Date"] = v.at().Format("20060102T150405Z")
	}
	_, err = client.Conn.Do(v.Request.Method, *v.Request.Bucket, v.Request.Object, params, fields, nil, 0, nil)
	if !errors.Is(err, errCaught) || caught.sent == nil {
		return "", err
	}
	return ossSignature(caught.sent.Header.Get("Authorization"), caught.sent.URL), nil
}

// rtmpByOSS1 asks for a push address, which knows one parameter of its own.
func rtmpByOSS1(v *Vector, client *oss1.Client) (string, error) {
	bucket, err := client.Bucket(*v.Request.Bucket)
	if err != nil {
		return "", err
	}
	params, _ := v.params()
	address, err := bucket.SignRtmpURL(v.Request.Object, params["playlistName"], v.valid(3600))
	if err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	return u.Query().Get("Signature"), nil
}

// oss1Takes leaves out what the SDK has no words for: repeated parameters, other
// parameters of a push address, and addresses but these.
func oss1Takes(v *Vector) bool {
	params, once := v.params()
	if v.Mode == "rtmp" {
		_, playlist := params["playlistName"]
		return len(params) == 0 || playlist && len(params) == 1
	}
	return isOSS(v) && v.Mode == "header" && once
}
