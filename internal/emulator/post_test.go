package emulator

import (
	"context"
	"strings"
	"testing"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator/store"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

var formKeys = Account{ID: "1", AccessKey: "fuzzaccesskey", SecretKey: "fuzz-secret-key"}

// formed is an emulator with a bucket b, and what to send a form to it.
func formed(t testing.TB, d *dialect.Dialect) (*Emulator, func(contentType, body string) *wire.Response) {
	t.Helper()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	e, err := New(d, Options{Now: func() time.Time { return at }, Seed: 1, Accounts: []Account{formKeys}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.store.Create(&store.Bucket{Name: "b", Created: at, Owner: "1", Region: d.Region}); err != nil {
		t.Fatal(err)
	}
	return e, func(contentType, body string) *wire.Response {
		return e.Handle(context.Background(), &wire.Inbound{Proto: "HTTP/1.1", Request: &wire.Request{Method: "POST", Target: "/b",
			Fields: wire.Fields{{Name: "Host", Value: "127.0.0.1"}, {Name: "Content-Type", Value: contentType}},
			Body:   strings.NewReader(body), Length: int64(len(body))}})
	}
}

// signedForm is the body of a form with a signed policy.
func signedForm(t testing.TB, d *dialect.Dialect, policy, key, file string) string {
	t.Helper()
	fields, err := d.Schemes[0].(sign.FormScheme).Form(policy, &sign.Input{AccessKey: formKeys.AccessKey, SecretKey: formKeys.SecretKey,
		Time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Expires: time.Hour, Region: d.Region}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range append(wire.Fields{{Name: "key", Value: key}}, fields...) {
		b.WriteString("--x\r\nContent-Disposition: form-data; name=\"" + f.Name + "\"\r\n\r\n" + f.Value + "\r\n")
	}
	return b.String() + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n" + file + "\r\n--x--\r\n"
}

// FuzzForm sends signed forms with any policy, and bodies that are anything: the
// emulator answers every one, and what it refuses changes nothing.
func FuzzForm(f *testing.F) {
	const policy = `{"expiration":"2026-03-01T13:00:00Z","conditions":[{"bucket":"b"},["starts-with","$key",""]]}`
	f.Add("multipart/form-data; boundary=x", policy, "key", "content", 0)
	f.Add("multipart/form-data; boundary=x", `{"conditions":[["eq","$key"]]}`, "${filename}", "--x", 10)
	f.Add("multipart/form-data", "{", "", "", 400)
	f.Add("text/plain", policy, "a\x00b", "\r\n--x--", 1)
	dialects := all.All()
	f.Fuzz(func(t *testing.T, contentType, policy, key, file string, cut int) {
		for _, d := range dialects {
			e, post := formed(t, d)
			body := signedForm(t, d, policy, key, file)
			if cut > 0 {
				body = body[:max(0, len(body)-cut)]
			}
			r := post(contentType, body)
			if r == nil || r.Status < 200 || r.Status >= 500 {
				t.Fatalf("%s: answered %+v", d.Name, r)
			}
			if n := e.store.Bucket("b").Len(); r.Status >= 400 && n > 0 {
				t.Errorf("%s: answered %d, and stored %d objects", d.Name, r.Status, n)
			}
		}
	})
}

// TestFormIsBounded refuses forms that hold more beside their file than is read.
func TestFormIsBounded(t *testing.T) {
	for _, d := range all.All() {
		_, post := formed(t, d)
		field := "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n"
		for name, body := range map[string]string{
			"fields":      strings.Repeat(field, formFields+1),
			"one field":   strings.Replace(field, "\r\n\r\n\r\n", "\r\n\r\n"+strings.Repeat("a", formBound), 1),
			"part's head": strings.Replace(field, "\r\n\r\n\r\n", "\r\nA: "+strings.Repeat("a", formBound), 1),
		} {
			if r := post("multipart/form-data; boundary=x", body); r.Status != 400 {
				t.Errorf("%s: %s: answered %d, want 400", d.Name, name, r.Status)
			}
		}
	}
}
