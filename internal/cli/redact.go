package cli

import (
	"io"

	"objectharness/internal/exchange"
	"objectharness/report"
)

// redactOutput hides the secrets in all that is printed from now on: the last
// line of defence behind the evidence's own redaction.
func (a *app) redactOutput(secrets []string) {
	a.redact = exchange.NewRedactor(exchange.Keep, a.now, secrets...)
	a.stdout, a.stderr = &redacted{a.stdout, a.redact}, &redacted{a.stderr, a.redact}
}

// A redacted writer hides secrets that stand in one piece in what it is given.
type redacted struct {
	io.Writer
	redact *exchange.Redactor
}

func (r *redacted) Write(p []byte) (int, error) {
	if _, err := io.WriteString(r.Writer, r.redact.Text(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// redactCase hides the secrets in the texts of a case; its exchanges are
// redacted where they are recorded.
func redactCase(r *exchange.Redactor, c *report.Case) {
	texts := []*string{&c.Message, &c.BlockedBy, &c.Curl}
	for i := range c.Broken {
		texts = append(texts, &c.Broken[i].Expected, &c.Broken[i].Got)
	}
	if d := c.Divergence; d != nil {
		texts = append(texts, &d.Ours, &d.Theirs)
	}
	if b := c.Behaviour; b != nil {
		texts = append(texts, &b.Code, &b.Body)
		for i := range b.Fields {
			texts = append(texts, &b.Fields[i])
		}
	}
	for _, t := range texts {
		*t = r.Text(*t)
	}
}
