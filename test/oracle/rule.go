package oracle

import (
	"crypto"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"net/url"
	"slices"
	"strings"
)

// What no SDK makes is made here from the rule alone, with the standard library.

func mac(h func() hash.Hash, key []byte, text string) []byte {
	m := hmac.New(h, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// chain is the derived key of oss-v4 and aws-sigv4.
func (v *Vector) chain(prefix, end string) []byte {
	key := mac(sha256.New, []byte(prefix+v.Credentials.SecretKey), v.at().Format("20060102"))
	for _, part := range []string{v.Scope.Region, v.Scope.Service, end} {
		key = mac(sha256.New, key, part)
	}
	return key
}

// formByRule signs a policy.
func formByRule(v *Vector) (string, error) {
	secret := []byte(v.Credentials.SecretKey)
	switch v.Algorithm {
	case "bce-auth-v1":
		return hex.EncodeToString(mac(sha256.New, secret, v.policy64())), nil
	case "oss-v1":
		return base64.StdEncoding.EncodeToString(mac(sha1.New, secret, v.policy64())), nil
	case "oss-v4":
		return hex.EncodeToString(mac(sha256.New, v.chain("aliyun_v4", "aliyun_v4_request"), v.policy64())), nil
	case "aws-sigv4":
		return hex.EncodeToString(mac(sha256.New, v.chain("AWS4", "aws4_request"), v.policy64())), nil
	case "cos-sha1":
		start := v.at().Unix()
		key := hex.EncodeToString(mac(sha1.New, secret, fmt.Sprintf("%d;%d", start, start+v.valid(300))))
		sum := sha1.Sum([]byte(v.Request.Policy))
		return hex.EncodeToString(mac(sha1.New, []byte(key), hex.EncodeToString(sum[:]))), nil
	}
	return "", errors.New("no rule for " + v.Algorithm)
}

// rtmpByRule signs a push address; of a repeated parameter the first counts.
func rtmpByRule(v *Vector) (string, error) {
	seen := map[string]bool{}
	var lines []string
	for _, p := range v.Request.Query {
		if name := *p[0]; !seen[name] {
			seen[name] = true
			lines = append(lines, name+":"+*p[1]+"\n")
		}
	}
	slices.Sort(lines)
	text := fmt.Sprintf("%d\n%s/%s/%s", v.at().Unix()+v.valid(3600), strings.Join(lines, ""), *v.Request.Bucket, v.Request.Object)
	return base64.StdEncoding.EncodeToString(mac(sha1.New, []byte(v.Credentials.SecretKey), text)), nil
}

// requestByRule signs a request of bce-auth-v1 with repeated parameters, which
// the SDK cannot say.
func requestByRule(v *Vector) (string, error) {
	prefix := fmt.Sprintf("bce-auth-v1/%s/%s/%d", v.Credentials.AccessKey, v.at().Format("2006-01-02T15:04:05Z"), v.valid(1800))
	key := hex.EncodeToString(mac(sha256.New, []byte(v.Credentials.SecretKey), prefix))
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	var params, fields []string
	for _, p := range v.Request.Query {
		params = append(params, escape(*p[0])+"="+escape(*p[1]))
	}
	for _, f := range v.Request.Headers {
		if v.signed(f[0]) {
			fields = append(fields, strings.ToLower(f[0])+":"+escape(f[1]))
		}
	}
	slices.Sort(params)
	slices.Sort(fields)
	text := strings.Join([]string{v.Request.Method, v.Request.Path, strings.Join(params, "&"), strings.Join(fields, "\n")}, "\n")
	return hex.EncodeToString(mac(sha256.New, []byte(key), text)), nil
}

// requestV4ByRule signs a request of oss-v4 with repeated parameters, both of
// them, by value.
func requestV4ByRule(v *Vector) (string, error) {
	scope := v.at().Format("20060102") + "/" + v.Scope.Region + "/" + v.Scope.Service + "/aliyun_v4_request"
	date := v.at().Format("20060102T150405Z")
	var params []string
	for _, p := range v.Request.Query {
		params = append(params, *p[0]+"="+*p[1])
	}
	fields := "x-oss-content-sha256:UNSIGNED-PAYLOAD\nx-oss-date:" + date + "\n"
	if v.Mode == "query" {
		fields = ""
		params = append(params, "x-oss-credential="+url.QueryEscape(v.Credentials.AccessKey+"/"+scope), "x-oss-date="+date,
			fmt.Sprintf("x-oss-expires=%d", v.valid(3600)), "x-oss-signature-version=OSS4-HMAC-SHA256")
	}
	slices.Sort(params)
	text := strings.Join([]string{v.Request.Method, "/" + *v.Request.Bucket + "/" + v.Request.Object, strings.Join(params, "&"), fields, "", "UNSIGNED-PAYLOAD"}, "\n")
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(mac(sha256.New, v.chain("aliyun_v4", "aliyun_v4_request"), "OSS4-HMAC-SHA256\n"+date+"\n"+scope+"\n"+hex.EncodeToString(sum[:]))), nil
}

// streamByRule gives the signature of the head as the vector has it, those of all
// chunks chained to it, and that of the trailers.
func streamByRule(v *Vector) (string, error) {
	key, date := v.chain("AWS4", "aws4_request"), v.at().Format("20060102T150405Z")
	scope := v.at().Format("20060102") + "/" + v.Scope.Region + "/" + v.Scope.Service + "/aws4_request"
	found := []string{v.Expected.Signature}
	link := func(word string, hashes ...string) {
		text := append([]string{word, date, scope, found[len(found)-1]}, hashes...)
		found = append(found, hex.EncodeToString(mac(sha256.New, key, strings.Join(text, "\n"))))
	}
	size := v.Options.ChunkSize
	if size == 0 {
		size = 65536
	}
	for chunk := range slices.Chunk(append(v.body(), 0), size) {
		if len(chunk) > 0 && len(found)*size > len(v.body()) {
			chunk = chunk[:len(chunk)-1] // the byte that made the last chunk there
		}
		if len(chunk) > 0 {
			link("AWS4-HMAC-SHA256-PAYLOAD", sum(nil), sum(chunk))
		}
	}
	link("AWS4-HMAC-SHA256-PAYLOAD", sum(nil), sum(nil))
	if v.Mode == "chunked-trailer" {
		var lines string
		for _, t := range v.Request.Trailers {
			lines += t[0] + ":" + t[1] + "\n"
		}
		link("AWS4-HMAC-SHA256-TRAILER", sum([]byte(lines)))
	}
	return strings.Join(found, " "), nil
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// callbackByRule lets crypto/rsa check the signature over the text by the rule:
// it comes back when it holds.
func callbackByRule(v *Vector) (string, error) {
	der, err := base64.StdEncoding.DecodeString(v.Credentials.PublicKey)
	if err != nil {
		return "", err
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return "", err
	}
	sig, err := base64.StdEncoding.DecodeString(v.Expected.Signature)
	if err != nil {
		return "", err
	}
	text := v.Request.Path
	if v.Request.WireQuery != "" {
		text += "?" + v.Request.WireQuery
	}
	sum := md5.Sum([]byte(text + "\n" + string(v.body())))
	if err := rsa.VerifyPKCS1v15(key.(*rsa.PublicKey), crypto.MD5, sum[:], sig); err != nil {
		return "", err
	}
	return v.Expected.Signature, nil
}

// componentByRule makes the single sub-steps.
func componentByRule(v *Vector) (string, error) {
	switch v.Options.Component {
	case "uri-encode":
		return strings.ReplaceAll(url.QueryEscape(v.Request.Text), "+", "%20"), nil
	case "content-md5":
		sum := md5.Sum([]byte(v.Request.Text))
		return base64.StdEncoding.EncodeToString(sum[:]), nil
	}
	return "", errors.New("no rule for " + v.Options.Component)
}
