package emulator

import "objectharness/internal/wire"

// handlers are the operations by their name across dialects (that of the S3
// reference where S3 has it).
var handlers = map[string]func(*call) error{
	"ListBuckets":  (*call).listBuckets,
	"CreateBucket": (*call).putBucket,
	"DeleteBucket": (*call).deleteBucket,
	"HeadBucket":   (*call).headBucket,
	"ListObjects":  (*call).listObjects,
	"PutObject":    (*call).putObject,
	"GetObject":    (*call).getObject,
	"HeadObject":   (*call).headObject,
	"DeleteObject": (*call).deleteObject,
	"AppendObject": (*call).appendObject,
}

// route finds the handler of the request's operation.
func (c *call) route() (func(*call) error, error) {
	h, ok := handlers[c.kind]
	if !ok {
		return nil, c.require("route.unknown", false, "MethodNotAllowed")
	}
	return h, nil
}

// checkHead refuses heads that are no HTTP/1.1 requests, before anything in
// them is believed.
func (c *call) checkHead() error {
	bad := c.in.Bad
	if bad == nil {
		return nil
	}
	if bad.Kind == wire.HeadTooLarge {
		return c.refuse("head.too-large", "InvalidArgument", closing)
	}
	return c.refuse("head.malformed", "InvalidArgument", closing)
}
