package emulator

import "objectharness/internal/emulator/store"

// writing is what the dialects say of putting and removing objects.
type writing struct {
	badMD5     string                                // code for a body that is not the one of Content-MD5
	tooLarge   string                                // code for a body over the limit
	incomplete string                                // code for a body that ends before its announced length
	metaLarge  string                                // code for too much user metadata
	metaName   string                                // code for a name of user metadata that is not allowed; "" allows all
	metaCount  func(c *call, name, value string) int // bytes of one entry that count
	join       bool                                  // repeated metadata is joined with commas
	encode     bool                                  // metadata beyond ASCII comes back as RFC 2047 words
	noChunks   bool                                  // a chunked body without a length of its own is refused
	echoMD5    bool                                  // the reply carries the MD5 of the body
	types      map[string]string                     // Content-Type by the ending of the key, where the upload has none
	expires    int                                   // days after which an object expires that was put without Expires; 0 for never
	noKey      string                                // code for removing what is not there; "" takes it for done
	digests    []digest                              // further fields that hold a digest of the body
	options    []string                              // further fields that are kept with the object
	elements   bool                                  // refusals of a digest name both
}

// A digest is a field of an upload that holds a digest of its body.
type digest struct {
	field string
	rule  string
	code  string // for another digest; "" never looks
	sum   func(*store.Sums) string
	flag  string // field that asks for the digest with the value "true"
	keep  string // rule of the reply's field, where the digest is answered and kept; "" for none
}

func values(_ *call, _, value string) int        { return len(value) }
func shortNames(c *call, name, value string) int { return len(name) - len(c.e.d.Meta) + len(value) }
func longNames(_ *call, name, value string) int  { return len(name) + len(value) }

var ossWriting = writing{
	badMD5: "InvalidDigest", tooLarge: "InvalidArgument", incomplete: "IncompleteBody", metaLarge: "InvalidArgument", metaName: "InvalidArgument",
	metaCount: values, echoMD5: true, options: []string{"x-oss-storage-class", "x-oss-server-side-encryption", "x-oss-server-side-data-encryption"},
	digests: []digest{{field: "x-oss-hash-crc64ecma", rule: "put.crc64-given", code: "InvalidCRC64", sum: crc64Text}},
}

var cosWriting = writing{
	badMD5: "BadDigest", tooLarge: "EntityTooLarge", incomplete: "IncompleteBody", metaLarge: "KeyTooLong", metaName: "InvalidArgument",
	metaCount: values, options: []string{"x-cos-storage-class"},
}

var bosWriting = writing{
	badMD5: "BadDigest", tooLarge: "EntityTooLarge", incomplete: "InvalidHTTPRequest", metaLarge: "MetadataTooLarge",
	metaCount: longNames, noChunks: true, expires: 3, noKey: "NoSuchKey", options: []string{"x-bce-storage-class"},
	types: map[string]string{".js": "application/javascript", ".css": "text/css", ".html": "text/html", ".json": "application/json",
		".txt": "text/plain", ".xml": "application/xml", ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".pdf": "application/pdf"},
	digests: []digest{
		{field: "x-bce-content-sha256", rule: "put.sha256", code: "BadDigest", sum: sha256Text},
		{field: "x-bce-content-crc32", rule: "put.crc32", code: "BadDigest", sum: crc32Text, keep: "put.crc32-kept"},
		{field: "x-bce-content-crc32c", rule: "put.crc32c", code: "BadDigest", sum: crc32cText, keep: "put.crc32c-kept", flag: "x-bce-content-crc32c-flag"},
	},
}

var s3Writing = writing{
	badMD5: "BadDigest", tooLarge: "EntityTooLarge", incomplete: "IncompleteBody", metaLarge: "MetadataTooLarge",
	metaCount: shortNames, join: true, encode: true, noChunks: true, elements: true, options: []string{"x-amz-storage-class", "x-amz-website-redirect-location"},
}
