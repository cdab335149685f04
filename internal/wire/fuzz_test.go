package wire

import (
	"bufio"
	"bytes"
	"io"
	"net/http/httputil"
	"strings"
	"testing"
)

func reader(s string) *bufio.Reader { return bufio.NewReader(strings.NewReader(s)) }

// Chunks that we take are the same data to net/http, and anything we frame
// comes back.
func FuzzChunks(f *testing.F) {
	f.Add("3\r\nabc\r\n0\r\n\r\n")
	f.Add("1;x=y\r\na\r\n0\r\nA: b\r\n\r\n")
	f.Add("fffffffffffffff\r\nabc")
	f.Add("0\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := io.ReadAll(&chunkReader{br: reader(text), limit: 1000})
		if err == nil {
			want, err := io.ReadAll(httputil.NewChunkedReader(reader(text)))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("we read %q, net/http %q, %v", got, want, err)
			}
		}
		if text == "" {
			return
		}
		buf := make([]byte, chunkRoom+len(text)+2)
		copy(buf[chunkRoom:], text)
		framed := string(frameChunk(buf, len(text))) + lastChunk
		back, err := io.ReadAll(&chunkReader{br: reader(framed), limit: 1000})
		if err != nil || string(back) != text {
			t.Errorf("%q came back as %q, %v", text, back, err)
		}
	})
}

func FuzzTarget(f *testing.F) {
	f.Add("/a%20b?c=%zz&d&=e+f")
	f.Add("http://h?x")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if back, ok := Unescape(Escape(text)); !ok || back != text {
			t.Errorf("%q came back as %q", text, back)
		}
		path, query := SplitTarget(text)
		if path == "" {
			t.Errorf("%q has an empty path", text)
		}
		params := ParseQuery(query)
		again := ParseQuery(string(AppendQuery(nil, params)))
		if len(again) > len(params) {
			t.Errorf("%q: %v became %v", query, params, again)
		}
		for i := range again {
			if len(again) == len(params) && again[i] != params[i] {
				t.Errorf("%q: %v became %v", query, params[i], again[i])
			}
		}
	})
}
