package target

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/ledger"
	"objectharness/internal/wire"
)

// cleanMax bounds the removal of what a run left to its end: cases have removed
// their own.
const cleanMax = 5 * time.Second

// identity names the target in ledgers.
func (c *Config) identity() string { return c.Dialect + " " + c.Endpoint }

// prepare opens the ledger and makes the bucket. What an embedded emulator has
// ends with it, and needs no ledger.
func (o *Opened) prepare(ctx context.Context) error {
	c := &o.config
	if !c.Embedded() {
		if c.State == "" {
			return fmt.Errorf("%w: no folder for the ledger of what the run makes", ErrUsage)
		}
		dir := filepath.Join(c.State, c.run()+"-"+c.Dialect+"-"+c.Process)
		l, err := ledger.Open(dir, false)
		if err != nil {
			return err
		}
		o.keepLedger(l)
		o.dir = dir
	}
	if c.Bucket != "" {
		return o.unmarked(ctx)
	}
	o.Made("bucket", o.Bucket, "", "")
	return o.makeBucket(ctx)
}

// keepLedger turns Made and Gone to the ledger. When it cannot be written,
// nothing more is sent: what is not written down would be left behind.
func (o *Opened) keepLedger(l *ledger.Ledger) {
	o.ledger = l
	var failed failure
	note := func(write func(ledger.Entry) error) func(string, string, string, string) {
		return func(kind, bucket, key, id string) {
			e := ledger.Entry{Kind: ledger.Kind(kind), Target: o.config.identity(), Bucket: bucket, Key: key, Time: o.config.now()}
			if e.Kind == ledger.Version {
				e.VersionID = id
			} else {
				e.UploadID = id
			}
			failed.set(write(e))
		}
	}
	record, gone := note(l.Record), note(l.Gone)
	made, ended := o.Made, o.Gone
	o.Made = func(kind, bucket, key, id string) {
		record(kind, bucket, key, id)
		made(kind, bucket, key, id)
	}
	o.Gone = func(kind, bucket, key, id string) {
		gone(kind, bucket, key, id)
		ended(kind, bucket, key, id)
	}
	o.admit(func(context.Context, client.Sending) error { return failed.get() })
}

// location is the body with which a bucket is made in the target's region; most
// need none.
func location(dialectName, region string) string {
	if dialectName != "s3" || region == "us-east-1" {
		return ""
	}
	return "<CreateBucketConfiguration><LocationConstraint>" + region + "</LocationConstraint></CreateBucketConfiguration>"
}

// makeBucket makes the bucket that the cases share.
func (o *Opened) makeBucket(ctx context.Context) error { return o.make(ctx, o.Bucket) }

func (o *Opened) make(ctx context.Context, bucket string) error {
	call := client.Call{Method: "PUT", Bucket: bucket, Body: []byte(o.Location), Note: "make the bucket of the run"}
	r, err := o.Owner.Do(ctx, call)
	if err != nil {
		return fmt.Errorf("target: make bucket %s: %w", bucket, err)
	}
	if r.Status/100 == 3 || r.Status/100 == 4 {
		o.Gone("bucket", bucket, "", "") // nothing was made, and a bucket of that name is somebody else's
	}
	if r.Status/100 != 2 {
		return fmt.Errorf("target: make bucket %s: expected success, got %s: %s", bucket, o.Redactor.Text(described(r)), advice(r))
	}
	return nil
}

