package emulator

import "strings"

// traits are what an operation must know of a dialect beyond internal/dialect:
// the names of its own fields and the few behaviours in which the four part.
// One row per dialect; no operation asks for the dialect's name.
type traits struct {
	resource func(*call) string // Resource of an error body

	keyElement string // element of an error body that names the access key, "" for none
	crc64      string // field that answers the CRC-64 of the body, "" for none
	objectType string // field that answers the type of an object
	position   string // query parameter of an append
	nextField  string // field that answers where the next append must start
	forbid     string // field that forbids overwriting: value "true"
	quoteETag  bool   // ETag in quotes
	defaultCT  string // Content-Type of an object that was put without one
	noLength   string // code for an upload without a length
	deleted    int    // status of a successful delete
}

var traitsOf = map[string]traits{
	"oss": {
		resource:   func(c *call) string { return c.at.Resource() },
		keyElement: "OSSAccessKeyId", crc64: "x-oss-hash-crc64ecma", objectType: "x-oss-object-type",
		position: "position", nextField: "x-oss-next-append-position", forbid: "x-oss-forbid-overwrite",
		quoteETag: true, defaultCT: "application/octet-stream", deleted: 204, noLength: "MissingContentLength",
	},
	"cos": {
		resource: func(c *call) string { return strings.TrimSuffix(c.field("Host")+"/"+c.at.Key, "/") },
		crc64:    "x-cos-hash-crc64ecma", objectType: "x-cos-object-type",
		position: "position", nextField: "x-cos-next-append-position", forbid: "x-cos-forbid-overwrite",
		quoteETag: true, defaultCT: "application/octet-stream", deleted: 204, noLength: "MissingContentLength",
	},
	"bos": {
		resource: func(c *call) string { return c.at.Resource() },
		crc64:    "x-bce-content-crc64ecma", objectType: "x-bce-object-type",
		position: "offset", nextField: "x-bce-next-append-offset", forbid: "x-bce-forbid-overwrite",
		quoteETag: true, defaultCT: "application/octet-stream", deleted: 204, noLength: "MissingContentLength",
	},
	"s3": {
		resource:   func(c *call) string { return c.at.Resource() },
		keyElement: "AWSAccessKeyId",
		quoteETag:  true, defaultCT: "binary/octet-stream", deleted: 204, noLength: "MissingContentLength",
	},
}
