package suites

import (
	"crypto/sha1"
	"encoding/hex"
	"slices"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// signCOS signs an HttpString.
func signCOS(_ *sign.Input, own *sign.Steps, http string) string {
	key, _ := own.Get("SignKey")
	return hexHMAC1([]byte(key), stringToSign(own, http))
}

// stringToSign is the second text that COS signs, over the first.
func stringToSign(own *sign.Steps, http string) string {
	keyTime, _ := own.Get("KeyTime")
	digest := sha1.Sum([]byte(http))
	return "sha1\n" + keyTime + "\n" + hex.EncodeToString(digest[:]) + "\n"
}

func hexHMAC1(key []byte, text string) string {
	sum := sign.HMAC1(key, []byte(text))
	return hexText(sum[:])
}

// resigned is the COS scheme with a mistake behind the HttpString: in the string
// to sign or in the key.
type resigned struct {
	sign.Scheme
	sign func(in *sign.Input, own *sign.Steps, text string) string
}

// Append signs as the scheme does and puts the other signature in its place.
func (s resigned) Append(dst []byte, r *wire.Request, in *sign.Input, steps *sign.Steps) ([]byte, error) {
	var own sign.Steps
	out, err := s.Scheme.Append(nil, r, in, &own)
	if err != nil {
		return nil, err
	}
	text, _ := own.Get("StringToSign")
	sig, _ := own.Get(sign.StepSignature)
	return append(dst, strings.Replace(string(out), sig, s.sign(in, &own, text), 1)...), nil
}

// resign is a mutation that signs the string to sign in another way.
func resign(name, text string, how func(in *sign.Input, own *sign.Steps, text string) string) mutation {
	return mutation{name: name, text: text, wrap: func(s sign.Scheme) sign.Scheme { return resigned{s, how} }}
}

// withSignKey signs a changed string to sign with the right key.
func withSignKey(change respelling) func(*sign.Input, *sign.Steps, string) string {
	return func(_ *sign.Input, own *sign.Steps, text string) string {
		key, _ := own.Get("SignKey")
		return hexHMAC1([]byte(key), change(text))
	}
}

// onLine changes one line of the signed text, counted from 0.
func onLine(n int, change func(string) string) respelling {
	return func(text string) string {
		lines := strings.Split(text, "\n")
		lines[n] = change(lines[n])
		return strings.Join(lines, "\n")
	}
}

// reversed turns the order of the pairs of a line round.
func reversed(line string) string {
	pairs := strings.Split(line, "&")
	slices.Reverse(pairs)
	return strings.Join(pairs, "&")
}

// unescaped is a line as it was before it was escaped.
func unescaped(line string) string {
	plain, _ := wire.Unescape(line)
	return plain
}

// asPlain leaves those marks alone that encodeURIComponent does not escape.
func asPlain(line string) string {
	return strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*").Replace(line)
}

// cosPage reads a page of the bucket, with a parameter without a value.
var cosPage = ask{name: "list", text: "a listing",
	call: func(s *Scene, key string) client.Call {
		return client.Call{Method: "GET", Bucket: s.Bucket, Query: []wire.Param{{Name: "prefix", Value: s.Key(key)},
			{Name: "delimiter", Bare: true}, {Name: "max-keys", Value: "1"}}}
	},
	right: Accepted(200),
}

// strangeKey is the end of a key of which hardly a letter stays in a URL what it is.
const strangeKey = "/a!'()*b/c d+é中"

// sentPath wants the request to have been sent with an end of its path.
func sentPath(end string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		path, _ := wire.SplitTarget(r.Request.Target)
		if strings.HasSuffix(path, end) {
			return nil
		}
		return []Flaw{{"a path that ends in " + end, path}}
	}
}

