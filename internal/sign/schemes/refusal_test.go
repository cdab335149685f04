package schemes_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/sign/bcev1"
	"objectharness/internal/sign/cossha1"
	"objectharness/internal/sign/ossv1"
	"objectharness/internal/sign/ossv4"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/sign/sigv4"
	"objectharness/internal/wire"
)

type refusal struct {
	name    string
	scheme  sign.Scheme
	presign bool
	change  func(r *wire.Request, ck *sign.Check)
	want    sign.Reason
}

// auth replaces text in the Authorization field or, in a URL, in the target.
func auth(old, with string) func(*wire.Request, *sign.Check) {
	return func(r *wire.Request, _ *sign.Check) {
		for i := range r.Fields {
			if r.Fields[i].Name == "Authorization" {
				r.Fields[i].Value = strings.Replace(r.Fields[i].Value, old, with, 1)
				return
			}
		}
		r.Target = strings.Replace(r.Target, old, with, 1)
	}
}

func set(name, value string) func(*wire.Request, *sign.Check) {
	return func(r *wire.Request, _ *sign.Check) { r.Fields.Set(name, value) }
}

func del(name string) func(*wire.Request, *sign.Check) {
	return func(r *wire.Request, _ *sign.Check) { r.Fields.Del(name) }
}

func param(text string) func(*wire.Request, *sign.Check) {
	return func(r *wire.Request, _ *sign.Check) {
		if strings.Contains(r.Target, "?") {
			r.Target += "&" + text
		} else {
			r.Target += "?" + text
		}
	}
}

func later(d time.Duration) func(*wire.Request, *sign.Check) {
	return func(_ *wire.Request, ck *sign.Check) { ck.Now = ck.Now.Add(d) }
}

var (
	bce  = bcev1.Scheme{}
	cos  = cossha1.Scheme{}
	oss1 = ossv1.Scheme{}
	oss4 = ossv4.Scheme{}
	aws  = sigv4.Scheme{}
)

