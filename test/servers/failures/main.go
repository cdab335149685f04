// Command failures reads the run.json of foreign servers.
//
//	failures compare EXPECTED RUN            which failed cases are new, which are gone; exit 1 on a difference
//	failures update EXPECTED RUN REASONS     the expectation file that this run asks for, on standard output
//	failures table REASONS NAME=RUN...       the table of all failures, as Markdown
//	failures sum NAME=RUN...                 the runs side by side, as Markdown
//	failures left RUN                        the cases that a target which is gone has left, parted by commas
//	failures gone RUN                        where that was
//	failures port                            a loopback port that is free now
//
// An expectation file has a line for each case that fails: its id and a reason
// after "#"; one that begins with "now and then " allows that the case passes.
// The file of reasons is written by hand: server (or *), a case or its
// first segments or a clause, and why it fails there, parted by tabs.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
)

func main() {
	err := run(os.Args[1:], os.Stdout)
	if errors.Is(err, errDiffers) {
		os.Exit(1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "failures:", err)
		os.Exit(2)
	}
}

func run(args []string, w io.Writer) error {
	if len(args) == 1 && args[0] == "port" {
		return port(w)
	}
	if len(args) < 2 {
		return errors.New("want compare EXPECTED RUN, update EXPECTED RUN REASONS, table REASONS NAME=RUN..., sum NAME=RUN..., left RUN, gone RUN or port")
	}
	switch {
	case args[0] == "sum":
		return sum(args[1:], w)
	case args[0] == "left":
		return left(args[1], w)
	case args[0] == "gone":
		return gone(args[1], w)
	case args[0] == "compare" && len(args) == 3:
		return compareFiles(args[1], args[2], w)
	case args[0] == "update" && len(args) == 4:
		return updateFile(args[1], args[2], args[3], w)
	case args[0] == "table":
		return table(args[1], args[2:], w)
	}
	return fmt.Errorf("no such command: %q", args)
}

func port(w io.Writer) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer l.Close()
	_, err = fmt.Fprintln(w, l.Addr().(*net.TCPAddr).Port)
	return err
}

// A Run is what is read of run.json.
type Run struct {
	Exit       int
	ExitReason string `json:"exit_reason"`
	Targets    []struct{ Endpoint string }
	Clauses    []Clause
	Cases      []Case
}

// A Clause is what a document says, and where.
type Clause struct{ ID, Source, Level, Confidence string }

// A Case is one case of a run.
type Case struct {
	ID, Text, Verdict, Message, Curl string
	Clauses                          []string
	Broken                           []struct{ Clause, What, Expected, Got, Verdict string }
}

func readRun(name string) (Run, error) {
	var r Run
	data, err := os.ReadFile(name)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("%s: %w", name, err)
	}
	if len(r.Cases) == 0 {
		return r, fmt.Errorf("%s holds no case", name)
	}
	return r, nil
}

// failed lists the cases that failed, and those that ended in an error.
func (r Run) failed() []Case {
	var out []Case
	for _, c := range r.Cases {
		if c.Verdict == "failed" || c.Verdict == "stale-waiver" || c.Verdict == "error" {
			out = append(out, c)
		}
	}
	return out
}
