package store

import (
	"errors"
	"slices"
	"sort"
	"strings"
	"time"
)

var (
	// ErrNoUpload says that no upload of the key has the ID, or no longer.
	ErrNoUpload = errors.New("store: no such upload")
	// ErrUploads says that a bucket still holds uploads that nobody has ended.
	ErrUploads = errors.New("store: bucket holds uploads")
)

// An Upload is an object that comes in parts. It is immutable: each part makes
// another Upload in its place.
type Upload struct {
	Key, ID   string // ID is one that no other upload of the store has
	Initiated time.Time
	Owner     string
	Over      string  // what stood at the key at initiation, as the caller writes it; "" for nothing
	Object    *Object // what completion makes of it, without a body
	Parts     []*Part // in ascending order of their numbers
}

// A Part is one part of an Upload.
type Part struct {
	Number   int
	Blob     *Blob
	ETag     string // without quotes
	Modified time.Time
}

// Part returns the part with a number, nil when there is none.
func (u *Upload) Part(number int) *Part {
	if i, ok := u.find(number); ok {
		return u.Parts[i]
	}
	return nil
}

// find is the place of a part's number, and whether it is taken.
func (u *Upload) find(number int) (int, bool) {
	i := sort.Search(len(u.Parts), func(i int) bool { return u.Parts[i].Number >= number })
	return i, i < len(u.Parts) && u.Parts[i].Number == number
}

// with is the upload with one part more, or another in the place of old.
func (u *Upload) with(p *Part) (made *Upload, old *Part) {
	next := *u
	i, taken := u.find(p.Number)
	switch {
	case taken:
		old = u.Parts[i]
		next.Parts = slices.Clone(u.Parts)
		next.Parts[i] = p
	case i == len(u.Parts): // whoever reads u does not see beyond its end
		next.Parts = append(u.Parts, p)
	default:
		next.Parts = slices.Insert(slices.Clone(u.Parts), i, p)
	}
	return &next, old
}

// blobs are the bodies of the parts.
func (u *Upload) blobs() (all []*Blob) {
	for _, p := range u.Parts {
		all = append(all, p.Blob)
	}
	return all
}

// place sorts uploads by key and then by ID, whatever bytes the key holds.
func place(key, id string) string {
	return strings.ReplaceAll(key, "\x00", "\x00\x01") + "\x00\x00" + id
}

// Upload returns the upload of key called id, nil when there is none.
func (b *Bucket) Upload(key, id string) *Upload {
	b.mu.RLock()
	defer b.mu.RUnlock()
	u, _ := b.uploads.Get(place(key, id))
	return u
}

// Uploads is the number of uploads that nobody has ended.
func (b *Bucket) Uploads() int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.uploads.Len()
}

// ScanUploads calls visit for the uploads that do not come before the ID id of
// key, in byte order of key and ID, until visit returns false. It does not hold
// the bucket meanwhile.
func (b *Bucket) ScanUploads(key, id string, visit func(*Upload) bool) {
	const batch = 1024
	from := place(key, id)
	page := make([]*Upload, 0, batch)
	for {
		page = page[:0]
		b.mu.RLock()
		b.uploads.Ascend(from, func(_ string, u *Upload) bool {
			page = append(page, u)
			return len(page) < batch
		})
		b.mu.RUnlock()
		for _, u := range page {
			if !visit(u) {
				return
			}
		}
		if len(page) < batch {
			return
		}
		from = place(page[len(page)-1].Key, page[len(page)-1].ID) + "\x00"
	}
}

// show lists an upload as it is now.
func (b *Bucket) show(u *Upload) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.uploads.Set(place(u.Key, u.ID), u)
}

// hide takes an upload off the list.
func (b *Bucket) hide(u *Upload) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.uploads.Delete(place(u.Key, u.ID))
}

// Begin adds an upload. In a directory it is on disk before anyone sees it, as
// every change of an upload is.
func (b *Bucket) Begin(u *Upload) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := b.disk.begin(b, u); err != nil {
		return err
	}
	b.show(u)
	return nil
}

// AddPart adds a part to the upload of key called id, or puts it in the place of
// the one with its number. ErrNoUpload says that the upload has ended.
func (b *Bucket) AddPart(key, id string, p *Part) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	u := b.Upload(key, id)
	if u == nil {
		return ErrNoUpload
	}
	made, old := u.with(p)
	if err := b.disk.addPart(u, p, old); err != nil {
		return err
	}
	b.show(made)
	return nil
}

// Abort ends an upload and drops its parts.
func (b *Bucket) Abort(key, id string) error {
	b.ending.Lock()
	defer b.ending.Unlock()
	b.writing.Lock()
	defer b.writing.Unlock()
	u := b.Upload(key, id)
	if u == nil {
		return ErrNoUpload
	}
	if err := b.disk.end(u); err != nil {
		return err
	}
	b.hide(u)
	return nil
}

// Complete replaces the object at an upload's key by what change makes of the
// upload and, when it says so, ends the upload. Of two that end the same upload
// one gets ErrNoUpload. In a directory it is done when the object is there: Open
// ends the upload where a kill comes between.
func (b *Bucket) Complete(key, id string, change func(u *Upload, old *Object) (made *Object, ends bool, err error)) error {
	b.ending.Lock()
	defer b.ending.Unlock()
	ended := false
	err := b.Update(key, func(old *Object) (*Object, error) {
		u, _ := b.uploads.Get(place(key, id)) // Update keeps everybody else from changing it
		if u == nil {
			return nil, ErrNoUpload
		}
		made, ends, err := change(u, old)
		if ended = ends; ends && made != nil && made != old {
			made.Upload = id
		}
		return made, err
	})
	if err == nil && ended {
		b.finish(key, id)
	}
	return err
}

// finish ends an upload whose object is there.
func (b *Bucket) finish(key, id string) {
	b.writing.Lock()
	defer b.writing.Unlock()
	u := b.Upload(key, id)
	b.disk.finish(u)
	b.hide(u)
}
