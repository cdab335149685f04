package cli

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"objectharness/internal/clause"
	"objectharness/internal/client"
	"objectharness/internal/target"
	"objectharness/suites"
)

// A cost is what a case sends to a target without a fault.
type cost struct {
	Requests, Bytes int64
	writes          bool // a request of it, its clean-up left aside, is no GET, HEAD or OPTIONS
	ran             bool
}

// A meter adds up what is sent. It is safe for concurrent use.
type meter struct {
	mu  sync.Mutex
	sum cost
}

func (m *meter) add(s client.Sending) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sum.Requests++
	m.sum.Bytes += s.Bytes
	m.sum.writes = m.sum.writes || s.Note != client.CleanUp && !target.Reads(s.Method)
}

// take returns the sum and begins anew.
func (m *meter) take() cost {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer func() { m.sum = cost{} }()
	return m.sum
}

// costs runs cases on a sound emulator in the target's place and tells what each
// sends there. Each has a subject of its own, so that none rests on what another
// one has set up.
func (a *app) costs(c target.Config, cases []suites.Case) (map[string]cost, error) {
	m := &meter{}
	opened, done, err := a.rehearsal(c, m)
	if err != nil {
		return nil, err
	}
	out := map[string]cost{}
	for _, c := range cases {
		m.take()
		sub := subject(opened)
		o := suites.RunCase(a.ctx, sub, c)
		sum := m.take()
		sum.ran = o.NotRun == "" && o.Unsupported == ""
		out[c.ID] = sum
		if a.ctx.Err() != nil {
			break
		}
	}
	return out, errors.Join(a.ctx.Err(), done())
}

// rehearsal opens a sound emulator in the target's place.
func (a *app) rehearsal(c target.Config, m *meter) (*target.Opened, func() error, error) {
	r, end, err := c.Rehearsal(a.ctx)
	if err != nil {
		return nil, nil, err
	}
	r.Meter = m.add
	opened, err := target.Open(a.ctx, r)
	if err != nil {
		end()
		return nil, nil, fmt.Errorf("rehearsal: %w", err)
	}
	opened.Probe(a.ctx)
	return opened, func() error { defer end(); return opened.Close(a.ctx) }, nil
}

// rehearse plays a whole run against a sound emulator in the target's place, the
// preflight and the clean-up included, and counts what is sent.
func (a *app) rehearse(c target.Config, plan []clause.Case, times int) (cost, error) {
	m := &meter{}
	r, end, err := c.Rehearsal(a.ctx)
	if err != nil {
		return cost{}, err
	}
	defer end()
	r.Meter, r.ReadOnly = m.add, c.ReadOnly
	p, err := target.RunPreflight(a.ctx, r)
	if err == nil && !p.OK() {
		err = errors.New(p.Problem())
	}
	if err != nil {
		return cost{}, fmt.Errorf("rehearsal: %w", err)
	}
	opened, err := target.Open(a.ctx, r)
	if err != nil {
		return cost{}, fmt.Errorf("rehearsal: %w", err)
	}
	opened.Probe(a.ctx)
	sub := subject(opened)
	for _, c := range suites.Cases(r.Dialect) {
		if slices.ContainsFunc(plan, func(p clause.Case) bool { return p.ID == c.ID }) {
			for range max(times, 1) {
				suites.RunCase(a.ctx, sub, c)
			}
		}
	}
	if err := errors.Join(a.ctx.Err(), opened.Close(a.ctx)); err != nil {
		return cost{}, fmt.Errorf("rehearsal: %w", err)
	}
	return m.take(), nil
}
