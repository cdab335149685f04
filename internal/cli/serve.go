package cli

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
	"objectharness/internal/target"
	"objectharness/internal/wire"
	"objectharness/suites"
)

// serveOptions are the options of harness serve.
type serveOptions struct {
	dialect, listen, control string
	region, data             string
	deviate                  []string
	partitions               string
	withParent, record       bool
	seed                     uint64
}

func (a *app) serveCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve the emulator of a dialect", Args: cobra.NoArgs,
		Long: `serve serves a strict emulator of one dialect until it gets SIGTERM. It takes the
HARNESS_* keys where they are set, else makes keys and prints them.`,
		Example: "  harness serve --dialect oss --listen 127.0.0.1:9000\n" +
			"  harness serve --dialect s3 --control 127.0.0.1:0",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), &o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.dialect, "dialect", "", "oss, cos, bos or s3")
	f.StringVar(&o.listen, "listen", "127.0.0.1:0", "`HOST:PORT` to listen on; port 0 takes a free one")
	f.StringVar(&o.control, "control", "", "loopback `HOST:PORT` of the control interface")
	f.BoolVar(&o.record, "record", false, "keep what arrives, for GET /record of the control interface")
	f.StringVar(&o.region, "region", "", "`region` that host names stand for (none: the dialect's usual one)")
	f.StringVar(&o.data, "data", "", "`directory` that keeps buckets and objects, and the seed, across restarts")
	f.StringSliceVar(&o.deviate, "deviate", nil, "`rules` to break")
	f.StringVar(&o.partitions, "partitions", "", "`N,RATE`: part the keys of a bucket into up to N ranges of RATE requests a second each")
	f.BoolVar(&o.withParent, "with-parent", false, "end when the standard input ends")
	if err := f.MarkHidden("with-parent"); err != nil {
		panic(err) // the option is not there: a mistake in this package
	}
	f.Uint64Var(&o.seed, "seed", 0, "seed of keys and request ids (0: the one that --data keeps, or a new one)")
	complete(cmd, "dialect", suites.Dialects()...)
	return cmd
}

// serve listens until ctx ends.
func (a *app) serve(ctx context.Context, o *serveOptions) error {
	control, keys, err := a.newControl(o)
	if err != nil {
		return err
	}
	defer control.Close()
	l, err := net.Listen("tcp", o.listen)
	if err != nil {
		return usage("--listen: %v", err)
	}
	server := control.Server()
	front, err := a.listenControl(o, control)
	if err != nil {
		l.Close()
		return err
	}
	ended := make(chan error, 2)
	go func() { ended <- server.Serve(l) }()
	fmt.Fprintf(a.stdout, "serving %s on http://%s\n%s", o.dialect, l.Addr(), keys)
	if front != nil {
		fmt.Fprintf(a.stdout, "control on http://%s token %s\n", front.Addr, control.Token)
		defer front.Close()
	}
	if o.withParent {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		go func() {
			_, _ = io.Copy(io.Discard, a.stdin) // any end of it is the parent's
			cancel()
		}()
	}
	select {
	case <-ctx.Done():
		return stopServer(server)
	case err := <-ended:
		return broke(fmt.Errorf("the server ended: %w", err))
	}
}

// parsePartitions reads N,RATE; nothing bounds nothing.
func parsePartitions(text string) (emulator.Partitions, error) {
	if text == "" {
		return emulator.Partitions{}, nil
	}
	most, rate, ok := strings.Cut(text, ",")
	n, err1 := strconv.Atoi(most)
	r, err2 := strconv.ParseFloat(rate, 64)
	if !ok || err1 != nil || err2 != nil || n < 1 || n > 100_000 || !(r >= 1 && r <= 1e9) {
		return emulator.Partitions{}, usage("--partitions: expected N,RATE, such as 64,200: ranges from 1 to 100000, and requests a second of each from 1; got %q", text)
	}
	return emulator.Partitions{Most: n, Rate: r}, nil
}

// stopServer lets requests that are under way finish.
func stopServer(server *wire.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return broke(err)
	}
	return nil
}

