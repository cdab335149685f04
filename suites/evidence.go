package suites

import (
	"objectharness/internal/clause"
	"objectharness/internal/exchange"
)

// evidence puts what the case exchanged into its outcome, with every secret
// hidden, and a script that sends it again.
func (s *Scene) evidence(rec *exchange.Recorder) {
	all := rec.Exchanges()
	for i := range all {
		s.keepExchange(plain(&all[i]))
	}
	switch {
	case len(all) == 0:
	case s.Again != nil:
		s.out.Curl = rec.Retold(s.Again)
	case s.Subject != s.home:
		s.out.Curl = "# The case asks an emulator of its own, with keys, a clock or limits of its own: the line that runs the case again starts one."
	}
	s.hide()
}

// keepExchange adds an exchange; one that is the same as the one before it, the
// times aside, is counted there.
func (s *Scene) keepExchange(x clause.Exchange) {
	if n := len(s.out.Exchanges); n > 0 && sameExchange(&s.out.Exchanges[n-1], &x) {
		s.out.Exchanges[n-1].Times++
		return
	}
	x.Times = 1
	s.out.Exchanges = append(s.out.Exchanges, x)
}

// sameExchange tells whether two exchanges show the same: step, request line, bodies
// and status. Dates, signatures and request ids differ each time.
func sameExchange(a, b *clause.Exchange) bool {
	if b.Skipped > 0 || a.Step != b.Step || a.Note != b.Note || !sameMessage(&a.Request, &b.Request) || (a.Reply == nil) != (b.Reply == nil) {
		return false
	}
	return a.Reply == nil || sameMessage(a.Reply, b.Reply)
}

func sameMessage(a, b *clause.Message) bool {
	return a.Method == b.Method && a.Target == b.Target && a.Status == b.Status && a.Length == b.Length && a.SHA256 == b.SHA256 && len(a.Fields) == len(b.Fields)
}

func plain(x *exchange.Exchange) clause.Exchange {
	out := clause.Exchange{Step: x.Step, Request: message(&x.Request), Duration: x.Duration, Note: x.Note, Offset: x.Offset, Skipped: x.Skipped}
	if x.Error != "" {
		out.Note = x.Error
	}
	if x.Reply != nil {
		m := message(x.Reply)
		out.Reply = &m
	}
	return out
}

func message(m *exchange.Message) clause.Message {
	return clause.Message{Method: m.Method, Target: m.Target, Status: m.Status, Fields: m.Pairs(), Body: m.Body, Length: m.Length, SHA256: m.SHA256}
}

// hide takes the secrets out of everything else that an outcome says.
func (s *Scene) hide() {
	o, text := &s.out, s.Redact.Text
	for _, p := range []*string{&o.Blocked, &o.Error, &o.NotRun, &o.Message} {
		*p = text(*p)
	}
	for i := range o.Broken {
		o.Broken[i].Expected, o.Broken[i].Got = text(o.Broken[i].Expected), text(o.Broken[i].Got)
	}
	if d := o.Divergence; d != nil {
		d.Ours, d.Theirs = text(d.Ours), text(d.Theirs)
	}
}