var refusals = []refusal{
	{"bce other scheme", bce, false, auth("bce-auth-v1/", "bce-auth-v2/"), sign.UnknownScheme},
	{"bce five parts", bce, false, auth("/1800/", "/1800"), sign.Malformed},
	{"bce other date", bce, false, auth("T23:59:59Z", "T23:59:59 "), sign.BadDate},
	{"bce validity word", bce, false, auth("/1800/", "/long/"), sign.Malformed},
	{"bce unknown key", bce, false, auth("/AK/", "/AL/"), sign.UnknownKey},
	{"bce late", bce, false, later(1801 * time.Second), sign.Expired},
	{"bce URL late", bce, true, later(1801 * time.Second), sign.Expired},
	{"bce both", bce, false, param("authorization=bce-auth-v1%2FAK"), sign.Both},
	{"bce host unsigned", bce, false, auth("/1800//", "/1800/x-bce-meta-a/"), sign.UnsignedField},
	{"bce twice", bce, false, func(r *wire.Request, _ *sign.Check) { r.Fields.Add("Authorization", "x") }, sign.Repeated},
	{"cos other scheme", cos, false, set("Authorization", "OSS a:b"), sign.MissingField},
	{"cos other algorithm", cos, false, auth("=sha1", "=sha2"), sign.UnknownScheme},
	{"cos part missing", cos, false, auth("&q-key-time=", "&q-key-tine="), sign.MissingField},
	{"cos part twice", cos, false, auth("&q-ak=", "&q-ak=AK&q-ak="), sign.Repeated},
	{"cos window word", cos, false, auth("q-sign-time=", "q-sign-time=x"), sign.BadDate},
	{"cos late", cos, false, later(301 * time.Second), sign.Expired},
	{"cos early", cos, true, later(-time.Second), sign.NotYetValid},
	{"cos both", cos, false, param("q-ak=AK"), sign.Both},
	{"cos unknown key", cos, false, auth("q-ak=AK", "q-ak=AL"), sign.UnknownKey},
	{"oss1 other scheme", oss1, false, auth("OSS ", "QSS "), sign.UnknownScheme},
	{"oss1 two blanks", oss1, false, auth("OSS ", "OSS  "), sign.Malformed},
	{"oss1 no colon", oss1, false, auth(":", ""), sign.Malformed},
	{"oss1 no date", oss1, false, del("Date"), sign.MissingDate},
	{"oss1 two dates", oss1, false, func(r *wire.Request, _ *sign.Check) { r.Fields.Add("Date", "x") }, sign.Repeated},
	{"aws two dates", aws, false, func(r *wire.Request, _ *sign.Check) { r.Fields.Add("x-amz-date", "x") }, sign.Mismatch},
	{"aws URL payload word", aws, true, set("X-Amz-Content-Sha256", "none"), sign.BadHash},
	{"oss1 one-digit day", oss1, false, set("Date", "Fri, 1 Mar 2024 00:00:00 GMT"), sign.BadDate},
	{"oss1 late", oss1, false, later(901 * time.Second), sign.Skewed},
	{"oss1 early", oss1, false, later(-901 * time.Second), sign.Skewed},
	{"oss1 both", oss1, false, param("Expires=1"), sign.Both},
	{"oss1 URL late", oss1, true, later(3601 * time.Second), sign.Expired},
	{"oss1 URL without key", oss1, true, auth("OSSAccessKeyId=AK", "a=b"), sign.MissingField},
	{"oss1 URL without end", oss1, true, auth("Expires=", "Expirez="), sign.MissingField},
	{"oss1 URL word for an end", oss1, true, auth("Expires=", "Expires=x"), sign.BadDate},
	{"oss1 URL without signature", oss1, true, auth("Signature=", "Signatura="), sign.MissingField},
	{"oss1 URL far ahead", oss1, true, later(-61300 * time.Second), sign.ExpiresRange},
	{"oss1 sub-resource added", oss1, false, param("acl"), sign.Mismatch},
	{"oss4 other scheme", oss4, false, auth("OSS4-HMAC-SHA256 ", "OSS5 "), sign.UnknownScheme},
	{"oss4 region", oss4, false, auth("/r-1/", "/r-2/"), sign.WrongRegion},
	{"oss4 product", oss4, false, auth("/oss/", "/s3/"), sign.WrongService},
	{"oss4 terminator", oss4, false, auth("aliyun_v4_request", "aws4_request"), sign.WrongScope},
	{"oss4 day", oss4, false, auth("/20240229/", "/20240228/"), sign.WrongScope},
	{"oss4 no day", oss4, false, auth("/20240229/", "/2024022/"), sign.Malformed},
	{"oss4 empty additional", oss4, false, auth(",Signature", ",AdditionalHeaders=,Signature"), sign.Malformed},
	{"oss4 empty additional name", oss4, false, auth(",Signature", ",AdditionalHeaders=host;;range,Signature"), sign.Malformed},
	{"oss4 unsent additional", oss4, false, auth(",Signature", ",AdditionalHeaders=host;range,Signature"), sign.UnsentField},
	{"oss4 underscored additional", oss4, false, func(r *wire.Request, ck *sign.Check) {
		r.Fields.Add("a_b", "c")
		auth(",Signature", ",AdditionalHeaders=a_b,Signature")(r, ck)
	}, sign.UnsentField},
	{"oss4 URL unsent additional", oss4, true, param("x-oss-additional-headers=range"), sign.UnsentField},
	{"oss4 host as additional", oss4, false, auth(",Signature", ",AdditionalHeaders=host,Signature"), sign.Mismatch},
	{"oss4 no credential", oss4, false, auth("Credential=", "Credentials="), sign.Malformed},
	{"oss4 other payload", oss4, false, set("x-oss-content-sha256", strings.Repeat("a", 64)), sign.BadHash},
	{"oss4 no payload", oss4, false, del("x-oss-content-sha256"), sign.NoPayload},
	{"oss4 no date", oss4, false, del("x-oss-date"), sign.MissingDate},
	{"oss4 late", oss4, false, later(901 * time.Second), sign.Skewed},
	{"oss4 URL late", oss4, true, later(3601 * time.Second), sign.Expired},
	{"oss4 URL without validity", oss4, true, auth("x-oss-expires=", "x-oss-expirez="), sign.MissingField},
	{"oss4 URL validity", oss4, true, auth("x-oss-expires=3600", "x-oss-expires=604801"), sign.ExpiresRange},
	{"oss4 both", oss4, false, param("x-oss-signature=1"), sign.Both},
	{"oss4 URL parameter twice", oss4, true, param("x-oss-date=1"), sign.Repeated},
	{"aws other scheme", aws, false, auth("AWS4-HMAC-SHA256 ", "AWS2-HMAC-SHA1 "), sign.UnknownScheme},
	{"aws version 2", aws, false, auth("AWS4-HMAC-SHA256 ", "AWS "), sign.Outdated},
	{"aws no blank", aws, false, auth("AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256"), sign.UnknownScheme},
	{"aws no equals", aws, false, auth("Credential=", "Credential:"), sign.Malformed},
	{"aws component missing", aws, false, auth("Signature=", "Signatura="), sign.MissingField},
	{"aws component twice", aws, false, auth("SignedHeaders=", "SignedHeaders=x, SignedHeaders="), sign.Repeated},
	{"aws six fields", aws, false, auth("/r-1/", "/r-1/x/"), sign.Malformed},
	{"aws region", aws, false, auth("/r-1/", "/r-2/"), sign.WrongRegion},
	{"aws service", aws, false, auth("/s3/", "/iam/"), sign.WrongService},
	{"aws terminator", aws, false, auth("aws4_request", "aws5_request"), sign.WrongScope},
	{"aws day", aws, false, auth("/20240229/", "/20240228/"), sign.WrongScope},
	{"aws host unsigned", aws, false, auth(";host;", ";"), sign.UnsignedField},
	{"aws x-amz unsigned", aws, false, func(r *wire.Request, _ *sign.Check) { r.Fields.Add("x-amz-acl", "private") }, sign.UnsignedField},
	{"aws no payload", aws, false, del("X-Amz-Content-Sha256"), sign.NoPayload},
	{"aws payload word", aws, false, set("X-Amz-Content-Sha256", "none"), sign.BadHash},
	{"aws date form", aws, false, set("X-Amz-Date", "2024-02-29T23:59:59Z"), sign.BadDate},
	{"aws no date", aws, false, del("X-Amz-Date"), sign.MissingDate},
	{"aws unknown key", aws, false, auth("=AK/", "=AL/"), sign.UnknownKey},
	{"aws late", aws, false, later(901 * time.Second), sign.Skewed},
	{"aws URL late", aws, true, later(3601 * time.Second), sign.Expired},
	{"aws URL early", aws, true, later(-901 * time.Second), sign.NotYetValid},
	{"aws URL validity -1", aws, true, auth("X-Amz-Expires=3600", "X-Amz-Expires=-1"), sign.ExpiresRange},
	{"aws URL validity 0", aws, true, auth("X-Amz-Expires=3600", "X-Amz-Expires=0"), sign.ExpiresRange},
	{"aws URL validity word", aws, true, auth("X-Amz-Expires=3600", "X-Amz-Expires=x"), sign.Malformed},
	{"aws URL no names", aws, true, auth("X-Amz-SignedHeaders", "X-Amz-SignedFields"), sign.MissingField},
	{"aws both", aws, false, param("X-Amz-Signature=1"), sign.Both},
}

