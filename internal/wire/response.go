package wire

import (
	"io"
	"strconv"
	"strings"
)

// A Response is what a handler answers. Fields are written as they are given,
// in order; after them the server writes Content-Length or Transfer-Encoding,
// and Connection: close where the connection ends. Where Fields hold framing
// of their own none is added and the connection ends. A Body that is an
// io.Closer is closed.
type Response struct {
	Status int    // 200 to 599
	Reason string // "" for the usual one
	Fields Fields
	Body   io.Reader
	Length int64 // bytes of Body, for HEAD those that GET would give; -1: chunked
	Close  bool  // end the connection after this
}

// bodiless tells whether a status never has a body.
func bodiless(status int) bool { return status == 204 || status == 304 }

// appendHead appends the head of the response. It settles Close.
func (r *Response) appendHead(dst []byte, in *Inbound) []byte {
	dst = append(dst, "HTTP/1.1 "...)
	dst = append(strconv.AppendInt(dst, int64(r.Status), 10), ' ')
	reason := r.Reason
	if reason == "" {
		reason = reasons[r.Status]
	}
	dst = append(appendText(dst, reason), '\r', '\n')
	framed, connection := false, false
	for i := range r.Fields {
		f := &r.Fields[i]
		framed = framed || strings.EqualFold(f.Name, "Content-Length") || strings.EqualFold(f.Name, "Transfer-Encoding")
		if strings.EqualFold(f.Name, "Connection") {
			connection, r.Close = true, r.Close || strings.EqualFold(f.Value, "close")
		}
		dst = append(appendText(dst, f.Name), ": "...)
		dst = append(appendText(dst, f.Value), '\r', '\n')
	}
	chunked := r.chunked(in)
	switch {
	case framed:
		r.Close = true
	case bodiless(r.Status):
	case chunked:
		dst = append(dst, "Transfer-Encoding: chunked\r\n"...)
	case r.Length < 0:
		r.Close = true
	default:
		dst = append(dst, "Content-Length: "...)
		dst = append(strconv.AppendInt(dst, r.Length, 10), '\r', '\n')
	}
	r.Close = r.Close || !in.keep
	if r.Close && !connection {
		dst = append(dst, "Connection: close\r\n"...)
	}
	return append(dst, '\r', '\n')
}

func (r *Response) chunked(in *Inbound) bool { return r.Length < 0 && in.Proto != "HTTP/1.0" }

// appendText appends s with line ends and NUL as spaces: what a client stored
// must not become a field of its own.
func appendText(dst []byte, s string) []byte {
	if strings.IndexByte(s, '\r') < 0 && strings.IndexByte(s, '\n') < 0 && strings.IndexByte(s, 0) < 0 {
		return append(dst, s...)
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\r' || c == '\n' || c == 0 {
			c = ' '
		}
		dst = append(dst, c)
	}
	return dst
}

// writeTo sends the response; whole is false when less than the announced body
// went out.
func (r *Response) writeTo(c *serverConn, in *Inbound) (whole bool) {
	c.head = r.appendHead(c.head[:0], in)
	if _, err := c.bw.Write(c.head); err != nil {
		return false
	}
	whole = true
	if in.Method != "HEAD" && !bodiless(r.Status) {
		whole = r.writeBody(c, r.chunked(in))
	}
	return c.bw.Flush() == nil && whole
}

func (r *Response) writeBody(c *serverConn, chunked bool) bool {
	if r.Body == nil {
		if chunked {
			c.bw.WriteString(lastChunk)
		}
		return r.Length <= 0
	}
	buf := partBuffers.Get().(*partBuffer)
	defer partBuffers.Put(buf)
	left := r.Length
	for left != 0 {
		room := buf[chunkRoom : len(buf)-2]
		if left > 0 {
			room = room[:min(int64(len(room)), left)]
		}
		n, err := r.Body.Read(room)
		if left > 0 {
			left -= int64(n)
		}
		if n > 0 && !c.writePart(buf, n, chunked) {
			return false
		}
		switch {
		case err == io.EOF && chunked:
			_, err := c.bw.WriteString(lastChunk)
			return err == nil
		case err == io.EOF:
			return left <= 0
		case err != nil:
			return false
		}
	}
	return true
}

// writePart writes n bytes of body. A chunk goes out at once: whoever answers
// in chunks answers slowly, and the client waits.
func (c *serverConn) writePart(buf *partBuffer, n int, chunked bool) bool {
	part := buf[chunkRoom : chunkRoom+n]
	if chunked {
		part = frameChunk(buf[:], n)
	}
	if _, err := c.bw.Write(part); err != nil {
		return false
	}
	return !chunked || c.bw.Flush() == nil
}
