// Package cos describes the Tencent COS dialect. Its facts come from the best
// practice and presigning documents and, where those are silent, from the
// manual of December 2024; comments name the clauses.
package cos

import (
	_ "embed"

	"objectharness/internal/dialect"
	"objectharness/internal/sign"
	"objectharness/internal/sign/cossha1"
)

//go:embed codes.tsv
var codes string

//go:embed routes.txt
var routes string

//go:embed refusals.tsv
var refusals string

var hosts = dialect.Hosts{
	Endpoint: "cos.*.myqcloud.com", // COS-XADDR-01, -02, -03: cos.accelerate has the same form
	Others:   []string{"service.cos.myqcloud.com", "cos-internal.*.myqcloud.com", "cos-internal.*.tencentcos.cn", "cos.*.tencentcos.cn"},
	Sites:    []string{"cos-website.*.myqcloud.com", "cos-website.*.tencentcos.cn"},
}

var body = dialect.XMLError{Names: []string{"Code", "Message", "extra", "Resource", "RequestId", "TraceId"}} // COS-XERR-01

var shape = dialect.Dialect{
	Name:   "cos",
	Title:  "Tencent COS",
	Region: "ap-guangzhou",
	Style:  dialect.HostStyle, // COS-XADDR-01

	Prefix:    "x-cos-",
	Meta:      "x-cos-meta-",
	RequestID: "x-cos-request-id",
	Type:      "application/xml", // COS-XERR-01
	Server:    "tencent-cos",     // COS-XHDR-01
	Replies: []dialect.ReplyField{
		{Name: "x-cos-request-id", Form: dialect.Base64ID},                      // COS-XHDR-02
		{Name: "x-cos-trace-id", When: dialect.Failing, Form: dialect.Base64ID}, // COS-XERR-04
	},

	BucketNames: dialect.BucketRule{
		Min: 1, Max: 50, Owner: true, Address: true, Code: "InvalidBucketName", // COS-PUT-13, COS-XBKT-01
		HostMax: 60, LongCode: "BucketNameTooLong", // COS-XBKT-02
	},
	Keys: dialect.KeyRule{
		Max: 850, LongCode: "KeyTooLong", // COS-XADDR-07
		First: `/\`, Without: "\x18\x19\x1a\x1b", Code: "InvalidObjectName", // COS-XADDR-08
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
	PutSize:      5 * dialect.GiB,         // COS-PUT-02, COS-XPUT-02
	PostSize:     5 * dialect.GiB,         // COS-XPOST-09: of the file
	CopySize:     5 * dialect.GiB,         // COS-XCOPY-13
	AppendSize:   5 * dialect.GiB,         // COS-XAPP-09
	ObjectSize:   10000 * 5 * dialect.GiB, // COS-XMPU-36
	PartSize:     5 * dialect.GiB,         // COS-MPU-03
	MinPartSize:  dialect.MiB,             // COS-MPU-02, COS-XMPU-05
	Parts:        10000,                   // COS-MPU-01, COS-XMPU-04
	MetaSize:     4 * dialect.KiB,         // COS-XPUT-07
	MetaValue:    2 * dialect.KiB,         // COS-XPUT-07, -08
	Buckets:      200,                     // COS-XBKT-10
	ListKeys:     1000,                    // COS-XLIST-03
	ListDefault:  1000,                    // COS-LIST-01
	ListParts:    1000,                    // COS-XMPU-25
	DeleteKeys:   1000,                    // COS-XDEL-06
	ObjectTags:   10,                      // COS-XTAG-04
	BucketTags:   50,                      // COS-XTAG-03
	TagKey:       128,                     // COS-XTAG-05
	TagValue:     256,                     // COS-XTAG-05
	CORSRules:    100,                     // COS-XCORS-02
	Lifecycle:    1000,                    // COS-XLC-04
	RuleID:       255,                     // COS-XLC-04
	Grants:       100,                     // COS-XACL-02
	BucketACLs:   1000,                    // COS-XACL-03
	PolicySize:   20 * dialect.KiB,        // COS-XPOL-04
	ConfigSize:   64 * dialect.KiB,        // COS-XCORS-02, COS-XWEB-03
	MinRate:      819200,                  // COS-PUT-09, COS-XPUT-15
	MaxRate:      838860800,               // COS-PUT-09, COS-XPUT-15
	Skew:         900,                     // COS-XSIG-08
	RoutingRules: 100,                     // COS-XWEB-03
}

// New makes the dialect. Every call returns a copy of its own.
func New() *dialect.Dialect {
	d := shape.Clone()
	d.Schemes = []sign.Scheme{cossha1.Scheme{}}
	d.Operation = dialect.NewRouter(d.Routes).Operation
	return d
}
