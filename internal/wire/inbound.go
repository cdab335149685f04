package wire

import (
	"io"
	"strings"
)

// An Inbound is a request as the server has read it. Body is without framing
// (empty where there is none); it must not be used after the handler returned.
// Length is -1 when the body is chunked.
type Inbound struct {
	*Request
	RemoteAddr string
	Proto      string // HTTP/1.1 or HTTP/1.0
	TLS        bool
	NoLength   bool       // neither Content-Length nor Transfer-Encoding: Length is 0
	Bad        *HeadError // the head is hostile: answer it, there is no body, and the connection ends

	keep     bool // the client lets the connection live
	expect   bool // the client waits for a 100 before it sends the body
	trailers *chunkReader
}

// Trailers returns the fields after a chunked body, once it has been read to
// its end.
func (in *Inbound) Trailers() Fields {
	if in.trailers == nil {
		return nil
	}
	return in.trailers.trailers
}

// Behind returns what has come behind the body once it has been read to its
// end: the beginning of a next request or, from a client that ends the
// connection, more than it had announced. It is valid until the handler returns.
func (in *Inbound) Behind() []byte {
	b, ok := in.Body.(*inBody)
	if !ok || b.err != io.EOF {
		return nil
	}
	rest, _ := b.c.br.Peek(b.c.br.Buffered())
	return rest
}

// KeepBack makes the server read the body without the 100 that the client may
// wait for.
func (in *Inbound) KeepBack() {
	if b, ok := in.Body.(*inBody); ok {
		b.pending = false
	}
}

// parseRequestHead reads a whole request head, from the request line to the
// empty line. It always returns an Inbound, with Bad set where the head is
// hostile.
func parseRequestHead(s string) *Inbound {
	both := &struct {
		in  Inbound
		req Request
	}{}
	in := &both.in
	in.Request = &both.req
	in.Bad = in.parse(s)
	return in
}

func (in *Inbound) parse(s string) *HeadError {
	line, rest, _ := strings.Cut(s, "\n")
	line, crlf := strings.CutSuffix(line, "\r")
	lineErr := in.parseRequestLine(line)
	if lineErr == nil && !crlf {
		lineErr = bad(BareLineFeed, "the request line ends without a carriage return")
	}
	fields, err := parseFields(nil, rest, strict)
	in.Fields = fields
	if lineErr != nil {
		return lineErr
	}
	if err != nil {
		return err
	}
	if err := in.checkHost(); err != nil {
		return err
	}
	in.keep = in.Proto == "HTTP/1.1" && !fields.hasElement("Connection", "close")
	in.expect = in.Proto == "HTTP/1.1" && fields.hasElement("Expect", "100-continue")
	return in.frame()
}

func (in *Inbound) parseRequestLine(line string) *HeadError {
	method, rest, ok1 := strings.Cut(line, " ")
	target, proto, ok2 := strings.Cut(rest, " ")
	in.Method, in.Target, in.Proto = method, target, proto
	switch {
	case !ok1 || !ok2 || target == "" || strings.Contains(proto, " "):
		return bad(BadRequestLine, "request line %q, expected method, target and version", printable(line))
	case !isToken(method):
		return bad(BadMethod, "method %q is not a token", printable(method))
	case proto != "HTTP/1.1" && proto != "HTTP/1.0":
		return bad(BadVersion, "version %q, expected HTTP/1.1", printable(proto))
	case hasControl(target) || strings.Contains(target, "\t"):
		return bad(ControlCharacter, "target %q holds a control character", printable(target))
	case !targetForm(method, target):
		return bad(BadTarget, "target %q is neither a path nor an http URL", printable(target))
	}
	return nil
}

func targetForm(method, target string) bool {
	if target[0] == '/' {
		return true
	}
	scheme, rest, ok := strings.Cut(target, "://")
	if ok {
		return (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")) && rest != "" && rest[0] != '/' && rest[0] != '?'
	}
	return target == "*" && method == "OPTIONS"
}

func (in *Inbound) checkHost() *HeadError {
	hosts := 0
	for i := range in.Fields {
		if !strings.EqualFold(in.Fields[i].Name, "Host") {
			continue
		}
		if hosts++; hosts > 1 {
			return bad(RepeatedHost, "more than one Host field")
		}
		if host := in.Fields[i].Value; strings.ContainsAny(host, " \t,/?#@\\\"<>") {
			return bad(BadHost, "Host %q, expected a host and an optional port", printable(host))
		}
	}
	if hosts == 0 && in.Proto == "HTTP/1.1" {
		return bad(MissingHost, "no Host field")
	}
	return nil
}

// frame finds out how the body ends.
func (in *Inbound) frame() *HeadError {
	lengths, codings := 0, 0
	var length, coding string
	conflict := false
	for i := range in.Fields {
		f := &in.Fields[i]
		switch {
		case strings.EqualFold(f.Name, "Content-Length"):
			conflict = conflict || lengths > 0 && f.Value != length
			lengths, length = lengths+1, f.Value
		case strings.EqualFold(f.Name, "Transfer-Encoding"):
			codings, coding = codings+1, f.Value
		}
	}
	switch {
	case codings > 0 && lengths > 0:
		return bad(LengthAndCoding, "both Content-Length and Transfer-Encoding")
	case codings > 1 || codings == 1 && (!strings.EqualFold(coding, "chunked") || in.Proto == "HTTP/1.0"):
		return bad(UnknownCoding, "Transfer-Encoding %q, expected chunked, once, in HTTP/1.1", printable(coding))
	case conflict:
		return bad(ConflictLength, "Content-Length values differ, the last is %q", printable(length))
	case lengths > 1:
		return bad(RepeatedLength, "%d Content-Length fields", lengths)
	case codings == 1:
		in.Framing, in.Length = Chunked, -1
	case lengths == 0:
		in.NoLength = true
	default:
		n, ok := parseLength(length)
		if !ok {
			return bad(BadLength, "Content-Length %q, expected a decimal number", printable(length))
		}
		in.Length = n
	}
	return nil
}

// An inBody is the body of a request on the server's side.
type inBody struct {
	c       *serverConn
	from    io.Reader // the framed bytes
	left    int64     // bytes still to come; -1 when chunked
	pending bool      // a 100 is owed before the first read
	closed  bool      // the handler has returned
	err     error     // sticky
}

// Read sends the 100 that the client may wait for, and reads. The end of the
// stream before the end of the body is io.ErrUnexpectedEOF, a client that is
// too slow os.ErrDeadlineExceeded, malformed chunks ErrSyntax.
func (b *inBody) Read(p []byte) (int, error) {
	if b.err != nil || len(p) == 0 {
		return 0, b.err
	}
	if b.closed {
		return 0, io.ErrClosedPipe
	}
	if b.pending {
		b.pending = false
		if b.err = b.c.sendContinue(); b.err != nil {
			return 0, b.err
		}
	}
	return b.read(p)
}

func (b *inBody) read(p []byte) (int, error) {
	if b.left >= 0 {
		p = p[:min(int64(len(p)), b.left)]
	}
	n, err := b.from.Read(p)
	if b.left >= 0 {
		err = early(err)
		if b.left -= int64(n); b.left == 0 {
			err = io.EOF
		}
	}
	b.err = err
	return n, err
}

// ended tells whether nothing of the body is left on the connection.
func (b *inBody) ended() bool { return b == nil || b.err == io.EOF }
