package osscallback

import (
	"bytes"
	"crypto"
	"crypto/md5"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// The example that the document prints, and the service's key, which it does not.
const (
	address   = "http://gosspublic.alicdn.com/callback_pub_key_v1.pem"
	published = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKs/JBGzwUB2aVht4crBx3oIPBLNsjGsC0fTXv+nvlmklvkcolvpvXLTjaxUHR3W9LXxQ2EHXAJfCB+6H2YF1k8CAwEAAQ=="
	signature = "kKQeGTRccDKyHB3H9vF+xYMSrmhMZjzzl2/kdD1ktNVgbWEfYTQG0G2SU/RaHBovRCE8OkQDjC3uG33esH2txA=="
	target    = "/index.php?id=1&index=2"
	body      = "bucket=yonghu-test"
)

func example() *wire.Request {
	return &wire.Request{Method: "POST", Target: target, Fields: wire.Fields{
		{Name: "Host", Value: "121.43.113.8"}, {Name: "authorization", Value: signature}, {Name: KeyURLField, Value: KeyURL(address)}}}
}

func publishedKey(string) (*rsa.PublicKey, error) { return ParseKey([]byte(published)) }

// testKey is a key of our own: of no use anywhere else.
func testKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	text, err := os.ReadFile("testdata/key.txt")
	if err != nil {
		t.Fatal(err)
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		t.Fatal(err)
	}
	return key.(*rsa.PrivateKey)
}

func TestDocumentedExample(t *testing.T) {
	steps := &sign.Steps{}
	if err := Verify(example(), []byte(body), &Check{Key: publishedKey}, steps); err != nil {
		t.Error(err)
	}
	for _, want := range []sign.Step{
		{Name: StepKeyURL, Value: address}, {Name: StepText, Value: target + "\n" + body}, {Name: StepHash, Value: "5b74fc97cc385b45c6c8b7782d5a2140"},
	} {
		if got, _ := steps.Get(want.Name); got != want.Value {
			t.Errorf("%s: got %q, want %q", want.Name, got, want.Value)
		}
	}
}

