package load

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"
)

// A pacer is vegeta's pacer over a schedule. It waits itself, on a thread of its
// own, since a sleep of the runtime is late by a good part of a millisecond; and
// it knows when the round began, so that planned starts are points in time.
type pacer struct {
	ctx      context.Context
	schedule *Schedule
	now      func() time.Time
	began    atomic.Int64 // in nanoseconds since base; 0: not yet
	base     time.Time
	lead     time.Duration // Pace returns so long before a hit is due
	locked   bool
}

// nearly is how long before its planned start a hit is handed to a worker at
// most, which waits for the rest with its eyes on the clock: to wake a thread takes
// some 80 µs on a virtual machine and at times twice that, and to be early costs nothing. A fifth of the
// mean distance of hits bounds the processor time that goes into it.
const nearly = 200 * time.Microsecond

func leadOf(s *Schedule) time.Duration {
	if !s.Open() || s.Total == 0 {
		return 0
	}
	return min(nearly, s.Ends/time.Duration(s.Total)/5)
}

func newPacer(ctx context.Context, s *Schedule, now func() time.Time) *pacer {
	return &pacer{ctx: ctx, schedule: s, now: now, base: now().Add(-time.Second), lead: leadOf(s)}
}

// longest is how long the pacer waits before it looks whether the round was
// broken off.
const longest = 20 * time.Millisecond

// Pace implements vegeta.Pacer: it returns when the next hit is nearly due.
func (p *pacer) Pace(elapsed time.Duration, hits uint64) (time.Duration, bool) {
	if !p.locked {
		p.locked = true
		if p.schedule.Open() { // a closed loop never waits, and a thread of its own is slow to hand work over
			runtime.LockOSThread() // the attack's goroutine ends with the thread
			sharpen()
		}
		p.began.Store(int64(p.now().Add(-elapsed).Sub(p.base)))
	}
	if p.ctx.Err() != nil {
		return 0, true
	}
	if !p.schedule.Open() {
		return 0, elapsed >= p.schedule.Ends
	}
	if hits >= p.schedule.Total {
		return 0, true
	}
	due := p.start().Add(p.schedule.At(hits) - p.lead)
	for {
		wait := due.Sub(p.now())
		switch {
		case wait <= 0:
			return 0, false
		case p.ctx.Err() != nil:
			return 0, true
		}
		rest(min(wait, longest))
	}
}

// await watches the clock until a hit is due.
func (p *pacer) await(seq uint64) {
	if p.lead == 0 {
		return
	}
	for due := p.start().Add(p.schedule.At(seq)); p.now().Before(due) && p.ctx.Err() == nil; {
	}
}

// Rate implements vegeta.Pacer.
func (p *pacer) Rate(time.Duration) float64 {
	if !p.schedule.Open() || p.schedule.Ends <= 0 {
		return 0
	}
	return float64(p.schedule.Total) / p.schedule.Ends.Seconds()
}

// start is when the round began.
func (p *pacer) start() time.Time { return p.base.Add(time.Duration(p.began.Load())) }
