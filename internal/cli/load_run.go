package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"objectharness/internal/target"
	"objectharness/internal/verdict"
	"objectharness/load"
	"objectharness/report"
)

// A loadRun is one load on its way.
type loadRun struct {
	*app
	options    *loadOptions
	experiment *load.Experiment
	config     target.Config
	line       string
	began      time.Time
	embedded   bool
	notes      []string
	told       time.Time // when a plain line was printed last
	knees      map[string]*report.Knee
	about      *report.Run // of a merge: one of the generators' own
}

// conduct sends the load and tells what it measured.
func (l *loadRun) conduct() error {
	if l.embedded = l.config.Embedded(); l.embedded {
		ch, err := l.serveChild(&l.config, l.options.partitions)
		if err != nil {
			return err
		}
		defer ch.stop()
		l.notes = append(l.notes, l.named())
	}
	l.redactOutput(l.config.Secrets())
	opened, err := l.open()
	if err != nil {
		return err
	}
	result, err := l.measure(opened)
	if err != nil && result == nil {
		return errors.Join(l.broken(err), l.close(opened))
	}
	if err := l.close(opened); err != nil {
		l.notes = append(l.notes, err.Error())
	}
	return l.tell(result, err)
}

// broken ends a run that has measured nothing.
func (l *loadRun) broken(err error) error {
	if l.ctx.Err() != nil {
		return &ending{verdict.Interrupted, errors.New("interrupted before anything was measured")}
	}
	return broke(err)
}

// named says what the emulator's index is like.
func (l *loadRun) named() string {
	if l.options.partitions == "none" {
		return "The target is the harness's own emulator; its index is not parted."
	}
	return "The target is the harness's own emulator; its index is parted into key ranges (--partitions " + l.options.partitions +
		": at most so many, each with so many requests a second), so that a difference is to be expected."
}

// open opens the target and makes a place for each arm.
func (l *loadRun) open() (*target.Opened, error) {
	opened, err := target.Open(l.ctx, l.config)
	if err != nil {
		return nil, broke(err)
	}
	x := l.experiment
	x.Client = opened.Owner
	x.Client.Untraced = true
	x.Client.Transport.IdleMax, x.Client.Transport.Eager = x.Workers, true
	for i := range x.Arms {
		arm := &x.Arms[i]
		if arm.Bucket, arm.Prefix, err = opened.Place(l.ctx, string(rune('a'+i))); err != nil {
			return nil, errors.Join(broke(err), opened.Close(l.ctx))
		}
	}
	return opened, nil
}

// close removes what the run made. What the embedded emulator has ends with it.
func (l *loadRun) close(o *target.Opened) error {
	if l.embedded {
		return o.Forget(l.ctx)
	}
	return o.Close(context.WithoutCancel(l.ctx))
}

// measure prepares the objects, waits for the agreed time, and sends the rounds.
func (l *loadRun) measure(o *target.Opened) (*load.Result, error) {
	x := l.experiment
	if err := x.Prepare(l.ctx); err != nil {
		return nil, err
	}
	if err := l.calibrate(); err != nil {
		return nil, err
	}
	if err := l.await(); err != nil {
		return nil, err
	}
	x.Progress = l.progress
	raw, done, err := l.rawFile()
	if err != nil {
		return nil, err
	}
	x.Raw = raw
	measure := x.Run
	if l.options.knee {
		measure = l.searchKnees
	}
	result, err := measure(l.ctx)
	return result, errors.Join(err, done())
}

// calibrate tells what the generator can do by itself.
func (l *loadRun) calibrate() error {
	ceiling, err := l.experiment.Calibrate(l.ctx)
	if err != nil {
		return err
	}
	note := fmt.Sprintf("By itself the generator does %.0f requests a second here.", ceiling)
	if planned, open, _ := l.experiment.Planned(); open {
		rate := float64(planned) / (l.experiment.Round.Seconds() * float64(l.experiment.Pairs+l.experiment.Warm))
		if rate > ceiling/2 {
			note += fmt.Sprintf(" The plan asks for %.0f: more than half of that, so that it is the generator that is measured, too.", rate)
		}
	}
	l.notes = append(l.notes, note)
	return nil
}

// await waits for the start that all generators have agreed on.
func (l *loadRun) await() error {
	if l.options.begin.IsZero() {
		return nil
	}
	wait := l.options.begin.Sub(l.now())
	if wait < 0 {
		l.notes = append(l.notes, fmt.Sprintf("This generator began %v after the agreed start.", -wait.Round(time.Millisecond)))
		return nil
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-l.ctx.Done():
		return context.Cause(l.ctx)
	}
}

// rawFile takes the raw results down, where they are asked for.
func (l *loadRun) rawFile() (func(*vegeta.Result) error, func() error, error) {
	if !l.options.raw {
		return nil, func() error { return nil }, nil
	}
	if err := os.MkdirAll(l.options.out, 0o755); err != nil {
		return nil, nil, err
	}
	f, err := os.Create(filepath.Join(l.options.out, "results.bin"))
	if err != nil {
		return nil, nil, err
	}
	buffered := bufio.NewWriterSize(f, 1<<20)
	encode := vegeta.NewEncoder(buffered)
	return load.RawTo(encode.Encode), func() error { return errors.Join(buffered.Flush(), f.Close()) }, nil
}

// tell prints and writes the results, and ends with the exit code.
func (l *loadRun) tell(result *load.Result, ended error) error {
	run := l.report(result)
	code, reason := l.judge(result, ended)
	run.Exit, run.Reason = code, reason
	run.Interrupted = code == verdict.Interrupted
	if err := l.print(run); err != nil {
		return broke(err)
	}
	if dir := l.options.out; dir != "" {
		if err := l.write(dir, run, result); err != nil {
			return broke(err)
		}
	}
	return exit(code)
}

// judge is the exit code and its reason.
func (l *loadRun) judge(result *load.Result, ended error) (int, string) {
	switch {
	case l.ctx.Err() != nil:
		return verdict.Interrupted, "interrupted: what was measured until then stands"
	case ended != nil:
		return verdict.NotDone, ended.Error()
	}
	for _, aim := range l.options.parsed {
		for _, arm := range result.Arms {
			if kept, got := aim.Check(arm); !kept {
				return verdict.NotConformant, fmt.Sprintf("%s keys do not keep the objective %s: %s", arm.Name, aim.Text, got)
			}
		}
	}
	if len(l.options.parsed) > 0 {
		return verdict.Conformant, "every objective is kept"
	}
	return verdict.Conformant, "measured; no objective was named"
}

// write writes the files of the run.
func (l *loadRun) write(dir string, run *report.Run, result *load.Result) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return errors.Join(
		report.WriteFile(filepath.Join(dir, "run.json"), writerOf(report.WriteJSON, run)),
		report.WriteFile(filepath.Join(dir, "report.html"), writerOf(report.WriteHTML, run)),
		report.WriteFile(filepath.Join(dir, "summary.md"), writerOf(report.WriteMarkdown, run)),
		report.WriteFile(filepath.Join(dir, "rounds.csv"), result.WriteCSV),
		writeLoad(dir, run, result),
	)
}
