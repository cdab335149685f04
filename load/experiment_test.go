package load_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
	"objectharness/internal/wire"
	"objectharness/keygen"
	"objectharness/load"
)

// serve starts an emulator of a dialect with one bucket for each arm.
func serve(t testing.TB, name string, arms ...load.Arm) *client.Client {
	t.Helper()
	d, err := all.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	e, err := emulator.New(d, emulator.Options{Accounts: []emulator.Account{{ID: "1", AccessKey: "loadaccesskey", SecretKey: "load-secret-key"}}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := e.Server()
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	c := &client.Client{Dialect: d, Scheme: d.Schemes[0], Endpoint: client.Endpoint{Host: d.Host(d.Region), Style: dialect.HostStyle}, Region: d.Region,
		Keys: client.Keys{AccessKey: "loadaccesskey", SecretKey: "load-secret-key"}, Now: time.Now, Transport: &wire.Transport{Connect: l.Addr().String()}, Untraced: true}
	for _, a := range arms {
		r, err := c.Do(context.Background(), client.Call{Method: "PUT", Bucket: a.Bucket})
		if err != nil || r.Status != 200 {
			t.Fatalf("make bucket %s: %v %v", a.Bucket, r, err)
		}
	}
	return c
}

func arm(t testing.TB, text, bucket string) load.Arm {
	t.Helper()
	s, err := keygen.Parse(text, 1)
	if err != nil {
		t.Fatal(err)
	}
	return load.Arm{Name: text, Keys: s.Append, Bucket: bucket}
}

func workload(t testing.TB, mix, size string) load.Workload {
	t.Helper()
	m, err := load.ParseMix(mix)
	if err != nil {
		t.Fatal(err)
	}
	s, err := load.ParseSize(size)
	if err != nil {
		t.Fatal(err)
	}
	p, err := load.ParsePopularity("zipf:0.99")
	if err != nil {
		t.Fatal(err)
	}
	return load.Workload{Mix: m, Size: s, Objects: 50, Popularity: p, Seed: 7}
}

// Every operation of every dialect is understood by its server: a closed loop of
// a few hundred requests has no failure.
func TestEveryOperationOfEveryDialect(t *testing.T) {
	for _, d := range []string{"oss", "cos", "bos", "s3"} {
		for _, op := range load.Ops() {
			t.Run(d+" "+string(op), func(t *testing.T) {
				if !load.Supports(d, op) {
					t.Skip("the dialect has no such operation")
				}
				a := arm(t, "sequential", "load-bucket-1250000000")
				x := &load.Experiment{Client: serve(t, d, a), Arms: []load.Arm{a}, Workload: workload(t, string(op), "uniform:1-5000"),
					Rate: "4000", Round: 50 * time.Millisecond, Pairs: 1, Workers: 4, Verify: 1, Now: time.Now}
				if err := x.Prepare(context.Background()); err != nil {
					t.Fatal(err)
				}
				r, err := x.Run(context.Background())
				if err != nil {
					t.Fatal(err)
				}
				got := r.Arms[0].Tally
				if got.Requests != 200 || got.Classes[load.OK] != 200 {
					t.Errorf("%d requests: %v, statuses %v, failures %v", got.Requests, got.Classes, got.Statuses, got.Failures)
				}
				if op == load.Get && got.Checked != 200 {
					t.Errorf("%d of 200 bodies were checked", got.Checked)
				}
			})
		}
	}
}

// A mix whose deletes and reads share keys has no failure: what is deleted is
// there, and nothing else asks for it.
func TestMixWithDeletes(t *testing.T) {
	a := arm(t, "hashed", "load-bucket-1250000000")
	x := &load.Experiment{Client: serve(t, "s3", a), Arms: []load.Arm{a}, Workload: workload(t, "put:2,get:4,delete:4,copy:1", "100"),
		Rate: "4000", Round: 100 * time.Millisecond, Pairs: 1, Warm: 1, Workers: 4, Verify: 1, Now: time.Now}
	if err := x.Prepare(context.Background()); err != nil {
		t.Fatal(err)
	}
	r, err := x.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Arms[0].Tally; got.Requests != 400 || got.Classes[load.OK] != 400 {
		t.Errorf("%d requests: %v, failures %v", got.Requests, got.Classes, got.Failures)
	}
	x.Rate = ""
	if _, err := x.Run(context.Background()); err == nil {
		t.Error("a closed loop deletes what nobody has put")
	}
}

// A copy that answers 200 and then an error has failed.
func TestErrorBehindSuccess(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &wire.Server{Handler: func(context.Context, *wire.Inbound) *wire.Response {
		return &wire.Response{Status: 200, Body: strings.NewReader("<Error><Code>InternalError</Code></Error>"), Length: 41}
	}}
	go server.Serve(l)
	defer server.Close()
	a := arm(t, "hashed", "load-bucket-1250000000")
	c := serve(t, "s3")
	c.Transport = &wire.Transport{Connect: l.Addr().String()}
	for _, op := range []string{"copy", "multipart", "put"} {
		x := &load.Experiment{Client: c, Arms: []load.Arm{a}, Workload: workload(t, op, "100"), Rate: "1000", Round: 10 * time.Millisecond, Pairs: 1, Workers: 2, Now: time.Now}
		r, err := x.Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		want := load.Failure{Class: load.Broken, Status: 200, Code: "InternalError"}
		if got := r.Arms[0].Tally; op != "put" && got.Failures[want] != 10 || op == "put" && got.Classes[load.OK] != 10 {
			t.Errorf("%s: %v, failures %v", op, got.Classes, got.Failures)
		}
	}
}
