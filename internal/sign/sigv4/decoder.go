package sigv4

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"strconv"
	"strings"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

const (
	maxLine     = 4096    // bytes in a chunk's first line or in a trailer
	maxTrailers = 16      // trailing fields
	maxChunk    = 5 << 30 // bytes in one chunk: the largest single upload
)

// decoder reads an aws-chunked body and checks its framing and signatures. Data
// is passed on before the signature of its chunk is known: whoever reads it must
// not use it before the end has come without an error.
type decoder struct {
	chain
	t        *sign.Trial
	in       *bufio.Reader
	word     string
	announce []string
	want     int64 // decoded bytes announced, -1 when overruled
	got      int64
	left     int64 // bytes of the chunk still to come
	last     int64 // size of the data chunk before
	number   int   // of the chunk, from 1
	open     bool  // in a chunk
	given    string
	sum      hash.Hash
	trailers wire.Fields
	err      error
}

func newDecoder(t *sign.Trial, r *wire.Request, c *call, secret, seed string, body io.Reader) *decoder {
	d := &decoder{t: t, in: bufio.NewReaderSize(body, maxLine), word: c.payload, sum: sha256.New(), last: -1}
	d.chain = chain{Scope: c.Scope, date: c.date, key: v4.Key(secret, &c.Scope), prev: seed}
	text := sign.Trim(r.Fields.Get(decodedLength))
	n, err := strconv.ParseInt(text, 10, 64)
	ok := err == nil && n >= 0
	if !t.Must(sign.NoLength, ok, decodedLength, text, "the length of the decoded body") || !ok {
		n = -1
	}
	d.want = n
	for name := range strings.SplitSeq(r.Fields.Get(trailerName), ",") {
		if name = strings.ToLower(sign.Trim(name)); name != "" {
			d.announce = append(d.announce, name)
		}
	}
	t.Must(sign.BadTrailer, c.payload == Signed || len(d.announce) > 0, trailerName, "", "the names of the trailers")
	return d
}

func (d *decoder) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for d.err == nil {
		if d.left > 0 {
			return d.data(p)
		}
		d.err = d.boundary()
	}
	return 0, d.err
}

func (d *decoder) data(p []byte) (int, error) {
	n, err := d.in.Read(p[:min(int64(len(p)), d.left)])
	d.sum.Write(p[:n])
	d.left -= int64(n)
	d.got += int64(n)
	if n == 0 && err != nil {
		d.err = d.cut(err)
		return 0, d.err
	}
	return n, nil
}

// cut is the error for a body that ends, or fails, where more must come.
func (d *decoder) cut(err error) error {
	if errors.Is(err, io.EOF) {
		return d.refuse(sign.BadFraming, "chunk", "the end of the body", "the rest of a chunk")
	}
	return err
}

// must asks one check and returns its refusal.
func (d *decoder) must(r sign.Reason, ok bool, field, got, want string) error {
	if d.t.Must(r, ok, field, got, want) {
		return nil
	}
	return d.t.No
}

// refuse is for what cannot be overruled: there is nothing to go on with.
func (d *decoder) refuse(r sign.Reason, field, got, want string) error {
	return &sign.Refusal{Reason: r, Field: field, Got: got, Want: want, AccessKey: d.AccessKey}
}

// boundary closes the chunk that was open and opens the next. Its error is
// io.EOF after the last.
func (d *decoder) boundary() error {
	if d.open {
		if err := d.close(); err != nil {
			return err
		}
	}
	size, err := d.header()
	if err != nil {
		return err
	}
	d.number++
	if size == 0 {
		return d.finish()
	}
	if err := d.must(sign.ChunkTooSmall, d.last < 0 || d.last >= minChunkSize, strconv.Itoa(d.number), strconv.FormatInt(d.last, 10),
		"8192 bytes or more in every chunk but the last"); err != nil {
		return err
	}
	d.left, d.last, d.open = size, size, true
	over := d.want >= 0 && d.got+size > d.want
	return d.must(sign.BadFraming, !over, decodedLength, "more", strconv.FormatInt(d.want, 10)+" bytes")
}

// close reads the line end after a chunk's data and checks its signature.
func (d *decoder) close() error {
	d.open = false
	var end [2]byte
	if _, err := io.ReadFull(d.in, end[:]); err != nil {
		return d.cut(io.EOF)
	}
	if string(end[:]) != "\r\n" {
		return d.refuse(sign.BadFraming, "chunk", string(end[:]), "CR LF after the data")
	}
	return d.checkChunk()
}

