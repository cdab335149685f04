// Package bos describes the Baidu BOS dialect. Its facts come from the page on
// authentication strings, the signing samples and, where those are silent, from
// the public reference and the vendor's SDKs; comments name the clauses.
package bos

import (
	_ "embed"

	"objectharness/internal/dialect"
	"objectharness/internal/sign"
	"objectharness/internal/sign/bcev1"
)

//go:embed codes.tsv
var codes string

//go:embed routes.txt
var routes string

//go:embed refusals.tsv
var refusals string

var hosts = dialect.Hosts{
	Endpoint: "*.bcebos.com", // BOS-ADDR-04, -06: cdn.bcebos.com has the same form
	Version:  "v1",           // BOS-ADDR-02
}

var shape = dialect.Dialect{
	Name:   "bos",
	Title:  "Baidu BOS",
	Region: "bj",
	Style:  dialect.HostStyle, // BOS-ADDR-01

	Prefix:    "x-bce-",
	Meta:      "x-bce-meta-",
	RequestID: "x-bce-request-id",
	DateField: "x-bce-date",                      // BOS-SIGN-33, BOS-ERR-43
	Type:      "application/json; charset=utf-8", // BOS-HDR-11
	Server:    "BceBos",                          // BOS-HDR-03
	Replies: []dialect.ReplyField{
		{Name: "x-bce-request-id", Form: dialect.UUID},   // BOS-HDR-01
		{Name: "x-bce-debug-id", Form: dialect.Base64ID}, // BOS-HDR-02
	},

	BucketNames: dialect.BucketRule{Min: 3, Max: 63, Address: true, Code: "InvalidBucketName"},        // BOS-BUCKET-01, -02
	Keys:        dialect.KeyRule{Max: 1024, LongCode: "InvalidObjectName", Code: "InvalidObjectName"}, // BOS-PUT-10, -11
	Limits:      limits,

	Routes:      dialect.Must(dialect.ParseRoutes(routes)),
	Codes:       dialect.Must(dialect.ParseCodes(codes)),
	Refusals:    dialect.Must(dialect.ParseRefusals(refusals)),
	EncodeError: dialect.EncodeJSONError, // BOS-ERR-01
	DecodeError: dialect.DecodeJSONError,
	Host:        hosts.Host,
	RegionOf:    hosts.Region,
	Locate:      hosts.Locate,
}

// fortyEight is 48.8 TB as the documents print it, in binary units.
const fortyEight = 488 * dialect.TiB / 10

var limits = dialect.Limits{
	PutSize:     5 * dialect.GiB,   // BOS-PUT-02
	PostSize:    5 * dialect.GiB,   // as PutSize: no document says
	CopySize:    5 * dialect.GiB,   // BOS-COPY-03
	AppendSize:  fortyEight,        // BOS-APPEND-11
	ObjectSize:  fortyEight,        // BOS-MPU-10
	PartSize:    5 * dialect.GiB,   // BOS-MPU-09
	MinPartSize: 100 * dialect.KiB, // BOS-MPU-08
	Parts:       10000,             // BOS-MPU-07
	MetaSize:    2 * dialect.KiB,   // BOS-PUT-09
	Buckets:     100,               // BOS-BUCKET-04
	ListKeys:    1000,              // BOS-LIST-03
	ListDefault: 1000,              // BOS-LIST-03
	ListParts:   1000,              // BOS-MPU-24, -26
	ListBuckets: 100,               // BOS-BUCKET-12
	DeleteKeys:  1000,              // BOS-MDEL-02
	DeleteSize:  2 * dialect.MiB,   // BOS-MDEL-03
	ObjectTags:  10,                // BOS-TAG-05
	TagKey:      128,               // BOS-TAG-05
	TagValue:    256,               // BOS-TAG-05
	CORSRules:   100,               // BOS-CORS-03
	ConfigSize:  20 * dialect.KiB,  // BOS-CORS-04
	MinRate:     819200,            // BOS-HDR-20
	MaxRate:     838860800,         // BOS-HDR-20
	Skew:        900,               // ours: no document names it
}

// New makes the dialect. Every call returns a copy of its own.
func New() *dialect.Dialect {
	d := shape.Clone()
	d.Schemes = []sign.Scheme{bcev1.Scheme{}}
	d.Operation = dialect.NewRouter(d.Routes).Operation
	return d
}
