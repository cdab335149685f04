package emulator

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator/store"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// documents are the requests whose bodies an operation reads as a document, as
// the part of the target behind the bucket.
var documents = []string{"?delete", "?acl", "/key?acl", "?cors", "?tagging", "/key?tagging", "?style&styleName=s", "/channel?live", "/key?restore", "?lifecycle", "?website", "?policy", "?logging", "/key?uploadId=", ""}

// A documentBench is an emulator of a dialect with a bucket, an object and an
// upload in it.
type documentBench struct {
	*Emulator
	d      *dialect.Dialect
	bucket string
	upload string
}

func newDocumentBench(t testing.TB, d *dialect.Dialect) *documentBench {
	t.Helper()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	e, err := New(d, Options{Now: func() time.Time { return at }, Seed: 1, Accounts: []Account{{ID: "1", AccessKey: "fuzzaccesskey", SecretKey: "fuzz-secret-key"}}})
	if err != nil {
		t.Fatal(err)
	}
	b := &documentBench{Emulator: e, d: d, bucket: "documents-1250000000"}
	if r := b.ask(t, "PUT", "", ""); r.Status != 200 {
		t.Fatalf("%s: make the bucket: %d", d.Name, r.Status)
	}
	if r := b.ask(t, "PUT", "/key", "content"); r.Status != 200 {
		t.Fatalf("%s: put the object: %d", d.Name, r.Status)
	}
	text, err := io.ReadAll(b.ask(t, "POST", "/upload?uploads", "").Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range [][2]string{{"<UploadId>", "<"}, {`"uploadId":"`, `"`}} {
		if _, rest, ok := strings.Cut(string(text), mark[0]); ok {
			b.upload, _, _ = strings.Cut(rest, mark[1])
		}
	}
	if b.upload == "" {
		t.Fatalf("%s: no upload ID in %s", d.Name, text)
	}
	return b
}

// ask signs and handles a request; what follows the bucket in its path is rest.
func (b *documentBench) ask(t testing.TB, method, rest, body string) *wire.Response {
	t.Helper()
	path, query, _ := strings.Cut(rest, "?")
	target := "/" + b.bucket + path
	if path == "" {
		target += "/"
	}
	if query != "" {
		target += "?" + query
	}
	r := &wire.Request{Method: method, Target: target, Fields: wire.Fields{{Name: "Host", Value: "127.0.0.1:9000"}},
		Body: strings.NewReader(body), Length: int64(len(body))}
	if sum := store.NewBlob([]byte(body)).Sums.MD5; query != "" && body != "" {
		r.Fields.Add("Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
	}
	at := b.d.Locate("127.0.0.1:9000", target, "")
	in := &sign.Input{AccessKey: "fuzzaccesskey", SecretKey: "fuzz-secret-key", Time: b.Now(), Region: b.d.Region, Resource: at.Resource()}
	if name := b.d.DateField; name != "" {
		sign.SetAbsent(r, name, b.Now().UTC().Format("2006-01-02T15:04:05Z"))
	}
	if err := sign.Apply(b.d.Schemes[0], r, in, nil); err != nil {
		t.Fatal(err)
	}
	if s, ok := r.Body.(io.Seeker); ok {
		if _, err := s.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
	}
	return b.Handle(context.Background(), &wire.Inbound{Proto: "HTTP/1.1", Request: r})
}

// state is all that a client could see of the bucket, as a text.
func (b *documentBench) state() string {
	var s strings.Builder
	bucket := b.store.Bucket(b.bucket)
	if bucket == nil {
		return "no bucket"
	}
	for _, name := range []string{"acl", "cors", "tagging", "bucket-tagging", "lifecycle", "website", "policy", "logging", lockSetting} {
		fmt.Fprintf(&s, "%s %q\n", name, bucket.Setting(name))
	}
	bucket.Scan("", func(o *store.Object) bool {
		fmt.Fprintf(&s, "%q %s %d %q %v\n", o.Key, o.ETag, o.Size, o.ACL, o.Extra)
		return true
	})
	return s.String()
}

// FuzzDocuments sends whatever comes as the document of every operation that
// reads one, signed: the emulator never panics and never answers 500, and what it
// refuses has changed nothing.
func FuzzDocuments(f *testing.F) {
	for _, body := range []string{
		"", "<", "{", "<Delete><Object><Key>key</Key></Object></Delete>", `{"objects":[{"key":"key"}]}`, "<Delete><Quiet>x</Quiet><Object/></Delete>",
		"<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
		`{"corsConfiguration":[{"allowedOrigins":["*"],"allowedMethods":["GET"]}]}`,
		"<AccessControlPolicy><Owner><ID>1</ID></Owner><AccessControlList/></AccessControlPolicy>",
		`{"accessControlList":[{"grantee":[{"id":"*"}],"permission":["READ"]}]}`,
		"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>",
		`{"parts":[{"partNumber":1,"eTag":"x"}]}`, "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>",
		"<CreateBucketConfiguration><LocationConstraint>x</LocationConstraint></CreateBucketConfiguration>",
	} {
		f.Add(body)
	}
	var benches []*documentBench
	for _, d := range all.All() {
		benches = append(benches, newDocumentBench(f, d))
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, b := range benches {
			for _, rest := range documents {
				method := "PUT"
				switch {
				case strings.HasSuffix(rest, "uploadId="):
					method, rest = "POST", "/upload?uploadId="+b.upload
				case strings.HasPrefix(rest, "?delete"):
					method = "POST"
				}
				before := b.state()
				r := b.ask(t, method, rest, body)
				if r.Status >= 500 && r.Status != 501 {
					t.Fatalf("%s: %s %s answers %d to %q", b.d.Name, method, rest, r.Status, body)
				}
				if after := b.state(); r.Status >= 400 && after != before {
					t.Fatalf("%s: %s %s is refused with %d and changes\n%s into\n%s", b.d.Name, method, rest, r.Status, before, after)
				}
			}
		}
	})
}
