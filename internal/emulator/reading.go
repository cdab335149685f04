package emulator

import (
	"strings"

	"objectharness/internal/wire"
)

// reading is what the dialects say of reads, of refusals and of the fields that
// every reply carries.
type reading struct {
	strictRange  string            // field whose value standard holds ranges outside of the object to HTTP; "" where they always are
	firstRange   bool              // of several ranges the first is served; else all are ignored
	emptyRange   int               // status for a range on an empty object; 0 for that of InvalidRange
	rangeMembers bool              // a refused range names itself and the object's size
	overrides    []wire.Field      // query parameter and the field that it replaces
	latin1       bool              // values of overrides are refused where ISO-8859-1 cannot hold them
	md5          bool              // the MD5 of an ordinary object is answered
	always       []wire.Field      // fields of every object read
	classed      bool              // every read tells the storage class
	named        bool              // refusals name the key or the bucket that is missing
	method       bool              // a refused method names itself and the kind of resource
	reason       bool              // refusals carry a code of their own for support (EC)
	reasons      reasons           // those that somebody relies on
	renamed      map[string]string // codes that an operation calls otherwise
	paramFields  bool              // parameters of a signed URL stand for the fields of their names
	serverTime   string            // field of the milliseconds that the server took; "" for none
	keepAlive    bool              // replies say that the connection lives on
	badPath      string            // code for a path that cannot be decoded
	badHead      string            // code for a head that is no HTTP/1.1 request
	bigHead      string            // code for header fields beyond Limits.HeadSize
}

// overrides pairs the parameters that start with prefix, written the dialect's
// way, with the fields that they replace.
func overrides(param func(field string) string) (list []wire.Field) {
	for _, f := range contentFields {
		list = append(list, wire.Field{Name: param(f), Value: f})
	}
	return list
}

func hyphened(field string) string { return "response-" + strings.ToLower(field) }
func camelled(field string) string { return "response" + strings.ReplaceAll(field, "-", "") }

var ossReading = reading{
	strictRange: "x-oss-range-behavior", firstRange: true, overrides: overrides(hyphened), md5: true, classed: true, named: true, method: true, reason: true, reasons: ossReasons, renamed: ossRenamed,
	serverTime: "x-oss-server-time", keepAlive: true, badPath: "InvalidObjectName", badHead: "BadRequest", bigHead: "BadRequest",
}

var cosReading = reading{
	overrides: overrides(hyphened), badPath: "InvalidURI", badHead: "BadRequest", bigHead: "BadRequest",
}

var bosReading = reading{
	emptyRange: 400, overrides: overrides(camelled), md5: true, always: []wire.Field{{Name: "x-bce-storage-class", Value: "STANDARD"}},
	keepAlive: true, badPath: "InvalidURI", badHead: "InvalidHTTPRequest", bigHead: "InvalidHTTPRequest",
}

var s3Reading = reading{
	rangeMembers: true, paramFields: true, overrides: overrides(hyphened), latin1: true, always: []wire.Field{{Name: "x-amz-server-side-encryption", Value: "AES256"}},
	named: true, method: true, badPath: "InvalidURI", badHead: "BadRequest", bigHead: "RequestHeaderSectionTooLarge",
}
