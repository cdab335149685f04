package schemes_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"objectharness/internal/sign"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/sign/sigv4"
	"objectharness/internal/wire"
)

// FuzzAuthorization gives any text to every scheme as a field and as a query:
// nothing but a Refusal may come back, overruled or not.
func FuzzAuthorization(f *testing.F) {
	for _, text := range []string{
		"", "OSS a:b", "OSS4-HMAC-SHA256 Credential=a/20240229/r/oss/aliyun_v4_request,Signature=1",
		"bce-auth-v1/a/2024-02-29T23:59:59Z/1800//0", "q-sign-algorithm=sha1&q-ak=a&q-sign-time=1;2&q-signature=0",
		"AWS4-HMAC-SHA256 Credential=a/20240229/r/s3/aws4_request, SignedHeaders=host, Signature=0", "Expires=99999999999999999999&Signature=a",
		"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=-1", "sign=q-ak", "authorization=%2F%2F%2F%2F%2F",
	} {
		f.Add(text, true)
		f.Add(text, false)
	}
	f.Fuzz(func(t *testing.T, text string, overrule bool) {
		for _, s := range schemes.All() {
			ck := checkFor(inputFor("/b/k", "", false))
			if overrule {
				ck.Holds = func(sign.Reason, bool) bool { return true }
			}
			for _, r := range []*wire.Request{
				{Method: "GET", Target: "/k", Fields: wire.Fields{{Name: "Host", Value: "h"}, {Name: "Authorization", Value: text}}},
				{Method: "GET", Target: "/k?" + text, Fields: wire.Fields{{Name: "Host", Value: "h"}}},
				{Method: "GET", Target: text},
			} {
				v, err := s.Verify(r, ck, nil)
				var no *sign.Refusal
				if err != nil && !errors.As(err, &no) {
					t.Fatalf("%s: %v is no refusal", s.Name(), err)
				}
				if (v == nil) == (err == nil) || !overrule && err == nil {
					t.Fatalf("%s: got %v and %v", s.Name(), v, err)
				}
			}
			if form, ok := s.(sign.FormScheme); ok {
				fields := wire.Fields{{Name: "policy", Value: text}, {Name: "q-key-time", Value: text}, {Name: "x-amz-credential", Value: text}}
				if _, err := form.VerifyForm(fields, ck, nil); err == nil && !overrule {
					t.Fatalf("%s: a form passes", s.Name())
				}
			}
		}
	})
}

// FuzzQuery signs requests with any query and verifies them.
func FuzzQuery(f *testing.F) {
	for _, q := range []string{"", "a", "a=&a=b&a", "%zz=%", "a+b=c%20d", "acl&versionId=%2B", "=", "&&=&=x", strings.Repeat("k=v&", 300)} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		if strings.ContainsAny(query, "?#\r\n") {
			return
		}
		for _, s := range schemes.All() {
			in := inputFor("/b/k", "", false)
			r := &wire.Request{Method: "GET", Target: "/k?" + query, Fields: wire.Fields{{Name: "Host", Value: "h"}}}
			if err := sign.Apply(s, r, in, nil); err != nil {
				t.Fatal(err)
			}
			_, err := s.Verify(r, checkFor(in), nil)
			var no *sign.Refusal
			if err != nil && (!errors.As(err, &no) || no.Reason != sign.Both) {
				t.Fatalf("%s: %q: %v", s.Name(), query, err)
			}
		}
	})
}

// FuzzChunks decodes any bytes as each kind of aws-chunked body.
func FuzzChunks(f *testing.F) {
	for _, word := range []string{sigv4.Signed, sigv4.SignedTrailer, sigv4.UnsignedTrailer} {
		r, _ := chunkedRequest(f, []byte("hello"), word)
		body, _ := io.ReadAll(r.Body)
		f.Add(body)
	}
	f.Add([]byte("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\n\r\n\r\n"))
	f.Add([]byte("ffffffffffffffff\r\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, word := range []string{sigv4.Signed, sigv4.SignedTrailer, sigv4.UnsignedTrailer} {
			r, in := chunkedRequest(t, []byte("hello"), word)
			r.Body = bytes.NewReader(body)
			v, err := sigv4.Scheme{}.Verify(r, checkFor(in), nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(v.Body)
			var no *sign.Refusal
			if err == nil && len(got) != 5 || err != nil && !errors.As(err, &no) {
				t.Fatalf("%s: %q and %v", word, got, err)
			}
			if err == nil && word != sigv4.UnsignedTrailer && string(got) != "hello" {
				t.Fatalf("%s: other data passes: %q", word, got)
			}
		}
	})
}
