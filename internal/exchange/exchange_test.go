package exchange

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

const (
	secret = `wJal/rX+Utn&EMI"K7<MDENG>'bPx=`
	token  = "IQoJb3JpZ2luX2VjEHAaCXVzLWVhc3QtMSJHMEUCIQDn//++=="
	digits = "6c1b2f3a4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8"
)

func record(rec *Recorder, r *wire.Request, body string, got *wire.Reply, steps *sign.Steps) {
	rec.Record(r, []byte(body), got, nil, epoch, time.Millisecond, "", steps)
}

func TestBounded(t *testing.T) {
	rec := NewRecorder()
	for i := range 100 {
		r := &wire.Request{Method: "GET", Target: fmt.Sprintf("/%d", i)}
		rec.Record(r, nil, nil, errors.New("refused"), epoch.Add(time.Duration(i)*time.Second), 0, "", nil)
	}
	all := rec.Exchanges()
	if len(all) != FirstMax+LastMax {
		t.Fatalf("%d exchanges kept, want %d", len(all), FirstMax+LastMax)
	}
	for i, e := range all {
		want, skipped := i, 0
		if i >= FirstMax {
			want = 100 - LastMax + i - FirstMax
		}
		if i == FirstMax {
			skipped = 60
		}
		if e.Request.Target != fmt.Sprintf("/%d", want) || e.Skipped != skipped || e.Offset != time.Duration(want)*time.Second {
			t.Errorf("exchange %d is %s after %d skipped at %v, want /%d", i, e.Request.Target, e.Skipped, e.Offset, want)
		}
		if e.Error != "refused" || e.Reply != nil {
			t.Errorf("error %q, reply %v", e.Error, e.Reply)
		}
	}
}

func TestCut(t *testing.T) {
	rec := NewRecorder()
	body := strings.Repeat("x", 1<<20)
	fields := wire.Fields{{Name: "A", Value: strings.Repeat("a", 6<<10)}, {Name: "B", Value: strings.Repeat("b", 6<<10)}}
	record(rec, &wire.Request{Method: "PUT", Target: "/" + body, Fields: fields}, body, &wire.Reply{Body: []byte(body), Size: 1 << 20}, nil)
	e := rec.Exchanges()[0]
	if len(e.Request.Body) != BodyMax || len(e.Reply.Body) != BodyMax || e.Request.Length != 1<<20 || e.Reply.Length != 1<<20 {
		t.Errorf("kept %d and %d bytes of %d and %d", len(e.Request.Body), len(e.Reply.Body), e.Request.Length, e.Reply.Length)
	}
	if want := fmt.Sprintf("%x", sha256.Sum256([]byte(body))); e.Request.SHA256 != want {
		t.Errorf("SHA-256 %q, want that of the whole body, %s", e.Request.SHA256, want)
	}
	if len(e.Request.Target) > HeadMax+4 || len(e.Request.Fields) != 1 || e.Request.FieldsLeft != 1 {
		t.Errorf("target of %d bytes, %d fields, %d left out", len(e.Request.Target), len(e.Request.Fields), e.Request.FieldsLeft)
	}
}

func TestNil(t *testing.T) {
	rec := FromContext(context.Background())
	rec.Enter("given 1")
	record(rec, &wire.Request{}, "", nil, nil)
	if got := rec.Exchanges(); got != nil {
		t.Errorf("a nil recorder keeps %v", got)
	}
	some := NewRecorder()
	if FromContext(WithRecorder(context.Background(), some)) != some {
		t.Error("the context loses its recorder")
	}
}

// written are the ways in which the canary puts a value into a text.
func written(v string) []string {
	j, _ := json.Marshal(v)
	return []string{
		v, "x" + v + "y", url.QueryEscape(v), url.PathEscape(v), wire.Escape(v), wire.Escape(wire.Escape(v)),
		strings.ToLower(hex.EncodeToString([]byte(v))), strings.ToUpper(hex.EncodeToString([]byte(v))), string(j),
		base64.StdEncoding.EncodeToString([]byte(v)), base64.URLEncoding.EncodeToString([]byte(v)),
		base64.StdEncoding.EncodeToString([]byte("a:" + v)), base64.StdEncoding.EncodeToString([]byte("ab:" + v + ":c")),
		base64.RawURLEncoding.EncodeToString([]byte("abc:" + v + ":de")), strings.Join(markup(v), " "),
	}
}

