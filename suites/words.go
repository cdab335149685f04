package suites

import "objectharness/internal/wire"

// Words are the names that one dialect's documents use for what several
// dialects have. They are literals of the documents, kept apart from the
// tables of internal/dialect on purpose.
type Words struct {
	Prefix    string // of the dialect's own fields
	Meta      string // prefix of user metadata
	RequestID string // field that names the request
	CRC64     string // field that answers the CRC-64; "" where there is none
	Source    string // form of the source of a copy
	// CopyUnchanged is the status of a copy whose If-None-Match or If-Modified-Since does not hold.
	BucketACL        string       // field that names the canned list of a bucket
	ObjectACL        string       // field that names the canned list of an object
	WithACL          []wire.Field // fields that make a bucket whose access goes by lists, where it does not by itself
	Grant            string       // begin of the fields that grant; "" where there are none
	Everyone, Signed string       // the groups of lists: everybody, and every account
	JSONGrants       bool         // grants on a bucket go by a document alone
	PublicBlock      bool         // a bucket can keep the public out, and may do so from the beginning
	CopyUnchanged    int
	Keep             string // metadata directive that takes the metadata of the source
	Replace          string // metadata directive that takes the metadata of the request
	Forbid           string // field that forbids overwriting; "" where there is none
	ObjectType       string // field that answers an object's type; "" where there is none
	AppendQuery      string // bare parameter that makes a POST an append
	Position         string // parameter of the position
	NextPosition     string // field of the next position
	Condition        string // element of a refusal that names the failed condition; "" where there is none
	MaxKeys          string // parameter that bounds the page of a listing
	LastKey          bool   // a listing without a delimiter names no next marker: that is the last key
	UploadsByID      bool   // uploads of one key are listed by their IDs, not by their beginnings
	Nameless         bool   // who owns something may come without a display name: Amazon tells none today
	PercentKeys      bool   // encoded keys have %20 for a blank and keep their slashes
	FoldsHosts       bool   // bucket names in hosts are read in small letters
	FirstBare        bool   // the append that begins an object names no position
	// Responses are the parameters that replace Content-Type, Content-Language,
	// Expires, Cache-Control, Content-Disposition and Content-Encoding of a reply.
	Responses []string
	// Doom and DoomKey write the body of a request that removes several objects,
	// and DoomForm takes which of two forms of it is the dialect's.
	Doom     func(doomList) string
	DoomKey  func(key string) string
	DoomForm func(xml, json string) string
}

func firstOf(xml, _ string) string   { return xml }
func secondOf(_, json string) string { return json }

var responses = []string{"response-content-type", "response-content-language", "response-expires",
	"response-cache-control", "response-content-disposition", "response-content-encoding"}

var wordsOf = map[string]Words{
	"oss": {
		FoldsHosts:  true,
		PublicBlock: true, BucketACL: "x-oss-acl", ObjectACL: "x-oss-object-acl",
		MaxKeys: "max-keys", UploadsByID: true,
		Prefix: "x-oss-", Meta: "x-oss-meta-", RequestID: "x-oss-request-id", CRC64: "x-oss-hash-crc64ecma",
		CopyUnchanged: 304, Keep: "COPY", Replace: "REPLACE", Source: "/{bucket}/{key}",
		Forbid: "x-oss-forbid-overwrite", ObjectType: "x-oss-object-type",
		AppendQuery: "append", Position: "position", NextPosition: "x-oss-next-append-position",
		Responses: responses, Doom: doomXML, DoomKey: doomKeyXML, DoomForm: firstOf,
	},
	"cos": {
		Grant: "x-cos-grant-", Everyone: "http://cam.qcloud.com/groups/global/AllUsers", Signed: "http://cam.qcloud.com/groups/global/AuthenticatedUsers",
		BucketACL: "x-cos-acl", ObjectACL: "x-cos-acl",
		MaxKeys: "max-keys", UploadsByID: true, PercentKeys: true,
		Prefix: "x-cos-", Meta: "x-cos-meta-", RequestID: "x-cos-request-id", CRC64: "x-cos-hash-crc64ecma",
		CopyUnchanged: 412, Keep: "Copy", Replace: "Replaced", Source: "{bucket}.cos.{region}.myqcloud.com/{key}",
		Forbid: "x-cos-forbid-overwrite", ObjectType: "x-cos-object-type",
		AppendQuery: "append", Position: "position", NextPosition: "x-cos-next-append-position",
		Responses: responses, Doom: doomXML, DoomKey: doomKeyXML, DoomForm: firstOf,
	},
	"bos": {
		JSONGrants: true, Grant: "x-bce-grant-", Everyone: "*",
		BucketACL: "x-bce-acl", ObjectACL: "x-bce-acl",
		MaxKeys: "maxKeys",
		Prefix:  "x-bce-", Meta: "x-bce-meta-", RequestID: "x-bce-request-id", CRC64: "x-bce-content-crc64ecma",
		CopyUnchanged: 412, Keep: "copy", Replace: "replace", Source: "/{bucket}/{key}",
		Forbid: "x-bce-forbid-overwrite", ObjectType: "x-bce-object-type",
		AppendQuery: "append", Position: "offset", NextPosition: "x-bce-next-append-offset", FirstBare: true,
		Responses: []string{"responseContentType", "responseContentLanguage", "responseExpires",
			"responseCacheControl", "responseContentDisposition", "responseContentEncoding"},
		Doom: doomJSON, DoomKey: doomKeyJSON, DoomForm: secondOf,
	},
	"s3": {FoldsHosts: true, Nameless: true,
		Grant: "x-amz-grant-", Everyone: "http://acs.amazonaws.com/groups/global/AllUsers", Signed: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers", PublicBlock: true, WithACL: []wire.Field{{Name: "x-amz-object-ownership", Value: "ObjectWriter"}}, BucketACL: "x-amz-acl", ObjectACL: "x-amz-acl",
		MaxKeys: "max-keys", LastKey: true, Prefix: "x-amz-", Meta: "x-amz-meta-", RequestID: "x-amz-request-id", Condition: "Condition",
		CopyUnchanged: 412, Keep: "COPY", Replace: "REPLACE", Source: "{bucket}/{key}", Responses: responses,
		Doom: doomXML, DoomKey: doomKeyXML, DoomForm: firstOf},
}
