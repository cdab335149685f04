package wire

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"testing"
)

const host = "Host: h\r\n"

// hostile are heads that a server must refuse, and why.
var hostile = []struct {
	name, head string
	kind       HeadKind
}{
	{"one word", "GARBAGE\r\n\r\n", BadRequestLine},
	{"HTTP/0.9", "GET /\r\n\r\n", BadRequestLine},
	{"two spaces", "GET  / HTTP/1.1\r\n" + host + "\r\n", BadRequestLine},
	{"space in the target", "GET /a b HTTP/1.1\r\n" + host + "\r\n", BadRequestLine},
	{"space after the version", "GET / HTTP/1.1 \r\n" + host + "\r\n", BadRequestLine},
	{"no method", " / HTTP/1.1\r\n" + host + "\r\n", BadMethod},
	{"method with a colon", "G:T / HTTP/1.1\r\n" + host + "\r\n", BadMethod},
	{"method with a NUL", "G\x00T / HTTP/1.1\r\n" + host + "\r\n", BadMethod},
	{"HTTP/2", "GET / HTTP/2.0\r\n" + host + "\r\n", BadVersion},
	{"lower case version", "GET / http/1.1\r\n" + host + "\r\n", BadVersion},
	{"HTTP/1.10", "GET / HTTP/1.10\r\n" + host + "\r\n", BadVersion},
	{"relative target", "GET a HTTP/1.1\r\n" + host + "\r\n", BadTarget},
	{"other scheme", "GET ftp://h/a HTTP/1.1\r\n" + host + "\r\n", BadTarget},
	{"no authority", "GET http:///a HTTP/1.1\r\n" + host + "\r\n", BadTarget},
	{"asterisk with GET", "GET * HTTP/1.1\r\n" + host + "\r\n", BadTarget},
	{"tab in the target", "GET /\t HTTP/1.1\r\n" + host + "\r\n", ControlCharacter},
	{"DEL in the target", "GET /\x7f HTTP/1.1\r\n" + host + "\r\n", ControlCharacter},
	{"carriage return in the target", "GET /\r HTTP/1.1\r\n" + host + "\r\n", ControlCharacter},
	{"bare line feed after the request line", "GET / HTTP/1.1\n" + host + "\r\n", BareLineFeed},
	{"bare line feed after a field", "GET / HTTP/1.1\r\nHost: h\n\r\n", BareLineFeed},
	{"bare line feed at the end", "GET / HTTP/1.1\r\n" + host + "\n", BareLineFeed},
	{"no colon", "GET / HTTP/1.1\r\n" + host + "nonsense\r\n\r\n", BadField},
	{"no name", "GET / HTTP/1.1\r\n" + host + ": v\r\n\r\n", BadField},
	{"space before the colon", "GET / HTTP/1.1\r\n" + host + "Content-Length : 5\r\n\r\n", BadField},
	{"name that is not ASCII", "GET / HTTP/1.1\r\n" + host + "Näme: v\r\n\r\n", BadField},
	{"folded field", "GET / HTTP/1.1\r\n" + host + "A: b\r\n c\r\n\r\n", FoldedField},
	{"fold first", "GET / HTTP/1.1\r\n " + host + "\r\n", FoldedField},
	{"NUL in a value", "GET / HTTP/1.1\r\n" + host + "A: \x00\r\n\r\n", ControlCharacter},
	{"carriage return in a value", "GET / HTTP/1.1\r\n" + host + "A: b\rc\r\n\r\n", ControlCharacter},
	{"escape in a value", "GET / HTTP/1.1\r\n" + host + "A: \x1b[0m\r\n\r\n", ControlCharacter},
	{"no host", "GET / HTTP/1.1\r\nA: b\r\n\r\n", MissingHost},
	{"no field", "GET / HTTP/1.1\r\n\r\n", MissingHost},
	{"two hosts", "GET / HTTP/1.1\r\n" + host + "hOST: h\r\n\r\n", RepeatedHost},
	{"two words in the host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", BadHost},
	{"path in the host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", BadHost},
	{"user in the host", "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", BadHost},
	{"length and coding", "PUT / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", LengthAndCoding},
	{"unknown coding", "PUT / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", UnknownCoding},
	{"coding list", "PUT / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n", UnknownCoding},
	{"chunked twice", "PUT / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", UnknownCoding},
	{"empty coding", "PUT / HTTP/1.1\r\n" + host + "Transfer-Encoding:\r\n\r\n", UnknownCoding},
	{"chunked in HTTP/1.0", "PUT / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n", UnknownCoding},
	{"lengths differ", "PUT / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", ConflictLength},
	{"lengths agree", "PUT / HTTP/1.1\r\n" + host + "Content-Length: 5\r\ncontent-length: 5\r\n\r\n", RepeatedLength},
	{"negative length", "PUT / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", BadLength},
	{"length with a sign", "PUT / HTTP/1.1\r\n" + host + "Content-Length: +1\r\n\r\n", BadLength},
	{"length in words", "PUT / HTTP/1.1\r\n" + host + "Content-Length: five\r\n\r\n", BadLength},
	{"length in hexadecimal", "PUT / HTTP/1.1\r\n" + host + "Content-Length: 0x5\r\n\r\n", BadLength},
	{"length list", "PUT / HTTP/1.1\r\n" + host + "Content-Length: 5, 5\r\n\r\n", BadLength},
	{"empty length", "PUT / HTTP/1.1\r\n" + host + "Content-Length:\r\n\r\n", BadLength},
	{"length out of range", "PUT / HTTP/1.1\r\n" + host + "Content-Length: 9223372036854775808\r\n\r\n", BadLength},
	{"head too large", "GET / HTTP/1.1\r\n" + host + "A: " + strings.Repeat("x", 64<<10) + "\r\n\r\n", HeadTooLarge},
	{"many fields", "GET / HTTP/1.1\r\n" + host + strings.Repeat("A: b\r\n", 11<<10) + "\r\n", HeadTooLarge},
	{"target too large", "GET /" + strings.Repeat("x", 64<<10) + " HTTP/1.1\r\n" + host + "\r\n", TargetTooLarge},
}

