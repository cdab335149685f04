package suites

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// inHex writes the base64 signature at the end of an Authorization value in
// hexadecimal digits.
func inHex(value string) string {
	at := strings.LastIndexByte(value, ':') + 1
	raw, err := base64.StdEncoding.DecodeString(value[at:])
	if err != nil {
		return value
	}
	return value[:at] + hex.EncodeToString(raw)
}

// element wants an element of the error body to have a value: a string, a
// matcher, or a function of the scene and the request that was sent.
func element(name string, want any) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw {
		expect := want
		if f, ok := want.(func(*Scene, *client.Reply) string); ok {
			expect = f(s, r)
		}
		got, there := extra(r, name)
		if !there {
			return []Flaw{{"element " + name, "no such element"}}
		}
		if expected, ok := matches(expect, got); !ok {
			return []Flaw{{"element " + name + " " + expected, excerpt(got)}}
		}
		return nil
	}
}

// both asks two checks.
func both(a, b func(*Scene, *client.Reply) []Flaw) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw { return append(a(s, r), b(s, r)...) }
}

// isoMillis is a time of ISO 8601 with milliseconds.
var isoMillis = gomega.MatchRegexp(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)

func ossV1Shown(b *Book) {
	shows := func(clause string, check func(*Scene, *client.Reply) []Flaw) Row {
		return Row{Clauses: clause, Want: Refused(403, "SignatureDoesNotMatch").With(check)}
	}
	acl := askBucket.asking(wire.Param{Name: "acl", Bare: true}).named("acl", "a GET of an ACL")
	acl.right = Want{}.With(pastSignature)
	wrongKey := func(name string) mutation { m := otherSecret; m.name = "shows." + name; return m }
	b.refusal(ossV1, acl, wrong{wrongKey("string-to-sign"), shows("OSS-SIGN-HDR-20", element("StringToSign", aclText))})
	b.refusal(ossV1, acl, wrong{wrongKey("string-to-sign-bytes"), shows("OSS-SIGN-HDR-21", element("StringToSignBytes", func(s *Scene, r *client.Reply) string {
		return spacedHex(aclText(s, r))
	}))})
	for _, f := range []form{ossV1, ossV1URL} {
		b.refusal(f, askGet, wrong{wrongKey("signature"), shows("OSS-SIGN-HDR-22", element("SignatureProvided", givenSignature))})
		b.refusal(f, askGet, wrong{wrongKey("access-key"), shows("OSS-SIGN-HDR-23", element("OSSAccessKeyId", ownKey))})
	}
	b.refusal(ossV1URL, askGet, wrong{wrongKey("string-to-sign-bytes"), shows("OSS-SIGN-HDR-21", element("StringToSignBytes", func(s *Scene, r *client.Reply) string {
		return spacedHex(signedText(s, r))
	}))})
}

// aclText is what a GET of the ACL of the bucket signs: with the line of the
// token where the account has one.
func aclText(s *Scene, r *client.Reply) string {
	token := s.Owner.Keys.Token
	if token != "" {
		token = "x-oss-security-token:" + token + "\n"
	}
	return "GET\n\n\n" + r.Request.Fields.Get("Date") + "\n" + token + "/" + s.Bucket + "/?acl"
}

// signedText is the string to sign of our own signature: what the server signs,
// too, where only the secret or the signature is wrong.
func signedText(_ *Scene, r *client.Reply) string {
	text, _ := r.Steps.Get(sign.StepText)
	return text
}

// givenSignature is the signature that a request came with.
func givenSignature(_ *Scene, r *client.Reply) string {
	for _, name := range []string{"Signature", "x-oss-signature"} {
		if sig, n := sign.Param(r.Request.Target, name); n > 0 {
			return sig
		}
	}
	value := r.Request.Fields.Get("Authorization")
	if _, sig, v4 := strings.Cut(value, "Signature="); v4 {
		return sig
	}
	_, sig, _ := strings.Cut(value, ":")
	return sig
}

// withElement adds an element to what is wanted of the error bodies.
func withElement(name string, want any, list ...wrong) []wrong {
	for i := range list {
		check := element(name, want)
		if list[i].Want.Check != nil {
			check = both(list[i].Want.Check, check)
		}
		list[i].Want = list[i].Want.With(check)
	}
	return list
}

// ownKey is the access key that the owner signs with.
func ownKey(s *Scene, _ *client.Reply) string { return s.Owner.Keys.AccessKey }

// spacedHex writes two digits for every byte with blanks between.
func spacedHex(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(hex.EncodeToString([]byte{text[i]}))
	}
	return b.String()
}

// documented are the keys of the worked examples.
var documented = client.Keys{AccessKey: "44CF9590006BF252F707", SecretKey: "OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV"}

// documentedAt opens an emulator of the case's own, at an instant, whose owner
// has the documented keys and the documented bucket.
func documentedAt(at time.Time) Given {
	return func(s *Scene) {
		s.NewPrivate(Setup{Time: at, Keys: []client.Keys{documented}})
		s.Must(client.Call{Method: "PUT", Bucket: "oss-example"})
	}
}

func ossV1Accounts(b *Book) {
	b.contrast(ossV1, askGet, "right", "processes a request whose signature is the one computed, and no other", ossMismatch("OSS-SIGN-HDR-02"), untouched, otherSecret)
	b.Case("v1/account", "processes a request as the account whose access key it names, not as one whose key begins alike", By{
		"oss": {Clauses: "OSS-SIGN-HDR-02", Want: Accepted(200).Content("content")},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{func(s *Scene) {
			s.NewPrivate(Setup{Keys: []client.Keys{{AccessKey: "harnesskey01", SecretKey: "one-secret"}, {AccessKey: "harnesskey0123", SecretKey: "another-secret"}}})
		}, put("a", "content")},
		When: func(s *Scene) client.Call { return s.Get(s.Key("a")) },
	})
	example := func(sig string) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			return client.Call{Method: "PUT", Bucket: "oss-example", Key: s.In("oss-example", "nelson"), Anonymous: true, Fields: wire.Fields{
				Field("Content-MD5", "ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM="), Field("Content-Type", "text/html"),
				Field("Date", "Thu, 17 Nov 2005 18:49:58 GMT"), Field("X-OSS-Meta-Author", "foo@bar.com"), Field("X-OSS-Magic", "abracadabra"),
				Field("Authorization", "OSS 44CF9590006BF252F707:"+sig)}}
		}
	}
	b.Case("v1/example", "takes the signature of the worked example for right, whatever it says of the digest", By{
		"oss": {Clauses: "OSS-SIGN-HDR-44", Want: Want{}.With(pastSignature), Rests: "OSS-PUTBUCKET-01"},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{documentedAt(time.Date(2005, 11, 17, 18, 50, 0, 0, time.UTC))},
		When:  example("26NBxoKdsyly4EDv6inkoDft/yA="),
		After: []After{{Text: "another signature is refused", Call: example("36NBxoKdsyly4EDv6inkoDft/yA="), Want: Refused(403, "SignatureDoesNotMatch")}},
	})
}
