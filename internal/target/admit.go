package target

import (
	"context"
	"fmt"
	"sync"
	"time"

	"objectharness/internal/client"
)

// An admission bounds what one process sends: requests, requests a second, and
// bytes in bodies. Of the requests it keeps as many back as it takes to remove
// what has been made. It is safe for concurrent use.
type admission struct {
	gap      time.Duration // between two requests
	budget   int64         // bytes; below 0 is no bound
	requests int64         // in all; below 0 is no bound
	now      func() time.Time

	mu    sync.Mutex
	next  time.Time          // when the next request may go
	sent  int64              // bytes
	count int64              // requests
	owed  int64              // requests that it takes to clean up
	never map[[2]string]bool // bucket and key of what there is no request left to make
}

// admission is nil when the settings bound nothing; otherwise that of Bound, or
// one of its own.
func (c *Config) admission() *admission {
	if c.bound != nil {
		return c.bound
	}
	if c.MaxRPS == 0 && c.Budget == 0 && c.MaxRequests == 0 {
		return nil
	}
	share := max(c.Share, 1)
	a := &admission{budget: -1, requests: -1, now: c.now}
	if c.MaxRPS > 0 {
		a.gap = time.Duration(float64(time.Second) * float64(share) / c.MaxRPS)
	}
	if c.Budget > 0 {
		a.budget = int64(c.Budget) / int64(share)
	}
	if c.MaxRequests > 0 {
		a.requests = c.MaxRequests / int64(share)
	}
	return a
}

// Bound gives the settings of one run the bounds that all of its targets share,
// from the preflight to the end of the clean-up. All of them have the same
// limits.
func Bound(configs []Config) {
	if len(configs) == 0 {
		return
	}
	first := &configs[0]
	a, slots := first.admission(), first.slots
	if first.Concurrency > 0 && slots == nil {
		slots = make(chan struct{}, max(1, first.Concurrency/max(first.Workers, 1)))
	}
	for i := range configs {
		configs[i].bound, configs[i].slots = a, slots
	}
}

// admit waits for the request's turn. It refuses with client.ErrBudget what
// would exceed the budget; of the bytes, a request without a body takes none.
func (a *admission) admit(ctx context.Context, s client.Sending) error {
	turn, err := a.reserve(s)
	if err != nil || turn <= 0 {
		return err
	}
	return wait(ctx, turn)
}

// reserve returns how long to wait.
func (a *admission) reserve(s client.Sending) (time.Duration, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	keep := a.keep(s)
	switch {
	case s.Note == client.CleanUp && a.never[[2]string{s.Bucket, s.Key}]:
		return 0, fmt.Errorf("%w: what is to be removed was never made", client.ErrBudget)
	case a.requests >= 0 && a.count+1+keep > a.requests:
		return 0, fmt.Errorf("%w: %d of %d requests are sent, and %d are kept to clean up", client.ErrBudget, a.count, a.requests, keep)
	case a.budget >= 0 && s.Bytes > 0 && a.sent+s.Bytes > a.budget:
		return 0, fmt.Errorf("%w: %d bytes are asked for, %d of %d are left", client.ErrBudget, s.Bytes, a.budget-a.sent, a.budget)
	}
	a.count++
	a.sent += s.Bytes
	now := a.now()
	if a.next.Before(now) {
		a.next = now
	}
	wait := a.next.Sub(now)
	a.next = a.next.Add(a.gap)
	return wait, nil
}

// keep is how many requests must be left after one, to clean up with.
func (a *admission) keep(s client.Sending) int64 {
	switch {
	case s.Note == client.CleanUp:
		return 0
	case s.Method == "POST" && asks("uploads")(s):
		return a.owed + 1 // the upload has a name, and is owed for, only when it is there
	}
	return a.owed
}

// made keeps a request back for something that is about to be made. When there
// is none left, no request that could make it is let through either.
func (a *admission) made(kind, bucket, key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.requests >= 0 && a.count+a.owed >= a.requests && kind != "upload" && kind != "version" {
		if a.never == nil {
			a.never = map[[2]string]bool{}
		}
		a.never[[2]string{bucket, key}] = true
		return
	}
	a.owed++
}

// gone gives a request back.
func (a *admission) gone(bucket, key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if thing := [2]string{bucket, key}; a.never[thing] {
		delete(a.never, thing)
		return
	}
	a.owed = max(0, a.owed-1)
}

// Reads tells whether a method can change nothing.
func Reads(method string) bool { return method == "GET" || method == "HEAD" || method == "OPTIONS" }

// onlyRead refuses every request that may write.
func onlyRead(_ context.Context, s client.Sending) error {
	if Reads(s.Method) {
		return nil
	}
	return fmt.Errorf("%w: %s %s is not sent", client.ErrReadOnly, s.Method, s.Target)
}
