package store

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
)

// begin, part, complete and abort are changes of an upload, for lives of a store.
func begin(s *Store, bucket, key, id string) func() error {
	return in(s, bucket, func(b *Bucket) error {
		return b.Begin(&Upload{Key: key, ID: id, Initiated: at, Owner: "o\xff", Over: "x", Object: &Object{Kind: "Multipart",
			Fields: []Pair{{"Content-Type", "a/b"}}, Extra: map[string]string{"a": "b"}}})
	})
}

func part(s *Store, bucket, key, id string, number int, body string) func() error {
	return in(s, bucket, func(b *Bucket) error {
		return b.AddPart(key, id, &Part{Number: number, Blob: NewBlob([]byte(body)), ETag: "E" + body, Modified: at})
	})
}

func complete(s *Store, bucket, key, id string) func() error {
	return in(s, bucket, func(b *Bucket) error {
		return b.Complete(key, id, func(u *Upload, _ *Object) (*Object, bool, error) {
			o := *u.Object
			o.Blobs = u.blobs()
			for _, b := range o.Blobs {
				o.Size += b.Size
			}
			return &o, true, nil
		})
	})
}

func abort(s *Store, bucket, key, id string) func() error {
	return in(s, bucket, func(b *Bucket) error { return b.Abort(key, id) })
}

// in is a change of a bucket that may have gone.
func in(s *Store, bucket string, change func(*Bucket) error) func() error {
	return func() error {
		if b := s.Bucket(bucket); b != nil {
			return change(b)
		}
		return ErrNoBucket
	}
}

func must(t *testing.T, changes ...func() error) {
	t.Helper()
	for i, change := range changes {
		if err := change(); err != nil {
			t.Fatalf("change %d: %v", i, err)
		}
	}
}

// An upload's parts stand in the order of their numbers, whatever the order in
// which they came; who holds an upload does not see what comes later.
func TestPartsInOrder(t *testing.T) {
	for _, s := range []*Store{New(), reopen(t, t.TempDir())} {
		b := create(t, s, "b")
		must(t, begin(s, "b", "k", "U"), part(s, "b", "k", "U", 5, "e"), part(s, "b", "k", "U", 1, "a"), part(s, "b", "k", "U", 9, "i"))
		before := b.Upload("k", "U")
		must(t, part(s, "b", "k", "U", 1, "A"), part(s, "b", "k", "U", 3, "c"), part(s, "b", "k", "U", 10000, "z"))
		for _, c := range []struct {
			u    *Upload
			want string
		}{{before, "1Ea 5Ee 9Ei "}, {b.Upload("k", "U"), "1EA 3Ec 5Ee 9Ei 10000Ez "}} {
			got := ""
			for _, p := range c.u.Parts {
				got += fmt.Sprint(p.Number, p.ETag, " ")
			}
			if got != c.want {
				t.Errorf("got %s want %s", got, c.want)
			}
		}
		if p := b.Upload("k", "U").Part(3); p == nil || p.ETag != "Ec" || b.Upload("k", "U").Part(4) != nil {
			t.Errorf("part 3 is %v", p)
		}
		must(t, complete(s, "b", "k", "U"))
		if got := told(t, b.Get("k")); got == "" || b.Get("k").Size != 5 || b.Uploads() != 0 {
			t.Errorf("completed: %s, %d uploads", got, b.Uploads())
		}
	}
}

// Uploads are listed by key, those of a key by ID, whatever bytes a key holds.
func TestUploadsInOrder(t *testing.T) {
	s := New()
	b := create(t, s, "b")
	for _, u := range []string{"a\x00\x01 9", "b 1", "a 2", "a\x00 5", "a 1", "\x00 1", "a! 0"} {
		must(t, begin(s, "b", u[:len(u)-2], u[len(u)-1:]))
	}
	list := func(key, id string) (all []string) {
		b.ScanUploads(key, id, func(u *Upload) bool { all = append(all, u.Key+" "+u.ID); return true })
		return all
	}
	want := []string{"\x00 1", "a 1", "a 2", "a\x00 5", "a\x00\x01 9", "a! 0", "b 1"}
	if got := list("", ""); !slices.Equal(got, want) {
		t.Errorf("got %q want %q", got, want)
	}
	if got := list("a", "2"); !slices.Equal(got, want[2:]) {
		t.Errorf("from a 2: got %q want %q", got, want[2:])
	}
}

// Long listings are read in batches without gaps.
func TestManyUploads(t *testing.T) {
	s := New()
	b := create(t, s, "b")
	const n = 2500
	for i := range n {
		must(t, begin(s, "b", "k", fmt.Sprintf("%05d", i)))
	}
	seen := 0
	b.ScanUploads("k", "00010", func(u *Upload) bool {
		if want := fmt.Sprintf("%05d", seen+10); u.ID != want {
			t.Fatalf("got %s want %s", u.ID, want)
		}
		seen++
		return true
	})
	if seen != n-10 {
		t.Errorf("saw %d", seen)
	}
}

// Of all who end an upload at once one does, and nothing is added after it.
func TestUploadEndsOnce(t *testing.T) {
	for _, s := range []*Store{New(), reopen(t, t.TempDir())} {
		create(t, s, "b")
		must(t, begin(s, "b", "k", "U"), part(s, "b", "k", "U", 1, "one"))
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() {
				if i%2 == 0 {
					errs[i] = complete(s, "b", "k", "U")()
				} else {
					errs[i] = abort(s, "b", "k", "U")()
				}
			})
		}
		wg.Wait()
		ends := 0
		for _, err := range errs {
			if err == nil {
				ends++
			} else if !errors.Is(err, ErrNoUpload) {
				t.Error(err)
			}
		}
		if ends != 1 {
			t.Errorf("ended %d times", ends)
		}
		for name, change := range map[string]func() error{"part": part(s, "b", "k", "U", 2, "x"), "complete": complete(s, "b", "k", "U"),
			"abort": abort(s, "b", "k", "U")} {
			if err := change(); !errors.Is(err, ErrNoUpload) {
				t.Errorf("%s after the end: %v", name, err)
			}
		}
	}
}

// A refused completion changes nothing; one that does not end the upload leaves
// it open. A bucket with uploads stays.
func TestCompleteRefused(t *testing.T) {
	no := errors.New("no")
	for _, s := range []*Store{New(), reopen(t, t.TempDir())} {
		b := create(t, s, "b")
		must(t, begin(s, "b", "k", "U"), part(s, "b", "k", "U", 1, "one"))
		if err := b.Complete("k", "U", func(*Upload, *Object) (*Object, bool, error) { return nil, true, no }); !errors.Is(err, no) {
			t.Error(err)
		}
		if b.Len() != 0 || b.Uploads() != 1 {
			t.Errorf("%d objects, %d uploads", b.Len(), b.Uploads())
		}
		if err := s.Delete("b"); !errors.Is(err, ErrUploads) {
			t.Errorf("delete: %v", err)
		}
		must(t, abort(s, "b", "k", "U"), func() error { return s.Delete("b") })
		if err := b.Begin(&Upload{Key: "k", ID: "V", Object: &Object{}}); b.disk != nil && !errors.Is(err, ErrNoBucket) {
			t.Errorf("begin in a bucket that is gone: %v", err)
		}
	}
}
