package load

import "sync"

// ahead is how many requests may be signed before their turn, and few how many of
// them must be gone before more are signed: waking the signer for each one would
// cost more than the signature, and signing many in a row would keep others waiting.
const (
	ahead = 256
	few   = 16
)

// A queue holds signed requests in the order of the schedule, and the memory of
// those that have been sent. One goroutine fills it.
type queue struct {
	mu     sync.Mutex
	there  *sync.Cond // a request, or the end
	gone   *sync.Cond
	ring   [ahead]*prepared
	first  int
	count  int
	spare  []*prepared
	closed bool
}

func newQueue() *queue {
	q := &queue{}
	q.there, q.gone = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	return q
}

// room waits until another request may be signed, and returns memory for it; nil
// when the queue is closed.
func (q *queue) room() *prepared {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.count == ahead {
		for q.count > ahead-few && !q.closed {
			q.gone.Wait()
		}
	}
	if q.closed {
		return nil
	}
	last := len(q.spare) - 1
	if last < 0 {
		return new(prepared)
	}
	p := q.spare[last]
	q.spare = q.spare[:last]
	return p
}

// put adds a request. There is room for it.
func (q *queue) put(p *prepared) {
	q.mu.Lock()
	q.ring[(q.first+q.count)%ahead] = p
	q.count++
	q.mu.Unlock()
	q.there.Signal()
}

// take waits for the next request; nil when the queue is closed and empty.
func (q *queue) take() *prepared {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.count == 0 {
		if q.closed {
			return nil
		}
		q.there.Wait()
	}
	p := q.ring[q.first]
	q.first = (q.first + 1) % ahead
	if q.count--; q.count == ahead-few {
		q.gone.Signal()
	}
	return p
}

// done gives the memory of a request back.
func (q *queue) done(p *prepared) {
	q.mu.Lock()
	q.spare = append(q.spare, p)
	q.mu.Unlock()
}

// close ends the filling; what is in the queue can still be taken.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.there.Broadcast()
	q.gone.Broadcast()
}
