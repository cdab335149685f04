package cli_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The archive of a case has what HAR 1.2 demands of each entry, and the
// exchanges of run.json in their order.
func TestHAR(t *testing.T) {
	cmd := command(t, nil, "run", "--deviate", "append.position", "--only", "oss/append/position-below", "--out", "out")
	if p := run(t, cmd); p.code != 1 {
		t.Fatalf("exit code %d\n%s", p.code, p.stdout)
	}
	again := command(t, nil, "report", "out/run.json", "--har", "case.har", "--case", "oss/append/position-below")
	again.Dir = cmd.Dir
	if p := run(t, again); p.code != 0 || !strings.Contains(p.stdout, "written: case.har") {
		t.Fatalf("exit code %d\n%s%s", p.code, p.stdout, p.stderr)
	}
	text, err := os.ReadFile(filepath.Join(cmd.Dir, "case.har"))
	if err != nil {
		t.Fatal(err)
	}
	var har struct {
		Log struct {
			Version string
			Creator struct{ Name, Version string }
			Entries []map[string]any
		}
	}
	if err := json.Unmarshal(text, &har); err != nil {
		t.Fatal(err)
	}
	want := readRun(t, cmd).Cases[0].Exchanges
	if har.Log.Version != "1.2" || har.Log.Creator.Name == "" || har.Log.Creator.Version == "" || len(har.Log.Entries) != len(want) || len(want) < 2 {
		t.Fatalf("version %s, %d entries of %d", har.Log.Version, len(har.Log.Entries), len(want))
	}
	for i, e := range har.Log.Entries {
		demands(t, e, "startedDateTime", "time", "request", "response", "cache", "timings")
		request, response := e["request"].(map[string]any), e["response"].(map[string]any)
		demands(t, request, "method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize")
		demands(t, response, "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize")
		demands(t, response["content"].(map[string]any), "size", "mimeType")
		demands(t, e["timings"].(map[string]any), "send", "wait", "receive")
		if _, err := time.Parse(time.RFC3339Nano, e["startedDateTime"].(string)); err != nil {
			t.Error(err)
		}
		if u, err := url.Parse(request["url"].(string)); err != nil || u.Host == "" || request["method"] != want[i].Request.Method {
			t.Errorf("entry %d: %v %v, %v", i, request["method"], request["url"], err)
		}
	}
}

func demands(t *testing.T, object map[string]any, names ...string) {
	t.Helper()
	for _, n := range names {
		if object[n] == nil {
			t.Errorf("no %s in %v", n, object)
		}
	}
}