// TestCanary plants secrets everywhere and looks for each form of them in each
// form of output.
func TestCanary(t *testing.T) {
	key := "\x01\x02binary derived key\xff"
	var texts []string
	for _, v := range []string{secret, token, key} {
		texts = append(texts, written(v)...)
	}
	rec := NewRecorder()
	rec.Redact = NewRedactor(Keep, nil, secret, token)
	for _, text := range texts {
		steps := &sign.Steps{}
		steps.Add("string to sign", []byte(text))
		steps.AddSecret("signing key", []byte(key))
		rec.Enter(text)
		r := &wire.Request{Method: "PUT", Target: "/b/k?t=" + text, Fields: wire.Fields{{Name: "X-" + text, Value: text}}}
		rec.Record(r, []byte(text), &wire.Reply{Status: 200, Reason: text, Fields: r.Fields, Body: []byte(text), Size: int64(len(text))}, errors.New(text), epoch, 0, text, steps)
	}
	all := rec.Exchanges()
	outputs := []string{fmt.Sprintf("%+v", all)}
	har, err := HAR("http://h", "1", all)
	if err != nil {
		t.Fatal(err)
	}
	j, _ := json.Marshal(all)
	outputs = append(outputs, string(har), string(j))
	for i := range all {
		outputs = append(outputs, all[i].Curl("http://h", ""), string(all[i].Request.Body), string(all[i].Reply.Body))
	}
	for _, out := range outputs {
		for _, v := range []string{secret, token, key} {
			for _, form := range forms(v) {
				if strings.Contains(out, form) {
					t.Fatalf("the output holds %q, a form of %q", form, v)
				}
			}
		}
	}
}

// TestCanaryAtCut puts a secret where the cut of the body goes through it.
func TestCanaryAtCut(t *testing.T) {
	for at := BodyMax - len(secret); at <= BodyMax; at++ {
		rec := NewRecorder()
		rec.Redact = NewRedactor(Keep, nil, secret)
		record(rec, &wire.Request{}, strings.Repeat("x", at)+secret+strings.Repeat("y", 9000), nil, nil)
		if body := rec.Exchanges()[0].Request.Body; bytes.Contains(body, []byte(secret[:secretMin])) {
			t.Fatalf("at %d the body ends in %q", at, body[BodyMax-40:])
		}
	}
}

var signed = []struct {
	name string
	r    wire.Request
	end  time.Time
}{
	{"sigv4", wire.Request{Target: "/", Fields: wire.Fields{{Name: "x-amz-date", Value: "20260102T030405Z"},
		{Name: "Authorization", Value: "AWS4-HMAC-SHA256 Credential=AK/20260102/r/s3/aws4_request, SignedHeaders=host, Signature=" + digits}}}, epoch.Add(15 * time.Minute)},
	{"ossv1", wire.Request{Target: "/", Fields: wire.Fields{{Name: "Date", Value: "Fri, 02 Jan 2026 03:04:05 GMT"},
		{Name: "Authorization", Value: "OSS AK:ab/dEFgh12+34567890abcdefgh="}}}, epoch.Add(15 * time.Minute)},
	{"bcev1", wire.Request{Target: "/", Fields: wire.Fields{{Name: "Authorization", Value: "bce-auth-v1/AK/2026-01-02T03:04:05Z/1800/host/" + digits}}}, epoch.Add(30 * time.Minute)},
	{"bcev1 query", wire.Request{Target: "/?authorization=bce-auth-v1%2FAK%2F2026-01-02T03%3A04%3A05Z%2F1800%2F%2F" + digits}, epoch.Add(30 * time.Minute)},
	{"cos", wire.Request{Target: "/", Fields: wire.Fields{{Name: "Authorization", Value: "q-sign-algorithm=sha1&q-ak=AK&q-sign-time=1767323045;1767326645&q-key-time=1;2&q-signature=" + digits}}}, epoch.Add(time.Hour)},
	{"cos merged", wire.Request{Target: "/?sign=q-sign-time%3D1767323045%3B1767326645%26q-signature%3D" + digits}, epoch.Add(time.Hour)},
	{"sigv4 query", wire.Request{Target: "/?X-Amz-Date=20260102T030405Z&X-Amz-Expires=60&X-Amz-Signature=" + digits}, epoch.Add(time.Minute)},
	{"ossv1 query", wire.Request{Target: "/?OSSAccessKeyId=AK&Expires=1767323105&Signature=ab%2FdEFgh12%2B34567890abcdefgh%3D"}, epoch.Add(time.Minute)},
	{"oss tampered", wire.Request{Target: "/?x-oss-date=20260102T030405Z&x-oss-expires=60&x-oss-signature=" + digits}, epoch.Add(time.Minute)},
}

