package load

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/wire"
)

// How often, and how long each time, the generator is measured by itself. The best
// time counts: other work on the machine can only take from it.
const (
	stretches   = 5
	calibration = 100 * time.Millisecond
)

// Calibrate measures what the generator can do by itself: the same requests, as
// fast as they go, to a server in this process that only reads them. It returns
// requests a second. A plan above half of it measures the generator as much as
// the store.
func (x *Experiment) Calibrate(ctx context.Context) (float64, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("load: calibrate: %w", err)
	}
	server := &wire.Server{Handler: nothing}
	go server.Serve(l)
	defer server.Close()
	own := *x
	own.Client = &client.Client{Dialect: x.Client.Dialect, Scheme: x.Client.Scheme, Region: x.Client.Region, Keys: x.Client.Keys, Now: x.Client.Now, Untraced: true,
		Endpoint: client.Endpoint{Host: l.Addr().String(), Style: dialect.PathStyle}, Transport: &wire.Transport{IdleMax: x.Workers, Eager: true}}
	defer own.Client.Transport.CloseIdle()
	own.Arms, own.Rate, own.Round, own.Pairs, own.Warm, own.Workers = x.Arms[:1], "", calibration, 1, 0, min(x.Workers, 16)
	own.Workload.Mix, own.Verify, own.Raw, own.Progress = []Share{{Put, 1}}, 0, nil, nil
	best := 0.0
	for range stretches {
		r, err := own.Run(ctx)
		if err != nil {
			return 0, fmt.Errorf("load: calibrate: %w", err)
		}
		best = max(best, r.Arms[0].Throughput())
	}
	return best, nil
}

// nothing reads a request and answers it with success.
func nothing(_ context.Context, in *wire.Inbound) *wire.Response {
	if _, err := io.Copy(io.Discard, in.Body); err != nil {
		return &wire.Response{Status: 400, Close: true}
	}
	return &wire.Response{Status: 200}
}
