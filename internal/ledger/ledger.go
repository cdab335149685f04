// Package ledger keeps on disk what a run makes on a target, written before it
// is made, so that a sweep after a crash removes exactly that and nothing else.
//
// A ledger is a directory with one file per process: JSON lines, only ever
// appended to, each entry in one write. A line that a crash has torn is ignored
// where it ends a file; it was never acted on.
package ledger

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
	"unicode/utf8"
)

// A Kind is what was made.
type Kind string

// The kinds, in the order in which a sweep removes them.
const (
	Upload  Kind = "upload" // a multipart upload that is neither completed nor aborted
	Version Kind = "version"
	Object  Kind = "object"
	Prefix  Kind = "prefix" // every object whose key begins with Key
	Bucket  Kind = "bucket"
)

// An Entry is one thing that a run made, or was about to make.
type Entry struct {
	Kind      Kind      `json:"kind"`
	Target    string    `json:"target,omitempty"` // the target's name; never a secret
	Bucket    string    `json:"bucket"`
	Key       string    `json:"key,omitempty"`
	UploadID  string    `json:"upload_id,omitempty"`
	VersionID string    `json:"version_id,omitempty"`
	Time      time.Time `json:"time"` // when it was recorded; says nothing of what the entry is about
}

// thing is e without its time: what Gone names and what is removed once.
func (e Entry) thing() Entry {
	e.Time = time.Time{}
	return e
}

// check tells what is missing in e.
func (e Entry) check() error {
	whole := e.Bucket != ""
	switch e.Kind {
	case Prefix:
		whole = whole && e.UploadID == "" && e.VersionID == ""
	case Bucket:
		whole = whole && e.Key == "" && e.UploadID == "" && e.VersionID == ""
	case Object:
		whole = whole && e.Key != "" && e.UploadID == "" && e.VersionID == ""
	case Upload:
		whole = whole && e.Key != "" && e.UploadID != "" && e.VersionID == ""
	case Version:
		whole = whole && e.Key != "" && e.VersionID != "" && e.UploadID == ""
	default:
		return fmt.Errorf("ledger: kind %q is none of upload, version, object, prefix, bucket", e.Kind)
	}
	if !whole {
		return fmt.Errorf("ledger: a %s needs its bucket and just the names that belong to it; got bucket %q, key %q, upload %q, version %q",
			e.Kind, e.Bucket, e.Key, e.UploadID, e.VersionID)
	}
	return nil
}

// line is what stands in a file: an entry, or that it is gone.
type line struct {
	Entry
	RawKey []byte `json:"key_base64,omitempty"` // a key that is not UTF-8, which JSON would change
	Gone   bool   `json:"gone,omitempty"`
}

// lineMax bounds a line, in bytes: keys have at most 1024 bytes, of which JSON
// makes six each in the worst case.
const lineMax = 64 << 10

// A Ledger is one process's view of a ledger. It is safe for concurrent use; a
// nil *Ledger records nothing and has nothing to sweep.
type Ledger struct {
	dir  string
	sync bool

	mu     sync.Mutex
	file   *os.File
	broken error // of an earlier write: the file may end in a torn line
}

// Open opens the ledger in dir, which is made when it is not there. With durable,
// entries are forced to the disk and outlive a crash of the machine too; without,
// one of the process. Close it.
func Open(dir string, durable bool) (*Ledger, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("ledger: make the directory: %w", err)
	}
	return &Ledger{dir: dir, sync: durable}, nil
}

// Close closes this process's file; what it says stays.
func (l *Ledger) Close() error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return wrap(err)
}

// Record says that e is about to be made. Make it only when Record returns nil.
func (l *Ledger) Record(e Entry) error { return l.append(line{Entry: e}) }

// Gone says that e was removed, or was never made after all. Its time is not
// looked at.
func (l *Ledger) Gone(e Entry) error { return l.append(line{Entry: e, Gone: true}) }

func (l *Ledger) append(entry line) error {
	if l == nil {
		return nil
	}
	if err := entry.check(); err != nil {
		return err
	}
	if !utf8.ValidString(entry.Key) {
		entry.RawKey, entry.Key = []byte(entry.Key), ""
	}
	text, err := json.Marshal(entry)
	if err != nil {
		return wrap(err)
	}
	if len(text) >= lineMax {
		return fmt.Errorf("ledger: an entry of %d bytes; at most %d can be read again", len(text), lineMax-1)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.write(append(text, '\n'))
}

func (l *Ledger) write(text []byte) error {
	if l.broken != nil {
		return l.broken
	}
	if err := l.open(); err != nil {
		return err
	}
	_, err := l.file.Write(text)
	if err == nil && l.sync {
		err = l.file.Sync()
	}
	l.broken = wrap(err)
	return l.broken
}

// open makes this process's file when the first entry comes. The name is new in
// any case: process numbers come again.
func (l *Ledger) open() error {
	if l.file != nil {
		return nil
	}
	name := filepath.Join(l.dir, rand.Text()+suffix)
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return wrap(err)
	}
	l.file = file
	return l.settle()
}

// settle makes the new file's name outlive a crash as well.
func (l *Ledger) settle() error {
	if !l.sync {
		return nil
	}
	dir, err := os.Open(l.dir)
	if err != nil {
		return wrap(err)
	}
	return wrap(errors.Join(dir.Sync(), dir.Close()))
}

const suffix = ".jsonl"

func wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("ledger: %w", err)
}
