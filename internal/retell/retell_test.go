package retell

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"objectharness/internal/exchange"
	"objectharness/internal/siglab"
	"objectharness/internal/wire"
)

const secret = "a-secret-of-twenty-characters"

var now = time.Date(2026, 3, 4, 10, 20, 30, 0, time.UTC)

func place() *Place {
	return &Place{URL: "http://127.0.0.1:4000", At: "127.0.0.1:9001", Accounts: []Account{
		{AccessKey: "AKID1", SecretKey: secret, Variables: usual},
		{AccessKey: "AKID2", SecretKey: "another-" + secret, Variables: [3]string{"HARNESS_OTHER_ACCESS_KEY", "HARNESS_OTHER_SECRET_KEY"}},
	}}
}

// sent is an exchange whose request an account signed, as the client records it.
func sent(t *testing.T, account int, scheme, method, target string, body []byte, change func(*siglab.Ask)) exchange.Exchange {
	t.Helper()
	a := place().Accounts[account]
	q := &siglab.Ask{Scheme: scheme, Method: method, URL: "http://127.0.0.1:4000" + target, Body: body, AccessKey: a.AccessKey, SecretKey: a.SecretKey, Now: now}
	if change != nil {
		change(q)
	}
	signed, err := siglab.Sign(q)
	if err != nil {
		t.Fatal(err)
	}
	r := signed.Request
	return exchange.Exchange{Step: "when", Began: now, Request: exchange.Message{Method: r.Method, Target: r.Target, Fields: r.Fields, Body: body, Length: int64(len(body))}}
}

