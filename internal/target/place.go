package target

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"slices"
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

// empty removes every object whose key begins with prefix, with all its versions,
// and ends the uploads of such keys that somebody began and did not end.
func (o *Opened) empty(ctx context.Context, bucket, prefix string) error {
	order := []string{"", "uploads"}
	keeps, err := o.keepsVersions(ctx, bucket)
	if err != nil {
		return err
	}
	if keeps { // an object whose versions are there comes back when its marker goes
		order = []string{"versions", "", "uploads"}
	}
	for _, what := range order {
		if err := o.emptyOf(ctx, bucket, prefix, what); err != nil {
			return err
		}
	}
	return nil
}

func (o *Opened) emptyOf(ctx context.Context, bucket, prefix, what string) error {
	var last ledger.Entry
	for {
		page, err := o.page(ctx, bucket, prefix, what)
		switch {
		case err != nil || len(page) == 0:
			return err
		case page[0] == last:
			return fmt.Errorf("target: empty %s: %s is still listed after it was removed", bucket, last)
		}
		last = page[0]
		if alien := slices.IndexFunc(page, func(e ledger.Entry) bool { return !strings.HasPrefix(e.Key, prefix) }); alien >= 0 {
			return fmt.Errorf("target: empty %s: asked for keys that begin with %q, the target lists %s, which is not the run's: nothing of that list is removed",
				bucket, prefix, page[alien])
		}
		if err := o.removeAll(ctx, page); err != nil {
			return err
		}
	}
}

// removeAll removes all things of a page. It ends with the first failure.
func (o *Opened) removeAll(ctx context.Context, page []ledger.Entry) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan ledger.Entry)
	var workers sync.WaitGroup
	for range removers {
		workers.Go(func() {
			for e := range work {
				if err := o.remove(ctx, e); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	for _, e := range page {
		select {
		case work <- e:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(work)
	workers.Wait()
	return context.Cause(ctx)
}

// listed is a page of a listing of objects, uploads or versions, in XML or JSON.
type listed struct {
	Contents     []struct{ Key string }
	Upload       []listedUpload  `json:"-"`
	Uploads      []listedUpload  `xml:"-"`
	Version      []listedVersion `json:"-"`
	DeleteMarker []listedVersion `json:"-"`
}

type listedVersion struct {
	Key       string
	VersionID string `xml:"VersionId"`
}

type listedUpload struct {
	Key      string
	UploadID string `xml:"UploadId" json:"uploadId"`
}

// page lists some of what begins with prefix: objects, uploads under way, or
// versions; none where the bucket is not there, or the target has no such listing.
func (o *Opened) page(ctx context.Context, bucket, prefix, what string) ([]ledger.Entry, error) {
	query := []wire.Param{{Name: "prefix", Value: prefix}}
	if what != "" {
		query = append([]wire.Param{{Name: what, Bare: true}}, query...)
	}
	r, err := o.Owner.Do(ctx, client.Call{Method: "GET", Bucket: bucket, Query: query, Note: client.CleanUp})
	switch {
	case err != nil:
		return nil, err
	case r.Status == 404, what != "" && (r.Status == 405 || r.Status == 501):
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
	return l.entries(bucket, what), nil
}

// entries are the things of a page; a target that does not know of uploads or
// versions lists objects instead, which are none.
func (l *listed) entries(bucket, what string) (list []ledger.Entry) {
	if what == "" {
		for _, c := range l.Contents {
			list = append(list, ledger.Entry{Kind: ledger.Object, Bucket: bucket, Key: c.Key})
		}
		return list
	}
	for _, u := range append(l.Upload, l.Uploads...) {
		if u.UploadID != "" {
			list = append(list, ledger.Entry{Kind: ledger.Upload, Bucket: bucket, Key: u.Key, UploadID: u.UploadID})
		}
	}
	for _, v := range append(l.Version, l.DeleteMarker...) {
		if v.VersionID != "" {
			list = append(list, ledger.Entry{Kind: ledger.Version, Bucket: bucket, Key: v.Key, VersionID: v.VersionID})
		}
	}
	return list
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
