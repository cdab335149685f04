package exchange

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// slack is kept of a body beyond BodyMax, in bytes: a secret that the cut would
// go through must be seen whole to be found.
const slack = 4 << 10

// A Recorder keeps the exchanges of one case: the first FirstMax and the last
// LastMax. It is safe for concurrent use; a nil *Recorder keeps nothing.
type Recorder struct {
	// Redact is applied to all that Exchanges returns; nil knows no secrets and
	// masks every signature. Set it before use.
	Redact *Redactor

	mu    sync.Mutex
	step  string
	count int
	first []raw
	last  []raw // a ring once it is full: count says where it begins
	setup []raw // of Precede
}

// A raw exchange is cut, with some slack, but not redacted.
type raw struct {
	Exchange
	steps *sign.Steps
}

// NewRecorder makes an empty recorder.
func NewRecorder() *Recorder { return &Recorder{} }

type contextKey struct{}

// WithRecorder gives the context's requests a recorder.
func WithRecorder(ctx context.Context, r *Recorder) context.Context {
	return context.WithValue(ctx, contextKey{}, r)
}

// FromContext is the recorder of WithRecorder, or nil.
func FromContext(ctx context.Context) *Recorder {
	r, _ := ctx.Value(contextKey{}).(*Recorder)
	return r
}

// Enter names the step to which the exchanges that follow belong.
func (r *Recorder) Enter(step string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.step = step
}

// Record keeps one exchange. body is the request's body where it is at hand; got
// is nil where err is not; steps may be nil and must not change any more.
func (r *Recorder) Record(req *wire.Request, body []byte, got *wire.Reply, err error, began time.Time, took time.Duration, note string, steps *sign.Steps) {
	if r == nil {
		return
	}
	x := raw{Exchange: Exchange{Note: note, Began: began, Duration: took, Request: request(req, body), Reply: reply(got)}, steps: steps}
	if err != nil {
		x.Error = err.Error()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	x.Step = r.step
	r.keep(x)
}

func (r *Recorder) keep(x raw) {
	switch n := r.count - FirstMax; {
	case n < 0:
		r.first = append(r.first, x)
	case n < LastMax:
		r.last = append(r.last, x)
	default:
		r.last[n%LastMax] = x
	}
	r.count++
}

// Exchanges returns what was kept, in the order in which replies came, redacted.
func (r *Recorder) Exchanges() []Exchange {
	if r == nil {
		return nil
	}
	kept := r.kept()
	out := make([]Exchange, 0, len(kept))
	for _, x := range kept {
		out = append(out, r.Redact.exchange(x))
	}
	return out
}

// kept are the exchanges as they were, in their order.
func (r *Recorder) kept() []raw {
	r.mu.Lock()
	defer r.mu.Unlock()
	last, skipped := slices.Clone(r.last), max(0, r.count-FirstMax-LastMax)
	if skipped > 0 {
		at := skipped % LastMax
		last = slices.Concat(last[at:], last[:at])
	}
	all := slices.Concat(r.first, last)
	for i := range all {
		all[i].Offset = all[i].Began.Sub(all[0].Began)
		if i == FirstMax {
			all[i].Skipped = skipped
		}
	}
	return all
}

func request(r *wire.Request, body []byte) Message {
	m := Message{Method: r.Method, Target: r.Target, Fields: r.Fields.Clone(), Length: r.Length, Headless: r.Framing == wire.HeadOnly}
	if body != nil {
		m.Length = int64(len(body))
		m.Body = bytes.Clone(body[:min(len(body), BodyMax+slack)])
		m.Period = period(body)
		sum := sha256.Sum256(body)
		m.SHA256 = digest(sum, m.Length)
	}
	return m
}

func reply(r *wire.Reply) *Message {
	if r == nil {
		return nil
	}
	return &Message{
		Status: r.Status, Reason: r.Reason, Fields: r.Fields.Clone(), Length: r.Size, SHA256: digest(r.SHA256, r.Size),
		Body: bytes.Clone(r.Body[:min(len(r.Body), BodyMax+slack)]),
	}
}

func digest(sum [sha256.Size]byte, length int64) string {
	if length == 0 {
		return ""
	}
	return hex.EncodeToString(sum[:])
}
