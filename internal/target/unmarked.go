package target

import (
	"context"
	"fmt"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/ledger"
)

// unmarked prepares for an existing bucket that keeps versions. Not all that cases
// make there has a name that a reply tells (markers of a removal of several
// objects, versions of a form's), so all that begins with the run's name is emptied
// by listing at the end, which only one process can do; and what would leave
// markers of other names is not sent. A target that knows no versions has no such
// bucket.
func (o *Opened) unmarked(ctx context.Context) error {
	if o.ReadOnly {
		return nil
	}
	keeps, err := o.keepsVersions(ctx, o.Bucket)
	if err != nil || !keeps {
		return err
	}
	if o.config.Workers > 1 {
		return fmt.Errorf("%w: bucket: %s keeps versions, and only one process can clean up there: leave --procs out, or give another bucket", ErrUsage, o.Bucket)
	}
	o.Made(string(ledger.Prefix), o.Bucket, o.Run+"/", "")
	several := asks("delete")
	o.admit(func(_ context.Context, s client.Sending) error {
		if s.Bucket == o.Bucket && s.Method == "POST" && several(s) {
			return client.ErrMarkers
		}
		return nil
	})
	return nil
}

// keepsVersions tells whether a bucket keeps versions, or has kept some.
func (o *Opened) keepsVersions(ctx context.Context, bucket string) (bool, error) {
	r, err := o.Owner.Do(ctx, client.Call{Method: "GET", Bucket: bucket, Query: bare("versioning"), Note: client.CleanUp})
	return err == nil && r.Status == 200 && strings.Contains(string(r.Body), "<Status>"), err
}
