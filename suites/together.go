package suites

import (
	"sync"

	"objectharness/internal/client"
)

// together sends calls of the owner at the same time. What they have made is
// written down when the last is answered; a sweep finds it by its key before that.
func (s *Scene) together(calls []client.Call) (replies []*client.Reply, errs []error) {
	replies, errs = make([]*client.Reply, len(calls)), make([]error, len(calls))
	var wg sync.WaitGroup
	for i, call := range calls {
		wg.Go(func() { replies[i], errs[i] = s.Owner.Do(s.Ctx, call) })
	}
	wg.Wait()
	for i, r := range replies {
		if r != nil {
			s.begun(calls[i], r)
		}
	}
	return replies, errs
}
