package vectors

import (
	"fmt"
	"strings"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// A Trace is a vector signed once more, for a reader.
type Trace struct {
	Scheme  sign.Scheme   // nil for an upload callback
	Request *wire.Request // before signing; nil where the vector signs no request as a whole
	Input   sign.Input
	Body    []byte
	Steps   *sign.Steps // in the order of computation
}

// Trace signs the vector and keeps every step. Its errors are those of the
// signer.
func (v *Vector) Trace() (*Trace, error) {
	t := &Trace{Input: *v.input(), Steps: &sign.Steps{}}
	t.Body, _ = v.Request.Body.bytes()
	if v.Mode == "callback" {
		return t, v.callback(t.Steps)
	}
	s := algorithms[v.Algorithm].scheme(v)
	t.Scheme = s
	var err error
	switch {
	case v.Mode == "form":
		_, err = s.Form(v.Request.Policy, &t.Input, t.Steps)
	case v.Mode == "rtmp":
		t.rtmp(v)
	case v.Mode == "component" && v.Request.Method == "":
		t.component(v)
	default:
		t.Request = v.request()
		err = sign.Apply(s, v.request(), &t.Input, t.Steps)
	}
	if err != nil {
		return nil, fmt.Errorf("vectors: sign %s: %w", v.ID, err)
	}
	return t, nil
}

func (t *Trace) rtmp(v *Vector) {
	if s, ok := t.Scheme.(interface {
		AppendRTMP([]byte, string, *sign.Input, *sign.Steps) []byte
	}); ok {
		s.AppendRTMP(nil, v.request().Target, &t.Input, t.Steps)
	}
}

func (t *Trace) component(v *Vector) {
	if key := algorithms[v.Algorithm].key; v.Options.Component == "signing-key" && key != nil {
		t.Steps.AddText(sign.StepKey, key(&t.Input))
		return
	}
	t.Steps.AddText(v.Options.Component, v.encoded())
}

// Flag is what the file's notes say of a flag of the vector, or "".
func (v *Vector) Flag(name string) string { return strings.TrimSuffix(v.notes[name].Description, ".") }
