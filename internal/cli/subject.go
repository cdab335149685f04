package cli

import (
	"context"
	"errors"
	"sync"
	"time"

	"objectharness/internal/target"
	"objectharness/suites"
)

// openings are the targets that this process has opened.
type openings struct {
	ends time.Time // the run's time is up
	mu   sync.Mutex
	list []opening
	// ahead are targets that the preflight has opened for cases of this process.
	ahead map[string]*target.Opened
	// features are what probes showed of declared ones, by dialect.
	features map[string][]target.Declared
}

type opening struct {
	*target.Opened
	subject *suites.Subject
}

// provider opens a target for the suites.
func (o *openings) provider(c target.Config, evidence bool, stress int) suites.Provider {
	c.Ends = o.ends
	return suites.Provider{Dialect: c.Dialect, Stress: stress, Open: func(ctx context.Context) (*suites.Subject, error) {
		opened, err := o.take(ctx, c)
		if err != nil {
			return nil, err
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		sub := subject(opened)
		sub.Evidence, sub.Ends = evidence, o.ends
		o.list = append(o.list, opening{opened, sub})
		return sub, nil
	}}
}

// take opens a target, unless the preflight has.
func (o *openings) take(ctx context.Context, c target.Config) (*target.Opened, error) {
	o.mu.Lock()
	opened := o.ahead[c.Dialect]
	delete(o.ahead, c.Dialect)
	o.mu.Unlock()
	if opened != nil {
		return opened, nil
	}
	opened, err := target.Open(ctx, c)
	if err != nil {
		return nil, err
	}
	o.note(c.Dialect, opened.Probe(ctx))
	return opened, nil
}

// note keeps what probes of features showed.
func (o *openings) note(dialect string, found []target.Declared) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.features == nil {
		o.features = map[string][]target.Declared{}
	}
	o.features[dialect] = found
}

// try opens a foreign target as part of the preflight. Cases of this process take
// what it opened; otherwise it is closed again, and worker processes make their
// own.
func (o *openings) try(ctx context.Context, c target.Config, p *target.Preflight, here bool) error {
	c.Ends, c.Keep = o.ends, c.Keep && here
	opened := p.Open(ctx, c)
	if opened == nil {
		return nil
	}
	o.note(c.Dialect, opened.Probe(ctx))
	if here {
		o.ahead[c.Dialect] = opened
		return nil
	}
	return opened.Close(ctx)
}

// close removes what the run made in all of them that still answer.
func (o *openings) close(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []error
	for _, opened := range o.list {
		end := opened.Close
		if opened.subject.Lost() {
			end = opened.Leave
		}
		all = append(all, end(ctx))
	}
	for _, opened := range o.ahead {
		all = append(all, opened.Close(ctx))
	}
	o.list, o.ahead = nil, nil
	return errors.Join(all...)
}

// subject is an opened target as the suites see it.
func subject(o *target.Opened) *suites.Subject {
	s := &suites.Subject{
		Dialect: o.Dialect, Owner: o.Owner, Other: o.Other, OwnerID: o.OwnerID, OtherID: o.OtherID, Bucket: o.Bucket, Location: o.Location, Run: o.Run,
		Made: o.Made, Gone: o.Gone, Alive: o.Alive, Now: o.Now, Advance: o.Advance, Redact: o.Redactor,
		Windows: o.Windows, Wait: o.Wait, ReadOnly: o.ReadOnly,
	}
	s.Again = o.Again
	if o.Private != nil {
		s.Private = func(ctx context.Context, setup suites.Setup) (*suites.Subject, func(), error) {
			opened, done, err := o.Private(ctx, target.Setup(setup))
			if err != nil {
				return nil, nil, err
			}
			return subject(opened), done, nil
		}
	}
	return s
}
