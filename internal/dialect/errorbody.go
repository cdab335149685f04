package dialect

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"objectharness/internal/wire"
)

const (
	maxErrorBody  = 1 << 20 // bytes of an error body that are looked at
	maxErrorExtra = 64      // further members of an error body that are kept
	maxErrorDepth = 16      // nesting of an error body
)

// ErrBody is what DecodeError returns, wrapped, for a body that is not an
// error body of the dialect.
var ErrBody = errors.New("dialect: not an error body")

// An XMLError says how a dialect writes its XML error bodies: the names of its
// elements in the order of the document. Names must hold Code and Message, and
// may hold extra, which stands for all that Error.Extra holds.
type XMLError struct {
	Names []string // Code, Message, Resource, extra, RequestId, HostId, TraceId
}

// Encode is Dialect.EncodeError. What XML cannot hold is replaced by U+FFFD;
// an extra whose name is no element name is left out.
func (x XMLError) Encode(e Error) []byte {
	var b bytes.Buffer
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>")
	for _, name := range x.Names {
		switch value := e.slot(name); {
		case name == "extra":
			e.writeExtra(&b)
		case value != nil && (*value != "" || name == "Code" || name == "Message"):
			element(&b, name, *value)
		}
	}
	b.WriteString("</Error>")
	return b.Bytes()
}

// writeExtra leaves out extras that are called like a member of their own.
func (e *Error) writeExtra(b *bytes.Buffer) {
	for _, f := range e.Extra {
		if e.slot(f.Name) == nil {
			element(b, f.Name, f.Value)
		}
	}
}

// slot is the member of e that an element is about, nil for an extra.
func (e *Error) slot(name string) *string {
	switch name {
	case "Code":
		return &e.Code
	case "Message":
		return &e.Message
	case "Resource":
		return &e.Resource
	case "RequestId":
		return &e.RequestID
	case "HostId", "TraceId":
		return &e.HostID
	}
	return nil
}

func element(b *bytes.Buffer, name, value string) {
	if !elementName(name) {
		return
	}
	b.WriteString("<" + name + ">")
	var text bytes.Buffer
	_ = xml.EscapeText(&text, []byte(value)) // a bytes.Buffer takes everything
	// A text may hold a quote as it is, and clients look for those of messages.
	b.Write(bytes.ReplaceAll(text.Bytes(), []byte("&#34;"), []byte(`"`)))
	b.WriteString("</" + name + ">")
}

func elementName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		if !('a' <= c && c <= 'z' || s[i] == '_' || i > 0 && (s[i] == '-' || s[i] == '.' || '0' <= s[i] && s[i] <= '9')) {
			return false
		}
	}
	return s != ""
}

// Decode is Dialect.DecodeError: it takes the elements in any order, with or
// without a namespace. The first of two elements of one name counts. Its errors
// wrap ErrBody.
func (x XMLError) Decode(body []byte) (Error, error) {
	if len(body) > maxErrorBody {
		return Error{}, fmt.Errorf("%w: %d bytes, want at most %d", ErrBody, len(body), maxErrorBody)
	}
	dec := xml.NewDecoder(bytes.NewReader(body))
	if err := openError(dec); err != nil {
		return Error{}, err
	}
	e, seen := Error{}, map[string]bool{}
	for {
		token, err := dec.Token()
		if err != nil {
			return Error{}, fmt.Errorf("%w: %w", ErrBody, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			value, err := elementText(dec)
			if err != nil {
				return Error{}, err
			}
			if name := t.Name.Local; !seen[name] {
				seen[name] = true
				e.put(name, value)
			}
		case xml.EndElement:
			return e, needCode(e)
		}
	}
}

func (e *Error) put(name, value string) {
	if member := e.slot(name); member == &e.Message {
		*member = value
	} else if member != nil {
		*member = strings.TrimSpace(value) // samples stand on lines of their own
	} else if len(e.Extra) < maxErrorExtra {
		e.Extra = append(e.Extra, wire.Field{Name: name, Value: value})
	}
}

func needCode(e Error) error {
	if e.Code == "" {
		return fmt.Errorf("%w: it has no code", ErrBody)
	}
	return nil
}

// openError reads up to and with the start of the root element.
func openError(dec *xml.Decoder) error {
	for {
		token, err := dec.Token()
		if err != nil {
			return fmt.Errorf("%w: %w", ErrBody, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local != "Error" {
				return fmt.Errorf("%w: root element is %q, want Error", ErrBody, t.Name.Local)
			}
			return nil
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return fmt.Errorf("%w: text before the root element", ErrBody)
			}
		}
	}
}

// elementText reads the text of an element whose start was read, with that of
// its children.
func elementText(dec *xml.Decoder) (string, error) {
	var text []byte
	for depth := 1; depth > 0; {
		token, err := dec.Token()
		if err != nil {
			return "", fmt.Errorf("%w: %w", ErrBody, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxErrorDepth {
				return "", fmt.Errorf("%w: nested deeper than %d", ErrBody, maxErrorDepth)
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			text = append(text, t...)
		}
	}
	return string(text), nil
}

// EncodeJSONError writes the error body of BOS: code, message and requestId,
// then the extras.
func EncodeJSONError(e Error) []byte {
	members := append([]wire.Field{{Name: "code", Value: e.Code}, {Name: "message", Value: e.Message}, {Name: "requestId", Value: e.RequestID}}, e.Extra...)
	b := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, jsonText(m.Name)...)
		b = append(b, ':')
		b = append(b, jsonText(m.Value)...)
	}
	return append(b, '}')
}

func jsonText(s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return bytes.TrimRight(b.Bytes(), "\n")
}

// DecodeJSONError reads the error body of BOS: an object with a string member
// code. Further string members become extras; others are passed over. Its
// errors wrap ErrBody.
func DecodeJSONError(body []byte) (Error, error) {
	if len(body) > maxErrorBody {
		return Error{}, fmt.Errorf("%w: %d bytes, want at most %d", ErrBody, len(body), maxErrorBody)
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return Error{}, fmt.Errorf("%w: it is not a JSON object", ErrBody)
	}
	var e Error
	for dec.More() {
		if err := jsonMember(dec, &e); err != nil {
			return Error{}, fmt.Errorf("%w: %w", ErrBody, err)
		}
	}
	if _, err := dec.Token(); err != nil {
		return Error{}, fmt.Errorf("%w: %w", ErrBody, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return Error{}, fmt.Errorf("%w: something follows the object", ErrBody)
	}
	return e, needCode(e)
}

func jsonMember(dec *json.Decoder, e *Error) error {
	name, err := dec.Token()
	if err != nil {
		return err
	}
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return err
	}
	var value string
	if json.Unmarshal(raw, &value) != nil {
		return nil
	}
	switch name {
	case "code":
		e.Code = value
	case "message":
		e.Message = value
	case "requestId":
		e.RequestID = value
	default:
		if len(e.Extra) < maxErrorExtra {
			e.Extra = append(e.Extra, wire.Field{Name: name.(string), Value: value})
		}
	}
	return nil
}
