package schemes_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/sign/sigv4"
	"objectharness/internal/wire"
)

var signedAt = time.Date(2024, 2, 29, 23, 59, 59, 0, time.UTC)

const letters = "aZ0 +%~*/&=?#!'()标:;,@$\"-._"

func randomText(rng *rand.Rand, n int) string {
	all := []rune(letters)
	var b strings.Builder
	for range rng.IntN(n) {
		b.WriteRune(all[rng.IntN(len(all))])
	}
	return b.String()
}

// randomRequest is a request as a client would put it on the wire.
func randomRequest(rng *rand.Rand, prefix string) (*wire.Request, string) {
	key := "k" + randomText(rng, 20)
	r := &wire.Request{Method: []string{"GET", "PUT", "POST", "DELETE", "HEAD"}[rng.IntN(5)], Target: wire.EscapePath("/" + key)}
	var query []wire.Param
	for range rng.IntN(6) {
		query = append(query, wire.Param{Name: "p" + randomText(rng, 4), Value: randomText(rng, 30), Bare: rng.IntN(3) == 0})
		if rng.IntN(3) == 0 {
			query = append(query, query[len(query)-1])
		}
	}
	for i := range query {
		if query[i].Bare {
			query[i].Value = ""
		}
	}
	if len(query) > 0 {
		r.Target += "?" + string(wire.AppendQuery(nil, query))
	}
	r.Fields.Add("Host", "b.example.com:9000")
	r.Fields.Add("Content-Type", " text/plain;  x=y ")
	r.Fields.Add("X-"+strings.ToUpper(prefix)+"-Meta-A", randomText(rng, 9))
	r.Fields.Add("x-"+prefix+"-meta-a", " twice ")
	r.Body, r.Length = strings.NewReader(key), int64(len(key))
	return r, "/b/" + key
}

var prefixes = map[string]string{"aws-sigv4": "amz", "bce-auth-v1": "bce", "cos-sha1": "cos", "oss-v1": "oss", "oss-v4": "oss"}

func inputFor(resource, token string, presign bool) *sign.Input {
	return &sign.Input{AccessKey: "AK", SecretKey: "secret/+", Token: token, Time: signedAt, Region: "r-1", Resource: resource, Presign: presign}
}

func checkFor(in *sign.Input) *sign.Check {
	return &sign.Check{
		Keys: func(ak string) (string, string, bool) { return in.SecretKey, in.Token, ak == in.AccessKey },
		Now:  signedAt, Region: in.Region, Resource: in.Resource,
	}
}

// each calls f with signed requests of every scheme and form.
func each(t *testing.T, f func(t *testing.T, rng *rand.Rand, s sign.Scheme, r *wire.Request, in *sign.Input)) {
	for _, s := range schemes.All() {
		for _, presign := range []bool{false, true} {
			for _, token := range []string{"", "to/ken+=="} {
				t.Run(fmt.Sprintf("%s presign=%v token=%v", s.Name(), presign, token != ""), func(t *testing.T) {
					rng := rand.New(rand.NewPCG(1, 2))
					for range 60 {
						r, resource := randomRequest(rng, prefixes[s.Name()])
						in := inputFor(resource, token, presign)
						if err := sign.Apply(s, r, in, nil); err != nil {
							t.Fatal(err)
						}
						f(t, rng, s, r, in)
					}
				})
			}
		}
	}
}

func TestVerifyAcceptsWhatAppendMade(t *testing.T) {
	each(t, func(t *testing.T, _ *rand.Rand, s sign.Scheme, r *wire.Request, in *sign.Input) {
		v, err := s.Verify(r, checkFor(in), nil)
		if err != nil {
			t.Fatalf("%s %v: %v", r.Target, r.Fields, err)
		}
		if v.AccessKey != in.AccessKey || v.Presigned != in.Presign {
			t.Errorf("got %+v", v)
		}
		if _, err := io.ReadAll(v.Body); err != nil {
			t.Errorf("body: %v", err)
		}
	})
}

func TestChangedBytesAreRefused(t *testing.T) {
	each(t, func(t *testing.T, rng *rand.Rand, s sign.Scheme, r *wire.Request, in *sign.Input) {
		for what, change := range map[string]func(*wire.Request, *sign.Check){
			"method": func(r *wire.Request, _ *sign.Check) { r.Method = "PATCH" },
			"path": func(r *wire.Request, ck *sign.Check) {
				r.Target = strings.Replace(r.Target, "/k", "/l", 1)
				ck.Resource = strings.Replace(ck.Resource, "/k", "/l", 1)
			},
			"field":     func(r *wire.Request, _ *sign.Check) { r.Fields[3].Value += "x" },
			"signature": func(r *wire.Request, _ *sign.Check) { flip(rng, r, in.Presign) },
			"token":     func(_ *wire.Request, ck *sign.Check) { ck.Keys = otherToken(ck.Keys) },
			"secret":    func(_ *wire.Request, ck *sign.Check) { ck.Keys = otherSecret(ck.Keys) },
		} {
			changed, ck := *r, checkFor(in)
			changed.Fields = r.Fields.Clone()
			change(&changed, ck)
			_, err := s.Verify(&changed, ck, nil)
			var no *sign.Refusal
			if !errors.As(err, &no) {
				t.Fatalf("%s changed: got %v, want a refusal\n%s\n%v", what, err, changed.Target, changed.Fields)
			}
			if no.Reason == sign.Mismatch && (no.Signature == "" || no.StringToSign+no.CanonicalRequest == "" || no.AccessKey != "AK") {
				t.Errorf("%s: a mismatch without its evidence: %+v", what, no)
			}
		}
	})
}

