package emulator

import (
	"errors"
	"io"
	"strings"

	"objectharness/internal/sign"
)

// unwrap gives the operation the body that a signature vouches for: chunks that
// sign themselves are taken apart.
func (c *call) unwrap(v *sign.Verified) {
	if v.Trailers == nil {
		c.body, c.length = v.Body, v.Length
		return
	}
	c.body, c.length = &trailing{c: c, v: v}, max(v.Length, 0)
	if c.does("payload.content-encoding") {
		c.dropCoding("aws-chunked")
	}
}

// dropCoding takes one coding out of the request's Content-Encoding, so that it
// is not stored.
func (c *call) dropCoding(coding string) {
	var rest []string
	for part := range strings.SplitSeq(c.field("Content-Encoding"), ",") {
		if part = strings.TrimSpace(part); part != "" && part != coding {
			rest = append(rest, part)
		}
	}
	c.in.Fields.Del("Content-Encoding")
	if len(rest) > 0 {
		c.in.Fields.Add("Content-Encoding", strings.Join(rest, ","))
	}
}

// trailing reads the data of chunks and answers the checksums of their trailer.
type trailing struct {
	c    *call
	v    *sign.Verified
	slip *strings.Reader // what a reader that takes the framing for data still has
}

func (t *trailing) Read(p []byte) (int, error) {
	if t.slip != nil {
		return t.slip.Read(p)
	}
	n, err := t.v.Body.Read(p)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	t.c.trailer = t.v.Trailers()
	for _, f := range t.c.trailer {
		if strings.HasPrefix(f.Name, t.c.own("checksum-")) {
			t.c.set("payload.trailer", f.Name, f.Value)
		}
	}
	t.slip = strings.NewReader(pick(t.c, "payload.decoded", "", "\r\n"))
	return n, nil
}

// chunkable are the operations whose bodies may come in chunks that sign
// themselves.
var chunkable = map[string]bool{"PutObject": true, "UploadPart": true, "AppendObject": true}

// inChunks refuses such a body where it does not belong.
func (c *call) inChunks() error {
	ok := chunkable[c.kind] || !strings.HasPrefix(c.field(c.own("content-sha256")), "STREAMING-")
	return c.require("payload.chunks-of-objects", ok, "InvalidRequest")
}