func TestSignatures(t *testing.T) {
	for _, tt := range signed {
		for _, policy := range []struct {
			Policy
			now   time.Time
			shown bool
		}{{Mask, tt.end.Add(time.Hour), false}, {Keep, epoch, true}, {KeepExpired, tt.end, false}, {KeepExpired, tt.end.Add(time.Second), true}} {
			rec := NewRecorder()
			rec.Redact = NewRedactor(policy.Policy, func() time.Time { return policy.now })
			echo := &wire.Reply{Status: 403, Body: []byte("<SignatureProvided>" + digits + "|ab/dEFgh12+34567890abcdefgh=</SignatureProvided>")}
			record(rec, &tt.r, "", echo, nil)
			e := rec.Exchanges()[0]
			request := e.Request.Target + e.Request.Fields.Get("Authorization")
			shown := strings.Contains(request, digits) || strings.Contains(request, "34567890abcdefgh")
			if shown != policy.shown || shown == strings.Contains(request, HiddenSignature) {
				t.Errorf("%s under policy %d at %v: %s", tt.name, policy.Policy, policy.now, request)
			}
			if echoed := !bytes.Contains(e.Reply.Body, []byte(HiddenSignature)); echoed != policy.shown {
				t.Errorf("%s under policy %d: the reply says %s", tt.name, policy.Policy, e.Reply.Body)
			}
		}
	}
}

func TestSignaturesInBodies(t *testing.T) {
	for _, body := range []string{
		"5;chunk-signature=" + digits + "\r\nhello\r\n", "x-amz-trailer-signature:" + digits + "\r\n",
		"--b\r\nContent-Disposition: form-data; name=\"x-amz-signature\"\r\n\r\n" + digits + "\r\n--b--",
	} {
		rec := NewRecorder()
		record(rec, &wire.Request{Target: "/"}, body, nil, nil)
		if got := rec.Exchanges()[0].Request.Body; bytes.Contains(got, []byte(digits)) {
			t.Errorf("%q is shown as %q", body, got)
		}
	}
	steps := &sign.Steps{}
	steps.AddText(sign.StepSignature, digits)
	rec := NewRecorder()
	record(rec, &wire.Request{Target: "/?odd=" + digits}, "", nil, steps)
	if e := rec.Exchanges()[0]; strings.Contains(fmt.Sprint(e), digits) {
		t.Errorf("the step's signature is shown: %v", e)
	}
}