// flip changes one character inside the signature, which stands last.
func flip(rng *rand.Rand, r *wire.Request, presign bool) {
	text := &r.Target
	if !presign {
		text = &r.Fields[len(r.Fields)-1].Value
	}
	b := []byte(*text)
	i := len(b) - 8 - rng.IntN(8)
	for escaped(b, i) {
		i--
	}
	if b[i] == '1' {
		b[i] = '2'
	} else {
		b[i] = '1'
	}
	*text = string(b)
}

// escaped tells whether b[i] is no letter or digit, or stands in an escape.
func escaped(b []byte, i int) bool {
	c := b[i]
	plain := '0' <= c && c <= '9' || 'a' <= c && c <= 'y' || 'B' <= c && c <= 'Y'
	return !plain || b[i-1] == '%' || b[i-2] == '%'
}

func otherToken(keys sign.Keys) sign.Keys {
	return func(ak string) (string, string, bool) {
		secret, token, ok := keys(ak)
		return secret, token + "x", ok
	}
}

func otherSecret(keys sign.Keys) sign.Keys {
	return func(ak string) (string, string, bool) {
		secret, token, ok := keys(ak)
		return secret + "x", token, ok
	}
}

func TestChunkedRoundTrip(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789"), 3000)
	for _, word := range []string{sigv4.Signed, sigv4.SignedTrailer, sigv4.UnsignedTrailer} {
		r, in := chunkedRequest(t, data, word)
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		read := func(wireBody []byte) ([]byte, *sign.Verified, error) {
			r.Body = bytes.NewReader(wireBody)
			v, err := sigv4.Scheme{}.Verify(r, checkFor(in), nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(v.Body)
			return got, v, err
		}
		got, v, err := read(body)
		if err != nil || !bytes.Equal(got, data) || v.Length != int64(len(data)) {
			t.Fatalf("%s: %d bytes, %v", word, len(got), err)
		}
		if word != sigv4.Signed && v.Trailers().Get("x-amz-checksum-crc32") != "AAAAAA==" {
			t.Errorf("%s: trailers %v", word, v.Trailers())
		}
		if _, _, err := read(body[:len(body)-20]); err == nil {
			t.Errorf("%s: a body cut short passes", word)
		}
		if word == sigv4.UnsignedTrailer {
			continue
		}
		body[len(body)/2] ^= 1
		var no *sign.Refusal
		if _, _, err := read(body); !errors.As(err, &no) || no.Reason != sign.BadChunk {
			t.Errorf("%s: a changed byte gives %v, want %s", word, err, sign.BadChunk)
		}
	}
}

func chunkedRequest(t testing.TB, data []byte, word string) (*wire.Request, *sign.Input) {
	r := &wire.Request{Method: "PUT", Target: "/k", Fields: wire.Fields{{Name: "Host", Value: "h"}}, Body: bytes.NewReader(data), Length: int64(len(data))}
	in := inputFor("", "", false)
	ch := sigv4.Chunks{Word: word, Size: 8192}
	if word != sigv4.Signed {
		ch.Names = []string{"x-amz-checksum-crc32"}
		ch.Trailers = func() wire.Fields { return wire.Fields{{Name: "x-amz-checksum-crc32", Value: "AAAAAA=="}} }
	}
	if err := (sigv4.Scheme{}).ApplyChunked(r, in, ch, nil); err != nil {
		t.Fatal(err)
	}
	return r, in
}

func TestBodyThatDoesNotMatchItsHash(t *testing.T) {
	r, resource := randomRequest(rand.New(rand.NewPCG(3, 4)), "amz")
	in := inputFor(resource, "", false)
	if err := sign.Apply(sigv4.Scheme{}, r, in, nil); err != nil {
		t.Fatal(err)
	}
	r.Body = strings.NewReader("another body")
	v, err := sigv4.Scheme{}.Verify(r, checkFor(in), nil)
	if err != nil {
		t.Fatal(err)
	}
	var no *sign.Refusal
	if _, err := io.ReadAll(v.Body); !errors.As(err, &no) || no.Reason != sign.BadPayload {
		t.Errorf("got %v, want %s", err, sign.BadPayload)
	}
}

func TestOverruledChecksGoOn(t *testing.T) {
	each(t, func(t *testing.T, _ *rand.Rand, s sign.Scheme, r *wire.Request, in *sign.Input) {
		ck := checkFor(in)
		ck.Now = signedAt.Add(1000 * time.Hour)
		ck.Keys = otherToken(otherSecret(ck.Keys))
		var asked []sign.Reason
		ck.Holds = func(r sign.Reason, ok bool) bool {
			if !ok {
				asked = append(asked, r)
			}
			return true
		}
		if _, err := s.Verify(r, ck, nil); err != nil {
			t.Fatalf("overruled, and still: %v", err)
		}
		if len(asked) < 3 {
			t.Errorf("asked %v, want at least time, token and signature", asked)
		}
	})
}

func TestEachSchemeClaimsItsOwn(t *testing.T) {
	each(t, func(t *testing.T, _ *rand.Rand, s sign.Scheme, r *wire.Request, _ *sign.Input) {
		if got, ok := sign.Claimed(r, schemes.All()); !ok || got.Name() != s.Name() {
			t.Fatalf("%s: claimed by %v", s.Name(), got)
		}
	})
	if s, ok := sign.Claimed(&wire.Request{Target: "/k?acl"}, schemes.All()); ok {
		t.Errorf("an anonymous request is claimed by %s", s.Name())
	}
}
