package emulator

import (
	"strings"
	"testing"
	"time"

	"objectharness/internal/dialect/s3"
)

const (
	lockOn     = "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>"
	keepsOlder = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
	retained   = "<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2026-03-02T00:00:00Z</RetainUntilDate></Retention>"
)

// lockBench is an emulator of S3 with a bucket whose versions can be locked, which
// keeps its store in data, "" for nowhere.
func lockBench(t testing.TB, data string) *documentBench {
	t.Helper()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	d := s3.New()
	e, err := New(d, Options{Now: func() time.Time { return at }, Seed: 1, Data: data,
		Accounts: []Account{{ID: "1", AccessKey: "fuzzaccesskey", SecretKey: "fuzz-secret-key"}}})
	if err != nil {
		t.Fatal(err)
	}
	return &documentBench{Emulator: e, d: d, bucket: "locks"}
}

// lockedKey makes a bucket with locks and a version of key in it, and returns its
// ID.
func (b *documentBench) lockedKey(t testing.TB) string {
	t.Helper()
	id := ""
	for _, x := range [][2]string{{"", ""}, {"?versioning", keepsOlder}, {"?object-lock", lockOn}, {"/key", "content"}} {
		r := b.ask(t, "PUT", x[0], x[1])
		if r.Status != 200 {
			t.Fatalf("PUT %s: %d", x[0], r.Status)
		}
		id = r.Fields.Get("x-amz-version-id")
	}
	return id
}

// What is locked stays locked when the emulator comes back.
func TestLocksSurvive(t *testing.T) {
	data := t.TempDir()
	b := lockBench(t, data)
	id := b.lockedKey(t)
	for _, x := range [][2]string{{"/key?retention", retained}, {"/key?legal-hold", "<LegalHold><Status>ON</Status></LegalHold>"}} {
		if r := b.ask(t, "PUT", x[0], x[1]); r.Status != 200 {
			t.Fatalf("PUT %s: %d", x[0], r.Status)
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = lockBench(t, data)
	defer b.Close()
	if r := b.ask(t, "DELETE", "/key?versionId="+id, ""); r.Status != 403 {
		t.Errorf("DELETE of a locked version after a restart: %d, want 403", r.Status)
	}
	r := b.ask(t, "HEAD", "/key", "")
	if mode, hold := r.Fields.Get("x-amz-object-lock-mode"), r.Fields.Get("x-amz-object-lock-legal-hold"); mode != "COMPLIANCE" || hold != "ON" {
		t.Errorf("after a restart the version tells mode %q and hold %q, want COMPLIANCE and ON", mode, hold)
	}
	if r := b.ask(t, "GET", "?object-lock", ""); r.Status != 200 {
		t.Errorf("GET ?object-lock after a restart: %d, want 200", r.Status)
	}
}

// FuzzLocks sends whatever comes as what a bucket says of its locks, as a
// retention and as a legal hold: it is never answered 500, and what is refused has
// changed nothing.
func FuzzLocks(f *testing.F) {
	for _, body := range []string{"", "<", lockOn, retained, "<Retention/>", "<LegalHold><Status>OFF</Status></LegalHold>",
		strings.Replace(lockOn, "</ObjectLockC", "<Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>99999999999999999999</Days></DefaultRetention></Rule></ObjectLockC", 1),
		"<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>99999-01-01T00:00:00Z</RetainUntilDate></Retention>"} {
		f.Add(body)
	}
	b := lockBench(f, "")
	b.lockedKey(f)
	f.Fuzz(func(t *testing.T, body string) {
		for _, rest := range []string{"?object-lock", "/key?retention", "/key?legal-hold"} {
			before := b.state()
			r := b.ask(t, "PUT", rest, body)
			if r.Status >= 500 {
				t.Errorf("%s: status %d for %q", rest, r.Status, body)
			}
			if after := b.state(); r.Status != 200 && after != before {
				t.Errorf("%s: %d for %q has changed\n%s\ninto\n%s", rest, r.Status, body, before, after)
			}
		}
	})
}
