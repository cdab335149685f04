package all_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/wire"
)

var places = map[dialect.Level]dialect.Location{
	dialect.ServiceLevel: {},
	dialect.BucketLevel:  {Bucket: "b"},
	dialect.ObjectLevel:  {Bucket: "b", Key: "k", HasKey: true},
}

// A route that another one hides could never be taken.
func TestEveryRouteIsReachable(t *testing.T) {
	for _, d := range all.All() {
		for _, r := range d.Routes {
			var query []wire.Param
			for _, p := range r.Params {
				query = append(query, wire.Param{Name: p.Name, Value: p.Value, Bare: p.Value == ""})
			}
			var fields wire.Fields
			for _, name := range r.Fields {
				fields.Add(name, "x")
			}
			if got := d.Operation(r.Method, places[r.Level], query, fields); got != r.Operation {
				t.Errorf("%s: the request of route %+v is taken for %q", d.Name, r, got)
			}
		}
	}
}

func TestOperation(t *testing.T) {
	for _, c := range []struct{ dialect, method, target, field, want string }{
		{"oss", "GET", "/?max-keys=3", "", "GetService"},
		{"oss", "GET", "/b?prefix=a&unknown", "", "GetBucket"},
		{"oss", "GET", "/b?list-type=2", "", "GetBucketV2"},
		{"oss", "GET", "/b?list-type=1", "", "GetBucket"},
		{"oss", "PUT", "/b/k?versionId=1", "X-Oss-Copy-Source", "CopyObject"},
		{"oss", "PUT", "/b/k?uploadId=u&partNumber=1", "x-oss-copy-source", "UploadPartCopy"},
		{"oss", "PUT", "/b/k?uploadId=u", "", "UploadPart"},
		{"oss", "POST", "/b/k?append", "", "AppendObject"},
		{"oss", "POST", "/b/k?x-oss-process=csv%2Fselect", "", "SelectObject"},
		{"oss", "POST", "/b/k?x-oss-process=json/meta", "", "CreateSelectObjectMeta"},
		{"oss", "GET", "/b/k?x-oss-process=image/info", "", "GetObject"},
		{"oss", "PUT", "/b/k?live&status=idle", "", "PutLiveChannelStatus"},
		{"oss", "GET", "/b/k?live&comp=history", "", "GetLiveChannelHistory"},
		{"oss", "DELETE", "/b/k?acl", "", ""},
		{"oss", "POST", "/b/k", "", ""},
		{"oss", "PATCH", "/b/k", "", ""},
		{"oss", "PUT", "/", "", ""},
		{"oss", "PUT", "//k", "", ""},
		{"cos", "PUT", "/b/k", "x-cos-copy-source", "PUT Object - Copy"},
		{"cos", "POST", "/b?delete", "", "DELETE Multiple Objects"},
		{"cos", "POST", "/b/k?select&select-type=2", "", "SELECT Object Content"},
		{"bos", "POST", "/v1/b/k?append&offset=5", "", "AppendObject"},
		{"bos", "HEAD", "/b/k", "", "GetObjectMeta"},
		{"s3", "GET", "/b/k?x-id=GetObject", "", "GetObject"},
		{"s3", "GET", "/b/k?partNumber=2&versionId=v", "", "GetObject"},
		{"s3", "PUT", "/b/k?uploads", "", ""},
		{"s3", "DELETE", "/b?acl", "", ""},
		{"s3", "OPTIONS", "/b/k?acl", "", "OPTIONS"},
	} {
		d := byName(t, c.dialect)
		_, raw := wire.SplitTarget(c.target)
		var fields wire.Fields
		if c.field != "" {
			fields.Add(c.field, "/b/s")
		}
		if got := d.Operation(c.method, d.Locate("127.0.0.1", c.target, ""), wire.ParseQuery(raw), fields); got != c.want {
			t.Errorf("%s: %s %s %s is %q, want %q", c.dialect, c.method, c.target, c.field, got, c.want)
		}
	}
}

// The clauses BOS-API-nn name each operation of the reference with its request.
func TestOperationsOfBOS(t *testing.T) {
	entry := regexp.MustCompile(`(?s)id: BOS-API-\d+\n.*?operation: ([^\n]+)\n.*?when: ["']?([A-Z]+) (/[^\s"']*)( with x-bce-copy-source)?`)
	d := byName(t, "bos")
	n := 0
	for _, clause := range clauses(t, "bos") {
		m := entry.FindStringSubmatch(clause)
		if m == nil {
			continue
		}
		n++
		target := strings.NewReplacer("{b}", "b", "{o}", "k").Replace(m[3])
		_, raw := wire.SplitTarget(target)
		var fields wire.Fields
		if m[4] != "" {
			fields.Add("x-bce-copy-source", "/b/s")
		}
		if got := d.Operation(m[2], d.Locate("127.0.0.1", target, ""), wire.ParseQuery(raw), fields); got != m[1] {
			t.Errorf("%s %s is %q, want %q", m[2], target, got, m[1])
		}
	}
	if n < 85 {
		t.Errorf("read %d clauses with a request, want at least 85", n)
	}
}

// clauses cuts the catalogues of a dialect into their entries.
func clauses(t *testing.T, name string) []string {
	t.Helper()
	var out []string
	for _, file := range []string{name, name + "-supplement"} {
		text, err := os.ReadFile("../../clause/catalogue/" + file + ".yaml")
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, regexp.MustCompile(`(?m)^ *- (?:id:)`).Split(string(text), -1)[1:]...)
	}
	for i := range out {
		out[i] = "id:" + out[i]
	}
	if len(out) == 0 {
		t.Fatalf("no clauses of %s", name)
	}
	return out
}

// Operation names of the clauses are the names of the vendors' references.
var (
	named    = regexp.MustCompile(`(?m)^ +operation: ["']?([^"'\n]+)`)
	camel    = regexp.MustCompile(`^([A-Z][a-z]+){2,}(V2|ACL|CORS)?$`)
	verbose  = regexp.MustCompile(`^(GET|PUT|POST|DELETE|HEAD|APPEND|SELECT|OPTIONS) (Service|Bucket|Object)( [A-Za-z]+)?$`)
	unrouted = map[string]string{
		"PostResult": "no request line is known", "PostEvent": "no request line is known",
		"GetFederationToken": "another service", "GET Object presigned": "a way to sign", "PUT Object presigned": "a way to sign",
		"GET Bucket signed": "a way to sign", "InitiateMultipartUpload": "Initiate Multipart Upload in the reference",
	}
)

func TestEveryNamedOperationIsRouted(t *testing.T) {
	for _, d := range all.All() {
		have := map[string]bool{}
		for _, r := range d.Routes {
			have[r.Operation] = true
		}
		n := 0
		for _, clause := range clauses(t, d.Name) {
			m := named.FindStringSubmatch(clause)
			if m == nil {
				t.Fatalf("%s: no operation in %.80q", d.Name, clause)
			}
			for _, name := range regexp.MustCompile(` / |, `).Split(strings.TrimSpace(m[1]), -1) {
				if !camel.MatchString(name) && !verbose.MatchString(name) || unrouted[name] != "" {
					continue
				}
				if n++; !have[name] {
					t.Errorf("%s: no route leads to %s", d.Name, name)
				}
			}
		}
		if n < 200 {
			t.Errorf("%s: read %d operations, want at least 200", d.Name, n)
		}
	}
}
