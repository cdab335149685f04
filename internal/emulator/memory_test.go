package emulator_test

import (
	"context"
	"io"
	"net"
	"runtime"
	"sync/atomic"
	"testing"

	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/dialect/s3"
	"objectharness/internal/emulator"
	"objectharness/internal/wire"
)

// zeros is n zero bytes; at each read past a mark it looks at the heap.
type zeros struct {
	left int64
	peak *atomic.Uint64
}

func (z *zeros) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), z.left)
	clear(p[:n])
	if z.left>>24 != (z.left-n)>>24 { // every 16 MiB
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		z.peak.Store(max(z.peak.Load(), m.HeapInuse))
	}
	z.left -= n
	return int(n), nil
}

// Close lets the client break a body off.
func (z *zeros) Close() error { return nil }

// TestBigBodiesStayOffTheHeap streams 192 MiB into the emulator: what is over a
// mebibyte goes to a file, and the heap of client and server together stays
// under 64 MiB, as it does for any length.
func TestBigBodiesStayOffTheHeap(t *testing.T) {
	if testing.Short() {
		t.Skip("moves 192 MiB")
	}
	const size = 192 << 20
	d := s3.New()
	e, err := emulator.New(d, emulator.Options{Accounts: []emulator.Account{{ID: "1", AccessKey: "memory-key", SecretKey: "memory-secret"}}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := e.Server()
	go server.Serve(l)
	defer server.Close()
	c := &client.Client{Dialect: d, Scheme: d.Schemes[0], Endpoint: client.Endpoint{Host: l.Addr().String(), Style: dialect.PathStyle},
		Region: d.Region, Keys: client.Keys{AccessKey: "memory-key", SecretKey: "memory-secret"}, Now: e.Now, Transport: &wire.Transport{}}
	if _, err := c.Do(context.Background(), client.Call{Method: "PUT", Bucket: "memory"}); err != nil {
		t.Fatal(err)
	}
	var peak atomic.Uint64
	r, err := c.Do(context.Background(), client.Call{Method: "PUT", Bucket: "memory", Key: "big", Source: &zeros{left: size, peak: &peak}, Length: size,
		Fields: wire.Fields{{Name: "X-Amz-Content-Sha256", Value: "UNSIGNED-PAYLOAD"}}})
	if err != nil || r.Status != 200 {
		t.Fatalf("%v, %+v", err, r)
	}
	if got := peak.Load(); got == 0 || got > 64<<20 {
		t.Errorf("the heap held %d MiB, want at most 64", got>>20)
	}
}
