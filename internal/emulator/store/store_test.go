package store

import (
	"bytes"
	"hash/crc64"
	"io"
	"testing"
	"time"
)

func TestJoinCRC64(t *testing.T) {
	text := []byte("The quick brown fox jumps over the lazy dog")
	want := crc64.Checksum(text, ecma)
	for cut := 0; cut <= len(text); cut++ {
		a, b := crc64.Checksum(text[:cut], ecma), crc64.Checksum(text[cut:], ecma)
		if got := JoinCRC64(a, b, int64(len(text)-cut)); got != want {
			t.Errorf("cut at %d: %x, want %x", cut, got, want)
		}
	}
}

func TestSpoolSpillsAndReadsBack(t *testing.T) {
	body := bytes.Repeat([]byte("0123456789abcdef"), SpillSize/16+100)
	b, err := Spool(bytes.NewReader(body), -1)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	got, err := io.ReadAll(b.Range(5, 1000))
	if err != nil || !bytes.Equal(got, body[5:1005]) || b.file == nil || b.Size != int64(len(body)) {
		t.Errorf("size %d, file %v, %v", b.Size, b.file, err)
	}
	if _, err := Spool(bytes.NewReader(body), int64(len(body))-1); err != ErrTooLarge {
		t.Errorf("one byte over the limit: %v, want ErrTooLarge", err)
	}
}

func TestObjectRangeAcrossBlobs(t *testing.T) {
	o := &Object{Blobs: []*Blob{NewBlob([]byte("hello ")), NewBlob([]byte("wide ")), NewBlob([]byte("world"))}}
	for _, c := range []struct {
		from, n int64
		want    string
	}{{0, 16, "hello wide world"}, {4, 4, "o wi"}, {6, 5, "wide "}, {15, 1, "d"}, {3, 0, ""}} {
		got, _ := io.ReadAll(o.Range(c.from, c.n))
		if string(got) != c.want {
			t.Errorf("range %d+%d: %q, want %q", c.from, c.n, got, c.want)
		}
	}
}

func TestScanPagesInByteOrder(t *testing.T) {
	b := &Bucket{Created: time.Unix(0, 0)}
	for i := range 3000 {
		key := string(rune('a'+i%26)) + string(rune(i))
		if err := b.Update(key, func(*Object) (*Object, error) { return &Object{}, nil }); err != nil {
			t.Fatal(err)
		}
	}
	last, n := "", 0
	b.Scan("", func(o *Object) bool {
		if o.Key <= last {
			t.Fatalf("%q after %q", o.Key, last)
		}
		last, n = o.Key, n+1
		return true
	})
	if n != b.Len() {
		t.Errorf("scanned %d of %d", n, b.Len())
	}
}
