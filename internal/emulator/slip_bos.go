package emulator

import (
	"encoding/hex"
	"slices"
	"strings"

	"objectharness/internal/sign"
)

// bceV1 is how BOS signs and what its verifiers could get wrong. The text is the
// canonical request: method, path, parameters, and a line for each field.
var bceV1 = spelling{
	alone: true,
	date:  dating{sign.MissingDate, (*call).datedBCE}, // BOS-ERR-43
	text:  func(r *sign.Refusal) string { return r.CanonicalRequest },
	sign:  signBCE,
	slips: []slip{
		{"method-ignored", otherMethods},
		{"path-with-bucket", func(c *call, text string) []string {
			return []string{line(text, 1, func(path string) string { return "/" + c.at.Bucket + path }),
				line(text, 1, func(path string) string { return strings.TrimPrefix(path, "/"+c.at.Bucket) })}
		}},
		{"parameter-ignored", withoutOneParameter},
		{"host-ignored", func(_ *call, text string) []string { return withoutLines(text, "host:") }},
	},
	strict: []strictness{
		{"plain-parameter", func(c *call) bool { return strings.Contains(c.in.Target, "authorization=bce-auth-v1/") }, sign.Malformed},
		{"other-date", (*call).otherBCEDate, sign.Skewed},
		{"bounds", (*call).unusualValidity, sign.ExpiresRange},
	},
}

// unusualValidity tells that the signature is good for another time than most
// clients write, who care for no bound.
func (c *call) unusualValidity() bool {
	valid := c.bcePart(3)
	return valid != "" && valid != "1800" && (valid != "300" || c.signForm() == "header")
}

// signBCE signs a canonical request with the key that the refused request names.
func signBCE(c *call, r *sign.Refusal, text string) string {
	secret, _, _ := c.keys(r.AccessKey)
	parts := strings.SplitN(c.bceText(), "/", 5)
	if len(parts) < 5 {
		return ""
	}
	key := sign.HMAC256([]byte(secret), []byte(strings.Join(parts[:4], "/")))
	sum := sign.HMAC256([]byte(hex.EncodeToString(key[:])), []byte(text))
	return hex.EncodeToString(sum[:])
}

// bceText is the authorization string of the request.
func (c *call) bceText() string {
	if text := c.field("Authorization"); text != "" {
		return text
	}
	text, _ := c.param("authorization")
	return text
}

// bcePart is one of the six parts of a BOS signature, "" for a signature of
// another scheme.
func (c *call) bcePart(n int) string {
	parts := strings.Split(c.bceText(), "/")
	if len(parts) != 6 {
		return ""
	}
	return parts[n]
}

// otherBCEDate tells that x-bce-date is not the time of the signature.
func (c *call) otherBCEDate() bool {
	date := c.field("x-bce-date")
	return date != "" && date != c.bcePart(2)
}

// datedBCE tells that a signature in the header came with a date of its own.
func (c *call) datedBCE() bool {
	return c.signForm() == "query" || c.field("x-bce-date") != "" || c.field("Date") != ""
}

func otherMethods(_ *call, text string) (texts []string) {
	for _, method := range []string{"GET", "PUT", "DELETE", "POST", "HEAD"} {
		texts = append(texts, line(text, 0, func(string) string { return method }))
	}
	return texts
}

// withoutOneParameter leaves out one parameter after another.
func withoutOneParameter(_ *call, text string) (texts []string) {
	list := strings.Split(strings.SplitN(text, "\n", 4)[2], "&")
	for i := range list {
		kept := slices.Delete(slices.Clone(list), i, i+1)
		texts = append(texts, line(text, 2, func(string) string { return strings.Join(kept, "&") }))
	}
	return texts
}

// withoutLines leaves out the lines that begin with a name.
func withoutLines(text, name string) []string {
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return strings.HasPrefix(l, name) })
	return []string{strings.Join(lines, "\n")}
}
