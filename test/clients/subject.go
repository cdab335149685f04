package main

// A Subject is an SDK with one way to sign and one way to address.
type Subject struct {
	SDK     string // module name
	Sign    string
	Style   string // path, host
	Dialect string
	Open    func(Opening) (Client, error)
}

// Name is SDK/sign/style.
func (s Subject) Name() string { return s.SDK + "/" + s.Sign + "/" + s.Style }

// subjects are all combinations that the SDKs can do.
var subjects = []Subject{
	{"aliyun-oss-go-sdk", "V1", "path", "oss", openOSS1("")},
	{"aliyun-oss-go-sdk", "V1", "host", "oss", openOSS1("")},
	{"aliyun-oss-go-sdk", "V4", "path", "oss", openOSS1("v4")},
	{"aliyun-oss-go-sdk", "V4", "host", "oss", openOSS1("v4")},
	{"alibabacloud-oss-go-sdk-v2", "V1", "path", "oss", openOSS2("v1")},
	{"alibabacloud-oss-go-sdk-v2", "V1", "host", "oss", openOSS2("v1")},
	{"alibabacloud-oss-go-sdk-v2", "V4", "path", "oss", openOSS2("v4")},
	{"alibabacloud-oss-go-sdk-v2", "V4", "host", "oss", openOSS2("v4")},
	{"cos-go-sdk-v5", "sha1", "host", "cos", openCOS},
	{"bce-sdk-go", "v1", "path", "bos", openBOS},
	{"bce-sdk-go", "v1", "host", "bos", openBOS},
	{"aws-sdk-go-v2", "V4", "path", "s3", openAWS},
	{"aws-sdk-go-v2", "V4", "host", "s3", openAWS},
	{"minio-go", "V4-chunks", "path", "s3", openMinIO(false)},
	{"minio-go", "V4-chunks", "host", "s3", openMinIO(false)},
	{"minio-go", "V4-trailer", "path", "s3", openMinIO(true)},
}

// A Dialect is what the steps have to know of one.
type Dialect struct {
	Region   string
	Suffix   string // of bucket names
	Appends  bool
	CRC64    bool   // every get and head carries the CRC-64 of the object
	Position string // code of an append at a wrong position, with status 409
	Unset    string // ACL of an object that was given none, as the SDK reads it; "": there is none to read
}

// dialects hold documented answers: AppendObject of OSS (PositionNotEqualToLength),
// Append Object of COS (AppendPositionErr), AppendObject of BOS (OffsetIncorrect).
var dialects = map[string]Dialect{
	"oss": {Region: "cn-hangzhou", Appends: true, CRC64: true, Position: "PositionNotEqualToLength", Unset: "default"},
	"cos": {Region: "ap-guangzhou", Suffix: "-1250000000", Appends: true, CRC64: true, Position: "AppendPositionErr", Unset: "private"},
	"bos": {Region: "bj", Appends: true, Position: "OffsetIncorrect"},
	"s3":  {Region: "us-east-1", Unset: "private"},
}