func (d *decoder) checkChunk() error {
	if d.word == UnsignedTrailer {
		return nil
	}
	var sum [32]byte
	d.sum.Sum(sum[:0])
	d.sum.Reset()
	computed := d.chunk(sum)
	d.prev = d.given
	return d.must(sign.BadChunk, computed == d.given, "chunk-signature", d.given, "")
}

// line reads one line without its end; a lone line feed ends it too.
func (d *decoder) line() (string, error) {
	b, err := d.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", d.refuse(sign.BadFraming, "line", "more than 4096 bytes", "a line")
	}
	if err != nil {
		return "", d.cut(err)
	}
	return strings.TrimSuffix(string(b[:len(b)-1]), "\r"), nil
}

// header reads "size;chunk-signature=…" or, without signatures, "size".
func (d *decoder) header() (int64, error) {
	text, err := d.line()
	if err != nil {
		return 0, err
	}
	digits, ext, _ := strings.Cut(text, ";")
	size, err := strconv.ParseUint(digits, 16, 63)
	if err != nil || size > maxChunk {
		return 0, d.refuse(sign.BadFraming, "chunk", text, "a size in hexadecimal")
	}
	if d.word == UnsignedTrailer {
		return int64(size), nil
	}
	given, ok := strings.CutPrefix(ext, chunkExt[1:])
	if !ok || !sign.IsHex(given, 64) {
		return 0, d.refuse(sign.BadFraming, "chunk", text, "size;chunk-signature= and 64 hexadecimal digits")
	}
	d.given = given
	return int64(size), nil
}

// finish checks the empty chunk, the trailers and the length, and that nothing
// follows but a line end that one SDK writes too much.
func (d *decoder) finish() error {
	if err := d.checkChunk(); err != nil {
		return err
	}
	if err := d.readTrailers(); err != nil {
		return err
	}
	if err := d.must(sign.BadFraming, d.want < 0 || d.got == d.want, decodedLength, strconv.FormatInt(d.got, 10),
		strconv.FormatInt(d.want, 10)+" bytes"); err != nil {
		return err
	}
	rest, err := io.ReadAll(io.LimitReader(d.in, 4))
	if err != nil {
		return err
	}
	if text := string(rest); text != "" && text != "\r\n" {
		return d.refuse(sign.BadFraming, "chunk", text, "the end of the body")
	}
	return io.EOF
}

// readTrailers reads what follows the empty chunk: fields, their signature and
// an empty line. An empty line before the signature is let pass, as one SDK
// writes it.
func (d *decoder) readTrailers() error {
	given := ""
	for range maxTrailers + 3 {
		text, err := d.line()
		if err != nil {
			return err
		}
		name, value, colon := strings.Cut(text, ":")
		switch name = strings.ToLower(sign.Trim(name)); {
		case text == "" && (d.word != SignedTrailer || given != "" || len(d.trailers) == 0):
			return d.checkTrailers(given)
		case text == "":
		case !colon || d.word == Signed:
			return d.refuse(sign.BadTrailer, trailerName, text, "name:value, or an empty line")
		case name == trailerSig:
			given = sign.Trim(value)
		default:
			d.trailers.Add(name, sign.Trim(value))
		}
	}
	return d.refuse(sign.BadTrailer, trailerName, "more lines", strconv.Itoa(maxTrailers)+" fields and an empty line")
}

func (d *decoder) checkTrailers(given string) error {
	for _, f := range d.trailers {
		if err := d.must(sign.BadTrailer, sign.ContainsFold(d.announce, f.Name), f.Name, f.Name, strings.Join(d.announce, ",")); err != nil {
			return err
		}
	}
	if d.word == Signed {
		return nil
	}
	for _, name := range d.announce {
		if err := d.must(sign.BadTrailer, len(d.trailers.Values(name)) == 1, name, "", "one trailer of this name"); err != nil {
			return err
		}
	}
	if d.word != SignedTrailer {
		return nil
	}
	if err := d.must(sign.BadTrailer, given != "", trailerSig, "", "a signature of the trailers"); err != nil {
		return err
	}
	computed := d.trailer(canonicalTrailers(d.trailers))
	return d.must(sign.BadChunk, computed == given, trailerSig, given, "")
}