// newControl makes the emulator and the text that tells its keys.
func (a *app) newControl(o *serveOptions) (*emulator.Control, string, error) {
	if o.dialect == "" {
		return nil, "", usage("--dialect must say which dialect to serve: oss, cos, bos or s3")
	}
	d, err := all.ByName(o.dialect)
	if err != nil {
		return nil, "", usage("--dialect: expected oss, cos, bos or s3, got %q%s", o.dialect, target.Suggest(o.dialect, suites.Dialects()))
	}
	if err := o.chooseSeed(); err != nil {
		return nil, "", err
	}
	accounts, keys, err := a.accounts(o)
	if err != nil {
		return nil, "", err
	}
	parts, err := parsePartitions(o.partitions)
	if err != nil {
		return nil, "", err
	}
	if o.record && o.control == "" {
		return nil, "", usage("--record needs --control, which gives what was recorded")
	}
	control, err := emulator.NewControl(rand.Text(), d, emulator.Options{
		Accounts: accounts, Seed: o.seed, Deviate: o.deviate, Zone: d.Host(cmp.Or(o.region, d.Region)), Data: o.data, Partitions: parts, Record: o.recorder(),
	})
	if errors.Is(err, emulator.ErrData) {
		return nil, "", usage("--data: %v", err)
	}
	if err != nil {
		return nil, "", usage("--deviate: %v", err)
	}
	return control, keys, nil
}

// recorder keeps what arrives, where that is asked for.
func (o *serveOptions) recorder() *emulator.Record {
	if !o.record {
		return nil
	}
	return new(emulator.Record)
}

// chooseSeed takes the seed that the directory keeps: the accounts, and with them
// whose the buckets are, come out of it.
func (o *serveOptions) chooseSeed() error {
	if o.seed != 0 {
		return nil
	}
	o.seed = mathrand.Uint64()
	if o.data == "" {
		return nil
	}
	seed, ok, err := emulator.SeedOf(o.data)
	if err != nil {
		return usage("--data: %v", err)
	}
	if ok {
		o.seed = seed
	}
	return nil
}

// accounts are those of the environment; without any, two are made and told.
func (a *app) accounts(o *serveOptions) ([]emulator.Account, string, error) {
	var c target.Config
	c.Environment(a.env)
	owner, other := target.Accounts(o.dialect, o.seed)
	if (c.Owner.AccessKey == "") != (c.Owner.SecretKey == "") || (c.Other.AccessKey == "") != (c.Other.SecretKey == "") {
		return nil, "", usage("an access key and its secret key belong together: set both variables or none")
	}
	if c.Owner.AccessKey == "" {
		return []emulator.Account{owner, other}, fmt.Sprintf("%s=%s\n%s=%s\n%s=%s\n%s=%s\n", target.EnvAccessKey, owner.AccessKey, target.EnvSecretKey, owner.SecretKey,
			target.EnvOtherAccessKey, other.AccessKey, target.EnvOtherSecretKey, other.SecretKey), nil
	}
	owner.AccessKey, owner.SecretKey, owner.Token = c.Owner.AccessKey, c.Owner.SecretKey, c.Owner.Token
	list := []emulator.Account{owner}
	if c.Other.AccessKey != "" {
		other.AccessKey, other.SecretKey = c.Other.AccessKey, c.Other.SecretKey
		list = append(list, other)
	}
	return list, "", nil
}

// listenControl serves the control interface; nil where none is asked for.
func (a *app) listenControl(o *serveOptions, control *emulator.Control) (*http.Server, error) {
	if o.control == "" {
		return nil, nil
	}
	host, _, err := net.SplitHostPort(o.control)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, usage("--control: expected a loopback address such as 127.0.0.1:0, got %q", o.control)
	}
	l, err := net.Listen("tcp", o.control)
	if err != nil {
		return nil, usage("--control: %v", err)
	}
	front := &http.Server{Addr: l.Addr().String(), Handler: control, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute}
	go front.Serve(l)
	return front, nil
}
