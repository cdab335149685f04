package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

type bench struct {
	duration time.Duration
	rounds   int
}

// A cost is what a client process needed for its requests.
type cost struct {
	cpu      time.Duration // of one request, user and system
	rate     float64       // requests a second
	requests uint64
	memory   int64 // most of it, in bytes
}

// server starts a server in a process of its own.
func (b *bench) server(mode string) (addr string, stop func(), err error) {
	cmd := exec.Command(os.Args[0], "-mode", mode)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	stop = func() { cmd.Process.Kill(); cmd.Wait() }
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("the server said nothing: %w", err)
	}
	go io.Copy(io.Discard, out)
	return strings.TrimSpace(line), stop, nil
}

// A contender is a client that is measured.
type contender struct {
	name string
	args func(addr string, d time.Duration) []string
	read func(out string) (uint64, error)
}

func (b *bench) contenders() (list []contender) {
	for _, d := range []string{"s3", "oss", "cos", "bos"} {
		list = append(list, contender{"ours, signed for " + d, func(addr string, t time.Duration) []string {
			return []string{os.Args[0], "-mode", "ours", "-dialect", d, "-addr", addr, "-duration", t.String()}
		}, counted})
	}
	list = append(list, contender{"bare vegeta (net/http, unsigned)", func(addr string, t time.Duration) []string {
		return []string{os.Args[0], "-mode", "vegeta", "-addr", addr, "-duration", t.String()}
	}, counted})
	if wrk, err := exec.LookPath("wrk"); err == nil {
		script := writeScript()
		list = append(list, contender{"wrk (C, unsigned)", func(addr string, t time.Duration) []string {
			return []string{wrk, "-t2", "-c" + strconv.Itoa(workers), fmt.Sprintf("-d%.0fs", max(1, t.Seconds())), "-s", script, "http://" + addr + "/bench/key"}
		}, wrkCounted})
	} else {
		fmt.Println("wrk is not here: it is Debian's package wrk")
	}
	return list
}

// writeScript is what wrk sends.
func writeScript() string {
	f, err := os.CreateTemp("", "put-*.lua")
	if err != nil {
		return ""
	}
	defer f.Close()
	fmt.Fprintf(f, "wrk.method = \"PUT\"\nwrk.body = string.rep(\"x\", %d)\n", bodySize)
	return f.Name()
}

// counted reads "requests successes"; both must be the same.
func counted(out string) (uint64, error) {
	var n, ok uint64
	if _, err := fmt.Sscan(out, &n, &ok); err != nil {
		return 0, fmt.Errorf("expected two numbers, got %q: %w", out, err)
	}
	if n == 0 || n != ok {
		return 0, fmt.Errorf("%d of %d requests succeeded", ok, n)
	}
	return n, nil
}

var wrkRequests = regexp.MustCompile(`(\d+) requests in`)

func wrkCounted(out string) (uint64, error) {
	m := wrkRequests.FindStringSubmatch(out)
	if m == nil || strings.Contains(out, "Non-2xx") {
		return 0, fmt.Errorf("wrk said %q", out)
	}
	return strconv.ParseUint(m[1], 10, 64)
}

// run measures one stretch of a contender; one processor pins it to that.
func (c contender) run(addr string, d time.Duration, pinned bool) (cost, error) {
	args := c.args(addr, d)
	if pinned {
		args = append([]string{"taskset", "-c", "0"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	began := time.Now()
	if err := cmd.Run(); err != nil {
		return cost{}, fmt.Errorf("%s: %w", c.name, err)
	}
	took := time.Since(began)
	n, err := c.read(out.String())
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w", c.name, err)
	}
	s := cmd.ProcessState
	return cost{cpu: (s.UserTime() + s.SystemTime()) / time.Duration(n), rate: float64(n) / took.Seconds(), requests: n, memory: memoryOf(s)}, nil
}

// compare measures all contenders on a server in rounds that alternate.
func (b *bench) compare(server string, pinned bool) error {
	addr, stop, err := b.server(server)
	if err != nil {
		return err
	}
	defer stop()
	list := b.contenders()
	costs := make([][]cost, len(list))
	for round := range b.rounds {
		for i := range list {
			at := (i + round) % len(list)
			c, err := list[at].run(addr, b.duration, pinned)
			if err != nil {
				return err
			}
			costs[at] = append(costs[at], c)
		}
	}
	b.table(list, costs)
	return nil
}

// table prints the cheapest stretch of each, and the median rate, as ratios to
// bare vegeta.
func (b *bench) table(list []contender, costs [][]cost) {
	base := slices.IndexFunc(list, func(c contender) bool { return strings.HasPrefix(c.name, "bare vegeta") })
	fmt.Printf("%-36s %12s %8s %12s %8s\n", "client", "CPU/request", "x vegeta", "requests/s", "x vegeta")
	for i, c := range list {
		fmt.Printf("%-36s %12v %8.2f %12.0f %8.2f\n", c.name, least(costs[i]).Round(10*time.Nanosecond), float64(least(costs[i]))/float64(least(costs[base])),
			middle(costs[i]), middle(costs[i])/middle(costs[base]))
	}
}

func least(list []cost) time.Duration {
	return slices.MinFunc(list, func(a, b cost) int { return int(a.cpu - b.cpu) }).cpu
}

func middle(list []cost) float64 {
	rates := make([]float64, len(list))
	for i, c := range list {
		rates[i] = c.rate
	}
	slices.Sort(rates)
	return rates[len(rates)/2]
}