func TestWhatIsWritten(t *testing.T) {
	header := "harness sign --scheme aws-sigv4 --method GET --url http://127.0.0.1:9001/b/k"
	for _, tt := range []struct {
		name string
		x    exchange.Exchange
		want string
	}{
		{"plain", sent(t, 0, "aws-sigv4", "GET", "/b/k", nil, nil), "# when\neval \"$(" + header + " --region us-east-1 --curl)\""},
		{"the other account", sent(t, 1, "aws-sigv4", "GET", "/b/k", nil, nil),
			"# when\n(export HARNESS_ACCESS_KEY=\"$HARNESS_OTHER_ACCESS_KEY\" HARNESS_SECRET_KEY=\"$HARNESS_OTHER_SECRET_KEY\" HARNESS_SECURITY_TOKEN=; eval \"$(" + header + " --region us-east-1 --curl)\")"},
		{"a time of its own", sent(t, 0, "aws-sigv4", "GET", "/b/k", nil, func(q *siglab.Ask) { q.Time = now.Add(-20 * time.Minute) }),
			"# when\neval \"$(" + header + " --region us-east-1 --time -20m0s --curl)\""},
		{"a signed URL", sent(t, 0, "oss-v1", "GET", "/b/k?acl", nil, func(q *siglab.Ask) { q.Presign, q.Expires = true, 2*time.Hour }),
			"# when\neval \"$(harness sign --scheme oss-v1 --method GET --url 'http://127.0.0.1:9001/b/k?acl' --presign --expires 2h0m0s --curl)\""},
		{"a body of any bytes", sent(t, 0, "oss-v1", "PUT", "/b/k", []byte("-%'\\\x00\xff\n"), func(q *siglab.Ask) { q.Fields = wire.Fields{{Name: "X-A", Value: "it's"}} }),
			`# when` + "\n" + `printf '\055%%\047\134\000\377\012' >body.bin && eval "$(harness sign --scheme oss-v1 --method PUT --url http://127.0.0.1:9001/b/k -H 'X-A: it'\''s' --body-file body.bin --curl)"`},
		{"not signed", exchange.Exchange{Step: "when", Request: exchange.Message{Method: "GET", Target: "/b/k", Fields: wire.Fields{{Name: "Host", Value: "127.0.0.1:4000"}}}},
			"# when\ncurl -sS -i --path-as-is --globoff -H User-Agent: -H Accept: http://127.0.0.1:9001/b/k"},
	} {
		if got := place().Script([]exchange.Exchange{tt.x}, now); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// What a shell cannot be told is said instead of a command that does something else.
func TestWhatCannotBeWritten(t *testing.T) {
	change := func(f func(x *exchange.Exchange)) exchange.Exchange {
		x := sent(t, 0, "aws-sigv4", "PUT", "/b/k", []byte("body"), nil)
		f(&x)
		return x
	}
	for want, x := range map[string]exchange.Exchange{
		"sends its head only": change(func(x *exchange.Exchange) { x.Request.Headless = true }),
		"signed chunk by chunk": change(func(x *exchange.Exchange) {
			x.Request.Fields.Set("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
		}),
		"body is not kept":          change(func(x *exchange.Exchange) { x.Request.Length = 1 << 20 }),
		"not as aws-sigv4 makes it": change(func(x *exchange.Exchange) { x.Request.Target = "/b/other" }),
		"no account's": change(func(x *exchange.Exchange) {
			x.Request.Fields.Set("Authorization", strings.ReplaceAll(x.Request.Fields.Get("Authorization"), "AKID1", "AKID9"))
		}),
		"7 requests are not": change(func(x *exchange.Exchange) { x.Skipped = 7 }),
		"the case worked out": sent(t, 0, "aws-sigv4", "GET", "/b/k", nil, func(q *siglab.Ask) {
			q.Fields = wire.Fields{{Name: "If-Modified-Since", Value: "Wed, 04 Mar 2026 10:20:29 GMT"}}
		}),
		"signature ends before it be": sent(t, 0, "cos-sha1", "GET", "/b/k", nil, func(q *siglab.Ask) { q.Presign, q.Expires = true, -time.Hour }),
	} {
		if got := place().Script([]exchange.Exchange{x}, now); !strings.Contains(got, want) || !strings.HasPrefix(got, "# Not all of it") {
			t.Errorf("%s:\n%s", want, got)
		}
	}
}

// A value that a reply gives is taken from the reply of the next time, in XML, in
// JSON and from a field; what the case chose itself stays as it is.
func TestValuesOfReplies(t *testing.T) {
	for _, reply := range []exchange.Message{
		{Status: 200, Body: []byte("<R><Key>b/k</Key>\n<UploadId>0123456789ABCDEF0123</UploadId></R>")},
		{Status: 200, Body: []byte(`{"key":"k","uploadId":"0123456789ABCDEF0123"}`)},
		{Status: 200, Fields: wire.Fields{{Name: "x-version-id", Value: "0123456789ABCDEF0123"}}},
	} {
		begin := sent(t, 0, "oss-v1", "POST", "/b/k?uploads", nil, nil)
		begin.Step, begin.Reply = "given 1", &reply
		next := sent(t, 0, "oss-v1", "PUT", "/b/k?uploadId=0123456789ABCDEF0123", []byte("<U>0123456789ABCDEF0123</U>"), nil)
		script := place().Script([]exchange.Exchange{begin, next}, now)
		if strings.Count(script, "0123456789ABCDEF0123") != 0 || strings.Count(script, `"$V1"`) != 2 {
			t.Errorf("%s", script)
		}
		answer := "HTTP/1.1 200 OK\nx-version-id: fresh-id-000000001\n\n" + strings.ReplaceAll(string(reply.Body), "0123456789ABCDEF0123", "fresh-id-000000001")
		got := shell(t, "harness() { printf '%s\\n' \"$@\" >>asked; echo true; }\nanswer() { cat answer; }\n"+strings.ReplaceAll(script, "--curl)\"", "--curl)\"; answer"), answer)
		if !strings.Contains(got["asked"], "/b/k?uploadId=fresh-id-000000001\n") || got["body.bin"] != "<U>fresh-id-000000001</U>" {
			t.Errorf("%q\n%s", got, script)
		}
	}
}

// Bodies arrive in the file byte by byte, short and long.
func TestBodiesInAShell(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for _, m := range []exchange.Message{
		{Body: all, Length: 256},
		{Body: bytes.Repeat([]byte{0}, 6<<10), Length: 1 << 20, Period: 1},
		{Body: bytes.Repeat([]byte("%a'"), 2<<10), Length: 100_001, Period: 3},
	} {
		want, why := whole(&m)
		if got := shell(t, fill(&m)+"true", "")["body.bin"]; got != string(want) || why != "" {
			t.Errorf("%d bytes arrive, want %d (%s)", len(got), len(want), why)
		}
	}
}

// shell runs a script in a folder of its own and gives the files that it leaves.
func shell(t *testing.T, script, answer string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "answer"), []byte(answer), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, script)
	}
	files := map[string]string{}
	for _, name := range []string{"asked", "body.bin"} {
		text, _ := os.ReadFile(filepath.Join(dir, name)) // some scripts leave one only
		files[name] = string(text)
	}
	return files
}

func FuzzScript(f *testing.F) {
	f.Add("/k?uploadId=1", "<UploadId>0123456789ABCDEF</UploadId>", []byte("x"))
	f.Fuzz(func(t *testing.T, target, reply string, body []byte) {
		x := exchange.Exchange{Step: reply, Request: exchange.Message{Method: "PUT", Target: target, Body: body, Length: int64(len(body))},
			Reply: &exchange.Message{Body: []byte(reply)}}
		for line := range strings.Lines(place().Script([]exchange.Exchange{x, x}, now)) {
			if strings.Contains(line, secret) {
				t.Errorf("the secret stands in %q", line)
			}
		}
	})
}
