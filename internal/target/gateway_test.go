package target_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"objectharness/internal/client"
	"objectharness/internal/target"
)

// A gateway of several interfaces answers S3 only where a request is signed: its
// page for others does not make it another server. A page for both does.
func TestPreflightOfAGateway(t *testing.T) {
	const page = "<html><h1>Bad Request</h1></html>"
	for signed, want := range map[string]string{
		`<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Buckets/></ListAllMyBucketsResult>`: "",
		page: "HTML page",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "" {
				w.WriteHeader(http.StatusBadRequest)
				io.WriteString(w, page)
				return
			}
			w.Header().Set("x-amz-request-id", "1")
			io.WriteString(w, signed)
		}))
		p, err := target.RunPreflight(t.Context(), target.Config{Dialect: "s3", Endpoint: server.URL, Style: "path",
			Owner: client.Keys{AccessKey: "key", SecretKey: "secret"}})
		server.Close()
		if err != nil || p.OK() != (want == "") || !strings.Contains(p.Problem(), want) {
			t.Errorf("%v, %q; want %q", err, p.Problem(), want)
		}
	}
}
