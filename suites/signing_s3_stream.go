package suites

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Words that stand in the place of a payload hash and announce chunks.
const (
	signedChunks   = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	signedTrailer  = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	unsignedChunks = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
)

// A stream is an upload in aws-chunked form, written by the documents and not by
// the signer under test. Its hooks change one thing.
type stream struct {
	word     string
	sizes    []int  // of the data chunks
	text     string // what is uploaded; "" is any text of that length
	trailers []wire.Field
	names    string              // announced trailers; "" is those that are sent
	length   string              // announced length of the data; "" is the right one, "-" none
	encoding string              // Content-Encoding behind aws-chunked
	head     func(*wire.Request) // changes the head before it is signed
	lines    func(kind string, lines []string) []string
	chunks   func([]chunk) []chunk           // changes chunks that are signed already
	ends     func(trailer []string) []string // changes the lines behind the last chunk
}

// A chunk is one chunk as it is sent, in parts: size, mark, signature, data, end.
type chunk struct{ size, mark, sig, data, end string }

func (c chunk) String() string { return c.size + c.mark + c.sig + "\r\n" + c.data + c.end }

// data is what the stream uploads.
func (u stream) data() string {
	if u.text != "" {
		return u.text
	}
	total := 0
	for _, n := range u.sizes {
		total += n
	}
	return body(total)
}

// put is the upload to a key.
func (u stream) put(s *Scene, key string) client.Call {
	call := s.Put(key, "")
	call.Scheme = streamed{s.Scheme("aws-sigv4"), u}
	return call
}

// chunkSigner makes the signatures of chunks, each over the one before.
type chunkSigner struct {
	key   []byte
	scope string // time and scope, a line each
	prev  string
	lines func(kind string, lines []string) []string
}

func (g *chunkSigner) sign(kind string, hashes ...string) string {
	lines := append([]string{kind, g.scope, g.prev}, hashes...)
	if g.lines != nil {
		lines = g.lines(kind, lines)
	}
	sum := sign.HMAC256(g.key, []byte(strings.Join(lines, "\n")))
	g.prev = hex.EncodeToString(sum[:])
	return g.prev
}

func hexOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// encode writes the body; its length does not depend on the signer.
func (u stream) encode(g *chunkSigner) string {
	var list []chunk
	rest := u.data()
	for _, n := range append(append([]int(nil), u.sizes...), 0) {
		c := chunk{size: strconv.FormatInt(int64(n), 16), data: rest[:n], end: "\r\n"}
		if rest = rest[n:]; n == 0 {
			c.end = ""
		}
		if u.word != unsignedChunks {
			c.mark, c.sig = ";chunk-signature=", g.sign("AWS4-HMAC-SHA256-PAYLOAD", emptySHA256, hexOf(c.data))
		}
		list = append(list, c)
	}
	if u.chunks != nil {
		list = u.chunks(list)
	}
	var b strings.Builder
	for _, c := range list {
		b.WriteString(c.String())
	}
	for _, line := range u.trailer(g) {
		b.WriteString(line + "\r\n")
	}
	return b.String()
}

// trailer are the lines behind the last chunk.
func (u stream) trailer(g *chunkSigner) []string {
	var lines []string
	text := ""
	for _, f := range u.trailers {
		lines = append(lines, f.Name+":"+f.Value)
		text += f.Name + ":" + f.Value + "\n"
	}
	if u.word == signedTrailer {
		lines = append(lines, "x-amz-trailer-signature:"+g.sign("AWS4-HMAC-SHA256-TRAILER", hexOf(text)))
	}
	if lines = append(lines, ""); u.ends != nil {
		lines = u.ends(lines)
	}
	return lines
}

// streamed is a scheme that sends the body of a request in chunks.
type streamed struct {
	sign.Scheme
	upload stream
}

// Prepare announces the chunks.
func (s streamed) Prepare(r *wire.Request, in *sign.Input) error {
	u := s.upload
	encoding := "aws-chunked"
	if u.encoding != "" {
		encoding += "," + u.encoding
	}
	r.Fields.Set("Content-Encoding", encoding)
	r.Fields.Set(amzHash, u.word)
	if length := u.length; length != "-" {
		if length == "" {
			length = strconv.Itoa(len(u.data()))
		}
		r.Fields.Set(amzDecoded, length)
	}
	names := u.names
	for i, f := range u.trailers {
		if u.names == "" && i == 0 {
			names = f.Name
		}
	}
	if names != "" {
		r.Fields.Set(amzTrailer, names)
	}
	if r.Fields.Has("Content-Length") {
		r.Fields.Set("Content-Length", strconv.Itoa(len(u.encode(&chunkSigner{prev: emptySHA256}))))
	}
	if u.head != nil {
		u.head(r)
	}
	return s.Scheme.Prepare(r, in)
}

// Append signs the head and then the chunks.
func (s streamed) Append(dst []byte, r *wire.Request, in *sign.Input, steps *sign.Steps) ([]byte, error) {
	var own sign.Steps
	out, err := s.Scheme.Append(dst, r, in, &own)
	if err != nil {
		return nil, err
	}
	for _, step := range own.List {
		if steps != nil {
			steps.List = append(steps.List, step)
		}
	}
	text, _ := own.Get(sign.StepText)
	lines := strings.Split(text, "\n")
	key, _ := own.Get(sign.StepKey)
	g := &chunkSigner{scope: lines[1] + "\n" + lines[2], lines: s.upload.lines}
	g.prev, _ = own.Get(sign.StepSignature)
	g.key, _ = hex.DecodeString(key)
	sent := s.upload.encode(g)
	r.Body, r.Length = strings.NewReader(sent), int64(len(sent))
	return out, nil
}
