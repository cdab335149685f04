package wire

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// BenchmarkRoundTrip measures one small GET on a kept loopback connection with
// our client and server, and prints the time that net/http's pair takes for
// the same as a multiple.
func BenchmarkRoundTrip(b *testing.B) {
	addr := serve(b, &Server{Handler: func(context.Context, *Inbound) *Response {
		return &Response{Status: 200, Fields: Fields{{"Date", "x"}, {"ETag", "y"}}, Body: strings.NewReader("hello"), Length: 5}
	}})
	tr := new(Transport)
	defer tr.CloseIdle()
	httpd := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Etag", "y")
		io.WriteString(w, "hello")
	}))
	defer httpd.Close()
	b.ReportAllocs()
	for b.Loop() {
		if err := one(tr, addr); err != nil {
			b.Fatal(err)
		}
	}
	wire := b.Elapsed()
	b.StopTimer()
	start := time.Now()
	for range b.N {
		if err := oneHTTP(httpd.Client(), httpd.URL); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(time.Since(start))/float64(wire), "x-net/http")
}

func one(tr *Transport, addr string) error {
	_, err := tr.Do(context.Background(), addr, &Request{Method: "GET", Target: "/", Fields: Fields{{"Host", addr}, {"Authorization", "z"}}}, false)
	return err
}

func oneHTTP(c *http.Client, url string) error {
	res, err := c.Get(url)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// BenchmarkUpload sends 1 MiB a time; the server reads it, the reply is empty.
func BenchmarkUpload(b *testing.B) {
	addr := serve(b, &Server{Handler: func(_ context.Context, in *Inbound) *Response {
		io.Copy(io.Discard, in.Body)
		return &Response{Status: 200}
	}})
	tr := new(Transport)
	defer tr.CloseIdle()
	body := strings.Repeat("x", 1<<20)
	b.SetBytes(1 << 20)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tr.Do(context.Background(), addr, put(body), false); err != nil {
			b.Fatal(err)
		}
	}
}
