package emulator

import (
	"bytes"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	parts "mime/multipart"
	"strings"

	"objectharness/internal/policy"
	"objectharness/internal/wire"
)

// Bounds of a form beside its file.
const (
	formFields = 1000    // fields
	formBound  = 1 << 20 // bytes that are read of a form before or behind its file
)

// A posted form, read up to its file.
type posted struct {
	fields  wire.Fields // before the file, in their order, the first of each name
	file    *parts.Part // nil where there is none
	name    string      // file name; "" where the part has none
	typ     string      // its Content-Type
	parts   *parts.Reader
	fence   *fence
	sum     hash.Hash      // MD5 of what was read of the body
	sent    wire.Fields    // the header fields of the request
	policy  *policy.Policy // nil where the form has none that counts
	missing bool           // the request is no form at all
}

// get is the value of a field.
func (p *posted) get(name string) string { return p.fields.Get(name) }

// errTooMuch says that a form holds more beside its file than is read.
var errTooMuch = errors.New("emulator: more than a form may hold beside its file")

// errNotClosed says that a form ends without the closing boundary.
var errNotClosed = errors.New("emulator: the form ends without its closing boundary")

// A fence bounds what is read while it stands, and sees the closing boundary go
// by.
type fence struct {
	r      io.Reader
	left   int64
	open   bool
	mark   []byte // the closing boundary
	tail   []byte // the last bytes that were read
	closed bool
}

func (f *fence) Read(p []byte) (int, error) {
	if !f.open {
		if f.left <= 0 {
			return 0, errTooMuch
		}
		p = p[:min(int64(len(p)), f.left)]
	}
	n, err := f.r.Read(p)
	f.left -= int64(n)
	f.tail = append(f.tail, p[:n]...)
	f.closed = f.closed || bytes.Contains(f.tail, f.mark)
	f.tail = append(f.tail[:0], f.tail[max(0, len(f.tail)-len(f.mark)):]...)
	return n, err
}

// next is the next part; io.EOF behind the last.
func (p *posted) next() (*parts.Part, error) {
	part, err := p.parts.NextRawPart()
	if errors.Is(err, io.EOF) && !p.fence.closed {
		return nil, errNotClosed
	}
	return part, err
}

// close puts the fence up again.
func (f *fence) close() { f.open, f.left = false, formBound }

// boundaryOf is the boundary of a multipart/form-data body. form is false for
// another type, and the boundary "" where there is none that can be used.
func boundaryOf(contentType string) (boundary string, form bool) {
	name, params, err := mime.ParseMediaType(contentType)
	if name != "multipart/form-data" && !strings.HasPrefix(strings.ToLower(contentType), "multipart/form-data") {
		return "", false
	}
	if b := params["boundary"]; err == nil && len(b) <= 70 {
		return b, true
	}
	return "", true
}

// newPosted begins to read a form.
func newPosted(body io.Reader, boundary string) *posted {
	f := &fence{r: body, left: formBound, mark: []byte("--" + boundary + "--")}
	return &posted{parts: parts.NewReader(f, boundary), fence: f}
}

// read reads the fields before the file.
func (p *posted) read() error {
	for range formFields {
		part, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name, fileName, err := disposition(part)
		if err != nil {
			return err
		}
		if strings.EqualFold(name, "file") {
			p.file, p.name, p.typ = part, fileName, part.Header.Get("Content-Type")
			p.fence.open = true
			return nil
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if !p.fields.Has(name) {
			p.fields.Add(name, string(value))
		}
	}
	return errTooMuch
}

// size is the bytes of names and values before the file.
func (p *posted) size() (n int64) {
	for _, f := range p.fields {
		n += int64(len(f.Name) + len(f.Value))
	}
	return n
}

// rest reads what follows the file to the closing boundary.
func (p *posted) rest() (behind wire.Fields, files int, err error) {
	p.fence.close()
	for range formFields {
		part, err := p.next()
		if errors.Is(err, io.EOF) {
			return behind, files, nil
		}
		if err != nil {
			return nil, 0, err
		}
		name, _, err := disposition(part)
		if err != nil {
			return nil, 0, err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, 0, err
		}
		if strings.EqualFold(name, "file") {
			files++
		}
		behind.Add(name, string(value))
	}
	return nil, 0, errTooMuch
}

// disposition is the name of a part and of its file. Of a path that a browser
// sends only the last part counts.
func disposition(part *parts.Part) (name, fileName string, err error) {
	kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil || kind != "form-data" || params["name"] == "" {
		return "", "", fmt.Errorf("emulator: a part without Content-Disposition: form-data with a name")
	}
	fileName = params["filename"]
	return params["name"], fileName[strings.LastIndexAny(fileName, `/\`)+1:], nil
}
