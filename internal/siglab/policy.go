package siglab

import (
	"fmt"
	"io"

	"objectharness/internal/exchange"
	"objectharness/internal/sign"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/wire"
)

// A Form is a browser upload whose policy is signed, with every step of that.
type Form struct {
	Scheme string
	Fields wire.Fields // that sign the policy, in the document's order
	Steps  *sign.Steps

	token string
}

// SignPolicy signs a POST policy with scheme, keys, time and region of the ask;
// the policy is signed as it stands, byte for byte. Of the ask's host only the
// region is taken. Its errors say which part of the ask is wrong.
func SignPolicy(q *Ask, policy string) (*Form, error) {
	scheme, ok := schemes.ByName(q.Scheme).(sign.FormScheme)
	if !ok {
		return nil, fmt.Errorf("siglab: no scheme for forms is called %q", q.Scheme)
	}
	s := &Signed{Scheme: q.Scheme, ask: q, dialect: dialectOf(q.Scheme), Steps: &sign.Steps{}}
	if s.Request = (&wire.Request{}); q.URL != "" {
		r, err := s.open()
		if err != nil {
			return nil, err
		}
		s.Request = r
	}
	in := sign.Input{AccessKey: q.AccessKey, SecretKey: q.SecretKey, Token: q.Token, Time: q.Now, Expires: q.Expires, Region: s.region()}
	if !q.Time.IsZero() {
		in.Time = q.Time
	}
	fields, err := scheme.Form(policy, &in, s.Steps)
	if err != nil {
		return nil, fmt.Errorf("siglab: %w", err)
	}
	return &Form{q.Scheme, fields, s.Steps, q.Token}, nil
}

// Write prints the steps and the fields of the form; a token is hidden.
func (f *Form) Write(w io.Writer) {
	WriteSteps(w, f.Steps, false)
	fmt.Fprintln(w, "\nform fields")
	for _, field := range f.Fields {
		if f.token != "" && field.Value == f.token {
			field.Value = exchange.Hidden
		}
		fmt.Fprintf(w, "%s: %s\n", field.Name, field.Value)
	}
}
