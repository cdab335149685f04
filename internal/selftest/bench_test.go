// Package selftest proves the suites: the sound emulator passes every case,
// every deviation of it is noticed by every case that covers the clause, every
// datum of a dialect is looked at, the layers hold, and no testable clause is
// forgotten. It holds tests only.
package selftest

import (
	"cmp"
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"objectharness/internal/clause"
	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
	"objectharness/internal/wire"
	"objectharness/suites"
)

// start is the instant at which the clock of every bench stands, so that equal
// requests get equal answers.
var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func now() time.Time { return start }

// accounts of every bench: the owner of the bucket and a stranger.
var accounts = []emulator.Account{
	{ID: "1000000000000001", AccessKey: "selftestowner0000001", SecretKey: "selftest-owner-secret-000000000001"},
	{ID: "1000000000000002", AccessKey: "selftestother0000002", SecretKey: "selftest-other-secret-000000000002"},
}

// accountsOf are the accounts with ids as the dialect names them.
func accountsOf(d *dialect.Dialect) []emulator.Account {
	who := slices.Clone(accounts)
	if d.BucketNames.Owner {
		for i := range who {
			uin := who[i].ID[4:]
			who[i].ID = "qcs::cam::uin/" + uin + ":uin/" + uin
		}
	}
	return who
}

// A bench is an emulator with the subject that looks at it.
type bench struct {
	emulator *emulator.Emulator
	subject  *suites.Subject
	stop     func()

	mu      sync.Mutex
	reached map[string]bool // by deviation: true when the judged part of the case came by it
	judging bool
	late    bool // deviations are followed in the judged part only

	way func(*client.Client) // how clients speak; nil: as vendors' do
}

// newBench starts an emulator of d, broken as asked, with one bucket in it.
func newBench(t testing.TB, d *dialect.Dialect, o emulator.Options) *bench {
	t.Helper()
	return newBenchIn(t, d, o, nil)
}

// newBenchIn is newBench for clients that speak in a way of their own.
func newBenchIn(t testing.TB, d *dialect.Dialect, o emulator.Options, way func(*client.Client)) *bench {
	t.Helper()
	b := &bench{reached: map[string]bool{}, way: way}
	who := accountsOf(d)
	o.Accounts, o.Now, o.Seed, o.Armed = who, now, 7, b.armed
	if o.Reached != nil {
		o.Reached = b.reach
	}
	sub, stop, err := b.open(d, o, who)
	if err != nil {
		t.Fatal(err)
	}
	b.subject, b.stop = sub, stop
	sub.Judging = func() { b.judge(true) }
	sub.Judged = func() { b.judge(false) }
	t.Cleanup(stop)
	return b
}

func (b *bench) reach(deviation string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reached[deviation] = b.reached[deviation] || b.judging
}

// armed tells whether deviations are followed just now.
func (b *bench) armed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.late || b.judging
}

func (b *bench) judge(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.judging = on
}

// take returns the deviations reached since the last call.
func (b *bench) take() map[string]bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.reached
	b.reached = map[string]bool{}
	return out
}

func (b *bench) open(d *dialect.Dialect, o emulator.Options, who []emulator.Account) (*suites.Subject, func(), error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	e, err := emulator.New(d, o)
	if err != nil {
		l.Close()
		return nil, nil, err
	}
	b.emulator = e
	server := e.Server()
	server.BodyTimeout = cmp.Or(server.BodyTimeout, 3*time.Second) // for what a deviation lets pass and nobody sends
	go server.Serve(l)
	sub := subject(d, l.Addr().String(), who, o.Now)
	if b.way != nil {
		b.way(sub.Owner)
		b.way(sub.Other)
	}
	sub.Private = func(_ context.Context, s suites.Setup) (*suites.Subject, func(), error) {
		return b.private(d, o, s)
	}
	_, err = sub.Owner.Do(context.Background(), client.Call{Method: "PUT", Bucket: sub.Bucket})
	return sub, func() { sub.Owner.Transport.CloseIdle(); server.Close() }, err
}

// private opens an emulator like o's, with the clock, keys and limits of s.
func (b *bench) private(d *dialect.Dialect, o emulator.Options, s suites.Setup) (*suites.Subject, func(), error) {
	clock := &clock{at: o.Now()}
	if !s.Time.IsZero() {
		clock.at = s.Time
	}
	o.Now = clock.now
	who := slices.Clone(o.Accounts)
	for i, k := range s.Keys {
		who[i].AccessKey, who[i].SecretKey, who[i].Token, who[i].Ends = k.AccessKey, k.SecretKey, k.Token, k.Ends
	}
	o.Accounts = who
	o.Limits = emulator.Scale(s.Limits)
	main := b.emulator
	sub, stop, err := b.open(d, o, who)
	b.emulator = main
	if err == nil {
		sub.Advance = clock.advance
	}
	return sub, stop, err
}

// A clock stands until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// subject looks at the emulator of d that listens on addr, in the style that
// vendors' clients use there: host style for COS, path style for an address.
func subject(d *dialect.Dialect, addr string, who []emulator.Account, now func() time.Time) *suites.Subject {
	e := client.Endpoint{Host: "127.0.0.1:9000", Style: dialect.PathStyle} // what is signed and shown must not vary
	tr := &wire.Transport{Connect: addr}
	bucket := "selftest-bucket"
	if d.BucketNames.Owner {
		e = client.Endpoint{Host: d.Host(d.Region), Style: dialect.HostStyle}
		bucket += "-1250000000"
	}
	owner := &client.Client{Dialect: d, Scheme: d.Schemes[0], Endpoint: e, Region: d.Region, Now: now, Transport: tr,
		Keys: client.Keys{AccessKey: who[0].AccessKey, SecretKey: who[0].SecretKey, Token: who[0].Token}}
	other := *owner
	other.Keys = client.Keys{AccessKey: who[1].AccessKey, SecretKey: who[1].SecretKey, Token: who[1].Token}
	return &suites.Subject{Dialect: d.Name, Owner: owner, Other: &other, OwnerID: who[0].ID, OtherID: who[1].ID, Bucket: bucket, Run: "selftest", Now: now}
}

// mustDialect makes the dialect called name.
func mustDialect(t testing.TB, name string) *dialect.Dialect {
	t.Helper()
	d, err := all.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// run plays a case, bounded in time.
func (b *bench) run(c suites.Case) clause.Outcome {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	b.judge(false)
	return suites.RunCase(ctx, b.subject, c)
}

// verdict is the word for an outcome on the embedded emulator.
func verdict(o clause.Outcome) string {
	switch {
	case o.Error != "":
		return "error: " + o.Error
	case o.Blocked != "":
		return "blocked: " + o.Blocked
	case o.NotRun != "":
		return "not-run: " + o.NotRun
	case len(o.Broken) > 0:
		var parts []string
		for _, x := range o.Broken {
			parts = append(parts, x.Clause+" want "+x.Expected+" got "+x.Got)
		}
		return "failed: " + strings.Join(parts, "; ")
	}
	return "passed"
}
