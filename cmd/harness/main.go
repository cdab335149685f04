// Command harness tells which documented requirements of the OSS, COS, BOS or
// S3 interface an endpoint breaks, with proof.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"objectharness/internal/cli"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel() // running cases end and clean up, and the reports are written
		<-signals
		os.Exit(130) // asked twice: at once
	}()
	os.Exit(cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
