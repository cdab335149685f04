package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
	"github.com/valyala/fasthttp"

	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/wire"
	"objectharness/keygen"
	"objectharness/load"
)

// The body of a put, and requests at once.
const (
	bodySize = 4 << 10
	workers  = 32
)

// awake always answers with success.
func awake() int { return 200 }

// sleepy sleeps for the first second of every interval.
func sleepy(interval time.Duration) func() int {
	began := time.Now()
	return func() int {
		if in := time.Since(began) % interval; in < time.Second {
			time.Sleep(time.Second - in)
		}
		return 200
	}
}

// bounded serves so many requests a second, and asks for patience beyond.
func bounded(rate float64) func() int {
	var mu sync.Mutex
	tokens, at := rate/20, time.Now()
	return func() int {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		tokens, at = min(rate/20, tokens+now.Sub(at).Seconds()*rate), now
		if tokens < 1 {
			return 503
		}
		tokens--
		return 200
	}
}

// serve answers with the status that answer gives until the process is killed.
func serve(answer func() int) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	s := &wire.Server{Handler: func(_ context.Context, in *wire.Inbound) *wire.Response {
		if _, err := io.Copy(io.Discard, in.Body); err != nil {
			return &wire.Response{Status: 400, Close: true}
		}
		return &wire.Response{Status: answer()}
	}}
	return s.Serve(l)
}

// serveFast is serve by fasthttp: a server that others wrote.
func serveFast() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	s := &fasthttp.Server{Handler: func(*fasthttp.RequestCtx) {}, Logger: log.New(io.Discard, "", 0)}
	return s.Serve(l)
}

// experiment is the load of one dialect on addr.
func experiment(name, addr string) (*load.Experiment, error) {
	d, err := all.ByName(name)
	if err != nil {
		return nil, err
	}
	keys, err := keygen.Parse("hashed", 1)
	if err != nil {
		return nil, err
	}
	mix, err := load.ParseMix("put")
	if err != nil {
		return nil, err
	}
	popular, err := load.ParsePopularity("uniform")
	if err != nil {
		return nil, err
	}
	c := &client.Client{Dialect: d, Scheme: d.Schemes[0], Region: d.Region, Keys: client.Keys{AccessKey: "AKIDEXAMPLE", SecretKey: "secretsecretsecret"}, Now: time.Now,
		Endpoint: client.Endpoint{Host: addr, Style: dialect.PathStyle}, Transport: &wire.Transport{IdleMax: 1024, Eager: true}, Untraced: true}
	return &load.Experiment{Client: c, Arms: []load.Arm{{Name: "hashed", Keys: keys.Append, Bucket: "bench-1250000000"}}, Now: time.Now, Pairs: 1, Workers: workers,
		Workload: load.Workload{Mix: mix, Size: func(float64) int64 { return bodySize }, Popularity: popular, Seed: 1}}, nil
}

// ours loads addr as fast as it goes, signed, and prints the requests.
func ours(ctx context.Context, name, addr string, d time.Duration) error {
	x, err := experiment(name, addr)
	if err != nil {
		return err
	}
	x.Round = d
	r, err := x.Run(ctx)
	if err != nil {
		return err
	}
	fmt.Println(r.Arms[0].Tally.Requests, r.Arms[0].Tally.Classes[load.OK])
	return nil
}

// bare is vegeta's library as anybody would use it: net/http, nothing signed.
func bare(addr string, d time.Duration) error {
	body := bytes.Repeat([]byte("x"), bodySize)
	target := func(t *vegeta.Target) error {
		t.Method, t.URL, t.Body = http.MethodPut, "http://"+addr+"/bench/key", body
		return nil
	}
	attacker := vegeta.NewAttacker(vegeta.Workers(workers), vegeta.MaxWorkers(workers), vegeta.MaxBody(0), vegeta.Connections(workers))
	var n, ok atomic.Uint64
	for r := range attacker.Attack(target, vegeta.Rate{Freq: 0}, d, "bare") {
		n.Add(1)
		if r.Code == 200 {
			ok.Add(1)
		}
	}
	fmt.Println(n.Load(), ok.Load())
	return nil
}
