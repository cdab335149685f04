package target

import (
	"context"
	"fmt"
	"sync"
	"time"

	"objectharness/internal/client"
)

// An admission bounds what one process sends: requests a second and bytes in
// all. It is safe for concurrent use.
type admission struct {
	gap    time.Duration // between two requests
	budget int64         // bytes; below 0 is no bound
	now    func() time.Time

	mu   sync.Mutex
	next time.Time // when the next request may go
	sent int64
}

// admission is nil when the settings bound nothing.
func (c *Config) admission() *admission {
	if c.MaxRPS == 0 && c.Budget == 0 {
		return nil
	}
	share := max(c.Share, 1)
	a := &admission{budget: -1, now: c.now}
	if c.MaxRPS > 0 {
		a.gap = time.Duration(float64(time.Second) * float64(share) / c.MaxRPS)
	}
	if c.Budget > 0 {
		a.budget = int64(c.Budget) / int64(share)
	}
	return a
}

// admit waits for the request's turn. It refuses with client.ErrBudget what
// would exceed the budget; a request without a body always fits.
func (a *admission) admit(ctx context.Context, bytes int64) error {
	turn, err := a.reserve(bytes)
	if err != nil || turn <= 0 {
		return err
	}
	t := time.NewTimer(turn)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// reserve returns how long to wait.
func (a *admission) reserve(bytes int64) (time.Duration, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.budget >= 0 && bytes > 0 && a.sent+bytes > a.budget {
		return 0, fmt.Errorf("%w: %d bytes are asked for, %d of %d are left", client.ErrBudget, bytes, a.budget-a.sent, a.budget)
	}
	a.sent += bytes
	now := a.now()
	if a.next.Before(now) {
		a.next = now
	}
	wait := a.next.Sub(now)
	a.next = a.next.Add(a.gap)
	return wait, nil
}
