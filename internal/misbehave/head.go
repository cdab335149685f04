package misbehave

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
)

// headLimit bounds a head in bytes; what is longer is passed on unseen.
const headLimit = 256 << 10

var errHead = errors.New("misbehave: not a head that can be relayed")

// A line is one field line of a head; raw ends in its line end.
type line struct{ raw, name, value string }

// A head is a start line and field lines as they came.
type head struct {
	start string // with its line end
	lines []line
	end   string // the empty line
}

// readHead reads a head. All that was read is in the head even beside an error.
func readHead(br *bufio.Reader) (head, error) {
	var h head
	for size := 0; size < headLimit; {
		raw, err := br.ReadString('\n')
		size += len(raw)
		switch {
		case h.start == "":
			h.start = raw
		case strings.TrimRight(raw, "\r\n") == "" && err == nil:
			h.end = raw
			return h, nil
		default:
			name, value, _ := strings.Cut(raw, ":")
			h.lines = append(h.lines, line{raw, name, strings.Trim(value, " \t\r\n")})
		}
		if err != nil {
			return h, err
		}
	}
	return h, errHead
}

// bytes is the head as it goes out.
func (h head) bytes() []byte {
	b := []byte(h.start)
	for _, l := range h.lines {
		b = append(b, l.raw...)
	}
	return append(b, h.end...)
}

func (h head) get(name string) string {
	for _, l := range h.lines {
		if strings.EqualFold(l.name, name) {
			return l.value
		}
	}
	return ""
}

func (h head) has(name string) bool { return h.count(name) > 0 }

func (h head) count(name string) int {
	n := 0
	for _, l := range h.lines {
		if strings.EqualFold(l.name, name) {
			n++
		}
	}
	return n
}

// del takes out the lines that match and tells how many there were.
func (h *head) del(match func(line) bool) int {
	var kept []line
	for _, l := range h.lines {
		if !match(l) {
			kept = append(kept, l)
		}
	}
	gone := len(h.lines) - len(kept)
	h.lines = kept
	return gone
}

func named(names ...string) func(line) bool {
	return func(l line) bool {
		for _, name := range names {
			if strings.EqualFold(l.name, name) {
				return true
			}
		}
		return false
	}
}

// set gives a field a value; the name of a line that is there stays as it is.
func (h *head) set(name, value string) {
	for i, l := range h.lines {
		if strings.EqualFold(l.name, name) {
			h.lines[i] = field(l.name, value)
			return
		}
	}
	h.lines = append(h.lines, field(name, value))
}

func field(name, value string) line {
	return line{name + ": " + value + "\r\n", name, value}
}

// A framing says where a body ends.
type framing struct {
	length  int64 // bytes; -1: until the connection ends
	chunked bool
}

// framing reads Content-Length and Transfer-Encoding. missing is the length
// where there is neither.
func (h head) framing(missing int64) (framing, error) {
	for _, l := range h.lines {
		if !strings.Contains(l.raw, ":") || l.name == "" || strings.TrimSpace(l.name) != l.name {
			return framing{}, errHead
		}
	}
	lengths, codings := h.count("Content-Length"), h.count("Transfer-Encoding")
	switch {
	case lengths+codings == 0:
		return framing{length: missing}, nil
	case lengths == 0 && codings == 1 && strings.EqualFold(h.get("Transfer-Encoding"), "chunked"):
		return framing{chunked: true}, nil
	case lengths != 1 || codings != 0:
		return framing{}, errHead
	}
	n, err := strconv.ParseUint(h.get("Content-Length"), 10, 63)
	if err != nil {
		return framing{}, errHead
	}
	return framing{length: int64(n)}, nil
}

// copyBody passes on a body with its framing.
func copyBody(dst io.Writer, src *bufio.Reader, f framing) error {
	switch {
	case f.chunked:
		return copyChunks(dst, src)
	case f.length < 0:
		_, err := io.Copy(dst, src)
		return err
	}
	_, err := io.CopyN(dst, src, f.length)
	return err
}

// copyChunks passes on chunks and trailers.
func copyChunks(dst io.Writer, src *bufio.Reader) error {
	for {
		size, err := copyLine(dst, src)
		if err != nil {
			return err
		}
		text, _, _ := strings.Cut(strings.TrimSpace(size), ";")
		n, err := strconv.ParseUint(strings.TrimSpace(text), 16, 62)
		if err != nil {
			return errHead
		}
		if n == 0 {
			break
		}
		if _, err := io.CopyN(dst, src, int64(n)+2); err != nil {
			return err
		}
	}
	for {
		trailer, err := copyLine(dst, src)
		if err != nil || strings.TrimRight(trailer, "\r\n") == "" {
			return err
		}
	}
}

func copyLine(dst io.Writer, src *bufio.Reader) (string, error) {
	text, err := src.ReadString('\n')
	if err != nil {
		return text, err
	}
	_, err = io.WriteString(dst, text)
	return text, err
}