func TestText(t *testing.T) {
	for given, want := range map[string]string{
		"/cb":               "/cb\nb",
		"/cb?":              "/cb?\nb",
		"/a%20b/%E4%B8%AD":  "/a b/中\nb",
		"/a+b?x=%20+%E4":    "/a+b?x=%20+%E4\nb", // only the path is decoded
		"/a%2?x":            "/a%2?x\nb",         // broken escapes are taken as they are
		"/a%3Fb?c?d":        "/a?b?c?d\nb",
		"/index.php?id=1&=": "/index.php?id=1&=\nb",
	} {
		if got := string(Text(given, []byte("b"))); got != want {
			t.Errorf("Text(%q) = %q, want %q", given, got, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	set := func(name, value string) func(*wire.Request) {
		return func(r *wire.Request) { r.Fields.Set(name, value) }
	}
	none := func(*wire.Request) {}
	for _, c := range []struct {
		name   string
		change func(*wire.Request)
		body   string
		key    func(string) (*rsa.PublicKey, error)
		want   sign.Reason
	}{
		{"no authorization", func(r *wire.Request) { r.Fields.Del(AuthField) }, body, publishedKey, sign.Anonymous},
		{"two", func(r *wire.Request) { r.Fields.Add(AuthField, signature) }, body, publishedKey, sign.Repeated},
		{"two keys", func(r *wire.Request) { r.Fields.Add(KeyURLField, "x") }, body, publishedKey, sign.Repeated},
		{"no base64", set(AuthField, "OSS a:b"), body, publishedKey, sign.Malformed},
		{"no key", func(r *wire.Request) { r.Fields.Del(KeyURLField) }, body, publishedKey, sign.MissingField},
		{"key address in clear", set(KeyURLField, address), body, publishedKey, sign.Malformed},
		{"key elsewhere", set(KeyURLField, KeyURL("http://gosspublic.alicdn.com.evil.example/k.pem")), body, publishedKey, ForeignKeyURL},
		{"key over another scheme", set(KeyURLField, KeyURL("ftp://gosspublic.alicdn.com/k.pem")), body, publishedKey, ForeignKeyURL},
		{"key cannot be had", none, body, func(string) (*rsa.PublicKey, error) { return nil, errors.New("gone") }, sign.UnknownKey},
		{"key too short", none, body, func(string) (*rsa.PublicKey, error) { return &rsa.PublicKey{N: big.NewInt(77), E: 3}, nil }, sign.UnknownKey},
		{"0 for O", set(AuthField, strings.Replace(signature, "8Ok", "80k", 1)), body, publishedKey, sign.Mismatch},
		{"path without slash", func(r *wire.Request) { r.Target = r.Target[1:] }, body, publishedKey, sign.Mismatch},
		{"other query", func(r *wire.Request) { r.Target += "&a" }, body, publishedKey, sign.Mismatch},
		{"other body", none, body + "\n", publishedKey, sign.Mismatch},
		{"short signature", set(AuthField, "AAAA"), body, publishedKey, sign.Mismatch},
		{"signature above the modulus", set(AuthField, base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0xff}, 64))), body, publishedKey, sign.Mismatch},
	} {
		r := example()
		c.change(r)
		err := Verify(r, []byte(c.body), &Check{Key: c.key}, nil)
		var no *sign.Refusal
		if !errors.As(err, &no) || no.Reason != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// Verify agrees with crypto/rsa, and any changed byte breaks what Sign made.
func TestSignedIsVerifiedAndNothingElse(t *testing.T) {
	key := testKey(t)
	rng := rand.New(rand.NewPCG(3, 4))
	ck := &Check{Key: func(string) (*rsa.PublicKey, error) { return &key.PublicKey, nil }}
	for range 40 {
		to := "/" + random(rng, 20) + "?" + random(rng, 30)
		content := []byte(random(rng, 60) + "x")
		sig, err := Sign(to, content, key, nil)
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := base64.StdEncoding.DecodeString(sig)
		sum := md5.Sum(Text(to, content))
		if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.MD5, sum[:], raw); err != nil {
			t.Fatalf("crypto/rsa refuses: %v", err)
		}
		r := &wire.Request{Method: "POST", Target: to, Fields: wire.Fields{{Name: AuthField, Value: sig}, {Name: KeyURLField, Value: KeyURL(address)}}}
		if err := Verify(r, content, ck, nil); err != nil {
			t.Fatalf("%q: %v", to, err)
		}
		i := rng.IntN(len(content))
		content[i] ^= 1
		if Verify(r, content, ck, nil) == nil {
			t.Errorf("%q: a changed body is accepted", to)
		}
		content[i] ^= 1
		raw[rng.IntN(len(raw))] ^= 1 << rng.IntN(8)
		r.Fields.Set(AuthField, base64.StdEncoding.EncodeToString(raw))
		if Verify(r, content, ck, nil) == nil {
			t.Errorf("%q: a changed signature is accepted", to)
		}
	}
}

func random(rng *rand.Rand, most int) string {
	const letters = "abcXYZ019-._~/ %+&=?中é"
	var b strings.Builder
	for range rng.IntN(most) {
		b.WriteByte(letters[rng.IntN(len(letters))])
	}
	return b.String()
}

func TestOverruledChecksGoOn(t *testing.T) {
	r := example()
	r.Fields.Set(KeyURLField, KeyURL("http://elsewhere.example/k.pem"))
	ck := &Check{Key: publishedKey, Holds: func(why sign.Reason, ok bool) bool { return ok || why == ForeignKeyURL }}
	if err := Verify(r, []byte(body), ck, nil); err != nil {
		t.Errorf("got %v, want the foreign address let through", err)
	}
}

func TestParseKey(t *testing.T) {
	for _, bad := range []string{"", "!", "AAAA", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"} {
		if _, err := ParseKey([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(target, signature, KeyURL(address), []byte(body), []byte(published))
	f.Fuzz(func(t *testing.T, to, sig, key string, content, public []byte) {
		r := &wire.Request{Method: "POST", Target: to, Fields: wire.Fields{{Name: AuthField, Value: sig}, {Name: KeyURLField, Value: key}}}
		err := Verify(r, content, &Check{Key: func(string) (*rsa.PublicKey, error) { return ParseKey(public) }}, &sign.Steps{})
		if err != nil && !errors.As(err, new(*sign.Refusal)) {
			t.Errorf("the error is no refusal: %v", err)
		}
	})
}