// Close removes what the run made here, unless it is to be kept, and ends the
// embedded emulator. It gives up at the first request without a reply, after
// cleanMax, and when the run's time is up. What is not removed stays in the
// ledger for a sweep; the error says so.
func (o *Opened) Close(ctx context.Context) error {
	defer o.shut()
	if o.ledger == nil {
		return nil
	}
	if o.config.Keep {
		return o.ledger.Close()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.spare())
	defer cancel()
	err := o.sweep(ctx, o.ledger, o.dir, func(e ledger.Entry) error {
		err := o.remove(ctx, e)
		if lost := new(wire.TransportError); errors.As(err, &lost) {
			cancel()
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("target: some of what the run made is left; harness sweep removes it later: %w", err)
	}
	return nil
}

// spare is the time that is left to clean up in.
func (o *Opened) spare() time.Duration {
	if o.config.Ends.IsZero() {
		return max(cleanMax, o.config.CleanFor)
	}
	return min(max(cleanMax, o.config.CleanFor), o.config.Ends.Sub(o.config.now()))
}

// Leave ends the target as Close does, but removes nothing: for one that is gone.
func (o *Opened) Leave(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if o.ledger == nil || o.config.Keep {
		return o.Close(ctx)
	}
	defer o.shut()
	if err := o.sweep(ctx, o.ledger, o.dir, nil); err != nil {
		return fmt.Errorf("target: what the run made is left, as the target was gone; harness sweep removes it later: %w", err)
	}
	return nil
}

// shut ends what runs in this process.
func (o *Opened) shut() {
	for i := len(o.stop) - 1; i >= 0; i-- {
		o.stop[i]()
	}
	o.stop = nil
}

// sweep removes all that a ledger has left, and then the ledger.
func (o *Opened) sweep(ctx context.Context, l *ledger.Ledger, dir string, remove func(ledger.Entry) error) error {
	err := errors.Join(l.Sweep(ctx, remove), l.Close())
	if err == nil {
		err = os.RemoveAll(dir)
	}
	return err
}

// remove removes one thing; one that is not there counts as removed. Where
// versions are kept, the removal of an object makes a delete marker, which goes
// as well.
func (o *Opened) remove(ctx context.Context, e ledger.Entry) error {
	_, err := o.take(ctx, e)
	return err
}

// take is remove that tells whether versions of the object are kept.
func (o *Opened) take(ctx context.Context, e ledger.Entry) (versioned bool, err error) {
	switch {
	case e.Kind == ledger.Prefix:
		return false, o.empty(ctx, e.Bucket, e.Key)
	case e.Bucket == o.config.Bucket && e.Kind == ledger.Bucket:
		return false, nil
	}
	r, err := o.send(ctx, removal(e))
	if err == nil && r.Status == 403 && e.Kind == ledger.Version {
		r, err = o.unlocked(ctx, e)
	}
	if err != nil {
		return false, err
	}
	if r.Status/100 != 2 && r.Status != 404 {
		return false, fmt.Errorf("expected success, got %s: %s", o.Redactor.Text(described(r)), advice(r))
	}
	marker := r.Fields.Get(o.Owner.Dialect.Prefix + "version-id")
	if e.Kind != ledger.Object || marker == "" {
		return false, nil
	}
	_, err = o.send(ctx, removal(ledger.Entry{Kind: ledger.Version, Bucket: e.Bucket, Key: e.Key, VersionID: marker}))
	return true, err
}

// send makes a request as the owner, and where that is refused as the second
// account, for what a case made as that.
func (o *Opened) send(ctx context.Context, call client.Call) (*client.Reply, error) {
	r, err := o.Owner.Do(ctx, call)
	if err == nil && r.Status == 403 && o.Other != nil {
		r, err = o.Other.Do(ctx, call)
	}
	return r, err
}

// removal is the request that removes a thing.
func removal(e ledger.Entry) client.Call {
	call := client.Call{Method: "DELETE", Bucket: e.Bucket, Key: e.Key, Note: client.CleanUp}
	if e.UploadID != "" {
		call.Query = append(call.Query, wire.Param{Name: "uploadId", Value: e.UploadID})
	}
	if e.VersionID != "" {
		call.Query = append(call.Query, wire.Param{Name: "versionId", Value: e.VersionID})
	}
	return call
}

// clear is remove after a crash. An upload and a version get their names from the
// target: one whose reply the run did not live to see is in no ledger, but its key
// is, or the bucket that the run had made for it.
func (o *Opened) clear(ctx context.Context, e ledger.Entry) error {
	versioned, err := o.take(ctx, e)
	if err != nil && e.Kind == ledger.Bucket {
		if err := o.empty(ctx, e.Bucket, ""); err != nil {
			return err
		}
		return o.remove(ctx, e)
	}
	if err != nil || e.Kind != ledger.Object {
		return err
	}
	if err := o.clearOf(ctx, e, "uploads"); err != nil || !versioned {
		return err
	}
	return o.clearOf(ctx, e, "versions")
}

// clearOf removes all uploads, or all versions, of an object.
func (o *Opened) clearOf(ctx context.Context, e ledger.Entry, what string) error {
	page, err := o.page(ctx, e.Bucket, e.Key, what)
	if err != nil {
		return err
	}
	for _, x := range page {
		if x.Key == e.Key {
			if err := o.remove(ctx, x); err != nil {
				return err
			}
		}
	}
	return nil
}

// A Leftover is a ledger that an interrupted or kept run left.
type Leftover struct {
	Target string // dialect and endpoint
	Things []string
	dir    string
}

// Leftovers lists what the ledgers under state still hold. Ledgers of runs that
// are under way count as well.
func Leftovers(state string) ([]Leftover, error) {
	dirs, err := filepath.Glob(filepath.Join(state, "*"))
	if err != nil {
		return nil, fmt.Errorf("target: ledgers: %w", err)
	}
	var out []Leftover
	for _, dir := range dirs {
		l, err := ledger.Open(dir, false)
		if err != nil {
			return nil, err
		}
		left, err := l.Left()
		if err != nil {
			return nil, err
		}
		if len(left) > 0 {
			out = append(out, leftover(dir, left))
		}
	}
	return out, nil
}

func leftover(dir string, left []ledger.Entry) Leftover {
	x := Leftover{Target: left[0].Target, dir: dir}
	for _, e := range left {
		e.Target = ""
		x.Things = append(x.Things, e.String())
	}
	return x
}

// Sweep removes what earlier runs left on this target, and tells each thing
// before. It returns how many ledgers are done.
func Sweep(ctx context.Context, c Config, tell func(Leftover)) (int, error) {
	all, err := Leftovers(c.State)
	if err != nil {
		return 0, err
	}
	o, err := c.connect()
	if err != nil {
		return 0, err
	}
	defer o.shut()
	done := 0
	var failed []error
	for _, x := range all {
		if x.Target != c.identity() {
			continue
		}
		tell(x)
		l, err := ledger.Open(x.dir, false)
		if err == nil {
			err = o.sweep(ctx, l, x.dir, func(e ledger.Entry) error { return o.clear(ctx, e) })
		}
		if err == nil {
			done++
		}
		failed = append(failed, err)
	}
	return done, errors.Join(failed...)
}
