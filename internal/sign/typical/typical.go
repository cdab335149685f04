// Package typical has the request that the speed of signing is measured with,
// and the hashing that no implementation of a scheme can leave out.
package typical

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"hash"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/sign/bcev1"
	"objectharness/internal/sign/cossha1"
	"objectharness/internal/wire"
)

// What the measured requests have in common.
const (
	Bucket    = "bucket-1250000000"
	Region    = "region-1"
	Host      = Bucket + ".storage.example.com"
	AccessKey = "AKIDEXAMPLE0123456789"
	SecretKey = "c2VjcmV0LWtleS1vZi0zMC1ieXRlcw"
	Size      = 4096 // bytes of the body
	Unsigned  = "UNSIGNED-PAYLOAD"
	Kind      = "application/octet-stream"
	Expires   = 15 * time.Minute
)

// Time is the signing instant of every measured request.
var Time = time.Date(2024, 2, 29, 23, 59, 58, 0, time.UTC)

// Key is the n-th object key, of 46 bytes.
func Key(n int) string { return fmt.Sprintf("data/2024/02/29/part-00017/object-%08d.bin", n) }

// words are the prefix of a scheme's own fields.
var words = map[string]string{"aws-sigv4": "x-amz-", "bce-auth-v1": "x-bce-", "cos-sha1": "x-cos-", "oss-v1": "x-oss-", "oss-v4": "x-oss-"}

// Meta is the name of the field of user metadata that a PUT carries.
func Meta(scheme string) string { return words[scheme] + "meta-origin" }

// Request is the n-th request: a PUT of 4 KiB whose body stays unsigned where the
// scheme can sign it, with type, length, one field of metadata and the dates that
// the scheme sends; or, to be presigned, a PUT with nothing but Host. It is
// prepared: what remains is Append.
func Request(s sign.Scheme, presign bool, n int) (*wire.Request, *sign.Input) {
	r := &wire.Request{Method: "PUT", Target: "/" + Key(n), Length: Size, Fields: wire.Fields{{Name: "Host", Value: Host}}}
	in := &sign.Input{AccessKey: AccessKey, SecretKey: SecretKey, Time: Time, Expires: Expires, Region: Region,
		Resource: "/" + Bucket + "/" + Key(n), Presign: presign, Payload: Unsigned}
	if !presign {
		r.Fields.Add("Content-Length", "4096")
		r.Fields.Add("Content-Type", Kind)
		r.Fields.Add(Meta(s.Name()), "typical")
		if s.Name() == "bce-auth-v1" {
			r.Fields.Add("x-bce-date", sign.Stamp(Time, "2006-01-02T15:04:05Z"))
		}
	}
	if err := s.Prepare(r, in); err != nil {
		panic(err) // only reading a body can fail
	}
	return r, in
}

// A Floor is the hashing of one request: keys, texts and states are made already.
type Floor struct {
	digest []byte // hashed without a key before, nil for none
	text   []byte
	mac    hash.Hash
	sum    []byte
	sha1   bool
	// Blocks is how many blocks of 64 bytes the two go through.
	Blocks int
}

// FloorOf is the floor under what s does for r.
func FloorOf(s sign.Scheme, r *wire.Request, in *sign.Input) *Floor {
	var steps sign.Steps
	if _, err := s.Append(nil, r, in, &steps); err != nil {
		panic(err) // as in Request
	}
	get := func(name string) []byte {
		value, _ := steps.Get(name)
		return []byte(value)
	}
	f := &Floor{text: get(sign.StepText)}
	switch s.Name() {
	case "oss-v1":
		f.sha1, f.mac = true, hmac.New(sha1.New, []byte(in.SecretKey))
	case "cos-sha1":
		f.sha1, f.mac = true, hmac.New(sha1.New, get(cossha1.StepKey))
		f.digest, f.text = get(cossha1.StepHTTP), get(cossha1.StepText)
	case "bce-auth-v1":
		f.mac, f.text = hmac.New(sha256.New, []byte(bcev1.Key(in))), get(sign.StepRequest)
	default:
		f.mac, f.digest = hmac.New(sha256.New, get(sign.StepKey)), get(sign.StepRequest)
	}
	f.Blocks = blocks(len(f.text)) + 1 // the state behind the inner key is kept; the outer hash takes one block more
	if f.digest != nil {
		f.Blocks += blocks(len(f.digest))
	}
	return f
}

// blocks is how many blocks n bytes and the padding take.
func blocks(n int) int { return (n + 9 + 63) / 64 }

// Run hashes once.
func (f *Floor) Run() {
	switch {
	case f.digest == nil:
	case f.sha1:
		sha1.Sum(f.digest)
	default:
		sha256.Sum256(f.digest)
	}
	f.mac.Reset()
	f.mac.Write(f.text)
	f.sum = f.mac.Sum(f.sum[:0])
}