func TestCurl(t *testing.T) {
	for _, tt := range []struct {
		name    string
		request Message
		connect string
		want    string
	}{
		{"get", Message{Method: "GET", Target: "/b/a%20b/../c?x=[1]&y={2}", Fields: wire.Fields{{Name: "Host", Value: "h"}, {Name: "Range", Value: "bytes=0-1"}}}, "",
			`curl -sS -i --path-as-is --globoff -H 'Range: bytes=0-1' -H User-Agent: -H Accept: 'http://h/b/a%20b/../c?x=[1]&y={2}'`},
		{"head", Message{Method: "HEAD", Target: "/", Fields: wire.Fields{{Name: "Host", Value: "other"}, {Name: "X-Empty"}}}, "127.0.0.1:9",
			`curl -sS -i --path-as-is --globoff --connect-to ::127.0.0.1:9 -I -H 'Host: other' -H 'X-Empty;' -H User-Agent: -H Accept: http://h/`},
		{"put", Message{Method: "PUT", Target: "/k", Length: 5, Body: []byte("@it's"), Fields: wire.Fields{{Name: "Host", Value: "h"}, {Name: "Content-Length", Value: "5"}}}, "",
			`curl -sS -i --path-as-is --globoff -X PUT -H User-Agent: -H Accept: -H Content-Type: -H Expect: --data-raw '@it'\''s' http://h/k`},
		{"empty put", Message{Method: "PUT", Target: "/k", Fields: wire.Fields{{Name: "Host", Value: "h"}, {Name: "Content-Length", Value: "0"}}}, "",
			`curl -sS -i --path-as-is --globoff -X PUT -H 'Content-Length: 0' -H User-Agent: -H Accept: http://h/k`},
		{"long", Message{Method: "PUT", Target: "/k", Length: 9000, SHA256: digits, Body: []byte("x"), Fields: wire.Fields{{Name: "Host", Value: "h"}}}, "",
			"# body.bin: 9000 bytes, SHA-256 " + digits + "\n" +
				`curl -sS -i --path-as-is --globoff -X PUT -H User-Agent: -H Accept: -H Content-Type: -H Expect: -H Content-Length: --data-binary @body.bin http://h/k`},
		{"odd target", Message{Method: "OPTIONS", Target: "*", Fields: wire.Fields{{Name: "Host", Value: "h"}}}, "",
			`curl -sS -i --path-as-is --globoff -X OPTIONS -H User-Agent: -H Accept: --request-target '*' http://h/`},
		{"masked", Message{Method: "GET", Target: "/?Signature=" + HiddenSignature, Fields: wire.Fields{{Name: "Host", Value: "h"}}}, "",
			"# put a fresh signature in place of SIGNATURE-MASKED\n" +
				`curl -sS -i --path-as-is --globoff -H User-Agent: -H Accept: 'http://h/?Signature=SIGNATURE-MASKED'`},
	} {
		e := Exchange{Request: tt.request}
		if got := e.Curl("http://h", tt.connect); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

func TestCurlHeadOnly(t *testing.T) {
	e := Exchange{Request: Message{Method: "PUT", Target: "/k", Headless: true, Length: 1 << 40}}
	if got := e.Curl("http://h", ""); !strings.HasPrefix(got, "# the request sends its head only") {
		t.Error(got)
	}
}

// TestCurlSends lets curl send what was recorded, and reads what arrives.
func TestCurlSends(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Fatal("this test sends requests with curl, which is not there: install Debian's package curl")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, r := range []wire.Request{
		{Method: "GET", Target: "/a/../b//%2e?x=[1]&y={2}&z", Fields: wire.Fields{{Name: "Host", Value: "bucket.oss.example"}, {Name: "x-oss-b", Value: "2"}, {Name: "x-oss-a", Value: "'1'"}}},
		{Method: "HEAD", Target: "/k", Fields: wire.Fields{{Name: "Host", Value: "h"}, {Name: "User-Agent", Value: "me"}}},
		{Method: "PUT", Target: "/k#f", Fields: wire.Fields{{Name: "Host", Value: "h"}, {Name: "Content-Length", Value: "6"}, {Name: "Expect", Value: ""}}},
		{Method: "DELETE", Target: "/k", Fields: wire.Fields{{Name: "Host", Value: "h"}}},
	} {
		body := ""
		if r.Method == "PUT" {
			body = "@a'\nb\n"
		}
		rec := NewRecorder()
		record(rec, &r, body, nil, nil)
		cmd := exec.Command("/bin/sh", "-c", rec.Exchanges()[0].Curl("http://test.example", l.Addr().String()))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if got, want := arrived(t, l), head(&r)+body; got != want {
			t.Errorf("curl sends\n%q, recorded was\n%q", got, want)
		}
		cmd.Wait()
	}
}

// head is the request's head with its fields in alphabetical order.
func head(r *wire.Request) string {
	var fields []string
	for _, f := range r.Fields {
		fields = append(fields, strings.TrimSpace(f.Name+": "+f.Value)+"\n")
	}
	slices.Sort(fields)
	return r.Method + " " + r.Target + " HTTP/1.1\n" + strings.Join(fields, "")
}

// arrived reads one request, answers it and gives it in the form of head.
func arrived(t *testing.T, l net.Listener) string {
	t.Helper()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	br := bufio.NewReader(conn)
	line, _ := br.ReadString('\n')
	var fields []string
	length := 0
	for {
		field, err := br.ReadString('\n')
		if field = strings.TrimRight(field, "\r\n"); field == "" || err != nil {
			break
		}
		fmt.Sscanf(field, "Content-Length: %d", &length)
		fields = append(fields, field+"\n")
	}
	body := make([]byte, length)
	io.ReadFull(br, body)
	fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	slices.Sort(fields)
	return strings.TrimRight(line, "\r\n") + "\n" + strings.Join(fields, "") + string(body)
}

func TestHAR(t *testing.T) {
	rec := NewRecorder()
	record(rec, &wire.Request{Method: "POST", Target: "/b?uploads&a=1"}, "hello", &wire.Reply{Status: 200, Reason: "OK", Body: []byte{0xff, 0xfe}, Size: 2}, nil)
	rec.Record(&wire.Request{Method: "GET", Target: "/"}, nil, nil, errors.New("reset"), epoch, 0, "", nil)
	text, err := HAR("http://h", "1.2.3", rec.Exchanges())
	if err != nil {
		t.Fatal(err)
	}
	var har struct{ Log harLog }
	if err := json.Unmarshal(text, &har); err != nil {
		t.Fatal(err)
	}
	one, two := har.Log.Entries[0], har.Log.Entries[1]
	if har.Log.Version != "1.2" || one.Request.URL != "http://h/b?uploads&a=1" || len(one.Request.QueryString) != 2 || one.Request.PostData.Text != "hello" {
		t.Errorf("request %+v", one.Request)
	}
	if one.Response.Content.Encoding != "base64" || one.Response.Content.Text != "//4=" || one.Response.Content.Comment == "" {
		t.Errorf("response %+v", one.Response)
	}
	if one.Started != "2026-01-02T03:04:05Z" || one.Time != 1 {
		t.Errorf("started %s, %v ms", one.Started, one.Time)
	}
	if two.Response.Status != 0 || two.Comment != "reset" || !strings.Contains(string(text), `"cookies": []`) {
		t.Errorf("without a reply %+v", two)
	}
}

// shell gives what a shell makes of a word.
func shell(t *testing.T, words string) string {
	t.Helper()
	out, err := exec.Command("/bin/sh", "-c", "printf '%s' "+words).Output()
	if err != nil {
		t.Fatalf("sh cannot read %s: %v", words, err)
	}
	return string(out)
}

var awkward = []string{"", "a b", "it's", "$HOME `id` $(id) \\ \" ! * ? ~ # & ; | < >", "line\nbreak\ttab", "'", "''\\''", "-n", "=x", "ü€\xff\xfe"}

func TestQuote(t *testing.T) {
	for _, s := range awkward {
		word, ok := Quote(s)
		if got := shell(t, word); got != s || !ok {
			t.Errorf("%q is quoted as %s, which the shell reads as %q", s, word, got)
		}
	}
	if word, ok := Quote("a\x00b"); ok || word != "ab" {
		t.Errorf("NUL gives %s, %v", word, ok)
	}
}

func FuzzQuote(f *testing.F) {
	for _, s := range awkward {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		word, ok := Quote(s)
		if got := shell(t, word); ok && got != s {
			t.Errorf("%q is quoted as %s, which the shell reads as %q", s, word, got)
		}
	})
}

func FuzzRedact(f *testing.F) {
	f.Add("/b?x="+url.QueryEscape(secret), "Signature="+digits, "body "+secret)
	f.Fuzz(func(t *testing.T, target, field, body string) {
		rec := NewRecorder()
		rec.Redact = NewRedactor(Mask, nil, secret)
		record(rec, &wire.Request{Method: "PUT", Target: target, Fields: wire.Fields{{Name: "A", Value: field}}}, body, nil, nil)
		e := rec.Exchanges()[0]
		if all := e.Request.Target + "\n" + e.Request.Fields.Get("A") + "\n" + string(e.Request.Body); strings.Contains(all, secret) {
			t.Errorf("%q holds the secret", all)
		}
		e.Curl("http://h", "")
	})
}
