package suites

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"objectharness/internal/clause"
	"objectharness/internal/client"
	"objectharness/internal/exchange"
	"objectharness/internal/wire"
)

// goneAfter is the number of transport errors in a row after which the target
// is asked once more and, without an answer, taken for gone.
const goneAfter = 5

// health counts transport errors in a row.
type health struct {
	mu     sync.Mutex
	errors int
	gone   string // the case at which the target was found gone
}

// RunCase runs a case against a subject and tells what came of it. It never
// panics, and ends with ctx.
func RunCase(ctx context.Context, sub *Subject, c Case) clause.Outcome {
	if reason := sub.cannot(&c); reason != "" {
		return clause.Outcome{CaseID: c.ID, NotRun: reason}
	}
	rec := exchange.NewRecorder()
	rec.Redact = sub.Redact
	s := &Scene{Subject: sub, home: sub, Ctx: exchange.WithRecorder(ctx, rec), Case: &c, W: wordsOf[c.Dialect], keep: map[string]string{}}
	s.out.CaseID = c.ID
	began := sub.Now()
	transport := s.guard()
	s.out.Duration = sub.Now().Sub(began)
	s.out.Divergence = divergence(s.last)
	s.out.Behaviour = behaviour(s.last)
	if !holds(s.out) || sub.Evidence {
		s.evidence(rec)
	}
	s.clean(ctx, sub)
	sub.note(ctx, c.ID, transport)
	return s.out
}

// holds tells whether there is nothing to say of an outcome.
func holds(o clause.Outcome) bool {
	return len(o.Broken) == 0 && o.Error == "" && o.Blocked == "" && o.NotRun == "" && o.Unsupported == ""
}

// afterwards is how long a request may take that follows a case.
const afterwards = 3 * time.Second

// outlive gives what follows a case a little time after the case's own, but none
// after the run's.
func (sub *Subject) outlive(ctx context.Context) (context.Context, context.CancelFunc) {
	ends := time.Now().Add(afterwards)
	if sub.late(ends) {
		ends = sub.Ends
	}
	return context.WithDeadline(context.WithoutCancel(ctx), ends)
}

// late tells whether the run's time is up at a time.
func (sub *Subject) late(at time.Time) bool { return !sub.Ends.IsZero() && !at.Before(sub.Ends) }

// Lost tells whether the target was found gone.
func (sub *Subject) Lost() bool {
	sub.health.mu.Lock()
	defer sub.health.mu.Unlock()
	return sub.health.gone != ""
}

// cannot says why a case is not run at all.
func (sub *Subject) cannot(c *Case) string {
	sub.health.mu.Lock()
	defer sub.health.mu.Unlock()
	switch {
	case sub.health.gone != "":
		return errGone.Error() + " at case " + sub.health.gone
	case c.Needs&NeedsOther != 0 && sub.Other == nil:
		return "needs a second account"
	case c.Offline && sub.Private == nil:
		return "judges the harness's own signer, and no target: run it with the embedded emulator"
	case c.Needs&NeedsPrivate != 0 && sub.Private == nil:
		return "needs an emulator of its own"
	}
	return ""
}

// guard plays the case and turns whatever ends it into the outcome. It reports
// a transport error.
func (s *Scene) guard() (transport bool) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case blocked:
			s.out.Blocked = s.step + ": " + v.reason
		case notRun:
			s.out.NotRun = v.reason
		case failed:
			if unsent(v.err) {
				s.notSent(v.err)
				return
			}
			s.out.Error = s.step + ": " + v.err.Error()
			transport, s.unanswered = true, errors.As(v.err, new(*wire.TransportError))
		default:
			s.out.Error = fmt.Sprintf("%s: the case panicked: %v", s.step, v)
		}
	}()
	s.play()
	return false
}

// unsent tells whether a request was held back: it says nothing of the target.
func unsent(err error) bool {
	return errors.Is(err, client.ErrBudget) || errors.Is(err, client.ErrReadOnly) || errors.Is(err, client.ErrMarkers) || errors.Is(err, client.ErrAbsent)
}

// notSent ends the case whose request was held back; what is broken already
// stays so.
func (s *Scene) notSent(err error) {
	switch {
	case len(s.out.Broken) > 0:
		s.out.Message = "the case ended early: " + err.Error()
	case errors.Is(err, client.ErrAbsent):
		s.out.Unsupported = err.Error()
	default:
		s.out.NotRun = err.Error()
	}
}

func (s *Scene) play() {
	for i, given := range s.Case.Given {
		s.enter(fmt.Sprintf("given %d", i+1))
		given(s)
	}
	s.enter("when")
	if s.home.Judging != nil {
		s.home.Judging()
	}
	if s.Case.Run != nil {
		s.Case.Run(s)
	} else {
		s.when()
	}
	s.look()
}

func (s *Scene) when() {
	r, ok := s.judged(s.Case.When(s))
	if !ok {
		return
	}
	if s.asked.reply == r {
		r = s.converge(s.asked, func(r *client.Reply) bool { return s.satisfies(r, false, s.Case.Then...) })
	}
	s.last = r
	s.enter("then")
	for _, w := range s.Case.Then {
		s.out.Broken = append(s.out.Broken, w.judge(s, r, false)...)
	}
}

// look makes the later observations of the case.
func (s *Scene) look() {
	for _, a := range s.Case.After {
		s.enter("after: " + a.Text)
		s.DoBy(a.As, a.Call(s))
		r := s.converge(s.asked, func(r *client.Reply) bool { return s.satisfies(r, true, a.Want) })
		for _, b := range a.Want.judge(s, r, true) {
			b.Expected = a.Text + ": " + b.Expected
			s.out.Broken = append(s.out.Broken, b)
		}
	}
}

// note counts transport errors; after several in a row it asks whether the
// target is still there.
func (sub *Subject) note(ctx context.Context, id string, transport bool) {
	sub.health.mu.Lock()
	defer sub.health.mu.Unlock()
	if !transport {
		sub.health.errors = 0
		return
	}
	sub.health.errors++
	if sub.health.errors < goneAfter || sub.Alive == nil {
		return
	}
	ctx, cancel := sub.outlive(ctx)
	defer cancel()
	if err := sub.Alive(ctx); err != nil && !sub.late(time.Now()) {
		sub.health.gone = id
	}
	sub.health.errors = 0
}

// divergence compares our signature's steps with what a refusal says of the
// server's.
func divergence(r *client.Reply) *clause.Divergence {
	if r == nil || r.Steps == nil || r.Status != 403 {
		return nil
	}
	for _, name := range []string{"CanonicalRequest", "StringToSign"} {
		theirs, ok := extra(r, name)
		if !ok {
			continue
		}
		step := map[string]string{"CanonicalRequest": "canonical request", "StringToSign": "string to sign"}[name]
		ours, known := r.Steps.Get(step)
		if known && ours != theirs {
			return &clause.Divergence{Step: step, Ours: ours, Theirs: theirs, At: firstDifference(ours, theirs)}
		}
	}
	return nil
}

func extra(r *client.Reply, name string) (string, bool) {
	for _, f := range r.Err.Extra {
		if strings.EqualFold(f.Name, name) {
			return f.Value, true
		}
	}
	return "", false
}

func firstDifference(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// enter names the step that the case has come to, for messages and evidence.
func (s *Scene) enter(step string) {
	s.step = step
	exchange.FromContext(s.Ctx).Enter(step)
}
