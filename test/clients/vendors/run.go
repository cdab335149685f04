package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// A run is a suite on its way through its tests.
type run struct {
	suite       *suite
	binary, dir string
	logs        string
	jobs        int
}

// A result is what came of a test.
type result struct {
	mode, test string
	passed     bool
	why        string // the first assertion that did not hold
}

// bound ends a test that does not end.
const bound = 180 * time.Second

// run runs the tests, all where none are named, in every mode.
func (r *run) run(tests []string) ([]result, error) {
	if r.suite.wholly {
		return r.whole()
	}
	if len(tests) == 0 {
		var err error
		if tests, err = r.suite.tests(r.suite, r.dir); err != nil {
			return nil, err
		}
	}
	var (
		results []result
		failed  error
		mu      sync.Mutex
		group   sync.WaitGroup
		slots   = make(chan struct{}, r.jobs)
	)
	for _, mode := range r.suite.modes {
		for _, test := range tests {
			slots <- struct{}{}
			group.Go(func() {
				defer func() { <-slots }()
				got, err := r.one(mode, test)
				mu.Lock()
				defer mu.Unlock()
				results, failed = append(results, got), errors.Join(failed, err)
			})
		}
	}
	group.Wait()
	return sorted(results), failed
}

func sorted(results []result) []result {
	slices.SortFunc(results, func(a, b result) int {
		return strings.Compare(a.test+" "+a.mode, b.test+" "+b.mode)
	})
	return results
}

// whole runs a suite that is one process.
func (r *run) whole() ([]result, error) {
	output, err := r.process(r.suite.modes[0], "", 10*bound)
	if output == "" {
		return nil, err
	}
	if r.logs != "" {
		if err := os.WriteFile(filepath.Join(r.logs, r.suite.name+".log"), []byte(output), 0o644); err != nil {
			return nil, err
		}
	}
	results := r.suite.verdicts(output)
	for i := range results {
		results[i].mode = r.suite.modes[0]
	}
	return sorted(results), nil
}

// one runs a test on an emulator of its own.
func (r *run) one(mode, test string) (result, error) {
	output, err := r.process(mode, test, bound)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return result{}, fmt.Errorf("%s: %w", test, err)
	}
	got := result{mode: mode, test: test, passed: err == nil, why: why(output)}
	if !got.passed && r.logs != "" {
		err = os.WriteFile(filepath.Join(r.logs, mode+"-"+test+".log"), []byte(output), 0o644)
		return got, err
	}
	return got, nil
}

// process runs a process of the suite's on an emulator of its own, in a folder
// of its own, and returns what it printed.
func (r *run) process(mode, test string, bound time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), bound)
	defer cancel()
	work, err := os.MkdirTemp("", "vendors-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	folder, err := r.folder(work)
	if err != nil {
		return "", err
	}
	endpoint, err := serve(ctx, r.suite.dialect)
	if err != nil {
		return "", err
	}
	args := r.suite.command(r.binary, test)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), r.suite.env(endpoint, mode)...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	err = cmd.Run()
	return output.String(), err
}

// folder is where the tests find the samples that they read, and may write.
func (r *run) folder(work string) (string, error) {
	folder := filepath.Join(work, "oss")
	sample := filepath.Join(r.dir, "sample")
	if _, err := os.Stat(sample); err == nil {
		if err := os.CopyFS(filepath.Join(work, "sample"), os.DirFS(sample)); err != nil {
			return "", err
		}
	}
	return folder, os.Mkdir(folder, 0o755)
}

// serve starts an emulator, which ends with ctx, and returns where it listens.
func serve(ctx context.Context, dialect string) (string, error) {
	cmd := exec.CommandContext(ctx, os.Getenv("HARNESS_BIN"), "serve", "--dialect", dialect, "--listen", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), "HARNESS_ACCESS_KEY="+accessKey, "HARNESS_SECRET_KEY="+secretKey, "HARNESS_OTHER_ACCESS_KEY="+otherAccessKey,
		"HARNESS_OTHER_SECRET_KEY="+otherSecretKey)
	said, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	go func() {
		<-ctx.Done()
		cmd.Wait()
	}()
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "serving "+dialect+" on "); ok {
			return strings.TrimPrefix(url, "http://"), nil
		}
	}
	return "", fmt.Errorf("the emulator of %s did not say where it listens: %w", dialect, lines.Err())
}

var (
	place   = regexp.MustCompile(`[a-z_0-9]+_test\.go:\d+`)
	telling = regexp.MustCompile(`(?m)Error:.*|Error Code: \w+|^\.\.\. .*|panic: .*`)
)

// why is the line of the first assertion that did not hold, and what it said.
func why(output string) string {
	said := telling.FindAllString(output, 3)
	return strings.Join(strings.Fields(place.FindString(output)+" "+strings.Join(said, " ")), " ")
}
