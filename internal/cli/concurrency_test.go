package cli_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"

	"objectharness/internal/wire"
)

// A crowded front counts the requests that are under way in a server behind it.
type crowded struct {
	addr      string
	mu        sync.Mutex
	now, most int
	wants     int           // rivals that wait for each other, once; 0 is none
	rivals    int           // of them, those that have come
	together  chan struct{} // closed when all have
}

func crowd(t *testing.T, upstream string, wants int) *crowded {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &crowded{addr: l.Addr().String(), wants: wants, together: make(chan struct{})}
	tr := &wire.Transport{}
	front := &wire.Server{Handler: func(ctx context.Context, in *wire.Inbound) *wire.Response {
		c.come(ctx, in)
		defer c.leave()
		return forward(ctx, tr, upstream, in)
	}}
	go front.Serve(l)
	t.Cleanup(func() { front.Close() })
	return c
}

// come counts a request; the rivals of the case append/together go on when enough
// of them are under way.
func (c *crowded) come(ctx context.Context, in *wire.Inbound) {
	c.mu.Lock()
	c.now++
	c.most = max(c.most, c.now)
	rival := c.wants > 0 && strings.Contains(in.Target, "/append/together/") && strings.HasSuffix(in.Target, "position=5")
	if rival {
		if c.rivals++; c.rivals == c.wants {
			close(c.together)
		}
	}
	c.mu.Unlock()
	if rival {
		select {
		case <-c.together:
		case <-ctx.Done():
		}
	}
}

func (c *crowded) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now--
}

// sociable are cases without hostile requests: their client may hang up while
// the server still reads.
const sociable = "oss/append/together,oss/append/first,oss/append/position-below,oss/copy/source,oss/list/v2"

// No more requests are under way than --concurrency says, in all processes
// together; what it allows is used.
func TestConcurrency(t *testing.T) {
	for _, tc := range []struct {
		procs, concurrency string
		wants, most        int
	}{
		{"1", "0", 3, 0}, // without a bound, more than two are under way
		{"1", "2", 2, 2},
		{"1", "1", 0, 1},
		{"4", "2", 0, 2},
		{"2", "5", 2, 4}, // two for each process
		{"4", "1", 0, 1},
	} {
		t.Run(tc.procs+" processes, "+tc.concurrency, func(t *testing.T) {
			t.Parallel()
			s := startServerFor(t, "oss")
			c := crowd(t, s.addr, tc.wants)
			cmd := command(t, s, "run", "--dialect", "oss", "--only", sociable, "--endpoint", "http://"+c.addr, "--procs", tc.procs, "--concurrency", tc.concurrency)
			if p := run(t, cmd); p.code != 0 {
				t.Errorf("exit code %d\n%s%s", p.code, p.stdout, p.stderr)
			}
			c.mu.Lock()
			defer c.mu.Unlock()
			if c.most < tc.wants || tc.most > 0 && c.most > tc.most || c.now != 0 {
				t.Errorf("%d requests were under way at once, want %d to %d; %d are still", c.most, tc.wants, tc.most, c.now)
			}
		})
	}
}
