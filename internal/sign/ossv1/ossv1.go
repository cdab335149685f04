// Package ossv1 is the first signature of Alibaba OSS: base64 of HMAC-SHA1 over
// method, four fields, the x-oss- fields and the resource. URL and RTMP push
// signatures put an expiry time in the place of the date.
package ossv1

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

const (
	prefix      = "OSS "
	tokenField  = "x-oss-security-token"
	tokenParam  = "security-token"
	keyParam    = "OSSAccessKeyId"
	untilParam  = "Expires"
	sigParam    = "Signature"
	validity    = 3600 * time.Second
	maxValidity = 64800 * time.Second
	httpDate    = "Mon, 02 Jan 2006 15:04:05 GMT"
)

// Steps under the names of the OSS documents.
const (
	StepFields   = "CanonicalizedOSSHeaders"
	StepResource = "CanonicalizedResource"
)

// Scheme is the HMAC-SHA1 signature of OSS.
type Scheme struct{}

// Name is oss-v1.
func (Scheme) Name() string { return "oss-v1" }

// Claims tells whether r carries a signature of this scheme, good or bad.
func (Scheme) Claims(r *wire.Request) bool {
	return strings.HasPrefix(r.Fields.Get("Authorization"), prefix) || inQuery(r.Target).any()
}

// Prepare adds Date and the token; for a presigned URL only the token, as a parameter.
func (Scheme) Prepare(r *wire.Request, in *sign.Input) error {
	if in.Presign {
		if in.Token != "" {
			sign.AddParam(r, tokenParam, in.Token)
		}
		return nil
	}
	if !r.Fields.Has("Date") {
		r.Fields.Add("Date", in.Time.UTC().Format(httpDate))
	}
	if in.Token != "" {
		sign.SetAbsent(r, tokenField, in.Token)
	}
	return nil
}

// Append appends "OSS key:signature", or the three parameters of a signed URL.
func (Scheme) Append(dst []byte, r *wire.Request, in *sign.Input, steps *sign.Steps) ([]byte, error) {
	sc := sign.Borrow()
	defer sc.Return()
	date := dateLine(r)
	if in.Presign {
		date = until(in)
	}
	sig := compute(sc, r, date, resource(r, in.Resource), in.SecretKey, steps)
	if in.Presign {
		return appendParams(dst, in.AccessKey, date, string(sig[:])), nil
	}
	dst = append(append(dst, prefix...), in.AccessKey...)
	return append(append(dst, ':'), sig[:]...), nil
}

func appendParams(dst []byte, accessKey, until, sig string) []byte {
	dst = wire.AppendEscape(append(dst, keyParam+"="...), accessKey)
	dst = append(append(dst, "&"+untilParam+"="...), until...)
	return wire.AppendEscape(append(dst, "&"+sigParam+"="...), sig)
}

func until(in *sign.Input) string {
	return strconv.FormatInt(in.Time.Add(in.Validity(validity)).Unix(), 10)
}

// dateLine is what stands in the place of the date: Date, or x-oss-date where
// only that was sent.
func dateLine(r *wire.Request) string {
	if r.Fields.Has("Date") {
		return sign.Trim(r.Fields.Get("Date"))
	}
	return sign.Trim(r.Fields.Get("x-oss-date"))
}

// resource is the decoded "/bucket/key" that the caller found, or the decoded
// path when it found none.
func resource(r *wire.Request, found string) string {
	if found != "" {
		return found
	}
	return sign.Path(r.Target)
}

// compute signs r with date in its place and leaves the string to sign in sc.Text.
func compute(sc *sign.Scratch, r *wire.Request, date, resource, secret string, steps *sign.Steps) [sigLength]byte {
	b := append(append(sc.Text[:0], strings.ToUpper(r.Method)...), '\n')
	b = append(append(b, sign.Trim(r.Fields.Get("Content-MD5"))...), '\n')
	b = append(append(b, sign.Trim(r.Fields.Get("Content-Type"))...), '\n')
	b = append(append(b, date...), '\n')
	at := len(b)
	b = appendFields(b, sc, r)
	steps.Add(StepFields, b[at:])
	at = len(b)
	b = appendResource(b, sc, r, resource)
	steps.Add(StepResource, b[at:])
	steps.Add(sign.StepText, b)
	sc.Text = b
	sig := mac(secret, b)
	steps.Add(sign.StepSignature, sig[:])
	return sig
}

// sigLength is the length of 20 bytes in base64.
const sigLength = 28

func mac(secret string, text []byte) (sig [sigLength]byte) {
	var room [64]byte
	sum := sign.HMAC1(append(room[:0], secret...), text)
	base64.StdEncoding.Encode(sig[:], sum[:])
	return sig
}

func appendFields(dst []byte, sc *sign.Scratch, r *wire.Request) []byte {
	sc.Fields.Reset(':')
	for _, f := range r.Fields {
		if sign.HasPrefixFold(f.Name, "x-oss-") {
			sc.Fields.Add(f.Name, f.Value, sign.Lower, sign.Trimmed)
		}
	}
	sc.Fields.SortNames()
	return sc.Fields.AppendMerged(dst)
}

// appendResource appends the resource and its sub-resources; of a repeated one
// the first counts.
func appendResource(dst []byte, sc *sign.Scratch, r *wire.Request, resource string) []byte {
	dst = append(dst, resource...)
	sc.Query.Reset('=')
	for p := range sign.Params(r.Target) {
		switch {
		case !subResource(p.Name):
		case p.Value == "":
			sc.Query.AddBare(p.Name, sign.Raw)
		default:
			sc.Query.Add(p.Name, p.Value, sign.Raw, sign.Raw)
		}
	}
	sc.Query.SortNames()
	sc.Query.FirstOfEach()
	if sc.Query.Len() > 0 {
		dst = sc.Query.AppendLines(append(dst, '?'), '&')
	}
	return dst
}

// subResource tells whether a parameter is signed; names are case-sensitive.
// The list is the union of the document and of what its SDKs sign.
func subResource(name string) bool {
	switch name {
	case "acl", "uploads", "location", "cors", "logging", "website", "referer", "lifecycle", "delete", "append", "tagging",
		"objectMeta", "uploadId", "partNumber", "security-token", "position", "img", "style", "styleName", "replication",
		"replicationProgress", "replicationLocation", "cname", "bucketInfo", "comp", "qos", "live", "status", "vod",
		"startTime", "endTime", "symlink", "x-oss-process", "response-content-type", "response-content-language",
		"response-expires", "response-cache-control", "response-content-disposition", "response-content-encoding",
		"restore", "callback", "callback-var", "stat", "encryption", "versions", "versioning", "versionId", "policy",
		"requestPayment", "qosInfo", "asyncFetch", "sequential", "inventory", "inventoryId", "continuation-token", "worm",
		"wormId", "wormExtend", "transferAcceleration", "metaQuery", "resourceGroup", "regionList", "cloudboxes":
		return true
	}
	return strings.HasPrefix(name, "x-oss-")
}
