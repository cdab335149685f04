package load

import (
	"strconv"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// words are what a dialect calls what a workload asks for.
type words struct {
	copySource string                       // field that names what is copied
	source     func(*sender, string) string // its value for a key
	maxKeys    string                       // parameter that bounds a listing
	append     []wire.Param                 // parameters of the append that begins an object; nil where there is none
	complete   func(etag string) string     // body that completes an upload of one part
}

var wordsOf = map[string]words{
	"oss": {"x-oss-copy-source", pathSource, "max-keys", appendAt("position"), completeXML},
	"cos": {"x-cos-copy-source", hostSource, "max-keys", appendAt("position"), completeXML},
	"bos": {"x-bce-copy-source", pathSource, "maxKeys", []wire.Param{{Name: "append", Bare: true}}, completeJSON},
	"s3":  {"x-amz-copy-source", pathSource, "max-keys", nil, completeXML},
}

func appendAt(position string) []wire.Param {
	return []wire.Param{{Name: "append", Bare: true}, {Name: position, Value: "0"}}
}

func pathSource(s *sender, key string) string {
	return "/" + s.arm.Bucket + "/" + wire.EscapePath(key)
}

func hostSource(s *sender, key string) string {
	return s.arm.Bucket + "." + s.client.Dialect.Host(s.client.Region) + "/" + wire.EscapePath(key)
}

func completeXML(etag string) string {
	return "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag + "</ETag></Part></CompleteMultipartUpload>"
}

func completeJSON(etag string) string {
	return `{"parts":[{"partNumber":1,"eTag":` + strconv.Quote(strings.Trim(etag, `"`)) + "}]}"
}

// Supports tells whether a dialect has the operation.
func Supports(dialect string, op Op) bool { return op != Append || wordsOf[dialect].append != nil }

// call is the first request of a hit, with its body in the given memory.
func (s *sender) call(h Hit, key string, body *content) client.Call {
	*body = contentOf(s.seed, h.N, h.Size)
	c := client.Call{Method: "GET", Bucket: s.arm.Bucket, Key: key}
	switch h.Op {
	case Put:
		c.Method, c.Source, c.Length = "PUT", body, h.Size
	case Head:
		c.Method = "HEAD"
	case Delete:
		c.Method = "DELETE"
	case List:
		c.Query = []wire.Param{{Name: s.words.maxKeys, Value: "100"}, {Name: "marker", Value: c.Key}}
		c.Key = ""
	case Copy:
		c.Method, c.Fields = "PUT", wire.Fields{{Name: s.words.copySource, Value: s.words.source(s, s.key(h.From))}}
	case Append:
		c.Method, c.Query = "POST", s.words.append
		c.Source, c.Length = body, h.Size
	case Multipart:
		c.Method, c.Query = "POST", []wire.Param{{Name: "uploads", Bare: true}}
	}
	return c
}