// cosReadings signs each line of the HttpString as it should be, and as somebody
// might read the documents who reads them wrong.
func cosReadings(b *Book) {
	strange := askGet.at(strangeKey)
	strange.right = strange.right.With(sentPath("/a%21%27%28%29%2Ab/c%20d%2B%C3%A9%E4%B8%AD"))
	get := func(name, value string) ask { return askGet.asking(wire.Param{Name: name, Value: value}) }
	for _, c := range []struct {
		ask     ask
		clauses string
		other   mutation
	}{
		{askGet, "COS-SIGN-02 COS-XSIG-01", over("method-case", "with the method in upper case", onLine(0, strings.ToUpper))},
		{askGet, "COS-SIGN-02 COS-XSIG-01", over("empty-line", "without the empty line of no parameters", replaced("\n\n", "\n"))},
		{askPut, "COS-SIGN-02 COS-XSIG-01", over("last-line", "without the line feed at the end", func(t string) string { return strings.TrimSuffix(t, "\n") })},
		{strange, "COS-SIGN-13 COS-XSIG-03 COS-SIGN-12", over("path-escaped", "with the path as it is sent", onLine(1, wire.EscapePath))},
		{cosPage, "COS-XSIG-02", over("parameter-bare", "without an equals sign behind a parameter without a value", replaced("delimiter=&", "delimiter&"))},
		{cosPage, "COS-XSIG-02", over("parameter-order", "with the parameters in another order", onLine(2, reversed))},
		{cosPage, "COS-XSIG-02", over("parameter-value", "with the values of parameters not escaped", onLine(2, unescaped))},
		{get("Probe", "1"), "COS-XSIG-02", over("parameter-case", "with the names of parameters in their own case", replaced("probe=", "Probe="))},
		{get("response-content-disposition", "attachment; filename=a!'()*b.txt"), "COS-SIGN-12", over("parameter-marks", "with five marks not escaped", onLine(2, asPlain))},
		{askPut, "COS-XSIG-02", over("field-order", "with the fields in another order", onLine(3, reversed))},
		{askPut, "COS-XSIG-02", over("field-value", "with the values of fields not escaped", onLine(3, unescaped))},
	} {
		b.contrast(cosHeader, c.ask, "text/"+c.other.name, "accepts a request that is signed rightly and refuses one signed "+c.other.text,
			Row{Clauses: c.clauses, Want: cosMismatch}, untouched, c.other)
	}
	b.contrast(cosURL, strange, "text/path-escaped", "accepts a URL signed over the decoded path and refuses one signed over the path as it is sent",
		Row{Clauses: "COS-PRESIGN-16", Want: cosMismatch}, untouched, over("", "with the path as it is sent", onLine(1, wire.EscapePath)))
	b.contrast(cosHeader, cosPage.inHost(), "text/bucket", "accepts a request for a bucket that is signed over the path / and refuses one over /bucket/",
		Row{Clauses: "COS-PRESIGN-20", Want: cosMismatch}, untouched, mutation{text: "over /bucket/", on: func(s *Scene) mutation {
			return over("", "", replaced("\n/\n", "\n/"+s.Bucket+"/\n"))
		}})
}

// cosKeys makes mistakes in the string to sign and in the keys.
func cosKeys(b *Book) {
	for _, c := range []struct {
		clauses string
		other   mutation
	}{
		{"COS-SIGN-03 COS-XSIG-01", resign("last-line", "without the line feed at the end of the string to sign", withSignKey(func(t string) string { return strings.TrimSuffix(t, "\n") }))},
		{"COS-SIGN-03 COS-XSIG-01", resign("algorithm", "without the algorithm in the string to sign", withSignKey(replaced("sha1\n", "")))},
		{"COS-SIGN-03 COS-XSIG-01", resign("digest-case", "with the digest in upper case", withSignKey(onLine(2, strings.ToUpper)))},
		{"COS-SIGN-04 COS-XSIG-01", resign("raw-key", "with the 20 bytes of the key instead of its 40 digits", func(_ *sign.Input, own *sign.Steps, text string) string {
			key, _ := own.Get("SignKey")
			raw, _ := hex.DecodeString(key)
			return hexHMAC1(raw, text)
		})},
		{"COS-SIGN-01 COS-XSIG-01", resign("secret-as-key", "with the secret itself", func(in *sign.Input, _ *sign.Steps, text string) string {
			return hexHMAC1([]byte(in.SecretKey), text)
		})},
		{"COS-SIGN-01 COS-XSIG-01", resign("start-as-key-time", "with a key for the start of its time alone", func(in *sign.Input, own *sign.Steps, text string) string {
			keyTime, _ := own.Get("KeyTime")
			start, _, _ := strings.Cut(keyTime, ";")
			return hexHMAC1([]byte(hexHMAC1([]byte(in.SecretKey), start)), text)
		})},
	} {
		for _, f := range []form{cosHeader, cosURL} {
			b.contrast(f, askGet, "key/"+c.other.name, "accepts "+f.text+" as it should be and refuses one made "+c.other.text,
				Row{Clauses: c.clauses, Want: cosMismatch}, untouched, c.other)
		}
	}
}

// hexText writes bytes as hexadecimal digits.
func hexText(b []byte) string { return hex.EncodeToString(b) }
