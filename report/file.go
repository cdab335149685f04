package report

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

// ReadMax bounds the size of a run.json that Read takes, in bytes.
const ReadMax = 1 << 30

// Read decodes a run.json. A model of another version is refused: its fields
// may mean something else.
func Read(r io.Reader) (*Run, error) {
	text, err := io.ReadAll(io.LimitReader(r, ReadMax+1))
	if err != nil {
		return nil, fmt.Errorf("report: reading run.json: %w", err)
	}
	if len(text) > ReadMax {
		return nil, fmt.Errorf("report: run.json is larger than %d bytes", ReadMax)
	}
	var version struct{ Schema *int }
	if err := json.Unmarshal(text, &version); err != nil {
		return nil, fmt.Errorf("report: this is no run.json: %w", err)
	}
	switch {
	case version.Schema == nil:
		return nil, fmt.Errorf("report: this is no run.json: it has no schema version")
	case *version.Schema != Schema:
		return nil, fmt.Errorf("report: run.json has schema %d, this program reads %d; use the version of the harness that wrote it",
			*version.Schema, Schema)
	}
	run := new(Run)
	if err := json.Unmarshal(text, run); err != nil {
		return nil, fmt.Errorf("report: run.json does not follow its schema: %w", err)
	}
	return run, nil
}

// ReadFile is Read of a file.
func ReadFile(path string) (*Run, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	defer f.Close()
	run, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return run, nil
}

// WriteJSON writes the run as run.json has it. Lists are never null.
func WriteJSON(w io.Writer, run *Run) error {
	filled := *run
	filled.fill()
	text, err := json.MarshalIndent(&filled, "", " ")
	if err != nil {
		return fmt.Errorf("report: encoding the run: %w", err)
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// fill replaces nil lists by empty ones. It changes no list of the original
// run: what has to change is copied first.
func (r *Run) fill() {
	r.Schema = Schema
	for _, list := range []*[]string{&r.Notes, &r.Chapters} {
		fill(list)
	}
	if r.Summary == nil {
		r.Summary = map[string]Summary{}
	}
	r.Targets = filled(r.Targets, func(t *Target) {
		fill(&t.Preflight.Checks)
		fill(&t.Features)
	})
	fill(&r.Gate)
	fill(&r.Convergence)
	r.Clauses = filled(r.Clauses, func(c *Clause) { fill(&c.Cases) })
	r.Cases = filled(r.Cases, func(c *Case) {
		fill(&c.Clauses)
		fill(&c.Broken)
		fill(&c.Accepted)
		fillBehaviour(&c.Behaviour)
		fill(&c.Delays)
		c.Exchanges = filled(c.Exchanges, (*Exchange).fill)
	})
	r.Loads = filled(r.Loads, (*Load).fill)
	r.Comparisons = filled(r.Comparisons, func(c *Comparison) { fill(&c.Warnings) })
}

func (e *Exchange) fill() {
	e.Times = max(e.Times, 1)
	fill(&e.Request.Fields)
	if e.Reply != nil {
		reply := *e.Reply
		fill(&reply.Fields)
		e.Reply = &reply
	}
}

func (l *Load) fill() {
	fill(&l.Warnings)
	fill(&l.Curve)
	fill(&l.Timeline)
	fill(&l.Failures)
	fill(&l.Operations)
	fill(&l.Saturation)
	fill(&l.FirstKeys)
	fill(&l.Objectives)
	if l.Knee != nil {
		knee := *l.Knee
		fill(&knee.Probes)
		l.Knee = &knee
	}
	if l.Heat != nil {
		l.Heat = l.Heat.filled()
	}
	if l.Statuses == nil {
		l.Statuses = map[string]int{}
	}
}

// filled is a copy without nil lists.
func (h *HeatMap) filled() *HeatMap {
	out := *h
	fill(&out.Ranges)
	fill(&out.AtMS)
	for _, grid := range []*[][]int{&out.Requests, &out.Throttled} {
		*grid = filled(*grid, func(row *[]int) { fill(row) })
	}
	return &out
}

func fill[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}

// filled is a copy of list with do called on every element.
func filled[T any](list []T, do func(*T)) []T {
	out := make([]T, len(list))
	copy(out, list)
	for i := range out {
		do(&out[i])
	}
	return out
}

// WriteFile replaces the file at path by what write gives, all of it or
// nothing: a reader never sees half a file, and neither does whoever comes
// after a kill.
func WriteFile(path string, write func(io.Writer) error) error {
	temp := path + ".tmp"
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := write(f); err != nil {
		f.Close()
		os.Remove(temp)
		return fmt.Errorf("report: writing %s: %w", path, err)
	}
	if err := f.Close(); err != nil {
		os.Remove(temp)
		return fmt.Errorf("report: writing %s: %w", path, err)
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// A Writer keeps run.json up to date while a run goes, without writing it anew
// after every case.
type Writer struct {
	Path     string
	Every    int              // cases after which the file is written again; 0 for never
	Interval time.Duration    // time after which it is written again; 0 for never
	Now      func() time.Time // the clock
	cases    int
	last     time.Time
}

// Note counts one finished case and, when the file is due, writes what now
// gives.
func (w *Writer) Note(now func() *Run) error {
	w.cases++
	if w.last.IsZero() {
		w.last = w.Now()
	}
	late := w.Interval > 0 && w.Now().Sub(w.last) >= w.Interval
	if !late && (w.Every == 0 || w.cases < w.Every) {
		return nil
	}
	return w.Save(now())
}

// Save writes the file at once.
func (w *Writer) Save(run *Run) error {
	w.cases, w.last = 0, w.Now()
	return WriteFile(w.Path, func(out io.Writer) error { return WriteJSON(out, run) })
}
