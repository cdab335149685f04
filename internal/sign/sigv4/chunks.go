package sigv4

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

const (
	chunkSize     = 65536
	minChunkSize  = 8192
	chunkText     = "AWS4-HMAC-SHA256-PAYLOAD"
	trailerText   = "AWS4-HMAC-SHA256-TRAILER"
	chunkExt      = ";chunk-signature="
	trailerSig    = "x-amz-trailer-signature"
	decodedLength = "X-Amz-Decoded-Content-Length"
	trailerName   = "X-Amz-Trailer"
)

// Chunks says how an aws-chunked body is made.
type Chunks struct {
	Word     string             // Signed, SignedTrailer or UnsignedTrailer
	Size     int                // bytes in every chunk but the last; 0 is 65536
	Trailers func() wire.Fields // asked for when the body has been read; nil is none
	Names    []string           // names of the trailers, for the head
}

// ApplyChunked announces, signs and wraps r as an aws-chunked upload. r.Length
// must be known.
func (s Scheme) ApplyChunked(r *wire.Request, in *sign.Input, ch Chunks, steps *sign.Steps) error {
	if r.Length < 0 {
		return errors.New("sigv4: an aws-chunked upload declares its decoded length: give Request.Length")
	}
	r.Fields.Set("Content-Encoding", strings.TrimSuffix("aws-chunked,"+r.Fields.Get("Content-Encoding"), ","))
	r.Fields.Set(decodedLength, strconv.FormatInt(r.Length, 10))
	if len(ch.Names) > 0 {
		r.Fields.Set(trailerName, strings.Join(ch.Names, ","))
	}
	signed := *in
	signed.Payload = ch.Word
	if err := sign.Apply(s, r, &signed, steps); err != nil {
		return err
	}
	return s.Wrap(r, in, ch, steps)
}

// Wrap replaces the body of r, which is signed already, by its aws-chunked form.
// The length of the new body is not known beforehand; see EncodedLength.
func (s Scheme) Wrap(r *wire.Request, in *sign.Input, ch Chunks, steps *sign.Steps) error {
	seed, err := givenSignature(r)
	if err != nil {
		return err
	}
	c, date := v4.Credential(in)
	size := ch.Size
	if size <= 0 {
		size = chunkSize
	}
	body := r.Body
	if body == nil {
		body = bytes.NewReader(nil)
	}
	links := chain{Scope: c, date: date, key: v4.Key(in.SecretKey, &c), prev: seed, steps: steps}
	r.Body = &encoder{chain: links, body: body, room: make([]byte, size), Chunks: ch}
	r.Length = -1
	return nil
}

// givenSignature is the signature that the head of r carries.
func givenSignature(r *wire.Request) (string, error) {
	_, sig, ok := strings.Cut(r.Fields.Get("Authorization"), "Signature=")
	if !ok {
		sig, _ = sign.Param(r.Target, sigName)
	}
	if sig == "" {
		return "", errors.New("sigv4: chunks are chained to the signature of the head: sign the request first")
	}
	return sig, nil
}

// EncodedLength is the number of bytes that n bytes take in aws-chunked form.
func EncodedLength(n int64, word string, size int, trailers wire.Fields) int64 {
	if size <= 0 {
		size = chunkSize
	}
	frame := func(length int64) int64 {
		f := int64(len(strconv.FormatInt(length, 16)) + 2)
		if word != UnsignedTrailer {
			f += int64(len(chunkExt)) + 64
		}
		return f
	}
	full, last := n/int64(size), n%int64(size)
	total := full*(frame(int64(size))+int64(size)+2) + frame(0) + 2
	if last > 0 {
		total += frame(last) + last + 2
	}
	for _, f := range trailers {
		total += int64(len(f.Name) + 1 + len(sign.Trim(f.Value)) + 2)
	}
	if word == SignedTrailer {
		total += int64(len(trailerSig)) + 1 + 64 + 2
	}
	return total
}

// chain makes the signatures of chunks and trailers, each over the one before.
type chain struct {
	sign.Scope
	date  string
	key   []byte
	prev  string
	steps *sign.Steps
	count int
}

func (c *chain) head(kind string) []byte {
	b := append(append([]byte(kind), '\n'), c.date...)
	b = append(c.AppendScope(append(b, '\n')), '\n')
	return append(append(b, c.prev...), '\n')
}

// chunk returns the signature of the next chunk, whose data has the given hash.
func (c *chain) chunk(data [32]byte) string {
	text := append(append(c.head(chunkText), emptyHash...), '\n')
	text = hex.AppendEncode(text, data[:])
	c.count++
	return c.sign(text, "chunk "+strconv.Itoa(c.count))
}

func (c *chain) sign(text []byte, what string) string {
	c.steps.Add(what+" string to sign", text)
	sum := sign.HMAC256(c.key, text)
	c.prev = hex.EncodeToString(sum[:])
	c.steps.AddText(what+" signature", c.prev)
	return c.prev
}

// trailer returns the signature of the trailers.
func (c *chain) trailer(trailers wire.Fields) string {
	var canonical []byte
	for _, f := range trailers {
		canonical = append(append(append(append(canonical, f.Name...), ':'), f.Value...), '\n')
	}
	c.steps.Add("trailer", canonical)
	return c.sign(sign.HexSHA256(c.head(trailerText), canonical), "trailer")
}

// canonicalTrailers is a copy with lower-case names, trimmed values and sorted.
func canonicalTrailers(given wire.Fields) wire.Fields {
	out := given.Clone()
	for i := range out {
		out[i] = wire.Field{Name: strings.ToLower(sign.Trim(out[i].Name)), Value: sign.Trim(out[i].Value)}
	}
	slices.SortStableFunc(out, func(a, b wire.Field) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// encoder writes a body in chunks.
type encoder struct {
	chain
	Chunks
	body io.Reader
	room []byte
	out  bytes.Buffer
	done bool
}

func (e *encoder) Read(p []byte) (int, error) {
	for e.out.Len() == 0 {
		if e.done {
			return 0, io.EOF
		}
		if err := e.next(); err != nil {
			return 0, err
		}
	}
	return e.out.Read(p)
}

// next puts the next chunk, or the end, into the buffer.
func (e *encoder) next() error {
	n, err := io.ReadFull(e.body, e.room)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("sigv4: read the body to chunk: %w", err)
	}
	e.out.Reset()
	if n > 0 {
		e.frame(e.room[:n])
		e.out.Write(e.room[:n])
		e.out.WriteString("\r\n")
	}
	if err != nil {
		e.end()
	}
	return nil
}

func (e *encoder) frame(data []byte) {
	e.out.WriteString(strconv.FormatInt(int64(len(data)), 16))
	if e.Word != UnsignedTrailer {
		e.out.WriteString(chunkExt + e.chunk(sha256.Sum256(data)))
	}
	e.out.WriteString("\r\n")
}

func (e *encoder) end() {
	e.done = true
	e.frame(nil)
	if e.Word != Signed {
		var trailers wire.Fields
		if e.Trailers != nil {
			trailers = canonicalTrailers(e.Trailers())
		}
		for _, f := range trailers {
			e.out.WriteString(f.Name + ":" + f.Value + "\r\n")
		}
		if e.Word == SignedTrailer {
			e.out.WriteString(trailerSig + ":" + e.trailer(trailers) + "\r\n")
		}
	}
	e.out.WriteString("\r\n")
}
