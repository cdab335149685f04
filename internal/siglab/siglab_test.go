package siglab_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"objectharness/internal/siglab"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/wire"
)

const token = "token-of-tests+/=0001"

func plainAsk(scheme string) *siglab.Ask {
	return &siglab.Ask{Scheme: scheme, Method: "PUT", URL: "https://album-1250000000.oss-cn-hangzhou.aliyuncs.com/a%20b?acl&x=1", Body: []byte("hello"),
		AccessKey: accessKey, SecretKey: secretKey, Token: token, Now: now}
}

// Every listed mistake has an advice, and every breakage a cause that exists.
func TestCausesAreExplained(t *testing.T) {
	all := siglab.Causes()
	for _, c := range all {
		if c.Advice() == "" {
			t.Errorf("%s has no advice", c)
		}
	}
	for _, b := range breakages {
		if !slices.Contains(all, siglab.Cause(b.cause)) {
			t.Errorf("%s: no cause is called %s", b.name, b.cause)
		}
	}
}

// A request that its client signed right is not accused of anything but a change
// on the way; the signature is read back from where it stands.
func TestSignedRequestIsReadBack(t *testing.T) {
	for _, s := range schemes.All() {
		for _, presign := range []bool{false, true} {
			q := plainAsk(s.Name())
			q.Presign, q.Token, q.Expires = presign, "", 7*time.Minute
			first, err := siglab.Sign(q)
			if err != nil {
				t.Fatal(err)
			}
			again := plainAsk(s.Name())
			again.Token, again.URL, again.Fields = "", first.Base+first.Request.Target, first.Request.Fields.Clone()
			again.Now = now.Add(time.Hour)
			second, err := siglab.Sign(again)
			if err != nil {
				t.Fatal(err)
			}
			if second.Signature() != first.Signature() || second.Claim.Signature != first.Signature() {
				t.Errorf("%s, presigned %t: signed %s, read back %s, signed again %s", s.Name(), presign, first.Signature(), second.Claim.Signature, second.Signature())
			}
			if got := second.Explain().Guesses[0].Cause; got != siglab.ChangedAfter {
				t.Errorf("%s, presigned %t: accused of %s", s.Name(), presign, got)
			}
		}
	}
}

// A token is signed once, wherever it stood, and is known as a secret.
func TestTokenIsTakenOver(t *testing.T) {
	for _, s := range schemes.All() {
		q := plainAsk(s.Name())
		q.Presign = true
		first, err := siglab.Sign(q)
		if err != nil {
			t.Fatal(err)
		}
		again := plainAsk(s.Name())
		again.Token, again.URL = "", first.Base+first.Request.Target
		again.Fields = first.Request.Fields.Clone()
		second, err := siglab.Sign(again)
		if err != nil {
			t.Fatal(err)
		}
		if second.Signature() != first.Signature() || !slices.Contains(second.Secrets(), token) {
			t.Errorf("%s: signed %s, again %s, secrets %q", s.Name(), first.Signature(), second.Signature(), second.Secrets())
		}
	}
}

// TestCurlSendsWhatWasSigned runs the command through a shell whose curl prints
// its words, and signs what it would send.
func TestCurlSendsWhatWasSigned(t *testing.T) {
	for _, s := range schemes.All() {
		for _, presign := range []bool{false, true} {
			q := plainAsk(s.Name())
			q.Presign = presign
			q.Fields = wire.Fields{{Name: "Content-Type", Value: "it's"}}
			signed, err := siglab.Sign(q)
			if err != nil {
				t.Fatal(err)
			}
			line := signed.Curl("my file", siglab.Way{})
			for _, secret := range []string{token, wire.Escape(token), secretKey} {
				if strings.Contains(line, secret) {
					t.Errorf("%s: the command holds a secret: %s", s.Name(), line)
				}
			}
			cmd := exec.Command("sh", "-c", "curl() { printf '%s\\n' \"$@\"; }\n"+line)
			cmd.Env = []string{"HARNESS_SECURITY_TOKEN=" + token}
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s\n%s", err, out, line)
			}
			words := strings.Split(string(out), "\n")
			for _, want := range []string{"@my file", "PUT", "Content-Type: it's"} {
				if !slices.Contains(words, want) {
					t.Errorf("%s: %q is not among %q", s.Name(), want, words)
				}
			}
			if !strings.Contains(string(out), token) {
				t.Errorf("%s: the shell's token is not sent: %q", s.Name(), words)
			}
		}
	}
}

