package wire

import (
	"bufio"
	"io"
	"strconv"
)

// chunkExcess bounds the bytes that chunk lines may cost beyond what they
// carry: a body of one-byte chunks with long extensions is an attack.
const chunkExcess = 16 << 10

// A chunkReader decodes a chunked body and the trailers after it.
type chunkReader struct {
	br       *bufio.Reader
	limit    int   // bytes of trailers
	left     int64 // bytes of the current chunk
	inside   bool  // a chunk has begun and its closing line is not read
	excess   int64
	trailers Fields
	err      error // sticky; io.EOF after the trailers
}

// Read decodes into p. Malformed chunks give an ErrSyntax, a stream that ends
// early io.ErrUnexpectedEOF.
func (c *chunkReader) Read(p []byte) (int, error) {
	if c.err == nil && c.left == 0 {
		c.err = c.next()
	}
	if c.err != nil || len(p) == 0 {
		return 0, c.err
	}
	n, err := c.br.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	if err != nil {
		c.err = early(err)
	}
	return n, c.err
}

// next closes the chunk that was read and opens the following one; after the
// last it reads the trailers and returns io.EOF.
func (c *chunkReader) next() error {
	if c.inside {
		c.inside = false
		if line, err := c.line(); err != nil || len(line) > 0 {
			return orSyntax(err, "chunk data is longer than its size says")
		}
	}
	line, err := c.line()
	if err != nil {
		return err
	}
	size, err := parseChunkSize(line)
	if err != nil {
		return err
	}
	if c.excess += int64(len(line)) - 16 - 2*size; c.excess < 0 {
		c.excess = 0
	} else if c.excess > chunkExcess {
		return syntax("chunk extensions outweigh the data")
	}
	if size == 0 {
		return c.end()
	}
	c.left, c.inside = size, true
	return nil
}

// end reads the trailer section.
func (c *chunkReader) end() error {
	head, err := readHead(c.br, nil, c.limit, nil)
	if err != nil {
		return early(err)
	}
	trailers, bad := parseFields(nil, string(head), strict)
	if bad != nil {
		return bad
	}
	c.trailers = trailers
	return io.EOF
}

// line reads a line that ends in CRLF and fits the reader's buffer.
func (c *chunkReader) line() ([]byte, error) {
	line, err := c.br.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		return nil, syntax("chunk line longer than %d bytes", c.br.Size())
	}
	if err != nil {
		return nil, early(err)
	}
	if len(line) < 2 || line[len(line)-2] != '\r' {
		return nil, syntax("chunk line %q ends without CRLF", printable(string(line)))
	}
	return line[:len(line)-2], nil
}

// parseChunkSize reads the hexadecimal size before an optional extension.
func parseChunkSize(line []byte) (int64, error) {
	var size int64
	i := 0
	for ; i < len(line); i++ {
		d, ok := unhex(line[i])
		if !ok {
			break
		}
		if i == 15 {
			return 0, syntax("chunk size %q is too long", printable(string(line)))
		}
		size = size<<4 | int64(d)
	}
	rest := line[i:]
	for len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') {
		rest = rest[1:]
	}
	extended := len(rest) > 0 && rest[0] == ';'
	if i == 0 || i < len(line) && !extended || hasControl(string(rest)) {
		return 0, syntax("chunk size line %q is not a hexadecimal number", printable(string(line)))
	}
	return size, nil
}

// early turns the end of the stream inside a message into io.ErrUnexpectedEOF.
func early(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func orSyntax(err error, text string) error {
	if err != nil {
		return err
	}
	return syntax("%s", text)
}

// chunkRoom is what a chunk's size line takes at most before the data.
const chunkRoom = 18

// frameChunk makes a chunk of the n bytes that stand in buf after chunkRoom
// bytes of room, and returns the slice of buf that holds it. buf must have two
// bytes left after the data.
func frameChunk(buf []byte, n int) []byte {
	var line [chunkRoom]byte
	size := append(strconv.AppendInt(line[:0], int64(n), 16), '\r', '\n')
	from := chunkRoom - len(size)
	copy(buf[from:], size)
	copy(buf[chunkRoom+n:], "\r\n")
	return buf[from : chunkRoom+n+2]
}

// lastChunk ends a chunked body without trailers.
const lastChunk = "0\r\n\r\n"