func TestRefusals(t *testing.T) {
	for _, c := range refusals {
		r := &wire.Request{Method: "PUT", Target: "/k", Fields: wire.Fields{
			{Name: "Host", Value: "b.example.com"}, {Name: "Content-Type", Value: "a/b"}}}
		in := inputFor("/b/k", "", c.presign)
		if err := sign.Apply(c.scheme, r, in, nil); err != nil {
			t.Fatal(err)
		}
		ck := checkFor(in)
		if _, err := c.scheme.Verify(r, ck, nil); err != nil {
			t.Fatalf("%s: before the change: %v", c.name, err)
		}
		c.change(r, ck)
		_, err := c.scheme.Verify(r, ck, nil)
		var no *sign.Refusal
		if !errors.As(err, &no) || no.Reason != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

func TestAnonymous(t *testing.T) {
	for _, s := range schemes.All() {
		_, err := s.Verify(&wire.Request{Method: "GET", Target: "/k?acl"}, checkFor(inputFor("/b/k", "", false)), nil)
		var no *sign.Refusal
		if !errors.As(err, &no) || no.Reason != sign.Anonymous {
			t.Errorf("%s: got %v, want %s", s.Name(), err, sign.Anonymous)
		}
	}
}

// TestDocumentedOSSExamples replays the worked examples V01, V09 and D06 to D11
// of the OSS document with the documented keys.
func TestDocumentedOSSExamples(t *testing.T) {
	const secret = "OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV"
	in := &sign.Input{AccessKey: "44CF9590006BF252F707", SecretKey: secret, Resource: "/oss-example/nelson"}
	r := &wire.Request{Method: "PUT", Target: "/nelson", Fields: wire.Fields{
		{Name: "Content-MD5", Value: "ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM="}, {Name: "Content-Type", Value: "text/html"},
		{Name: "Date", Value: "Thu, 17 Nov 2005 18:49:58 GMT"}, {Name: "Host", Value: "oss-example.oss-cn-hangzhou.aliyuncs.com"},
		{Name: "X-OSS-Meta-Author", Value: "foo@bar.com"}, {Name: "X-OSS-Magic", Value: "abracadabra"}}}
	if got, _ := oss1.Append(nil, r, in, nil); string(got) != "OSS 44CF9590006BF252F707:26NBxoKdsyly4EDv6inkoDft/yA=" {
		t.Errorf("V01: got %s", got)
	}
	for _, c := range []struct{ name, target, resource, want string }{
		{"V09", "/oss-api.pdf", "/oss-example/oss-api.pdf", "EwaNTn1erJGkimiJ9WmXgwnANLc%3D"},
		{"D06", "/oss-api.pdf?security-token=SecurityToken", "/oss-example/oss-api.pdf", "rIFikm0TQ1s0VfKcZYe8nhlOHHg%3D"},
		{"D10", "/oss-api.pdf?response-content-type=text%2Fplain", "/oss-example/oss-api.pdf", "ijVcKRb37Pn4hl37MSEO9esu9qY%3D"},
	} {
		in := &sign.Input{AccessKey: "k", SecretKey: secret, Resource: c.resource, Presign: true, Time: time.Unix(1141889060, 0), Expires: time.Minute}
		if got, _ := oss1.Append(nil, &wire.Request{Method: "GET", Target: c.target}, in, nil); !strings.HasSuffix(string(got), "&Signature="+c.want) {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	push := &sign.Input{AccessKey: "k", SecretKey: secret, Resource: "/test-bucket/test-channel", Time: time.Unix(1540458859, 0), Exact: true}
	for target, want := range map[string]string{
		"/live/test-channel?playlistName=playlist.m3u8": "AiqlDWGMzWsQtyWHX3V3p536eUw%3D",
		"/live/test-channel":                            "jU2VOTvIUYmbB9VlfKNnLCQMjIg%3D",
		"/live/test-channel?b=2&a=1":                    "qRUtmqeWoDnpr6ceG3eVAxZ5WS8%3D",
	} {
		if got := oss1.AppendRTMP(nil, target, push, nil); !strings.HasSuffix(string(got), "&Signature="+want) {
			t.Errorf("%s: got %s, want %s", target, got, want)
		}
	}
}

// TestDocumentedCOSExamples replays two examples of the COS signature page.
func TestDocumentedCOSExamples(t *testing.T) {
	in := &sign.Input{AccessKey: "AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q", SecretKey: "BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz",
		Time: time.Unix(1557989151, 0), Expires: 7200 * time.Second,
		Signed: []string{"date", "host", "content-type", "content-length", "content-md5", "x-cos-acl", "x-cos-grant-read"}}
	r := &wire.Request{Method: "PUT", Target: "/exampleobject(%E8%85%BE%E8%AE%AF%E4%BA%91)", Fields: wire.Fields{
		{Name: "Date", Value: "Thu, 16 May 2019 06:45:51 GMT"}, {Name: "Host", Value: "examplebucket-1250000000.cos.ap-beijing.myqcloud.com"},
		{Name: "Content-Type", Value: "text/plain"}, {Name: "Content-Length", Value: "13"}, {Name: "Content-MD5", Value: "mQ/fVh815F3k6TAUm8m0eg=="},
		{Name: "x-cos-acl", Value: "private"}, {Name: "x-cos-grant-read", Value: `uin="100000000011"`}}}
	if got, _ := cos.Append(nil, r, in, nil); !strings.HasSuffix(string(got), "q-signature=3b8851a11a569213c17ba8fa7dcf2abec6935172") {
		t.Errorf("EXT-SIG-1: got %s", got)
	}
	in.Time, in.Expires, in.Signed = time.Unix(1557989753, 0), 7200*time.Second, []string{"date", "host"}
	r = &wire.Request{Method: "GET", Target: r.Target + "?response-content-type=application%2Foctet-stream&response-cache-control=max-age%3D600",
		Fields: wire.Fields{{Name: "Date", Value: "Thu, 16 May 2019 06:55:53 GMT"}, r.Fields[1]}}
	if got, _ := cos.Append(nil, r, in, nil); !strings.HasSuffix(string(got), "q-signature=01681b8c9d798a678e43b685a9f1bba0f6c0e012") {
		t.Errorf("EXT-SIG-2: got %s", got)
	}
}
