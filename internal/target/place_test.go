package target_test

import (
	"context"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"objectharness/internal/client"
	"objectharness/internal/target"
	"objectharness/internal/wire"
)

// openedPictures opens a bucket of the user's, pictures, on a target of the test's own.
func openedPictures(t *testing.T, handler func(context.Context, *wire.Inbound) *wire.Response) *target.Opened {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &wire.Server{Handler: handler}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	o, err := target.Open(t.Context(), target.Config{Dialect: "s3", Endpoint: "http://" + l.Addr().String(), Seed: 1, State: t.TempDir(),
		Bucket: "pictures", Owner: client.Keys{AccessKey: "key", SecretKey: "secret"}})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// A target that does not heed the prefix of a listing lists what is the user's:
// the clean-up of a load says so and removes none of it.
func TestNothingOfOthersIsRemoved(t *testing.T) {
	var removed atomic.Int64
	o := openedPictures(t, func(_ context.Context, in *wire.Inbound) *wire.Response {
		const list = "<ListBucketResult><Contents><Key>photo.jpg</Key></Contents></ListBucketResult>"
		switch {
		case in.Method == "DELETE":
			removed.Add(1)
			return &wire.Response{Status: 204}
		case strings.Contains(in.Target, "prefix="):
			return &wire.Response{Status: 200, Body: strings.NewReader(list), Length: int64(len(list))}
		}
		return &wire.Response{Status: 404}
	})
	if _, _, err := o.Place(t.Context(), "load"); err != nil {
		t.Fatal(err)
	}
	if err := o.Close(t.Context()); err == nil || !strings.Contains(err.Error(), `pictures/"photo.jpg", which is not the run's`) {
		t.Errorf("error %v, want that the list is not the run's", err)
	}
	if n := removed.Load(); n > 0 {
		t.Errorf("%d objects of others were removed", n)
	}
}

// A version that may not be removed: nothing is written to the object in the name
// of a hold that the target does not tell of.
func TestNoHoldIsTakenOffWhereThereIsNone(t *testing.T) {
	var written, bypassed atomic.Int64
	o := openedPictures(t, func(_ context.Context, in *wire.Inbound) *wire.Response {
		switch {
		case in.Method == "DELETE":
			if in.Fields.Get("x-amz-bypass-governance-retention") == "true" {
				bypassed.Add(1)
			}
			return &wire.Response{Status: 403}
		case in.Method == "PUT":
			written.Add(1)
		}
		return &wire.Response{Status: 200, Body: strings.NewReader("content"), Length: 7}
	})
	o.Made("version", "pictures", "photo.jpg", "1")
	if err := o.Close(t.Context()); err == nil || bypassed.Load() != 1 || written.Load() != 0 {
		t.Errorf("error %v, %d removals with a bypass, %d documents written; want an error, 1 and 0", err, bypassed.Load(), written.Load())
	}
}
