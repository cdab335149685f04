package ledger

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Left lists what was recorded and not reported gone, by any process, in the
// order of a sweep: uploads, versions, objects, then buckets, each sorted by
// target and name. A thing is gone when a file reports so after its last record
// of it, whichever process that was: names must not be used again by a later
// run, and a run that is still going must not be swept. A line that cannot be
// read is an error, unless it ends its file; what could be read is returned
// beside the error.
func (l *Ledger) Left() ([]Entry, error) {
	if l == nil {
		return nil, nil
	}
	files, err := os.ReadDir(l.dir)
	if err != nil {
		return nil, wrap(err)
	}
	made, gone := map[Entry]Entry{}, map[Entry]bool{}
	var failed []error
	for _, f := range files {
		if strings.HasSuffix(f.Name(), suffix) {
			failed = append(failed, readFile(filepath.Join(l.dir, f.Name()), made, gone))
		}
	}
	var left []Entry
	for thing, e := range made {
		if !gone[thing] {
			left = append(left, e)
		}
	}
	slices.SortFunc(left, compare)
	return left, errors.Join(failed...)
}

// Sweep calls remove for all that is left, in Left's order, and notes as gone
// what remove removed; for a thing that is not there any more remove returns
// nil. It goes on after errors, which it returns together, but ends with ctx.
func (l *Ledger) Sweep(ctx context.Context, remove func(Entry) error) error {
	left, err := l.Left()
	failed := []error{err}
	for i, e := range left {
		if ctx.Err() != nil {
			failed = append(failed, fmt.Errorf("ledger: the sweep ended with %d of %d left: %w", len(left)-i, len(left), ctx.Err()))
			break
		}
		if err := remove(e); err != nil {
			failed = append(failed, fmt.Errorf("ledger: remove %s: %w", e, err))
			continue
		}
		failed = append(failed, l.Gone(e))
	}
	return errors.Join(failed...)
}

// String names the thing for messages.
func (e Entry) String() string {
	s := fmt.Sprintf("%s %s", e.Kind, e.Bucket)
	if e.Key != "" {
		s += fmt.Sprintf("/%q", e.Key)
	}
	if id := e.UploadID + e.VersionID; id != "" {
		s += " " + id
	}
	if e.Target != "" {
		s += " at " + e.Target
	}
	return s
}

var order = []Kind{Upload, Version, Object, Prefix, Bucket}

func compare(a, b Entry) int {
	return cmp.Or(
		cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)),
		cmp.Compare(a.Target, b.Target), cmp.Compare(a.Bucket, b.Bucket), cmp.Compare(a.Key, b.Key),
		cmp.Compare(a.UploadID, b.UploadID), cmp.Compare(a.VersionID, b.VersionID),
	)
}

// readFile adds one process's things to made and gone.
func readFile(name string, made map[Entry]Entry, gone map[Entry]bool) error {
	f, err := os.Open(name)
	if err != nil {
		return wrap(err)
	}
	defer f.Close()
	last, err := read(f)
	for thing, l := range last {
		if l.Gone {
			gone[thing] = true
		} else {
			made[thing] = l.Entry
		}
	}
	if err != nil {
		return fmt.Errorf("ledger: %s: %w", filepath.Base(name), err)
	}
	return nil
}

// read gives the last line about each thing.
func read(r io.Reader) (map[Entry]line, error) {
	last := map[Entry]line{}
	var failed []error
	br := bufio.NewReaderSize(r, lineMax)
	for n := 1; ; n++ {
		text, err := br.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return last, errors.Join(append(failed, fmt.Errorf("line %d is longer than %d bytes", n, lineMax))...)
		}
		l, bad := parse(text)
		switch {
		case bad == nil:
			last[l.thing()] = l
		case err == nil:
			failed = append(failed, fmt.Errorf("line %d: %w", n, bad))
		}
		if err == io.EOF {
			return last, errors.Join(failed...)
		}
		if err != nil {
			return last, errors.Join(append(failed, err)...)
		}
	}
}

func parse(text []byte) (line, error) {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return line{}, fmt.Errorf("expected an entry in JSON: %w", err)
	}
	if l.RawKey != nil {
		l.Key = string(l.RawKey)
	}
	return l, l.check()
}
