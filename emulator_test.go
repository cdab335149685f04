package objectharness_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"objectharness"
	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/wire"
)

// caller is a client of e as a vendor's would be set up.
func caller(e *objectharness.Emulator, name string) *client.Client {
	d, err := all.ByName(name)
	if err != nil {
		panic(err)
	}
	return &client.Client{Dialect: d, Scheme: d.Schemes[0], Region: e.Region, Now: time.Now,
		Keys:     client.Keys{AccessKey: e.AccessKey, SecretKey: e.SecretKey},
		Endpoint: client.Endpoint{Host: e.Host, Style: dialect.HostStyle}, Transport: &wire.Transport{Connect: strings.TrimPrefix(e.URL, "http://")}}
}

func ExampleStart() {
	e, err := objectharness.Start("oss")
	if err != nil {
		panic(err)
	}
	defer e.Close()
	c := caller(e, "oss")
	for _, call := range []client.Call{
		{Method: "PUT", Bucket: "photos"},
		{Method: "PUT", Bucket: "photos", Key: "cat", Body: []byte("meow")},
		{Method: "GET", Bucket: "photos", Key: "cat"},
		{Method: "GET", Bucket: "photos", Key: "dog"},
	} {
		r, err := c.Do(context.Background(), call)
		if err != nil {
			panic(err)
		}
		fmt.Println(strings.TrimSpace(fmt.Sprint(r.Status, " ", r.Err.Code)))
	}
	// Output:
	// 200
	// 200
	// 200
	// 404 NoSuchKey
}

func TestStart(t *testing.T) {
	for _, name := range []string{"oss", "cos", "bos", "s3"} {
		e, err := objectharness.Start(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := caller(e, name).Do(context.Background(), client.Call{Method: "PUT", Bucket: "double-1250000000"})
		if err != nil || r.Status != 200 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		if _, err := caller(e, name).Do(context.Background(), client.Call{Method: "GET"}); err == nil {
			t.Errorf("%s answers after Close", name)
		}
	}
	if _, err := objectharness.Start("gcs"); err == nil || !strings.Contains(err.Error(), "gcs") {
		t.Errorf("an unknown dialect: %v", err)
	}
}
