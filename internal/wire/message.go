// Package wire writes and reads HTTP/1.1 messages exactly as they are given:
// order, letter case and duplicates of header fields, any request target, any
// declared length. net/http sorts fields and refuses wrong lengths, so it can
// neither send nor answer the hostile requests that a conformance harness
// lives from.
package wire

import (
	"io"
	"strings"
)

// A Field is one header field as it stands on the wire, without the colon.
type Field struct{ Name, Value string }

// Fields are header fields in wire order; lookups ignore letter case.
type Fields []Field

// sameName compares length and first letter first: there nearly every comparison
// ends.
func sameName(a, b string) bool {
	return len(a) == len(b) && (a == b || a[0]|0x20 == b[0]|0x20 && strings.EqualFold(a, b))
}

// Get returns the value of the first field called name, or "".
func (f Fields) Get(name string) string {
	for i := range f {
		if sameName(f[i].Name, name) {
			return f[i].Value
		}
	}
	return ""
}

// Values returns the values of all fields called name, in wire order.
func (f Fields) Values(name string) []string {
	var out []string
	for i := range f {
		if sameName(f[i].Name, name) {
			out = append(out, f[i].Value)
		}
	}
	return out
}

// first is the first value of a field, and how many fields have the name.
func (f Fields) first(name string) (value string, n int) {
	for i := range f {
		if !sameName(f[i].Name, name) {
			continue
		}
		if n == 0 {
			value = f[i].Value
		}
		n++
	}
	return value, n
}

// Has tells whether a field called name is there, even with an empty value.
func (f Fields) Has(name string) bool {
	for i := range f {
		if sameName(f[i].Name, name) {
			return true
		}
	}
	return false
}

// Add appends a field.
func (f *Fields) Add(name, value string) { *f = append(*f, Field{name, value}) }

// Set gives the first field called name the value and drops its repetitions;
// without one it appends.
func (f *Fields) Set(name, value string) {
	for i := range *f {
		if sameName((*f)[i].Name, name) {
			(*f)[i].Value = value
			rest := (*f)[i+1:]
			rest.Del(name)
			*f = (*f)[:i+1+len(rest)]
			return
		}
	}
	f.Add(name, value)
}

// Del removes every field called name.
func (f *Fields) Del(name string) {
	kept := (*f)[:0]
	for _, x := range *f {
		if !sameName(x.Name, name) {
			kept = append(kept, x)
		}
	}
	*f = kept
}

// Clone returns a copy that shares nothing with f.
func (f Fields) Clone() Fields { return append(Fields(nil), f...) }

// Framing says how the body of a request is written. The fields that announce
// it (Content-Length, Transfer-Encoding) are never added by this package: they
// are whatever Fields holds, right or wrong.
type Framing uint8

const (
	// Plain writes the bytes of Body as they are.
	Plain Framing = iota
	// Chunked writes Body in HTTP/1.1 chunks and closes it with an empty one.
	Chunked
	// HeadOnly writes the head and no byte of the body, and then waits for the
	// reply: the way to declare more than one wants to send.
	HeadOnly
	// Cut writes the bytes of Body as they are and ends the sending side: no
	// more will come, however much was declared.
	Cut
)

// A Request is an HTTP/1.1 request, ordered and unmended.
type Request struct {
	Method string
	Target string // request target as on the request line: origin-form, or absolute-form
	Fields Fields // Host included
	Body   io.Reader
	Length int64 // bytes in Body; -1 when not known
	Framing
}

// A Reply is the answer that a client has read. Body holds at most the bytes
// that the reader was allowed to keep; Size counts all that came.
type Reply struct {
	Status    int // 200, 404, …
	Reason    string
	Fields    Fields
	Body      []byte
	Size      int64
	Interim   []int    // statuses of 1xx replies that came before, in order
	SHA256    [32]byte // of the whole body; zero where Limits.Light left it out
	CRC64     uint64   // CRC-64/ECMA-182 of the whole body, as OSS, COS and Go's crc64.ECMA table compute it
	Truncated bool     // Body holds less than Size
	Trailers  Fields   // after a chunked body
}
