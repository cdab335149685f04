// Package s3 describes the S3 dialect. Its facts come from the public API
// reference, user guide and recorded answers; comments name the clauses.
package s3

import (
	_ "embed"

	"objectharness/internal/dialect"
	"objectharness/internal/sign"
	"objectharness/internal/sign/sigv4"
)

//go:embed codes.tsv
var codes string

//go:embed routes.txt
var routes string

//go:embed refusals.tsv
var refusals string

var hosts = dialect.Hosts{
	Endpoint: "s3.*.amazonaws.com",
	Others: []string{"s3.dualstack.*.amazonaws.com", "s3-fips.dualstack.*.amazonaws.com", "s3-fips.*.amazonaws.com",
		"s3.amazonaws.com", "s3-*.amazonaws.com", "s3.*.amazonaws.com.cn"},
	Sites: []string{"s3-website.*.amazonaws.com", "s3-website-*.amazonaws.com"},
}

var body = dialect.XMLError{Names: []string{"Code", "Message", "extra", "RequestId", "HostId"}} // S3-ERR-01: no Resource any more

var shape = dialect.Dialect{
	Name:   "s3",
	Title:  "Amazon S3",
	Region: "us-east-1",
	Style:  dialect.PathStyle, // S3-EP-01: both styles name the same resource

	Prefix:    "x-amz-",
	Meta:      "x-amz-meta-",
	RequestID: "x-amz-request-id",
	Type:      "application/xml", // S3-ERR-01
	Server:    "AmazonS3",        // S3-ERR-09
	Replies: []dialect.ReplyField{
		{Name: "x-amz-request-id", Form: dialect.HexID(16)}, // S3-ERR-05
		{Name: "x-amz-id-2", Form: dialect.Base64ID},        // S3-ERR-05
	},

	BucketNames: dialect.BucketRule{
		Min: 3, Max: 63, Dots: true, Code: "InvalidBucketName", // S3-BKT-01 to -07
		Begins: []string{"xn--", "sthree-", "amzn-s3-demo-"}, // S3-BKT-08
		Ends:   []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"},
	},
	Keys:   dialect.KeyRule{Max: 1024, LongCode: "KeyTooLongError", Code: "InvalidURI"}, // S3-OBJ-04, -08, -10; S3-ERR-15
	Limits: limits,

	Routes:      dialect.Must(dialect.ParseRoutes(routes)),
	Codes:       dialect.Must(dialect.ParseCodes(codes)),
	Refusals:    dialect.Must(dialect.ParseRefusals(refusals)),
	EncodeError: body.Encode,
	DecodeError: body.Decode,
	Host:        hosts.Host,
	RegionOf:    hosts.Region,
	Locate:      hosts.Locate,
}

var limits = dialect.Limits{
	PutSize:      5 * dialect.GiB,         // S3-OBJ-05
	PostSize:     5 * dialect.GiB,         // S3-OBJ-05
	CopySize:     5 * dialect.GiB,         // S3-COPY-33
	ObjectSize:   10000 * 5 * dialect.GiB, // S3-OBJ-05: 48.8 TiB
	PartSize:     5 * dialect.GiB,         // S3-MPU-12
	MinPartSize:  5 * dialect.MiB,         // S3-MPU-14
	Parts:        10000,                   // S3-MPU-04
	MetaSize:     2 * dialect.KiB,         // S3-OBJ-11
	Buckets:      10000,                   // S3-BKT-14
	ListKeys:     1000,                    // S3-LIST-13
	ListDefault:  1000,                    // S3-LIST-13
	ListParts:    1000,                    // S3-MPU-40
	ListBuckets:  10000,                   // S3-BKT-32
	DeleteKeys:   1000,                    // S3-DEL-05
	ObjectTags:   10,                      // S3-TAG-07
	BucketTags:   50,                      // S3-TAG-07
	TagKey:       128,                     // S3-TAG-08
	TagValue:     256,                     // S3-TAG-08
	CORSRules:    100,                     // S3-CORS-06
	Lifecycle:    1000,                    // S3-LIFE-02
	RuleID:       255,                     // S3-LIFE-03, S3-CORS-06
	Grants:       100,                     // S3-ACL-19
	PolicySize:   20 * dialect.KiB,        // S3-POL-04
	HeadSize:     8 * dialect.KiB,         // S3-ERR-21
	FormSize:     20 * dialect.KiB,        // S3-POST-09
	ConfigSize:   64 * dialect.KiB,        // S3-CORS-06
	RoutingRules: 50,                      // S3-WEB-06
	Skew:         900,                     // S3-SIG-16, -17, -18
	MaxExpires:   604800,                  // S3-PRE-05, -06
}

// New makes the dialect. Every call returns a copy of its own.
func New() *dialect.Dialect {
	d := shape.Clone()
	d.Schemes = []sign.Scheme{sigv4.Scheme{}}
	d.Operation = dialect.NewRouter(d.Routes).Operation
	return d
}