// Every hostile head reaches the handler with its kind, is answered, and ends
// the connection: what follows it is not taken for a request.
func TestHostileHeads(t *testing.T) {
	kinds := make(chan HeadKind, 2)
	addr := serve(t, &Server{Handler: func(_ context.Context, in *Inbound) *Response {
		if in.Bad == nil {
			kinds <- "none"
			return &Response{Status: 200}
		}
		if b, err := io.ReadAll(in.Body); len(b) > 0 || err != nil {
			t.Errorf("%s: a body of %d bytes, %v", in.Bad, len(b), err)
		}
		kinds <- in.Bad.Kind
		return &Response{Status: 400, Fields: Fields{{"X-Kind", string(in.Bad.Kind)}}, Body: strings.NewReader("no"), Length: 2}
	}})
	for _, tt := range hostile {
		t.Run(tt.name, func(t *testing.T) {
			got := talk(t, addr, tt.head+"GET /smuggled HTTP/1.1\r\n"+host+"\r\n")
			want := "HTTP/1.1 400 Bad Request\r\nX-Kind: " + string(tt.kind) + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if kind := <-kinds; kind != tt.kind || len(kinds) > 0 {
				t.Errorf("handler saw %s and %d more, want %s", kind, len(kinds), tt.kind)
			}
		})
	}
}

// talk writes text to a server and returns all it says until it closes.
func talk(t *testing.T, addr, text string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(c)
	if err != nil {
		t.Errorf("after %q: %v", b, err)
	}
	return string(b)
}

