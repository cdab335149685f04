package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"time"
)

const (
	plainKey   = "presign/plain.txt"
	awkwardKey = "presign/中文 1+1 %41.txt"
)

func presignedGet(key string) func(context.Context, *trial) error {
	return func(ctx context.Context, s *trial) error {
		if err := s.Put(ctx, key, plain); err != nil {
			return err
		}
		status, body, err := s.follow(ctx, s.Client, http.MethodGet, key, nil)
		if err != nil {
			return err
		}
		if status != 200 || !bytes.Equal(body, plain.Body) {
			return fmt.Errorf("want 200 and the object, got %d %q", status, body)
		}
		return nil
	}
}

func presignedPut(key string) func(context.Context, *trial) error {
	return func(ctx context.Context, s *trial) error {
		sent := content(777)
		status, body, err := s.follow(ctx, s.Client, http.MethodPut, key, sent)
		if err != nil {
			return err
		}
		if status != 200 {
			return fmt.Errorf("want 200, got %d %s", status, body)
		}
		got, err := s.Get(ctx, key, Query{})
		if err != nil {
			return err
		}
		return s.holds(got, Object{Body: sent})
	}
}

// follow uses a presigned URL as anybody would.
func (s *trial) follow(ctx context.Context, signer Client, method, key string, body []byte) (int, []byte, error) {
	url, header, err := signer.Presign(ctx, method, key, 10*time.Minute)
	if err != nil {
		return 0, nil, err
	}
	return s.ask(ctx, method, url, header, body)
}

// ask sends one request without any SDK.
func (s *trial) ask(ctx context.Context, method, url string, header http.Header, body []byte) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	for name, values := range header {
		if name != "Host" && name != "Content-Length" {
			request.Header[name] = values
		}
	}
	reply, err := s.wire.Client().Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer reply.Body.Close()
	got, err := io.ReadAll(reply.Body)
	return reply.StatusCode, got, err
}

var codeInBody = regexp.MustCompile(`(?:<Code>|"code"\s*:\s*")([A-Za-z.]+)`)

// told wants a refusal with a status and a code in its body.
func told(status int, body []byte, want string) error {
	code := ""
	if found := codeInBody.FindSubmatch(body); found != nil {
		code = string(found[1])
	}
	return same("answer", fmt.Sprint(status, " ", code), want)
}

func presignedWrong(ctx context.Context, s *trial) error {
	status, body, err := s.follow(ctx, s.forged, http.MethodGet, plainKey, nil)
	if err != nil {
		return err
	}
	return told(status, body, "403 SignatureDoesNotMatch")
}

func postObject(key string) func(context.Context, *trial) error {
	return func(ctx context.Context, s *trial) error {
		sent := content(4321)
		if err := s.Post(ctx, key, sent); err != nil {
			return err
		}
		got, err := s.Get(ctx, key, Query{})
		if err != nil {
			return err
		}
		return s.holds(got, Object{Body: sent})
	}
}

// crossOrigin sets a rule, reads it back, and asks as a browser does before a request
// of another origin.
func crossOrigin(ctx context.Context, s *trial) error {
	rule := CORSRule{[]string{"http://a.example"}, []string{"GET", "PUT"}, []string{"*"}, []string{"ETag"}, 100}
	if err := s.SetCORS(ctx, rule); err != nil {
		return err
	}
	got, err := s.CORS(ctx)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(got, []CORSRule{rule}) {
		return fmt.Errorf("got %v, want %v", got, rule)
	}
	url, err := s.unsigned(ctx, plainKey)
	if err != nil {
		return err
	}
	for origin, want := range map[string]int{"http://a.example": 200, "http://b.example": 403} {
		header := http.Header{"Origin": {origin}, "Access-Control-Request-Method": {"PUT"}}
		if status, _, err := s.ask(ctx, http.MethodOptions, url, header, nil); err != nil || status != want {
			return errors.Join(err, fmt.Errorf("preflight of %s: got %d, want %d", origin, status, want))
		}
	}
	return nil
}

// unsigned is the URL of an object as the SDK writes it, without a signature; in
// path style, where it writes none.
func (s *trial) unsigned(ctx context.Context, key string) (string, error) {
	url, _, err := s.Presign(ctx, http.MethodGet, key, time.Minute)
	if errors.Is(err, errors.ErrUnsupported) {
		return s.path + "/" + escapePath(key), nil
	}
	url, _, _ = strings.Cut(url, "?")
	return url, err
}

