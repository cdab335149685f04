package load

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// ahead is how many requests may be signed before their turn, and early is how
// long before their planned start: what is signed too early would be too old.
const (
	ahead = 256
	early = 2 * time.Second
)

// A round is one stretch of one arm's schedule.
type round struct {
	sender   *sender
	workload *Workload
	schedule *Schedule
	number   func(seq uint64) uint64 // in the whole run, of a number in this round
	recorder *recorder               // nil: warm-up, which nobody counts
	ranges   func(key string) int
	opened   time.Time // when the run began
	workers  int
	raw      func(*vegeta.Result) error // nil: nobody wants the raw results
	target   string                     // URL that raw results name

	pacer *pacer
	queue chan prepared
	lost  lost
	busy  atomic.Int64 // workers that are sending
	most  atomic.Int64 // of them at once
}

// seqField is the field in which vegeta numbers its requests.
const seqField = "X-Vegeta-Seq"

// run sends the round and returns when all its requests have ended.
func (r *round) run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r.lost.end = cancel
	r.pacer = newPacer(ctx, r.schedule, r.sender.now)
	r.queue = make(chan prepared, ahead)
	var signing sync.WaitGroup
	signing.Go(func() { r.signAhead(ctx) })
	defer signing.Wait()
	defer cancel(nil)
	attacker := vegeta.NewAttacker(vegeta.Client(&http.Client{Transport: tripper{r, ctx}}), vegeta.Workers(uint64(min(r.workers, 16))),
		vegeta.MaxWorkers(uint64(r.workers)))
	var failed error
	for result := range attacker.Attack(r.aim, r.pacer, 0, r.sender.arm.Name) {
		if r.raw != nil && failed == nil {
			if failed = r.raw(result); failed != nil {
				cancel(failed)
			}
		}
	}
	if cause := context.Cause(ctx); cause != nil && failed == nil {
		failed = cause
	}
	return failed
}

// aim is vegeta's targeter. What is sent is decided later, by the number that
// vegeta gives to the request.
func (r *round) aim(t *vegeta.Target) error {
	t.Method, t.URL = http.MethodGet, r.target
	return nil
}

// signAhead fills the queue in the order of the schedule, so that signing is no
// part of what is measured.
func (r *round) signAhead(ctx context.Context) {
	defer close(r.queue)
	for seq := uint64(0); !r.schedule.Open() || seq < r.schedule.Total; seq++ {
		if !r.soon(ctx, seq) {
			return
		}
		h := r.workload.Hit(r.number(seq))
		p := r.sender.prepare(h)
		p.seq = seq
		select {
		case r.queue <- p:
		case <-ctx.Done():
			return
		}
	}
}

// soon waits until the planned start of a request is near.
func (r *round) soon(ctx context.Context, seq uint64) bool {
	for r.schedule.Open() {
		began := r.pacer.began.Load()
		wait := r.schedule.At(seq) - early
		if began != 0 {
			wait = r.pacer.start().Add(wait).Sub(r.sender.now())
		}
		if wait <= 0 {
			break
		}
		t := time.NewTimer(min(wait, longest))
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return false
		}
	}
	return ctx.Err() == nil
}

// A tripper is the transport of vegeta's HTTP client: it sends what was prepared.
type tripper struct {
	*round
	ctx context.Context
}

var errEnded = errors.New("load: the round has ended")

// RoundTrip implements http.RoundTripper. The reply has no body: what it held is
// counted already.
func (r tripper) RoundTrip(req *http.Request) (*http.Response, error) {
	p, ok := <-r.queue
	if !ok {
		return nil, errEnded
	}
	busy := r.round.busy.Add(1)
	defer r.round.busy.Add(-1)
	for most := r.most.Load(); busy > most && !r.most.CompareAndSwap(most, busy); most = r.most.Load() {
	}
	began := r.sender.now()
	out := r.sender.send(r.ctx, p)
	r.note(p, began, out)
	if out.err != nil {
		return nil, out.err
	}
	reply := &http.Response{Status: strconv.Itoa(out.status) + " " + out.code, StatusCode: out.status, ProtoMajor: 1, ProtoMinor: 1,
		Body: http.NoBody, Request: req}
	if r.raw != nil {
		reply.Header = http.Header{"X-Bytes-In": {strconv.FormatInt(out.read, 10)}, "X-Bytes-Out": {strconv.FormatInt(out.sent, 10)}}
	}
	return reply, nil
}

// note counts what came of a request. What was broken off says nothing.
func (r tripper) note(p prepared, began time.Time, out outcome) {
	if out.class == NoReply && r.ctx.Err() != nil {
		return
	}
	r.lost.saw(out)
	if r.recorder == nil {
		return
	}
	m := measured{hit: p.hit, key: p.key, at: began.Sub(r.opened), out: out, checked: p.hit.Op.reads() && r.sender.checks(p.hit)}
	if r.schedule.Open() {
		planned := r.pacer.start().Add(r.schedule.At(p.seq))
		m.at, m.lateness = planned.Sub(r.opened), began.Sub(planned)
	}
	m.bucket = r.ranges(m.key)
	r.recorder.record(&m)
}

// lost notices a target that has gone: lostAfter requests in a row without a
// reply.
type lost struct {
	end context.CancelCauseFunc
	row atomic.Int64
}

const lostAfter = 100

// ErrLost says that the target gave no reply any more; what was measured before
// stands.
var ErrLost = errors.New("load: the target gives no reply any more")

func (l *lost) saw(o outcome) {
	if o.class != NoReply {
		l.row.Store(0)
		return
	}
	if l.row.Add(1) >= lostAfter {
		l.end(ErrLost)
	}
}