func TestInbound(t *testing.T) {
	tests := []struct {
		name, head       string
		length           int64
		framing          Framing
		noLength, keep   bool
		method, target   string
		field, fieldName string
	}{
		{"plain", "GET /a?b HTTP/1.1\r\n" + host + "\r\n", 0, Plain, true, true, "GET", "/a?b", "h", "host"},
		{"length", "PUT / HTTP/1.1\r\n" + host + "Content-Length:  007 \r\n\r\n", 7, Plain, false, true, "PUT", "/", "007", "content-length"},
		{"length zero", "PUT / HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n", 0, Plain, false, true, "PUT", "/", "0", "content-length"},
		{"chunked", "PUT / HTTP/1.1\r\n" + host + "Transfer-Encoding: Chunked\r\n\r\n", -1, Chunked, false, true, "PUT", "/", "Chunked", "Transfer-encoding"},
		{"absolute-form", "GET HTTP://h:1/%zz HTTP/1.1\r\n" + host + "\r\n", 0, Plain, true, true, "GET", "HTTP://h:1/%zz", "h", "Host"},
		{"asterisk", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", 0, Plain, true, true, "OPTIONS", "*", "h", "Host"},
		{"HTTP/1.0 without host", "GET / HTTP/1.0\r\n\r\n", 0, Plain, true, false, "GET", "/", "", "Host"},
		{"close", "GET / HTTP/1.1\r\n" + host + "Connection: a, CLOSE\r\n\r\n", 0, Plain, true, false, "GET", "/", "a, CLOSE", "connection"},
		{"lower case method", "get / HTTP/1.1\r\n" + host + "\r\n", 0, Plain, true, true, "get", "/", "h", "Host"},
		{"raw UTF-8", "GET /é HTTP/1.1\r\n" + host + "A: \tü\t \r\n\r\n", 0, Plain, true, true, "GET", "/é", "ü", "a"},
		{"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 0, Plain, true, true, "GET", "/", "", "Host"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := parseRequestHead(tt.head)
			if in.Bad != nil {
				t.Fatal(in.Bad)
			}
			if in.Length != tt.length || in.Framing != tt.framing || in.NoLength != tt.noLength || in.keep != tt.keep || in.Method != tt.method || in.Target != tt.target || in.Fields.Get(tt.fieldName) != tt.field {
				t.Errorf("got %+v %+v, want %+v", in, in.Request, tt)
			}
		})
	}
}

func TestChunks(t *testing.T) {
	tests := []struct{ name, wire, body, err string }{
		{"none", "0\r\n\r\n", "", ""},
		{"several", "1\r\na\r\n0A\r\n0123456789\r\n000\r\n\r\n", "a0123456789", ""},
		{"extensions", "1;a=b\r\na\r\n1 ; c=\"d\"\r\nb\r\n0;x\r\n\r\n", "ab", ""},
		{"no number", "\r\n", "", "hexadecimal"},
		{"not hexadecimal", "g\r\n", "", "hexadecimal"},
		{"prefix", "0x1\r\na\r\n", "", "hexadecimal"},
		{"negative", "-1\r\n", "", "hexadecimal"},
		{"space before", " 1\r\na\r\n", "", "hexadecimal"},
		{"space after", "1 \r\na\r\n", "", "hexadecimal"},
		{"too many digits", "0000000000000001\r\na\r\n", "", "too long"},
		{"control in extension", "1;\x00\r\na\r\n", "", "hexadecimal"},
		{"bare line feed", "1\na\r\n", "", "CRLF"},
		{"data too long", "1\r\nab\r\n", "a", "longer than its size"},
		{"long extension", "1;" + strings.Repeat("x", 5000) + "\r\na\r\n", "", "longer than"},
		{"extensions outweigh", strings.Repeat("1;"+strings.Repeat("x", 1000)+"\r\na\r\n", 20), strings.Repeat("a", 16), "outweigh"},
		{"bad trailer", "0\r\nnonsense\r\n\r\n", "", "no field name"},
		{"folded trailer", "0\r\nA: b\r\n c\r\n\r\n", "", "folded"},
		{"long trailers", "0\r\n" + strings.Repeat("A: b\r\n", 200) + "\r\n", "", "too large"},
		{"cut in the size", "1", "", "unexpected EOF"},
		{"cut in the data", "5\r\nab", "ab", "unexpected EOF"},
		{"cut after the data", "2\r\nab", "ab", "unexpected EOF"},
		{"cut in the trailers", "0\r\nA: b\r\n", "", "unexpected EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			br := bufio.NewReader(strings.NewReader(tt.wire))
			body, err := io.ReadAll(&chunkReader{br: br, limit: 1000})
			if string(body) != tt.body || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got %q, %v, want %q, %q", body, err, tt.body, tt.err)
			}
			if rest, _ := io.ReadAll(br); tt.err == "" && len(rest) > 0 {
				t.Errorf("%q was left", rest)
			}
		})
	}
}
