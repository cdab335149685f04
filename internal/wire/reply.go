package wire

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"hash/crc64"
	"io"
	"strings"
	"sync"
)

// interimLimit bounds the 1xx replies before a final one.
const interimLimit = 16

// readReplyHead reads one reply head, interim or final.
func readReplyHead(br *bufio.Reader, scratch []byte, limit int) (*Reply, string, error) {
	if head, ok := buffered(br, limit); ok {
		return parseReplyHead(head)
	}
	if err := expectHTTP(br); err != nil {
		return nil, "", err
	}
	head, err := readHead(br, scratch[:0], limit, func(line []byte) error {
		_, _, err := parseStatusLine(string(line))
		return err
	})
	if err != nil {
		return nil, "", early(err)
	}
	return parseReplyHead(string(head))
}

// buffered takes a head that has come whole: what it would be read as line by line.
func buffered(br *bufio.Reader, limit int) (head string, ok bool) {
	b, err := br.Peek(br.Buffered())
	if err != nil || !bytes.HasPrefix(b, []byte("HTTP/1.")) {
		return "", false
	}
	end := bytes.IndexByte(b, '\n') + 1
	for line := b[end:]; end > 0; line = b[end:] {
		n := bytes.IndexByte(line, '\n') + 1
		if n == 0 {
			return "", false
		}
		if end += n; len(trimEOL(line[:n])) > 0 {
			continue
		}
		if end > limit {
			return "", false
		}
		head = string(b[:end])
		br.Discard(end)
		return head, true
	}
	return "", false
}

// expectHTTP refuses a stream that does not begin like a reply, without
// waiting for more than the bytes that show it.
func expectHTTP(br *bufio.Reader) error {
	const begin = "HTTP/1."
	for n := 1; n <= len(begin); n++ {
		b, err := br.Peek(n)
		if err == io.EOF && n > 1 {
			return garbage(br, len(b))
		}
		if err != nil {
			return err
		}
		if b[n-1] != begin[n-1] {
			return garbage(br, br.Buffered())
		}
	}
	return nil
}

func garbage(br *bufio.Reader, n int) error {
	b, _ := br.Peek(min(n, 80))
	return syntax("the reply begins with %q", printable(string(b)))
}

// parseReplyHead reads a whole reply head; it also returns the version's minor
// digit as text.
func parseReplyHead(s string) (*Reply, string, error) {
	line, rest, _ := strings.Cut(s, "\n")
	line = strings.TrimSuffix(line, "\r")
	status, reason, err := parseStatusLine(line)
	if err != nil {
		return nil, "", err
	}
	r := &struct {
		Reply
		room [8]Field // for most replies: one piece of memory instead of two
	}{Reply: Reply{Status: status, Reason: reason}}
	fields, bad := parseFields(r.room[:0], rest, lenient)
	if bad != nil {
		return nil, "", bad
	}
	r.Fields = fields
	return &r.Reply, line[7:8], nil
}

// parseStatusLine accepts HTTP/1.0 and 1.1, any reason and none.
func parseStatusLine(line string) (status int, reason string, err error) {
	wrong := func() (int, string, error) {
		return 0, "", syntax("status line %q, expected HTTP/1.1 and a status from 100 to 599", printable(line))
	}
	if len(line) < 12 || line[:7] != "HTTP/1." || line[7] != '0' && line[7] != '1' || line[8] != ' ' {
		return wrong()
	}
	for _, c := range []byte(line[9:12]) {
		if c < '0' || c > '9' {
			return wrong()
		}
		status = status*10 + int(c-'0')
	}
	if status < 100 || status > 599 || len(line) > 12 && line[12] != ' ' || hasControl(line) {
		return wrong()
	}
	return status, strings.TrimPrefix(line[12:], " "), nil
}

// A bodyKind is how the end of a reply's body is found.
type bodyKind uint8

const (
	noBody bodyKind = iota
	lengthBody
	chunkedBody
	closeBody
)

// replyFraming tells how the body of a reply ends, and after how many bytes.
func replyFraming(method string, r *Reply, minor string) (bodyKind, int64, error) {
	coding, codings := r.Fields.first("Transfer-Encoding")
	length, lengths, err := r.length()
	switch {
	case err != nil:
		return 0, 0, err
	case codings > 0 && (codings > 1 || !strings.EqualFold(coding, "chunked") || minor == "0"):
		return 0, 0, syntax("Transfer-Encoding of the reply is %q, expected chunked", printable(strings.Join(r.Fields.Values("Transfer-Encoding"), ", ")))
	case codings > 0 && lengths > 0:
		return 0, 0, syntax("the reply has both Content-Length and Transfer-Encoding")
	case method == "HEAD" || r.Status == 204 || r.Status == 304 || r.Status < 200:
		return noBody, 0, nil
	case codings > 0:
		return chunkedBody, -1, nil
	case lengths > 0:
		return lengthBody, length, nil
	}
	return closeBody, -1, nil
}

