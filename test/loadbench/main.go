// Loadbench measures what the load generator costs, beside bare vegeta and wrk,
// on one loopback server, in rounds that alternate. Figures are ratios of one
// run: absolute ones say more of the machine than of the program.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime/pprof"
	"time"
)

func main() {
	mode := flag.String("mode", "all", "all, or what a child does: server, fasthttp, sleeper, bounded, ours, vegeta")
	addr := flag.String("addr", "", "of the server, for children")
	dialect := flag.String("dialect", "s3", "for ours")
	duration := flag.Duration("duration", 3*time.Second, "of one stretch")
	rounds := flag.Int("rounds", 5, "stretches of each")
	only := flag.String("only", "", "cpu, shared, peer, pacing, sleep, memory, knee or same: one table alone")
	profile := flag.String("profile", "", "file for a profile of the processor time, for children")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "loadbench:", err)
			os.Exit(1)
		}
		defer pprof.StopCPUProfile()
	}
	b := bench{duration: *duration, rounds: *rounds}
	var err error
	switch *mode {
	case "server":
		err = serve(awake)
	case "fasthttp":
		err = serveFast()
	case "sleeper":
		err = serve(sleepy(5 * time.Second))
	case "bounded":
		err = serve(bounded(2000))
	case "ours":
		err = ours(context.Background(), *dialect, *addr, *duration)
	case "vegeta":
		err = bare(*addr, *duration)
	default:
		err = b.all(*only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "loadbench:", err)
		os.Exit(1)
	}
}
