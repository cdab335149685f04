// Package exchange keeps requests and their replies as evidence: bounded in
// number and size, and redacted before anything leaves it, as a model, as a
// curl line or as a HAR file.
package exchange

import (
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Bounds of what is kept.
const (
	BodyMax  = 2 << 10 // bytes of a body
	HeadMax  = 8 << 10 // bytes of a request target, and of the fields of a head
	FirstMax = 20      // exchanges from the beginning
	LastMax  = 20      // exchanges from the end
)

// An Exchange is a request with its reply, cut and redacted.
type Exchange struct {
	Step     string        // what the Recorder was told by Enter
	Note     string        // the caller's
	Began    time.Time     // when the request was begun
	Offset   time.Duration // Began, counted from the recorder's first exchange
	Duration time.Duration // until the reply was read
	Request  Message
	Reply    *Message // nil when none came
	Error    string   // of transport, "" for none
	Steps    []sign.Step
	Skipped  int // exchanges left out just before this one
}

// A Message is a request (Method and Target) or a reply (Status and Reason).
type Message struct {
	Method, Target string
	Status         int
	Reason         string
	Fields         wire.Fields
	FieldsLeft     int    // fields left out at the end
	Body           []byte // its beginning, at most BodyMax bytes
	Length         int64  // bytes of the whole body; -1 when not known
	SHA256         string // of the whole body, lower-case hex; "" when not known or there is no body
	Headless       bool   // a request whose body was declared and never sent
	Period         int    // bytes after which a body that is kept in part repeats itself to its end; 0 where it does not
}

// Complete tells whether Body is all of the body.
func (m *Message) Complete() bool { return m.Length == int64(len(m.Body)) && !m.Headless }

// Pairs are the fields as name and value, in wire order.
func (m *Message) Pairs() [][2]string {
	out := make([][2]string, len(m.Fields))
	for i, f := range m.Fields {
		out[i] = [2]string{f.Name, f.Value}
	}
	return out
}
