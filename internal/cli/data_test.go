package cli_test

import (
	"bytes"
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/dialect/s3"
	"objectharness/internal/wire"
)

// serveData starts harness serve in dir and returns a client with the keys that
// it prints; stop kills it.
func serveData(t *testing.T, dir string) (c *client.Client, keys string, stop func()) {
	t.Helper()
	cmd := exec.Command("harness", "serve", "--dialect", "s3", "--data", dir)
	out := &lineWriter{lines: make(chan string, 16)}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := func(prefix string) string {
		got := <-out.lines
		if !strings.HasPrefix(got, prefix) {
			t.Fatalf("line %q, want %s…", got, prefix)
		}
		return strings.TrimPrefix(got, prefix)
	}
	d := s3.New()
	c = &client.Client{Dialect: d, Scheme: d.Schemes[0], Region: d.Region, Now: time.Now, Transport: &wire.Transport{},
		Endpoint: client.Endpoint{Host: line("serving s3 on http://"), Style: dialect.PathStyle},
		Keys:     client.Keys{AccessKey: line("HARNESS_ACCESS_KEY="), SecretKey: line("HARNESS_SECRET_KEY=")}}
	return c, c.Keys.AccessKey, func() {
		cmd.Process.Kill()
		cmd.Wait() // its end is the kill's
	}
}

func answer(t *testing.T, c *client.Client, call client.Call) *client.Reply {
	t.Helper()
	r, err := c.Do(context.Background(), call)
	if err != nil || r.Status != 200 {
		t.Fatalf("%s %s/%s: %v, %+v", call.Method, call.Bucket, call.Key, err, r)
	}
	return r
}

// A server that is killed comes back with its buckets, objects and keys, and no
// second one takes its directory meanwhile.
func TestServeData(t *testing.T) {
	dir := t.TempDir()
	body := bytes.Repeat([]byte("0123456789abcdef"), 3<<16)
	c, keys, stop := serveData(t, dir)
	defer stop()
	answer(t, c, client.Call{Method: "PUT", Bucket: "kept"})
	answer(t, c, client.Call{Method: "PUT", Bucket: "kept", Key: "a/b", Body: body, Fields: wire.Fields{{Name: "x-amz-meta-colour", Value: "blue"}}})
	second := run(t, command(t, nil, "serve", "--dialect", "s3", "--data", dir))
	if second.code != 2 || !strings.Contains(second.stderr, "--data: ") || !strings.Contains(second.stderr, "no other process") {
		t.Errorf("a second server: exit %d, %s", second.code, second.stderr)
	}
	stop()
	other := run(t, command(t, nil, "serve", "--dialect", "cos", "--data", dir))
	if other.code != 2 || !strings.Contains(other.stderr, "expected a store of cos, found one of s3") {
		t.Errorf("another dialect: exit %d, %s", other.code, other.stderr)
	}
	c, again, end := serveData(t, dir)
	defer end()
	if again != keys {
		t.Errorf("access key %s, want %s", again, keys)
	}
	r := answer(t, c, client.Call{Method: "GET", Bucket: "kept", Key: "a/b"})
	if r.Size != int64(len(body)) || !bytes.HasPrefix(body, r.Body) || r.Fields.Get("x-amz-meta-colour") != "blue" {
		t.Errorf("%d bytes, %v", len(r.Body), r.Fields)
	}
}
