// Package oss describes the Alibaba OSS dialect. Its facts come from the API
// reference of 2019-03-19 and, where that is silent, from its later editions;
// comments name the clauses.
package oss

import (
	_ "embed"

	"objectharness/internal/dialect"
	"objectharness/internal/sign"
	"objectharness/internal/sign/ossv1"
	"objectharness/internal/sign/ossv4"
)

//go:embed codes.tsv
var codes string

//go:embed routes.txt
var routes string

//go:embed refusals.tsv
var refusals string

var hosts = dialect.Hosts{
	Endpoint: "oss-*.aliyuncs.com", // internal and accelerated names have the same form
	Others:   []string{"*.oss.aliyuncs.com"},
}

var body = dialect.XMLError{Names: []string{"Code", "Message", "RequestId", "HostId", "extra"}} // OSS-ERROR-01

var shape = dialect.Dialect{
	Name:   "oss",
	Title:  "Alibaba OSS",
	Region: "cn-hangzhou",
	Style:  dialect.HostStyle, // OSS-HDR-08

	Prefix:    "x-oss-",
	Meta:      "x-oss-meta-",
	RequestID: "x-oss-request-id",
	Type:      "application/xml", // OSS-HDR-09
	Server:    "AliyunOSS",       // OSS-HDR-05
	Replies: []dialect.ReplyField{
		{Name: "x-oss-request-id", Form: dialect.HexID(24)},  // OSS-HDR-01, OSS-XHDR-09
		{Name: "x-oss-server-time", When: dialect.Sometimes}, // OSS-HDR-07: milliseconds
		{Name: "x-oss-ec", When: dialect.Sometimes},          // OSS-XERR-01: later editions only
	},

	BucketNames: dialect.BucketRule{Min: 3, Max: 63, Address: true, Code: "InvalidBucketName"}, // OSS-PUTBUCKET-10, -11
	Keys: dialect.KeyRule{
		Max: 1023, LongCode: "InvalidObjectName", // OSS-PUT-08, -09
		First: `/\`, Code: "InvalidObjectName", // OSS-XPUT-01, -02
	},
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
	PutSize:      5 * dialect.GiB,   // OSS-PUT-11
	PostSize:     5 * dialect.GiB,   // OSS-POST-33: of the whole body
	CopySize:     dialect.GiB,       // OSS-COPY-21
	AppendSize:   5 * dialect.GiB,   // OSS-APPEND-28
	PartSize:     5 * dialect.GiB,   // OSS-MPU-PART-13
	MinPartSize:  100 * dialect.KiB, // OSS-MPU-PART-10, OSS-XCMPL-10
	Parts:        10000,             // OSS-MPU-PART-03, -19
	MetaSize:     8 * dialect.KiB,   // OSS-PUT-29
	Buckets:      30,                // OSS-PUTBUCKET-15
	ListKeys:     1000,              // OSS-LIST-13
	ListDefault:  100,               // OSS-LIST-12
	ListParts:    1000,              // OSS-XLPART-03, OSS-XLMU-03
	ListBuckets:  1000,              // OSS-XSVC-07
	DeleteKeys:   1000,              // OSS-XMDEL-05
	DeleteSize:   2 * dialect.MiB,   // OSS-XMDEL-06
	ObjectTags:   10,                // OSS-XTAG-03
	BucketTags:   20,                // OSS-XTAG-13
	TagKey:       128,               // OSS-XTAG-04
	TagValue:     256,               // OSS-XTAG-04
	CORSRules:    10,                // OSS-XCORS-03
	Lifecycle:    1000,              // OSS-LIFECYCLE-04
	RuleID:       255,               // OSS-LIFECYCLE-05
	ConfigSize:   16 * dialect.KiB,  // OSS-XCORS-04
	MinRate:      819200,            // OSS-XFLOW-06
	MaxRate:      838860800,         // OSS-XFLOW-06
	Skew:         900,               // OSS-SIGN-HDR-14, -15
	MaxExpires:   604800,            // OSS-XV4-19; the V1 form has no bound of its own (OSS-SIGN-URL-24)
	RestoreDays:  7,                 // OSS-XREST-07
	RoutingRules: 5,                 // OSS-WEBSITE-12
}

// New makes the dialect. Every call returns a copy of its own.
func New() *dialect.Dialect {
	d := shape.Clone()
	d.Schemes = []sign.Scheme{ossv1.Scheme{}, ossv4.Scheme{}}
	d.Operation = dialect.NewRouter(d.Routes).Operation
	return d
}
