// Command clients lets the vendors' own SDKs, for Go, Node.js and Python, judge the emulator: each puts,
// gets, appends, copies, uploads in parts, lists, shares, deletes and mis-signs against a server of its dialect
// on loopback. It prints a table of SDKs and steps and exits 1 when one failed.
//
//	go run .                                  against the harness's own emulators
//	go run . -only minio -trace               one SDK, with what goes over the wire
//	go run . -server 127.0.0.1:9000 -dialect s3   against another server
//
// HARNESS_BIN names the harness; without it one is built. Another server is
// given keys by HARNESS_ACCESS_KEY and HARNESS_SECRET_KEY, those of a second
// account by HARNESS_OTHER_ACCESS_KEY and HARNESS_OTHER_SECRET_KEY.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// options are what main is given.
type options struct {
	only, dialect, server string
	clauses               bool
	trace                 io.Writer
}

func main() {
	var o options
	trace := false
	flag.StringVar(&o.only, "only", "", "subjects whose name holds this text")
	flag.StringVar(&o.dialect, "dialect", "", "subjects of this dialect")
	flag.StringVar(&o.server, "server", "", "HOST:PORT of a running server, instead of the emulator")
	flag.BoolVar(&o.clauses, "clauses", false, "name the clauses that each step rested on")
	flag.BoolVar(&trace, "trace", false, "show requests and replies")
	flag.Parse()
	if trace {
		o.trace = os.Stderr
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	table, err := run(ctx, o)
	table.Print(os.Stdout)
	if o.clauses {
		table.PrintClauses(os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "clients:", err)
		os.Exit(3)
	}
	if _, failed := table.Count(); failed > 0 {
		os.Exit(1)
	}
}

// run tries every selected subject against a server of its own dialect. Beside
// an error stands the table as far as it came.
func run(ctx context.Context, o options) (*Table, error) {
	table := &Table{}
	dir, err := os.MkdirTemp("", "clients")
	if err != nil {
		return table, err
	}
	defer os.RemoveAll(dir)
	defer endChildren()
	bin := ""
	if o.server == "" {
		if bin, err = harness(ctx, dir); err != nil {
			return table, err
		}
	}
	for _, dialect := range dialectNames {
		if o.dialect != "" && o.dialect != dialect {
			continue
		}
		if err := judge(ctx, o, bin, dialect, table); err != nil {
			return table, fmt.Errorf("%s: %w", dialect, err)
		}
	}
	if len(table.Results) == 0 {
		return table, errors.New("no subject is selected")
	}
	return table, nil
}

// judge runs the subjects of one dialect.
func judge(ctx context.Context, o options, bin, dialect string, table *Table) (failed error) {
	address := o.server
	access := Opening{AccessKey: os.Getenv("HARNESS_ACCESS_KEY"), SecretKey: os.Getenv("HARNESS_SECRET_KEY"), Region: dialects[dialect].Region,
		OtherAccessKey: os.Getenv("HARNESS_OTHER_ACCESS_KEY"), OtherSecretKey: os.Getenv("HARNESS_OTHER_SECRET_KEY")}
	var recorder *recorder
	if address == "" {
		server, err := serve(ctx, bin, dialect)
		if err != nil {
			return err
		}
		defer func() { failed = errors.Join(failed, server.stop()) }()
		address, recorder = server.address, server.recorder
		access.AccessKey, access.SecretKey = accessKey, secretKey
		access.OtherAccessKey, access.OtherSecretKey = otherAccessKey, otherSecretKey
	}
	access.Address = address
	for i, subject := range subjects {
		if subject.Dialect != dialect || !strings.Contains(subject.Name(), o.only) {
			continue
		}
		if reason := subject.kit.ready(ctx); reason != nil {
			table.Absent = append(table.Absent, subject.Name()+": "+reason.Error())
			continue
		}
		access.Bucket = fmt.Sprintf("clients-%d%s", i, dialects[dialect].Suffix)
		access.Host = subject.Style == "host"
		access.Wire = NewWire(address, o.trace)
		s, err := open(subject, access)
		if err != nil {
			return fmt.Errorf("%s: %w", subject.Name(), err)
		}
		if err := walk(ctx, subject, s, recorder, table); err != nil {
			return err
		}
		access.Wire.Close()
	}
	return nil
}

// open makes the clients of a subject.
func open(subject Subject, a Opening) (*trial, error) {
	s := &trial{dialect: dialects[subject.Dialect], wire: a.Wire, path: "http://" + a.Address + "/" + a.Bucket}
	forged, stranger, elsewhere, other := a, a, a, a
	forged.SecretKey = "not-the-secret"
	stranger.AccessKey = "nobodys-access-key"
	other.AccessKey, other.SecretKey = a.OtherAccessKey, a.OtherSecretKey
	elsewhere.Bucket = "clients-missing" + s.dialect.Suffix
	for _, one := range []struct {
		to *Client
		a  Opening
	}{{&s.Client, a}, {&s.forged, forged}, {&s.stranger, stranger}, {&s.elsewhere, elsewhere}, {&s.other, other}} {
		if one.a.AccessKey == "" {
			continue
		}
		client, err := subject.Open(one.a)
		if err != nil {
			return nil, err
		}
		*one.to = client
	}
	return s, nil
}

var errNoBucket = errors.New("there is no bucket")

// walk runs the steps. When there is no bucket the rest cannot pass.
func walk(ctx context.Context, subject Subject, s *trial, recorder *recorder, table *Table) error {
	var blocked error
	for _, step := range steps {
		r := Result{Dialect: subject.Dialect, Subject: subject.Name(), Step: step.name, Err: blocked}
		if step.when != nil && !step.when(s.dialect) {
			r.Skipped, r.Err = true, nil
		} else if blocked == nil {
			r.Err = attempt(ctx, step, s)
			if errors.Is(r.Err, errors.ErrUnsupported) {
				r.Skipped, r.Err = true, nil
			}
		}
		if step.name == "create-bucket" && r.Err != nil {
			blocked = errNoBucket
		}
		arrived, err := recorder.take(ctx)
		if err != nil {
			return err
		}
		if blocked == nil {
			if wrong := arrived.judged(r, s.dialect); wrong != nil {
				r.Skipped, r.Err = false, errors.Join(r.Err, wrong)
			}
		}
		r.Clauses, r.Of = arrived.Clauses, arrived.Of
		table.Results = append(table.Results, r)
	}
	return nil
}

// attempt runs one step. An SDK that panics over an answer has failed the step.
func attempt(ctx context.Context, step step, s *trial) (err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the SDK panicked: %v", v)
		}
	}()
	return step.run(ctx, s)
}
