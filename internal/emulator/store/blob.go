package store

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"os"
)

// SpillSize is the number of bytes of a body that are kept in memory; what is
// longer goes to a temporary file.
const SpillSize = 1 << 20

// ecma is the CRC-64 that OSS, COS and BOS answer.
var ecma = crc64.MakeTable(crc64.ECMA)

// Sums are the digests of a body, computed while it is read.
type Sums struct {
	MD5    [md5.Size]byte
	SHA1   [sha1.Size]byte
	SHA256 [sha256.Size]byte
	CRC64  uint64 // ECMA-182
	CRC32  uint32 // IEEE
	CRC32C uint32 // Castagnoli
}

// A Blob is a run of immutable bytes, in memory or in a file.
type Blob struct {
	Size  int64
	Sums  Sums
	bytes []byte
	file  *os.File
	kept  *kept // its file in the directory of a store; nil without
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Spool reads r to its end, at most limit bytes (limit < 0: no limit), into a
// Blob. One byte over the limit gives ErrTooLarge.
func Spool(r io.Reader, limit int64) (*Blob, error) { return spool(r, limit, nameless) }

// spool reads into a Blob, whose temporary file is made by temp.
func spool(r io.Reader, limit int64, temp func(*Blob) (*os.File, error)) (*Blob, error) {
	b := &Blob{}
	s := newSummer()
	var mem bytes.Buffer
	if limit >= 0 {
		r = io.LimitReader(r, limit+1)
	}
	n, err := io.Copy(&mem, io.TeeReader(io.LimitReader(r, SpillSize+1), s))
	if err != nil {
		return nil, err
	}
	b.bytes, b.Size = mem.Bytes(), n
	if n > SpillSize {
		if err := b.spill(io.TeeReader(r, s), temp); err != nil {
			return nil, err
		}
	}
	if limit >= 0 && b.Size > limit {
		b.Close()
		return nil, ErrTooLarge
	}
	b.Sums = s.sums()
	return b, nil
}

// nameless makes a temporary file that has no name left, so that nothing stays
// behind when the process dies.
func nameless(*Blob) (*os.File, error) {
	f, err := os.CreateTemp("", "harness-blob-")
	if err == nil {
		os.Remove(f.Name())
	}
	return f, err
}

// spill moves what is in memory to a temporary file and the rest of r behind it.
func (b *Blob) spill(r io.Reader, temp func(*Blob) (*os.File, error)) error {
	f, err := temp(b)
	if err != nil {
		return fmt.Errorf("store: temporary file for a body: %w", err)
	}
	if _, err := f.Write(b.bytes); err != nil {
		f.Close()
		return fmt.Errorf("store: temporary file for a body: %w", err)
	}
	n, err := io.Copy(f, r)
	if err != nil {
		f.Close()
		return err
	}
	b.Size += n
	b.bytes, b.file = nil, f
	return nil
}

// NewBlob makes a Blob of bytes that the caller will not change.
func NewBlob(p []byte) *Blob {
	b, _ := Spool(bytes.NewReader(p), -1)
	return b
}

// Range returns a reader of length bytes from offset on.
func (b *Blob) Range(offset, length int64) io.Reader {
	if b.file != nil {
		return io.NewSectionReader(b.file, offset, length)
	}
	if b.kept != nil {
		return &keptReader{b: b, offset: offset, left: length}
	}
	return bytes.NewReader(b.bytes[offset : offset+length])
}

// Close gives the temporary file back. A Blob that is still being read keeps
// its file until the process ends or the garbage collector finds it.
func (b *Blob) Close() {
	if b.file != nil {
		b.file.Close()
		if b.kept != nil {
			os.Remove(b.kept.path)
		}
	}
}

type summer struct {
	md5, sha1, sha256 hash.Hash
	crc64             hash.Hash64
	crc32, crc32c     hash.Hash32
	all               io.Writer
}

func newSummer() *summer {
	s := &summer{md5: md5.New(), sha1: sha1.New(), sha256: sha256.New(),
		crc64: crc64.New(ecma), crc32: crc32.NewIEEE(), crc32c: crc32.New(castagnoli)}
	s.all = io.MultiWriter(s.md5, s.sha1, s.sha256, s.crc64, s.crc32, s.crc32c)
	return s
}

func (s *summer) Write(p []byte) (int, error) { return s.all.Write(p) }

func (s *summer) sums() Sums {
	out := Sums{CRC64: s.crc64.Sum64(), CRC32: s.crc32.Sum32(), CRC32C: s.crc32c.Sum32()}
	s.md5.Sum(out.MD5[:0])
	s.sha1.Sum(out.SHA1[:0])
	s.sha256.Sum(out.SHA256[:0])
	return out
}

// WriteTo writes all bytes to w.
func (b *Blob) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, b.Range(0, b.Size)) }
