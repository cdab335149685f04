// Package ossv1 is the first signature of Alibaba OSS: base64 of HMAC-SHA1 over
// method, four fields, the x-oss- fields and the resource. URL and RTMP push
// signatures put an expiry time in the place of the date.
package ossv1

import (
	"crypto/sha1"
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
	sc := in.Borrow()
	defer sc.Return()
	seal := sc.Seal(&recipe, in)
	dst = append(dst, seal.Head...)
	if !in.Presign {
		sc.Part = append(sc.Part[:0], dateLine(r)...)
		return compute(dst, sc, r, sc.Part, in.Resource, seal, steps), nil
	}
	sc.More = compute(sc.More[:0], sc, r, seal.Text, in.Resource, seal, steps)
	return wire.AppendEscape(dst, sc.More), nil
}

// recipe signs with the secret itself.
var recipe = sign.Recipe{Hash: sha1.New, Head: appendHead, Text: appendUntil,
	Key: func(secret string, _ []byte) []byte { return []byte(secret) }}

// appendHead appends the result up to the signature.
func appendHead(dst []byte, in *sign.Input) []byte {
	if !in.Presign {
		return append(append(append(dst, prefix...), in.AccessKey...), ':')
	}
	dst = wire.AppendEscape(append(dst, keyParam+"="...), in.AccessKey)
	dst = appendUntil(append(dst, "&"+untilParam+"="...), in)
	return append(dst, "&"+sigParam+"="...)
}

// appendUntil appends the end of a signed URL, which stands in the place of the date.
func appendUntil(dst []byte, in *sign.Input) []byte {
	return strconv.AppendInt(dst, in.Time.Add(in.Validity(validity)).Unix(), 10)
}

// dateLine is what stands in the place of the date: Date, or x-oss-date where
// only that was sent.
func dateLine(r *wire.Request) string {
	if date := r.Fields.Get("Date"); date != "" || r.Fields.Has("Date") {
		return sign.Trim(date)
	}
	return sign.Trim(r.Fields.Get("x-oss-date"))
}

// compute appends the signature of r with date in its place, and leaves the
// string to sign in sc.Text.
func compute(dst []byte, sc *sign.Scratch, r *wire.Request, date []byte, resource string, seal *sign.Seal, steps *sign.Steps) []byte {
	b := append(sign.Upper(sc.Text[:0], r.Method), '\n')
	b = append(append(b, sign.Trim(r.Fields.Get("Content-MD5"))...), '\n')
	b = append(append(b, sign.Trim(r.Fields.Get("Content-Type"))...), '\n')
	b = append(append(b, date...), '\n')
	at := len(b)
	b = appendFields(b, sc, r)
	steps.Add(StepFields, b[at:])
	at = len(b)
	sc.Text = appendResource(b, sc, r, resource)
	steps.Add(StepResource, sc.Text[at:])
	return signText(dst, sc, seal, steps)
}

// signText appends the signature of sc.Text.
func signText(dst []byte, sc *sign.Scratch, seal *sign.Seal, steps *sign.Steps) []byte {
	steps.Add(sign.StepText, sc.Text)
	at := len(dst)
	dst = base64.StdEncoding.AppendEncode(dst, sc.Sum(seal, sc.Text))
	steps.Add(sign.StepSignature, dst[at:])
	return dst
}

var fieldSet = sign.Set{Sep: ':', Name: sign.Lower, Value: sign.Trimmed, Sort: (*sign.Table).SortNames,
	Signs: func(name []byte) bool { return len(name) >= 6 && string(name[:6]) == "x-oss-" }}

func appendFields(dst []byte, sc *sign.Scratch, r *wire.Request) []byte {
	sc.Fields.Collect(&fieldSet, r.Fields, nil)
	return sc.Fields.AppendMerged(dst)
}

var paramSet = sign.Set{Sep: '=', Name: sign.Unescaped, Value: sign.Unescaped, Bare: true, Signs: subResource, Sort: firstOfEach}

func firstOfEach(t *sign.Table) {
	t.SortNames()
	t.FirstOfEach()
}

// appendResource appends the decoded "/bucket/key" that the caller found, or the
// decoded path when it found none, and the sub-resources; of a repeated one the
// first counts.
func appendResource(dst []byte, sc *sign.Scratch, r *wire.Request, found string) []byte {
	if found != "" {
		dst = append(dst, found...)
	} else {
		dst = sign.AppendPath(dst, r.Target, sign.Unescaped)
	}
	sc.Query.Params(&paramSet, r.Target, nil)
	if !sc.Query.Empty() {
		dst = sc.Query.AppendLines(append(dst, '?'), '&')
	}
	return dst
}

// subResource tells whether a parameter is signed; names are case-sensitive.
// The list is the union of the document and of what its SDKs sign.
func subResource(name []byte) bool {
	switch string(name) {
	case "acl", "uploads", "location", "cors", "logging", "website", "referer", "lifecycle", "delete", "append", "tagging",
		"objectMeta", "uploadId", "partNumber", "security-token", "position", "img", "style", "styleName", "replication",
		"replicationProgress", "replicationLocation", "cname", "bucketInfo", "comp", "qos", "live", "status", "vod",
		"startTime", "endTime", "symlink", "x-oss-process", "response-content-type", "response-content-language",
		"response-expires", "response-cache-control", "response-content-disposition", "response-content-encoding",
		"restore", "callback", "callback-var", "stat", "encryption", "versions", "versioning", "versionId", "policy",
		"requestPayment", "qosInfo", "asyncFetch", "sequential", "inventory", "inventoryId", "continuation-token", "worm",
		"wormId", "wormExtend", "transferAcceleration", "metaQuery", "resourceGroup", "regionList", "cloudboxes",
		"publicAccessBlock", "policyStatus", "overwriteConfig", "httpsConfig", "quota", "redundancyTransition", "rtc",
		"bucketArchiveDirectRead", "userDefinedLogFieldsConfig", "metadataConfiguration", "metadataInventoryTable",
		"metadataJournalTable", "objectWorm", "retention", "legalHold", "seal", "cleanRestoredObject", "accessPoint",
		"accessPointPolicy", "accessPointForObjectProcess", "accessPointConfigForObjectProcess",
		"accessPointPolicyForObjectProcess", "responseHeader", "withHashContext", "udf", "udfApplication",
		"udfApplicationLog", "udfId", "udfImage", "udfImageDesc", "udfName":
		return true
	}
	return len(name) >= 6 && string(name[:6]) == "x-oss-"
}
