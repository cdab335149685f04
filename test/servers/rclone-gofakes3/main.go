// Command rclone-gofakes3 serves rclone's fork of gofakes3 (MIT licence) from
// memory: an S3 server that checks signatures, written by others.
//
//	rclone-gofakes3 127.0.0.1:9000
//
// Keys come from HARNESS_ACCESS_KEY and HARNESS_SECRET_KEY. It ends with SIGTERM.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/rclone/gofakes3"
	"github.com/rclone/gofakes3/s3mem"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "rclone-gofakes3:", err)
		os.Exit(1)
	}
}

func run() error {
	key, secret := os.Getenv("HARNESS_ACCESS_KEY"), os.Getenv("HARNESS_SECRET_KEY")
	if len(os.Args) != 2 || key == "" || secret == "" {
		return errors.New("want one argument, HOST:PORT, and keys in HARNESS_ACCESS_KEY and HARNESS_SECRET_KEY")
	}
	fake := gofakes3.New(s3mem.New(), gofakes3.WithV4Auth(map[string]string{key: secret}))
	server := &http.Server{Addr: os.Args[1], Handler: fake.Server(), ReadHeaderTimeout: 10 * time.Second}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, func() { server.Close() })
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