// length is what the reply's Content-Length fields announce, all the same, and how
// many there are.
func (r *Reply) length() (length int64, count int, err error) {
	for i := range r.Fields {
		if !sameName(r.Fields[i].Name, "Content-Length") {
			continue
		}
		n, ok := parseLength(r.Fields[i].Value)
		if !ok || count > 0 && n != length {
			return 0, 0, syntax("Content-Length of the reply is %q", printable(strings.Join(r.Fields.Values("Content-Length"), ", ")))
		}
		length = n
		count++
	}
	return length, count, nil
}

var emptySHA256 = sha256.Sum256(nil)

var crcTable = crc64.MakeTable(crc64.ECMA)

// readBody reads the body that br holds next into r: the first keep bytes as
// they are, the rest counted and hashed only.
func (r *Reply) readBody(br *bufio.Reader, kind bodyKind, length int64, l Limits) error {
	if !l.Light {
		r.SHA256 = emptySHA256
	}
	switch {
	case kind == noBody || kind == lengthBody && length == 0:
		return nil
	case kind == lengthBody && length <= l.Keep:
		return r.readWhole(br, length, l)
	case kind == lengthBody:
		return r.stream(io.LimitReader(br, length), length, l)
	case kind == chunkedBody:
		chunks := &chunkReader{br: br, limit: l.Head}
		err := r.stream(chunks, -1, l)
		r.Trailers = chunks.trailers
		return err
	}
	return r.stream(br, -1, l)
}

// readWhole reads a body of known length that is kept whole. It trusts the
// announced length only step by step, as the bytes come.
func (r *Reply) readWhole(br *bufio.Reader, length int64, l Limits) error {
	var err error
	for err == nil && r.Size < length {
		r.Body = append(r.Body, make([]byte, min(length-r.Size, max(1<<20, r.Size)))...)
		var n int
		n, err = io.ReadFull(br, r.Body[r.Size:])
		r.Size += int64(n)
	}
	r.Body = r.Body[:r.Size]
	if !l.Light {
		r.SHA256 = sha256.Sum256(r.Body)
	}
	r.CRC64 = crc64.Update(0, crcTable, r.Body)
	if err != nil {
		return cut(r.Size, length, early(err))
	}
	return nil
}

// A sink is the working memory of one streamed body.
type sink struct {
	buf [32 << 10]byte
	sha hash.Hash
}

var sinks = sync.Pool{New: func() any { return &sink{sha: sha256.New()} }}

// stream reads a body to its end; want is its announced length or -1.
func (r *Reply) stream(from io.Reader, want int64, l Limits) error {
	s := sinks.Get().(*sink)
	defer sinks.Put(s)
	s.sha.Reset()
	var err error
	for err == nil {
		var n int
		n, err = from.Read(s.buf[:])
		part := s.buf[:n]
		if !l.Light {
			s.sha.Write(part)
		}
		r.CRC64 = crc64.Update(r.CRC64, crcTable, part)
		r.Size += int64(n)
		if room := l.Keep - int64(len(r.Body)); room > 0 {
			r.Body = append(r.Body, part[:min(room, int64(n))]...)
		}
	}
	if !l.Light {
		s.sha.Sum(r.SHA256[:0])
	}
	r.Truncated = int64(len(r.Body)) < r.Size
	if err == io.EOF && (want < 0 || r.Size == want) {
		return nil
	}
	return cut(r.Size, want, early(err))
}

func cut(got, want int64, err error) error {
	if want < 0 {
		return fmt.Errorf("the body broke off after %d bytes: %w", got, err)
	}
	return fmt.Errorf("the body broke off after %d of %d bytes: %w", got, want, err)
}

// reusable tells whether the reply leaves the connection open.
func (r *Reply) reusable(kind bodyKind, minor string) bool {
	if kind == closeBody || r.Fields.hasElement("Connection", "close") {
		return false
	}
	return minor == "1" || r.Fields.hasElement("Connection", "keep-alive")
}

// appendHead appends a request's head, byte for byte as it is given.
func appendHead(dst []byte, r *Request) []byte {
	dst = append(append(append(dst, r.Method...), ' '), r.Target...)
	dst = append(dst, " HTTP/1.1\r\n"...)
	for i := range r.Fields {
		dst = append(append(dst, r.Fields[i].Name...), ": "...)
		dst = append(append(dst, r.Fields[i].Value...), '\r', '\n')
	}
	return append(dst, '\r', '\n')
}

// inStep tells whether the framing fields of r announce just the bytes that
// were sent after the head, so that the connection can carry another request.
func inStep(r *Request, sent int64) bool {
	var coding, length string
	codings, lengths := 0, 0
	for i := range r.Fields {
		switch f := &r.Fields[i]; {
		case sameName(f.Name, "Content-Length"):
			length = f.Value
			lengths++
		case sameName(f.Name, "Transfer-Encoding"):
			coding = f.Value
			codings++
		case sameName(f.Name, "Connection") && hasWord(f.Value, "close"):
			return false
		}
	}
	switch {
	case codings > 0 && lengths > 0 || lengths > 1:
		return false
	case codings > 0:
		return r.Framing == Chunked && codings == 1 && strings.EqualFold(coding, "chunked")
	case lengths == 0:
		return sent == 0
	}
	n, ok := parseLength(strings.Trim(length, " \t"))
	return ok && n == sent && r.Framing != Chunked && !strings.ContainsAny(length, "\r\n")
}
