package emulator

import (
	"encoding/hex"
	"slices"
	"strings"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// ossV4 is the second signature of OSS: the hash of a canonical request.
var ossV4 = spelling{
	text: func(r *sign.Refusal) string { return r.CanonicalRequest },
	sign: func(c *call, r *sign.Refusal, request string) string {
		return hashedSignature(c, r, request, "aliyun_v4")
	},
	slips: []slip{
		{part: "verb", texts: otherVerbs},
		{part: "bucket", texts: v4URI},
		{part: "params", texts: v4Query(leftOut)},
		{part: "param-order", texts: v4Query(byDecodedName)},
		{part: "content-type", texts: v4Fields(func(line string) bool { return strings.HasPrefix(line, "content-type:") })},
		{part: "content-md5", texts: v4Fields(func(line string) bool { return strings.HasPrefix(line, "content-md5:") })},
		{part: "fields", texts: v4Fields(func(line string) bool { return strings.HasPrefix(line, "x-oss-meta-") })},
		{part: "token", texts: v4Fields(isToken)},
		{part: "additional-fields", texts: v4Fields(isAdditional)},
	},
}

// hashedSignature signs as OSS V4 and AWS Signature Version 4 do: prefix stands
// before the secret, and the scope is that of the string to sign.
func hashedSignature(c *call, r *sign.Refusal, request, prefix string) string {
	lines := strings.Split(r.StringToSign, "\n")
	if len(lines) != 4 {
		return ""
	}
	scope := append(strings.Split(lines[2], "/"), "", "", "", "")
	a, _ := c.e.account(r.AccessKey)
	key := sign.DerivedKey(prefix, a.SecretKey, scope[0], scope[1], scope[2], scope[3])
	text := sign.HexSHA256([]byte(strings.Join(lines[:3], "\n")+"\n"), []byte(request))
	sum := sign.HMAC256(key[:], text)
	return hex.EncodeToString(sum[:])
}

// v4URI has the path without the bucket.
func v4URI(c *call, request string) []string {
	return []string{line(request, 1, func(uri string) string { return withoutBucket(c, uri) })}
}

// v4Query changes the list of parameters.
func v4Query(change func(c *call, params []string) [][]string) func(*call, string) []string {
	return func(c *call, request string) (out []string) {
		lines := strings.Split(request, "\n")
		if len(lines) < 3 || lines[2] == "" {
			return nil
		}
		for _, params := range change(c, strings.Split(lines[2], "&")) {
			out = append(out, line(request, 2, func(string) string { return strings.Join(params, "&") }))
		}
		return out
	}
}

// byDecodedName sorts parameters by their names before they were encoded.
func byDecodedName(_ *call, params []string) [][]string {
	slices.SortStableFunc(params, func(a, b string) int {
		a, _ = wire.Unescape(a)
		b, _ = wire.Unescape(b)
		return strings.Compare(a, b)
	})
	return one(params)
}

// v4Fields leaves out the fields that are chosen, each alone.
func v4Fields(chosen func(line string) bool) func(*call, string) []string {
	return func(_ *call, request string) (out []string) {
		lines := strings.Split(request, "\n")
		for i := 3; i < len(lines)-3; i++ {
			if chosen(lines[i]) {
				out = append(out, strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "\n"))
			}
		}
		return out
	}
}

func isAdditional(line string) bool {
	return !strings.HasPrefix(line, "x-oss-") && !strings.HasPrefix(line, "content-type:") && !strings.HasPrefix(line, "content-md5:")
}
