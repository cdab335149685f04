// Package store keeps buckets and objects for the emulator. It knows no HTTP,
// no dialect and no clock: times are arguments, and what a refusal is called
// is the caller's business.
package store

import (
	"errors"
	"io"
	"maps"
	"sort"
	"sync"
	"time"

	"github.com/tidwall/btree"
)

var (
	// ErrTooLarge says that a body is longer than its limit.
	ErrTooLarge = errors.New("store: body longer than its limit")
	// ErrBucketExists says that the name is taken.
	ErrBucketExists = errors.New("store: bucket exists")
	// ErrNoBucket says that there is no bucket of the name.
	ErrNoBucket = errors.New("store: no such bucket")
	// ErrNotEmpty says that a bucket still holds objects.
	ErrNotEmpty = errors.New("store: bucket not empty")
)

// A Pair is a stored header field.
type Pair struct{ Name, Value string }

// An Object is immutable: whoever changes one stores another in its place.
type Object struct {
	Key      string
	Blobs    []*Blob // the body, in order; one but for appended objects
	Size     int64   // bytes
	ETag     string  // without quotes
	CRC64    uint64  // of the whole body
	MD5      []byte  // of the whole body; nil where it is not known
	Modified time.Time
	Kind     string // Normal, Appendable, Multipart
	Fields   []Pair // content headers and user metadata as the dialect stores them
	ACL      string
	Owner    string
	Upload   string            // ID of the upload that it was made by; "" for none
	Extra    map[string]string // what single features keep (checksums, tags, storage class)
	Version  string            // ID among the versions of the key; "" for the one that was stored without versions
	Marker   bool              // a delete marker: the key was removed here, and has no body

	order uint64 // newer versions of a key have a greater one
}

// Range returns a reader of length bytes of the body from offset on.
func (o *Object) Range(offset, length int64) io.Reader {
	var parts []io.Reader
	for _, b := range o.Blobs {
		if length <= 0 {
			break
		}
		if offset >= b.Size {
			offset -= b.Size
			continue
		}
		n := min(length, b.Size-offset)
		parts = append(parts, b.Range(offset, n))
		offset, length = 0, length-n
	}
	return io.MultiReader(parts...)
}

// Field returns the stored value of a field, and whether there is one.
func (o *Object) Field(name string) (string, bool) {
	for _, p := range o.Fields {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}

// A Bucket holds objects in byte order of their keys.
type Bucket struct {
	Name    string
	Created time.Time
	Owner   string
	Region  string

	mu       sync.RWMutex
	settings map[string]string
	objects  btree.Map[string, *Object]   // what there is to read
	past     btree.Map[string, []*Object] // what stands behind it, as in line
	uploads  btree.Map[string, *Upload]   // by place

	ending  sync.Mutex // held while an upload comes to its end
	disk    *disk      // nil: in memory
	writing sync.Mutex // held while a change goes to disk
	gone    bool       // removed from disk; guarded by writing
}

// Get returns the object at key, nil when there is none.
func (b *Bucket) Get(key string) *Object {
	b.mu.RLock()
	defer b.mu.RUnlock()
	o, _ := b.objects.Get(key)
	return o
}

// Update replaces the object at key by what change returns, in one step that
// no other change of the bucket can come between. change gets nil where there
// is no object to read; returning nil removes it; an error leaves all as it was.
// What it returns is the newest version from then on: the object and all older
// versions stay, but the one of the same Version. In a directory the change is on
// disk before anyone sees it.
func (b *Bucket) Update(key string, change func(old *Object) (*Object, error)) error {
	return b.change(key, turn{pick: func(l line) *Object { return l.now },
		put: func(l line, _, made *Object) line { return l.with(made) }, change: change})
}

// Setting is what the bucket is configured with under name, "" for nothing.
func (b *Bucket) Setting(name string) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.settings[name]
}

// Configure sets what the bucket is configured with under name; "" removes it.
// In a directory the change is on disk before anyone sees it.
func (b *Bucket) Configure(name, value string) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	b.mu.RLock()
	made := maps.Clone(b.settings)
	b.mu.RUnlock()
	if made == nil {
		made = map[string]string{}
	}
	made[name] = value
	if value == "" {
		delete(made, name)
	}
	if err := b.disk.configure(b, made); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.settings = made
	return nil
}

// Scan calls visit for every object whose key is not less than from, in byte
// order, until visit returns false. It does not hold the bucket between calls'
// batches, so a long listing never stops a writer for long.
func (b *Bucket) Scan(from string, visit func(*Object) bool) {
	const batch = 1024
	page := make([]*Object, 0, batch)
	for {
		page = page[:0]
		b.mu.RLock()
		b.objects.Ascend(from, func(_ string, o *Object) bool {
			page = append(page, o)
			return len(page) < batch
		})
		b.mu.RUnlock()
		for _, o := range page {
			if !visit(o) {
				return
			}
		}
		if len(page) < batch {
			return
		}
		from = page[len(page)-1].Key + "\x00"
	}
}

// Len is the number of objects that there are to read.
func (b *Bucket) Len() int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.objects.Len()
}

// A Store holds buckets.
type Store struct {
	mu      sync.RWMutex
	buckets map[string]*Bucket
	disk    *disk // nil: in memory
}

// New returns an empty store in memory.
func New() *Store { return &Store{buckets: map[string]*Bucket{}} }

// Bucket returns the bucket called name, nil when there is none.
func (s *Store) Bucket(name string) *Bucket {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.buckets[name]
}

// Create adds b; with a bucket of that name there already, it returns that one
// and ErrBucketExists.
func (s *Store) Create(b *Bucket) (*Bucket, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.buckets[b.Name]; old != nil {
		return old, ErrBucketExists
	}
	if err := s.disk.create(b); err != nil {
		return nil, err
	}
	s.buckets[b.Name] = b
	return b, nil
}

// Delete removes an empty bucket: one that holds objects, old versions or delete
// markers gets ErrNotEmpty, one that holds uploads alone ErrUploads.
func (s *Store) Delete(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buckets[name]
	switch {
	case b == nil:
		return ErrNoBucket
	case !b.Empty():
		return ErrNotEmpty
	case b.Uploads() > 0:
		return ErrUploads
	}
	if s.disk != nil {
		if err := s.disk.drop(b); err != nil {
			return err
		}
	}
	delete(s.buckets, name)
	return nil
}

// Buckets returns the buckets of owner in byte order of their names.
func (s *Store) Buckets(owner string) []*Bucket {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []*Bucket
	for _, b := range s.buckets {
		if b.Owner == owner {
			out = append(out, b)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}
