package emulator_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"slices"
	"testing"

	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
	"objectharness/internal/wire"
)

// A record has what arrived, with the rule that refused it and the clauses behind
// the answers, and begins anew when it was taken; it ends somewhere.
func TestRecord(t *testing.T) {
	d, err := all.ByName("oss")
	if err != nil {
		t.Fatal(err)
	}
	c, err := emulator.NewControl("t", d, emulator.Options{Record: new(emulator.Record)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ask := func() {
		c.Server().Handler(context.Background(), &wire.Inbound{Proto: "HTTP/1.1", Request: &wire.Request{Method: "GET", Target: "/bucket/key", Fields: wire.Fields{{Name: "Host", Value: "127.0.0.1"}}}})
	}
	take := func() (got emulator.Taken) {
		r, w := httptest.NewRequest("GET", "/record", nil), httptest.NewRecorder()
		r.Header.Set("Authorization", "Bearer t")
		c.ServeHTTP(w, r)
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatalf("%d %s: %v", w.Code, w.Body, err)
		}
		return got
	}
	ask()
	got := take()
	if len(got.Requests) != 1 || len(got.Clauses) == 0 || got.Of < len(got.Clauses) {
		t.Fatalf("got %+v, want one request and the clauses of its answer", got)
	}
	one := got.Requests[0]
	if one.Operation != "GetObject" || one.Status != 404 || one.Code != "NoSuchBucket" || one.Rule == "" || !one.Documented || !slices.Contains(got.Clauses, one.Clauses[0]) {
		t.Errorf("got %+v, want a documented 404 NoSuchBucket of GetObject, among %v", one, got.Clauses)
	}
	for range emulator.RecordMax + 2 {
		ask()
	}
	if got = take(); len(got.Requests) != emulator.RecordMax || got.Beyond != 2 {
		t.Errorf("kept %d and counted %d, want %d and 2", len(got.Requests), got.Beyond, emulator.RecordMax)
	}
	if got = take(); len(got.Requests) != 0 || len(got.Clauses) != 0 {
		t.Errorf("a record that was taken still has %+v", got)
	}
}