// aclUnset looks at the ACL of an object that was given none.
func aclUnset(ctx context.Context, s *trial) error {
	const key = "acl/plain.txt"
	if err := s.Put(ctx, key, plain); err != nil {
		return err
	}
	if s.dialect.Unset == "" {
		_, err := s.ObjectACL(ctx, key)
		return refused(s, err, 404, "ObjectAclNotExists")
	}
	return s.hasACL(ctx, key, s.dialect.Unset)
}

func (s *trial) hasACL(ctx context.Context, key, want string) error {
	got, err := s.ObjectACL(ctx, key)
	if err != nil {
		return fmt.Errorf("read %s: %w", want, err)
	}
	return same("ACL of the object", got, want)
}

// aclBucket ends with a private bucket.
func aclBucket(ctx context.Context, s *trial) error {
	if err := s.AllowACLs(ctx); err != nil {
		return err
	}
	for _, acl := range []string{"public-read", "public-read-write", "private"} {
		if err := s.SetACL(ctx, acl); err != nil {
			return fmt.Errorf("set %s: %w", acl, err)
		}
		got, err := s.ACL(ctx)
		if err != nil {
			return fmt.Errorf("read %s: %w", acl, err)
		}
		if err := same("ACL of the bucket", got, acl); err != nil {
			return err
		}
	}
	return nil
}

func aclObject(ctx context.Context, s *trial) error {
	const key = "acl/object 中+.txt"
	if err := s.Put(ctx, key, plain); err != nil {
		return err
	}
	for _, acl := range []string{"public-read", "private"} {
		if err := s.SetObjectACL(ctx, key, acl); err != nil {
			return fmt.Errorf("set %s: %w", acl, err)
		}
		if err := s.hasACL(ctx, key, acl); err != nil {
			return err
		}
	}
	return nil
}

const sharedKey = "acl/shared.txt"

// share puts an object that everybody may read.
func (s *trial) share(ctx context.Context) error {
	if err := s.AllowACLs(ctx); err != nil {
		return err
	}
	o := plain
	o.ACL = "public-read"
	return s.Put(ctx, sharedKey, o)
}

func aclWithPut(ctx context.Context, s *trial) error {
	if err := s.share(ctx); err != nil {
		return err
	}
	return s.hasACL(ctx, sharedKey, "public-read")
}

// aclOther lets a second account try what it may not, and the one thing that it may.
func aclOther(ctx context.Context, s *trial) error {
	if s.other == nil {
		return fmt.Errorf("there is no second account: %w", errors.ErrUnsupported)
	}
	if err := s.Put(ctx, sharedKey, plain); err != nil {
		return err
	}
	_, err := s.other.Get(ctx, sharedKey, Query{})
	if err := refused(s.other, err, 403, "AccessDenied"); err != nil {
		return fmt.Errorf("get a private object: %w", err)
	}
	if err := refused(s.other, s.other.Put(ctx, sharedKey, Object{Body: content(1)}), 403, "AccessDenied"); err != nil {
		return fmt.Errorf("overwrite: %w", err)
	}
	_, err = s.other.List(ctx, "", "", 10)
	if err := refused(s.other, err, 403, "AccessDenied"); err != nil {
		return fmt.Errorf("list: %w", err)
	}
	if err := s.share(ctx); err != nil {
		return err
	}
	got, err := s.other.Get(ctx, sharedKey, Query{})
	if err != nil {
		return fmt.Errorf("get a public object: %w", err)
	}
	if err := s.holds(got, plain); err != nil {
		return err
	}
	return refused(s.other, s.other.SetObjectACL(ctx, sharedKey, "private"), 403, "AccessDenied")
}

// aclAnonymous asks without a signature, before and after the object is private.
func aclAnonymous(ctx context.Context, s *trial) error {
	url, err := s.unsigned(ctx, sharedKey)
	if err != nil {
		return err
	}
	if err := s.share(ctx); err != nil {
		return err
	}
	status, body, err := s.ask(ctx, http.MethodGet, url, nil, nil)
	if err != nil || status != 200 || !bytes.Equal(body, plain.Body) {
		return errors.Join(err, fmt.Errorf("public: want 200 and the object, got %d %q", status, body))
	}
	if err := s.SetObjectACL(ctx, sharedKey, "private"); err != nil {
		return err
	}
	if status, body, err = s.ask(ctx, http.MethodGet, url, nil, nil); err != nil {
		return err
	}
	return told(status, body, "403 AccessDenied")
}
