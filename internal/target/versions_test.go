package target_test

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"slices"
	"testing"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/target"
	"objectharness/internal/wire"
)

// versionedBucket opens a foreign target whose bucket keeps versions; bare is the
// same account without the run's ledger.
func versionedBucket(t *testing.T, dialect, state string) (o *target.Opened, bare client.Client, c target.Config) {
	owner, _ := target.Accounts(dialect, 1)
	c = target.Config{Dialect: dialect, Endpoint: "http://" + listen(t, dialect, 1), Seed: 1, State: state,
		Owner: client.Keys{AccessKey: owner.AccessKey, SecretKey: owner.SecretKey}}
	o, err := target.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	bare = *o.Owner
	on := client.Call{Method: "PUT", Bucket: o.Bucket, Query: []wire.Param{{Name: "versioning", Bare: true}},
		Body: []byte("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")}
	if r, err := bare.Do(t.Context(), on); err != nil || r.Status != 200 {
		t.Fatalf("versioning on: %v, %v", r, err)
	}
	return o, bare, c
}

// put stores an object and returns the ID of its version.
func put(t *testing.T, o *target.Opened, key string) string {
	t.Helper()
	o.Made("object", o.Bucket, key, "")
	r, err := o.Owner.Do(t.Context(), client.Call{Method: "PUT", Bucket: o.Bucket, Key: key, Body: []byte("1")})
	if err != nil || r.Status != 200 {
		t.Fatalf("put: %v, %v", r, err)
	}
	id := r.Fields.Get(o.Owner.Dialect.Prefix + "version-id")
	if id == "" {
		t.Fatal("the reply names no version")
	}
	return id
}

// gone wants the bucket to be away.
func gone(t *testing.T, bare client.Client, bucket string) {
	t.Helper()
	if r, err := bare.Do(t.Context(), client.Call{Method: "HEAD", Bucket: bucket}); err != nil || r.Status != 404 {
		t.Errorf("the bucket is still there: %v, %v", r, err)
	}
}

// Versions that the ledger knows go without any listing, and so do the delete
// markers that a removal makes.
func TestVersionsGoByTheLedger(t *testing.T) {
	for _, dialect := range []string{"oss", "s3"} {
		t.Run(dialect, func(t *testing.T) {
			o, bare, _ := versionedBucket(t, dialect, t.TempDir())
			for range 2 {
				o.Made("version", o.Bucket, "k", put(t, o, "k"))
			}
			o.Made("object", o.Bucket, "never", "")
			var methods []string
			o.Owner.Admit = func(_ context.Context, s client.Sending) error { methods = append(methods, s.Method); return nil }
			if err := o.Close(t.Context()); err != nil {
				t.Error(err)
			}
			if slices.ContainsFunc(methods, func(m string) bool { return m != "DELETE" }) {
				t.Errorf("requests %v, want nothing but DELETE", methods)
			}
			gone(t, bare, o.Bucket)
		})
	}
}

// A version whose reply the run did not live to see is found by its key.
func TestSweepFindsLostVersions(t *testing.T) {
	for _, dialect := range []string{"oss", "s3"} {
		t.Run(dialect, func(t *testing.T) {
			state := t.TempDir()
			o, bare, c := versionedBucket(t, dialect, state)
			put(t, o, "k")
			put(t, o, "k")
			if n, err := target.Sweep(t.Context(), c, func(target.Leftover) {}); n != 1 || err != nil {
				t.Errorf("%d ledgers done, %v", n, err)
			}
			gone(t, bare, o.Bucket)
		})
	}
}

// What a run had put into a bucket of its own goes with the bucket, also where the
// ledger does not know the key.
func TestSweepEmptiesItsOwnBuckets(t *testing.T) {
	for _, dialect := range []string{"oss", "s3"} {
		t.Run(dialect, func(t *testing.T) {
			o, bare, c := versionedBucket(t, dialect, t.TempDir())
			if r, err := bare.Do(t.Context(), client.Call{Method: "PUT", Bucket: o.Bucket, Key: "k", Body: []byte("1")}); err != nil || r.Status != 200 {
				t.Fatalf("put: %v, %v", r, err)
			}
			if n, err := target.Sweep(t.Context(), c, func(target.Leftover) {}); n != 1 || err != nil {
				t.Errorf("%d ledgers done, %v", n, err)
			}
			gone(t, bare, o.Bucket)
		})
	}
}

// A version that is retained and held goes with the sweep all the same.
func TestSweepUnlocks(t *testing.T) {
	owner, _ := target.Accounts("s3", 1)
	c := target.Config{Dialect: "s3", Endpoint: "http://" + listen(t, "s3", 1), Seed: 1, State: t.TempDir(),
		Owner: client.Keys{AccessKey: owner.AccessKey, SecretKey: owner.SecretKey}}
	o, err := target.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	bucket := o.Bucket + "-locked"
	o.Made("bucket", bucket, "", "")
	o.Made("object", bucket, "k", "")
	digest := func(text string) wire.Field {
		sum := md5.Sum([]byte(text))
		return wire.Field{Name: "Content-MD5", Value: base64.StdEncoding.EncodeToString(sum[:])}
	}
	for _, call := range []client.Call{
		{Method: "PUT", Bucket: bucket, Fields: []wire.Field{{Name: "x-amz-bucket-object-lock-enabled", Value: "true"}}},
		{Method: "PUT", Bucket: bucket, Key: "k", Body: []byte("1"), Fields: []wire.Field{digest("1"), {Name: "x-amz-object-lock-legal-hold", Value: "ON"},
			{Name: "x-amz-object-lock-mode", Value: "GOVERNANCE"}, {Name: "x-amz-object-lock-retain-until-date", Value: time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}}},
	} {
		r, err := o.Owner.Do(t.Context(), call)
		if err != nil || r.Status != 200 {
			t.Fatalf("%s %s: %v, %v", call.Method, call.Key, r, err)
		}
		if id := r.Fields.Get("x-amz-version-id"); id != "" {
			o.Made("version", bucket, "k", id)
		}
	}
	if n, err := target.Sweep(t.Context(), c, func(target.Leftover) {}); n != 1 || err != nil {
		t.Errorf("%d ledgers done, %v", n, err)
	}
	gone(t, *o.Owner, bucket)
}
