package emulator

import "strings"

// traits are what an operation must know of a dialect beyond internal/dialect:
// the names of its own fields and the few behaviours in which the four part.
// One row per dialect; no operation asks for the dialect's name.
type traits struct {
	resource func(*call) string // Resource of an error body

	keyElement string // element of an error body that names the access key, "" for none
	crc64      string // field that answers the CRC-64 of the body, "" for none
	forbid     string // field that forbids overwriting: value "true"
	pieceMD5   string // field that answers the MD5 of an appended piece, "" for none
	wholeMD5   bool   // the MD5 of an appended object is kept
	growth     growth
	plusBlank  bool   // a plus sign in a query is a blank
	json       bool   // listings are JSON
	listTime   string // layout of the times in listings
	listing    listing
	quoteETag  bool // ETag in quotes
	upperETag  bool // its digits are written in upper case
	writing    writing
	reading    reading
	conditions conditions
	deleting   deleting
	copying    copying
	versions   versioning
	access     accessing
	multipart  multipart
	progress   progress
	restoring  restoring
	storing    storing
	posting    posting
	defaultCT  string // Content-Type of an object that was put without one
	noLength   string // code for an upload without a length
	deleted    int    // status of a successful delete
	sharing    sharing
	buckets    bucketing
	labels     labelling
	seals      bool // objects are encrypted with keys of the service or of the client, as S3 does
	sums       bool // bodies come and go with checksums of the dialect's own fields
	lifecycle  living
	policies   policing
	website    website
	configs    configs // documents of buckets that need no more than their form
	throttle   string  // code for a key range that is asked too often
}

var traitsOf = map[string]traits{
	"oss": {
		buckets: ossBuckets, labels: ossLabelling, configs: ossConfigs.and(ossMoreConfigs),
		sharing: ossSharing, throttle: "TotalQpsLimitExceeded",
		listTime:   millis,
		resource:   func(c *call) string { return c.at.Resource() },
		keyElement: "OSSAccessKeyId", crc64: "x-oss-hash-crc64ecma",
		forbid: "x-oss-forbid-overwrite",
		growth: growth{position: "position", next: "x-oss-next-append-position", misplaced: "PositionNotEqualToLength",
			normal: "ObjectNotAppendable", malformed: "InvalidArgument", tooLarge: "InvalidArgument", digest: "InvalidDigest",
			typeField: "x-oss-object-type", listed: true},
		listing: ossListing, writing: ossWriting, reading: ossReading, conditions: ossConditions, deleting: ossDeleting,
		copying:   ossCopying,
		versions:  ossVersions,
		access:    ossAccess,
		multipart: ossMultipart,
		progress:  ossProgress,
		restoring: ossRestoring,
		posting:   ossPosting,
		quoteETag: true, upperETag: true, defaultCT: "application/octet-stream", deleted: 204, noLength: "MissingContentLength",
	},
	"cos": {
		buckets: cosBuckets, labels: cosLabelling,
		sharing: cosSharing, throttle: "SlowDown",
		plusBlank: true, listTime: millis,
		resource: func(c *call) string { return strings.TrimSuffix(c.field("Host")+"/"+c.at.Key, "/") },
		crc64:    "x-cos-hash-crc64ecma",
		forbid:   "x-cos-forbid-overwrite",
		pieceMD5: "x-cos-content-sha1",
		growth: growth{position: "position", next: "x-cos-next-append-position", misplaced: "AppendPositionErr",
			normal: "ObjectNotAppendable", malformed: "InvalidArgument", tooLarge: "EntityTooLarge", digest: "BadDigest",
			typeField: "x-cos-object-type", lower: true},
		listing: cosListing, writing: cosWriting, reading: cosReading, conditions: cosConditions, deleting: cosDeleting,
		copying:   cosCopying,
		versions:  cosVersions,
		access:    cosAccess,
		multipart: cosMultipart,
		progress:  cosProgress,
		posting:   cosPosting,
		quoteETag: true, defaultCT: "application/octet-stream", deleted: 204, noLength: "MissingContentLength",
	},
	"bos": {
		buckets: bosBuckets, labels: bosLabelling,
		sharing: bosSharing, throttle: "SlowDown",
		json: true, listTime: seconds,
		resource: func(c *call) string { return c.at.Resource() },
		crc64:    "x-bce-content-crc64ecma",
		forbid:   "x-bce-forbid-overwrite",
		wholeMD5: true,
		growth: growth{position: "offset", next: "x-bce-next-append-offset", optional: true, free: "NoSuchKey", misplaced: "OffsetIncorrect",
			normal: "ObjectUnappendable", malformed: "InvalidArgument", tooLarge: "EntityTooLarge", digest: "BadDigest",
			typeField: "x-bce-object-type"},
		listing: bosListing, writing: bosWriting, reading: bosReading, conditions: bosConditions, deleting: bosDeleting,
		copying:   bosCopying,
		access:    bosAccess,
		multipart: bosMultipart,
		progress:  bosProgress,
		posting:   bosPosting,
		quoteETag: true, defaultCT: "application/octet-stream", deleted: 204, noLength: "MissingContentLength",
	},
	"s3": {
		buckets: s3Buckets, labels: s3Labelling, sums: true, seals: true, lifecycle: living{told: "x-amz-expiration"}, configs: s3Configs, policies: s3Policies, website: s3Website,
		sharing: s3Sharing, throttle: "SlowDown",
		listTime:   millis,
		resource:   func(c *call) string { return c.at.Resource() },
		keyElement: "AWSAccessKeyId",
		listing:    s3Listing, writing: s3Writing, reading: s3Reading, conditions: s3Conditions, deleting: s3Deleting,
		copying:   s3Copying,
		versions:  s3Versions,
		access:    s3Access,
		multipart: s3Multipart,
		progress:  s3Progress,
		restoring: s3Restoring,
		storing:   s3Storing,
		posting:   s3Posting,
		quoteETag: true, defaultCT: "binary/octet-stream", deleted: 204, noLength: "MissingContentLength",
	},
}
