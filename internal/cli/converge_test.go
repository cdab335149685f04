package cli_test

import (
	"bytes"
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"objectharness/internal/cli"
	"objectharness/internal/client"
	"objectharness/internal/target"
	"objectharness/internal/wire"
	"objectharness/suites"
)

// A lagging server shows an object only some time after it was put, by a clock
// that moves only when somebody waits.
type lagging struct {
	addr string
	mu   sync.Mutex
	at   time.Time
	lag  time.Duration
	put  map[string]time.Time
	gets int
}

func (l *lagging) now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.at
}

func (l *lagging) wait(_ context.Context, d time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at = l.at.Add(d)
	return nil
}

// hides tells whether a read comes too early, and notes writes.
func (l *lagging) hides(in *wire.Inbound) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	path, _, _ := strings.Cut(in.Target, "?")
	if in.Method == "PUT" {
		l.put[path] = l.at
	}
	if in.Method != "GET" || l.put[path].IsZero() {
		return false
	}
	l.gets++
	return l.at.Sub(l.put[path]) < l.lag
}

func lagBehind(t *testing.T, upstream string, lag time.Duration) *lagging {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &lagging{addr: listener.Addr().String(), at: time.Now(), lag: lag, put: map[string]time.Time{}}
	tr := &wire.Transport{}
	front := &wire.Server{Handler: func(ctx context.Context, in *wire.Inbound) *wire.Response {
		if l.hides(in) {
			body := []byte("<Error><Code>NoSuchKey</Code><Message>not yet</Message></Error>")
			return &wire.Response{Status: 404, Body: bytes.NewReader(body), Length: int64(len(body))}
		}
		return forward(ctx, tr, upstream, in)
	}}
	go front.Serve(listener)
	t.Cleanup(func() { front.Close() })
	return l
}

// A window is measured and reported, past it the case fails, and without one
// there is no second look.
func TestConvergence(t *testing.T) {
	readsBack := suites.Case{ID: "oss/object/reads-back", Dialect: "oss", Chapter: "object", Text: "reads back what was put", Clauses: []string{"OSS-GET-01"},
		Given: []suites.Given{func(s *suites.Scene) { s.Must(s.Put(s.Key("k"), "content")) }},
		When:  func(s *suites.Scene) client.Call { return s.Get(s.Key("k")) }, Then: []suites.Want{suites.Accepted(200).Content("content")}}
	for name, tc := range map[string]struct {
		lag, window time.Duration
		holds       bool
		looks       int // at least
	}{
		"at once":     {0, 2 * time.Second, true, 1},
		"in time":     {1200 * time.Millisecond, 2 * time.Second, true, 4},
		"too late":    {1200 * time.Millisecond, time.Second, false, 4},
		"no window":   {1200 * time.Millisecond, 0, false, 0},
		"never there": {time.Hour, 3 * time.Second, false, 5},
	} {
		t.Run(name, func(t *testing.T) {
			s := startServerFor(t, "oss")
			l := lagBehind(t, s.addr, tc.lag)
			c := target.Config{Dialect: "oss", Endpoint: "http://" + l.addr, State: t.TempDir(), Now: l.now, Wait: l.wait, Convergence: target.Windows{Object: target.Window(tc.window)}}
			c.Environment(func(name string) string { return s.vars[name] })
			p, done := cli.Provider(c)
			sub, err := p.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			out := suites.RunCase(t.Context(), sub, readsBack)
			if holds := len(out.Broken) == 0 && out.Error == "" && out.Blocked == ""; holds != tc.holds {
				t.Errorf("holds %v: %+v", holds, out)
			}
			if tc.window == 0 {
				if len(out.Delays) > 0 || l.gets != 1 {
					t.Errorf("%d looks without a window, delays %v", l.gets, out.Delays)
				}
			} else if len(out.Delays) != 1 {
				t.Fatalf("delays %v", out.Delays)
			} else if d := out.Delays[0]; d.Seen != tc.holds || d.Looks != l.gets || d.Looks < tc.looks || d.Took < min(tc.lag, tc.window) || d.Took > tc.window {
				t.Errorf("%d looks at the target, delay %+v", l.gets, d)
			}
			if err := done(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}