func TestWrongAsks(t *testing.T) {
	for _, c := range []struct{ scheme, url, want string }{
		{"rot13", "http://h/", "no scheme is called"},
		{"oss-v1", "h/key", "must begin with http://"},
		{"oss-v1", "http:///key", "needs a host"},
		{"oss-v1", "http://user@h/key", "without credentials"},
		{"oss-v1", "http://h/key#part", "%23"},
	} {
		_, err := siglab.Sign(&siglab.Ask{Scheme: c.scheme, Method: "GET", URL: c.url, Now: now})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: got %v, want an error with %q", c.scheme, c.url, err, c.want)
		}
	}
	q := plainAsk("cos-sha1")
	q.ServerError = []byte("<html>")
	if _, err := siglab.Sign(q); err == nil {
		t.Error("a body that is no error body was taken")
	}
}

func TestCompareNamesTheByte(t *testing.T) {
	d := siglab.Compare("text", "GET\n/a%2fb\n", "GET\n/a%2Fb\n")
	if d == nil || d.Offset != 8 || d.Line != 2 || d.Column != 5 {
		t.Fatalf("got %+v, want byte 8 in line 2, column 5", d)
	}
	var out strings.Builder
	d.Write(&out, "signed", "server")
	want := "first difference: text, byte 8 (line 2, column 5)\n" +
		"  signed  66  GET\\n/a%2fb\\n\n" +
		"  server  46  GET\\n/a%2Fb\\n\n" +
		"              " + strings.Repeat(" ", 9) + "^\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
	if siglab.Compare("text", "same", "same") != nil {
		t.Error("a difference in the same text")
	}
	end := siglab.Compare("text", "ab", "ab\n")
	out.Reset()
	end.Write(&out, "a", "b")
	if !strings.Contains(out.String(), "a  --  ab(end)") || !strings.Contains(out.String(), `b  0a  ab\n`) {
		t.Errorf("got %s", out.String())
	}
}

// No error body and no URL makes the laboratory panic, and it always has a guess.
func FuzzExplain(f *testing.F) {
	f.Add("oss-v1", "http://b.oss-cn-hangzhou.aliyuncs.com/k?acl", "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>GET\n\n</StringToSign></Error>", "OSS a:b")
	f.Add("oss-v4", "http://h/k?x-oss-signature=1", "<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>GET</CanonicalRequest></Error>", "")
	f.Add("aws-sigv4", "https://h:1/b/%", "<Error><Code>RequestTimeTooSkewed</Code></Error>", "AWS4-HMAC-SHA256 Credential=a/b")
	f.Add("cos-sha1", "http://h", "<Error><Code>A</Code><StringToSign>sha1\n1;2\n\n</StringToSign></Error>", "q-sign-algorithm=sha1&q-signature=1&q-sign-time=x")
	f.Add("bce-auth-v1", "http://h/", `{"code":"SignatureDoesNotMatch"}`, "bce-auth-v1/a/b/c/d/e")
	f.Fuzz(func(t *testing.T, scheme, url, body, authorization string) {
		signed, err := siglab.Sign(&siglab.Ask{Scheme: scheme, Method: "GET", URL: url, ServerError: []byte(body), AccessKey: "a", SecretKey: "b", Now: now,
			Fields: wire.Fields{{Name: "Authorization", Value: authorization}}})
		if err != nil {
			return
		}
		if found := signed.Explain(); len(found.Guesses) == 0 {
			t.Errorf("no guess at all: %+v", found)
		}
	})
}

// Without a time and without a signature that has one, a request is signed at Now.
func TestSignsNowUnlessTold(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ask := siglab.Ask{Scheme: "bce-auth-v1", Method: "GET", URL: "http://bj.bcebos.com/bucket/key", AccessKey: "ak", SecretKey: "sk", Now: at}
	signed, err := siglab.Sign(&ask)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	signed.Write(&out)
	if !strings.Contains(out.String(), "bce-auth-v1/ak/2026-03-01T12:00:00Z/1800") {
		t.Errorf("not signed at Now:\n%s", out.String())
	}
}
