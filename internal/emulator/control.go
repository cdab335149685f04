package emulator

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/wire"
)

// Bounds of the control interface.
const (
	ControlBodyMax    = 1 << 20 // bytes of a request
	ControlPrivateMax = 64      // private emulators at a time
)

// A Settings is what the control interface takes as JSON: all of it for POST
// /emulators, one part for each of PUT /clock, /accounts and /limits.
type Settings struct {
	Clock    *time.Time       `json:"clock,omitempty"` // the clock stands there; null: it runs with the system's
	Accounts []Credentials    `json:"accounts,omitempty"`
	Limits   map[string]int64 `json:"limits,omitempty"`  // by the name of a field of dialect.Limits
	Deviate  []string         `json:"deviate,omitempty"` // besides those of the main emulator
}

// Credentials is an Account as JSON.
type Credentials struct {
	ID        string    `json:"id"`
	AccessKey string    `json:"access_key"`
	SecretKey string    `json:"secret_key"`
	Token     string    `json:"token,omitempty"`
	Ends      time.Time `json:"ends,omitzero"` // of the token; none: never
}

// A Private is the answer to POST /emulators.
type Private struct {
	ID      string `json:"id"`
	Address string `json:"address"` // HOST:PORT on the loopback interface
}

// An opened private emulator.
type opened struct {
	*Emulator
	server *wire.Server
}

// A Control serves a main emulator and lets whoever holds the token make
// private ones and set the main one's clock, accounts and limits. It is an
// http.Handler; where it listens must be a loopback address.
type Control struct {
	Token   string
	dialect *dialect.Dialect
	options Options

	mu      sync.Mutex
	main    *Emulator
	private map[string]opened
	made    int
}

// NewControl makes the main emulator from d and o; private ones get the same
// options but for what their request says.
func NewControl(token string, d *dialect.Dialect, o Options) (*Control, error) {
	main, err := New(d, o)
	if err != nil {
		return nil, err
	}
	o.Data, o.Partitions = "", Partitions{} // are the main emulator's alone
	return &Control{Token: token, dialect: d, options: o, main: main, private: map[string]opened{}}, nil
}

// Server returns an HTTP server of the main emulator, not yet listening.
func (c *Control) Server() *wire.Server {
	return &wire.Server{Handler: func(ctx context.Context, in *wire.Inbound) *wire.Response {
		return c.current().Handle(ctx, in)
	}}
}

func (c *Control) current() *Emulator {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.main
}

// Close ends all private emulators and gives the main one's directory back.
func (c *Control) Close() {
	defer c.current().Close()
	c.mu.Lock()
	all := slices.Collect(maps.Values(c.private))
	clear(c.private)
	c.mu.Unlock()
	for _, e := range all {
		e.server.Close()
	}
}

// ServeHTTP answers a control request: 401 without the token, 400 with a reason
// for settings that cannot be had, 404 for what is not there.
func (c *Control) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := []byte("Bearer " + c.Token)
	if c.Token == "" || subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), token) != 1 {
		http.Error(w, "the token that harness serve printed is needed: Authorization: Bearer TOKEN", http.StatusUnauthorized)
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /emulators", c.open)
	mux.HandleFunc("DELETE /emulators/{id}", c.end)
	mux.HandleFunc("PUT /emulators/{id}/clock", c.set(setClock))
	mux.HandleFunc("GET /record", c.record)
	mux.HandleFunc("PUT /clock", c.set(setClock))
	mux.HandleFunc("PUT /accounts", c.set(func(e *Emulator, s Settings) error { e.SetAccounts(s.accounts()); return nil }))
	mux.HandleFunc("PUT /limits", c.set(c.limit))
	mux.ServeHTTP(w, r)
}

func (c *Control) open(w http.ResponseWriter, r *http.Request) {
	s, err := readSettings(w, r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	o, err := c.privateOptions(s)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p, err := c.start(o)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(p) // whoever asked has gone
}

// privateOptions makes the options of one private emulator.
func (c *Control) privateOptions(s Settings) (Options, error) {
	o := c.options
	limits, err := ParseLimits(s.Limits)
	if err != nil {
		return o, err
	}
	o.Limits, o.Now = limits, s.now()
	if len(s.Accounts) > 0 {
		o.Accounts = s.accounts()
	}
	o.Deviate = append(slices.Clone(o.Deviate), s.Deviate...)
	_, err = newRules(o.Deviate, nil)
	return o, err
}

func (c *Control) start(o Options) (Private, error) {
	e, err := New(c.dialect, o)
	if err != nil {
		return Private{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.private) >= ControlPrivateMax {
		return Private{}, fmt.Errorf("emulator: %d private emulators are open already: close one", ControlPrivateMax)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return Private{}, fmt.Errorf("emulator: listen for a private emulator: %w", err)
	}
	server := e.Server()
	go server.Serve(l)
	c.made++
	p := Private{ID: strconv.Itoa(c.made), Address: l.Addr().String()}
	c.private[p.ID] = opened{e, server}
	return p, nil
}

func (c *Control) end(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	c.mu.Lock()
	e, ok := c.private[id]
	delete(c.private, id)
	c.mu.Unlock()
	if !ok {
		http.Error(w, "no private emulator is called "+strconv.Quote(id), http.StatusNotFound)
		return
	}
	e.server.Close()
	w.WriteHeader(http.StatusNoContent)
}

// set changes the emulator that a path names: a private one, or the main one.
func (c *Control) set(change func(*Emulator, Settings) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		e := c.find(r.PathValue("id"))
		if e == nil {
			http.Error(w, "no private emulator is called "+strconv.Quote(r.PathValue("id")), http.StatusNotFound)
			return
		}
		s, err := readSettings(w, r)
		if err == nil {
			err = change(e, s)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func (c *Control) find(id string) *Emulator {
	c.mu.Lock()
	defer c.mu.Unlock()
	if id == "" {
		return c.main
	}
	return c.private[id].Emulator
}

func setClock(e *Emulator, s Settings) error {
	e.SetClock(s.now())
	return nil
}

// limit puts an emulator with other limits and the same store in the place of
// the main one: requests that are under way end under the limits they began
// with.
func (c *Control) limit(old *Emulator, s Settings) error {
	o := c.options
	var err error
	if o.Limits, err = ParseLimits(s.Limits); err != nil {
		return err
	}
	next, err := New(c.dialect, o)
	if err != nil {
		return err
	}
	old.mu.Lock()
	next.store, next.shift, next.accounts = old.store, old.shift, old.accounts
	old.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.main = next
	return nil
}

func readSettings(w http.ResponseWriter, r *http.Request) (Settings, error) {
	var s Settings
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, ControlBodyMax))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil && err != io.EOF {
		return s, fmt.Errorf("emulator: expected JSON with clock, accounts, limits or deviate: %w", err)
	}
	return s, nil
}

// now is the clock of the settings.
func (s Settings) now() func() time.Time {
	if s.Clock == nil {
		return time.Now
	}
	at := *s.Clock
	return func() time.Time { return at }
}

func (s Settings) accounts() []Account {
	all := make([]Account, len(s.Accounts))
	for i, a := range s.Accounts {
		all[i] = Account(a)
	}
	return all
}
