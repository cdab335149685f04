package emulator

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/wire"
)

// FuzzListing asks every dialect for a listing with any query: it is refused
// with 400, or answers a document that can be read, of no more entries than a
// page holds.
func FuzzListing(f *testing.F) {
	f.Add("list-type=2&prefix=a&delimiter=/&max-keys=1&encoding-type=url", "a/b")
	f.Add("marker=a%01&max-keys=-1&maxKeys=2000&delimiter=%2F", "a\x01")
	f.Add("list-type=2&continuation-token=CgJiYw--&start-after=%ff&fetch-owner=true", "\xff")
	f.Add("max-keys=99999999999999999999&encoding-type=", "<&>")
	dialects := all.All()
	f.Fuzz(func(t *testing.T, query, key string) {
		for _, d := range dialects {
			c := listCall(t, d, query, key)
			list := c.listObjects
			if strings.Contains(query, "list-type=2") {
				list = c.listObjectsV2
			}
			judgeListing(t, c, list())
		}
	})
}

// listCall is a listing of a bucket with an object at key.
func listCall(t *testing.T, d *dialect.Dialect, query, key string) *call {
	t.Helper()
	e, err := New(d, Options{Seed: 1, Accounts: []Account{{ID: "1", AccessKey: "a", SecretKey: "b"}}})
	if err != nil {
		t.Fatal(err)
	}
	c := e.newCall(context.Background(), &wire.Inbound{Proto: "HTTP/1.1", Request: &wire.Request{Method: "GET", Target: "/bucket/?" + query,
		Fields: wire.Fields{{Name: "Host", Value: "127.0.0.1"}}}})
	c.bucket = filled(t, []string{key, "a", "a/b", "a/c", "b"})
	return c
}

func judgeListing(t *testing.T, c *call, err error) {
	t.Helper()
	var refused *fault
	switch {
	case errors.As(err, &refused) && refused.status == 400:
		return
	case err != nil:
		t.Fatalf("%s: %v", c.e.d.Name, err)
	}
	body, err := io.ReadAll(c.reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Contents []struct{ Key string } `json:"contents"`
	}
	switch {
	case c.e.t.json:
		err = json.Unmarshal(body, &doc)
	case c.text("encoding-type") == "url" || printable(body):
		err = xml.Unmarshal(body, &doc)
	}
	if err != nil || len(doc.Contents) > 5 {
		t.Fatalf("%s: %d entries, %v\n%q", c.e.d.Name, len(doc.Contents), err, body)
	}
}

// printable tells whether a document holds nothing that XML cannot carry.
func printable(body []byte) bool {
	return utf8.Valid(body) && !strings.Contains(string(body), "&#x") && !slices.ContainsFunc([]rune(string(body)), func(r rune) bool { return r == 0xfffe || r == 0xffff })
}
