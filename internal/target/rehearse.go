package target

import (
	"context"
	"fmt"
	"net"
	"os"

	"objectharness/internal/emulator"
)

// Rehearsal is the settings of a target with a sound emulator in its place:
// whatever is sent to it is what a target without a fault would be sent, and
// nothing leaves this process. It is addressed as the target is, has a second
// account where the target has one, and the bucket that the settings name. done
// ends the emulator. An embedded target is its own rehearsal.
func (c Config) Rehearsal(ctx context.Context) (r Config, done func(), err error) {
	r = c
	r.bound, r.slots, r.MaxRPS, r.Budget, r.MaxRequests, r.Deviate, r.ReadOnly = nil, nil, 0, 0, 0, nil, false
	r.Convergence, r.rehearsed = Windows{}, true
	if c.Embedded() {
		return r, func() {}, nil
	}
	d, err := c.dialect()
	if err != nil {
		return r, nil, err
	}
	at, err := parseEndpoint(c.Endpoint)
	if err != nil {
		return r, nil, err
	}
	owner, other := Accounts(d.Name, c.Seed)
	e, err := emulator.New(d, emulator.Options{Accounts: []emulator.Account{owner, other}, Seed: c.Seed, Zone: at.Host})
	if err != nil {
		return r, nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return r, nil, fmt.Errorf("target: listen for the rehearsal: %w", err)
	}
	server := e.Server()
	go server.Serve(l)
	if r.State, err = os.MkdirTemp("", "rehearsal"); err != nil {
		server.Close()
		return r, nil, fmt.Errorf("target: a folder for the rehearsal's ledger: %w", err)
	}
	r.Endpoint, r.Connect, r.Control, r.CA, r.Insecure = "http://"+at.Host, l.Addr().String(), "", "", false
	r.Owner, r.OtherID = keys(owner), ""
	if c.Other.AccessKey != "" {
		r.Other = keys(other)
	}
	done = func() { server.Close(); os.RemoveAll(r.State) }
	if c.Bucket == "" {
		return r, done, nil
	}
	o, err := r.connect()
	if err == nil {
		err = o.make(ctx, c.Bucket)
		o.shut()
	}
	if err != nil {
		done()
	}
	return r, done, err
}
