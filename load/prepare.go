package load

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// tries bounds how often an object is put that the store has no patience for,
// and pause is how long is waited between two of them.
const (
	tries = 50
	pause = 100 * time.Millisecond
)

// Prepare puts the objects that the workload reads, copies or removes. Those that
// are read are the first of each arm's keys. Nothing of it is measured.
func (x *Experiment) Prepare(ctx context.Context) error {
	if err := x.check(); err != nil {
		return err
	}
	planned, _, err := x.Planned()
	if err != nil {
		return err
	}
	r := &running{Experiment: x}
	for _, arm := range x.Arms {
		if err := x.fill(ctx, r.sender(arm), planned); err != nil {
			return err
		}
	}
	return nil
}

// fill puts what an arm needs before so many requests are sent.
func (x *Experiment) fill(ctx context.Context, s *sender, planned uint64) error {
	n := x.Workload.Objects
	if x.Workload.has(Delete) {
		n += planned
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer s.client.Transport.Release()
	var next atomic.Uint64
	var workers sync.WaitGroup
	for range x.Workers {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < n && ctx.Err() == nil; i = next.Add(1) - 1 {
				if !x.Workload.needs(i) {
					continue
				}
				if err := s.place(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	workers.Wait()
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("load: prepare the objects of %s: %w", s.arm.Name, err)
	}
	return nil
}

// place puts the n-th object, and waits where the store asks for patience.
func (s *sender) place(ctx context.Context, n uint64) error {
	var p prepared
	for try := 1; ; try++ {
		s.prepare(&p, Hit{Op: Put, N: n, Size: s.size(n)}, nil)
		o := s.send(ctx, &p, s.now())
		switch {
		case o.class == OK:
			return nil
		case o.class != Throttled || try == tries:
			return fmt.Errorf("expected a success for object %d, got %s", n, o.describe())
		}
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return context.Cause(ctx)
		}
	}
}
