package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// ErrClosed says that a store was closed before the change.
var ErrClosed = errors.New("store: closed")

// What stands in the directory of a store. Every file is written under tmp and
// then renamed, so that a process may be killed at any moment: what a kill
// leaves behind is a file under tmp, a body that no description names, an empty
// folder of objects or an upload without a description or with its object made,
// and Open removes those. Nothing is forced to the
// disk: after a power cut Open refuses what is torn.
const (
	lockFile   = "lock"    // held by the process that uses the directory
	labelFile  = "store"   // what the directory is
	tmpDir     = "tmp"     // files that are being written
	bodiesDir  = "bodies"  // a file for each piece of a body
	bucketsDir = "buckets" // a description for each bucket
	objectsDir = "objects" // a folder for each bucket: a description for each object
	uploadsDir = "uploads" // a folder for each upload: a description of it and of each part
)

// A disk keeps a store in a directory.
type disk struct {
	dir  string
	step func() error // a test's: asked before each change of the directory

	open sync.RWMutex // read by whoever changes the directory
	lock *os.File     // nil once closed
	left sync.Map     // uploads by ID whose object is there, but that could not be removed
	refs sync.Mutex   // guards kept.refs and kept.doomed
}

func (d *disk) path(parts ...string) string {
	return filepath.Join(d.dir, filepath.Join(parts...))
}

// try makes one change of the directory.
func (d *disk) try(change func() error) error {
	if d.step != nil {
		if err := d.step(); err != nil {
			return err
		}
	}
	return change()
}

func (d *disk) rename(from, to string) error {
	return d.try(func() error { return os.Rename(from, to) })
}

func (d *disk) remove(path string) error { return d.try(func() error { return os.Remove(path) }) }

// clear removes what may be gone already.
func (d *disk) clear(path string) error {
	if err := d.remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (d *disk) makeDir(path string) error {
	return d.try(func() error {
		if err := os.Mkdir(path, 0o700); !errors.Is(err, os.ErrExist) {
			return err
		}
		return nil
	})
}

// temp makes a file under tmp.
func (d *disk) temp() (f *os.File, err error) {
	err = d.try(func() (err error) {
		f, err = os.OpenFile(d.path(tmpDir, rand.Text()), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		return err
	})
	return f, err
}

// fill writes all of r to f.
func (d *disk) fill(f *os.File, r io.Reader) error {
	return d.try(func() error { _, err := io.Copy(f, r); return err })
}

// write puts a description at path, in the place of the one that is there.
func (d *disk) write(path string, text []byte) error {
	f, err := d.temp()
	if err != nil {
		return err
	}
	err = d.try(func() error { _, err := f.Write(text); return err })
	if err = errors.Join(err, f.Close()); err == nil {
		err = d.rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// Close ends the use of a store's directory and lets another process have it;
// changes after it get ErrClosed. A store in memory has nothing to close.
func (s *Store) Close() error {
	if s.disk == nil {
		return nil
	}
	d := s.disk
	d.open.Lock()
	defer d.open.Unlock()
	if d.lock == nil {
		return nil
	}
	err := d.lock.Close()
	d.lock = nil
	return err
}

// enter begins a change of the directory; leave ends it.
func (d *disk) enter() error {
	d.open.RLock()
	if d.lock == nil {
		d.open.RUnlock()
		return ErrClosed
	}
	return nil
}

func (d *disk) leave() { d.open.RUnlock() }

// change is Bucket.change with a directory. Readers of the bucket go on while
// files are written; what is written becomes visible at the end. Each version is
// a file of its own, so that one step is enough whatever becomes of the others.
func (d *disk) change(b *Bucket, key string, t turn) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	b.writing.Lock()
	defer b.writing.Unlock()
	b.mu.RLock()
	was := b.line(key)
	b.mu.RUnlock()
	next, made, gone, same, err := t.take(was)
	if err != nil || same {
		return err
	}
	if b.gone {
		return ErrNoBucket
	}
	if err := d.settle(gone); err != nil {
		return err
	}
	if made != nil {
		made.Key = key
		err = d.keep(b, made)
	} else {
		err = d.remove(d.objectPath(b, gone))
	}
	if err != nil {
		return fmt.Errorf("store: keep the object: %w", err)
	}
	b.mu.Lock()
	b.settle(key, next)
	b.mu.Unlock()
	if gone != nil {
		d.release(gone.Blobs)
	}
	return nil
}

// keep writes an object: the pieces of its body that are not there yet, then
// its description.
func (d *disk) keep(b *Bucket, o *Object) error {
	for _, blob := range o.Blobs {
		if err := d.place(blob); err != nil {
			return err
		}
	}
	text, err := describeObject(o)
	if err != nil {
		return err
	}
	if err := d.write(d.objectPath(b, o), text); err != nil {
		return err
	}
	d.hold(o.Blobs)
	return nil
}

func (d *disk) objectPath(b *Bucket, o *Object) string {
	return d.path(objectsDir, fileName(b.Name), o.fileName())
}

// create writes a bucket: the folder of its objects, then its description. A
// store in memory has no disk.
func (d *disk) create(b *Bucket) error {
	if d == nil {
		return nil
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	text, err := describeBucket(b, b.settings)
	if err == nil {
		err = d.makeDir(d.path(objectsDir, fileName(b.Name)))
	}
	if err == nil {
		err = d.write(d.path(bucketsDir, fileName(b.Name)), text)
	}
	if err != nil {
		return fmt.Errorf("store: keep the bucket: %w", err)
	}
	b.disk = d
	return nil
}

// configure writes a bucket's description with other settings. A store in memory
// has no disk.
func (d *disk) configure(b *Bucket, settings map[string]string) error {
	if d == nil {
		return nil
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	if b.gone {
		return ErrNoBucket
	}
	text, err := describeBucket(b, settings)
	if err == nil {
		err = d.write(d.path(bucketsDir, fileName(b.Name)), text)
	}
	if err != nil {
		return fmt.Errorf("store: keep the bucket's settings: %w", err)
	}
	return nil
}

// drop removes an empty bucket: its description, then the folder of its
// objects, which Open removes where a kill comes between.
func (d *disk) drop(b *Bucket) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	b.writing.Lock()
	defer b.writing.Unlock()
	if !b.Empty() {
		return ErrNotEmpty
	}
	if b.Uploads() > 0 {
		return ErrUploads
	}
	if err := d.remove(d.path(bucketsDir, fileName(b.Name))); err != nil {
		return fmt.Errorf("store: remove the bucket: %w", err)
	}
	b.gone = true
	_ = d.remove(d.path(objectsDir, fileName(b.Name))) // what stays is found by Open
	return nil
}
