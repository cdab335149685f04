// Package dialect describes one vendor's HTTP interface as data and a few
// functions: where bucket and key stand in a request, which operation a
// request asks for, which error codes are documented with which status, and
// how an error body looks. A dialect is a value; each has a folder of its own.
package dialect

import (
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Style says where the bucket stands.
type Style uint8

const (
	// PathStyle is http://endpoint/bucket/key.
	PathStyle Style = iota
	// HostStyle is http://bucket.endpoint/key (virtual-hosted style).
	HostStyle
)

// A Dialect is one vendor's HTTP interface.
type Dialect struct {
	Name   string // oss, cos, bos, s3
	Title  string // Alibaba OSS, …
	Region string // the region used where none is given
	Style  Style  // the style used where none is given

	Schemes []sign.Scheme // ways to sign; the first is the default

	Prefix    string            // prefix of the dialect's own header fields: x-oss-
	Meta      string            // prefix of user metadata: x-oss-meta-
	RequestID string            // field that names the request in every reply
	DateField string            // field of the signing time (2006-01-02T15:04:05Z) that clients add where the scheme does not; "" for none
	Codes     map[string]Answer // documented error codes
	Type      string            // Content-Type of error bodies

	Server      string                           // Server field of every reply
	Replies     []ReplyField                     // fields that replies carry beside Server and Date
	BucketNames BucketRule                       // which bucket names are allowed
	Keys        KeyRule                          // which object keys are allowed
	Limits      Limits                           // documented bounds
	Routes      []Route                          // requests and their operations; NewRouter finds among them
	Refusals    map[Form]map[sign.Reason]Refused // answers to refused signatures

	EncodeError func(Error) []byte
	DecodeError func(body []byte) (Error, error)

	// Host returns the host name of the region's public endpoint: the name that
	// an emulator behind --connect is called by.
	Host func(region string) string
	// RegionOf is the region that the name of a public endpoint holds, with or
	// without a bucket before it, or "".
	RegionOf func(host string) string
	// Locate finds bucket and key in a request head. zone is the endpoint's own
	// host without port ("" when it is an IP address or not known): a Host of
	// label.zone is host style; otherwise a name in the dialect's public form is
	// host style, and anything else (an IP address) is path style.
	Locate func(host, target, zone string) Location
	// Operation names the API operation of a request as the vendor's reference
	// does (PutObject, AppendObject, GetBucket …), or "" when there is none.
	Operation func(method string, at Location, query []wire.Param, fields wire.Fields) string
}

// An Answer is how a documented error code is answered.
type Answer struct {
	Status  int
	Message string
}

// A Location is what a request addresses. Key is decoded, without the slash
// that separates it from host or bucket; leading slashes that belong to the
// key itself are kept.
type Location struct {
	Bucket, Key string
	Style       Style
	HasKey      bool // at least one byte follows the slash after the bucket or host
	BadEscape   bool // the path holds a percent sign without two hexadecimal digits
	Website     bool // the host serves the bucket as a website
}

// Resource is the location as OSS signs it: "/bucket/key", "/bucket/" or "/".
func (l Location) Resource() string {
	if l.Bucket == "" {
		return "/"
	}
	return "/" + l.Bucket + "/" + l.Key
}

// An Error is a dialect's error body in plain form. HostID is HostId of OSS (the
// host that was addressed) and S3 (x-amz-id-2), and TraceId of COS. Extra holds
// what only some codes carry (StringToSign, OSSAccessKeyId, …), in the order of
// the document.
type Error struct {
	Code, Message, RequestID string
	Resource, HostID         string
	Extra                    []wire.Field
}
