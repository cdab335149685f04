// Package emulator is a strict reference server for the four dialects: it
// checks every signature, enforces documented limits and answers documented
// error bodies, hostile requests included. It is the default target of the
// harness, the yardstick of its suites, and a test double of its own.
//
// Its answers come from its rules (rules.go) and its own copy of the dialect's
// tables; the suites have their own literals, so that neither can agree with
// itself.
package emulator

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

// An Account may sign requests.
type Account struct {
	ID                          string // canonical id: owner of what it makes
	AccessKey, SecretKey, Token string
	Ends                        time.Time // the token is refused after it; zero: never
}

// Options are what an emulator is made with. The zero value of each field is
// useful, but an emulator without accounts refuses every signature.
type Options struct {
	Accounts []Account
	Now      func() time.Time // nil: the system's clock
	Seed     uint64           // of request ids
	Deviate  []string         // rules to break, as rule or rule:way
	Limits   func(*dialect.Limits)
	Zone     string // the endpoint's own host name, for host style below it
	Data     string // the directory that keeps the store; "": memory alone. Close gives it back
	// Partitions bound the request rate of key ranges; zero bounds nothing.
	Partitions Partitions
	// Armed, when set, is asked whether deviations are to be followed just now.
	Armed func() bool
	// Reached, when set, is told each deviation that would have changed an answer.
	Reached func(deviation string)
	Record  *Record // nil: nothing is recorded
}

// An Emulator is one server. It is safe for concurrent use.
type Emulator struct {
	d     *dialect.Dialect
	route *dialect.Router
	o     Options
	t     traits
	rules *rules
	store *store.Store
	index *index // nil: nothing is bounded

	mu       sync.Mutex
	accounts []Account
	shift    func() time.Time
	rnd      *rand.Rand

	closed map[string]bool // accounts that keep the public out of all their buckets

	lastUpload int64 // the number in the ID of the newest upload

	failed atomic.Int64 // requests that a mishap has failed, and those after them

	pending pending
}

// New makes an emulator of a copy of d.
func New(d *dialect.Dialect, o Options) (*Emulator, error) {
	r, err := newRules(o.Deviate, o.reached())
	if err != nil {
		return nil, err
	}
	r.armed = o.Armed
	t, ok := traitsOf[d.Name]
	if !ok {
		return nil, fmt.Errorf("emulator: no dialect is called %q", d.Name)
	}
	d = d.Clone()
	if o.Limits != nil {
		o.Limits(&d.Limits)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	kept, err := o.open(d.Name)
	if err != nil {
		return nil, err
	}
	e := &Emulator{d: d, route: dialect.NewRouter(d.Routes), o: o, t: t, rules: r, store: kept, accounts: o.Accounts, shift: o.Now,
		rnd: rand.New(rand.NewPCG(o.Seed, 0x6f626a656374))}
	if n := d.Limits.Requests; n > 0 && !o.Partitions.on() {
		o.Partitions = Partitions{Most: 1, Rate: float64(n)}
	}
	if o.Partitions.on() {
		e.index = newIndex(o.Partitions)
	}
	return e, nil
}

// reached tells whoever wants to know which deviations would have changed an answer.
func (o Options) reached() func(string) {
	switch {
	case o.Record == nil:
		return o.Reached
	case o.Reached == nil:
		return o.Record.reach
	}
	return func(deviation string) { o.Reached(deviation); o.Record.reach(deviation) }
}

// Now is the emulator's time.
func (e *Emulator) Now() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.shift()
}

// SetClock replaces the emulator's clock.
func (e *Emulator) SetClock(now func() time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.shift = now
}

// SetAccounts replaces the accounts.
func (e *Emulator) SetAccounts(a []Account) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.accounts = a
}

func (e *Emulator) account(accessKey string) (Account, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, a := range e.accounts {
		if a.AccessKey == accessKey {
			return a, true
		}
	}
	return Account{}, false
}

// random is 16 bytes out of the emulator's seed.
func (e *Emulator) random() (seed [16]byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	binary.BigEndian.PutUint64(seed[:], e.rnd.Uint64())
	binary.BigEndian.PutUint64(seed[8:], e.rnd.Uint64())
	return seed
}

// Server returns an HTTP server of the emulator, not yet listening.
func (e *Emulator) Server() *wire.Server {
	return &wire.Server{Handler: e.Handle, BodyTimeout: time.Duration(e.d.Limits.BodyWait) * time.Millisecond}
}

// Handle answers one request. It never panics on any input and always answers
// in the dialect's form.
func (e *Emulator) Handle(ctx context.Context, in *wire.Inbound) *wire.Response {
	c := e.newCall(ctx, in)
	if err := c.serve(); err != nil {
		c.hasten()
		c.fail(err)
	}
	c.tellRegion()
	c.share()
	c.paceReply()
	c.finish()
	if e.o.Record != nil {
		e.o.Record.add(c)
	}
	return c.reply
}
