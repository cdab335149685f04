package store

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"runtime"
)

// A kept is the file of a Blob in the directory of a store. Its bytes are
// followed by a foot that tells that they are all there.
type kept struct {
	name   string // under bodies; "" while the file is the Blob's own under tmp
	path   string
	refs   int             // pieces of objects that stand for it
	doomed runtime.Cleanup // removes the file once nobody holds the Blob
}

// doom removes the file of b when b is no longer in use, readers included.
func (k *kept) doom(b *Blob) {
	k.doomed = runtime.AddCleanup(b, func(path string) { os.Remove(path) }, k.path)
}

// hold counts the pieces of an object that is on disk.
func (d *disk) hold(blobs []*Blob) {
	d.refs.Lock()
	defer d.refs.Unlock()
	for _, b := range blobs {
		if b.kept.refs++; b.kept.refs == 1 {
			b.kept.doomed.Stop()
		}
	}
}

// release gives the pieces of an object up that is no longer on disk.
func (d *disk) release(blobs []*Blob) {
	d.refs.Lock()
	defer d.refs.Unlock()
	for _, b := range blobs {
		if b.kept.refs--; b.kept.refs == 0 {
			b.kept.doom(b)
		}
	}
}

// place writes a piece of a body that is not on disk yet. No object names it
// so far: it goes when b does, or when Open finds it.
func (d *disk) place(b *Blob) error {
	if b.kept != nil && b.kept.name != "" {
		return nil
	}
	f, err := d.body(b)
	if err != nil {
		return err
	}
	k := &kept{name: rand.Text()}
	k.path = d.path(bodiesDir, k.name)
	err = d.fill(f, bytes.NewReader(makeFoot(b)))
	if err = errors.Join(err, f.Close()); err == nil {
		err = d.rename(f.Name(), k.path)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	if b.kept != nil {
		b.kept.doomed.Stop()
	}
	b.kept, b.bytes, b.file = k, nil, nil
	k.doom(b)
	return nil
}

// body is a file under tmp with the bytes of b, its end next to be written.
func (d *disk) body(b *Blob) (*os.File, error) {
	if b.kept != nil {
		return b.file, nil
	}
	f, err := d.temp()
	if err != nil {
		return nil, err
	}
	if err := d.fill(f, b.Range(0, b.Size)); err != nil {
		f.Close()
		os.Remove(f.Name())
		return nil, err
	}
	return f, nil
}

// Spool is the function Spool, whose temporary file is one that the store can
// keep without copying it.
func (s *Store) Spool(r io.Reader, limit int64) (*Blob, error) {
	if s.disk == nil {
		return Spool(r, limit)
	}
	return spool(r, limit, s.disk.spillTo)
}

// spillTo makes the temporary file of b.
func (d *disk) spillTo(b *Blob) (*os.File, error) {
	if err := d.enter(); err != nil {
		return nil, err
	}
	defer d.leave()
	f, err := d.temp()
	if err != nil {
		return nil, err
	}
	b.kept = &kept{path: f.Name()}
	b.kept.doom(b)
	return f, nil
}

// footMark begins the foot of a body.
var footMark = [8]byte{'h', 'a', 'r', 'n', 'b', 'o', 'd', '1'}

// A foot follows the bytes of a body.
type foot struct {
	Mark  [8]byte
	Size  int64 // bytes before the foot
	Sums  Sums
	Check uint32 // CRC-32C of the foot before it
}

var footSize = int64(binary.Size(foot{}))

func makeFoot(b *Blob) []byte {
	text, err := binary.Append(nil, binary.BigEndian, foot{Mark: footMark, Size: b.Size, Sums: b.Sums})
	if err != nil {
		panic(err) // a field of Sums has no fixed size
	}
	check := text[:len(text)-4]
	return binary.BigEndian.AppendUint32(check, crc32.Checksum(check, castagnoli))
}

// loadBody opens the body called name just long enough to see that it is whole.
func (d *disk) loadBody(name string) (*Blob, error) {
	path := d.path(bodiesDir, name)
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	at, err := f.Seek(-footSize, io.SeekEnd)
	text := make([]byte, footSize)
	if err == nil {
		_, err = io.ReadFull(f, text)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: expected a body and a foot of %d bytes: %w", path, footSize, err)
	}
	var t foot
	if _, err := binary.Decode(text, binary.BigEndian, &t); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	b := &Blob{Size: at, Sums: t.Sums, kept: &kept{name: name, path: path}}
	if t.Size != at || !bytes.Equal(text, makeFoot(b)) {
		return nil, fmt.Errorf("%s: expected a body of %d bytes that ends in its foot, found another end: the file is torn or not of this store", path, at)
	}
	return b, nil
}

// A keptReader reads a part of a body, whose file is open only meanwhile.
type keptReader struct {
	b            *Blob // keeps the file in its place
	offset, left int64
	file         *os.File
}

// Read opens the file at first and closes it at the end. A reader that is given
// up leaves that to the garbage collector.
func (r *keptReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	if r.file == nil {
		f, err := os.Open(r.b.kept.path)
		if err != nil {
			return 0, fmt.Errorf("store: read a body: %w", err)
		}
		r.file = f
	}
	n, err := r.file.ReadAt(p[:min(int64(len(p)), r.left)], r.offset)
	r.offset, r.left = r.offset+int64(n), r.left-int64(n)
	if r.left == 0 || err != nil {
		r.file.Close()
		r.left = 0
	}
	if err == io.EOF {
		err = fmt.Errorf("store: %s was cut short: %w", r.b.kept.path, io.ErrUnexpectedEOF)
	}
	runtime.KeepAlive(r.b)
	return n, err
}
