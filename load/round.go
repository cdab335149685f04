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

	"objectharness/internal/sign"
)

// early is how long before its planned start a request is signed at most: what is
// signed too early would be too old.
const early = 2 * time.Second

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
	end      context.CancelCauseFunc    // of the whole run

	pacer *pacer
	queue *queue
	lost  lost
	busy  atomic.Int64 // workers that are sending
	most  atomic.Int64 // of them at once
}

// run sends the round and returns when all its requests have ended. An error is
// one that ends the run: ctx is that of all rounds.
func (r *round) run(ctx context.Context) error {
	r.lost.end = r.end
	r.pacer = newPacer(ctx, r.schedule, r.sender.now)
	r.queue = newQueue()
	defer context.AfterFunc(ctx, r.queue.close)()
	var signing sync.WaitGroup
	signing.Go(func() { r.signAhead(ctx) })
	defer signing.Wait()
	defer r.queue.close()
	attacker := vegeta.NewAttacker(vegeta.Client(&http.Client{Transport: tripper{r, ctx}}), vegeta.Workers(uint64(min(r.workers, 16))),
		vegeta.MaxWorkers(uint64(r.workers)))
	for result := range attacker.Attack(r.aim, r.pacer, 0, "") {
		if r.raw == nil || ctx.Err() != nil {
			continue
		}
		result.Attack = r.sender.arm.Name
		if err := r.raw(result); err != nil {
			r.end(err)
		}
	}
	return context.Cause(ctx)
}

// aim is vegeta's targeter. What is sent is what the queue holds; a short URL is
// read sooner where nobody wants to know it.
func (r *round) aim(t *vegeta.Target) error {
	t.Method, t.URL = http.MethodGet, "/"
	if r.raw != nil {
		t.URL = r.target
	}
	return nil
}

// signAhead fills the queue in the order of the schedule, so that signing is no
// part of what is measured.
func (r *round) signAhead(ctx context.Context) {
	defer r.queue.close()
	sc := sign.NewScratch()
	for seq := uint64(0); !r.schedule.Open() || seq < r.schedule.Total; seq++ {
		if !r.soon(ctx, seq) {
			return
		}
		p := r.queue.room()
		if p == nil {
			return
		}
		p.seq = seq
		r.sender.prepare(p, r.workload.Hit(r.number(seq)), sc)
		r.queue.put(p)
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
	p := r.queue.take()
	if p == nil {
		return nil, errEnded
	}
	defer r.queue.done(p)
	busy := r.round.busy.Add(1)
	defer r.round.busy.Add(-1)
	for most := r.most.Load(); busy > most && !r.most.CompareAndSwap(most, busy); most = r.most.Load() {
	}
	r.pacer.await(p.seq)
	began := r.sender.now()
	out := r.sender.send(r.ctx, p, began)
	r.note(p, began, out)
	switch {
	case out.err != nil:
		return nil, out.err
	case r.raw == nil:
		return counted, nil
	}
	reply := &http.Response{Status: strconv.Itoa(out.status) + " " + out.code, StatusCode: out.status, ProtoMajor: 1, ProtoMinor: 1,
		Body: http.NoBody, Request: req}
	reply.Header = http.Header{"X-Bytes-In": {strconv.FormatInt(out.read, 10)}, "X-Bytes-Out": {strconv.FormatInt(out.sent, 10)}}
	return reply, nil
}

// counted is the reply to all requests where nobody wants raw results.
var counted = &http.Response{Status: "200 OK", StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody}

// note counts what came of a request. What was broken off says nothing.
func (r tripper) note(p *prepared, began time.Time, out outcome) {
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
