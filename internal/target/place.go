package target

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"objectharness/internal/client"
	"objectharness/internal/ledger"
	"objectharness/internal/wire"
)

// Place makes room for many objects that nobody writes down one by one: a bucket
// of its own, or a prefix in the bucket that the settings name. The ledger knows
// it first, and Close and Sweep empty it by listing.
func (o *Opened) Place(ctx context.Context, name string) (bucket, prefix string, err error) {
	if o.config.Bucket != "" {
		prefix = o.Run + "/" + name + "/"
		o.Made(string(ledger.Prefix), o.Bucket, prefix, "")
		return o.Bucket, prefix, nil
	}
	bucket = strings.Replace(o.Bucket, o.Run, o.Run+"-"+name, 1)
	o.Made(string(ledger.Bucket), bucket, "", "")
	o.Made(string(ledger.Prefix), bucket, "", "")
	return bucket, "", o.make(ctx, bucket)
}

// removers is how many objects are removed at once.
const removers = 8

// empty removes every object whose key begins with prefix.
func (o *Opened) empty(ctx context.Context, bucket, prefix string) error {
	last := ""
	for {
		keys, err := o.page(ctx, bucket, prefix)
		switch {
		case err != nil || len(keys) == 0:
			return err
		case keys[0] == last:
			return fmt.Errorf("target: empty %s: %q is still listed after it was removed", bucket, last)
		}
		last = keys[0]
		if err := o.removeAll(ctx, bucket, keys); err != nil {
			return err
		}
	}
}

func (o *Opened) removeAll(ctx context.Context, bucket string, keys []string) error {
	work := make(chan string)
	var workers sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for range removers {
		workers.Go(func() {
			for key := range work {
				if err := o.remove(ctx, ledger.Entry{Kind: ledger.Object, Bucket: bucket, Key: key}); err != nil {
					mu.Lock()
					failed = errors.Join(failed, err)
					mu.Unlock()
					return
				}
			}
		})
	}
	for _, key := range keys {
		select {
		case work <- key:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(work)
	workers.Wait()
	return failed
}

// listed is a page of a listing, in XML or JSON.
type listed struct {
	Contents []struct{ Key string }
}

// page lists some of the keys that begin with prefix; none where the bucket is
// not there.
func (o *Opened) page(ctx context.Context, bucket, prefix string) ([]string, error) {
	r, err := o.Owner.Do(ctx, client.Call{Method: "GET", Bucket: bucket, Query: []wire.Param{{Name: "prefix", Value: prefix}}, Note: "clean up"})
	switch {
	case err != nil:
		return nil, err
	case r.Status == 404:
		return nil, nil
	case r.Status/100 != 2:
		return nil, fmt.Errorf("target: list %s: expected success, got %s: %s", bucket, o.Redactor.Text(described(r)), advice(r))
	}
	var l listed
	if strings.HasPrefix(strings.TrimSpace(string(r.Body)), "{") {
		err = json.Unmarshal(r.Body, &l)
	} else {
		err = xml.Unmarshal(r.Body, &l)
	}
	if err != nil {
		return nil, fmt.Errorf("target: list %s: expected a listing: %w", bucket, err)
	}
	keys := make([]string, len(l.Contents))
	for i, c := range l.Contents {
		keys[i] = c.Key
	}
	return keys, nil
}

// Forget ends a target of the harness's own that ends together with all it
// holds: nothing is removed, and the ledger goes.
func (o *Opened) Forget(ctx context.Context) error {
	dir := o.dir
	o.config.Keep = true
	if err := o.Close(ctx); err != nil || dir == "" {
		return err
	}
	return os.RemoveAll(dir)
}
