package oracle

import (
	"strings"

	"github.com/baidubce/bce-sdk-go/auth"
	"github.com/baidubce/bce-sdk-go/http"
)

// defaults are the fields that bce-auth-v1 signs unless told otherwise, beside x-bce-.
var defaults = []string{"host", "content-length", "content-type", "content-md5"}

// byBOS asks bce-sdk-go. The string of a URL is that of the same request with
// Authorization.
func byBOS(v *Vector) (string, error) {
	r := &http.Request{}
	r.SetMethod(v.Request.Method)
	r.SetUri(v.Request.Path)
	params, _ := v.params()
	credentials := &auth.BceCredentials{AccessKeyId: v.Credentials.AccessKey, SecretAccessKey: v.Credentials.SecretKey, SessionToken: v.Credentials.Token}
	if v.Mode == "query" && credentials.SessionToken != "" {
		params[http.BCE_SECURITY_TOKEN] = credentials.SessionToken
	}
	r.SetParams(params)
	fields := map[string]string{}
	for _, f := range v.Request.Headers {
		fields[f[0]] = f[1]
	}
	r.SetHeaders(fields)
	names := v.Options.Signed
	if names == nil {
		names = defaults
	}
	sign := map[string]struct{}{}
	for _, name := range names {
		sign[strings.ToLower(name)] = struct{}{}
	}
	(&auth.BceV1Signer{}).Sign(r, credentials, &auth.SignOptions{HeadersToSign: sign, Timestamp: v.at().Unix(), ExpireSeconds: int(v.valid(1800))})
	text := r.Header(http.AUTHORIZATION)
	return text[strings.LastIndexByte(text, '/')+1:], nil
}
