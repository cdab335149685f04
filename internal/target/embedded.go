package target

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/emulator"
)

// embed starts an emulator of d in this process, on a loopback port.
func (c Config) embed(d *dialect.Dialect, s Setup) (*Opened, error) {
	limits, err := emulator.ParseLimits(s.Limits)
	if err != nil {
		return nil, err
	}
	owner, other := c.accounts(d.Name, s.Keys)
	k := newClock(s.Time, c.now)
	e, err := emulator.New(d, emulator.Options{
		Accounts: accounts(owner, other), Now: k.now, Seed: c.Seed, Deviate: c.Deviate, Limits: limits, Zone: d.Host(c.region(d)),
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("target: listen for the embedded emulator: %w", err)
	}
	server := e.Server()
	go server.Serve(l)
	o := c.local(d, l.Addr().String(), owner, other, k)
	o.stop = append(o.stop, func() { server.Close() })
	o.Private = c.embedPrivate
	o.OwnerID, o.OtherID = owner.ID, other.ID
	return o, nil
}

// local is a target of the harness's own at a loopback address: in host style
// it is called by the dialect's public name and dialled there.
func (c Config) local(d *dialect.Dialect, addr string, owner, other emulator.Account, k *clock) *Opened {
	at, connect := client.Endpoint{Host: addr, Style: c.style(d)}, ""
	if at.Style == dialect.HostStyle {
		at.Host, connect = d.Host(c.region(d)), addr
	}
	o := c.opened(d, at, connect, nil, keys(owner), keys(other), k.now)
	if k.stands {
		o.Advance = k.advance
	}
	return o
}

func (c Config) embedPrivate(ctx context.Context, s Setup) (*Opened, func(), error) {
	d, err := c.dialect()
	if err != nil {
		return nil, nil, err
	}
	o, err := c.embed(d, s)
	if err != nil {
		return nil, nil, err
	}
	return o.private(ctx)
}

// private makes the bucket of a private emulator.
func (o *Opened) private(ctx context.Context) (*Opened, func(), error) {
	o.Private, o.Again = nil, nil
	stop := func() { o.shut() }
	if err := o.makeBucket(ctx); err != nil {
		stop()
		return nil, nil, err
	}
	return o, stop, nil
}

// A clock either runs or stands until it is moved.
type clock struct {
	stands bool
	mu     sync.Mutex
	at     time.Time
	system func() time.Time
}

func newClock(at time.Time, system func() time.Time) *clock {
	return &clock{stands: !at.IsZero(), at: at, system: system}
}

func (k *clock) now() time.Time {
	if !k.stands {
		return k.system()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.at
}

func (k *clock) advance(by time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.at = k.at.Add(by)
}

// Accounts makes the two accounts of an emulator of a dialect, the same for the
// same seed.
func Accounts(dialectName string, seed uint64) (owner, other emulator.Account) {
	rnd := rand.New(rand.NewPCG(seed, uint64(len(dialectName))<<8|uint64(dialectName[0])))
	return account(dialectName, rnd), account(dialectName, rnd)
}

func account(dialectName string, rnd *rand.Rand) emulator.Account {
	return emulator.Account{ID: canonicalID(dialectName, rnd), AccessKey: letters(rnd, 20), SecretKey: letters(rnd, 40)}
}

// canonicalID has the form in which the dialect names an account.
func canonicalID(dialectName string, rnd *rand.Rand) string {
	number := 100000000000 + rnd.Uint64N(900000000000)
	switch dialectName {
	case "oss":
		return fmt.Sprintf("1%d", number)
	case "cos":
		return fmt.Sprintf("qcs::cam::uin/%d:uin/%d", number, number)
	case "bos":
		return hex.EncodeToString(bytesOf(rnd, 16))
	}
	return hex.EncodeToString(bytesOf(rnd, 32))
}

func bytesOf(rnd *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rnd.Uint32())
	}
	return b
}

func letters(rnd *rand.Rand, n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[rnd.IntN(len(alphabet))]
	}
	return string(b)
}

// accounts are those of the keys given, or made from the seed.
func (c *Config) accounts(dialectName string, given []client.Keys) (owner, other emulator.Account) {
	owner, other = Accounts(dialectName, c.Seed)
	if len(given) == 0 {
		return owner, other
	}
	owner = withKeys(owner, given[0])
	if len(given) == 1 {
		return owner, emulator.Account{}
	}
	return owner, withKeys(other, given[1])
}

func withKeys(a emulator.Account, k client.Keys) emulator.Account {
	a.AccessKey, a.SecretKey, a.Token, a.Ends = k.AccessKey, k.SecretKey, k.Token, k.Ends
	return a
}

func keys(a emulator.Account) client.Keys {
	return client.Keys{AccessKey: a.AccessKey, SecretKey: a.SecretKey, Token: a.Token, Ends: a.Ends}
}

func accounts(owner, other emulator.Account) []emulator.Account {
	if other.AccessKey == "" {
		return []emulator.Account{owner}
	}
	return []emulator.Account{owner, other}
}
