package main

import "path/filepath"

// A Subject is an SDK with one way to sign and one way to address.
type Subject struct {
	SDK     string // module name
	Sign    string
	Style   string // path, host
	Dialect string
	Open    func(Opening) (Client, error)
	kit     *kit // that has to be installed; nil: none
}

// Name is SDK/sign/style.
func (s Subject) Name() string { return s.SDK + "/" + s.Sign + "/" + s.Style }

// subjects are all combinations that the SDKs can do.
var subjects = []Subject{
	{"aliyun-oss-go-sdk", "V1", "path", "oss", openOSS1(""), nil},
	{"aliyun-oss-go-sdk", "V1", "host", "oss", openOSS1(""), nil},
	{"aliyun-oss-go-sdk", "V4", "path", "oss", openOSS1("v4"), nil},
	{"aliyun-oss-go-sdk", "V4", "host", "oss", openOSS1("v4"), nil},
	{"alibabacloud-oss-go-sdk-v2", "V1", "path", "oss", openOSS2("v1"), nil},
	{"alibabacloud-oss-go-sdk-v2", "V1", "host", "oss", openOSS2("v1"), nil},
	{"alibabacloud-oss-go-sdk-v2", "V4", "path", "oss", openOSS2("v4"), nil},
	{"alibabacloud-oss-go-sdk-v2", "V4", "host", "oss", openOSS2("v4"), nil},
	{"cos-go-sdk-v5", "sha1", "host", "cos", openCOS, nil},
	{"bce-sdk-go", "v1", "path", "bos", openBOS, nil},
	{"bce-sdk-go", "v1", "host", "bos", openBOS, nil},
	{"aws-sdk-go-v2", "V4", "path", "s3", openAWS, nil},
	{"aws-sdk-go-v2", "V4", "host", "s3", openAWS, nil},
	{"minio-go", "V4-chunks", "path", "s3", openMinIO(false), nil},
	{"minio-go", "V4-chunks", "host", "s3", openMinIO(false), nil},
	{"minio-go", "V4-trailer", "path", "s3", openMinIO(true), nil},
	{"ali-oss (npm)", "V1", "path", "oss", openRemote(aliOSS, "V1"), npm},
	{"ali-oss (npm)", "V4", "path", "oss", openRemote(aliOSS, "V4"), npm},
	{"ali-oss (npm)", "V1", "host", "oss", openRemote(aliOSS, "V1"), npm},
	{"ali-oss (npm)", "V4", "host", "oss", openRemote(aliOSS, "V4"), npm},
	{"cos-nodejs-sdk-v5 (npm)", "sha1", "host", "cos", openRemote(cosNode, ""), npm},
	{"@baiducloud/sdk (npm)", "v1", "path", "bos", openRemote(bosNode, ""), npm},
	{"@baiducloud/sdk (npm)", "v1", "host", "bos", openRemote(bosNode, ""), npm},
	{"@aws-sdk/client-s3 (npm)", "V4", "path", "s3", openRemote(awsNode, ""), npm},
	{"@aws-sdk/client-s3 (npm)", "V4", "host", "s3", openRemote(awsNode, ""), npm},
	{"boto3 (Debian)", "V4", "path", "s3", openRemote(boto3, "s3v4"), debian},
	{"boto3 (Debian)", "V4", "host", "s3", openRemote(boto3, "s3v4"), debian},
	{"awscli (Debian)", "V4", "path", "s3", openRemote(awscli, ""), debian},
	{"awscli (Debian)", "V4", "host", "s3", openRemote(awscli, ""), debian},
	{"s3cmd (Debian)", "V4", "path", "s3", openRemote(s3cmd, ""), debian},
	{"s3cmd (Debian)", "V4", "host", "s3", openRemote(s3cmd, ""), debian},
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

var dialectNames = []string{"oss", "cos", "bos", "s3"}

// dialects hold documented answers: AppendObject of OSS (PositionNotEqualToLength),
// Append Object of COS (AppendPositionErr), AppendObject of BOS (OffsetIncorrect).
var dialects = map[string]Dialect{
	"oss": {Region: "cn-hangzhou", Appends: true, CRC64: true, Position: "PositionNotEqualToLength", Unset: "default"},
	"cos": {Region: "ap-guangzhou", Suffix: "-1250000000", Appends: true, CRC64: true, Position: "AppendPositionErr", Unset: "private"},
	"bos": {Region: "bj", Appends: true, Position: "OffsetIncorrect"},
	"s3":  {Region: "us-east-1", Unset: "private"},
}

// The clients in other languages.
var (
	aliOSS  = node("ali-oss")
	cosNode = node("cos")
	bosNode = node("bos")
	awsNode = node("s3")
	boto3   = &child{command: []string{"/usr/bin/python3", "debian/driver.py", "boto"}, env: []string{"PYTHONDONTWRITEBYTECODE=1"}}
	awscli  = &child{command: []string{"/usr/bin/python3", "debian/driver.py", "aws"}, env: []string{"PYTHONDONTWRITEBYTECODE=1"}}
	s3cmd   = &child{command: []string{"/usr/bin/python3", "debian/driver.py", "s3cmd"}, env: []string{"PYTHONDONTWRITEBYTECODE=1"}}
)

func node(name string) *child {
	return &child{command: []string{"node", "npm/driver.js", name},
		env: []string{"NODE_PATH=" + filepath.Join(nodeModules(), "node_modules"), "NODE_NO_WARNINGS=1"}}
}

// endChildren ends those that were started.
func endChildren() {
	for _, c := range []*child{aliOSS, cosNode, bosNode, awsNode, boto3, awscli, s3cmd} {
		c.end()
	}
}
