package wire

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"hash/crc64"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
)

const ok = "HTTP/1.1 200 OK\r\n"

func TestReply(t *testing.T) {
	tests := []struct {
		name, method, wire string
		status             int
		reason, body       string
		interim            []int
		reusable           bool
	}{
		{"length", "GET", ok + "Content-Length: 5\r\n\r\nhello", 200, "OK", "hello", nil, true},
		{"length zero", "GET", ok + "Content-Length: 0\r\n\r\n", 200, "OK", "", nil, true},
		{"length twice the same", "GET", ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi", 200, "OK", "hi", nil, true},
		{"chunked", "GET", ok + "Transfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n", 200, "OK", "abc0123456789", nil, true},
		{"until close", "GET", ok + "\r\nall of it", 200, "OK", "all of it", nil, false},
		{"connection close", "GET", ok + "Connection: x, Close\r\nContent-Length: 2\r\n\r\nhi", 200, "OK", "hi", nil, false},
		{"HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "OK", "hi", nil, false},
		{"HTTP/1.0 keep-alive", "GET", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", 200, "OK", "hi", nil, true},
		{"no reason", "GET", "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n", 404, "", "", nil, true},
		{"no reason and no space", "GET", "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", 404, "", "", nil, true},
		{"bare line feeds", "GET", "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", 200, "OK", "hi", nil, true},
		{"head", "HEAD", ok + "Content-Length: 5\r\n\r\n", 200, "OK", "", nil, true},
		{"head chunked", "HEAD", ok + "Transfer-Encoding: chunked\r\n\r\n", 200, "OK", "", nil, true},
		{"head without length", "HEAD", ok + "\r\n", 200, "OK", "", nil, true},
		{"204", "DELETE", "HTTP/1.1 204 No Content\r\n\r\n", 204, "No Content", "", nil, true},
		{"204 with a length", "DELETE", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n", 204, "No Content", "", nil, true},
		{"204 with a body", "DELETE", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc", 204, "No Content", "", nil, false},
		{"304", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, "Not Modified", "", nil, true},
		{"head with a body", "HEAD", ok + "Content-Length: 2\r\n\r\nhi", 200, "OK", "", nil, false},
		{"two replies", "GET", ok + "Content-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\n\r\n", 200, "OK", "hi", nil, false},
		{"interim", "GET", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok + "Content-Length: 0\r\n\r\n", 200, "OK", "", []int{102, 103}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := scripted(t, func(peer net.Conn, br *bufio.Reader) {
				readRawHead(br)
				io.WriteString(peer, tt.wire)
				if tt.reusable {
					br.ReadByte() // until the client closes
				}
			})
			r := get("/")
			r.Method = tt.method
			reply, err := c.Do(t.Context(), r, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if reply.Status != tt.status || reply.Reason != tt.reason || string(reply.Body) != tt.body || !slices.Equal(reply.Interim, tt.interim) {
				t.Errorf("got %d %q %q %v, want %d %q %q %v", reply.Status, reply.Reason, reply.Body, reply.Interim, tt.status, tt.reason, tt.body, tt.interim)
			}
			if reply.Size != int64(len(tt.body)) || reply.Truncated || reply.SHA256 != sha256.Sum256([]byte(tt.body)) || reply.CRC64 != crc64.Checksum([]byte(tt.body), crc64.MakeTable(crc64.ECMA)) {
				t.Errorf("size %d, truncated %v, or a hash is wrong", reply.Size, reply.Truncated)
			}
			if got := c.Reusable(); got != tt.reusable {
				t.Errorf("reusable %v, want %v", got, tt.reusable)
			}
		})
	}
}

func TestReplyFolded(t *testing.T) {
	reply, _, err := parseReplyHead(ok + "A: one\r\n  two\r\n\tthree\r\nb:\r\nA:4\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	want := Fields{{"A", "one two three"}, {"b", ""}, {"A", "4"}}
	if !slices.Equal(reply.Fields, want) {
		t.Errorf("got %q, want %q", reply.Fields, want)
	}
}

func TestReplyTrailers(t *testing.T) {
	c := scripted(t, func(peer net.Conn, br *bufio.Reader) {
		readRawHead(br)
		io.WriteString(peer, ok+"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 7\r\nX-Sum: 8\r\n\r\n")
		br.ReadByte()
	})
	reply, err := c.Do(t.Context(), get("/"), Limits{})
	if err != nil || string(reply.Body) != "hi" || !slices.Equal(reply.Trailers, Fields{{"X-Sum", "7"}, {"X-Sum", "8"}}) || !c.Reusable() {
		t.Errorf("got %+v, %v, reusable %v", reply, err, c.Reusable())
	}
}

func TestReplyKeep(t *testing.T) {
	body := strings.Repeat("x", 100_000)
	for name, framing := range map[string]string{
		"length":  "Content-Length: 100000\r\n\r\n" + body,
		"chunked": "Transfer-Encoding: chunked\r\n\r\n186a0\r\n" + body + "\r\n0\r\n\r\n",
		"close":   "\r\n" + body,
	} {
		for _, keep := range []int64{-1, 10, 100_000, 0} {
			c := scripted(t, func(peer net.Conn, br *bufio.Reader) {
				readRawHead(br)
				io.WriteString(peer, ok+framing)
			})
			reply, err := c.Do(t.Context(), get("/"), Limits{Keep: keep})
			if err != nil {
				t.Fatalf("%s, keep %d: %v", name, keep, err)
			}
			want := int(min(max(keep, 0), 100_000))
			if keep == 0 {
				want = 100_000
			}
			if len(reply.Body) != want || reply.Size != 100_000 || reply.Truncated != (want < 100_000) || reply.SHA256 != sha256.Sum256([]byte(body)) {
				t.Errorf("%s, keep %d: %d bytes kept, want %d; size %d, truncated %v", name, keep, len(reply.Body), want, reply.Size, reply.Truncated)
			}
		}
	}
}

func TestReplyAbsurd(t *testing.T) {
	tests := []struct{ name, wire, text string }{
		{"other protocol", "SSH-2.0-OpenSSH_9.6\r\n", `"SSH-2.0-OpenSSH_9.6.."`},
		{"binary", "\x15\x03\x03\x00\x02\x02\x46", `"......F"`},
		{"half a version", "HTTP", `"HTTP"`},
		{"markup", "<html>" + strings.Repeat("é", 100), `"<html>` + strings.Repeat(".", 74) + `"`},
		{"HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/2"},
		{"HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n", "status line"},
		{"no status", "HTTP/1.1 OK\r\n", "status line"},
		{"status 99", "HTTP/1.1 099 X\r\n", "status line"},
		{"status 600", "HTTP/1.1 600 X\r\n", "status line"},
		{"four digits", "HTTP/1.1 2000 X\r\n", "status line"},
		{"signed status", "HTTP/1.1 +20 X\r\n", "status line"},
		{"no colon", ok + "nonsense\r\n\r\n", "no field name"},
		{"no name", ok + ": x\r\n\r\n", "no field name"},
		{"space before the colon", ok + "A : x\r\n\r\n", "not a token"},
		{"fold first", ok + " x\r\n\r\n", "folded"},
		{"NUL", ok + "A: \x00\r\n\r\n", "control"},
		{"negative length", ok + "Content-Length: -1\r\n\r\n", "Content-Length"},
		{"length in words", ok + "Content-Length: five\r\n\r\n", "Content-Length"},
		{"lengths differ", ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "Content-Length"},
		{"length and chunked", ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "both"},
		{"coding", ok + "Transfer-Encoding: gzip\r\n\r\n", "gzip"},
		{"chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding"},
		{"chunk size", ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "chunk size"},
		{"switching", "HTTP/1.1 101 Switching Protocols\r\n\r\n", "101"},
		{"too many interim", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 17), "interim"},
		{"head too large", ok + "A: " + strings.Repeat("x", 64<<10) + "\r\n\r\n", "too large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := scripted(t, func(peer net.Conn, br *bufio.Reader) {
				readRawHead(br)
				io.WriteString(peer, tt.wire)
			})
			_, err := c.Do(t.Context(), get("/"), Limits{})
			var te *TransportError
			if !errors.As(err, &te) || te.Phase != Parse || !errors.Is(err, ErrSyntax) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v, want phase parse and %q", err, tt.text)
			}
			if c.Reusable() {
				t.Error("the connection passes for reusable")
			}
		})
	}
}

func TestReplyCut(t *testing.T) {
	tests := []struct {
		name, wire string
		status     int
	}{
		{"nothing", "", 0},
		{"in the head", ok + "A: b\r\n", 0},
		{"in the body", ok + "Content-Length: 5\r\n\r\nhel", 200},
		{"in a long body", ok + "Content-Length: 5000000\r\n\r\nhel", 200},
		{"in a chunk", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel", 200},
		{"before the last chunk", ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n", 200},
		{"in the trailers", ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n0\r\n", 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := scripted(t, func(peer net.Conn, br *bufio.Reader) {
				readRawHead(br)
				io.WriteString(peer, tt.wire)
			})
			reply, err := c.Do(t.Context(), get("/"), Limits{})
			var te *TransportError
			if !errors.As(err, &te) || te.Phase != Read || !closedByPeer(err) {
				t.Fatalf("got %v, want phase read and an end of the stream", err)
			}
			if tt.status == 0 && reply != nil {
				t.Errorf("a reply without its head: %+v", reply)
			}
			if tt.status != 0 && (reply == nil || reply.Status != tt.status || string(reply.Body) != "hel" || reply.Size != 3) {
				t.Errorf("partial reply %+v, want status %d and 3 bytes", reply, tt.status)
			}
		})
	}
}
