package suites

import (
	"objectharness/internal/clause"
	"objectharness/internal/exchange"
)

// evidence puts what the case exchanged into its outcome, with every secret
// hidden; the curl line is that of the request that was judged.
func (s *Scene) evidence(rec *exchange.Recorder) {
	all := rec.Exchanges()
	for i := range all {
		s.out.Exchanges = append(s.out.Exchanges, plain(&all[i]))
		if all[i].Step == "when" || s.out.Curl == "" {
			s.out.Curl = all[i].Curl(s.Owner.Endpoint.URL(), s.Owner.Transport.Connect)
		}
	}
	s.hide()
}

func plain(x *exchange.Exchange) clause.Exchange {
	out := clause.Exchange{Step: x.Step, Request: message(&x.Request), Duration: x.Duration, Note: x.Note}
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
