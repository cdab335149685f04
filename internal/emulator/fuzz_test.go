package emulator_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
	"objectharness/internal/wire"
)

func instant() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func newEmulator(t testing.TB, d *dialect.Dialect) *emulator.Emulator {
	t.Helper()
	e, err := emulator.New(d, emulator.Options{Now: instant, Seed: 1,
		Accounts: []emulator.Account{{ID: "1", AccessKey: "fuzzaccesskey", SecretKey: "fuzz-secret-key"}}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// FuzzHandle sends whatever comes to every dialect: the emulator never panics,
// never answers 500, and every refusal with a body can be read as one of the
// dialect's.
func FuzzHandle(f *testing.F) {
	f.Add("GET", "/bucket/key?acl", "127.0.0.1", "Range", "bytes=0-1", "body")
	f.Add("PUT", "/b/%E4%BD%A0", "b.oss-cn-hangzhou.aliyuncs.com", "Authorization", "OSS a:b", "x")
	f.Add("POST", "/b/k?append&position=-1", "b-1.cos.ap-guangzhou.myqcloud.com", "Authorization", "q-sign-algorithm=sha1&q-ak=a", "")
	f.Add("GET", "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=1", "s3.amazonaws.com", "X-Amz-Date", "20260301T120000Z", "")
	f.Add("HEAD", "/b/%zz", "[::1]:80", "If-Match", `"`, "")
	f.Add("PATCH", "*", "", "Host", "x", "y")
	var emulators []*emulator.Emulator
	dialects := all.All()
	for _, d := range dialects {
		emulators = append(emulators, newEmulator(f, d))
	}
	f.Fuzz(func(t *testing.T, method, target, host, name, value, body string) {
		for i, e := range emulators {
			in := &wire.Inbound{Proto: "HTTP/1.1", Request: &wire.Request{Method: method, Target: target,
				Fields: wire.Fields{{Name: "Host", Value: host}, {Name: name, Value: value}},
				Body:   strings.NewReader(body), Length: int64(len(body))}}
			answered(t, dialects[i], method, e.Handle(context.Background(), in))
		}
	})
}

// answered holds a reply to the dialect's form.
func answered(t *testing.T, d *dialect.Dialect, method string, r *wire.Response) {
	t.Helper()
	if r == nil || r.Status < 200 || r.Status >= 500 && r.Status != 501 {
		t.Fatalf("%s: answered %+v", d.Name, r)
	}
	if r.Fields.Get(d.RequestID) == "" {
		t.Errorf("%s: no %s in %v", d.Name, d.RequestID, r.Fields)
	}
	if r.Body == nil || r.Status < 400 || method == "HEAD" {
		return
	}
	text, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.DecodeError(bytes.TrimSpace(text)); err != nil {
		t.Errorf("%s: %d with a body that is no error of the dialect: %v\n%s", d.Name, r.Status, err, text)
	}
}
